//! Simulation-based calibration of the generative core (see [`mixtures`](crate::joint::mixtures)).
//!
//! Truths are drawn from proper priors, people, lists and certificates from the truths; the ranks of the truths among
//! the draws must be uniform, all quantities together at 1 %. `COUNTED_LONG=1` takes a thousand countries.

mod likelihood;
mod world;

use rand::RngExt;
use rayon::prelude::*;

use crate::calibrate::{Ranks, Replicate, simulate_ranks};
use crate::joint::chance::{Cause, Seeds};
use crate::joint::mixtures::{Belief, Estimator, Mixtures, OnCertificate};
use crate::joint::{Assumptions, BetaPrior, Drawn, Exit, Settings, Study};
use crate::length::long_worlds;
use crate::{Confidence, EstimateError};

use likelihood::log_prior;
use world::{PEOPLE, World, YEARS, assumptions, world};

/// The quantities; the long run prints a row for each: largest distance of the ranks from uniform ones, their mean (0.5 of
/// a right sampler), the chance of χ², and whether they stay in the band.
const QUANTITIES: [&str; 9] = [
    "N",
    "new",
    "died",
    "living",
    "f0",
    "lists",
    "follow-up",
    "certificates",
    "log-likelihood",
];

/// Draws that are ranked, of so many that are made: neighbours may share a proposal, those eight apart hardly ever do.
const KEEP: usize = 99;
const DRAWS: usize = 1_000;

/// One member of each average.
const CORE: Mixtures = Mixtures {
    estimators: &[Estimator::Graphs],
    beliefs: &[Belief::FoundAlike],
    on_certificates: &[OnCertificate::NobodyElse],
};

/// The first seed. Fixed when the last fault had been mended (those were found on others), and before the first look.
const SEEDS: u64 = 200_000;

/// Truths of a world, and what the core says of them.
fn replicate(
    world: &World,
    study: &Study,
    assumptions: &Assumptions,
    seed: u64,
    times: f64,
) -> Option<Replicate> {
    let settings = Settings { draws: DRAWS, seed };
    let drawn = Drawn::of(study, assumptions, &settings, CORE, &mut |_| ()).unwrap();
    let last = &drawn.years[YEARS - 1];
    let people = |draws: &[u32], draw: usize| f64::from(draws[draw]) / times;
    let everyone = |at: usize| -> f64 { drawn.years.iter().map(|year| people(&year.new, at)).sum() };
    let draws = drawn.kept.draws();
    // The prior of N ends there.
    let within = (0..draws.len()).filter(|at| (PEOPLE.0..=PEOPLE.1).contains(&everyone(*at)));
    let within = as_the_priors_say(&drawn, Seeds::of(seed), within.collect());
    if within.len() < KEEP {
        return None;
    }
    // Evenly spaced, so that no two are likely to be the same proposal.
    let kept = within.iter().step_by(within.len() / KEEP).take(KEEP);
    let kept: Option<Vec<[f64; 9]>> = kept
        .map(|at| {
            let (proposal, draw) = draws[*at];
            let courses = drawn.model.courses(Seeds::of(seed), proposal).unwrap();
            let without = draw.without_metastasis?;
            let height = world.log_likelihood(&courses[2], everyone(*at), without)?;
            let [new, died, living] = [&last.new, &last.died, &last.living].map(|of| people(of, *at));
            let [lists, followed, certificates, all] = height;
            Some([
                everyone(*at),
                new,
                died,
                living,
                without,
                lists,
                followed,
                certificates,
                all,
            ])
        })
        .collect();
    let kept = kept?;
    let of = |quantity: usize| kept.iter().map(|draw| draw[quantity]).collect();
    Some(Replicate {
        truths: world.truths.to_vec(),
        draws: (0..QUANTITIES.len()).map(of).collect(),
    })
}

/// Draws kept in proportion to the prior of their curve, which the core takes as flat.
fn as_the_priors_say(drawn: &Drawn, seeds: Seeds, within: Vec<usize>) -> Vec<usize> {
    let draws = drawn.kept.draws();
    let density = |at: usize| {
        let curve = drawn.model.courses(seeds, draws[at].0).unwrap();
        (at, log_prior(&curve[2]))
    };
    let found: Vec<(usize, f64)> = within.into_iter().map(density).collect();
    let top = found
        .iter()
        .map(|(_, log)| *log)
        .fold(f64::NEG_INFINITY, f64::max);
    let mut chance = seeds.chance(Cause::Survival, usize::MAX);
    let kept = found
        .into_iter()
        .filter(|(_, log)| chance.random::<f64>() < (log - top).exp());
    kept.map(|(at, _)| at).collect()
}

