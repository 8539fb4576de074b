//! Nothing that names a person leaves: a planted woman is looked for in all that the program says
//! and writes.
//!
//! She stands in every source, and each thing by which she could be known is put into every cell
//! of every source in turn, as shifted columns and slips of the keyboard do it. The work list and
//! `explain --identifiers` may show her to those entitled; `state/` holds her records as it must.

use crate::nation::{Study, files_in};
use crate::program::{Ran, counted, run};
use crate::tree;

const SEED: u64 = 6_113;
const FAMILY: &str = "ZZQCANARYSON";
const GIVEN: &str = "QXWANDA";
const NUMBER: &str = "4857773457";
const POSTCODE: &str = "ZQ77 7QZ";
const LOCAL: &str = "CANLOC7743";
const KEY: &str = "98765432198";
const BORN: &str = "1931-08-23";

/// What may be found nowhere, in any case of letters.
const SECRETS: [&str; 13] = [
    FAMILY,
    GIVEN,
    NUMBER,
    "485 777 3457",
    "485-777-3457",
    POSTCODE,
    "ZQ777QZ",
    LOCAL,
    KEY,
    BORN,
    "19310823",
    "23/08/1931",
    "23-AUG-1931",
];
/// What is put into every cell in turn; not the birth date, which in a column of dates is a date.
const PLANTED: [&str; 6] = [FAMILY, GIVEN, NUMBER, POSTCODE, LOCAL, KEY];

/// The CSV sources, with one file of each.
const TABLES: [&str; 7] = [
    "registrations.csv",
    "sact.csv",
    "rtds.csv",
    "admissions/hes_2023.csv",
    "cwt.csv",
    "deaths.csv",
    "form.csv",
];

/// Where any of her values is found, and which, without repeating a whole file.
fn found_in(place: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    SECRETS
        .iter()
        .filter_map(|secret| {
            let at = text.find(secret)?;
            let from = text[..at]
                .char_indices()
                .rev()
                .nth(60)
                .map_or(0, |(from, _)| from);
            let around: String = text[from..].chars().take(140).collect();
            Some(format!("{place}: {secret} in …{around}…"))
        })
        .collect()
}

fn found_in_words(command: &str, ran: &Ran) -> Vec<String> {
    found_in(command, ran.words().as_bytes())
}

/// Every leak under `out/`: bytes, names of files, and cells of tables.
fn found_in_out(study: &Study) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in tree::files(&study.at("out")) {
        found.extend(found_in(&format!("the name {name}"), name.as_bytes()));
        if name.ends_with(".parquet") {
            found.extend(found_in_table(study, &name));
        } else {
            found.extend(found_in(&name, &bytes));
        }
    }
    found
}

/// Leaks in the cells of a table, by column and, where the table says it, by source.
fn found_in_table(study: &Study, name: &str) -> Vec<String> {
    let table = study.at("out").join(name);
    let columns = engine::TableReader::columns_of(&table).unwrap();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let source = columns
        .iter()
        .position(|column| ["source", "sources"].contains(column));
    let mut found = Vec::new();
    for row in tree::rows(&table, &columns) {
        let from = source.and_then(|at| row[at].clone()).unwrap_or_default();
        for (column, cell) in columns.iter().zip(&row) {
            let cell = cell.as_deref().unwrap_or_default();
            found.extend(found_in(&format!("{name}, {column} {from}"), cell.as_bytes()));
        }
    }
    found
}

/// Who is there when next month's records come: tables, kept in a form of their own, of which two hold texts. What intake let through as
/// ethnicity or deprivation stands in the second as it does in `people`.
const KEPT: [&str; 2] = ["kept/words.bin", "kept/people.bin"];

/// A spool of case-finding, or of intake: tables in a form of their own too, of the cells that rules take of records, and of
/// the clean records of a COSD file.
fn is_spool(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or_default();
    let of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let of_stage = |stage: &str, kept: &str| folder.starts_with(stage) && folder.ends_with(kept);
    (of_stage("stages/casefind/", "/kept") || of_stage("stages/intake/", "/kept/cosd")) && of_digits(file)
}

