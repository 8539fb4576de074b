//! The completeness index: which share of those living a register can hold that was opened some years ago.

use rayon::prelude::*;
use statrs::function::gamma::gamma_lr;

use crate::survival::{Family, Survival};
use crate::{Confidence, EstimateError, Interval};

use super::kernel::kernels;

/// The share of those living who were diagnosed within the years recorded, with its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompletenessIndex {
    /// The share, from 0 to 1.
    pub share: f64,
    /// Its variance; 0 where incidence and survival are taken as known.
    pub variance: f64,
}

/// Everyone living, from those living who were diagnosed within the years recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompletePrevalence {
    /// How many there are.
    pub total: f64,
    /// The variance of the total.
    pub variance: f64,
    /// Where the total may lie; never below those counted.
    pub interval: Interval,
}

/// The share of those living at the end of the last year who were diagnosed in the last `recorded` years.
///
/// **Formula.** R = Σ over lags below `recorded` of *I*·*a* / Σ over all lags, with `incidence` the new cases by
/// year, the last year last, and *a* the [kernel](super::kernels) of the living.
///
/// **Source.** R. Capocaccia and R. De Angelis, Statistics in Medicine 16 (1997) 425–440; A. Gigli and others,
/// Statistical Methods in Medical Research 15 (2006) 235–253.
///
/// **Errors.** No incidence, or a value below 0; no recorded years; nobody expected to be alive.
///
/// **When it fails.** It takes incidence and survival before the register opened as given. Rising incidence or
/// survival makes the true share larger than with constant ones. Years before the first of `incidence` count as
/// empty.
pub fn completeness_index(
    incidence: &[f64],
    survival: Survival,
    recorded: usize,
) -> Result<CompletenessIndex, EstimateError> {
    Ok(CompletenessIndex {
        share: share(incidence, survival, recorded)?,
        variance: 0.0,
    })
}

/// The index with the variance that comes from not knowing the curve: the mean and variance over drawn curves.
///
/// **Formula.** R of [`completeness_index`] for each curve; their mean, and their variance with *n* − 1.
///
/// **Errors.** As [`completeness_index`]; fewer than two curves.
pub fn completeness_index_draws(
    incidence: &[f64],
    curves: &[Survival],
    recorded: usize,
) -> Result<CompletenessIndex, EstimateError> {
    if curves.len() < 2 {
        return Err(EstimateError::NoDraws);
    }
    let shares: Vec<f64> = curves
        .par_iter()
        .map(|&curve| share(incidence, curve, recorded))
        .collect::<Result<_, _>>()?;
    let n = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / n;
    let squares: f64 = shares.iter().map(|share| (share - mean).powi(2)).sum();
    Ok(CompletenessIndex {
        share: mean,
        variance: squares / (n - 1.0),
    })
}

/// The index of a register opened `recorded` years ago, with incidence constant for ever.
///
/// **Formula.** R = ∫ S from 0 to L / ∫ S from 0 to ∞. For a Weibull curve without other causes that is *P*(1/shape,
/// (L/scale)^shape), the regularised incomplete gamma function.
///
/// **Errors.** A duration that is not above 0; a curve whose mean has no bound.
pub fn steady_completeness(family: Family, recorded: f64) -> Result<f64, EstimateError> {
    if recorded.is_nan() || recorded <= 0.0 {
        return Err(EstimateError::Duration);
    }
    Ok(match family.checked()? {
        Family::Weibull { shape, scale } => gamma_lr(1.0 / shape, (recorded / scale).powf(shape)),
        other => other.mean_until(recorded) / other.mean()?,
    })
}

fn share(incidence: &[f64], survival: Survival, recorded: usize) -> Result<f64, EstimateError> {
    if recorded == 0 {
        return Err(EstimateError::Duration);
    }
    if incidence.is_empty() {
        return Err(EstimateError::Empty);
    }
    if incidence.iter().any(|new| !new.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    if incidence.iter().any(|&new| new < 0.0) {
        return Err(EstimateError::Negative);
    }
    let kernels = kernels(survival, incidence.len())?;
    let (mut within, mut all) = (0.0, 0.0);
    for (lag, (new, alive)) in incidence.iter().rev().zip(&kernels.alive).enumerate() {
        all += new * alive;
        if lag < recorded {
            within += new * alive;
        }
    }
    if within <= 0.0 {
        return Err(EstimateError::NobodyExpected);
    }
    Ok(within / all)
}

/// Everyone living, from those counted and the completeness index.
///
/// **Formula.** P = P_L / R, with variance Var(P_L)/R² + P_L² Var(R)/R⁴ (delta method, the two independent). The
/// interval is log-normal on the part that was not counted, so it never lies below those counted.
///
/// **Source.** A. Gigli and others, Statistical Methods in Medical Research 15 (2006) 235–253.
///
/// **Errors.** A count or variance that is below 0 or not finite; an index outside 0 (exclusive) to 1.
///
/// **When it fails.** It completes for the years before the register opened, never for people whom the register
/// missed in its years.
pub fn complete_prevalence(
    counted: f64,
    counted_variance: f64,
    index: CompletenessIndex,
    confidence: Confidence,
) -> Result<CompletePrevalence, EstimateError> {
    let CompletenessIndex { share, variance } = index;
    if ![counted, counted_variance, share, variance]
        .iter()
        .all(|value| value.is_finite())
    {
        return Err(EstimateError::NotFinite);
    }
    if counted < 0.0 || counted_variance < 0.0 || variance < 0.0 {
        return Err(EstimateError::Negative);
    }
    if share <= 0.0 || share > 1.0 {
        return Err(EstimateError::OutsideUnit("the share of those counted"));
    }
    let total = counted / share;
    let variance = counted_variance / share.powi(2) + counted.powi(2) * variance / share.powi(4);
    let unseen = total - counted;
    let spread = if unseen > 0.0 {
        (confidence.deviations() * (variance / (unseen * unseen)).ln_1p().sqrt()).exp()
    } else {
        1.0
    };
    Ok(CompletePrevalence {
        total,
        variance,
        interval: Interval {
            low: counted + unseen / spread,
            high: counted + unseen * spread,
        },
    })
}
