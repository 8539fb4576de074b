//! How far people are split before their lists are compared: as far as every part holds enough of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::EstimateError;
use crate::lists::History;

use super::fit::Fitter;
use super::{Key, Set, Table};

/// What people are split by, in this order.
const BY: [fn(&Key) -> u32; 4] = [
    |key| u32::from(key.nation),
    |key| u32::from(key.block),
    |key| key.kind as u32,
    |key| u32::from(key.age),
];

/// The sets of people with the same lists, each with its keys.
///
/// Parts with too few people are joined, and if they are still too few together they join the smallest part that has
/// enough. Where a part's lists say nothing, the whole it came from is compared instead.
pub(super) fn fitted(
    tables: &BTreeMap<Key, Table>,
    lists: History,
    keys: &[Key],
    fitter: &Fitter,
) -> Result<Vec<(Vec<Key>, Set)>, EstimateError> {
    if fitter.people(&pooled(tables, keys)) < fitter.least {
        return Ok(vec![(keys.to_vec(), borrowed(tables, lists, keys, fitter)?)]);
    }
    split(tables, lists, keys, fitter, 0)
}

fn split(
    tables: &BTreeMap<Key, Table>,
    lists: History,
    keys: &[Key],
    fitter: &Fitter,
    depth: usize,
) -> Result<Vec<(Vec<Key>, Set)>, EstimateError> {
    let Some(by) = BY.get(depth) else {
        let set = fitter.fit(lists, &pooled(tables, keys), None)?;
        return Ok(vec![(keys.to_vec(), set)]);
    };
    let parts = parts(tables, keys, *by, fitter);
    let fitted: Vec<_> = parts
        .par_iter()
        .map(|part| split(tables, lists, part, fitter, depth + 1))
        .collect();
    let mut found = Vec::new();
    for (part, fitted) in parts.iter().zip(fitted) {
        match fitted {
            Ok(sets) => found.extend(sets),
            // Here the whole is what the part is of.
            Err(_) if part.len() < keys.len() => {
                let set = fitter.fit(lists, &pooled(tables, keys), None)?;
                return Ok(vec![(keys.to_vec(), set)]);
            }
            Err(reason) => return Err(reason),
        }
    }
    Ok(found)
}

/// Parts that each hold enough people.
fn parts(tables: &BTreeMap<Key, Table>, keys: &[Key], by: fn(&Key) -> u32, fitter: &Fitter) -> Vec<Vec<Key>> {
    let mut groups: BTreeMap<u32, Vec<Key>> = BTreeMap::new();
    for key in keys {
        groups.entry(by(key)).or_default().push(*key);
    }
    let people = |keys: &[Key]| fitter.people(&pooled(tables, keys));
    let (mut large, mut small) = (Vec::new(), Vec::new());
    for group in groups.into_values() {
        if people(&group) >= fitter.least {
            large.push(group);
        } else {
            small.extend(group);
        }
    }
    if small.is_empty() {
        return large;
    }
    if people(&small) < fitter.least
        && let Some(smallest) = large
            .iter_mut()
            .min_by(|one, other| people(one).total_cmp(&people(other)))
    {
        smallest.extend(small);
        return large;
    }
    large.push(small);
    large
}

/// All people of some keys.
fn pooled(tables: &BTreeMap<Key, Table>, keys: &[Key]) -> Table {
    let mut sum = Table::default();
    for table in keys.iter().filter_map(|key| tables.get(key)) {
        for (at, people) in &table.ready {
            *sum.ready.entry(*at).or_default() += people;
        }
        for (at, people) in &table.all {
            *sum.all.entry(*at).or_default() += people;
        }
    }
    sum
}

/// Few people with these lists: everybody who has them among others is read with the others left out.
fn borrowed(
    tables: &BTreeMap<Key, Table>,
    lists: History,
    keys: &[Key],
    fitter: &Fitter,
) -> Result<Set, EstimateError> {
    let own = pooled(tables, keys);
    let with_more: Vec<Key> = tables
        .keys()
        .filter(|key| key.lists & lists == lists)
        .copied()
        .collect();
    let mut wider = Table::default();
    for ((pattern, class), people) in pooled(tables, &with_more).ready {
        *wider.ready.entry((pattern & lists, class)).or_default() += people;
    }
    fitter.fit(lists, &own, Some(&wider))
}
