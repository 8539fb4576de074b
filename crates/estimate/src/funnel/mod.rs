//! Funnels: which hospitals differ from a target by more than their size explains.
//!
//! A small hospital swings further by chance than a large one, so limits are drawn as a funnel around the target.
//! Where hospitals differ more than chance for reasons nobody can adjust for, the funnel is widened by that
//! spread, once as a factor ([`Spread::Multiplicative`]) or as a variance between hospitals ([`Spread::Additive`]).
//!
//! The invariant: a hospital stands outside only of limits that were computed without looking at it alone, and the
//! limits say for which level and spread they hold.
//!
//! **Source.** D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24
//! (2005) 1185–1202, and for the additive variance D. J. Spiegelhalter and others, Journal of the Royal Statistical
//! Society A 175 (2012) 1–47.
//!
//! **When it fails.** A funnel compares with a target; it ranks nobody. For completeness the target must be a share
//! that people of the same mix could reach; a hospital below it may record badly or care for other people.

mod dispersion;
mod limits;
mod matched;
#[cfg(test)]
mod tests;

pub use dispersion::{Dispersion, dispersion};
pub use limits::{binomial_limit, poisson_limit};
pub use matched::{beta_binomial_limit, negative_binomial_limit};

use matched::{beta_binomial_count, negative_binomial_count};

use crate::tally::{Observed, Tally, pooled};
use crate::{Confidence, EstimateError, Interval};

/// How far the funnel reaches beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Chance alone, with exact limits.
    Chance,
    /// The variance of chance times *φ*, where *φ* is above 1.
    Multiplicative,
    /// The variance of chance plus *τ*² between hospitals.
    Additive,
    /// The same variance with the shape of the counts: beta-binomial for shares, negative binomial for ratios; chance
    /// alone, with exact limits, where *τ*² is 0.
    Matched,
}

/// One hospital in a funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPoint {
    /// Its share or ratio.
    pub value: f64,
    /// The size it is judged by: the whole, or the expected count.
    pub size: f64,
    /// How many standard errors it lies above the target, chance alone.
    pub naive_z: f64,
    /// The same with the spread of this funnel.
    pub z: f64,
}

/// What the points of a funnel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shares,
    Ratios,
}

/// A funnel: its target, its points, its limits at any size.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// The share or ratio that the funnel narrows to.
    pub target: f64,
    /// How much more the hospitals differ than chance explains.
    pub dispersion: Dispersion,
    /// The hospitals, in the order given.
    pub points: Vec<FunnelPoint>,
    kind: Kind,
    spread: Spread,
}

/// A funnel of shares around a target, by default the pooled share.
///
/// **Formula.** *z* = (*r*/*n* − *θ*)/*s* with *s*² = *θ*(1 − *θ*)/*n*; *φ* and *τ*² as in [`dispersion`].
/// Limits: exact for [`Spread::Chance`] ([`binomial_limit`]); *θ* ± *z s* √max(*φ*, 1) for [`Spread::Multiplicative`];
/// *θ* ± *z* √(*s*² + *τ*²) for [`Spread::Additive`]; [`beta_binomial_limit`] for [`Spread::Matched`]; all within 0 and 1.
///
/// **Source.** Spiegelhalter 2005 (see the [module](self)).
///
/// **When it fails.** The two wide funnels lean on a normal shape: below about five expected events they are rough.
///
/// **Errors.** No groups, an empty group, a part above its whole, a target that is not strictly between 0 and 1 (so
/// also a pooled share of exactly 0 or 1: then nobody can be told apart).
pub fn funnel_of_shares(
    groups: &[Tally],
    target: Option<f64>,
    spread: Spread,
    winsorised: f64,
) -> Result<Funnel, EstimateError> {
    let pooled = pooled(groups)?;
    let target = target.unwrap_or(pooled);
    if !(target > 0.0 && target < 1.0) {
        return Err(EstimateError::OutsideUnit("the target of a funnel of shares"));
    }
    let values = groups
        .iter()
        .map(|group| Some((group.share()?, group.whole as f64)))
        .collect::<Option<Vec<_>>>()
        .ok_or(EstimateError::Empty)?;
    build(Kind::Shares, target, &values, spread, winsorised)
}

/// A funnel of standardised ratios (observed over expected) around a target, by default 1.
///
/// **Formula.** As [`funnel_of_shares`] with *s*² = *θ*/*E* and the Poisson distribution ([`poisson_limit`]).
///
/// **Source.** Spiegelhalter 2005, section on standardised rates (see the [module](self)).
///
/// **When it fails.** The expected counts are taken as known. Where they come from the same hospitals, a
/// hospital that is most of its country is compared with itself.
///
/// **Errors.** No groups, an expected count or target that is not above 0.
pub fn funnel_of_ratios(
    groups: &[Observed],
    target: Option<f64>,
    spread: Spread,
    winsorised: f64,
) -> Result<Funnel, EstimateError> {
    groups.iter().try_for_each(|group| group.check())?;
    let target = target.unwrap_or(1.0);
    if !(target > 0.0 && target.is_finite()) {
        return Err(EstimateError::NotPositive("the target of a funnel of ratios"));
    }
    let values: Vec<_> = groups
        .iter()
        .map(|group| (group.ratio(), group.expected))
        .collect();
    build(Kind::Ratios, target, &values, spread, winsorised)
}

