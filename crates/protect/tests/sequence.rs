//! Releases month after month: the attacker, who has kept them all, finds nothing in what was released.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use protect::attack::{Limits, Publication, examine};
use protect::*;
use rayon::prelude::*;
use support::manifest;
use support::nation::{Dice, People, Shape, drawn_people, table};

const LIMITS: Limits = Limits {
    min_feasible: 5,
    min_rounded: 3,
    whole_group_under: 20,
    contributors: true,
};

/// What happens in one sequence.
#[derive(Clone, Copy, Debug)]
struct Course {
    seed: u64,
    organisations: usize,
    /// From this month on nations are split by sex and age.
    split_from: usize,
    /// In this month two organisations become one.
    merger_in: usize,
    /// From this month on there is a second year.
    second_year_from: usize,
}

/// Releases in a sequence.
const MONTHS: usize = 8;
const NEVER: usize = MONTHS;

impl Course {
    /// Every course differs: in a third splits are new, in a third two organisations merge, in a third a year is added.
    fn of(seed: u64) -> Self {
        let at = |turn: u64| {
            if seed % 3 == turn {
                2 + (seed / 3 % 4) as usize
            } else {
                NEVER
            }
        };
        Self {
            seed,
            organisations: 3 + (seed % 2) as usize,
            split_from: at(0),
            merger_in: at(1),
            second_year_from: at(2),
        }
    }
}

/// A month passes: late records come in and some numbers are revised, most stay.
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

/// The second organisation becomes a part of the first, in every year.
fn merge(people: &mut People) {
    let gone: Vec<_> = people.keys().filter(|key| key.0 == 1).copied().collect();
    for key in gone {
        if let Some((recorded, found)) = people.remove(&key) {
            let into = people.entry((0, key.1, key.2, key.3)).or_default();
            *into = (into.0 + recorded, into.1 + found);
        }
    }
}

/// Makes all releases of a course, and lets the attacker look at all of them at the end; how many figures are hidden.
fn follow(policy: &Policy, course: Course) -> usize {
    let shape = |split| Shape {
        organisations: course.organisations,
        per_network: 2,
        networks_per_nation: 2,
        years: 2,
        measures: 1,
        largest: 30,
        split,
    };
    let mut people = drawn_people(&shape(false), course.seed);
    let mut dice = Dice(course.seed ^ 0x5eed);
    let mut published: Vec<Publication> = Vec::new();
    let mut hidden = 0;
    for month in 0..MONTHS {
        if month == course.merger_in {
            merge(&mut people);
        }
        let mut shown = people.clone();
        shown.retain(|(_, year, _, _), _| *year == 0 || month >= course.second_year_from);
        let raw = RawRelease {
            manifest: manifest(true, false),
            tables: vec![table(&shape(month >= course.split_from), &shown)],
            links: vec![],
        };
        let release = release_after(&raw, policy, &published)
            .unwrap_or_else(|e| panic!("{course:?}, month {month}: {e}"));
        published.push(release.publication().clone());
        let text = csv_text(&release.tables()[0], None).unwrap();
        hidden += text.matches("suppressed").count();
        revise(&mut people, &mut dice);
    }
    let leaks = examine(&published, &LIMITS);
    let words: Vec<String> = leaks.iter().map(|leak| leak.words(&published)).collect();
    assert!(leaks.is_empty(), "{} {course:?}: {words:#?}", policy.name());
    hidden
}

/// Some sequences of eight releases; with `COUNTED_LONG`, two hundred.
#[test]
#[allow(clippy::print_stderr, reason = "says what it did")]
fn the_attacker_finds_nothing_in_release_after_release() {
    let policy = Policy::hes().unwrap();
    // The short ones are those in which guesses about other releases once misled the guard.
    let courses: Vec<u64> = if support::long() {
        (0..200).collect()
    } else {
        vec![0, 1, 2, 49, 66, 147, 171]
    };
    let hidden: Vec<usize> = courses
        .into_par_iter()
        .map(|seed| {
            let start = std::time::Instant::now();
            let hidden = follow(&policy, Course::of(seed));
            eprintln!(
                "{:?}: {hidden} figures hidden, {:?}",
                Course::of(seed),
                start.elapsed()
            );
            hidden
        })
        .collect();
    let all: usize = hidden.iter().sum();
    eprintln!(
        "{} sequences of {MONTHS} releases: {all} figures hidden",
        hidden.len()
    );
    assert!(
        hidden.iter().all(|n| *n > 0),
        "a sequence that hides nothing shows nothing"
    );
}
