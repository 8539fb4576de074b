//! Uncertainty handed on: whole partitions of the records into people, drawn by chance.
//!
//! A linkage states one set of people. What it was unsure of (a link that holds a person together with a probability
//! below one; a pair of people that was left apart although it may be one; a true pair that no rule met) is drawn anew
//! for each partition. Every later figure is computed on each partition, and its spread is the part of its
//! uncertainty that comes from linkage: error both ways, splits as well as merges.
//!
//! A partition is whole: it is transitive, and no two records that may never be one person's are together. Of each
//! stated link, the share of partitions in which its ends are together is its probability:
//!
//! - exactly, where links form no ring and no contradiction lies among them: each link is drawn by itself;
//! - exactly, in small components (up to seven parts), wherever the stated probabilities can hold together at all (see
//!   `joint`);
//! - nearly, in larger components with rings: the surest link first, and a pair that others have brought together is
//!   together. Such a component has rather more true links than stated, and fewer where contradictions forbid them.
//!
//! The outcome depends on the seed and the number of the partition alone. Drawing costs what is uncertain, not what is
//! known: people without an uncertain link are not touched.

mod allowance;
mod components;
mod expected;
mod joint;
mod outcome;
mod sample;
mod sparse;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

use super::kernel::Pair;

pub use allowance::{Allowance, Who};
pub use expected::{ExpectedRow, Grouping, expected, name_order};
pub(crate) use expected::{KNOWN, OFTEN};
pub use sample::{Partition, draw};

use components::Component;

/// Links at or above this are taken as sure.
const SURE: f32 = 0.999_999;

/// What linkage stated, and was unsure of.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// By record, the first record of its person.
    pub person: Vec<u32>,
    /// Links within people. Those that are sure need not be here: whatever is not held by a link is sure. Of links in a
    /// ring the surest are kept that hold everything together.
    pub held: Vec<Pair>,
    /// Pairs of records of different people, with the probability that the two people are one. Of several between two
    /// people the surest is kept.
    pub between: Vec<Pair>,
    /// Records that may never be one person's.
    pub apart: Vec<(u32, u32)>,
    /// True pairs that nobody met.
    pub allowance: Allowance,
}

/// What linkage was unsure of, made ready for drawing.
pub struct Uncertain {
    /// By record, the first record of its person.
    person: Vec<u32>,
    /// Records that do not surely belong to their person's first record, with the part that they are of. A part is
    /// named by a record: that of the person for the part with its first record.
    part: FxHashMap<u32, u32>,
    links: Vec<Link>,
    components: Vec<Component>,
    /// By part, its component.
    component_of: FxHashMap<u32, u32>,
    /// By part, those that it may never be one person with.
    apart: FxHashMap<u32, Vec<u32>>,
    allowance: allowance::Classes,
}

/// An uncertain link.
#[derive(Debug, Clone, Copy)]
struct Link {
    /// The records that it was stated for.
    records: [u32; 2],
    /// The parts that they are of.
    parts: [u32; 2],
    probability: f64,
    /// True when it was accepted: its ends are one person's as stated.
    accepted: bool,
}

impl Uncertain {
    /// Makes ready what was stated.
    #[must_use]
    pub fn new(stated: Stated) -> Self {
        components::prepare(stated)
    }

    /// Uncertain links that were accepted, and that were not.
    #[must_use]
    pub fn links(&self) -> (usize, usize) {
        let accepted = self.links.iter().filter(|link| link.accepted).count();
        (accepted, self.links.len() - accepted)
    }

    /// The part that a record is of.
    fn part(&self, record: u32) -> u32 {
        let person = self.person[record as usize];
        self.part.get(&record).copied().unwrap_or(person)
    }

    /// The stated person of a part.
    fn stated(&self, part: u32) -> u32 {
        self.person[part as usize]
    }
}
