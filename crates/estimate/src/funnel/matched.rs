//! Limits of a funnel where hospitals differ for reasons of their own, by the whole shape of the distribution.

use statrs::function::beta::ln_beta;

use crate::EstimateError;

use super::limits::{binomial_count, check_shares, interpolated, mean_count, poisson_count};

/// Above so many expected events the sums are slow; nobody has a hospital of that size.
const MANY: f64 = 1e6;

/// The share below which a group of `whole` people falls with chance `p`, when the true shares of groups differ around
/// the target with variance `tau_squared`.
///
/// **Formula.** *R* is beta-binomial with mean *θ* and *a* + *b* = *θ*(1 − *θ*)/*τ*² − 1, so that its shares vary by
/// *τ*² beyond chance; limits interpolated as in [`binomial_limit`](super::binomial_limit), which it is where *τ*² = 0.
///
/// **Source.** The beta-binomial of J. G. Skellam, Journal of the Royal Statistical Society B 10 (1948) 257–261, with the
/// variance of D. J. Spiegelhalter (2005, see the [module](super)).
///
/// **When it fails.** The variance is taken as known. Where shares differ so much that no beta distribution has the
/// variance (*τ*² ≥ *θ*(1 − *θ*)), nobody can stand outside, and the limit is 0 or 1.
///
/// **Errors.** As [`binomial_limit`](super::binomial_limit); a variance that is negative or not a number.
pub fn beta_binomial_limit(target: f64, whole: u64, tau_squared: f64, p: f64) -> Result<f64, EstimateError> {
    let count = beta_binomial_count(target, whole, tau_squared, p)?;
    Ok((count / whole as f64).clamp(0.0, 1.0))
}

/// The limit of [`beta_binomial_limit`] as a count, before it is kept within what can be counted.
pub(super) fn beta_binomial_count(
    target: f64,
    whole: u64,
    tau_squared: f64,
    p: f64,
) -> Result<f64, EstimateError> {
    if !(tau_squared >= 0.0 && tau_squared.is_finite()) {
        return Err(EstimateError::NotPositive("a variance between groups"));
    }
    check_shares(target, whole, p)?;
    let strength = target * (1.0 - target) / tau_squared - 1.0;
    // Strengths beyond this give the binomial to the last digit, and differences of huge logarithms give noise.
    if tau_squared == 0.0 || strength > 1e9 {
        return binomial_count(target, whole, p);
    }
    if strength <= 0.0 {
        return Ok(if p < 0.5 { 0.0 } else { whole as f64 });
    }
    let (a, b, n) = (target * strength, (1.0 - target) * strength, whole as f64);
    let none = ln_beta(a, n + b) - ln_beta(a, b);
    let next = |r: f64| (n - r) / (r + 1.0) * (r + a) / (n - r - 1.0 + b);
    Ok(summed(none, next, whole, p))
}

/// The ratio below which a group with this expected count falls with chance `p`, when the true ratios of groups differ
/// around the target with variance `tau_squared`.
///
/// **Formula.** *O* is negative binomial: Poisson with a mean that is gamma distributed, with mean *θE* and variance
/// *τ*²*E*²; limits interpolated as in [`poisson_limit`](super::poisson_limit), which it is where *τ*² = 0.
///
/// **Source.** M. Greenwood and G. U. Yule, Journal of the Royal Statistical Society 83 (1920) 255–279, with the variance
/// of D. J. Spiegelhalter (2005, see the [module](super)).
///
/// **When it fails.** As [`beta_binomial_limit`] and [`poisson_limit`](super::poisson_limit).
///
/// **Errors.** As [`poisson_limit`](super::poisson_limit); a variance that is negative or not a number; more than a million
/// expected.
pub fn negative_binomial_limit(
    target: f64,
    expected: f64,
    tau_squared: f64,
    p: f64,
) -> Result<f64, EstimateError> {
    let count = negative_binomial_count(target, expected, tau_squared, p)?;
    Ok((count / expected).max(0.0))
}

/// The limit of [`negative_binomial_limit`] as a count, before it is kept from falling below 0.
pub(super) fn negative_binomial_count(
    target: f64,
    expected: f64,
    tau_squared: f64,
    p: f64,
) -> Result<f64, EstimateError> {
    if !(tau_squared >= 0.0 && tau_squared.is_finite()) {
        return Err(EstimateError::NotPositive("a variance between groups"));
    }
    let mean = mean_count(target, expected, p)?;
    let shape = target * target / tau_squared;
    if tau_squared == 0.0 || shape > 1e9 {
        return poisson_count(target, expected, p);
    }
    if mean > MANY {
        return Err(EstimateError::NotPositive(
            "the room for an expected count above a million",
        ));
    }
    let rest = mean / (shape + mean);
    let none = shape * (-rest).ln_1p();
    let next = |r: f64| (r + shape) / (r + 1.0) * rest;
    // Forty standard deviations above the mean: no chance that a computer can write lies beyond.
    let deviation = (mean + tau_squared * expected * expected).sqrt();
    let top = (mean + 40.0 * deviation + 50.0).ceil() as u64;
    Ok(summed(none, next, top, p))
}

/// The interpolated quantile of counts, from the logarithm of the chance of 0 and the ratio of each chance to the one
/// before it. Logarithms are added, since the chance of 0 may be too small for a number.
fn summed(none: f64, next: impl Fn(f64) -> f64, top: u64, p: f64) -> f64 {
    let (mut log, mut below) = (none, 0.0);
    for r in 0..top {
        let own = log.exp();
        if below + own >= p {
            return interpolated(|at| if at < r { below } else { below + own }, |_| own, r, p);
        }
        below += own;
        log += next(r as f64).ln();
    }
    top as f64
}