fn build(
    kind: Kind,
    target: f64,
    values: &[(f64, f64)],
    spread: Spread,
    winsorised: f64,
) -> Result<Funnel, EstimateError> {
    let errors: Vec<f64> = values
        .iter()
        .map(|&(_, size)| kind.variance(target, size).sqrt())
        .collect();
    let naive: Vec<f64> = values
        .iter()
        .zip(&errors)
        .map(|(&(value, _), error)| (value - target) / error)
        .collect();
    let dispersion = dispersion(&naive, &errors, winsorised)?;
    let mut funnel = Funnel {
        target,
        dispersion,
        points: Vec::new(),
        kind,
        spread,
    };
    funnel.points = values
        .iter()
        .zip(&naive)
        .map(|(&(value, size), &naive_z)| FunnelPoint {
            value,
            size,
            naive_z,
            z: (value - target) / funnel.variance_at(size).sqrt(),
        })
        .collect();
    Ok(funnel)
}

impl Kind {
    /// The variance of a value by chance alone.
    fn variance(self, target: f64, size: f64) -> f64 {
        match self {
            Self::Shares => target * (1.0 - target) / size,
            Self::Ratios => target / size,
        }
    }
}

impl Funnel {
    /// The variance of a value at a size, with the spread of this funnel.
    fn variance_at(&self, size: f64) -> f64 {
        let chance = self.kind.variance(self.target, size);
        match self.spread {
            Spread::Chance => chance,
            Spread::Multiplicative => chance * self.dispersion.phi.max(1.0),
            Spread::Additive | Spread::Matched => chance + self.dispersion.tau_squared,
        }
    }

    /// The limits at a size, as they are published and drawn: the whole (rounded) for shares, the expected count for ratios.
    ///
    /// **When it fails.** Both limits are quantiles moved back. A count on the upper one may therefore stand above it though
    /// more than the tail's chance reaches it: where 0.03 are expected, one event does, and chance gives it to three of a
    /// hundred groups. Judge by [`Funnel::flag_limits`].
    ///
    /// **Errors.** [`EstimateError::NotPositive`] for a size that is not above 0.
    pub fn limits(&self, size: f64, confidence: Confidence) -> Result<Interval, EstimateError> {
        if !(size > 0.0 && size.is_finite()) {
            return Err(EstimateError::NotPositive("the size of a group"));
        }
        if let Some(beyond) = self.exact() {
            let limit = |p: f64| match self.kind {
                Kind::Shares => beta_binomial_limit(self.target, size.round().max(1.0) as u64, beyond, p),
                Kind::Ratios => negative_binomial_limit(self.target, size, beyond, p),
            };
            return Ok(Interval {
                low: limit(confidence.tail())?,
                high: limit(1.0 - confidence.tail())?,
            });
        }
        let half = confidence.deviations() * self.variance_at(size).sqrt();
        let top = match self.kind {
            Kind::Shares => 1.0,
            Kind::Ratios => f64::INFINITY,
        };
        Ok(Interval {
            low: (self.target - half).max(0.0),
            high: (self.target + half).min(top),
        })
    }

    /// The limits to judge a hospital by: of groups at the target no more than the tail's chance stand above, and no more
    /// below.
    ///
    /// **Formula.** As [`Funnel::limits`], and where these are exact the upper one is (*r* − *α* + 1)/*n* (or /*E*), at most 1
    /// for shares: the mirror image of the lower one. So *R* = *r* is within, as *P*(*R* ≥ *r*) is above the tail, and
    /// *R* = *r* + 1 is outside, as *P*(*R* ≥ *r* + 1) is not.
    ///
    /// **Source.** Ours, a departure from Spiegelhalter 2005, whose upper limit is one count lower. The two meet as groups
    /// grow.
    ///
    /// **When it fails.** As the funnel does; the limits of [`Spread::Multiplicative`] and [`Spread::Additive`] are those of
    /// [`Funnel::limits`].
    ///
    /// **Errors.** As [`Funnel::limits`].
    pub fn flag_limits(&self, size: f64, confidence: Confidence) -> Result<Interval, EstimateError> {
        let limits = self.limits(size, confidence)?;
        let Some(beyond) = self.exact() else {
            return Ok(limits);
        };
        let p = 1.0 - confidence.tail();
        let high = match self.kind {
            Kind::Shares => {
                let whole = size.round().max(1.0) as u64;
                let count = beta_binomial_count(self.target, whole, beyond, p)?;
                ((count + 1.0) / whole as f64).min(1.0)
            }
            Kind::Ratios => (negative_binomial_count(self.target, size, beyond, p)? + 1.0) / size,
        };
        Ok(Interval { high, ..limits })
    }

    /// The variance between groups of a funnel with exact limits; none where its limits lean on a normal shape.
    fn exact(&self) -> Option<f64> {
        match self.spread {
            Spread::Chance => Some(0.0),
            Spread::Matched => Some(self.dispersion.tau_squared),
            Spread::Multiplicative | Spread::Additive => None,
        }
    }
}
