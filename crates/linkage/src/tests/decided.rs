//! What somebody decided about records is done, is in the log with name and reason, and can be taken back.

use std::path::{Path, PathBuf};

use super::months::log_of;
use super::study::{File, Study, lines, persons};
use crate::cascade::tests::row::Row;
use crate::{Decided, Decision, LinkageError, OperationKind, replay};

pub(super) fn row(number: &str, born: u32, given: &str) -> Row {
    Row {
        number: number.to_owned(),
        born,
        family: "SMITH".to_owned(),
        given: given.to_owned(),
        ..Row::default()
    }
}

fn anna_and_beth() -> (Row, Row) {
    (
        row("9990000018", 19500312, "ANNA"),
        row("9990000026", 19620728, "BETH"),
    )
}

/// Two people, each with three records, two of which say the same.
fn files() -> [File; 2] {
    let (anna, beth) = anna_and_beth();
    let moved = |row: &Row| Row {
        postcode: "ZB2 2BB".to_owned(),
        ..row.clone()
    };
    [
        File::new(
            "a.csv",
            "registrations",
            vec![anna.clone(), anna.clone(), beth.clone()],
        ),
        File::new("b.csv", "deaths", vec![moved(&anna), beth.clone(), moved(&beth)]),
    ]
}

fn study() -> Study {
    Study::new(&files())
}

pub(super) fn decision(decision: Decided, a: &str, b: &str) -> Decision {
    Decision {
        decision,
        records: [a.to_owned(), b.to_owned()],
        author: "A. Nurse".to_owned(),
        reason: "seen in the notes".to_owned(),
    }
}

pub(super) fn ids(out: &Path) -> String {
    persons(out).into_values().collect::<Vec<_>>().join(" ")
}

/// Runs with decisions, then without; gives all three outcomes.
fn there_and_back(decisions: Vec<Decision>) -> [PathBuf; 3] {
    let mut study = study();
    let (first, _) = study.run(None);
    study.decisions = decisions;
    let (second, report) = study.run(Some(&first));
    assert_eq!(
        report.everybody_because.as_deref(),
        Some("decisions were added or withdrawn")
    );
    // The same decisions again change nothing.
    let (again, report) = study.run(Some(&second));
    assert_eq!((report.everybody_because, report.records_read), (None, 0));
    assert_eq!(persons(&again), persons(&second));
    assert_eq!(log_of(&again), []);
    study.decisions.clear();
    let (third, _) = study.run(Some(&second));
    // The folder lives as long as the study does.
    std::mem::forget(study);
    [first, second, third]
}

#[test]
fn one_person_is_made_of_two_and_they_are_two_again() {
    let [first, second, third] = there_and_back(vec![decision(Decided::Same, "a.csv#2", "b.csv#2")]);
    assert_eq!(
        ids(&first),
        "P00000001 P00000001 P00000002 P00000001 P00000002 P00000002"
    );
    assert_eq!(
        ids(&second),
        "P00000001 P00000001 P00000001 P00000001 P00000001 P00000001"
    );
    assert_eq!(ids(&third), ids(&first));
    let (merged, split) = (log_of(&second), log_of(&third));
    let ([merge], [split]) = (merged.as_slice(), split.as_slice()) else {
        panic!("one operation each")
    };
    assert_eq!(
        (merge.operation, merge.number, merge.reverses),
        (OperationKind::Merge, 1, None)
    );
    assert_eq!(
        (merge.author.as_str(), merge.reason.as_str()),
        ("A. Nurse", "seen in the notes")
    );
    assert_eq!(
        (split.operation, split.number, split.reverses),
        (OperationKind::Split, 2, Some(1))
    );
    assert_eq!(
        (split.author.as_str(), split.reason.as_str()),
        ("A. Nurse", "withdrawn: seen in the notes")
    );
    assert_eq!(merge.reversed(2, &split.author, &split.reason), *split);
    // The log leads there and back.
    let mut people = persons(&first);
    replay(&mut people, &merged);
    assert_eq!(people, persons(&second));
    replay(&mut people, std::slice::from_ref(split));
    assert_eq!(people, persons(&first));
    // Two numbers and two birth dates: done, and listed.
    let listed = lines(&second.join("conflicts.parquet"), &["rule", "reason"]);
    assert!(
        listed
            .iter()
            .any(|line| line.starts_with("decision somebody decided that they are one person")),
        "{listed:?}"
    );
    let steps = lines(
        &second.join("persons.parquet"),
        &["record_id", "step", "probability"],
    );
    assert_eq!(
        steps.iter().filter(|line| line.ends_with("decision 1")).count(),
        2,
        "{steps:?}"
    );
}

