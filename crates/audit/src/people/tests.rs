//! Which records are those of the diagnosis, whose a case is, and which records are of another cancer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use engine::GroupWriter;
use vocabulary::table::Value;

use super::*;
use crate::definition::Standards;
use crate::run_tests::{registry, table};

fn date(text: &str) -> Value<'static> {
    Value::Date(text.parse().unwrap())
}

/// Six people of one hospital and nine records of COSD: one of the first and of the fifth, two of the second and of the sixth,
/// three of the fourth.
fn world(root: &Path) {
    let own = |name: &str| root.join(format!("{name}.parquet"));
    let file = vec![
        ("file", Value::Integer(0)),
        ("kind", Value::Text("cosd")),
        ("path", Value::Text("cosd.xml")),
    ];
    table(&own("files"), &layouts::tables::files(), &[file]);
    let record = |row: i64| vec![("file", Value::Integer(0)), ("row", Value::Integer(row))];
    let link = |(row, person): (i64, i64)| {
        let mut link = record(row);
        link.push(("person", Value::Integer(person)));
        link
    };
    let links: Vec<_> = (1..).zip([1, 2, 2, 4, 4, 4, 5, 6, 6]).map(link).collect();
    table(&own("links"), &layouts::tables::links(), &links);
    let ids = ["P1", "P2", "P3", "P4", "P5", "P6"];
    let person = |(number, id)| vec![("person", Value::Integer(number)), ("person_id", Value::Text(id))];
    let people: Vec<_> = (1..).zip(ids).map(person).collect();
    table(&own("case_people"), &layouts::tables::case_people(), &people);
    let case = |(id, on)| {
        vec![
            ("person_id", Value::Text(id)),
            ("date", date(on)),
            ("organisation", Value::Text("AAA")),
            ("nation", Value::Text("N")),
            ("counted", Value::Flag(true)),
            ("new", Value::Flag(true)),
        ]
    };
    let first = [("P1", "2020-01-10")];
    let others = ids.into_iter().skip(1).map(|id| (id, "2021-03-01"));
    let mut cases: Vec<_> = first.into_iter().chain(others).map(case).collect();
    // The third was found at death, and nobody could have shown it before: there is no `only_at_death_organisation`.
    cases[2].push(("only_at_death", Value::Flag(true)));
    table(&own("cases"), &layouts::tables::cases(), &cases);
    table(&own("evidence"), &layouts::tables::evidence(), &evidence());
    let names = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"];
    let cosd = |(row, name)| {
        let mut own = record(row);
        own.push(("ID", Value::Text(name)));
        if row == 5 {
            own.push(("PRIMARY_DIAGNOSIS", Value::Text("C341")));
        }
        own
    };
    let records: Vec<_> = (1..).zip(names).map(cosd).collect();
    let schema = layouts::tables::records("cosd").unwrap();
    table(&root.join("records/cosd/00000.parquet"), &schema, &records);
    let assessed = |row| {
        let mut own = record(row);
        own.push(("ASSESSED_ON", date("2021-03-10")));
        own.push(("STATUS", Value::Text("02")));
        own
    };
    let schema = layouts::tables::records("cosd.assessment").unwrap();
    let sections = [5, 6].map(assessed);
    table(
        &root.join("records/cosd.assessment/00000.parquet"),
        &schema,
        &sections,
    );
}

/// What hospitals stated: of the fifth one, of the sixth two, and all three without a day.
fn evidence() -> Vec<Vec<(&'static str, Value<'static>)>> {
    let stated = |(id, body, on, record): (&'static str, &'static str, &str, &'static str)| {
        vec![
            ("person_id", Value::Text(id)),
            ("strength", Value::Text("stated")),
            ("source", Value::Text("cosd")),
            ("date", if on.is_empty() { Value::Null } else { date(on) }),
            ("organisation", Value::Text(body)),
            ("record_id", Value::Text(record)),
        ]
    };
    let rows = [
        ("P1", "AAA", "2023-06-01", "cosd.xml#R1"),
        ("P2", "AAA", "2021-04-15", "cosd.xml#R2"),
        ("P2", "AAA", "2021-05-30", "cosd.xml#R3"),
        ("P4", "AAA", "2021-03-01", "cosd.xml#R4"),
        ("P5", "AAA", "", "cosd.xml#R7"),
        ("P6", "AAA", "", "cosd.xml#R8"),
        ("P6", "BBB", "", "cosd.xml#R9"),
    ];
    rows.map(stated).to_vec()
}

