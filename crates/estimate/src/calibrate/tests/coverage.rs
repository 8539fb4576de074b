//! Coverage and its exact test.

use proptest::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

use super::near;
use crate::calibrate::{Coverage, clopper_pearson};
use crate::{Confidence, EstimateError, Interval};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

#[test]
fn coverage_and_its_error() {
    let interval = |low, high| Interval { low, high };
    let found = Coverage::of(
        &[1.0, 2.0, 3.0],
        &[interval(0.0, 1.0), interval(2.5, 3.0), interval(0.0, 9.0)],
    )
    .unwrap();
    assert_eq!(found, Coverage { held: 2, runs: 3 });
    near(found.monte_carlo_error().unwrap(), (2.0 / 27.0_f64).sqrt(), 1e-15);
    assert!(matches!(
        Coverage::of(&[1.0], &[]),
        Err(EstimateError::Lengths(_))
    ));
    assert_eq!(Coverage::default().share(), Err(EstimateError::Empty));
}

/// By hand: three throws of a coin, and R's `binom.test(682, 925, p = 0.75)`, whose p value is 0.3825 (Conover's
/// pods of peas).
#[test]
fn the_exact_test() {
    let half = Confidence::new(0.5).unwrap();
    near(Coverage { held: 0, runs: 3 }.p_value(half).unwrap(), 0.25, 1e-12);
    near(Coverage { held: 1, runs: 3 }.p_value(half).unwrap(), 1.0, 1e-12);
    let mendel = Coverage { held: 682, runs: 925 };
    near(
        mendel.p_value(Confidence::new(0.75).unwrap()).unwrap(),
        0.3825,
        5e-5,
    );
    let limits = clopper_pearson(682, 925, CONFIDENCE).unwrap();
    near(limits.low, 0.707_668_3, 5e-7);
    near(limits.high, 0.765_406_6, 5e-7);
    // Intervals that hold the truth nine times in ten do not pass for nineteen in twenty.
    assert!(
        Coverage {
            held: 900,
            runs: 1_000
        }
        .p_value(CONFIDENCE)
        .unwrap()
            < 1e-8
    );
    assert!(
        Coverage {
            held: 948,
            runs: 1_000
        }
        .p_value(CONFIDENCE)
        .unwrap()
            > 0.5
    );
}

proptest! {
    #[test]
    fn exact_limits_leave_the_tails(whole in 1..3_000_u64, of in 0.0..=1.0_f64) {
        let part = (whole as f64 * of) as u64;
        let found = clopper_pearson(part, whole, CONFIDENCE).unwrap();
        let at_most = |share: f64, count: u64| Binomial::new(share, whole).unwrap().cdf(count);
        if part < whole {
            prop_assert!((at_most(found.high, part) - 0.025).abs() < 1e-8, "{}", at_most(found.high, part));
        }
        if part > 0 {
            prop_assert!((1.0 - at_most(found.low, part - 1) - 0.025).abs() < 1e-8);
        }
    }
}
