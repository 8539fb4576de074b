//! Directly standardised rates.

use estimate::standardise::{AgeBand, DirectMethod, EUROPEAN_2013, StandardBand, direct};
use estimate::{Confidence, EstimateError};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::Answer;
use super::super::columns::NAME;
use super::super::rows::Row;
use super::super::table::{Line, Table};
use super::ages::ages;
use super::strata::Strata;
use super::{AGE, ALL, METHOD, Place, STANDARD, of_places};

const WHAT: &str = "the standardised rate";

/// How rates are written.
pub(super) struct Scale {
    /// For so many people.
    pub(super) per: f64,
    pub(super) confidence: Confidence,
}

/// The rate of each place.
pub(super) fn answer(table: &Table, events: usize, people: usize, scale: &Scale) -> Result<Answer, Failure> {
    if table.all_missing(&[events, people]) {
        return Ok(Answer::none(METHOD, WHAT, &EstimateError::Empty).with("observed", Value::Null));
    }
    let mut strata = Strata::of(table);
    let bands = bands(table, events, people, &mut strata)?;
    let differ = strata.that_differ();
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    for (name, bands) in &bands {
        let (fay_feuer, place) = scale.rate(name, bands, DirectMethod::FayFeuer);
        let (dobson, _) = scale.rate(name, bands, DirectMethod::Dobson);
        rows.extend([fay_feuer, dobson]);
        places.push(place);
    }
    Ok(of_places(WHAT, "direct-fay-feuer", &places)
        .estimates(rows)
        .with("per", scale.per)
        .with(
            "observed",
            json!({ "rows": table.rows.len(), "places": bands.len() }),
        )
        .assuming("the standard population is the same for all places; events are of different people.")
        .warn_if(
            !differ.is_empty(),
            "bands_differ",
            format!(
                "Places do not all have the same age bands, and rates of different ages cannot be compared. Other bands than \
                 the first place have: {}.",
                differ.join(", ")
            ),
        ))
}

/// The age bands of each place, in the order of the file.
fn bands(
    table: &Table,
    events: usize,
    people: usize,
    strata: &mut Strata,
) -> Result<Vec<(String, Vec<AgeBand>)>, Failure> {
    let (name, age, standard) = (table.find(NAME), table.find(AGE), table.find(STANDARD));
    let mut bands: Vec<(String, Vec<AgeBand>)> = Vec::new();
    for line in &table.rows {
        let place = name.map_or_else(|| ALL.to_owned(), |name| table.text(line, name).to_owned());
        let standard = match standard {
            Some(standard) => table.sure_number(line, standard)?,
            None => european(table, line, age)?,
        };
        strata.add(table, line, &place)?;
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
    Ok(bands)
}

impl Scale {
    /// One rate, as a row and as a place.
    fn rate(&self, name: &str, bands: &[AgeBand], method: DirectMethod) -> (Value, Place) {
        let events: u64 = bands.iter().fold(0, |sum, band| sum.saturating_add(band.events));
        let people: f64 = bands.iter().map(|band| band.people).sum();
        let named = match method {
            DirectMethod::FayFeuer => "direct-fay-feuer",
            DirectMethod::Dobson => "direct-dobson",
        };
        let row = Row::new(named, name)
            .with("events", events)
            .with("crude", self.per * events as f64 / people);
        let found = direct(bands, method, self.confidence);
        let row = match &found {
            Ok(rate) => row
                .n(rate.rate * self.per)
                .se(rate.variance.sqrt() * self.per)
                .with("low", rate.interval.low * self.per)
                .with("high", rate.interval.high * self.per),
            Err(reason) => row.none(reason),
        };
        let figure =
            found.map(|rate| [rate.rate, rate.interval.low, rate.interval.high].map(|of| of * self.per));
        let place = Place {
            name: name.to_owned(),
            figure: figure.map(|[n, low, high]| (n, low, high)),
        };
        (row.json(), place)
    }
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
    let (from, to) = ages(text).ok_or_else(wrong)?;
    let is_open = to == u32::MAX;
    let within = |band: &&StandardBand| {
        u32::from(band.from) >= from && (is_open || band.to.is_some_and(|last| u32::from(last) <= to))
    };
    let ends_well = is_open || to % 5 == 4;
    let people: u32 = EUROPEAN_2013.iter().filter(within).map(|band| band.people).sum();
    if from.is_multiple_of(5) && ends_well && people > 0 {
        Ok(f64::from(people))
    } else {
        Err(wrong())
    }
}
