//! A decision is taken back: everybody has the id again that was theirs, and nobody has somebody else's.

use std::path::{Path, PathBuf};

use super::decided::{decision, ids, row};
use super::months::log_of;
use super::study::{File, Study};
use crate::cascade::tests::row::Row;
use crate::{Decided, Decision, OperationKind};

/// Runs with the log of all runs so far, as a study keeps it.
fn next(study: &mut Study, former: &Path) -> PathBuf {
    let (out, _) = study.run(Some(former));
    let log = |folder: &Path| fs_err::read_to_string(folder.join("operations.jsonl")).unwrap();
    let all = log(former) + &log(&out);
    fs_err::write(out.join("operations.jsonl"), all).unwrap();
    out
}

fn people() -> [Row; 5] {
    [
        row("9990000018", 19500312, "ANNA"),
        row("9990000026", 19620728, "BETH"),
        row("9990000034", 19710905, "CATH"),
        row("9990000042", 19531121, "RUTH"),
        row("9990000050", 19440617, "DORA"),
    ]
}

fn file(path: &str, rows: &[&Row]) -> File {
    File::new(path, "registrations", rows.iter().copied().cloned().collect())
}

fn same(a: &str, b: &str) -> Decision {
    decision(Decided::Same, a, b)
}

fn different(a: &str, b: &str) -> Decision {
    decision(Decided::Different, a, b)
}

#[test]
fn whoever_was_there_first_keeps_the_id_where_the_other_is_listed_first() {
    let [anna, beth, ..] = people();
    let (a, b) = (file("a.csv", &[&beth]), file("b.csv", &[&anna]));
    let mut study = Study::new(std::slice::from_ref(&b));
    let (first, _) = study.run(None);
    study.write([a, b]);
    let two = next(&mut study, &first);
    assert_eq!(ids(&two), "P00000002 P00000001");
    study.decisions = vec![same("a.csv#1", "b.csv#1")];
    let one = next(&mut study, &two);
    assert_eq!(ids(&one), "P00000001 P00000001");
    study.decisions.clear();
    let again = next(&mut study, &one);
    assert_eq!(ids(&again), ids(&two));
    let split = log_of(&again).pop().unwrap();
    assert_eq!((split.number, split.reverses), (2, Some(1)));
}

#[test]
fn whoever_has_more_records_since_has_the_id_again_that_was_theirs() {
    let [anna, beth, ..] = people();
    let a = file("a.csv", &[&anna, &beth]);
    let mut study = Study::new(std::slice::from_ref(&a));
    let (two, _) = study.run(None);
    study.decisions = vec![same("a.csv#1", "a.csv#2")];
    let one = next(&mut study, &two);
    study.write([a, file("b.csv", &[&beth, &beth])]);
    // Other words for it do not take it back.
    study.decisions[0].reason = "twice in the notes".to_owned();
    let grown = next(&mut study, &one);
    assert_eq!(ids(&grown), "P00000001 P00000001 P00000001 P00000001");
    study.decisions.clear();
    let again = next(&mut study, &grown);
    assert_eq!(ids(&again), "P00000001 P00000002 P00000002 P00000002");
    let split = log_of(&again).pop().unwrap();
    assert_eq!((split.number, split.reverses), (2, Some(1)));
    assert_eq!(split.reason, "withdrawn: twice in the notes");
}

