//! Planted leaks, each beside a clean twin that passes: without the twin, an attacker that cries at everything would do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod bytes;
mod documents;
mod others;
mod releases;
mod stage;