/// Leaks in what is kept beside the records: logs, reports and times under `state/`.
fn found_in_state(study: &Study) -> Vec<String> {
    let files = tree::files(&study.at("state"));
    let words: Vec<_> = files
        .iter()
        .filter(|(name, _)| {
            !name.ends_with(".parquet") && !KEPT.iter().any(|table| name.ends_with(table)) && !is_spool(name)
        })
        .collect();
    assert!(
        words.iter().any(|(name, _)| name.ends_with("operations.jsonl")),
        "no operation log"
    );
    words
        .iter()
        .flat_map(|(name, bytes)| found_in(&format!("state/{name}"), bytes))
        .collect()
}

/// Names of files anywhere under the study.
fn found_in_names(study: &Study) -> Vec<String> {
    tree::files(&study.folder())
        .keys()
        .flat_map(|name| found_in("the name", name.as_bytes()))
        .collect()
}

fn assert_none(mut found: Vec<String>) {
    found.sort();
    found.dedup();
    let count = found.len();
    found.truncate(30);
    assert!(found.is_empty(), "{count} leaks\n{}", found.join("\n"));
}

/// A good row of hers for a table: what names her, and metastatic breast cancer.
fn row(header: &str) -> String {
    let cells = header.trim_start_matches('\u{feff}').split(',').map(|name| {
        let name: String = name
            .to_uppercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        match name.as_str() {
            "PATIENTID" => KEY,
            "NHSNUMBER" | "NEWNHSNO" => NUMBER,
            "LOCALPATIENTIDENTIFIER" | "LOCALID" => LOCAL,
            "FAMILYNAME" | "PERSONFAMILYNAME" => FAMILY,
            "GIVENNAME" | "PERSONGIVENNAME" => GIVEN,
            "BIRTHDATEBEST" | "DATEOFBIRTH" | "DOB" | "BIRTHDATE" => BORN,
            "POSTCODE" | "HOMEADD" | "PATIENTPOSTCODE" => POSTCODE,
            "SEX" | "PERSONSTATEDGENDERCODE" => "2",
            "SITEICD10O2" | "PRIMARYDIAGNOSIS" | "PRIMARYDIAGNOSISICD" | "RADIOTHERAPYDIAGNOSISICD" => "C509",
            "DIAG01" | "DIAG401" | "SUNDERLYINGCODICD10" | "SCODCODE1" => "C509",
            "DIAG02" | "DIAG402" | "SCODCODE2" => "C795",
            "STAGEBEST" => "4",
            "DIAGNOSISDATEBEST" | "PRIMARYDATE" => "2023-01-05",
            "DOD" => "2025-10-11",
            "METASTATIC" => "yes",
            name if name.contains("DATE")
                || name.contains("EPI") && name != "EPIKEY"
                || name == "RECORDEDON" =>
            {
                "2023-02-06"
            }
            name if name.contains("ORG") || name.contains("PROCODE") || name == "DIAGTRUST" => "SIM01",
            _ => "",
        }
    });
    cells.collect::<Vec<_>>().join(",")
}

/// A nation with her in every source; `dirty` puts her into every cell as well.
fn planted(primaries: u32, dirty: bool) -> Study {
    let study = Study::invented(SEED, primaries);
    for table in TABLES {
        let text = fs_err::read_to_string(study.at(table)).unwrap();
        let header = text.lines().next().unwrap();
        let good = row(header);
        assert!(
            good.contains(NUMBER) || good.contains(FAMILY),
            "{table} does not name her: {header}"
        );
        let mut rows = vec![good.clone()];
        if dirty {
            let cells: Vec<&str> = good.split(',').collect();
            for at in 0..cells.len() {
                for (turn, value) in PLANTED.iter().enumerate() {
                    let mut spoilt = cells.clone();
                    spoilt[at] = value;
                    // Half of the rows are of somebody else, so that they are not one person's.
                    if turn % 2 == 1 {
                        spoilt
                            .iter_mut()
                            .filter(|cell| **cell == NUMBER)
                            .for_each(|cell| *cell = "");
                    }
                    rows.push(spoilt.join(","));
                }
            }
            rows.push(format!("{good},{FAMILY},{NUMBER}"));
            rows.push(format!("\"{FAMILY}\n{NUMBER}\""));
        }
        let end = if text.ends_with('\n') { "" } else { "\n" };
        study.append(table, format!("{end}{}\n", rows.join("\n")));
    }
    cosd(&study, dirty);
    study
}

