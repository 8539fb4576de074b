//! How often each class of evidence is right: one value a class in each draw, for all its people.
//!
//! Within a draw a class is as right for everybody in it; that is what makes the definition matter for a national
//! count, where the chance of single people has averaged out.
//!
//! Priors are of other places, and how far ours lies from them is not known. A place whose records are better, or worse, is so
//! in every class whose charts do not stand for themselves: a draw takes the same quantile of each prior.

use rand::{Rng, RngExt};

use crate::EstimateError;
use crate::beta_quantile::beta_quantile;
use crate::misclassification::{CHART_PRIOR, Reviewer, Stratum, hospital_draws, two_phase_draws};

use super::assumptions::{Assumptions, BetaPrior, Ppv};
use super::chance::{Cause, Seeds};
use super::study::{Sample, Study};

/// So many people that the share with the disease is the share itself: reviews are drawn as of an endless stratum,
/// since the people not read are thinned one by one afterwards.
const ENDLESS: u64 = 1 << 40;

/// Evenly spaced quantiles for which a prior stands.
const QUANTILES: usize = 1_000;

/// Draws from which the share of a cluster sample is taken.
const CLUSTER_DRAWS: usize = 4_000;

/// What is known of the PPV of every class.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    classes: Vec<Knowledge>,
    /// Classes with charts from everywhere, read by the same reviewers.
    reviewed: Vec<(usize, Stratum)>,
    reviewer: Reviewer,
    /// The middle of each, at which the lists are fitted.
    pub(super) middle: Vec<f64>,
    /// How far each may lie from it: the standard deviation.
    pub(super) deviation: Vec<f64>,
}

impl Definition {
    /// Whether a class goes by its prior, and so with all others that do.
    pub(super) fn is_tied(&self, class: usize) -> bool {
        matches!(self.classes.get(class), Some(Knowledge::Prior(_)))
    }
}

#[derive(Debug, Clone)]
enum Knowledge {
    Exactly(f64),
    /// The quantiles of a prior.
    Prior(Vec<f64>),
    /// As the reviewers said; see `reviewed`.
    Charts,
    /// One of these, each as likely.
    OneOf(Vec<f64>),
}

impl Definition {
    /// From the priors and the charts.
    pub(super) fn of(study: &Study, assumptions: &Assumptions, seed: u64) -> Result<Self, EstimateError> {
        let mut definition = Self {
            classes: Vec::with_capacity(assumptions.classes.len()),
            reviewed: Vec::new(),
            reviewer: study.reviewer,
            middle: Vec::new(),
            deviation: Vec::new(),
        };
        for (class, evidence) in assumptions.classes.iter().enumerate() {
            let charts = study
                .charts
                .iter()
                .find(|charts| usize::from(charts.class) == class);
            // Charts that cannot be carried over leave the prior as it is; a warning says so.
            let sample = charts
                .map(|charts| &charts.sample)
                .filter(|sample| sample.carries());
            let known = definition.knowledge(class, &evidence.ppv, sample, assumptions, seed)?;
            definition.classes.push(known);
        }
        let seeds = Seeds::of(seed);
        let mut sums = vec![(0.0, 0.0); definition.classes.len()];
        for draw in 0..CLUSTER_DRAWS {
            for (sum, ppv) in sums.iter_mut().zip(definition.draw(seeds, draw)?) {
                *sum = (sum.0 + ppv, sum.1 + ppv * ppv);
            }
        }
        let draws = CLUSTER_DRAWS as f64;
        for (sum, squares) in sums {
            let mean: f64 = sum / draws;
            definition.middle.push(mean);
            definition
                .deviation
                .push((squares / draws - mean * mean).max(0.0).sqrt());
        }
        Ok(definition)
    }

    fn knowledge(
        &mut self,
        class: usize,
        ppv: &Ppv,
        sample: Option<&Sample>,
        assumptions: &Assumptions,
        seed: u64,
    ) -> Result<Knowledge, EstimateError> {
        let (reviewed, confirmed) = sample.map_or((0, 0), charts_of);
        let prior = match ppv {
            Ppv::Certain => return Ok(Knowledge::Exactly(1.0)),
            Ppv::OnlyReviewed if reviewed == 0 => return Ok(Knowledge::Exactly(0.0)),
            Ppv::OnlyReviewed => None,
            Ppv::Prior(prior, _) => (reviewed < assumptions.charts_that_replace).then_some(*prior),
        };
        if let Some(BetaPrior { alpha, beta }) = prior {
            let (right, wrong) = (alpha + confirmed as f64, beta + (reviewed - confirmed) as f64);
            let quantile = |at: usize| beta_quantile(right, wrong, (at as f64 + 0.5) / QUANTILES as f64);
            let quantiles = (0..QUANTILES).map(quantile).collect::<Result<_, _>>();
            return quantiles
                .map(Knowledge::Prior)
                .map_err(|_| EstimateError::NotPositive("a shape of a prior"));
        }
        match sample {
            Some(Sample::Hospitals(strata)) => {
                let people: u64 = strata.iter().map(|stratum| stratum.people).sum();
                let drawn = hospital_draws(strata, CHART_PRIOR, CLUSTER_DRAWS, seed ^ class as u64)?;
                let share = |total: &f64| total / people.max(1) as f64;
                Ok(Knowledge::OneOf(drawn.total.draws().iter().map(share).collect()))
            }
            _ => {
                let endless = Stratum::new(ENDLESS, reviewed, confirmed)?;
                self.reviewed.push((class, endless));
                Ok(Knowledge::Charts)
            }
        }
    }

    /// The PPV of every class in one draw.
    pub(super) fn draw(&self, seeds: Seeds, draw: usize) -> Result<Vec<f64>, EstimateError> {
        let mut chance = seeds.chance(Cause::Definition, draw);
        let place = chance.random_range(0..QUANTILES);
        let of = |class: &Knowledge| class.draw(place, &mut chance);
        let mut drawn: Vec<f64> = self.classes.iter().map(of).collect();
        if !self.reviewed.is_empty() {
            let strata: Vec<Stratum> = self.reviewed.iter().map(|(_, stratum)| *stratum).collect();
            let said = two_phase_draws(&strata, &self.reviewer, 1, chance.random())?;
            for ((class, _), people) in self.reviewed.iter().zip(&said.strata) {
                if let Some(ppv) = drawn.get_mut(*class) {
                    *ppv = people.mean() / ENDLESS as f64;
                }
            }
        }
        Ok(drawn)
    }
}

impl Knowledge {
    /// One draw, in which the quantile of every prior is that of the place given.
    fn draw(&self, place: usize, chance: &mut impl Rng) -> f64 {
        match self {
            Self::Exactly(ppv) => *ppv,
            Self::Prior(quantiles) => quantiles.get(place).copied().unwrap_or(0.0),
            Self::Charts => 0.0,
            Self::OneOf(values) => {
                let at = chance.random_range(0..values.len().max(1));
                values.get(at).copied().unwrap_or(0.0)
            }
        }
    }
}

/// Charts read, and confirmed.
fn charts_of(sample: &Sample) -> (u64, u64) {
    match sample {
        Sample::Everywhere(stratum) => (stratum.reviewed, stratum.confirmed),
        Sample::Hospitals(strata) => strata.iter().fold((0, 0), |sum, stratum| {
            (sum.0 + stratum.reviewed, sum.1 + stratum.confirmed)
        }),
    }
}
