//! Looking records up, beside a plain map.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use engine::{ByRecord, EngineError, GroupWriter, Unchanged};
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
    // Whatever is wrong inside, a table that opens and cannot be read ends with an error that names it, or reads as some table.
    write(
        &path,
        &(0..600).map(|at| ((at / 200, at % 200 * 2), at)).collect(),
        &[150, 390],
    );
    let whole = fs_err::read(&path).unwrap();
    for at in (4..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs_err::write(&path, bytes).unwrap();
        let Ok(table) = ByRecord::open(&path) else {
            continue;
        };
        let all = 0..table.shares(1).first().map_or(0, |groups| groups.end);
        let wanted = |_: i64, rows: std::ops::RangeInclusive<i64>| vec![*rows.start(), *rows.end()];
        let read = [
            table.integers(all.clone(), "person", |_, _, _| ()),
            table.rows_of(all, &["person", "step"], wanted, |_, _| Ok(())),
            table.column("person").integer(1, 4).map(drop),
            table.rows_by_file().map(drop),
        ];
        for failed in read.into_iter().filter_map(Result::err) {
            let told = matches!(&failed, EngineError::NotParquet(place) if *place == path);
            assert!(
                told || matches!(failed, EngineError::NoColumn { .. } | EngineError::Type { .. }),
                "byte {at}: {failed:?}"
            );
        }
    }
    write(&path, &BTreeMap::from([((0, 1), 1)]), &[]);
    let mut missing = ByRecord::open(&path).unwrap().column("nobody");
    assert!(missing.integer(0, 1).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever became of the files and their rows, a record that is said to be unchanged has the value that it had.
    #[test]
    fn what_is_unchanged_is_as_it_was(
        lengths in prop::collection::vec(1..12_i64, 1..6),
        ends in prop::collection::vec(0..60_usize, 0..12),
        gone in prop::collection::vec((0..6_i64, 0..12_i64), 0..3),
        others in prop::collection::vec((0..6_i64, 0..12_i64), 0..4),
        // A file came in before this one.
        new in 0..6_i64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let [was, is] = ["was", "is"].map(|name| folder.path().join(name));
        let rows = (0..).zip(&lengths).flat_map(|(file, length)| (0..*length).map(move |row| (file, row)));
        let before: BTreeMap<(i64, i64), i64> = rows.map(|(file, row)| ((file, row), 7 * file + row / 2)).collect();
        let number = |file: i64| file + i64::from(file >= new);
        let mut now: BTreeMap<(i64, i64), i64> = before.iter().map(|((file, row), person)| ((number(*file), *row), *person)).collect();
        gone.iter().for_each(|(file, row)| { now.remove(&(number(*file), *row)); });
        others.iter().for_each(|(file, row)| { now.entry((number(*file), *row)).and_modify(|person| *person += 1); });
        write(&was, &before, &ends);
        write(&is, &now, &ends);
        let [was, is] = [was, is].map(|path| ByRecord::open(&path).unwrap());
        let moved = |file: i64| before.contains_key(&(file, 0)).then(|| number(file));
        let unchanged = Unchanged::between(&was, &is, "person", moved).unwrap();
        for ((file, row), person) in &now {
            if unchanged.holds(*file, *row) {
                prop_assert_eq!(before.get(&(*file - i64::from(*file > new), *row)), Some(person), "{} {}", file, row);
            }
        }
        let outside = [(-1, 0), (7, 0), (0, -1), (0, 12)];
        prop_assert!(outside.iter().all(|(file, row)| !unchanged.holds(*file, *row)));
    }
}

