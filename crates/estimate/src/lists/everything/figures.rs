//! What one estimator says, in one shape for all of them.

use super::Settings;
use super::runs::Runs;
use crate::lists::{Histories, LogLinear, Walk, profile};
use crate::{EstimateError, Interval};

/// An estimator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Two lists.
    Chapman,
    /// A floor from who is on one list and who on two.
    ChaoBound,
    /// One log-linear model.
    LogLinear,
    /// The average over log-linear models.
    ModelAverage,
    /// The average over decomposable graphs.
    DecomposableGraphs,
    /// A few kinds of people.
    LatentClass,
    /// The coverage of the lists.
    SampleCoverage,
}

impl Method {
    /// Its name in files and commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chapman => "chapman",
            Self::ChaoBound => "chao-bound",
            Self::LogLinear => "log-linear",
            Self::ModelAverage => "model-average",
            Self::DecomposableGraphs => "decomposable-graphs",
            Self::LatentClass => "latent-class",
            Self::SampleCoverage => "sample-coverage",
        }
    }
}

/// The figures of one estimator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// How many there are, on a list or on none; of a bound, how many at least.
    pub n: f64,
    /// Its standard error.
    pub se: f64,
    /// Where it may lie.
    pub low: f64,
    /// Where it may lie.
    pub high: f64,
    /// Of a log-linear model.
    pub fit: Option<Fit>,
}

/// How well a log-linear model fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Twice the logarithm of the likelihood ratio to the table itself.
    pub deviance: f64,
    /// Cells less parameters.
    pub df: usize,
    /// Akaike's criterion.
    pub aic: f64,
    /// The Bayesian criterion, by people.
    pub bic: f64,
}

/// One estimator with its figures or its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The estimator.
    pub method: Method,
    /// The lists of a pair, or the terms of a model (empty: independence).
    pub terms: Option<String>,
    /// What it says, or why it says nothing.
    pub outcome: Result<Figures, EstimateError>,
}

fn figures(n: f64, se: f64, interval: Interval) -> Figures {
    Figures {
        n,
        se,
        low: interval.low,
        high: interval.high,
        fit: None,
    }
}

/// Every estimator in one shape, in the order of [`Method`].
pub(super) fn estimates(histories: &Histories<u64>, runs: &Runs, settings: &Settings) -> Vec<Estimate> {
    let mut found = of_pairs(histories, runs);
    let plain = |method, outcome| Estimate {
        method,
        terms: None,
        outcome,
    };
    let bound = runs
        .bound
        .as_ref()
        .map(|bound| figures(bound.total, bound.variance.sqrt(), bound.interval));
    found.push(plain(Method::ChaoBound, bound.map_err(Clone::clone)));
    found.extend(of_models(histories, runs, settings));
    let average = runs
        .walk
        .as_ref()
        .map(|(_, average)| figures(average.total, average.standard_error, average.interval));
    found.push(plain(Method::ModelAverage, average.map_err(Clone::clone)));
    let graphs = runs
        .graphs
        .as_ref()
        .map(|graphs| figures(graphs.median, graphs.standard_error, graphs.interval));
    found.push(plain(Method::DecomposableGraphs, graphs.map_err(Clone::clone)));
    let classes = runs
        .classes
        .as_ref()
        .map(|classes| figures(classes.median, classes.standard_error, classes.interval));
    found.push(plain(Method::LatentClass, classes.map_err(Clone::clone)));
    let coverage = runs
        .coverage
        .as_ref()
        .map(|coverage| figures(coverage.total, coverage.standard_error, coverage.interval));
    found.push(plain(Method::SampleCoverage, coverage.map_err(Clone::clone)));
    found
}

fn of_pairs(histories: &Histories<u64>, runs: &Runs) -> Vec<Estimate> {
    let name = |list: usize| histories.names().get(list).map_or("", String::as_str);
    match &runs.pairs {
        Ok(pairs) => pairs
            .iter()
            .map(|pair| Estimate {
                method: Method::Chapman,
                terms: Some(format!("{}:{}", name(pair.lists.0), name(pair.lists.1))),
                outcome: pair
                    .outcome
                    .clone()
                    .map(|found| figures(found.total, found.standard_error(), found.interval)),
            })
            .collect(),
        Err(reason) => vec![Estimate {
            method: Method::Chapman,
            terms: None,
            outcome: Err(reason.clone()),
        }],
    }
}

/// Independence, and the best models by either criterion, each once.
fn of_models(histories: &Histories<u64>, runs: &Runs, settings: &Settings) -> Vec<Estimate> {
    let walk: &Walk = match &runs.walk {
        Ok((walk, _)) => walk,
        Err(reason) => {
            return vec![Estimate {
                method: Method::LogLinear,
                terms: None,
                outcome: Err(reason.clone()),
            }];
        }
    };
    let mut shown: Vec<&LogLinear> = Vec::new();
    for fit in [walk.independence(), walk.best_by_bic(), walk.best_by_aic()]
        .into_iter()
        .flatten()
    {
        if shown.iter().all(|other| other.model != fit.model) {
            shown.push(fit);
        }
    }
    let estimate = |fit: &LogLinear| {
        // Where the profile has no upper end, the log-normal interval says at least how far chance reaches.
        let interval = profile(histories, &fit.model, settings.confidence).map_or_else(
            |_| fit.log_normal_interval(settings.confidence),
            |profile| profile.interval,
        );
        Estimate {
            method: Method::LogLinear,
            terms: Some(fit.model.text(histories.names())),
            outcome: Ok(Figures {
                fit: Some(Fit {
                    deviance: fit.deviance,
                    df: fit.degrees_of_freedom,
                    aic: fit.aic,
                    bic: fit.bic,
                }),
                ..figures(fit.total(), fit.standard_error, interval)
            }),
        }
    };
    shown.into_iter().map(estimate).collect()
}
