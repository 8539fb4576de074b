//! Records become people.
//!
//! For whom: every later figure. Linkage reads who each record is about (`identities`, from intake) and says which
//! records are one person's, by which rule, and how sure that is.
//!
//! How: a cascade of named steps, from the strongest (the same key, the same valid number and birth date) to the
//! weakest (a record without a name, the only person with its birth date, sex and postcode). Each step is counted
//! and reported. The manual, drawn as small tables that are also the tests, is `spec.md` beside this crate.
//!
//! Invariants:
//! - records in are links out, each exactly once;
//! - nothing is joined on blanks, default dates, invalid numbers, or values that more people share than one
//!   person, address or day can have;
//! - whether two clusters may be one person is asked of all their members: different valid numbers of a kind refuse
//!   (but under one key, where it is noted), and different numbers with different birth dates always refuse;
//! - the same input gives the same bytes; with the tables of the former run, people keep their ids, and an id is
//!   never given to somebody else;
//! - memory is in proportion to distinct identities and people, not to records.
//!
//! No identity value appears in an error or in a report. Of the tables written here `people` holds birth dates; and what is kept
//! for the next run (`words.bin`, `people.bin`) holds what is compared.

mod arrivals;
mod bits;
mod by_number;
mod cascade;
pub mod columns;
mod decisions;
#[cfg(test)]
mod drawn;
pub mod elsewhere;
mod error;
mod errors;
mod explain;
mod files;
mod finish;
mod fit;
mod former;
mod kept;
mod links;
mod numbering;
mod operations;
mod people;
mod read;
mod resent;
mod run;
mod said;
mod threads;
pub mod weigh;
mod whole;
mod write;

#[cfg(test)]
mod tests;

pub use by_number::{ByNumber, by_number};
pub use cascade::{ALONE, Options, Reason, SharedValues, StandsDown, Step, StepReport, Trial};
pub use decisions::{Decision, Verdict as Decided};
pub use error::LinkageError;
pub use errors::uncertain;
pub use explain::{Agreement, ExplainedField, ExplainedRecord, Explanation, Field, explain};
pub use fit::Fit;
pub use operations::{Kind as OperationKind, Moved, Operation, replay};
pub use run::{Report, Request, run};
