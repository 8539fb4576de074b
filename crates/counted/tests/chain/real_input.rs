//! Files that we did not make: NHS England's artificial admissions and the registry's COSD sample.
//!
//! They lie beside the repository and are not part of it; without them the tests say so and end.

use std::path::{Path, PathBuf};

use crate::nation::{HEAD, Study, source};
use crate::program::{counted, run};
use crate::tree;

const ADMISSIONS: &str = "hes-artificial/artificial_hes_apc_0102_truncated.csv";
const COSD: &str = "cosd/cosd_v10-0-1_breast_sample.xml";

fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let there = [ADMISSIONS, COSD].iter().all(|file| folder.join(file).is_file());
    if !there {
        eprintln!("skipped: there is no ../shared/data beside the repository");
    }
    there.then_some(folder)
}

fn study(data: &Path) -> Study {
    let study = Study::empty();
    let head = HEAD.replace("2019-01-01", "2001-01-01");
    study.write(
        "study.toml",
        [
            head,
            source("admissions", "hes/*.csv"),
            source("cosd", "cosd/*.xml"),
        ]
        .concat(),
    );
    study.write("hes/apc.csv", fs_err::read(data.join(ADMISSIONS)).unwrap());
    study.write("cosd/sample.xml", fs_err::read(data.join(COSD)).unwrap());
    study
}

/// Rule, field and message of every problem.
fn problems(study: &Study) -> Vec<[String; 3]> {
    tree::rows(
        &study.at("out/tables/problems.parquet"),
        &["rule", "field", "message"],
    )
    .into_iter()
    .map(|row| [0, 1, 2].map(|column| row[column].clone().unwrap_or_default()))
    .collect()
}

#[test]
fn two_real_files_are_read_whole_and_their_oddities_are_named() {
    let Some(data) = data() else { return };
    let study = study(&data);
    let ran = run(&study.folder(), &["--format", "json"]).well();
    let sources = &ran.json()["sources"];
    for (at, kind, rows) in [(0, "admissions", 2_075), (1, "cosd", 1)] {
        assert_eq!(sources[at]["kind"], kind);
        assert_eq!(sources[at]["rows"], rows);
        assert_eq!(sources[at]["in_persons"], rows, "{}", sources[at]["set_aside"]);
    }
    let persons = tree::rows(&study.at("out/tables/persons.parquet"), &["record_id"]);
    assert_eq!(persons.len(), 2_076);
    let problems = problems(&study);
    let named = |rule: &str, words: &str| {
        problems
            .iter()
            .any(|[name, _, message]| name == rule && message.contains(words))
    };
    assert!(
        named("date-placeholder", "`1801-01-01`"),
        "1801-01-01 is not named"
    );
    assert!(named("sex-not-known", "`0`"), "sex 0 is not named");
    assert!(named("code-placeholder", "`-`"), "`-` is not named");
    let same = problems.iter().any(|[rule, field, message]| {
        (rule.contains("number") || field.to_lowercase().contains("nhs number")) && message.contains("digit")
    });
    assert!(
        same,
        "the NHS number of one digit repeated is not named: {problems:#?}"
    );
    assert!(
        !problems
            .iter()
            .any(|[_, _, message]| message.contains("1111111111")),
        "a number is quoted"
    );
}

#[test]
fn a_code_of_the_united_states_is_named_and_taken_as_blank() {
    let Some(data) = data() else { return };
    let study = study(&data);
    study.few_organisations();
    let sample = fs_err::read_to_string(study.at("cosd/sample.xml")).unwrap();
    let planted = sample.replace(
        "<PrimaryDiagnosisIcd code=\"5vTddo\"/>",
        "<PrimaryDiagnosisIcd code=\"C79.81\"/>",
    );
    assert_ne!(sample, planted, "the sample has changed");
    study.write("cosd/sample.xml", planted);
    let table = fs_err::read_to_string(study.at("hes/apc.csv")).unwrap();
    let mut lines = table.lines();
    let (header, first) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(first.contains(",F321,"), "the extract has changed");
    let rest: Vec<&str> = lines.collect();
    study.write(
        "hes/apc.csv",
        format!(
            "{header}\n{}\n{}\n",
            first.replacen(",F321,", ",C79.81,", 1),
            rest.join("\n")
        ),
    );
    run(&study.folder(), &[]).well();
    let problems = problems(&study);
    let named = problems
        .iter()
        .filter(|[rule, _, _]| rule == "icd10-us-style")
        .count();
    assert_eq!(named, 2, "{problems:#?}");
}

#[test]
fn a_wrong_record_count_is_an_error_of_check_only() {
    let Some(data) = data() else { return };
    let (file, whole) = (data.join(COSD), data.join(ADMISSIONS));
    let checked = counted(&["check", file.to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{checked:#?}");
    assert!(checked.stdout.contains("RecordCount"), "{checked:#?}");
    assert!(!checked.words().contains("1111111111"), "a number is quoted");
    // Warnings and notices alone end with 0.
    counted(&["check", whole.to_str().unwrap()]).well();
}
