//! How often an interval is meant to hold the truth.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::EstimateError;

/// How often an interval is meant to hold the truth, such as 0.95; two-sided and symmetric in its tails.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 95 %, as in every published figure unless it says otherwise.
    pub const NINETY_FIVE: Self = Self(0.95);

    /// Some other level.
    pub fn new(level: f64) -> Result<Self, EstimateError> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(EstimateError::Confidence)
        }
    }

    /// The level itself.
    pub fn level(self) -> f64 {
        self.0
    }

    /// What is left outside on each side: 0.025 for 95 %.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// How many standard deviations of a normal distribution it spans on each side: 1.96 for 95 %.
    pub fn deviations(self) -> f64 {
        Normal::standard().inverse_cdf(1.0 - self.tail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_those_of_the_tables() {
        for (level, wanted) in [
            (0.95, 1.959_963_984_540_054),
            (0.9, 1.644_853_626_951_472_2),
            (0.998, 3.090_232_306),
        ] {
            let found = Confidence::new(level).unwrap().deviations();
            assert!((found - wanted).abs() < 1e-8, "{level}: {found}");
        }
        assert!((Confidence::NINETY_FIVE.deviations() - 1.959_963_984_540_054).abs() < 1e-8);
    }

    #[test]
    fn a_level_lies_between_nothing_and_certainty() {
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Confidence::new(level), Err(EstimateError::Confidence), "{level}");
        }
    }
}
