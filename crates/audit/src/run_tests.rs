//! The stage over small tables: who is asked, what is said where nothing was sent, the same bytes on any thread.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use engine::{TableReader, TableWriter};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use vocabulary::table::{TableSchema, Value};

use crate::definition::Standards;
use crate::nurses::Staffing;
use crate::{Report, Request, run};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Writes rows of named cells; all others are blank.
pub(crate) fn table(path: &Path, schema: &TableSchema, rows: &[Vec<(&str, Value<'_>)>]) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer = TableWriter::create(path, schema).unwrap();
    for row in rows {
        let mut values = vec![Value::Null; schema.columns.len()];
        for (name, value) in row {
            let at = schema
                .column_index(name)
                .unwrap_or_else(|| panic!("no column {name}"));
            values[at] = value.clone();
        }
        writer.row(&values).unwrap();
    }
    writer.finish().unwrap();
}

const BODIES: [&str; 2] = ["AAA", "BBB"];

/// Sixty people newly diagnosed in 2021 at two hospitals; every record of COSD states a nurse for even ones.
fn world(root: &Path, care: bool) {
    let tables = |name: &str| root.join(format!("{name}.parquet"));
    let id = |person: i64| format!("P{person:08}");
    let ids: Vec<String> = (1..=60).map(id).collect();
    let records: Vec<String> = (1..=60).map(|row| format!("cosd.xml#R{row}")).collect();
    let names: Vec<String> = (1..=60).map(|row| format!("R{row}")).collect();
    let on = |index: usize| day("2021-03-01").plus_days(i32::try_from(index).unwrap());
    let each =
        |make: &dyn Fn(usize) -> Vec<(&'static str, Value<'static>)>| (0..60).map(make).collect::<Vec<_>>();
    let body = |index: usize| Value::Text(BODIES[index % 2]);
    let text = |texts: &'static [String], index: usize| Value::Text(&texts[index]);
    let (ids, records, names): (&'static [String], &'static [String], &'static [String]) =
        (ids.leak(), records.leak(), names.leak());
    let number = |index: usize| Value::Integer(i64::try_from(index).unwrap() + 1);
    table(
        &tables("files"),
        &layouts::tables::files(),
        &[vec![
            ("file", Value::Integer(0)),
            ("kind", Value::Text("cosd")),
            ("path", Value::Text("cosd.xml")),
        ]],
    );
    let cover = |kind: &'static str| {
        vec![
            ("kind", Value::Text(kind)),
            ("nation", Value::Text("N")),
            ("first_month", Value::Date(day("2015-01-01"))),
            ("last_month", Value::Date(day("2025-12-01"))),
        ]
    };
    table(
        &tables("coverage"),
        &layouts::tables::coverage(),
        &[cover("cosd")],
    );
    table(&tables("months"), &layouts::tables::months(), &[]);
    table(
        &tables("links"),
        &layouts::tables::links(),
        &each(&|index| {
            vec![
                ("file", Value::Integer(0)),
                ("row", number(index)),
                ("person", number(index)),
            ]
        }),
    );
    table(
        &tables("case_people"),
        &layouts::tables::case_people(),
        &each(&|index| vec![("person", number(index)), ("person_id", text(ids, index))]),
    );
    table(
        &tables("cases"),
        &layouts::tables::cases(),
        &each(&|index| {
            vec![
                ("person_id", text(ids, index)),
                ("kind", Value::Text("recurrent")),
                ("date", Value::Date(on(index))),
                ("organisation", body(index)),
                ("nation", Value::Text("N")),
                ("counted", Value::Flag(true)),
                ("new", Value::Flag(true)),
            ]
        }),
    );
    table(
        &tables("evidence"),
        &layouts::tables::evidence(),
        &each(&|index| {
            vec![
                ("person_id", text(ids, index)),
                ("strength", Value::Text("stated")),
                ("source", Value::Text("cosd")),
                ("date", Value::Date(on(index))),
                ("record_id", text(records, index)),
            ]
        }),
    );
    let cosd = layouts::tables::records("cosd").unwrap();
    table(
        &root.join("records/cosd/00000.parquet"),
        &cosd,
        &each(&|index| {
            let mut row = vec![
                ("file", Value::Integer(0)),
                ("row", number(index)),
                ("ID", text(names, index)),
                ("PATHWAY", Value::Text("non_primary")),
            ];
            if care {
                row.push(("CNS", Value::Text(if index % 4 == 0 { "Y1" } else { "NN" })));
                row.push(("REFERRAL_SOURCE", Value::Text("04")));
            }
            row
        }),
    );
    completeness(root);
    let living = |place: (&'static str, &'static str), people: f64| {
        let mut row: Vec<(&'static str, Value<'static>)> = ["kind", "sex", "age_band", "group_kind"]
            .map(|total| (total, Value::Text("all")))
            .to_vec();
        row.extend([
            ("place_kind", Value::Text(place.0)),
            ("place", Value::Text(place.1)),
            ("period", Value::Text("2025-12-31")),
            ("measure", Value::Text("living")),
            ("estimate", Value::Real(people)),
            ("low", Value::Real(people - 10.0)),
            ("high", Value::Real(people + 20.0)),
        ]);
        row
    };
    table(
        &tables("counts"),
        &layouts::tables::counts(),
        &[
            living(("organisation", "AAA"), 120.0),
            living(("organisation", "BBB"), 80.0),
            living(("nation", "N"), 900.0),
        ],
    );
}

/// What the stage count says of two hospitals in one year.
fn completeness(root: &Path) {
    let row = |organisation: &'static str| {
        vec![
            ("organisation", Value::Text(organisation)),
            ("period", Value::Text("2021")),
            ("kind", Value::Text("all")),
            ("recorded", Value::Integer(30)),
            ("found", Value::Integer(40)),
            ("status", Value::Text("partly")),
        ]
    };
    table(
        &root.join("completeness.parquet"),
        &layouts::tables::completeness(),
        &[row("AAA"), row("BBB")],
    );
}

pub(crate) fn registry() -> Registry {
    let head = "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors\n";
    let row = |code: &str| format!("{code},{code},{code},N,acute_trust,W,51.0,0.0,,,yes,no,\n");
    Registry::from_csv(&format!("{head}{}{}{}", row("AAA"), row("BBB"), row("CCC"))).unwrap()
}

fn staffing(organisation: &str, secondary_wte: f64) -> Staffing {
    Staffing {
        organisation: organisation.to_owned(),
        date: day("2025-03-31"),
        primary_wte: 2.0,
        secondary_wte,
        generic_wte: 0.0,
        support_wte: 0.0,
    }
}

fn ran(root: &Path, out: &Path, threads: usize) -> Report {
    fs_err::create_dir_all(out).unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let report = pool.install(|| {
        run(&Request {
            intake: root,
            linkage: root,
            casefind: root,
            count: root,
            registry: &registry(),
            standards: &Standards::built_in().unwrap(),
            staffing: &[staffing("AAA", 1.6), staffing("BBB", 0.4)],
            as_of: day("2025-12-31"),
            period: (day("2019-01-01"), day("2025-12-31")),
            cover: &BTreeMap::new(),
            out,
        })
    });
    report.unwrap_or_else(|error| panic!("{error}"))
}

fn rows(path: &Path, wanted: &[(&str, &str)], numbers: &[&str]) -> Vec<Vec<i64>> {
    let mut found = Vec::new();
    for batch in TableReader::open(path).unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.rows() {
            if wanted
                .iter()
                .all(|(name, value)| batch.text(name).unwrap().get(row) == Some(value))
            {
                let number = |name: &&str| batch.integer(name).unwrap().get(row).unwrap();
                found.push(numbers.iter().map(number).collect());
            }
        }
    }
    found
}

