//! Every estimator on one overlap table, a headline that carries their disagreement, and warnings.

mod figures;
mod headline;
mod runs;
mod warnings;

#[cfg(test)]
mod tests;

pub use self::figures::{Estimate, Figures, Fit, Method};
pub use self::headline::{Headline, LEAST_PEOPLE_FOR_LATENT_CLASS, Status};
use self::runs::Runs;
pub use self::warnings::{Warning, WarningCode};
use super::{Histories, LatentClasses};
use crate::{Confidence, EstimateError};

/// How everything is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Where chance starts; the same seed gives the same bits.
    pub seed: u64,
    /// Of every interval.
    pub confidence: Confidence,
    /// Whether a random sample of people on no list was looked at, and its result stands beside this one. Only then may the number
    /// be called an estimate: the caller vouches for it.
    pub anchored: bool,
    /// How the latent classes are sampled.
    pub latent_classes: LatentClasses,
}

impl Settings {
    /// The usual settings: 95 %, not anchored.
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            confidence: Confidence::NINETY_FIVE,
            anchored: false,
            latent_classes: LatentClasses::default(),
        }
    }
}

/// What all estimators together say.
#[derive(Debug, Clone, PartialEq)]
pub struct Everything {
    /// People on at least one list.
    pub seen: u64,
    /// The number to print, or why there is none.
    pub headline: Result<Headline, EstimateError>,
    /// Every estimator, with its figures or its reason: pairs, bound, models, average, graphs, classes, coverage.
    pub estimates: Vec<Estimate>,
    /// What a reader must know before the number.
    pub warnings: Vec<Warning>,
}

impl Everything {
    /// Whether the headline is an estimate, a lower bound, or nothing.
    pub fn status(&self) -> Status {
        self.headline
            .as_ref()
            .map_or(Status::None, |headline| headline.status)
    }
}

/// Runs every estimator with the usual settings.
///
/// It never fails: what cannot be estimated stands in its place with its reason.
pub fn everything(histories: &Histories<u64>, seed: u64) -> Everything {
    everything_with(histories, &Settings::seeded(seed))
}

/// Runs every estimator.
///
/// **The headline.** Two lists: Chapman, and none where one list lies inside the other. Three or more: latent classes where there are at least four lists, 1,000 people, and the chains
/// agree; else the average over log-linear models. Its interval is that of the mixture, with equal weights, of every
/// estimator of the whole number: model average, decomposable graphs, latent classes, and sample coverage where coverage is at
/// least 0.55. Chao's bound is not among them: it is a floor, shown beside.
///
/// **Source.** No paper: this mixture held the truth most often in simulated worlds (tests `lists::calibration`).
///
/// **When it fails.** See [`lists`](super): whom no list reaches, none of them sees. So the status is [`Status::LowerBound`] unless the
/// caller vouches for a random sample of people on no list.
pub fn everything_with(histories: &Histories<u64>, settings: &Settings) -> Everything {
    let runs = Runs::of(histories, settings);
    let headline = headline::headline(histories, &runs, settings);
    let warnings = warnings::warnings(histories, &runs, headline.as_ref().ok(), settings);
    Everything {
        seen: histories.seen(),
        headline,
        estimates: figures::estimates(histories, &runs, settings),
        warnings,
    }
}
