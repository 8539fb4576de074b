//! The slow class, on a grid of its share: follow-up often says little about it, and nothing that is normal.

use nalgebra::Vector2;

use crate::EstimateError;

use super::alike::Alike;
use super::likelihood::FamilyKind;
use super::newton::{Best, climb};

/// The grid of shares, from none to a half: a slow class is a minority.
const POINTS: u32 = 51;
const STEP: f64 = 0.01;

/// The best curve at every share of the grid that has one.
///
/// Each point starts from its neighbour's best curve, so the walk takes few steps.
pub(super) fn walk(
    kind: FamilyKind,
    people: &[Alike],
    other_causes: f64,
    start: Vector2<f64>,
) -> Result<Vec<(f64, Best)>, EstimateError> {
    let mut from = start;
    let mut found = Vec::new();
    for point in 0..POINTS {
        let share = f64::from(point) * STEP;
        match climb(kind, share, people, other_causes, from) {
            Ok(best) => {
                from = best.at;
                found.push((share, best));
            }
            // Beyond some share the others' curve would have to die at once: the walk ends there.
            Err(_) if !found.is_empty() => break,
            Err(reason) => return Err(reason),
        }
    }
    Ok(found)
}
