//! The groups that some identities are in: found in one pass over everybody.

use std::rc::Rc;

use super::block::value;
use super::identity::Identity;
use super::intern::mix;
use super::step::Shares;
use crate::bits::Bits;

/// All that steps look for, but for decisions, which no new record is in.
pub(crate) const SHARES: [Shares; 7] = [
    Shares::Key,
    Shares::Number,
    Shares::LocalId,
    Shares::BirthDatePostcode,
    Shares::BirthDateOrganisation,
    Shares::NameBirthDate,
    Shares::NamePostcode,
];

/// An identity with the value that it shares.
pub(crate) type Member = (u64, u32);

/// Groups by value, as values stand in the records, nothing blank.
pub(crate) struct Around {
    members: Vec<Rc<[Member]>>,
}

impl Around {
    /// The groups with one of `places`, with everybody who is in them.
    pub(crate) fn new(rows: &[Identity], places: &[u32]) -> Self {
        let members = SHARES
            .iter()
            .map(|shares| of_shares(rows, places, *shares).into())
            .collect();
        Self { members }
    }

    /// The same groups, but of one kind those with one of `places`.
    pub(crate) fn with(&self, rows: &[Identity], places: &[u32], shares: Shares) -> Self {
        let mut members = self.members.clone();
        if let Some(at) = SHARES.iter().position(|other| *other == shares) {
            members[at] = of_shares(rows, places, shares).into();
        }
        Self { members }
    }

    /// All groups, each in order of its members' places.
    pub(crate) fn groups(&self, shares: Shares) -> impl Iterator<Item = &[Member]> {
        self.of(shares).chunk_by(|a, b| a.0 == b.0)
    }

    /// The members of a group, in order of their places.
    pub(crate) fn group(&self, shares: Shares, wanted: u64) -> &[Member] {
        let all = self.of(shares);
        let start = all.partition_point(|(value, _)| *value < wanted);
        let end = all.partition_point(|(value, _)| *value <= wanted);
        &all[start..end]
    }

    fn of(&self, shares: Shares) -> &[Member] {
        let at = SHARES.iter().position(|other| *other == shares);
        at.map_or(&[], |at| &self.members[at])
    }
}

fn of_shares(rows: &[Identity], places: &[u32], shares: Shares) -> Vec<Member> {
    let mut wanted: Vec<u64> = places
        .iter()
        .filter_map(|place| value(&rows[*place as usize], shares))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    // A sieve lets few others through, which are then looked up.
    let size = (wanted.len() * 16).next_power_of_two().max(64) as u64;
    let hole = |value: u64| (mix(0, value) & (size - 1)) as u32;
    let mut sieve = Bits::new(size as usize);
    for value in &wanted {
        sieve.put(hole(*value));
    }
    let mut members: Vec<Member> = (0..)
        .zip(rows)
        .filter_map(|(place, row)| Some((value(row, shares)?, place)))
        .filter(|(value, _)| sieve.holds(hole(*value)) && wanted.binary_search(value).is_ok())
        .collect();
    members.sort_unstable();
    members
}
