//! Identities that share a value, side by side: the only pairs that a step looks at.

use rayon::prelude::*;

use super::identity::Identity;
use super::intern::{NO_WORD, Words, mix};
use super::step::Shares;

/// Groups of identities that share the values of a step, each group in order of the identities.
pub(crate) struct Block {
    order: Vec<u32>,
    ends: Vec<u32>,
}

impl Block {
    /// Groups all identities that have the values. Those that share them with nobody, and have one record only,
    /// are left out: there is nothing to join.
    pub(crate) fn new(rows: &[Identity], records: &[u32], shares: Shares) -> Self {
        let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            if let Some(value) = value(row, shares) {
                keyed.push((value, place as u32));
            }
        }
        // No two are the same, so that their order does not depend on who sorts.
        keyed.par_sort_unstable();
        let mut block = Self {
            order: Vec::new(),
            ends: Vec::new(),
        };
        let mut rest = keyed.as_slice();
        while let Some((value, place)) = rest.first() {
            let length = rest.iter().take_while(|(other, _)| other == value).count();
            if length > 1 || records[*place as usize] > 1 {
                block.order.extend(rest[..length].iter().map(|(_, place)| *place));
                block.ends.push(block.order.len() as u32);
            }
            rest = &rest[length..];
        }
        block
    }

    /// The groups, in order of their value.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.order[*start as usize..*end as usize])
    }
}

/// An integer that depends on the shared value alone (on a part of it, so that it costs little), not on which record
/// said it first.
pub(crate) fn draw(row: &Identity, shares: Shares, words: &Words) -> u64 {
    match shares {
        Shares::Decision | Shares::Key => words.mark(row.key),
        Shares::Number => mix(0, row.number),
        Shares::LocalId => words.mark(row.local),
        Shares::NamePostcode => words.mark(row.postcode),
        Shares::BirthDatePostcode
        | Shares::BirthDateOrganisation
        | Shares::NamedBirthDateOrganisation
        | Shares::NameBirthDate
        | Shares::NameBirthDateOrganisation => mix(0, u64::from(row.born.0)),
    }
}

/// The shared value as one integer. More than two words are mixed into one; steps compare the words themselves again.
pub(crate) fn value(row: &Identity, shares: Shares) -> Option<u64> {
    let pair = |a: u32, b: u32| (a != NO_WORD && b != NO_WORD).then(|| u64::from(a) << 32 | u64::from(b));
    let born = if row.born.is_whole() { row.born.0 } else { NO_WORD };
    let name_and = |other: u64| Some(mix(mix(0, pair(row.family, row.given)?), other));
    let with = |other: u32| (other != NO_WORD).then_some(u64::from(other)).and_then(name_and);
    match shares {
        Shares::Decision => (row.decided != 0).then_some(u64::from(row.decided)),
        Shares::Key => (row.key != NO_WORD).then_some(u64::from(row.key)),
        Shares::Number => (row.number != 0).then_some(row.number),
        Shares::LocalId => pair(row.organisation, row.local),
        Shares::BirthDatePostcode => pair(born, row.postcode),
        Shares::BirthDateOrganisation => pair(born, row.organisation),
        Shares::NamedBirthDateOrganisation => pair(born, row.organisation).filter(|_| row.named()),
        Shares::NameBirthDate => with(born),
        Shares::NameBirthDateOrganisation => pair(born, row.organisation).and_then(name_and),
        Shares::NamePostcode => with(row.postcode),
    }
}
