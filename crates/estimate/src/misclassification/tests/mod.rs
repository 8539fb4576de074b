//! Tests of misclassification: golden numbers, refusals, and coverage over simulated reviews.

mod coverage;
mod golden;
mod planning;
mod refusals;

use super::*;
use crate::Confidence;

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

/// methods.md 1.3: the validation in Northern Ireland, 1,028 people diagnosed in 2009, 184 with metastatic disease.
const NORTHERN_IRELAND: Validation = Validation {
    true_positives: 175,
    false_negatives: 9,
    false_positives: 7,
    true_negatives: 837,
};

fn stratum(people: u64, reviewed: u64, confirmed: u64) -> Stratum {
    Stratum::new(people, reviewed, confirmed).unwrap()
}
