//! Sets of persons, and what is remembered of everybody who has any fact.

use std::collections::BTreeMap;

/// Persons of one block: few enough blocks in a continent that finding one costs next to nothing.
const BLOCK: i64 = 1 << 22;

/// A set of persons. Their numbers lie close together, so a person costs a bit; a far-off number costs a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Persons {
    /// Each as long as its last person asks for, in powers of two: a small study has no more than the beginning of one.
    blocks: BTreeMap<i64, Vec<u64>>,
}

fn place(person: i64) -> (i64, usize, u64) {
    let within = person.rem_euclid(BLOCK) as usize;
    (person.div_euclid(BLOCK), within / 64, 1 << (within % 64))
}

impl Persons {
    pub(crate) fn insert(&mut self, person: i64) {
        let (block, word, bit) = place(person);
        let words = self.blocks.entry(block).or_default();
        if words.len() <= word {
            words.resize((word + 1).next_power_of_two(), 0);
        }
        if let Some(word) = words.get_mut(word) {
            *word |= bit;
        }
    }

    pub(crate) fn contains(&self, person: i64) -> bool {
        let (block, word, bit) = place(person);
        let words = self.blocks.get(&block);
        words
            .and_then(|words| words.get(word))
            .is_some_and(|word| word & bit != 0)
    }

    pub(crate) fn count(&self) -> u64 {
        let words = self.blocks.values().flat_map(|words| words.iter());
        words.map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn join(&mut self, other: &Self) {
        for (block, words) in &other.blocks {
            let mine = self.blocks.entry(*block).or_default();
            if mine.len() < words.len() {
                mine.resize(words.len(), 0);
            }
            mine.iter_mut()
                .zip(words.iter())
                .for_each(|(mine, other)| *mine |= other);
        }
    }

    /// Those who are in both sets.
    pub(crate) fn both(&self, other: &Self) -> Self {
        let mut both = Self::default();
        for (block, words) in &self.blocks {
            if let Some(other) = other.blocks.get(block) {
                let shared = words.iter().zip(other).map(|(mine, other)| mine & other);
                both.blocks.insert(*block, shared.collect());
            }
        }
        both
    }
}

/// What is remembered of everybody with a fact. Two of these are merged by joining their sets, so that a part of the
/// records, or a new month, is looked at by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Everybody with a fact.
    pub any: Persons,
    /// With evidence of metastatic disease.
    pub evidence: Persons,
    /// With a breast primary.
    pub primary: Persons,
    /// Facts.
    pub facts: u64,
    /// Facts of records that belong to nobody: a fault of an earlier stage.
    pub lost: u64,
}

impl Summary {
    /// Hears of a fact; of nobody's, too.
    pub(super) fn hear(&mut self, person: Option<i64>, evidence: bool, primary: bool) {
        self.facts += 1;
        let Some(person) = person else {
            self.lost += 1;
            return;
        };
        self.any.insert(person);
        if evidence {
            self.evidence.insert(person);
        }
        if primary {
            self.primary.insert(person);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.any.join(&other.any);
        self.evidence.join(&other.evidence);
        self.primary.join(&other.primary);
        self.facts += other.facts;
        self.lost += other.lost;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn of(persons: &[i64]) -> Persons {
        let mut set = Persons::default();
        persons.iter().for_each(|person| set.insert(*person));
        set
    }

    proptest! {
        #[test]
        fn a_set_of_persons_is_a_set(
            a in prop::collection::vec(prop_oneof![0..90_000_i64, any::<i64>()], 0..60),
            b in prop::collection::vec(prop_oneof![0..90_000_i64, any::<i64>()], 0..60),
        ) {
            let (plain, other): (BTreeSet<i64>, BTreeSet<i64>) = (a.iter().copied().collect(), b.iter().copied().collect());
            let (set, with) = (of(&a), of(&b));
            prop_assert_eq!(set.count(), plain.len() as u64);
            for person in a.iter().chain(&b) {
                prop_assert_eq!(set.contains(*person), plain.contains(person));
                prop_assert_eq!(set.both(&with).contains(*person), plain.contains(person) && other.contains(person));
            }
            prop_assert_eq!(set.both(&with).count(), plain.intersection(&other).count() as u64);
            let mut joined = set.clone();
            joined.join(&with);
            prop_assert_eq!(joined.count(), plain.union(&other).count() as u64);
            // The same persons are the same set, in whatever order they came.
            let all: Vec<i64> = plain.union(&other).copied().collect();
            prop_assert_eq!(joined, of(&all));
        }
    }
}
