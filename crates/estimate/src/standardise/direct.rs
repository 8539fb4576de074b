//! Direct standardisation.

use statrs::distribution::{ContinuousCDF, Gamma};

use super::indirect::exact_poisson;
use crate::{Confidence, EstimateError, Interval};

/// One age band of a place and of the standard population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgeBand {
    /// Events among the place's people of this age.
    pub events: u64,
    /// People of this age in the place, or person-years; above 0.
    pub people: f64,
    /// People of this age in the standard population; only the proportions count.
    pub standard: f64,
}

/// How the interval of a directly standardised rate is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectMethod {
    /// The gamma interval of Fay and Feuer: never too narrow, a little wide.
    FayFeuer,
    /// The interval of Dobson and others: as used by public health in England; may be too narrow where one band
    /// weighs much.
    Dobson,
}

/// A directly standardised rate, in events for one person (or person-year).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedRate {
    /// The rate.
    pub rate: f64,
    /// Its variance, events taken as Poisson.
    pub variance: f64,
    /// Where the rate behind it may lie.
    pub interval: Interval,
}

/// The rate that the standard population would have with this place's rates by age.
///
/// **Formula.** With *w* = standard/Σstandard: *y* = Σ *w x*/*n*, *v* = Σ *w*² *x*/*n*². Fay and Feuer: with *m* =
/// max *w*/*n*, from the quantile of Gamma(*y*²/*v*, scale *v*/*y*) to that of Gamma((*y* + *m*)²/(*v* + *m*²),
/// scale (*v* + *m*²)/(*y* + *m*)). Dobson: *y* + √(*v*/*O*)(*L* − *O*) and the same with *U*, where *O* is the
/// number of events and *L*, *U* its [exact limits](exact_poisson).
///
/// **Source.** M. P. Fay and E. J. Feuer, Statistics in Medicine 16 (1997) 791–801; A. J. Dobson, K. Kuulasmaa, E.
/// Eberle and J. Scherer, Statistics in Medicine 10 (1991) 457–462.
///
/// **When it fails.** A band of few people with one event carries a wild rate into the sum: join bands first.
/// Events of one person counted twice are not Poisson.
///
/// **Errors.** No band, a band without people, a negative or unreal weight, weights that are all 0; no event at all
/// with [`DirectMethod::Dobson`], whose formula then has no value.
pub fn direct(
    bands: &[AgeBand],
    method: DirectMethod,
    confidence: Confidence,
) -> Result<StandardisedRate, EstimateError> {
    let standard = check(bands)?;
    let weights = || {
        bands
            .iter()
            .map(|band| (band.standard / standard / band.people, band.events as f64))
    };
    let rate: f64 = weights().map(|(weight, events)| weight * events).sum();
    let variance: f64 = weights().map(|(weight, events)| weight * weight * events).sum();
    let largest = weights().map(|(weight, _)| weight).fold(0.0, f64::max);
    let events: u64 = bands.iter().fold(0, |sum, band| sum.saturating_add(band.events));
    let interval = match method {
        DirectMethod::FayFeuer => fay_feuer(rate, variance, largest, confidence)?,
        DirectMethod::Dobson if events == 0 => {
            return Err(EstimateError::NotPositive("the number of events"));
        }
        DirectMethod::Dobson => {
            let count = events as f64;
            let scale = (variance / count).sqrt();
            let limits = exact_poisson(events, confidence)?;
            Interval {
                low: (rate + scale * (limits.low - count)).max(0.0),
                high: rate + scale * (limits.high - count),
            }
        }
    };
    Ok(StandardisedRate {
        rate,
        variance,
        interval,
    })
}

/// The sum of the standard population, where every band can be used.
fn check(bands: &[AgeBand]) -> Result<f64, EstimateError> {
    if bands.is_empty() {
        return Err(EstimateError::Empty);
    }
    for band in bands {
        if !(band.people > 0.0 && band.people.is_finite()) {
            return Err(EstimateError::NotPositive("the number of people in an age band"));
        }
        if !(band.standard >= 0.0 && band.standard.is_finite()) {
            return Err(EstimateError::NotPositive("a weight of the standard population"));
        }
    }
    let standard: f64 = bands.iter().map(|band| band.standard).sum();
    if standard > 0.0 {
        Ok(standard)
    } else {
        Err(EstimateError::NotPositive("the standard population"))
    }
}

fn fay_feuer(
    rate: f64,
    variance: f64,
    largest: f64,
    confidence: Confidence,
) -> Result<Interval, EstimateError> {
    let at = |mean: f64, variance: f64, p: f64| {
        Gamma::new(mean * mean / variance, mean / variance)
            .map(|law| law.inverse_cdf(p))
            .map_err(|_| EstimateError::NotFinite)
    };
    let low = if rate > 0.0 {
        at(rate, variance, confidence.tail())?
    } else {
        0.0
    };
    let high = at(
        rate + largest,
        variance + largest * largest,
        1.0 - confidence.tail(),
    )?;
    Ok(Interval { low, high })
}
