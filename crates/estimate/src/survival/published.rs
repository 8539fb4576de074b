//! Curves through published points, for places that print survival and no people.

use crate::EstimateError;

use super::family::Family;

/// A published point of a survival curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// Years since the first metastasis.
    pub time: f64,
    /// The share alive.
    pub survival: f64,
}

/// How a curve goes through two points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Through {
    /// As a Weibull curve.
    Weibull,
    /// As a log-logistic curve.
    LogLogistic,
    /// As a Weibull curve beside a slow class of this share and hazard.
    SlowClass {
        /// The share that belongs to the slow class.
        share: f64,
        /// Its hazard, a year.
        hazard: f64,
    },
}

/// The curve of a family that passes through two published points.
///
/// **Formula.** Weibull: log(−log S) is a straight line in log time. Log-logistic: log((1 − S)/S) is. With a slow
/// class of share *c* and hazard *r*, the others' curve is a Weibull through (S − *c* exp(−*r* *t*))/(1 − *c*).
///
/// **Source.** J. P. Klein and M. L. Moeschberger, Survival Analysis (2003), section 12.5 (the lines by which the
/// families are checked).
///
/// **Errors.** Points that do not fall as time goes on, or lie at 0 or 1; a slow class larger than what is alive.
///
/// **When it fails.** Two points fix two parameters and test nothing. After the second point the curves part: their
/// spread, not any one of them, says what is known.
pub fn through(family: Through, first: Anchor, second: Anchor) -> Result<Family, EstimateError> {
    let apart = first.time > 0.0 && second.time > first.time && second.time.is_finite();
    let falls = first.survival < 1.0 && second.survival < first.survival && second.survival > 0.0;
    if !(apart && falls) {
        return Err(EstimateError::SurvivalAnchors);
    }
    match family {
        Through::Weibull => {
            let (shape, scale) = line(first, second, |alive| -f64::ln(alive))?;
            Family::Weibull { shape, scale }.checked()
        }
        Through::LogLogistic => {
            let (shape, scale) = line(first, second, |alive| (1.0 - alive) / alive)?;
            Family::LogLogistic { shape, scale }.checked()
        }
        Through::SlowClass { share, hazard } => {
            let others = |point: Anchor| Anchor {
                survival: (point.survival - share * (-hazard * point.time).exp()) / (1.0 - share),
                ..point
            };
            let (shape, scale) = line(others(first), others(second), |alive| -f64::ln(alive))?;
            Family::SlowClass {
                shape,
                scale,
                share,
                hazard,
            }
            .checked()
        }
    }
}

/// Shape and scale of the line through two points, with (time/scale)^shape = `raised`(alive).
fn line(first: Anchor, second: Anchor, raised: impl Fn(f64) -> f64) -> Result<(f64, f64), EstimateError> {
    let (low, high) = (raised(first.survival).ln(), raised(second.survival).ln());
    let shape = (high - low) / (second.time / first.time).ln();
    let scale = first.time / (low / shape).exp();
    if shape > 0.0 && shape.is_finite() && scale.is_finite() {
        Ok((shape, scale))
    } else {
        Err(EstimateError::SurvivalAnchors)
    }
}