fn everybody(root: &Path, standards: &Standards, every_record: bool) -> People {
    read(&Input {
        intake: root,
        linkage: root,
        casefind: root,
        people: &root.join("case_people.parquet"),
        registry: &registry(),
        standards,
        asked: &Asked::of(standards).unwrap(),
        primaries: None,
        every_record,
    })
    .unwrap()
}

/// The second was first stated 45 days after the day of the case, the fourth on the day, the fifth and sixth without a day.
#[test]
fn a_case_keeps_apart_the_records_that_have_its_very_day() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    let people = everybody(folder.path(), &Standards::built_in().unwrap(), true);
    let of = |index: usize| {
        let case = people.people[index].case.as_ref().unwrap();
        (case.records.clone(), case.first_shown.clone())
    };
    assert_eq!(of(1), (vec![record_key(0, 2)], Vec::new()));
    assert_eq!(of(3), (vec![record_key(0, 4)], vec![record_key(0, 4)]));
    // No evidence of the fifth has a day, so the case has that of the one file that stated it. Which of two files gave the sixth its
    // day is not known, and neither body is told.
    assert_eq!(of(4), (vec![record_key(0, 7)], vec![record_key(0, 7)]));
    assert_eq!(of(5), (Vec::new(), Vec::new()));
}

#[test]
fn records_of_later_and_of_another_cancer_say_nothing_of_the_diagnosis() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    world(root);
    let standards = Standards::built_in().unwrap();
    let people = everybody(root, &standards, false);
    let case = |index: usize| people.people[index].case.as_ref().unwrap();
    // Treatment showed the disease three years before a hospital stated it.
    assert_eq!(case(0).records, Vec::<RecordKey>::new());
    // The second statement lies 45 days after the first: another event.
    assert_eq!(case(1).records, [record_key(0, 2)]);
    assert_eq!(case(3).records, [record_key(0, 4)]);
    let whose = |index: usize| (case(index).organisation.as_deref(), case(index).nation.as_deref());
    assert_eq!(whose(1), (Some("AAA"), Some("N")));
    assert_eq!(whose(2), (None, Some("N")));
    // Of two assessments on one day one stands in a record of lung cancer.
    let is_assessment = |fact: &&Fact| standards.facts[usize::from(fact.fact)].name == "assessment";
    let assessed: Vec<RecordKey> = people
        .facts
        .iter()
        .filter(is_assessment)
        .map(|fact| fact.record)
        .collect();
    assert_eq!(assessed, [record_key(0, 6)]);
}

/// A part is read in as many shares as there are threads, and a record or the same fact may lie in two of them.
#[test]
fn a_part_says_the_same_in_any_number_of_shares() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    world(root);
    let schema = layouts::tables::records("cosd.assessment").unwrap();
    let part = root.join("records/cosd.assessment/00000.parquet");
    let mut writer = GroupWriter::create(&part, &schema, &[]).unwrap();
    for (row, on) in [(2, 9), (4, 10), (4, 10), (4, 12), (5, 10), (6, 10), (6, 10)] {
        let cells = schema.columns.iter().map(|column| match column.name.as_str() {
            "file" => Value::Integer(0),
            "row" => Value::Integer(row),
            "ASSESSED_ON" => date(&format!("2021-03-{on:02}")),
            "STATUS" => Value::Text("02"),
            _ => Value::Null,
        });
        writer.row(&cells.collect::<Vec<_>>()).unwrap();
        writer.end_group().unwrap();
    }
    writer.finish().unwrap();
    let standards = Standards::built_in().unwrap();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let people = pool.install(|| everybody(root, &standards, false));
        (people.facts, people.stated)
    };
    let whole = with(1);
    let is_assessment = |fact: &&Fact| standards.facts[usize::from(fact.fact)].name == "assessment";
    let records: Vec<RecordKey> = whole
        .0
        .iter()
        .filter(is_assessment)
        .map(|fact| fact.record)
        .collect();
    assert_eq!(records, [2, 4, 6, 4].map(|row| record_key(0, row)));
    for threads in [2, 3, 9] {
        assert_eq!(with(threads), whole, "{threads} threads");
    }
}
