//! `back-calculation`: how many fall ill and how many live, from deaths and survival.

mod course;
mod one_curve;
mod scenarios;

use clap::Args;
use estimate::EstimateError;
use estimate::back_calculation::{Deaths, Settings, Smoothing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::Answer;
use super::columns::{DEATHS, YEAR};
use super::curve::{CurveOptions, ImprovingOptions};
use super::table::Table;

pub(super) use course::living_row;

const METHOD: &str = "back-calculation";
const WHAT: &str = "the number of people living";

/// What is taken for granted.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) curve: CurveOptions,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) improving: ImprovingOptions,
    #[command(flatten)]
    #[serde(flatten)]
    pub(super) fit: FitOptions,
    /// Draws with chance in the deaths, once with the share found at death as given and once with one of
    /// Beta(2, 18) in each; 100 each when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How often the intervals of the draws are meant to hold the truth, were the survival right; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

/// How the course is fitted, for this method and for `project`.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct FitOptions {
    /// The share of deaths in people whose disease was found at death only; 0 when left out.
    #[arg(long, value_name = "SHARE")]
    found_at_death: Option<f64>,
    /// The first year with new people; forty years before the first deaths when left out.
    #[arg(long, value_name = "YEAR")]
    start_year: Option<i32>,
    /// Weight on squared second differences of log new people; 10000 when left out.
    #[arg(long, value_name = "WEIGHT")]
    smoothing: Option<f64>,
    /// Weight on squared first differences before --level-before; 100000 when left out.
    #[arg(long, value_name = "WEIGHT")]
    levelling: Option<f64>,
    /// The year before which new people are held nearly level; six years before the first deaths when left out.
    #[arg(long, value_name = "YEAR")]
    level_before: Option<i32>,
    /// People new, living and dying of other causes are multiplied by this, such as 1.2 for a country from a part of it;
    /// deaths from the disease stay as in the file. 1 when left out.
    #[arg(long)]
    pub(super) factor: Option<f64>,
}

pub(super) const FILE: &str = "The file has one row a year, five or more without a gap:
  year     the calendar year
  deaths   deaths from breast cancer in it

With a survival curve (--shape and --scale, --rate, --median, --points), everything follows from it.
Without one, each plausible scenario of the United Kingdom is taken in turn, and the answer is their
range.

  year,deaths
  1996,11471

Example: counted estimate back-calculation deaths.csv --shape 0.8 --scale 3.926
Example: counted estimate back-calculation deaths.csv --shape 0.9 --median 2.75 \\
           --median-before 1.667 --improving-from 1990 --improving-to 2020";

/// Calculates back.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let deaths = match deaths(table)? {
        Ok(deaths) => deaths,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", Value::Null)),
    };
    let answer = match options.curve.survival()? {
        Some(survival) => {
            let curves = options.improving.over_time(survival, deaths.last_year())?;
            one_curve::answer(&deaths, &curves, options)?
        }
        None => {
            options.improving.without_curve()?;
            scenarios::answer(&deaths, options)?
        }
    };
    let years = json!({ "first_year": deaths.first_year(), "last_year": deaths.last_year(), "deaths": deaths.counts() });
    Ok(answer.with("observed", years).assuming(
        "every death from breast cancer, but for those found at death only, ends a life with secondary breast cancer; \
         people live as the curve says, in its tail too; nobody is left of those diagnosed before the first year.",
    ))
}

/// Deaths by year; or why they say nothing.
pub(super) fn deaths(table: &Table) -> Result<Result<Deaths, EstimateError>, Failure> {
    let (year, deaths) = (table.need(YEAR)?, table.need(DEATHS)?);
    if table.rows.is_empty() || table.all_missing(&[deaths]) {
        return Ok(Err(EstimateError::Empty));
    }
    let (first, counts) = table.by_year(year, |line| table.sure_count(line, deaths))?;
    Ok(Deaths::new(first, counts))
}

impl FitOptions {
    /// The settings of the fit, for deaths that begin in a year.
    pub(super) fn settings(&self, deaths: &Deaths) -> Result<Settings, Failure> {
        let usual = Smoothing::default();
        let smoothing = Smoothing {
            second_differences: self.smoothing.unwrap_or(usual.second_differences),
            first_differences: self.levelling.unwrap_or(usual.first_differences),
            level_before: self.level_before.unwrap_or(deaths.first_year() - 6),
        };
        if !(smoothing.second_differences > 0.0 && smoothing.first_differences >= 0.0) {
            return Err(Failure::call("--smoothing is above 0, and --levelling 0 or more"));
        }
        let first = deaths.first_year();
        let start_year = self.start_year.unwrap_or(first - 40);
        if !(first - 200..first).contains(&start_year) {
            return Err(Failure::call(format!(
                "--start-year: new people are counted from a year before the first year of deaths, from {} to {}; {} is usual",
                first - 200,
                first - 1,
                first - 40
            )));
        }
        Ok(Settings {
            start_year,
            smoothing,
        })
    }

    /// The share of deaths in people whose disease was found at death only.
    pub(super) fn found_at_death(&self) -> Result<f64, Failure> {
        match self.found_at_death.unwrap_or(0.0) {
            share if (0.0..1.0).contains(&share) => Ok(share),
            _ => Err(Failure::call(
                "--found-at-death: it is a share of deaths from 0 to below 1; 0.1 is for one in ten",
            )),
        }
    }

    /// What everything is multiplied by.
    pub(super) fn factor(&self) -> Result<f64, Failure> {
        match self.factor.unwrap_or(1.0) {
            factor if factor > 0.0 && factor.is_finite() => Ok(factor),
            _ => Err(Failure::call("--factor: it is above 0; 1.2 is for a fifth more")),
        }
    }
}
