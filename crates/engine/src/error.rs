//! What can go wrong at the door, in words that never quote a cell.

use std::path::{Path, PathBuf};

use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;

/// An error of the engine: where, what, and what to do; never the content of a row.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// A Parquet file is damaged or is no Parquet file.
    #[error("{path}: not a readable Parquet file; write it again or leave it out", path = .0.display())]
    NotParquet(PathBuf),
    /// A row does not fit its table.
    #[error("table `{table}`: column `{column}` takes {wanted}, not {given}")]
    Type {
        /// The table being written or read.
        table: String,
        /// The column.
        column: String,
        /// The kind the schema names.
        wanted: &'static str,
        /// The kind that was given.
        given: &'static str,
    },
    /// A row has too many or too few values.
    #[error("table `{table}` has {wanted} columns, the row has {given}")]
    Width {
        /// The table being written.
        table: String,
        /// Columns of the schema.
        wanted: usize,
        /// Values of the row.
        given: usize,
    },
    /// A column is not there.
    #[error("table `{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: String,
        /// The column that was asked for.
        column: String,
    },
    /// A plan could not be made: the SQL is wrong. No data had been read.
    #[error("the plan for {what} is not valid: {why}")]
    Plan {
        /// What the plan was for.
        what: String,
        /// The engine's reason; it speaks of names and types only.
        why: String,
    },
    /// The engine ran out of the memory it was given.
    #[error("{what} needs more memory than `--memory` allows; give more, or fewer `--threads`")]
    Memory {
        /// What was running.
        what: String,
    },
    /// A plan failed while it ran.
    #[error(
        "{what} failed in the query engine (code {code}); run `counted verify` on the study, and report it with this code"
    )]
    Failed {
        /// What was running.
        what: String,
        /// A code that stands for the kind of failure.
        code: &'static str,
    },
}

impl EngineError {
    /// A failure before any data is read: the text speaks of names and types and is kept.
    pub(crate) fn planning(what: &str, error: &DataFusionError) -> Self {
        Self::Plan {
            what: what.to_owned(),
            why: error.strip_backtrace(),
        }
    }

    /// A failure while data is read: the engine's text may quote cells and is dropped.
    pub(crate) fn running(what: &str, error: &DataFusionError) -> Self {
        let what = what.to_owned();
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => Self::Memory { what },
            DataFusionError::ArrowError(..) => Self::Failed {
                what,
                code: "E-ARROW",
            },
            DataFusionError::ParquetError(_) => Self::Failed {
                what,
                code: "E-PARQUET",
            },
            DataFusionError::ObjectStore(_) | DataFusionError::IoError(_) => {
                Self::Failed { what, code: "E-FILE" }
            }
            DataFusionError::Execution(_) => Self::Failed { what, code: "E-RUN" },
            _ => Self::Failed {
                what,
                code: "E-ENGINE",
            },
        }
    }

    pub(crate) fn parquet(path: &Path, _error: &ParquetError) -> Self {
        Self::NotParquet(path.to_owned())
    }

    /// True when the call, not the data, is at fault.
    pub fn is_plan(&self) -> bool {
        matches!(self, Self::Plan { .. })
    }
}
