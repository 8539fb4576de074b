//! Reviewers err too.

use std::f64::consts::FRAC_PI_2;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution};

use super::{Stratum, Validation};
use crate::EstimateError;
use crate::tally::Tally;

/// How far the word of a reviewer is the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reviewer {
    /// Always.
    Exact,
    /// With a sensitivity and a specificity that are known: 0.95 and 0.95 for errors of 5 %.
    Known {
        /// The share of people with the disease whom the reviewer confirms.
        sensitivity: f64,
        /// The share of people without it whom the reviewer refutes.
        specificity: f64,
    },
    /// As charts read by a second, better reviewer showed.
    Measured(Validation),
}

/// Tries before a draw is given up: only figures that contradict each other need so many.
const MOST_TRIES: usize = 1_000_000;

impl Reviewer {
    /// That the reviewer tells the two kinds of people apart.
    pub(super) fn check(&self) -> Result<(), EstimateError> {
        let (sensitivity, specificity) = match self {
            Self::Exact => return Ok(()),
            Self::Known {
                sensitivity,
                specificity,
            } => (*sensitivity, *specificity),
            Self::Measured(validation) => {
                validation.both_kinds()?;
                let share = |tally: Tally| tally.part as f64 / tally.whole as f64;
                (share(validation.sensitivity()), share(validation.specificity()))
            }
        };
        if !((0.0..=1.0).contains(&sensitivity) && (0.0..=1.0).contains(&specificity)) {
            return Err(EstimateError::OutsideUnit(
                "a reviewer's sensitivity and specificity",
            ));
        }
        if sensitivity + specificity <= 1.0 {
            return Err(EstimateError::Uninformative);
        }
        Ok(())
    }

    /// One draw of (sensitivity, specificity); none for a reviewer who does not err.
    pub(super) fn draw(&self, chance: &mut ChaCha8Rng) -> Result<Option<[f64; 2]>, EstimateError> {
        match self {
            Self::Exact => Ok(None),
            Self::Known {
                sensitivity,
                specificity,
            } => Ok(Some([*sensitivity, *specificity])),
            Self::Measured(validation) => {
                let (se, sp) = (
                    jeffreys(validation.sensitivity())?,
                    jeffreys(validation.specificity())?,
                );
                for _ in 0..MOST_TRIES {
                    let drawn = [se.sample(chance), sp.sample(chance)];
                    if drawn[0] + drawn[1] > 1.0 {
                        return Ok(Some(drawn));
                    }
                }
                Err(EstimateError::NotSettled("the draws of the reviewer's accuracy"))
            }
        }
    }
}

/// One draw of how many people of a stratum have the disease, given the accuracy of the reviewer.
pub(super) fn draw_people(
    stratum: Stratum,
    accuracy: Option<[f64; 2]>,
    chance: &mut ChaCha8Rng,
) -> Result<u64, EstimateError> {
    let Some([se, sp]) = accuracy else {
        let share = jeffreys(stratum.tally())?.sample(chance);
        return Ok(stratum.confirmed + binomial(stratum.rest(), share, chance)?);
    };
    let share = share_behind(stratum.tally(), se, sp, chance)?;
    let confirmed = share * se + (1.0 - share) * (1.0 - sp);
    let refuted = stratum.reviewed - stratum.confirmed;
    let rightly = binomial(stratum.confirmed, ratio(share * se, confirmed), chance)?;
    let wrongly = binomial(refuted, ratio(share * (1.0 - se), 1.0 - confirmed), chance)?;
    Ok(rightly + wrongly + binomial(stratum.rest(), share, chance)?)
}

/// One draw of the share that has the disease, given what a reviewer said and errs.
///
/// Jeffreys' prior on the share is uniform in *θ* for share = sin² *θ*, and the likelihood is bounded, so places
/// are drawn evenly and kept in proportion to it. Drawing the confirmed share first would put the prior on what the
/// reviewer says instead.
fn share_behind(said: Tally, se: f64, sp: f64, chance: &mut ChaCha8Rng) -> Result<f64, EstimateError> {
    let log_likelihood =
        |confirmed: f64| times_ln(said.part, confirmed) + times_ln(said.rest(), 1.0 - confirmed);
    let observed = said.share().unwrap_or(0.5);
    let top = log_likelihood(observed.clamp(1.0 - sp, se));
    for _ in 0..MOST_TRIES {
        let share = (chance.random::<f64>() * FRAC_PI_2).sin().powi(2);
        let confirmed = share * se + (1.0 - share) * (1.0 - sp);
        if chance.random::<f64>().ln() < log_likelihood(confirmed) - top {
            return Ok(share);
        }
    }
    Err(EstimateError::Contradiction(
        "the review and the accuracy of the reviewer",
    ))
}

/// *k* ln *x*, and 0 for *k* = 0 whatever *x*.
fn times_ln(k: u64, x: f64) -> f64 {
    if k == 0 { 0.0 } else { k as f64 * x.ln() }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        (part / whole).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The posterior of a share under Jeffreys' prior.
pub(super) fn jeffreys(tally: Tally) -> Result<Beta<f64>, EstimateError> {
    Beta::new(tally.part as f64 + 0.5, tally.rest() as f64 + 0.5)
        .map_err(|_| EstimateError::NotSettled("the draws"))
}

/// One draw of a binomial count.
pub(super) fn binomial(people: u64, share: f64, chance: &mut ChaCha8Rng) -> Result<u64, EstimateError> {
    Binomial::new(people, share)
        .map(|law| law.sample(chance))
        .map_err(|_| EstimateError::OutsideUnit("a share"))
}
