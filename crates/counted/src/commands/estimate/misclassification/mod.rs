//! `misclassification`: how many have the disease, from flags in records and a review of charts.

mod accuracy;
mod planned;
mod reviewed;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

use super::answer::Answer;
use super::columns::Names;
use super::settings::without_say;
use super::table::Table;

const METHOD: &str = "misclassification";
const WHAT: &str = "the number of people with the disease";
const REVIEWED: Names = Names(&["reviewed", "charts_reviewed", "m", "sampled"]);
const CONFIRMED: Names = Names(&["confirmed", "a", "true", "with_disease", "positive"]);
const CHARTS: Names = Names(&["charts", "planned", "planned_charts", "to_review"]);
const STRATUM_PEOPLE: Names = Names(&["people", "n", "size", "total", "population"]);

/// How good flags and reviewers are.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// Sensitivity of the flag, where the file does not say.
    #[arg(long, value_name = "SHARE")]
    sensitivity: Option<f64>,
    /// Specificity of the flag, where the file does not say.
    #[arg(long, value_name = "SHARE")]
    specificity: Option<f64>,
    /// Review: sensitivity of the reviewer, who is taken to be right when left out.
    #[arg(long, value_name = "SHARE")]
    reviewer_sensitivity: Option<f64>,
    /// Review: specificity of the reviewer.
    #[arg(long, value_name = "SHARE")]
    reviewer_specificity: Option<f64>,
    /// Planned review: how wide the interval may be, in people.
    #[arg(long, value_name = "PEOPLE")]
    width: Option<f64>,
    /// Draws; 4000 when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

pub(super) const FILE: &str = "What is done depends on the columns. One row each.
A review of charts, flagged and not flagged people as rows (two-phase; the best):
  stratum, people, reviewed, confirmed
A review that is planned, and how many charts are enough (--width):
  stratum, people, charts, share       share: thought to have the disease
A validation of a flag: its sensitivity, specificity and predictive values
  tp, fp, fn, tn                       (also: true_positives and so on)
with people to apply it to, or a flag of known accuracy (Rogan and Gladen)
  flagged, total                       of so many people so many were flagged
  sensitivity, specificity             where there is no tp, fp, fn, tn (also: se, sp)
  n_pos, n_neg                         on how many people these two were measured, if it is known

  stratum,people,reviewed,confirmed
  flagged,1000,300,270
  others,30000,500,5

Example: counted estimate misclassification review.csv";

/// Estimates how many have the disease.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    if let (Some(reviewed), Some(confirmed)) = (table.find(REVIEWED), table.find(CONFIRMED)) {
        without_say(
            &[options.of_flag().as_slice(), &[options.of_plan()]].concat(),
            "the file holds a review of charts; leave it out",
        )?;
        return reviewed::answer(table, reviewed, confirmed, options);
    }
    if let Some(charts) = table.find(CHARTS) {
        without_say(
            &[options.of_flag(), options.of_reviewer()].concat(),
            "the file holds a review that is planned; leave it out",
        )?;
        return planned::answer(table, charts, options);
    }
    without_say(
        &[options.of_reviewer().as_slice(), &[options.of_plan()]].concat(),
        "it goes with a review of charts, and the file holds none (columns reviewed and confirmed, or charts); leave it out",
    )?;
    accuracy::answer(table, options)
}

impl Options {
    /// What is said of a flag, and whether it was given.
    fn of_flag(&self) -> [(&'static str, bool); 2] {
        [
            ("--sensitivity", self.sensitivity.is_some()),
            ("--specificity", self.specificity.is_some()),
        ]
    }

    /// What is said of a reviewer.
    fn of_reviewer(&self) -> [(&'static str, bool); 2] {
        [
            ("--reviewer-sensitivity", self.reviewer_sensitivity.is_some()),
            ("--reviewer-specificity", self.reviewer_specificity.is_some()),
        ]
    }

    /// What is asked of a review that is planned.
    fn of_plan(&self) -> (&'static str, bool) {
        ("--width", self.width.is_some())
    }
}
