//! Drawn examples.
