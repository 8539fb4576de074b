//! Latent classes: a few kinds of people, each of whom every list finds in its own way.

mod mixing;
mod moves;
mod sampler;

#[cfg(test)]
mod tests;

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub use self::mixing::Mixing;
use self::mixing::{error_of_quantile, mixing};
use self::sampler::Chain;
use super::{Distribution, Histories, History, ListsError};
use crate::chance::chance_of;
use crate::posterior::{mean, variance};
use crate::{Confidence, EstimateError, Interval};

/// The largest R-hat with which chains count as having come to the same place.
///
/// Vehtari and others advise 1.01 for every parameter of a model. The number of people has a long tail that chains visit by turns, and
/// 1.05 asks that they differ by less than a third of its spread; what is left is shown as Monte-Carlo error.
pub const MOST_RHAT: f64 = 1.05;

/// The fewest independent draws that an interval is read from.
pub const LEAST_EFFECTIVE: f64 = 100.0;

/// What the prior believes of the number of people: 1/*N* between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberPrior {
    /// The fewest there may be.
    pub least: u64,
    /// The most there may be.
    pub most: u64,
}

/// A latent class model and how it is sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatentClasses {
    /// The most kinds of people; more cost time, and change nothing once some stay empty.
    pub classes: usize,
    /// Shape and rate of the gamma prior of the concentration: small means few kinds.
    pub concentration: (f64, f64),
    /// The prior of the number.
    pub prior: NumberPrior,
    /// Chains, each from its own start.
    pub chains: usize,
    /// Sweeps of each chain that are thrown away.
    pub warm_up: u32,
    /// Sweeps of each chain that are kept in the first round.
    pub sweeps: u32,
    /// How often, while the chains still disagree, all that was kept is thrown away and twice as much is run.
    pub doublings: u32,
    /// Of the kept sweeps, one in so many is written down.
    pub thin: u32,
}

impl Default for LatentClasses {
    /// Ten classes, concentration Gamma(¼, ¼), 1/*N* without a bound that matters; four chains of 5,000 + 20,000 sweeps, one in ten
    /// written down, up to four times begun again twice as long where they disagree.
    fn default() -> Self {
        Self {
            classes: 10,
            concentration: (0.25, 0.25),
            prior: NumberPrior {
                least: 1,
                most: 1 << 40,
            },
            chains: 4,
            warm_up: 5_000,
            sweeps: 20_000,
            doublings: 4,
            thin: 10,
        }
    }
}

/// What latent classes say.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentClass {
    /// People on at least one list.
    pub seen: u64,
    /// The posterior median of how many there are.
    pub median: f64,
    /// The posterior mean; the tail is long, so it lies above the median.
    pub mean: f64,
    /// The posterior standard deviation.
    pub standard_error: f64,
    /// The central interval of the posterior.
    pub interval: Interval,
    /// By how much the median, the low and the high end might move with another seed: Monte-Carlo standard errors.
    pub monte_carlo_errors: [f64; 3],
    /// How well the chains have mixed.
    pub mixing: Mixing,
    /// The draws of the number, chain by chain.
    pub draws: Vec<Vec<f64>>,
}

impl LatentClass {
    /// The posterior as a distribution.
    pub fn distribution(&self) -> Distribution {
        Distribution::of_draws(self.draws.iter().flatten().copied().collect())
    }
}

/// How many there are, when a few kinds of people are each found by the lists in their own way.
///
/// **Formula.** A person is of kind *k* with weight π(*k*), and on list *j* with chance λ(*jk*), independently of the other lists. Weights
/// by a stick: *V*(*k*) ~ Beta(1, α), α ~ Gamma(¼, ¼); λ ~ Beta(1, 1); *N* ~ 1/*N*. Gibbs: kinds given the rest by multinomial draws
/// for each history, λ and *V* beta, α gamma, the unseen negative binomial with *n* successes and the chance that the weights give
/// to no list.
///
/// **Source.** D. Manrique-Vallier, Biometrics 72 (2016) 1246–1254; golden numbers from its R package LCMCR.
///
/// **When it fails.** Against pairs of lists that depend on each other within every kind of person it needs many people to find
/// kinds that look like it; with few people its prior decides. A kind that hardly any list reaches is not seen by it either. It needs
/// three lists to say anything and four to say much. **Errors** where the chains disagree (R-hat above [`MOST_RHAT`]) or moved too
/// slowly (fewer than [`LEAST_EFFECTIVE`] draws for the middle or an end): then no number is given.
///
/// The same seed gives the same bits, on any number of threads: each chain has a stream of its own.
pub fn latent_class(
    histories: &Histories<u64>,
    settings: &LatentClasses,
    confidence: Confidence,
    seed: u64,
) -> Result<LatentClass, EstimateError> {
    let cells = checked(histories, settings)?;
    let mut chains = Chains::start(histories.lists(), settings, &cells, seed)?;
    chains.run(settings.sweeps / settings.thin)?;
    for _ in 0..settings.doublings {
        if refusal(mixing(&chains.draws(), confidence.tail())?).is_none() {
            break;
        }
        // Where chains disagree, some had not come to where they were going: what they wrote was warm-up.
        let twice = 2 * chains.forget();
        chains.run(twice)?;
    }
    let draws = chains.draws();
    let mixing = mixing(&draws, confidence.tail())?;
    if let Some(reason) = refusal(mixing) {
        return Err(reason.into());
    }
    let mut monte_carlo_errors = [0.0; 3];
    let ends = [0.5, confidence.tail(), 1.0 - confidence.tail()];
    for (error, share) in monte_carlo_errors.iter_mut().zip(ends) {
        *error = error_of_quantile(&draws, share)?;
    }
    let all = draws.concat();
    let distribution = Distribution::of_draws(all.clone());
    Ok(LatentClass {
        seen: histories.seen(),
        median: distribution.quantile(0.5),
        mean: mean(&all),
        standard_error: variance(&all).sqrt(),
        interval: distribution.interval(confidence),
        monte_carlo_errors,
        mixing,
        draws,
    })
}

