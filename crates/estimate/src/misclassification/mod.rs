//! Misclassification: a flag in the records is not the disease.
//!
//! Of the people a rule flags, some do not have secondary breast cancer; of those it does not flag, some do. Charts
//! read by a clinician say how many. Where the charts are a random sample of the flagged *and* of the unflagged,
//! [`two_phase`] and [`two_phase_draws`] are the way to go: exact, and narrow for the work they cost.
//! [`rogan_gladen`] and [`rogan_gladen_draws`] carry the accuracy of a flag over from elsewhere; at the few per
//! cent of people who have the disease, what is not known about the specificity drowns the answer.
//!
//! The invariant: a stratum of which nobody was reviewed is refused, never taken as free of the disease, and what
//! the review does not know goes into the interval.
//!
//! **Source.** J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions (2003), chapter
//! 17; two-phase samples: A. Tenenbein, Journal of the American Statistical Association 65 (1970) 1350–1361.
//!
//! **When it fails.** The charts must be drawn at random within their stratum. Charts that were reviewed because
//! somebody was suspicious say nothing about the others.

mod hospitals;
mod patterns;
mod review_size;
mod reviewer;
mod rogan_gladen;
mod two_phase;
mod validation;

#[cfg(test)]
mod tests;

pub use hospitals::{CHART_PRIOR, HospitalSample, hospital_draws};
pub use patterns::{Pooling, pattern_ppv, pattern_ppv_draws, true_by_pattern};
pub use review_size::{PlannedReview, planned_width, preview_review, review_size};
pub use reviewer::Reviewer;
pub use rogan_gladen::{
    Accuracy, Measured, RoganGladen, rogan_gladen, rogan_gladen_draws, rogan_gladen_known,
};
pub use two_phase::{TwoPhase, TwoPhaseDraws, two_phase, two_phase_draws};
pub use validation::{Validation, Validity};

use crate::EstimateError;
use crate::tally::Tally;

/// People who were treated alike by a review: flagged, or not flagged and of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    /// How many people there are.
    pub people: u64,
    /// The charts of how many were reviewed, chosen at random.
    pub reviewed: u64,
    /// How many of those have the disease.
    pub confirmed: u64,
}

impl Stratum {
    /// People, how many of them were reviewed, and how many of those have the disease.
    ///
    /// **Errors.** [`EstimateError::PartAboveWhole`].
    pub fn new(people: u64, reviewed: u64, confirmed: u64) -> Result<Self, EstimateError> {
        let stratum = Self {
            people,
            reviewed,
            confirmed,
        };
        stratum.check().map(|()| stratum)
    }

    /// The confirmed among the reviewed.
    pub fn tally(self) -> Tally {
        Tally {
            part: self.confirmed,
            whole: self.reviewed,
        }
    }

    /// How many were not reviewed.
    fn rest(self) -> u64 {
        self.people.saturating_sub(self.reviewed)
    }

    fn check(self) -> Result<(), EstimateError> {
        if self.confirmed > self.reviewed || self.reviewed > self.people {
            return Err(EstimateError::PartAboveWhole);
        }
        Ok(())
    }
}

/// That every stratum with people was reviewed, and that there is one.
fn reviewed(strata: &[Stratum]) -> Result<(), EstimateError> {
    if strata.is_empty() {
        return Err(EstimateError::Empty);
    }
    for (place, stratum) in strata.iter().enumerate() {
        stratum.check()?;
        if stratum.people > 0 && stratum.reviewed == 0 {
            return Err(EstimateError::NotReviewed(place + 1));
        }
    }
    Ok(())
}
