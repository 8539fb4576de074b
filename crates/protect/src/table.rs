//! Released tables: read-only, every figure with its state.
//!
//! Invariant: nothing outside this crate can change a cell; a hidden cell holds no number.

use std::collections::BTreeMap;

use crate::cell::{Figure, Number, State};

/// A table that passed disclosure control.
#[derive(Clone, Debug)]
pub struct ReleasedTable {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) about: String,
    pub(crate) columns: Vec<ReleasedColumn>,
    pub(crate) names: BTreeMap<String, usize>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// What is in a released cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(Option<String>),
    Figure(Figure),
}

/// What a released column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words that say whom a row is about: part of the key.
    Key,
    /// Other words.
    Text,
    /// A figure with a whole number. In files it is followed by a column `<name>_state`.
    Integer,
    /// A figure that may have one decimal. In files it is followed by a column `<name>_state`.
    Real,
}

/// A released column.
#[derive(Clone, Debug)]
pub struct ReleasedColumn {
    pub(crate) name: String,
    pub(crate) kind: ColumnKind,
    pub(crate) about: String,
    pub(crate) words: &'static [&'static str],
}

impl ReleasedColumn {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// What it holds.
    #[must_use]
    pub fn kind(&self) -> ColumnKind {
        self.kind
    }
    /// A sentence about it.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }
    /// The only words it can hold, if they are a closed list.
    #[must_use]
    pub fn words(&self) -> &'static [&'static str] {
        self.words
    }
}

/// A value as it stands in a file; figures have been taken apart into value and state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReleasedValue<'a> {
    /// Nothing, or hidden.
    Null,
    /// Words.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number that may have one decimal.
    Real(f64),
}

/// A row of a released table.
#[derive(Clone, Copy, Debug)]
pub struct ReleasedRow<'a> {
    table: &'a ReleasedTable,
    cells: &'a [Cell],
}

impl ReleasedTable {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The version of its layout.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }
    /// A sentence about it.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }
    /// Its columns, figures counted once.
    #[must_use]
    pub fn columns(&self) -> &[ReleasedColumn] {
        &self.columns
    }
    /// Its columns as they stand in files: every figure is two, the number and `<name>_state`.
    #[must_use]
    pub fn file_columns(&self) -> Vec<(String, ColumnKind)> {
        let mut columns = Vec::new();
        for column in &self.columns {
            columns.push((column.name.clone(), column.kind));
            if matches!(column.kind, ColumnKind::Integer | ColumnKind::Real) {
                columns.push((format!("{}_state", column.name), ColumnKind::Text));
            }
        }
        columns
    }
    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Its rows, ordered by their dimensions.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = ReleasedRow<'_>> {
        self.rows.iter().map(|cells| ReleasedRow { table: self, cells })
    }
}

impl<'a> ReleasedRow<'a> {
    fn cell(self, column: &str) -> Option<&'a Cell> {
        self.table.names.get(column).and_then(|i| self.cells.get(*i))
    }

    /// The words in a column; empty where there are none or there is no such column.
    #[must_use]
    pub fn text(self, column: &str) -> &'a str {
        match self.cell(column) {
            Some(Cell::Text(Some(text))) => text,
            _ => "",
        }
    }

    /// The figure in a column; not reported where there is no such column.
    #[must_use]
    pub fn figure(self, column: &str) -> Figure {
        match self.cell(column) {
            Some(Cell::Figure(figure)) => *figure,
            _ => Figure::without(State::NotReported),
        }
    }

    /// The values as they stand in files, one for each of [`ReleasedTable::file_columns`].
    #[must_use]
    pub fn file_values(self) -> Vec<ReleasedValue<'a>> {
        let mut values = Vec::with_capacity(self.cells.len() * 2);
        for (cell, column) in self.cells.iter().zip(&self.table.columns) {
            match cell {
                Cell::Text(None) => values.push(ReleasedValue::Null),
                Cell::Text(Some(text)) => values.push(ReleasedValue::Text(text)),
                Cell::Figure(figure) => {
                    values.push(match (figure.number(), column.kind) {
                        (None, _) => ReleasedValue::Null,
                        (Some(Number::Whole(n)), ColumnKind::Integer) => ReleasedValue::Integer(n),
                        (Some(number), _) => ReleasedValue::Real(number.as_f64()),
                    });
                    values.push(ReleasedValue::Text(figure.state().as_str()));
                }
            }
        }
        values
    }
}
