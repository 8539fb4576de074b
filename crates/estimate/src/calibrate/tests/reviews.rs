//! The samplers of chart reviews and flags under simulation-based calibration, and faults planted in them.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution};

use super::samplers::{KEEP, SHARE_PRIOR, data_sets, fails};
use crate::EstimateError;
use crate::calibrate::{Ranks, Replicate, simulate_ranks};
use crate::chance::chance;
use crate::misclassification::{
    Reviewer, Stratum, Validation, hospital_draws, rogan_gladen_draws, two_phase_draws,
};
use crate::shrink::SharePrior;
use crate::tally::Tally;

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

/// Five hospitals, three of which review charts; truths are the total and the deviation between hospitals.
fn calibrate_hospitals(data_sets: usize, believed: SharePrior) -> Ranks {
    simulate_ranks(data_sets, KEEP, 37, |seed| {
        let mut chance = chance(seed);
        let beta = |shapes: [f64; 2]| Beta::new(shapes[0], shapes[1]).unwrap();
        let mean = beta(SHARE_PRIOR.mean).sample(&mut chance);
        let spread: f64 = beta(SHARE_PRIOR.spread).sample(&mut chance);
        let sum = 1.0 / (spread * spread) - 1.0;
        let (mut total, mut hospitals) = (0, Vec::new());
        for (people, charts) in [(80, 30), (150, 30), (40, 20), (90, 0), (200, 0)] {
            let share = beta([mean * sum, (1.0 - mean) * sum]).sample(&mut chance);
            let confirmed = Binomial::new(charts, share).unwrap().sample(&mut chance);
            total += confirmed + Binomial::new(people - charts, share).unwrap().sample(&mut chance);
            hospitals.push(Stratum::new(people, charts, confirmed)?);
        }
        let found = hospital_draws(&hospitals, believed, KEEP, seed.wrapping_add(1))?;
        Ok(Replicate {
            truths: vec![total as f64, spread * (mean * (1.0 - mean)).sqrt()],
            draws: vec![found.total.draws().to_vec(), found.between.draws().to_vec()],
        })
    })
    .unwrap()
}

#[test]
fn charts_of_some_hospitals_are_calibrated() {
    assert_eq!(
        fails(&calibrate_hospitals(data_sets(), SHARE_PRIOR)),
        [] as [usize; 0]
    );
    let alike = SharePrior {
        spread: [1.0, 60.0],
        ..SHARE_PRIOR
    };
    assert!(
        !fails(&calibrate_hospitals(200, alike)).is_empty(),
        "hospitals taken as alike"
    );
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
