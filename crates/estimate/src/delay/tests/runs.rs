//! What runs knew: against the triangle that they would make, against truth, and what is refused.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Poisson};

use super::{SHARES, made, triangles};
use crate::EstimateError;
use crate::delay::{Runs, Snapshot, Triangle, chain_ladder, reverse_hazards};

/// Runs at the end of every period that a triangle knows.
fn every_run(triangle: &Triangle) -> Vec<Snapshot> {
    let sums = triangle.cumulative();
    let known = |at: usize| {
        let found = (0..=at).map(|period| {
            let row = &sums[period];
            row[(at - period).min(row.len() - 1)] as u64
        });
        Snapshot {
            at,
            found: found.collect(),
        }
    };
    (0..triangle.rows().len()).map(known).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// With a run at the end of every period the runs are the triangle, and its growth is the chain ladder's.
    #[test]
    fn a_run_a_period_is_the_triangle(triangle in triangles(1)) {
        let runs = Runs::new(&every_run(&triangle), triangle.delays() - 1).unwrap();
        prop_assert_eq!(&runs, &Runs::from(&triangle));
        let hazards = runs.hazards(0.0).unwrap();
        prop_assert_eq!(&hazards.delays, &reverse_hazards(&triangle, 0.0).unwrap().delays);
        prop_assert!(hazards.dispersion() >= 1.0);
        let ladder = chain_ladder(&triangle).unwrap();
        for (period, growth) in ladder.periods.iter().zip(runs.growth(0.0).unwrap()) {
            prop_assert!((growth.factor - period.ultimate / period.reported).abs() < 1e-9 * growth.factor);
        }
    }
}

/// Two runs of a study with four years behind it, drawn as a table:
///
/// | period | the run before knew | this one knows |
/// |---|---|---|
/// | 0 | 100 | 100 |
/// | 1 | 95 | 100 |
/// | 2 | 60 | 80 |
/// | 3 | – | 50 |
///
/// 20 of 80 came at delay 1, 5 of 100 at delay 2, none of 100 at delay 3. So the last period is 50 · 100/95 · 80/60.
#[test]
fn two_runs_show_every_delay() {
    let two = [
        Snapshot {
            at: 2,
            found: vec![100, 95, 60],
        },
        Snapshot {
            at: 3,
            found: vec![100, 100, 80, 50],
        },
    ];
    let growth = Runs::new(&two, 3).unwrap().growth(0.0).unwrap();
    let factors: Vec<f64> = growth.iter().map(|growth| growth.factor).collect();
    let wanted = [1.0, 1.0, 100.0 / 95.0, 100.0 / 95.0 * 80.0 / 60.0];
    assert!(
        factors
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| (found - wanted).abs() < 1e-12)
    );
    assert_eq!((growth[3].found, growth[3].delay), (50, 0));
    // Relative variance: (5/95)/100 + (20/60)/80.
    let relative: f64 = 5.0 / 95.0 / 100.0 + 20.0 / 60.0 / 80.0;
    assert!((growth[3].standard_error - factors[3] * relative.sqrt()).abs() < 1e-12);
    // Nothing is expected after a longest delay of 1.
    let short = Runs::new(&two, 1).unwrap().growth(0.0).unwrap();
    assert!((short[3].factor - 80.0 / 60.0).abs() < 1e-12 && short[2].factor == 1.0);
    assert_eq!((short[0].found, short[1].found), (100, 100));
}

/// A period between two runs that nobody looked at says nothing; people who are taken away are taken off.
#[test]
fn gaps_and_people_taken_away() {
    let run = |at: usize, found: &[u64]| Snapshot {
        at,
        found: found.to_vec(),
    };
    let gap = [run(2, &[50, 50, 40]), run(4, &[50, 50, 50, 45, 30])];
    let refused = Runs::new(&gap, 2).unwrap().hazards(0.0);
    assert_eq!(refused, Err(EstimateError::NothingReportedBefore { delay: 1 }));
    let fewer = [run(2, &[50, 50, 40]), run(3, &[48, 50, 50, 45])];
    let hazards = Runs::new(&fewer, 3).unwrap().hazards(0.0).unwrap();
    let reports: Vec<u64> = hazards.delays.iter().map(|delay| delay.reports).collect();
    assert_eq!(reports, [10, 0, 0]);
}

