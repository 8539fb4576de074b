//! What the linker promises, compared with slow and obvious ways of doing the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(crate) mod awkward;
mod counting;
mod deciding;
mod golden;
mod manual;
mod model;
mod models;
mod pairs;
mod reach;
mod refusals;
mod same;
mod town;
