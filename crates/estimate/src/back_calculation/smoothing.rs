//! How smooth the course of new cases is taken to be.

use nalgebra::DMatrix;

/// Penalties on jumps of log incidence from year to year.
///
/// Deaths say little about single years: without a penalty new cases would swing from year to year to follow the
/// chance in the deaths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// The weight on squared second differences of log incidence: 1 over the variance that the change of trend has in
    /// a year.
    pub second_differences: f64,
    /// The weight on squared first differences before [`Smoothing::level_before`].
    pub first_differences: f64,
    /// The year before which incidence is held nearly level, for no deaths were read that could speak of it.
    pub level_before: i32,
}

impl Default for Smoothing {
    /// Trends that change by about 1 % a year; level before 1990 to about 0.3 % a year.
    fn default() -> Self {
        Self {
            second_differences: 1e4,
            first_differences: 1e5,
            level_before: 1990,
        }
    }
}

impl Smoothing {
    /// The matrix of the penalty ½ *x*ᵀ P *x* on log incidence *x* from `first_year`.
    pub(super) fn matrix(&self, first_year: i32, years: usize) -> DMatrix<f64> {
        let mut penalty = DMatrix::zeros(years, years);
        for start in 0..years.saturating_sub(2) {
            add(&mut penalty, start, &[1.0, -2.0, 1.0], self.second_differences);
        }
        for start in 0..years.saturating_sub(1) {
            let both_before = i64::from(first_year) + (start as i64) + 1 < i64::from(self.level_before);
            if both_before {
                add(&mut penalty, start, &[-1.0, 1.0], self.first_differences);
            }
        }
        penalty
    }
}

/// Adds weight · (Σ coefficient · x)² for the places from `start`.
fn add(penalty: &mut DMatrix<f64>, start: usize, coefficients: &[f64], weight: f64) {
    for (i, one) in coefficients.iter().enumerate() {
        for (j, other) in coefficients.iter().enumerate() {
            if let Some(cell) = penalty.get_mut((start + i, start + j)) {
                *cell += weight * one * other;
            }
        }
    }
}
