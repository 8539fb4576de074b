//! A flag beside the truth: the table of four counts.

use crate::tally::Tally;
use crate::{Confidence, EstimateError, Proportion, wilson};

/// People whose truth is known, by what the flag said of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validation {
    /// Flagged, and with the disease.
    pub true_positives: u64,
    /// Not flagged, and with the disease.
    pub false_negatives: u64,
    /// Flagged, and without it.
    pub false_positives: u64,
    /// Not flagged, and without it.
    pub true_negatives: u64,
}

/// What a validation says about a flag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Validity {
    /// Flagged among those with the disease.
    pub sensitivity: Proportion,
    /// Not flagged among those without it.
    pub specificity: Proportion,
    /// With the disease among the flagged (positive predictive value).
    pub ppv: Proportion,
    /// Without it among those not flagged (negative predictive value).
    pub npv: Proportion,
}

impl Validation {
    /// The four shares of the table, each with the interval of Wilson.
    ///
    /// **Formula.** TP/(TP + FN), TN/(TN + FP), TP/(TP + FP), TN/(TN + FN).
    ///
    /// **Source.** As [`wilson`].
    ///
    /// **When it fails.** The predictive values hold only where the people of the table were drawn as they come. In
    /// a table of so many with and so many without the disease, chosen as such, they are the chooser's.
    ///
    /// **Errors.** [`EstimateError::NobodyValidated`] where a row or column of the table is empty.
    pub fn validity(&self, confidence: Confidence) -> Result<Validity, EstimateError> {
        let share = |part: u64, other: u64, who: &'static str| match wilson(
            part,
            part.saturating_add(other),
            confidence,
        ) {
            Err(EstimateError::Empty) => Err(EstimateError::NobodyValidated(who)),
            found => found,
        };
        Ok(Validity {
            sensitivity: share(self.true_positives, self.false_negatives, "with the disease")?,
            specificity: share(self.true_negatives, self.false_positives, "without the disease")?,
            ppv: share(self.true_positives, self.false_positives, "who was flagged")?,
            npv: share(self.true_negatives, self.false_negatives, "who was not flagged")?,
        })
    }

    /// The flagged among those with the disease.
    pub(super) fn sensitivity(&self) -> Tally {
        Tally {
            part: self.true_positives,
            whole: self.true_positives.saturating_add(self.false_negatives),
        }
    }

    /// The unflagged among those without it.
    pub(super) fn specificity(&self) -> Tally {
        Tally {
            part: self.true_negatives,
            whole: self.true_negatives.saturating_add(self.false_positives),
        }
    }

    /// That both kinds of people were validated.
    pub(super) fn both_kinds(&self) -> Result<(), EstimateError> {
        if self.sensitivity().whole == 0 {
            return Err(EstimateError::NobodyValidated("with the disease"));
        }
        if self.specificity().whole == 0 {
            return Err(EstimateError::NobodyValidated("without the disease"));
        }
        Ok(())
    }
}
