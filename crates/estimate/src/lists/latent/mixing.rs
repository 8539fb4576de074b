//! Whether the chains of the number have come to the same place: [`chains`], and what they say of chains that stand
//! still.

use crate::EstimateError;
use crate::calibrate::chains::{bulk_ess, quantile_error, quantile_ess, r_hat};

/// How well chains have mixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// R-hat; 1 is perfect.
    pub rhat: f64,
    /// How many independent draws the chains are worth for the middle.
    pub effective: f64,
    /// The same for the worse of the two ends of the interval.
    pub effective_ends: f64,
}

/// How well chains of equal length have mixed; `tail` is the chance outside each end of the interval.
pub(super) fn mixing(chains: &[Vec<f64>], tail: f64) -> Result<Mixing, EstimateError> {
    let draws = chains.iter().map(Vec::len).sum::<usize>() as f64;
    if stand_still(chains) {
        return Ok(Mixing {
            rhat: 1.0,
            effective: draws,
            effective_ends: draws,
        });
    }
    // An end at the most that was ever drawn is as well known as the draws are many.
    let end = |share: f64| match quantile_ess(chains, share) {
        Err(EstimateError::NotPositive(_)) => Ok(draws),
        found => found,
    };
    Ok(Mixing {
        rhat: r_hat(chains)?,
        effective: bulk_ess(chains)?,
        effective_ends: end(tail)?.min(end(1.0 - tail)?),
    })
}

/// The Monte-Carlo standard error of a quantile; none where there is nothing that could vary.
pub(super) fn error_of_quantile(chains: &[Vec<f64>], share: f64) -> Result<f64, EstimateError> {
    match quantile_error(chains, share) {
        Err(EstimateError::NotPositive(_)) => Ok(0.0),
        found => found,
    }
}

/// True when there is one number in all draws: everyone is on a list, and nobody is left to be drawn.
fn stand_still(chains: &[Vec<f64>]) -> bool {
    let mut draws = chains.iter().flatten();
    let first = draws.next();
    draws.all(|draw| Some(draw) == first)
}
