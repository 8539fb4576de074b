//! A register: who of it is alive at a date, completed for the years before it opened.

use estimate::prevalence::{
    CompletePrevalence, CompletenessIndex, CountedAlive, LastKnown, Person, complete_prevalence,
    counted_alive, steady_completeness,
};
use estimate::survival::Survival;
use estimate::{Confidence, EstimateError};
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
/// More years than these cannot be counted.
const MOST_YEARS: f64 = 250.0;

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
    if table.rows.is_empty() || table.all_missing(&[diagnosed]) {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty));
    }
    let register = Register::read(table, diagnosed, at)?;
    if register.people.is_empty() && register.later > 0 {
        let none = Answer::none(METHOD, WHAT, &EstimateError::NobodyByDate);
        return Ok(register.noted(none, at));
    }
    let people = &register.people;
    let mut grid = Grid::new(
        "By the years that are counted:",
        &[
            "diagnosed in the last",
            "living",
            "of them lost",
            "share of all",
            "all living",
        ],
    );
    let (mut rows, mut lead) = (Vec::new(), None);
    for recorded in whole_years(options, &[since_the_first(people, at)])? {
        let found = completed(people, at, recorded, survival, confidence);
        match &found {
            Ok(found) => {
                grid.row(found.cells());
                rows.extend(found.rows());
            }
            Err(reason) => rows.push(
                Row::new("counted", "register")
                    .with("years", recorded)
                    .none(reason)
                    .json(),
            ),
        }
        lead.get_or_insert(found);
    }
    let answer = headed(lead, known_alive(people, at))
        .grid(grid)
        .estimates(rows)
        .with("curve", curve_json(survival))
        .assuming(
            "deaths are known until the last date; the date is that of the first metastasis; new people and survival \
             before the register opened were as they are.",
        )
        .warn(
            "narrow",
            "An interval knows only whether the lost are alive; the curve's own uncertainty is not in it.",
        );
    Ok(register.noted(answer, at))
}

/// The whole years that hold everyone who was ill at the date, as far as can be counted.
fn since_the_first(people: &[Person], at: f64) -> f64 {
    let longest = people
        .iter()
        .map(|person| at - person.diagnosed)
        .fold(0.0, f64::max);
    (longest.floor() + 1.0).min(MOST_YEARS)
}

/// How many people of the register are known to be alive at the date, however long they have been ill.
fn known_alive(people: &[Person], at: f64) -> u64 {
    let alive = |person: &&Person| {
        person.diagnosed <= at
            && match person.last_known {
                LastKnown::Died(died) => died > at,
                LastKnown::Alive(seen) => seen >= at,
            }
    };
    people.iter().filter(alive).count() as u64
}

/// What a register says of a date.
struct Register {
    /// Whoever had fallen ill by then.
    people: Vec<Person>,
    /// Rows that say too little.
    set_aside: usize,
    /// Rows of those who fell ill after it.
    later: usize,
    /// The last day that any row holds.
    last: f64,
}

impl Register {
    fn read(table: &Table, diagnosed: usize, at: f64) -> Result<Self, Failure> {
        let (died, last_alive) = (table.find(DIED), table.find(LAST_ALIVE));
        let mut register = Self {
            people: Vec::new(),
            set_aside: 0,
            later: 0,
            last: f64::NEG_INFINITY,
        };
        for line in &table.rows {
            let Some(diagnosed) = date(table, line, Some(diagnosed))? else {
                register.set_aside += 1;
                continue;
            };
            let died = date(table, line, died)?;
            let seen = match died {
                Some(_) => None,
                None => date(table, line, last_alive)?,
            };
            let written = [Some(diagnosed), died, seen].into_iter().flatten();
            register.last = written.fold(register.last, f64::max);
            // Whoever fell ill after the date is not counted at it.
            if diagnosed > at {
                register.later += 1;
                continue;
            }
            let last_known = match died {
                Some(died) => LastKnown::Died(died),
                None => LastKnown::Alive(seen.unwrap_or(at)),
            };
            let (LastKnown::Died(end) | LastKnown::Alive(end)) = last_known;
            if end < diagnosed {
                return Err(table.wrong_row(line, "the last date lies before the first metastasis"));
            }
            register.people.push(Person {
                diagnosed,
                last_known,
            });
        }
        Ok(register)
    }

