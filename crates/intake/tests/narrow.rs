//! Reading only what speaks of a tumour, beside reading everything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use drawn::Study;
use engine::TableWriter;
use proptest::prelude::*;
use vocabulary::table::{Kind, TableSchema, Value};

const HEADER: [&str; 7] = [
    "NEWNHSNO",
    "ADMIDATE",
    "PROCODE",
    "DIAG_01",
    "DIAG_02",
    "DIAG_03",
    "OPERTN_01",
];

/// A row of admissions, its codes as hospitals write them: well, badly, and not at all.
fn row() -> impl Strategy<Value = [String; HEADER.len()]> {
    let code = || {
        prop_oneof![
            Just(String::new()),
            "[A-DZ][0-9]{2}[0-9]?",
            "[cCdD][0-9]{2}\\.[0-9X]( ?[DA+*])?",
            "( |-|&){1,4}|null|C50 C79|C\u{e9}|C50X9Z1| C509 |Z85\\.3",
        ]
    };
    let number = prop_oneof![Just("4010232137".to_owned()), "[0-9]{0,10}"];
    let day = prop_oneof!["2020-0[1-9]-1[0-9]", Just("2031-01-01".to_owned()), "x?"];
    (number, day, "(RTH|XX)?", code(), code(), code(), "(B27)?")
        .prop_map(|(number, day, body, a, b, c, operation)| [number, day, body, a, b, c, operation])
}

/// A study of one file of admissions.
fn study(rows: &[[String; HEADER.len()]], parquet: bool, narrow: bool) -> Study {
    let mut study = Study::new();
    study.narrow = narrow;
    let name = if parquet { "a.parquet" } else { "a.csv" };
    study.source("admissions", &[]);
    let path = study.folder.path().join(name);
    if parquet {
        let columns = HEADER.map(|name| (name, Kind::Text));
        let mut writer = TableWriter::create(&path, &TableSchema::new("theirs", 1, &columns)).unwrap();
        for row in rows {
            let cell = |cell: &'_ String| !cell.is_empty();
            let cells: Vec<Value<'_>> = row
                .iter()
                .map(|text| {
                    if cell(text) {
                        Value::Text(text)
                    } else {
                        Value::Null
                    }
                })
                .collect();
            writer.row(&cells).unwrap();
        }
        writer.finish().unwrap();
    } else {
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(HEADER).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    }
    // The name in the tables is the same for both.
    study.sources[0].paths = vec![("a".to_owned(), path)];
    study
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the cells hold: what is read is the excerpt of what everything would have given, whole and no more, from
    /// CSV as from Parquet, and every row is accounted for.
    #[test]
    fn what_is_read_is_the_excerpt_of_the_whole(rows in prop::collection::vec(row(), 1..40)) {
        let whole = study(&rows, false, false);
        let Ok(of_whole) = whole.run() else {
            return Ok(());
        };
        for parquet in [false, true] {
            let narrow = study(&rows, parquet, true);
            let report = narrow.run().unwrap();
            prop_assert_eq!(narrow.table("records/admissions"), whole.table("excerpts/admissions"));
            prop_assert!(!narrow.out().join("excerpts").exists());
            let source = &report.sources[0];
            prop_assert_eq!(source.rows, of_whole.sources[0].rows);
            let set_aside: u64 = source.set_aside.values().sum();
            prop_assert_eq!(source.rows, source.in_identities + set_aside + source.passed_over);
            let kept = narrow.table("identities");
            let all = whole.table("identities");
            prop_assert!(kept.lines().all(|line| all.lines().any(|other| other == line)));
            prop_assert_eq!(kept.lines().count() as u64, source.in_identities);
        }
    }
}

/// Rows without a tumour are passed over unread: nothing is said of them, and a file of nothing else is no error.
#[test]
fn a_file_without_a_tumour_is_no_error() {
    let row = |code: &str| ["1", "no date", "RTH", code, "", "", ""].map(str::to_owned);
    for parquet in [false, true] {
        let study = study(&[row("I10"), row("not a code"), row("")], parquet, true);
        let report = study.run().unwrap();
        assert_eq!(report.sources[0].passed_over, 3);
        assert_eq!(
            study
                .table("problems")
                .lines()
                .filter(|line| line.contains("row="))
                .count(),
            0
        );
    }
}

/// Kinds without an excerpt are read whole.
#[test]
fn other_kinds_are_read_whole() {
    let mut study = Study::of(
        "sact",
        "NHS_Number,Primary_Diagnosis,Start_Date_Of_Regimen\n4010232137,I10,2022-01-01\n",
    );
    study.narrow = true;
    assert_eq!(study.run().unwrap().sources[0].in_identities, 1);
}
