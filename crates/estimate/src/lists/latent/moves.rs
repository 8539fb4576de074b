//! Two moves that let a chain travel where plain Gibbs steps crawl.
//!
//! **Exchange.** The stick gives the first classes more weight, so a class of many people in a late place holds the chain up.
//! Neighbours *a* (before) and *b* change places with the chance (α + *b* + *M*)/(α + *a* + *M*), at most 1, where *a* and *b* are
//! their people and *M* those behind both: the ratio of the chances of the two orders, weights integrated out.
//!
//! **Reach.** Whether a class is large and hardly listed or small and well listed, its seen people look much the same; given how many
//! are unseen, a Gibbs step hardly moves along that ridge. So the unseen are integrated out (under 1/*N* they
//! leave the factor (1 − *p*₀)⁻ⁿ) and the chances of one class are moved with the shares ω(*k*) ∝ π(*k*) *r*(*k*) of the *seen* kept
//! as they are, *r*(*k*) being the chance of a person of class *k* to be listed at all. Then only that class's own
//! chances, the prior of the weights and two Jacobians change: a random walk on the logits, accepted after Metropolis and Hastings. The
//! number of unseen is drawn with the move, and refused where the prior of the number forbids it.

use rand::{Rng, RngExt};
use rand_distr::{Distribution as _, StandardNormal};

use super::sampler::{Chain, chance_of_none};
use crate::lists::ListsError;

/// How many times each class that holds people tries to change its reach in a sweep.
const TRIES_EACH: usize = 2;

/// Steps of the walk are between e⁻³ and e on the logit: some size among them fits any data.
const SMALLEST_STEP: f64 = -3.0;
const LARGEST_STEP: f64 = 1.0;

/// Lets neighbouring classes change places, from the first to the last but one.
pub(super) fn exchange(chain: &mut Chain<'_>, chance: &mut impl Rng) {
    let mut behind: u64 = chain.people.iter().sum();
    let classes = chain.people.len();
    for at in 0..classes.saturating_sub(2) {
        let (Some(&before), Some(&after)) = (chain.people.get(at), chain.people.get(at + 1)) else {
            return;
        };
        behind -= before;
        let rest = (behind - after) as f64 + chain.concentration;
        let odds = (after as f64 + rest) / (before as f64 + rest);
        if chance.random::<f64>() < odds {
            chain.people.swap(at, at + 1);
            chain.seen_people.swap(at, at + 1);
            for list in 0..chain.lists {
                chain
                    .on_list
                    .swap(at * chain.lists + list, (at + 1) * chain.lists + list);
                chain
                    .listed
                    .swap(at * chain.lists + list, (at + 1) * chain.lists + list);
            }
            // The class of before is now behind; the sum of those behind both is as it was.
            behind = behind - after + before;
        }
    }
}

/// Lets the classes that hold seen people change how far the lists reach them.
pub(super) fn change_reach(chain: &mut Chain<'_>, chance: &mut impl Rng) -> Result<(), ListsError> {
    let classes = chain.people.len();
    let mut trial = Trial {
        logits: vec![0.0; chain.lists],
        listed: vec![0.0; chain.lists],
        weights: vec![0.0; classes],
    };
    for class in 0..classes {
        if chain.seen_people.get(class).is_none_or(|seen| *seen == 0) {
            continue;
        }
        for _ in 0..TRIES_EACH {
            trial.step(chain, class, chance)?;
        }
    }
    Ok(())
}

/// A proposal: the chances of one class, and the weights of all that keep the shares of the seen.
struct Trial {
    logits: Vec<f64>,
    listed: Vec<f64>,
    weights: Vec<f64>,
}

