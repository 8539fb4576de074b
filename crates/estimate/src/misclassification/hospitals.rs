//! Charts from some hospitals only.

use super::Stratum;
use super::reviewer::binomial;
use crate::chance::chance_of;
use crate::shrink::{SharePrior, shrink_shares};
use crate::tally::Tally;
use crate::{EstimateError, Posterior};

/// What was believed of the share with the disease, and of how far hospitals differ, before the review: Jeffreys'
/// prior on the share, and hospitals that rarely differ as much as wholly healthy and wholly ill ones.
pub const CHART_PRIOR: SharePrior = SharePrior {
    mean: [0.5, 0.5],
    spread: [1.0, 3.0],
};

/// How many people of one stratum have the disease, from charts of some hospitals.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalSample {
    /// In all hospitals together.
    pub total: Posterior,
    /// The standard deviation of the share between hospitals.
    pub between: Posterior,
}

/// How many people of one stratum have the disease, where only some hospitals reviewed charts.
///
/// Each [`Stratum`] is this stratum's people in one hospital, `reviewed` 0 where it took no part. Charts of one
/// hospital are more alike than charts of the country, so fifty charts from each of six hospitals know less than
/// three hundred from everywhere.
///
/// **Formula.** The shares of the hospitals are a beta-binomial family ([`shrink_shares`]); each draw adds, over
/// the hospitals, *a* + Binomial(*N* − *m*, *p*), where a hospital without charts has its *p* from the family.
///
/// **Source.** A. Gelman and others, Bayesian Data Analysis (2013), sections 5.3 and 8.3 (cluster samples).
///
/// **When it fails.** Hospitals that took part because they record well. Two or three hospitals cannot tell how far
/// hospitals differ: the interval is then mostly prior. Reviewers are taken as exact.
///
/// **Errors.** A part above its whole, fewer than two hospitals with charts, no draws asked for.
pub fn hospital_draws(
    hospitals: &[Stratum],
    prior: SharePrior,
    draws: usize,
    seed: u64,
) -> Result<HospitalSample, EstimateError> {
    hospitals.iter().try_for_each(|hospital| hospital.check())?;
    let taking_part = hospitals.iter().filter(|hospital| hospital.reviewed > 0).count();
    if taking_part < 2 {
        return Err(EstimateError::TooFew {
            what: "hospitals with reviewed charts",
            needed: 2,
            found: taking_part,
        });
    }
    let tallies: Vec<Tally> = hospitals.iter().map(|hospital| hospital.tally()).collect();
    let family = shrink_shares(&tallies, prior, draws, seed)?;
    // A stream of its own, so that these draws are not those that made the shares.
    let mut chance = chance_of(seed, 1);
    let totals = (0..draws)
        .map(|draw| {
            let mut total = 0.0;
            for (hospital, share) in hospitals.iter().zip(&family.groups) {
                let share = share.draws().get(draw).copied().unwrap_or(0.0);
                total += (hospital.confirmed + binomial(hospital.rest(), share, &mut chance)?) as f64;
            }
            Ok(total)
        })
        .collect::<Result<Vec<f64>, EstimateError>>()?;
    Ok(HospitalSample {
        total: Posterior::from_draws(totals)?,
        between: family.spread,
    })
}
