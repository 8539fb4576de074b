//! A study: a folder with a `study.toml`, its run in stages, and what comes out.
//!
//! [`run`] puts the stages in order: intake, linkage, casefind, count, audit, then protect and publish.
//! A stage whose inputs have not changed is not run again. The new output replaces the former at
//! once when it is complete; until then the former stays whole.
//!
//! Invariants: people in = people out + people set aside with a counted reason, checked in every
//! run; `run.json` is the same, byte for byte, for the same inputs, settings and version.

mod accounts;
mod as_parquet;
mod beside;
mod care;
mod charts;
mod check;
mod checks;
mod config;
mod covered;
mod decisions;
mod durable;
mod error;
mod find;
mod followed;
mod hashes;
mod ledger;
mod lock;
mod manifest;
mod matched;
mod methods;
mod named;
mod open;
mod people;
mod pipeline;
mod public;
mod refused;
mod release;
mod responses;
mod revisions;
mod run;
mod staffing;
mod stages;
mod survey;
mod swap;

pub use check::{ToCheck, to_check};
pub use config::{Config, Source};
pub use decisions::{Decisions, FILE as DECISIONS};
pub use error::StudyError;
pub use find::{Found, Look, ToFind, find};
pub use ledger::{
    Earlier, approved_in_out, kept_are_those_released, keys as ledger_keys, ledger, released_before,
};
pub use manifest::file_hashes;
pub use matched::Matched;
pub use open::{OF_LISTS, OF_THE_PROGRAM, Study};
pub use protect::ledger::{PublicEntry, TrustedKeys};
pub use public::{SiteFault, demonstration_keys, site_hash, verified_site};
pub use publish::{Asked, Question};
pub use release::{public_facts, public_words};
pub use run::{Event, Options, Outcome, run};
