//! Charts of shares and of rates.

use super::{ControlChart, RANGE_OF_TWO, enough, mean_moving_range};
use crate::EstimateError;
use crate::tally::{Observed, Tally, pooled};

/// A chart of shares whose limits follow the variation that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneyChart {
    /// The shares and their limits.
    pub chart: ControlChart,
    /// How much the shares vary from month to month beyond chance: 1 where chance explains it.
    pub sigma_z: f64,
}

/// A chart of shares, with the limits of chance alone.
///
/// **Formula.** Centre *p̄* = Σ*r*/Σ*n*; limits *p̄* ± 3√(*p̄*(1 − *p̄*)/*n*), within 0 and 1.
///
/// **Source.** D. C. Montgomery, Introduction to Statistical Quality Control, chapter on attributes.
///
/// **When it fails.** Large *n*: months vary for many small reasons, and nearly all points fall outside. Use
/// [`laney_p_chart`].
///
/// **Errors.** Fewer than [`FEWEST_POINTS`](super::FEWEST_POINTS), an empty month, shares that are all 0 or all 1.
pub fn p_chart(months: &[Tally]) -> Result<ControlChart, EstimateError> {
    let (centre, shares, sigmas) = shares(months)?;
    let points = shares.into_iter().zip(sigmas);
    Ok(ControlChart::new(centre, points, 0.0, 1.0))
}

/// A chart of shares with limits that follow the variation between months (p′).
///
/// **Formula.** *z* = (*p* − *p̄*)/*σ* with *σ* = √(*p̄*(1 − *p̄*)/*n*); *σ_z* = mean|Δ*z*|/1.128; limits *p̄* ±
/// 3*σ σ_z*, within 0 and 1.
///
/// **Source.** D. B. Laney, Improved control charts for attributes, Quality Engineering 14 (2002) 531–537.
///
/// **When it fails.** *σ_z* is a figure of its own with its own chance: from ten points it is off by three tenths
/// either way.
///
/// **Errors.** As [`p_chart`], and months that do not vary at all.
pub fn laney_p_chart(months: &[Tally]) -> Result<LaneyChart, EstimateError> {
    let (centre, shares, sigmas) = shares(months)?;
    let z: Vec<f64> = shares
        .iter()
        .zip(&sigmas)
        .map(|(share, sigma)| (share - centre) / sigma)
        .collect();
    let sigma_z = mean_moving_range(&z) / RANGE_OF_TWO;
    if sigma_z <= 0.0 {
        return Err(EstimateError::NotPositive("the variation between points in time"));
    }
    let points = shares.into_iter().zip(sigmas.iter().map(|sigma| sigma * sigma_z));
    Ok(LaneyChart {
        chart: ControlChart::new(centre, points, 0.0, 1.0),
        sigma_z,
    })
}

/// A chart of rates: counts over an exposure (people, bed days), the expected count of each [`Observed`].
///
/// **Formula.** Centre *ū* = Σ*O*/Σ*E*; limits *ū* ± 3√(*ū*/*E*), not below 0.
///
/// **Source.** D. C. Montgomery, Introduction to Statistical Quality Control, chapter on attributes.
///
/// **When it fails.** As [`p_chart`]: it knows chance only.
///
/// **Errors.** Fewer than [`FEWEST_POINTS`](super::FEWEST_POINTS), an exposure that is not above 0, no event at all.
pub fn u_chart(months: &[Observed]) -> Result<ControlChart, EstimateError> {
    enough(months.len())?;
    months.iter().try_for_each(|month| month.check())?;
    let events: f64 = months.iter().map(|month| month.count as f64).sum();
    let exposure: f64 = months.iter().map(|month| month.expected).sum();
    if events <= 0.0 {
        return Err(EstimateError::NotPositive("the number of events"));
    }
    let centre = events / exposure;
    let points = months
        .iter()
        .map(|month| (month.ratio(), (centre / month.expected).sqrt()));
    Ok(ControlChart::new(centre, points, 0.0, f64::INFINITY))
}

/// The centre, the shares, and their standard deviations by chance.
fn shares(months: &[Tally]) -> Result<(f64, Vec<f64>, Vec<f64>), EstimateError> {
    enough(months.len())?;
    let centre = pooled(months)?;
    if centre <= 0.0 || centre >= 1.0 {
        return Err(EstimateError::NotPositive("the variation between points in time"));
    }
    let shares = months
        .iter()
        .map(|month| month.share())
        .collect::<Option<Vec<_>>>()
        .ok_or(EstimateError::Empty)?;
    let sigmas = months
        .iter()
        .map(|month| (centre * (1.0 - centre) / month.whole as f64).sqrt())
        .collect();
    Ok((centre, shares, sigmas))
}
