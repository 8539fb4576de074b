//! Many courses, each with its own survival, share found at death and chance.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};
use rayon::prelude::*;

use crate::EstimateError;
use crate::chance::chance_of;

use super::course::Course;
use super::curves::SurvivalOverTime;
use super::deaths::Deaths;
use super::fit::{BackCalculation, Settings, back_calculate_from};

/// What one course takes for granted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumptions {
    /// Survival by year of diagnosis.
    pub curves: SurvivalOverTime,
    /// The share of deaths in people in whom the disease was found at death only, or never.
    pub share_found_at_death: f64,
}

/// Draws many courses, and keeps of each what `summarise` says.
///
/// **Formula.** For each draw: assumptions from `assume`; the best course under them
/// ([`back_calculate`](super::back_calculate)); and a course drawn about it ([`BackCalculation::draw`]). Draw *i* has
/// the *i*-th stream of chance of the seed, so that the same seed gives the same bits on any number of threads.
/// `summarise` sees the fit and the course drawn from it.
///
/// **Errors.** No draws asked for; whatever a fit or a closure finds.
///
/// **When it fails.** The draws are as wide as the assumptions. With one survival curve for all of them they are far
/// too narrow: in simulations such intervals held the truth in 9 of 100 cases.
pub fn draw_courses<T: Send>(
    deaths: &Deaths,
    settings: &Settings,
    count: usize,
    seed: u64,
    assume: impl Fn(&mut ChaCha8Rng) -> Result<Assumptions, EstimateError> + Sync,
    summarise: impl Fn(&BackCalculation, &Course) -> Result<T, EstimateError> + Sync,
) -> Result<Vec<T>, EstimateError> {
    if count == 0 {
        return Err(EstimateError::NoDraws);
    }
    let fit = |rng: &mut ChaCha8Rng, start| {
        let Assumptions {
            curves,
            share_found_at_death,
        } = assume(rng)?;
        back_calculate_from(deaths, &curves, share_found_at_death, settings, start)
    };
    // The first draw's best course is where all the others start, whichever thread they run on.
    let first = fit(&mut chance_of(seed, 0), None)?;
    (0..count)
        .into_par_iter()
        .map(|draw| {
            let mut rng = chance_of(seed, draw as u64);
            let best = fit(&mut rng, Some(first.log_incidence()))?;
            let course = best.draw(&mut rng)?;
            summarise(&best, &course)
        })
        .collect()
}

/// A share drawn from a beta distribution, such as Beta(2, 18) for the share found at death: mostly 0 to 0.25, 0.1 on
/// average.
///
/// **Errors.** Parameters that are not above 0.
pub fn beta_share(alpha: f64, beta: f64, rng: &mut impl Rng) -> Result<f64, EstimateError> {
    let distribution =
        Beta::new(alpha, beta).map_err(|_| EstimateError::NotPositive("a shape of a prior"))?;
    // A draw of exactly 1 would say that nobody's disease was ever recorded.
    Ok(distribution.sample(rng).min(1.0 - 1e-9))
}
