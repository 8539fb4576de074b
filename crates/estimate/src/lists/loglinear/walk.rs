//! Every model of the overlap table, and their average.

use rayon::prelude::*;

use super::fit::{LogLinear, Table};
use super::model::{Model, members};
use super::newton::Newton;
use crate::lists::{Distribution, Histories, History, ListsError, histories::Count};
use crate::{Confidence, EstimateError, Interval};

/// Up to so many lists, every hierarchical model without the highest term is fitted; above, those of pairs.
const MOST_LISTS_FOR_ALL: usize = 4;

/// The most lists whose models can all be fitted: 2¹⁵ = 32,768 sets of pairs.
pub const MOST_LISTS_OF_A_WALK: usize = 6;

/// Every model that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// The models that have an answer, in the order of [`models`].
    pub fits: Vec<LogLinear>,
    /// Those that have none, with the reason.
    pub without: Vec<(Model, EstimateError)>,
}

/// The models that are compared for so many lists.
///
/// Up to four lists every hierarchical model without the highest term: 1 for two lists, 8 for three, 113 for four. From
/// five lists the sets of pairs beside the single lists: 1,024 for five, 32,768 for six.
pub fn models(lists: usize) -> Result<Vec<Model>, EstimateError> {
    if lists > MOST_LISTS_OF_A_WALK {
        let most = MOST_LISTS_OF_A_WALK;
        return Err(ListsError::TooManyLists { most, found: lists }.into());
    }
    // One list is refused here, with its reason; two have a pair that is the highest term.
    let independence = Model::independence(lists)?;
    let all: History = (1 << lists) - 1;
    let of_size = |size: u32| (1..all).filter(move |term| term.count_ones() == size);
    let pairs: Vec<History> = of_size(2).collect();
    let triples: Vec<History> = of_size(3).filter(|_| lists <= MOST_LISTS_FOR_ALL).collect();
    let mut found = vec![independence];
    for set in 0..1_u32 << pairs.len() {
        let chosen: Vec<History> = subset(&pairs, set);
        let held = |pair: &History| chosen.contains(pair);
        let closed: Vec<History> = triples
            .iter()
            .copied()
            .filter(|triple| pairs_of(*triple).all(|pair| held(&pair)))
            .collect();
        for above in 0..1_u32 << closed.len() {
            if set == 0 {
                continue;
            }
            let terms: Vec<History> = chosen.iter().copied().chain(subset(&closed, above)).collect();
            found.push(Model::of_terms(lists, &terms)?);
        }
    }
    Ok(found)
}

/// The elements whose bit is set.
fn subset(of: &[History], bits: u32) -> Vec<History> {
    of.iter()
        .enumerate()
        .filter(|(at, _)| bits >> at & 1 == 1)
        .map(|(_, term)| *term)
        .collect()
}

/// The pairs of lists within a combination.
fn pairs_of(combination: History) -> impl Iterator<Item = History> {
    members(combination).flat_map(move |one| {
        members(combination)
            .filter(move |other| one < *other)
            .map(move |other| 1 << one | 1 << other)
    })
}

/// Fits every model of [`models`].
///
/// Each fit starts from the table alone, so the result is the same on any number of threads.
///
/// **Errors** where the lists do not overlap, where there are too many, and where not one model has an answer.
pub fn walk<C: Count>(histories: &Histories<C>) -> Result<Walk, EstimateError> {
    histories.overlapping(2)?;
    let models = models(histories.lists())?;
    let (table, lists) = (Table::of(histories), histories.lists());
    let answers: Vec<Result<LogLinear, ListsError>> = models
        .par_iter()
        .map_init(|| Newton::new(lists), |newton, model| table.fit(model, newton))
        .collect();
    let mut walk = Walk {
        fits: Vec::new(),
        without: Vec::new(),
    };
    for (model, answer) in models.into_iter().zip(answers) {
        match answer {
            Ok(fit) => walk.fits.push(fit),
            Err(reason) => walk.without.push((model, reason.into())),
        }
    }
    if walk.fits.is_empty() {
        let models = walk.without.len();
        return Err(ListsError::NoModel { models }.into());
    }
    Ok(walk)
}

impl Walk {
    /// The model with the smallest Akaike criterion.
    pub fn best_by_aic(&self) -> Option<&LogLinear> {
        self.fits
            .iter()
            .min_by(|one, other| one.aic.total_cmp(&other.aic))
    }

    /// The model with the smallest Bayesian criterion.
    pub fn best_by_bic(&self) -> Option<&LogLinear> {
        self.fits
            .iter()
            .min_by(|one, other| one.bic.total_cmp(&other.bic))
    }

    /// The model without dependence between lists.
    pub fn independence(&self) -> Option<&LogLinear> {
        self.fits.iter().find(|fit| fit.model.is_independence())
    }

    /// The weight of each model, in the order of `fits`: exp(−BIC/2), scaled to sum to 1.
    pub fn weights(&self) -> Vec<f64> {
        let best = self.best_by_bic().map_or(0.0, |fit| fit.bic);
        let raw: Vec<f64> = self
            .fits
            .iter()
            .map(|fit| (-(fit.bic - best) / 2.0).exp())
            .collect();
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|weight| weight / sum).collect()
    }

    /// The average over all models.
    ///
    /// **Formula.** Σ *w* *N* with *w* ∝ exp(−BIC/2). The distribution is the mixture, with the same weights, of each model's
    /// log-normal one; its quantiles carry the spread between models as well as that within. The standard error is that
    /// of the mixture to second order: √Σ *w* (*V* + (*N* − N̄)²).
    ///
    /// **Source.** D. Madigan and A. E. Raftery, Journal of the American Statistical Association 89 (1994) 1535–1546; A. E.
    /// Raftery, Sociological Methodology 25 (1995) 111–163, for the approximation by BIC. BIC counts people, not cells
    /// (as Rcapture does): for three or four lists that changes the choice.
    ///
    /// **When it fails.** When every model is wrong in the same way: people whom no list reaches, or two kinds of
    /// people of whom one is on every list and one on hardly any. Then it is a lower bound with an interval that
    /// does not say so.
    pub fn average(&self, confidence: Confidence) -> ModelAverage {
        let weights = self.weights();
        let weighted = || weights.iter().zip(&self.fits);
        let total: f64 = weighted().map(|(weight, fit)| weight * fit.total()).sum();
        let variance: f64 = weighted()
            .map(|(weight, fit)| weight * (fit.variance() + (fit.total() - total).powi(2)))
            .sum();
        let distribution = Distribution::Mixture(
            weighted()
                .filter(|(weight, _)| **weight > 1e-9)
                .map(|(weight, fit)| (*weight, fit.distribution()))
                .collect(),
        );
        ModelAverage {
            total,
            standard_error: variance.sqrt(),
            interval: distribution.interval(confidence),
            distribution,
        }
    }
}

/// The average over many models.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelAverage {
    /// The mean of the models' totals.
    pub total: f64,
    /// Within models and between them.
    pub standard_error: f64,
    /// From the quantiles of the mixture.
    pub interval: Interval,
    /// The mixture itself.
    pub distribution: Distribution,
}
