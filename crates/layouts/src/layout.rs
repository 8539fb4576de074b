//! A layout: all that is known of one kind of file.

use std::sync::LazyLock;

use vocabulary::table::Kind;

use crate::column::{Column, Role};
use crate::error::LayoutError;
use crate::parse;

/// How files of a kind are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Rows and columns: CSV, or Parquet with the same columns.
    Table,
    /// COSD XML.
    Xml,
}

/// A group of columns of which a file must have at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// National names.
    pub any_of: Vec<String>,
    /// What they give, in words.
    pub words: String,
}

/// A table that a kind yields, with the columns that a definition may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Name of the table, such as `admissions` or `cosd.metastasis`.
    pub name: String,
    /// What a row is.
    pub words: String,
    /// Its columns, without `file`, `row` and `seq`.
    pub columns: Vec<DocumentedColumn>,
}

/// A column that a definition may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentedColumn {
    /// Its name in the table, as a definition writes it.
    pub name: String,
    /// The kind of its values.
    pub kind: Kind,
    /// What it is, in one line.
    pub words: String,
    /// National item number, where known.
    pub item: Option<String>,
    /// For a numbered group, which one text column holds: the names of its elements in order.
    pub elements: Vec<String>,
}

/// All that is known of one kind of file.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The kind, as in study.toml.
    pub kind: String,
    /// Version of this layout and of the tables it yields.
    pub version: u32,
    /// Title for people.
    pub title: String,
    /// What the file is.
    pub words: String,
    /// What a row stands for.
    pub row: String,
    /// How it is written.
    pub format: Format,
    /// Its columns in the order we write them. Empty for XML.
    pub columns: Vec<Column>,
    /// Groups of which a file must have one.
    pub needs: Vec<Need>,
    /// National columns that are not used: no word is said about them.
    pub known: Vec<String>,
    /// The tables it yields; the first bears the name of the kind.
    pub sections: Vec<Section>,
}

impl Layout {
    /// The header of a plain file of this kind: national names in order, groups in their first form.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let mut header = Vec::new();
        for column in self.columns.iter().filter(|column| !column.extra) {
            match &column.repeat {
                None => header.push(column.name.clone()),
                Some(repeat) => header.extend(repeat.names()),
            }
        }
        header
    }

    /// The column of a national name (or of a group), or of one of its aliases.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        let wanted = crate::header_key(name);
        self.columns.iter().find(|column| {
            std::iter::once(&column.name)
                .chain(&column.aliases)
                .any(|known| crate::header_key(known) == wanted)
        })
    }

    /// Indices into `columns` of those in a role, first in rank first.
    pub fn in_role(&self, fits: impl Fn(&Role) -> bool) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.columns.len())
            .filter(|&index| self.columns[index].roles.iter().any(&fits))
            .collect();
        found.sort_by_key(|&index| (self.columns[index].rank, index));
        found
    }
}

const SHIPPED: [(&str, &str); 8] = [
    ("registrations", include_str!("../data/registrations.toml")),
    ("cosd", include_str!("../data/cosd.toml")),
    ("sact", include_str!("../data/sact.toml")),
    ("rtds", include_str!("../data/rtds.toml")),
    ("admissions", include_str!("../data/admissions.toml")),
    ("cwt", include_str!("../data/cwt.toml")),
    ("deaths", include_str!("../data/deaths.toml")),
    ("form", include_str!("../data/form.toml")),
];

/// The shipped layouts, each read from its text. A broken one is a fault of ours, which a test finds.
pub(crate) fn shipped() -> impl Iterator<Item = Result<Layout, LayoutError>> {
    SHIPPED.into_iter().map(|(kind, text)| parse::read(kind, text))
}

static ALL: LazyLock<Vec<Layout>> = LazyLock::new(|| shipped().filter_map(Result::ok).collect());

/// Every layout, in the order of `docs/src/layouts-in.md`.
#[must_use]
pub fn all() -> &'static [Layout] {
    &ALL
}

/// The layout of a kind, as study.toml names it.
#[must_use]
pub fn layout(kind: &str) -> Option<&'static Layout> {
    all().iter().find(|layout| layout.kind == kind)
}

/// The columns of a table such as `admissions` or `cosd.metastasis` that a definition may name.
#[must_use]
pub fn documented(table: &str) -> Option<&'static [DocumentedColumn]> {
    all()
        .iter()
        .flat_map(|layout| &layout.sections)
        .find(|section| section.name == table)
        .map(|section| section.columns.as_slice())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_shipped_layout_holds_together() {
        for layout in shipped() {
            layout.unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
