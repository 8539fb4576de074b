//! Slips of people and of programs, drawn: what becomes of a cell, and what is said of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::BTreeMap;

use drawn::Study;

/// The value of a column in a line of a table; `-` for nothing.
fn cell<'l>(line: &'l str, column: &str) -> &'l str {
    let cells = line.split("  ").filter_map(|cell| cell.split_once('='));
    let mut found = cells.filter(|(name, _)| *name == column);
    found.next().map_or("-", |(_, value)| value)
}

/// Some columns of a table, row by row.
fn columns(study: &Study, table: &str, columns: &str) -> Vec<String> {
    let text = study.table(table);
    let row = |line: &str| {
        let cells: Vec<&str> = columns.split(' ').map(|column| cell(line, column)).collect();
        cells.join(" ")
    };
    text.lines().map(row).collect()
}

/// What is said: rule and field with its count. Of columns that are not there nothing is asked here.
fn said(study: &Study) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for line in study.table("problems").lines() {
        let [rule, field, count] = ["rule", "field", "count"].map(|column| cell(line, column));
        if rule != "column-missing" {
            *counts.entry(format!("{rule} {field}")).or_default() += count.parse::<u64>().unwrap();
        }
    }
    counts
        .into_iter()
        .map(|(what, count)| format!("{what} {count}"))
        .collect()
}

/// A Health and Care number is one in every file, so the person who dies is the person who was registered.
#[test]
fn a_number_of_northern_ireland_is_one_wherever_it_stands() {
    let mut study = Study::new();
    let registered: &[u8] = b"HCN,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2\n\
        3230000005,1950-05-01,2020-03-01,C509\n";
    let died: &[u8] = b"NHSNUMBER,DOB,DOD\n323 000 0005,1950-05-01,2021-02-03\n";
    study
        .source("registrations", &[("belfast.csv", registered)])
        .nations = vec!["Northern Ireland".to_owned()];
    study.source("deaths", &[("london.csv", died)]).nations = vec!["England".to_owned()];
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "number number_kind"),
        ["3230000005 hcn", "3230000005 hcn"]
    );
}

/// One absurd year neither stretches the cover nor costs a birth date.
#[test]
fn a_year_that_cannot_be_is_blamed_itself() {
    let study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01\n\
         4010232137,1950-05-01,2020-01-02,RTH,C509\n\
         4010232137,1950-05-01,0022-06-10,RTH,C509\n\
         4010232137,1950-05-01,1922-06-10,RTH,C509\n\
         4010232137,2015-05-01,2014-06-10,RTH,C509\n\
         4010232137,2099-05-01,2020-02-03,RTH,C509\n\
         4010232137,1895-05-01,2020-02-04,RTH,C509\n\
         4010232137,1950-05-01,1753-01-01,RTH,C509\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "row birth_date event_date"),
        [
            "1 1950-05-01 2020-01-02",
            "2 1950-05-01 -",
            "3 1950-05-01 -",
            // Here the birth date is taken for the slip, and the month does not count.
            "4 - 2014-06-10",
            "5 - 2020-02-03",
            // Nobody lives that long.
            "6 - 2020-02-04",
            "7 1950-05-01 -",
        ]
    );
    assert_eq!(
        columns(&study, "coverage", "organisation records first_month last_month"),
        ["RTH 7 2020-01-01 2020-02-01"]
    );
    assert_eq!(
        said(&study),
        [
            "birth-after-record DOB 2",
            "birth-too-early DOB 1",
            "date-before-1900 ADMIDATE 1",
            "date-before-birth ADMIDATE 1",
            "date-placeholder ADMIDATE 1",
            "record-date-missing ADMIDATE 3",
        ]
    );
}

#[test]
fn who_left_on_no_day_that_can_be_read_is_told_of() {
    let study = Study::of(
        "registrations",
        "NHSNUMBER,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2,VITALSTATUS,VITALSTATUSDATE\n\
         4010232137,1950-05-01,2020-03-01,C509,X,\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "vital_status vital_date death_date"),
        ["left - -"]
    );
    assert_eq!(said(&study), ["departure-undated VITALSTATUSDATE 1"]);
}

