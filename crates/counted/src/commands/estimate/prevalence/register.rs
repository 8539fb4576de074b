//! A register: who of it is alive at a date, completed for the years before it opened.

use estimate::EstimateError;
use estimate::prevalence::{
    CompletenessIndex, CountedAlive, LastKnown, Person, complete_prevalence, counted_alive,
    steady_completeness,
};
use serde_json::{Value, json};
use vocabulary::date::Date;

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline};
use super::super::curve::curve_json;
use super::super::figures::{percent, whole};
use super::super::number::is_missing;
use super::super::rows::Row;
use super::super::settings::confidence;
use super::super::table::{Line, Table};
use super::{DIED, LAST_ALIVE, METHOD, Options, WHAT, whole_years};

/// Days of a mean year.
const DAYS: f64 = 365.25;

/// Counts the living of a register.
pub(super) fn answer(table: &Table, diagnosed: usize, options: &Options) -> Result<Answer, Failure> {
    let Some(at) = options.date.as_deref().map(calendar) else {
        return Err(Failure::call(
            "--date: the date at which people are living is needed, such as 2020-12-31",
        ));
    };
    let at = at.ok_or_else(|| Failure::call("--date: it is no date; write for example 2020-12-31"))?;
    let survival = options.curve.needed()?;
    let confidence = confidence(options.confidence)?;
    let (died, last_alive) = (table.find(DIED), table.find(LAST_ALIVE));
    if table.rows.is_empty() || table.all_missing(&[diagnosed]) {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty));
    }
    let (mut people, mut set_aside) = (Vec::new(), 0_usize);
    for line in &table.rows {
        let Some(diagnosed) = date(table, line, Some(diagnosed))? else {
            set_aside += 1;
            continue;
        };
        let died = date(table, line, died)?;
        let last_known = match died {
            Some(died) => LastKnown::Died(died),
            None => LastKnown::Alive(date(table, line, last_alive)?.unwrap_or(at)),
        };
        let (LastKnown::Died(end) | LastKnown::Alive(end)) = last_known;
        if end < diagnosed && diagnosed <= at {
            return Err(table.wrong_row(line, "the last date lies before the first metastasis"));
        }
        if end >= diagnosed {
            people.push(Person {
                diagnosed,
                last_known,
            });
        }
    }
    let mut grid = Grid::new(
        "",
        &[
            "diagnosed in the last",
            "living",
            "of them lost",
            "share of all",
            "all living",
        ],
    );
    let (mut rows, mut lead) = (Vec::new(), None);
    for recorded in whole_years(options, &[10.0])? {
        let row = Row::new("counted", "register").with("years", recorded);
        let found = counted_alive(&people, at, recorded, survival);
        let found = found.and_then(|counted| {
            let share = completed_share(survival, recorded)?;
            let index = CompletenessIndex { share, variance: 0.0 };
            let complete = complete_prevalence(counted.total(), counted.variance, index, confidence)?;
            Ok((counted, share, complete))
        });
        match &found {
            Ok((counted, share, complete)) => {
                grid.row([
                    format!("{recorded} years"),
                    whole(counted.total()),
                    counted.lost_people.to_string(),
                    percent(*share),
                    whole(complete.total),
                ]);
                rows.push(of_counted(row, counted));
                let row = Row::new("completed", "register")
                    .with("years", recorded)
                    .with("completeness", *share);
                rows.push(
                    row.n(complete.total)
                        .se(complete.variance.sqrt())
                        .within(complete.interval)
                        .json(),
                );
            }
            Err(reason) => rows.push(row.none(reason).json()),
        }
        lead.get_or_insert(found);
    }
    let answer = match lead {
        Some(Ok((counted, _, complete))) => Answer::new(
            METHOD,
            Headline::estimate(
                WHAT,
                "completed",
                complete.total,
                Some((complete.interval.low, complete.interval.high)),
            ),
            format!(
                "{} people of the register were living, and about {} with those of earlier years.",
                whole(counted.total()),
                whole(complete.total)
            ),
        ),
        Some(Err(reason)) => Answer::none(METHOD, WHAT, &reason),
        None => Answer::none(METHOD, WHAT, &EstimateError::Empty),
    };
    Ok(answer
        .grid(grid)
        .estimates(rows)
        .with("curve", curve_json(survival))
        .with("observed", json!({ "people": people.len(), "set_aside": set_aside }))
        .assuming(
            "deaths are known until the last date; the date is that of the first metastasis; new people and survival \
             before the register opened were as they are.",
        )
        .warn(
            "narrow",
            "The interval knows only whether the lost are alive; the curve's own uncertainty is not in it.",
        )
        .warn_if(set_aside > 0, "set_aside", format!("{set_aside} rows without a date were set aside.")))
}

/// The share of all living that so many years hold, other causes at work.
fn completed_share(survival: estimate::survival::Survival, recorded: usize) -> Result<f64, EstimateError> {
    if survival.other_causes == 0.0 {
        return steady_completeness(survival.net, recorded as f64);
    }
    let of = |years: usize| -> Result<f64, EstimateError> {
        Ok(estimate::prevalence::kernels(survival, years)?.alive.iter().sum())
    };
    Ok(of(recorded)? / of(250)?)
}

fn of_counted(row: Row, counted: &CountedAlive) -> Value {
    row.n(counted.total())
        .se(counted.variance.sqrt())
        .with("known", counted.known)
        .with("lost", counted.lost)
        .with("lost_people", counted.lost_people)
        .with("by_duration", counted.by_duration.years().to_vec())
        .json()
}

/// A date of a row in years; none where nothing is known.
fn date(table: &Table, line: &Line, column: Option<usize>) -> Result<Option<f64>, Failure> {
    let Some(column) = column else { return Ok(None) };
    let text = table.text(line, column);
    if is_missing(text) {
        return Ok(None);
    }
    let found = calendar(text);
    found.map(Some).ok_or_else(|| {
        table.wrong(
            line,
            column,
            "it is no date; write for example 2015-06-30 or 2015.5",
        )
    })
}

/// A date as years of the calendar.
fn calendar(text: &str) -> Option<f64> {
    if let Ok(years) = text.parse::<f64>() {
        return (1_800.0..=2_200.0).contains(&years).then_some(years);
    }
    let date: Date = text.parse().ok()?;
    // Days since 1970, on years of mean length: right to a day.
    Some(1_970.0 + f64::from(date.days()) / DAYS)
}
