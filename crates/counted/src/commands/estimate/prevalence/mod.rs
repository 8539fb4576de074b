//! `prevalence`: how many are alive, from a register, from new cases, or under a survival curve.

mod curves;
mod incidence;
mod register;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

use super::answer::Answer;
use super::columns::{NEW, Names, YEAR};
use super::curve::CurveOptions;
use super::settings::without_say;
use super::table::Table;

const METHOD: &str = "prevalence";
const WHAT: &str = "the number of people living";
const DIAGNOSED: Names = Names(&[
    "diagnosed",
    "first_metastasis",
    "date_of_diagnosis",
    "diagnosis",
    "diagnosis_date",
    "diagnosed_on",
]);
const DIED: Names = Names(&["died", "death", "date_of_death", "died_on", "death_date", "dod"]);
const LAST_ALIVE: Names = Names(&[
    "last_alive",
    "last_seen",
    "last_known",
    "alive_at",
    "followed_until",
    "censored",
]);

/// What the count is completed by.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    #[command(flatten)]
    #[serde(flatten)]
    curve: CurveOptions,
    /// Years recorded, such as 5,10,20: the living diagnosed in so many years, and their share of all.
    #[arg(long, value_delimiter = ',', value_name = "YEARS")]
    years: Option<Vec<f64>>,
    /// Register: the date at which people are living, as YYYY-MM-DD or 2020.5.
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Curves: new people a year, the same for ever; 1000 when left out.
    #[arg(long, value_name = "PEOPLE")]
    incidence: Option<f64>,
    /// Curves: how many years of kernels are given; 10 when left out.
    #[arg(long, value_name = "YEARS")]
    kernels: Option<usize>,
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

pub(super) const FILE: &str = "What is done depends on the columns. Times are years.
A register, one row a person, with --date and a survival curve (--shape, --scale or others):
  diagnosed    date of the first metastasis, YYYY-MM-DD or 2015.5
  died         date of death; empty where none is known
  last_alive   last date known to be alive; the --date when left out
  --years      as many as lie between the first diagnosis and the --date when left out
New people by year, with a survival curve, everyone living at the end of the last year:
  year, new    (also: incidence, cases)
Survival curves, one row a curve, for new people the same for ever:
  family       weibull, exponential, log-logistic or slow-class; weibull when left out
  shape, scale (also: k and b), or rate, or median; other_causes, share, slow_hazard

  shape,scale
  0.7,3.5

Example: counted estimate prevalence curves.csv --years 5,10,20
Example: counted estimate prevalence register.csv --date 2020-12-31 --years 10 --shape 0.8 --scale 3.9";

/// Counts the living.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    if let Some(years) = options
        .years
        .iter()
        .flatten()
        .find(|years| !(**years > 0.0 && **years <= 250.0))
    {
        return Err(Failure::call(format!(
            "--years: {years} years cannot have been recorded; between 1 and 250 can"
        )));
    }
    let register = table.find(DIED).is_some() || table.find(LAST_ALIVE).is_some();
    match (table.find(DIAGNOSED), table.find(YEAR), table.find(NEW)) {
        (Some(diagnosed), ..) if register => {
            without_say(&options.of_curves(), "the file holds a register; leave it out")?;
            register::answer(table, diagnosed, options)
        }
        (_, Some(year), Some(new)) => {
            let what =
                "the file holds new people by year, who are counted at the end of its last; leave it out";
            without_say(&options.of_curves(), what)?;
            without_say(&[("--date", options.date.is_some())], what)?;
            incidence::answer(table, year, new, options)
        }
        (diagnosed, ..) if diagnosed.is_some() || options.date.is_some() => Err(no_register(table)),
        _ => curves::answer(table, options),
    }
}

impl Options {
    /// What goes with a file of curves alone, and whether it was given.
    fn of_curves(&self) -> [(&'static str, bool); 2] {
        [
            ("--incidence", self.incidence.is_some()),
            ("--kernels", self.kernels.is_some()),
        ]
    }
}

/// Why a file that seems to be a register is not read as one.
fn no_register(table: &Table) -> Failure {
    let [diagnosed, died, last_alive] = [DIAGNOSED, DIED, LAST_ALIVE].map(|names| names.0.join(", "));
    table.wrong_file(&format!(
        "a register, and --date, need a date of the first metastasis (a column called {diagnosed}) and one of death \
         ({died}) or the last one known to be alive ({last_alive}), and one of the two is not there; rename the column, or \
         leave --date out where the file holds curves"
    ))
}

/// Years recorded as whole numbers.
fn whole_years(options: &Options, usual: &[f64]) -> Result<Vec<usize>, Failure> {
    let years = options.years.as_deref().unwrap_or(usual);
    years
        .iter()
        .map(|years| {
            if years.fract() == 0.0 {
                Ok(*years as usize)
            } else {
                Err(Failure::call("--years: here, years are whole"))
            }
        })
        .collect()
}
