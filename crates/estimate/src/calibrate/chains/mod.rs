//! Markov chains: have they mixed, and how many independent draws are they worth?
//!
//! Each figure looks at several chains of one quantity, each split in half, so that a drift within a chain shows as
//! a difference between halves.
//!
//! **Source.** A. Vehtari, A. Gelman, D. Simpson, B. Carpenter and P.-C. Bürkner, Rank-normalization, folding, and
//! localization: an improved R̂ for assessing convergence of MCMC, Bayesian Analysis 16 (2021) 667–718.
//!
//! **When it fails.** All chains stuck in one place look mixed: start them far apart. Rule of the source: trust a
//! chain when R̂ ≤ 1.01 and both effective sizes are above 100 for each chain.

mod autocorrelation;
mod scale;

use statrs::distribution::{ContinuousCDF, Normal};

use self::autocorrelation::effective_size;
use self::scale::{folded, rank_normalised, split};
use crate::EstimateError;
use crate::beta_quantile::beta_quantile;
use crate::posterior::{mean, quantile, variance};

/// The fewest draws in a chain: with less, half a chain has no autocorrelation worth the name.
pub const FEWEST_DRAWS: usize = 8;

/// R̂: how much wider all chains together are than each alone; 1 when they have mixed.
///
/// **Formula.** √(((*n* − 1)/*n* *W* + *B*/*n*)/*W*) with *W* the mean of the variances within the split chains and
/// *B*/*n* the variance of their means, once on rank-normalised draws and once on those folded around their median
/// (which sees chains that differ in spread); the larger of both.
///
/// **Source.** Vehtari and others 2021, sections 4.1 and 4.2.
///
/// **When it fails.** See the [module](self).
///
/// **Errors.** No chain, chains that differ in length or hold fewer than [`FEWEST_DRAWS`], a draw that is not a
/// number, draws that are all equal.
pub fn r_hat(chains: &[Vec<f64>]) -> Result<f64, EstimateError> {
    check(chains)?;
    let halves = split(chains);
    let plain = rank_normalised(&halves);
    let spread = rank_normalised(&folded(&halves));
    Ok(potential_reduction(&plain).max(potential_reduction(&spread)))
}

/// The number of independent draws that the middle of the distribution is known as well as from (bulk effective
/// sample size).
///
/// **Formula.** *mn*/*τ* on rank-normalised split chains, *τ* = −1 + 2Σ*P̂* with *P̂* the sums of neighbouring
/// autocorrelations, as long as they are positive and made falling (C. J. Geyer, Statistical Science 7 (1992)
/// 473–483); *τ* ≥ 1/log₁₀(*mn*).
///
/// **Source.** Vehtari and others 2021, section 4.3.
///
/// **When it fails.** See the [module](self).
///
/// **Errors.** As [`r_hat`].
pub fn bulk_ess(chains: &[Vec<f64>]) -> Result<f64, EstimateError> {
    check(chains)?;
    Ok(effective_size(&rank_normalised(&split(chains))))
}

/// The number of independent draws that the ends of a 90 % interval are known as well as from (tail effective
/// sample size).
///
/// **Formula.** The smaller of the effective sizes of the two indicators *x* ≤ 5 % quantile and *x* ≤ 95 % quantile.
///
/// **Source.** Vehtari and others 2021, section 4.3.
///
/// **When it fails.** See the [module](self).
///
/// **Errors.** As [`r_hat`]; [`EstimateError::NotPositive`] also where so many draws are equal that one of the
/// quantiles has no draw above it.
pub fn tail_ess(chains: &[Vec<f64>]) -> Result<f64, EstimateError> {
    Ok(quantile_ess(chains, 0.05)?.min(quantile_ess(chains, 0.95)?))
}

/// The number of independent draws that a quantile is known as well as from.
///
/// **Formula.** The effective size of the indicator *x* ≤ quantile, on split chains.
///
/// **Source.** Vehtari and others 2021, section 4.3.
///
/// **When it fails.** See the [module](self).
///
/// **Errors.** As [`tail_ess`].
pub fn quantile_ess(chains: &[Vec<f64>], share: f64) -> Result<f64, EstimateError> {
    check(chains)?;
    let sorted = sorted(chains);
    let end = quantile(&sorted, share);
    if sorted.last().is_none_or(|&last| last <= end) {
        return Err(EstimateError::NotPositive(
            "the variation in a tail of the chains",
        ));
    }
    let below: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| chain.iter().map(|&draw| f64::from(draw <= end)).collect())
        .collect();
    Ok(effective_size(&split(&below)))
}

/// The Monte-Carlo standard error of a quantile.
///
/// **Formula.** Half the width between the quantiles at the 16 % and the 84 % point of Beta(*Sp* + 1, *S*(1 − *p*) +
/// 1), with *p* the share and *S* its [effective size](quantile_ess): what one standard error of its rank leaves open.
///
/// **Source.** Vehtari and others 2021, section 4.4.
///
/// **When it fails.** See the [module](self).
///
/// **Errors.** As [`tail_ess`]; a share that is not between 0 and 1.
pub fn quantile_error(chains: &[Vec<f64>], share: f64) -> Result<f64, EstimateError> {
    let draws = quantile_ess(chains, share)?;
    let one_error_below = Normal::standard().cdf(-1.0);
    let (a, b) = (draws * share + 1.0, draws * (1.0 - share) + 1.0);
    let sorted = sorted(chains);
    let low = quantile(&sorted, beta_quantile(a, b, one_error_below)?);
    let high = quantile(&sorted, beta_quantile(a, b, 1.0 - one_error_below)?);
    Ok((high - low) / 2.0)
}

/// All draws, in order.
fn sorted(chains: &[Vec<f64>]) -> Vec<f64> {
    let mut sorted: Vec<f64> = chains.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// That the chains can be looked at.
fn check(chains: &[Vec<f64>]) -> Result<(), EstimateError> {
    let Some(first) = chains.first() else {
        return Err(EstimateError::Empty);
    };
    if chains.iter().any(|chain| chain.len() != first.len()) {
        return Err(EstimateError::Lengths("the draws of the chains"));
    }
    if first.len() < FEWEST_DRAWS {
        return Err(EstimateError::TooFew {
            what: "draws in each chain",
            needed: FEWEST_DRAWS,
            found: first.len(),
        });
    }
    let mut draws = chains.iter().flatten();
    if draws.clone().any(|draw| !draw.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    let start = draws.next();
    if draws.all(|draw| Some(draw) == start) {
        return Err(EstimateError::NotPositive("the variation of the chains"));
    }
    Ok(())
}

/// The ratio of all chains' width to that of each.
fn potential_reduction(chains: &[Vec<f64>]) -> f64 {
    let draws = chains.first().map_or(1, Vec::len) as f64;
    let within = mean(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
    let between = variance(&chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    if within <= 0.0 {
        // Each chain stands still at a place of its own.
        return f64::INFINITY;
    }
    (((draws - 1.0) / draws * within + between) / within).sqrt()
}
