//! The stage on tables: files in, files out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod damage;
mod decided;
mod errors;
mod explain;
mod ids;
mod months;
mod refusals;
mod speed;
mod stage;
mod study;
mod taken_back;
