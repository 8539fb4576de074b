//! Checking single files: the kind is told, the problems are listed, nothing is written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use intake::{CheckOptions, CheckReport, Limits, ROW_RULES, check};
use vocabulary::date::Date;

fn checked(files: &[(&str, &str)], kind: Option<&str>) -> CheckReport {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<(String, PathBuf)> = files
        .iter()
        .map(|(name, content)| {
            let path = folder.path().join(name);
            fs_err::write(&path, content).unwrap();
            ((*name).to_owned(), path)
        })
        .collect();
    let options = CheckOptions {
        kind,
        as_of: Date::new(2025, 12, 31).unwrap(),
        is_today: false,
        limits: Limits::default(),
        organisations: None,
        progress: &|_, _| {},
    };
    let report = check(&paths, &options);
    assert_eq!(
        fs_err::read_dir(folder.path()).unwrap().count(),
        files.len(),
        "nothing is written"
    );
    report
}

const RTDS: &str = "NHS_NUMBER;DATE_OF_BIRTH;ORGCODEPROVIDER;RADIOTHERAPYDIAGNOSISICD;RADIOTHERAPYINTENT;RTTREATMENTREGION;TREATMENTSTARTDATE\n";

#[test]
fn each_kind_is_told_from_its_header() {
    for layout in layouts::all().iter().filter(|layout| !layout.columns.is_empty()) {
        let header = layout.header();
        for delimiter in [",", "|", "\t", ";"] {
            let report = checked(&[("f.csv", &(header.join(delimiter) + "\n"))], None);
            assert_eq!(report.files[0].kind.as_deref(), Some(layout.kind.as_str()));
            assert!(report.error().is_none());
        }
    }
}

#[test]
fn files_are_checked_one_by_one() {
    let good = format!("{RTDS}4010232137;1950-05-01;RTH;C509;02;P;2022-01-01\n");
    let warned = format!("{RTDS}4010232137;1950-05-01;RTH;C509;07;P;2022-01-01\n");
    let wrong = format!("{RTDS}4010232138;1950-05-01;RTH;C509;02;P;2022-01-01\n");
    let lacking = "NHS_NUMBER;DATE_OF_BIRTH;ORGCODEPROVIDER;RADIOTHERAPYDIAGNOSISICD\n";
    let report = checked(
        &[
            ("good.csv", &good),
            ("warned.csv", &warned),
            ("wrong.csv", &wrong),
            ("lacking.csv", lacking),
            ("what.csv", "a;b\n1;2\n"),
        ],
        None,
    );
    let drawn: Vec<String> = report
        .files
        .iter()
        .map(|file| {
            let lines: Vec<String> = file
                .lines()
                .iter()
                .map(|line| format!("{} {}", line.severity, line.rule))
                .collect();
            let error = file.error.as_ref().map(ToString::to_string).unwrap_or_default();
            format!(
                "{} {} {} {error}",
                file.path,
                file.kind.as_deref().unwrap_or("-"),
                lines.join(", ")
            )
        })
        .collect();
    insta::assert_snapshot!("checked", drawn.join("\n"));
    let tally = report.tally();
    assert_eq!((tally.errors, tally.warnings, tally.notices), (1, 1, 0));
    assert!(report.error().is_some());
}

#[test]
fn a_said_kind_is_held_to() {
    let report = checked(&[("f.csv", RTDS)], Some("deaths"));
    insta::assert_snapshot!(report.error().unwrap().to_string(), @r#"f.csv: the deaths file has no column `DOD`; add it, or, if it is there under another name, write `DOD = "that name"` under [source.columns] in study.toml"#);
    let report = checked(&[("f.csv", RTDS)], Some("rads"));
    insta::assert_snapshot!(report.error().unwrap().to_string(), @"--kind rads: no such kind; kinds are registrations, cosd, sact, rtds, admissions, cwt, deaths, form");
}

/// A file that was never there is told from one that goes while it is read, whatever its kind is said to be.
#[test]
fn a_mistyped_file_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [("nosuch.csv".to_owned(), folder.path().join("nosuch.csv"))];
    for kind in [None, Some("cosd"), Some("deaths")] {
        let options = CheckOptions {
            kind,
            as_of: Date::new(2025, 12, 31).unwrap(),
            is_today: false,
            limits: Limits::default(),
            organisations: None,
            progress: &|_, _| {},
        };
        let said = check(&paths, &options).error().unwrap().to_string();
        assert_eq!(
            said,
            "nosuch.csv: cannot be read whole: there is no such file; check how its name is spelt"
        );
    }
}

/// Where nobody says a last day, that is today: what lies after it is a slip, and told as one.
#[test]
fn a_record_after_today_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    let rows =
        "4010232137;1950-05-01;RTH;C509;02;P;2022-01-01\n4010232137;1950-05-01;RTH;C509;02;P;2032-01-01\n";
    fs_err::write(&path, format!("{RTDS}{rows}")).unwrap();
    let paths = [("f.csv".to_owned(), path)];
    for (is_today, words) in [
        (
            false,
            "notice the record lies after the study's last day and was set aside",
        ),
        (
            true,
            "warning the record lies after today, so its date is wrong; a run sets such a record aside",
        ),
    ] {
        let options = CheckOptions {
            kind: None,
            as_of: Date::new(2025, 12, 31).unwrap(),
            is_today,
            limits: Limits::default(),
            organisations: None,
            progress: &|_, _| {},
        };
        let lines = check(&paths, &options).files[0].lines();
        let said: Vec<String> = lines
            .iter()
            .filter(|line| line.rule == "row-after-as-of")
            .map(|line| format!("{} {}", line.severity, line.message))
            .collect();
        assert_eq!(said, [words]);
    }
}

/// Each rule has a name of its own, says what to do, and is worded as the others are.
#[test]
fn rules_are_told_apart() {
    let names: BTreeSet<&str> = ROW_RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), ROW_RULES.len());
    for rule in ROW_RULES {
        assert!(
            !rule.fix.is_empty() && !rule.message.ends_with('.') && !rule.fix.ends_with('.'),
            "{}",
            rule.name
        );
        assert!(
            rule.name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        );
    }
}
