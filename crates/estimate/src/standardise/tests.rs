//! Golden numbers of methods.md D10, the table of the standard population, and properties.

use proptest::prelude::*;
use statrs::distribution::{DiscreteCDF, Poisson};

use super::*;
use crate::tally::Observed;
use crate::{Confidence, EstimateError};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

/// methods.md D10.
#[test]
fn the_golden_limits_of_a_count() {
    for (count, low, high, digits) in [
        (0, 0.0, 3.688_879_5, 5e-8),
        (1, 0.025_317_808, 5.571_643_4, 5e-8),
        (5, 1.623_486_4, 11.668_332, 5e-7),
        (10, 4.795_388_7, 18.390_356, 5e-7),
        (50, 37.110_964, 65.918_767, 5e-7),
        (100, 81.363_991, 121.626_79, 5e-6),
    ] {
        let found = exact_poisson(count, CONFIDENCE).unwrap();
        near(found.low, low, digits);
        near(found.high, high, digits);
    }
    let found = byar(10, CONFIDENCE);
    // methods.md prints 4.7874497; the formula, evaluated elsewhere too, gives 4.78744991.
    near(found.low, 4.787_449_9, 5e-8);
    near(found.high, 18.391_459, 5e-7);
    assert_eq!(byar(0, CONFIDENCE).low, 0.0);
    // Where one takes over from the other, they agree.
    let (exact, byar) = (
        exact_poisson(1_000_000, CONFIDENCE).unwrap(),
        byar(1_000_000, CONFIDENCE),
    );
    near(exact.low / byar.low, 1.0, 1e-10);
    near(exact.high / byar.high, 1.0, 1e-10);
    assert_eq!(
        exact_poisson(u64::MAX, CONFIDENCE).unwrap().low,
        super::byar(u64::MAX, CONFIDENCE).low
    );
}

#[test]
fn the_standard_population_is_whole() {
    assert_eq!(EUROPEAN_2013.iter().map(|band| band.people).sum::<u32>(), 100_000);
    for pair in EUROPEAN_2013.windows(2) {
        assert_eq!(pair[0].to.map(|to| to + 1), Some(pair[1].from));
    }
    assert_eq!((EUROPEAN_2013[0].from, EUROPEAN_2013[19].to), (0, None));
    // What the Office for National Statistics prints for 90 and over.
    assert_eq!(EUROPEAN_2013[18].people + EUROPEAN_2013[19].people, 1_000);
}

fn bands(rows: &[(u64, f64, f64)]) -> Vec<AgeBand> {
    rows.iter()
        .map(|&(events, people, standard)| AgeBand {
            events,
            people,
            standard,
        })
        .collect()
}

/// Where the standard has the place's own ages, the rate is the crude one and both intervals are exact.
#[test]
fn a_standard_of_the_same_shape() {
    let same = bands(&[(3, 1000.0, 10.0), (12, 2000.0, 20.0), (10, 500.0, 5.0)]);
    let exact = exact_poisson(25, CONFIDENCE).unwrap();
    for method in [DirectMethod::FayFeuer, DirectMethod::Dobson] {
        let found = direct(&same, method, CONFIDENCE).unwrap();
        near(found.rate, 25.0 / 3500.0, 1e-15);
        near(found.interval.low * 3500.0, exact.low, 1e-9);
        near(found.interval.high * 3500.0, exact.high, 1e-9);
    }
}

#[test]
fn rates_by_hand() {
    let unlike = bands(&[(10, 1000.0, 3.0), (40, 1000.0, 1.0)]);
    let gamma = direct(&unlike, DirectMethod::FayFeuer, CONFIDENCE).unwrap();
    near(gamma.rate, 0.75 * 0.01 + 0.25 * 0.04, 1e-15);
    near(gamma.variance, (0.5625 * 10.0 + 0.0625 * 40.0) / 1e6, 1e-15);
    let dobson = direct(&unlike, DirectMethod::Dobson, CONFIDENCE).unwrap();
    assert!(gamma.interval.width() > dobson.interval.width());
}

#[test]
fn what_has_no_rate() {
    let rate =
        |rows: &[(u64, f64, f64)], method| direct(&bands(rows), method, CONFIDENCE).map(|rate| rate.rate);
    assert_eq!(rate(&[], DirectMethod::FayFeuer), Err(EstimateError::Empty));
    assert!(matches!(
        rate(&[(1, 0.0, 1.0)], DirectMethod::FayFeuer),
        Err(EstimateError::NotPositive(_))
    ));
    assert!(matches!(
        rate(&[(1, 9.0, 0.0)], DirectMethod::FayFeuer),
        Err(EstimateError::NotPositive(_))
    ));
    assert!(matches!(
        rate(&[(1, 9.0, f64::NAN)], DirectMethod::FayFeuer),
        Err(EstimateError::NotPositive(_))
    ));
    assert!(matches!(
        rate(&[(0, 9.0, 1.0)], DirectMethod::Dobson),
        Err(EstimateError::NotPositive(_))
    ));
    assert_eq!(rate(&[(0, 9.0, 1.0)], DirectMethod::FayFeuer), Ok(0.0));
    assert!(matches!(
        indirect(
            Observed {
                count: 1,
                expected: 0.0
            },
            CONFIDENCE
        ),
        Err(EstimateError::NotPositive(_))
    ));
}

proptest! {
    /// The defining property: at each end, the count is just as unlikely as the tail allows.
    #[test]
    fn the_ends_leave_the_tails(count in 0..20_000_u64, level in 0.5..0.999_f64) {
        let confidence = Confidence::new(level).unwrap();
        let found = exact_poisson(count, confidence).unwrap();
        let at_most = |mean: f64, count: u64| Poisson::new(mean).unwrap().cdf(count);
        prop_assert!((at_most(found.high, count) - confidence.tail()).abs() < 1e-8);
        if let Some(less) = count.checked_sub(1) {
            prop_assert!((1.0 - at_most(found.low, less) - confidence.tail()).abs() < 1e-8);
        }
    }

    #[test]
    fn the_rate_lies_in_its_interval(
        rows in proptest::collection::vec((0..60_u64, 1.0..1e6_f64, 0.0..1e4_f64), 1..20),
    ) {
        prop_assume!(rows.iter().any(|row| row.2 > 0.0));
        let found = direct(&bands(&rows), DirectMethod::FayFeuer, CONFIDENCE).unwrap();
        prop_assert!(found.interval.contains(found.rate), "{found:?}");
    }

    #[test]
    fn only_the_shape_of_the_standard_counts(events in 0..50_u64, scale in 0.001..1000.0_f64) {
        let rows = [(events, 500.0, 2.0), (events + 3, 900.0, 1.0)];
        let scaled = rows.map(|(events, people, standard)| (events, people, standard * scale));
        let one = direct(&bands(&rows), DirectMethod::FayFeuer, CONFIDENCE).unwrap();
        let other = direct(&bands(&scaled), DirectMethod::FayFeuer, CONFIDENCE).unwrap();
        prop_assert!((one.interval.high - other.interval.high).abs() < 1e-9);
    }
}
