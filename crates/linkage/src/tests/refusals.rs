//! What is refused, and in which words.

use super::study::{File, Study, nation};
use crate::cascade::tests::row::Row;
use crate::{LinkageError, explain};

fn small() -> Study {
    let rows = vec![Row {
        number: "9990000018".to_owned(),
        ..Row::default()
    }];
    Study::new(&[
        File::new("a.csv", "registrations", rows.clone()),
        File::new("b.csv", "deaths", rows),
    ])
}

#[test]
fn identities_out_of_order_are_a_fault_of_the_run() {
    let mut study = small();
    let part = |name: &str| study.intake().join("identities").join(name);
    fs_err::copy(part("00000.parquet"), part("00002.parquet")).unwrap();
    let error = study.try_run(None, 2).unwrap_err();
    assert!(matches!(error, LinkageError::Order { file: 0, row: 1 }) && error.is_invariant());
    insta::assert_snapshot!(error, @"identities, file 0, row 1: out of order or twice; run intake again");
}

#[test]
fn a_record_of_no_listed_file_is_a_fault_of_the_run() {
    let mut study = small();
    let other = Study::new(&[File::new("c.csv", "deaths", Vec::new())]);
    fs_err::copy(
        other.intake().join("files.parquet"),
        study.intake().join("files.parquet"),
    )
    .unwrap();
    let error = study.try_run(None, 1).unwrap_err();
    assert!(error.is_invariant());
    insta::assert_snapshot!(error, @"identities, file 1: not in `files`, or a record of it has no file, row or source; run intake again");
}

#[test]
fn damaged_former_people_are_said_to_be_so() {
    let mut study = small();
    let (former, _) = study.run(None);
    fs_err::write(former.join("numbering.json"), "{").unwrap();
    let error = study.try_run(Some(&former), 2).unwrap_err();
    assert!(
        !error.is_invariant() && error.to_string().contains("numbering.json"),
        "{error}"
    );
    fs_err::remove_file(former.join("numbering.json")).unwrap();
    fs_err::write(former.join("persons.parquet"), "not a table").unwrap();
    assert!(
        study
            .try_run(Some(&former), 2)
            .unwrap_err()
            .to_string()
            .contains("persons.parquet")
    );
}

#[test]
fn nobody_is_nobody() {
    let mut study = Study::new(&nation(31, 5));
    let (out, _) = study.run(None);
    let error = explain(&out, &study.intake(), 4_000, false).unwrap_err();
    insta::assert_snapshot!(error, @"there is no person P00004000; ids are in the tables `cases` and `persons`");
}

#[test]
fn nothing_gives_nothing() {
    let mut study = Study::new(&[]);
    let (_, report) = study.run(None);
    assert_eq!((report.records, report.people, report.identities), (0, 0, 0));
}
