//! Back-calculation: how many people there must have been, from those who died.
//!
//! Every death from breast cancer ends a life with secondary breast cancer, but for those in whom nobody had recorded
//! it. So deaths by year, and how long people live, say how many became ill in each year, and how many of them are
//! still alive.
//!
//! What to trust: new cases follow from deaths almost without bias, whatever the tail of the survival curve. The
//! number living is only as good as that tail. So the headline is the number living who were diagnosed in the last
//! ten years; the rest is named as extrapolated; and no interval stands without the uncertainty of survival in it
//! ([`draw_courses`]).
//!
//! [`uk`] is a real figure from public inputs.

mod course;
mod curves;
mod deaths;
mod draws;
mod fit;
mod smoothing;
pub mod uk;

pub use course::{Course, Ratios};
pub use curves::{Improvement, SurvivalOverTime};
pub use deaths::Deaths;
pub use draws::{Assumptions, beta_share, draw_courses};
pub use fit::{BackCalculation, Settings, back_calculate};
pub use smoothing::Smoothing;

#[cfg(test)]
mod tests;
