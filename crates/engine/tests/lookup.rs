//! Looking records up, beside a plain map.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use engine::{ByRecord, EngineError, GroupWriter};
use proptest::prelude::*;
use vocabulary::table::{Kind, TableSchema, Value};

fn write(path: &Path, persons: &BTreeMap<(i64, i64), i64>, ends: &[usize]) {
    let columns = [
        ("file", Kind::Integer),
        ("row", Kind::Integer),
        ("person", Kind::Integer),
        ("step", Kind::Text),
    ];
    let schema = TableSchema::new("links", 1, &columns);
    let mut out = GroupWriter::create(path, &schema, &["row", "person"]).unwrap();
    for (at, ((file, row), person)) in persons.iter().enumerate() {
        let step = if person % 2 == 0 { "alone" } else { "number" };
        out.row(&[(*file).into(), (*row).into(), (*person).into(), Value::Text(step)])
            .unwrap();
        if ends.contains(&at) {
            out.end_group().unwrap();
        }
    }
    out.finish().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// With gaps or without, wherever groups end, in whatever order one asks.
    #[test]
    fn every_record_is_found_and_no_other(
        persons in prop::collection::btree_map((0..4_i64, 1..30_i64), 0..90_i64, 0..90),
        ends in prop::collection::vec(0..90_usize, 0..12),
        asked in prop::collection::vec((-1..5_i64, -1..33_i64), 0..60),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.parquet");
        write(&path, &persons, &ends);
        let table = ByRecord::open(&path).unwrap();
        let (mut person, mut step) = (table.column("person"), table.column("step"));
        for (file, row) in persons.keys().copied().chain(asked) {
            let known = persons.get(&(file, row)).copied();
            prop_assert_eq!(person.integer(file, row).unwrap(), known, "{} {}", file, row);
            prop_assert_eq!(step.is(file, row, "alone").unwrap(), known.is_some_and(|person| person % 2 == 0));
        }
    }
}

#[test]
fn what_is_no_table_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("links.parquet");
    fs_err::write(&path, "no table").unwrap();
    assert!(matches!(ByRecord::open(&path), Err(EngineError::NotParquet(place)) if place == path));
    write(&path, &BTreeMap::from([((0, 1), 1)]), &[]);
    let mut missing = ByRecord::open(&path).unwrap().column("nobody");
    assert!(missing.integer(0, 1).is_err());
}
