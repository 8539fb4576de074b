//! The next month comes beside the people that are there, and what somebody decides about records is done.

use crate::nation::{HEAD, REGISTRATIONS, Study, source};
use crate::program::{Ran, counted, run};
use crate::tree;

/// A study of one month's registrations.
fn first_month() -> Study {
    let study = Study::empty();
    study.write(
        "study.toml",
        [HEAD, &source("registrations", "registrations/*.csv")].concat(),
    );
    study.few_organisations();
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
    // That was said of that run: the next one links nobody.
    let words = explained(&study).words();
    assert!(
        words.contains("linkage: skipped") && !words.contains("everybody was linked"),
        "{words}"
    );
    assert_eq!(log(&study), "");
}

#[cfg(unix)]
#[test]
fn what_is_kept_for_the_next_month_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let study = first_month();
    run(&study.folder(), &[]).well();
    for folder in ["out", "state", "state/people", "state/people/kept"] {
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
    let gone = || {
        let gone = counted(&[
            "explain".into(),
            study.folder().into_os_string(),
            "P00000002".into(),
        ]);
        assert_eq!(gone.code, 2);
        gone.stderr
    };
    let words = gone();
    assert!(
        words.contains("P00000002 was merged into P00000001 (operation 1"),
        "{words}"
    );
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
    // Whose records are gone was not merged: the id was given back before.
    let only: Vec<&str> = REGISTRATIONS.lines().take(2).collect();
    study.write("registrations/2025-01.csv", format!("{}\n", only.join("\n")));
    run(&study.folder(), &[]).well();
    assert_eq!(persons(&study), before[..1]);
    let words = gone();
    assert!(words.contains("there is no person P00000002"), "{words}");
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

#[test]
fn a_decision_about_rows_that_changed_places_ends_the_call() {
    let study = first_month();
    let header = "decision,record_id_1,record_id_2,author,reason\n";
    let line = "different,registrations/2025-01.csv#1,registrations/2025-01.csv#2,A. Nurse,twins\n";
    study.write("linkage-decisions.csv", [header, line].concat());
    run(&study.folder(), &[]).well();
    let before = persons(&study);
    let mut lines: Vec<&str> = REGISTRATIONS.lines().collect();
    lines.swap(1, 2);
    study.write("registrations/2025-01.csv", format!("{}\n", lines.join("\n")));
    let ran = run(&study.folder(), &[]);
    assert_eq!(ran.code, 2);
    let wanted = "linkage-decisions.csv, line 2: this was decided of `registrations/2025-01.csv#1`";
    assert!(ran.stderr.contains(wanted), "{}", ran.stderr);
    // Without the line, each of the two has the id that it had, in the other row.
    study.write("linkage-decisions.csv", header);
    run(&study.folder(), &[]).well();
    let mut after = persons(&study);
    after.reverse();
    let ids = |rows: &[(String, String)]| rows.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(log(&study), "");
}

/// The folder of the finished stage of case-finding.
fn finding(study: &Study) -> std::path::PathBuf {
    let folders = fs_err::read_dir(study.at("state/stages/casefind")).unwrap();
    let mut folders: Vec<_> = folders.map(|folder| folder.unwrap().path()).collect();
    assert_eq!(folders.len(), 1);
    folders.remove(0)
}

/// Whoever is found beside those of last month is found as if nobody had been looked for before.
#[test]
fn people_are_found_month_by_month_as_they_are_at_once() {
    let study = Study::invented(7_405, 400);
    let files = |folder: &str| crate::nation::files_in(&study.at(folder));
    let (admissions, cosd) = (files("admissions"), files("cosd"));
    let (hospital, cancer) = (admissions.last().unwrap(), cosd.last().unwrap());
    let away = |path: &std::path::Path| study.at("held").join(path.file_name().unwrap());
    fs_err::create_dir_all(study.at("held")).unwrap();
    for path in [hospital, cancer] {
        fs_err::rename(path, away(path)).unwrap();
    }
    let spools = || -> Vec<String> {
        let list = fs_err::read_to_string(finding(&study).join("kept/hits")).unwrap();
        // Below a hash of it.
        let (_, list) = list.split_once('\n').unwrap();
        let list: serde_json::Value = serde_json::from_str(list).unwrap();
        let spools = list["spools"].as_array().unwrap().iter();
        spools
            .map(|spool| spool["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let at_once = |month: &str| {
        let first = study.at("beside");
        tree::copy(&study.at("out"), &first);
        let found = finding(&study);
        let report = |at: &std::path::Path| fs_err::read(at.join("report.json")).unwrap();
        let beside = report(&found);
        fs_err::remove_dir_all(study.at("state/stages/casefind")).unwrap();
        run(&study.folder(), &[]).well();
        tree::assert_same(&first, &study.at("out"), month);
        assert!(beside == report(&found), "{month}");
        fs_err::remove_dir_all(first).unwrap();
    };
    run(&study.folder(), &[]).well();
    let before = spools();
    for path in [hospital, cancer] {
        fs_err::rename(away(path), path).unwrap();
        run(&study.folder(), &[]).well();
        let taken = spools().iter().filter(|name| before.contains(name)).count();
        assert_eq!(taken, before.len(), "hits of the first month stand");
        assert!(spools().len() > before.len());
        at_once(&path.display().to_string());
    }
    // A file of hospitals is sent again and lacks its last rows; one of deaths is gone.
    let earlier = &admissions[0];
    let text = fs_err::read_to_string(earlier).unwrap();
    let lines = text.lines().count();
    let kept: String = text
        .lines()
        .take(lines - 40)
        .map(|line| format!("{line}\n"))
        .collect();
    fs_err::write(earlier, kept).unwrap();
    run(&study.folder(), &[]).well();
    at_once("a file without its last rows");
}
