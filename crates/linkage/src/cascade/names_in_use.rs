//! Which full names are so common that name and birth date do not tell people apart.
//!
//! Of K people with one full name, a record with that name and a birth date finds a stranger with chance K / D,
//! where D is the number of birth dates in use, were all as frequent as each other. D comes from the data: it is
//! one over the chance that two people share a birth date.

use rayon::prelude::*;

use super::identity::Identity;
use super::intern::mix;
use crate::bits::Bits;

/// Dates in use and pairs of people that stand for what is assumed before the data are heard.
const ASSUMED_DATES: u128 = 20_000;
const ASSUMED_PAIRS: u128 = 5;

/// How many people carry each full name and each birth date, in order of the value.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) struct NamesInUse {
    pub(crate) names: Vec<(u64, u32)>,
    pub(crate) births: Vec<(u64, u32)>,
}

impl NamesInUse {
    /// Counts clusters; `roots` says which identity belongs to which.
    pub(crate) fn count(rows: &[Identity], roots: &[u32]) -> Self {
        Self {
            names: per_value(rows, roots, full_name),
            births: per_value(rows, roots, birth),
        }
    }

    /// The full names that say little with a birth date, in order.
    pub(crate) fn common(&self, chance_of_namesake: f64) -> Vec<u64> {
        let people: u128 = self.births.iter().map(|(_, count)| u128::from(*count)).sum();
        let pairs: u128 = self
            .births
            .iter()
            .map(|(_, count)| u128::from(*count) * u128::from(count.saturating_sub(1)))
            .sum();
        let all_pairs = people * people.saturating_sub(1);
        let dates = (all_pairs + ASSUMED_DATES * ASSUMED_PAIRS) as f64 / (pairs + ASSUMED_PAIRS) as f64;
        let most = dates * chance_of_namesake;
        self.names
            .iter()
            .filter(|(_, count)| f64::from(*count) > most)
            .map(|(name, _)| *name)
            .collect()
    }

    /// With some people taken out and others in: those whose identities were linked anew.
    pub(crate) fn exchanged(&self, out: &Self, taken_in: &Self) -> Self {
        Self {
            names: exchanged(&self.names, &out.names, &taken_in.names),
            births: exchanged(&self.births, &out.births, &taken_in.births),
        }
    }
}

/// Holes of a sieve that few names fall through but common ones: so many stay near at hand.
const HOLES: usize = 1 << 16;

/// Marks the identities that carry a common full name.
pub(crate) fn mark(rows: &mut [Identity], common: &[u64]) {
    let hole = |name: u64| (mix(0, name) & (HOLES as u64 - 1)) as u32;
    let mut sieve = Bits::new(HOLES);
    for name in common {
        sieve.put(hole(*name));
    }
    let is_common = |name: u64| sieve.holds(hole(name)) && common.binary_search(&name).is_ok();
    for row in rows {
        row.common_name = row.named() && is_common(full_name(row));
    }
}

/// Family and given name as one integer; 0 where one is missing.
pub(crate) fn full_name(row: &Identity) -> u64 {
    if row.named() {
        u64::from(row.family) << 32 | u64::from(row.given)
    } else {
        0
    }
}

fn birth(row: &Identity) -> u64 {
    if row.born.is_whole() {
        u64::from(row.born.0)
    } else {
        0
    }
}

/// Clusters per value, in order of the value; 0 is no value.
fn per_value(rows: &[Identity], roots: &[u32], value: impl Fn(&Identity) -> u64) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u32)> = Vec::new();
    for (row, root) in rows.iter().zip(roots) {
        let value = value(row);
        if value != 0 {
            pairs.push((value, *root));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let mut counts: Vec<(u64, u32)> = Vec::new();
    for (value, _) in pairs {
        match counts.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => counts.push((value, 1)),
        }
    }
    counts
}

/// Counts less `out` and with `taken_in`, all in order of the value; what nobody carries is not listed.
fn exchanged(counts: &[(u64, u32)], out: &[(u64, u32)], taken_in: &[(u64, u32)]) -> Vec<(u64, u32)> {
    let mut change: Vec<(u64, i64)> = Vec::with_capacity(out.len() + taken_in.len());
    change.extend(out.iter().map(|&(value, count)| (value, -i64::from(count))));
    change.extend(taken_in.iter().map(|&(value, count)| (value, i64::from(count))));
    change.sort_unstable();
    let mut new = Vec::with_capacity(counts.len() + taken_in.len());
    let mut rest = counts;
    for group in change.chunk_by(|a, b| a.0 == b.0) {
        let value = group[0].0;
        let end = rest.partition_point(|(other, _)| *other < value);
        new.extend_from_slice(&rest[..end]);
        rest = &rest[end..];
        let mut count: i64 = group.iter().map(|(_, change)| change).sum();
        if let Some((_, before)) = rest.first().filter(|(other, _)| *other == value) {
            count += i64::from(*before);
            rest = &rest[1..];
        }
        if count > 0 {
            new.push((value, count as u32));
        }
    }
    new.extend_from_slice(rest);
    new
}

#[cfg(test)]
mod tests {
    use super::{exchanged, full_name, mark};
    use crate::cascade::Identity;

    #[test]
    fn who_carries_a_common_name_is_marked_and_nobody_else() {
        let row = |family, given| Identity {
            family,
            given,
            common_name: true,
            ..Identity::default()
        };
        let mut rows: Vec<Identity> = (0..300)
            .flat_map(|family| (0..300).map(move |given| row(family, given)))
            .collect();
        let common: Vec<u64> = [row(1, 2), row(7, 7), row(299, 1)]
            .iter()
            .map(full_name)
            .collect();
        mark(&mut rows, &common);
        let marked = rows.iter().filter(|row| row.common_name).map(full_name);
        assert_eq!(marked.collect::<Vec<_>>(), common);
        mark(&mut rows, &[]);
        assert!(rows.iter().all(|row| !row.common_name));
    }

    #[test]
    fn counts_change_by_what_goes_and_comes() {
        let counts = [(1, 2), (3, 1), (5, 4)];
        assert_eq!(
            exchanged(&counts, &[(1, 1), (3, 1)], &[(2, 1), (5, 2), (9, 1)]),
            [(1, 1), (2, 1), (5, 6), (9, 1)]
        );
        assert_eq!(exchanged(&counts, &[], &[]), counts);
    }
}
