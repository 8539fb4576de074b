//! Calibration: do the intervals and samplers of this crate keep their promises?
//!
//! [`Coverage`] counts how often intervals hold a known truth and says what chance alone would allow.
//! [`simulate_ranks`] checks a whole sampler at once: truths are drawn from the prior, data from the truths, and if
//! the sampler is right, the rank of each truth among its draws is uniform ([`Ranks::check`] draws a band for
//! that). [`first_order`] splits the variance of a result into its causes. [`chains`] looks at Markov chains.
//!
//! The invariant: every verdict carries its Monte-Carlo error or its level, so that "it passed" has a meaning.
//!
//! **Source.** S. Talts, M. Betancourt, D. Simpson, A. Vehtari and A. Gelman, Validating Bayesian inference
//! algorithms with simulation-based calibration (2018, arXiv 1804.06788).
//!
//! **When it fails.** Calibration shows that a sampler does what its model says. Whether the model is that of the
//! world is another question, asked with data that the model did not make.

mod band;
pub mod chains;
mod coverage;
mod ranks;
mod variance;

#[cfg(test)]
mod tests;

pub use band::{EcdfBand, simultaneous_band};
pub use coverage::{Coverage, clopper_pearson};
pub use ranks::{RankCheck, Ranks, Replicate, rank, simulate_ranks, thin};
pub use variance::{Decomposition, PickFreeze, VarianceShare, first_order, pick_freeze};
