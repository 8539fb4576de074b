//! Pairwise precision and recall on invented nations, over seeds.

use std::collections::BTreeMap;

use super::row::{Row, people, table};
use super::world::World;
use crate::cascade::{Given, Options, Step, link};

/// Pairs of records that are together.
fn pairs(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.map(|size| size * (size - 1) / 2).sum()
}

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

struct Score {
    precision: f64,
    recall: f64,
}

fn score(seed: u64, size: u32, hospitals: u32) -> Score {
    let entries = World::new(seed, hospitals).entries(size);
    let rows: Vec<Row> = entries.iter().map(|entry| entry.row.clone()).collect();
    let found = people(&rows, &Options::default());
    let truth = || entries.iter().map(|entry| entry.person);
    let together = pairs(count(found.iter().map(|(person, _)| *person)).into_values());
    let true_pairs = pairs(count(truth()).into_values());
    let both = count(found.iter().map(|(person, _)| *person).zip(truth()));
    let right = pairs(both.into_values());
    report(
        seed,
        &entries.iter().map(|entry| entry.source).collect::<Vec<_>>(),
        &found,
        &truth().collect::<Vec<_>>(),
    );
    Score {
        precision: right as f64 / together as f64,
        recall: right as f64 / true_pairs as f64,
    }
}

/// Which steps and sources go wrong: printed, so that a failure shows where.
fn report(seed: u64, sources: &[&str], found: &[(u32, Option<Step>)], truth: &[u32]) {
    let mut main: BTreeMap<u32, BTreeMap<u32, u64>> = BTreeMap::new();
    for ((person, _), true_person) in found.iter().zip(truth) {
        *main.entry(*person).or_default().entry(*true_person).or_default() += 1;
    }
    let of = |person: u32| {
        main[&person]
            .iter()
            .max_by_key(|(_, records)| **records)
            .map(|(true_person, _)| *true_person)
    };
    let mut largest: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
    for (person, owners) in &main {
        for (owner, records) in owners {
            let entry = largest.entry(*owner).or_default();
            *entry = (*entry).max((*records, *person));
        }
    }
    let mut by_step: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
    let mut by_source: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (((person, step), true_person), source) in found.iter().zip(truth).zip(sources) {
        let wrong = u64::from(of(*person) != Some(*true_person));
        let apart = u64::from(largest[true_person].1 != *person);
        let name = step.map_or("alone", Step::name);
        let entry = by_step.entry(name.to_owned()).or_default();
        *entry = (entry.0 + 1, entry.1 + wrong, entry.2 + apart);
        let entry = by_source.entry(source).or_default();
        *entry = (entry.0 + 1, entry.1 + apart);
    }
    eprintln!("seed {seed}: step: records, of another person, apart from their own");
    by_step
        .iter()
        .for_each(|(step, (records, wrong, apart))| eprintln!("  {step:55} {records:8} {wrong:5} {apart:5}"));
    by_source
        .iter()
        .for_each(|(source, (records, apart))| eprintln!("  {source:55} {records:8}       {apart:5}"));
}

#[test]
fn precision_and_recall_on_invented_nations() {
    for (seed, people, hospitals) in [(1, 4_000, 20), (2, 4_000, 80), (3, 12_000, 80)] {
        let Score { precision, recall } = score(seed, people, hospitals);
        eprintln!("seed {seed}: precision {precision:.6} recall {recall:.6}");
        assert!(precision >= 0.9995, "seed {seed}: precision {precision}");
        assert!(recall >= 0.98, "seed {seed}: recall {recall}");
    }
}

/// Placeholders on every record must cost no more than clean records, and bring nobody together.
#[test]
fn placeholders_on_every_record() {
    let place = |n: u32| format!("ZA{} {}AA", n / 10, n % 10);
    let row = |n: u32| Row {
        born: 19500312,
        family: format!("NAME{n}"),
        given: format!("GIVEN{}", n / 2),
        postcode: place(n),
        ..Row::default()
    };
    let number = "9990000018".to_owned();
    let cases: [&dyn Fn(u32) -> Row; 4] = [
        &|n| Row {
            number: number.clone(),
            ..row(n)
        },
        &|n| Row {
            key: "SPACE 0".to_owned(),
            ..row(n)
        },
        &|n| Row {
            local: "0".to_owned(),
            organisation: "X01".to_owned(),
            ..row(n)
        },
        &|n| Row {
            postcode: "ZA1 1AA".to_owned(),
            sex: 'F',
            ..row(n)
        },
    ];
    for case in cases {
        // Half of the records have the placeholder, half are the same without it.
        let mut rows: Vec<Row> = (0..20_000).map(case).collect();
        rows.extend((0..20_000).map(row));
        let found = people(&rows, &Options::default());
        let largest = count(found.iter().map(|(person, _)| *person)).into_values().max();
        assert!(largest.is_some_and(|records| records <= 2), "{largest:?}");
    }
}

/// At a large hospital dozens are born on one day, and most of its records may have no name. Those of one name, or nearly,
/// are found all the same, and the crowd does not tie them to one another.
#[test]
fn a_large_hospital_hides_nobody() {
    const NAMES: u32 = 12;
    let row = |n: u32, place: u32| Row {
        born: 19500312,
        organisation: "X01".to_owned(),
        postcode: format!("ZA{n} {place}AA"),
        ..Row::default()
    };
    let named = |n: u32, given: &str, place: u32| Row {
        family: format!("FAMILY{n}"),
        given: given.to_owned(),
        sex: 'F',
        ..row(n, place)
    };
    // All moved between their two records; of every second one the name was taken down with a slip.
    let pairs = (0..NAMES).flat_map(|n| {
        let later = if n % 2 == 0 { "SUSANNAH" } else { "SUSANAH" };
        [named(n, "SUSANNAH", 1), named(n, later, 2)]
    });
    let rows: Vec<Row> = pairs.chain((0..60).map(|n| row(100 + n, 1))).collect();
    let linked = |wrong_share_unproven| {
        let (mut table, places) = table(&rows);
        let options = Options {
            wrong_share_unproven,
            ..Options::default()
        };
        (link(&mut table, &options, Given::default(), &|_| ()), places)
    };
    let (loose, places) = linked(1.0);
    for (n, pair) in places.chunks(2).take(NAMES as usize).enumerate() {
        let step = if n % 2 == 0 {
            Step::NameBirthDateOrganisation
        } else {
            Step::WeighedBirthDateOrganisation
        };
        let (a, b) = (pair[0] as usize, pair[1] as usize);
        assert_eq!(
            (loose.roots[a], loose.steps[b]),
            (loose.roots[b], Some(step)),
            "{n}"
        );
    }
    // Where steps without a name are not in use, whoever comes next touches one pair.
    let (proven, places) = linked(Options::default().wrong_share_unproven);
    let circle = proven.circles[places[0] as usize];
    assert_eq!(proven.circles.iter().filter(|of| **of == circle).count(), 2);
}
