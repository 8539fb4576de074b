//! The chance of a yes by who somebody is: logistic regression on a few groups, for case-mix.
//!
//! # What it is for
//! Indirect standardisation takes the rate of each stratum, which asks for enough people in every one of them. With four
//! things to adjust for there are hundreds of strata, most of them thin. Here each thing has its own effect on the odds, the
//! same whatever the others are, so that a few parameters do for all strata. That is an assumption, and [`Fit::calibration`]
//! asks the data about it.

mod checks;
#[cfg(test)]
mod tests;

use nalgebra::{DMatrix, DVector};

use crate::EstimateError;
use crate::tally::Tally;

/// People alike in everything that is adjusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike<const FACTORS: usize> {
    /// The level of each factor; a factor with one level adjusts for nothing.
    pub levels: [u8; FACTORS],
    /// How many of how many said yes.
    pub answers: Tally,
}

/// A fitted model with its checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<const FACTORS: usize> {
    /// Log odds in the reference levels.
    pub intercept: f64,
    /// Effect on the log odds by factor and level, but for the reference levels.
    pub effects: Vec<(usize, u8, f64)>,
    /// The c-statistic: how often somebody with a yes had the higher chance of two, ties halved. ½ is no better than a coin.
    pub discrimination: f64,
    /// How well the groups agree with it: the p-value of Pearson's statistic, with its degrees of freedom. None where there
    /// are no more groups than parameters, so that nothing is left to check.
    pub calibration: Option<(f64, usize)>,
}

/// Standard deviation of the prior of each effect, on the log odds: one in twenty effects is beyond an odds ratio of 134.
const PRIOR: f64 = 2.5;
/// So many yes, and so many no, for each effect.
const PER_EFFECT: u64 = 10;
const MOST_STEPS: usize = 60;
/// Where the next step would lead no higher than this, it is the last one: steps double the figures that are right, and
/// heights of thousands of people tell no smaller rise.
const FLAT: f64 = 1e-9;

/// Fits main effects of the factors to grouped answers.
///
/// **Formula.** logit *p* = α + Σ β(factor, level), the reference level of each factor its most frequent one. α and β are at
/// the largest of Σ [yes log *p* + (known − yes) log(1 − *p*)] − Σ β²/(2 · 2.5²), found by damped Newton steps. The prior is
/// so weak that it matters only where a level has a yes from nobody or from everybody; α has none, so that the chances
/// add up to the yes that there are.
///
/// **Source.** D. R. Cox, Journal of the Royal Statistical Society B 20 (1958) 215–242; a weakly informative prior against
/// separation: A. Gelman and others, Annals of Applied Statistics 2 (2008) 1360–1383, there with Cauchy tails; ten events for
/// each effect: P. Peduzzi and others, Journal of Clinical Epidemiology 49 (1996) 1373–1379.
///
/// **When it fails.** Where an effect depends on another factor, the chances of some are too high and of others too low; the
/// calibration may show it. It adjusts for what is recorded, and what is recorded badly it adjusts for badly.
///
/// # Errors
/// Nothing to fit, more yes than people, or fewer than ten yes or ten no for each effect.
pub fn fit<const FACTORS: usize>(people: &[Alike<FACTORS>]) -> Result<Fit<FACTORS>, EstimateError> {
    people.iter().try_for_each(|own| own.answers.check())?;
    let yes: u64 = people.iter().map(|own| own.answers.part).sum();
    let known: u64 = people.iter().map(|own| own.answers.whole).sum();
    if known == 0 {
        return Err(EstimateError::Empty);
    }
    let effects = effects(people);
    let rarer = yes.min(known - yes);
    if rarer < PER_EFFECT * (effects.len() as u64).max(1) {
        return Err(EstimateError::FewForModel {
            events: rarer,
            effects: effects.len(),
        });
    }
    let top = climb(people, &effects, yes as f64 / known as f64)?;
    let mut fit = Fit {
        intercept: top[0],
        effects: effects
            .into_iter()
            .zip(top.iter().skip(1))
            .map(|((factor, level), effect)| (factor, level, *effect))
            .collect(),
        discrimination: 0.5,
        calibration: None,
    };
    fit.discrimination = checks::discrimination(people, &fit);
    fit.calibration = checks::calibration(people, &fit);
    Ok(fit)
}

