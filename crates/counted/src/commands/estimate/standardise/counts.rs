//! The limits of a count, and observed over expected.

use std::collections::BTreeMap;

use estimate::standardise::{byar, exact_poisson, indirect};
use estimate::{Confidence, Observed};
use serde_json::json;

use crate::exit::Failure;

use super::super::answer::Answer;
use super::super::columns::NAME;
use super::super::groups::label;
use super::super::rows::Row;
use super::super::table::Table;
use super::strata::Strata;
use super::{AGE, ALL, Place, of_places};

/// The limits of counts.
pub(super) fn limits(table: &Table, events: usize, confidence: Confidence) -> Result<Answer, Failure> {
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
pub(super) fn ratios(
    table: &Table,
    events: usize,
    expected: usize,
    confidence: Confidence,
) -> Result<Answer, Failure> {
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
pub(super) fn by_rates(
    table: &Table,
    [events, people, rate]: [usize; 3],
    confidence: Confidence,
) -> Result<Answer, Failure> {
    let name = table.find(NAME);
    let mut strata = Strata::of(table);
    let mut places: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    let mut order = Vec::new();
    for line in &table.rows {
        let place = name.map_or_else(|| ALL.to_owned(), |name| table.text(line, name).to_owned());
        if !order.contains(&place) {
            order.push(place.clone());
        }
        strata.add(table, line, &place)?;
        let of_standard = table.sure_number(line, rate)?;
        if !(0.0..=1.0).contains(&of_standard) {
            return Err(table.wrong(
                line,
                rate,
                "it is events for one person of the standard, from 0 to 1; divide a rate for 100,000 people by 100000",
            ));
        }
        let sum = places.entry(place).or_default();
        sum.0 = sum.0.saturating_add(table.sure_count(line, events)?);
        sum.1 += table.sure_number(line, people)? * of_standard;
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
