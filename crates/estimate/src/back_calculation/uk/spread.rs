//! The middle of many draws, and where most of them lie.

use crate::{EstimateError, Posterior};

/// The middle of many draws under one scenario, and the range of nine in ten of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the draws lie below.
    pub middle: f64,
    /// One draw in twenty lies below.
    pub low: f64,
    /// One draw in twenty lies above.
    pub high: f64,
}

impl Spread {
    /// Of a list of draws.
    ///
    /// **Formula.** Quantiles with a straight line between neighbouring draws (type 7 of R. J. Hyndman and Y. Fan,
    /// The American Statistician 50 (1996) 361–365).
    ///
    /// **Errors.** No draws; one that is not finite.
    pub fn of(draws: Vec<f64>) -> Result<Self, EstimateError> {
        let draws = Posterior::from_draws(draws)?;
        Ok(Self {
            middle: draws.median(),
            low: draws.quantile(0.05),
            high: draws.quantile(0.95),
        })
    }
}
