//! `standardise`: places compared whose people differ in age, and the limits of a count.

use std::collections::BTreeMap;

use clap::Args;
use estimate::standardise::{AgeBand, DirectMethod, EUROPEAN_2013, byar, direct, exact_poisson, indirect};
use estimate::{Confidence, EstimateError, Observed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::columns::{EXPECTED, NAME, Names};
use super::figures::{from_to, plain};
use super::groups::label;
use super::number::is_missing;
use super::rows::Row;
use super::settings::confidence;
use super::table::{Line, Table};

const METHOD: &str = "standardise";
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
const RATE: Names = Names(&["standard_rate", "reference_rate", "rate"]);
const AGE: Names = Names(&["age", "age_band", "ageband", "age_group", "band", "stratum"]);

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
        (Some(expected), _) => ratios(table, events, expected, confidence),
        (None, None) => counts(table, events, confidence),
        (None, Some(people)) => match table.find(RATE) {
            Some(rate) => by_rates(table, [events, people, rate], confidence),
            None => rates(table, events, people, per, confidence),
        },
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
            format!("{}: {} ({}).", one.name, plain(*n), from_to(*low, *high, plain)),
        ),
        (_, [_, ..]) => {
            let headline = Headline {
                n: None,
                reason: Some("there is one figure for each place: see estimates".to_owned()),
                ..Headline::estimate(what, method, f64::NAN, None)
            };
            Answer::new(
                METHOD,
                headline,
                format!("{} places, each with its own figure.", places.len()),
            )
        }
        _ => {
            let reason = places.iter().find_map(|place| place.figure.as_ref().err());
            Answer::none(METHOD, what, reason.unwrap_or(&EstimateError::Empty))
        }
    }
    .grid(grid(places))
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
            Err(reason) => grid.row([place.name.clone(), super::answer::because(reason)]),
        }
    }
    grid
}

/// The limits of counts.
fn counts(table: &Table, events: usize, confidence: Confidence) -> Result<Answer, Failure> {
    let name = table.find(NAME).or_else(|| table.find(AGE));
    let (mut rows, mut places, mut set_aside) = (Vec::new(), Vec::new(), 0_usize);
    for line in &table.rows {
        let name = label(table, line, name);
        let Some(count) = table.count(line, events)? else {
            set_aside += 1;
            continue;
        };
        let n = count as f64;
        let exact = exact_poisson(count, confidence);
        let row = Row::new("exact-poisson", &name).with("observed", count);
        rows.push(match &exact {
            Ok(limits) => row.n(n).within(*limits).json(),
            Err(reason) => row.none(reason).json(),
        });
        let byar = byar(count, confidence);
        rows.push(
            Row::new("byar", &name)
                .with("observed", count)
                .n(n)
                .within(byar)
                .json(),
        );
        places.push(Place {
            name,
            figure: exact.map(|limits| (n, limits.low, limits.high)),
        });
    }
    Ok(of_places("the count", "exact-poisson", &places)
        .estimates(rows)
        .with(
            "observed",
            json!({ "rows": table.rows.len(), "set_aside": set_aside }),
        )
        .assuming("the events are of different people and come independently of each other.")
        .warn_if(
            set_aside > 0,
            "set_aside",
            format!("{set_aside} rows without a count were set aside."),
        ))
}

/// Observed over expected, a place a row.
fn ratios(table: &Table, events: usize, expected: usize, confidence: Confidence) -> Result<Answer, Failure> {
    let name = table.find(NAME).or_else(|| table.find(AGE));
    let (mut given, mut set_aside) = (Vec::new(), 0_usize);
    for line in &table.rows {
        match (table.count(line, events)?, table.number(line, expected)?) {
            (Some(count), Some(expected)) => given.push((label(table, line, name), count, expected)),
            _ => set_aside += 1,
        }
    }
    Ok(of_ratios(&given, confidence)
        .with(
            "observed",
            json!({ "rows": table.rows.len(), "set_aside": set_aside }),
        )
        .warn_if(
            set_aside > 0,
            "set_aside",
            format!("{set_aside} rows with a missing figure were set aside."),
        ))
}

/// Observed over expected, from the standard's rates by age.
fn by_rates(
    table: &Table,
    [events, people, rate]: [usize; 3],
    confidence: Confidence,
) -> Result<Answer, Failure> {
    let name = table.find(NAME);
    table.find(AGE);
    let mut places: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    let mut order = Vec::new();
    for line in &table.rows {
        let place = name.map_or_else(|| "all".to_owned(), |name| table.text(line, name).to_owned());
        if !order.contains(&place) {
            order.push(place.clone());
        }
        let sum = places.entry(place).or_default();
        sum.0 = sum.0.saturating_add(table.sure_count(line, events)?);
        sum.1 += table.sure_number(line, people)? * table.sure_number(line, rate)?;
    }
    let given: Vec<(String, u64, f64)> = order
        .into_iter()
        .map(|name| {
            let (count, expected) = places.get(&name).copied().unwrap_or_default();
            (name, count, expected)
        })
        .collect();
    Ok(of_ratios(&given, confidence).with("observed", json!({ "rows": table.rows.len() })))
}

