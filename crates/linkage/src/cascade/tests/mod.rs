#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod accuracy;
mod naive;
pub(crate) mod oracle;
pub(crate) mod row;
mod spec;
pub(crate) mod world;
