//! Small drawn tables, and a way to draw what is released of them.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod large;
pub(crate) mod nation;

use std::collections::BTreeMap;

use protect::*;

/// Whether the long versions are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs, not what it finds"
)]
pub(crate) fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}

pub(crate) fn manifest(simulated: bool, approved: bool) -> RawManifest {
    RawManifest {
        study: "Drawn by hand".into(),
        as_of: "2024-12-31".into(),
        period: ("2022-01-01".into(), "2024-12-31".into()),
        country: "Somewhere".into(),
        coverage: "Two nations, 2022 to 2024".into(),
        definition: "uk-mbc/2026.1".into(),
        program: "counted 0.1.0".into(),
        simulated,
        approved,
        demonstration_keys: false,
        state_period: "2024".into(),
        sections: vec![RawSection {
            id: "sources".into(),
            title: "Sources".into(),
            words: "What was sent.".into(),
            columns: vec!["Source".into(), "Records".into()],
            rows: vec![
                vec![RawFact::Text("cosd".into()), RawFact::Count(1203)],
                vec![RawFact::Text("deaths".into()), RawFact::Count(4)],
            ],
        }],
    }
}

/// Rows of `counts` for one year: place kind, place, kind, sex, recorded, found.
pub(crate) fn counts(rows: &[(&str, &str, &str, &str, i64, i64)]) -> RawTable {
    let mut inside = BTreeMap::new();
    for organisation in ["AAA", "BBB", "CCC", "DDD"] {
        inside.insert(
            Place::new("organisation", organisation),
            Place::new("nation", "North"),
        );
    }
    inside.insert(Place::new("nation", "North"), Place::new("country", "Somewhere"));
    let mut sums = counts_sums();
    sums.push(SumRule::Places {
        kind: "place_kind".into(),
        place: "place".into(),
        inside,
    });
    RawTable {
        name: "counts".into(),
        version: 1,
        about: "People counted.".into(),
        columns: counts_columns(),
        rows: rows
            .iter()
            .map(|(place_kind, place, kind, sex, recorded, found)| {
                vec![
                    (*place_kind).into(),
                    (*place).into(),
                    "2024".into(),
                    "new".into(),
                    (*kind).into(),
                    (*sex).into(),
                    "all".into(),
                    "all".into(),
                    "all".into(),
                    (*recorded).into(),
                    (*found).into(),
                    (*found as f64).into(),
                    (*found as f64 * 0.9).into(),
                    (*found as f64 * 1.1).into(),
                    "found".into(),
                    "lower_bound".into(),
                ]
            })
            .collect(),
        sums,
    }
}

/// Rows of `completeness`: organisation, kind, found elsewhere, recorded of these, people with days, days, state.
pub(crate) fn completeness(rows: &[(&str, &str, i64, i64, i64, f64, &str)]) -> RawTable {
    RawTable {
        name: "completeness".into(),
        version: 1,
        about: "How much was recorded.".into(),
        columns: completeness_columns(90, 10, 20),
        rows: rows
            .iter()
            .map(|(organisation, kind, found, recorded, people, days, status)| {
                vec![
                    (*organisation).into(),
                    "2024".into(),
                    (*kind).into(),
                    (*recorded).into(),
                    (*found).into(),
                    RawValue::Null,
                    (*found).into(),
                    (*recorded).into(),
                    RawValue::Null,
                    RawValue::Null,
                    RawValue::Null,
                    RawValue::Null,
                    0_i64.into(),
                    (*people).into(),
                    (*days).into(),
                    (*status).into(),
                ]
            })
            .collect(),
        sums: vec![SumRule::Column {
            column: "kind".into(),
            total: "all".into(),
        }],
    }
}

pub(crate) fn made(tables: Vec<RawTable>, links: Vec<LinkRule>) -> Release {
    release(
        &RawRelease {
            manifest: manifest(true, false),
            tables,
            links,
        },
        &Policy::hes().unwrap(),
    )
    .unwrap()
}

/// The columns named, of every row, as drawn text.
pub(crate) fn drawn(release: &Release, table: &str, columns: &[&str]) -> String {
    let table = release.table(table).unwrap();
    table
        .rows()
        .map(|row| {
            let cell = |column: &&str| match table
                .columns()
                .iter()
                .find(|c| c.name() == *column)
                .unwrap()
                .kind()
            {
                ColumnKind::Integer | ColumnKind::Real => row
                    .figure(column)
                    .number()
                    .map_or_else(|| format!("[{}]", row.figure(column).state()), |n| n.to_string()),
                _ => row.text(column).to_owned(),
            };
            columns.iter().map(cell).collect::<Vec<_>>().join(" ")
        })
        .collect::<Vec<_>>()
        .join("\n")
}