#[test]
fn two_records_that_say_the_same_are_two_people_when_somebody_says_so() {
    let [first, second, third] = there_and_back(vec![decision(Decided::Different, "a.csv#1", "a.csv#2")]);
    assert_eq!(
        ids(&second),
        "P00000003 P00000001 P00000002 P00000001 P00000002 P00000002"
    );
    assert_eq!(ids(&third), ids(&first));
    let (split, merge) = (log_of(&second), log_of(&third));
    assert_eq!(
        (split[0].operation, split[0].author.as_str()),
        (OperationKind::Split, "A. Nurse")
    );
    assert_eq!(
        (merge[0].operation, merge[0].reverses),
        (OperationKind::Merge, Some(1))
    );
    let listed = lines(&second.join("conflicts.parquet"), &["reason"]);
    assert!(listed.contains(&"somebody decided that they are two people: not joined".to_owned()));
}

#[test]
fn new_records_come_beside_decisions() {
    let mut study = study();
    study.decisions = vec![
        decision(Decided::Same, "a.csv#2", "b.csv#2"),
        decision(Decided::Different, "a.csv#1", "b.csv#1"),
    ];
    let (former, _) = study.run(None);
    let there = [
        (0, "registrations", "a.csv".to_owned()),
        (1, "deaths", "b.csv".to_owned()),
    ];
    let new = File::new(
        "c.csv",
        "admissions",
        vec![
            row("9990000026", 19620728, "BETH"),
            row("9990000034", 19710905, "RUTH"),
        ],
    );
    study.add([(2, new)], &there);
    let (beside, report) = study.run(Some(&former));
    assert_eq!((report.everybody_because, report.records_read), (None, 2));
    study.everybody = true;
    let (once, report) = study.run(Some(&former));
    assert_eq!(report.everybody_because.as_deref(), Some("it was asked for"));
    assert_eq!(persons(&beside), persons(&once));
}

#[test]
fn decisions_that_cannot_be_followed_are_named() {
    let wrong = |decisions: Vec<Decision>| {
        let mut study = study();
        study.decisions = decisions;
        let error = study.try_run(None, 1).unwrap_err();
        assert!(matches!(error, LinkageError::Decision { .. }));
        error.to_string()
    };
    let same = || decision(Decided::Same, "a.csv#1", "b.csv#2");
    insta::assert_snapshot!(wrong(vec![same(), decision(Decided::Different, "a.csv#9", "b.csv#1")]), @"decision 2: no record `a.csv#9` in use; record ids are in the table `persons` (path#row, or path# and the national record id)");
    insta::assert_snapshot!(wrong(vec![same(), decision(Decided::Same, "b.csv#2", "b.csv#3"), decision(Decided::Different, "b.csv#3", "a.csv#1")]), @"decision 3: other lines say that these two are one person's; remove this line or one of them");
    insta::assert_snapshot!(wrong(vec![Decision { author: " ".to_owned(), ..same() }]), @"decision 1: no author; write who decided");
    insta::assert_snapshot!(wrong(vec![Decision { reason: String::new(), ..same() }]), @"decision 1: no reason; write why, in a few words");
    insta::assert_snapshot!(wrong(vec![decision(Decided::Same, "a.csv#1", "a.csv#1")]), @"decision 1: the same record twice; name two records");
}

#[test]
fn a_decision_about_a_row_that_is_another_record_now_is_refused() {
    let mut study = study();
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (former, _) = study.run(None);
    let mut turned = files();
    turned[0].records.swap(1, 2);
    study.write(turned);
    let error = study.try_run(Some(&former), 2).unwrap_err();
    insta::assert_snapshot!(error, @"decision 1: this was decided of `a.csv#2` and `b.csv#2`, and `a.csv#2` is another record now, or says something else of its person: its file came again, with its rows in another place or with corrections. Look both up again: take the line out, run, find them in the table `persons`, and put the line in again with the ids they have there, if it still holds");
    // A reason in other words does not make it another decision.
    study.decisions[0].reason = "twice in the notes".to_owned();
    assert!(study.try_run(Some(&former), 1).is_err());
    // A new decision was looked up before the file came.
    study.decisions = vec![decision(Decided::Different, "a.csv#2", "b.csv#1")];
    let error = study.try_run(Some(&former), 2).unwrap_err();
    insta::assert_snapshot!(error, @"decision 1: this is decided of `a.csv#2` and `b.csv#1`, and the file of `a.csv#2` came since the last run with other rows, under its own name or another: the row may be another record than the one that was looked up. Look both up again: take the line out, run, find them in the table `persons`, and put the line in again with the ids they have there, if it still holds");
    // As the message says: without the line, then with the ids of today.
    study.decisions.clear();
    let (without, report) = study.run(Some(&former));
    assert_eq!(report.people, 2);
    study.decisions = vec![decision(Decided::Same, "a.csv#3", "b.csv#2")];
    let (confirmed, report) = study.run(Some(&without));
    assert_eq!(report.people, 1);
    // And from then on it stands.
    let (again, report) = study.run(Some(&confirmed));
    assert_eq!(report.everybody_because, None);
    assert_eq!(persons(&again), persons(&confirmed));
}

