//! The joint estimate on nations whose truth is known.

mod balance;
mod calibration;
mod nation;
mod refusals;

/// Whether the long versions of the tests are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is no part of any result"
)]
fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}
