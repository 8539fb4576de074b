//! Families with their mean and spread integrated out.

use rand_distr::{Beta, Distribution, Gamma};

use super::grid::{Grid, Range, lay};
use super::{beta_binomial, enough, poisson_gamma};
use crate::chance::chance;
use crate::tally::{Observed, Tally, pooled};
use crate::{EstimateError, Posterior};

/// What was believed of a family of shares before its data. Both priors are proper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharePrior {
    /// The mean share of the family: the two shapes of a beta distribution.
    pub mean: [f64; 2],
    /// The standard deviation between groups, as a share of the largest possible, √(mean (1 − mean)): the two
    /// shapes of a beta distribution.
    pub spread: [f64; 2],
}

impl Default for SharePrior {
    /// Uniform in the mean, and in the standard deviation between groups: the advice of A. Gelman, Bayesian
    /// Analysis 1 (2006) 515–534.
    fn default() -> Self {
        Self {
            mean: [1.0, 1.0],
            spread: [1.0, 1.0],
        }
    }
}

/// What was believed of a family of ratios before its data. Both priors are proper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioPrior {
    /// The mean of the log of the family's mean ratio.
    pub log_mean: f64,
    /// The standard deviation of that log.
    pub log_deviation: f64,
    /// The scale of a half-normal distribution of the coefficient of variation between groups.
    pub variation: f64,
}

impl Default for RatioPrior {
    /// A mean ratio within a factor of fifty of 1, and groups that rarely differ more than threefold.
    fn default() -> Self {
        Self {
            log_mean: 0.0,
            log_deviation: 2.0,
            variation: 1.0,
        }
    }
}

/// Groups and their family, as draws that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The figure of each group, in the order given.
    pub groups: Vec<Posterior>,
    /// The mean of the family.
    pub mean: Posterior,
    /// The standard deviation between groups.
    pub spread: Posterior,
}

/// Shares of groups, each drawn towards the mean of all: the beta-binomial model, its two figures integrated on a grid.
///
/// **Formula.** *r* ~ Binomial(*n*, *p*), *p* ~ Beta(*μM*, (1 − *μ*)*M*) with *M* = 1/*s*² − 1, so that *s* is the
/// standard deviation between groups over √(*μ*(1 − *μ*)); priors on *μ* and *s* by [`SharePrior`]. Each draw takes
/// (*μ*, *s*) from its posterior, then each *p* from Beta(*r* + *μM*, *n* − *r* + (1 − *μ*)*M*). A group without
/// people is drawn from the family.
///
/// **Source.** A. Gelman and others, Bayesian Data Analysis (2013), section 5.3, with the prior of Gelman 2006.
///
/// **When it fails.** See the [module](super). With two or three groups the spread is mostly prior.
///
/// **Errors.** Fewer than two groups with people, a part above its whole, no draws asked for, a prior shape that is
/// not above 0.
pub fn shrink_shares(
    groups: &[Tally],
    prior: SharePrior,
    draws: usize,
    seed: u64,
) -> Result<Family, EstimateError> {
    pooled(groups)?;
    let known: Vec<Tally> = groups.iter().copied().filter(|group| group.whole > 0).collect();
    enough(known.len())?;
    let shapes = [prior.mean[0], prior.mean[1], prior.spread[0], prior.spread[1]];
    if !shapes.iter().all(|&shape| shape > 0.0 && shape.is_finite()) {
        return Err(EstimateError::NotPositive("a shape of the prior"));
    }
    let density = |logit: f64, spread: f64| {
        let [a, b] = share_shapes(logit, spread);
        // In logits, so each shape counts once more than in shares; ln(1 + e^x) without overflow.
        let (mean, rest) = (-softplus(-logit), -softplus(logit));
        let prior = prior.mean[0] * mean
            + prior.mean[1] * rest
            + (prior.spread[0] - 1.0) * spread.ln()
            + (prior.spread[1] - 1.0) * (-spread).ln_1p();
        prior + beta_binomial::log_likelihood(&known, a, b)
    };
    let unit = Range { low: 0.0, high: 1.0 };
    let wide = Range {
        low: -24.0,
        high: 24.0,
    };
    let grid = lay(density, wide, unit)?;
    sample(
        &grid,
        groups,
        draws,
        seed,
        |[logit, spread], groups, chance, out| {
            let [a, b] = share_shapes(logit, spread);
            for group in groups {
                let law = Beta::new(group.part as f64 + a, group.rest() as f64 + b)
                    .map_err(|_| EstimateError::NotSettled("the posterior of the family"))?;
                out.push(law.sample(chance));
            }
            let mean = a / (a + b);
            Ok([mean, spread * (mean * (1.0 - mean)).sqrt()])
        },
    )
}

