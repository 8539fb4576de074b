//! Disclosure policies as data: thresholds, bases and restrictions read from `definitions/disclosure/*.toml`.
//!
//! Invariant: a policy that would hide nothing, or that is not understood whole, is refused when read.

use serde::Deserialize;

use crate::ProtectError;
use crate::cell::Figure;

mod rule;

pub use rule::Rounding;
pub(crate) use rule::{CountRule, down, nearest, up};

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
    differences: Differences,
    #[serde(default)]
    level: Vec<Level>,
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
    rounding: Rounding,
    #[serde(default)]
    national_exempt: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Percentages {
    decimal_from: i64,
    #[serde(default = "whole_group_under")]
    whole_group_under: i64,
}

fn whole_group_under() -> i64 {
    20
}

fn min_rounded() -> i64 {
    3
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
    #[serde(default = "min_rounded")]
    min_rounded: i64,
    #[serde(default)]
    contributors: bool,
}

/// Which differences of two published figures must not be a small number of people.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    #[serde(default)]
    successive_periods: bool,
    #[serde(default)]
    balances_at: Vec<String>,
}

/// Other numbers at some kinds of place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    place_column: String,
    places: Vec<String>,
    hide_to: i64,
    round_to: i64,
}

/// How much must stay uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uncertainty {
    /// When a second number of a sum is hidden.
    pub(crate) mode: Secondary,
    /// Values that must be left for a hidden number.
    pub(crate) hidden: i64,
    /// Values that must be left for a rounded number.
    pub(crate) rounded: i64,
    /// Whether somebody alone in a hidden cell may not find out another.
    pub(crate) contributors: bool,
    /// Whether the change from one period to the next may not be a small number.
    pub(crate) successive: bool,
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

const HES: &str = include_str!("../../../../definitions/disclosure/hes.toml");

/// The policies compiled into the program, with their files.
const KNOWN: [(&str, &str); 4] = [
    ("hes", HES),
    (
        "midpoint-6",
        include_str!("../../../../definitions/disclosure/midpoint-6.toml"),
    ),
    (
        "suppress",
        include_str!("../../../../definitions/disclosure/suppress.toml"),
    ),
    (
        "threshold-10",
        include_str!("../../../../definitions/disclosure/threshold-10.toml"),
    ),
];

