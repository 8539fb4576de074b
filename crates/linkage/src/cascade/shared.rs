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

/// Blanks the shared values.
pub(crate) fn blank(table: &mut Identities, options: &Options) -> Vec<SharedValues> {
    let mut found = Vec::new();
    let born = |row: &Identity| u64::from(if row.born.is_whole() { row.born.0 } else { 0 });
    let local = |row: &Identity| {
        let pair = u64::from(row.organisation) << 32 | u64::from(row.local);
        if row.organisation == NO_WORD || row.local == NO_WORD {
            0
        } else {
            pair
        }
    };
    let person = |row: &Identity| if row.number != 0 { row.number } else { name(row) };

    let key = |row: &Identity| u64::from(row.key);
    let keys = above(table, key, born, options.birth_dates_per_key);
    let keys = either(keys, crowded(table, key, options.group));
    found.extend(wipe(table, "key", &keys, key, |row| row.key = NO_WORD));
    let numbers = above(table, |row| row.number, born, options.birth_dates_per_number);
    let numbers = either(numbers, crowded(table, |row| row.number, options.group));
    found.extend(wipe(
        table,
        "number",
        &numbers,
        |row| row.number,
        |row| row.number = 0,
    ));
    let locals = above(table, local, born, options.birth_dates_per_local_number);
    found.extend(wipe(table, "local number", &locals, local, |row| {
        row.local = NO_WORD
    }));
    let births = above_mean(table, born, person, options);
    found.extend(wipe(table, "birth date", &births, born, |row| {
        row.born = Default::default()
    }));
    let postcodes = above(
        table,
        |row| u64::from(row.postcode),
        person,
        options.people_per_postcode,
    );
    found.extend(wipe(
        table,
        "postcode",
        &postcodes,
        |row| u64::from(row.postcode),
        |row| row.postcode = NO_WORD,
    ));
    found
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

/// Birth dates with many times as many people as the mean date has.
fn above_mean(
    table: &Identities,
    value: impl Fn(&Identity) -> u64,
    of: impl Fn(&Identity) -> u64,
    options: &Options,
) -> Vec<u64> {
    let counts = counts(table, value, of);
    let people: u64 = counts.iter().map(|(_, count)| u64::from(*count)).sum();
    let mean = people.div_ceil((counts.len() as u64).max(1));
    let most =
        u64::from(options.people_per_birth_date) + u64::from(options.people_per_birth_date_times_mean) * mean;
    counts
        .into_iter()
        .filter(|(_, count)| u64::from(*count) > most)
        .map(|(value, _)| value)
        .collect()
}

fn wipe(
    table: &mut Identities,
    kind: &'static str,
    shared: &[u64],
    value: impl Fn(&Identity) -> u64,
    blank: impl Fn(&mut Identity),
) -> Option<SharedValues> {
    let mut records = 0;
    if !shared.is_empty() {
        for (row, count) in table.rows.iter_mut().zip(&table.records) {
            if shared.binary_search(&value(row)).is_ok() {
                blank(row);
                records += u64::from(*count);
            }
        }
    }
    (!shared.is_empty()).then_some(SharedValues {
        kind,
        values: shared.len() as u64,
        records,
    })
}
