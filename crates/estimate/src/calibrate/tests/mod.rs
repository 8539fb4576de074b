//! Tests of the calibration machinery: against closed forms, against other programs, and against planted faults.

mod chains;
mod coverage;
mod reviews;
mod samplers;
mod uniform;
mod variance;

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

/// Whether the long versions are asked for.
fn long() -> bool {
    #[allow(
        clippy::disallowed_methods,
        reason = "chooses how much is tested, never a result"
    )]
    std::env::var_os("COUNTED_LONG").is_some()
}
