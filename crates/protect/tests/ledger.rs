//! The signed ledger: what anybody can check with two public keys, and what nobody can forge or guess without the secret ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use protect::ledger::{Approved, DEMO_STAMP, LedgerKeys, SignedLedger, TrustedKeys};
use protect::*;
use support::{counts, made, manifest};

fn keys(seed: u8) -> LedgerKeys {
    LedgerKeys::new([seed; 32], [seed + 1; 32], [seed + 2; 32]).unwrap()
}

fn releases() -> [Release; 2] {
    [60, 65].map(|n| made(vec![counts(&[("nation", "North", "all", "all", n, n)])], vec![]))
}

/// Two releases, entered with these keys.
fn ledger(keys: &LedgerKeys) -> SignedLedger {
    let mut ledger = SignedLedger::default();
    for (release, day) in releases().iter().zip(["2025-03-01", "2025-06-01"]) {
        let dir = tempfile::tempdir().unwrap();
        let files = write_release(release, dir.path()).unwrap();
        ledger
            .append(
                release,
                Approved {
                    files: &files,
                    site: "",
                    inputs: &[("cosd.xml", b"secret bytes")],
                },
                day,
                keys,
            )
            .unwrap();
    }
    ledger
}

/// No byte can be changed, taken away or put in without being found out. Whole entries at the end can be missing: who has a copy
/// knows how long it was.
#[test]
fn every_byte_of_it_counts() {
    let (public, _) = ledger(&keys(1)).texts().unwrap();
    let trusted = keys(1).trusted();
    let holds = |bytes: &[u8]| {
        std::str::from_utf8(bytes).is_ok_and(|text| SignedLedger::verified(text, &trusted).is_ok())
    };
    assert!(holds(public.as_bytes()));
    let bytes = public.as_bytes();
    for at in 0..bytes.len() {
        let (before, after) = bytes.split_at(at);
        let own = after[0];
        for other in [own ^ 1, own ^ 0x20, b' ', b'0', b'\n'] {
            let changed = [before, &[other], &after[1..]].concat();
            assert!(other == own || !holds(&changed), "byte {at} as {other}");
            let more = [before, &[other], after].concat();
            assert!(!holds(&more), "{other} before byte {at}");
        }
        assert!(!holds(&[before, &after[1..]].concat()), "without byte {at}");
        let whole = before.is_empty() || before.ends_with(b"\n");
        assert_eq!(holds(before), whole, "cut before byte {at}");
    }
}

#[test]
fn anybody_with_the_public_keys_can_check_it_offline() {
    let (public, confidential) = ledger(&keys(1)).texts().unwrap();
    let [first, second] = keys(1).trusted().to_hex();
    let trusted = TrustedKeys::from_hex(&first, &second).unwrap();
    let read = SignedLedger::verified(&public, &trusted).unwrap();
    assert_eq!(read.entries().len(), 2);
    let text = csv_text(
        &releases()[0].tables()[0],
        releases()[0].manifest().notice().as_deref(),
    )
    .unwrap();
    assert!(read.entries()[0].released("counts.csv", text.as_bytes()));
    assert!(!read.entries()[1].released("counts.csv", text.as_bytes()));
    assert!(!read.entries()[0].released("counts.csv", text.replace("60", "61").as_bytes()));
    let whole = read.with_confidential(&confidential, &keys(1)).unwrap();
    assert_eq!(whole.publications()[1], *releases()[1].publication());
    assert_eq!(whole, ledger(&keys(1)), "the same keys give the same bytes");
}

#[test]
fn approving_the_same_release_twice_is_approving_it_once() {
    let (keys, [_, last]) = (keys(1), releases());
    let mut ledger = ledger(&keys);
    let before = ledger.texts().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let files = write_release(&last, dir.path()).unwrap();
    let approved = |files| Approved {
        files,
        ..Approved::default()
    };
    ledger
        .append(&last, approved(&files), "2030-01-01", &keys)
        .unwrap();
    assert_eq!(ledger.texts().unwrap(), before);
    // Other files are another approval.
    ledger
        .append(&last, approved(&files[1..]), "2030-01-01", &keys)
        .unwrap();
    assert_eq!(ledger.entries().len(), 3);
}

#[test]
fn the_same_release_with_other_pages_is_entered_again_and_says_nothing_more() {
    let (keys, [_, last]) = (keys(1), releases());
    let mut ledger = ledger(&keys);
    let before = ledger.publications();
    let pages = |site| Approved {
        site,
        ..Approved::default()
    };
    for (site, entries) in [("one", 3), ("one", 3), ("two", 4)] {
        ledger.append(&last, pages(site), "2030-01-01", &keys).unwrap();
        assert_eq!(ledger.entries().len(), entries);
        assert_eq!(ledger.entries().last().unwrap().site, site);
        assert_eq!(ledger.publications(), before);
    }
    let (public, confidential) = ledger.texts().unwrap();
    let read = SignedLedger::verified(&public, &keys.trusted())
        .and_then(|read| read.with_confidential(&confidential, &keys));
    assert_eq!(read.unwrap(), ledger);
}