/// The draws of the number alone, chain by chain, without a look at how well they have mixed.
///
/// It is what simulation-based calibration asks for: with a prior that has an upper bound, the truth drawn from it has a
/// uniform rank among the draws.
pub fn latent_class_draws(
    histories: &Histories<u64>,
    settings: &LatentClasses,
    seed: u64,
) -> Result<Vec<Vec<f64>>, EstimateError> {
    let cells = checked(histories, settings)?;
    let mut chains = Chains::start(histories.lists(), settings, &cells, seed)?;
    chains.run(settings.sweeps / settings.thin)?;
    Ok(chains.draws())
}

/// Why chains that have mixed like this give no answer.
fn refusal(mixing: Mixing) -> Option<ListsError> {
    let thousandths = |value: f64| (value * 1_000.0).round() as u64;
    if mixing.rhat.is_nan() || mixing.rhat > MOST_RHAT {
        let (rhat_thousandths, most_thousandths) = (thousandths(mixing.rhat), thousandths(MOST_RHAT));
        return Some(ListsError::ChainsDisagree {
            rhat_thousandths,
            most_thousandths,
        });
    }
    let worst = mixing.effective.min(mixing.effective_ends);
    (worst.is_nan() || worst < LEAST_EFFECTIVE).then_some(ListsError::TooFewDraws {
        effective: worst as u64,
        least: LEAST_EFFECTIVE as u64,
    })
}

/// Chains that can be run on, each with its own stream of chance and what it has written down.
struct Chains<'a> {
    thin: u32,
    chains: Vec<(Chain<'a>, ChaCha8Rng, Vec<f64>)>,
}

impl<'a> Chains<'a> {
    /// Chains at the end of their warm-up.
    fn start(
        lists: usize,
        settings: &'a LatentClasses,
        cells: &'a [(History, u64)],
        seed: u64,
    ) -> Result<Self, ListsError> {
        let streams: Vec<u64> = (0..).take(settings.chains).collect();
        let warm = |stream: &u64| {
            let mut chance = chance_of(seed, *stream);
            let mut chain = Chain::new(settings, lists, cells, &mut chance);
            for _ in 0..settings.warm_up {
                chain.sweep(&mut chance)?;
            }
            Ok((chain, chance, Vec::new()))
        };
        let chains: Result<Vec<_>, ListsError> = streams.par_iter().map(warm).collect();
        Ok(Self {
            thin: settings.thin,
            chains: chains?,
        })
    }

    /// Writes down so many more draws of each chain.
    fn run(&mut self, draws: u32) -> Result<(), ListsError> {
        let thin = self.thin;
        self.chains
            .par_iter_mut()
            .try_for_each(|(chain, chance, written)| {
                for _ in 0..draws {
                    for _ in 0..thin {
                        chain.sweep(chance)?;
                    }
                    written.push(chain.total() as f64);
                }
                Ok(())
            })
    }

    /// Throws away what was written down; gives how many draws of each chain that was.
    fn forget(&mut self) -> u32 {
        let longest = self.chains.iter().map(|(_, _, written)| written.len()).max();
        self.chains.iter_mut().for_each(|(_, _, written)| written.clear());
        longest.and_then(|length| u32::try_from(length).ok()).unwrap_or(0)
    }

    fn draws(&self) -> Vec<Vec<f64>> {
        self.chains
            .iter()
            .map(|(_, _, written)| written.clone())
            .collect()
    }
}

/// The combinations with people, once lists and settings are fit to be sampled.
fn checked(histories: &Histories<u64>, settings: &LatentClasses) -> Result<Vec<(History, u64)>, ListsError> {
    let lists = histories.lists();
    if lists < 3 {
        return Err(ListsError::TooFewLists {
            least: 3,
            found: lists,
        });
    }
    checked_settings(settings)?;
    let (seen, most) = (histories.seen(), settings.prior.most);
    if most < seen {
        return Err(ListsError::PriorBelowSeen { most, seen });
    }
    Ok(histories.cells().filter(|(_, count)| *count > 0).collect())
}

fn checked_settings(settings: &LatentClasses) -> Result<(), ListsError> {
    let wrong = |reason| Err(ListsError::Settings(reason));
    let (shape, rate) = settings.concentration;
    if settings.classes < 1 {
        return wrong("there is at least one class");
    }
    if settings.chains < 2 {
        return wrong("one chain alone cannot disagree with another: at least two are needed");
    }
    if settings.thin < 1 || settings.sweeps / settings.thin < 8 {
        return wrong("a chain needs at least eight draws");
    }
    if !(shape > 0.0 && rate > 0.0 && shape.is_finite() && rate.is_finite()) {
        return wrong("the prior of the concentration has a shape and a rate above 0");
    }
    if settings.prior.least > settings.prior.most || settings.prior.most > 1 << 52 {
        return wrong("the prior of the number ends above its beginning and below 2 to the power 52");
    }
    Ok(())
}