fn of_ratios(given: &[(String, u64, f64)], confidence: Confidence) -> Answer {
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    for (name, count, expected) in given {
        let observed = Observed::new(*count, *expected);
        let found = observed.and_then(|observed| Ok((observed, indirect(observed, confidence)?)));
        let row = |method| {
            Row::new(method, name)
                .with("observed", *count)
                .with("expected", *expected)
        };
        match &found {
            Ok((_, ratio)) => {
                let by = byar(*count, confidence);
                rows.push(row("indirect").n(ratio.ratio).within(ratio.interval).json());
                let ends = [by.low, by.high].map(|end| end / expected);
                rows.push(
                    row("indirect-byar")
                        .n(ratio.ratio)
                        .with("low", ends[0])
                        .with("high", ends[1])
                        .json(),
                );
            }
            Err(reason) => rows.push(row("indirect").none(reason).json()),
        }
        places.push(Place {
            name: name.clone(),
            figure: found.map(|(_, ratio)| (ratio.ratio, ratio.interval.low, ratio.interval.high)),
        });
    }
    of_places("observed over expected", "indirect", &places)
        .estimates(rows)
        .assuming(
            "the expected numbers are known; two ratios share a scale only where the places' ages are alike.",
        )
}

/// Directly standardised rates.
fn rates(
    table: &Table,
    events: usize,
    people: usize,
    per: f64,
    confidence: Confidence,
) -> Result<Answer, Failure> {
    let (name, age, standard) = (table.find(NAME), table.find(AGE), table.find(STANDARD));
    let mut bands: Vec<(String, Vec<AgeBand>)> = Vec::new();
    if table.all_missing(&[events, people]) {
        return Ok(Answer::none(METHOD, "the rate", &EstimateError::Empty).with("observed", Value::Null));
    }
    for line in &table.rows {
        let place = name.map_or_else(|| "all".to_owned(), |name| table.text(line, name).to_owned());
        let standard = match standard {
            Some(standard) => table.sure_number(line, standard)?,
            None => european(table, line, age)?,
        };
        let band = AgeBand {
            events: table.sure_count(line, events)?,
            people: table.sure_number(line, people)?,
            standard,
        };
        match bands.iter_mut().find(|(other, _)| *other == place) {
            Some((_, of)) => of.push(band),
            None => bands.push((place, vec![band])),
        }
    }
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    for (name, bands) in &bands {
        let events: u64 = bands.iter().fold(0, |sum, band| sum.saturating_add(band.events));
        let crude = per * events as f64 / bands.iter().map(|band| band.people).sum::<f64>();
        for (method, named) in [
            (DirectMethod::FayFeuer, "direct-fay-feuer"),
            (DirectMethod::Dobson, "direct-dobson"),
        ] {
            let row = Row::new(named, name).with("events", events).with("crude", crude);
            let found = direct(bands, method, confidence);
            rows.push(
                match &found {
                    Ok(rate) => row
                        .n(rate.rate * per)
                        .se(rate.variance.sqrt() * per)
                        .with("low", rate.interval.low * per)
                        .with("high", rate.interval.high * per),
                    Err(reason) => row.none(reason),
                }
                .json(),
            );
            if method == DirectMethod::FayFeuer {
                places.push(Place {
                    name: name.clone(),
                    figure: found
                        .map(|rate| (rate.rate * per, rate.interval.low * per, rate.interval.high * per)),
                });
            }
        }
    }
    Ok(of_places("the standardised rate", "direct-fay-feuer", &places)
        .estimates(rows)
        .with("per", per)
        .with(
            "observed",
            json!({ "rows": table.rows.len(), "places": bands.len() }),
        )
        .assuming("the standard population is the same for all places; events are of different people."))
}

/// People of an age band in the European Standard Population of 2013.
fn european(table: &Table, line: &Line, age: Option<usize>) -> Result<f64, Failure> {
    let Some(column) = age else {
        return Err(table.wrong_file(
            "it has no column \"standard\" with the standard population, and no column \"age\" to look it up by; see --help",
        ));
    };
    let text = table.text(line, column);
    let wrong = || {
        table.wrong(
            line,
            column,
            "it is not a band of whole five years; write for example 45-54 or 90+, or give a column \"standard\"",
        )
    };
    if is_missing(text) {
        return Err(wrong());
    }
    let mut numbers = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let from: u8 = numbers
        .next()
        .and_then(|part| part.parse().ok())
        .ok_or_else(wrong)?;
    let to: Option<u8> = numbers.next().map(str::parse).transpose().map_err(|_| wrong())?;
    let within = |band: &&estimate::standardise::StandardBand| {
        band.from >= from && to.is_none_or(|to| band.to.is_some_and(|last| last <= to))
    };
    let ends_well = to.is_none_or(|to| to % 5 == 4);
    let people: u32 = EUROPEAN_2013.iter().filter(within).map(|band| band.people).sum();
    if from.is_multiple_of(5) && ends_well && people > 0 {
        Ok(f64::from(people))
    } else {
        Err(wrong())
    }
}
