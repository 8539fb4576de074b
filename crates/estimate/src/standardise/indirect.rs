//! Indirect standardisation: observed over expected, and intervals of a count.

use statrs::distribution::{ContinuousCDF, Gamma};

use crate::tally::Observed;
use crate::{Confidence, EstimateError, Interval};

/// Above so many events the search for exact limits is slow and loses digits, while Byar's agree with them to ten.
const MANY: u64 = 1_000_000;

/// A standardised ratio: 1 where the place has as many events as the standard's rates would give it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedRatio {
    /// Observed over expected.
    pub ratio: f64,
    /// Where the ratio behind it may lie, by the exact limits of the count.
    pub interval: Interval,
}

/// Observed over expected, with exact limits.
///
/// **Formula.** *O*/*E*, and the [exact limits](exact_poisson) of *O* over *E*.
///
/// **Source.** N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II (IARC, 1987), chapter 2.
///
/// **When it fails.** *E* is taken as known. Two ratios share a scale only where the places' ages are alike.
///
/// **Errors.** An expected count that is not above 0.
pub fn indirect(events: Observed, confidence: Confidence) -> Result<StandardisedRatio, EstimateError> {
    events.check()?;
    let limits = exact_poisson(events.count, confidence)?;
    Ok(StandardisedRatio {
        ratio: events.ratio(),
        interval: Interval {
            low: limits.low / events.expected,
            high: limits.high / events.expected,
        },
    })
}

/// Exact limits of the mean behind a Poisson count.
///
/// **Formula.** From *χ*²(*α*/2; 2*O*)/2 (0 for *O* = 0) to *χ*²(1 − *α*/2; 2*O* + 2)/2; above a million events
/// [`byar`], which then agrees to ten digits.
///
/// **Source.** F. Garwood, Biometrika 28 (1936) 437–442.
///
/// **When it fails.** Never below its promise for a Poisson count, at the price of some width; counts that cluster
/// (families, days, repeats of a person) are not Poisson.
///
/// **Errors.** [`EstimateError::NotFinite`] where the distribution cannot be evaluated.
pub fn exact_poisson(count: u64, confidence: Confidence) -> Result<Interval, EstimateError> {
    if count > MANY {
        return Ok(byar(count, confidence));
    }
    let at = |shape: f64, p: f64| {
        Gamma::new(shape, 1.0)
            .map(|law| law.inverse_cdf(p))
            .map_err(|_| EstimateError::NotFinite)
    };
    let events = count as f64;
    Ok(Interval {
        low: if count == 0 {
            0.0
        } else {
            at(events, confidence.tail())?
        },
        high: at(events + 1.0, 1.0 - confidence.tail())?,
    })
}

/// Byar's approximation of the same limits, as public health tables in England print them.
///
/// **Formula.** *O*(1 − 1/(9*O*) − *z*/(3√*O*))³ to (*O* + 1)(1 − 1/(9(*O* + 1)) + *z*/(3√(*O* + 1)))³; the lower limit
/// of 0 is 0.
///
/// **Source.** Breslow and Day 1987, chapter 2.
///
/// **When it fails.** Below about ten events it drifts from the exact limits, which cost nothing more: use it to agree
/// with tables that did.
pub fn byar(count: u64, confidence: Confidence) -> Interval {
    let z = confidence.deviations();
    let cubed =
        |events: f64, z: f64| events * (1.0 - 1.0 / (9.0 * events) + z / (3.0 * events.sqrt())).powi(3);
    let events = count as f64;
    Interval {
        low: if count == 0 {
            0.0
        } else {
            cubed(events, -z).max(0.0)
        },
        high: cubed(events + 1.0, z),
    }
}
