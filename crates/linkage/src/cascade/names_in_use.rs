//! Which full names are so common that name and birth date do not tell people apart.
//!
//! Of K people with one full name, a record with that name and a birth date finds a stranger with chance K / D,
//! where D is the number of birth dates in use, were all as frequent as each other. D comes from the data: it is
//! one over the chance that two people share a birth date.

use super::clusters::Clusters;
use super::identity::{Identities, Identity};

/// Dates in use and pairs of people that stand for what is assumed before the data are heard.
const ASSUMED_DATES: u128 = 20_000;
const ASSUMED_PAIRS: u128 = 5;

/// Marks the identities that carry a common full name.
pub(crate) fn mark_common(table: &mut Identities, clusters: &mut Clusters, chance_of_namesake: f64) {
    let births = per_value(table, clusters, |row| {
        if row.born.is_whole() {
            u64::from(row.born.0)
        } else {
            0
        }
    });
    let people: u128 = births.iter().map(|(_, count)| u128::from(*count)).sum();
    let pairs: u128 = births
        .iter()
        .map(|(_, count)| u128::from(*count) * u128::from(count - 1))
        .sum();
    let all_pairs = people * people.saturating_sub(1);
    let dates = (all_pairs + ASSUMED_DATES * ASSUMED_PAIRS) as f64 / (pairs + ASSUMED_PAIRS) as f64;
    let most = dates * chance_of_namesake;
    let names = per_value(table, clusters, full_name);
    let common: Vec<u64> = names
        .into_iter()
        .filter(|(_, count)| f64::from(*count) > most)
        .map(|(name, _)| name)
        .collect();
    for row in &mut table.rows {
        row.common_name = row.named() && common.binary_search(&full_name(row)).is_ok();
    }
}

fn full_name(row: &Identity) -> u64 {
    if row.named() {
        u64::from(row.family) << 32 | u64::from(row.given)
    } else {
        0
    }
}

/// Clusters per value, in order of the value; 0 is no value.
fn per_value(
    table: &Identities,
    clusters: &mut Clusters,
    value: impl Fn(&Identity) -> u64,
) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u32)> = Vec::new();
    for (place, row) in table.rows.iter().enumerate() {
        let value = value(row);
        if value != 0 {
            pairs.push((value, clusters.root(place as u32)));
        }
    }
    pairs.sort_unstable();
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
