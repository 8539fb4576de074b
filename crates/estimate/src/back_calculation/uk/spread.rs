//! The middle of many draws, and where most of them lie.

use crate::EstimateError;

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
    pub fn of(mut draws: Vec<f64>) -> Result<Self, EstimateError> {
        if draws.iter().any(|draw| !draw.is_finite()) {
            return Err(EstimateError::NotFinite);
        }
        draws.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * draws.len().saturating_sub(1) as f64;
            let (low, part) = (place.floor() as usize, place.fract());
            let below = draws.get(low).copied()?;
            let above = draws.get(low + 1).copied().unwrap_or(below);
            Some(below + part * (above - below))
        };
        match (at(0.5), at(0.05), at(0.95)) {
            (Some(middle), Some(low), Some(high)) => Ok(Self { middle, low, high }),
            _ => Err(EstimateError::NoDraws),
        }
    }
}
