//! A table written as TOML: `year = [2016, 2017]` is a column, `[[row]]` a row, and an option by its long name is an
//! option (`confidence = 0.9`). Any other single value stands in every row.

use toml::Value;

use crate::exit::Failure;

use super::settings::Known;
use super::table::{Line, Table};

/// Reads a table from TOML. `options` are those that it may hold beside its columns.
pub(super) fn read(path: String, text: &str, options: &[Known]) -> Result<Table, Failure> {
    let whole: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        Failure::call(format!("{path}: {}", error.message()).replace('\n', " ") + &place(text, error.span()))
    })?;
    let mut parts = Parts {
        path,
        options,
        settings: toml::Table::new(),
        columns: Vec::new(),
        every_row: Vec::new(),
        rows: Vec::new(),
    };
    parts.take(whole)?;
    parts.table()
}

/// Where in the text an error lies.
fn place(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let Some(before) = span.and_then(|span| text.get(..span.start)) else {
        return String::new();
    };
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    format!(" (line {line}, column {column})")
}

struct Parts<'a> {
    path: String,
    options: &'a [Known],
    settings: toml::Table,
    columns: Vec<(String, Vec<String>)>,
    every_row: Vec<(String, String)>,
    rows: Vec<toml::Table>,
}

impl Parts<'_> {
    fn take(&mut self, table: toml::Table) -> Result<(), Failure> {
        for (key, value) in table {
            let option = key.replace('_', "-");
            let known = self.options.iter().find(|known| known.name == option);
            // A list for an option that takes none is a column of that name.
            if known.is_some_and(|known| known.takes_list || !value.is_array()) {
                self.settings.insert(option, value);
                continue;
            }
            match value {
                Value::Table(inner) => self.take(inner)?,
                Value::Array(values) => self.array(key, values)?,
                single => {
                    let cell = self.cell(&key, single)?;
                    self.every_row.push((key, cell));
                }
            }
        }
        Ok(())
    }

    fn array(&mut self, key: String, values: Vec<Value>) -> Result<(), Failure> {
        if values.iter().all(Value::is_table) && !values.is_empty() {
            let tables = values.into_iter().filter_map(|value| match value {
                Value::Table(row) => Some(row),
                _ => None,
            });
            self.rows.extend(tables);
            return Ok(());
        }
        let cells = values.into_iter().map(|value| self.cell(&key, value));
        let cells = cells.collect::<Result<_, _>>()?;
        self.columns.push((key, cells));
        Ok(())
    }

    /// A single value as text.
    fn cell(&self, key: &str, value: Value) -> Result<String, Failure> {
        match value {
            Value::String(text) => Ok(text),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Float(number) => Ok(number.to_string()),
            Value::Boolean(yes) => Ok(if yes { "1" } else { "0" }.to_owned()),
            Value::Datetime(date) => Ok(date.to_string()),
            Value::Array(_) | Value::Table(_) => Err(Failure::call(format!(
                "{}: key \"{key}\": it holds a list within a list; write a list of numbers or texts, or [[row]]",
                self.path
            ))),
        }
    }

    fn table(mut self) -> Result<Table, Failure> {
        let mut header: Vec<String> = Vec::new();
        let mut lines: Vec<Vec<String>> = Vec::new();
        if !self.rows.is_empty() && !self.columns.is_empty() {
            return Err(Failure::call(format!(
                "{}: it holds both columns and [[row]]; keep one of the two",
                self.path
            )));
        }
        for row in std::mem::take(&mut self.rows) {
            let mut cells = vec![String::new(); header.len()];
            for (key, value) in row {
                let cell = self.cell(&key, value)?;
                match header.iter().position(|name| *name == key) {
                    Some(at) => cells[at] = cell,
                    None => {
                        header.push(key);
                        cells.push(cell);
                    }
                }
            }
            lines.push(cells);
        }
        let length = self.columns.first().map(|(_, cells)| cells.len());
        for (name, cells) in std::mem::take(&mut self.columns) {
            if Some(cells.len()) != length {
                return Err(Failure::call(format!(
                    "{}: key \"{name}\": its list is {} long, and others are {}; a list is a column, and columns are of \
                     one length",
                    self.path,
                    cells.len(),
                    length.unwrap_or(0)
                )));
            }
            lines.resize(cells.len(), Vec::new());
            header.push(name);
            lines
                .iter_mut()
                .zip(cells)
                .for_each(|(line, cell)| line.push(cell));
        }
        if lines.is_empty() && !self.every_row.is_empty() {
            lines.push(Vec::new());
        }
        let before = header.len();
        for (name, cell) in self.every_row {
            header.push(name);
            for line in &mut lines {
                line.resize(line.len().max(before), String::new());
                line.push(cell.clone());
            }
        }
        let rows = (1..)
            .zip(lines)
            .map(|(number, cells)| Line { number, cells })
            .collect();
        let mut table = Table::of_parts(self.path, header, rows);
        table.settings = self.settings;
        table.squared()
    }
}