const RECORD: &str = r#"  <COSDRecord><Id root="RECORD"/>
    <LinkagePatientId><NhsNumber extension="4857773457"/><NhsNumberStatusIndicatorCode code="01"/>
      <LocalPatientIdentifier>CANLOC7743</LocalPatientIdentifier><PersonBirthDate>1931-08-23</PersonBirthDate>
      <OrganisationIdentifierCodeOfProvider extension="SIM01"/></LinkagePatientId>
    <PrimaryPathway><LinkageDiagnosticDetails><PrimaryDiagnosisIcd code="C50.9"/><TumourLaterality code="L"/>
      <DateOfPrimaryDiagnosisClinicallyAgreed>2023-01-05</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails>
      <Diagnosis><BasisOfDiagnosisCancer code="7"/>
        <MetastaticTypeAndSiteDiagnosis><MetastaticType code="03"/><MetastaticSite code="03"/></MetastaticTypeAndSiteDiagnosis></Diagnosis>
    </PrimaryPathway>
    <Demographics><PersonFamilyName>ZZQCANARYSON</PersonFamilyName><PersonGivenName>QXWANDA</PersonGivenName>
      <PostcodeOfUsualAddressAtDiagnosis>ZQ77 7QZ</PostcodeOfUsualAddressAtDiagnosis>
      <PersonStatedGenderCode code="2"/><EthnicCategory code="A"/></Demographics>
    <ClinicalNurseSpecialistAndRiskFactorAssessments><ClinicalNurseSpecialistIndicationCode code="99"/></ClinicalNurseSpecialistAndRiskFactorAssessments>
    <CancerCarePlan><MultidisciplinaryTeamDiscussionDateCancer>2023-02-01</MultidisciplinaryTeamDiscussionDateCancer><CancerCarePlanIntent code="C"/></CancerCarePlan>
  </COSDRecord>
"#;

/// COSD files of hers: a good one, and one with each of her values in each item in turn.
fn cosd(study: &Study, dirty: bool) {
    let mut records = vec![RECORD.to_owned()];
    if dirty {
        for (at, _) in RECORD.match_indices("=\"").chain(RECORD.match_indices('>')) {
            let start = at + if RECORD[at..].starts_with('>') { 1 } else { 2 };
            let end = start + RECORD[start..].find(['"', '<']).unwrap_or(0);
            if RECORD[start..end].trim().is_empty() || &RECORD[start..end] == "RECORD" {
                continue;
            }
            for value in PLANTED {
                records.push(format!("{}{value}{}", &RECORD[..start], &RECORD[end..]));
            }
        }
        assert!(
            records.len() > 80,
            "only {} COSD records are spoilt",
            records.len()
        );
    }
    let body: String = records
        .iter()
        .enumerate()
        .map(|(at, record)| record.replace("RECORD", &format!("AAAAAAAA-0000-0000-0000-{at:012}")))
        .collect();
    study.write(
        "cosd/COSD_CANARY(BR)_SIM01_2023-01-01_2023-03-31_2023-05-08T09_12_53.xml",
        file(&body),
    );
}

fn file(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<COSD:COSD xmlns:COSD=\"http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1\">\n  \
         <Id root=\"8D80516C-2965-41C9-874F-98A14BD8F1AF\"/>\n  \
         <OrganisationIdentifierCodeOfSubmittingOrganisation extension=\"SIM01\"/>\n  <RecordCount value=\"1\"/>\n  \
         <FileCreationDateTime>2023-05-08T09:12:53</FileCreationDateTime>\n{body}</COSD:COSD>\n"
    )
}

