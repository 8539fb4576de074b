//! How often values occur and how rare they are, against counting by hand.

use std::collections::BTreeMap;

use super::town::{FIELDS, Town};
use crate::weigh::field::SAME;
use crate::weigh::table::Table;
use crate::weigh::weights::Rarity;
use crate::weigh::{Linker, Settings};

fn counted(table: &Table, field: usize) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for record in 0..table.records() {
        *counts.entry(table.shown(field, record)).or_default() += 1;
    }
    counts.remove("");
    counts
}

#[test]
fn values_are_counted() {
    let table = Town::invented(1_500, 5).table();
    for field in 0..FIELDS.len() {
        let (counts, found) = (counted(&table, field), table.frequencies(field));
        let total: u64 = counts.values().sum();
        assert_eq!(found.total, total);
        assert_eq!(found.distinct, counts.len() as u64);
        for record in 0..table.records() {
            let count = counts
                .get(&table.shown(field, record))
                .copied()
                .unwrap_or_default();
            let value = table.value(field, record as u32);
            assert_eq!(
                u64::from(found.count(value)),
                count,
                "{}",
                table.shown(field, record)
            );
        }
        let mut agree = 0;
        for a in 0..table.records() {
            let value = table.value(field, a as u32);
            agree += (0..table.records())
                .filter(|b| *b != a && value != 0 && table.value(field, *b as u32) == value)
                .count();
        }
        let share = agree as f64 / (total * (total - 1)) as f64;
        assert!(
            (found.coincidence - share).abs() < 1e-12,
            "{} for {share}",
            found.coincidence
        );
    }
}

/// Records of one person share their values, which is no coincidence: the coincidence of strangers is near that of
/// a table in which everybody stands once.
#[test]
fn a_person_with_many_records_is_no_coincidence() {
    let once = |copies: usize| {
        let town = Town::invented(2_000, 6);
        let mut first = BTreeMap::new();
        for (person, row) in town.person.iter().zip(&town.rows) {
            first.entry(*person).or_insert_with(|| row.clone());
        }
        let rows: Vec<_> = first.into_values().flat_map(|row| vec![row; copies]).collect();
        super::town::table(&FIELDS, &rows)
    };
    let (alone, thrice) = (once(1), once(3));
    for (field, (name, _)) in FIELDS.iter().enumerate() {
        let single = alone.frequencies(field).coincidence;
        let seen = thrice.frequencies(field).between_people(3.0);
        assert!(
            (seen - single).abs() < 0.1 * single + 1e-4,
            "{name}: {seen} for {single}"
        );
    }
}

#[test]
fn rare_values_weigh_more() {
    let table = Town::invented(3_000, 7).table();
    let linker = Linker::new(&table, Settings::default()).unwrap();
    let model = linker.train().unwrap().model;
    let frequencies = (0..FIELDS.len()).map(|field| table.frequencies(field)).collect();
    let rarity = Rarity::new(&table, frequencies, &model);
    for (field, (_, kind)) in FIELDS.iter().enumerate() {
        let counts = counted(&table, field);
        let total: u64 = counts.values().sum();
        for record in 0..table.records() {
            let Some(count) = counts.get(&table.shown(field, record)) else {
                continue;
            };
            // Three records more for every value, so that one seen once is not believed to be unique; and rare values
            // keep company, so that a fifth of what they say is not believed.
            let share = (count + 3) as f64 / (total + 3) as f64;
            let surprise = (model.random[field][usize::from(SAME)] / share).clamp(1.0 / 256.0, 256.0);
            let wanted = match kind.has_rare_values() {
                false => 1.0,
                true if surprise > 1.0 => surprise.powf(0.8),
                true => surprise,
            };
            let found = rarity.of(field, table.value(field, record as u32));
            assert!((found / wanted - 1.0).abs() < 1e-5, "{found} for {wanted}");
        }
    }
}
