#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::record::Fault;
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::number::PersonNumber;
use vocabulary::sex::Sex;

const RECORDS: u64 = 200_000;

fn written(recipe: &Recipe) -> (String, String, Written) {
    let (mut out, mut truth) = (Vec::new(), Vec::new());
    let written = person_table(&mut out, &mut truth, recipe).unwrap();
    (
        String::from_utf8(out).unwrap(),
        String::from_utf8(truth).unwrap(),
        written,
    )
}

/// Within five standard deviations of the recipe; records of one person share what allows a fault, hence the 1.5.
fn assert_near(what: &str, count: usize, of: usize, rate: f64) {
    let (share, n) = (count as f64 / of as f64, of as f64);
    let bound = 5.0 * (rate * (1.0 - rate) / n * 1.5).sqrt();
    assert!(
        (share - rate).abs() < bound,
        "{what}: {share:.5} instead of {rate}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let recipe = Recipe::new(3_000, 1);
    let first = written(&recipe);
    assert_eq!(first, written(&recipe));
    assert_ne!(first.0, written(&Recipe::new(3_000, 2)).0);
    let lines: Vec<&str> = first.0.lines().take(13).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn ids_are_unique_and_the_truth_is_complete() {
    let (out, truth, written) = written(&Recipe::new(50_000, 3));
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 7);
    let ids: BTreeSet<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    let mut owners = BTreeMap::<String, u64>::new();
    let mut known = BTreeSet::new();
    for row in csv::Reader::from_reader(truth.as_bytes())
        .records()
        .map(Result::unwrap)
    {
        *owners.entry(row[1].to_owned()).or_default() += 1;
        assert!(known.insert(row[0].to_owned()));
    }
    assert_eq!(ids.len(), 50_000);
    assert_eq!(ids, known);
    assert_eq!(owners.len() as u64, written.people);
    assert_eq!(
        owners.values().map(|n| n * (n - 1) / 2).sum::<u64>(),
        written.pairs
    );
    assert!(owners.values().all(|n| (1..=4).contains(n)));
    assert!((30_800..30_850).contains(&written.people), "{}", written.people);
    assert!((28_700..28_830).contains(&written.pairs), "{}", written.pairs);
}

#[test]
fn faults_strike_at_the_rates_of_the_recipe() {
    for correlation in [true, false] {
        let recipe = Recipe {
            correlation,
            ..Recipe::new(RECORDS, 11)
        };
        let table = Table::new(&recipe);
        let mut counts = BTreeMap::<(&str, Fault), usize>::new();
        let (mut swaps, mut women, mut both) = (0, 0, 0);
        for row in 0..RECORDS {
            let (person, _, faults, _) = table.row(row);
            for (field, fault) in [
                ("forename", faults.forename),
                ("surname", faults.surname),
                ("birth", faults.birth),
                ("sex", faults.sex),
                ("postcode", faults.postcode),
                ("number", faults.number),
            ] {
                *counts.entry((field, fault)).or_default() += 1;
            }
            swaps += usize::from(faults.names_swapped);
            women += usize::from(person.sex == Sex::Female);
            both += usize::from(faults.number != Fault::None && faults.birth != Fault::None);
        }
        let (rates, all) = (&recipe.rates, RECORDS as usize);
        for (field, fault, of, rate) in [
            ("forename", Fault::Slip, all, rates.forename_mistyped),
            ("forename", Fault::Short, all, rates.forename_short),
            ("forename", Fault::Missing, all, rates.forename_missing),
            ("surname", Fault::Slip, all, rates.surname_mistyped),
            ("surname", Fault::Other, women, rates.surname_changed),
            ("surname", Fault::Missing, all, rates.surname_missing),
            ("birth", Fault::Swapped, all, rates.birth_swapped),
            ("birth", Fault::Slip, all, rates.birth_digit),
            ("birth", Fault::January, all, rates.birth_january),
            ("birth", Fault::Missing, all, rates.birth_missing),
            ("sex", Fault::Slip, all, rates.sex_wrong),
            ("sex", Fault::Missing, all, rates.sex_missing),
            ("postcode", Fault::Other, all, rates.moved),
            ("postcode", Fault::Slip, all, rates.postcode_mistyped),
            ("postcode", Fault::Missing, all, rates.postcode_missing),
            ("number", Fault::Slip, all, rates.number_wrong * 0.9),
            ("number", Fault::Stranger, all, rates.number_wrong * 0.1),
            ("number", Fault::Missing, all, rates.number_missing),
        ] {
            let count = counts.get(&(field, fault)).copied().unwrap_or_default();
            assert_near(&format!("{field} {fault:?}"), count, of, rate);
        }
        assert_near("names swapped", swaps, all, rates.names_swapped);
        // 0.85 clean records and 0.15 with four times the faults give E[x²] / E[x]² = 3.25 / 1.45².
        let independent = 0.06 * 0.048;
        let wanted = if correlation {
            independent * 3.25 / 1.45_f64.powi(2)
        } else {
            independent
        };
        assert_near("number and birth date", both, all, wanted);
    }
}

#[test]
fn a_fault_shows_and_nothing_else_does() {
    let recipe = Recipe::new(20_000, 5);
    let table = Table::new(&recipe);
    let mut chance_hits = 0;
    for row in 0..recipe.records {
        let (person, shown, faults, _) = table.row(row);
        let (first, second) = if faults.names_swapped {
            (&shown.surname, &shown.forename)
        } else {
            (&shown.forename, &shown.surname)
        };
        assert_eq!(first == person.given, faults.forename == Fault::None);
        let right = *second == person.family;
        chance_hits += usize::from(right && faults.surname == Fault::Other);
        assert_eq!(
            right,
            faults.surname == Fault::None || (right && faults.surname == Fault::Other)
        );
        let first_of_january = faults.birth == Fault::January && shown.birth == Some(person.birth);
        assert_eq!(
            shown.birth == Some(person.birth),
            faults.birth == Fault::None || first_of_january
        );
        assert_eq!(shown.sex == Some(person.sex), faults.sex == Fault::None);
        if faults.postcode == Fault::None {
            assert_eq!(shown.postcode, addresses::postcode(person.home));
        }
        let number = table.people.number(person.index);
        match faults.number {
            Fault::None => assert_eq!(shown.number, number),
            Fault::Missing => assert!(shown.number.is_empty()),
            Fault::Slip => assert!(PersonNumber::read(&shown.number, None).is_err()),
            _ => assert!(PersonNumber::read(&shown.number, None).is_ok()),
        }
    }
    assert!(chance_hits < 10, "{chance_hits}");
}

#[test]
fn no_row_needs_quoting() {
    let (out, _, _) = written(&Recipe::new(20_000, 8));
    assert!(
        out.lines()
            .all(|line| line.matches(',').count() == 6 && !line.contains('"'))
    );
}

#[test]
fn a_senseless_recipe_is_refused_and_a_used_folder_too() {
    let mut recipe = Recipe::new(0, 1);
    assert!(written_error(&recipe).contains("records"));
    recipe.records = 10;
    recipe.rates.moved = 0.9;
    assert!(written_error(&recipe).contains("rate"));
    let folder = tempfile::tempdir().unwrap();
    let written = person_table_files(&folder.path().join("new"), &Recipe::new(10, 1)).unwrap();
    assert_eq!(written.records, 10);
    assert!(person_table_files(folder.path(), &Recipe::new(10, 1)).is_err());
}

fn written_error(recipe: &Recipe) -> String {
    let refused = person_table(&mut Vec::new(), &mut Vec::new(), recipe);
    refused
        .map(|_| String::new())
        .unwrap_or_else(|error| error.to_string())
}
