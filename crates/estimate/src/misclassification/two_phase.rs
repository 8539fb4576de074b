//! Two-phase review: random charts of the flagged, and random charts of the unflagged.

use super::reviewer::draw_people;
use super::{Reviewer, Stratum, reviewed};
use crate::chance::chance;
use crate::{EstimateError, Posterior};

/// How many people have the disease, by the design of the review alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoPhase {
    /// How many there are.
    pub total: f64,
    /// The variance of that, over all samples that might have been drawn.
    pub variance: f64,
}

/// How many people have the disease, as draws.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoPhaseDraws {
    /// How many there are.
    pub total: Posterior,
    /// How many in each stratum, in the order given.
    pub strata: Vec<Posterior>,
}

/// How many people have the disease, from a random review of every stratum.
///
/// **Formula.** *T* = Σ *N a*/*m*; variance Σ *N*²(1 − *m*/*N*) *â*(1 − *â*)/(*m* − 1) with *â* = *a*/*m*.
///
/// **Source.** W. G. Cochran, Sampling Techniques (1977), sections 3.2 and 5.3.
///
/// **When it fails.** It gives no interval, on purpose: where the review found nobody in a stratum, this variance
/// counts it as known to be 0, and *T* ± 2 standard errors promises too much. [`two_phase_draws`] does not.
///
/// **Errors.** No stratum, a part above its whole, [`EstimateError::NotReviewed`], fewer than two charts in a
/// stratum of more people.
pub fn two_phase(strata: &[Stratum]) -> Result<TwoPhase, EstimateError> {
    reviewed(strata)?;
    let (mut total, mut variance) = (0.0, 0.0);
    for stratum in strata.iter().filter(|stratum| stratum.people > 0) {
        let (people, charts) = (stratum.people as f64, stratum.reviewed as f64);
        let share = stratum.confirmed as f64 / charts;
        total += people * share;
        if stratum.rest() > 0 {
            if stratum.reviewed < 2 {
                return Err(EstimateError::TooFew {
                    what: "charts in every stratum",
                    needed: 2,
                    found: 1,
                });
            }
            variance += people * stratum.rest() as f64 * share * (1.0 - share) / (charts - 1.0);
        }
    }
    Ok(TwoPhase { total, variance })
}

/// How many people have the disease, from a random review of every stratum, as draws.
///
/// **Formula.** In each stratum *a* + Binomial(*N* − *m*, *p*) with *p* ~ Beta(*a* + ½, *m* − *a* + ½). With a
/// reviewer who errs, *p* comes from the posterior of what the reviewer said, under the same prior; the truth of
/// each reviewed chart is drawn too, and the reviewer's accuracy is one draw for all strata.
///
/// **Source.** A. Tenenbein 1970 (see the [module](super)), with Jeffreys' prior as L. D. Brown, T. T. Cai and A.
/// DasGupta, Statistical Science 16 (2001) 101–133, advise for single shares.
///
/// **When it fails.** Charts that are not a random sample of their stratum; charts from some hospitals only
/// ([`hospital_draws`](super::hospital_draws)). A stratum of very many people with few charts adds up: nobody found
/// in 100 charts of 100,000 people still leaves several hundred possible. The accuracy of a measured reviewer is
/// not learned from the strata, only from its own validation.
///
/// **Errors.** No stratum, a part above its whole, [`EstimateError::NotReviewed`]; for the reviewer
/// [`EstimateError::NobodyValidated`], [`EstimateError::Uninformative`].
pub fn two_phase_draws(
    strata: &[Stratum],
    reviewer: &Reviewer,
    draws: usize,
    seed: u64,
) -> Result<TwoPhaseDraws, EstimateError> {
    reviewed(strata)?;
    reviewer.check()?;
    let mut chance = chance(seed);
    let mut by_stratum = vec![Vec::with_capacity(draws); strata.len()];
    let mut totals = Vec::with_capacity(draws);
    for _ in 0..draws {
        let accuracy = reviewer.draw(&mut chance)?;
        let mut total = 0.0;
        for (stratum, drawn) in strata.iter().zip(&mut by_stratum) {
            let people = draw_people(*stratum, accuracy, &mut chance)? as f64;
            total += people;
            drawn.push(people);
        }
        totals.push(total);
    }
    Ok(TwoPhaseDraws {
        total: Posterior::from_draws(totals)?,
        strata: by_stratum
            .into_iter()
            .map(Posterior::from_draws)
            .collect::<Result<_, _>>()?,
    })
}
