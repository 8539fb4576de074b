//! How long tests run.

/// Whether the long versions of the tests are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is no part of any result"
)]
pub(crate) fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}