/// A death a century before the life is a death of which no day is known.
#[test]
fn a_death_that_cannot_be_is_undated() {
    let study = Study::of(
        "registrations",
        "NHSNUMBER,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2,VITALSTATUS,VITALSTATUSDATE\n\
         4010232137,1950-05-01,2020-03-01,C509,D,1921-02-03\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "birth_date vital_status death_date"),
        ["1950-05-01 dead -"]
    );
    assert_eq!(
        said(&study),
        [
            "date-before-birth VITALSTATUSDATE 1",
            "death-undated VITALSTATUSDATE 1"
        ]
    );
    let study = Study::of("deaths", "NHSNUMBER,DOB,DOD\n4010232137,1950-05-01,1924-05-06\n");
    study.run().unwrap();
    assert_eq!(
        columns(
            &study,
            "identities",
            "birth_date event_date vital_status death_date"
        ),
        ["1950-05-01 - dead -"]
    );
    assert_eq!(
        said(&study),
        [
            "date-before-birth DOD 1",
            "death-undated DOD 1",
            "record-date-missing DOD 1"
        ]
    );
}

/// A word for "none" in a key joins nobody, and the next key is asked; a key is one however a spreadsheet writes it.
#[test]
fn a_word_for_no_key_is_no_key() {
    let study = Study::of(
        "admissions",
        "PERSON_KEY,PSEUDO_HESID,HESID,LOPATID,EPISTART,DIAG_01\n\
         NA,,,,2020-01-01,C509\n\
         NULL,NA,H2,NA,2020-01-02,C509\n\
         1001.0,,,'42,2020-01-03,C509\n\
         '1001,,,42.0,2020-01-04,C509\n\
         \"=\"\"1001\"\"\",,,0,2020-01-05,C509\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "key_space key local_id"),
        [
            "- - -",
            "pseudo_hesid H2 -",
            "person_key 1001 42",
            "person_key 1001 42",
            "person_key 1001 -",
        ]
    );
    assert_eq!(said(&study), ["person-missing - 1"]);
}

/// The word of databases for nothing is as a blank: it does not hide what another column of the same meaning says.
#[test]
fn null_hides_nothing() {
    let study = Study::of(
        "admissions",
        "NEWNHSNO,CHI,DOB,ADMIDATE,PROCODE,PROCODE3,DIAG_01\n\
         NULL,4010232137,1950-05-01,2020-01-02,\\N,RTH,null\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "number organisation"),
        ["4010232137 RTH"]
    );
    assert_eq!(said(&study), ["cell-missing DIAG 1"]);
}

/// Whatever a spreadsheet puts round a cell, the cell says what stands in it.
#[test]
fn what_spreadsheets_put_round_a_cell_goes() {
    let study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,SEX,ADMIDATE,DISDATE,DISMETH,PROCODE,DIAG_01\n\
         '4010232137,'1950-05-01,'2,'2020-01-02,'2020-01-05,\"=\"\"4\"\"\",\"=\"\"RTH\"\"\",'C509\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(
            &study,
            "identities",
            "number sex organisation death_date vital_status"
        ),
        ["4010232137 female RTH 2020-01-05 dead"]
    );
    assert!(said(&study).is_empty(), "{:?}", said(&study));
}

#[test]
fn stand_ins_for_a_postcode_join_nobody() {
    let study = Study::of(
        "registrations",
        "NHSNUMBER,BIRTHDATEBEST,POSTCODE,DIAGNOSISDATEBEST,SITE_ICD10_O2\n\
         4010232137,1950-05-01,NK010AA,2020-03-01,C509\n\
         ,1951-05-01,NF1 1AB,2020-03-01,C509\n\
         ,1952-05-01,BF01 0AA,2020-03-01,C509\n\
         ,1953-05-01,ZZ61 1AA,2020-03-01,C509\n\
         ,1954-05-01,EH1 1AA,2020-03-01,C509\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "postcode"),
        ["-", "-", "-", "-", "EH1 1AA"]
    );
    assert_eq!(said(&study), ["postcode-pseudo POSTCODE 4"]);
}

