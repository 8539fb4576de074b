//! What study.toml says of a source: how its columns are mapped and where its keys hold. And what is refused of a file as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use drawn::Study;
use intake::{Cause, IntakeError};

fn error_of(study: &Study) -> (Cause, String) {
    let error: IntakeError = study.run().unwrap_err();
    (error.cause(), error.to_string())
}

/// Each registry gives out its own keys. Of one nation they hold in that nation; England's go by the plain name.
#[test]
fn keys_of_a_registry_hold_in_their_nation() {
    let text = "PATIENTID,PERSON_KEY,DOB,EPISTART,DIAG_01\nP1,,1950-01-01,2020-01-01,C509\n,K2,1950-01-01,2020-01-02,C509\n";
    let mut study = Study::of("admissions", text);
    for (nations, space) in [
        (vec!["Scotland"], "patientid@scotland"),
        (vec!["Northern Ireland"], "patientid@northern-ireland"),
        (vec!["England"], "patientid"),
        (vec!["England", "Wales"], "patientid"),
        (vec![], "patientid"),
    ] {
        for person_key in [None, Some("PATIENTID".to_owned())] {
            study.sources[0].nations = nations.iter().map(|nation| (*nation).to_owned()).collect();
            study.sources[0].person_key = person_key;
            study.run().unwrap();
            let people = study.table("identities");
            assert!(people.contains(&format!("key_space={space}  key=P1")), "{people}");
            // This key is the same wherever its column is used.
            assert!(people.contains("key_space=person_key  key=K2"), "{people}");
        }
    }
}

/// `MAIN_CONDITION` goes first, and what the group names follows it; a number that the group does not hold is told.
#[test]
fn what_a_column_map_names_is_not_lost() {
    let text = "CHI,ADMISSION_DATE,MAIN_CONDITION,OTHER_CONDITION_0,OTHER_CONDITION_1,OTHER_CONDITION_2\n\
                ,2020-01-02,C509,I10,C795,C787\n";
    let mut study = Study::of("admissions", text);
    let map = |study: &mut Study, map: &[(&str, &str)]| {
        let names = map
            .iter()
            .map(|(name, header)| ((*name).to_owned(), (*header).to_owned()));
        study.sources[0].columns = names.collect();
    };
    map(
        &mut study,
        &[("DIAG_01", "MAIN_CONDITION"), ("DIAG", "OTHER_CONDITION_#")],
    );
    study.run().unwrap();
    let records = study.table("records/admissions");
    assert!(records.contains("C509 C795 C787"), "{records}");
    let problems = study.table("problems");
    assert!(
        problems.contains("the column OTHER_CONDITION_0 fits the header"),
        "{problems}"
    );
    map(
        &mut study,
        &[("DIAG_02", "OTHER_CONDITION_1"), ("DIAG_03", "OTHER_CONDITION_1")],
    );
    let (cause, said) = error_of(&study);
    assert_eq!(cause, Cause::Study);
    insta::assert_snapshot!(said, @r#"[[source]] kind = "admissions": under [source.columns], `DIAG_02` and `DIAG_03` are both read from `OTHER_CONDITION_1`; take one of them out"#);
}

/// The dates of a file's records, and whether it is taken. One that can be read is enough, and a blank is no fault of the file.
#[test]
fn a_file_of_which_no_date_can_be_read_is_refused() {
    let file = |dates: &[&str]| {
        let row = |date: &&str| format!("4010232137,1950-05-01,C509,{date}\n");
        let rows: String = dates.iter().map(row).collect();
        format!("NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n{rows}")
    };
    let table: [(&[&str], bool); 5] = [
        (&["2020-13-45", "spring"], false),
        (&["", "spring"], false),
        (&["2020-02-01", "spring"], true),
        (&["", "1801-01-01"], true),
        // A date that is too late is a date.
        (&["2032-01-01", "spring"], true),
    ];
    for (dates, is_taken) in table {
        let mut study = Study::of("rtds", file(dates));
        study.source("rtds", &[("good.csv", file(&["2022-01-01"]).as_bytes())]);
        let ran = study.run();
        assert_eq!(ran.is_ok(), is_taken, "{dates:?}");
        if let Err(error) = ran {
            assert_eq!(error.cause(), Cause::Source);
            assert!(
                error.to_string().starts_with(
                    "rtds.csv: no date in `TREATMENTSTARTDATE` can be read, so none of its 2 records"
                ),
                "{error}"
            );
            study.sources[0].unreadable_set_aside = true;
            study.run().unwrap();
            assert_eq!(
                study.table("identities").lines().count(),
                1,
                "the good file alone"
            );
        }
    }
}

/// Equal rows that are known by a key alone are of two people where the key holds in two spaces.
#[test]
fn a_key_of_another_nation_is_no_repeat() {
    let one = "PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10_O2\n1001,2020-03-01,C509\n";
    let two = format!("{one}1002,2020-03-01,C509\n");
    let mut study = Study::new();
    for (name, nation, text) in [
        ("a.csv", "Scotland", one),
        ("b.csv", "Wales", one),
        ("c.csv", "Scotland", &two),
    ] {
        study.source("registrations", &[(name, text.as_bytes())]).nations = vec![nation.to_owned()];
    }
    study.run().unwrap();
    assert_eq!(study.table("identities").lines().count(), 3);
    insta::assert_snapshot!(study.table("set_aside"), @"file=2  row=1  source=registrations  reason=repeated  by_file=0  by_row=1");
}
