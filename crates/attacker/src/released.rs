//! The released tables and facts, as anybody can download them: `data/*.csv` and `data/manifest.json`.
//!
//! Invariant: a hidden figure has no number here either, whatever stands in its cell: one that has both a number and a
//! state without a number is refused.

use protect::State;
use serde::Deserialize;

use crate::{AttackError, Bytes};

const MANIFEST: &str = "data/manifest.json";
const DESCRIPTOR: &str = "data/datapackage.json";
const INDEX: &str = "api/index.json";
/// The first column of every file that must say something.
const NOTICE: &str = "notice";

/// What `data/manifest.json` says. What it holds beside this is found by comparing bytes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) release: String,
    pub(crate) study: String,
    pub(crate) as_of: String,
    pub(crate) period_from: String,
    pub(crate) period_to: String,
    pub(crate) country: String,
    pub(crate) coverage: String,
    pub(crate) definition: String,
    pub(crate) program: String,
    pub(crate) policy: String,
    pub(crate) simulated: bool,
    pub(crate) approved: bool,
    pub(crate) notices: Vec<String>,
    pub(crate) state_period: String,
    pub(crate) sections: Vec<Section>,
    pub(crate) files: Vec<File>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) words: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<serde_json::Value>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct File {
    pub(crate) path: String,
}

/// One released table as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The sentence about it, and the version of its layout.
    pub(crate) about: String,
    pub(crate) version: u32,
    /// The names of its columns, without the notice.
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A figure as it was read: its number, if one is shown, and its state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) number: Option<f64>,
    pub(crate) state: State,
}

impl Read {
    /// The number, if it is a whole one.
    pub(crate) fn whole(self) -> Option<i64> {
        self.number.filter(|n| n.fract() == 0.0).map(|n| n as i64)
    }
}

/// Everything that a release says in tables.
#[derive(Clone, Debug)]
pub(crate) struct Released {
    pub(crate) manifest: Manifest,
    pub(crate) tables: Vec<Table>,
}

impl Released {
    pub(crate) fn read(bytes: &Bytes) -> Result<Self, AttackError> {
        let wrong = |file: &str, what| AttackError::Tables {
            file: file.to_owned(),
            what,
        };
        let text = bytes
            .text(MANIFEST)
            .ok_or_else(|| wrong(MANIFEST, "not there, or no UTF-8"))?;
        let manifest: Manifest =
            serde_json::from_str(text).map_err(|_| wrong(MANIFEST, "not a public manifest"))?;
        let mut tables = Vec::new();
        for file in &manifest.files {
            let Some(name) = file.path.strip_suffix(".csv") else {
                continue;
            };
            let path = format!("data/{}", file.path);
            let text = bytes
                .text(&path)
                .ok_or_else(|| wrong(&path, "not there, or no UTF-8"))?;
            let mut table = Table::read(name, text).map_err(|what| wrong(&path, what))?;
            let about = entry(bytes, DESCRIPTOR, "resources", name);
            if let Some(about) = about.and_then(|one| Some(one.get("description")?.as_str()?.to_owned())) {
                table.about = about;
            }
            let version = entry(bytes, INDEX, "tables", name);
            if let Some(version) = version.and_then(|one| one.get("version")?.as_u64()) {
                table.version = u32::try_from(version).unwrap_or_default();
            }
            tables.push(table);
        }
        Ok(Self { manifest, tables })
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, &'static str> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = records.next().and_then(Result::ok).ok_or("no header")?;
        let skip = usize::from(header.get(0) == Some(NOTICE));
        let plain = |record: &csv::StringRecord| record.iter().skip(skip).map(unescaped).collect();
        let mut table = Self {
            name: name.to_owned(),
            about: String::new(),
            version: 1,
            header: plain(&header),
            rows: Vec::new(),
        };
        for record in records {
            table
                .rows
                .push(plain(&record.map_err(|_| "a row of another length")?));
        }
        Ok(table)
    }

    /// The words of a row in a column; empty where there is no such column.
    pub(crate) fn word<'r>(&self, row: &'r [String], column: &str) -> &'r str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).map_or("", String::as_str)
    }

    /// The figure of a row in a column; none where its cells are not what a figure's are.
    pub(crate) fn figure(&self, row: &[String], column: &str) -> Option<Read> {
        let (number, word) = (self.word(row, column), self.word(row, &format!("{column}_state")));
        let state = State::all().into_iter().find(|state| state.as_str() == word)?;
        let shows = matches!(state, State::Shown | State::Zero);
        let number = match (number.is_empty(), shows) {
            (true, false) => None,
            (false, true) => Some(number.parse::<f64>().ok().filter(|n| n.is_finite())?),
            _ => return None,
        };
        Some(Read { number, state })
    }
}

/// The entry of a name in a list of a file of JSON.
fn entry(bytes: &Bytes, file: &str, list: &str, name: &str) -> Option<serde_json::Value> {
    let whole: serde_json::Value = serde_json::from_str(bytes.text(file)?).ok()?;
    let named = |one: &&serde_json::Value| one.get("name").and_then(|n| n.as_str()) == Some(name);
    whole.get(list)?.as_array()?.iter().find(named).cloned()
}

/// The apostrophe before what a spreadsheet could take for a formula is no part of the words.
fn unescaped(cell: &str) -> String {
    let formula = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(formula) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_figure_is_a_number_and_a_state_that_agree() {
        let text =
            "notice,place,found,found_state\nx,A,45,shown\nx,B,,suppressed\nx,C,3,suppressed\nx,'-D,,shown\n";
        let table = Table::read("counts", text).unwrap();
        let figure = |at: usize| table.figure(&table.rows[at], "found");
        assert_eq!(table.header, ["place", "found", "found_state"]);
        assert_eq!(figure(0).unwrap().whole(), Some(45));
        assert_eq!(figure(1).unwrap().state, State::Suppressed);
        assert_eq!((figure(2), figure(3)), (None, None));
        assert_eq!(table.word(&table.rows[3], "place"), "-D");
        assert!(Table::read("counts", "a,b\n1\n").is_err());
    }
}