impl Policy {
    /// The policy compiled into the program under this name.
    ///
    /// # Errors
    /// If there is no such policy, or it is not sound.
    pub fn named(name: &str) -> Result<Self, ProtectError> {
        match KNOWN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::from_toml(name, text),
            None => {
                let known: Vec<&str> = Self::names().collect();
                let what = format!("there is no such policy; known: {}", known.join(", "));
                Err(policy_error(name, &what))
            }
        }
    }

    /// The names of the policies compiled into the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(name, _)| *name)
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
        let refuse = |what: &str| Err(policy_error(name, what));
        if self.counts.hide_from != 1 {
            return refuse("counts: hide_from must be 1");
        }
        if self.medians.round_to < 1 || self.estimates.round_to < 1 {
            return refuse("every round_to must be at least 1");
        }
        if self.counts.national_exempt {
            return refuse("national_exempt = true is not offered: national counts are protected too");
        }
        let need = &self.secondary;
        if need.min_feasible < 1 || need.min_rounded < 1 {
            return refuse("secondary: min_feasible and min_rounded must be at least 1");
        }
        for rule in self.rules() {
            let bands = rule.rounding == Rounding::Midpoint && rule.base >= need.min_feasible;
            if rule.base < 1 || rule.hide_to < 0 || (rule.hide_to == 0 && !bands) {
                return refuse(
                    "counts: hide_to must be at least 1, or rounding = \"midpoint\" with bands of at least min_feasible numbers",
                );
            }
            if rule.base != 1 && rule.base < need.min_rounded {
                return refuse("counts: round_to must be 1 (as they are) or at least min_rounded");
            }
            if rule.rounding == Rounding::Midpoint && rule.hide_to != 0 {
                return refuse("counts: hide_to must be 0 with rounding = \"midpoint\", whose bands hide");
            }
            if self.medians.people < rule.hide_to {
                return refuse("medians: people must not be below the counts that are hidden");
            }
        }
        Ok(())
    }

    /// Every rule of counts, the general one first.
    fn rules(&self) -> impl Iterator<Item = CountRule> + '_ {
        let general = self.rule();
        let levels = self.level.iter().map(move |level| CountRule {
            hide_to: level.hide_to,
            base: level.round_to,
            rounding: general.rounding,
        });
        std::iter::once(general).chain(levels)
    }

    /// The rule of counts where no level says otherwise.
    pub(crate) fn rule(&self) -> CountRule {
        CountRule {
            hide_to: self.counts.hide_to,
            base: self.counts.round_to,
            rounding: self.counts.rounding,
        }
    }

    /// The rule of counts of a row, whose words in a column are given by `word`.
    pub(crate) fn rule_of<'a>(&self, word: impl Fn(&str) -> Option<&'a str>) -> CountRule {
        let fits = |level: &Level| {
            word(&level.place_column).is_some_and(|place| level.places.iter().any(|p| p == place))
        };
        let level = self.level.iter().position(fits);
        level
            .and_then(|at| self.rules().nth(at + 1))
            .unwrap_or_else(|| self.rule())
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
    pub(crate) fn uncertainty(&self) -> Uncertainty {
        Uncertainty {
            mode: self.secondary.mode,
            hidden: self.secondary.min_feasible,
            rounded: self.secondary.min_rounded,
            contributors: self.secondary.contributors,
            successive: self.differences.successive_periods,
        }
    }
    /// Whether the change from one period to the next may not be a small number.
    #[must_use]
    pub fn successive_periods(&self) -> bool {
        self.differences.successive_periods
    }
    /// Kinds of place whose totals may change by a small number from one period to the next.
    #[must_use]
    pub fn balances_at(&self) -> &[String] {
        &self.differences.balances_at
    }
    /// Under this many people a share of a care or outcome measure is not shown.
    #[must_use]
    pub fn whole_group_under(&self) -> i64 {
        self.percentages.whole_group_under
    }
    pub(crate) fn decimal_from(&self) -> i64 {
        self.percentages.decimal_from
    }
    /// The fewest people of whom a median is shown.
    #[must_use]
    pub fn median_people(&self) -> i64 {
        self.medians.people
    }
    pub(crate) fn median_round_to(&self) -> i64 {
        self.medians.round_to
    }
    /// What estimates are rounded to.
    #[must_use]
    pub fn estimate_round_to(&self) -> i64 {
        self.estimates.round_to
    }
    pub(crate) fn only_at(&self) -> &[OnlyAt] {
        &self.only_at
    }

    /// A count as it may be shown where no level says otherwise.
    pub(crate) fn protect(&self, count: i64) -> Figure {
        self.rule().protect(count)
    }
}

fn policy_error(name: &str, what: &str) -> ProtectError {
    ProtectError::Policy {
        name: name.to_owned(),
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cell::State;

    #[test]
    fn every_compiled_policy_is_sound() {
        for name in Policy::names() {
            let policy = Policy::named(name).unwrap();
            assert_eq!(policy.name(), name);
            assert_eq!(policy.protect(0), Figure::zero(), "{name}");
        }
        let shown = |name: &str, n: i64| Policy::named(name).unwrap().protect(n).whole();
        assert_eq!(
            [1, 5, 6, 47].map(|n| shown("suppress", n)),
            [None, None, Some(6), Some(47)]
        );
        assert_eq!(
            [9, 10, 47].map(|n| shown("threshold-10", n)),
            [None, Some(10), Some(47)]
        );
        assert_eq!(
            [1, 6, 7, 12, 13].map(|n| shown("midpoint-6", n)),
            [3, 3, 9, 9, 15].map(Some)
        );
    }

    #[test]
    fn a_level_has_its_own_numbers() {
        let text = format!(
            "{HES}\n[[level]]\nplace_column = \"place_kind\"\nplaces = [\"organisation\"]\nhide_to = 9\nround_to = 10\n"
        );
        let policy = Policy::from_toml("x", &text).unwrap();
        let at = |kind: &'static str| policy.rule_of(|column| (column == "place_kind").then_some(kind));
        assert_eq!(at("organisation").protect(12).whole(), Some(10));
        assert_eq!(at("organisation").protect(8).state(), State::Suppressed);
        assert_eq!(at("nation").protect(8).whole(), Some(10));
        assert_eq!(policy.rule_of(|_| None), policy.rule());
        assert!(Policy::from_toml("x", &text.replace("hide_to = 9", "hide_to = 0")).is_err());
    }

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
