//! The release before this one, so that pages can say what changed since.
//!
//! Invariant: what stands beside today's figures was itself a [`Release`], so both passed disclosure control, and the later
//! one together with the earlier.

use protect::Release;

/// What is known of the release before.
#[derive(Clone, Copy, Debug, Default)]
pub enum Before<'a> {
    /// Nothing was released before.
    #[default]
    Nothing,
    /// The release that was approved last before this one.
    Release {
        /// As it was read back from its own files.
        release: &'a Release,
        /// The day it was approved.
        approved_on: &'a str,
    },
    /// A release was approved before, and its files are not kept in a form that can be read.
    NotKept {
        /// The day it was approved.
        approved_on: &'a str,
    },
}
