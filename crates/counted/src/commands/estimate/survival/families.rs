//! What would follow: families fitted to the follow-up, and their mean split into seen and extrapolated.

use estimate::survival::{FamilyKind, FollowUp, average};
use serde_json::Value;

use super::super::curve::family_json;
use super::super::rows::Row;
use super::{FittedName, Options};

/// A hazard of people who live long, as elsewhere in the workspace: one in twenty a year.
const SLOW_HAZARD: f64 = 0.05;

/// The rows of one group.
pub(super) fn rows(name: &str, people: &[FollowUp], options: &Options) -> Vec<Value> {
    let hazard = options.slow_hazard.unwrap_or(SLOW_HAZARD);
    let usual = [
        FittedName::Weibull,
        FittedName::LogLogistic,
        FittedName::SlowClass,
    ];
    let kinds: Vec<FamilyKind> = options
        .family
        .as_deref()
        .unwrap_or(&usual)
        .iter()
        .filter_map(|family| match family {
            FittedName::Weibull => Some(FamilyKind::Weibull),
            FittedName::LogLogistic => Some(FamilyKind::LogLogistic),
            FittedName::SlowClass => Some(FamilyKind::SlowClass { hazard }),
            FittedName::None => None,
        })
        .collect();
    if kinds.is_empty() {
        return Vec::new();
    }
    let averaged = match average(&kinds, people, options.other_causes.unwrap_or(0.0)) {
        Ok(averaged) => averaged,
        Err(reason) => return vec![Row::new("family", name).none(&reason).json()],
    };
    let mut rows = Vec::new();
    for (fitted, weight) in &averaged.families {
        let errors = fitted.log_standard_errors();
        let row = Row::new(kind_name(fitted.kind), name)
            .with("curve", family_json(fitted.best))
            .with("loglik", fitted.log_likelihood)
            .with("aic", fitted.aic())
            .with("weight", *weight)
            .with("se_log_shape", errors.map(|errors| errors.0))
            .with("se_log_scale", errors.map(|errors| errors.1))
            .with("window", averaged.window);
        rows.push(
            match fitted.best.mean_split(averaged.window) {
                Ok(split) => row
                    .n(split.total())
                    .with("observed", split.observed)
                    .with("extrapolated", split.extrapolated)
                    .with("share_extrapolated", split.share_extrapolated()),
                Err(reason) => row.none(&reason),
            }
            .json(),
        );
    }
    for (kind, reason) in &averaged.left_out {
        rows.push(Row::new(kind_name(*kind), name).none(reason).json());
    }
    for time in options.at.iter().flatten() {
        let row = Row::new("averaged-alive-at", name).with("time", *time);
        rows.push(row.n(averaged.survival(*time)).json());
    }
    rows
}

fn kind_name(kind: FamilyKind) -> &'static str {
    match kind {
        FamilyKind::Weibull => "weibull",
        FamilyKind::LogLogistic => "log-logistic",
        FamilyKind::SlowClass { .. } => "slow-class",
    }
}
