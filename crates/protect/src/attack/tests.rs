//! Planted leaks, each with its clean twin. Wired up below.