/// The person of a record.
fn person_of(study: &Study, record: &str) -> String {
    let rows = tree::rows(
        &study.at("out/tables/persons.parquet"),
        &["record_id", "person_id"],
    );
    rows.into_iter()
        .find(|row| row[0].as_deref() == Some(record))
        .unwrap_or_else(|| panic!("no record {record}"))[1]
        .clone()
        .unwrap()
}

fn rows_of(study: &Study, table: &str) -> usize {
    let rows = tree::rows(&study.at("out/tables/persons.parquet"), &["record_id"]);
    rows.iter()
        .filter(|row| row[0].as_deref().unwrap().starts_with(&format!("{table}#")))
        .count()
}

#[test]
fn she_is_found_and_named_to_nobody() {
    let study = planted(300, false);
    let ran = run(&study.folder(), &["--explain"]).well();
    let mut found = found_in_words("run", &ran);
    let (folder, truth) = (study.folder(), study.at("truth"));
    let (folder, truth) = (folder.to_str().unwrap(), truth.to_str().unwrap());
    let her = person_of(&study, &format!("registrations.csv#{}", last_row(&study)));
    let records = tree::rows(&study.at("out/tables/persons.parquet"), &["source", "person_id"]);
    let sources: std::collections::BTreeSet<_> = records
        .iter()
        .filter(|row| row[1].as_deref() == Some(&her))
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(
        sources.len(),
        8,
        "she is not joined over all sources: {sources:?}"
    );
    for call in [
        &["explain", folder, &her][..],
        &["explain", folder, &her, "--format", "json"],
        &["verify", folder],
        &["evaluate", folder, "--truth", truth],
        &["run", folder, "--format", "json"],
        &["worklist", folder, "--organisation", "SIM01"],
        &["worklist", folder, "--organisation", "SIM01", "--format", "json"],
        &["mdt", folder, "--organisation", "SIM01", "--since", "2020-01-01"],
    ] {
        found.extend(found_in_words(call[0], &counted(call).well()));
    }
    found.extend(found_in_out(&study));
    found.extend(found_in_names(&study));
    found.extend(found_in_state(&study));
    assert!(!study.at("out").join("worklists").exists());
    assert_none(found);
    entitled(&study, &her);
}

/// The record number of the row that was planted last in the registrations.
fn last_row(study: &Study) -> usize {
    fs_err::read_to_string(study.at("registrations.csv"))
        .unwrap()
        .lines()
        .count()
        - 1
}

/// With `--identifiers` she is shown, and that is written down first.
fn entitled(study: &Study, her: &str) {
    let folder = study.folder();
    let audit = study.at("state/audit.jsonl");
    let before = fs_err::read_to_string(&audit).unwrap_or_default().lines().count();
    let shown = counted(&["explain", folder.to_str().unwrap(), her, "--identifiers"]).well();
    assert!(
        shown.stdout.contains(FAMILY) && shown.stdout.contains(NUMBER),
        "{}",
        shown.stdout
    );
    let log = fs_err::read_to_string(&audit).unwrap();
    assert_eq!(log.lines().count(), before + 1, "one row a look: {log}");
    assert!(log.lines().last().unwrap().contains(her), "{log}");
    assert_none(found_in("audit.jsonl", log.as_bytes()));
}

#[test]
fn her_values_in_the_wrong_cells_are_not_quoted() {
    let study = planted(150, true);
    let ran = run(&study.folder(), &[]).well();
    assert!(
        rows_of(&study, "deaths.csv") > 150,
        "the spoilt rows were not read"
    );
    let mut found = found_in_words("run", &ran);
    found.extend(found_in_out(&study));
    found.extend(found_in_names(&study));
    found.extend(found_in_state(&study));
    let mut files: Vec<String> = TABLES
        .iter()
        .map(|table| study.at(table).to_string_lossy().into_owned())
        .collect();
    files.extend(
        files_in(&study.at("cosd"))
            .into_iter()
            .filter(|path| path.to_string_lossy().contains("CANARY"))
            .map(|path| path.to_string_lossy().into_owned()),
    );
    for file in &files {
        for format in ["text", "json"] {
            found.extend(found_in_words(
                &format!("check {file}"),
                &counted(&["check", file, "--format", format]),
            ));
        }
    }
    assert_none(found);
}

