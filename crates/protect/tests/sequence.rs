//! Releases month after month: the attacker, who has kept them all, finds nothing in what was released.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use protect::attack::{Limits, Publication, examine};
use protect::*;
use support::manifest;
use support::nation::{Dice, People, Shape, drawn_people, table};

const LIMITS: Limits = Limits {
    min_feasible: 5,
    min_rounded: 3,
    whole_group_under: 20,
};

/// A month passes: some numbers are revised, most stay.
fn revise(people: &mut People, dice: &mut Dice) {
    for (recorded, found) in people.values_mut() {
        if dice.below(6) == 0 {
            *found += dice.below(4) as i64;
            *recorded = (*recorded + dice.below(4) as i64).min(*found);
        }
        if dice.below(40) == 0 {
            *found = (*found - 1).max(0);
            *recorded = (*recorded).min(*found);
        }
    }
}

fn sequence(policy: &Policy, seed: u64, months: usize, organisations: usize, split: bool) -> usize {
    let shape = Shape {
        organisations,
        per_network: 2,
        networks_per_nation: 2,
        years: 1,
        measures: 1,
        largest: 30,
        split,
    };
    let mut people = drawn_people(&shape, seed);
    let mut dice = Dice(seed ^ 0x5eed);
    let mut published: Vec<Publication> = Vec::new();
    let mut hidden = 0;
    for month in 0..months {
        let raw = RawRelease {
            manifest: manifest(true, false),
            tables: vec![table(&shape, &people)],
            links: vec![],
        };
        let release = release_after(&raw, policy, &published)
            .unwrap_or_else(|e| panic!("seed {seed}, month {month}: {e}"));
        published.push(release.publication().clone());
        hidden += csv_text(&release.tables()[0], None)
            .unwrap()
            .matches("suppressed")
            .count();
        revise(&mut people, &mut dice);
    }
    let leaks = examine(&published, &LIMITS);
    let words: Vec<String> = leaks.iter().map(|leak| leak.words(&published)).collect();
    assert!(leaks.is_empty(), "{} seed {seed}: {words:#?}", policy.name());
    hidden
}

#[test]
#[allow(clippy::print_stderr, reason = "says what it did")]
fn the_attacker_finds_nothing_in_release_after_release() {
    let long = support::long();
    let mut runs = vec![(1, 8, 4, false), (2, 8, 3, false), (3, 8, 4, false)];
    if long {
        runs.extend([(2, 8, 5, false), (3, 8, 4, true), (4, 200, 3, false)]);
    }
    for (seed, months, organisations, split) in runs {
        let start = std::time::Instant::now();
        let hidden = sequence(&Policy::hes().unwrap(), seed, months, organisations, split);
        eprintln!(
            "{months} releases, seed {seed}: {hidden} figures hidden, {:?}",
            start.elapsed()
        );
        assert!(hidden > 0, "a sequence that hides nothing shows nothing");
    }
}