#[test]
fn all_decisions_that_do_not_stand_are_named_at_once() {
    let mut study = study();
    study.decisions = vec![
        decision(Decided::Same, "a.csv#2", "b.csv#2"),
        decision(Decided::Different, "a.csv#3", "b.csv#1"),
    ];
    let (former, _) = study.run(None);
    let mut turned = files();
    turned[0].records.swap(1, 2);
    study.write(turned);
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(
        error.starts_with("decision 1: this was decided of `a.csv#2`"),
        "{error}"
    );
    assert!(error.ends_with(". Likewise: `a.csv#3` and `b.csv#1`"), "{error}");
}

#[test]
fn a_decision_stands_where_a_record_is_the_same_person_s_and_was_corrected() {
    let mut study = study();
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (former, _) = study.run(None);
    let mut corrected = files();
    let record = &mut corrected[0].records[1].1;
    (record.given, record.postcode) = ("ANNE".to_owned(), "ZC3 3CC".to_owned());
    study.write(corrected);
    let (out, _) = study.run(Some(&former));
    let persons = persons(&out);
    assert_eq!(persons["a.csv#2"], persons["b.csv#2"]);
}

#[test]
fn a_number_does_not_tell_whose_a_record_is_where_two_people_have_it() {
    let (anna, _) = anna_and_beth();
    let twin = Row {
        given: "RUTH".to_owned(),
        ..anna.clone()
    };
    let file = |rows: Vec<Row>| [File::new("a.csv", "registrations", rows)];
    let mut study = Study::new(&file(vec![anna.clone(), twin.clone()]));
    study.decisions = vec![decision(Decided::Different, "a.csv#1", "a.csv#2")];
    let (former, _) = study.run(None);
    study.write(file(vec![twin, anna.clone()]));
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("`a.csv#1` is another record now"), "{error}");
    // Nor does anything else, where the twin says all the same: they stand for their rows while the file is as it was.
    let alike = || file(vec![anna.clone(), anna.clone()]);
    study.write(alike());
    let (former, _) = study.run(None);
    let (_, report) = study.run(Some(&former));
    assert_eq!(report.everybody_because, None);
    study.content = |file| Some(format!("{} with its rows exchanged", file.path));
    study.write(alike());
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("`a.csv#1` is another record now"), "{error}");
}

#[test]
fn a_decision_about_a_row_that_says_nothing_stands_while_its_file_is_as_it_was() {
    let (anna, _) = anna_and_beth();
    let nothing = || vec![Row::default(), Row::default()];
    let files = || {
        [
            File::new("a.csv", "registrations", nothing()),
            File::new("b.csv", "deaths", vec![anna.clone()]),
        ]
    };
    let mut study = Study::new(&files());
    let (former, _) = study.run(None);
    study.set_aside();
    study.write(files());
    study.decisions = vec![decision(Decided::Same, "a.csv#1", "b.csv#1")];
    let (followed, _) = study.run(Some(&former));
    let people = persons(&followed);
    assert_eq!(people["a.csv#1"], people["b.csv#1"]);
    // Other tumours stand in the same rows: nothing says that they are the same patients'.
    study.content = |file| Some(format!("{} with other tumours", file.path));
    study.write(files());
    let error = study.try_run(Some(&followed), 1).unwrap_err().to_string();
    assert!(error.contains("`a.csv#1` is another record now"), "{error}");
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("the file of `a.csv#1` came since"), "{error}");
}

#[test]
fn an_id_of_a_record_s_own_stands_for_it_only_while_its_file_is_as_it_was() {
    let (anna, beth) = anna_and_beth();
    let (ruth, mary) = (
        row("9990000034", 19710905, "RUTH"),
        row("9990000042", 19440101, "MARY"),
    );
    let files = |rows: Vec<Row>| {
        let mut latest = File::new("latest.xml", "cosd", rows);
        for (at, (record, _)) in latest.records.iter_mut().enumerate() {
            *record = Some(format!("id-{}", at + 1));
        }
        [File::new("a.csv", "registrations", vec![mary.clone()]), latest]
    };
    let mut study = Study::new(&files(vec![anna.clone(), beth.clone()]));
    let (former, _) = study.run(None);
    assert_eq!(ids(&former), "P00000001 P00000002 P00000003");
    study.set_aside();
    // The ids of the next submission begin anew.
    study.write(files(vec![ruth, anna, beth]));
    let (out, _) = study.run(Some(&former));
    assert_eq!(ids(&out), "P00000001 P00000004 P00000002 P00000003");
    assert_eq!(log_of(&out), []);
    study.decisions = vec![decision(Decided::Same, "latest.xml#id-1", "a.csv#1")];
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(
        error.contains("the file of `latest.xml#id-1` came since"),
        "{error}"
    );
}

