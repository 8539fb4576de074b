//! How many there are, from two lists that overlap.

use crate::{Confidence, EstimateError, Interval};

/// What two overlapping lists say about how many there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoLists {
    /// People on at least one list: no estimate, a count.
    pub seen: u64,
    /// How many there are, on a list or on none.
    pub total: f64,
    /// The variance of `total`.
    pub variance: f64,
    /// Where the total may lie; never below `seen`.
    pub interval: Interval,
}

impl TwoLists {
    /// How many stand on neither list.
    pub fn unseen(self) -> f64 {
        self.total - self.seen as f64
    }

    /// The standard error of the total.
    pub fn standard_error(self) -> f64 {
        self.variance.sqrt()
    }
}

/// How many there are, from the sizes of two lists and of their overlap, after Chapman.
///
/// **Formula.** With lists of *a* and *b* people and *m* on both: *N* = (*a* + 1)(*b* + 1)/(*m* + 1) − 1, with variance
/// *V* = (*a* + 1)(*b* + 1)(*a* − *m*)(*b* − *m*) / ((*m* + 1)²(*m* + 2)). The interval is log-normal on the
/// unseen *f* = *N* − *S*, *S* = *a* + *b* − *m*: from *S* + *f*/*C* to *S* + *f* *C*, with
/// *C* = exp(*z* √ln(1 + *V*/*f*²)). So it never lies below the people who were seen.
///
/// **Source.** D. G. Chapman, University of California Publications in Statistics 1 (1951) 131–160; variance: G. A. F. Seber,
/// Biometrika 57 (1970); interval: A. Chao, Biometrics 43 (1987) 783–791.
///
/// **When it fails.** It assumes that being on one list says nothing about being on the other, that everyone has a chance of
/// being on each, that nobody is on a list by mistake and that the same person is recognised on both. Lists that miss the same
/// people (the untreated) make it too low; people wrongly listed, and people not recognised as the same, make it too
/// high. One list wholly inside the other gives *f* = 0 and an interval without width: that says the lists
/// are not two, and [`lists::everything`](crate::lists::everything()) gives no number then. It carries none of these errors in its interval, only chance.
pub fn chapman(
    first: u64,
    second: u64,
    both: u64,
    confidence: Confidence,
) -> Result<TwoLists, EstimateError> {
    if both > first.min(second) {
        return Err(EstimateError::OverlapAboveList);
    }
    let seen = (first - both).saturating_add(second);
    if seen == 0 {
        return Err(EstimateError::Empty);
    }
    let (a, b, m) = (first as f64, second as f64, both as f64);
    let (only_a, only_b) = ((first - both) as f64, (second - both) as f64);
    // (a + 1)(b + 1)/(m + 1) − 1 − (a + b − m), without subtracting large numbers from each other.
    let unseen = only_a * only_b / (m + 1.0);
    let variance = (a + 1.0) * (b + 1.0) * only_a * only_b / ((m + 1.0).powi(2) * (m + 2.0));
    let base = seen as f64;
    let interval = if unseen > 0.0 {
        let spread = (confidence.deviations() * (variance / (unseen * unseen)).ln_1p().sqrt()).exp();
        Interval {
            low: base + unseen / spread,
            high: base + unseen * spread,
        }
    } else {
        Interval {
            low: base,
            high: base,
        }
    };
    Ok(TwoLists {
        seen,
        total: base + unseen,
        variance,
        interval,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

    /// methods.md D2: diabetes in Casale Monferrato (Bruno 1994), lists 1 and 2, as computed by CARE1.
    #[test]
    fn the_golden_numbers_of_diabetes_in_casale_monferrato() {
        let found = chapman(1754, 452, 104 + 18 + 157 + 58, CONFIDENCE).unwrap();
        assert!((found.total - 2_351.115).abs() < 5e-4, "{found:?}");
        assert_eq!(
            (found.interval.low.round(), found.interval.high.round()),
            (2_250.0, 2_478.0)
        );
        assert_eq!(found.seen, 1_869);
        assert!((found.standard_error() - 57.836_893).abs() < 1e-6, "{found:?}");
    }

    /// methods.md 2c, the example of linkage error before its correction.
    #[test]
    fn the_golden_number_of_the_linkage_example() {
        assert!((chapman(800, 600, 380, CONFIDENCE).unwrap().total - 1_262.520).abs() < 5e-4);
    }

    #[test]
    fn lists_that_say_nothing() {
        assert_eq!(chapman(5, 4, 5, CONFIDENCE), Err(EstimateError::OverlapAboveList));
        assert_eq!(chapman(0, 0, 0, CONFIDENCE), Err(EstimateError::Empty));
        let inside = chapman(40, 12, 12, CONFIDENCE).unwrap();
        assert_eq!(
            (inside.total, inside.interval.low, inside.interval.high),
            (40.0, 40.0, 40.0)
        );
        // No overlap at all: finite, and hardly more than a lower bound.
        let apart = chapman(5, 4, 0, CONFIDENCE).unwrap();
        assert_eq!(apart.total, 29.0);
        assert!(apart.interval.high > 90.0 && apart.interval.high.is_finite());
    }

    proptest! {
        /// The rearranged formula is Chapman's, and the interval holds the estimate and no less than was seen.
        #[test]
        fn it_is_the_formula_of_chapman(a in 0..50_000_u64, b in 0..50_000_u64, of in 0.0..=1.0_f64) {
            prop_assume!(a + b > 0);
            let m = (of * a.min(b) as f64) as u64;
            let found = chapman(a, b, m, CONFIDENCE).unwrap();
            let plain = (a + 1) as f64 * (b + 1) as f64 / (m + 1) as f64 - 1.0;
            prop_assert!((found.total - plain).abs() <= 1e-9 * plain.max(1.0));
            prop_assert!(found.interval.contains(found.total));
            prop_assert!(found.interval.low >= found.seen as f64);
            prop_assert!(found.variance >= 0.0 && found.interval.high.is_finite());
        }

        #[test]
        fn it_does_not_matter_which_list_comes_first(a in 1..5_000_u64, b in 1..5_000_u64, of in 0.0..=1.0_f64) {
            let m = (of * a.min(b) as f64) as u64;
            let (one, other) = (chapman(a, b, m, CONFIDENCE).unwrap(), chapman(b, a, m, CONFIDENCE).unwrap());
            prop_assert!((one.total - other.total).abs() < 1e-9 * one.total && one.seen == other.seen);
        }

        #[test]
        fn the_more_they_overlap_the_fewer_there_are(a in 2..5_000_u64, b in 2..5_000_u64, of in 0.0..1.0_f64) {
            let m = (of * (a.min(b) - 1) as f64) as u64;
            let (less, more) = (chapman(a, b, m, CONFIDENCE).unwrap(), chapman(a, b, m + 1, CONFIDENCE).unwrap());
            prop_assert!(more.total < less.total);
        }
    }

    /// The estimator is all but free of bias where its assumptions hold: an expectation summed exactly.
    #[test]
    fn it_is_unbiased_where_its_assumptions_hold() {
        let (people, a, b) = (60_u64, 30_u64, 40_u64);
        // The overlap of two independent lists of fixed size is hypergeometric.
        let choose = |n: u64, k: u64| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        let overlaps = (a + b).saturating_sub(people)..=a.min(b);
        let mean: f64 = overlaps
            .map(|m| {
                let chance = choose(a, m) * choose(people - a, b - m) / choose(people, b);
                chance * chapman(a, b, m, CONFIDENCE).unwrap().total
            })
            .sum();
        assert!((mean - people as f64).abs() < 1e-6, "{mean}");
    }
}
