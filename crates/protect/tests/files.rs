//! What a release is written as: files, notices, and the ledger that keeps it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use protect::ledger::Ledger;
use protect::*;
use support::{counts, made, manifest};

#[test]
fn files_say_what_they_are_and_repeat_to_the_byte() {
    let tables = || {
        vec![counts(&[
            ("nation", "North", "all", "all", 60, 60),
            ("organisation", "=cmd", "all", "all", 3, 60),
        ])]
    };
    let dir = tempfile::tempdir().unwrap();
    let release = made(tables(), vec![]);
    let written = write_release(&release, &dir.path().join("a")).unwrap();
    let again = write_release(&made(tables(), vec![]), &dir.path().join("b")).unwrap();
    assert_eq!(written, again);
    assert_eq!(
        written.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(),
        ["counts.csv", "datapackage.json", "manifest.json"]
    );
    let text = |name: &str| fs_err::read_to_string(dir.path().join("a").join(name)).unwrap();
    insta::assert_snapshot!("counts.csv", text("counts.csv"));
    insta::assert_snapshot!("datapackage.json", text("datapackage.json"));
    insta::assert_snapshot!("manifest.json", text("manifest.json"));
}

#[test]
fn a_real_approved_release_carries_no_notice_and_another_id() {
    let tables = || vec![counts(&[("nation", "North", "all", "all", 60, 60)])];
    let raw = RawRelease {
        manifest: manifest(false, true),
        tables: tables(),
        links: vec![],
    };
    let approved = release(&raw, &Policy::hes().unwrap()).unwrap();
    assert_eq!(approved.manifest().notice(), None);
    assert!(
        csv_text(&approved.tables()[0], None)
            .unwrap()
            .starts_with("place_kind,")
    );
    assert_ne!(approved.id(), made(tables(), vec![]).id());
}

#[test]
fn the_ledger_grows_once_and_notices_every_change() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.jsonl");
    let one = made(vec![counts(&[("nation", "North", "all", "all", 60, 60)])], vec![]);
    let two = made(vec![counts(&[("nation", "North", "all", "all", 65, 65)])], vec![]);
    let mut ledger = Ledger::read(&path).unwrap();
    ledger.append(&one, "2025-03-01").unwrap();
    let once = fs_err::read(&path).unwrap();
    ledger.append(&one, "2025-03-02").unwrap();
    assert_eq!(
        once,
        fs_err::read(&path).unwrap(),
        "publishing twice is publishing once"
    );
    ledger.append(&two, "2025-06-01").unwrap();

    let read = Ledger::read(&path).unwrap();
    assert_eq!(
        read.entries()
            .iter()
            .map(|e| e.release.as_str())
            .collect::<Vec<_>>(),
        [one.id(), two.id()]
    );
    let text = fs_err::read_to_string(&path).unwrap();
    for changed in [
        text.replace("2025-03-01", "2025-03-09"),
        text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        text.lines().rev().collect::<Vec<_>>().join("\n"),
        text.replacen('{', "[", 1),
    ] {
        fs_err::write(&path, changed).unwrap();
        assert!(matches!(Ledger::read(&path), Err(ProtectError::Ledger { .. })));
    }
}

#[test]
fn facts_of_the_run_are_protected_too() {
    let release = made(vec![], vec![]);
    let PublicSection { rows, .. } = &release.manifest().sections[0];
    let count = |row: usize| match &rows[row][1] {
        PublicFact::Count(figure) => figure.whole(),
        PublicFact::Text(_) => panic!("a count was expected"),
    };
    assert_eq!((count(0), count(1)), (Some(1205), None));
}
