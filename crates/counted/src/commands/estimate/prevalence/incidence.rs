//! New people by year: who of them is living at the end of the last year.

use estimate::EstimateError;
use estimate::prevalence::{ByDuration, Kernels, completeness_index, kernels};
use estimate::survival::Survival;
use serde_json::json;

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline};
use super::super::curve::curve_json;
use super::super::figures::{percent, whole};
use super::super::rows::Row;
use super::super::table::Table;
use super::{METHOD, Options, WHAT, whole_years};

/// Counts the living.
pub(super) fn answer(table: &Table, year: usize, new: usize, options: &Options) -> Result<Answer, Failure> {
    if table.rows.is_empty() || table.all_missing(&[new]) {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty));
    }
    let survival = options.curve.needed()?;
    let (first, incidence) = table.by_year(year, |line| table.sure_number(line, new))?;
    if let Some(line) = table
        .rows
        .iter()
        .find(|line| table.number(line, new).is_ok_and(|new| new < Some(0.0)))
    {
        return Err(table.wrong(line, new, "it is below 0"));
    }
    let last = first + incidence.len() as i32 - 1;
    let (kernels, living) = match living(&incidence, survival) {
        Ok(found) => found,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    let mut grid = Grid::new(
        format!("Living at the end of {last}:"),
        &["diagnosed in the last", "living", "share of all"],
    );
    let mut rows = vec![
        Row::new("complete", &last.to_string())
            .n(living.total())
            .with("year", last)
            .json(),
    ];
    for recorded in whole_years(options, &[1.0, 2.0, 5.0, 10.0, 20.0])? {
        let row = Row::new("within-years", &last.to_string()).with("years", recorded);
        rows.push(match completeness_index(&incidence, survival, recorded) {
            Ok(index) => {
                let within = living.within(recorded);
                grid.row([format!("{recorded} years"), whole(within), percent(index.share)]);
                row.n(within).with("completeness", index.share).json()
            }
            Err(reason) => row.none(&reason).json(),
        });
    }
    let headline = Headline::estimate(WHAT, "complete", living.total(), None);
    let sentence = format!(
        "{} people were living with it at the end of {last}.",
        whole(living.total())
    );
    Ok(Answer::new(METHOD, headline, sentence)
        .grid(grid)
        .estimates(rows)
        .with("by_duration", living.years().to_vec())
        .with("curve", curve_json(survival))
        .with("kernels", json!({ "alive": kernels.alive, "dying": kernels.dying }))
        .with("observed", json!({ "first_year": first, "last_year": last, "new": incidence }))
        .assuming("nobody fell ill before the first year of the file, and people live as the curve says, in its tail too.")
        .warn(
            "no_interval",
            "The number has no interval: new people and survival are taken as given; try several curves.",
        ))
}

/// The kernels of the curve, and who is living at the end of the last year, by duration.
fn living(incidence: &[f64], survival: Survival) -> Result<(Kernels, ByDuration), EstimateError> {
    let kernels = kernels(survival, incidence.len())?;
    let alive = incidence.iter().rev().zip(&kernels.alive);
    let living = ByDuration::new(alive.map(|(new, alive)| new * alive).collect())?;
    Ok((kernels, living))
}
