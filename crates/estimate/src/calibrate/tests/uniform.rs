//! The band for uniform ranks, and ranks themselves.

use rand::RngExt;

use super::near;
use crate::calibrate::{Ranks, Replicate, rank, simulate_ranks, simultaneous_band, thin};
use crate::chance::chance_of;
use crate::{Confidence, EstimateError};

fn confidence(level: f64) -> Confidence {
    Confidence::new(level).unwrap()
}

/// Every sequence of ranks listed: two ranks of three possible values.
#[test]
fn the_level_of_a_small_band_by_listing() {
    for level in [0.5, 0.7, 0.9] {
        let band = simultaneous_band(2, 3, confidence(level)).unwrap();
        let inside = (0..9)
            .filter(|pair| {
                let at_or_below = |rank| u64::from(pair / 3 <= rank) + u64::from(pair % 3 <= rank);
                band.leaves(&[at_or_below(0), at_or_below(1)]).is_none()
            })
            .count();
        near(band.level, f64::from(u32::try_from(inside).unwrap()) / 9.0, 1e-12);
        assert!(band.level >= level);
    }
}

/// The chance that uniform ranks stay inside, by simulation: within four Monte-Carlo errors of the level computed.
#[test]
fn the_level_of_a_band_by_simulation() {
    let band = simultaneous_band(150, 50, confidence(0.9)).unwrap();
    let runs = 6_000;
    let mut inside = 0;
    for run in 0..runs {
        let mut chance = chance_of(11, run);
        let mut counts = [0_u64; 50];
        for _ in 0..150 {
            counts[chance.random_range(0..50)] += 1;
        }
        let mut sum = 0;
        let at_or_below: Vec<u64> = counts
            .iter()
            .map(|count| {
                sum += count;
                sum
            })
            .collect();
        inside += u32::from(band.leaves(&at_or_below).is_none());
    }
    let error = (0.9 * 0.1 / runs as f64).sqrt();
    near(f64::from(inside) / runs as f64, band.level, 4.0 * error);
    assert!(band.level >= 0.9 && band.level < 0.92, "{}", band.level);
    // Fifty places together need each to be surer than all.
    assert!(band.pointwise > 0.98, "{}", band.pointwise);
}

#[test]
fn ranks_and_thinning() {
    let draws = [3.0, 1.0, 2.0];
    assert_eq!([0.5, 1.5, 9.0].map(|truth| rank(truth, &draws, 1)), [0, 1, 3]);
    // A truth that equals draws is put among them by chance, evenly.
    let mut counts = [0_u32; 4];
    (0..8_000).for_each(|seed| counts[rank(2.0, &[2.0, 2.0, 2.0], seed)] += 1);
    assert!(
        counts.iter().all(|count| (1_830..=2_170).contains(count)),
        "{counts:?}"
    );
    assert_eq!(thin(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3).unwrap(), [2.0, 4.0, 6.0]);
    assert_eq!(thin(&[1.0, 2.0], 2).unwrap(), [1.0, 2.0]);
    assert!(matches!(thin(&[1.0], 2), Err(EstimateError::TooFew { .. })));
    assert!(matches!(thin(&[1.0], 0), Err(EstimateError::TooFew { .. })));
}

/// Even ranks pass; ranks that heap up at one end, in the middle or at both ends do not.
#[test]
fn shapes_of_ranks() {
    let passes = |shape: fn(f64) -> f64| {
        let mut chance = chance_of(3, 0);
        let ranks = (0..400)
            .map(|_| ((shape(chance.random::<f64>()) * 100.0) as usize).min(99))
            .collect();
        let found = Ranks {
            possible: 100,
            by_quantity: vec![ranks],
        }
        .check(confidence(0.99))
        .unwrap()[0];
        (found.passes(), found.chi_squared_p > 0.01)
    };
    assert_eq!(passes(|u| u), (true, true));
    assert_eq!(passes(|u| u.powf(1.3)), (false, false), "too high");
    assert_eq!(passes(|u| 0.5 + (u - 0.5) * 0.75), (false, false), "too wide");
    let narrow = |u: f64| 0.5 + 0.5 * (2.0 * u - 1.0).signum() * (2.0 * u - 1.0).abs().powf(0.6);
    assert_eq!(passes(narrow), (false, false), "too narrow");
}

#[test]
fn what_cannot_be_checked() {
    assert_eq!(
        simultaneous_band(0, 9, confidence(0.9)),
        Err(EstimateError::Empty)
    );
    assert!(matches!(
        simultaneous_band(9, 1, confidence(0.9)),
        Err(EstimateError::TooFew { .. })
    ));
    let check = |by_quantity: Vec<Vec<usize>>| {
        Ranks {
            possible: 3,
            by_quantity,
        }
        .check(confidence(0.99))
        .map(drop)
    };
    assert_eq!(check(vec![]), Err(EstimateError::Empty));
    assert!(matches!(
        check(vec![vec![3]]),
        Err(EstimateError::Contradiction(_))
    ));
    assert!(matches!(
        check(vec![vec![1], vec![]]),
        Err(EstimateError::Lengths(_))
    ));
    assert_eq!(
        simulate_ranks(0, 9, 1, |_| Err(EstimateError::Empty)),
        Err(EstimateError::Empty)
    );
    assert_eq!(
        simulate_ranks(5, 9, 1, |_| Err(EstimateError::NoSpread)),
        Err(EstimateError::NoSpread)
    );
    let uneven = |_| {
        Ok(Replicate {
            truths: vec![1.0],
            draws: vec![],
        })
    };
    assert!(matches!(
        simulate_ranks(5, 9, 1, uneven),
        Err(EstimateError::Lengths(_))
    ));
}