/// A change of what the core is told.
type Tamper = fn(&mut Study, &mut Assumptions) -> f64;

fn calibrate(countries: usize, window: f64, tamper: Tamper) -> Ranks {
    let found: Vec<Option<Replicate>> = (0..countries as u64)
        .into_par_iter()
        .map(|country| {
            let world = world(SEEDS + country, window);
            let (mut study, mut assumptions) = (world.study.clone(), assumptions(window));
            let times = tamper(&mut study, &mut assumptions);
            replicate(&world, &study, &assumptions, country, times)
        })
        .collect();
    let mut found = found.into_iter().flatten();
    let left = found.clone().count();
    simulate_ranks(left, KEEP, 41, |_| found.next().ok_or(EstimateError::Empty)).unwrap()
}

/// The quantities that leave the band, at 1 % for all together.
fn fails(ranks: &Ranks) -> Vec<&'static str> {
    let checks = ranks.check(Confidence::new(0.99).unwrap()).unwrap();
    for ((name, check), of) in QUANTITIES.iter().zip(&checks).zip(&ranks.by_quantity) {
        let middle = of.iter().sum::<usize>() as f64 / of.len() as f64 / KEEP as f64;
        println!(
            "| {name} | {:.3} | {middle:.3} | {:.3} | {} |",
            check.distance,
            check.chi_squared_p,
            check.passes()
        );
    }
    (QUANTITIES.iter().zip(checks))
        .filter(|(_, check)| !check.passes())
        .map(|(name, _)| *name)
        .collect()
}

fn countries() -> usize {
    if crate::length::long() { 1_000 } else { 40 }
}

fn passes(window: f64) {
    let ranks = calibrate(countries(), window, |_, _| 1.0);
    let left = ranks.by_quantity[0].len();
    println!("window {window}: {left} of {} countries", countries());
    // Countries are chosen by their data; one in a hundred may have too few draws within the prior of N.
    assert!(left as f64 >= 0.99 * countries() as f64 - 1.0);
    assert_eq!(fails(&ranks), [] as [&str; 0]);
}

#[test]
fn the_generative_core_is_calibrated() {
    passes(1.0);
}

/// With lists that take three years of the five to show somebody: most people were not watched long enough, and who is
/// missing beside them is drawn from those who were.
#[test]
fn the_generative_core_is_calibrated_where_lists_are_slow() {
    if long_worlds().is_none() {
        println!("skipped: COUNTED_LONG=1 takes a thousand countries");
        return;
    }
    passes(3.0);
}

/// Another prior of f₀: half of the deaths without metastasis.
fn another_prior(_: &mut Study, assumptions: &mut Assumptions) -> f64 {
    assumptions.without_metastasis = BetaPrior {
        alpha: 30.0,
        beta: 30.0,
    };
    1.0
}

/// Every exit of somebody found comes a year too late.
fn a_year_too_late(study: &mut Study, _: &mut Assumptions) -> f64 {
    for person in study.people.iter_mut().filter(|person| !person.only_at_death) {
        let later = person.exit.time() + 1.0;
        person.exit = match person.exit {
            Exit::OfBreastCancer(_) if later < study.end => Exit::OfBreastCancer(later),
            Exit::OfOther(_) if later < study.end => Exit::OfOther(later),
            Exit::Left(_) if later < study.end => Exit::Left(later),
            _ => Exit::Alive,
        };
    }
    1.0
}

/// Everybody comes twice, and the numbers are halved: every term of the likelihood counts double.
fn everybody_twice(study: &mut Study, _: &mut Assumptions) -> f64 {
    study.people.extend_from_within(..);
    2.0
}

/// The first two show in some dozens of countries. The last leaves every middle where it was and only makes the draws lie
/// too near the top of the likelihood: that takes two hundred, in the long run.
#[test]
fn planted_faults_are_found() {
    let faults: [(&str, usize, Tamper); 3] = [
        ("another prior", 25, another_prior),
        ("a year too late", 25, a_year_too_late),
        ("everybody twice", 200, everybody_twice),
    ];
    for (name, countries, fault) in faults {
        if countries > 25 && long_worlds().is_none() {
            continue;
        }
        println!("{name}");
        let ranks = calibrate(countries, 1.0, fault);
        // Enough of them are left where the fault drives the number out of its prior.
        assert!(ranks.by_quantity[0].len() >= 15, "{name}");
        assert!(!fails(&ranks).is_empty(), "{name}");
    }
}
