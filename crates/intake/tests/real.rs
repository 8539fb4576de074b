//! Public data beside the repository, where it is: NHS England's artificial admitted-care extract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use drawn::Study;
use intake::{CheckOptions, Limits, check};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

fn artificial_hes() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/hes-artificial/artificial_hes_apc_0102_truncated.csv");
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here", path.display());
    None
}

#[test]
fn the_artificial_hes_extract_passes() {
    let Some(path) = artificial_hes() else { return };
    let mut study = Study::new();
    study.source("admissions", &[]);
    study.sources[0].paths = vec![("hes/apc_0102.csv".to_owned(), path.clone())];
    study.organisations = Some(Registry::uk().unwrap());
    let report = study.run().unwrap();

    let source = &report.sources[0];
    assert_eq!(source.rows, 2_075);
    assert_eq!(
        source.in_identities + source.set_aside.values().sum::<u64>(),
        2_075
    );
    assert_eq!(source.in_identities, 2_075);
    assert_eq!(source.problems["error"], 0, "none is fatal");

    let identities = study.table("identities");
    assert_eq!(identities.lines().count(), 2_075);
    let keys: BTreeSet<&str> = identities
        .split("  ")
        .filter(|cell| cell.starts_with("key="))
        .collect();
    assert_eq!(keys.len(), 994, "the pseudonyms that the extract is said to hold");
    assert!(
        identities
            .lines()
            .all(|line| line.contains("key_space=pseudo_hesid"))
    );
    let records = study.table("records/admissions");
    assert_eq!(records.lines().count(), 2_075);
    let read = |prefix: &str| -> usize {
        let diagnoses = records
            .lines()
            .filter_map(|line| line.split("DIAG=").nth(1)?.split("  ").next());
        diagnoses
            .flat_map(|codes| codes.split(' '))
            .filter(|code| code.starts_with(prefix))
            .count()
    };
    // The oracle: cells of the four-character columns that begin so.
    let mut cells = csv::Reader::from_path(&path).unwrap();
    let columns: Vec<usize> = (0..193)
        .filter(|&i| is_diagnosis(&cells.headers().unwrap()[i]))
        .collect();
    assert_eq!(columns.len(), 20);
    let rows: Vec<csv::StringRecord> = cells.records().map(Result::unwrap).collect();
    for prefix in ["C50", "C77", "C78", "C79", "Z"] {
        let wanted = rows
            .iter()
            .flat_map(|row| columns.iter().map(|&i| &row[i]))
            .filter(|cell| cell.starts_with(prefix))
            .count();
        assert_eq!(read(prefix), wanted, "{prefix}");
        assert!(wanted >= 10);
    }

    let problems = study.table("problems");
    let mut by_rule: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for line in problems.lines() {
        let cell = |name: &str| {
            line.split("  ")
                .find_map(|cell| cell.strip_prefix(name))
                .unwrap_or_default()
        };
        *by_rule.entry((cell("rule="), cell("field="))).or_default() +=
            cell("count=").parse::<u64>().unwrap();
    }
    let drawn: Vec<String> = by_rule
        .iter()
        .map(|((rule, field), count)| format!("{rule} {field} {count}"))
        .collect();
    insta::assert_snapshot!(drawn.join("\n"), @"
    birth-after-record MYDOB 139
    code-placeholder DIAG 781
    code-placeholder OPERTN 1004
    column-missing NEWNHSNO 1
    date-placeholder ADMIDATE 1
    date-placeholder DISDATE 1
    date-placeholder EPIEND 1
    date-placeholder EPISTART 1
    date-placeholder MYDOB 8
    death-undated DISMETH 1
    icd10-unreadable DIAG 3
    opcs-unreadable OPERTN 1
    organisation-unknown  1
    record-date-missing EPISTART 1
    sex-not-known SEX 2
    ");
    for named in ["`1801-01-01`", "sex is `0`", "`-` (OPERTN_4_01)", "5A200"] {
        assert!(problems.contains(named), "{named} is named");
    }
}

#[test]
fn the_artificial_hes_extract_is_recognised_by_check() {
    let Some(path) = artificial_hes() else { return };
    let options = CheckOptions {
        kind: None,
        as_of: Date::new(2025, 12, 31).unwrap(),
        is_today: false,
        limits: Limits::default(),
        organisations: None,
        progress: &|_, _| {},
    };
    let report = check(&[("apc.csv".to_owned(), path)], &options);
    assert_eq!(report.files[0].kind.as_deref(), Some("admissions"));
    assert_eq!(report.files[0].outcome.facts.rows, 2_075);
    assert!(report.error().is_none());
    assert_eq!(report.tally().errors, 0);
    assert!(report.tally().notices > 0);
}

fn is_diagnosis(header: &str) -> bool {
    header
        .strip_prefix("DIAG_4_")
        .is_some_and(|number| number.parse::<u32>().is_ok())
}
