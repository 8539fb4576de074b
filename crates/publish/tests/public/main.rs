//! What the public sees of the invented nation. One program, so that a site that many tests read is made once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#[path = "../support/mod.rs"]
mod support;

mod changes;
mod documents;
mod estimates;
mod languages;
mod letters;
mod living_with_it;
mod nations;
mod networks;
mod open_data;
mod postcodes;
mod public_figures;
mod reports;
mod signs;
mod site;
mod told;
mod ways;
mod welsh;
mod who;
