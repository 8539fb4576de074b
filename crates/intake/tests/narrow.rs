//! Reading only what is asked for, beside reading everything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::{BTreeMap, BTreeSet};

use drawn::Study;
use engine::{TableReader, TableWriter};
use intake::Narrowing;
use proptest::prelude::*;
use vocabulary::code::{CodeSet, of_tumours};
use vocabulary::table::{Kind, TableSchema, Value};

const ADMISSIONS: [&str; 7] = [
    "NEWNHSNO",
    "ADMIDATE",
    "PROCODE",
    "DIAG_01",
    "DIAG_02",
    "DIAG_03",
    "PSEUDO_HESID",
];
const TREATMENTS: [&str; 4] = [
    "NHS_Number",
    "Start_Date_Of_Regimen",
    "Primary_Diagnosis",
    "Person",
];

/// Numbers as systems write them: two people, one of them with a number that begins with a zero, and nobody.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("4010232137"),
        Just("401 023 2137"),
        Just("4010232137.0"),
        Just("=\"4010232137.0\""),
        Just("0101503214"),
        Just("101503214"),
        Just("4010232138"),
        Just("9999999999"),
        Just("null"),
        Just(""),
        Just("12"),
        Just("x"),
    ]
    .prop_map(str::to_owned)
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(""),
        Just("-"),
        Just("k1"),
        Just(" k1 "),
        Just("k2"),
        Just("Null"),
        Just("NA"),
        Just("0"),
        Just("7"),
        Just("7.0"),
        Just("'7"),
        Just("=\"7\""),
    ]
    .prop_map(str::to_owned)
}

/// Codes as hospitals write them: well, badly, and not at all.
fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[A-DZ][0-9]{2}[0-9]?",
        "[cCdD][0-9]{2}\\.[0-9X]( ?[DA+*])?",
        "( |-|&){1,4}|null|C50 C79|C\u{e9}|C50X9Z1| C509 |c50|Z85\\.3",
    ]
}

fn admission() -> impl Strategy<Value = Vec<String>> {
    let day = prop_oneof!["2020-0[1-9]-1[0-9]", Just("2031-01-01".to_owned()), "x?"];
    (number(), day, "(RTH|XX)?", code(), code(), code(), key())
        .prop_map(|(number, day, body, a, b, c, key)| vec![number, day, body, a, b, c, key])
}

fn treatment() -> impl Strategy<Value = Vec<String>> {
    (number(), "2020-0[1-9]-1[0-9]", code(), key())
        .prop_map(|(number, day, code, key)| vec![number, day, code, key])
}

/// What is looked for: people with C50 or its history, and nothing but tumours of their admissions.
fn narrowing(tumours_alone: bool) -> Narrowing {
    let codes = |codes: &[&str]| CodeSet::from_lines(codes.iter().copied());
    let one = |column: &str, set| Some(BTreeMap::from([(column.to_owned(), set)]));
    Narrowing {
        people: BTreeMap::from([
            ("admissions".to_owned(), one("DIAG", codes(&["C50", "Z853"]))),
            ("sact".to_owned(), one("PRIMARY_DIAGNOSIS", codes(&["C50"]))),
        ]),
        tumours_alone,
    }
}

/// A study of a file of admissions and one of treatments.
fn study(
    admissions: &[Vec<String>],
    treatments: &[Vec<String>],
    parquet: bool,
    narrow: Option<Narrowing>,
) -> Study {
    let mut study = Study::new();
    study.narrow = narrow;
    file(&mut study, "admissions", &ADMISSIONS, admissions, parquet);
    file(&mut study, "sact", &TREATMENTS, treatments, parquet);
    study.sources[1].person_key = Some("Person".to_owned());
    study.sources[1].key_space = Some("hes".to_owned());
    study.sources[0].key_space = Some("hes".to_owned());
    study
}

