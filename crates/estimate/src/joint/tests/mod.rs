//! The joint estimate on nations whose truth is known.

mod balance;
mod calibration;
mod nation;
mod parts;
mod refusals;

/// How many nations the long versions of the tests make, if they are asked for: 400 with `COUNTED_LONG=1`, and
/// otherwise as many as it says.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs is no part of any result"
)]
fn long() -> Option<u64> {
    let asked = std::env::var("COUNTED_LONG").ok()?;
    asked.parse().ok().filter(|nations| *nations > 1).or(Some(400))
}
