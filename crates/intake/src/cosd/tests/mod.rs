//! Tests of the whole reader on small files of invented people.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod files;
mod hostile;
mod identity;
mod metastases;
mod records;
mod sample;
mod versions;

use std::path::{Path, PathBuf};

use vocabulary::date::Date;
use vocabulary::table::Kind;

use crate::error::IntakeError;
use crate::limits::Limits;
use crate::outcome::{CosdInput, CosdOutcome, FileOutcome};

/// A study folder with COSD files and an output folder.
pub(super) struct Study {
    folder: tempfile::TempDir,
    inputs: Vec<CosdInput>,
}

impl Study {
    /// Files by name and content, in the order of the study.
    pub(super) fn of(files: &[(&str, String)]) -> Self {
        let bytes: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, text)| (*name, text.clone().into_bytes()))
            .collect();
        Self::of_bytes(&bytes)
    }

    pub(super) fn of_bytes(files: &[(&str, Vec<u8>)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut inputs = Vec::new();
        for (number, (name, content)) in files.iter().enumerate() {
            let absolute = folder.path().join(name);
            fs_err::write(&absolute, content).unwrap();
            inputs.push(CosdInput {
                file: number as u32,
                path: (*name).to_owned(),
                absolute,
                set_aside_unreadable: false,
            });
        }
        Self { folder, inputs }
    }

    pub(super) fn lenient(mut self) -> Self {
        for input in &mut self.inputs {
            input.set_aside_unreadable = true;
        }
        self
    }

    pub(super) fn out(&self) -> PathBuf {
        let out = self.folder.path().join("out");
        fs_err::create_dir_all(&out).unwrap();
        out
    }

    pub(super) fn run(&self) -> Result<CosdOutcome, IntakeError> {
        super::intake(
            &self.inputs,
            day("2025-12-31"),
            &self.out(),
            &Limits::default(),
            None,
            None,
        )
    }

    pub(super) fn check(&self) -> Result<FileOutcome, IntakeError> {
        super::check_file(&self.inputs[0], &Limits::default(), None)
    }

    /// The rows of a table, each as its columns' values with blanks between; `-` for nothing.
    pub(super) fn table(&self, name: &str, columns: &str) -> Vec<String> {
        let (path, schema) = if name == "identities" {
            (self.out().join("identities"), layouts::tables::identities())
        } else {
            (
                self.out().join("records").join(name),
                super::tables::schema(name).unwrap(),
            )
        };
        let columns: Vec<&str> = columns.split(' ').collect();
        let mut rows = Vec::new();
        for batch in engine::TableReader::open(&path).unwrap() {
            let batch = batch.unwrap();
            for row in 0..batch.rows() {
                let cell = |name: &&str| {
                    let kind = schema.columns[schema.column_index(name).expect(name)].kind;
                    let text = match kind {
                        Kind::Text => batch.text(name).unwrap().get(row).map(str::to_owned),
                        Kind::Date => batch.date(name).unwrap().get(row).map(|date| date.to_string()),
                        Kind::Integer => batch
                            .integer(name)
                            .unwrap()
                            .get(row)
                            .map(|number| number.to_string()),
                        Kind::Flag => batch.flag(name).unwrap().get(row).map(|flag| flag.to_string()),
                        Kind::Real | Kind::Texts => unreachable!("no such column here"),
                    };
                    text.unwrap_or_else(|| "-".to_owned())
                };
                rows.push(columns.iter().map(cell).collect::<Vec<_>>().join(" "));
            }
        }
        rows
    }
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The rules of the problems of a file, each with its row, in the order of the table.
pub(super) fn rules(outcome: &FileOutcome) -> Vec<String> {
    let row = |row: Option<u64>| row.map_or_else(String::new, |row| format!("{row}:"));
    outcome
        .problems
        .lines()
        .iter()
        .map(|line| format!("{}{}", row(line.row), line.rule))
        .collect()
}

/// The records set aside, as `row reason by`.
pub(super) fn set_aside(outcome: &FileOutcome) -> Vec<String> {
    let by =
        |by: Option<(u32, u64)>| by.map_or_else(|| "-".to_owned(), |(file, row)| format!("{file}:{row}"));
    outcome
        .set_aside
        .iter()
        .map(|aside| format!("{} {} {}", aside.row, aside.reason.as_str(), by(aside.by)))
        .collect()
}

/// A version 10 file made on a day, with its records; the count is right.
pub(super) fn v10(created: &str, records: &[String]) -> String {
    let count = records.len();
    let made = if created.is_empty() {
        String::new()
    } else {
        format!("<FileCreationDateTime>{created}</FileCreationDateTime>")
    };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1">
<Id root="00000000-0000-0000-0000-00000000f11e"/>
<OrganisationIdentifierCodeOfSubmittingOrganisation extension="ZZ1"/>
<RecordCount value="{count}"/>
<ReportingPeriodStartDate>2024-01-01</ReportingPeriodStartDate><ReportingPeriodEndDate>2024-01-31</ReportingPeriodEndDate>
{made}
{}
</COSD:COSD>"#,
        records.join("\n")
    )
}

