//! The next month comes beside the people that are there, and what somebody decides about records is done.

use crate::nation::{HEAD, REGISTRATIONS, Study, source};
use crate::program::{Ran, run};
use crate::tree;

/// A study of one month's registrations.
fn first_month() -> Study {
    let study = Study::empty();
    study.write(
        "study.toml",
        [HEAD, &source("registrations", "registrations/*.csv")].concat(),
    );
    study.write("registrations/2025-01.csv", REGISTRATIONS);
    study
}

fn explained(study: &Study) -> Ran {
    run(&study.folder(), &["--explain"]).well()
}

/// Every record with its person.
fn persons(study: &Study) -> Vec<(String, String)> {
    let rows = tree::rows(
        &study.at("out/tables/persons.parquet"),
        &["record_id", "person_id"],
    );
    rows.into_iter()
        .map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap()))
        .collect()
}

fn log(study: &Study) -> String {
    fs_err::read_to_string(study.at("state/people/operations.jsonl")).unwrap()
}

#[test]
fn the_next_month_is_linked_beside_the_people_that_are_there() {
    let study = first_month();
    run(&study.folder(), &[]).well();
    let before = persons(&study);
    // One of the two comes again, with somebody new; the file stands before the other one.
    let header = REGISTRATIONS.lines().next().unwrap();
    let again = "2,9990000026,OAK,BEA,1951-02-03,2,OX1 1AB,13,2024-04-06,C509,2,0,R,P,P,N,RTH,A,2025-12-31";
    let new = "3,9990000034,ELM,CAT,1952-02-03,2,OX1 1AC,14,2024-05-06,C509,2,0,L,P,P,N,RTH,A,2025-12-31";
    study.write("registrations/2024-12.csv", format!("{header}\n{again}\n{new}\n"));
    let words = explained(&study).words();
    assert!(words.contains("linkage: read 2 of 4 records"), "{words}");
    let after = persons(&study);
    assert!(before.iter().all(|record| after.contains(record)), "{after:?}");
    let of = |record: &str| &after.iter().find(|(id, _)| id == record).unwrap().1;
    assert_eq!(
        of("registrations/2024-12.csv#1"),
        of("registrations/2025-01.csv#2")
    );
    assert_eq!(of("registrations/2024-12.csv#2"), "P00000003");
    // Linking everybody gives the same people, and says that it was asked for.
    let words = run(&study.folder(), &["--explain", "--relink"]).well().words();
    assert!(
        words.contains("everybody was linked, because it was asked for"),
        "{words}"
    );
    assert_eq!(persons(&study), after);
    assert_eq!(log(&study), "");
}

#[cfg(unix)]
#[test]
fn what_is_kept_for_the_next_month_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let study = first_month();
    run(&study.folder(), &[]).well();
    for folder in ["state", "state/people", "state/people/kept"] {
        let mode = fs_err::metadata(study.at(folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{folder}");
    }
}

#[test]
fn what_somebody_decides_is_done_and_can_be_taken_back() {
    let study = first_month();
    run(&study.folder(), &[]).well();
    let before = persons(&study);
    let line = "same,registrations/2025-01.csv#1,registrations/2025-01.csv#2,A. Nurse,seen in the notes\n";
    let header = "decision,record_id_1,record_id_2,author,reason\n";
    study.write("linkage-decisions.csv", [header, line].concat());
    run(&study.folder(), &[]).well();
    assert!(persons(&study).iter().all(|(_, person)| person == "P00000001"));
    assert!(log(&study).contains("\"author\":\"A. Nurse\"") && log(&study).lines().count() == 1);
    study.write("linkage-decisions.csv", header);
    run(&study.folder(), &[]).well();
    assert_eq!(persons(&study), before);
    assert!(
        log(&study).lines().last().unwrap().contains("\"reverses\":1"),
        "{}",
        log(&study)
    );
    // Nothing changes any more.
    let words = explained(&study).words();
    assert!(words.contains("linkage: skipped"), "{words}");
}

#[test]
fn a_decision_that_cannot_be_followed_ends_the_call() {
    let study = first_month();
    let header = "decision,record_id_1,record_id_2,author,reason\n";
    study.write(
        "linkage-decisions.csv",
        format!("{header}same,registrations/2025-01.csv#1,registrations/2025-01.csv#7,A. Nurse,seen\n"),
    );
    let ran = run(&study.folder(), &[]);
    assert_eq!(ran.code, 2);
    let wanted = "linkage-decisions.csv, line 2: no record `registrations/2025-01.csv#7` in use";
    assert!(ran.stderr.contains(wanted), "{}", ran.stderr);
    assert!(!study.at("out").exists());
}
