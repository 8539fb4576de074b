//! Files of rows, drawn: what goes in, what comes out, what is said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use drawn::Study;
use intake::{Cause, IntakeError, Limits};
use vocabulary::date::Date;

const REGISTRATIONS: &str = "\
NHSNUMBER,FAMILYNAME,GIVENNAME,BIRTHDATEBEST,SEX,POSTCODE,TUMOURID,DIAGNOSISDATEBEST,SITE_ICD10_O2,STAGE_BEST,DIAG_TRUST,VITALSTATUS,VITALSTATUSDATE,ETHNICITY
401 023 2137,O'Brien,Siân,1950-05-01,2,sw1a1aa,T1,2020-03-01,C50.9,4,rth08,A,2025-06-30,A
1111111111,Smith,UNKNOWN,01/02/1960,0,ZZ99 3VZ,T2,2021-01-05,C504,2A,RTH,D1,2024-02-03,Z
4010232138,Jones,Ann,1801-01-01,2,not a postcode,T3,20210506,C79.81,3,Royal Hospital,D,2026-01-04,
,,,1940-01-01T00:00:00,,,T4,1900-01-01,,,,D,,
9990000018,Late,Person,1980-01-01,F,M1 1AE,T5,2026-01-01,C50,1,RM1,X,2020-01-01,
";

#[test]
fn a_row_becomes_an_identity_and_a_record() {
    let study = Study::of("registrations", REGISTRATIONS);
    let report = study.run().unwrap();
    insta::assert_snapshot!(
        "registrations_report",
        serde_json::to_string_pretty(&report).unwrap()
    );
    insta::assert_snapshot!("registrations_identities", study.table("identities"));
    insta::assert_snapshot!("registrations_records", study.table("records/registrations"));
    insta::assert_snapshot!("registrations_problems", study.table("problems"));
    insta::assert_snapshot!(
        "registrations_others",
        [
            study.table("files"),
            study.table("set_aside"),
            study.table("coverage")
        ]
        .join("\n")
    );
}

#[test]
fn admissions_keep_their_codes_in_order() {
    let study = Study::of(
        "admissions",
        "PSEUDO_HESID,MYDOB,SEX,EPIKEY,EPISTART,ADMIDATE,DISDATE,DISMETH,PROCODE3,PROCODE5,TRETSPEF,DIAG_4_01,DIAG_4_02,DIAG_4_03,DIAG_4_04,OPERTN_4_01,OPERTN_4_02
A1,051946,2,E1,2020-01-02,2020-01-01,2020-01-09,1,RTA,RGP75,370,C509,,C79.5,R54X,-   ,X292
A1,051946,2,E2,1801-01-01,2020-03-01,2020-03-04,4,RTA,,370,-,c77.3D,0000,,,
B2,131946,1,E3,2020-04-01,2020-04-01,,4,,5A200,&,C79.81,5,,,9,&
",
    );
    study.run().unwrap();
    insta::assert_snapshot!("admissions_identities", study.table("identities"));
    insta::assert_snapshot!("admissions_records", study.table("records/admissions"));
    insta::assert_snapshot!("admissions_problems", study.table("problems"));
}

