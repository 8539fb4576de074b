//! A random review of charts, stratum by stratum.

use estimate::misclassification::{
    Pooling, Reviewer, Stratum, TwoPhase, TwoPhaseDraws, pattern_ppv_draws, two_phase, two_phase_draws,
};
use estimate::{Confidence, EstimateError, Posterior, wilson};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline};
use super::super::columns::{NAME, Names};
use super::super::figures::{from_to, plain, whole};
use super::super::groups::label;
use super::super::rows::Row;
use super::super::settings::{confidence, draws, seed, told_apart};
use super::super::table::Table;
use super::{METHOD, Options, STRATUM_PEOPLE, WHAT};

/// What is said of whoever read the charts.
const REVIEWER: [&str; 2] = ["--reviewer-sensitivity", "--reviewer-specificity"];
pub(super) const STRATUM: Names = Names(&["stratum", "pattern", "flag", "history", "kind"]);

/// Estimates the total, and each stratum.
pub(super) fn answer(
    table: &Table,
    reviewed: usize,
    confirmed: usize,
    options: &Options,
) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let (draws, seed) = (draws(options.draws, 4_000)?, seed(options.seed));
    let reviewer = reviewer(options)?;
    let people = table.need(STRATUM_PEOPLE)?;
    let name = table.find(STRATUM).or_else(|| table.find(NAME));
    if table.rows.is_empty() || table.all_missing(&[people, reviewed, confirmed]) {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty));
    }
    let (mut names, mut strata) = (Vec::new(), Vec::new());
    for line in &table.rows {
        let of = |column| table.sure_count(line, column);
        let stratum = Stratum::new(of(people)?, of(reviewed)?, of(confirmed)?);
        let wrong = |_| {
            table.wrong_row(
                line,
                "people, reviewed and confirmed must not grow from one to the next",
            )
        };
        strata.push(stratum.map_err(wrong)?);
        names.push(label(table, line, name));
    }
    let drawn = two_phase_draws(&strata, &reviewer, draws, seed);
    let design = two_phase(&strata);
    let ppv = pattern_ppv_draws(&strata, Pooling::Shrunk, draws, seed);
    let answer = match &drawn {
        Ok(drawn) => {
            let ends = drawn.total.interval(confidence);
            let headline = Headline::estimate(
                WHAT,
                "two-phase",
                drawn.total.median(),
                Some((ends.low, ends.high)),
            );
            let sentence = format!(
                "About {} people have the disease ({}).",
                whole(drawn.total.median()),
                from_to(ends.low, ends.high, whole)
            );
            Answer::new(METHOD, headline, sentence).grid(grid(&names, &strata, drawn, confidence))
        }
        Err(reason) => Answer::none(METHOD, WHAT, reason),
    };
    let observed: Vec<Value> = names
        .iter()
        .zip(&strata)
        .map(|(name, of)| json!({ "name": name, "people": of.people, "reviewed": of.reviewed, "confirmed": of.confirmed }))
        .collect();
    Ok(answer
        .estimates([of_design(&design), of_total(&drawn, confidence)])
        .estimates(of_strata(&names, &drawn, confidence))
        .estimates(of_ppv(&names, &strata, &ppv, confidence))
        .with("observed", Value::Array(observed))
        .with("draws", draws)
        .assuming("the charts were drawn at random within their stratum."))
}

fn reviewer(options: &Options) -> Result<Reviewer, Failure> {
    let shares = (options.reviewer_sensitivity, options.reviewer_specificity);
    told_apart(REVIEWER, shares.into())?;
    match shares {
        (None, None) => Ok(Reviewer::Exact),
        (Some(sensitivity), Some(specificity)) => Ok(Reviewer::Known {
            sensitivity,
            specificity,
        }),
        _ => Err(Failure::call(
            "--reviewer-sensitivity and --reviewer-specificity belong together; give both",
        )),
    }
}

fn of_design(design: &Result<TwoPhase, EstimateError>) -> Value {
    let row = Row::new("two-phase-design", "total");
    match design {
        Ok(found) => row
            .n(found.total)
            .se(found.variance.sqrt())
            .with("variance", found.variance)
            .json(),
        Err(reason) => row.none(reason).json(),
    }
}

fn posterior(row: Row, of: &Posterior, confidence: Confidence) -> Value {
    row.n(of.median())
        .se(of.standard_deviation())
        .within(of.interval(confidence))
        .with("mean", of.mean())
        .json()
}

fn of_total(drawn: &Result<TwoPhaseDraws, EstimateError>, confidence: Confidence) -> Value {
    let row = Row::new("two-phase", "total");
    match drawn {
        Ok(drawn) => posterior(row, &drawn.total, confidence),
        Err(reason) => row.none(reason).json(),
    }
}

fn of_strata(
    names: &[String],
    drawn: &Result<TwoPhaseDraws, EstimateError>,
    confidence: Confidence,
) -> Vec<Value> {
    let row = |name: &String| Row::new("two-phase-stratum", name);
    match drawn {
        Ok(drawn) => names
            .iter()
            .zip(&drawn.strata)
            .map(|(name, of)| posterior(row(name), of, confidence))
            .collect(),
        Err(reason) => names.iter().map(|name| row(name).none(reason).json()).collect(),
    }
}

/// The share that is right in each stratum, by itself and with the others.
fn of_ppv(
    names: &[String],
    strata: &[Stratum],
    shrunk: &Result<Vec<Posterior>, EstimateError>,
    confidence: Confidence,
) -> Vec<Value> {
    let mut rows = Vec::new();
    for (at, (name, stratum)) in names.iter().zip(strata).enumerate() {
        let row = Row::new("ppv", name);
        rows.push(match wilson(stratum.confirmed, stratum.reviewed, confidence) {
            Ok(share) => row.n(share.value).within(share.interval).json(),
            Err(_) => row.none(&EstimateError::NotReviewed(at + 1)).json(),
        });
        let row = Row::new("ppv-shrunk", name);
        rows.push(match shrunk.as_ref().map(|shares| shares.get(at)) {
            Ok(Some(share)) => posterior(row, share, confidence),
            Ok(None) => row.none(&EstimateError::Empty).json(),
            Err(reason) => row.none(reason).json(),
        });
    }
    rows
}

fn grid(names: &[String], strata: &[Stratum], drawn: &TwoPhaseDraws, confidence: Confidence) -> Grid {
    let mut grid = Grid::new(
        "By stratum:",
        &[
            "stratum",
            "people",
            "reviewed",
            "confirmed",
            "share",
            "with the disease",
            "low",
            "high",
        ],
    );
    for ((name, of), draws) in names.iter().zip(strata).zip(&drawn.strata) {
        let ends = draws.interval(confidence);
        grid.row([
            name.clone(),
            whole(of.people as f64),
            whole(of.reviewed as f64),
            whole(of.confirmed as f64),
            of.tally().share().map_or_else(|| "–".to_owned(), plain),
            whole(draws.median()),
            whole(ends.low),
            whole(ends.high),
        ]);
    }
    grid
}
