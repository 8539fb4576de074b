//! Control charts: has something changed from month to month, or does it only vary as it always does?
//!
//! [`xmr`] for one figure a month, [`p_chart`] and [`laney_p_chart`] for shares, [`u_chart`] for counts with an
//! exposure; [`signals`] reads any of them. Limits are three standard deviations from the centre, as everywhere in
//! the field, and are computed from all points given: pass the months of a stable period to judge the later ones.
//!
//! **Source.** W. A. Shewhart, Economic Control of Quality of Manufactured Product (1931); D. J. Wheeler,
//! Understanding Variation (2000).
//!
//! **When they fail.** Months that lean on each other (a backlog worked off, people counted in several months) make
//! the limits too narrow; figures still incomplete because of late records look like a fall in the last months:
//! correct for delay first.

mod attributes;
mod individual;
mod rules;
#[cfg(test)]
mod tests;

pub use attributes::{LaneyChart, laney_p_chart, p_chart, u_chart};
pub use individual::{Xmr, xmr, xmr_screened};
pub use rules::{MAKING_DATA_COUNT, Rule, Signal, signals};

use crate::EstimateError;

/// The fewest points from which limits are computed.
///
/// With ten, the standard deviation behind the limits is itself uncertain by three tenths (the
/// deviation of mean moving range/1.128 over simulated normal values: 0.298).
pub const FEWEST_POINTS: usize = 10;

/// The mean range of two values from a normal distribution, in standard deviations: 2/√π, rounded as in every table
/// of the field.
const RANGE_OF_TWO: f64 = 1.128;

/// One point of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    /// Its value.
    pub value: f64,
    /// Its standard deviation when nothing has changed.
    pub sigma: f64,
    /// Three of them below the centre, cut at the least possible value.
    pub low: f64,
    /// Three of them above the centre, cut at the largest possible value.
    pub high: f64,
}

/// A chart: a centre, and points with their limits, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    /// The centre line.
    pub centre: f64,
    /// The points.
    pub points: Vec<ChartPoint>,
}

impl ControlChart {
    fn new(centre: f64, values: impl Iterator<Item = (f64, f64)>, least: f64, most: f64) -> Self {
        let points = values
            .map(|(value, sigma)| ChartPoint {
                value,
                sigma,
                low: (centre - 3.0 * sigma).max(least),
                high: (centre + 3.0 * sigma).min(most),
            })
            .collect();
        Self { centre, points }
    }
}

/// That there are enough points for limits.
fn enough(points: usize) -> Result<(), EstimateError> {
    if points < FEWEST_POINTS {
        return Err(EstimateError::TooFew {
            what: "points in time",
            needed: FEWEST_POINTS,
            found: points,
        });
    }
    Ok(())
}

/// The mean distance between neighbours in time.
fn mean_moving_range(values: &[f64]) -> f64 {
    let ranges = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    ranges.sum::<f64>() / values.len().saturating_sub(1).max(1) as f64
}
