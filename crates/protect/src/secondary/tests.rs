//! Drawn cases of secondary suppression.
#![allow(clippy::unwrap_used)]
