//! The observed cumulative hazard, after Nelson and Aalen.

use crate::EstimateError;

use super::follow_up::{FollowUp, risk_steps};

/// The cumulative hazard just after one moment of death.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HazardStep {
    /// The moment.
    pub time: f64,
    /// The cumulative hazard.
    pub hazard: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The cumulative hazard of people who were followed up.
///
/// **Formula.** H(*t*) = Σ *d*/*n* over the moments of death up to *t*, with variance Σ *d*/*n*².
///
/// **Source.** O. Aalen, Annals of Statistics 6 (1978) 701–726.
///
/// **Errors.** As [`risk_steps`](super::risk_steps); nobody died.
///
/// **When it fails.** As [`kaplan_meier`](super::kaplan_meier). Its variance takes tied deaths as if they came one
/// after another.
pub fn nelson_aalen(people: &[FollowUp]) -> Result<Vec<HazardStep>, EstimateError> {
    let risk = risk_steps(people)?;
    if risk.is_empty() {
        return Err(EstimateError::NoDeaths);
    }
    let (mut hazard, mut variance) = (0.0, 0.0);
    Ok(risk
        .into_iter()
        .map(|step| {
            let (n, d) = (step.at_risk as f64, step.deaths as f64);
            hazard += d / n;
            variance += d / (n * n);
            HazardStep {
                time: step.time,
                hazard,
                standard_error: f64::sqrt(variance),
            }
        })
        .collect())
}
