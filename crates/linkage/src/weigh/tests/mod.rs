//! What the linker promises, compared with slow and obvious ways of doing the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod deciding;
mod golden;
mod model;
mod pairs;
mod reach;
