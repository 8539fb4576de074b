//! Rows of a table as JSON objects, by the place that they are about.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use engine::{Batch, EngineError, TableReader};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use vocabulary::table::{Column, Kind, TableSchema};

use crate::error::{AuditError, at};

/// The columns that say which place a row is about; a pack says it once.
const PLACE: [&str; 2] = ["nation", "organisation"];

/// One row: its cells in the order of the table's columns.
pub(super) struct Row {
    columns: Arc<[String]>,
    cells: Vec<Value>,
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (column, cell) in self.columns.iter().zip(&self.cells) {
            map.serialize_entry(column, cell)?;
        }
        map.end()
    }
}

/// The rows of a table by nation and organisation, each blank where the table has no such column.
#[derive(Default)]
pub(super) struct Rows(BTreeMap<(String, String), Vec<Row>>);

impl Rows {
    pub(super) fn places(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.keys()
    }

    pub(super) fn at(&self, place: &(String, String)) -> &[Row] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }

    /// Rows of a table that knows no nation.
    pub(super) fn of_organisation(&self, code: &str) -> &[Row] {
        self.at(&(String::new(), code.to_owned()))
    }

    /// Rows of a table that knows no place.
    pub(super) fn everywhere(&self) -> &[Row] {
        self.at(&(String::new(), String::new()))
    }
}

/// Reads a table of a folder.
pub(super) fn read(folder: &Path, schema: &TableSchema) -> Result<Rows, AuditError> {
    let path = folder.join(format!("{}.parquet", schema.name));
    rows(&path, schema).map_err(at("reading a table for the packs"))
}

fn rows(path: &Path, schema: &TableSchema) -> Result<Rows, EngineError> {
    let shown: Vec<&Column> = schema
        .columns
        .iter()
        .filter(|column| !PLACE.contains(&column.name.as_str()))
        .collect();
    let columns: Arc<[String]> = shown.iter().map(|column| column.name.clone()).collect();
    let mut rows = Rows::default();
    for batch in TableReader::open(path)? {
        let batch = batch?;
        let mut cells: Vec<Vec<Value>> = Vec::with_capacity(batch.rows());
        cells.resize_with(batch.rows(), || Vec::with_capacity(shown.len()));
        for column in &shown {
            fill(&batch, column, &mut cells)?;
        }
        let place = |name: &str| {
            let known = schema.column_index(name).is_some();
            known.then(|| batch.text(name)).transpose()
        };
        let (nation, organisation) = (place(PLACE[0])?, place(PLACE[1])?);
        for (row, cells) in cells.into_iter().enumerate() {
            let text = |column: &Option<engine::TextColumn<'_>>| {
                let text = column.as_ref().and_then(|column| column.get(row));
                text.unwrap_or_default().to_owned()
            };
            let row = Row {
                columns: Arc::clone(&columns),
                cells,
            };
            rows.0
                .entry((text(&nation), text(&organisation)))
                .or_default()
                .push(row);
        }
    }
    Ok(rows)
}

/// Adds a column to each row. Blank is null, never 0.
fn fill(batch: &Batch, column: &Column, rows: &mut [Vec<Value>]) -> Result<(), EngineError> {
    let name = column.name.as_str();
    let each = rows.iter_mut().enumerate();
    match column.kind {
        Kind::Text => {
            let text = batch.text(name)?;
            each.for_each(|(row, cells)| cells.push(text.get(row).into()));
        }
        Kind::Integer => {
            let integer = batch.integer(name)?;
            each.for_each(|(row, cells)| cells.push(integer.get(row).into()));
        }
        Kind::Real => {
            let real = batch.real(name)?;
            each.for_each(|(row, cells)| cells.push(real.get(row).into()));
        }
        Kind::Flag => {
            let flag = batch.flag(name)?;
            each.for_each(|(row, cells)| cells.push(flag.get(row).into()));
        }
        Kind::Date => {
            let date = batch.date(name)?;
            each.for_each(|(row, cells)| cells.push(date.get(row).map(|date| date.to_string()).into()));
        }
        Kind::Texts => {
            let texts = batch.texts(name)?;
            each.for_each(|(row, cells)| cells.push(texts.get(row).into()));
        }
    }
    Ok(())
}
