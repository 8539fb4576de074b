//! Simulation-based calibration: the rank of a truth among draws.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::band::simultaneous_band;
use crate::chance::chance_of;
use crate::{Confidence, EstimateError};

/// What one simulated data set gave: truths, and draws for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicate {
    /// The truths, as they were drawn from the prior.
    pub truths: Vec<f64>,
    /// For each truth, the draws of the sampler.
    pub draws: Vec<Vec<f64>>,
}

/// The ranks of several quantities over simulated data sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranks {
    /// How many ranks are possible: one more than there are draws.
    pub possible: usize,
    /// For each quantity, its rank in each data set.
    pub by_quantity: Vec<Vec<usize>>,
}

/// Whether the ranks of one quantity look uniform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankCheck {
    /// The first rank at which their cumulative distribution leaves the band; none where the sampler passes.
    pub leaves: Option<usize>,
    /// The largest distance of that distribution from the uniform one.
    pub distance: f64,
    /// The chance of counts as uneven as these in ten (or fewer) equal classes of ranks.
    pub chi_squared_p: f64,
}

impl RankCheck {
    /// Whether the cumulative distribution stays in the band.
    pub fn passes(&self) -> bool {
        self.leaves.is_none()
    }
}

/// The rank of a truth among draws: how many lie below, draws equal to it being placed by chance.
///
/// Counts are whole numbers, so truth and draws are often equal; always counting these as below (or above) would
/// make a right sampler look wrong.
pub fn rank(truth: f64, draws: &[f64], seed: u64) -> usize {
    rank_with(truth, draws, &mut chance_of(seed, 0))
}

fn rank_with(truth: f64, draws: &[f64], chance: &mut ChaCha8Rng) -> usize {
    let below = draws.iter().filter(|&&draw| draw < truth).count();
    let equal = draws.iter().filter(|&&draw| draw == truth).count();
    below
        + if equal > 0 {
            chance.random_range(0..=equal)
        } else {
            0
        }
}

/// Evenly spaced draws, `keep` of them, the last included: so a chain's draws are further apart and nearly independent.
///
/// **Errors.** [`EstimateError::TooFew`] where there are fewer than `keep`.
pub fn thin(draws: &[f64], keep: usize) -> Result<Vec<f64>, EstimateError> {
    if draws.len() < keep || keep == 0 {
        return Err(EstimateError::TooFew {
            what: "draws",
            needed: keep.max(1),
            found: draws.len(),
        });
    }
    Ok((1..=keep)
        .filter_map(|place| draws.get(place * draws.len() / keep - 1))
        .copied()
        .collect())
}

/// Simulates data sets and ranks each truth among `keep` of its draws.
///
/// `simulate` gets a seed of its own for each data set; it draws the truths from the prior, data from the truths,
/// and draws from the sampler.
///
/// **Formula.** Rank = number of draws below the truth. For a right sampler it is uniform on 0..=`keep`.
///
/// **Source.** Talts and others 2018 (see the [module](super)).
///
/// **When it fails.** The prior must be proper, and the one the sampler uses. A fault that does not move ranks,
/// such as the same for every quantity that is looked at, is not seen: take quantities that the fault would move,
/// the likelihood among them.
///
/// **Errors.** What `simulate` gives; numbers of truths that differ between data sets; [`EstimateError::TooFew`]
/// draws; no data set.
pub fn simulate_ranks(
    data_sets: usize,
    keep: usize,
    seed: u64,
    mut simulate: impl FnMut(u64) -> Result<Replicate, EstimateError>,
) -> Result<Ranks, EstimateError> {
    let mut by_quantity: Vec<Vec<usize>> = Vec::new();
    for data_set in 0..data_sets {
        let mut chance = chance_of(seed, data_set as u64 + 1);
        let replicate = simulate(chance.random())?;
        if data_set == 0 {
            by_quantity = vec![Vec::with_capacity(data_sets); replicate.truths.len()];
        }
        let lengths = [replicate.truths.len(), replicate.draws.len()];
        if lengths != [by_quantity.len(); 2] {
            return Err(EstimateError::Lengths("the truths and the quantities with draws"));
        }
        let pairs = replicate.truths.iter().zip(&replicate.draws);
        for ((&truth, draws), ranks) in pairs.zip(&mut by_quantity) {
            ranks.push(rank_with(truth, &thin(draws, keep)?, &mut chance));
        }
    }
    if by_quantity.is_empty() {
        return Err(EstimateError::Empty);
    }
    Ok(Ranks {
        possible: keep + 1,
        by_quantity,
    })
}

