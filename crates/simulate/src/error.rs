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
