//! A review that is planned: how wide its interval will be, and how many charts are enough.

use estimate::misclassification::{PlannedReview, planned_width, review_size};
use estimate::{Confidence, EstimateError};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline};
use super::super::columns::{NAME, Names};
use super::super::figures::{plain, whole};
use super::super::groups::label;
use super::super::rows::Row;
use super::super::settings::confidence;
use super::super::table::Table;
use super::reviewed::STRATUM;
use super::{METHOD, Options, STRATUM_PEOPLE};

const WHAT: &str = "the width of the interval";
const SHARE: Names = Names(&["share", "p", "expected_share", "prevalence", "thought"]);

/// Plans a review.
pub(super) fn answer(table: &Table, charts: usize, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let (people, share) = (table.need(STRATUM_PEOPLE)?, table.need(SHARE)?);
    let name = table.find(STRATUM).or_else(|| table.find(NAME));
    let (mut names, mut strata) = (Vec::new(), Vec::new());
    for line in &table.rows {
        strata.push(PlannedReview {
            people: table.sure_count(line, people)?,
            charts: table.sure_count(line, charts)?,
            share: table.sure_number(line, share)?,
        });
        names.push(label(table, line, name));
    }
    let width = planned_width(&strata, confidence);
    let answer = match &width {
        Ok(width) => Answer::new(
            METHOD,
            Headline::estimate(WHAT, "planned-width", *width, None),
            format!(
                "With these charts the interval will be about {} people wide.",
                whole(*width)
            ),
        ),
        Err(reason) => Answer::none(METHOD, WHAT, reason),
    };
    let row = Row::new("planned-width", "total");
    let row = match &width {
        Ok(width) => row.n(*width),
        Err(reason) => row.none(reason),
    };
    let sizes = options
        .width
        .map(|width| sizes(&names, &strata, width, confidence));
    let (grid, rows) = sizes.unwrap_or_else(|| (Grid::new("", &[]), Vec::new()));
    Ok(answer
        .grid(grid)
        .estimates([row.json()])
        .estimates(rows)
        .with("observed", json!({ "strata": names.len() }))
        .assuming("the shares that are thought to have the disease are right; try two or three."))
}

/// The fewest charts of each stratum with which the interval is narrow enough, those of the others as planned.
fn sizes(
    names: &[String],
    strata: &[PlannedReview],
    width: f64,
    confidence: Confidence,
) -> (Grid, Vec<Value>) {
    let mut grid = Grid::new(
        format!(
            "For an interval no wider than {} people, the others as planned:",
            whole(width)
        ),
        &["stratum", "people", "share", "charts"],
    );
    let mut rows = Vec::new();
    for (at, (name, stratum)) in names.iter().zip(strata).enumerate() {
        let row = Row::new("review-size", name).with("width", width);
        let found: Result<u64, EstimateError> = review_size(strata, at, width, confidence);
        let charts = match &found {
            Ok(charts) => whole(*charts as f64),
            Err(_) => "not enough alone".to_owned(),
        };
        grid.row([
            name.clone(),
            whole(stratum.people as f64),
            plain(stratum.share),
            charts,
        ]);
        rows.push(match &found {
            Ok(charts) => row.n(*charts as f64).json(),
            Err(reason) => row.none(reason).json(),
        });
    }
    (grid, rows)
}
