//! What a table is, without a word about how it is stored.

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text, codes among it.
    Text,
    /// A day.
    Date,
    /// A whole number.
    Integer,
    /// A real number.
    Real,
    /// Yes or no.
    Flag,
    /// A list of texts.
    Texts,
}

impl Kind {
    /// The word for it in schemas.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Flag => "flag",
            Self::Texts => "texts",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether every row has a value.
    pub required: bool,
}

/// The columns of a table in their order, with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSchema {
    /// The table's name.
    pub name: String,
    /// Raised whenever a column changes.
    pub version: u32,
    /// The columns.
    pub columns: Vec<Column>,
}

impl TableSchema {
    /// A schema whose columns may all be null.
    pub fn new(name: &str, version: u32, columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|&(name, kind)| Column {
            name: name.to_owned(),
            kind,
            required: false,
        });
        Self {
            name: name.to_owned(),
            version,
            columns: columns.collect(),
        }
    }

    /// The place of a column.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value<'a> {
    /// Nothing.
    #[default]
    Null,
    /// Text.
    Text(&'a str),
    /// A day.
    Date(Date),
    /// A whole number.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// A list of texts.
    Texts(Vec<&'a str>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl From<Date> for Value<'_> {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl<'a> From<Vec<&'a str>> for Value<'a> {
    fn from(value: Vec<&'a str>) -> Self {
        Self::Texts(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
