//! People in = people out + people set aside with a counted reason.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{ByRecord, TableReader};

use crate::error::StudyError;
use crate::run::Stage;

/// Records of one file: read, with a person, and set aside by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileAccount {
    pub kind: String,
    pub source: usize,
    pub path: String,
    pub hash: String,
    pub rows: i64,
    pub in_persons: i64,
    pub set_aside: BTreeMap<String, i64>,
}

/// The account of every file, from the tables themselves rather than from what stages say.
pub(crate) fn files(intake: &Path, linkage: &Path) -> Result<Vec<FileAccount>, StudyError> {
    let mut accounts: BTreeMap<i64, FileAccount> = BTreeMap::new();
    for batch in TableReader::open(&intake.join("files.parquet"))? {
        let batch = batch?;
        let (file, source, rows) = (
            batch.integer("file")?,
            batch.integer("source")?,
            batch.integer("rows")?,
        );
        let (kind, path, hash) = (batch.text("kind")?, batch.text("path")?, batch.text("hash")?);
        for row in 0..batch.rows() {
            let account = accounts.entry(file.get(row).unwrap_or_default()).or_default();
            account.kind = kind.get(row).unwrap_or_default().to_owned();
            account.path = path.get(row).unwrap_or_default().to_owned();
            account.hash = hash.get(row).unwrap_or_default().to_owned();
            account.source = usize::try_from(source.get(row).unwrap_or_default()).unwrap_or_default();
            account.rows = rows.get(row).unwrap_or_default();
        }
    }
    for (file, records) in ByRecord::open(&linkage.join("links.parquet"))?.rows_by_file()? {
        accounts.entry(file).or_default().in_persons += records;
    }
    for batch in TableReader::open(&intake.join("set_aside.parquet"))? {
        let batch = batch?;
        let (file, reason) = (batch.integer("file")?, batch.text("reason")?);
        for row in 0..batch.rows() {
            let account = accounts.entry(file.get(row).unwrap_or_default()).or_default();
            *account
                .set_aside
                .entry(reason.get(row).unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    Ok(accounts.into_values().collect())
}

/// Checks the accounts of a run before anything of it is put out.
pub(crate) fn check(files: &[FileAccount], finished: &[Stage]) -> Result<(), StudyError> {
    for account in files {
        let aside: i64 = account.set_aside.values().sum();
        if account.rows != account.in_persons + aside {
            return Err(StudyError::Invariant {
                message: format!(
                    "{}: {} rows were read, {} belong to a person and {} were set aside",
                    account.path, account.rows, account.in_persons, aside
                ),
            });
        }
    }
    let report = serde_json::from_value(finished[2].report.clone());
    let report: casefind::Report = report.map_err(|error| StudyError::Invariant {
        message: format!("the accounts of case-finding cannot be read: {error}"),
    })?;
    let tiers: u64 = report.tiers.values().sum();
    if report.people != tiers + report.no_primary + report.no_evidence {
        return Err(StudyError::Invariant {
            message: format!(
                "case-finding looked at {} people and accounts for {tiers} cases",
                report.people
            ),
        });
    }
    Ok(())
}
