//! Several ways out: the cumulative incidence of one cause of death where others compete.

use crate::{Confidence, EstimateError, Interval};

use super::follow_up::{FollowUp, RiskStep, risk_steps};

/// One person's time under observation, and what ended it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CauseFollowUp {
    /// When the person came under observation.
    pub entry: f64,
    /// When observation ended.
    pub exit: f64,
    /// Which cause ended it; none for people lost or still alive.
    pub cause: Option<u16>,
}

/// The cumulative incidence just after one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IncidenceStep {
    /// The moment.
    pub time: f64,
    /// The share that has ended by this cause.
    pub share: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Where the share may lie; none where nothing is left to measure a variance by.
    pub interval: Option<Interval>,
}

/// The cumulative incidence of one cause: a step after each moment at which it ended somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct CumulativeIncidence {
    /// The steps in order of time.
    pub steps: Vec<IncidenceStep>,
}

impl CumulativeIncidence {
    /// The share that has ended by this cause at a moment.
    pub fn at(&self, time: f64) -> f64 {
        let after = self.steps.partition_point(|step| step.time <= time);
        after
            .checked_sub(1)
            .and_then(|index| self.steps.get(index))
            .map_or(0.0, |step| step.share)
    }
}

/// The share of people that has ended by one cause, as time goes on.
///
/// **Formula.** F(*t*) = Σ S(*t*−) *d*ₖ/*n* over the moments up to *t*, with S the survival from all causes.
/// Variance: Σ [F(*t*) − F(*tᵢ*)]² *d*/(*n*(*n* − *d*)) + Σ S² *d*ₖ(*n* − *d*ₖ)/*n*³ − 2 Σ [F(*t*) − F(*tᵢ*)] S
/// *d*ₖ/*n*². The interval is symmetric on the scale of log(−log(1 − F)), so it stays between 0 and 1.
///
/// **Source.** O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978) 141–150; variance: E. Marubini
/// and M. G. Valsecchi, Analysing Survival Data from Clinical Trials and Observational Studies (1995), chapter 10.
///
/// **Errors.** As [`risk_steps`](super::risk_steps); this cause ended nobody; everyone died while others had yet to
/// enter.
///
/// **When it fails.** It says what happened with the other causes at work, not what would happen without them. Causes
/// written wrongly on certificates move people from one to the other.
pub fn aalen_johansen(
    people: &[CauseFollowUp],
    cause: u16,
    confidence: Confidence,
) -> Result<CumulativeIncidence, EstimateError> {
    let all = everyone(people, |ended| ended.is_some());
    let risk = risk_steps(&all)?;
    let own = risk_steps(&everyone(people, |ended| ended == Some(cause)))?;
    if own.is_empty() {
        return Err(EstimateError::NoDeaths);
    }
    let mut moments = Vec::with_capacity(risk.len());
    let (mut survival, mut share) = (1.0, 0.0);
    let mut own = own.into_iter().peekable();
    for all in risk {
        if survival <= 0.0 {
            return Err(EstimateError::EarlyRiskSetDied);
        }
        let of_cause = own
            .next_if(|step| step.time <= all.time)
            .map_or(0, |step| step.deaths);
        let (n, d, k) = (all.at_risk as f64, all.deaths as f64, of_cause as f64);
        share += survival * k / n;
        moments.push(Moment {
            all,
            of_cause: k,
            before: survival,
            share,
        });
        survival *= 1.0 - d / n;
    }
    Ok(CumulativeIncidence {
        steps: with_errors(&moments, confidence),
    })
}

/// What is known at one moment at which anybody died.
struct Moment {
    all: RiskStep,
    of_cause: f64,
    before: f64,
    share: f64,
}

fn everyone(people: &[CauseFollowUp], died: impl Fn(Option<u16>) -> bool) -> Vec<FollowUp> {
    let follow_up = |person: &CauseFollowUp| FollowUp {
        entry: person.entry,
        exit: person.exit,
        died: died(person.cause),
    };
    people.iter().map(follow_up).collect()
}

/// The variance is a quadratic in F(t), whose coefficients are running sums: one pass for all moments.
fn with_errors(moments: &[Moment], confidence: Confidence) -> Vec<IncidenceStep> {
    let (mut w, mut wf, mut wff) = (0.0, 0.0, 0.0);
    let (mut own, mut c, mut cf) = (0.0, 0.0, 0.0);
    let mut steps = Vec::new();
    for moment in moments {
        let (n, d, k) = (
            moment.all.at_risk as f64,
            moment.all.deaths as f64,
            moment.of_cause,
        );
        let (before, share) = (moment.before, moment.share);
        if n > d {
            let weight = d / (n * (n - d));
            w += weight;
            wf += weight * share;
            wff += weight * share * share;
        }
        own += before * before * k * (n - k) / (n * n * n);
        let cross = before * k / (n * n);
        c += cross;
        cf += cross * share;
        if k > 0.0 {
            let variance = share * share * w - 2.0 * share * wf + wff + own - 2.0 * (share * c - cf);
            steps.push(step(moment.all.time, share, variance.max(0.0).sqrt(), confidence));
        }
    }
    steps
}

fn step(time: f64, share: f64, standard_error: f64, confidence: Confidence) -> IncidenceStep {
    let rest = 1.0 - share;
    let interval = (rest > 0.0 && standard_error > 0.0).then(|| {
        let spread = confidence.deviations() * standard_error / (rest * rest.ln().abs());
        Interval {
            low: 1.0 - rest.powf((-spread).exp()),
            high: 1.0 - rest.powf(spread.exp()),
        }
    });
    IncidenceStep {
        time,
        share,
        standard_error,
        interval,
    }
}
