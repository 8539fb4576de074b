//! The tables of the stage: `standards`, `indicators`, `variation`, `disparity`, `delays`, `first_line`,
//! `care_over_time`.
//!
//! Invariant: rows in the order of their keys; no share where nothing is known; no interval or limit that was not computed.

mod beside;

use std::collections::BTreeMap;

use engine::TableWriter;
use estimate::{Confidence, EstimateError, Proportion, jeffreys};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use vocabulary::table::{TableSchema, Value};

use crate::adjust::{self, Adjusted, By};
use crate::cells::{ALL, Answers, Cell, Place};
use crate::definition::{Direction, Indicator, Reported, Role};
use crate::error::{AuditError, at};
use crate::run::{Measured, Request};
use crate::variation::{Comparison, Flag, Group, Judged, compare};

/// What was written.
pub(crate) struct Written {
    pub rows: u64,
    /// Hospitals outside the 95 % limits over the whole period.
    pub flagged: u64,
}

/// The comparison of one question in one period.
struct Compared<'a> {
    places: Vec<&'a Place>,
    outcome: Result<Comparison, String>,
    /// For outcomes that are adjusted, and of which something is known.
    adjusted: Option<Adjusted<'a>>,
}

pub(crate) fn write(
    request: &Request<'_>,
    answers: &Measured,
    standing: &[Option<String>],
) -> Result<Written, AuditError> {
    let compared = comparisons(request, answers);
    let written = Written {
        rows: standards(request, answers, &compared)?,
        flagged: flagged(&compared),
    };
    indicators(request, standing)?;
    variation(request, &compared)?;
    beside::write(request, answers)?;
    Ok(written)
}

/// The same tables with networks in the place of organisations. Networks are not compared: they are not each other's peers.
pub(crate) fn networks(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    fs_err::create_dir_all(request.out)?;
    standards(request, answers, &Comparisons::new())?;
    beside::write(request, answers)
}

type Comparisons<'a> = BTreeMap<(usize, &'a str), Compared<'a>>;

