//! Expected errors of the stated people, by any groups of records.
//!
//! `false links = sum of (1 - p) over accepted links`; `missed links = sum of p over pairs left apart + allowance`.
//! Each link counts half for the group of each of its records, so that groups add up to the whole. The allowance is
//! spread evenly over the people among whom its pairs may lie, and over their records.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::weigh::field::Kind;
use crate::weigh::table::Table;

use super::Uncertain;

/// Records in groups: by organisation, source, age band, sex, deprivation fifth, ethnicity, order of names.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// What the records are grouped by.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// By record, its group as a place in `groups`.
    pub of: Vec<u32>,
}

/// What is expected of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpectedRow {
    /// What the records are grouped by.
    pub grouping: String,
    /// The group.
    pub group: String,
    /// Its records.
    pub records: u64,
    /// Uncertain links that were accepted.
    pub accepted: f64,
    /// Of these, links expected to be false.
    pub false_links: f64,
    /// Pairs that were left apart although they may be one person's.
    pub left_apart: f64,
    /// True links expected to be missed: among these, and among pairs that nobody met.
    pub missed_links: f64,
}

/// Expected false and missed links by group.
#[must_use]
pub fn expected(of: &Uncertain, groupings: &[Grouping]) -> Vec<ExpectedRow> {
    groupings.iter().flat_map(|grouping| rows(of, grouping)).collect()
}

fn rows(of: &Uncertain, grouping: &Grouping) -> Vec<ExpectedRow> {
    let mut rows: Vec<ExpectedRow> = grouping
        .groups
        .iter()
        .map(|group| ExpectedRow {
            grouping: grouping.name.clone(),
            group: group.clone(),
            records: 0,
            accepted: 0.0,
            false_links: 0.0,
            left_apart: 0.0,
            missed_links: 0.0,
        })
        .collect();
    for link in &of.links {
        for record in link.records {
            let Some(row) = row(&mut rows, grouping, record) else {
                continue;
            };
            if link.accepted {
                row.accepted += 0.5;
                row.false_links += 0.5 * (1.0 - link.probability);
            } else {
                row.left_apart += 0.5;
                row.missed_links += 0.5 * link.probability;
            }
        }
    }
    let allowance = &of.allowance;
    let mut records_of: FxHashMap<u32, u32> = FxHashMap::default();
    of.person
        .iter()
        .for_each(|person| *records_of.entry(*person).or_default() += 1);
    let may: FxHashMap<u32, f64> = allowance
        .who
        .iter()
        .map(|who| {
            let share = allowance.expected / allowance.who.len() as f64;
            (
                who.person,
                share / f64::from(records_of.get(&who.person).copied().unwrap_or(1)),
            )
        })
        .collect();
    for (record, person) in of.person.iter().enumerate() {
        if let Some(row) = row(&mut rows, grouping, record as u32) {
            row.records += 1;
            row.missed_links += may.get(person).copied().unwrap_or_default();
        }
    }
    rows
}

fn row<'a>(rows: &'a mut [ExpectedRow], grouping: &Grouping, record: u32) -> Option<&'a mut ExpectedRow> {
    rows.get_mut(*grouping.of.get(record as usize)? as usize)
}

/// A word is known as a family name when so many records have it there, and at least this many times as many as have
/// it as a given name.
pub(crate) const KNOWN: u32 = 5;
pub(crate) const OFTEN: u32 = 2;

/// Groups by the order of names: linkage that errs more for names of another order than the form's errs against people.
#[must_use]
pub fn name_order(table: &Table) -> Grouping {
    let groups = [
        "as the form has it",
        "the given name is known as a family name",
        "names in each other's place",
    ];
    let names = table.first(Kind::GivenName).zip(table.first(Kind::FamilyName));
    let of = names.map_or_else(
        || vec![0; table.records()],
        |(given, family)| {
            let (as_given, as_family) = (table.frequencies(given), table.frequencies(family));
            let is_family = |word: u32| {
                let often = as_family.count(word);
                often >= KNOWN && often >= OFTEN * as_given.count(word)
            };
            let is_given = |word: u32| {
                let often = as_given.count(word);
                often >= KNOWN && often >= OFTEN * as_family.count(word)
            };
            let group = |record: u32| {
                let (first, second) = (table.value(given, record), table.value(family, record));
                match (is_family(first), is_given(second)) {
                    (true, true) => 2,
                    (true, false) => 1,
                    _ => 0,
                }
            };
            (0..table.records() as u32).map(group).collect()
        },
    );
    Grouping {
        name: "order of names".to_owned(),
        groups: groups.map(str::to_owned).to_vec(),
        of,
    }
}