    /// The answer, with what was read and what of it says nothing of the date.
    fn noted(&self, answer: Answer, at: f64) -> Answer {
        let Self { set_aside, later, .. } = self;
        let days = (at - self.last) * DAYS;
        let beyond = match days {
            days if days < 1.5 => "1 day".to_owned(),
            days if days < 2.0 * DAYS => format!("{} days", whole(days)),
            days => format!("{} years", whole(days / DAYS)),
        };
        answer
            .with(
                "observed",
                json!({ "people": self.people.len(), "set_aside": set_aside, "after_date": later }),
            )
            .warn_if(
                *set_aside > 0,
                "set_aside",
                format!("{set_aside} rows without a date were set aside."),
            )
            .warn_if(
                *later > 0,
                "after_date",
                format!("Rows of people diagnosed after --date, who are not counted: {later}."),
            )
            // Half a day is what the years of two ways of writing may differ by.
            .warn_if(
                days.is_finite() && days > 0.5,
                "register_ended",
                format!(
                    "--date lies {beyond} after the last day that any row of the register holds: nobody is known to have \
                     fallen ill or died since, and whoever has no last date is taken to be living."
                ),
            )
    }
}

/// What the register says of those diagnosed in so many years.
struct Found {
    years: usize,
    counted: CountedAlive,
    share: f64,
    complete: CompletePrevalence,
}

fn completed(
    people: &[Person],
    at: f64,
    years: usize,
    survival: Survival,
    confidence: Confidence,
) -> Result<Found, EstimateError> {
    let counted = counted_alive(people, at, years, survival)?;
    let share = completed_share(survival, years)?;
    let index = CompletenessIndex { share, variance: 0.0 };
    let complete = complete_prevalence(counted.total(), counted.variance, index, confidence)?;
    Ok(Found {
        years,
        counted,
        share,
        complete,
    })
}

impl Found {
    /// Its interval; none where nobody was lost, for then there is no chance in it.
    fn ends(&self) -> Option<(f64, f64)> {
        (self.complete.variance > 0.0).then_some((self.complete.interval.low, self.complete.interval.high))
    }

    fn cells(&self) -> [String; 5] {
        [
            format!("{} years", self.years),
            whole(self.counted.total()),
            self.counted.lost_people.to_string(),
            percent(self.share),
            whole(self.complete.total),
        ]
    }

    fn rows(&self) -> [Value; 2] {
        let counted = Row::new("counted", "register").with("years", self.years);
        let completed = Row::new("completed", "register")
            .with("years", self.years)
            .with("completeness", self.share)
            .n(self.complete.total)
            .se(self.complete.variance.sqrt())
            .with("low", self.ends().map(|ends| ends.0))
            .with("high", self.ends().map(|ends| ends.1));
        [of_counted(counted, &self.counted), completed.json()]
    }
}

/// The answer with its headline: the first of the years that were asked for, or whoever is known to be alive, where these are
/// more.
fn headed(lead: Option<Result<Found, EstimateError>>, known: u64) -> Answer {
    let known = known as f64;
    match lead {
        Some(Ok(found)) if known > found.complete.total => {
            let headline = Headline {
                status: "lower_bound",
                ..Headline::estimate(WHAT, "known", known, None)
            };
            let sentence = format!(
                "{} people of the register or more were living, for so many are known to be alive; {} were diagnosed in the \
                 last {} years, which the curve completes to no more than {}.",
                whole(known),
                whole(found.counted.total()),
                found.years,
                whole(found.complete.total)
            );
            Answer::new(METHOD, headline, sentence).warn(
                "more_known",
                "More people are known to be alive than the years that are counted, completed by the curve, come to: count \
                 more --years, or take another curve.",
            )
        }
        Some(Ok(found)) => Answer::new(
            METHOD,
            Headline::estimate(WHAT, "completed", found.complete.total, found.ends()),
            format!(
                "{} people of the register, diagnosed in the last {} years, were living, and about {} with those diagnosed \
                 before.",
                whole(found.counted.total()),
                found.years,
                whole(found.complete.total)
            ),
        ),
        Some(Err(reason)) => Answer::none(METHOD, WHAT, &reason),
        None => Answer::none(METHOD, WHAT, &EstimateError::Empty),
    }
}

/// The share of all living that so many years hold, other causes at work.
fn completed_share(survival: Survival, recorded: usize) -> Result<f64, EstimateError> {
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
