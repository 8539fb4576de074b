//! Case-finding: who has secondary breast cancer, by a definition that is data.
//!
//! A [`Definition`] is a folder: rules with conditions in a closed subset of SQL, code lists,
//! switches and drawn examples. [`run`] checks every condition against the layouts, looks once
//! at each table of records, brings each person's facts together and judges them: tier, kind,
//! date with its uncertainty, organisation.
//!
//! Invariants: a condition is checked before any row is read; every case names the evidence it
//! rests on, by record id; nobody is a case without a known breast primary.

mod cases;
mod condition;
mod cover;
mod definition;
mod error;
mod explain;
mod export;
mod facts;
mod judge;
mod known;
mod lists;
mod marks;
#[cfg(test)]
mod oracle;
mod organisation;
mod run;
pub mod spec;
mod tables;
mod worklist;

pub use cases::person_id;
pub use cover::Cover;
pub use definition::{Definition, Rule, Strength, Switches};
pub use error::CasefindError;
pub use explain::{CaseAccount, EvidenceAccount, explain};
pub use export::{Dialect, sql};
pub use facts::{FormerRun, Needs, needs};
pub use known::case_people;
pub use marks::MARKS;
pub use run::{Report, Request, run};
pub use worklist::{
    NOTICE, OwnIdentity, OwnPerson, WorkItem, Worklist, WorklistRequest, own_people, worklist,
};
