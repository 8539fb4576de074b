//! The middle of a list, with an interval that assumes no shape.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::{Confidence, EstimateError, Interval};

/// A median with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Median {
    /// The middle value; the mean of the two middle values of an even number.
    pub value: f64,
    /// Where the median behind it may lie; none where there are too few values (under six for 95 %).
    pub interval: Option<Interval>,
}

/// The median of a list, with the interval between two of its values.
///
/// **Formula.** Of the values in order, the interval runs from the *l*-th to the (*n* + 1 − *l*)-th, with the
/// largest *l* such that a fair coin thrown *n* times shows fewer than *l* heads with a chance of at most the
/// [tail](Confidence::tail). It holds the median behind the list at least as often as promised, whatever the shape.
///
/// **Source.** M. J. Campbell and M. J. Gardner, British Medical Journal 296 (1988) 1454–1456; ranks as in the tables of
/// W. J. Conover, Practical Nonparametric Statistics.
///
/// **When it fails.** The values must be independent draws. Of waits that are still running the list is too short at its
/// long end, and the median too low: then a survival curve is needed. Under six values there is no 95 % interval at all.
pub fn median(values: &[f64], confidence: Confidence) -> Result<Median, EstimateError> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |rank: usize| rank.checked_sub(1).and_then(|index| sorted.get(index)).copied();
    let n = sorted.len();
    // The two middle ranks are one for an odd number. Halves first: the sum of two huge values has no room.
    let (Some(lower), Some(upper)) = (at(n.div_ceil(2)), at(n / 2 + 1)) else {
        return Err(EstimateError::Empty);
    };
    let value = if lower == upper {
        lower
    } else {
        lower / 2.0 + upper / 2.0
    };
    let ends = median_ranks(n, confidence).and_then(|(low, high)| {
        Some(Interval {
            low: at(low)?,
            high: at(high)?,
        })
    });
    Ok(Median {
        value,
        interval: ends,
    })
}

/// The lower median of whole numbers, such as days: always one of the values themselves.
pub fn lower_median(values: &[i64]) -> Option<i64> {
    let mut values = values.to_vec();
    let middle = values.len().checked_sub(1)? / 2;
    let (_, median, _) = values.select_nth_unstable(middle);
    Some(*median)
}

/// The ranks, from 1, between whose values the median of `n` values lies; none where `n` is too small.
pub fn median_ranks(n: usize, confidence: Confidence) -> Option<(usize, usize)> {
    let coin = Binomial::new(0.5, n as u64).ok()?;
    // The smallest number of heads whose chance, with all below it, exceeds the tail: that is `l`.
    let (mut low, mut high) = (0_u64, n as u64);
    while low < high {
        let middle = low + (high - low) / 2;
        if coin.cdf(middle) > confidence.tail() {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let rank = usize::try_from(low).ok()?;
    (rank >= 1 && rank <= n.div_ceil(2)).then_some((rank, n + 1 - rank))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

    /// Campbell and Gardner 1988, table of ranks for 95 % intervals of a median.
    #[test]
    fn the_ranks_of_the_tables() {
        let table = [
            (5, None),
            (6, Some((1, 6))),
            (8, Some((1, 8))),
            (9, Some((2, 8))),
            (10, Some((2, 9))),
            (15, Some((4, 12))),
            (20, Some((6, 15))),
            (30, Some((10, 21))),
            (50, Some((18, 33))),
            (100, Some((40, 61))),
        ];
        for (n, ranks) in table {
            assert_eq!(median_ranks(n, CONFIDENCE), ranks, "{n} values");
        }
    }

    #[test]
    fn medians() {
        let of = |values: &[f64]| median(values, CONFIDENCE).map(|median| median.value);
        assert_eq!(of(&[3.0, 1.0, 2.0]), Ok(2.0));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]), Ok(2.5));
        assert_eq!(of(&[7.0]), Ok(7.0));
        assert_eq!(of(&[f64::MAX, f64::MAX]), Ok(f64::MAX));
        assert_eq!(of(&[]), Err(EstimateError::Empty));
        assert_eq!(of(&[1.0, f64::NAN]), Err(EstimateError::NotFinite));
        let ten = median(&[10., 9., 8., 7., 6., 5., 4., 3., 2., 1.], CONFIDENCE).unwrap();
        assert_eq!(
            ten,
            Median {
                value: 5.5,
                interval: Some(Interval { low: 2.0, high: 9.0 })
            }
        );
        assert_eq!(median(&[1.0, 2.0, 3.0], CONFIDENCE).unwrap().interval, None);
        assert_eq!(
            [lower_median(&[]), lower_median(&[4]), lower_median(&[9, 1, 5, 3])],
            [None, Some(4), Some(3)]
        );
    }

    /// The chance that a coin shows at most `heads` in `n` throws, summed term by term.
    fn at_most(heads: usize, n: usize) -> f64 {
        let mut term = 0.5_f64.powi(n as i32);
        let mut sum = term;
        for k in 0..heads {
            term *= (n - k) as f64 / (k + 1) as f64;
            sum += term;
        }
        sum
    }

    proptest! {
        /// The ranks keep the promise, and one step inwards would break it.
        #[test]
        fn ranks_keep_their_promise(n in 1..800_usize, level in 0.5..0.999_f64) {
            let confidence = Confidence::new(level).unwrap();
            match median_ranks(n, confidence) {
                Some((low, high)) => {
                    prop_assert_eq!(low + high, n + 1);
                    prop_assert!(at_most(low - 1, n) <= confidence.tail() + 1e-12);
                    prop_assert!(low == n.div_ceil(2) || at_most(low, n) > confidence.tail() - 1e-12);
                }
                None => prop_assert!(at_most(0, n) > confidence.tail() - 1e-12),
            }
        }

        #[test]
        fn half_lie_on_either_side(values in proptest::collection::vec(-1e6..1e6_f64, 1..60)) {
            let found = median(&values, CONFIDENCE).unwrap();
            let below = values.iter().filter(|&&value| value < found.value).count();
            let above = values.iter().filter(|&&value| value > found.value).count();
            prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
            prop_assert!(found.interval.is_none_or(|interval| interval.contains(found.value)));
        }

        #[test]
        fn the_lower_median_is_one_of_the_values(values in proptest::collection::vec(-500..500_i64, 1..60)) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            prop_assert_eq!(lower_median(&values), Some(sorted[(sorted.len() - 1) / 2]));
        }
    }
}
