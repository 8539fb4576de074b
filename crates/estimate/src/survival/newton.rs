//! The best shape and scale, by damped Newton steps on their logarithms.

use nalgebra::{Matrix2, Vector2};

use crate::EstimateError;

use super::alike::Alike;
use super::likelihood::{FamilyKind, sum};

/// The best log shape and log scale, with a share of a slow class given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    /// Log shape, log scale.
    pub(super) at: Vector2<f64>,
    pub(super) log_likelihood: f64,
    /// The inverse of the observed information.
    pub(super) covariance: Matrix2<f64>,
}

/// Widths of the differences for first and second derivatives, on the log scale: wide enough for sums over many
/// thousands of people to keep their digits.
const FIRST: f64 = 1e-4;
const SECOND: f64 = 1e-3;
const STEPS: usize = 100;

/// Climbs from `start` to the best log shape and log scale.
pub(super) fn climb(
    kind: FamilyKind,
    share: f64,
    people: &[Alike],
    other_causes: f64,
    start: Vector2<f64>,
) -> Result<Best, EstimateError> {
    let value = |at: Vector2<f64>| sum(kind.with(at.x, at.y, share), people, other_causes);
    let (mut at, mut here) = (start, value(start));
    for _ in 0..STEPS {
        let slope = gradient(&value, at);
        let step = uphill(curvature(&value, at, here), slope)?;
        let mut length = 1.0_f64.min(1.0 / step.amax().max(f64::MIN_POSITIVE));
        let mut next = (at, here);
        // A step that does not climb is halved; when even a hair does not climb, this is the top.
        while length > 1e-10 {
            let there = at + step * length;
            let height = value(there);
            if height.is_finite() && height >= here {
                next = (there, height);
                break;
            }
            length /= 2.0;
        }
        let moved = (next.0 - at).amax();
        (at, here) = next;
        if moved < 1e-9 {
            return finish(&value, at, here);
        }
    }
    Err(EstimateError::NotSettled("the search for the best fit"))
}

fn finish(value: &impl Fn(Vector2<f64>) -> f64, at: Vector2<f64>, here: f64) -> Result<Best, EstimateError> {
    // A shape or scale that has run away belongs to data that have no best curve, such as all deaths on one day.
    if !here.is_finite() || at.amax() > 30.0 {
        return Err(EstimateError::NotDetermined);
    }
    let information = -curvature(value, at, here);
    let covariance = information
        .cholesky()
        .ok_or(EstimateError::NotDetermined)?
        .inverse();
    Ok(Best {
        at,
        log_likelihood: here,
        covariance,
    })
}

fn gradient(value: &impl Fn(Vector2<f64>) -> f64, at: Vector2<f64>) -> Vector2<f64> {
    let along = |axis: Vector2<f64>| (value(at + axis) - value(at - axis)) / (2.0 * FIRST);
    Vector2::new(along(Vector2::new(FIRST, 0.0)), along(Vector2::new(0.0, FIRST)))
}

fn curvature(value: &impl Fn(Vector2<f64>) -> f64, at: Vector2<f64>, here: f64) -> Matrix2<f64> {
    let (x, y) = (Vector2::new(SECOND, 0.0), Vector2::new(0.0, SECOND));
    let square = SECOND * SECOND;
    let pure = |axis: Vector2<f64>| (value(at + axis) - 2.0 * here + value(at - axis)) / square;
    let mixed =
        (value(at + x + y) - value(at + x - y) - value(at - x + y) + value(at - x - y)) / (4.0 * square);
    Matrix2::new(pure(x), mixed, mixed, pure(y))
}

/// The Newton step; where the surface is not curved downwards, as much curvature is added as makes it so.
fn uphill(curvature: Matrix2<f64>, slope: Vector2<f64>) -> Result<Vector2<f64>, EstimateError> {
    let mut added = 0.0;
    for _ in 0..60 {
        let downwards = Matrix2::identity() * added - curvature;
        if let Some(factor) = downwards.cholesky() {
            return Ok(factor.solve(&slope));
        }
        added = f64::max(added * 4.0, 1e-3 * (1.0 + curvature.amax()));
    }
    Err(EstimateError::NotSettled("the search for the best fit"))
}
