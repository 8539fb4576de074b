//! From tables of records to facts about persons.
//!
//! One look at each table answers all rules on it ([`plan`]). Each record that meets one is a hit; its person is looked up
//! at once, by file and row. Hits go into a spool on disk ([`spool`]), so that memory does not grow with them; of each
//! person only a few bits stay at hand ([`people`]): evidence or not, a breast primary or not. Only who has both can be a
//! case, and only their hits are read back, in ranges of persons that fit the memory, and put in order ([`by_person`]).
//! What a run found in a file stands for the next run where the file is as it was ([`kept`]).
//!
//! Invariant: what is handed out does not depend on threads, on memory, or on how a table lies in files.

use vocabulary::date::Date;

use crate::definition::Rule;
use crate::tables::kind;

mod by_person;
mod ends;
mod gather;
mod kept;
mod look;
mod needs;
mod people;
mod plan;
mod spool;

pub(crate) use ends::{Ends, ends_said};
pub(crate) use gather::{Gathered, Gathering, gather};
pub use kept::FormerRun;
pub(crate) use kept::{Former, folder, keep, new_files};
pub use needs::{Needs, needs};
pub(crate) use people::Persons;
pub(crate) use plan::{Looks, checked, open, plan, present};

/// One record that meets one rule, of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub rule: usize,
    pub date: Option<Date>,
    pub created: Option<Date>,
    pub organisation: Option<String>,
    pub sites: Option<String>,
    pub said: Option<String>,
    pub file: i64,
    pub row: i64,
    pub record: Option<String>,
}

/// The kind of source of a rule.
pub(crate) fn source_of(rule: &Rule) -> &str {
    kind(&rule.source)
}