#[test]
fn a_change_a_gap_and_a_chain_made_anew_are_found_out() {
    let trusted = keys(1).trusted();
    let (public, confidential) = ledger(&keys(1)).texts().unwrap();
    let lines: Vec<&str> = public.lines().collect();
    // Whoever lacks the keys can make a whole chain that holds together, and cannot sign it.
    let (forged, _) = ledger(&keys(9)).texts().unwrap();
    // One person alone: the other's signature is copied from the real entry.
    let alone = LedgerKeys::new([1; 32], [77; 32], [3; 32]).unwrap();
    let (one_alone, _) = ledger(&alone).texts().unwrap();
    for (text, what) in [
        (
            public.replace("2025-03-01", "2025-03-02"),
            "was changed after it was written",
        ),
        (lines[1].to_owned(), "out of order"),
        (format!("{}\n{}\n", lines[1], lines[0]), "out of order"),
        (forged, "is not signed by both trusted keys"),
        (one_alone, "is not signed by both trusted keys"),
        (public.replacen('{', "[", 1), "not an entry"),
    ] {
        assert_eq!(SignedLedger::verified(&text, &trusted).unwrap_err().what, what);
    }
    let read = || SignedLedger::verified(&public, &trusted).unwrap();
    for text in [
        confidential.replace("\"found\"", "\"lost\""),
        confidential.lines().next().unwrap().to_owned(),
        format!("{confidential}{confidential}"),
    ] {
        assert!(read().with_confidential(&text, &keys(1)).is_err());
    }
    assert!(
        read()
            .with_confidential(
                &confidential,
                &LedgerKeys::new([1; 32], [2; 32], [9; 32]).unwrap()
            )
            .is_err()
    );
}

#[test]
fn no_hash_of_an_input_and_no_number_of_rows_is_in_it() {
    let (public, confidential) = ledger(&keys(1)).texts().unwrap();
    let plain = blake3::hash(b"secret bytes").to_hex().to_string();
    assert!(!public.contains(&plain) && !confidential.contains(&plain));
    assert!(!public.contains("secret bytes") && !public.contains("cosd.xml"));
    // Another key commits otherwise to the same bytes: a guess cannot be checked without it.
    let other = LedgerKeys::new([1; 32], [2; 32], [9; 32]).unwrap();
    let (other_public, _) = ledger(&other).texts().unwrap();
    assert_ne!(public, other_public);
    // A hidden count stands nowhere: what the confidential part keeps of a release is what a reader saw.
    let hidden = made(vec![counts(&[("nation", "North", "all", "all", 3, 60)])], vec![]);
    let mut ledger = SignedLedger::default();
    ledger
        .append(&hidden, Approved::default(), "2025-03-01", &keys(1))
        .unwrap();
    assert!(ledger.texts().unwrap().1.contains("\"hidden\""));
}

#[test]
fn keys_of_the_demonstration_stamp_what_they_sign() {
    let demo = LedgerKeys::demo();
    let raw = RawRelease {
        manifest: RawManifest {
            demonstration_keys: true,
            ..manifest(false, true)
        },
        tables: Vec::new(),
        links: Vec::new(),
    };
    let stamped = release(&raw, &Policy::hes().unwrap()).unwrap();
    assert_eq!(
        stamped.manifest().notice().as_deref(),
        Some(DEMO_STAMP),
        "on every page and file"
    );
    let digits = ["01".repeat(32), "02".repeat(32), "03".repeat(32)];
    let [one, two, three] = digits.each_ref();
    let same = LedgerKeys::from_hex(one, two, three).unwrap().trusted();
    assert_eq!(same, keys(1).trusted());
    assert!(
        LedgerKeys::from_hex(one, two, &three[1..]).is_err()
            && LedgerKeys::from_hex(one, one, three).is_err()
    );
    let (public, _) = ledger(&demo).texts().unwrap();
    assert!(public.contains(DEMO_STAMP));
    assert!(SignedLedger::verified(&public, &demo.trusted()).is_ok());
    assert!(SignedLedger::verified(&public, &keys(1).trusted()).is_err());
    let (real, _) = ledger(&keys(1)).texts().unwrap();
    assert!(!real.contains(DEMO_STAMP));
    assert!(
        LedgerKeys::new([1; 32], [1; 32], [2; 32]).is_err(),
        "one person alone"
    );
    assert_eq!(format!("{demo:?}"), "LedgerKeys");
}