#[test]
fn other_kinds_are_read_by_their_layouts() {
    let mut study = Study::new();
    study.source("deaths", &[("deaths.csv", b"NHSNUMBER,DOB,DOD,S_UNDERLYING_COD_ICD10,S_COD_CODE_1,S_COD_CODE_2,S_COD_CODE_3,PLACE_OF_DEATH\n4010232137,1950-05-01,2024-05-06,C50.9,J18.9,,C50.9,hospice\n")]);
    study.source("cwt", &[("cwt.csv", b"NHS_NUMBER|DATE_OF_BIRTH|PRIMARY_DIAGNOSIS_ICD|CANCER_TREATMENT_EVENT_TYPE|METASTATIC_SITE|TREATMENT_START_DATE_CANCER|CANCER_TREATMENT_MODALITY|ORGANISATION_TREATMENT\n4010232137|1950-05-01|C50.9|5|3;12, 99|2022-01-01|02|RTH\n4010232137|1950-05-01|C50.9|11||2022-02-01|02|RTH\n")]);
    study.source("form", &[("form.csv", b"ORGANISATION;LOCAL_ID;BIRTH_DATE;METASTATIC;METASTATIC_DATE;KIND;SITES;RECORDED_ON;KEY_WORKER;ANSWERED_BY\nSV999;H1;1950-05-01;Yes;2021-02-03;De_Novo;10 3;2021-03-01;perhaps;Person\n")]);
    study.source("sact", &[("sact.csv", b"NHS_Number,Date_Of_Birth,Organisation_Identifier_(Code_Of_Provider),Primary_Diagnosis,Adjunctive_Therapy,Intent_Of_Treatment,Regimen,Start_Date_Of_Regimen,Clinical_Trial,Start_Date_Of_Cycle,Drug_Name,Actual_Dose_Per_Administration,Administration_Date,Organisation_Identifier_Of_SACT_Administration,Patient_Postcode,Patient_PostCode\n4010232137,1950-05-01,RTH,C50.9,3,2,palbo,2022-01-01,1,2022-02-01,Palbociclib,125 mg,,RTH08,OX1 1AA,OX1 1AB\n")]);
    study.source("rtds", &[("rtds.csv", b"NHS_NUMBER\tDATE_OF_BIRTH\tORGCODEPROVIDER\tRADIOTHERAPYDIAGNOSISICD\tRADIOTHERAPYINTENT\tRTTREATMENTREGION\tPRESCRIBEDDOSE\tPRESCRIBEDFRACTIONS\tTREATMENTSTARTDATE\n4010232137\t1950-05-01\tRTH\tC795\t1\tm\t8.0\t1\t2022-03-01\n")]);
    study.run().unwrap();
    let mut drawn = study.table("identities");
    for kind in ["deaths", "cwt", "form", "sact", "rtds"] {
        drawn.push_str(&format!("\n{kind}\n{}", study.table(&format!("records/{kind}"))));
    }
    insta::assert_snapshot!("other_kinds", drawn);
    insta::assert_snapshot!("other_kinds_problems", study.table("problems"));
}

/// The same rows in any delimiter, encoding, line end and column order give the same rows out.
#[test]
fn delimiters_encodings_and_line_ends_are_recognised() {
    let plain = "NHSNUMBER,FAMILYNAME,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2,TUMOURID\n4010232137,Zoë,1950-05-01,2020-03-01,C50.9,T1\n,Müller,1951-05-01,2020-03-02,C504,T2";
    let study = Study::of("registrations", plain);
    study.run().unwrap();
    let wanted = (study.table("identities"), study.table("records/registrations"));
    assert_eq!(wanted.0.lines().count(), 2);
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let windows: Vec<u8> = plain
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let others: Vec<Vec<u8>> = vec![
        plain.replace(',', "|").into_bytes(),
        plain.replace(',', "\t").into_bytes(),
        plain.replace(',', ";").into_bytes(),
        plain.replace('\n', "\r\n").into_bytes(),
        format!("{}\n\n", plain.replace('\n', "\r")).into_bytes(),
        format!("\u{feff}{plain}\n").into_bytes(),
        plain
            .replace("C50.9", "\" C50.9 \"")
            .replace("TUMOURID", "\"Tumour-Id\"")
            .into_bytes(),
        utf16,
        windows,
    ];
    for other in others {
        let study = Study::of("registrations", &other);
        study.run().unwrap();
        let got = (study.table("identities"), study.table("records/registrations"));
        assert_eq!(got, wanted, "{}", String::from_utf8_lossy(&other));
    }
}

