//! Files whose bytes are not what they seem: lines that read like our own mark, and Parquet that was damaged on its way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use drawn::Study;
use engine::TableWriter;
use intake::{CheckOptions, Limits, Narrowing, Sheet, check};
use proptest::prelude::*;
use vocabulary::code::CodeSet;
use vocabulary::date::Date;
use vocabulary::table::{Kind, TableSchema, Value};

/// The reader puts a mark behind the last row. A line that reads like it is a row of the file: nothing behind it is hidden.
#[test]
fn a_line_like_the_end_mark_is_a_row_wherever_it_stands() {
    let header = "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n";
    let row = "4010232137,1950-05-01,C509,2022-01-01\n";
    let mark = "\u{1}counted:end\u{1}";
    let many = row.repeat(20_000);
    for (text, rows) in [
        (format!("{header}{row}{mark}\n{row}"), 3),
        (format!("{header}{row}\"{mark}\"\n{row}"), 3),
        (format!("{header}{row}{mark}\r\n\r\n{row}"), 3),
        (format!("{header}{mark}\n{many}"), 20_001),
        (format!("{header}{many}{mark}\n{many}"), 40_001),
        (format!("{header}{row}{mark}"), 2),
        (format!("{header}{row}{mark}\n"), 2),
        (format!("{header}{row}{mark}\n\n"), 2),
        (format!("{header}{row}\n{mark}\n{mark}"), 3),
        (format!("{header}{row}"), 1),
    ] {
        let utf16: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [text.clone().into_bytes(), utf16] {
            let report = Study::of("rtds", bytes).run().unwrap();
            assert_eq!(report.sources[0].rows, rows, "{}", text.len());
        }
    }
}

/// A file of admissions as a warehouse writes it.
fn parquet() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let columns = [
        ("NEWNHSNO", Kind::Text),
        ("DOB", Kind::Date),
        ("EPISTART", Kind::Date),
        ("SEX", Kind::Integer),
        ("DIAG_01", Kind::Text),
    ];
    let mut writer = TableWriter::create(&path, &TableSchema::new("theirs", 1, &columns)).unwrap();
    for row in 0..300_i64 {
        let code = format!("C{}", 500 + row % 10);
        let date = |year| Value::Date(Date::new(year, 1, 2).unwrap());
        let blank = row % 7 == 0;
        let sex = if blank { Value::Null } else { 2_i64.into() };
        let row = [
            "4010232137".into(),
            date(1950),
            date(2020),
            sex,
            Value::Text(&code),
        ];
        writer.row(&row).unwrap();
    }
    writer.finish().unwrap();
    fs_err::read(&path).unwrap()
}

/// A damaged file is read, or is one file of many that cannot be, by everybody who reads files; nobody is stopped by it.
fn nobody_stops(bytes: &[u8]) {
    let mut study = Study::new();
    study
        .source("admissions", &[("a.parquet", bytes)])
        .unreadable_set_aside = true;
    study.source(
        "deaths",
        &[(
            "deaths.csv",
            b"NHSNUMBER,DOB,DOD\n4010232137,1950-05-01,2024-05-06\n",
        )],
    );
    assert_eq!(study.run().unwrap().sources[1].rows, 1);
    let codes = BTreeMap::from([("DIAG".to_owned(), CodeSet::from_lines(["C50"]))]);
    study.narrow = Some(Narrowing {
        people: BTreeMap::from([("admissions".to_owned(), Some(codes))]),
        tumours_alone: true,
    });
    study.into = "narrow";
    assert_eq!(study.run().unwrap().sources[1].rows, 1);

    let path = study.folder.path().join("a.parquet");
    if let Ok(mut sheet) = Sheet::open(&path, "a.parquet", Limits::default()) {
        while let Ok(Some(_)) = sheet.next_row() {}
    }
    for kind in [None, Some("admissions")] {
        checked(&path, kind);
    }
}

fn checked(path: &Path, kind: Option<&str>) -> Option<String> {
    let options = CheckOptions {
        kind,
        as_of: Date::new(2025, 12, 31).unwrap(),
        is_today: false,
        limits: Limits::default(),
        organisations: None,
        progress: &|_, _| {},
    };
    let report = check(&[("a.parquet".to_owned(), path.to_owned())], &options);
    report.error().map(ToString::to_string)
}

/// Arrow's own schema is kept in the file as letters; readers of it stop the program where it names a type that there
/// is not.
#[test]
fn a_damaged_schema_is_an_error_of_its_file() {
    let whole = parquet();
    let key = b"ARROW:schema";
    let start = whole.windows(key.len()).position(|bytes| bytes == key).unwrap() + key.len();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let (mut said, mut refused) = (BTreeSet::new(), Vec::new());
    for at in (start..whole.len() - 8).step_by(3) {
        for letter in *b"A/4" {
            let mut bytes = whole.clone();
            bytes[at] = letter;
            fs_err::write(&path, &bytes).unwrap();
            if let Some(error) = checked(&path, Some("admissions")) {
                said.insert(error);
                refused = bytes;
            }
        }
    }
    nobody_stops(&refused);
    assert!(
        said.contains(
            "a.parquet: cannot be read whole: it is damaged, or no Parquet file; write the file again"
        ),
        "{said:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    /// Some bytes anywhere are others; the second half of the cases damages what the file says of itself, at its end.
    #[test]
    fn damaged_parquet_stops_nobody(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        at_the_end in any::<bool>(),
    ) {
        let mut bytes = parquet();
        let length = bytes.len();
        let said = u32::from_le_bytes(bytes[length - 8..length - 4].try_into().unwrap());
        let start = if at_the_end { length - 8 - said as usize } else { 4 };
        for (at, byte) in damage {
            let at = start + at.index(length - 8 - start);
            bytes[at] = byte;
        }
        nobody_stops(&bytes);
    }
}
