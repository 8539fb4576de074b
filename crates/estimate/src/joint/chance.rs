//! Where chance comes from: each cause of uncertainty has a seed of its own, and each draw a stream of it.
//!
//! So a cause can be held while the others are drawn afresh (that is how the width is split), and no draw knows how
//! many came before it (that is why the number of threads does not matter).

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::chance::chance_of;

/// A cause of uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Records joined wrongly, or not joined.
    Linkage,
    /// Evidence that is wrong.
    Definition,
    /// People whom the lists do not show.
    Unseen,
    /// Organisations that sent nothing.
    Silent,
    /// Years before the records.
    Before,
    /// Reports still to come.
    Delay,
    /// How long people live who were not followed.
    Survival,
}

impl Cause {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Linkage,
        Self::Definition,
        Self::Unseen,
        Self::Silent,
        Self::Before,
        Self::Delay,
        Self::Survival,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linkage => "linkage",
            Self::Definition => "definition",
            Self::Unseen => "unseen",
            Self::Silent => "silent_organisations",
            Self::Before => "years_before",
            Self::Delay => "delay",
            Self::Survival => "survival",
        }
    }
}

/// A seed for each cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seeds([u64; Cause::ALL.len()]);

impl Seeds {
    /// The seeds that belong to one.
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = chance_of(seed, 0);
        Self(std::array::from_fn(|_| chance.random()))
    }

    /// Given one by one, in the order of [`Cause::ALL`].
    pub(super) fn each(seeds: &[u64]) -> Self {
        Self(std::array::from_fn(|cause| {
            seeds.get(cause).copied().unwrap_or(0)
        }))
    }

    /// The seed of one cause.
    pub(super) fn seed(self, cause: Cause) -> u64 {
        self.0.get(cause as usize).copied().unwrap_or(0)
    }

    /// The chance of one cause in one draw.
    pub(super) fn chance(self, cause: Cause, draw: usize) -> ChaCha8Rng {
        chance_of(self.seed(cause), draw as u64)
    }

    /// The chance of one cause at one place in one draw.
    pub(super) fn chance_at(self, cause: Cause, place: usize, draw: usize) -> ChaCha8Rng {
        chance_of(self.seed(cause), ((place as u64 + 1) << 32) | draw as u64)
    }
}
