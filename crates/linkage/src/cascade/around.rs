//! The groups that some identities are in: found in one pass over everybody.

use std::sync::Arc;

use rayon::prelude::*;

use super::block::value;
use super::identity::Identity;
use super::intern::mix;
use super::step::Shares;
use crate::bits::Bits;
use crate::threads::in_parts;

/// All that steps look for, but for decisions, which no new record is in.
pub(crate) const SHARES: [Shares; 9] = [
    Shares::Key,
    Shares::Number,
    Shares::LocalId,
    Shares::BirthDatePostcode,
    Shares::BirthDateOrganisation,
    Shares::NamedBirthDateOrganisation,
    Shares::NameBirthDate,
    Shares::NameBirthDateOrganisation,
    Shares::NamePostcode,
];

/// An identity with the value that it shares.
pub(crate) type Member = (u64, u32);

/// Groups by value, as values stand in the records, nothing blank.
pub(crate) struct Around {
    members: Vec<Arc<[Member]>>,
}

impl Around {
    /// The groups with one of `places`, with everybody who is in them.
    pub(crate) fn new(rows: &[Identity], places: &[u32], threads: usize) -> Self {
        Self {
            members: find(rows, places, &SHARES, threads),
        }
    }

    /// The same groups, but of one kind those with one of `places`.
    pub(crate) fn with(&self, rows: &[Identity], places: &[u32], shares: Shares, threads: usize) -> Self {
        let mut members = self.members.clone();
        if let Some(at) = SHARES.iter().position(|other| *other == shares) {
            members.splice(at..=at, find(rows, places, &[shares], threads));
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

/// Rows that are gone through for all kinds of group before the next ones are: so many stay near at hand.
const NEAR: usize = 4_096;

/// Who shares values with one of `places`, by kind of group.
fn find(rows: &[Identity], places: &[u32], shares: &[Shares], threads: usize) -> Vec<Arc<[Member]>> {
    let wanted: Vec<Wanted> = shares
        .par_iter()
        .map(|shares| Wanted::of(rows, places, *shares))
        .collect();
    let parts = in_parts(threads, rows, |first, part| {
        let mut found: Vec<Vec<(u32, u32)>> = vec![Vec::new(); shares.len()];
        for (chunk, first) in part.chunks(NEAR).zip((first as u32..).step_by(NEAR)) {
            for (wanted, found) in wanted.iter().zip(&mut found) {
                let those = (first..).zip(chunk).filter_map(|(place, row)| {
                    let at = wanted.at(value(row, wanted.shares)?)?;
                    Some((at, place))
                });
                found.extend(those);
            }
        }
        found
    });
    let found = |of: usize| parts.iter().flat_map(move |part| part[of].iter().copied());
    let all = wanted.par_iter().enumerate();
    all.map(|(at, wanted)| wanted.in_order(&found(at).collect::<Vec<_>>()))
        .collect()
}

/// Values that are looked for.
struct Wanted {
    shares: Shares,
    values: Vec<u64>,
    /// A sieve lets few other values through, which are then looked up.
    sieve: Bits,
    holes: u64,
}

impl Wanted {
    fn of(rows: &[Identity], places: &[u32], shares: Shares) -> Self {
        let those = places
            .iter()
            .filter_map(|place| value(&rows[*place as usize], shares));
        let mut values: Vec<u64> = those.collect();
        values.sort_unstable();
        values.dedup();
        let holes = (values.len() * 16).next_power_of_two().max(64) as u64;
        let mut wanted = Self {
            shares,
            sieve: Bits::new(holes as usize),
            values: Vec::new(),
            holes,
        };
        for value in &values {
            wanted.sieve.put(wanted.hole(*value));
        }
        wanted.values = values;
        wanted
    }

    fn hole(&self, value: u64) -> u32 {
        (mix(0, value) & (self.holes - 1)) as u32
    }

    /// Which of the values this is.
    fn at(&self, value: u64) -> Option<u32> {
        let may_be = self.sieve.holds(self.hole(value));
        let at = may_be.then(|| self.values.binary_search(&value).ok())?;
        at.map(|at| at as u32)
    }

    /// Members in order of their values, each with which value it has; those of one value stay in the order they are in.
    fn in_order(&self, found: &[(u32, u32)]) -> Arc<[Member]> {
        let mut next = vec![0u32; self.values.len()];
        for (at, _) in found {
            next[*at as usize] += 1;
        }
        let mut start = 0;
        for count in &mut next {
            start += std::mem::replace(count, start);
        }
        let mut members = vec![(0, 0); found.len()];
        for (at, place) in found {
            let to = &mut next[*at as usize];
            members[*to as usize] = (self.values[*at as usize], *place);
            *to += 1;
        }
        members.into()
    }
}
