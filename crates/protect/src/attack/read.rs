//! What a reader of the policy makes of a released figure: the way from released bytes back to ranges.
//!
//! Invariant: nothing but the policy and what is shown is read.

use super::{Known, Limits};
use crate::cell::State;
use crate::policy::{Policy, Secondary};

impl Limits {
    /// How much a policy leaves uncertain.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let need = policy.uncertainty();
        // Without secondary suppression a hidden number is known to be small, and no more is promised.
        let hidden = if need.mode == Secondary::Never {
            policy.hide_to().min(need.hidden)
        } else {
            need.hidden
        };
        Self {
            min_feasible: hidden,
            min_rounded: need.rounded,
            whole_group_under: policy.whole_group_under(),
            contributors: need.contributors,
        }
    }
}

impl Known {
    /// What a policy lets anybody know of a count that is shown as `number` with this state. `word` gives the words of its row
    /// by column, since a policy can have other numbers at some kinds of place.
    #[must_use]
    pub fn read<'a>(
        policy: &Policy,
        word: impl Fn(&str) -> Option<&'a str>,
        number: Option<i64>,
        state: State,
    ) -> Self {
        let rule = policy.rule_of(word);
        match (number, state) {
            (Some(shown), _) => {
                let span = rule.span(shown);
                if span.len() <= 1 {
                    Self::Exact(shown)
                } else {
                    Self::Band {
                        shown,
                        low: span.low,
                        high: span.high,
                    }
                }
            }
            (None, State::Suppressed) if policy.uncertainty().mode == Secondary::Never => Self::Range {
                low: 1,
                high: rule.hide_to,
            },
            (None, State::Suppressed) => Self::Hidden,
            (None, _) => Self::NotReported,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_figure_stands_for_what_the_policy_says() {
        let policy = Policy::hes().unwrap();
        let read = |number, state| Known::read(&policy, |_| None, number, state);
        assert_eq!(read(Some(0), State::Zero), Known::Exact(0));
        let (shown, low, high) = (10, 8, 12);
        assert_eq!(read(Some(10), State::Shown), Known::Band { shown, low, high });
        assert_eq!(read(None, State::Suppressed), Known::Hidden);
        assert_eq!(read(None, State::NotReported), Known::NotReported);
        assert_eq!(Limits::of(&policy).min_feasible, 5);
    }
}
