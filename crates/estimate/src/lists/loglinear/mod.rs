//! Log-linear models of the overlap table: one, its profile, all of them, and their average.

mod existence;
mod fit;
mod model;
mod newton;
mod profile;
mod simplex;
mod walk;

#[cfg(test)]
mod tests;

pub use fit::{LogLinear, log_linear};
pub use model::Model;
pub(super) use model::members;
pub use profile::{Profile, profile};
pub use walk::{MOST_LISTS_OF_A_WALK, ModelAverage, Walk, models, walk};
