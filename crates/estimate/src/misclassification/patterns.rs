//! How often each pattern of evidence is right.
//!
//! A pattern is the set of sources that point to a person: chemotherapy alone, a hospital code and radiotherapy,
//! and so on. Capture–recapture multiplies the count of each pattern by its share of true cases before it looks at
//! overlaps, because false cases mostly stand in one source alone.

use rand_distr::Distribution;

use super::reviewer::{binomial, jeffreys};
use super::{CHART_PRIOR, Stratum, reviewed};
use crate::chance::{chance, chance_of};
use crate::shrink::shrink_shares;
use crate::tally::Tally;
use crate::{Confidence, EstimateError, Posterior, Proportion, wilson};

/// Whether patterns learn from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// Each stands for itself, and must have been reviewed.
    Separate,
    /// Each is drawn towards the others; one without charts is taken as one of them.
    Shrunk,
}

/// The positive predictive value of each pattern.
///
/// **Formula.** Confirmed over reviewed, with the interval of [`wilson`].
///
/// **Source.** As [`wilson`].
///
/// **When it fails.** Charts must be random within a pattern.
///
/// **Errors.** No pattern, a part above its whole, [`EstimateError::NotReviewed`]; also for a pattern of nobody,
/// which has no value.
pub fn pattern_ppv(patterns: &[Stratum], confidence: Confidence) -> Result<Vec<Proportion>, EstimateError> {
    reviewed(patterns)?;
    patterns
        .iter()
        .enumerate()
        .map(
            |(place, pattern)| match wilson(pattern.confirmed, pattern.reviewed, confidence) {
                Err(EstimateError::Empty) => Err(EstimateError::NotReviewed(place + 1)),
                found => found,
            },
        )
        .collect()
}

/// The positive predictive value of each pattern, as draws that belong together.
///
/// **Formula.** [`Pooling::Separate`]: Beta(*a* + ½, *m* − *a* + ½) each. [`Pooling::Shrunk`]: [`shrink_shares`]
/// with [`CHART_PRIOR`].
///
/// **Source.** As there.
///
/// **When it fails.** Pooled, patterns must be exchangeable: a weak source that is mostly wrong drags strong ones
/// down, if little.
///
/// **Errors.** As [`pattern_ppv`] for separate patterns; fewer than two reviewed patterns for pooled ones.
pub fn pattern_ppv_draws(
    patterns: &[Stratum],
    pooling: Pooling,
    draws: usize,
    seed: u64,
) -> Result<Vec<Posterior>, EstimateError> {
    match pooling {
        Pooling::Shrunk => {
            patterns.iter().try_for_each(|pattern| pattern.check())?;
            let tallies: Vec<Tally> = patterns.iter().map(|pattern| pattern.tally()).collect();
            Ok(shrink_shares(&tallies, CHART_PRIOR, draws, seed)?.groups)
        }
        Pooling::Separate => {
            reviewed(patterns)?;
            let mut chance = chance(seed);
            patterns
                .iter()
                .map(|pattern| {
                    let law = jeffreys(pattern.tally())?;
                    Posterior::from_draws((0..draws).map(|_| law.sample(&mut chance)).collect())
                })
                .collect()
        }
    }
}

/// How many people of each pattern have the disease, as draws that belong together.
///
/// **Formula.** *a* + Binomial(*N* − *m*, *p*) with *p* from [`pattern_ppv_draws`].
///
/// **Source.** Two-phase review, pattern by pattern ([`two_phase_draws`](super::two_phase_draws)).
///
/// **When it fails.** As [`pattern_ppv_draws`].
///
/// **Errors.** As [`pattern_ppv_draws`].
pub fn true_by_pattern(
    patterns: &[Stratum],
    pooling: Pooling,
    draws: usize,
    seed: u64,
) -> Result<Vec<Posterior>, EstimateError> {
    let shares = pattern_ppv_draws(patterns, pooling, draws, seed)?;
    let mut chance = chance_of(seed, 1);
    patterns
        .iter()
        .zip(shares)
        .map(|(pattern, shares)| {
            let people = shares
                .draws()
                .iter()
                .map(|&share| Ok((pattern.confirmed + binomial(pattern.rest(), share, &mut chance)?) as f64))
                .collect::<Result<Vec<f64>, EstimateError>>()?;
            Posterior::from_draws(people)
        })
        .collect()
}
