//! Reading again after something changed, beside reading everything anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::BTreeMap;

use drawn::Study;
use proptest::prelude::*;
use vocabulary::date::Date;

const TABLES: [&str; 7] = [
    "files",
    "problems",
    "set_aside",
    "coverage",
    "identities",
    "records/admissions",
    "excerpts/admissions",
];
/// Kind and name of each file that there may be; those of admissions sort before and behind one another.
const FILES: [(&str, &str); 5] = [
    ("admissions", "a1.csv"),
    ("admissions", "a2.csv"),
    ("admissions", "a3.csv"),
    ("deaths", "d1.csv"),
    ("deaths", "d2.csv"),
];

/// The rows of a file: few different ones, so that files repeat themselves and one another.
type Rows = Vec<(u8, u8)>;

fn text(kind: &str, rows: &Rows) -> String {
    let number = |person: u8| ["4010232137", "9990000018", "bad"][usize::from(person) % 3];
    let mut text = match kind {
        "admissions" => "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01,DIAG_02\n",
        _ => "NHSNUMBER,DOB,DOD,S_UNDERLYING_COD_ICD10\n",
    }
    .to_owned();
    for (person, what) in rows {
        let (number, code) = (
            number(*person),
            ["C509", "I10", "?", "C795"][usize::from(*what) % 4],
        );
        let day = format!("2025-{:02}-10", 1 + what % 12);
        text.push_str(&match kind {
            "admissions" => format!("{number},1950-05-01,{day},RTH,{code},\n"),
            _ => format!("{number},1950-05-01,{day},{code}\n"),
        });
    }
    text
}

/// What lies in the study at one time: files by their place in [`FILES`], and the month of the last day.
fn time() -> impl Strategy<Value = (BTreeMap<usize, Rows>, u8)> {
    let rows = prop::collection::vec((0..4_u8, 0..12_u8), 1..12);
    (
        prop::collection::btree_map(0..FILES.len(), rows, 1..=FILES.len()),
        6..=12_u8,
    )
}

/// Lays the files down; sources in their order.
fn lay(study: &mut Study, files: &BTreeMap<usize, Rows>) {
    study.sources.clear();
    for kind in ["admissions", "deaths"] {
        let of_kind: Vec<(&str, Vec<u8>)> = files
            .iter()
            .filter(|(at, _)| FILES[**at].0 == kind)
            .map(|(at, rows)| (FILES[*at].1, text(kind, rows).into_bytes()))
            .collect();
        if !of_kind.is_empty() {
            let of_kind: Vec<(&str, &[u8])> = of_kind
                .iter()
                .map(|(name, text)| (*name, text.as_slice()))
                .collect();
            study.source(kind, &of_kind).unreadable_set_aside = true;
        }
    }
}

/// Every table as text.
fn tables(study: &Study) -> Vec<String> {
    let there = |name: &&&str| !name.contains('/') || study.out().join(name).is_dir();
    TABLES
        .iter()
        .filter(there)
        .map(|name| study.table(name))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever comes, goes and changes from time to time, and wherever the last day lies: taking over gives the tables of
    /// reading everything.
    #[test]
    fn taking_over_gives_what_reading_everything_gives(
        first in time(),
        steps in prop::collection::vec((time(), prop::collection::vec(any::<bool>(), FILES.len())), 1..4),
    ) {
        let mut study = Study::new();
        let mut present = first.0;
        let mut month = first.1;
        for (at, (now, changes)) in std::iter::once(&((BTreeMap::new(), month), Vec::new())).chain(&steps).enumerate() {
            // Some files become what they are now, the others stay.
            for (file, _) in changes.iter().enumerate().filter(|(_, change)| **change) {
                match now.0.get(&file) {
                    Some(rows) => present.insert(file, rows.clone()),
                    None => present.remove(&file),
                };
            }
            if at > 0 && now.1 % 2 == 0 {
                month = now.1;
            }
            if present.is_empty() {
                continue;
            }
            lay(&mut study, &present);
            study.as_of = Date::new(2025, u32::from(month), 28).unwrap();
            study.into = ["out0", "out1", "out2", "out3"][at];
            let beside = study.run();
            let taken = beside.is_ok().then(|| tables(&study));
            let former = study.former.take();
            study.into = "anew";
            let anew = study.run();
            prop_assert_eq!(beside.as_ref().ok(), anew.as_ref().ok());
            if let Some(taken) = taken {
                prop_assert_eq!(taken, tables(&study));
                study.former = Some(study.folder.path().join(["out0", "out1", "out2", "out3"][at]));
            } else {
                study.former = former;
            }
        }
    }
}

/// A month more: the files that were there are not read again, though their numbers move.
#[test]
fn files_that_are_as_they_were_are_not_read_again() {
    let rows = |from: u8| -> Rows { (0..6).map(|row| (row % 3, from + row % 3)).collect() };
    let mut study = Study::new();
    study.as_of = Date::new(2025, 12, 31).unwrap();
    let mut files = BTreeMap::from([(0, rows(0)), (3, rows(6))]);
    lay(&mut study, &files);
    study.into = "first";
    study.run().unwrap();
    study.former = Some(study.out());
    files.insert(1, rows(3));
    lay(&mut study, &files);
    study.into = "second";
    study.run().unwrap();
    let parts = |name: &str| study.folder.path().join("second/identities").join(name);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let links = |name: &str| fs_err::metadata(parts(name)).unwrap().nlink();
        assert_eq!(links("00000.parquet"), 2, "the first file was taken over");
        assert_eq!(links("00001.parquet"), 1, "the new one was read");
        // What speaks of no number is linked where the number moved, too.
        let moved = study.folder.path().join("second/kept/00002.coverage.parquet");
        assert_eq!(
            fs_err::metadata(moved).unwrap().nlink(),
            2,
            "deaths were taken over"
        );
    }
    // Deaths were the second file and are the third.
    assert!(study.table("identities").contains("file=2  row=1  source=deaths"));
}