/// Ratios of observed to expected, each drawn towards the mean of all: the Poisson–gamma model, its two figures
/// integrated on a grid.
///
/// **Formula.** *O* ~ Poisson(*λE*), *λ* ~ Gamma(*ν*, rate *ν*/*m*) with *ν* = 1/*c*²; priors on *m* and *c* by
/// [`RatioPrior`]. Each draw takes (*m*, *c*) from its posterior, then each *λ* from Gamma(*O* + *ν*, rate *E* +
/// *ν*/*m*).
///
/// **Source.** D. Clayton and J. Kaldor, Biometrics 43 (1987) 671–681, with the two figures integrated out.
///
/// **When it fails.** See the [module](super). The expected counts are taken as known. The default prior is for
/// ratios near 1: for rates of another size, scale the expected counts first or give a prior.
///
/// **Errors.** Fewer than two groups, an expected count that is not above 0, no draws asked for, a prior scale that
/// is not above 0.
pub fn shrink_ratios(
    groups: &[Observed],
    prior: RatioPrior,
    draws: usize,
    seed: u64,
) -> Result<Family, EstimateError> {
    groups.iter().try_for_each(|group| group.check())?;
    enough(groups.len())?;
    let scales = [prior.log_deviation, prior.variation];
    if !prior.log_mean.is_finite() || !scales.iter().all(|&scale| scale > 0.0 && scale.is_finite()) {
        return Err(EstimateError::NotPositive("a scale of the prior"));
    }
    let density = |log_mean: f64, variation: f64| {
        let [shape, rate] = ratio_figures(log_mean, variation);
        let far = (log_mean - prior.log_mean) / prior.log_deviation;
        let spread = variation / prior.variation;
        poisson_gamma::log_likelihood(groups, shape, rate) - (far * far + spread * spread) / 2.0
    };
    // Eight standard deviations of the priors: nothing lies beyond.
    let reach = 8.0 * prior.log_deviation;
    let means = Range {
        low: prior.log_mean - reach,
        high: prior.log_mean + reach,
    };
    let variations = Range {
        low: 0.0,
        high: 8.0 * prior.variation,
    };
    let grid = lay(density, means, variations)?;
    sample(
        &grid,
        groups,
        draws,
        seed,
        |[log_mean, variation], groups, chance, out| {
            let [shape, rate] = ratio_figures(log_mean, variation);
            for group in groups {
                let law = Gamma::new(group.count as f64 + shape, 1.0 / (group.expected + rate))
                    .map_err(|_| EstimateError::NotSettled("the posterior of the family"))?;
                out.push(law.sample(chance));
            }
            let mean = log_mean.exp();
            Ok([mean, mean * variation])
        },
    )
}

/// The shapes of a family of shares, from the logit of its mean and its relative spread.
fn share_shapes(logit: f64, spread: f64) -> [f64; 2] {
    // Kept a hair from both ends, where the family would be one share or none.
    let spread = spread.clamp(1e-8, 1.0 - 1e-8);
    let sum = (1.0 - spread) * (1.0 + spread) / (spread * spread);
    [sum / (1.0 + (-logit).exp()), sum / (1.0 + logit.exp())]
}

/// Shape and rate of a family of ratios, from the log of its mean and its coefficient of variation.
fn ratio_figures(log_mean: f64, variation: f64) -> [f64; 2] {
    // Kept a hair above 0, where the family would be one ratio.
    let shape = variation.max(1e-8).powi(-2);
    [shape, shape * (-log_mean).exp()]
}

/// ln(1 + *e*^*x*).
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Draws the family's figures from a grid and, by `group_draws`, each group's; that function gives the family's
/// mean and spread.
fn sample<Group>(
    grid: &Grid,
    groups: &[Group],
    draws: usize,
    seed: u64,
    group_draws: impl Fn(
        [f64; 2],
        &[Group],
        &mut rand_chacha::ChaCha8Rng,
        &mut Vec<f64>,
    ) -> Result<[f64; 2], EstimateError>,
) -> Result<Family, EstimateError> {
    let mut chance = chance(seed);
    let mut by_group = vec![Vec::with_capacity(draws); groups.len()];
    let (mut means, mut spreads) = (Vec::with_capacity(draws), Vec::with_capacity(draws));
    let mut row = Vec::with_capacity(groups.len());
    for _ in 0..draws {
        row.clear();
        let [mean, spread] = group_draws(grid.draw(&mut chance), groups, &mut chance, &mut row)?;
        means.push(mean);
        spreads.push(spread);
        for (group, &value) in by_group.iter_mut().zip(&row) {
            group.push(value);
        }
    }
    Ok(Family {
        groups: by_group
            .into_iter()
            .map(Posterior::from_draws)
            .collect::<Result<_, _>>()?,
        mean: Posterior::from_draws(means)?,
        spread: Posterior::from_draws(spreads)?,
    })
}
