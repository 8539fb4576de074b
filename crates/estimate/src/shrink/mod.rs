//! Shrinkage: what small hospitals can say together.
//!
//! Two of four and two hundred of four hundred are both a half, and not the same knowledge. Here each group is
//! taken as one of a family: its own figure is drawn towards the family's mean, the more so the less it says
//! itself. Shares follow the beta-binomial model ([`shrink_shares`]), ratios of observed to expected the
//! Poisson–gamma model ([`shrink_ratios`]).
//!
//! The default integrates over the two figures of the family (its mean and its spread) on a grid, with priors. The
//! plain empirical-Bayes forms ([`BetaBinomial::fit`], [`PoissonGamma::fit`]) take the fitted figures as known, so
//! their intervals are too narrow; they are here to agree with the literature and as a check.
//!
//! The invariant: draw *k* of every group, of the mean and of the spread belong together, so totals over
//! groups are made draw by draw; [`benchmark_shares`] and [`benchmark_ratios`] make them agree with a national total.
//!
//! **Source.** J. N. K. Rao and I. Molina, Small Area Estimation (2015), chapters 9 and 10; C. N. Morris, Journal
//! of the American Statistical Association 78 (1983) 47–55.
//!
//! **When it fails.** The groups must be exchangeable before they are seen. A family of two kinds (hospitals that
//! record and hospitals that do not) is drawn to a middle where nobody is; a known difference belongs into separate
//! families.

mod benchmark;
mod beta_binomial;
mod family;
mod grid;
mod maximum;
mod poisson_gamma;
#[cfg(test)]
mod tests;

pub use benchmark::{benchmark_ratio_draws, benchmark_ratios, benchmark_share_draws, benchmark_shares};
pub use beta_binomial::BetaBinomial;
pub use family::{Family, RatioPrior, SharePrior, shrink_ratios, shrink_shares};
pub use poisson_gamma::PoissonGamma;

use crate::{EstimateError, Interval};

/// The figure of one group when those of its family are taken as known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupEstimate {
    /// Its posterior mean.
    pub mean: f64,
    /// Its posterior interval, equal tails.
    pub interval: Interval,
}

/// That there are groups enough for a spread between them.
fn enough(groups: usize) -> Result<(), EstimateError> {
    if groups < 2 {
        return Err(EstimateError::TooFew {
            what: "groups",
            needed: 2,
            found: groups,
        });
    }
    Ok(())
}
