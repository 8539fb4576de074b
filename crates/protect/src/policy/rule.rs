//! How one count is shown: the rule of a policy at one kind of place.
//!
//! Invariant: what a shown number can stand for ([`CountRule::span`]) is worked out from the rule alone, so it is what
//! anybody who reads the policy knows.

use serde::Deserialize;

use crate::audit::Span;
use crate::cell::{Figure, Number, State};

/// How a count that is not hidden is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest multiple of the base, halves up.
    #[default]
    Nearest,
    /// To the middle of its band of `base` numbers: with a base of 6, 1 to 6 are shown as 3, 7 to 12 as 9.
    Midpoint,
}

/// What is hidden and what others are rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CountRule {
    /// 1 to this are hidden; 0 hides none.
    pub(crate) hide_to: i64,
    pub(crate) base: i64,
    pub(crate) rounding: Rounding,
}

impl CountRule {
    /// Whether a count must be hidden for its own sake.
    pub(crate) fn hides(self, count: i64) -> bool {
        (1..=self.hide_to).contains(&count)
    }

    /// A count as it may be shown, when no sum asks for more.
    pub(crate) fn protect(self, count: i64) -> Figure {
        if count == 0 {
            Figure::zero()
        } else if self.hides(count) {
            Figure::without(State::Suppressed)
        } else {
            Figure::shown(Number::Whole(self.rounded(count)))
        }
    }

    /// A count above zero, rounded.
    pub(crate) fn rounded(self, count: i64) -> i64 {
        match self.rounding {
            Rounding::Nearest => nearest(count, self.base),
            Rounding::Midpoint => {
                let band = count.saturating_sub(1).div_euclid(self.base);
                band.saturating_mul(self.base).saturating_add(self.base / 2)
            }
        }
    }

    /// What a shown number can stand for. Zero is nobody.
    pub(crate) fn span(self, shown: i64) -> Span {
        if shown == 0 {
            return Span::exactly(0);
        }
        let low = match self.rounding {
            Rounding::Nearest => shown.saturating_sub(self.base / 2),
            Rounding::Midpoint => shown.saturating_sub(self.base / 2).saturating_add(1),
        };
        Span {
            low: low.max(self.hide_to + 1),
            high: low.saturating_add(self.base - 1),
        }
    }

    /// The largest number of people that counts as small: of midpoint rounding, the first band.
    pub(crate) fn small(self) -> i64 {
        if self.hide_to > 0 { self.hide_to } else { self.base }
    }

    /// Whether numbers that are shown are shown as they are.
    pub(crate) fn exact(self) -> bool {
        self.base == 1
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
    use super::*;

    #[test]
    fn rounding_goes_the_honest_way() {
        assert_eq!((nearest(22, 5), nearest(23, 5), nearest(5, 10)), (20, 25, 10));
        assert_eq!((down(19.99, 5), up(20.01, 5), up(20.0, 5)), (15, 25, 20));
    }

    #[test]
    fn a_shown_number_stands_for_exactly_the_counts_that_are_shown_so() {
        for (hide_to, base, rounding) in [
            (7, 5, Rounding::Nearest),
            (9, 10, Rounding::Nearest),
            (5, 1, Rounding::Nearest),
            (0, 6, Rounding::Midpoint),
        ] {
            let rule = CountRule {
                hide_to,
                base,
                rounding,
            };
            for count in hide_to + 1..200 {
                let shown = rule.protect(count).whole().unwrap_or(-1);
                let same: Vec<i64> = (1..300)
                    .filter(|n| rule.protect(*n).whole() == Some(shown))
                    .collect();
                let span = rule.span(shown);
                assert_eq!(
                    (same.first(), same.last()),
                    (Some(&span.low), Some(&span.high)),
                    "{count} under {rule:?}"
                );
            }
        }
    }
}
