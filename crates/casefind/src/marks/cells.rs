//! The columns of a batch as they are asked: one value of any kind at a time.

use std::cmp::Ordering;

use engine::{Batch, DateColumn, EngineError, FlagColumn, IntegerColumn, RealColumn, TextColumn};
use vocabulary::date::Date;
use vocabulary::table::Kind;

/// The columns of a batch, in the order in which they were asked for.
pub(super) struct Columns<'a>(Vec<Column<'a>>);

enum Column<'a> {
    Text(TextColumn<'a>),
    Date(DateColumn<'a>),
    Integer(IntegerColumn<'a>),
    Real(RealColumn<'a>),
    Flag(FlagColumn<'a>),
    /// Conditions ask nothing of lists.
    List,
}

/// A value; values of different kinds do not compare, but whole and real numbers do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Date(Date),
    Integer(i64),
    Real(f64),
    Flag(bool),
}

impl<'a> Columns<'a> {
    pub(super) fn of(batch: &'a Batch, names: &[String], kinds: &[Kind]) -> Result<Self, EngineError> {
        let mut columns = Vec::with_capacity(names.len());
        for (name, kind) in names.iter().zip(kinds) {
            columns.push(match kind {
                Kind::Text => Column::Text(batch.text(name)?),
                Kind::Date => Column::Date(batch.date(name)?),
                Kind::Integer => Column::Integer(batch.integer(name)?),
                Kind::Real => Column::Real(batch.real(name)?),
                Kind::Flag => Column::Flag(batch.flag(name)?),
                Kind::Texts => Column::List,
            });
        }
        Ok(Self(columns))
    }

    /// A column of text.
    pub(super) fn text(&self, column: usize) -> Option<TextColumn<'a>> {
        match self.0.get(column) {
            Some(Column::Text(texts)) => Some(*texts),
            _ => None,
        }
    }

    /// The value of a row, if there is one.
    pub(super) fn cell(&self, column: usize, row: usize) -> Option<Cell<'a>> {
        match self.0.get(column)? {
            Column::Text(column) => column.get(row).map(Cell::Text),
            Column::Date(column) => column.get(row).map(Cell::Date),
            Column::Integer(column) => column.get(row).map(Cell::Integer),
            Column::Real(column) => column.get(row).map(Cell::Real),
            Column::Flag(column) => column.get(row).map(Cell::Flag),
            Column::List => None,
        }
    }
}

impl Cell<'_> {
    pub(super) fn compare(self, other: Cell<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Cell::Text(b)) => Some(a.cmp(b)),
            (Self::Date(a), Cell::Date(b)) => Some(a.cmp(&b)),
            (Self::Flag(a), Cell::Flag(b)) => Some(a.cmp(&b)),
            (Self::Integer(a), Cell::Integer(b)) => Some(a.cmp(&b)),
            (Self::Real(a), Cell::Real(b)) => a.partial_cmp(&b),
            (Self::Integer(a), Cell::Real(b)) => (a as f64).partial_cmp(&b),
            (Self::Real(a), Cell::Integer(b)) => a.partial_cmp(&(b as f64)),
            _ => None,
        }
    }
}
