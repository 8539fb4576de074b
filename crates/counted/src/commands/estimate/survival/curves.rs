//! What was seen: the curve, its median and restricted mean, and the cumulative hazard.

use estimate::survival::{CurveStep, FollowUp, SurvivalCurve, nelson_aalen};
use estimate::{Confidence, EstimateError};
use serde_json::Value;

use super::super::rows::Row;
use super::{KAPLAN_MEIER, Options};

/// The rows of one group.
pub(super) fn rows(
    name: &str,
    people: &[FollowUp],
    curve: &Result<SurvivalCurve, EstimateError>,
    options: &Options,
    confidence: Confidence,
) -> Vec<Value> {
    let curve = match curve {
        Ok(curve) => curve,
        Err(reason) => return vec![Row::new(KAPLAN_MEIER, name).none(reason).json()],
    };
    let mut rows = vec![
        median(name, curve),
        restricted_mean(name, curve, options, confidence),
    ];
    rows.extend(curve.steps().iter().map(|step| of_step(name, step, confidence)));
    for time in options.at.iter().flatten() {
        rows.push(at(name, curve, *time, confidence));
    }
    match nelson_aalen(people) {
        Ok(steps) => rows.extend(steps.iter().map(|step| {
            let row = Row::new("nelson-aalen", name).with("time", step.time);
            row.n(step.hazard).se(step.standard_error).json()
        })),
        Err(reason) => rows.push(Row::new("nelson-aalen", name).none(&reason).json()),
    }
    rows
}

fn median(name: &str, curve: &SurvivalCurve) -> Value {
    let row = Row::new("median", name);
    match curve.median() {
        Ok(median) => row
            .n(median.value)
            .with("low", median.low)
            .with("high", median.high)
            .json(),
        Err(reason) => row.none(&reason).json(),
    }
}

fn restricted_mean(name: &str, curve: &SurvivalCurve, options: &Options, confidence: Confidence) -> Value {
    let horizon = options.horizon.unwrap_or_else(|| curve.last_seen());
    let row = Row::new("restricted-mean", name).with("horizon", horizon);
    match curve.restricted_mean(horizon) {
        Ok(mean) => {
            let half = confidence.deviations() * mean.standard_error;
            row.n(mean.value)
                .se(mean.standard_error)
                .with("low", mean.value - half)
                .with("high", mean.value + half)
                .json()
        }
        Err(reason) => row.none(&reason).json(),
    }
}

/// A step, with its intervals on three scales: log-log (low and high), log, and plain.
fn of_step(name: &str, step: &CurveStep, confidence: Confidence) -> Value {
    let row = Row::new(KAPLAN_MEIER, name)
        .with("time", step.time)
        .with("at_risk", step.at_risk)
        .with("deaths", step.deaths);
    scaled(row.n(step.survival), step, confidence).json()
}

fn scaled(row: Row, step: &CurveStep, confidence: Confidence) -> Row {
    let (Some(error), Some(interval)) = (step.standard_error, step.interval) else {
        return row;
    };
    let half = confidence.deviations() * error;
    let factor = (half / step.survival).exp();
    row.se(error)
        .within(interval)
        .with("low_log", step.survival / factor)
        .with("high_log", (step.survival * factor).min(1.0))
        .with("low_plain", (step.survival - half).max(0.0))
        .with("high_plain", (step.survival + half).min(1.0))
}

/// The share alive at a time that was asked for.
fn at(name: &str, curve: &SurvivalCurve, time: f64, confidence: Confidence) -> Value {
    let row = Row::new("alive-at", name).with("time", time);
    match (curve.survival_at(time), curve.step_at(time)) {
        (Ok(alive), Some(step)) => scaled(row.n(alive), step, confidence).json(),
        (Ok(alive), None) => row.n(alive).json(),
        (Err(reason), _) => row.none(&reason).json(),
    }
}