/// Stage, M category and vital status: what can be read is, and what cannot is said.
#[test]
fn a_stage_that_no_list_knows_is_named() {
    let study = Study::of(
        "registrations",
        "NHSNUMBER,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2,STAGE_BEST,M_BEST,VITALSTATUS,VITALSTATUSDATE\n\
         4010232137,1950-05-01,2020-03-01,C509,04,01,Dead,2021-01-01\n\
         ,1951-05-01,2020-03-01,C509,Stage 4: distant,M1(OSS),1,2021-01-01\n\
         ,1952-05-01,2020-03-01,C509,D,yes,Expired,2021-01-01\n\
         ,1953-05-01,2020-03-01,C509,U,X,,\n\
         ,1954-05-01,2020-03-01,C509,2a,0,u,\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "records/registrations", "STAGE_BEST M_BEST"),
        ["4 M1", "4 M1", "D YES", "U X", "2A 0"]
    );
    assert_eq!(
        columns(&study, "identities", "vital_status"),
        ["dead", "-", "-", "-", "-"]
    );
    assert_eq!(
        said(&study),
        [
            "stage-unreadable M_BEST 1",
            "stage-unreadable STAGE_BEST 1",
            "vital-status-unreadable VITALSTATUS 2",
        ]
    );
}

/// Each element of a group keeps its place; a further code of a cell stands behind the last.
#[test]
fn two_codes_in_one_cell_are_two_codes() {
    let mut study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01,DIAG_02,DIAG_03\n\
         4010232137,1950-05-01,2020-01-02,RTH,C50.9 C79.5,,C78.7\n\
         4010232137,1950-05-01,2020-01-03,RTH,C50.9; C79.5 C78.7,,\n\
         4010232137,1950-05-01,2020-01-04,RTH,C50.9,C50-C59,C79-5\n\
         4010232137,1950-05-01,2020-01-05,RTH,C50.9 D,C79.5 query,C50.-\n",
    );
    study.source(
        "deaths",
        &[(
            "deaths.csv",
            b"NHSNUMBER,DOB,DOD,S_UNDERLYING_COD_ICD10\n4010232137,1950-05-01,2021-02-03,C50.9 C79.5\n",
        )],
    );
    study.run().unwrap();
    let codes: Vec<String> = study
        .table("records/admissions")
        .lines()
        .map(|line| cell(line, "DIAG").to_owned())
        .collect();
    assert_eq!(
        codes,
        [
            "C509 - C787 C795",
            "C509 - - C795 C787",
            "C509 C50 C795",
            "C509 C795 C50"
        ]
    );
    assert_eq!(columns(&study, "records/deaths", "UNDERLYING"), ["C509"]);
    assert_eq!(
        said(&study),
        [
            "icd10-several DIAG 2",
            "icd10-several S_UNDERLYING_COD_ICD10 1",
            "icd10-several-read DIAG 2",
        ]
    );
}

/// 06/02/2022 is a day in February or in June: which, another row of its column tells.
#[test]
fn a_column_with_the_month_first_is_not_half_read() {
    let head = "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01\n";
    let row = |birth: &str, day: &str| format!("4010232137,{birth},{day},RTH,C509\n");
    let american = [
        row("01/02/1950", "06/02/2022"),
        row("01/02/1950", "06/13/2022"),
        row("01/02/1950", "2022-03-01"),
    ];
    let study = Study::of("admissions", format!("{head}{}", american.concat()));
    let report = study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "birth_date event_date"),
        ["1950-02-01 -", "1950-02-01 -", "1950-02-01 2022-03-01"]
    );
    assert_eq!(
        said(&study),
        [
            "date-day-first DOB 3",
            "date-month-first ADMIDATE 2",
            "record-date-missing ADMIDATE 2",
        ]
    );
    assert_eq!(report.sources[0].problems["error"], 2);
    assert_eq!((report.sources[0].rows, report.sources[0].in_identities), (3, 3));

    // A day above twelve in front shows that the day comes first, and the other date is a slip.
    let mixed = format!("{head}{}{}", american.concat(), row("01/02/1950", "13/06/2022"));
    let study = Study::of("admissions", mixed);
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "event_date"),
        ["2022-02-06", "-", "2022-03-01", "2022-06-13"]
    );
    assert!(said(&study).contains(&"date-unreadable ADMIDATE 1".to_owned()));
}