#[test]
fn rows_that_cannot_be_read_are_set_aside_with_a_reason() {
    let study = Study::of(
        "rtds",
        "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE,RADIOTHERAPYINTENT\n\
         4010232137,1950-05-01,C509,2022-01-01,01\n\
         4010232137,1950-05-01,C509,2022-01-02\n\
         4010232137,1950-05-01,C509,2022-01-03,01,,\n\
         4010232137,1950-05-01,C509,2022-01-04,01,spill\n\
         Total: 4\n\
         ,,,,\n\
         4010232137,1950-05-01,C509,2022-01-01,01\n\
         \"4010232137\n\",1950-05-01,C509,2022-01-05,01\n",
    );
    study.run().unwrap();
    insta::assert_snapshot!(study.table("set_aside"), @r"
    file=0  row=4  source=rtds  reason=unparsable
    file=0  row=5  source=rtds  reason=unparsable
    file=0  row=6  source=rtds  reason=unparsable
    file=0  row=7  source=rtds  reason=repeated  by_file=0  by_row=1
    ");
    insta::assert_snapshot!("ragged_problems", study.table("problems"));
    assert_eq!(study.table("identities").lines().count(), 4);
}

#[test]
fn repeats_between_files_stay_in_the_earlier_file() {
    let head = "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n";
    let rows = [
        "4010232137,1950-05-01,C509,2022-01-01\n",
        "4010232137,1950-05-01,C509,2022-01-02\n",
        "4010232137,1950-05-01,C509,2022-01-03\n",
    ];
    let file = |numbers: &[usize]| [head.to_owned(), numbers.iter().map(|&n| rows[n]).collect()].concat();
    let mut study = Study::new();
    study.source(
        "rtds",
        &[
            ("a.csv", file(&[0]).as_bytes()),
            ("b.csv", file(&[1, 0, 1, 0]).as_bytes()),
        ],
    );
    study.source(
        "rtds",
        &[
            ("c.csv", file(&[1, 0, 1, 0]).as_bytes()),
            ("d.csv", file(&[2]).as_bytes()),
        ],
    );
    let error = study.run().map(|_| ());
    assert!(error.is_ok(), "{error:?}");
    insta::assert_snapshot!(study.table("set_aside"), @r"
    file=1  row=2  source=rtds  reason=repeated  by_file=0  by_row=1
    file=1  row=3  source=rtds  reason=repeated  by_file=1  by_row=1
    file=1  row=4  source=rtds  reason=repeated  by_file=0  by_row=1
    file=2  row=1  source=rtds  reason=repeated  by_file=1  by_row=1
    file=2  row=2  source=rtds  reason=repeated  by_file=0  by_row=1
    file=2  row=3  source=rtds  reason=repeated  by_file=1  by_row=1
    file=2  row=4  source=rtds  reason=repeated  by_file=0  by_row=1
    ");
    assert_eq!(study.table("identities").lines().count(), 3);
}

/// Same inputs, same bytes: with one thread or many, and a second time into the same folder.
#[test]
fn the_bytes_do_not_depend_on_threads() {
    let mut study = Study::new();
    let head = "NEWNHSNO,DOB,SEX,EPIKEY,EPISTART,PROCODE,DIAG_01,DIAG_02,OPERTN_01\n";
    let names: Vec<String> = (0..5).map(|file| format!("{file}.csv")).collect();
    let contents: Vec<String> = (0..5_u32)
        .map(|file| {
            let rows = (0..9_000_u32 / (file + 1)).map(|row| {
                let n = row * 7 % 5_000;
                format!(
                    "40102{n:05},19{:02}-0{}-11,{},E{n},20{:02}-01-{:02},R{:02},C{:02}9,{},X{}\n",
                    n % 90,
                    n % 11,
                    n % 4,
                    n % 27,
                    n % 31,
                    n % 30,
                    n % 99,
                    n % 7,
                    n % 100
                )
            });
            head.to_owned() + &rows.collect::<String>()
        })
        .collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .zip(&contents)
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    study.source("admissions", &files);
    study.threads = 1;
    study.run().unwrap();
    let one = study.bytes();
    assert!(one.keys().any(|path| path.ends_with("00004.parquet")));
    for threads in [2, 5, 5] {
        study.threads = threads;
        study.run().unwrap();
        assert!(study.bytes() == one, "{threads} threads");
    }
}

#[test]
fn a_file_that_is_wrong_in_every_cell_is_listed_in_a_few_lines() {
    let mut text =
        "NEWNHSNO,DOB,SEX,HOMEADD,EPISTART,PROCODE,DIAG_01,DIAG_02,OPERTN_01,ADMIMETH\n".to_owned();
    for row in 0..2_000 {
        // But for one date: a file without any is refused.
        let day = if row == 0 {
            "2020-01-02".to_owned()
        } else {
            format!("?{row}")
        };
        text.push_str(&format!(
            "12345{row},x{row},Q,nowhere {row},{day},Some Hospital {row},!{row},!!{row},#{row},{}\n",
            "z".repeat(50)
        ));
    }
    let study = Study::of("admissions", text);
    let report = study.run().unwrap();
    assert_eq!(report.sources[0].in_identities, 2_000);
    let problems = study.table("problems");
    assert!(problems.lines().count() < 100, "{problems}");
    assert!(problems.contains("the same in 1995 more rows"));
    assert_eq!(report.sources[0].problems["error"], 2_000);
}

/// A canary in every identity column, right or wrong, is in no problem, error or report.
#[test]
fn no_identity_value_is_told() {
    let canaries = [
        "9434765919",
        "4010232138",
        "Kanarienvogel",
        "Wellensittich",
        "1931-02-29",
        "QQ1 1QQ",
        "LOCAL77",
        "CANARYKEY",
    ];
    let head = "PERSON_KEY,NHS_Number,Local_Patient_Identifier,Person_Family_Name,Person_Given_Name,Date_Of_Birth,Person_Stated_Gender_Code,Patient_Postcode,Primary_Diagnosis,Administration_Date,Drug_Name,Organisation_Identifier_(Code_Of_Provider)\n";
    let mut text = head.to_owned();
    // Each value in each column: cells slip.
    for shift in 0..12 {
        let cells: Vec<&str> = (0..12)
            .map(|index| canaries[(index + shift) % canaries.len()])
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.push_str(&format!("{}\n", canaries.join(",").repeat(2)));
    // A file without any date would be refused as a whole.
    text.push_str(",,,,,,,,C509,2020-01-01,,\n");
    let mut study = Study::of("sact", text);
    study.organisations = Some(vocabulary::organisation::Registry::uk().unwrap());
    let report = serde_json::to_string(&study.run().unwrap()).unwrap();
    let said = (study.table("problems") + &report).to_lowercase();
    for canary in canaries {
        assert!(!said.contains(&canary.to_lowercase()), "{canary} in {said}");
    }
}

fn error_of(study: &Study) -> (Cause, String) {
    let error: IntakeError = study.run().unwrap_err();
    (error.cause(), error.to_string())
}

#[test]
fn what_cannot_be_read_says_so() {
    let rtds = "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n";
    let row = "4010232137,1950-05-01,C509,2022-01-01\n";
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("blank lines", b"\n\n\n".to_vec()),
        ("header only", rtds.as_bytes().to_vec()),
        ("spreadsheet", b"PK\x03\x04abc".to_vec()),
        ("xml", b"<?xml version='1.0'?><COSD/>".to_vec()),
        (
            "missing column",
            b"NHS_NUMBER,TREATMENTSTARTDATE\n4010232137,2022-01-01\n".to_vec(),
        ),
        ("no header", row.as_bytes().to_vec()),
        (
            "a title above",
            format!("Radiotherapy, 2022; all trusts\r\n\r\n{rtds}{row}").into_bytes(),
        ),
        ("sep above", format!("sep=,\n{rtds}{row}").into_bytes()),
        (
            "header last",
            format!("sep=;\n{}", rtds.trim_end().replace(',', ";")).into_bytes(),
        ),
        (
            "cut in a quote",
            format!("{rtds}{row}4010232137,\"1950-05-01,C509\n{row}").into_bytes(),
        ),
        (
            "all after as_of",
            format!("{rtds}4010232137,1950-05-01,C509,2032-01-01\n").into_bytes(),
        ),
        ("broken parquet", b"PAR1 and no more".to_vec()),
    ];
    let mut drawn = String::new();
    for (name, bytes) in cases {
        let (cause, message) = error_of(&Study::of("rtds", bytes));
        assert_eq!(cause, Cause::Source, "{name}");
        drawn.push_str(&format!("{name}: {message}\n"));
    }
    insta::assert_snapshot!("unreadable", drawn);
}

/// A single field of any size ends in a refusal; memory stays near the limit, not near the file.
#[test]
fn a_huge_field_is_refused() {
    let mut study = Study::new();
    study.limits = Limits {
        record_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut bytes = b"NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n4010232137,1950-05-01,C509,2022-01-01\n\"".to_vec();
    bytes.resize(bytes.len() + (24 << 20), b'x');
    study.source("rtds", &[("rtds.csv", &bytes)]);
    let (cause, message) = error_of(&study);
    assert_eq!(cause, Cause::Source);
    insta::assert_snapshot!(message, @"rtds.csv: refused: row 2 is longer than 1 MB; most likely a quote (\") is opened there and never closed; correct that row, or export the file again");

    let mut no_line = Study::new();
    no_line.source("rtds", &[("rtds.csv", &vec![b'x'; 2 << 20])]);
    insta::assert_snapshot!(error_of(&no_line).1, @"rtds.csv: refused: its first line does not end within 256 kB, so it has no header; check that it is the file you mean");
}

#[test]
fn an_unreadable_file_is_set_aside_where_the_study_allows_it() {
    let rtds = "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n4010232137,1950-05-01,C509,2022-01-01\n";
    let cut = format!("{rtds}\"cut");
    let mut study = Study::new();
    study.source("rtds", &[("a.csv", cut.as_bytes()), ("b.csv", rtds.as_bytes())]);
    assert_eq!(error_of(&study).0, Cause::Source);
    study.sources[0].unreadable_set_aside = true;
    let report = study.run().unwrap();
    assert_eq!((report.sources[0].rows, report.sources[0].in_identities), (1, 1));
    insta::assert_snapshot!("set_aside_report", serde_json::to_string_pretty(&report).unwrap());
    assert_eq!(
        study.table("identities").lines().count(),
        1,
        "nothing of the cut file is left"
    );
    assert_eq!(
        study
            .table("problems")
            .lines()
            .filter(|line| line.contains("path=a.csv"))
            .count(),
        1,
        "and nothing is said of its rows"
    );
}

#[test]
fn nothing_after_the_last_day_is_used() {
    let mut study = Study::of(
        "registrations",
        "NHSNUMBER,BIRTHDATEBEST,DIAGNOSISDATEBEST,SITE_ICD10_O2,VITALSTATUS,VITALSTATUSDATE\n\
         4010232137,1950-05-01,2020-01-01,C509,D,2020-05-01\n\
         ,1951-05-01,2020-01-01,C509,D,2020-07-01\n\
         ,1952-05-01,2020-01-01,C509,A,2021-07-01\n\
         ,1953-05-01,2020-01-01,C509,X,2021-07-01\n\
         ,1954-05-01,2020-01-01,C509,X,2020-05-05\n\
         ,1955-05-01,2020-07-01,C509,A,2020-07-01\n",
    );
    study.as_of = Date::new(2020, 6, 30).unwrap();
    study.run().unwrap();
    let drawn: Vec<String> = study
        .table("identities")
        .lines()
        .map(|line| line.split("event_date").nth(1).unwrap().to_owned())
        .collect();
    insta::assert_snapshot!(drawn.join("\n"), @r"
    =2020-01-01  death_date=2020-05-01  vital_status=dead  vital_date=2020-05-01
    =2020-01-01  vital_status=alive  vital_date=2020-06-30
    =2020-01-01  vital_status=alive  vital_date=2020-06-30
    =2020-01-01  vital_status=alive  vital_date=2020-06-30
    =2020-01-01  vital_status=left  vital_date=2020-05-05
    ");
    insta::assert_snapshot!(study.table("set_aside"), @"file=0  row=6  source=registrations  reason=after_as_of");
}

#[test]
fn keys_hold_in_their_space() {
    let text = "PATID,PATIENTID,DOB,EPISTART,DIAG_01,NHS_NUMBER\n7,P1,1950-01-01,2020-01-01,C509,\n,P2,1950-01-01,2020-01-02,C509,\n";
    let mut study = Study::of("admissions", text);
    let keys = |study: &Study| -> Vec<String> {
        study.run().unwrap();
        let table = study.table("identities");
        table
            .lines()
            .map(|line| {
                line.split("  ")
                    .filter(|cell| cell.starts_with("key"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    };
    assert_eq!(
        keys(&study),
        ["key_space=patientid key=P1", "key_space=patientid key=P2"]
    );
    study.sources[0].person_key = Some("PATID".to_owned());
    assert_eq!(
        keys(&study),
        ["key_space=source-0 key=7", "key_space=patientid key=P2"]
    );
    study.sources[0].key_space = Some("trust".to_owned());
    assert_eq!(
        keys(&study),
        ["key_space=trust key=7", "key_space=patientid key=P2"]
    );
    study.sources[0].person_key = Some("PATIENTID".to_owned());
    assert_eq!(keys(&study), ["key_space=trust key=P1", "key_space=trust key=P2"]);
    study.sources[0].person_key = Some("PAT_NO".to_owned());
    insta::assert_snapshot!(error_of(&study).1, @"admissions.csv: person_key names `PAT_NO`, but the file has no such column");
}

#[test]
fn a_study_that_asks_for_nonsense_is_told() {
    let study = Study::of("admisions", "x");
    let (cause, message) = error_of(&study);
    assert_eq!(cause, Cause::Study);
    let mut typo = Study::of("deaths", "NHSNUMBER,DIED\n");
    typo.sources[0]
        .columns
        .insert("DODD".to_owned(), "DIED".to_owned());
    let (typo, said) = error_of(&typo);
    assert_eq!(typo, Cause::Study);
    insta::assert_snapshot!(said, @r#"[[source]] kind = "deaths": `DODD` under [source.columns] is no column of deaths; did you mean `DOD`?"#);
    insta::assert_snapshot!(message, @r#"[[source]] kind = "admisions": no such kind; kinds are registrations, cosd, sact, rtds, admissions, cwt, deaths, form"#);
    let mut study = Study::new();
    study.source("rtds", &[]);
    assert_eq!(error_of(&study).0, Cause::Source);
}

/// A warehouse's Parquet, its numbers as integers and its dates as dates, gives what the CSV gives.
#[test]
fn parquet_gives_what_csv_gives() {
    use engine::TableWriter;
    use vocabulary::table::{Kind, TableSchema, Value};
    let columns = [
        ("NEWNHSNO", Kind::Integer),
        ("DOB", Kind::Date),
        ("SEX", Kind::Integer),
        ("EPIKEY", Kind::Integer),
        ("EPISTART", Kind::Date),
        ("ADMIMETH", Kind::Integer),
        ("PROCODE", Kind::Text),
        ("DIAG_01", Kind::Text),
        ("DIAG_02", Kind::Text),
        ("extra", Kind::Real),
    ];
    let date = |y, m, d| Value::Date(Date::new(y, m, d).unwrap());
    let rows = [
        vec![
            4_010_232_137_i64.into(),
            date(1950, 5, 1),
            2_i64.into(),
            1_i64.into(),
            date(2020, 1, 2),
            21_i64.into(),
            "RTH".into(),
            "C509".into(),
            "C79.5".into(),
            1.5.into(),
        ],
        // A CHI without its leading zero.
        vec![
            101_301_006_i64.into(),
            date(1930, 1, 1),
            1_i64.into(),
            2_i64.into(),
            date(2020, 1, 3),
            11_i64.into(),
            "S1".into(),
            Value::Null,
            "C50.9".into(),
            Value::Null,
        ],
        vec![
            Value::Null,
            Value::Null,
            9_i64.into(),
            3_i64.into(),
            date(2030, 1, 3),
            Value::Null,
            Value::Null,
            "C509".into(),
            Value::Null,
            Value::Null,
        ],
    ];
    let mut study = Study::new();
    study.source("admissions", &[]);
    let path = study.folder.path().join("a.parquet");
    let mut writer = TableWriter::create(&path, &TableSchema::new("theirs", 1, &columns)).unwrap();
    for row in &rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    study.sources[0].paths = vec![("a.parquet".to_owned(), path)];
    let report = study.run().unwrap();
    assert_eq!(report.sources[0].set_aside["after_as_of"], 1);

    let csv = "NEWNHSNO,DOB,SEX,EPIKEY,EPISTART,ADMIMETH,PROCODE,DIAG_01,DIAG_02,extra\n4010232137,1950-05-01,2,1,2020-01-02,21,RTH,C509,C79.5,1.5\n101301006,1930-01-01,1,2,2020-01-03,11,S1,,C50.9,\n,,9,3,2030-01-03,,,C509,,\n";
    let same = Study::of("admissions", csv);
    same.run().unwrap();
    for table in ["identities", "records/admissions", "set_aside", "coverage"] {
        assert_eq!(study.table(table), same.table(table));
    }
    assert_eq!(
        study.table("problems").replace("a.parquet", "admissions.csv"),
        same.table("problems")
    );
    assert!(
        same.table("identities")
            .contains("number=0101301006  number_kind=chi"),
        "{}",
        same.table("identities")
    );
    assert!(same.table("problems").contains("number-leading-zero"));
}

/// Whatever the cells hold: every row is in use or set aside once, both tables have the rows in use, and
/// the same rows with a reader of another chunking give the same bytes.
mod any_cells {
    use super::*;
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => Just(String::new()),
            2 => "[A-Z][0-9]{2}[0-9X]?",
            2 => "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]",
            1 => "[0-9]{9,10}",
            1 => "\\PC{0,12}",
            1 => "[,;|\\t\"\r\n '-]{1,4}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn rows_in_are_rows_out(rows in proptest::collection::vec(proptest::collection::vec(cell(), 0..11), 1..12)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            let header = ["PERSON_KEY", "NEWNHSNO", "DOB", "SEX", "HOMEADD", "EPISTART", "PROCODE", "DIAG_01", "DIAG_02", "OPERTN_01"];
            writer.write_record(header).unwrap();
            for row in &rows {
                // One empty cell alone would be a blank line, which is no record.
                let row: Vec<&str> = if row.len() < 2 { vec!["", ""] } else { row.iter().map(String::as_str).collect() };
                writer.write_record(row).unwrap();
            }
            let mut study = Study::of("admissions", writer.into_inner().unwrap());
            study.sources[0].unreadable_set_aside = true;
            let report = study.run().unwrap();
            let source = &report.sources[0];
            // None of its dates can be read: then it is set aside as a whole.
            if source.files[0].unreadable.is_some() {
                return Ok(());
            }
            prop_assert_eq!(source.rows, rows.len() as u64);
            prop_assert_eq!(source.in_identities + source.set_aside.values().sum::<u64>(), source.rows);
            let numbers = |table: &str, start: &str| -> Vec<u64> {
                let cell = |line: &str| line.split("  ").find_map(|cell| cell.strip_prefix("row=").map(str::to_owned));
                study.table(table).lines().filter(|line| line.starts_with(start)).filter_map(cell).map(|row| row.parse().unwrap()).collect()
            };
            let identities = numbers("identities", "file=0");
            prop_assert_eq!(&identities, &numbers("records/admissions", "file=0"));
            prop_assert_eq!(identities.len() as u64, source.in_identities);
            let mut all = [identities, numbers("set_aside", "file=0")].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (1..=source.rows).collect::<Vec<u64>>());
        }
    }
}
