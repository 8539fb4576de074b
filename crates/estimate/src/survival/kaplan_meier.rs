//! The observed survival curve, after Kaplan and Meier.

use crate::{Confidence, EstimateError, Interval};

use super::follow_up::{FollowUp, risk_steps};

/// The curve just after one moment of death.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveStep {
    /// The moment.
    pub time: f64,
    /// People at risk just before it.
    pub at_risk: u64,
    /// Deaths at it.
    pub deaths: u64,
    /// The share that lives longer.
    pub survival: f64,
    /// Greenwood's standard error of that share; none where the curve has come down to 0.
    pub standard_error: Option<f64>,
    /// Where the share may lie (log-log); none where the curve has come down to 0.
    pub interval: Option<Interval>,
    /// Greenwood's sum of *d* / (*n* (*n* − *d*)) up to here.
    greenwood: f64,
}

/// An observed survival curve: a step after each moment of death.
#[derive(Debug, Clone, PartialEq)]
pub struct SurvivalCurve {
    steps: Vec<CurveStep>,
    last_seen: f64,
}

/// When half have died.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalMedian {
    /// The first moment at which no more than half are alive.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end; none where the follow-up ended before it.
    pub high: Option<f64>,
}

/// The mean time lived up to a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The survival curve of people who were followed up, with delayed entry and censoring.
///
/// **Formula.** S(*t*) = ∏ (1 − *d*/*n*) over the moments of death up to *t*. Variance after Greenwood: S² *G* with
/// *G* = Σ *d* / (*n* (*n* − *d*)). The interval is symmetric on the scale of log(−log S): S^exp(± *z* √*G* / |log
/// S|).
///
/// **Source.** E. L. Kaplan and P. Meier, Journal of the American Statistical Association 53 (1958) 457–481; delayed
/// entry: N. Keiding, in Statistical Models Based on Counting Processes (Andersen and others 1993), IV.1.
///
/// **Errors.** As [`risk_steps`](super::risk_steps); nobody died; everyone under observation died while others had
/// yet to enter.
///
/// **When it fails.** People who are lost must be like those who stay. It says nothing after the last moment at which
/// somebody was watched, and little once few are at risk.
pub fn kaplan_meier(people: &[FollowUp], confidence: Confidence) -> Result<SurvivalCurve, EstimateError> {
    let risk = risk_steps(people)?;
    if risk.is_empty() {
        return Err(EstimateError::NoDeaths);
    }
    let last_seen = people.iter().map(|person| person.exit).fold(0.0, f64::max);
    let (mut survival, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::with_capacity(risk.len());
    for step in risk {
        let (n, d) = (step.at_risk as f64, step.deaths as f64);
        let all_died = step.at_risk == step.deaths;
        if all_died && step.time < last_seen {
            return Err(EstimateError::EarlyRiskSetDied);
        }
        survival *= 1.0 - d / n;
        greenwood += d / (n * (n - d));
        steps.push(CurveStep {
            time: step.time,
            at_risk: step.at_risk,
            deaths: step.deaths,
            survival,
            standard_error: (!all_died).then(|| survival * greenwood.sqrt()),
            interval: (!all_died).then(|| log_log_interval(survival, greenwood, confidence)),
            greenwood,
        });
    }
    Ok(SurvivalCurve { steps, last_seen })
}

/// S^exp(± z √G / |log S|).
fn log_log_interval(survival: f64, greenwood: f64, confidence: Confidence) -> Interval {
    let spread = confidence.deviations() * greenwood.sqrt() / survival.ln().abs();
    Interval {
        low: survival.powf(spread.exp()),
        high: survival.powf((-spread).exp()),
    }
}

impl SurvivalCurve {
    /// The steps in order of time.
    pub fn steps(&self) -> &[CurveStep] {
        &self.steps
    }

    /// The last moment at which anybody was watched.
    pub fn last_seen(&self) -> f64 {
        self.last_seen
    }

    /// The step that holds at a moment; none before the first death, where everyone is alive.
    pub fn step_at(&self, time: f64) -> Option<&CurveStep> {
        let after = self.steps.partition_point(|step| step.time <= time);
        self.steps.get(after.checked_sub(1)?)
    }

    /// The share alive at a moment.
    ///
    /// **Errors.** A moment after the last one at which anybody was watched, or before 0.
    pub fn survival_at(&self, time: f64) -> Result<f64, EstimateError> {
        if !time.is_finite() {
            return Err(EstimateError::NotFinite);
        }
        if time < 0.0 {
            return Err(EstimateError::Negative);
        }
        // A curve that has come down to 0 stays there, so it is known for ever.
        let known = self.steps.last().is_some_and(|step| step.survival <= 0.0);
        if time > self.last_seen && !known {
            return Err(EstimateError::BeyondFollowUp);
        }
        Ok(self.step_at(time).map_or(1.0, |step| step.survival))
    }

    /// When half have died, with its interval.
    ///
    /// **Formula.** The first moment at which S ≤ ½; where S is exactly ½, the middle between that moment and the
    /// next death. The interval holds the moments whose own log-log interval holds ½.
    ///
    /// **Source.** R. Brookmeyer and J. Crowley, Biometrics 38 (1982) 29–41.
    ///
    /// **Errors.** Fewer than half have died within the follow-up.
    pub fn median(&self) -> Result<SurvivalMedian, EstimateError> {
        let half = |share: f64| share <= 0.5 + 1e-12;
        let first = |low_enough: &dyn Fn(&CurveStep) -> bool| self.steps.iter().position(low_enough);
        let at = first(&|step| half(step.survival)).ok_or(EstimateError::BeyondFollowUp)?;
        let Some(step) = self.steps.get(at) else {
            return Err(EstimateError::BeyondFollowUp);
        };
        let next = self.steps.get(at + 1).map(|next| next.time);
        let value = match next {
            Some(next) if (step.survival - 0.5).abs() < 1e-12 => f64::midpoint(step.time, next),
            _ => step.time,
        };
        let time_of = |index: Option<usize>| index.and_then(|i| self.steps.get(i)).map(|step| step.time);
        // Where the curve has come down to 0 it has no interval, and is below a half for certain.
        let low = time_of(first(&|step| step.interval.is_none_or(|bounds| half(bounds.low))));
        let high = time_of(first(&|step| {
            step.interval.is_some_and(|bounds| half(bounds.high))
        }));
        Ok(SurvivalMedian {
            value,
            low: low.unwrap_or(step.time),
            high,
        })
    }

    /// The mean time lived until a horizon.
    ///
    /// **Formula.** The area under S up to the horizon τ; variance Σ (∫ from *t* to τ of S)² *d* / (*n* (*n* − *d*)).
    ///
    /// **Source.** J. P. Klein and M. L. Moeschberger, Survival Analysis (2003), section 4.5.
    ///
    /// **Errors.** A horizon that is not above 0, or lies after the last moment at which anybody was watched.
    ///
    /// **When it fails.** It is a mean of the watched years only, never of whole lives: see
    /// [`MeanSplit`](super::MeanSplit).
    pub fn restricted_mean(&self, horizon: f64) -> Result<RestrictedMean, EstimateError> {
        if horizon.is_nan() || horizon <= 0.0 {
            return Err(EstimateError::Duration);
        }
        self.survival_at(horizon)?;
        // From the horizon backwards, so that each step knows the area that follows it.
        let (mut area_after, mut end, mut variance) = (0.0, horizon, 0.0);
        let within = self.steps.partition_point(|step| step.time < horizon);
        for step in self.steps.iter().take(within).rev() {
            area_after += step.survival * (end - step.time);
            end = step.time;
            if step.at_risk > step.deaths {
                let (n, d) = (step.at_risk as f64, step.deaths as f64);
                variance += area_after * area_after * d / (n * (n - d));
            }
        }
        Ok(RestrictedMean {
            value: area_after + end,
            standard_error: f64::sqrt(variance),
        })
    }
}