#[test]
fn a_row_of_another_time_calls_no_id_back() {
    let [anna, beth, cath, ruth, dora] = people();
    // In row 2 comes somebody new, or whom the first one was merged into; nor does an id of the record's own stand for it longer.
    for (other, new, own) in [
        (&cath, "P00000006", false),
        (&anna, "P00000005", false),
        (&anna, "P00000005", true),
    ] {
        let file = |path: &str, rows: &[&Row]| {
            let mut file = file(path, rows);
            for (at, (id, _)) in (1..).zip(&mut file.records) {
                *id = own.then(|| format!("{at}"));
            }
            file
        };
        let c = file("c.csv", &[&ruth, &dora]);
        let mut study = Study::new(&[file("a.csv", &[&anna, &beth]), c.clone()]);
        let (first, _) = study.run(None);
        study.decisions = vec![same("a.csv#1", "a.csv#2")];
        let merged = next(&mut study, &first);
        study.decisions.clear();
        let a = file("a.csv", &[&anna, other]);
        study.write([a.clone(), c.clone()]);
        let resent = next(&mut study, &merged);
        study.write([a, file("b.csv", &[other, other]), c]);
        study.decisions = vec![same("c.csv#1", "c.csv#2")];
        let grown = next(&mut study, &resent);
        let apart_from = ["a.csv#1", "b.csv#1", "b.csv#2"];
        study.decisions = apart_from.map(|record| different("a.csv#2", record)).into();
        let apart = next(&mut study, &grown);
        let ids = ids(&apart);
        let ids: Vec<&str> = ids.split(' ').collect();
        assert_eq!(ids[1], new, "{ids:?}");
        assert!(!ids.contains(&"P00000002"), "{ids:?}");
        // Whose decision was taken back are who they were.
        assert_eq!(ids[4..], ["P00000003", "P00000004"]);
        let log = log_of(&apart);
        let of_row = log
            .iter()
            .rev()
            .find(|operation| operation.moved.iter().any(|moved| moved.record == "a.csv#2"));
        assert_eq!(of_row.unwrap().reverses, None);
    }
}

#[test]
fn a_split_calls_no_id_back() {
    let [anna, beth, cath, ..] = people();
    let mut files = vec![
        file("a.csv", &[&anna, &anna, &anna]),
        file("b.csv", &[&beth, &beth, &beth]),
    ];
    let mut study = Study::new(&files);
    let (first, _) = study.run(None);
    study.decisions = vec![different("a.csv#1", "a.csv#3"), different("a.csv#2", "a.csv#3")];
    let apart = next(&mut study, &first);
    assert!(ids(&apart).starts_with("P00000001 P00000001 P00000003 P00000002"));
    study.decisions.push(same("a.csv#1", "b.csv#1"));
    let merged = next(&mut study, &apart);
    assert!(ids(&merged).starts_with("P00000002 P00000002 P00000003 P00000002"));
    files.push(file("c.csv", &[&cath]));
    study.write(files.clone());
    let more = next(&mut study, &merged);
    study.decisions.push(same("a.csv#3", "c.csv#1"));
    let joined = next(&mut study, &more);
    assert!(ids(&joined).ends_with("P00000003"));
    files.push(file("d.csv", &[&cath, &cath]));
    study.write(files);
    let grown = next(&mut study, &joined);
    study.decisions.pop();
    let again = next(&mut study, &grown);
    assert_eq!(
        ids(&again),
        "P00000002 P00000002 P00000003 P00000002 P00000002 P00000002 P00000004 P00000004 P00000004"
    );
    let split = log_of(&again).pop().unwrap();
    assert_eq!((split.number, split.reverses), (4, Some(3)));
}

#[test]
fn all_who_decided_are_in_the_log() {
    let [anna, beth, cath, ..] = people();
    let mut study = Study::new(&[file("a.csv", &[&anna, &beth, &cath])]);
    let (first, _) = study.run(None);
    let by = |author: &str, reason: &str, decision: Decision| Decision {
        author: author.to_owned(),
        reason: reason.to_owned(),
        ..decision
    };
    study.decisions = vec![
        by("Nurse A", "seen in Oxford", same("a.csv#1", "a.csv#2")),
        by("Nurse B", "seen in Exeter", same("a.csv#2", "a.csv#3")),
    ];
    let one = next(&mut study, &first);
    let log = log_of(&one);
    let [merge] = log.as_slice() else {
        panic!("one operation")
    };
    assert_eq!(merge.operation, OperationKind::Merge);
    assert_eq!(
        (merge.author.as_str(), merge.reason.as_str()),
        ("Nurse A; Nurse B", "seen in Oxford; seen in Exeter")
    );
    study.decisions.pop();
    let two = next(&mut study, &one);
    assert_eq!(ids(&two), "P00000001 P00000001 P00000003");
    let split = log_of(&two).pop().unwrap();
    assert_eq!(
        (split.author.as_str(), split.reason.as_str(), split.reverses),
        ("Nurse B", "withdrawn: seen in Exeter", None)
    );
}
