//! Simulation-based calibration of the generative core (see [`mixtures`](crate::joint::mixtures)).
//!
//! Truths are drawn from proper priors, people, lists and certificates from the truths; the ranks of the truths among
//! the draws must be uniform, all quantities together at 1 %. `COUNTED_LONG=1` takes a thousand countries.

mod world;

use rayon::prelude::*;

use crate::Confidence;
use crate::calibrate::{Ranks, Replicate, simulate_ranks};
use crate::joint::chance::Seeds;
use crate::joint::mixtures::{Belief, Estimator, Mixtures};
use crate::joint::{Assumptions, Drawn, Settings, Study};
use crate::length::long_worlds;

use world::{PEOPLE, World, YEARS, assumptions, world};

/// The names of the quantities, for the table of the long run.
const QUANTITIES: [&str; 6] = ["N", "new", "died", "living", "f0", "log-likelihood"];

/// Draws that are ranked, of so many that are made: neighbours share proposals, those ten apart hardly ever do.
const KEEP: usize = 99;
const DRAWS: usize = 800;

/// One member of each average.
const CORE: Mixtures = Mixtures {
    estimators: &[Estimator::Graphs],
    beliefs: &[Belief::FoundAlike],
};

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
    let within: Vec<usize> = within.collect();
    // Evenly spaced, so that no two are likely to be the same proposal.
    let kept = within.iter().step_by((within.len() / KEEP).max(1)).take(KEEP);
    let kept: Option<Vec<[f64; 6]>> = kept
        .map(|at| {
            let (proposal, draw) = draws[*at];
            let courses = drawn.model.courses(Seeds::of(seed), proposal).unwrap();
            let without = draw.without_metastasis?;
            let height = world.log_likelihood(&courses[2], everyone(*at), without)?;
            let [new, died, living] = [&last.new, &last.died, &last.living].map(|of| people(of, *at));
            Some([everyone(*at), new, died, living, without, height])
        })
        .collect();
    let kept = kept?;
    let of = |quantity: usize| kept.iter().map(|draw| draw[quantity]).collect();
    Some(Replicate {
        truths: world.truths.to_vec(),
        draws: (0..QUANTITIES.len()).map(of).collect(),
    })
}

/// A change of what the core is told.
type Tamper = fn(&mut Study, &mut Assumptions) -> f64;

fn calibrate(countries: usize, window: f64, tamper: Tamper) -> Ranks {
    let found: Vec<Replicate> = (0..countries as u64 * 10 / 9)
        .into_par_iter()
        .filter_map(|country| {
            let world = world(5_000 + country, window);
            let (mut study, mut assumptions) = (world.study.clone(), assumptions(window));
            let times = tamper(&mut study, &mut assumptions);
            replicate(&world, &study, &assumptions, country, times)
        })
        .collect();
    let mut found = found.into_iter();
    simulate_ranks(countries, KEEP, 41, |_| {
        found.next().ok_or(crate::EstimateError::Empty)
    })
    .unwrap()
}

/// The quantities that leave the band, at 1 % for all together.
fn fails(ranks: &Ranks) -> Vec<&'static str> {
    let checks = ranks.check(Confidence::new(0.99).unwrap()).unwrap();
    for (name, check) in QUANTITIES.iter().zip(&checks) {
        println!(
            "{name}: distance {:.3}, chi-squared p {:.3}, {}",
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
    if crate::length::long() {
        long_worlds().map_or(1_000, |n| n as usize)
    } else {
        40
    }
}

#[test]
fn the_generative_core_is_calibrated() {
    let ranks = calibrate(countries(), 1.0, |_, _| 1.0);
    assert_eq!(fails(&ranks), [] as [&str; 0]);
}
