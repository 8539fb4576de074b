//! Small CSV files that people write by hand and lay beside `study.toml`.
//!
//! Every fault ends the call and is named with file and line: what somebody wrote to decide something is never read by
//! half.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::StudyError;

/// A row: its line, and its cells in the order of the columns asked for.
pub(crate) type Row = (u64, Vec<String>);

/// The bytes of such a file; none where nothing lies there.
///
/// A link that leads nowhere, as to a disk that is not mounted, is a file that cannot be read and not one that is not there:
/// what somebody decided would be taken back without a word.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, StudyError> {
    let there = fs_err::symlink_metadata(path);
    if there
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::NotFound)
    {
        return Ok(None);
    }
    let bytes = there.and_then(|_| fs_err::read(path));
    bytes.map(Some).map_err(|error| StudyError::Call {
        message: format!(
            "{error}; the file, or a link to it, is there and cannot be read: make it readable (is the disk mounted to which it \
             leads?), or take it away where it is to hold no longer"
        ),
    })
}

/// Reads a file of exactly these columns, in any order; others are refused, since a misspelt one would be lost in
/// silence.
pub(crate) fn rows(file: &str, bytes: &[u8], columns: &[&str]) -> Result<Vec<Row>, StudyError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader
        .headers()
        .map_err(|_| wrong(file, 1, "not a CSV file in UTF-8; save it as one"))?;
    let header: Vec<String> = header.iter().map(str::to_lowercase).collect();
    let is_known = |name: &String| columns.contains(&name.as_str());
    if let Some(at) = header.iter().position(|name| !is_known(name)) {
        // Where no heading is known the first line may be somebody, so nothing of it is shown.
        let what = match header.get(at) {
            Some(name) if header.iter().any(is_known) => format!("no column `{name}`; the columns are"),
            _ => "it names none of its columns, which are".to_owned(),
        };
        let what = format!("{what} {}", columns.join(", "));
        return Err(wrong(file, 1, &what));
    }
    let at = columns
        .iter()
        .map(|column| {
            let found = header.iter().position(|name| name == column);
            found.ok_or_else(|| wrong(file, 1, &format!("the column `{column}` is missing")))
        })
        .collect::<Result<Vec<usize>, _>>()?;
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            wrong(file, line, "not as many cells as the header has, or not UTF-8")
        })?;
        let line = row.position().map_or(1, csv::Position::line);
        let cells = at
            .iter()
            .map(|at| row.get(*at).unwrap_or_default().to_owned())
            .collect();
        rows.push((line, cells));
    }
    Ok(rows)
}

/// A fault of such a file: where, and what.
pub(crate) fn wrong(file: &str, line: u64, what: &str) -> StudyError {
    StudyError::Call {
        message: format!("{file}, line {line}: {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_does_not_lie_there_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("charts.csv");
        assert_eq!(read(&place).expect("nothing"), None);
        fs_err::write(&place, "of").expect("written");
        assert_eq!(read(&place).expect("bytes"), Some(b"of".to_vec()));
        #[cfg(unix)]
        {
            fs_err::remove_file(&place).expect("removed");
            fs_err::os::unix::fs::symlink(folder.path().join("share/charts.csv"), &place).expect("a link");
            let error = read(&place).expect_err("a link to nowhere");
            assert_eq!(error.exit_code(), 2, "{error}");
            assert!(error.to_string().contains("charts.csv"), "{error}");
        }
    }
}
