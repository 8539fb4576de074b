//! The whole chain as its users meet it: the program is run as a process on study folders.
//!
//! One binary of tests, so that the program is linked once. Every nation is small and drawn from a
//! seed that the test prints; `COUNTED_LONG=1` asks for the long versions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod accounts;
mod answers;
mod asked;
mod attacked;
mod bad_input;
mod calibration;
mod canary;
mod cluster;
mod demo;
mod ended;
mod estimate;
mod find;
mod killed;
mod lacking;
mod ledger;
mod left;
mod link;
mod meeting;
mod months;
mod nation;
mod places;
mod program;
mod quality;
mod real_input;
mod screens;
mod shared;
mod spared;
mod tree;
mod truths;
mod twice;
mod verified;
mod worklists;
mod wrong_calls;
