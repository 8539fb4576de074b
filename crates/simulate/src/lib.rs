//! A nation with a known truth, written in the real file layouts.
//!
//! For whom: everyone who builds or judges the chain. `counted demo` shows it, `counted evaluate` scores a run
//! against it, benches are fed by it.
//!
//! Invariants: the same plan gives the same bytes; every record that is written stands once in
//! `truth/records.csv`; no hospital, code or postcode area of a real body occurs; NHS numbers lie in the test
//! range 999 (a person table, which needs more than there are, takes numbers that nobody issues). What is simulated, and at what rate, is set down with its source in `rates` (epidemiology),
//! [`plan::Dirt`] (identities), `care` (what hospitals do), `care::standards` (the care people truly had, and what is
//! recorded of it), `care::statements` (what hospitals say), `staffing` (nurses) and `sources` (what reaches a file). None of it was tuned to a detector.
//!
//! Standards followed: layouts of COSD 8.1, 9.0.1 and 10.0.1 (DAPB1521), SACT v3, RTDS, HES APC, Cancer Waiting
//! Times, registry and death extracts as in `docs/src/layouts-in.md`; truth files as in
//! `docs/src/simulation-and-evaluation.md`.

mod care;
mod care_truth;
mod chance;
mod desk;
mod error;
pub mod evaluate;
mod geography;
mod identity;
mod life;
mod names;
mod person_table;
pub mod plan;
mod rates;
mod sources;
mod staffing;
mod study;
mod write;

pub use error::SimulateError;
pub use person_table::{Rates, Recipe, Written, person_table, person_table_files};
pub use plan::{Dirt, Plan};
pub use study::{Progress, Summary, simulate};
