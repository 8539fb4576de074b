//! COSD through the public door: two submissions of one hospital, as a study takes them in and as
//! `check` sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use drawn::Study;
use drawn::cosd::{primary, record, recurrence, submission};
use intake::{Cause, CheckOptions, Limits, check};
use vocabulary::date::Date;

fn study() -> Study {
    let march = submission(
        "2024-03-20T10:00:00",
        2,
        &(record("r1", "9990000018", &primary("2024-02-01"))
            + &record("r2", "9990000026", &recurrence("2024-02-10"))),
    );
    let april = submission(
        "2024-04-20T10:00:00",
        9,
        &(record("r1", "9990000026", &recurrence("2024-02-10"))
            + &record("r2", "9990000034", &primary("2026-02-01"))),
    );
    let mut study = Study::new();
    study.source(
        "cosd",
        &[("march.xml", march.as_bytes()), ("april.xml", april.as_bytes())],
    );
    study
}

#[test]
fn two_submissions_become_records_and_rows_that_were_set_aside() {
    let study = study();
    let report = study.run().unwrap();
    let source = &report.sources[0];
    assert_eq!((source.rows, source.in_identities), (4, 3));
    assert_eq!(
        source
            .set_aside
            .iter()
            .map(|(reason, rows)| format!("{reason} {rows}"))
            .collect::<Vec<_>>(),
        ["superseded 1"]
    );
    let tables = [
        "set_aside",
        "records/cosd",
        "records/cosd.metastasis",
        "coverage",
        "files",
        "problems",
    ];
    let drawn: String = tables
        .iter()
        .map(|table| format!("{table}\n{}\n", study.table(table)))
        .collect();
    insta::assert_snapshot!(drawn);
}

/// A provider whose code no list holds is named, in a run and before sending: else its hospital has sent nothing.
#[test]
fn a_provider_that_no_list_holds_is_named() {
    let registry = vocabulary::organisation::Registry::uk().unwrap();
    let mut study = study();
    let options = CheckOptions {
        kind: None,
        as_of: Date::new(2025, 12, 31).unwrap(),
        is_today: false,
        limits: Limits::default(),
        organisations: Some(&registry),
        progress: &|_, _| {},
    };
    let checked = check(&study.sources[0].paths, &options);
    for file in &checked.files {
        let lines = file.lines();
        let unknown = lines.iter().find(|line| line.rule == "organisation-unknown");
        assert!(unknown.unwrap().message.ends_with("2 records: ZZ1 (2)"));
    }
    study.organisations = Some(registry);
    study.run().unwrap();
    let problems = study.table("problems");
    assert_eq!(problems.matches("ZZ1").count(), 2, "{problems}");
}

#[test]
fn a_study_of_one_cut_file_ends_as_the_fault_of_the_source() {
    let mut study = study();
    let path = study.sources[0].paths[1].1.clone();
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, &text[..text.len() - 30]).unwrap();
    let error = study.run().unwrap_err();
    assert_eq!(error.cause(), Cause::Source);
    assert_eq!(
        error.to_string(),
        "april.xml: cannot be read whole: it ends before its root element is closed; copy or export the file again; it was cut off"
    );
    study.sources[0].unreadable_set_aside = true;
    let report = study.run().unwrap();
    assert_eq!((report.sources[0].rows, report.sources[0].in_identities), (2, 2));
}

#[test]
fn check_tells_cosd_by_its_root_and_names_the_wrong_count() {
    let study = study();
    let options = CheckOptions {
        kind: None,
        as_of: Date::new(2025, 12, 31).unwrap(),
        is_today: false,
        limits: Limits::default(),
        organisations: None,
        progress: &|_, _| {},
    };
    let paths: Vec<_> = study.sources[0]
        .paths
        .iter()
        .map(|(name, path)| (name.clone(), path.clone()))
        .collect();
    let checked = check(&paths, &options);
    let drawn: Vec<String> = checked
        .files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| line.severity == intake::Severity::Error)
        .map(|line| format!("{}: {}", line.rule, line.message))
        .collect();
    assert_eq!(
        drawn,
        ["record-count: the header says 9 records, the file holds 2"]
    );
    assert!(
        checked
            .files
            .iter()
            .all(|file| file.kind.as_deref() == Some("cosd") && file.error.is_none())
    );
}
