//! Tests of shrinkage: golden numbers, bounds and refusals, benchmarks, and coverage beside plain empirical Bayes.

mod benchmark;
mod bounds;
mod coverage;
mod golden;

use super::*;
use crate::Confidence;
use crate::tally::Tally;

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

/// methods.md D8: deaths after heart surgery on children in twelve hospitals.
fn surgery() -> Vec<Tally> {
    let wholes = [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360];
    let parts = [0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24];
    wholes
        .iter()
        .zip(parts)
        .map(|(&whole, part)| Tally::new(part, whole).unwrap())
        .collect()
}
