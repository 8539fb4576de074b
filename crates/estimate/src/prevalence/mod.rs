//! Prevalence: how many are alive with the disease at a date, from those who got it and how long they live.
//!
//! With *I* new cases in a calendar year, spread evenly over it, I·[alive](Kernels::alive)ₗ are alive *l* years after
//! the end of that year, and I·[dying](Kernels::dying)ₗ die of the disease in its *l*-th year after. These two rows
//! of numbers, the kernels, are all that [`back_calculation`](crate::back_calculation) and
//! [`project`](crate::project) know of survival. The lag *l* is also a duration: who got it in the year that ended
//! *l* years ago has lived with it for *l* to *l* + 1 years.

mod completeness;
mod counting;
mod duration;
mod kernel;
mod quadrature;

pub use completeness::{
    CompletePrevalence, CompletenessIndex, complete_prevalence, completeness_index, completeness_index_draws,
    steady_completeness,
};
pub use counting::{CountedAlive, LastKnown, Person, counted_alive};
pub use duration::{ByDuration, DurationBand};
pub use kernel::{Kernels, kernels};
pub use quadrature::area;

#[cfg(test)]
mod tests;
