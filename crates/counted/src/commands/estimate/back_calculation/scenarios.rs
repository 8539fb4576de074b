//! Without a curve of its own: the scenarios of the United Kingdom, each by itself.

use estimate::EstimateError;
use estimate::back_calculation::{BackCalculation, Deaths, back_calculate, uk};
use serde_json::Value;

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline, because};
use super::super::figures::{plain, whole};
use super::super::rows::Row;
use super::{METHOD, Options, WHAT, living_row};

/// What one scenario comes to.
struct Found {
    row: Value,
    cells: [String; 5],
    /// Everyone living, where the scenario is a plausible one.
    counted: Option<f64>,
}

/// The scenarios, and the range of those that are held to be plausible.
pub(super) fn answer(deaths: &Deaths, options: &Options) -> Result<Answer, Failure> {
    let (settings, factor) = (options.fit.settings(deaths)?, options.fit.factor()?);
    let found_at_death = options.fit.found_at_death()?;
    let last = deaths.last_year();
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    let mut grid = Grid::new(
        format!("Living at the end of {last}:"),
        &[
            "if people live",
            "living",
            "in the last 10 years",
            "new",
            "living/deaths",
        ],
    );
    for scenario in uk::scenarios() {
        let found = scenario
            .central()
            .and_then(|curves| back_calculate(deaths, &curves, found_at_death, &settings))
            .and_then(|best| one(scenario, &best, factor));
        match found {
            Ok(found) => {
                totals.extend(found.counted);
                grid.row(found.cells);
                rows.push(found.row);
            }
            Err(reason) => {
                grid.row([scenario.name.to_owned(), because(&reason)]);
                let row = Row::new("living", &last.to_string()).with("scenario", scenario.name);
                rows.push(row.none(&reason).json());
            }
        }
    }
    let low = totals.iter().copied().fold(f64::INFINITY, f64::min);
    let high = totals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if totals.is_empty() {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::NotDetermined).estimates(rows));
    }
    let sentence = format!(
        "Between {} and {} people were living with it at the end of {last}, by how long people live: a range of \
         scenarios, not an interval.",
        whole(low),
        whole(high)
    );
    Ok(Answer::new(METHOD, Headline::scenarios(WHAT, METHOD, low, high), sentence)
        .grid(grid)
        .estimates(rows)
        .with("found_at_death", found_at_death)
        .with("factor", factor)
        .warn(
            "scenarios",
            "No survival curve was given, so those of `counted estimate uk` were used; give one with --shape and --scale.",
        ))
}

fn one(scenario: &uk::Scenario, best: &BackCalculation, factor: f64) -> Result<Found, EstimateError> {
    let course = &best.course;
    let last = course.last_year();
    let plausible = scenario.role == uk::Role::Plausible;
    let alive = course.alive_at_end(last)?;
    let row = living_row(course, last, factor)?
        .with("scenario", scenario.name)
        .with("plausible", plausible)
        .with("deviance", best.deviance)
        .with("assumes", scenario.words);
    Ok(Found {
        row: row.json(),
        cells: [
            scenario.name.to_owned(),
            whole(alive.total() * factor),
            whole(alive.within(10) * factor),
            whole(course.new_in(last)? * factor),
            plain(course.ratios(last)?.living_over_deaths),
        ],
        counted: plausible.then(|| alive.total() * factor),
    })
}
