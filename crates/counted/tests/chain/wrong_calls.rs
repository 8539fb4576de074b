//! Calls and small files beside a study that are wrong: the words name what is wrong, and not something else.

use crate::nation::{Study, source};
use crate::program::{counted, run};

#[test]
fn a_wrong_call_is_told_by_what_is_wrong_with_it() {
    let study = Study::tiny();
    let (folder, file) = (study.folder(), study.at("registrations.csv"));
    let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let nosuch = study.beside("nosuch.csv");
    let (nosuch, list) = (nosuch.to_str().unwrap(), study.beside("cases.csv"));
    let list = list.to_str().unwrap();
    let kind = "--kind foo: no such kind; kinds are registrations, cosd";
    let cases: [(&[&str], i32, &str); 5] = [
        (&["check", "--kind", "foo", file], 2, kind),
        (&["find", file, "--kind", "foo", "--output", list], 2, kind),
        (
            &["check", nosuch],
            3,
            "there is no such file; check how its name is spelt",
        ),
        (
            &["verify", "--site", folder],
            2,
            "no ledger.jsonl there: give the folder of the pages, or --ledger",
        ),
        (
            &["verify", "--site", nosuch, "--ledger", file],
            2,
            "there is no such folder",
        ),
    ];
    for (call, code, words) in cases {
        let ran = counted(call);
        assert!(
            ran.code == code && ran.stderr.contains(words),
            "{call:?}: {ran:#?}"
        );
    }
    study.write(
        "charts.csv",
        "of,organisation,people,reviewed,confirmed,first_year,last_year\nB,NOBODY,20,10,9,,\n",
    );
    let ran = run(&study.folder(), &[]);
    let told = "charts.csv, line 2: `organisation` is not a code of a trust or board of this study";
    assert!(ran.code == 2 && ran.stderr.contains(told), "{ran:#?}");
}

/// An option that means something beside another only is not passed over, and a folder is not taken for a file that is lost.
#[test]
fn what_is_not_read_or_not_there_is_told_by_its_name() {
    let study = Study::tiny();
    let (folder, file) = (study.folder(), study.at("registrations.csv"));
    let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let (below, pattern) = (format!("{file}/demo"), format!("{folder}/*.none"));
    let (nosuch, list) = (format!("{folder}/none.csv"), study.beside("cases.csv"));
    let (list, month) = (list.to_str().unwrap(), study.at("month"));
    fs_err::create_dir(&month).unwrap();
    let month = month.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 15] = [
        (
            &["verify", folder, "--trusted", file],
            2,
            "name the site with --site FOLDER",
        ),
        (
            &["verify", folder, "--ledger", file],
            2,
            "name the site with --site FOLDER",
        ),
        (&["verify", "--trusted", file], 2, "--site"),
        (
            &["verify", "--site", folder, "--rows", list],
            2,
            "--rows is of a figure of a study",
        ),
        (&["outliers", folder, "--by", "me"], 2, "--record <STEP>"),
        (&["outliers", folder, "--on", "2026-01-01"], 2, "--record <STEP>"),
        (&["outliers", folder, "--note", "x"], 2, "--record <STEP>"),
        (&["outliers", folder, "--indicator", "x"], 2, "--record <STEP>"),
        (
            &["outliers", folder, "--organisation", "RTH"],
            2,
            "--record <STEP>",
        ),
        (
            &["demo", "--no-serve", "--folder", file],
            2,
            "it is a file; name a folder",
        ),
        (
            &["demo", "--no-serve", "--folder", below.as_str()],
            2,
            "name a folder",
        ),
        (
            &["find", file, month, "--output", list],
            3,
            "it is a folder; name the files in it",
        ),
        (
            &["find", pattern.as_str(), "--output", list],
            3,
            "a pattern that matches nothing stands for itself",
        ),
        (
            &["find", nosuch.as_str(), "--output", list],
            3,
            "none.csv: there is no such file; check how its name is spelt",
        ),
        (
            &["find", file, nosuch.as_str(), "--output", list],
            3,
            "there is no such file",
        ),
    ];
    for (call, code, words) in cases {
        let ran = counted(call);
        assert!(
            ran.code == code && ran.stderr.contains(words),
            "{call:?}: {ran:#?}"
        );
    }
}

/// A file whose columns and nation only study.toml knows.
#[test]
fn a_check_of_a_study_reads_its_files_as_a_run_does() {
    let study = Study::tiny();
    let map = "nations = [\"Scotland\"]\n[source.columns]\nDIAG = \"CONDITION_#\"\nADMIDATE = \"DATE_IN\"\n";
    study.append(
        "study.toml",
        [source("admissions", "smr01.csv"), map.to_owned()].concat(),
    );
    study.write(
        "smr01.csv",
        "CHI,DATE_IN,CONDITION_1\n0101301006,2020-01-02,C509\n",
    );
    let (folder, file) = (study.folder(), study.at("smr01.csv"));
    let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let all = counted(&["check", folder]).well();
    for words in [
        "registrations.csv (registrations): 2 records, 2 in use",
        "smr01.csv (admissions): 1 record, 1 in use",
    ] {
        assert!(all.stdout.contains(words), "{all:#?}");
    }
    let one = counted(&["check", "--study", folder, file]).well();
    assert!(
        one.stdout.contains("smr01.csv (admissions): 1 record, 1 in use"),
        "{one:#?}"
    );
    // One that is still to be put in is read as the others of its kind.
    let next = study.beside("next.csv");
    fs_err::copy(file, &next).unwrap();
    let next = next.to_str().unwrap();
    counted(&["check", "--study", folder, next, "--kind", "admissions"]).well();
    let other = counted(&["check", "--study", folder, next, "--kind", "deaths"]);
    assert!(
        other.code == 2
            && other
                .stderr
                .contains("the study has no source of the kind `deaths`"),
        "{other:#?}"
    );
    // By themselves the columns say nothing.
    let alone = counted(&["check", file, "--kind", "admissions"]);
    assert!(
        alone.code == 3 && alone.stderr.contains("has no column"),
        "{alone:#?}"
    );
    assert!(!study.at("state").exists(), "nothing is written");
}
