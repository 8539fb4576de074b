//! Shares: so many of so many.

use crate::beta_quantile::beta_quantile;
use crate::{Confidence, EstimateError, Interval};

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The share itself, from 0 to 1.
    pub value: f64,
    /// Where the share behind it may lie.
    pub interval: Interval,
}

/// A share with the interval of Wilson.
///
/// **Formula.** With *p* = part / whole, *n* = whole and *z* the [deviations](Confidence::deviations):
/// (*p* + *z*²/2*n* ± *z* √(*p*(1 − *p*)/*n* + *z*²/4*n*²)) / (1 + *z*²/*n*), the values that a score test does not refuse.
///
/// **Source.** E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212; the third
/// method in R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, where the golden numbers stand.
///
/// **When it fails.** The people must be independent draws with one chance: where whole groups are missed
/// together (a clinic, a month), the truth varies more than this interval says. On average over all shares it covers
/// as often as it promises, for a single share it may cover somewhat less. It knows nothing of errors in the two counts.
///
/// ```
/// let recorded = estimate::wilson(81, 263, estimate::Confidence::NINETY_FIVE)?;
/// assert_eq!(format!("{:.3} ({:.3} to {:.3})", recorded.value, recorded.interval.low, recorded.interval.high),
///            "0.308 (0.255 to 0.366)");
/// # Ok::<(), estimate::EstimateError>(())
/// ```
pub fn wilson(part: u64, whole: u64, confidence: Confidence) -> Result<Proportion, EstimateError> {
    if whole == 0 {
        return Err(EstimateError::Empty);
    }
    if part > whole {
        return Err(EstimateError::PartAboveWhole);
    }
    let (part_f, n) = (part as f64, whole as f64);
    let (p, z) = (part_f / n, confidence.deviations());
    let square = z * z;
    let centre = (p + square / (2.0 * n)) / (1.0 + square / n);
    let half = z / (1.0 + square / n) * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    // At the ends the bound is exact; arithmetic would leave it a hair beside.
    let low = if part == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if part == whole {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    Ok(Proportion {
        value: p,
        interval: Interval { low, high },
    })
}

/// A proportion with the interval of Jeffreys.
///
/// **Formula.** The quantiles of Beta(*r* + ½, *n* − *r* + ½) at (1 − *level*)/2 and (1 + *level*)/2; the low end is 0 where
/// *r* = 0 and the high end 1 where *r* = *n*.
///
/// **Source.** L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001) 101–133.
///
/// **When it fails.** It holds the truth as often as promised on average over shares, not for every share: near 0 and 1,
/// and in small groups, it may hold it less often.
///
/// **Errors.** An empty group, a part above its whole.
pub fn jeffreys(part: u64, whole: u64, confidence: Confidence) -> Result<Proportion, EstimateError> {
    if whole == 0 {
        return Err(EstimateError::Empty);
    }
    if part > whole {
        return Err(EstimateError::PartAboveWhole);
    }
    let (a, b) = (part as f64 + 0.5, (whole - part) as f64 + 0.5);
    let low = if part == 0 {
        0.0
    } else {
        beta_quantile(a, b, confidence.tail())?
    };
    let high = if part == whole {
        1.0
    } else {
        beta_quantile(a, b, 1.0 - confidence.tail())?
    };
    Ok(Proportion {
        value: part as f64 / whole as f64,
        interval: Interval { low, high },
    })
}

/// The difference between two independent shares, first minus second, as a [`Proportion`] between −1 and 1.
///
/// **Formula.** With the intervals of [`wilson`], *l* to *u*: from *d* − √((*p*₁ − *l*₁)² + (*u*₂ − *p*₂)²) to
/// *d* + √((*u*₁ − *p*₁)² + (*p*₂ − *l*₂)²), where *d* = *p*₁ − *p*₂.
///
/// **Source.** R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10.
///
/// **When it fails.** The people of the two shares must be different people.
///
/// **Errors.** As [`wilson`].
pub fn difference(
    first: (u64, u64),
    second: (u64, u64),
    confidence: Confidence,
) -> Result<Proportion, EstimateError> {
    let (one, two) = (
        wilson(first.0, first.1, confidence)?,
        wilson(second.0, second.1, confidence)?,
    );
    let value = one.value - two.value;
    let below = (one.value - one.interval.low).hypot(two.interval.high - two.value);
    let above = (one.interval.high - one.value).hypot(two.value - two.interval.low);
    Ok(Proportion {
        value,
        interval: Interval {
            low: (value - below).max(-1.0),
            high: (value + above).min(1.0),
        },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

    /// Newcombe 1998, table I, method 3.
    #[test]
    fn the_golden_numbers_of_newcombe() {
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(part, whole, CONFIDENCE).unwrap().interval;
            assert!(
                (found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5,
                "{part}/{whole}: {found:?}"
            );
        }
    }

    /// methods.md D19 (epiR): the interval of 106/1028 after a correction for sensitivity 0.951 and specificity 0.992.
    #[test]
    fn the_golden_numbers_of_epi_r() {
        let found = wilson(106, 1028, CONFIDENCE).unwrap().interval;
        let corrected = |share: f64| (share + 0.992 - 1.0) / (0.951 + 0.992 - 1.0);
        assert!(
            (corrected(found.low) - 0.082_689_7).abs() < 5e-8,
            "{}",
            corrected(found.low)
        );
        assert!(
            (corrected(found.high) - 0.122_168_0).abs() < 5e-8,
            "{}",
            corrected(found.high)
        );
    }

    #[test]
    fn what_is_no_share() {
        assert_eq!(wilson(0, 0, CONFIDENCE), Err(EstimateError::Empty));
        assert_eq!(wilson(3, 2, CONFIDENCE), Err(EstimateError::PartAboveWhole));
    }

    proptest! {
        /// The defining property: at each end the score test just refuses the share.
        #[test]
        fn the_ends_solve_the_score_equation(whole in 1..100_000_u64, of in 0.0..=1.0_f64) {
            let part = (of * whole as f64).round() as u64;
            let found = wilson(part, whole, CONFIDENCE).unwrap();
            let (n, z) = (whole as f64, CONFIDENCE.deviations());
            for end in [found.interval.low, found.interval.high] {
                let distance = (found.value - end).powi(2);
                let allowed = z * z * end * (1.0 - end) / n;
                prop_assert!((distance - allowed).abs() < 1e-9, "{part}/{whole} at {end}");
            }
            prop_assert!(found.interval.contains(found.value));
            prop_assert!(0.0 <= found.interval.low && found.interval.high <= 1.0);
        }

        #[test]
        fn more_recorded_is_a_higher_share(whole in 2..10_000_u64, of in 0.0..1.0_f64) {
            let part = (of * (whole - 1) as f64) as u64;
            let (less, more) = (wilson(part, whole, CONFIDENCE).unwrap(), wilson(part + 1, whole, CONFIDENCE).unwrap());
            prop_assert!(less.interval.low < more.interval.low && less.interval.high < more.interval.high);
        }

        #[test]
        fn more_people_make_it_narrower(part in 0..500_u64, rest in 0..500_u64, times in 2..50_u64) {
            prop_assume!(part + rest > 0);
            let few = wilson(part, part + rest, CONFIDENCE).unwrap().interval.width();
            let many = wilson(part * times, (part + rest) * times, CONFIDENCE).unwrap().interval.width();
            prop_assert!(many < few);
        }

        #[test]
        fn the_other_side_is_the_mirror_image(whole in 1..10_000_u64, of in 0.0..=1.0_f64) {
            let part = (of * whole as f64) as u64;
            let (one, other) = (wilson(part, whole, CONFIDENCE).unwrap(), wilson(whole - part, whole, CONFIDENCE).unwrap());
            prop_assert!((one.interval.low - (1.0 - other.interval.high)).abs() < 1e-12);
        }
    }

    /// Newcombe 1998b, table II: method 10 for 56/70 beside 48/80.
    #[test]
    fn the_golden_difference() {
        let found = difference((56, 70), (48, 80), Confidence::NINETY_FIVE).unwrap();
        assert!((found.value - 0.2).abs() < 1e-12);
        assert!((found.interval.low - 0.0524).abs() < 5e-5, "{found:?}");
        assert!((found.interval.high - 0.3339).abs() < 5e-5, "{found:?}");
    }

    #[test]
    fn jeffreys_reaches_the_ends_where_nobody_or_everybody_has_it() {
        let none = jeffreys(0, 20, Confidence::NINETY_FIVE).unwrap();
        let all = jeffreys(20, 20, Confidence::NINETY_FIVE).unwrap();
        assert_eq!((none.interval.low, all.interval.high), (0.0, 1.0));
        assert!((none.interval.high - (1.0 - all.interval.low)).abs() < 1e-12);
        assert!(
            jeffreys(1, 0, Confidence::NINETY_FIVE).is_err()
                && jeffreys(2, 1, Confidence::NINETY_FIVE).is_err()
        );
    }
}
