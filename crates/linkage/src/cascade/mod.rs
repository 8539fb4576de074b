//! The kernel: a cascade of named steps over distinct identities. It knows no file and no engine.
//!
//! Invariants: the outcome depends on the identities and their order only, not on threads or on the order of
//! comparisons; no cluster holds members that contradict each other on number and birth date; no number of
//! one kind meets another of that kind except under one key.

mod apart;
mod around;
mod birth;
mod block;
mod clusters;
mod evidence;
mod facts;
mod given;
mod identity;
mod intern;
mod name;
mod names_in_use;
mod resolve;
mod run;
mod shared;
mod step;
mod trial;

#[cfg(test)]
pub(crate) mod tests;

use serde::Serialize;

pub(crate) use around::{Around, Member, SHARES};
pub(crate) use birth::{BirthAgreement, Born};
pub(crate) use block::value;
pub use facts::Reason;
pub(crate) use given::{Conflict, Given, Linked, Verdict};
pub(crate) use identity::{FEMALE, Identities, Identity, MALE, Number, kind, number, organisations, trusts};
pub(crate) use intern::mix;
pub(crate) use intern::{Keys, Texts, Word, Words};
pub(crate) use name::{family_may_be, given_may_be, lines_of, one_edit};
pub(crate) use names_in_use::{NamesInUse, full_name, mark};
pub(crate) use run::link;
pub use shared::SharedValues;
pub(crate) use shared::{Shared, born, key, local, postcode};
pub use step::{ALONE, Step};
pub(crate) use step::{Shares, Trust};
pub(crate) use trial::one_in;
pub use trial::{StandsDown, Trial};

/// The settings of the cascade. All are limits beyond which a value or a step is not believed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Options {
    /// A number seen with more birth dates than this is a placeholder.
    pub birth_dates_per_number: u32,
    /// A key seen with more birth dates than this is a placeholder.
    pub birth_dates_per_key: u32,
    /// A local number seen with more birth dates than this is a placeholder.
    pub birth_dates_per_local_number: u32,
    /// A postcode with more people than this is not an address.
    pub people_per_postcode: u32,
    /// A birth date with more people than this, and `people_per_birth_date_times_mean` times the mean date's people
    /// on top, is a default.
    pub people_per_birth_date: u32,
    /// See `people_per_birth_date`.
    pub people_per_birth_date_times_mean: u32,
    /// More clusters than this under the values of one step are not compared.
    pub people_per_group: u32,
    /// More identities than this under the values of one step are not compared; a number or key with more is a
    /// placeholder.
    pub group: u32,
    /// A full name counts as common when the chance that another of its bearers has the same birth date is above this.
    pub chance_of_namesake: f64,
    /// A step whose trial shows a larger share of wrong links than this stands down.
    pub wrong_share: f64,
    /// A step that must prove itself may not have a larger share of wrong links than this; with 1 it need not.
    pub wrong_share_unproven: f64,
    /// Trials look at about this many identities.
    pub trial_identities: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            birth_dates_per_number: 5,
            birth_dates_per_key: 5,
            birth_dates_per_local_number: 3,
            people_per_postcode: 250,
            people_per_birth_date: 12,
            people_per_birth_date_times_mean: 8,
            people_per_group: 24,
            group: 2_000,
            chance_of_namesake: 0.002,
            wrong_share: 0.005,
            wrong_share_unproven: 0.005,
            trial_identities: 1_000_000,
        }
    }
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// Its name in tables.
    pub name: &'static str,
    /// What it does, in words.
    pub words: &'static str,
    /// Identities that it was the first to join to others.
    pub identities: u64,
    /// Records of these identities.
    pub records: u64,
    /// People before the step; at the start every record is a person of its own.
    pub people_before: u64,
    /// People after the step.
    pub people_after: u64,
    /// Pairs of people that it would have joined and did not, and groups too large to compare.
    pub refused: u64,
    /// How it did on records whose answer is known.
    pub trial: Trial,
    /// Why it was not used, if it was not.
    pub stands_down: Option<StandsDown>,
    /// Share of right links handed on with each link, in ten-thousandths.
    pub right_in_10_000: u64,
}