fn file(study: &mut Study, kind: &str, header: &[&str], rows: &[Vec<String>], parquet: bool) {
    let name = format!("{kind}.{}", if parquet { "parquet" } else { "csv" });
    study.source(kind, &[]);
    let path = study.folder.path().join(name);
    if parquet {
        let columns: Vec<(&str, Kind)> = header.iter().map(|name| (*name, Kind::Text)).collect();
        let mut writer = TableWriter::create(&path, &TableSchema::new("theirs", 1, &columns)).unwrap();
        for row in rows {
            let cell = |text: &'_ String| !text.is_empty();
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
        writer.write_record(header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    }
    // The name in the tables is the same for both.
    study.sources.last_mut().unwrap().paths = vec![(kind.to_owned(), path)];
}

/// A record of the tables: its file and row, whose it is by number, and its codes.
type Record = ((i64, i64), Option<String>, String);

/// All records that intake wrote, from its tables and not from its files.
fn records(study: &Study) -> Vec<Record> {
    let mut codes: BTreeMap<(i64, i64), String> = BTreeMap::new();
    for (table, column) in [("admissions", "DIAG"), ("sact", "PRIMARY_DIAGNOSIS")] {
        each(study, &format!("records/{table}"), |batch, row, place| {
            let text = batch.text(column).unwrap().get(row).unwrap_or_default();
            codes.insert(place, text.to_owned());
        });
    }
    let mut records = Vec::new();
    each(study, "identities", |batch, row, place| {
        let cell = |name: &str| batch.text(name).unwrap().get(row).map(str::to_owned);
        let number = cell("number").map(|number| format!("{number} {:?}", cell("number_kind")));
        let key = || cell("key").map(|key| format!("{:?} {key}", cell("key_space")));
        records.push((place, number.or_else(key), codes.remove(&place).unwrap()));
    });
    records
}

fn each(study: &Study, folder: &str, mut take: impl FnMut(&engine::Batch, usize, (i64, i64))) {
    let mut parts: Vec<_> = fs_err::read_dir(study.out().join(folder))
        .unwrap()
        .map(|part| part.unwrap().path())
        .collect();
    parts.sort();
    for part in parts {
        for batch in TableReader::open(&part).unwrap() {
            let batch = batch.unwrap();
            for row in 0..batch.rows() {
                let place = |name| batch.integer(name).unwrap().get(row).unwrap();
                take(&batch, row, (place("file"), place("row")));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the cells hold: what is read is a part of what everything would have given, the same from CSV as from
    /// Parquet; whoever some record names is there with all that is asked for, and every row is accounted for.
    #[test]
    fn what_is_asked_for_is_there(
        admissions in prop::collection::vec(admission(), 1..40),
        treatments in prop::collection::vec(treatment(), 1..12),
        tumours_alone: bool,
    ) {
        let whole = study(&admissions, &treatments, false, None);
        let Ok(of_whole) = whole.run() else {
            return Ok(());
        };
        let all = records(&whole);
        let names = |file: i64, codes: &str| {
            let of_kind = if file == 0 { vec!["C50", "Z853"] } else { vec!["C50"] };
            CodeSet::from_lines(of_kind).contains_any(codes)
        };
        let named: BTreeSet<&String> = all
            .iter()
            .filter(|((file, _), _, codes)| names(*file, codes))
            .filter_map(|(_, who, _)| who.as_ref())
            .collect();
        let mut bytes = Vec::new();
        for parquet in [false, true] {
            let narrow = study(&admissions, &treatments, parquet, Some(narrowing(tumours_alone)));
            let report = narrow.run().unwrap();
            let kept = records(&narrow);
            prop_assert!(kept.iter().all(|record| all.contains(record)));
            for record @ ((file, _), who, codes) in &all {
                let asked = *file == 1 || !tumours_alone || of_tumours().contains_any(codes);
                // A record that stands alone can only name itself.
                let of_them = who
                    .as_ref()
                    .map_or_else(|| names(*file, codes), |who| named.contains(who));
                if asked && of_them {
                    prop_assert!(kept.contains(record), "{:?} is missing", record);
                }
                if !asked {
                    prop_assert!(!kept.contains(record), "{:?} is not asked for", record);
                }
            }
            prop_assert_eq!(narrow.out().join("excerpts").exists(), !tumours_alone);
            for (source, of_whole) in report.sources.iter().zip(&of_whole.sources) {
                prop_assert_eq!(source.rows, of_whole.rows);
                let set_aside: u64 = source.set_aside.values().sum();
                prop_assert_eq!(source.rows, source.in_identities + set_aside + source.passed_over);
            }
            bytes.push((narrow.table("identities"), narrow.table("records/admissions"), narrow.table("records/sact")));
        }
        prop_assert_eq!(&bytes[0], &bytes[1]);
    }
}

/// A treatment of somebody whom nothing names.
fn other() -> Vec<String> {
    ["0101503214", "2020-01-01", "C34", ""]
        .map(str::to_owned)
        .to_vec()
}

/// Of people whom no record names nothing is read, and nothing said; a file of nothing else is no error.
#[test]
fn a_file_of_others_is_no_error() {
    let row = |number: &str, code: &str| {
        [number, "no date", "RTH", code, "", "", ""]
            .map(str::to_owned)
            .to_vec()
    };
    let admissions = [
        row("4010232137", "C34"),
        row("4010232137", "not a code"),
        row("", "I10"),
    ];
    for parquet in [false, true] {
        let study = study(&admissions, &[other()], parquet, Some(narrowing(true)));
        let report = study.run().unwrap();
        assert_eq!(report.sources[0].passed_over, 3);
        assert_eq!(report.sources[1].passed_over, 1);
        let problems = study.table("problems");
        assert_eq!(problems.lines().filter(|line| line.contains("row=")).count(), 0);
    }
}

/// A record that says who it is about only by a pseudonym, beside one with number and pseudonym, is another person by
/// number alone; yet its rows are read, since nobody knows before whether the number holds.
#[test]
fn a_number_whose_check_fails_gives_way_to_the_pseudonym() {
    let row = |number: &str, code: &str, key: &str| {
        [number, "2020-01-01", "RTH", code, "", "", key]
            .map(str::to_owned)
            .to_vec()
    };
    let admissions = [
        row("4010232138", "C509", "k1"),
        row("", "C787", "k1"),
        row("4010232137", "C787", "k2"),
    ];
    for parquet in [false, true] {
        let study = study(&admissions, &[other()], parquet, Some(narrowing(true)));
        let report = study.run().unwrap();
        assert_eq!(
            (report.sources[0].in_identities, report.sources[0].passed_over),
            (2, 1)
        );
    }
}

/// Where every record of a kind may name somebody, all its people are looked for; the kinds that name nobody are read for
/// people known from elsewhere.
#[test]
fn a_kind_may_name_everybody_or_nobody() {
    let numbers = |rows: &[&str]| rows.iter().map(|n| format!("{n}\n")).collect::<String>();
    let admissions = format!(
        "NEWNHSNO,ADMIDATE,DIAG_01\n{}",
        numbers(&["4010232137,2020-01-01,C787", "0101503214,2020-01-01,C787"])
    );
    let treatments = "NHS_Number,Primary_Diagnosis,Start_Date_Of_Regimen\n4010232137,C34,2022-01-01\n";
    for (people, kept) in [
        (BTreeMap::from([("sact".to_owned(), None)]), [1, 1]),
        (BTreeMap::from([("deaths".to_owned(), None)]), [0, 0]),
        (
            BTreeMap::from([("admissions".to_owned(), None), ("sact".to_owned(), None)]),
            [2, 1],
        ),
    ] {
        let mut study = Study::of("admissions", &admissions);
        study.source("sact", &[("sact.csv", treatments.as_bytes())]);
        study.narrow = Some(Narrowing {
            people,
            tumours_alone: true,
        });
        let report = study.run().unwrap();
        let read: Vec<u64> = report.sources.iter().map(|source| source.in_identities).collect();
        assert_eq!(read, kept);
    }
}
