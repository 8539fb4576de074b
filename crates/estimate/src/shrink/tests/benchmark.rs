//! Groups that are made to agree with a total.

use super::*;
use crate::Posterior;

#[test]
fn groups_add_up_to_their_total() {
    let moved = benchmark_shares(&[0.2, 0.5, 0.0, 1.0], &[100.0, 50.0, 10.0, 5.0], 70.0).unwrap();
    let sum: f64 = moved
        .iter()
        .zip([100.0, 50.0, 10.0, 5.0])
        .map(|(share, whole)| share * whole)
        .sum();
    near(sum, 70.0, 1e-9);
    let odds = |share: f64| share / (1.0 - share);
    near(odds(moved[1]) / odds(moved[0]), odds(0.5) / odds(0.2), 1e-9);
    assert_eq!((moved[2], moved[3]), (0.0, 1.0));
    assert_eq!(
        benchmark_ratios(&[1.0, 2.0], &[10.0, 5.0], 30.0).unwrap(),
        [1.5, 3.0]
    );
    assert_eq!(
        benchmark_shares(&[0.5], &[10.0], 11.0),
        Err(EstimateError::Unreachable)
    );
    assert_eq!(
        benchmark_shares(&[1.0, 0.5], &[10.0, 1.0], 9.0),
        Err(EstimateError::Unreachable)
    );
    assert_eq!(
        benchmark_ratios(&[0.0], &[10.0], 1.0),
        Err(EstimateError::Unreachable)
    );
    assert!(matches!(
        benchmark_shares(&[0.5], &[], 1.0),
        Err(EstimateError::Lengths(_))
    ));
    assert!(matches!(
        benchmark_shares(&[1.5], &[1.0], 1.0),
        Err(EstimateError::OutsideUnit(_))
    ));
}

#[test]
fn every_draw_adds_up_to_its_own_total() {
    let family = shrink_shares(&surgery(), SharePrior::default(), 200, 2).unwrap();
    let wholes: Vec<f64> = surgery().iter().map(|group| group.whole as f64).collect();
    let total = Posterior::from_draws((0..200).map(|draw| 180.0 + f64::from(draw) / 4.0).collect()).unwrap();
    let moved = benchmark_share_draws(&family.groups, &wholes, &total).unwrap();
    for (draw, &total) in total.draws().iter().enumerate() {
        let sum: f64 = moved
            .iter()
            .zip(&wholes)
            .map(|(group, whole)| group.draws()[draw] * whole)
            .sum();
        near(sum, total, 1e-7);
    }
    let short = Posterior::from_draws(vec![200.0]).unwrap();
    assert!(matches!(
        benchmark_share_draws(&family.groups, &wholes, &short),
        Err(EstimateError::Lengths(_))
    ));
}
