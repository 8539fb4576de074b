//! Statistics: pure functions on numbers, without files, engine or clock; chance comes only from a seed that is given.
//!
//! Every function states its formula, its source and when it fails. What cannot be estimated is
//! an error with its reason, never a number that looks like one.
//!
//! | function | answers |
//! |---|---|
//! | [`wilson`] | a share, with an interval that holds for small numbers and near 0 and 1 |
//! | [`median`] | the middle of a list, with an interval that assumes no shape |
//! | [`chapman`] | how many there are, from two lists that overlap |
//! | [`survival`] | how long people live, as seen and as extrapolated |
//! | [`prevalence`] | how many are alive, from new cases and survival or from a register |
//! | [`back_calculation`] | how many there must have been, from those who died |
//! | [`delay`] | how many are still to be reported |
//! | [`project`] | how many there will be, under named scenarios |

pub mod back_calculation;
mod confidence;
pub mod delay;
mod error;
mod interval;
mod median;
pub mod prevalence;
pub mod project;
mod proportion;
pub mod survival;
mod two_lists;

pub use confidence::Confidence;
pub use error::EstimateError;
pub use interval::Interval;
pub use median::{Median, lower_median, median, median_ranks};
pub use proportion::{Proportion, wilson};
pub use two_lists::{TwoLists, chapman};
