//! The split of a variance, against models whose split is known.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::near;
use crate::EstimateError;
use crate::calibrate::{Decomposition, PickFreeze, first_order, pick_freeze};
use crate::chance::{chance, chance_of};

fn split(rows: usize, model: impl Fn(&[f64]) -> f64 + Sync) -> Decomposition {
    let design = pick_freeze(3, rows, 21, |seeds| {
        let causes: Vec<f64> = seeds
            .iter()
            .map(|&seed| StandardNormal.sample(&mut chance(seed)))
            .collect();
        Ok(model(&causes))
    });
    first_order(&design.unwrap()).unwrap()
}

/// Within four of its own standard errors, which must be small.
fn agrees(found: crate::calibrate::VarianceShare, wanted: f64) {
    assert!(found.error < 0.05, "{found:?}");
    near(found.share, wanted, 4.0 * found.error);
}

#[test]
fn a_sum_has_no_interactions() {
    let found = split(4_000, |x| 3.0 + 2.0 * x[0] + x[1]);
    agrees(found.causes[0], 0.8);
    agrees(found.causes[1], 0.2);
    agrees(found.causes[2], 0.0);
    agrees(found.interactions, 0.0);
    near(found.variance, 5.0, 0.3);
    near(found.totals[0], 0.8, 0.05);
    assert_eq!(found.totals[2], 0.0, "a cause that does nothing");
}

/// x + y + xy: a third each, and a third that is nobody's alone.
#[test]
fn a_product_has() {
    let found = split(12_000, |x| x[0] + x[1] + x[0] * x[1]);
    agrees(found.causes[0], 1.0 / 3.0);
    agrees(found.causes[1], 1.0 / 3.0);
    agrees(found.interactions, 1.0 / 3.0);
    near(found.totals[0], 2.0 / 3.0, 0.06);
    let sum: f64 = found.causes.iter().map(|cause| cause.share).sum();
    near(sum + found.interactions.share, 1.0, 1e-12);
}

/// Rows are run side by side and stand in order, and the first that fails says why.
#[test]
fn rows_stand_in_order() {
    let (causes, rows, seed) = (3, 200, 5);
    // The seeds themselves, in a result that tells them apart.
    let run = |seeds: &[u64]| -> f64 { seeds.iter().map(|seed| (seed >> 12) as f64).sum() };
    let found = pick_freeze(causes, rows, seed, |seeds| Ok(run(seeds))).unwrap();
    let firsts: Vec<u64> = (0..rows)
        .map(|row| {
            let mut chance = chance_of(seed, row as u64);
            let all: Vec<u64> = (0..2 * causes).map(|_| chance.random()).collect();
            let (base, other) = all.split_at(causes);
            assert_eq!((found.base[row], found.other[row]), (run(base), run(other)));
            for (cause, fresh) in other.iter().enumerate() {
                let mut mixed = base.to_vec();
                mixed[cause] = *fresh;
                assert_eq!(found.mixed[cause][row], run(&mixed));
            }
            base[0]
        })
        .collect();
    let failed = pick_freeze(causes, rows, seed, |seeds| {
        match firsts.iter().position(|first| *first == seeds[0]) {
            Some(row) if row >= 50 => Err(EstimateError::NotReviewed(row)),
            _ => Ok(1.0),
        }
    });
    assert_eq!(failed, Err(EstimateError::NotReviewed(50)));
}

/// The stated error is that of the estimate: over repetitions the standardised distance has the spread it should.
#[test]
fn the_error_is_honest() {
    let distances: Vec<f64> = (0..120)
        .map(|seed| {
            let design = pick_freeze(2, 300, seed, |seeds| {
                let draw = |seed| -> f64 { StandardNormal.sample(&mut chance(seed)) };
                Ok(draw(seeds[0]) + draw(seeds[1]))
            });
            let found = first_order(&design.unwrap()).unwrap().causes[0];
            (found.share - 0.5) / found.error
        })
        .collect();
    near(crate::posterior::variance(&distances).sqrt(), 1.0, 0.25);
}

#[test]
fn what_cannot_be_split() {
    let design = |base: &[f64], other: &[f64], mixed: &[f64]| PickFreeze {
        base: base.to_vec(),
        other: other.to_vec(),
        mixed: vec![mixed.to_vec()],
    };
    let error = |design| first_order(&design).unwrap_err();
    assert!(matches!(
        error(design(&[1.0], &[1.0], &[1.0])),
        EstimateError::TooFew { .. }
    ));
    assert!(matches!(
        error(design(&[1.0, 2.0], &[1.0], &[1.0])),
        EstimateError::Lengths(_)
    ));
    assert!(matches!(
        error(design(&[1.0; 2], &[1.0; 2], &[1.0; 2])),
        EstimateError::NotPositive(_)
    ));
    assert_eq!(
        error(design(&[1.0, f64::NAN], &[1.0; 2], &[1.0; 2])),
        EstimateError::NotFinite
    );
    let none = PickFreeze {
        base: vec![1.0, 2.0],
        other: vec![1.0, 2.0],
        mixed: vec![],
    };
    assert_eq!(error(none), EstimateError::Empty);
}
