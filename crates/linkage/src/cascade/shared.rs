//! Values that far too many people share, and are therefore nobody's: placeholders that passed every check.
//!
//! A dummy number, a default birth date that is on no list, a hospital's own postcode, a test patient's local
//! number. They are found by counting the people behind each value, and then treated as blank: such a value
//! neither joins nor contradicts.

use serde::Serialize;

use super::Options;
use super::identity::{Identities, Identity};
use super::intern::{NO_WORD, Word};

/// How many values of a kind were found to be shared by too many, and how many records carry them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SharedValues {
    /// What kind of value: `number`, `birth date`, `postcode`, `local number`, `key`.
    pub kind: &'static str,
    /// Distinct values.
    pub values: u64,
    /// Records that carry one of them.
    pub records: u64,
}

/// The values that are nobody's, each list in order, and how many people are behind each birth date and postcode.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) keys: Vec<u64>,
    pub(crate) numbers: Vec<u64>,
    pub(crate) locals: Vec<u64>,
    pub(crate) births: Vec<u64>,
    pub(crate) postcodes: Vec<u64>,
    pub(crate) per_birth: Vec<(u64, u32)>,
    pub(crate) per_postcode: Vec<(u64, u32)>,
}

impl Shared {
    /// Counts the people behind each value. A number that is nobody's stands for nobody when the people behind birth
    /// dates and postcodes are counted.
    pub(crate) fn find(table: &Identities, options: &Options) -> Self {
        let most = options.birth_dates_per_key;
        let keys = either(above(table, key, born, most), crowded(table, key, options.group));
        let numbers = either(
            above(table, |row| row.number, born, options.birth_dates_per_number),
            crowded(table, |row| row.number, options.group),
        );
        let locals = above(table, local, born, options.birth_dates_per_local_number);
        let mut shared = Self {
            keys,
            numbers,
            locals,
            ..Self::default()
        };
        shared.per_birth = counts(table, born, |row| shared.person(row));
        shared.per_postcode = counts(table, postcode, |row| shared.person(row));
        shared.judge(options);
        shared
    }

    /// Which birth dates and postcodes have too many people behind them.
    pub(crate) fn judge(&mut self, options: &Options) {
        let people: u64 = self.per_birth.iter().map(|(_, count)| u64::from(*count)).sum();
        let mean = people.div_ceil((self.per_birth.len() as u64).max(1));
        let most = u64::from(options.people_per_birth_date)
            + u64::from(options.people_per_birth_date_times_mean) * mean;
        self.births = beyond(&self.per_birth, most);
        self.postcodes = beyond(&self.per_postcode, u64::from(options.people_per_postcode));
    }

    /// The values that are nobody's: keys, numbers, local numbers, birth dates, postcodes.
    pub(crate) fn lists(&self) -> [&[u64]; 5] {
        [
            &self.keys,
            &self.numbers,
            &self.locals,
            &self.births,
            &self.postcodes,
        ]
    }

    /// True when every value is somebody's.
    pub(crate) fn is_empty(&self) -> bool {
        self.lists().iter().all(|list| list.is_empty())
    }

    /// Whose record it is, as far as its number or its name says.
    pub(crate) fn person(&self, row: &Identity) -> u64 {
        if row.number != 0 && self.numbers.binary_search(&row.number).is_err() {
            row.number
        } else {
            name(row)
        }
    }

    /// The values that are nobody's in one of the two.
    pub(crate) fn or(&self, other: &Self) -> Self {
        let both = |one: &[u64], other: &[u64]| either(one.to_vec(), other.to_vec());
        Self {
            keys: both(&self.keys, &other.keys),
            numbers: both(&self.numbers, &other.numbers),
            locals: both(&self.locals, &other.locals),
            births: both(&self.births, &other.births),
            postcodes: both(&self.postcodes, &other.postcodes),
            ..Self::default()
        }
    }

