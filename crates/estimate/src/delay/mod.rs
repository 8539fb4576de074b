//! Delay: what has not been reported yet.
//!
//! A person diagnosed in March may be reported in May or in the autumn. Until then March looks as if fewer people had
//! fallen ill. A [`Triangle`] holds what was reported, by the period of diagnosis and the delay; [`chain_ladder`] and
//! [`reverse_hazards`] read from older periods how much comes later; [`nowcast`] says how many there will be. All of
//! it rests on reporting that goes on as it did: [`reporting_change`] looks whether it does.
//! Where no record says when it was reported, [`Runs`] reads the same from what each run of a study knew.

mod chain_ladder;
mod change;
mod hazards;
mod nowcast;
mod runs;
mod triangle;

pub use chain_ladder::{ChainLadder, Completed, chain_ladder};
pub use change::{ReportingChange, reporting_change};
pub use hazards::{DelayHazard, ReverseHazards, reverse_hazards};
pub use nowcast::{Nowcast, nowcast};
pub use runs::{Growth, Runs, Snapshot};
pub use triangle::Triangle;

#[cfg(test)]
mod tests;
