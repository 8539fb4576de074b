//! What can go wrong when writing a nation, or reading its truth.

use std::io;

/// Why a nation was not written.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The plan makes no sense.
    #[error("the plan cannot be carried out: {what}")]
    Plan {
        /// What is wrong with it and what to do.
        what: &'static str,
    },
    /// More people than numbers that nobody has.
    #[error(
        "{people} people are more than the {numbers} NHS numbers that nobody has (999 for tests, and 80 to 98): ask for fewer primaries or admissions rows"
    )]
    TooManyPeople {
        /// People asked for.
        people: u64,
        /// Numbers there are.
        numbers: u64,
    },
    /// The folder holds something already.
    #[error("the folder {path} is not empty: choose another, or empty it first")]
    NotEmpty {
        /// The folder.
        path: String,
    },
    /// The disk said no; the message names the file.
    #[error("writing the simulated study: {0}")]
    Io(#[from] io::Error),
    /// The folder of the truth, or a file of it, cannot be opened; the message names the file.
    #[error("the truth cannot be read: {0}; a truth is a folder with people.csv and records.csv")]
    Unreadable(io::Error),
    /// The truth knows more records of a file than the run read.
    #[error(
        "records.csv names {known} records of {path}, and the run read {rows}: the truth is of another study, or the file was changed after it; name the truth that was written with these files"
    )]
    OtherFile {
        /// The file.
        path: String,
        /// Its records in the truth.
        known: u64,
        /// Its records in the run, those set aside included.
        rows: u64,
    },
    /// The truth is of files that the run did not read.
    #[error(
        "none of the {known} records of records.csv is of a file that the run read: the truth is of another study; name the one that was written with these files, with source and path as in study.toml"
    )]
    OtherStudy {
        /// Records of the truth.
        known: usize,
    },
    /// A row of a truth file is not as it must be.
    #[error("{file}, row {row}: {what}")]
    Truth {
        /// The file.
        file: String,
        /// Its row, from 1; 0 for the header.
        row: u64,
        /// What is wrong.
        what: &'static str,
    },
}
