//! Exact limits of a funnel, interpolated so that they fall smoothly as hospitals grow.

use statrs::distribution::{Binomial, ContinuousCDF, Discrete, DiscreteCDF, Normal, Poisson};

use crate::EstimateError;

/// Above so many expected events sums of single chances are slow, and the expansion agrees with them to seven digits.
const MANY: f64 = 1e6;

/// The share below which a group of `whole` people falls with chance `p` when its true share is the target.
///
/// **Formula.** *y* = (*r* − *α*)/*n*, where *r* is the smallest count with *P*(*R* ≤ *r*) ≥ *p* under
/// Binomial(*n*, *θ*) and *α* = (*P*(*R* ≤ *r*) − *p*)/*P*(*R* = *r*); kept within 0 and 1. Where *r* = *n*, chance alone gives everybody
/// more often than 1 − *p*, so the limit is 1 and not moved back: nobody stands above it.
///
/// **Source.** D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185–1202.
///
/// **When it fails.** It knows chance only; see [`Spread`](super::Spread) for more.
///
/// **Errors.** A target or chance not strictly between 0 and 1, an empty group.
pub fn binomial_limit(target: f64, whole: u64, p: f64) -> Result<f64, EstimateError> {
    Ok((binomial_count(target, whole, p)? / whole as f64).clamp(0.0, 1.0))
}

/// Refuses what a funnel of shares cannot be asked.
pub(super) fn check_shares(target: f64, whole: u64, p: f64) -> Result<(), EstimateError> {
    if whole == 0 {
        return Err(EstimateError::Empty);
    }
    if !(target > 0.0 && target < 1.0 && p > 0.0 && p < 1.0) {
        return Err(EstimateError::OutsideUnit("a target and a chance"));
    }
    Ok(())
}

/// The limit of [`binomial_limit`] as a count, before it is kept within what can be counted.
pub(super) fn binomial_count(target: f64, whole: u64, p: f64) -> Result<f64, EstimateError> {
    check_shares(target, whole, p)?;
    let law = Binomial::new(target, whole)
        .map_err(|_| EstimateError::OutsideUnit("the target of a funnel of shares"))?;
    if law.cdf(whole - 1) < p {
        return Ok(whole as f64);
    }
    Ok(interpolated(|r| law.cdf(r), |r| law.pmf(r), whole, p))
}

/// The ratio below which a group with this expected count falls with chance `p` when its true ratio is the target.
///
/// **Formula.** As [`binomial_limit`], under Poisson(*θE*) and divided by *E*; never below 0.
///
/// **Source.** D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185–1202.
///
/// **When it fails.** It knows chance only, and takes the expected count as known.
///
/// **Errors.** A target or expected count that is not above 0, a chance not strictly between 0 and 1.
pub fn poisson_limit(target: f64, expected: f64, p: f64) -> Result<f64, EstimateError> {
    Ok((poisson_count(target, expected, p)? / expected).max(0.0))
}

/// The mean of the count at the target; refuses what a funnel of ratios cannot be asked.
pub(super) fn mean_count(target: f64, expected: f64, p: f64) -> Result<f64, EstimateError> {
    if !(p > 0.0 && p < 1.0) {
        return Err(EstimateError::OutsideUnit("a chance"));
    }
    let rate = target * expected;
    if !(target > 0.0 && expected > 0.0 && rate.is_finite()) {
        return Err(EstimateError::NotPositive("a target and an expected count"));
    }
    Ok(rate)
}

/// The limit of [`poisson_limit`] as a count, before it is kept from falling below 0.
pub(super) fn poisson_count(target: f64, expected: f64, p: f64) -> Result<f64, EstimateError> {
    let rate = mean_count(target, expected, p)?;
    if rate > MANY {
        return Ok(smooth_poisson(rate, p));
    }
    let law = Poisson::new(rate).map_err(|_| EstimateError::NotPositive("a target and an expected count"))?;
    // Forty standard deviations above the mean: no chance that a computer can write lies beyond.
    let top = (rate + 40.0 * rate.sqrt() + 50.0).ceil() as u64;
    Ok(interpolated(|r| law.cdf(r), |r| law.pmf(r), top, p))
}

/// The interpolated quantile of a large Poisson count: the normal one, with the first term for its lopsidedness (E.
/// A. Cornish and R. A. Fisher 1938) and half a count for its steps.
fn smooth_poisson(rate: f64, p: f64) -> f64 {
    let z = Normal::standard().inverse_cdf(p);
    rate + z * rate.sqrt() + (z * z - 1.0) / 6.0 - 0.5
}

/// The smallest count in 0..=`top` whose cumulative chance reaches `p`, moved back by the part of its own chance that
/// was not needed.
pub(super) fn interpolated(
    cumulative: impl Fn(u64) -> f64,
    chance: impl Fn(u64) -> f64,
    top: u64,
    p: f64,
) -> f64 {
    let (mut low, mut high) = (0, top);
    while low < high {
        let middle = low + (high - low) / 2;
        if cumulative(middle) >= p {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let back = (cumulative(low) - p) / chance(low);
    // Far out in a tail both are smaller than arithmetic can tell apart; the whole count is then the limit.
    low as f64 - if back.is_finite() { back } else { 0.0 }
}
