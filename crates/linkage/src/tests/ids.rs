//! People keep their ids.

use std::collections::BTreeMap;

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
    let old: std::collections::BTreeSet<&String> = before.values().collect();
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
    let file = |rows: Vec<Row>| [File::new("a.csv", "registrations", rows)];
    let (a, b) = (
        row("9990000018", 19500312, "ZA1 1AA"),
        row("9990000026", 19620728, "ZB2 2BB"),
    );
    let mut study = Study::new(&file(vec![
        a.clone(),
        a.clone(),
        a.clone(),
        b.clone(),
        b.clone(),
        b.clone(),
    ]));
    let (first, _) = study.run(None);
    // The hospital corrects the last record: it is the first person's. And the first record had a wrong number.
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
    {"number":1,"operation":"merge","author":"counted","before":["P00000001","P00000002"],"after":["P00000001"],"reason":"records changed","rule":"number and birth date","moved":[{"record":"a.csv#6","from":"P00000002","to":"P00000001"}]}
    {"number":2,"operation":"split","author":"counted","before":["P00000001"],"after":["P00000001","P00000003"],"reason":"records changed","moved":[{"record":"a.csv#1","from":"P00000001","to":"P00000003"}]}
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
