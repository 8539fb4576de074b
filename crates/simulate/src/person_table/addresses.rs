//! Postcodes and numbers for millions of invented people, none of them in use.

use super::order::Shuffle;
use crate::chance::{Chance, Purpose};

/// First and second letters of areas; no area of the United Kingdom is made of one of each.
const FIRST: &[u8; 6] = b"FJOUYZ";
const SECOND: &[u8; 11] = b"ACDFHMNPRST";
/// Letters of the last two places of a postcode.
const INWARD: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";
/// Districts of an area, sectors of a district, postcodes that a sector can have.
const DISTRICTS: u64 = 20;
const SECTORS: u64 = 9;
const UNITS: u64 = 400;
/// One postcode for this many records: a quarter of a million for a million.
const RECORDS_A_POSTCODE: u64 = 4;

/// How many postcodes a table has; as many as there are, at most.
pub(super) fn postcodes(records: u64) -> u64 {
    let areas = (FIRST.len() * SECOND.len()) as u64;
    records
        .div_ceil(RECORDS_A_POSTCODE)
        .min(areas * DISTRICTS * SECTORS * UNITS)
}

/// The postcode of this position. Areas, then districts, then sectors fill evenly, so that a table of any length
/// has as many of each as it can.
pub(super) fn postcode(position: u64) -> String {
    let mut rest = position;
    let mut next = |of: u64| {
        let part = rest % of;
        rest /= of;
        part
    };
    let first = FIRST[next(FIRST.len() as u64) as usize];
    let second = SECOND[next(SECOND.len() as u64) as usize];
    let (district, sector) = (1 + next(DISTRICTS), 1 + next(SECTORS));
    // 157 has no divisor in common with 400: neighbours in the list do not look alike.
    let unit = (next(UNITS) * 157 + district * 31 + sector * 7) % UNITS;
    let (third, last) = (INWARD[(unit / 20) as usize], INWARD[(unit % 20) as usize]);
    let letter = char::from;
    format!(
        "{}{}{district} {sector}{}{}",
        letter(first),
        letter(second),
        letter(third),
        letter(last)
    )
}

/// Another postcode: half of those who move stay in their area.
pub(super) fn elsewhere(position: u64, postcodes: u64, chance: &mut Chance) -> u64 {
    let areas = (FIRST.len() * SECOND.len()) as u64;
    let any = chance.below(postcodes as usize) as u64;
    if chance.happens(0.5) {
        return any;
    }
    let near = any - any % areas + position % areas;
    if near < postcodes { near } else { any }
}

/// NHS numbers with a right check digit that nobody issues: 80 to 98 in front, six figures, and a ninth that
/// leaves a check digit.
#[derive(Debug)]
pub(crate) struct Numbers(Shuffle);

const LOWEST: u64 = 80_000_000;
const HOW_MANY: u64 = 19_000_000;

impl Numbers {
    pub(crate) fn new(seed: u64) -> Numbers {
        let mut chance = Chance::of(seed, Purpose::TableOrder, 0, 1);
        Numbers(Shuffle::new(HOW_MANY, &mut chance))
    }

    /// How many people can have one.
    pub(crate) const LEN: u64 = HOW_MANY;

    /// The number of a person; no two people have the same.
    pub(crate) fn at(&self, person: u64) -> String {
        let eight = LOWEST + self.0.at(person % HOW_MANY);
        (0..10)
            .map(|ninth| eight * 10 + (person + ninth) % 10)
            .find_map(|nine| vocabulary::number::check_digit(nine).map(|check| format!("{nine}{check}")))
            .unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vocabulary::number::PersonNumber;
    use vocabulary::postcode::Postcode;

    #[test]
    fn postcodes_are_well_formed_and_differ() {
        let all: BTreeSet<String> = (0..postcodes(400_000)).map(postcode).collect();
        assert_eq!(all.len(), 100_000);
        let read = |text: &str| Postcode::read(text).is_some_and(|p| p.reveal() == text);
        assert!(all.iter().all(|text| read(text)));
        let sectors: BTreeSet<String> = all.iter().map(|p| p[..p.len() - 2].to_owned()).collect();
        assert_eq!(sectors.len(), 66 * 20 * 9);
    }

    #[test]
    fn people_move_to_a_postcode_that_there_is() {
        let mut chance = Chance::of(1, Purpose::TablePerson, 1, 0);
        for postcodes in [1, 10, 70, 1_000] {
            assert!((0..200).all(|_| elsewhere(0, postcodes, &mut chance) < postcodes));
        }
    }

    #[test]
    fn numbers_are_valid_and_differ() {
        let numbers = Numbers::new(3);
        let all: BTreeSet<String> = (0..20_000).map(|n| numbers.at(n)).collect();
        assert_eq!(all.len(), 20_000);
        for text in &all {
            let number = PersonNumber::read(text, None).expect("a valid number");
            assert!(("80".."99").contains(&&text[..2]) && !number.is_test_range());
        }
    }
}
