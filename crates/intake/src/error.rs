//! Why files cannot be taken in. Every message says where, what is wrong and what to do, and none
//! holds a cell of a person.

use std::io;

use engine::EngineError;
use thiserror::Error;

/// Who has to act on an error: decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The call or study.toml is wrong (exit code 2).
    Study,
    /// A source is missing, unreadable, refused, of unknown version, lacks a column or has no usable row (exit code 3).
    Source,
    /// Our own sums do not add up (exit code 4).
    Invariant,
    /// The machine failed us while reading or writing our own tables (exit code 2 where it gave too little memory, room or
    /// permission, else 70).
    Machine,
}

/// Why files cannot be taken in.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// A `[[source]]` matches no file, or a file is gone.
    #[error("{path}: no such file; check `path` under [[source]] kind = \"{kind}\" in study.toml")]
    Missing {
        /// The path as written.
        path: String,
        /// The kind of the source.
        kind: String,
    },
    /// A file cannot be read to its end.
    #[error("{path}: cannot be read whole: {what}; {fix}")]
    CannotRead {
        /// The file.
        path: String,
        /// What stopped us, with the row where known.
        what: String,
        /// What to do.
        fix: String,
    },
    /// A file goes beyond what we accept: a DTD, or a limit.
    #[error("{path}: refused: {what}; {fix}")]
    Refused {
        /// The file.
        path: String,
        /// What is refused.
        what: String,
        /// What to do.
        fix: String,
    },
    /// A file follows a version of its standard that we do not know.
    #[error("{path}: {version} is not a version we can read; {fix}")]
    UnknownVersion {
        /// The file.
        path: String,
        /// The version as it says.
        version: String,
        /// What to do.
        fix: String,
    },
    /// A file lacks a column without which it cannot be read.
    #[error("{path}: {what}")]
    LacksColumn {
        /// The file.
        path: String,
        /// Which column, and what to do.
        what: String,
    },
    /// A file has its column of dates, and none of them can be read.
    #[error(
        "{path}: no date in `{column}` can be read, so none of its {records} records is in any period; write dates as yyyy-mm-dd, or, if they stand in another column, write `{column} = \"that name\"` under [source.columns] in study.toml"
    )]
    Undated {
        /// The file.
        path: String,
        /// The national name of the column.
        column: &'static str,
        /// The records that are in use otherwise.
        records: u64,
    },
    /// A source has no row that can be used.
    #[error(
        "source {kind} ({path}): no usable row in {rows} rows ({reasons}); `counted check` lists what is wrong with it; mend it, or take the source out of study.toml"
    )]
    NoUsableRow {
        /// The kind of the source.
        kind: String,
        /// Its files.
        path: String,
        /// Rows read.
        rows: u64,
        /// How many were set aside, by reason.
        reasons: String,
    },
    /// The kind of a file cannot be told.
    #[error(
        "{path}: what kind of file this is cannot be told from {from}; say so with `--kind` (one of {kinds})"
    )]
    UnknownKind {
        /// The file.
        path: String,
        /// What was looked at.
        from: &'static str,
        /// The kinds we know.
        kinds: String,
    },
    /// A call says a kind that does not exist.
    #[error("--kind {kind}: no such kind; kinds are {kinds}")]
    NoSuchKind {
        /// The kind as said.
        kind: String,
        /// The kinds we know.
        kinds: String,
    },
    /// study.toml asks for something that does not exist.
    #[error("[[source]] kind = \"{kind}\": {what}")]
    Study {
        /// The kind of the source.
        kind: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// Rows in are not rows out: a fault of ours.
    #[error(
        "{path}: {rows} rows were read, but {in_identities} are in use and {set_aside} set aside; please report this"
    )]
    Unbalanced {
        /// The file.
        path: String,
        /// Rows read.
        rows: u64,
        /// Rows in identities.
        in_identities: u64,
        /// Rows set aside.
        set_aside: u64,
    },
    /// A table cannot be written or read back.
    #[error("{what}: {error}")]
    Table {
        /// Which table.
        what: String,
        /// The engine's word.
        error: EngineError,
    },
    /// A folder or file of the study's own cannot be made.
    #[error("{what}: {error}")]
    Folder {
        /// What was being done.
        what: String,
        /// The system's word; it names the path.
        error: io::Error,
    },
}

impl IntakeError {
    /// Who has to act.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            IntakeError::Missing { .. }
            | IntakeError::CannotRead { .. }
            | IntakeError::Refused { .. }
            | IntakeError::UnknownVersion { .. }
            | IntakeError::LacksColumn { .. }
            | IntakeError::Undated { .. }
            | IntakeError::NoUsableRow { .. }
            | IntakeError::UnknownKind { .. } => Cause::Source,
            IntakeError::NoSuchKind { .. } | IntakeError::Study { .. } => Cause::Study,
            IntakeError::Unbalanced { .. } => Cause::Invariant,
            IntakeError::Table { .. } | IntakeError::Folder { .. } => Cause::Machine,
        }
    }

    /// Whether `unreadable = "set-aside"` lets the run go on without the file.
    #[must_use]
    pub fn is_of_one_file(&self) -> bool {
        matches!(
            self,
            IntakeError::Missing { .. }
                | IntakeError::CannotRead { .. }
                | IntakeError::Refused { .. }
                | IntakeError::UnknownVersion { .. }
                | IntakeError::LacksColumn { .. }
                | IntakeError::Undated { .. }
        )
    }

    /// A file that a call names and that is not there, most likely mistyped.
    pub(crate) fn absent(path: &str) -> IntakeError {
        IntakeError::CannotRead {
            path: path.to_owned(),
            what: "there is no such file".to_owned(),
            fix: "check how its name is spelt".to_owned(),
        }
    }

    /// Whether nothing has that name; or nothing can have it, as none with `*` can on Windows.
    pub(crate) fn is_absent(error: &std::io::Error) -> bool {
        use std::io::ErrorKind::{InvalidFilename, NotFound};
        matches!(error.kind(), NotFound | InvalidFilename)
    }

    /// A table of ours that cannot be written.
    pub fn table(what: &str) -> impl FnOnce(EngineError) -> IntakeError + use<> {
        let what = format!("writing {what}");
        move |error| IntakeError::Table { what, error }
    }
}
