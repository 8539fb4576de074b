//! A table that is written in groups, with pieces taken over from a former file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use engine::{EngineError, GroupWriter, Groups, TableReader};
use proptest::prelude::*;
use vocabulary::table::{Kind, TableSchema};

fn schema() -> TableSchema {
    TableSchema::new(
        "things",
        1,
        &[("id", Kind::Integer), ("text", Kind::Text), ("share", Kind::Real)],
    )
}

/// A row: id, text (or none), share.
type Row = (i64, Option<String>, f64);

fn write(path: &Path, groups: &[Vec<Row>]) {
    let mut writer = GroupWriter::create(path, &schema(), &["id"]).unwrap();
    for group in groups {
        for (id, text, share) in group {
            writer
                .row(&[(*id).into(), text.as_deref().into(), (*share).into()])
                .unwrap();
        }
        writer.end_group().unwrap();
    }
    let rows: usize = groups.iter().map(Vec::len).sum();
    assert_eq!(writer.finish().unwrap(), rows as u64);
}

fn read(path: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in TableReader::open(path).unwrap() {
        let batch = batch.unwrap();
        let (id, text, share) = (
            batch.integer("id").unwrap(),
            batch.text("text").unwrap(),
            batch.real("share").unwrap(),
        );
        for at in 0..batch.rows() {
            rows.push((
                id.get(at).unwrap(),
                text.get(at).map(str::to_owned),
                share.get(at).unwrap(),
            ));
        }
    }
    rows
}

/// What the pieces of some columns are made of.
fn pieces(path: &Path, columns: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    engine::encoded(path, columns, |bytes| all.extend_from_slice(bytes)).unwrap();
    all
}

fn groups() -> impl Strategy<Value = Vec<Vec<Row>>> {
    let row = (0i64..50, prop::option::of("[A-Z]{0,6}"), 0u8..4)
        .prop_map(|(id, text, share)| (id, text, f64::from(share)));
    prop::collection::vec(prop::collection::vec(row, 1..40), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn shares_are_the_table_one_after_the_other(groups in groups(), count in 0usize..9) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.parquet");
        write(&path, &groups);
        let shares = TableReader::shares(&path, &["id"], count).unwrap();
        prop_assert!(shares.len() <= count.max(1));
        let mut ids = Vec::new();
        for batch in shares.into_iter().flatten() {
            let batch = batch.unwrap();
            let id = batch.integer("id").unwrap();
            ids.extend((0..batch.rows()).map(|at| id.get(at).unwrap()));
        }
        let wanted: Vec<i64> = groups.concat().iter().map(|row| row.0).collect();
        prop_assert_eq!(ids, wanted);
    }

    #[test]
    fn a_group_is_read_with_the_columns_that_are_asked_for(groups in groups()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.parquet");
        write(&path, &groups);
        let table = Groups::open(&path).unwrap();
        for (at, group) in groups.iter().enumerate() {
            let batch = table.batch(at, &["share", "id"]).unwrap();
            prop_assert_eq!(batch.names().collect::<Vec<_>>(), ["id", "share"]);
            let (id, share) = (batch.integer("id").unwrap(), batch.real("share").unwrap());
            let there = (0..batch.rows()).map(|at| (id.get(at).unwrap(), share.get(at).unwrap()));
            let wanted: Vec<(i64, f64)> = group.iter().map(|row| (row.0, row.2)).collect();
            prop_assert_eq!(there.collect::<Vec<_>>(), wanted);
        }
    }

    #[test]
    fn what_is_taken_over_is_what_was_there(groups in groups(), other in 0i64..9, aside in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        write(&place("a"), &groups);
        let former = Arc::new(Groups::open(&place("a")).unwrap());
        prop_assert_eq!(former.count(), groups.len());
        let mut same = GroupWriter::create(&place("b"), &schema(), &["id"]).unwrap();
        let mut changed = GroupWriter::create(&place("c"), &schema(), &["id"]).unwrap();
        if aside {
            (same, changed) = (same.aside(), changed.aside());
        }
        for (at, group) in groups.iter().enumerate() {
            prop_assert_eq!(former.rows(at), group.len() as u64);
            same.end_group_with(&former, at).unwrap();
            // Every second group gets other ids; a new group comes in between.
            if at % 2 == 0 {
                for _ in group {
                    changed.value(0, &other.into()).unwrap();
                }
                changed.end_group_with(&former, at).unwrap();
            } else {
                changed.row(&[other.into(), "new".into(), 0.5.into()]).unwrap();
                changed.end_group().unwrap();
            }
        }
        same.finish().unwrap();
        changed.finish().unwrap();
        prop_assert_eq!(read(&place("b")), groups.concat());
        prop_assert!(fs_err::read(place("a")).unwrap() == fs_err::read(place("b")).unwrap(), "the same bytes");
        let wanted: Vec<Row> = groups.iter().enumerate().flat_map(|(at, group)| {
            if at % 2 == 0 {
                group.iter().map(|(_, text, share)| (other, text.clone(), *share)).collect()
            } else {
                vec![(other, Some("new".to_owned()), 0.5)]
            }
        }).collect();
        prop_assert_eq!(read(&place("c")), wanted);
    }

    #[test]
    fn the_same_values_are_encoded_alike_and_others_are_not(groups in groups(), at in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let mut others = groups.clone();
        others.iter_mut().flatten().for_each(|row| row.0 += 100);
        write(&place("a"), &groups);
        write(&place("b"), &others);
        prop_assert_eq!(pieces(&place("a"), &["text", "share"]), pieces(&place("b"), &["text", "share"]));
        if !groups.is_empty() {
            prop_assert_ne!(pieces(&place("a"), &["id"]), pieces(&place("b"), &["id"]));
            let group = at.index(others.len());
            others[group][0].1 = Some("another text".to_owned());
            write(&place("b"), &others);
            prop_assert_ne!(pieces(&place("a"), &["text"]), pieces(&place("b"), &["text"]));
        }
    }

    #[test]
    fn two_files_are_the_same_but_for_a_column(groups in groups(), at in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let same = || engine::same_but("id", &place("a"), &place("b")).unwrap();
        let mut others = groups.clone();
        others.iter_mut().flatten().for_each(|row| row.0 += 100);
        write(&place("a"), &groups);
        write(&place("b"), &others);
        prop_assert!(same() && !engine::one_file(&place("a"), &place("b")));
        if !groups.is_empty() {
            let group = at.index(others.len());
            others[group][0].2 += 0.25;
            write(&place("b"), &others);
            prop_assert!(!same());
            others = groups.clone();
            others[group].pop();
            others.retain(|group| !group.is_empty());
            write(&place("b"), &others);
            prop_assert!(!same());
        }
        fs_err::hard_link(place("a"), place("c")).unwrap();
        prop_assert_eq!(engine::one_file(&place("a"), &place("c")), cfg!(unix));
    }
}

