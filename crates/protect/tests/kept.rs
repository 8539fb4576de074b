//! An approved release comes back from its files as it went out, and from no other files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use protect::ledger::{Approved, LedgerKeys, SignedLedger};
use protect::*;
use support::{completeness, counts, manifest};

fn keys() -> LedgerKeys {
    LedgerKeys::new([1; 32], [2; 32], [3; 32]).unwrap()
}

fn made(simulated: bool) -> Release {
    let tables = vec![
        counts(&[
            ("nation", "North", "all", "all", 60, 9000),
            ("organisation", "=AAA", "all", "all", 3, 60),
            ("organisation", "BBB", "all", "all", 0, 0),
        ]),
        completeness(&[
            ("=AAA", "all", 60, 57, 57, 41.0, ""),
            ("BBB", "all", 9001, 8190, 12, 9.0, ""),
        ]),
    ];
    let raw = RawRelease {
        manifest: manifest(simulated, true),
        tables,
        links: vec![],
    };
    release(&raw, &Policy::hes().unwrap()).unwrap()
}

/// Writes and enters a release; the ledger is the one that a later run reads.
fn entered(release: &Release, dir: &Path) -> SignedLedger {
    let mut ledger = SignedLedger::default();
    let files = write_release(release, dir).unwrap();
    ledger
        .append(
            release,
            Approved {
                files: &files,
                ..Approved::default()
            },
            "2025-03-01",
            &keys(),
        )
        .unwrap();
    let (public, confidential) = ledger.texts().unwrap();
    SignedLedger::verified(&public, &keys().trusted())
        .unwrap()
        .with_confidential(&confidential, &keys())
        .unwrap()
}

#[test]
fn it_comes_back_as_it_went_out() {
    for simulated in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let first = made(simulated);
        let again = entered(&first, dir.path()).kept_release(1, dir.path()).unwrap();
        assert_eq!(again.id(), first.id());
        assert_eq!(again.publication(), first.publication());
        assert_eq!(again.manifest().notice(), first.manifest().notice());
        for (again, first) in again.tables().iter().zip(first.tables()) {
            assert_eq!(csv_text(again, None).unwrap(), csv_text(first, None).unwrap());
            for (a, b) in again.rows().zip(first.rows()) {
                for column in first.columns() {
                    assert_eq!(a.text(column.name()), b.text(column.name()));
                    let (a, b) = (a.figure(column.name()), b.figure(column.name()));
                    assert_eq!(
                        (a.as_f64(), a.state()),
                        (b.as_f64(), b.state()),
                        "{}",
                        column.name()
                    );
                }
            }
        }
        // Written again, its facts and tables are the same bytes.
        let other = tempfile::tempdir().unwrap();
        write_release(&again, other.path()).unwrap();
        for name in ["counts.csv", "completeness.csv", "manifest.json"] {
            let read = |dir: &Path| fs_err::read_to_string(dir.join(name)).unwrap();
            assert_eq!(read(dir.path()), read(other.path()), "{name}");
        }
    }
}

#[test]
fn one_changed_byte_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = entered(&made(false), dir.path());
    for name in [
        "counts.csv",
        "completeness.csv",
        "manifest.json",
        "datapackage.json",
    ] {
        let path = dir.path().join(name);
        let text = fs_err::read_to_string(&path).unwrap();
        fs_err::write(&path, text.replacen('0', "5", 1)).unwrap();
        let refused = ledger.kept_release(1, dir.path()).unwrap_err();
        assert!(
            matches!(&refused, ProtectError::Kept { file, .. } if file == name),
            "{name}: {refused}"
        );
        fs_err::write(&path, text).unwrap();
    }
    assert!(ledger.kept_release(1, dir.path()).is_ok());
    fs_err::remove_file(dir.path().join("counts.csv")).unwrap();
    assert!(matches!(
        ledger.kept_release(1, dir.path()),
        Err(ProtectError::File { .. })
    ));
}

#[test]
fn only_an_entry_with_its_confidential_part_leads_back() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = entered(&made(false), dir.path());
    assert!(ledger.kept_release(0, dir.path()).is_err());
    assert!(ledger.kept_release(2, dir.path()).is_err());
    let public = ledger.texts().unwrap().0;
    let public_only = SignedLedger::verified(&public, &keys().trusted()).unwrap();
    assert!(matches!(
        public_only.kept_release(1, dir.path()),
        Err(ProtectError::Key { .. })
    ));
}
