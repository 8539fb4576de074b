//! The national draws: many proposed, and as many kept as are published, by what the deaths say of each.
//!
//! **Formula.** A draw that leaves *w* breast-cancer deaths to people without metastasis, beside *m* with, is kept in
//! proportion to their chance, f₀ integrated: each death is without metastasis with chance f₀ ~ Beta(α, β), so *w*
//! before the *m*-th with one is beta-negative-binomial, Γ(*w* + *m*)/(Γ(*w* + 1) Γ(*m*)) · B(α + *w*, β + *m*)/B(α, β).
//! *w* + *m* is the same in all draws. So the certificates enter the weights once, as a likelihood. Kept draws are taken by
//! systematic resampling.
//!
//! **Source.** The chance: N. L. Johnson, A. W. Kemp and S. Kotz, Univariate Discrete Distributions (2005), section
//! 6.2.3. Weights: A. F. M. Smith and A. E. Gelfand, The American Statistician 46 (1992) 84–88; systematic resampling: J.
//! Carpenter, P. Clifford and P. Fearnhead, IEE Proceedings Radar, Sonar and Navigation 146 (1999) 2–7.

use rand::RngExt;
use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use crate::EstimateError;
use crate::chance::chance_of;

use super::assumptions::BetaPrior;
use super::chance::Seeds;
use super::mixtures::{Belief, Mixtures};
use super::model::{Draw, Model};

/// Proposals for each draw that is kept. Where the certificates all but refute one of two beliefs, few of its proposals are worth
/// anything, and the upper end of an interval may lie among them.
const FOR_EACH: usize = 8;

/// A smaller chance than this of as many deaths found only on certificates is called too many. People whom no list reaches are
/// what the alarm is for, so it cries early: in one nation of forty where all is as assumed, and all alarms together may in two.
const MANY: f64 = 0.025;

/// The same of as few. Fewer than expected is no sign of people who are missed, so it cries late.
const FEW: f64 = 0.005;

/// How deaths found only on certificates lie beside what the prior and the lists expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certificates {
    /// Where they are expected.
    Expected,
    /// More of them.
    TooMany,
    /// Fewer of them.
    TooFew,
}

/// What the certificates leave of the draws that hold a belief about the years before the records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Held {
    pub(super) belief: Belief,
    /// Their share of the weight of all.
    pub(super) share: f64,
    /// As many separate draws as their weights are worth.
    pub(super) effective: f64,
}

/// What is asked of a proposal before it is known whether it is kept. The rest of it is forgotten, and drawn again where it is: a
/// nation has thousands of places.
struct Proposal {
    without_metastasis: Option<f64>,
    belief: Option<Belief>,
}

/// The national draws that are kept.
pub(super) struct Kept {
    /// Each with the number of its proposal, in order; one that is kept more than once stands there once.
    proposals: Vec<(usize, Draw)>,
    /// Which of these each draw is.
    chosen: Vec<usize>,
    /// As many separate draws as the weights are worth.
    pub(super) effective: f64,
    /// The same of each belief about the years before the records.
    pub(super) beliefs: Vec<Held>,
    /// How the deaths found only on certificates lie beside what was expected.
    pub(super) certificates: Certificates,
}

impl Kept {
    pub(super) fn of(model: &Model, seeds: Seeds, draws: usize, seed: u64) -> Result<Self, EstimateError> {
        let proposals = (0..draws * FOR_EACH)
            .into_par_iter()
            .map(|draw| {
                let draw = model.draw(seeds, draw)?;
                Ok(Proposal {
                    without_metastasis: draw.without_metastasis,
                    belief: draw.older.belief,
                })
            })
            .collect::<Result<Vec<Proposal>, EstimateError>>()?;
        let prior = model.assumptions.without_metastasis;
        let mut weights = weights(&proposals, prior, model.deaths.all());
        let shares: Vec<f64> = proposals
            .iter()
            .filter_map(|draw| draw.without_metastasis)
            .collect();
        let certificates = match tails(&shares, prior, model.deaths.all()) {
            Some((_, as_many)) if as_many < MANY => Certificates::TooMany,
            Some((as_few, _)) if as_few < FEW => Certificates::TooFew,
            _ => Certificates::Expected,
        };
        if weights.iter().sum::<f64>() <= 0.0 {
            // No draw meets the deaths: they stay outside, and an alarm says so.
            weights.iter_mut().for_each(|weight| *weight = 1.0);
        }
        let (sum, effective) = worth(weights.iter().copied());
        let beliefs = beliefs(&proposals, &weights, sum);
        let (proposals, chosen) = drawn_again(model, seeds, &systematic(&weights, sum, draws, seed))?;
        Ok(Self {
            proposals,
            chosen,
            effective,
            beliefs,
            certificates,
        })
    }

    /// The draws that are kept, each with the number of its proposal.
    pub(super) fn draws(&self) -> Vec<(usize, &Draw)> {
        self.chosen
            .iter()
            .filter_map(|at| self.proposals.get(*at))
            .map(|(number, draw)| (*number, draw))
            .collect()
    }
}

