//! The thresholds behind the states of organisations, read from `definitions/completeness/status.toml`.
//!
//! Invariant: a [`Thresholds`] that exists is consistent, so that exactly one state fits any pair of numbers.

use estimate::Confidence;
use serde::Deserialize;

use crate::CountError;

const BUILT_IN: &str = include_str!("../../../definitions/completeness/status.toml");

/// The numbers that decide a state. Whole percentages, so that a state never hangs on rounding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// `collecting` from this share of people, in per cent.
    pub collecting_percent: u32,
    /// `not_collecting` below this share of people, in per cent.
    pub not_collecting_percent: u32,
    /// `too_few` under this number of people.
    pub fewest_people: u32,
    /// Length of the window in months.
    pub window_months: u32,
    /// How many months before `as_of` the window ends.
    pub lag_months: u32,
    /// Level of the interval beside the share, in per cent.
    pub interval_percent: u32,
}

impl Thresholds {
    /// The thresholds compiled into the program.
    ///
    /// # Errors
    /// Never in a released program: a test reads the same text.
    pub fn built_in() -> Result<Self, CountError> {
        Self::read(BUILT_IN, "definitions/completeness/status.toml")
    }

    /// The text compiled into the program, for its hash in the run's manifest.
    #[must_use]
    pub fn built_in_text() -> &'static str {
        BUILT_IN
    }

    /// Reads thresholds from TOML; `file` is how messages name it.
    ///
    /// # Errors
    /// When the text is not TOML, has an unknown or missing key, or the numbers contradict each other.
    pub fn read(text: &str, file: &str) -> Result<Self, CountError> {
        let read: Self = toml::from_str(text).map_err(|error| CountError::ThresholdsText {
            file: file.to_owned(),
            reason: error.message().to_owned(),
        })?;
        read.checked()
    }

    fn checked(self) -> Result<Self, CountError> {
        let fault = if self.collecting_percent > 100 {
            Some("collecting_percent is a percentage; give at most 100")
        } else if self.not_collecting_percent >= self.collecting_percent {
            Some("not_collecting_percent must be below collecting_percent")
        } else if self.fewest_people == 0 {
            Some("fewest_people must be at least 1: a share of nobody is no share")
        } else if self.window_months == 0 || self.window_months > 120 {
            Some("window_months must be 1 to 120")
        } else if self.lag_months > 120 {
            Some("lag_months must be 0 to 120")
        } else if self.interval_percent == 0 || self.interval_percent >= 100 {
            Some("interval_percent must be 1 to 99")
        } else {
            None
        };
        match fault {
            Some(reason) => Err(CountError::Thresholds {
                reason: reason.to_owned(),
            }),
            None => Ok(self),
        }
    }

    /// Level of the interval beside the share.
    pub(crate) fn confidence(&self) -> Result<Confidence, CountError> {
        Confidence::new(f64::from(self.interval_percent) / 100.0).map_err(|error| CountError::Thresholds {
            reason: format!("interval_percent: {error}"),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn built_in_thresholds_are_those_of_the_contract() {
        let built_in = Thresholds::built_in().unwrap();
        assert_eq!(
            built_in,
            Thresholds {
                collecting_percent: 90,
                not_collecting_percent: 10,
                fewest_people: 20,
                window_months: 12,
                lag_months: 3,
                interval_percent: 95,
            }
        );
    }

    #[test]
    fn contradictions_and_typing_errors_are_refused() {
        let with = |from: &str, to: &str| {
            assert!(
                BUILT_IN.contains(from),
                "the compiled-in text no longer has `{from}`"
            );
            Thresholds::read(&BUILT_IN.replace(from, to), "mine.toml")
                .unwrap_err()
                .to_string()
        };
        assert!(with("= 90", "= 101").contains("at most 100"));
        assert!(with("not_collecting_percent = 10", "not_collecting_percent = 90").contains("below"));
        assert!(with("= 20", "= 0").contains("at least 1"));
        assert!(with("window_months = 12", "window_months = 0").contains("1 to 120"));
        assert!(with("interval_percent = 95", "interval_percent = 100").contains("1 to 99"));
        let typing_error = with("fewest_people", "fewest_peple");
        assert!(typing_error.contains("mine.toml") && typing_error.contains("fewest_peple"));
    }
}