/// Three files, and one that came in before the second; a record of the third is somebody else's.
#[test]
fn groups_that_were_copied_are_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let [was, is] = ["was", "is"].map(|name| folder.path().join(name));
    let before: BTreeMap<(i64, i64), i64> = (0..30).map(|at| ((at / 10, at % 10), at)).collect();
    let mut now: BTreeMap<(i64, i64), i64> = (0..40).map(|at| ((at / 10, at % 10), at)).collect();
    for row in 0..10 {
        now.insert((1, row), 99);
        now.insert((2, row), before[&(1, row)]);
        now.insert((3, row), before[&(2, row)]);
    }
    now.insert((3, 7), 5);
    write(&was, &before, &[4, 9, 14, 19, 24]);
    write(&is, &now, &[4, 9, 19, 24, 29, 34]);
    let [was, is] = [was, is].map(|path| ByRecord::open(&path).unwrap());
    let moved = |file: i64| Some(if file == 0 { 0 } else { file + 1 });
    let unchanged = Unchanged::between(&was, &is, "person", moved).unwrap();
    let held: Vec<(i64, i64)> = now
        .keys()
        .copied()
        .filter(|(file, row)| unchanged.holds(*file, *row))
        .collect();
    let all = |file, rows: std::ops::Range<i64>| rows.map(move |row| (file, row));
    let wanted: Vec<_> = all(0, 0..10).chain(all(2, 0..10)).chain(all(3, 0..5)).collect();
    assert_eq!(held, wanted);
    // A table is as it was itself; of files that are gone nothing is said.
    let itself = |file: i64| (file == 2).then_some(2);
    let unchanged = Unchanged::between(&is, &is, "person", itself).unwrap();
    assert!((0..40).all(|at| unchanged.holds(at / 10, at % 10) == (at / 10 == 2)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// With gaps or without, several rows a record or one, wherever groups and shares end: against the rows as they are.
    #[test]
    fn those_who_are_wanted_are_given_with_their_rows(
        records in prop::collection::vec((0..4_i64, 0..30_i64, 1..3_usize), 0..80),
        sections in any::<bool>(),
        ends in prop::collection::vec(0..90_usize, 0..12),
        wanted in prop::collection::btree_set((-1..5_i64, -1..33_i64), 0..40),
        count in 1..4_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.parquet");
        let schema = TableSchema::new("records", 1, &[("file", Kind::Integer), ("row", Kind::Integer), ("value", Kind::Integer), ("said", Kind::Text)]);
        let mut rows: Vec<(i64, i64)> = records
            .iter()
            .flat_map(|(file, row, times)| std::iter::repeat_n((*file, *row), *times))
            .collect();
        rows.sort_unstable();
        if !sections {
            rows.dedup();
        }
        let mut out = GroupWriter::create(&path, &schema, &["row"]).unwrap();
        for (at, (file, row)) in (0_i64..).zip(&rows) {
            out.row(&[(*file).into(), (*row).into(), at.into(), Value::Text(&at.to_string())]).unwrap();
            if ends.contains(&(at as usize)) {
                out.end_group().unwrap();
            }
        }
        out.finish().unwrap();
        let table = if sections { ByRecord::open_sections(&path) } else { ByRecord::open(&path) }.unwrap();
        let (mut given, mut numbers) = (Vec::new(), Vec::new());
        for share in table.shares(count) {
            let of_file = |file: i64, rows: std::ops::RangeInclusive<i64>| -> Vec<i64> {
                wanted.iter().filter(|(own, row)| *own == file && rows.contains(row)).map(|(_, row)| *row).collect()
            };
            table.rows_of(share.clone(), &["said", "value"], of_file, |keys, batch| {
                let (value, said) = (batch.integer("value")?, batch.text("said")?);
                assert_eq!(keys.len(), batch.rows());
                given.extend((0..batch.rows()).map(|at| (keys[at], value.get(at), said.get(at).map(str::to_owned))));
                Ok(())
            }).unwrap();
            table.integers(share, "value", |file, row, value| numbers.push(((file, row), value))).unwrap();
        }
        let all = || (0_i64..).zip(&rows).map(|(at, key)| (*key, Some(at)));
        prop_assert_eq!(numbers, all().collect::<Vec<_>>());
        let of_wanted = all().filter(|(key, _)| wanted.contains(key));
        prop_assert_eq!(given, of_wanted.map(|(key, at)| (key, at, at.map(|at| at.to_string()))).collect::<Vec<_>>());
        let mut files: BTreeMap<i64, i64> = BTreeMap::new();
        rows.iter().for_each(|(file, _)| *files.entry(*file).or_default() += 1);
        prop_assert_eq!(table.rows_by_file().unwrap(), files);
    }
}