impl Ranks {
    /// Whether the ranks look uniform, all quantities together at the confidence given.
    ///
    /// **Formula.** Each quantity by [`simultaneous_band`] at 1 − (1 − confidence)/*Q* for *Q* quantities
    /// (Bonferroni), so that a right sampler fails in any of them with a chance of at most 1 − confidence, however
    /// the quantities hang together.
    ///
    /// **Source.** Säilynoja, Bürkner and Vehtari 2022, as there.
    ///
    /// **When it fails.** It needs some hundred data sets to see a fault of a few per cent.
    ///
    /// **Errors.** No ranks; a rank that is not possible; a number of ranks that differs between quantities.
    pub fn check(&self, confidence: Confidence) -> Result<Vec<RankCheck>, EstimateError> {
        let data_sets = self.by_quantity.first().map_or(0, Vec::len);
        if self.by_quantity.iter().any(|ranks| ranks.len() != data_sets) {
            return Err(EstimateError::Lengths("the ranks of the quantities"));
        }
        let miss = (1.0 - confidence.level()) / self.by_quantity.len().max(1) as f64;
        let band = simultaneous_band(data_sets as u64, self.possible, Confidence::new(1.0 - miss)?)?;
        self.by_quantity
            .iter()
            .map(|ranks| {
                let counts = self.counts(ranks)?;
                let mut sum = 0;
                let at_or_below: Vec<u64> = counts
                    .iter()
                    .map(|count| {
                        sum += count;
                        sum
                    })
                    .collect();
                let distance = at_or_below
                    .iter()
                    .enumerate()
                    .map(|(rank, &count)| {
                        (count as f64 / data_sets as f64 - (rank + 1) as f64 / self.possible as f64).abs()
                    })
                    .fold(0.0, f64::max);
                Ok(RankCheck {
                    leaves: band.leaves(&at_or_below),
                    distance,
                    chi_squared_p: chi_squared(&counts, data_sets)?,
                })
            })
            .collect()
    }

    /// How often each rank occurred.
    fn counts(&self, ranks: &[usize]) -> Result<Vec<u64>, EstimateError> {
        let mut counts = vec![0; self.possible];
        for &rank in ranks {
            *counts.get_mut(rank).ok_or(EstimateError::Contradiction(
                "a rank and the number of possible ranks",
            ))? += 1;
        }
        Ok(counts)
    }
}

/// The chance of counts as uneven as these, in ten equal classes or fewer.
fn chi_squared(counts: &[u64], data_sets: usize) -> Result<f64, EstimateError> {
    let classes = counts.len().min(10);
    let mut seen = vec![(0_u64, 0_u64); classes];
    for (rank, count) in counts.iter().enumerate() {
        if let Some((sum, width)) = seen.get_mut(rank * classes / counts.len()) {
            *sum += count;
            *width += 1;
        }
    }
    let statistic: f64 = seen
        .iter()
        .map(|&(count, width)| {
            let expected = data_sets as f64 * width as f64 / counts.len() as f64;
            (count as f64 - expected).powi(2) / expected
        })
        .sum();
    ChiSquared::new((classes - 1) as f64)
        .map(|law| law.sf(statistic))
        .map_err(|_| EstimateError::Empty)
}