impl Trial {
    fn step(&mut self, chain: &mut Chain<'_>, class: usize, chance: &mut impl Rng) -> Result<(), ListsError> {
        let from = class * chain.lists..(class + 1) * chain.lists;
        let Some(now) = chain.listed.get(from.clone()) else {
            return Ok(());
        };
        let size = (SMALLEST_STEP + (LARGEST_STEP - SMALLEST_STEP) * chance.random::<f64>()).exp();
        // Half of the steps move every list alike, half each its own way.
        let alike: f64 = StandardNormal.sample(chance);
        let together = chance.random::<bool>();
        for ((logit, listed), old) in self.logits.iter_mut().zip(&mut self.listed).zip(now) {
            let own: f64 = StandardNormal.sample(chance);
            *logit = (old / (1.0 - old)).ln() + size * if together { alike } else { own };
            *listed = 1.0 / (1.0 + (-*logit).exp());
        }
        if self
            .listed
            .iter()
            .any(|listed| *listed <= 1e-12 || *listed >= 1.0 - 1e-12)
        {
            return Ok(());
        }
        let (reach, new_reach) = (1.0 - chance_of_none(now), 1.0 - chance_of_none(&self.listed));
        let Some(stretch) = self.reweigh(&chain.weights, class, reach / new_reach) else {
            return Ok(());
        };
        let gain = self.own_gain(chain, class, now) - chain.people_seen_in(class) * (new_reach / reach).ln()
            + log_prior(&self.weights, chain.concentration)
            - log_prior(&chain.weights, chain.concentration)
            + (reach / new_reach).ln()
            - chain.weights.len() as f64 * stretch.ln();
        if chance.random::<f64>().ln() >= gain {
            return Ok(());
        }
        let missed = chain.missed_by_all(class, &self.weights, &self.listed);
        if let Some(unseen) = chain.propose_unseen(missed, chance)? {
            chain.unseen = unseen;
            chain.weights.copy_from_slice(&self.weights);
            if let Some(place) = chain.listed.get_mut(from) {
                place.copy_from_slice(&self.listed);
            }
        }
        Ok(())
    }

    /// The weights when one class weighs so many times as much, scaled to sum to 1; gives the sum before scaling.
    ///
    /// `None` where a weight would no longer be a positive number.
    fn reweigh(&mut self, weights: &[f64], class: usize, times: f64) -> Option<f64> {
        self.weights.copy_from_slice(weights);
        *self.weights.get_mut(class)? *= times;
        let sum: f64 = self.weights.iter().sum();
        self.weights.iter_mut().for_each(|weight| *weight /= sum);
        let sound = sum.is_finite() && self.weights.iter().all(|weight| *weight > 0.0);
        sound.then_some(sum)
    }

    /// The gain in the likelihood of who of the class is on which list, and of the logit's Jacobian.
    fn own_gain(&self, chain: &Chain<'_>, class: usize, now: &[f64]) -> f64 {
        let people = chain.people_seen_in(class);
        let counts = chain.on_list.iter().skip(class * chain.lists);
        let lists = self.listed.iter().zip(now).zip(counts);
        lists
            .map(|((new, old), on)| {
                let on = *on as f64;
                (on + 1.0) * (new / old).ln() + (people - on + 1.0) * ((1.0 - new) / (1.0 - old)).ln()
            })
            .sum()
    }
}

/// The logarithm of the density of weights broken from a stick, up to a constant.
///
/// Shares *V* ~ Beta(1, α) have the density Π (1 − *V*)^(α − 1), which is the last weight to the power α − 1; a weight is its share
/// times what was left, which divides by what was left before each class.
fn log_prior(weights: &[f64], concentration: f64) -> f64 {
    let last = weights.last().copied().unwrap_or(1.0);
    // What is left before a class is the sum from it on: summed from behind, nothing cancels.
    let (mut left, mut sum) = (0.0, 0.0);
    for (from_behind, weight) in weights.iter().rev().enumerate() {
        left += weight;
        if from_behind > 0 {
            sum += left.ln();
        }
    }
    (concentration - 1.0) * last.ln() - sum
}
