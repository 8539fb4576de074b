//! Releases month after month, with mergers, late data and new splits: the attacker, who keeps all their bytes, finds nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use protect::Policy;
use protect::attack::Publication;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use support::{Island, Published, attacked, lines};

/// Releases in a sequence.
const MONTHS: usize = 8;

/// What happens in one sequence: in a third nations are split by age from some month on, in a third two hospitals become
/// one, in a third a year is added.
fn changed(island: &mut Island, seed: u64, month: usize) {
    if month != 2 + (seed / 3 % 4) as usize {
        return;
    }
    match seed % 3 {
        0 => island.split = true,
        1 => island.merge(1, 0),
        _ => island.years += 1,
    }
}

/// Follows a sequence, and attacks it: after every release, or only at the end.
fn follow(policy: &Policy, seed: u64, every: bool) -> usize {
    let mut island = Island::drawn(seed, 3 + (seed % 2) as usize);
    island.measures = 2;
    let mut chance = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let mut published: Vec<Published> = Vec::new();
    let mut earlier: Vec<Publication> = Vec::new();
    for month in 0..MONTHS {
        changed(&mut island, seed, month);
        let one = island.publish(policy, &earlier);
        earlier.push(one.publication.clone());
        published.push(one);
        if every || month + 1 == MONTHS {
            let seen: Vec<_> = published.iter().map(Published::known).collect();
            let report = attacked(&seen, &island.facts(), policy);
            assert!(
                report.findings.is_empty(),
                "{} sequence {seed}, month {month}: {:#?}",
                policy.name(),
                lines(&report)
            );
        }
        island.a_month_passes(&mut chance);
    }
    let last = published.last().unwrap();
    last.bytes
        .text("data/counts.csv")
        .unwrap()
        .matches("suppressed")
        .count()
}

/// The short ones are those in which states of hospitals once said too much of hidden numbers.
/// Every month of every sequence is protected, rendered whole and read back from its bytes. A few sequences; with
/// `COUNTED_LONG`, two hundred.
#[test]
fn nothing_is_found_in_release_after_release() {
    let policy = Policy::hes().unwrap();
    let seeds: Vec<u64> = if support::long() {
        (0..200).collect()
    } else {
        vec![0, 8, 18, 124]
    };
    let hidden: Vec<usize> = seeds
        .into_par_iter()
        .map(|seed| {
            let hidden = follow(&policy, seed, seed % 10 == 0);
            eprintln!("sequence {seed}: {hidden} figures hidden in the last release");
            hidden
        })
        .collect();
    assert!(
        hidden.iter().all(|n| *n > 0),
        "a sequence that hides nothing shows nothing"
    );
}
