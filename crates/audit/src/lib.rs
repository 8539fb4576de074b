//! Measures the care people get, says what is missing before it says anything else, and never ranks.
//!
//! For whom: `study` runs it after counting. It reads the cases, who sent what, and the records that speak of care;
//! it writes the tables `standards`, `indicators`, `variation`, `disparity`, `delays`, `first_line`,
//! `care_over_time` and `nurses`.
//!
//! Invariants:
//! - denominator + missing + excluded = population, and 0 ≤ numerator ≤ denominator, in every cell;
//! - the denominator holds only events whose answer is known; missing is never "no";
//! - the flag of a hospital and the limit that is drawn come from the same function;
//! - the same tables give the same bytes, on any number of threads.
//!
//! Standards followed: "Standards of care for people with secondary breast cancer" (eleven, in our own wording);
//! `docs/src/tables-out.md`; D. J. Spiegelhalter 2005 and 2012 for variation (see [`variation`]).

mod adjust;
mod answer;
mod cells;
pub mod definition;
mod delay;
mod error;
pub mod example;
pub mod first_line;
#[cfg(test)]
mod first_seen_tests;
pub mod meeting;
pub mod nurses;
pub mod outliers;
mod over_time;
mod packs;
mod people;
mod run;
#[cfg(test)]
mod run_tests;
pub mod variation;
mod write;

pub use cells::{ALL, Cell};
pub use error::AuditError;
pub use run::{NotMeasured, Report, Request, Warning, run};
