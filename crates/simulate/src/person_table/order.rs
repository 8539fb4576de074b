//! Whose record stands in which row, without a list of rows: arithmetic instead of memory.
//!
//! Two steps lead from a row to a person. A shuffle takes the row to the position of a record in a table sorted
//! by person; a cohort takes that position to the person, and to which of the person's records it is. Both are
//! functions of the seed, so a table of any length can be written from the top in flat memory.

use crate::chance::Chance;

/// A shuffle of `0..len` that is computed, not stored: a Feistel network over the next power of four, walked on
/// from every position that lies beyond the end.
#[derive(Debug)]
pub(super) struct Shuffle {
    len: u64,
    half: u32,
    keys: [u64; 6],
}

impl Shuffle {
    pub(super) fn new(len: u64, chance: &mut Chance) -> Shuffle {
        let bits = u64::BITS - len.saturating_sub(1).leading_zeros();
        Shuffle {
            len,
            half: bits.div_ceil(2).max(1),
            keys: std::array::from_fn(|_| chance.word()),
        }
    }

    /// Where a position of `0..len` goes.
    pub(super) fn at(&self, position: u64) -> u64 {
        // Every walk ends: the network is a permutation, and the position it began at lies inside.
        let mut at = self.step(position);
        while at >= self.len {
            at = self.step(at);
        }
        at
    }

    fn step(&self, position: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (position >> self.half, position & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (scatter(right ^ key) & mask));
        }
        (left << self.half) | right
    }
}

/// Spreads every bit of a word over all of it: multiply, fold the upper half down, twice. The factors are the first
/// odd 64 bits after the point of the golden ratio and of pi: nothing up a sleeve.
fn scatter(word: u64) -> u64 {
    let once = (word ^ (word >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let twice = (once ^ (once >> 29)).wrapping_mul(0x243F_6A88_85A3_08D3);
    twice ^ (twice >> 32)
}

/// Of a thousand people, how many have one, two, three and four records: 1,622 records and 933 pairs.
const COPIES: [u16; 4] = [629, 180, 131, 60];

/// The records of a thousand people in a row, the same for every thousand.
pub(super) struct Cohort {
    /// Person within the thousand, and which of the person's records this is.
    records: Vec<(u16, u8)>,
    people: u64,
}

impl Cohort {
    pub(super) fn new(chance: &mut Chance) -> Cohort {
        let mut copies: Vec<u8> = (1..)
            .zip(COPIES)
            .flat_map(|(records, people)| std::iter::repeat_n(records, usize::from(people)))
            .collect();
        for last in (1..copies.len()).rev() {
            copies.swap(last, chance.below(last + 1));
        }
        let records = (0..)
            .zip(&copies)
            .flat_map(|(person, copies)| (0..*copies).map(move |copy| (person, copy)))
            .collect();
        Cohort {
            records,
            people: copies.len() as u64,
        }
    }

    /// The person of the record in this position, and which of the person's records it is, from 0.
    pub(super) fn owner(&self, position: u64) -> (u64, u8) {
        let size = self.records.len() as u64;
        let (person, copy) = self.records[(position % size) as usize];
        (position / size * self.people + u64::from(person), copy)
    }

    /// How many people have records in a table of this length.
    pub(super) fn people(&self, records: u64) -> u64 {
        records.checked_sub(1).map_or(0, |last| self.owner(last).0 + 1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    fn chance(seed: u64) -> Chance {
        Chance::of(seed, Purpose::TableOrder, 0, 0)
    }

    #[test]
    fn a_shuffle_takes_every_position_once() {
        for len in [1, 2, 3, 5, 16, 17, 1_000, 4_097, 65_536] {
            let shuffle = Shuffle::new(len, &mut chance(len));
            let mut seen: Vec<u64> = (0..len).map(|n| shuffle.at(n)).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..len), "{len}");
        }
    }

    #[test]
    fn neighbours_are_torn_apart() {
        let len = 100_000;
        let shuffle = Shuffle::new(len, &mut chance(1));
        let far: u64 = (1..len).map(|n| shuffle.at(n).abs_diff(shuffle.at(n - 1))).sum();
        // Two places drawn at random lie a third of the table apart.
        let mean = far as f64 / len as f64;
        assert!((mean / len as f64 - 1.0 / 3.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn a_thousand_people_have_1622_records_and_933_pairs() {
        let cohort = Cohort::new(&mut chance(1));
        assert_eq!(cohort.records.len(), 1_622);
        let pairs: u32 = cohort.records.iter().map(|(_, copy)| u32::from(*copy)).sum();
        assert_eq!(pairs, 933);
        assert_eq!(cohort.people(1_622_000), 1_000_000);
        assert_eq!(cohort.people(1), 1);
        assert_eq!(cohort.owner(1_622), (1_000, 0));
    }
}