/// The proposals that are kept, each once with its number, and which of them each draw is. The numbers are in order.
#[allow(
    clippy::type_complexity,
    reason = "two lists that belong together, for a moment"
)]
fn drawn_again(
    model: &Model,
    seeds: Seeds,
    kept: &[usize],
) -> Result<(Vec<(usize, Draw)>, Vec<usize>), EstimateError> {
    let mut numbers = kept.to_vec();
    numbers.dedup();
    let chosen = kept.chunk_by(|a, b| a == b).enumerate();
    let chosen = chosen.flat_map(|(at, same)| std::iter::repeat_n(at, same.len()));
    let draws = numbers
        .into_par_iter()
        .map(|number| Ok((number, model.draw(seeds, number)?)))
        .collect::<Result<Vec<_>, EstimateError>>()?;
    Ok((draws, chosen.collect()))
}

/// The sum of weights, and as many separate draws as they are worth.
fn worth(weights: impl Iterator<Item = f64>) -> (f64, f64) {
    let (sum, squares) = weights.fold((0.0, 0.0), |sums: (f64, f64), weight| {
        (sums.0 + weight, sums.1 + weight * weight)
    });
    (sum, sum * sum / squares.max(f64::MIN_POSITIVE))
}

/// What is left of each belief; `sum` is the weight of all.
fn beliefs(proposals: &[Proposal], weights: &[f64], sum: f64) -> Vec<Held> {
    let held = |belief: &Belief| {
        let own = proposals.iter().zip(weights);
        let own = own.filter(|(draw, _)| draw.belief == Some(*belief));
        let (weight, effective) = worth(own.map(|(_, weight)| *weight));
        Held {
            belief: *belief,
            share: weight / sum,
            effective,
        }
    };
    Mixtures::ALL.beliefs.iter().map(held).collect()
}

/// The chance of what each proposal leaves to people without metastasis, of so many deaths, over the largest of them.
fn weights(proposals: &[Proposal], prior: BetaPrior, deaths: f64) -> Vec<f64> {
    let log = |proposal: &Proposal| {
        let share = proposal.without_metastasis;
        share.map_or(0.0, |share| {
            log_chance(prior, share * deaths, (1.0 - share) * deaths)
        })
    };
    let logs: Vec<f64> = proposals.iter().map(log).collect();
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.into_iter()
        .map(|log| if top.is_finite() { (log - top).exp() } else { 0.0 })
        .collect()
}

/// The chance of as few deaths without metastasis as the proposals leave room for, and of as many, before any of them is
/// looked at; none where no proposal says.
///
/// **Formula.** Of *n* deaths *W* have no metastasis, a beta-binomial number: C(*n*, *W*) B(α + *W*, β + *n* − *W*)/B(α, β).
/// *P*(*W* ≤ *w*) and *P*(*W* ≥ *w*) at the *w* of each proposal, averaged over proposals.
pub(super) fn tails(shares: &[f64], prior: BetaPrior, deaths: f64) -> Option<(f64, f64)> {
    let all = deaths.round().max(0.0) as usize;
    let logs = log_masses(prior, all as f64, all);
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // The chance of fewer than each number, but for what all have in common; the last is the sum of all.
    let mut below = vec![0.0];
    let mut sum = 0.0;
    for log in logs {
        sum += (log - top).exp();
        below.push(sum);
    }
    let at = |number: f64| {
        let place = (number.max(0.0) as usize).min(all + 1);
        below.get(place).copied().unwrap_or(sum) / sum
    };
    let (mut as_few, mut as_many) = (0.0, 0.0);
    for share in shares {
        let without = (share * deaths).round();
        as_few += at(without + 1.0);
        as_many += 1.0 - at(without);
    }
    let proposals = shares.len() as f64;
    (!shares.is_empty()).then(|| (as_few / proposals, as_many / proposals))
}

/// The logarithms of the chances that of `all` deaths none, one and so on, at most `most`, are without metastasis, but for what
/// all have in common.
pub(super) fn log_masses(prior: BetaPrior, all: f64, most: usize) -> Vec<f64> {
    let log_mass = |without: usize| {
        let without = without as f64;
        let with = (all - without).max(0.0);
        ln_gamma(prior.alpha + without) + ln_gamma(prior.beta + with)
            - ln_gamma(without + 1.0)
            - ln_gamma(with + 1.0)
    };
    (0..=most).map(log_mass).collect()
}

/// The logarithm of the chance of so many deaths without metastasis beside so many with, but for what all draws share.
pub(super) fn log_chance(prior: BetaPrior, without: f64, with: f64) -> f64 {
    // Whole numbers but for rounding; a draw that explains more deaths than there are is impossible.
    if without < -1e-6 || with <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let without = without.max(0.0);
    ln_gamma(prior.alpha + without) + ln_gamma(prior.beta + with) - ln_gamma(without + 1.0) - ln_gamma(with)
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