/// The linkage block of an invented person; the number is of the test range.
pub(super) fn who(number: &str) -> String {
    format!(
        r#"<PatientIdentityDetails><NhsNumber extension="{number}"/><LocalPatientIdentifier>L{number}</LocalPatientIdentifier>
<PersonBirthDate>1960-02-29</PersonBirthDate><OrganisationIdentifierCodeOfProvider extension="zz1"/></PatientIdentityDetails>"#
    )
}

/// A primary pathway with an extra piece inside.
pub(super) fn primary(diagnosis: &str, date: &str, extra: &str) -> String {
    format!(
        r#"<PrimaryPathway><PrimaryCancerPathwayDetails><PrimaryDiagnosisIcd code="{diagnosis}"/><TumourLaterality code="L"/>
<DateOfPrimaryDiagnosisClinicallyAgreed>{date}</DateOfPrimaryDiagnosisClinicallyAgreed></PrimaryCancerPathwayDetails>{extra}</PrimaryPathway>"#
    )
}

/// A non primary pathway with a recurrence of some pairs `type/site`.
pub(super) fn recurrence(date: &str, pairs: &str) -> String {
    let pairs = pairs_xml("MetastaticTypeAndSite", pairs);
    format!(
        r#"<NonPrimaryPathway><NonPrimaryCancerPathwayDetails><DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>{date}</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed></NonPrimaryCancerPathwayDetails>
<Recurrence><OriginalPrimaryDiagnosisIcd code="C50.9"/>{pairs}</Recurrence></NonPrimaryPathway>"#
    )
}

/// Pairs such as `03/10 /12` as elements.
pub(super) fn pairs_xml(element: &str, pairs: &str) -> String {
    pairs
        .split_whitespace()
        .map(|pair| {
            let (kind, site) = pair.split_once('/').unwrap();
            let half = |name: &str, code: &str| {
                if code.is_empty() {
                    String::new()
                } else {
                    format!(r#"<{name} code="{code}"/>"#)
                }
            };
            format!(
                "<{element}>{}{}</{element}>",
                half("MetastaticType", kind),
                half("MetastaticSite", site)
            )
        })
        .collect()
}

/// A record of version 10.
pub(super) fn record(id: &str, parts: &[&str]) -> String {
    format!(
        r#"<BreastRecord><Id root="{id}"/>{}</BreastRecord>"#,
        parts.concat()
    )
}

/// Valid numbers of the range issued for tests.
pub(super) const ANN: &str = "9990000018";
pub(super) const BEA: &str = "9990000026";

/// Where the reference material lies, if it is on this machine.
pub(super) fn reference(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/cosd")
        .join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {file} is not on this machine");
    None
}
