//! True pairs that nobody met: how many are expected, and among whom they may lie.
//!
//! Which pairs they are is not known, only that they are not few among people alike. A draw gives each to two people at
//! random who are compatible strangers: of one sex, born in one year or in neighbouring ones, and not kept apart.

use std::collections::BTreeMap;

/// What is known of a person in the allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The first record of the person.
    pub person: u32,
    /// Any code for the sex; people whose sex is not known share a code of their own.
    pub sex: u8,
    /// Year of birth; 0 where it is not known.
    pub year: u16,
}

/// An allowance for true pairs that no rule proposed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Allowance {
    /// How many pairs of people are expected to be one and were never compared.
    pub expected: f64,
    /// The people among whom they may lie: one of each pair at least.
    pub who: Vec<Who>,
    /// Further people whom they may be one with, but not one with another of these.
    pub also: Vec<Who>,
}

/// An allowance, ready for drawing.
pub(super) struct Classes {
    pub(super) expected: f64,
    pub(super) who: Vec<Who>,
    by_class: BTreeMap<(u8, u16), Vec<u32>>,
}

impl Allowance {
    pub(super) fn classes(self) -> Classes {
        let mut by_class: BTreeMap<(u8, u16), Vec<u32>> = BTreeMap::new();
        for who in self.who.iter().chain(&self.also) {
            by_class.entry((who.sex, who.year)).or_default().push(who.person);
        }
        Classes {
            expected: if !self.who.is_empty() && self.who.len() + self.also.len() > 1 {
                self.expected.max(0.0)
            } else {
                0.0
            },
            who: self.who,
            by_class,
        }
    }
}

impl Classes {
    /// How many people are alike enough, the person included.
    pub(super) fn alike(&self, who: Who) -> usize {
        self.around(who).map(<[u32]>::len).sum()
    }

    /// One of them by number.
    pub(super) fn pick(&self, who: Who, mut number: usize) -> Option<u32> {
        for class in self.around(who) {
            match class.get(number) {
                Some(person) => return Some(*person),
                None => number -= class.len(),
            }
        }
        None
    }

    fn around(&self, who: Who) -> impl Iterator<Item = &[u32]> {
        let years = match who.year {
            0 => 0..=0,
            year => (year - 1).max(1)..=year.saturating_add(1),
        };
        years.filter_map(move |year| self.by_class.get(&(who.sex, year)).map(Vec::as_slice))
    }
}
