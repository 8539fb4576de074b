//! Places and periods as small tables inside the plans: the frame in which people are counted.
//!
//! Invariant: a place and period is in the frame with `covered` only if a source looked there; zeros of totals come from
//! nowhere else. A total brings those of its splits.

use std::collections::BTreeMap;

use vocabulary::organisation::{Organisation, Registry};

use crate::cover::Cover;
use crate::periods::{Measure, Period, Span};
use crate::sql;

/// The place that stands for the whole country.
pub(crate) const COUNTRY: &str = "all";

/// The registry as a table: organisation, network.
pub(crate) fn organisations(alias: &str, registry: &Registry) -> String {
    let mut rows: Vec<Vec<String>> = registry
        .organisations()
        .map(|organisation| vec![sql::text(&organisation.code), sql::text(&organisation.network)])
        .collect();
    rows.sort();
    sql::table(
        alias,
        &[("organisation", "VARCHAR"), ("network", "VARCHAR")],
        &rows,
    )
}

/// Spans of days as a table: period, first, last.
pub(crate) fn spans<'a>(alias: &str, spans: impl IntoIterator<Item = &'a Span>) -> String {
    let rows: Vec<Vec<String>> = spans
        .into_iter()
        .map(|span| {
            vec![
                sql::text(&span.label),
                sql::date(span.first),
                sql::date(span.last),
            ]
        })
        .collect();
    sql::table(
        alias,
        &[("period", "VARCHAR"), ("first", "DATE"), ("last", "DATE")],
        &rows,
    )
}

/// The computable periods as a table: measure, period, first, last.
pub(crate) fn periods(alias: &str, periods: &[Period]) -> String {
    let rows: Vec<Vec<String>> = periods
        .iter()
        .filter(|period| period.computable)
        .map(|period| {
            vec![
                sql::text(period.measure.as_str()),
                sql::text(&period.span.label),
                sql::date(period.span.first),
                sql::date(period.span.last),
            ]
        })
        .collect();
    let columns = [
        ("measure", "VARCHAR"),
        ("period", "VARCHAR"),
        ("first", "DATE"),
        ("last", "DATE"),
    ];
    sql::table(alias, &columns, &rows)
}

/// Every place of the registry in every period: place_kind, place, measure, period, and whether the period is
/// `computable`, a zero may be said (`covered`), and a zero of recorded people may be said (`recording`).
pub(crate) fn frame(alias: &str, registry: &Registry, cover: &Cover, periods: &[Period]) -> String {
    let mut rows: BTreeMap<[String; 4], [bool; 3]> = BTreeMap::new();
    for period in periods {
        let mut add = |kind: &str, place: &str, nation: Option<&str>, (expected, sent): (bool, bool)| {
            let key = [kind, place, period.measure.as_str(), &period.span.label].map(str::to_owned);
            // A network is met once for each of its organisations, and may reach over nations.
            let [computable, covered, recording] = rows.entry(key).or_default();
            *computable = period.computable;
            *covered |= expected && cover.covers(nation, period);
            *recording |= sent && cover.records(nation, period);
        };
        add("country", COUNTRY, None, (true, true));
        for nation in cover.nations() {
            add("nation", nation, Some(nation), (true, true));
        }
        for organisation in registry.organisations() {
            let nation = Some(organisation.nation.as_str());
            add("nation", &organisation.nation, nation, (true, true));
            if !organisation.network.is_empty() {
                add("network", &organisation.network, nation, (true, true));
            }
            add(
                "organisation",
                &organisation.code,
                nation,
                (
                    expected(organisation, period),
                    cover.records_of(&organisation.code, period),
                ),
            );
        }
    }
    let columns = [
        ("place_kind", "VARCHAR"),
        ("place", "VARCHAR"),
        ("measure", "VARCHAR"),
        ("period", "VARCHAR"),
        ("computable", "BOOLEAN"),
        ("covered", "BOOLEAN"),
        ("recording", "BOOLEAN"),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(key, flags)| {
            let key = key.iter().map(|word| sql::text(word));
            key.chain(flags.map(sql::flag)).collect()
        })
        .collect();
    sql::table(alias, &columns, &rows)
}

/// Every split that leaves the study, by kind of place: a zero is said of each. A row that stood only where somebody is would say
/// that somebody is there, also where the number is hidden.
pub(crate) fn splits(alias: &str) -> String {
    const KINDS: [&str; 4] = ["all", "de_novo", "recurrent", "not_known"];
    const SEXES: [&str; 4] = ["all", "female", "male", "not_known"];
    const AGE_BANDS: [&str; 8] = [
        "all",
        "<45",
        "45-54",
        "55-64",
        "65-74",
        "75-84",
        "85+",
        "not_known",
    ];
    let mut rows = Vec::new();
    for (place_kind, everything) in [
        ("country", true),
        ("nation", true),
        ("network", false),
        ("organisation", false),
    ] {
        let (sexes, ages) = if everything {
            (&SEXES[..], &AGE_BANDS[..])
        } else {
            (&["all"][..], &["all"][..])
        };
        for kind in KINDS {
            for sex in sexes {
                rows.extend(
                    ages.iter()
                        .map(|age| [place_kind, kind, sex, age].map(sql::text).to_vec()),
                );
            }
        }
    }
    let columns = ["place_kind", "kind", "sex", "age_band"].map(|name| (name, "VARCHAR"));
    sql::table(alias, &columns, &rows)
}

/// Whether people are to be expected at an organisation: it has a breast service and exists in the period. A body
/// with predecessors inherits their years.
fn expected(organisation: &Organisation, period: &Period) -> bool {
    let begun = !organisation.predecessors.is_empty()
        || organisation
            .opened
            .is_none_or(|opened| opened <= period.span.last);
    // Whoever was found there stays counted there, so people living on a day outlast the body.
    let ended = period.measure != Measure::Living
        && organisation
            .closed
            .is_some_and(|closed| closed < period.span.first);
    organisation.breast_service && begun && !ended
}