#[test]
fn everybody_found_is_asked_and_answers_are_counted_where_they_belong() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path(), true);
    let out = folder.path().join("out");
    let report = ran(folder.path(), &out, 2);
    assert_eq!(report.people, 60);
    let cells = ["population", "numerator", "denominator", "missing", "excluded"];
    let nurse = |organisation: &str, period: &str| {
        let wanted = [
            ("indicator", "nurse"),
            ("organisation", organisation),
            ("nation", "N"),
            ("period", period),
        ];
        rows(&out.join("standards.parquet"), &wanted, &cells)
    };
    // One in four saw a nurse, and all of them at AAA.
    assert_eq!(nurse("AAA", "2021"), [[30, 15, 30, 0, 0]]);
    assert_eq!(nurse("BBB", "all"), [[30, 0, 30, 0, 0]]);
    assert_eq!(nurse("all", "2021"), [[60, 15, 60, 0, 0]]);
    // All who are known came as an emergency, since no admissions show the others: that is no share.
    let route = report
        .not_measured
        .iter()
        .find(|one| one.indicator == "emergency-route")
        .unwrap();
    assert_eq!(
        route.words,
        "No file of this study holds HES ADMIMETH (a file of kind `admissions`)."
    );
    let nurses = rows(
        &out.join("nurses.parquet"),
        &[("nation", "N"), ("organisation", "all")],
        &["in_scope", "answered", "with_dedicated_nurse"],
    );
    assert_eq!(nurses, [[3, 2, 2]]);
    // The people beside those nurses are those of the two that answered, not the nation's 900: (120 + 80) / 2.
    let batch = TableReader::open(&out.join("nurses.parquet"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let nation = (0..batch.rows())
        .find(|&row| batch.text("organisation").unwrap().get(row) == Some("all"))
        .unwrap();
    let each = |name: &str| batch.real(name).unwrap().get(nation).unwrap();
    assert_eq!(
        [
            each("people_per_nurse"),
            each("people_per_nurse_low"),
            each("people_per_nurse_high")
        ],
        [100.0, 90.0, 120.0]
    );
}

fn pack(out: &Path, name: &str) -> serde_json::Value {
    let text = fs_err::read_to_string(out.join("packs").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_pack_holds_its_own_place_and_of_others_only_what_they_are_together() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path(), true);
    let out = folder.path().join("out");
    ran(folder.path(), &out, 2);
    let mut names: Vec<String> = fs_err::read_dir(out.join("packs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["AAA.json", "BBB.json", "nation-n.json", "network-w.json"]);
    let of = |name: &str| {
        let pack = pack(&out, name);
        let rows = pack["standards"].as_array().unwrap();
        let nurse = rows
            .iter()
            .find(|row| row["indicator"] == "nurse" && row["period"] == "all")
            .unwrap();
        (nurse["numerator"].clone(), nurse["denominator"].clone())
    };
    assert_eq!(of("AAA.json"), (15.into(), 30.into()));
    assert_eq!(of("BBB.json"), (0.into(), 30.into()));
    // The network is the sum of its two organisations, and here the whole nation.
    assert_eq!(of("network-w.json"), (15.into(), 60.into()));
    assert_eq!(of("nation-n.json"), (15.into(), 60.into()));
    let own = pack(&out, "AAA.json");
    assert_eq!(own["version"], 1);
    assert_eq!(own["completeness"][0]["recorded"], 30);
    assert_eq!(own["completeness"][0]["estimate"], serde_json::Value::Null);
    assert_eq!(own["nurses"][0]["secondary_wte"], 1.6);
    assert!(own["indicators"].as_array().unwrap().len() > 20);
    let text = own.to_string();
    assert!(!text.contains("BBB"), "another organisation is named");
    assert!(!text.contains("P000000"), "a person is named");
    assert_eq!(
        pack(&out, "network-w.json")["organisations"],
        serde_json::json!(["AAA", "BBB", "CCC"])
    );
}

#[test]
fn a_study_without_care_says_what_is_missing_and_shows_no_number() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path(), false);
    let out = folder.path().join("out");
    let report = ran(folder.path(), &out, 1);
    assert_eq!((report.measured, report.rows), (0, 0));
    let standards: std::collections::BTreeSet<u8> =
        report.not_measured.iter().map(|one| one.standard).collect();
    assert_eq!(standards.into_iter().filter(|one| *one > 0).count(), 11);
    insta::assert_snapshot!(
        report
            .not_measured
            .iter()
            .map(|one| format!("{:>2} {}: {}", one.standard, one.indicator, one.words))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn the_same_tables_give_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path(), true);
    let (one, many) = (folder.path().join("one"), folder.path().join("many"));
    assert_eq!(ran(folder.path(), &one, 1), ran(folder.path(), &many, 4));
    for name in [
        "standards",
        "indicators",
        "variation",
        "disparity",
        "delays",
        "first_line",
        "care_over_time",
        "nurses",
    ] {
        let file = format!("{name}.parquet");
        assert!(
            fs_err::read(one.join(&file)).unwrap() == fs_err::read(many.join(&file)).unwrap(),
            "{name}"
        );
    }
    for name in ["AAA", "BBB", "nation-n", "network-w"] {
        let file = format!("packs/{name}.json");
        assert!(
            fs_err::read(one.join(&file)).unwrap() == fs_err::read(many.join(&file)).unwrap(),
            "{name}"
        );
    }
}
