//! What can go wrong on the way to a release. Messages name tables, columns and rows, never a value.

use std::path::PathBuf;

/// Why no release was made, or why it could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ProtectError {
    /// The policy is not what it should be.
    #[error("disclosure policy {name}: {what}; correct the policy file")]
    Policy {
        /// The policy, or its file.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// A column is named that the table does not have.
    #[error("table {table}: no column {column}, which {wanted_by} needs; add the column or correct the name")]
    NoColumn {
        /// The table.
        table: String,
        /// The missing column.
        column: String,
        /// Who asked for it.
        wanted_by: String,
    },
    /// A value does not fit its column.
    #[error("table {table}, row {row}, column {column}: {what}")]
    Value {
        /// The table.
        table: String,
        /// The row, counted from 1.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong, without the value.
        what: &'static str,
    },
    /// A row has too few or too many values.
    #[error("table {table}, row {row}: one value a column is needed")]
    Width {
        /// The table.
        table: String,
        /// The row, counted from 1.
        row: usize,
    },
    /// Two rows are about the same people.
    #[error("table {table}, row {row}: a second row with the same dimensions; each may come once")]
    Twice {
        /// The table.
        table: String,
        /// The row, counted from 1.
        row: usize,
    },
    /// A table that a link names is not there.
    #[error("no table {table}, which a link between tables names")]
    NoTable {
        /// The table.
        table: String,
    },
    /// A number would be given away whatever is hidden. Cells are named, values never.
    #[error("the release is refused: {}; it can be made with fewer places, years or sums", leaks.join("; "))]
    Leaks {
        /// What leaks, in words.
        leaks: Vec<String>,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger does not hold together.
    #[error("ledger {path}, entry {entry}: {what}; restore the ledger from a copy, do not edit it")]
    Ledger {
        /// The file.
        path: PathBuf,
        /// The entry, counted from 1.
        entry: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A file of an earlier release cannot be read back.
    #[error(
        "{file}, of an earlier release, {what}; restore it from a copy, or take the folder of that release away"
    )]
    Kept {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A file of an earlier release is the one that was released, and this version of the program does not read its form.
    #[error("{file}, of an earlier release, is of a form that this version of the program does not read")]
    KeptForm {
        /// The file.
        file: String,
    },
    /// A key of the ledger cannot be used.
    #[error("keys of the ledger: {what}")]
    Key {
        /// What is wrong, without the key.
        what: &'static str,
    },
    /// A table or a list of facts could not be put into words.
    #[error("could not write {what}")]
    Format {
        /// What was being written.
        what: String,
    },
}
