//! What can go wrong in linkage.

use engine::EngineError;

/// An error of linkage: where, what is wrong, what to do.
#[derive(Debug, thiserror::Error)]
pub enum LinkageError {
    /// Records went missing between reading and writing.
    #[error(
        "linkage lost records: {read} were read and {written} written; this is a fault of the program, please report it"
    )]
    Lost {
        /// Records read from `identities`.
        read: u64,
        /// Records written to `links`.
        written: u64,
    },
    /// The identities are not in order of file and row, each once.
    #[error("identities, file {file}, row {row}: out of order or twice; run intake again")]
    Order {
        /// The file's number.
        file: i64,
        /// The record's number in the file.
        row: i64,
    },
    /// A record without file or row, or of a file that is not listed.
    #[error(
        "identities, file {file}: not in `files`, or a record of it has no file, row or source; run intake again"
    )]
    File {
        /// The file's number.
        file: i64,
    },
    /// More identities or people than fit.
    #[error("more than 4 billion distinct identities or people; link the sources in parts")]
    TooMany,
    /// The former people cannot be read.
    #[error(
        "former people, row {row}: the person id is not P and digits; remove the former tables to number people anew"
    )]
    Former {
        /// The row of the former table, from 1.
        row: u64,
    },
    /// A decision about records cannot be followed.
    #[error("decision {line}: {what}")]
    Decision {
        /// The decision, from 1.
        line: u64,
        /// What is wrong and what to do.
        what: String,
    },
    /// What the former run kept cannot be used.
    #[error(
        "what the former run kept for this one is damaged; remove the former tables to number people anew"
    )]
    Kept,
    /// There is no such person.
    #[error("there is no person {person}; ids are in the tables `cases` and `persons`")]
    NoPerson {
        /// The id that was asked for.
        person: String,
    },
    /// A blocking rule cannot be used.
    #[error("blocking rule `{rule}`: {message}")]
    Rule {
        /// The rule as given.
        rule: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// A table with no columns to compare, or too many.
    #[error("{fields} columns to compare; 1 to {most} can be used: name the ones that matter in --settings")]
    Fields {
        /// Columns.
        fields: usize,
        /// Most that can be used.
        most: usize,
    },
    /// Training did not find what it looks for.
    #[error("training: {message}")]
    Training {
        /// Why it is refused, and what to do.
        message: String,
    },
    /// A model file cannot be used.
    #[error("the model cannot be used: {message}")]
    Model {
        /// What is wrong and what to do.
        message: String,
    },
    /// A batch of blocked records cannot be scored.
    #[error("a batch of records cannot be scored: {message}")]
    Batch {
        /// What is wrong and what to do.
        message: String,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The largest id ever given is not known any more.
    #[error("numbering.json of the former people is damaged; remove the former tables to number people anew")]
    Numbering,
    /// A line of JSON could not be made or read.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

impl LinkageError {
    /// True when the run's own invariant failed (exit code 4), not the call or the data.
    pub fn is_invariant(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Order { .. } | Self::File { .. })
    }
}
