//! Statistics: pure functions on numbers, without files, engine or clock, and with chance only from a seed that is given.
//!
//! Every function states its formula, its source and when it fails. What cannot be estimated is
//! an error with its reason, never a number that looks like one.
//!
//! | function | answers |
//! |---|---|
//! | [`wilson`], [`jeffreys`] | a share, with an interval that holds for small numbers and near 0 and 1 |
//! | [`median`] | the middle of a list, with an interval that assumes no shape |
//! | [`misclassification`] | how many have the disease, from flags in the records and a random review of charts |
//! | [`shrink`] | what small hospitals can say together, and making them agree with a total |
//! | [`funnel`] | which hospitals differ from a target by more than their size explains |
//! | [`chart`] | whether something has changed from month to month |
//! | [`standardise`] | places compared whose people differ in age |
//! | [`logistic`] | the chance of a yes by who somebody is |
//! | [`calibrate`] | whether intervals and samplers keep their promises, and what makes an interval wide |
//! | [`Posterior`] | a quantity known as draws: its median, spread and intervals |
//! | [`chapman`] | how many there are, from two lists that overlap |
//! | [`survival`] | how long people live, as seen and as extrapolated |
//! | [`prevalence`] | how many are alive, from new cases and survival or from a register |
//! | [`back_calculation`] | how many there must have been, from those who died |
//! | [`delay`] | how many are still to be reported |
//! | [`project`] | how many there will be, under named scenarios |
//! | [`lists`] | how many there are, from any number of lists that overlap |
//! | [`joint`] | everything together: one model and one set of draws for every published count |

pub mod back_calculation;
mod beta_quantile;
pub mod calibrate;
mod chance;
pub mod chart;
mod confidence;
pub mod delay;
mod error;
pub mod funnel;
mod interval;
pub mod joint;
#[cfg(test)]
mod length;
pub mod lists;
pub mod logistic;
mod median;
pub mod misclassification;
mod posterior;
pub mod prevalence;
pub mod project;
mod proportion;
pub mod shrink;
pub mod standardise;
pub mod survival;
mod tally;
mod two_lists;

pub use confidence::Confidence;
pub use error::EstimateError;
pub use interval::Interval;
pub use median::{Median, lower_median, median, median_ranks};
pub use posterior::Posterior;
pub use proportion::{Proportion, difference, jeffreys, wilson};
pub use tally::{Observed, Tally};
pub use two_lists::{TwoLists, chapman};
