//! A quantity that is known as a set of draws.
//!
//! The draws keep their order: draw 17 of one quantity belongs to draw 17 of every other that came from the same
//! call, so sums and ratios of quantities are made draw by draw.

use crate::{Confidence, EstimateError, Interval};

/// A quantity known as a set of draws from its posterior distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    draws: Vec<f64>,
    sorted: Vec<f64>,
}

impl Posterior {
    /// Takes draws, in the order in which they were made.
    ///
    /// **Errors.** [`EstimateError::Empty`] without draws, [`EstimateError::NotFinite`] where one is not a number.
    pub fn from_draws(draws: Vec<f64>) -> Result<Self, EstimateError> {
        if draws.is_empty() {
            return Err(EstimateError::Empty);
        }
        if draws.iter().any(|draw| !draw.is_finite()) {
            return Err(EstimateError::NotFinite);
        }
        let mut sorted = draws.clone();
        sorted.sort_by(f64::total_cmp);
        Ok(Self { draws, sorted })
    }

    /// The draws, in the order in which they were made.
    pub fn draws(&self) -> &[f64] {
        &self.draws
    }

    /// Their mean.
    pub fn mean(&self) -> f64 {
        mean(&self.draws)
    }

    /// Their standard deviation.
    pub fn standard_deviation(&self) -> f64 {
        variance(&self.draws).sqrt()
    }

    /// Their median.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The value below which a share `p` of the draws lies, interpolated between neighbours.
    pub fn quantile(&self, p: f64) -> f64 {
        quantile(&self.sorted, p)
    }

    /// The interval that leaves equal shares of the draws outside on both sides.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        Interval {
            low: self.quantile(confidence.tail()),
            high: self.quantile(1.0 - confidence.tail()),
        }
    }
}

/// The mean; of nothing, 0.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The variance with divisor *n* − 1; of one value or none, 0.
pub(crate) fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    squares / values.len().saturating_sub(1).max(1) as f64
}

/// A quantile of sorted values, interpolated between order statistics (type 7 of R. J. Hyndman and Y. Fan, The American
/// Statistician 50 (1996) 361–365); of nothing, not a number.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    low + (place - below as f64) * (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_four_draws_say() {
        let four = Posterior::from_draws(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!(four.draws(), [4.0, 1.0, 3.0, 2.0]);
        assert_eq!((four.mean(), four.median()), (2.5, 2.5));
        assert!((four.standard_deviation() - 1.290_994_448_735_806).abs() < 1e-15);
        assert_eq!((four.quantile(0.0), four.quantile(1.0)), (1.0, 4.0));
        let half = four.interval(Confidence::new(0.5).unwrap());
        assert_eq!((half.low, half.high), (1.75, 3.25));
    }

    #[test]
    fn draws_that_say_nothing() {
        assert_eq!(Posterior::from_draws(vec![]), Err(EstimateError::Empty));
        assert_eq!(
            Posterior::from_draws(vec![1.0, f64::NAN]),
            Err(EstimateError::NotFinite)
        );
        assert_eq!(
            Posterior::from_draws(vec![7.0]).unwrap().standard_deviation(),
            0.0
        );
    }
}
