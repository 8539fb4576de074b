//! The samplers of this crate under simulation-based calibration, and faults planted in them, which must be found.
//!
//! `COUNTED_LONG=1` takes a thousand data sets for each sampler.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Gamma, LogNormal, Normal, Poisson};

use super::long;
use crate::calibrate::{Ranks, Replicate, simulate_ranks};
use crate::misclassification::{Reviewer, Stratum, Validation, rogan_gladen_draws, two_phase_draws};
use crate::posterior::chance;
use crate::shrink::{Family, RatioPrior, SharePrior, shrink_ratios, shrink_shares};
use crate::tally::{Observed, Tally};
use crate::{Confidence, EstimateError};

/// Draws kept of each data set.
const KEEP: usize = 99;

fn data_sets() -> usize {
    if long() { 1_000 } else { 200 }
}

/// The quantities that leave the band, at 1 % for all together.
fn fails(ranks: &Ranks) -> Vec<usize> {
    let checks = ranks.check(Confidence::new(0.99).unwrap()).unwrap();
    (0..checks.len())
        .filter(|&quantity| !checks[quantity].passes())
        .collect()
}

/// Sizes of hospitals, from small to large.
const WHOLES: [u64; 6] = [8, 20, 35, 60, 120, 400];

const SHARE_PRIOR: SharePrior = SharePrior {
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

/// Two strata with shares from Jeffreys' prior; truths are the total and the two counts.
fn calibrate_reviews(data_sets: usize, in_truth: Option<[f64; 2]>, believed: &Reviewer) -> Ranks {
    let share = Beta::new(0.5, 0.5).unwrap();
    simulate_ranks(data_sets, KEEP, 29, |seed| {
        let mut chance = chance(seed);
        let mut truths = vec![0.0];
        let mut strata = Vec::new();
        for (people, reviewed) in [(300, 40), (2_000, 60)] {
            let share: f64 = share.sample(&mut chance);
            let among_reviewed = Binomial::new(reviewed, share).unwrap().sample(&mut chance);
            let others = Binomial::new(people - reviewed, share)
                .unwrap()
                .sample(&mut chance);
            let [se, sp] = in_truth.unwrap_or([1.0, 1.0]);
            let rightly = Binomial::new(among_reviewed, se).unwrap().sample(&mut chance);
            let wrongly = Binomial::new(reviewed - among_reviewed, 1.0 - sp)
                .unwrap()
                .sample(&mut chance);
            let with_it = (among_reviewed + others) as f64;
            truths[0] += with_it;
            truths.push(with_it);
            strata.push(Stratum::new(people, reviewed, rightly + wrongly)?);
        }
        let found = two_phase_draws(&strata, believed, KEEP, seed.wrapping_add(1))?;
        let mut draws = vec![found.total.draws().to_vec()];
        draws.extend(found.strata.iter().map(|stratum| stratum.draws().to_vec()));
        Ok(Replicate { truths, draws })
    })
    .unwrap()
}

#[test]
fn reviews_are_calibrated_with_reviewers_who_err_and_who_do_not() {
    let errs = Reviewer::Known {
        sensitivity: 0.95,
        specificity: 0.9,
    };
    assert_eq!(
        fails(&calibrate_reviews(400, None, &Reviewer::Exact)),
        [] as [usize; 0]
    );
    assert_eq!(
        fails(&calibrate_reviews(400, Some([0.95, 0.9]), &errs)),
        [] as [usize; 0]
    );
    let trusted = calibrate_reviews(400, Some([0.95, 0.9]), &Reviewer::Exact);
    assert!(!fails(&trusted).is_empty(), "an erring reviewer who is believed");
}

/// The prior of the flag's model, drawn by rejection: the share uniform, the accuracy weighted by what it tells.
fn calibrate_flags(data_sets: usize, prevalence: Beta<f64>) -> Result<Ranks, EstimateError> {
    let jeffreys = Beta::new(0.5, 0.5).unwrap();
    simulate_ranks(data_sets, KEEP, 31, |seed| {
        let mut chance = chance(seed);
        loop {
            let (se, sp): (f64, f64) = (jeffreys.sample(&mut chance), jeffreys.sample(&mut chance));
            let weight: f64 = rand::RngExt::random(&mut chance);
            if weight > se + sp - 1.0 {
                continue;
            }
            let share = prevalence.sample(&mut chance);
            let binomial =
                |people, share, chance: &mut ChaCha8Rng| Binomial::new(people, share).unwrap().sample(chance);
            let (tp, tn) = (binomial(40, se, &mut chance), binomial(60, sp, &mut chance));
            let flagged = binomial(500, share * se + (1.0 - share) * (1.0 - sp), &mut chance);
            let validation = Validation {
                true_positives: tp,
                false_negatives: 40 - tp,
                false_positives: 60 - tn,
                true_negatives: tn,
            };
            match rogan_gladen_draws(Tally::new(flagged, 500)?, &validation, KEEP, seed.wrapping_add(1)) {
                Ok(found) => {
                    return Ok(Replicate {
                        truths: vec![share],
                        draws: vec![found.draws().to_vec()],
                    });
                }
                // The one truth in some hundred whose validation says nothing: refused, whatever the share.
                Err(EstimateError::Uninformative) => continue,
                Err(error) => return Err(error),
            }
        }
    })
}

#[test]
fn the_sampler_of_flags_is_calibrated() {
    let uniform = Beta::new(1.0, 1.0).unwrap();
    assert_eq!(fails(&calibrate_flags(400, uniform).unwrap()), [] as [usize; 0]);
    let rare = Beta::new(1.0, 3.0).unwrap();
    assert!(
        !fails(&calibrate_flags(400, rare).unwrap()).is_empty(),
        "another prior"
    );
}