#[test]
fn a_new_decision_about_a_file_that_has_another_s_name_now_is_refused() {
    let (anna, beth) = anna_and_beth();
    let (ruth, mary) = (
        row("9990000034", 19710905, "RUTH"),
        row("9990000042", 19440101, "MARY"),
    );
    let file = |path: &str, a: &Row, b: &Row| File::new(path, "registrations", vec![a.clone(), b.clone()]);
    let mut study = Study::new(&[
        file("current.csv", &anna, &beth),
        file("previous.csv", &ruth, &mary),
    ]);
    let (former, _) = study.run(None);
    let new = row("9990000050", 19380101, "JOAN");
    study.set_aside();
    study.write([
        file("current.csv", &new, &new),
        file("previous.csv", &anna, &beth),
    ]);
    study.decisions = vec![decision(Decided::Same, "previous.csv#1", "previous.csv#2")];
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(
        error.contains("the file of `previous.csv#1` came since"),
        "{error}"
    );
    // The people of the file have their ids under its new name.
    study.decisions.clear();
    let (out, _) = study.run(Some(&former));
    assert_eq!(ids(&out), "P00000005 P00000005 P00000001 P00000002");
}

#[test]
fn a_decision_stands_where_a_file_is_as_it_was_and_read_otherwise() {
    let mut study = study();
    study.content = |file| Some(file.path.clone());
    study.write(files());
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (former, _) = study.run(None);
    let mut otherwise = files();
    otherwise[0].records[1].1.born = 0;
    study.write(otherwise);
    let (out, _) = study.run(Some(&former));
    let persons = persons(&out);
    assert_eq!(persons["a.csv#2"], persons["b.csv#2"]);
}

#[test]
fn a_new_decision_is_followed_where_its_rows_are_those_that_were_looked_up() {
    let mut study = study();
    let (former, _) = study.run(None);
    study.set_aside();
    let mut longer = files();
    longer[0]
        .records
        .push((None, row("9990000034", 19710905, "RUTH")));
    study.write(longer.clone());
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (out, _) = study.run(Some(&former));
    let persons = persons(&out);
    assert_eq!(persons["a.csv#2"], persons["b.csv#2"]);
    // Nobody can have looked up a row that was not there.
    study.decisions = vec![decision(Decided::Same, "a.csv#4", "b.csv#2")];
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("the file of `a.csv#4` came since"), "{error}");
    longer[0].records.swap(1, 2);
    study.write(longer);
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("the file of `a.csv#2` came since"), "{error}");
}

#[test]
fn a_decision_with_the_new_name_of_a_file_is_followed_where_its_rows_are_as_they_were() {
    let mut study = study();
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (former, _) = study.run(None);
    let mut renamed = files();
    renamed[0].path = "c.csv".to_owned();
    study.write(renamed.clone());
    study.decisions = vec![decision(Decided::Same, "c.csv#2", "b.csv#2")];
    let (out, _) = study.run(Some(&former));
    let persons = persons(&out);
    assert_eq!(persons["c.csv#2"], persons["b.csv#2"]);
    renamed[0].records.swap(1, 2);
    study.write(renamed);
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("the file of `c.csv#2` came since"), "{error}");
}

#[test]
fn a_decision_stands_where_its_records_are_as_they_were() {
    let mut study = study();
    study.decisions = vec![decision(Decided::Same, "a.csv#2", "b.csv#2")];
    let (former, _) = study.run(None);
    let mut longer = files();
    longer[0]
        .records
        .push((None, row("9990000034", 19710905, "RUTH")));
    study.write(longer);
    let (out, report) = study.run(Some(&former));
    assert_eq!(
        report.everybody_because.as_deref(),
        Some("a file of the former run changed, or is gone")
    );
    assert_eq!(
        ids(&out),
        "P00000001 P00000001 P00000001 P00000002 P00000001 P00000001 P00000001"
    );
    // Whether it does is known as long as what was kept of it is whole.
    fs_err::write(out.join("kept/decided.json"), "{}").unwrap();
    let error = study.try_run(Some(&out), 1).unwrap_err();
    assert!(error.to_string().contains("is damaged"), "{error}");
    fs_err::remove_file(out.join("kept/decided.json")).unwrap();
    let (_, report) = study.run(Some(&out));
    assert_eq!(
        report.everybody_because.as_deref(),
        Some("whom decisions are about is not known any more")
    );
}
