//! A small table: a header and rows of text, from CSV or TOML.
//!
//! Errors name the file, the line, the column, what is wrong and what to do, and never what stands in a cell: somebody
//! may have put a name there.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use crate::exit::Failure;

use super::columns::{Names, plainly};
use super::settings::Known;
use super::toml_file;

/// A larger file is no small table, and was probably given by mistake.
const MOST_BYTES: u64 = 64 << 20;

/// A table.
pub(super) struct Table {
    path: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Line>,
    /// Options that the file holds, by their long names.
    pub(super) settings: toml::Table,
    /// Whether a comma in a number is a decimal one.
    pub(super) decimal_comma: bool,
    /// What a row is called in messages: `line` of a CSV, `row` of a TOML.
    pub(super) unit: &'static str,
    used: RefCell<BTreeSet<usize>>,
    /// Whether a heading is one that a method asks for.
    is_known: RefCell<bool>,
}

/// A row, and where it stands.
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

impl Table {
    /// Reads a file. `options` are those that a TOML may hold beside its columns.
    pub(super) fn read(path: &Path, options: &[Known]) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let unread = |error: std::io::Error| Failure::call(error.to_string());
        let file = fs_err::File::open(path).map_err(unread)?;
        if file.metadata().map_err(unread)?.len() > MOST_BYTES {
            return Err(Failure::call(format!(
                "{shown}: it is larger than 64 MB; an estimate takes a small table of counts or people"
            )));
        }
        let mut bytes = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(unread)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = 1 + before.filter(|byte| **byte == b'\n').count();
            Failure::call(format!(
                "{shown}: line {line}: it is not UTF-8 text; save it as \"CSV UTF-8\""
            ))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let is_toml = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if is_toml {
            toml_file::read(shown, text, options)
        } else {
            Self::of_csv(shown, text)
        }
    }

    /// A table of its parts.
    pub(super) fn of_parts(path: String, header: Vec<String>, rows: Vec<Line>) -> Self {
        Self {
            path,
            header,
            rows,
            settings: toml::Table::new(),
            decimal_comma: false,
            unit: "row",
            used: RefCell::default(),
            is_known: RefCell::default(),
        }
    }

    fn of_csv(path: String, text: &str) -> Result<Self, Failure> {
        let delimiter = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| Failure::call(format!("{path}: it cannot be read as CSV")))?;
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                let number = record.position().map_or(0, csv::Position::line);
                lines.push(Line { number, cells });
            }
        }
        if lines.is_empty() {
            return Err(Failure::call(format!(
                "{path}: it is empty; its first line names the columns"
            )));
        }
        let rows = lines.split_off(1);
        let header = lines.into_iter().flat_map(|line| line.cells).collect();
        let mut table = Self::of_parts(path, header, rows);
        (table.unit, table.decimal_comma) = ("line", delimiter == b';');
        table.squared()
    }

    /// The table, once every row has as many cells as the header, and every column a name of its own.
    pub(super) fn squared(mut self) -> Result<Self, Failure> {
        for (at, name) in self.header.iter().enumerate() {
            let first = self
                .header
                .iter()
                .take(at)
                .position(|other| plainly(other) == plainly(name));
            if let Some(first) = first {
                return Err(Failure::call(format!(
                    "{}: columns {} and {} have the same heading; rename or remove one",
                    self.path,
                    first + 1,
                    at + 1
                )));
            }
        }
        let width = self.header.len();
        for line in &mut self.rows {
            if line.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
                return Err(Failure::call(format!(
                    "{}: {} {}: it has {} cells, and the header names {width} columns; put quotes around a cell that \
                     holds a comma",
                    self.path,
                    self.unit,
                    line.number,
                    line.cells.len()
                )));
            }
            line.cells.resize(width, String::new());
        }
        Ok(self)
    }

    /// The path, as typed.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Options that the file holds.
    pub(super) fn settings(&self) -> &toml::Table {
        &self.settings
    }

    /// The column with one of these names, the first name that is there.
    pub(super) fn find(&self, names: Names) -> Option<usize> {
        let column = names.0.iter().find_map(|name| {
            self.header
                .iter()
                .position(|heading| plainly(heading) == plainly(name))
        })?;
        self.used.borrow_mut().insert(column);
        *self.is_known.borrow_mut() = true;
        Some(column)
    }

    /// The same, where the method cannot do without.
    pub(super) fn need(&self, names: Names) -> Result<usize, Failure> {
        self.find(names).ok_or_else(|| {
            let first = names.0.first().copied().unwrap_or_default();
            let others: Vec<&str> = names.0.iter().skip(1).take(4).copied().collect();
            // Where no heading is known the first line may be somebody, so nothing of it is shown.
            Failure::call(format!(
                "{}: it has no column \"{first}\" (also understood: {}); see --help",
                self.path,
                others.join(", ")
            ))
        })
    }

    /// Marks a column as used.
    pub(super) fn mark(&self, column: usize) {
        self.used.borrow_mut().insert(column);
    }

    /// What stands in a cell.
    pub(super) fn text<'t>(&self, line: &'t Line, column: usize) -> &'t str {
        line.cells.get(column).map_or("", String::as_str)
    }

    /// A failure at a cell.
    pub(super) fn wrong(&self, line: &Line, column: usize, what: &str) -> Failure {
        // Where no heading is known the first line may be somebody, so nothing of it is shown.
        let name = match self.header.get(column) {
            Some(name) if *self.is_known.borrow() => format!("\"{name}\""),
            _ => (column + 1).to_string(),
        };
        Failure::call(format!(
            "{}: {} {}, column {name}: {what}",
            self.path, self.unit, line.number
        ))
    }

    /// A failure of a row.
    pub(super) fn wrong_row(&self, line: &Line, what: &str) -> Failure {
        Failure::call(format!("{}: {} {}: {what}", self.path, self.unit, line.number))
    }

    /// A failure of the file.
    pub(super) fn wrong_file(&self, what: &str) -> Failure {
        Failure::call(format!("{}: {what}", self.path))
    }

    /// The names of the columns that nobody asked for.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let names = self.header.iter().enumerate();
        names
            .filter(|(at, name)| !used.contains(at) && !name.is_empty())
            .map(|(_, name)| name.clone())
            .collect()
    }
}

/// The delimiter that the header has most of; a comma where it has none.
fn delimiter(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .unwrap_or("");
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    // Of equally many the last wins: a comma.
    [b'|', b'\t', b';', b',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b',')
}
