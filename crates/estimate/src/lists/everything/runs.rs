//! One run of each estimator.

use super::Settings;
use crate::EstimateError;
use crate::lists::{
    ChaoBound, Distribution, GraphPrior, Graphs, Histories, LOW_COVERAGE, LatentClass, ListsError,
    ModelAverage, Pair, SampleCoverage, Walk, chao_bound, decomposable_graphs, latent_class, pairs,
    sample_coverage, walk,
};

use super::figures::Method;

/// What each estimator said, or why it said nothing.
pub(super) struct Runs {
    pub(super) pairs: Result<Vec<Pair>, EstimateError>,
    pub(super) bound: Result<ChaoBound, EstimateError>,
    pub(super) walk: Result<(Walk, ModelAverage), EstimateError>,
    pub(super) graphs: Result<Graphs, EstimateError>,
    pub(super) classes: Result<LatentClass, EstimateError>,
    pub(super) coverage: Result<SampleCoverage, EstimateError>,
}

/// One estimator of the whole number: its point and its distribution.
pub(super) struct Whole {
    pub(super) method: Method,
    pub(super) total: f64,
    pub(super) distribution: Distribution,
}

impl Runs {
    pub(super) fn of(histories: &Histories<u64>, settings: &Settings) -> Self {
        let confidence = settings.confidence;
        // Without overlap a sampler would return its prior: all methods refuse such lists, this one with the same words.
        let overlapping = histories.overlapping(3).map_err(EstimateError::from);
        Self {
            pairs: pairs(histories, confidence)
                .map(|pairs| pairs.into_iter().map(|pair| apart(pair, histories)).collect()),
            bound: chao_bound(histories, confidence),
            walk: walk(histories).map(|walk| {
                let average = walk.average(confidence);
                (walk, average)
            }),
            graphs: decomposable_graphs(histories, GraphPrior::usual(histories), confidence),
            classes: overlapping
                .and_then(|()| latent_class(histories, &settings.latent_classes, confidence, settings.seed)),
            coverage: sample_coverage(histories, confidence, settings.seed),
        }
    }

    /// The estimators of the whole number that have an answer.
    pub(super) fn whole(&self) -> Vec<Whole> {
        let average = self.walk.as_ref().ok().map(|(_, average)| Whole {
            method: Method::ModelAverage,
            total: average.total,
            distribution: average.distribution.clone(),
        });
        let graphs = self.graphs.as_ref().ok().map(|graphs| Whole {
            method: Method::DecomposableGraphs,
            total: graphs.median,
            distribution: graphs.distribution.clone(),
        });
        let classes = self.classes.as_ref().ok().map(|classes| Whole {
            method: Method::LatentClass,
            total: classes.median,
            distribution: classes.distribution(),
        });
        let covered = self
            .coverage
            .as_ref()
            .ok()
            .filter(|found| found.coverage >= LOW_COVERAGE);
        let coverage = covered.map(|coverage| Whole {
            method: Method::SampleCoverage,
            total: coverage.total,
            distribution: coverage.distribution.clone(),
        });
        [average, graphs, classes, coverage]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// A pair of lists, refused where one lies inside the other: Chapman's formula then says that nobody is missed, and gives an
/// interval without width.
fn apart(pair: Pair, histories: &Histories<u64>) -> Pair {
    let nobody_missed = pair.outcome.as_ref().is_ok_and(|found| found.unseen() <= 0.0);
    if !nobody_missed {
        return pair;
    }
    let (one, other) = pair.lists;
    let name = |list: usize| histories.names().get(list).cloned().unwrap_or_default();
    let people = |list: usize| histories.on_all(1 << list);
    let (inner, outer) = if people(one) <= people(other) {
        (one, other)
    } else {
        (other, one)
    };
    Pair {
        outcome: Err(ListsError::Inside {
            inner: name(inner),
            outer: name(outer),
        }
        .into()),
        ..pair
    }
}
