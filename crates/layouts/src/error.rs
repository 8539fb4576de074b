//! What can be wrong with a layout or with a header that is laid against one.

use thiserror::Error;

/// A layout file that does not hold together. The shipped ones are proved sound by a test.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum LayoutError {
    /// Not TOML, or not in the form of a layout.
    #[error("layout `{kind}`: {what}")]
    Unreadable {
        /// The kind of the layout.
        kind: String,
        /// What the parser said.
        what: String,
    },
    /// Two columns of one layout would take the same header.
    #[error(
        "layout `{kind}`: the header `{header}` fits two columns, `{first}` and `{second}`; take it out of one"
    )]
    Twice {
        /// The kind of the layout.
        kind: String,
        /// The header.
        header: String,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// A `needs`, `instead` or `fallbacks` entry names a column that the layout lacks.
    #[error("layout `{kind}`: `{column}` names `{other}`, which is no column of it")]
    Unknown {
        /// The kind of the layout.
        kind: String,
        /// Where the name stands.
        column: String,
        /// The name.
        other: String,
    },
}

/// A header that cannot be read by a layout.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum BindError {
    /// A required column, or every one of a group of which one is needed, is missing.
    #[error("the {kind} file has no column `{column}`; {fix}")]
    Lacks {
        /// The kind of file.
        kind: String,
        /// The national name, or the names of which one is needed.
        column: String,
        /// What to do.
        fix: String,
    },
    /// A column map of study.toml renames a column that the layout does not have.
    #[error("`{name}` under [source.columns] is no column of {kind}{suggestion}")]
    NoSuchColumn {
        /// The kind of file.
        kind: String,
        /// The name as written.
        name: String,
        /// A suggestion, with its own punctuation, or nothing.
        suggestion: String,
    },
    /// A column map names something twice, so that a column of the file would be lost or read for two.
    #[error("under [source.columns], {what}")]
    Twice {
        /// What is named twice, and what to do.
        what: String,
    },
    /// `person_key` of a source names a header that the file does not have.
    #[error("person_key names `{header}`, but the file has no such column")]
    NoSuchKey {
        /// The header as written.
        header: String,
    },
    /// A column map names a header that the file does not have.
    #[error("[source.columns] reads `{name}` from `{header}`, but the file has no such column")]
    NoSuchHeader {
        /// The national name.
        name: String,
        /// The header as written.
        header: String,
    },
}
