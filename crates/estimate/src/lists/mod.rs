//! How many there are, from lists that overlap: capture–recapture.
//!
//! Lists are made for other ends (treatment, admission, registration), so they miss people, and not independently of
//! each other. What stands on two of them says how much they miss. Every method here answers the same question from
//! the same [overlap table](Histories), under different beliefs about how the lists depend on each other:
//!
//! | function | believes |
//! |---|---|
//! | [`pairs`] | two lists at a time, independent of each other (Chapman) |
//! | [`chao_bound`] | people differ, so the number is at least this |
//! | [`log_linear`], [`profile`] | one model of which lists depend on which |
//! | [`walk`] | every such model, weighted by how well it fits |
//! | [`decomposable_graphs`] | the same in Bayes' way, exactly, over graphs that fall into cliques |
//! | [`latent_class`] | a few kinds of people, and independent lists within each kind |
//! | [`sample_coverage`] | pairs of lists depend on each other, higher dependence is small |
//! | [`everything`] | all of them, and a headline that carries their disagreement |
//!
//! Two corrections come before them: [`corrected_for_linkage`] for people who were not recognised as the same, and
//! [`confirmed`] for people who are listed by mistake.
//!
//! ```
//! use estimate::Confidence;
//! use estimate::lists::{Histories, Repeated, walk};
//!
//! // On the first list alone, on the second alone, on both, on the third alone, and so on.
//! let counts = [60, 75, 45, 110, 50, 65, 40];
//! let lists = Histories::from_rows(["clinic", "hospital", "prescriptions"], (1..).zip(counts), Repeated::Refuse)?;
//! let average = walk(&lists)?.average(Confidence::NINETY_FIVE);
//! assert!(average.total > lists.people());
//! # Ok::<(), estimate::EstimateError>(())
//! ```
//!
//! **What none of them can see.** People whom no list can reach leave no trace in any overlap. So a number from
//! lists alone is a lower bound, whatever its interval says, until a random sample of people on no list has been looked at.

#[cfg(test)]
mod calibration;
mod chao;
mod corrections;
mod coverage;
mod distribution;
mod error;
mod everything;
mod graphs;
mod histories;
mod latent;
mod lattice;
mod loglinear;
mod pairs;
#[cfg(test)]
mod samples;

pub use chao::{ChaoBound, chao_bound};
pub use corrections::{LinkedLists, Review, confirmed, corrected_for_linkage};
pub use coverage::{LOW_COVERAGE, SampleCoverage, sample_coverage};
pub use distribution::Distribution;
pub use error::ListsError;
pub use everything::{
    Estimate, Everything, Figures, Fit, Headline, LEAST_PEOPLE_FOR_LATENT_CLASS, Method, Settings, Status,
    Warning, WarningCode, everything, everything_with,
};
pub(crate) use graphs::Missed;
pub use graphs::{Graph, GraphPrior, Graphs, decomposable_graphs};
pub use histories::{Count, Histories, History, MOST_LISTS, Repeated};
pub use latent::{
    LEAST_EFFECTIVE, LatentClass, LatentClasses, MOST_RHAT, Mixing, NumberPrior, latent_class,
    latent_class_draws,
};
use loglinear::members;
pub use loglinear::{
    LogLinear, MOST_LISTS_OF_A_WALK, Model, ModelAverage, Profile, Walk, log_linear, models, profile, walk,
};
pub use pairs::{Pair, pairs};
