//! What would follow: families fitted to the follow-up, and their mean split into seen and extrapolated.

use estimate::survival::{FamilyKind, FollowUp, average};
use serde_json::Value;

use super::super::curve::family_json;
use super::super::rows::Row;
use super::{FittedName, Options};

/// A hazard of people who live long, as elsewhere in the workspace: one in twenty a year.
const SLOW_HAZARD: f64 = 0.05;
const SLOW_CLASS: &str = "slow-class";
/// Why there is no slow class where nobody says what its hazard is.
const NO_UNIT: &str = "cannot be estimated, because nothing says whether times are years, months or days, so nobody knows \
                       what hazard the slow class has: name the column years, months or days, or say --slow-hazard";

/// The rows of one group. `in_a_year` is how many units of time are a year, where that is known.
pub(super) fn rows(name: &str, people: &[FollowUp], options: &Options, in_a_year: Option<f64>) -> Vec<Value> {
    let usual_hazard = in_a_year.map(|units| SLOW_HAZARD / units);
    let hazard = options.slow_hazard.or(usual_hazard);
    let usual = [
        FittedName::Weibull,
        FittedName::LogLogistic,
        FittedName::SlowClass,
    ];
    let asked = options.family.as_deref().unwrap_or(&usual);
    let kinds: Vec<FamilyKind> = asked
        .iter()
        .filter_map(|family| match family {
            FittedName::Weibull => Some(FamilyKind::Weibull),
            FittedName::LogLogistic => Some(FamilyKind::LogLogistic),
            FittedName::SlowClass => hazard.map(|hazard| FamilyKind::SlowClass { hazard }),
            FittedName::None => None,
        })
        .collect();
    let mut rows = Vec::new();
    if hazard.is_none() && asked.contains(&FittedName::SlowClass) {
        rows.push(Row::new(SLOW_CLASS, name).with("reason", NO_UNIT).json());
    }
    if kinds.is_empty() {
        return rows;
    }
    let averaged = match average(&kinds, people, options.other_causes.unwrap_or(0.0)) {
        Ok(averaged) => averaged,
        Err(reason) => {
            rows.push(Row::new("family", name).none(&reason).json());
            return rows;
        }
    };
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
        FamilyKind::SlowClass { .. } => SLOW_CLASS,
    }
}
