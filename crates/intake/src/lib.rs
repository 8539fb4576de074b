//! Reads every layout into the canonical tables; says what is wrong, where, and what to do.
//!
//! For whom: `study` runs it over the sources of a study, `counted check` over single files before
//! they are sent. A reader turns one file into one Parquet part of `identities` and one of
//! `records/KIND`, in row order, and into problems, set-aside rows and coverage.
//!
//! Invariants:
//! - every record of every file is in identities exactly once, or set aside with one counted reason, or, where not
//!   everything is asked for, counted as passed over;
//! - the same files give the same bytes, whatever the number of threads;
//! - no message holds the value of an identity cell;
//! - memory is bounded by limits, not by the size of a file or of a cell.
//!
//! Standards followed: `docs/src/layouts-in.md`; RFC 4180; the layouts of the crate `layouts`.

mod check;
mod cosd;
mod error;
mod kept;
mod limits;
mod outcome;
mod people;
mod problem;
mod report;
mod rows;
mod rules;
mod run;
mod sheet;
mod side_by_side;
mod tables;

pub use check::{
    CheckOptions, CheckReport, CheckedFile, FileToCheck, Tally, check, check_files, kind_of, said_kind,
};
pub use error::{Cause, IntakeError};
pub use limits::Limits;
pub use outcome::{
    CosdInput, CosdOutcome, Coverage, FileFacts, FileOutcome, Reason, SetAside, Span, identities_part,
    records_part,
};
pub use problem::{LISTED, Line, Problem, Problems, Severity};
pub use report::{FileReport, Report, SourceReport, Warning};
pub use rows::{ColumnChoices, Narrowing};
pub use rules::{ROW_RULES, Rule};
pub use run::{Progress, Request, SourceSpec, run};
pub use sheet::{Row, Sheet};
