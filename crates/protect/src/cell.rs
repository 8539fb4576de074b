//! One published figure: a number that may be hidden, and the state that says why.
//!
//! Invariant: a figure that is not shown holds no number at all, so no later step can print it by mistake.

use std::fmt;

/// Why a figure is, or is not, shown. Zero, not reported, too small and not computable are different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Shown, rounded by the policy.
    Shown,
    /// Nobody: shown as zero.
    Zero,
    /// Hidden to protect people: a small number, or one from which a small number could be worked out.
    Suppressed,
    /// Too few people to say anything steady (a median, a state).
    TooFew,
    /// No estimate has been made.
    NotEstimated,
    /// Cannot be worked out from what there is.
    NotComputable,
    /// Nothing was sent that could say.
    NotReported,
}

impl State {
    /// The word in released tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Zero => "zero",
            Self::Suppressed => "suppressed",
            Self::TooFew => "too_few",
            Self::NotEstimated => "not_estimated",
            Self::NotComputable => "not_computable",
            Self::NotReported => "not_reported",
        }
    }

    /// Every state, in the order of the data dictionary.
    #[must_use]
    pub fn all() -> [Self; 7] {
        [
            Self::Shown,
            Self::Zero,
            Self::Suppressed,
            Self::TooFew,
            Self::NotEstimated,
            Self::NotComputable,
            Self::NotReported,
        ]
    }

    /// What the state means, in a sentence for the data dictionary.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Shown => "The number is shown, rounded.",
            Self::Zero => "Nobody: the number is zero.",
            Self::Suppressed => {
                "Hidden to protect people: a small number, or a number from which a small one could be worked out."
            }
            Self::TooFew => "There are too few people for this figure to mean anything.",
            Self::NotEstimated => "No estimate has been made of this figure.",
            Self::NotComputable => "The figure cannot be worked out from the records there are.",
            Self::NotReported => "No records were sent that could say.",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A released number. Tenths are kept whole, so that the same figure always prints the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// A whole number.
    Whole(i64),
    /// A number of tenths: 905 is 90.5.
    Tenths(i64),
}

impl Number {
    /// The number as a real one, for drawing.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(n) => n as f64,
            Self::Tenths(n) => n as f64 / 10.0,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(n) => write!(f, "{n}"),
            Self::Tenths(n) => write!(
                f,
                "{}{}.{}",
                if *n < 0 { "-" } else { "" },
                n.abs() / 10,
                n.abs() % 10
            ),
        }
    }
}

/// A figure of a release: a number, or the reason there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    number: Option<Number>,
    state: State,
}

impl Figure {
    pub(crate) fn shown(number: Number) -> Self {
        Self {
            number: Some(number),
            state: State::Shown,
        }
    }

    pub(crate) fn zero() -> Self {
        Self {
            number: Some(Number::Whole(0)),
            state: State::Zero,
        }
    }

    pub(crate) fn without(state: State) -> Self {
        Self { number: None, state }
    }

    /// The number, if it is shown.
    #[must_use]
    pub fn number(self) -> Option<Number> {
        self.number
    }

    /// The whole number, if it is shown and whole.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        match self.number {
            Some(Number::Whole(n)) => Some(n),
            _ => None,
        }
    }

    /// The number as a real one, if it is shown.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number.map(Number::as_f64)
    }

    /// Why it is, or is not, shown.
    #[must_use]
    pub fn state(self) -> State {
        self.state
    }

    /// Whether the number was hidden to protect people.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        self.state == State::Suppressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_print_with_their_sign_and_point() {
        assert_eq!(Number::Tenths(905).to_string(), "90.5");
        assert_eq!(Number::Tenths(-5).to_string(), "-0.5");
        assert_eq!(Number::Tenths(1000).to_string(), "100.0");
    }
}
