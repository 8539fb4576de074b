//! What groups are made of: a part of a whole, or a count beside what was expected.

use crate::EstimateError;

/// A part of a whole: 81 of 263 people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many have the property.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Tally {
    /// A part of a whole.
    ///
    /// **Errors.** [`EstimateError::PartAboveWhole`].
    pub fn new(part: u64, whole: u64) -> Result<Self, EstimateError> {
        let tally = Self { part, whole };
        tally.check().map(|()| tally)
    }

    /// The share; none of an empty whole.
    pub fn share(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// The rest of the whole.
    pub(crate) fn rest(self) -> u64 {
        self.whole.saturating_sub(self.part)
    }

    /// That the part is no larger than the whole.
    pub(crate) fn check(self) -> Result<(), EstimateError> {
        if self.part > self.whole {
            return Err(EstimateError::PartAboveWhole);
        }
        Ok(())
    }
}

/// A count beside the count that was expected, as standardised ratios are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// How many there were.
    pub count: u64,
    /// How many were expected, above 0.
    pub expected: f64,
}

impl Observed {
    /// A count and its expectation.
    ///
    /// **Errors.** [`EstimateError::NotPositive`] unless the expectation is a finite number above 0.
    pub fn new(count: u64, expected: f64) -> Result<Self, EstimateError> {
        let observed = Self { count, expected };
        observed.check().map(|()| observed)
    }

    /// Observed over expected.
    pub fn ratio(self) -> f64 {
        self.count as f64 / self.expected
    }

    /// That the expectation is a number above 0.
    pub(crate) fn check(self) -> Result<(), EstimateError> {
        if self.expected > 0.0 && self.expected.is_finite() {
            Ok(())
        } else {
            Err(EstimateError::NotPositive("the expected count"))
        }
    }
}

/// The sum of all parts of the sum of all wholes.
pub(crate) fn pooled(tallies: &[Tally]) -> Result<f64, EstimateError> {
    tallies.iter().try_for_each(|tally| tally.check())?;
    let part: f64 = tallies.iter().map(|tally| tally.part as f64).sum();
    let whole: f64 = tallies.iter().map(|tally| tally.whole as f64).sum();
    if whole > 0.0 {
        Ok(part / whole)
    } else {
        Err(EstimateError::Empty)
    }
}
