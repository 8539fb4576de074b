//! People keep their ids.

use std::collections::{BTreeMap, BTreeSet};

use super::study::{File, Study, nation, persons};
use crate::cascade::tests::row::Row;
use crate::{Operation, OperationKind};

fn operations(out: &std::path::Path) -> Vec<Operation> {
    let text = fs_err::read_to_string(out.join("operations.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Former people that are in no operation have exactly the records they had, as far as these are still there.
fn unchanged(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    operations: &[Operation],
) -> usize {
    let touched: Vec<&String> = operations
        .iter()
        .flat_map(|operation| operation.before.iter().chain(&operation.after))
        .collect();
    let mut checked = 0;
    for (record, person) in before {
        if let Some(now) = after.get(record)
            && !touched.contains(&person)
        {
            assert_eq!(now, person, "{record}");
            checked += 1;
        }
    }
    checked
}

#[test]
fn a_new_file_in_the_middle_changes_nobody_s_id() {
    let all = nation(21, 1_200);
    let without: Vec<File> = all.iter().filter(|file| file.kind != "cwt").cloned().collect();
    let mut study = Study::new(&without);
    let (former, first) = study.run(None);
    study.write(all);
    let (out, report) = study.run(Some(&former));
    let (before, after) = (persons(&former), persons(&out));
    let operations = operations(&out);
    assert!(unchanged(&before, &after, &operations) * 100 > before.len() * 99);
    assert_eq!((report.merges + report.splits) as usize, operations.len());
    // New records, so merges only; every id that went was merged into another.
    let merged: usize = operations
        .iter()
        .map(|operation| operation.before.len() - 1)
        .sum();
    assert_eq!(report.kept as usize + merged, first.people as usize);
    assert!(
        operations
            .iter()
            .all(|operation| operation.operation == OperationKind::Merge && operation.rule.is_some())
    );
    let old: BTreeSet<&String> = before.values().collect();
    let new = after
        .iter()
        .filter(|(record, _)| record.starts_with("cwt"))
        .filter(|(_, person)| !old.contains(person));
    assert!(
        new.clone().count() > 0
            && new
                .into_iter()
                .all(|(_, person)| person[1..].parse::<u64>().unwrap() > first.people)
    );
}

#[test]
fn ids_survive_a_file_whose_records_were_shuffled_and_files_in_another_order() {
    let mut files = nation(22, 600);
    let mut study = Study::new(&files);
    let (former, report) = study.run(None);
    let cosd = files.iter_mut().find(|file| file.kind == "cosd").unwrap();
    // Every third record goes to the end, two are gone, one is new.
    let (last, first): (Vec<_>, Vec<_>) = cosd
        .records
        .drain(..)
        .enumerate()
        .partition(|(at, _)| at % 3 == 0);
    cosd.records = first
        .into_iter()
        .chain(last)
        .map(|(_, record)| record)
        .skip(2)
        .collect();
    cosd.records.push((Some("new".to_owned()), Row::default()));
    files.reverse();
    study.write(files);
    let (out, after) = study.run(Some(&former));
    let (before, now) = (persons(&former), persons(&out));
    assert_eq!(now.len(), before.len() - 2 + 1);
    assert!(unchanged(&before, &now, &operations(&out)) > before.len() * 9 / 10);
    assert!(after.kept > report.people * 98 / 100);
}

#[test]
fn the_same_again_changes_nothing() {
    let mut study = Study::new(&nation(23, 400));
    let (former, first) = study.run(None);
    let (out, report) = study.run(Some(&former));
    for table in [
        "links.parquet",
        "persons.parquet",
        "people.parquet",
        "conflicts.parquet",
        "numbering.json",
    ] {
        assert!(
            fs_err::read(former.join(table)).unwrap() == fs_err::read(out.join(table)).unwrap(),
            "{table}"
        );
    }
    assert_eq!(
        (report.kept, report.new, report.merges, report.splits),
        (first.people, 0, 0, 0)
    );
}

fn row(number: &str, born: u32, postcode: &str) -> Row {
    Row {
        number: number.to_owned(),
        born,
        family: "SMITH".to_owned(),
        given: "SUSAN".to_owned(),
        sex: 'F',
        postcode: postcode.to_owned(),
        organisation: postcode.to_owned(),
        ..Row::default()
    }
}

#[test]
fn merges_and_splits_are_told_and_no_id_is_given_twice() {
    // The file is as it was, and intake reads it otherwise: the id of each record stands for it.
    let file = |rows: Vec<Row>| {
        let mut file = File::new("a.csv", "cosd", rows);
        for (at, (record, _)) in file.records.iter_mut().enumerate() {
            *record = Some(format!("r{}", at + 1));
        }
        [file]
    };
    let (a, b) = (
        row("9990000018", 19500312, "ZA1 1AA"),
        row("9990000026", 19620728, "ZB2 2BB"),
    );
    let mut study = Study::new(&[]);
    study.content = |file| Some(file.path.clone());
    study.write(file(vec![
        a.clone(),
        a.clone(),
        a.clone(),
        b.clone(),
        b.clone(),
        b.clone(),
    ]));
    let (first, _) = study.run(None);
    // The last record is the first person's now. And the first record had a wrong number.
    study.write(file(vec![
        row("9990000034", 19500312, "ZC3 3CC"),
        a.clone(),
        a.clone(),
        b.clone(),
        b.clone(),
        a.clone(),
    ]));
    let (second, _) = study.run(Some(&first));
    let ids = |out: &std::path::Path| persons(out).into_values().collect::<Vec<_>>().join(" ");
    assert_eq!(
        ids(&first),
        "P00000001 P00000001 P00000001 P00000002 P00000002 P00000002"
    );
    assert_eq!(
        ids(&second),
        "P00000003 P00000001 P00000001 P00000002 P00000002 P00000001"
    );
    insta::assert_snapshot!(fs_err::read_to_string(second.join("operations.jsonl")).unwrap(), @r#"
    {"number":1,"operation":"merge","author":"counted","before":["P00000001","P00000002"],"after":["P00000001"],"reason":"records changed","rule":"number and birth date","moved":[{"record":"a.csv#r6","from":"P00000002","to":"P00000001","content":"a.csv"}]}
    {"number":2,"operation":"split","author":"counted","before":["P00000001"],"after":["P00000001","P00000003"],"reason":"records changed","moved":[{"record":"a.csv#r1","from":"P00000001","to":"P00000003","content":"a.csv"}]}
    {"number":3,"operation":"split","author":"counted","before":["P00000002"],"after":["P00000001","P00000002"],"reason":"records changed","moved":[]}
    "#);
    // Person 3 goes; whoever comes next is 4.
    study.write(file(vec![a.clone(), a.clone(), a.clone(), b.clone(), b.clone()]));
    let (third, _) = study.run(Some(&second));
    study.write(file(vec![
        a.clone(),
        a.clone(),
        a,
        b.clone(),
        b,
        row("9990000034", 19500312, "ZC3 3CC"),
    ]));
    let (fourth, _) = study.run(Some(&third));
    assert_eq!(
        ids(&fourth),
        "P00000001 P00000001 P00000001 P00000002 P00000002 P00000004"
    );
}

/// Twenty-four people in two files, the first of them in one alone, and two records that say nothing.
fn two_files() -> Vec<File> {
    let people: Vec<Row> = (0..24)
        .map(|at| row(&format!("99900001{at:02}"), 19500101 + at, &format!("ZA{at} 1AA")))
        .collect();
    let twice = people[1..].to_vec();
    let nothing = [Row::default(), Row::default()];
    vec![
        File::new(
            "a.csv",
            "registrations",
            people.into_iter().chain(nothing).collect(),
        ),
        File::new("b.csv", "deaths", twice),
    ]
}

/// The people of each number.
fn by_number(files: &[File], out: &std::path::Path) -> BTreeSet<(String, String)> {
    let persons = persons(out);
    let mut found = BTreeSet::new();
    for file in files {
        for (at, (_, row)) in file.records.iter().enumerate() {
            let person = persons[&format!("{}#{}", file.path, at + 1)].clone();
            found.insert((row.number.clone(), person));
        }
    }
    found.retain(|(number, _)| !number.is_empty());
    found
}

#[test]
fn files_that_come_again_with_other_rows_or_names_cost_nobody_their_id() {
    come_again(Study::new(&[]).content);
    // Intake may say no hash of a file.
    come_again(|_| None);
}

fn come_again(content: fn(&File) -> Option<String>) {
    let files = two_files();
    let mut study = Study::new(&[]);
    study.content = content;
    study.write(files.clone());
    let (former, _) = study.run(None);
    let before = by_number(&files, &former);
    assert_eq!(before.len(), 24);
    let mut turned = files.clone();
    turned[0].records.reverse();
    // The first person is in this file alone, and known again by number and birth date.
    turned[0].records[25].1.given = "SUSANNA".to_owned();
    let mut fewer = files.clone();
    fewer[0].records.drain(3..6);
    let mut renamed = files.clone();
    (renamed[0].path, renamed[1].path) = ("c.csv".to_owned(), "d.csv".to_owned());
    let mut both = turned.clone();
    (both[0].path, both[1].path) = ("c.csv".to_owned(), "d.csv".to_owned());
    // Nothing tells the two records apart that say nothing: they get new ids, unless their rows are known to be theirs.
    for (name, files, new) in [
        ("turned", turned, 2),
        ("fewer", fewer, 2),
        ("renamed", renamed, 0),
        ("turned and renamed", both, 2),
    ] {
        study.write(files.clone());
        let (out, report) = study.run(Some(&former));
        assert_eq!(by_number(&files, &out), before, "{name}");
        assert_eq!(operations(&out), [], "{name}");
        assert_eq!((report.kept, report.new), (26 - new, new), "{name}");
        // And no id comes to somebody else.
        let ids: BTreeSet<String> = persons(&out).into_values().collect();
        assert_eq!(ids.contains("P00000025"), new == 0, "{name}");
    }
}

#[test]
fn rows_stand_for_their_records_where_a_file_is_as_it_was_and_read_otherwise() {
    let files = two_files();
    // Or its hash was not kept by an earlier program: its rows are believed.
    let contents: [fn(&File) -> Option<String>; 2] = [|file| Some(file.path.clone()), |_| None];
    for content in contents {
        let mut study = Study::new(&[]);
        study.content = content;
        study.write(files.clone());
        let (former, _) = study.run(None);
        let mut otherwise = files.clone();
        for (_, row) in &mut otherwise[0].records {
            row.postcode = row.postcode.replace("ZA", "ZB");
        }
        study.content = contents[0];
        study.write(otherwise.clone());
        let (out, report) = study.run(Some(&former));
        // Also the two of whom nothing is said.
        assert_eq!((report.kept, report.new), (26, 0));
        assert_eq!(by_number(&otherwise, &out), by_number(&files, &former));
        assert_eq!(operations(&out), []);
    }
}

#[test]
fn rows_that_say_nothing_stand_for_their_records_only_while_their_file_is_as_it_was() {
    let mut files = two_files();
    let mut study = Study::new(&[]);
    study.content = |file| Some(file.path.clone());
    study.write(files.clone());
    let (former, _) = study.run(None);
    // Linkage reads the same of the files, which are others: those two rows may have changed places.
    study.content = |file| Some(format!("{} again", file.path));
    study.write(files.clone());
    for everybody in [false, true] {
        study.everybody = everybody;
        let (out, report) = study.run(Some(&former));
        assert_eq!((report.kept, report.new), (24, 2));
        assert!(report.everybody_because.is_some());
        assert_eq!(by_number(&files, &out), by_number(&files, &former));
        assert_eq!(operations(&out), []);
    }
    // Where every record says whose it is, nothing is read again.
    study.everybody = false;
    files[0].records.truncate(24);
    study.write(files.clone());
    let (former, _) = study.run(None);
    study.content = |file| Some(format!("{} once more", file.path));
    study.write(files);
    let (out, report) = study.run(Some(&former));
    assert_eq!((report.everybody_because, report.records_read), (None, 0));
    assert_eq!(persons(&out), persons(&former));
}

#[test]
fn people_whose_records_a_file_has_no_more_are_known_again_in_others_though_it_is_as_it_was() {
    let (ann, bea, cat) = (
        row("9990000018", 19500312, "ZA1 1AA"),
        row("9990000026", 19620728, "ZB2 2BB"),
        row("9990000034", 19710905, "ZC3 3CC"),
    );
    let file = |path: &str, rows: &[(&str, &Row)]| {
        let mut file = File::new(path, "cosd", Vec::new());
        for (id, row) in rows {
            file.records.push((Some((*id).to_owned()), (*row).clone()));
        }
        file
    };
    let mut study = Study::new(&[]);
    study.content = |file| Some(file.path.clone());
    study.write([file("08.xml", &[("r1", &ann), ("r2", &bea)])]);
    let (former, _) = study.run(None);
    // A later submission corrects Ann's record, so intake sets the one before aside; or another file repeats it.
    let moved = Row {
        postcode: "ZD4 4DD".to_owned(),
        ..ann.clone()
    };
    for again in [ann, moved] {
        study.write([
            file("08.xml", &[("r2", &bea)]),
            file("09.xml", &[("r1", &again), ("r2", &cat)]),
        ]);
        let (out, _) = study.run(Some(&former));
        let now = persons(&out);
        assert_eq!(now["09.xml#r1"], "P00000001");
        assert_eq!(now["08.xml#r2"], "P00000002");
        assert_eq!(now["09.xml#r2"], "P00000003");
        assert_eq!(operations(&out), []);
    }
}

#[test]
fn people_of_an_extract_without_identities_are_known_again_by_their_keys() {
    let keyed = |at: u32, postcode: &str| Row {
        key: format!("registry k{at}"),
        postcode: format!("{postcode}{at} 1AA"),
        ..Row::default()
    };
    let file = |rows: Vec<Row>| [File::new("a.csv", "registrations", rows)];
    let mut study = Study::new(&file((1..=24).map(|at| keyed(at, "ZA")).collect()));
    let (former, _) = study.run(None);
    // All of them moved house, and come in another order.
    study.write(file((1..=24).rev().map(|at| keyed(at, "ZB")).collect()));
    let (out, report) = study.run(Some(&former));
    assert_eq!((report.kept, report.new), (24, 0));
    assert_eq!(operations(&out), []);
    let (before, now) = (persons(&former), persons(&out));
    for at in 1..=24 {
        assert_eq!(before[&format!("a.csv#{at}")], now[&format!("a.csv#{}", 25 - at)]);
    }
}

#[test]
fn records_of_a_new_file_have_no_say_where_the_others_are_as_they_were() {
    let files = two_files();
    let mut study = Study::new(&files);
    let (former, _) = study.run(None);
    let mut more = files.clone();
    more.insert(0, File::new("0.csv", "admissions", vec![Row::default()]));
    study.write(more);
    study.everybody = true;
    let (out, report) = study.run(Some(&former));
    assert_eq!((report.kept, report.new), (26, 1));
    assert_eq!(operations(&out), []);
    assert_eq!(persons(&out)["0.csv#1"], "P00000027");
}
