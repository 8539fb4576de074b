//! A floor: how many there are at least, from who stands on one list and who on two.

use super::{Distribution, Histories, histories::Count};
use crate::{Confidence, EstimateError, Interval};

/// A lower bound of how many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct ChaoBound {
    /// People on at least one list.
    pub seen: f64,
    /// At least so many, on a list or on none.
    pub total: f64,
    /// The variance of `total`.
    pub variance: f64,
    /// Where that bound may lie: an interval of the bound, not of the number.
    pub interval: Interval,
    /// The bound as a distribution.
    pub distribution: Distribution,
}

/// Chao's lower bound of how many there are.
///
/// **Formula.** With *f*₁ people on exactly one of *t* lists and *f*₂ on exactly two: *N* ≥ *S* + *k* *f*₁²/(2*f*₂), *k* = (*t* −
/// 1)/*t*, with variance *f*₂(*k* *r*²/2 + *k*² *r*³ + *k*² *r*⁴/4), *r* = *f*₁/*f*₂. Where nobody is on exactly two:
/// *k* *f*₁(*f*₁ − 1)/2, with variance *k* *f*₁(*f*₁ − 1)/2 + *k*² *f*₁(2*f*₁ − 1)²/4 − *k*² *f*₁⁴/(4*N*). The interval is log-normal
/// on the unseen.
///
/// **Source.** A. Chao, Biometrics 43 (1987) 783–791 and 45 (1989) 427–438; the factor for few occasions and the case
/// *f*₂ = 0: A. Chao, "Species estimation and applications", Encyclopedia of Statistical Sciences (2005).
///
/// **When it fails.** It is a bound where people differ in how likely they are to be listed, for lists of about the same
/// size and independent for each person. With lists of very different size and people who do not differ it can lie a little
/// above the truth (0.8 % in our simulation); lists that share people make it too low, lists that avoid
/// each other's people too high.
///
/// **Errors** with one list, an empty list, or nobody on two.
pub fn chao_bound<C: Count>(
    histories: &Histories<C>,
    confidence: Confidence,
) -> Result<ChaoBound, EstimateError> {
    histories.overlapping(2)?;
    let lists = histories.lists() as f64;
    let (seen, once, twice) = (
        histories.people(),
        histories.on_exactly(1),
        histories.on_exactly(2),
    );
    let factor = (lists - 1.0) / lists;
    let (unseen, variance) = if twice > 0.0 {
        let ratio = once / twice;
        let (square, factor_square) = (ratio * ratio, factor * factor);
        let spread =
            factor / 2.0 * square + factor_square * square * ratio + factor_square / 4.0 * square * square;
        (factor * once * ratio / 2.0, twice * spread)
    } else {
        let unseen = factor * (once * (once - 1.0)).max(0.0) / 2.0;
        let fourth = factor * factor * once.powi(4) / (4.0 * (seen + unseen));
        let third = factor * factor * once * (2.0 * once - 1.0).powi(2) / 4.0;
        (unseen, (unseen + third - fourth).max(0.0))
    };
    let distribution = Distribution::log_normal(seen, unseen, variance);
    Ok(ChaoBound {
        seen,
        total: seen + unseen,
        variance,
        interval: distribution.interval(confidence),
        distribution,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ListsError, Repeated, samples::hiv};
    use super::*;

    const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

    /// Worked by hand: *f*₁ = 1,774, *f*₂ = 115, *S* = 1,896, *k* = 3/4.
    #[test]
    fn the_formula_on_hiv_in_rome() {
        let found = chao_bound(&hiv(), CONFIDENCE).unwrap();
        assert!((found.total - (1_896.0 + 0.75 * 1_774.0_f64.powi(2) / 230.0)).abs() < 1e-9);
        assert!(found.interval.contains(found.total) && found.interval.low > 1_896.0);
    }

    /// With two lists of the same size it is Petersen's estimate, *n*²/*m*.
    #[test]
    fn two_equal_lists_are_petersens_estimate() {
        let two =
            Histories::from_rows(["A", "B"], [(1, 60_u64), (2, 60), (3, 40)], Repeated::Refuse).unwrap();
        let found = chao_bound(&two, CONFIDENCE).unwrap();
        assert!((found.total - 100.0 * 100.0 / 40.0).abs() < 1e-9, "{found:?}");
    }

    /// The variance is the delta method's: slopes along *f*₁ and *f*₂, found by differences, and the chance to be missed.
    #[test]
    fn the_variance_is_that_of_the_delta_method() {
        let (once, twice, factor) = (300.0_f64, 90.0_f64, 2.0 / 3.0);
        let unseen = |once: f64, twice: f64| factor * once * once / (2.0 * twice);
        let step = 1e-4;
        let by_once = (unseen(once + step, twice) - unseen(once - step, twice)) / (2.0 * step);
        let by_twice = (unseen(once, twice + step) - unseen(once, twice - step)) / (2.0 * step);
        let both = once * by_once * by_once + twice * by_twice * by_twice;
        // A multinomial of N people: Σ f (∂f₀)² over the two counts, and f₀ itself.
        let rows = [
            (1, 100_u64),
            (2, 100),
            (4, 100),
            (3, 30),
            (5, 30),
            (6, 30),
            (7, 12),
        ];
        let table = Histories::from_rows(["A", "B", "C"], rows, Repeated::Refuse).unwrap();
        let found = chao_bound(&table, CONFIDENCE).unwrap();
        assert!(
            (found.variance - (both + found.total - found.seen)).abs() < 1e-3 * found.variance,
            "{} {both}",
            found.variance
        );
    }

    #[test]
    fn nobody_on_exactly_two_lists() {
        let rows = [(1, 10_u64), (2, 8), (4, 9), (7, 2)];
        let table = Histories::from_rows(["A", "B", "C"], rows, Repeated::Refuse).unwrap();
        let found = chao_bound(&table, CONFIDENCE).unwrap();
        assert!((found.total - (29.0 + 2.0 / 3.0 * 27.0 * 26.0 / 2.0)).abs() < 1e-9);
        assert!(found.interval.high.is_finite() && found.variance > 0.0);
    }

    #[test]
    fn lists_that_say_nothing() {
        let alone = Histories::from_rows(["A"], [(1, 10_u64)], Repeated::Refuse).unwrap();
        assert_eq!(chao_bound(&alone, CONFIDENCE), Err(ListsError::OneList.into()));
        let apart = Histories::from_rows(["A", "B"], [(1, 10_u64), (2, 4)], Repeated::Refuse).unwrap();
        assert_eq!(chao_bound(&apart, CONFIDENCE), Err(ListsError::NoOverlap.into()));
        let inside = Histories::from_rows(["A", "B"], [(3, 4_u64)], Repeated::Refuse).unwrap();
        let found = chao_bound(&inside, CONFIDENCE).unwrap();
        assert_eq!((found.total, found.interval.high), (4.0, 4.0));
    }
}
