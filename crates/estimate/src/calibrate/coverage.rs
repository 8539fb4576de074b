//! How often intervals hold the truth.

use statrs::distribution::{Binomial, Discrete};

use crate::beta_quantile::beta_quantile;
use crate::{Confidence, EstimateError, Interval};

/// How often intervals held the truth, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Intervals that held it.
    pub held: u64,
    /// All intervals.
    pub runs: u64,
}

impl Coverage {
    /// Counts one interval.
    pub fn record(&mut self, held: bool) {
        self.held += u64::from(held);
        self.runs += 1;
    }

    /// Counts intervals beside their truths, pair by pair.
    ///
    /// **Errors.** [`EstimateError::Lengths`].
    pub fn of(truths: &[f64], intervals: &[Interval]) -> Result<Self, EstimateError> {
        if truths.len() != intervals.len() {
            return Err(EstimateError::Lengths("the truths and the intervals"));
        }
        let mut coverage = Self::default();
        for (&truth, interval) in truths.iter().zip(intervals) {
            coverage.record(interval.contains(truth));
        }
        Ok(coverage)
    }

    /// The share that held.
    ///
    /// **Errors.** [`EstimateError::Empty`] without any interval.
    pub fn share(self) -> Result<f64, EstimateError> {
        if self.runs == 0 {
            return Err(EstimateError::Empty);
        }
        Ok(self.held as f64 / self.runs as f64)
    }

    /// The Monte-Carlo standard error of the share.
    ///
    /// **Errors.** [`EstimateError::Empty`] without any interval.
    pub fn monte_carlo_error(self) -> Result<f64, EstimateError> {
        let share = self.share()?;
        Ok((share * (1.0 - share) / self.runs as f64).sqrt())
    }

    /// How likely a share as odd as this, or odder, is when the intervals keep their promise: the exact two-sided
    /// binomial test.
    ///
    /// **Formula.** The sum of all binomial chances that are no larger than that of the count seen.
    ///
    /// **Source.** C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413, with two sides joined by
    /// likelihood as is usual.
    ///
    /// **When it fails.** Runs that share their random numbers are not independent.
    ///
    /// **Errors.** [`EstimateError::Empty`] without any interval.
    pub fn p_value(self, promised: Confidence) -> Result<f64, EstimateError> {
        self.share()?;
        let law = Binomial::new(promised.level(), self.runs).map_err(|_| EstimateError::Confidence)?;
        // As likely but for the last digits counts as likely.
        let seen = law.pmf(self.held) * (1.0 + 1e-7);
        let sum: f64 = (0..=self.runs)
            .map(|held| law.pmf(held))
            .filter(|&chance| chance <= seen)
            .sum();
        Ok(sum.min(1.0))
    }
}

/// A share with exact limits: never below their promise, at the price of some width.
///
/// **Formula.** From the *α*/2 quantile of Beta(*k*, *n* − *k* + 1) to the 1 − *α*/2 quantile of Beta(*k* + 1, *n*
/// − *k*).
///
/// **Source.** C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413.
///
/// **When it fails.** As [`wilson`](crate::wilson), which is narrower and right on average.
///
/// **Errors.** Nothing, a part above its whole.
pub fn clopper_pearson(part: u64, whole: u64, confidence: Confidence) -> Result<Interval, EstimateError> {
    if whole == 0 {
        return Err(EstimateError::Empty);
    }
    if part > whole {
        return Err(EstimateError::PartAboveWhole);
    }
    let rest = (whole - part) as f64;
    Ok(Interval {
        low: if part == 0 {
            0.0
        } else {
            beta_quantile(part as f64, rest + 1.0, confidence.tail())?
        },
        high: if part == whole {
            1.0
        } else {
            beta_quantile(part as f64 + 1.0, rest, 1.0 - confidence.tail())?
        },
    })
}
