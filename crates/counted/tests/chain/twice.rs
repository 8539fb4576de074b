//! The same inputs give the same bytes, whatever the machine, and a second run does nothing.

use crate::nation::Study;
use crate::program::{counted, run};
use crate::shared::{self, Releases};
use crate::tree;

const SEED: u64 = 4_801;

#[test]
fn the_same_study_in_two_folders_gives_the_same_bytes() {
    // It was run elsewhere, on three threads and with 2 GB.
    let study = shared::finished();
    let other = study.beside("elsewhere");
    tree::copy(&study.at("out"), &other);
    study.forget();
    run(&study.folder(), &["--threads", "1", "--memory", "64MB"]).well();
    tree::assert_same(&study.at("out"), &other, "another folder, threads and memory");
}

#[test]
fn a_second_run_skips_every_stage_and_changes_nothing() {
    let study = shared::finished();
    let first = study.beside("first");
    tree::copy(&study.at("out"), &first);
    let again = run(
        &study.folder(),
        &["--threads", "1", "--memory", "1GB", "--explain"],
    )
    .well();
    for stage in ["intake", "linkage", "casefind", "count"] {
        assert!(
            again.words().contains(&format!("{stage}: skipped")),
            "{stage} ran again: {}",
            again.words()
        );
    }
    tree::assert_same(&first, &study.at("out"), "a second run");
}

#[test]
fn what_is_published_twice_is_entered_once() {
    let study = shared::finished();
    let publish = || counted(&["publish".as_ref(), study.folder().as_os_str()]).well();
    publish();
    let entries = fs_err::read_to_string(study.at("ledger.jsonl")).unwrap();
    assert_eq!(entries.lines().count(), 1, "{entries}");
    publish();
    assert_eq!(entries, fs_err::read_to_string(study.at("ledger.jsonl")).unwrap());
    counted(&["verify".as_ref(), study.folder().as_os_str()]).well();
    // Whoever edits the ledger is found out.
    fs_err::write(study.at("ledger.jsonl"), entries.replacen("20", "30", 1)).unwrap();
    assert_eq!(counted(&["verify".as_ref(), study.folder().as_os_str()]).code, 4);
}

#[test]
fn what_was_simulated_twice_is_the_same_study() {
    let (one, other) = (Study::invented(SEED + 2, 300), Study::invented(SEED + 2, 300));
    tree::assert_same(&one.folder(), &other.folder(), "the same seed");
    let third = Study::invented(SEED + 3, 300);
    assert_ne!(
        tree::files(&one.folder()),
        tree::files(&third.folder()),
        "another seed gives another nation"
    );
}

/// Cases that somebody took out of a table of the last run come back with the next file: nothing is taken over from it.
#[test]
fn what_somebody_rewrote_is_not_taken_over_with_the_next_file() {
    let releases = Releases::copied();
    let copy = releases.study.beside("rewritten");
    // A run of its own, since a copy has no second names.
    tree::copy(&releases.study.folder(), &copy);
    fs_err::remove_dir_all(copy.join("out")).unwrap();
    run(&copy, &[]).well();
    for (table, schema) in [
        ("cases", layouts::tables::cases()),
        ("evidence", layouts::tables::evidence()),
    ] {
        let nobody = releases.study.beside("nobody.parquet");
        engine::TableWriter::create(&nobody, &schema)
            .unwrap()
            .finish()
            .unwrap();
        // Into the file itself, whose second name the next run reads.
        let place = copy.join(format!("out/tables/{table}.parquet"));
        fs_err::write(place, fs_err::read(&nobody).unwrap()).unwrap();
    }
    releases.add_later(&copy);
    run(&copy, &[]).well();
    let wanted = releases.wanted.join("out");
    tree::assert_same(&wanted, &copy.join("out"), "rewritten tables and a new file");
}

/// Tables under `out` are second names of what is kept for the next run: whoever rewrites one changes both.
#[test]
fn a_table_that_somebody_rewrote_is_not_published() {
    let releases = Releases::copied();
    let (former, wanted) = (releases.study.folder(), releases.wanted.clone());
    let copy = releases.study.beside("rewritten");
    // A run of its own, since a copy has no second names.
    tree::copy(&wanted, &copy);
    fs_err::remove_dir_all(copy.join("out")).unwrap();
    run(&copy, &[]).well();
    for table in [
        "counts",
        "checks",
        "completeness",
        "standards",
        "cases",
        "set_aside",
    ] {
        let name = format!("out/tables/{table}.parquet");
        let other = fs_err::read(former.join(&name)).unwrap();
        assert_ne!(other, fs_err::read(copy.join(&name)).unwrap(), "{table}");
        fs_err::write(copy.join(&name), other).unwrap();
    }
    let pack = copy.join("out/packs/SIM01.json");
    fs_err::write(&pack, "{}").unwrap();
    let said = run(&copy, &["--explain"]).well();
    assert!(said.words().contains("count: ran"), "{}", said.words());
    tree::assert_same(&wanted.join("out"), &copy.join("out"), "rewritten tables");
    let verify = || counted(&["verify".as_ref(), copy.as_os_str()]);
    verify().well();
    // A pack that was changed, removed or added is no pack of the run.
    let told = |words: &str| {
        let ran = verify();
        assert!(ran.code == 4 && ran.words().contains(words), "{words}: {ran:#?}");
    };
    let held = fs_err::read(&pack).unwrap();
    fs_err::write(&pack, "{}").unwrap();
    told("packs/SIM01.json is not what the run put out");
    fs_err::remove_file(&pack).unwrap();
    told("packs/SIM01.json is not what the run put out");
    fs_err::write(&pack, held).unwrap();
    verify().well();
    fs_err::write(copy.join("out/packs/SIM99.json"), "{}").unwrap();
    told("packs/SIM99.json was not put out by the run");
    fs_err::remove_file(copy.join("out/packs/SIM99.json")).unwrap();
    // Nor does a folder lie there, or among what is published.
    for folder in ["packs", "release", "tables"] {
        let more = copy.join("out").join(folder).join("more");
        fs_err::create_dir(&more).unwrap();
        told(&format!("{folder}/more/ was not put out by the run"));
        fs_err::remove_dir(&more).unwrap();
    }
    verify().well();
}
