//! Writes a release to a folder: CSV, a Frictionless descriptor and the public manifest.
//!
//! Invariants: the same release gives the same bytes; no cell can start a formula in a spreadsheet; every file of a
//! simulated or unapproved release says so in its first column.
//!
//! Standard followed: RFC 4180 with a header line and line feeds; UTF-8 without a byte-order mark.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::manifest::PublicManifest;
use crate::table::{ReleasedTable, ReleasedValue};
use crate::{ProtectError, Release, descriptor};

/// A file of a release: its name in the folder and the BLAKE3 hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WrittenFile {
    /// Its name.
    pub path: String,
    /// BLAKE3 hash of its bytes, in hexadecimal.
    pub blake3: String,
    /// Its length.
    pub bytes: u64,
}

impl WrittenFile {
    pub(crate) fn of(path: &str, content: &str) -> Self {
        Self {
            path: path.to_owned(),
            blake3: blake3::hash(content.as_bytes()).to_hex().to_string(),
            bytes: content.len() as u64,
        }
    }
}

/// Every file of a release by its name, in the order in which they are written: the tables as CSV, then
/// `datapackage.json` and `manifest.json`.
///
/// # Errors
/// If a table or a list of facts cannot be put into words, which does not happen in memory.
pub fn released_files(release: &Release) -> Result<Vec<(String, String)>, ProtectError> {
    let mut files = Vec::new();
    let mut written = Vec::new();
    for table in release.tables() {
        let name = format!("{}.csv", table.name());
        let text = csv_text(table, release.manifest().notice().as_deref())?;
        written.push(WrittenFile::of(&name, &text));
        files.push((name, text));
    }
    let descriptor = descriptor::datapackage(release, &written)?;
    files.push(("datapackage.json".to_owned(), descriptor));
    files.push(("manifest.json".to_owned(), manifest_text(release, &written)?));
    Ok(files)
}

/// Writes every table as CSV, `datapackage.json` and `manifest.json` into a folder, which is made if need be.
///
/// # Errors
/// If the folder or a file cannot be written.
pub fn write_release(release: &Release, dir: &Path) -> Result<Vec<WrittenFile>, ProtectError> {
    fs_err::create_dir_all(dir).map_err(|e| file_error(dir, e))?;
    let mut written = Vec::new();
    for (name, text) in released_files(release)? {
        write(&dir.join(&name), &text)?;
        written.push(WrittenFile::of(&name, &text));
    }
    Ok(written)
}

fn write(path: &Path, text: &str) -> Result<(), ProtectError> {
    fs_err::write(path, text).map_err(|e| file_error(path, e))
}

pub(crate) fn file_error(path: &Path, source: std::io::Error) -> ProtectError {
    ProtectError::File {
        path: PathBuf::from(path),
        source,
    }
}

#[derive(Serialize)]
struct ManifestFile<'a> {
    #[serde(flatten)]
    manifest: &'a PublicManifest,
    files: &'a [WrittenFile],
}

fn manifest_text(release: &Release, files: &[WrittenFile]) -> Result<String, ProtectError> {
    json(
        &ManifestFile {
            manifest: release.manifest(),
            files,
        },
        "manifest.json",
    )
}

/// JSON with a last line feed, as files are written.
pub(crate) fn json<T: Serialize>(value: &T, what: &str) -> Result<String, ProtectError> {
    let mut text = serde_json::to_string_pretty(value).map_err(|_| format_error(what))?;
    text.push('\n');
    Ok(text)
}

pub(crate) fn format_error(what: &str) -> ProtectError {
    ProtectError::Format {
        what: what.to_owned(),
    }
}

/// A released table as CSV; with a notice, its first column repeats it on every row.
///
/// # Errors
/// If the table cannot be written, which does not happen in memory.
pub fn csv_text(table: &ReleasedTable, notice: Option<&str>) -> Result<String, ProtectError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = || format_error(&format!("table {}", table.name()));
    let mut header: Vec<String> = notice.iter().map(|_| "notice".to_owned()).collect();
    header.extend(table.file_columns().into_iter().map(|(name, _)| name));
    writer.write_record(&header).map_err(|_| failed())?;
    let mut record: Vec<String> = Vec::with_capacity(header.len());
    for row in table.rows() {
        record.clear();
        record.extend(notice.map(str::to_owned));
        record.extend(row.file_values().into_iter().map(|value| match value {
            ReleasedValue::Null => String::new(),
            ReleasedValue::Text(text) => safe(text),
            ReleasedValue::Integer(n) => n.to_string(),
            ReleasedValue::Real(n) => n.to_string(),
        }));
        writer.write_record(&record).map_err(|_| failed())?;
    }
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

/// Words that a spreadsheet could take for a formula get an apostrophe before them.
fn safe(text: &str) -> String {
    if risky(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a spreadsheet could take words for a formula.
#[must_use]
pub fn risky(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

/// The id of a release: it follows from its facts and its tables, nothing else.
pub(crate) fn release_id(
    manifest: &PublicManifest,
    tables: &[ReleasedTable],
) -> Result<String, ProtectError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(json(manifest, "the manifest")?.as_bytes());
    for table in tables {
        hasher.update(table.name().as_bytes());
        hasher.update(&table.version().to_le_bytes());
        hasher.update(csv_text(table, None)?.as_bytes());
    }
    Ok(hasher.finalize().to_hex().chars().take(16).collect())
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_cell_starts_a_formula() {
        for text in ["=1+1", "+44", "-1", "@x", "\tx", "\rx", "\u{ff1d}x"] {
            assert!(safe(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(safe("RTH"), "RTH");
        assert_eq!(safe("2024-12-31"), "2024-12-31");
    }
}
