//! What the intake of a study came to, for run.json and for people.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::IntakeError;
use crate::outcome::FileOutcome;
use crate::problem::Severity;
use crate::run::{Numbered, SourceSpec};

/// What one file gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Number of the file.
    pub file: u32,
    /// Path relative to the study.
    pub path: String,
    /// BLAKE3 of its content; empty when it could not be read whole.
    pub hash: String,
    /// Records in it.
    pub rows: u64,
    /// Records in use.
    pub in_identities: u64,
    /// Records not in use, by reason.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Why the whole file was set aside.
    pub unreadable: Option<String>,
}

/// What one source gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// The kind.
    pub kind: String,
    /// Records in all its files.
    pub rows: u64,
    /// Records in use.
    pub in_identities: u64,
    /// Records not in use, by reason.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Records that were passed over since they speak of no tumour; left out where none was.
    #[serde(skip_serializing_if = "is_none")]
    pub passed_over: u64,
    /// Problems of severity error, warning and notice, those not listed one by one included.
    pub problems: BTreeMap<&'static str, u64>,
    /// Its files.
    pub files: Vec<FileReport>,
}

/// Something that whoever reads the results should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The rule.
    pub rule: &'static str,
    /// `standing` or `alarm`.
    pub level: &'static str,
    /// In words.
    pub message: String,
}

/// What the intake of a study came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One entry a source, in the order of study.toml.
    pub sources: Vec<SourceReport>,
    /// What should be known.
    pub warnings: Vec<Warning>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Sums the outcomes up; a source without a usable row is an error.
pub(crate) fn report(
    specs: &[SourceSpec],
    files: &[Numbered<'_>],
    mut outcomes: BTreeMap<u32, FileOutcome>,
) -> Result<Report, IntakeError> {
    let mut report = Report {
        sources: Vec::new(),
        warnings: Vec::new(),
    };
    for (index, spec) in (0_u32..).zip(specs) {
        let mut source = SourceReport {
            kind: spec.kind.clone(),
            rows: 0,
            in_identities: 0,
            set_aside: BTreeMap::new(),
            passed_over: 0,
            problems: BTreeMap::new(),
            files: Vec::new(),
        };
        for file in files.iter().filter(|file| file.source == index) {
            let Some(outcome) = outcomes.remove(&file.file) else {
                continue;
            };
            add(&mut source, &mut report.warnings, file.path, outcome);
        }
        if source.in_identities == 0 && source.passed_over == 0 && !spec.unreadable_set_aside {
            return Err(no_usable_row(spec, &source));
        }
        same_files(&source, &mut report.warnings);
        report.sources.push(source);
    }
    Ok(report)
}

fn add(source: &mut SourceReport, warnings: &mut Vec<Warning>, path: &str, outcome: FileOutcome) {
    let mut set_aside: BTreeMap<&'static str, u64> = BTreeMap::new();
    for record in &outcome.set_aside {
        *set_aside.entry(record.reason.as_str()).or_default() += 1;
    }
    for (reason, count) in &set_aside {
        *source.set_aside.entry(reason).or_default() += count;
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Notice] {
        *source.problems.entry(severity.as_str()).or_default() += outcome.problems.of(severity);
    }
    let unreadable = outcome.unreadable.map(|error| error.to_string());
    if let Some(why) = &unreadable {
        warnings.push(Warning {
            rule: "file-unreadable",
            level: "alarm",
            message: format!("a file was left out: {why}"),
        });
    }
    source.rows += outcome.facts.rows;
    source.in_identities += outcome.in_identities;
    source.passed_over += outcome.passed_over;
    source.files.push(FileReport {
        file: outcome.facts.file,
        path: path.to_owned(),
        hash: outcome.facts.hash,
        rows: outcome.facts.rows,
        in_identities: outcome.in_identities,
        set_aside,
        unreadable,
    });
}

/// The same file twice in one source is a slip worth a word of its own.
fn same_files(source: &SourceReport, warnings: &mut Vec<Warning>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for file in source.files.iter().filter(|file| !file.hash.is_empty()) {
        if let Some(earlier) = first.get(file.hash.as_str()) {
            warnings.push(Warning {
                rule: "file-repeated",
                level: "standing",
                message: format!(
                    "{} is the same file as {earlier}; its records were set aside",
                    file.path
                ),
            });
        } else {
            first.insert(&file.hash, &file.path);
        }
    }
}

fn no_usable_row(spec: &SourceSpec, source: &SourceReport) -> IntakeError {
    let reasons: Vec<String> = source
        .set_aside
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    let mut path = spec
        .paths
        .first()
        .map(|(path, _)| path.clone())
        .unwrap_or_default();
    if spec.paths.len() > 1 {
        path.push_str(&format!(" and {} more", spec.paths.len() - 1));
    }
    IntakeError::NoUsableRow {
        kind: spec.kind.clone(),
        path,
        rows: source.rows,
        reasons: if reasons.is_empty() {
            "no rows".to_owned()
        } else {
            reasons.join(", ")
        },
    }
}