/// The standard error of the last period's factor is the spread that it has over repeated chance.
#[test]
fn the_error_of_a_factor_is_its_spread() {
    let mut rng = ChaCha8Rng::seed_from_u64(51);
    let (mut factors, mut errors) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        let (triangle, _) = made(16, 200.0, &SHARES, None, &mut rng);
        let growth = Runs::from(&triangle).growth(0.0).unwrap();
        factors.push(growth[15].factor);
        errors.push(growth[15].standard_error);
    }
    // The standard deviation of 400 numbers is known to 1/√800 = 3.5 % of itself: four of them. The factor's own mean
    // to a twentieth of its spread, beside a bias of the order of its relative variance.
    let (spread, error) = (
        crate::posterior::variance(&factors).sqrt(),
        crate::posterior::mean(&errors),
    );
    assert!((error / spread - 1.0).abs() < 0.14, "{error} {spread}");
    let truth = 1.0 / SHARES[0];
    assert!((crate::posterior::mean(&factors) - truth).abs() < 4.0 * spread / 20.0 + spread.powi(2) / truth);
}

/// Reports in batches of ten vary ten times as much as single ones, and that is seen.
#[test]
fn batches_are_seen() {
    let mut rng = ChaCha8Rng::seed_from_u64(61);
    let mut found = Vec::new();
    for _ in 0..60 {
        let rows = (0..12_usize).map(|period| {
            let mut left = Poisson::new(60.0).unwrap().sample(&mut rng) as u64;
            let shares = [0.5, 0.5, 0.5, 1.0];
            let row = shares.iter().take(12 - period).map(|share| {
                let batches = Binomial::new(left, *share).unwrap().sample(&mut rng);
                left -= batches;
                10 * batches
            });
            row.collect()
        });
        let triangle = Triangle::new(rows.collect()).unwrap();
        found.push(Runs::from(&triangle).hazards(0.0).unwrap().dispersion());
    }
    // Pearson's φ on about 25 degrees of freedom has a relative deviation of √(2/25) = 0.28; the mean of 60, 0.037.
    let mean = crate::posterior::mean(&found);
    assert!((mean / 10.0 - 1.0).abs() < 4.0 * 0.037, "{mean}");
}

#[test]
fn runs_that_say_nothing() {
    let run = |at: usize, periods: usize| Snapshot {
        at,
        found: vec![9; periods],
    };
    let few = |what, needed, found| Err(EstimateError::TooFew { what, needed, found });
    assert_eq!(Runs::new(&[], 2), few("runs", 2, 0));
    assert_eq!(Runs::new(&[run(5, 6)], 2), few("runs", 2, 1));
    assert_eq!(Runs::new(&[run(0, 1), run(1, 2)], 2), few("periods", 3, 2));
    for wrong in [
        [run(3, 4), run(3, 4)],
        [run(4, 5), run(3, 4)],
        [run(3, 4), run(4, 4)],
    ] {
        assert_eq!(Runs::new(&wrong, 2), Err(EstimateError::RunsOutOfOrder));
    }
    assert!(matches!(
        Runs::new(&[run(3, 4), run(4, 5)], 0),
        Err(EstimateError::NotPositive(_))
    ));
    let runs = Runs::new(&[run(3, 4), run(4, 5)], 2).unwrap();
    assert_eq!(runs.hazards(-1.0), Err(EstimateError::Negative));
    // Everything came late: there is no growth from nothing.
    let late = [
        Snapshot {
            at: 2,
            found: vec![5, 5, 0],
        },
        Snapshot {
            at: 3,
            found: vec![5, 5, 5, 0],
        },
    ];
    let reason = Runs::new(&late, 2).unwrap().growth(0.0);
    assert_eq!(reason, Err(EstimateError::NothingReportedBefore { delay: 1 }));
}
