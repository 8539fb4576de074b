//! `standardise`: places compared whose people differ in age, and the limits of a count.

mod ages;
mod counts;
mod rates;
mod strata;

use clap::Args;
use estimate::EstimateError;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline, because, capitalised};
use super::columns::{EXPECTED, Names};
use super::figures::{from_to, plain};
use super::settings::confidence;
use super::table::Table;

const METHOD: &str = "standardise";
/// The place of a file that names none.
const ALL: &str = "all";
const EVENTS: Names = Names(&[
    "events", "observed", "o", "deaths", "cases", "count", "d", "r", "x", "new",
]);
const PEOPLE: Names = Names(&[
    "people",
    "population",
    "person_years",
    "pyrs",
    "pop",
    "n",
    "at_risk",
    "denominator",
]);
const STANDARD: Names = Names(&[
    "standard",
    "standard_population",
    "weight",
    "weights",
    "std",
    "esp",
    "stdpop",
    "standard_people",
]);
const RATE: Names = Names(&["standard_rate", "reference_rate"]);
/// A rate of which the name does not say whose it is.
const BARE_RATE: Names = Names(&["rate"]);
const AGE: Names = Names(&["age", "age_band", "ageband", "age_group", "band", "stratum"]);
const SEX: Names = Names(&["sex", "gender"]);

/// How rates are written.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
    /// Rates are given for so many people; 100000 when left out.
    #[arg(long, value_name = "PEOPLE")]
    per: Option<f64>,
}

pub(super) const FILE: &str = "What is done depends on the columns. With one row a place:
  name       what it is called (also: area, hospital, place)
  observed   events (also: o, events, deaths, cases, count)     limits of the count, exact and Byar's
  expected   events with the standard's rates (also: e)         observed over expected too
With one row an age band (and place):
  name       the place, where there are several
  age        such as 45-54 or 90+
  events     events among its people (also: observed, deaths, cases, count)
  people     people or person-years (also: population, n)
  standard   people of this age in the standard population; from age, the European Standard Population
             of 2013, when left out                              directly standardised rates
  standard_rate   events for one person in the standard          observed over expected instead

  age,events,people,standard
  45-54,12,50000,14000

Example: counted estimate standardise areas.csv --per 100000";

/// Standardises.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let per = options.per.unwrap_or(100_000.0);
    if !(per > 0.0 && per.is_finite()) {
        return Err(Failure::call(
            "--per: a rate is for a number of people above 0; 100000 is usual",
        ));
    }
    let events = table.need(EVENTS)?;
    let expected = table.find(EXPECTED);
    let people = table.find(PEOPLE).filter(|people| *people != events);
    match (expected, people) {
        (Some(expected), _) => counts::ratios(table, events, expected, confidence),
        (None, None) => counts::limits(table, events, confidence),
        (None, Some(people)) => match standard_rate(table)? {
            Some(rate) => counts::by_rates(table, [events, people, rate], confidence),
            None => rates::answer(table, events, people, &rates::Scale { per, confidence }),
        },
    }
}

/// The column with the rates of the standard, where the file is to be read by them.
fn standard_rate(table: &Table) -> Result<Option<usize>, Failure> {
    match (table.find(RATE), table.find(STANDARD).is_some()) {
        (Some(_), true) => Err(table.wrong_file(
            "it holds both people of the standard population and rates of the standard, which are two methods; take one of \
             the two columns out",
        )),
        (None, false) if table.find(BARE_RATE).is_some() => Err(table.wrong_file(
            "a column \"rate\" may be the place's own or the standard's; call it standard_rate where it is the standard's, or \
             take it out",
        )),
        (rate, _) => Ok(rate),
    }
}

/// The answer with one place, or many, at its head.
fn of_places(what: &'static str, method: &'static str, places: &[Place]) -> Answer {
    let found: Vec<&(f64, f64, f64)> = places
        .iter()
        .filter_map(|place| place.figure.as_ref().ok())
        .collect();
    match (places, found.as_slice()) {
        ([one], [(n, low, high)]) => Answer::new(
            METHOD,
            Headline::estimate(what, method, *n, Some((*low, *high))),
            format!(
                "{}{}: {} ({}).",
                capitalised(what),
                of(&one.name),
                plain(*n),
                from_to(*low, *high, plain)
            ),
        ),
        (_, [_, ..]) => {
            let sentence = format!("{} places, each with its own figure.", places.len());
            Answer::new(METHOD, Headline::several(what, method), sentence)
        }
        _ => {
            let reason = places.iter().find_map(|place| place.figure.as_ref().err());
            Answer::none(METHOD, what, reason.unwrap_or(&EstimateError::Empty))
        }
    }
    .grid(grid(places))
}

/// The place that a figure is of, where it is not everybody.
fn of(name: &str) -> String {
    if name == ALL {
        String::new()
    } else {
        format!(" of {name}")
    }
}

/// A place with its figure and interval.
struct Place {
    name: String,
    figure: Result<(f64, f64, f64), EstimateError>,
}

fn grid(places: &[Place]) -> Grid {
    let mut grid = Grid::new("In the order of the file:", &["place", "figure", "low", "high"]);
    for place in places {
        match &place.figure {
            Ok((n, low, high)) => grid.row([place.name.clone(), plain(*n), plain(*low), plain(*high)]),
            Err(reason) => grid.row([place.name.clone(), because(reason)]),
        }
    }
    grid
}