    /// Blanks the shared values of all rows, and counts them; only rows of which `may_have` says so can have one.
    pub(crate) fn blank(&self, table: &mut Identities, may_have: impl Fn(u32) -> bool) -> Vec<SharedValues> {
        let lists = [
            ("key", &self.keys),
            ("number", &self.numbers),
            ("local number", &self.locals),
            ("birth date", &self.births),
            ("postcode", &self.postcodes),
        ];
        let mut records = [0u64; 5];
        if lists.iter().any(|(_, list)| !list.is_empty()) {
            let all = (0..).zip(table.rows.iter_mut().zip(&table.records));
            for (_, (row, count)) in all.filter(|(place, _)| may_have(*place)) {
                for (blanked, records) in self.blank_row(row).into_iter().zip(&mut records) {
                    *records += if blanked { u64::from(*count) } else { 0 };
                }
            }
        }
        lists
            .into_iter()
            .zip(records)
            .filter(|((_, list), _)| !list.is_empty())
            .map(|((kind, list), records)| SharedValues {
                kind,
                values: list.len() as u64,
                records,
            })
            .collect()
    }

    /// Which of a row's values are nobody's.
    pub(crate) fn values_of(&self, row: &Identity) -> [bool; 5] {
        let holds = |list: &[u64], value: u64| !list.is_empty() && list.binary_search(&value).is_ok();
        [
            holds(&self.keys, key(row)),
            holds(&self.numbers, row.number),
            holds(&self.locals, local(row)),
            holds(&self.births, born(row)),
            holds(&self.postcodes, postcode(row)),
        ]
    }

    /// Blanks the shared values of a row; says which there were.
    pub(crate) fn blank_row(&self, row: &mut Identity) -> [bool; 5] {
        let found = self.values_of(row);
        let [is_key, is_number, is_local, is_birth, is_postcode] = found;
        if is_key {
            row.key = NO_WORD;
        }
        if is_number {
            row.number = 0;
        }
        if is_local {
            row.local = NO_WORD;
        }
        if is_birth {
            row.born = Default::default();
        }
        if is_postcode {
            row.postcode = NO_WORD;
        }
        found
    }
}

pub(crate) fn key(row: &Identity) -> u64 {
    u64::from(row.key)
}

pub(crate) fn born(row: &Identity) -> u64 {
    u64::from(if row.born.is_whole() { row.born.0 } else { 0 })
}

pub(crate) fn postcode(row: &Identity) -> u64 {
    u64::from(row.postcode)
}

pub(crate) fn local(row: &Identity) -> u64 {
    if row.organisation == NO_WORD || row.local == NO_WORD {
        0
    } else {
        u64::from(row.organisation) << 32 | u64::from(row.local)
    }
}

fn name(row: &Identity) -> u64 {
    let pair = |a: Word, b: Word| u64::from(a) << 32 | u64::from(b);
    if row.named() {
        u64::MAX ^ pair(row.family, row.given)
    } else {
        0
    }
}

/// How many distinct `of` values each `value` is seen with, in order of the value.
fn counts(
    table: &Identities,
    value: impl Fn(&Identity) -> u64,
    of: impl Fn(&Identity) -> u64,
) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u64)> = table
        .rows
        .iter()
        .map(|row| (value(row), of(row)))
        .filter(|(value, of)| *value != 0 && *of != 0)
        .collect();
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

fn above(
    table: &Identities,
    value: impl Fn(&Identity) -> u64,
    of: impl Fn(&Identity) -> u64,
    most: u32,
) -> Vec<u64> {
    counts(table, value, of)
        .into_iter()
        .filter(|(_, count)| *count > most)
        .map(|(value, _)| value)
        .collect()
}

/// Values in more distinct identities than one person has.
fn crowded(table: &Identities, value: impl Fn(&Identity) -> u64, most: u32) -> Vec<u64> {
    let mut values: Vec<u64> = table.rows.iter().map(value).filter(|value| *value != 0).collect();
    values.sort_unstable();
    values
        .chunk_by(|a, b| a == b)
        .filter(|run| run.len() > most as usize)
        .map(|run| run[0])
        .collect()
}

/// Both lists, in order, each value once.
fn either(mut values: Vec<u64>, others: Vec<u64>) -> Vec<u64> {
    values.extend(others);
    values.sort_unstable();
    values.dedup();
    values
}

/// Values with more people behind them than `most`.
fn beyond(counts: &[(u64, u32)], most: u64) -> Vec<u64> {
    counts
        .iter()
        .filter(|(_, count)| u64::from(*count) > most)
        .map(|(value, _)| *value)
        .collect()
}
