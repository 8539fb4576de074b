//! Where a study and its output may lie: under any name, behind links, on several disks.

#![cfg(unix)]

use std::path::Path;

use tempfile::TempDir;

use crate::nation::Study;
use crate::program::{Ran, counted, run};
use crate::tree;

/// A name of which a pattern, an address and a shell each make something else.
const ANY_NAME: &str = "a [b]*c?d%20e#f{g}'h\"";

fn find(file: &Path, list: &Path) -> Ran {
    counted(&[
        "find".as_ref(),
        file.as_os_str(),
        "--kind".as_ref(),
        "registrations".as_ref(),
        "--as-of".as_ref(),
        "2025-12-31".as_ref(),
        "--output".as_ref(),
        list.as_os_str(),
    ])
}

fn verify(folder: &Path) -> Ran {
    counted(&["verify".as_ref(), folder.as_os_str()])
}

#[test]
fn a_study_may_have_any_name() {
    let study = Study::tiny();
    let odd = study.beside(ANY_NAME);
    tree::copy(&study.folder(), &odd);
    run(&study.folder(), &[]).well();
    run(&odd, &[]).well();
    tree::assert_same(&study.at("out"), &odd.join("out"), "under another name");
    verify(&odd).well();
    let list = odd.join("worklists").join(format!("{ANY_NAME}.csv"));
    fs_err::create_dir_all(list.parent().unwrap()).unwrap();
    counted(&[
        "worklist".as_ref(),
        odd.as_os_str(),
        "--organisation".as_ref(),
        "RTH".as_ref(),
        "--output".as_ref(),
        list.as_os_str(),
    ])
    .well();
    assert!(list.is_file());
}

#[test]
fn a_look_reads_and_writes_under_any_name() {
    let study = Study::tiny();
    let plain = study.beside("cases.csv");
    find(&study.at("registrations.csv"), &plain).well();
    let folder = study.beside(ANY_NAME);
    fs_err::create_dir(&folder).unwrap();
    let (file, list) = (
        folder.join(format!("{ANY_NAME}.csv")),
        folder.join("cases[1].csv"),
    );
    fs_err::copy(study.at("registrations.csv"), &file).unwrap();
    find(&file, &list).well();
    assert_eq!(fs_err::read(&list).unwrap(), fs_err::read(&plain).unwrap());
    // The way back from a link is that of the system, not that of the letters.
    fs_err::create_dir_all(folder.join("deep/deeper")).unwrap();
    let link = folder.join("link");
    fs_err::os::unix::fs::symlink(folder.join("deep/deeper"), &link).unwrap();
    find(&file, &link.join("../cases.csv")).well();
    assert!(folder.join("deep/cases.csv").is_file());
}

#[test]
fn a_name_that_cannot_be_told_to_the_engine_is_a_wrong_call() {
    let study = Study::tiny();
    let folder = study.beside("a\tb");
    fs_err::create_dir(&folder).unwrap();
    let refused = find(&study.at("registrations.csv"), &folder.join("cases.csv"));
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("give it another name"), "{refused:#?}");
    assert_eq!(fs_err::read_dir(&folder).unwrap().count(), 0);
}

/// A folder on another disk than the study, where this machine has one.
fn other_disk(study: &Study) -> Option<TempDir> {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| fs_err::metadata(path).map(|meta| meta.dev()).ok();
    let places = ["/dev/shm", "/var/tmp"].into_iter();
    let mut others = places.filter_map(|place| tempfile::tempdir_in(place).ok());
    let other = others.find(|other| disk(other.path()) != disk(&study.folder()));
    if other.is_none() {
        eprintln!("skipped: this machine has no second disk for tests");
    }
    other
}

/// Runs twice with a part of the study behind a link, as without it.
fn assert_runs_behind(name: &str, target: &Path) {
    let (study, plain) = (Study::tiny(), Study::tiny());
    run(&plain.folder(), &[]).well();
    let link = study.at(name);
    fs_err::os::unix::fs::symlink(target, &link).unwrap();
    for time in ["first", "second"] {
        run(&study.folder(), &[]).well();
        assert!(link.is_symlink(), "{time}: the link is gone");
        tree::assert_same(&plain.at("out"), &study.at("out"), time);
        verify(&study.folder()).well();
    }
    let left = ["next", "former-out", "work", "swap-unfinished"].map(|name| study.at("state").join(name));
    assert!(left.iter().all(|place| !place.exists()), "{name}");
    for folder in [study.folder(), target.parent().unwrap().to_owned()] {
        let names = fs_err::read_dir(folder).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let left: Vec<String> = names.filter(|name| name.contains("counted-")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    // What is published is no place for lists of people, by whatever way it is named.
    if name == "out" {
        let list = target.join("list.csv");
        let refused = counted(&[
            "worklist".as_ref(),
            study.folder().as_os_str(),
            "--organisation".as_ref(),
            "RTH".as_ref(),
            "--output".as_ref(),
            list.as_os_str(),
        ]);
        assert_eq!(refused.code, 5, "{refused:#?}");
        assert!(!list.exists());
    }
}

#[test]
fn the_output_may_be_a_link() {
    let beside = Study::tiny();
    for name in ["there", "not-yet-there"] {
        let target = beside.beside(name);
        if name == "there" {
            fs_err::create_dir(&target).unwrap();
        }
        assert_runs_behind("out", &target);
        assert!(target.join("site/index.html").is_file());
    }
}

#[test]
fn the_output_and_the_state_may_lie_on_other_disks() {
    let Some(other) = other_disk(&Study::empty()) else {
        return;
    };
    for name in ["out", "state"] {
        let target = other.path().join(name);
        fs_err::create_dir(&target).unwrap();
        assert_runs_behind(name, &target);
    }
}

#[test]
fn an_output_that_nothing_can_replace_is_told_before_the_work() {
    let study = Study::tiny();
    fs_err::os::unix::fs::symlink("nowhere/pages", study.at("out")).unwrap();
    let refused = run(&study.folder(), &[]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("`out` is a link"), "{refused:#?}");
    fs_err::remove_file(study.at("out")).unwrap();
    study.write("out", "a file");
    let refused = run(&study.folder(), &[]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(!study.at("state/stages/intake").exists());
}
