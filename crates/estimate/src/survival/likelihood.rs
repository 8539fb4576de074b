//! How well a family fits what was seen.

use crate::EstimateError;

use super::alike::{Alike, each};
use super::family::Family;
use super::follow_up::{FollowUp, check_times};

/// Which family to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FamilyKind {
    /// [`Family::Weibull`].
    Weibull,
    /// [`Family::LogLogistic`].
    LogLogistic,
    /// [`Family::SlowClass`] with a stated hazard of the slow class.
    SlowClass {
        /// The hazard of the slow class, a year.
        hazard: f64,
    },
}

impl FamilyKind {
    /// How many parameters are fitted.
    pub fn parameters(self) -> usize {
        match self {
            Self::Weibull | Self::LogLogistic => 2,
            Self::SlowClass { .. } => 3,
        }
    }

    /// The curve with these parameters; `share` only counts for a slow class.
    pub(super) fn with(self, log_shape: f64, log_scale: f64, share: f64) -> Family {
        let (shape, scale) = (log_shape.exp(), log_scale.exp());
        match self {
            Self::Weibull => Family::Weibull { shape, scale },
            Self::LogLogistic => Family::LogLogistic { shape, scale },
            Self::SlowClass { hazard } => Family::SlowClass {
                shape,
                scale,
                share,
                hazard,
            },
        }
    }
}

/// The log-likelihood of a family, given people who were followed up.
///
/// **Formula.** Σ over people of: log(*h*(exit) + *h*ₒ) where the person died, − H(exit) + H(entry), with *h* and H
/// the hazard and cumulative hazard of the family and *h*ₒ that of other causes, whose own share of the survival is
/// the same for every parameter and left out. With `other_causes` 0 every death counts as one of the disease.
///
/// **Source.** J. P. Klein and M. L. Moeschberger, Survival Analysis (2003), section 3.5; with a background hazard:
/// P. W. Dickman and others, Statistics in Medicine 23 (2004) 51–64.
///
/// **Errors.** No people; times that are no follow-up; parameters that make no curve.
pub fn log_likelihood(family: Family, people: &[FollowUp], other_causes: f64) -> Result<f64, EstimateError> {
    family.checked()?;
    if people.is_empty() {
        return Err(EstimateError::Empty);
    }
    for person in people {
        check_times(person.entry, person.exit)?;
    }
    Ok(sum(family, &each(people), other_causes))
}

/// The sum itself, for people already checked; not a number where the parameters have left all bounds.
pub(super) fn sum(family: Family, people: &[Alike], other_causes: f64) -> f64 {
    people
        .iter()
        .map(|alike| {
            let person = alike.follow_up;
            let (cumulative, hazard) = family.hazards(person.exit);
            let mut one = -cumulative;
            if person.entry > 0.0 {
                one += family.cumulative_hazard(person.entry);
            }
            if person.died {
                one += (hazard + other_causes).ln();
            }
            alike.people as f64 * one
        })
        .sum()
}