#[test]
fn a_run_that_is_refused_does_not_quote_her() {
    let hers = RECORD.replace("RECORD", "AAAAAAAA-0000-0000-0000-000000000001");
    let whole = file(&hers);
    let registrations = crate::nation::REGISTRATIONS;
    let header = registrations.lines().next().unwrap();
    let row = row(header);
    let cut = |word: &str| whole[..whole.find(word).unwrap() + word.len()].to_owned();
    let spoilt_xml = [
        cut(FAMILY),
        cut(NUMBER),
        whole.replace("</PersonFamilyName>", &format!("</{FAMILY}>")),
        whole.replace("<PersonFamilyName>", &format!("<{FAMILY}>")),
        whole.replace(
            "<PersonGivenName>",
            &format!("<PersonGivenName {FAMILY}={NUMBER}>"),
        ),
        whole.replace("<PersonGivenName>", &format!("<PersonGivenName>&{FAMILY};")),
        whole.replace(
            "<PersonGivenName>",
            &format!("<PersonGivenName name=\"{FAMILY}\" name=\"{NUMBER}\">"),
        ),
        whole.replace(
            "?>",
            &format!("?><!DOCTYPE {FAMILY} [<!ENTITY {GIVEN} \"{NUMBER}\">]>"),
        ),
        whole.replace("v9-0-1", FAMILY),
        whole.replace("v9-0-1", &format!("v{NUMBER}-0-1")),
        whole.replace("COSD-v9", &format!("{FAMILY}-v9")),
    ];
    let spoilt_csv = [
        format!("{row}\n{row}\n"),
        format!("{FAMILY},{NUMBER},{POSTCODE}\n1,2,3\n"),
        format!("{header}\n\"{FAMILY},{NUMBER}\n"),
        format!("{header}\n{FAMILY}\n{NUMBER}\n"),
        format!("{header}\n{row},{row}\n"),
        format!("{header}\n{row}\n").replace("DIAGNOSISDATEBEST", FAMILY),
        format!("{header},{FAMILY},{NUMBER}\n{row},,\n").replace("SITE_ICD10_O2", POSTCODE),
    ];
    let mut found = Vec::new();
    let (mut tried, mut refused) = (0, 0);
    for (path, kind, contents) in [
        ("hers.xml", "cosd", &spoilt_xml[..]),
        ("hers.csv", "registrations", &spoilt_csv[..]),
    ] {
        for content in contents {
            let study = Study::empty();
            study.write(
                "study.toml",
                [crate::nation::HEAD, &crate::nation::source(kind, path)].concat(),
            );
            study.few_organisations();
            study.write(path, content);
            let ran = run(&study.folder(), &[]);
            tried += 1;
            refused += usize::from(ran.code == 3);
            assert!([0, 3].contains(&ran.code), "{ran:#?} on {content}");
            found.extend(found_in_words(&format!("run of {path} {tried}"), &ran));
            let file = study.at(path);
            let checked = counted(&["check", file.to_str().unwrap(), "--kind", kind]);
            found.extend(found_in_words(&format!("check of {path} {tried}"), &checked));
            let guessed = counted(&["check", file.to_str().unwrap()]);
            found.extend(found_in_words(
                &format!("check without kind of {path} {tried}"),
                &guessed,
            ));
            if study.at("out").exists() {
                found.extend(found_in_out(&study));
            }
        }
    }
    assert!(refused * 2 > tried, "only {refused} of {tried} were refused");
    assert_none(found);
}