#[test]
fn uneven_columns_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rows = vec![(1, Some("A".to_owned()), 0.5), (2, None, 0.5)];
    write(&folder.path().join("a"), &[rows]);
    let former = Arc::new(Groups::open(&folder.path().join("a")).unwrap());
    let mut writer = GroupWriter::create(&folder.path().join("b"), &schema(), &["id"]).unwrap();
    writer.value(0, &1_i64.into()).unwrap();
    assert!(matches!(
        writer.end_group(),
        Err(EngineError::Failed { code: "E-GROUP", .. })
    ));
    let mut writer = GroupWriter::create(&folder.path().join("b"), &schema(), &["id"]).unwrap();
    writer.value(0, &1_i64.into()).unwrap();
    assert!(writer.end_group_with(&former, 0).is_err());
    let mut writer = GroupWriter::create(&folder.path().join("b"), &schema(), &["id"]).unwrap();
    assert!(writer.end_group_with(&former, 7).is_err());
    assert!(writer.value(3, &1_i64.into()).is_err());
    assert!(writer.value(0, &"one".into()).is_err());
    // What a thread of its own is refused is told at the end at the latest.
    let narrow = TableSchema::new("things", 1, &[("id", Kind::Integer)]);
    let mut other = GroupWriter::create(&folder.path().join("d"), &narrow, &[]).unwrap();
    other.row(&[7_i64.into()]).unwrap();
    other.finish().unwrap();
    let other = Arc::new(Groups::open(&folder.path().join("d")).unwrap());
    let mut writer = GroupWriter::create(&folder.path().join("b"), &schema(), &["id"])
        .unwrap()
        .aside();
    writer.value(0, &1_i64.into()).unwrap();
    let refused = writer
        .end_group_with(&other, 0)
        .and_then(|()| writer.finish().map(|_| ()));
    assert!(
        matches!(refused, Err(EngineError::Failed { code: "E-GROUP", .. })),
        "{refused:?}"
    );
    fs_err::write(folder.path().join("c"), "no table").unwrap();
    let error = Groups::open(&folder.path().join("c")).err().unwrap();
    assert!(error.to_string().contains("not a readable Parquet file"));
}