fn comparisons<'a>(request: &Request<'_>, answers: &'a Measured) -> Comparisons<'a> {
    let mut places: BTreeMap<(usize, &str), Vec<(&Place, &Answers)>> = BTreeMap::new();
    for ((question, place), cell) in &answers.answers {
        // Bodies that only treat, or see nobody with breast cancer, are no peers of a breast service.
        let peer = request
            .registry
            .get(&place.organisation)
            .is_some_and(|body| body.breast_service);
        if peer {
            places
                .entry((*question, place.period.as_str()))
                .or_default()
                .push((place, cell));
        }
    }
    let compare_one = |((question, period), cells): ((usize, &'a str), Vec<(&'a Place, &'a Answers)>)| {
        let indicator = &request.standards.indicators[question];
        let strata = cells.iter().flat_map(|(place, own)| {
            own.strata
                .iter()
                .map(|(stratum, counts)| (*place, *stratum, *counts))
        });
        let is_adjusted = indicator.role == Role::Outcome && !indicator.case_mix.is_empty();
        let adjusted = is_adjusted.then(|| adjust::adjusted(strata)).flatten();
        let expected = |place: &Place| {
            let of_place = adjusted
                .as_ref()
                .and_then(|own| own.expected.get(place.organisation.as_str()));
            of_place.copied().unwrap_or(0.0)
        };
        let groups: Vec<Group> = cells
            .iter()
            .map(|(place, own)| Group {
                part: own.cell.numerator,
                whole: own.cell.denominator,
                missing: own.cell.missing,
                expected: is_adjusted.then(|| expected(place)),
            })
            .collect();
        let outcome = if indicator.no.is_empty() {
            Err("only what took place is sent, so hospitals are not compared on it".to_owned())
        } else {
            compare(&groups, indicator.threshold).map_err(|reason| reason.to_string())
        };
        let compared = Compared {
            places: cells.iter().map(|(place, _)| *place).collect(),
            outcome,
            adjusted,
        };
        ((question, period), compared)
    };
    places.into_par_iter().map(compare_one).collect()
}

fn flagged(compared: &Comparisons<'_>) -> u64 {
    let whole = compared.iter().filter(|((_, period), _)| *period == ALL);
    let judged = whole
        .filter_map(|(_, one)| one.outcome.as_ref().ok())
        .flat_map(|found| &found.judged);
    judged.flatten().filter(|judged| judged.flag.is_outside()).count() as u64
}

fn standards(
    request: &Request<'_>,
    answers: &Measured,
    compared: &Comparisons<'_>,
) -> Result<u64, AuditError> {
    let mut table = create(request, &layouts::tables::standards())?;
    let mut shares = Shares::default();
    for ((question, place), cell) in &answers.answers {
        let indicator = &request.standards.indicators[*question];
        let found = compared.get(&(*question, place.period.as_str()));
        let at_place = found.and_then(|found| found.places.iter().position(|own| *own == place));
        let judged = found
            .zip(at_place)
            .and_then(|(found, index)| found.outcome.as_ref().ok()?.judged.get(index).copied().flatten());
        let expected = found.and_then(|found| {
            found
                .adjusted
                .as_ref()?
                .expected
                .get(place.organisation.as_str())
                .copied()
        });
        let to = (&mut table, &mut shares);
        row(to, indicator, place, &cell.cell, (judged, expected))?;
    }
    table.finish().map_err(at("writing standards"))
}

/// Shares with their intervals, by part and whole: most places have few people, so they come again and again.
type Shares = FxHashMap<(u64, u64), Proportion>;

fn share_of(cell: &Cell, shares: &mut Shares) -> Result<Proportion, EstimateError> {
    let (part, whole) = (cell.numerator, cell.denominator);
    if let Some(known) = shares.get(&(part, whole)) {
        return Ok(*known);
    }
    let share = jeffreys(part, whole, Confidence::NINETY_FIVE)?;
    shares.insert((part, whole), share);
    Ok(share)
}

fn row(
    (table, shares): (&mut TableWriter, &mut Shares),
    indicator: &Indicator,
    place: &Place,
    cell: &Cell,
    (judged, expected): (Option<Judged>, Option<f64>),
) -> Result<(), AuditError> {
    // Where only "yes" is ever sent, the known answers are all yes, and their share says nothing.
    let documented_only = indicator.no.is_empty();
    let share = (cell.denominator > 0 && !documented_only)
        .then(|| share_of(cell, shares))
        .transpose()
        .map_err(|source| AuditError::Statistics {
            what: indicator.id.clone(),
            source,
        })?;
    let asked = cell.denominator + cell.missing;
    let of_asked = |part: u64| (asked > 0).then(|| part as f64 / asked as f64);
    let expected = expected.filter(|expected| *expected > 0.0);
    let flag = match (judged, documented_only) {
        (_, true) => "documented_only",
        (Some(judged), _) => judged.flag.word(),
        (None, _) => "not_compared",
    };
    let (limits, unadjusted) = (
        judged.map(|judged| four(&judged.limits)),
        judged.map(|judged| four(&judged.unadjusted)),
    );
    table
        .row(&[
            Value::Text(&place.nation),
            Value::Text(&place.organisation),
            Value::Text(&place.period),
            Value::Integer(i64::from(indicator.standard)),
            Value::Text(&indicator.id),
            integer(cell.numerator),
            integer(cell.denominator),
            integer(cell.missing),
            integer(cell.excluded),
            integer(cell.population),
            real(cell.recorded()),
            real(share.map(|share| share.value)),
            real(share.map(|share| share.interval.low)),
            real(share.map(|share| share.interval.high)),
            real(of_asked(cell.numerator)),
            real(of_asked(cell.numerator + cell.missing)),
            real(expected),
            real(expected.map(|expected| cell.numerator as f64 / expected)),
            texts(limits.as_deref()),
            texts(unadjusted.as_deref()),
            Value::Text(flag),
        ])
        .map_err(at("writing standards"))
}

/// Four limits from low to high: 99.8 %, 95 %, 95 %, 99.8 %.
fn four(limits: &[estimate::Interval; 2]) -> Vec<String> {
    [limits[1].low, limits[0].low, limits[0].high, limits[1].high]
        .iter()
        .map(|limit| format!("{limit:.6}"))
        .collect()
}

fn indicators(request: &Request<'_>, standing: &[Option<String>]) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::indicators())?;
    for (indicator, lacking) in request.standards.indicators.iter().zip(standing) {
        let facts = request.standards.facts_of(indicator);
        let items: Vec<String> = facts.iter().map(|fact| fact.item.clone()).collect();
        let status = match (lacking, indicator.reported) {
            (Some(_), _) => "not_measured",
            (None, Reported::ByForm) => "by_form",
            (None, Reported::Nationally) => "measured",
        };
        table
            .row(&[
                Value::Text(&indicator.id),
                Value::Integer(i64::from(indicator.standard)),
                Value::Text(&indicator.title),
                Value::Text(&indicator.patients),
                Value::Text(&indicator.boards),
                Value::Text(&indicator.caution),
                Value::Text(&indicator.source),
                Value::Text(match indicator.direction {
                    Direction::Higher => "higher",
                    Direction::Lower => "lower",
                }),
                Value::Text(match indicator.role {
                    Role::Process => "process",
                    Role::Outcome => "outcome",
                }),
                Value::Real(indicator.threshold),
                Value::Texts(items.iter().map(String::as_str).collect()),
                Value::Text(status),
                lacking.as_deref().map_or(Value::Null, Value::Text),
                indicator.pair.as_deref().map_or(Value::Null, Value::Text),
            ])
            .map_err(at("writing indicators"))?;
    }
    table.finish().map(drop).map_err(at("writing indicators"))
}

fn variation(request: &Request<'_>, compared: &Comparisons<'_>) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::variation())?;
    for ((question, period), one) in compared {
        let id = &request.standards.indicators[*question].id;
        let found = one.outcome.as_ref().ok();
        let flags = |wanted: fn(Flag) -> bool| {
            let judged = found.map(|found| found.judged.iter().flatten());
            judged.map(|judged| judged.filter(|one| wanted(one.flag)).count() as u64)
        };
        let by = one.adjusted.as_ref().map(|own| &own.by);
        let case_mix = by.map(By::words);
        let model = match by {
            Some(By::Model(fit)) => Some(fit),
            _ => None,
        };
        table
            .row(&[
                Value::Text(id),
                Value::Text(period),
                real(found.map(|found| found.target)),
                real(found.map(|found| found.tau_squared)),
                real(found.map(|found| found.phi)),
                found.map_or(Value::Null, |found| integer(found.compared as u64)),
                flags(Flag::is_outside).map_or(Value::Null, integer),
                flags(Flag::is_alarm).map_or(Value::Null, integer),
                real(found.map(|found| found.expected_flags[0])),
                real(found.map(|found| found.expected_flags[1])),
                one.outcome
                    .as_ref()
                    .err()
                    .map_or(Value::Null, |reason| Value::Text(reason)),
                case_mix.as_deref().map_or(Value::Null, Value::Text),
                real(model.map(|fit| fit.discrimination)),
                real(model.and_then(|fit| fit.calibration).map(|(p, _)| p)),
            ])
            .map_err(at("writing variation"))?;
    }
    table.finish().map(drop).map_err(at("writing variation"))
}

fn create(request: &Request<'_>, schema: &TableSchema) -> Result<TableWriter, AuditError> {
    let path = request.out.join(format!("{}.parquet", schema.name));
    TableWriter::create(&path, schema).map_err(at("making a table"))
}

fn integer(number: u64) -> Value<'static> {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn real(number: Option<f64>) -> Value<'static> {
    number.map_or(Value::Null, Value::Real)
}

fn texts(list: Option<&[String]>) -> Value<'_> {
    list.map_or(Value::Null, |list| {
        Value::Texts(list.iter().map(String::as_str).collect())
    })
}
