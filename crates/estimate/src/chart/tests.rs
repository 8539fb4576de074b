//! Golden numbers of methods.md D11, drawn runs, and what has no limits.

use proptest::prelude::*;

use super::*;
use crate::tally::{Observed, Tally};

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

/// methods.md D11.
#[test]
fn the_golden_numbers_of_single_values() {
    let found = xmr(&[42., 38., 45., 51., 47., 40., 44., 39., 48., 46., 60., 43.]).unwrap();
    near(found.chart.centre, 45.25, 0.0);
    near(found.mean_moving_range, 7.181_818_2, 5e-8);
    near(found.chart.points[0].low, 26.146_364, 5e-7);
    near(found.chart.points[11].high, 64.353_636, 5e-7);
    near(found.moving_range_limit, 23.463, 5e-4);
}

/// methods.md D11.
fn twelve_months() -> Vec<Tally> {
    let wholes = [500, 520, 480, 510, 530, 495, 505, 515, 490, 525, 500, 510];
    let parts = [200, 215, 190, 230, 222, 180, 210, 221, 188, 236, 199, 205];
    wholes
        .iter()
        .zip(parts)
        .map(|(&whole, part)| Tally::new(part, whole).unwrap())
        .collect()
}

#[test]
fn the_golden_numbers_of_shares() {
    let found = laney_p_chart(&twelve_months()).unwrap();
    near(found.chart.centre, 0.410_526_32, 5e-9);
    near(found.sigma_z, 1.493_081_9, 5e-8);
    near(found.chart.points[0].low, 0.311_984_04, 5e-9);
    near(found.chart.points[0].high, 0.509_068_59, 5e-9);
    let plain = p_chart(&twelve_months()).unwrap();
    near(
        plain.points[0].sigma * found.sigma_z,
        found.chart.points[0].sigma,
        1e-15,
    );
}

#[test]
fn rates_over_an_exposure() {
    let months: Vec<_> = (0..12)
        .map(|month| Observed::new(8 + month % 3, 100.0).unwrap())
        .collect();
    let found = u_chart(&months).unwrap();
    near(found.centre, 0.09, 1e-15);
    near(found.points[0].high, 0.09 + 3.0 * 0.03, 1e-15);
    near(found.points[0].low, 0.0, 0.0);
}

/// A chart whose points lie so many standard deviations from the centre.
fn drawn(z: &[f64]) -> ControlChart {
    ControlChart::new(
        10.0,
        z.iter().map(|z| (10.0 + 2.0 * z, 2.0)),
        f64::NEG_INFINITY,
        f64::INFINITY,
    )
}

const ALL: [Rule; 6] = [
    Rule::BeyondThree,
    Rule::TwoOfThreeBeyondTwo,
    Rule::FourOfFiveBeyondOne,
    Rule::EightOnOneSide,
    Rule::SixRisingOrFalling,
    Rule::FifteenCloseToCentre,
];

#[test]
fn runs_and_what_they_say() {
    let says = |z: &[f64]| -> Vec<(usize, Rule)> {
        signals(&drawn(z), &ALL)
            .into_iter()
            .map(|signal| (signal.point, signal.rule))
            .collect()
    };
    assert_eq!(says(&[0.1, -0.2, 3.1, 0.2]), [(2, Rule::BeyondThree)]);
    assert_eq!(says(&[0.1, -0.2, 2.9, 0.2]), []);
    assert_eq!(says(&[2.1, -0.2, 2.2, -0.3]), [(2, Rule::TwoOfThreeBeyondTwo)]);
    // On two sides it says nothing.
    assert_eq!(says(&[2.1, -2.1, 0.0]), []);
    assert_eq!(
        says(&[-1.1, -1.2, 0.5, -1.1, -1.3]),
        [(4, Rule::FourOfFiveBeyondOne)]
    );
    let (low, high) = ([-0.1, -0.5].repeat(4), [0.3, 0.5].repeat(4));
    assert_eq!(says(&low), [(7, Rule::EightOnOneSide)]);
    assert_eq!(says(&high[..7]), []);
    // A point on the centre line breaks the run.
    assert_eq!(says(&[0.1, 0.5, 0.1, 0.5, 0.0, 0.5, 0.1, 0.5]), []);
    assert_eq!(
        says(&[-1.0, -0.8, -0.5, 0.2, 0.6, 0.9]),
        [(5, Rule::SixRisingOrFalling)]
    );
    assert_eq!(
        says(&[1.0, 0.8, 0.5, -0.2, -0.6, -0.9])[0].1,
        Rule::SixRisingOrFalling
    );
    assert_eq!(says(&[-1.0, -0.8, -0.5, -0.5, 0.6, 0.9]), []);
    let close = [0.4, -0.4].repeat(8);
    assert_eq!(says(&close[..15]), [(14, Rule::FifteenCloseToCentre)]);
    assert_eq!(signals(&drawn(&close), &[Rule::BeyondThree]), []);
}

