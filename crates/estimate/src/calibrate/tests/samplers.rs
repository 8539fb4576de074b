//! The samplers of this crate under simulation-based calibration, and faults planted in them, which must be found.
//!
//! `COUNTED_LONG=1` takes a thousand data sets for each sampler.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Gamma, LogNormal, Normal, Poisson};

use crate::Confidence;
use crate::calibrate::{Ranks, Replicate, simulate_ranks};
use crate::chance::chance;
use crate::shrink::{Family, RatioPrior, SharePrior, shrink_ratios, shrink_shares};
use crate::tally::{Observed, Tally};

/// Draws kept of each data set.
pub(super) const KEEP: usize = 99;

pub(super) fn data_sets() -> usize {
    if crate::length::long() { 1_000 } else { 200 }
}

/// The quantities that leave the band, at 1 % for all together.
pub(super) fn fails(ranks: &Ranks) -> Vec<usize> {
    let checks = ranks.check(Confidence::new(0.99).unwrap()).unwrap();
    (0..checks.len())
        .filter(|&quantity| !checks[quantity].passes())
        .collect()
}

/// Sizes of hospitals, from small to large.
const WHOLES: [u64; 6] = [8, 20, 35, 60, 120, 400];

pub(super) const SHARE_PRIOR: SharePrior = SharePrior {
    mean: [2.0, 3.0],
    spread: [1.5, 4.0],
};

/// A family and its tallies: truths are the mean, the spread and the shares of two hospitals.
fn shares_of_a_family(chance: &mut ChaCha8Rng) -> (Vec<f64>, Vec<Tally>) {
    let beta = |shapes: [f64; 2]| Beta::new(shapes[0], shapes[1]).unwrap();
    let mean = beta(SHARE_PRIOR.mean).sample(chance);
    let spread: f64 = beta(SHARE_PRIOR.spread).sample(chance);
    let sum = 1.0 / (spread * spread) - 1.0;
    let shares = WHOLES.map(|_| beta([mean * sum, (1.0 - mean) * sum]).sample(chance));
    let tallies = std::iter::zip(WHOLES, shares)
        .map(|(whole, share)| Tally::new(Binomial::new(whole, share).unwrap().sample(chance), whole).unwrap())
        .collect();
    let truths = vec![mean, spread * (mean * (1.0 - mean)).sqrt(), shares[0], shares[5]];
    (truths, tallies)
}

fn quantities(family: &Family) -> Vec<Vec<f64>> {
    [
        &family.mean,
        &family.spread,
        &family.groups[0],
        family.groups.last().unwrap(),
    ]
    .map(|quantity| quantity.draws().to_vec())
    .to_vec()
}

/// Calibrates the shares' sampler with a prior and a change of the data that it is given.
fn calibrate_shares(data_sets: usize, prior: SharePrior, tamper: fn(Tally) -> Tally) -> Ranks {
    simulate_ranks(data_sets, KEEP, 17, |seed| {
        let (truths, tallies) = shares_of_a_family(&mut chance(seed));
        let given: Vec<Tally> = tallies.into_iter().map(tamper).collect();
        let family = shrink_shares(&given, prior, KEEP, seed.wrapping_add(1))?;
        Ok(Replicate {
            truths,
            draws: quantities(&family),
        })
    })
    .unwrap()
}

#[test]
fn the_sampler_of_shares_is_calibrated() {
    let ranks = calibrate_shares(data_sets(), SHARE_PRIOR, |tally| tally);
    assert_eq!(fails(&ranks), [] as [usize; 0]);
}

#[test]
fn faults_in_the_sampler_of_shares_are_found() {
    let wrong_prior = SharePrior {
        mean: [3.0, 2.0],
        spread: [4.0, 4.0],
    };
    assert!(
        !fails(&calibrate_shares(200, wrong_prior, |tally| tally)).is_empty(),
        "another prior"
    );
    let off_by_one = |tally: Tally| Tally {
        part: tally.part.saturating_sub(1),
        whole: tally.whole,
    };
    assert!(
        !fails(&calibrate_shares(200, SHARE_PRIOR, off_by_one)).is_empty(),
        "one too few"
    );
    let doubled = |tally: Tally| Tally {
        part: 2 * tally.part,
        whole: 2 * tally.whole,
    };
    assert!(
        !fails(&calibrate_shares(200, SHARE_PRIOR, doubled)).is_empty(),
        "the likelihood twice"
    );
}

const EXPECTED: [f64; 6] = [0.8, 2.0, 4.5, 9.0, 20.0, 60.0];

const RATIO_PRIOR: RatioPrior = RatioPrior {
    log_mean: 0.2,
    log_deviation: 0.7,
    variation: 0.6,
};

fn ratios_of_a_family(chance: &mut ChaCha8Rng) -> (Vec<f64>, Vec<Observed>) {
    let mean = LogNormal::new(RATIO_PRIOR.log_mean, RATIO_PRIOR.log_deviation)
        .unwrap()
        .sample(chance);
    let variation: f64 = Normal::new(0.0, RATIO_PRIOR.variation).unwrap().sample(chance);
    let variation = variation.abs();
    let shape = variation.powi(-2);
    let ratios = EXPECTED.map(|_| Gamma::new(shape, mean / shape).unwrap().sample(chance));
    let observed = std::iter::zip(EXPECTED, ratios)
        .map(|(expected, ratio)| Observed {
            // A ratio so small that it is written as 0 gives no event.
            count: Poisson::new(expected * ratio).map_or(0, |law| law.sample(chance) as u64),
            expected,
        })
        .collect();
    (vec![mean, mean * variation, ratios[0], ratios[5]], observed)
}

fn calibrate_ratios(data_sets: usize, prior: RatioPrior, tamper: fn(Observed) -> Observed) -> Ranks {
    simulate_ranks(data_sets, KEEP, 23, |seed| {
        let (truths, observed) = ratios_of_a_family(&mut chance(seed));
        let given: Vec<Observed> = observed.into_iter().map(tamper).collect();
        let family = shrink_ratios(&given, prior, KEEP, seed.wrapping_add(1))?;
        Ok(Replicate {
            truths,
            draws: quantities(&family),
        })
    })
    .unwrap()
}

#[test]
fn the_sampler_of_ratios_is_calibrated() {
    let ranks = calibrate_ratios(data_sets(), RATIO_PRIOR, |observed| observed);
    assert_eq!(fails(&ranks), [] as [usize; 0]);
}

#[test]
fn faults_in_the_sampler_of_ratios_are_found() {
    let wrong_prior = RatioPrior {
        log_mean: -0.5,
        variation: 0.15,
        ..RATIO_PRIOR
    };
    assert!(
        !fails(&calibrate_ratios(200, wrong_prior, |observed| observed)).is_empty(),
        "another prior"
    );
    let off_by_one = |observed: Observed| Observed {
        count: observed.count + 1,
        ..observed
    };
    assert!(
        !fails(&calibrate_ratios(200, RATIO_PRIOR, off_by_one)).is_empty(),
        "one too many"
    );
    let doubled = |observed: Observed| Observed {
        count: 2 * observed.count,
        expected: 2.0 * observed.expected,
    };
    assert!(
        !fails(&calibrate_ratios(200, RATIO_PRIOR, doubled)).is_empty(),
        "the likelihood twice"
    );
}
