//! How long tests run.

/// Whether the long versions of the tests are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is no part of any result"
)]
pub(crate) fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}

/// How many worlds the long versions of the tests make, if they are asked for: as many as `COUNTED_LONG` says, and
/// 400 where it says no number above 1.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is no part of any result"
)]
pub(crate) fn long_worlds() -> Option<u64> {
    let asked = std::env::var("COUNTED_LONG").ok()?;
    asked.parse().ok().filter(|worlds| *worlds > 1).or(Some(400))
}

/// Whether a scenario of a long run is asked for: all are, unless `COUNTED_SCENARIO` names a part of the name of some.
#[allow(
    clippy::disallowed_methods,
    reason = "which scenarios a test runs is no part of any result"
)]
pub(crate) fn wanted(scenario: &str) -> bool {
    std::env::var("COUNTED_SCENARIO").map_or(true, |part| scenario.contains(&part))
}
