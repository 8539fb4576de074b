//! Disclosure policies as data: thresholds, bases and restrictions read from `definitions/disclosure/*.toml`.
//!
//! Invariant: a policy that would hide nothing, or that is not understood whole, is refused when read.

use serde::Deserialize;

use crate::ProtectError;
use crate::cell::{Figure, Number, State};

/// A disclosure policy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    policy: Head,
    counts: Counts,
    percentages: Percentages,
    medians: Medians,
    estimates: Estimates,
    secondary: SecondaryRule,
    #[serde(default)]
    only_at: Vec<OnlyAt>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    name: String,
    version: String,
    title: String,
    words: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    hide_from: i64,
    hide_to: i64,
    round_to: i64,
    #[serde(default)]
    national_exempt: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Percentages {
    decimal_from: i64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Medians {
    people: i64,
    round_to: i64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Estimates {
    round_to: i64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondaryRule {
    mode: Secondary,
    min_feasible: i64,
}

/// When a second number of a sum is hidden beside the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secondary {
    /// Whenever a published sum has exactly one hidden number.
    Always,
    /// Only where rounding alone leaves the hidden number too few feasible values.
    UnlessBlurred,
    /// Never.
    Never,
}

/// A split that leaves only at some kinds of place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnlyAt {
    pub(crate) column: String,
    pub(crate) total: String,
    pub(crate) place_column: String,
    pub(crate) places: Vec<String>,
}

const HES: &str = include_str!("../../../definitions/disclosure/hes.toml");

impl Policy {
    /// The policy compiled into the program under this name.
    ///
    /// # Errors
    /// If there is no such policy, or it is not sound.
    pub fn named(name: &str) -> Result<Self, ProtectError> {
        match name {
            "hes" => Self::from_toml("hes", HES),
            _ => Err(policy_error(name, "there is no such policy; known: hes")),
        }
    }

    /// The policy of HES: 1 to 7 hidden, others to the nearest 5.
    ///
    /// # Errors
    /// If the compiled-in file is not sound (a test keeps it so).
    pub fn hes() -> Result<Self, ProtectError> {
        Self::named("hes")
    }

    /// A policy from the text of its file; `name` is used in messages.
    ///
    /// # Errors
    /// If the text is not a policy, or the policy makes no sense.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ProtectError> {
        let policy: Self = toml::from_str(text).map_err(|e| policy_error(name, e.message()))?;
        policy.check(name)?;
        Ok(policy)
    }

    fn check(&self, name: &str) -> Result<(), ProtectError> {
        let c = &self.counts;
        if c.hide_from != 1 || c.hide_to < 1 {
            return Err(policy_error(
                name,
                "counts: hide_from must be 1 and hide_to at least 1",
            ));
        }
        if c.round_to < 1 || self.medians.round_to < 1 || self.estimates.round_to < 1 {
            return Err(policy_error(name, "every round_to must be at least 1"));
        }
        if c.national_exempt {
            return Err(policy_error(
                name,
                "national_exempt = true is not offered: national counts are protected too",
            ));
        }
        if self.medians.people < c.hide_to {
            return Err(policy_error(
                name,
                "medians: people must not be below the counts that are hidden",
            ));
        }
        if self.secondary.min_feasible < 1 {
            return Err(policy_error(name, "secondary: min_feasible must be at least 1"));
        }
        Ok(())
    }

    /// Its name, as `hes`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.policy.name
    }
    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.policy.version
    }
    /// A title for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.policy.title
    }
    /// What it does, in plain words.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.policy.words
    }
    /// The largest number that is hidden.
    #[must_use]
    pub fn hide_to(&self) -> i64 {
        self.counts.hide_to
    }
    /// What counts are rounded to.
    #[must_use]
    pub fn round_to(&self) -> i64 {
        self.counts.round_to
    }
    pub(crate) fn secondary(&self) -> (Secondary, i64) {
        (self.secondary.mode, self.secondary.min_feasible)
    }
    pub(crate) fn decimal_from(&self) -> i64 {
        self.percentages.decimal_from
    }
    pub(crate) fn median_people(&self) -> i64 {
        self.medians.people
    }
    pub(crate) fn median_round_to(&self) -> i64 {
        self.medians.round_to
    }
    pub(crate) fn estimate_round_to(&self) -> i64 {
        self.estimates.round_to
    }
    pub(crate) fn only_at(&self) -> &[OnlyAt] {
        &self.only_at
    }

    /// Whether a count must be hidden for its own sake.
    pub(crate) fn hides(&self, count: i64) -> bool {
        (self.counts.hide_from..=self.counts.hide_to).contains(&count)
    }

    /// A count as it may be shown, when no sum asks for more.
    pub(crate) fn protect(&self, count: i64) -> Figure {
        if count == 0 {
            Figure::zero()
        } else if self.hides(count) {
            Figure::without(State::Suppressed)
        } else {
            Figure::shown(Number::Whole(nearest(count, self.counts.round_to)))
        }
    }
}

fn policy_error(name: &str, what: &str) -> ProtectError {
    ProtectError::Policy {
        name: name.to_owned(),
        what: what.to_owned(),
    }
}

/// To the nearest multiple of `base`, halves up: the same on every machine, since it is done in whole numbers.
pub(crate) fn nearest(count: i64, base: i64) -> i64 {
    (count.saturating_mul(2).saturating_add(base))
        .div_euclid(base.saturating_mul(2))
        .saturating_mul(base)
}

/// Down to a multiple of `base`.
pub(crate) fn down(value: f64, base: i64) -> i64 {
    ((value / base as f64).floor() as i64).saturating_mul(base)
}

/// Up to a multiple of `base`.
pub(crate) fn up(value: f64, base: i64) -> i64 {
    ((value / base as f64).ceil() as i64).saturating_mul(base)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_hes_rule_cell_by_cell() {
        let policy = Policy::hes().unwrap();
        let shown = |n| policy.protect(n).whole();
        assert_eq!(policy.protect(0), Figure::zero());
        for n in 1..=7 {
            assert_eq!(policy.protect(n), Figure::without(State::Suppressed), "{n}");
        }
        assert_eq!(
            (shown(8), shown(12), shown(13), shown(102)),
            (Some(10), Some(10), Some(15), Some(100))
        );
    }

    #[test]
    fn rounding_goes_the_honest_way() {
        assert_eq!((nearest(22, 5), nearest(23, 5), nearest(5, 10)), (20, 25, 10));
        assert_eq!((down(19.99, 5), up(20.01, 5), up(20.0, 5)), (15, 25, 20));
    }

    #[test]
    fn a_policy_that_protects_nobody_is_refused() {
        let text = HES.replace("national_exempt = false", "national_exempt = true");
        assert!(Policy::from_toml("x", &text).is_err());
        let text = HES.replace("hide_to = 7", "hide_to = 0");
        assert!(Policy::from_toml("x", &text).is_err());
        let text = HES.replace("round_to = 5", "rond_to = 5");
        assert!(
            Policy::from_toml("x", &text)
                .unwrap_err()
                .to_string()
                .contains("rond_to")
        );
        assert!(Policy::named("none").is_err());
    }
}
