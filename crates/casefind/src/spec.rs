//! Drawn examples: small tables of records, and the case that must come of them.
//!
//! A definition keeps them as text in its folder `cases/`, one file a theme. They are tests and
//! manual at once, so the same text is checked by `cargo test`, printed in the book and read by
//! people who do not program. The form:
//!
//! ```text
//! What the theme is about, in words.
//! cover 2018-01-01 to 2025-12-31
//!
//! # One sentence that says what this example shows
//!   registrations   | DIAGNOSISDATEBEST | SITE_ICD10_O2 | DIAG_TRUST
//!                   | 2015-03-10        | C509          | RTH
//!   cosd.metastasis | SECTION    | EVENT_DATE | PAIRS | PROVIDER
//!                   | recurrence | 2021-03-01 | 03/10 | RTH
//!   => A recurrent 2021-03-01 RTH recorded
//! ```
//!
//! Every example is one person. A blank cell is a value that was not sent. Columns in lower case
//! belong to the person (`death_date`), the others to the record. Rows of a section
//! (`cosd.metastasis`) belong to the `cosd` row above them, or to one that says nothing.
//!
//! After `=>` stands `none`, or the tier, the kind, the date (or `undated`), the organisation (or
//! `nobody`), and words: `recorded`, `living-only` (not new), `at-death`, `last-seen CODE` (the
//! body a death counts against), `low DATE`, `high DATE`, `recorded-on DATE`, `recorded-by CODE` (the
//! body that recorded it first), `nation NAME`, `sites a,b`, `bodies X,Y`, and for tier D why:
//! `impossible`, `competing`, `weak`, `refuted`. What is not
//! said of `recorded`, `living-only`, `at-death` and `last-seen` must not be so.

use std::collections::BTreeSet;
use std::fmt;

use layouts::DocumentedColumn;
use vocabulary::date::Date;
use vocabulary::table::Kind;

mod expected;
mod read;

pub use expected::{Expected, ExpectedCase, Found};
pub use read::read;

/// One file of examples: a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The file, as named in the definition.
    pub file: String,
    /// The theme in words.
    pub introduction: String,
    /// First and last day that every source covers in these examples.
    pub cover: (Date, Date),
    /// The examples in their order.
    pub examples: Vec<Example>,
}

/// One example: one person, the records and what must come of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The line of its title.
    pub line: usize,
    /// What it shows, in one sentence.
    pub title: String,
    /// The records.
    pub tables: Vec<Table>,
    /// What must come of them.
    pub expected: Expected,
    /// Its tables and outcome as they are drawn in the file, without the title.
    pub drawing: String,
}

/// Records of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, such as `admissions` or `cosd.metastasis`.
    pub name: String,
    /// The columns that are drawn.
    pub columns: Vec<String>,
    /// The rows; a blank cell is nothing.
    pub rows: Vec<Vec<Cell>>,
}

/// One value as drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Not sent.
    Blank,
    /// Text or a code.
    Text(String),
    /// A day.
    Date(Date),
    /// Yes or no.
    Flag(bool),
}

/// Why a file of examples cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct SpecError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub why: String,
}

impl fmt::Display for Example {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "# {}\n{}", self.title, self.drawing)
    }
}

/// The kind of a drawn column: of the person (lower case) or of a record.
fn kind_of(table: &str, column: &str) -> Result<Kind, String> {
    let person = layouts::tables::identities();
    if let Some(at) = person.column_index(column) {
        return Ok(person.columns[at].kind);
    }
    let columns: &[DocumentedColumn] =
        layouts::documented(table).ok_or_else(|| format!("no table `{table}` in any layout"))?;
    match columns.iter().find(|documented| documented.name == column) {
        Some(documented) => Ok(documented.kind),
        None => {
            let known: BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            Err(format!("no column `{column}` in `{table}`; there are {known}"))
        }
    }
}
