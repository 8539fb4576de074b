//! The national draws: many proposed, and as many kept as are published, by what the deaths say of each.
//!
//! **Formula.** A draw that leaves room for a share *f* of breast-cancer deaths without metastasis is kept in
//! proportion to the density of *f* under its prior: the certificates enter once, as a likelihood. Kept draws are
//! taken by systematic resampling.
//!
//! **Source.** A. F. M. Smith and A. E. Gelfand, The American Statistician 46 (1992) 84–88; systematic resampling: J.
//! Carpenter, P. Clifford and P. Fearnhead, IEE Proceedings Radar, Sonar and Navigation 146 (1999) 2–7.

use rand::RngExt;
use rayon::prelude::*;
use statrs::distribution::{Beta, Continuous, ContinuousCDF};

use crate::EstimateError;
use crate::chance::chance_of;

use super::chance::Seeds;
use super::model::{Draw, Model};

/// Proposals for each draw that is kept.
const FOR_EACH: usize = 4;

/// The national draws that are kept.
pub(super) struct Kept {
    proposals: Vec<Draw>,
    /// Which proposal each draw is.
    chosen: Vec<usize>,
    /// As many separate draws as the weights are worth.
    pub(super) effective: f64,
    /// Whether the deaths found only on certificates lie where the prior and the lists expect them.
    pub(super) deaths_meet: bool,
}

impl Kept {
    pub(super) fn of(model: &Model, seeds: Seeds, draws: usize, seed: u64) -> Result<Self, EstimateError> {
        let proposals = (0..draws * FOR_EACH)
            .into_par_iter()
            .map(|draw| model.draw(seeds, draw))
            .collect::<Result<Vec<Draw>, EstimateError>>()?;
        let prior = model.assumptions.without_metastasis;
        let law = Beta::new(prior.alpha, prior.beta)
            .map_err(|_| EstimateError::NotPositive("a shape of a prior"))?;
        let inside = |share: f64| share > 0.0 && share < 1.0;
        let mut weights: Vec<f64> = proposals
            .iter()
            .map(|draw| match draw.without_metastasis {
                None => 1.0,
                Some(share) if inside(share) => law.pdf(share),
                Some(_) => 0.0,
            })
            .collect();
        let mut shares: Vec<f64> = proposals
            .iter()
            .filter_map(|draw| draw.without_metastasis)
            .collect();
        shares.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| shares.get((share * shares.len() as f64) as usize).copied();
        let ends = (law.inverse_cdf(0.005), law.inverse_cdf(0.995));
        let meet = match (at(0.025), at(0.975)) {
            (Some(low), Some(high)) => low <= ends.1 && high >= ends.0,
            _ => true,
        };
        if weights.iter().sum::<f64>() <= 0.0 {
            // No draw meets the deaths: they stay outside, and an alarm says so.
            weights.iter_mut().for_each(|weight| *weight = 1.0);
        }
        let (sum, squares) = weights.iter().fold((0.0, 0.0), |sums, weight| {
            (sums.0 + weight, sums.1 + weight * weight)
        });
        Ok(Self {
            chosen: systematic(&weights, sum, draws, seed),
            effective: sum * sum / squares,
            deaths_meet: meet,
            proposals,
        })
    }

    /// The draws that are kept, each with the number of its proposal.
    pub(super) fn draws(&self) -> Vec<(usize, &Draw)> {
        self.chosen
            .iter()
            .filter_map(|at| Some((*at, self.proposals.get(*at)?)))
            .collect()
    }
}

/// Proposals in proportion to their weights, evenly spaced from one start.
fn systematic(weights: &[f64], sum: f64, draws: usize, seed: u64) -> Vec<usize> {
    let step = sum / draws.max(1) as f64;
    let mut level = chance_of(seed, u64::MAX).random::<f64>() * step;
    let (mut below, mut at) = (0.0, 0);
    let mut chosen = Vec::with_capacity(draws);
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    for _ in 0..draws {
        while at < last && below + weights.get(at).copied().unwrap_or(0.0) <= level {
            below += weights.get(at).copied().unwrap_or(0.0);
            at += 1;
        }
        chosen.push(at);
        level += step;
    }
    chosen
}
