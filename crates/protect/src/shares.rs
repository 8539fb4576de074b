//! Shares, their ranges, and what is left of a count: worked out from what is shown, and from nothing else.
//!
//! Invariant: two sets of counts that show the same give the same here, so these give nothing away that the counts do not.

use crate::ProtectError;
use crate::cell::{Figure, Number, State};
use crate::derive::Deriver;
use crate::policy::{Policy, down, up};
use crate::raw::{Bound, Role};
use crate::state::wilson;
use crate::sums::Draft;

/// Differences of differences end here; a circle in the columns is an error.
const MOST_STEPS: usize = 4;

/// A figure that others are worked out from.
pub(crate) enum Shown {
    /// A count, by its place among the counts.
    Count(usize),
    /// What is left of the first after the others are taken away.
    Left(Box<Self>, Vec<Self>),
}

impl Shown {
    /// The figure of a column, which must be a count or a difference.
    pub(crate) fn of(draft: &Draft, name: &str, wanted_by: &str) -> Result<Self, ProtectError> {
        Self::within(draft, name, wanted_by, MOST_STEPS)
    }

    fn within(draft: &Draft, name: &str, wanted_by: &str, steps: usize) -> Result<Self, ProtectError> {
        let at = draft.column(name, wanted_by)?;
        match (
            draft.columns.get(at).map(|column| &column.role),
            steps.checked_sub(1),
        ) {
            (Some(Role::Difference { whole, parts }), Some(steps)) => {
                let of = |name: &String| Self::within(draft, name, wanted_by, steps);
                let parts = parts.iter().map(of).collect::<Result<_, _>>()?;
                Ok(Self::Left(Box::new(of(whole)?), parts))
            }
            _ => Ok(Self::Count(draft.count(name, wanted_by)?)),
        }
    }
}

impl Deriver<'_> {
    /// The figure in a row.
    pub(crate) fn shown(&self, row: usize, figure: &Shown) -> Figure {
        match figure {
            Shown::Count(count) => self.count(row, *count),
            Shown::Left(whole, parts) => {
                let parts: Vec<Figure> = parts.iter().map(|part| self.shown(row, part)).collect();
                left(self.shown(row, whole), &parts)
            }
        }
    }
}

/// What is left; never below nothing, as rounding could make it.
fn left(whole: Figure, parts: &[Figure]) -> Figure {
    if whole.is_hidden() || parts.iter().any(|part| part.is_hidden()) {
        return Figure::without(State::Suppressed);
    }
    let parts: Option<i64> = parts.iter().map(|part| part.whole()).sum();
    match whole.whole().zip(parts) {
        Some((whole, parts)) => Figure::shown(Number::Whole((whole - parts).max(0))),
        None => Figure::without(State::NotReported),
    }
}

/// A share, unless it would say nobody or everybody of a small group.
pub(crate) fn share(above: Figure, below: Figure, policy: &Policy) -> Figure {
    match (above.whole(), below.whole()) {
        (Some(part), Some(whole)) if (part == 0 || part >= whole) && whole < policy.whole_group_under() => {
            Figure::without(State::Suppressed)
        }
        (Some(part), Some(whole)) if part > whole => percentage(below, below, policy),
        _ => percentage(above, below, policy),
    }
}

/// One count over another in per cent, from what is shown of them.
pub(crate) fn percentage(above: Figure, below: Figure, policy: &Policy) -> Figure {
    if above.is_hidden() || below.is_hidden() {
        return Figure::without(State::Suppressed);
    }
    // What is left by rounding may be nobody, or a few.
    let nothing = match above.state() {
        State::Zero => Figure::zero(),
        _ => Figure::shown(Number::Whole(0)),
    };
    let (Some(above), Some(below)) = (above.whole(), below.whole()) else {
        return Figure::without(State::NotReported);
    };
    if below == 0 {
        return Figure::without(State::NotComputable);
    }
    if above == 0 {
        return nothing;
    }
    let number = if below >= policy.decimal_from() {
        Number::Tenths((above * 2000 + below) / (below * 2))
    } else {
        Number::Whole((above * 200 + below) / (below * 2))
    };
    Figure::shown(number)
}

/// One end of the range of a share in per cent, from what is shown of its counts.
pub(crate) fn interval(above: Figure, below: Figure, bound: Bound) -> Figure {
    if above.is_hidden() || below.is_hidden() {
        return Figure::without(State::Suppressed);
    }
    match (above.whole(), below.whole()) {
        (Some(above), Some(below)) if below > 0 => {
            let (low, high) = wilson(above.min(below), below);
            let percent = match bound {
                Bound::Low => down(low * 100.0, 1),
                Bound::Point => (above * 200 + below) / (below * 2),
                Bound::High => up(high * 100.0, 1),
            };
            Figure::shown(Number::Whole(percent.clamp(0, 100)))
        }
        (Some(_), Some(_)) => Figure::without(State::NotComputable),
        _ => Figure::without(State::NotReported),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percentages_come_from_rounded_counts() {
        let policy = Policy::hes().unwrap();
        let of = |a: i64, b: i64| percentage(policy.protect(a), policy.protect(b), &policy);
        // 41 of 48 is 85.4 %, but what is shown is 40 of 50.
        assert_eq!(of(41, 48).number(), Some(Number::Whole(80)));
        assert_eq!(of(3600, 4000).number(), Some(Number::Tenths(900)));
        assert_eq!(of(3, 48).state(), State::Suppressed);
        assert_eq!(of(0, 48).state(), State::Zero);
        assert_eq!(of(0, 0).state(), State::NotComputable);
    }
}
