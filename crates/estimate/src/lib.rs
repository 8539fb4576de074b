//! Statistics: pure functions on numbers, without files, engine or clock; chance only from a seed.
//!
//! Every function states its formula, its source and when it fails. What cannot be estimated is
//! an error with its reason, never a number that looks like one.
//!
//! | function | answers |
//! |---|---|
//! | [`wilson`] | a share, with an interval that holds for small numbers and near 0 and 1 |
//! | [`median`] | the middle of a list, with an interval that assumes no shape |
//! | [`chapman`] | how many there are, from two lists that overlap |
//! | [`lists`] | how many there are, from any number of lists that overlap |

mod confidence;
mod error;
mod interval;
pub mod lists;
mod median;
mod proportion;
mod two_lists;

pub use confidence::Confidence;
pub use error::EstimateError;
pub use interval::Interval;
pub use median::{Median, lower_median, median, median_ranks};
pub use proportion::{Proportion, wilson};
pub use two_lists::{TwoLists, chapman};
