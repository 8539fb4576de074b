//! How many there will be, once everything has been reported.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};

use crate::EstimateError;
use crate::chance::chance;

use super::hazards::ReverseHazards;
use super::triangle::Triangle;

/// One period, with what is still to be reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Nowcast {
    /// Reported so far.
    pub reported: u64,
    /// The share of all reports that has come by now.
    pub share_reported: f64,
    /// The expected number in the end.
    pub expected: f64,
    /// Numbers that it may be in the end, never below those reported.
    pub draws: Vec<u64>,
}

/// What each period, the oldest first, will have in the end.
///
/// **Formula.** With *n* reported and a share F that has come by now, N = *n* + a negative binomial number of
/// failures before the *n*-th success of chance F, mean *n* (1 − F)/F; in each draw F is
/// [drawn](ReverseHazards::draw) too. It is the posterior of N under a prior of 1/N.
///
/// **Source.** J. F. Lawless, Canadian Journal of Statistics 22 (1994) 15–31.
///
/// **Errors.** For a period with no reports: nothing says how many are to come. For all: no draws asked for.
///
/// **When it fails.** When reporting changes, and for reports after the longest delay known. Periods are drawn with
/// the same F in one draw, so that sums over periods are as uncertain as they should be.
pub fn nowcast(
    triangle: &Triangle,
    hazards: &ReverseHazards,
    draws: usize,
    seed: u64,
) -> Result<Vec<Result<Nowcast, EstimateError>>, EstimateError> {
    if draws == 0 {
        return Err(EstimateError::NoDraws);
    }
    if hazards.delays.len() + 1 != triangle.delays() {
        return Err(EstimateError::TriangleShape);
    }
    let mut rng = chance(seed);
    let shares = hazards.reported_by();
    let mut drawn: Vec<Vec<u64>> = vec![Vec::with_capacity(draws); triangle.rows().len()];
    let reported: Vec<(u64, usize)> = triangle
        .rows()
        .iter()
        .map(|row| {
            (
                row.iter().fold(0_u64, |sum, &count| sum.saturating_add(count)),
                row.len() - 1,
            )
        })
        .collect();
    for _ in 0..draws {
        let share_by = hazards.draw(&mut rng)?;
        for ((count, delay), list) in reported.iter().zip(&mut drawn) {
            let share = share_by.get(*delay).copied().unwrap_or(1.0);
            list.push(count.saturating_add(still_to_come(*count, share, &mut rng)?));
        }
    }
    let periods = reported.into_iter().zip(drawn).map(|((count, delay), draws)| {
        let share = shares.get(delay).copied().unwrap_or(1.0);
        if count == 0 {
            return Err(EstimateError::NothingReported);
        }
        if share <= 0.0 {
            return Err(EstimateError::NothingReportedBefore { delay: delay + 1 });
        }
        Ok(Nowcast {
            reported: count,
            share_reported: share,
            expected: count as f64 / share,
            draws,
        })
    });
    Ok(periods.collect())
}

/// A negative binomial number: Poisson with a gamma mean.
fn still_to_come(count: u64, share: f64, rng: &mut ChaCha8Rng) -> Result<u64, EstimateError> {
    if count == 0 || share >= 1.0 {
        return Ok(0);
    }
    let odds = (1.0 - share) / share.max(f64::MIN_POSITIVE);
    let mean = Gamma::new(count as f64, odds)
        .map_err(|_| EstimateError::NotFinite)?
        .sample(rng);
    if mean <= 0.0 {
        return Ok(0);
    }
    let poisson = Poisson::new(mean).map_err(|_| EstimateError::NotFinite)?;
    Ok(poisson.sample(rng) as u64)
}
