//! The tables beside `standards` that are made of the same sums: `disparity`, `delays`, `first_line`, `care_over_time`.

use estimate::{Confidence, difference};
use vocabulary::table::Value;

use super::{create, integer, real};
use crate::cells::Place;
use crate::error::{AuditError, at};
use crate::over_time::chart;
use crate::run::{Measured, Request};

/// Writes them.
pub(super) fn write(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    disparity(request, answers)?;
    delays(request, answers)?;
    first_line(request, answers)?;
    over_time(request, answers)
}

/// Secondary beside primary disease, where both are asked the same.
fn disparity(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::disparity())?;
    let all = &request.standards.indicators;
    for (question, indicator) in all.iter().enumerate() {
        let Some(pair) = indicator
            .pair
            .as_ref()
            .and_then(|pair| all.iter().position(|own| own.id == *pair))
        else {
            continue;
        };
        for ((of, place), secondary) in answers.answers.range((question, Place::first())..) {
            if *of != question {
                break;
            }
            let secondary = &secondary.cell;
            let Some(primary) = answers.answers.get(&(pair, place.clone())).map(|own| &own.cell) else {
                continue;
            };
            let between = (!indicator.no.is_empty() && secondary.denominator > 0 && primary.denominator > 0)
                .then(|| {
                    difference(
                        (secondary.numerator, secondary.denominator),
                        (primary.numerator, primary.denominator),
                        Confidence::NINETY_FIVE,
                    )
                })
                .transpose()
                .map_err(|source| AuditError::Statistics {
                    what: indicator.id.clone(),
                    source,
                })?;
            table
                .row(&[
                    Value::Text(&place.nation),
                    Value::Text(&place.organisation),
                    Value::Text(&place.period),
                    Value::Integer(i64::from(indicator.standard)),
                    Value::Text(&indicator.id),
                    integer(secondary.numerator),
                    integer(secondary.denominator),
                    integer(secondary.missing),
                    integer(primary.numerator),
                    integer(primary.denominator),
                    integer(primary.missing),
                    real(between.map(|between| between.value)),
                    real(between.map(|between| between.interval.low)),
                    real(between.map(|between| between.interval.high)),
                ])
                .map_err(at("writing disparity"))?;
        }
    }
    table.finish().map(drop).map_err(at("writing disparity"))
}

fn delays(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::delays())?;
    for ((delay, place), waits) in &answers.waits {
        let delay = &request.standards.delays[*delay];
        let line = waits.line(&delay.span).map_err(|source| AuditError::Statistics {
            what: delay.id.clone(),
            source,
        })?;
        table
            .row(&[
                Value::Text(&place.nation),
                Value::Text(&place.organisation),
                Value::Text(&place.period),
                Value::Text(&delay.id),
                integer(line.population),
                integer(line.missing),
                integer(line.ended),
                integer(line.died_first),
                integer(line.waiting),
                real(line.median),
                real(line.interval.map(|interval| interval.low)),
                real(line.interval.map(|interval| interval.high)),
                real(line.within_62_days),
            ])
            .map_err(at("writing delays"))?;
    }
    table.finish().map(drop).map_err(at("writing delays"))
}

fn first_line(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::first_line())?;
    if let Some(treatments) = &request.standards.treatments {
        for ((_, place), lines) in &answers.first_lines {
            for ((subtype, first), treated) in &lines.0 {
                table
                    .row(&[
                        Value::Text(&place.nation),
                        Value::Text(&place.organisation),
                        Value::Text(&place.period),
                        Value::Text(subtype.word()),
                        Value::Text(first.word(treatments)),
                        integer(treated.people),
                        integer(treated.with_advice),
                        integer(treated.as_advised),
                        integer(treated.verified),
                    ])
                    .map_err(at("writing first_line"))?;
            }
        }
    }
    table.finish().map(drop).map_err(at("writing first_line"))
}

fn over_time(request: &Request<'_>, answers: &Measured) -> Result<(), AuditError> {
    let mut table = create(request, &layouts::tables::care_over_time())?;
    for ((question, nation, organisation), quarters) in &answers.quarters {
        let indicator = &request.standards.indicators[*question];
        // Where only "yes" is ever sent there is no share to follow.
        if indicator.no.is_empty() {
            continue;
        }
        for point in chart(organisation, quarters).unwrap_or_default() {
            table
                .row(&[
                    Value::Text(nation),
                    Value::Text(organisation),
                    Value::Text(&indicator.id),
                    Value::Text(&point.period),
                    integer(point.numerator),
                    integer(point.denominator),
                    Value::Real(point.centre),
                    Value::Real(point.low),
                    Value::Real(point.high),
                    Value::Texts(point.signal.iter().map(String::as_str).collect()),
                ])
                .map_err(at("writing care_over_time"))?;
        }
    }
    table.finish().map(drop).map_err(at("writing care_over_time"))
}
