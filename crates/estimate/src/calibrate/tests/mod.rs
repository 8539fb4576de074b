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
