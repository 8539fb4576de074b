//! The chart of single values and their moving ranges.

use super::{ControlChart, enough, mean_moving_range};
use crate::EstimateError;

/// 3/1.128, rounded as in every table of the field.
const LIMIT_FACTOR: f64 = 2.66;
/// The upper limit of a range of two values, in mean ranges.
const RANGE_FACTOR: f64 = 3.267;

/// A chart of single values (X) and the ranges between neighbours (mR).
#[derive(Debug, Clone, PartialEq)]
pub struct Xmr {
    /// The values and their limits.
    pub chart: ControlChart,
    /// The mean distance between neighbours in time.
    pub mean_moving_range: f64,
    /// The limit above which one such distance is more than usual variation.
    pub moving_range_limit: f64,
}

/// A chart of single values: one figure a month.
///
/// **Formula.** Limits: mean ± 2.66 × the mean moving range; limit of a moving range: 3.267 × the mean moving
/// range. The limits are not cut at 0: a count has to be read with that in mind.
///
/// **Source.** D. J. Wheeler and D. S. Chambers, Understanding Statistical Process Control (1992).
///
/// **When it fails.** It takes the spread from neighbours, so a slow trend widens nothing and is found by
/// [`signals`](super::signals); counts below about five a month are too coarse for it.
///
/// **Errors.** Fewer than [`FEWEST_POINTS`](super::FEWEST_POINTS), a value that is not a number, values that are
/// all the same (no variation, so no limits).
pub fn xmr(values: &[f64]) -> Result<Xmr, EstimateError> {
    of(values, mean_moving_range)
}

/// As [`xmr`], with distances between neighbours that are themselves out of the ordinary left out of the mean, so that one
/// leap does not widen the limits for all.
///
/// **Formula.** Moving ranges of 3.267 times their mean and more are left out, once; the mean of the others takes its place in
/// all limits.
///
/// **Source.** The NHS programme Making Data Count, as NHSRplotthedots of the NHS-R Community computes it by default.
///
/// **When it fails.** Where leaps belong to the process, the limits are too narrow.
///
/// **Errors.** As [`xmr`].
pub fn xmr_screened(values: &[f64]) -> Result<Xmr, EstimateError> {
    of(values, |values| {
        let most = RANGE_FACTOR * mean_moving_range(values);
        let ranges = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let usual: Vec<f64> = ranges.filter(|range| *range < most).collect();
        usual.iter().sum::<f64>() / usual.len().max(1) as f64
    })
}

fn of(values: &[f64], mean_range: impl Fn(&[f64]) -> f64) -> Result<Xmr, EstimateError> {
    enough(values.len())?;
    if values.iter().any(|value| !value.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    let range = mean_range(values);
    if range <= 0.0 {
        return Err(EstimateError::NotPositive("the variation between points in time"));
    }
    let centre = values.iter().sum::<f64>() / values.len() as f64;
    let sigma = LIMIT_FACTOR * range / 3.0;
    let points = values.iter().map(|&value| (value, sigma));
    Ok(Xmr {
        chart: ControlChart::new(centre, points, f64::NEG_INFINITY, f64::INFINITY),
        mean_moving_range: range,
        moving_range_limit: RANGE_FACTOR * range,
    })
}