/// What a spreadsheet did to a cell is said in its own words, since something else helps.
#[test]
fn what_spreadsheets_do_is_told_apart() {
    let study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01\n\
         991023213,1950-05-01,44722,RTH,C509\n\
         4.04E+09,1950-05-01,10 June 2022,RTH,C509\n\
         NK,1950-05-01,10.06.2022,RTH,C509\n\
         12345,1950-05-01,10/06/22,RTH,C509\n\
         '4010232137,'1950-05-01,'2022-06-10,RTH,'C79.5\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "identities", "number birth_date event_date"),
        [
            "- 1950-05-01 -",
            "- 1950-05-01 2022-06-10",
            "- 1950-05-01 2022-06-10",
            "- 1950-05-01 -",
            "4010232137 1950-05-01 2022-06-10",
        ]
    );
    assert_eq!(
        said(&study),
        [
            "date-as-number ADMIDATE 1",
            "date-day-first ADMIDATE 1",
            "date-unreadable ADMIDATE 1",
            "number-nine-digits NEWNHSNO 1",
            "number-not-ten-digits NEWNHSNO 1",
            "number-power-of-ten NEWNHSNO 1",
            "record-date-missing ADMIDATE 2",
        ]
    );
}

/// A "no" needs the day of looking, not one of the disease, and a line that nobody has answered says nothing; one that answers a
/// question of care is a record and lacks the rest.
#[test]
fn a_no_needs_the_day_of_looking_and_an_open_question_nothing() {
    let study = Study::of(
        "form",
        "ORGANISATION,LOCAL_ID,METASTATIC,METASTATIC_DATE,RECORDED_ON,KEY_WORKER\n\
         RTH,H1,no,,,\n\
         RTH,H2,No,2025-05-04,,\n\
         RTH,H3,no,,2025-10-02,\n\
         RTH,H4,,,,\n\
         RTH,H5,yes,,,\n\
         RTH,H6,,,,yes\n\
         RTH,H7,not known,,2025-10-02,\n\
         RTH,H8,not known,,,\n",
    );
    study.run().unwrap();
    assert_eq!(
        said(&study),
        [
            "cell-missing METASTATIC 1",
            "code-not-in-list METASTATIC 2",
            "looked-undated RECORDED_ON 2",
            "record-date-missing METASTATIC_DATE 3",
        ]
    );
}

/// Answers to a work list come after the study's last day: a "yes" of an earlier day is used, and a "no" as well, as of that day.
/// The day on which they looked stays what it is.
#[test]
fn who_looked_after_the_last_day_saw_all_that_was_there() {
    let study = Study::of(
        "form",
        "ORGANISATION,LOCAL_ID,METASTATIC,METASTATIC_DATE,RECORDED_ON\n\
         RTH,H1,yes,2025-05-04,2026-02-20\n\
         RTH,H2,No,,2026-02-20\n\
         RTH,H3,yes,,2026-02-20\n\
         RTH,H4,no,,2025-10-02\n",
    );
    study.run().unwrap();
    assert_eq!(
        columns(&study, "records/form", "METASTATIC METASTATIC_DATE RECORDED_ON"),
        ["yes 2025-05-04 2026-02-20", "no - 2026-02-20", "no - 2025-10-02"]
    );
    assert_eq!(
        columns(&study, "identities", "local_id event_date"),
        ["H1 2025-05-04", "H2 2025-12-31", "H4 2025-10-02"]
    );
    assert_eq!(columns(&study, "set_aside", "row reason"), ["3 after_as_of"]);
    // Nobody sent a record of that month.
    assert!(!study.table("coverage").contains("2025-12"));
}
