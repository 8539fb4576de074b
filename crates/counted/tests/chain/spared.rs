//! Where a call may write in a study: each command that is given the name of a file, with each place where none may lie.

use std::path::Path;
use std::process::Command;

use crate::nation::Study;
use crate::program::{counted, run};

/// Places in a study where a list would be published, would be the program's own, or would take the place of a file.
const NOT_THERE: [&str; 11] = [
    "released/list.csv",
    "released/1/site/list.csv",
    "out/list.csv",
    "out/site/index.html",
    "out/release/../site/list.csv",
    "state/list.csv",
    "state/lock",
    "study.toml",
    "registrations.csv",
    "ledger.jsonl",
    "ledger-confidential.jsonl",
];

/// A study that was run, with a ledger of which only its place matters here.
fn study() -> Study {
    let study = Study::tiny();
    run(&study.folder(), &[]).well();
    fs_err::create_dir_all(study.at("released/1/site")).unwrap();
    study.write("ledger.jsonl", "public");
    study.write("ledger-confidential.jsonl", "confidential");
    study
}

/// Every command that takes the name of a file to write ends with 5 where it is given this place, and writes nothing.
fn assert_refused(study: &Study, place: &Path) {
    let (folder, file, other) = (
        study.folder(),
        study.at("registrations.csv"),
        study.beside("other.csv"),
    );
    let [folder, file, other, place] =
        [&folder, &file, &other, &place.to_owned()].map(|path| path.to_str().unwrap().to_owned());
    let (folder, file, other, place) = (&*folder, &*file, &*other, &*place);
    let calls: [&[&str]; 8] = [
        &["find", file, "--output", place],
        &["find", file, "--output", other, "--evidence", place],
        &["find", folder, "--output", place],
        &[
            "find",
            "--study",
            folder,
            file,
            "--output",
            other,
            "--evidence",
            place,
        ],
        &["link", file, "--output", place],
        &["link", file, "--output", other, "--pairs", place],
        &["link", file, "--train", "--model", place],
        &["estimate", "uk", "--draws", "1", "--write", place],
    ];
    let before = fs_err::read(place).ok();
    // In the last call no study is named or read: one is known by the place alone.
    for call in calls {
        let ran = counted(call);
        assert_eq!(ran.code, 5, "{call:?}: {ran:#?}");
        assert_eq!(fs_err::read(place).ok(), before, "{call:?}");
        assert!(!Path::new(other).exists(), "{call:?}");
    }
}

#[test]
fn no_call_writes_among_what_is_published_or_over_a_file_of_a_study() {
    let study = study();
    for place in NOT_THERE {
        assert_refused(&study, &study.at(place));
    }
}

/// Whoever writes through it would make the file that it names.
#[cfg(unix)]
#[test]
fn a_link_to_nowhere_in_place_of_the_ledger_is_not_written_through() {
    let study = study();
    let (ledger, nowhere) = (study.at("ledger.jsonl"), study.beside("nowhere.jsonl"));
    fs_err::remove_file(&ledger).unwrap();
    fs_err::os::unix::fs::symlink(&nowhere, &ledger).unwrap();
    assert_refused(&study, &ledger);
    assert!(!nowhere.exists());
}

/// As it is typed by who works in the folder of a study.
#[test]
fn a_place_in_the_study_is_known_by_a_short_name_too() {
    let study = study();
    let calls: [(&str, &[&str]); 4] = [
        ("", &["find", ".", "--output", "out/site/cases.csv"]),
        ("", &["find", ".", "--output", "ledger.jsonl"]),
        (
            "",
            &["find", ".", "--output", "cases.csv", "--evidence", "study.toml"],
        ),
        (
            "out/site",
            &["link", "../../registrations.csv", "--output", "persons.csv"],
        ),
    ];
    for (folder, call) in calls {
        let ran = Command::new(env!("CARGO_BIN_EXE_counted"))
            .args(call)
            .current_dir(study.at(folder))
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(5), "{call:?}: {ran:#?}");
    }
    assert!(!study.at("cases.csv").exists() && !study.at("out/site/cases.csv").exists());
    assert_eq!(fs_err::read(study.at("ledger.jsonl")).unwrap(), b"public");
}

#[test]
fn a_list_may_lie_where_a_study_keeps_its_lists() {
    let study = study();
    let (folder, again, new) = (study.folder(), study.at("worklists/a.csv"), study.at("a.csv"));
    fs_err::create_dir_all(study.at("worklists")).unwrap();
    let find = |place: &Path| {
        counted(&[
            "find".as_ref(),
            folder.as_os_str(),
            "--output".as_ref(),
            place.as_os_str(),
        ])
    };
    for _ in 0..2 {
        find(&again).well();
    }
    // What is new takes no place; the second time there is a file of the study.
    find(&new).well();
    assert_eq!(find(&new).code, 5);
}

/// By what it is named there, nothing of that place says that it is a study's.
#[cfg(unix)]
#[test]
fn the_output_behind_a_link_is_known_by_the_files_that_are_read() {
    let study = Study::tiny();
    let disk = study.beside("disk");
    fs_err::os::unix::fs::symlink(&disk, study.at("out")).unwrap();
    run(&study.folder(), &[]).well();
    let place = disk.join("site/list.csv");
    for command in ["find", "link"] {
        let file = study.at("registrations.csv");
        let ran = counted(&[
            command.as_ref(),
            file.as_os_str(),
            "--output".as_ref(),
            place.as_os_str(),
        ]);
        assert_eq!(ran.code, 5, "{ran:#?}");
        assert!(!place.exists());
    }
}