impl<const FACTORS: usize> Fit<FACTORS> {
    /// The chance of a yes. A level that was not there when the model was fitted is taken for the reference.
    #[must_use]
    pub fn chance(&self, levels: &[u8; FACTORS]) -> f64 {
        let own = |(factor, level, effect): &(usize, u8, f64)| (levels[*factor] == *level).then_some(*effect);
        expit(self.intercept + self.effects.iter().filter_map(own).sum::<f64>())
    }
}

fn expit(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Every level of every factor that somebody has, but for the most frequent one.
fn effects<const FACTORS: usize>(people: &[Alike<FACTORS>]) -> Vec<(usize, u8)> {
    let mut effects = Vec::new();
    for factor in 0..FACTORS {
        let mut known = std::collections::BTreeMap::<u8, u64>::new();
        for own in people.iter().filter(|own| own.answers.whole > 0) {
            *known.entry(own.levels[factor]).or_default() += own.answers.whole;
        }
        let reference = known
            .iter()
            .max_by_key(|(level, count)| (**count, std::cmp::Reverse(**level)))
            .map(|(level, _)| *level);
        effects.extend(
            known
                .into_keys()
                .filter(|level| Some(*level) != reference)
                .map(|level| (factor, level)),
        );
    }
    effects
}

/// Where each group stands among the parameters: the intercept, and the effects of its levels.
fn places<const FACTORS: usize>(own: &Alike<FACTORS>, effects: &[(usize, u8)]) -> Vec<usize> {
    let of_levels = effects
        .iter()
        .zip(1..)
        .filter(|((factor, level), _)| own.levels[*factor] == *level);
    std::iter::once(0).chain(of_levels.map(|(_, at)| at)).collect()
}

/// The parameters of a group, its yes and its people.
type Group = (Vec<usize>, f64, f64);

/// The parameters at the top.
fn climb<const FACTORS: usize>(
    people: &[Alike<FACTORS>],
    effects: &[(usize, u8)],
    share: f64,
) -> Result<Vec<f64>, EstimateError> {
    let groups: Vec<Group> = people
        .iter()
        .filter(|own| own.answers.whole > 0)
        .map(|own| {
            (
                places(own, effects),
                own.answers.part as f64,
                own.answers.whole as f64,
            )
        })
        .collect();
    let mut at = DVector::zeros(effects.len() + 1);
    at[0] = (share / (1.0 - share)).ln();
    let mut height = height(&groups, &at);
    for _ in 0..MOST_STEPS {
        let (slope, curve) = derivatives(&groups, &at);
        let step = curve.cholesky().ok_or(EstimateError::NotFinite)?.solve(&slope);
        if slope.dot(&step) <= FLAT {
            return Ok((at + step).iter().copied().collect());
        }
        // Half the step until it leads upwards.
        let mut length = 1.0;
        loop {
            let next = &at + &step * length;
            let higher = self::height(&groups, &next);
            if higher >= height {
                (at, height) = (next, higher);
                break;
            }
            length /= 2.0;
            if length < 1e-9 {
                return Err(EstimateError::NoTop);
            }
        }
    }
    Err(EstimateError::NoTop)
}

fn odds((places, ..): &Group, at: &DVector<f64>) -> f64 {
    places.iter().map(|place| at[*place]).sum()
}

/// The log-likelihood with the prior.
fn height(groups: &[Group], at: &DVector<f64>) -> f64 {
    let of_group = |group: &Group| {
        let odds = odds(group, at);
        // log(1 + e^x) without overflow.
        let log_sum = odds.max(0.0) + (-odds.abs()).exp().ln_1p();
        group.1 * odds - group.2 * log_sum
    };
    let prior: f64 = at.iter().skip(1).map(|effect| effect * effect).sum();
    groups.iter().map(of_group).sum::<f64>() - prior / (2.0 * PRIOR * PRIOR)
}

/// The slope, and the curvature turned upwards.
fn derivatives(groups: &[Group], at: &DVector<f64>) -> (DVector<f64>, DMatrix<f64>) {
    let mut slope = DVector::zeros(at.len());
    let mut curve = DMatrix::zeros(at.len(), at.len());
    for group in groups {
        let (places, yes, known) = group;
        let chance = expit(odds(group, at));
        let weight = known * chance * (1.0 - chance);
        for one in places {
            slope[*one] += yes - known * chance;
            for two in places {
                curve[(*one, *two)] += weight;
            }
        }
    }
    for effect in 1..at.len() {
        slope[effect] -= at[effect] / (PRIOR * PRIOR);
        curve[(effect, effect)] += 1.0 / (PRIOR * PRIOR);
    }
    (slope, curve)
}