/// The patterns as the NHS tool reads them; by hand.
#[test]
fn the_rules_of_making_data_count() {
    let says = |z: &[f64]| -> Vec<(usize, Rule)> {
        signals(&drawn(z), &MAKING_DATA_COUNT)
            .into_iter()
            .map(|signal| (signal.point, signal.rule))
            .collect()
    };
    let (six, seven) = ([0.3, 0.5].repeat(3), [&[0.3, 0.5].repeat(3)[..], &[0.3]].concat());
    assert_eq!(says(&six), []);
    assert_eq!(says(&seven), [(6, Rule::SevenOnOneSide)]);
    let rising = [-1.5, -1.0, -0.5, 0.1, 0.5, 1.0, 1.5];
    assert_eq!(says(&rising[..6]), []);
    assert_eq!(says(&rising), [(6, Rule::SevenRisingOrFalling)]);
    // Two of three near a limit say something only if the third lies on their side, wherever it stands.
    for near in [[2.1, 0.4, 2.2], [0.4, 2.1, 2.2], [2.1, 2.2, 0.4]] {
        assert_eq!(says(&near), [(2, Rule::TwoOfThreeNearLimit)]);
    }
    assert_eq!(says(&[2.1, -0.4, 2.2]), []);
    assert_eq!(says(&[2.1, 0.0, 2.2]), []);
    // Beyond a limit is not near it.
    assert_eq!(says(&[3.1, 0.4, 2.2]), [(0, Rule::BeyondThree)]);
}

/// By hand: see the ranges in the test; those of the leap are above 3.267 times the mean of all, and the others are 1.
#[test]
fn a_leap_does_not_widen_the_limits_when_screened() {
    let mut values: Vec<f64> = [10.0, 11.0].repeat(6);
    values.insert(6, 31.0);
    let plain = xmr(&values).unwrap();
    near(plain.mean_moving_range, 51.0 / 12.0, 1e-12);
    let screened = xmr_screened(&values).unwrap();
    near(screened.mean_moving_range, 1.0, 1e-12);
    near(screened.chart.points[0].sigma, 2.66 / 3.0, 1e-12);
    near(screened.chart.centre, plain.chart.centre, 0.0);
}

#[test]
fn what_has_no_limits() {
    let few = xmr(&[1.0, 2.0, 3.0]);
    assert_eq!(
        few,
        Err(EstimateError::TooFew {
            what: "points in time",
            needed: FEWEST_POINTS,
            found: 3
        })
    );
    assert_eq!(
        few.unwrap_err().to_string(),
        "10 points in time or more are needed, and there are 3"
    );
    assert!(matches!(xmr(&[4.0; 12]), Err(EstimateError::NotPositive(_))));
    assert_eq!(xmr(&[f64::NAN; 12]), Err(EstimateError::NotFinite));
    let none = vec![Tally { part: 0, whole: 9 }; 12];
    assert!(matches!(p_chart(&none), Err(EstimateError::NotPositive(_))));
    assert!(matches!(
        laney_p_chart(&[Tally { part: 4, whole: 9 }; 12]),
        Err(EstimateError::NotPositive(_))
    ));
    let mut gap = twelve_months();
    gap[3] = Tally { part: 0, whole: 0 };
    assert_eq!(p_chart(&gap), Err(EstimateError::Empty));
    assert!(matches!(
        u_chart(
            &[Observed {
                count: 0,
                expected: 3.0
            }; 12]
        ),
        Err(EstimateError::NotPositive(_))
    ));
    assert_eq!(signals(&drawn(&[]), &ALL), []);
}

proptest! {
    /// Turning a chart upside down turns every signal over.
    #[test]
    fn upside_down(z in proptest::collection::vec(-4.0..4.0_f64, 0..40)) {
        let turned: Vec<f64> = z.iter().map(|z| -z).collect();
        let one = signals(&drawn(&z), &ALL);
        let other = signals(&drawn(&turned), &ALL);
        prop_assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!((one.point, one.rule), (other.point, other.rule));
            prop_assert_eq!(one.upwards, other.upwards.map(|upwards| !upwards));
        }
    }

    #[test]
    fn limits_hold_the_centre(values in proptest::collection::vec(-1e6..1e6_f64, 10..60)) {
        let found = xmr(&values).unwrap();
        prop_assert!(found.chart.points.iter().all(|point| point.low < found.chart.centre && found.chart.centre < point.high));
    }
}
