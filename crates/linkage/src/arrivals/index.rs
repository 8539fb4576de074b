//! Finds the identities that share a value, for a few values out of very many: counted into buckets, not sorted.

use crate::cascade::{Identity, Shares, value};

/// All that steps look for.
pub(crate) const SHARES: [Shares; 7] = [
    Shares::Key,
    Shares::Number,
    Shares::LocalId,
    Shares::BirthDatePostcode,
    Shares::BirthDateOrganisation,
    Shares::NameBirthDate,
    Shares::NamePostcode,
];

/// Identities by their values as they stand in the records, nothing blank.
pub(crate) struct Index<'a> {
    rows: &'a [Identity],
    buckets: Vec<Buckets>,
}

struct Buckets {
    /// Where each bucket ends.
    ends: Vec<u32>,
    places: Vec<u32>,
    shift: u32,
}

impl<'a> Index<'a> {
    pub(crate) fn new(rows: &'a [Identity]) -> Self {
        let buckets = SHARES.iter().map(|shares| Buckets::new(rows, *shares)).collect();
        Self { rows, buckets }
    }

    /// The identities that have a value, in order of their places.
    pub(crate) fn members(&self, shares: Shares, wanted: u64) -> impl Iterator<Item = u32> + '_ {
        let at = SHARES.iter().position(|other| *other == shares);
        let places = at.map_or(&[][..], |at| self.buckets[at].of(wanted));
        places
            .iter()
            .copied()
            .filter(move |place| value(&self.rows[*place as usize], shares) == Some(wanted))
    }
}

impl Buckets {
    fn new(rows: &[Identity], shares: Shares) -> Self {
        let count = (rows.len() / 2).next_power_of_two().max(2);
        let shift = 64 - count.trailing_zeros();
        const NONE: u32 = u32::MAX;
        let mut ends = vec![0u32; count];
        let bucket_of: Vec<u32> = rows
            .iter()
            .map(|row| {
                let Some(value) = value(row, shares) else {
                    return NONE;
                };
                let bucket = bucket(value, shift);
                ends[bucket] += 1;
                bucket as u32
            })
            .collect();
        let mut start = 0;
        for end in &mut ends {
            // For now it is the start of the bucket; filling moves it to the end.
            start += std::mem::replace(end, start);
        }
        let mut places = vec![0; start as usize];
        for (place, bucket) in bucket_of
            .iter()
            .enumerate()
            .filter(|(_, bucket)| **bucket != NONE)
        {
            let at = &mut ends[*bucket as usize];
            places[*at as usize] = place as u32;
            *at += 1;
        }
        Self { ends, places, shift }
    }

    fn of(&self, value: u64) -> &[u32] {
        let bucket = bucket(value, self.shift);
        let start = bucket.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[bucket] as usize]
    }
}

fn bucket(value: u64, shift: u32) -> usize {
    let mixed = (value ^ value >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> shift) as usize
}
