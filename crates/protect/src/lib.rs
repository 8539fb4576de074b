//! Disclosure control: the only maker of [`Release`], and a `Release` is the only thing that may be published.
//!
//! # What it is for
//! A count of few people can point at one of them. This crate takes the tables a run has made
//! ([`RawTable`]), applies a [`Policy`] (data, from `definitions/disclosure`), and gives back a
//! [`Release`] in which every number that could do so is hidden, and everything derived from it
//! (percentage, state, estimate, median) is worked out again from what is left.
//!
//! # The invariant
//! No number leaves this crate that was not rounded or hidden by the policy. The compiler keeps the
//! second half of the promise: `Release` has no public field and one maker, [`release()`].
//!
//! ```compile_fail,E0451
//! // A release cannot be made by hand, not even an empty one: its fields are private.
//! let forged = protect::Release { tables: Vec::new() };
//! ```
//!
//! ```compile_fail,E0599
//! // Nor can a made one be altered: nothing gives out a mutable table.
//! fn alter(release: &mut protect::Release) {
//!     release.tables_mut().clear();
//! }
//! ```
//!
//! ```compile_fail,E0277
//! // Nor can it come back from a file, which anyone could have edited.
//! let forged: protect::Release = serde_json::from_str("{}").unwrap();
//! ```
//!
//! One way leads back: an approved release is read again from its files where every byte has the hash that two people signed
//! in the [`ledger`], to say beside it what changed since.
//!
//! # Standard followed
//! The rule of Hospital Episode Statistics (NHS Digital, September 2018): 1 to 7 hidden, zero shown,
//! others to the nearest 5, percentages from rounded counts; made stricter as `hes.toml` says.
//!
//! # How it is kept
//! | module | what it does |
//! |---|---|
//! | `policy` | what is hidden and rounded, as data: `hes`, `suppress`, `threshold-10`, `midpoint-6`; other numbers at a level of places |
//! | `sums` | the sums, inclusions and successions that a reader can check in the tables |
//! | `secondary` | hides second numbers until the audit finds nothing, at little loss |
//! | `audit` | the range of each figure under everything published, and which figures prove it |
//! | [`attack`] | everything ever published, taken together: what leaks, by name and never by value |
//! | `guard` | suppression and attacker in turns, until the attacker finds nothing; else the release is refused |
//! | `derive`, `shares`, `state` | percentages, ranges, differences, medians, states: from what is shown only |
//! | [`ledger`] | what was released, signed by two people, with what a reader saw of it |
//!
//! # When it fails
//! The ranges are those of real numbers; whole-number tables of three and more dimensions can be narrower. Only the sums that
//! tables declare are known; a figure published elsewhere is known only if its [`attack::Publication`] is handed to
//! [`release_after`]. A file of pages or pictures is not read here.

pub mod attack;
mod audit;
mod cell;
mod columns;
mod derive;
mod descriptor;
mod error;
mod files;
mod guard;
pub mod ledger;
mod manifest;
mod policy;
mod raw;
mod release;
mod secondary;
mod shares;
mod state;
mod sums;
mod table;

pub use cell::{Figure, Number, State};
pub use columns::{
    about, care_at_least_columns, care_columns, care_link, care_of_all_columns, care_sums, care_yes_sums,
    checks_and_completeness_link, checks_columns, checks_sums, completeness_columns, counts_and_care_link,
    counts_and_completeness_link, counts_columns, counts_sums, only_at_death_link,
};
pub use error::ProtectError;
pub use files::{WrittenFile, csv_text, released_files, risky, write_release};
pub use manifest::{PublicFact, PublicManifest, PublicSection};
pub use policy::{Policy, Rounding, Secondary};
pub use raw::{
    Bound, LinkRule, Place, RawColumn, RawFact, RawManifest, RawRelease, RawSection, RawTable, RawValue,
    Role, StateRule, SumRule,
};
pub use release::{Release, release, release_after};
pub use table::{ColumnKind, ReleasedColumn, ReleasedRow, ReleasedTable, ReleasedValue};

/// What every page, table and file of a simulated study says.
pub const SIMULATED_NOTICE: &str = "Invented people and hospitals";
/// What every page and file says until a release is approved.
pub const UNAPPROVED_NOTICE: &str = "Unapproved: not for publication";
