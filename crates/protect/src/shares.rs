//! Shares, their ranges, and what is left of a count: worked out from what is shown, and from nothing else.
//!
//! Invariant: two sets of counts that show the same give the same here, so these give nothing away that the counts do not.

use crate::ProtectError;
use crate::audit::Span;
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

    /// The counts that a figure in a row can stand for; none where it shows no number.
    pub(crate) fn stands_for(&self, row: usize, figure: &Shown) -> Option<Span> {
        match figure {
            Shown::Count(count) => {
                let shown = self.count(row, *count).whole()?;
                Some(self.rule(self.draft.cell(row, *count)).span(shown))
            }
            Shown::Left(whole, parts) => {
                let start = self.stands_for(row, whole)?;
                parts.iter().try_fold(start, |left, part| {
                    let part = self.stands_for(row, part)?;
                    Some(Span {
                        low: left.low.saturating_sub(part.high).max(0),
                        high: left.high.saturating_sub(part.low).max(0),
                    })
                })
            }
        }
    }

    /// One end of the range of a share in per cent: the end of Wilson's interval, of the counts among those that the two
    /// figures can stand for by which it reaches farthest. Rounding is part of what is not known.
    pub(crate) fn interval(&self, row: usize, above: &Shown, below: &Shown, bound: Bound) -> Figure {
        let (part, whole) = (self.shown(row, above), self.shown(row, below));
        if part.is_hidden() || whole.is_hidden() {
            return Figure::without(State::Suppressed);
        }
        let spans = self.stands_for(row, above).zip(self.stands_for(row, below));
        match (part.whole(), whole.whole(), spans) {
            (Some(part), Some(whole), Some(spans)) if whole > 0 => {
                let percent = match bound {
                    Bound::Low => down(farthest(spans.0, spans.1).0 * 100.0, 1),
                    Bound::Point => (part.min(whole) * 200 + whole) / (whole * 2),
                    Bound::High => up(farthest(spans.0, spans.1).1 * 100.0, 1),
                };
                Figure::shown(Number::Whole(percent.clamp(0, 100)))
            }
            (Some(_), Some(_), _) => Figure::without(State::NotComputable),
            _ => without_number([part, whole]),
        }
    }
}

/// The lowest and the highest end of Wilson's interval over all counts that two figures can stand for, of which the first is
/// among the second.
fn farthest(above: Span, below: Span) -> (f64, f64) {
    let (least, most) = (below.low.max(1), below.high.max(1));
    let low = wilson(above.low.min(most), most).0;
    let high = wilson(above.high.min(least), least).1;
    (low, high)
}

/// What is left; never below nothing, as rounding could make it.
fn left(whole: Figure, parts: &[Figure]) -> Figure {
    if whole.is_hidden() || parts.iter().any(|part| part.is_hidden()) {
        return Figure::without(State::Suppressed);
    }
    let taken: Option<i64> = parts.iter().map(|part| part.whole()).sum();
    match whole.whole().zip(taken) {
        Some((whole, taken)) => Figure::shown(Number::Whole((whole - taken).max(0))),
        None => without_number(std::iter::once(whole).chain(parts.iter().copied())),
    }
}

/// What rests on figures of which one has no number: nothing, for the reason of the first that has none.
fn without_number(figures: impl IntoIterator<Item = Figure>) -> Figure {
    let mut without = figures.into_iter().filter(|figure| figure.number().is_none());
    Figure::without(without.next().map_or(State::NotReported, Figure::state))
}

impl Policy {
    /// Whether so few are asked, of a population without those left out of it, that the answers would say too much of each of
    /// them. It follows from the two numbers as this policy shows them at a kind of place, and of what it hides the most is taken
    /// away: said of the true numbers, it would tell on which side of the line they lie.
    #[must_use]
    pub fn is_small_group(&self, place_kind: &str, population: i64, left_out: i64) -> bool {
        let rule = self.rule_of(|column| (column == "place_kind").then_some(place_kind));
        let left_out = rule.protect(left_out).whole().unwrap_or(rule.hide_to);
        let asked = rule.protect(population).whole().map(|shown| shown - left_out);
        asked.is_none_or(|asked| asked < self.whole_group_under())
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
        return without_number([above, below]);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn what_rests_on_a_figure_without_a_number_has_its_reason() {
        let policy = Policy::hes().unwrap();
        let [few, not_sent] = [State::TooFew, State::NotReported].map(Figure::without);
        let forty = policy.protect(40);
        for (figure, state) in [
            (percentage(few, forty, &policy), State::TooFew),
            (percentage(forty, not_sent, &policy), State::NotReported),
            (percentage(few, not_sent, &policy), State::TooFew),
            (left(forty, &[forty, few]), State::TooFew),
            (left(not_sent, &[few]), State::NotReported),
            (left(forty, &[policy.protect(3), few]), State::Suppressed),
        ] {
            assert_eq!(figure, Figure::without(state));
        }
    }

    #[test]
    fn a_group_is_small_where_what_is_shown_of_it_is() {
        let policy = Policy::hes().unwrap();
        let is_small = |population, left_out| policy.is_small_group("nation", population, left_out);
        // 18 to 22 are shown as 20, and are all alike; 5 are hidden, and 13 to 17 are shown as 15.
        assert_eq!(
            [5, 17, 18, 19, 22].map(|n| is_small(n, 0)),
            [true, true, false, false, false]
        );
        // Of those left out 1 to 7 are hidden, and are all alike too.
        assert_eq!([1, 2, 7].map(|n| is_small(25, n)), [true; 3]);
        assert_eq!([1, 2, 7].map(|n| is_small(28, n)), [false; 3]);
        assert!(is_small(40, 25) && !is_small(40, 20) && is_small(0, 0));
    }

    #[test]
    fn a_range_reaches_as_far_as_rounding_can_move_it() {
        let span = |low, high| Span { low, high };
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| {
            assert!((a - c).abs() < 5e-4 && (b - d).abs() < 5e-4, "{a} {b}");
        };
        // 10 of 10 may be 8 of 12 and all of 8: Newcombe 1998, Wilson's interval without correction.
        near(farthest(span(8, 12), span(8, 12)), (wilson(8, 12).0, 1.0));
        near(farthest(span(0, 0), span(48, 52)), (0.0, wilson(0, 48).1));
        // Where nothing is rounded it is the interval itself.
        near(farthest(span(81, 81), span(263, 263)), (0.2553, 0.3662));
    }

    proptest! {
        /// The oracle: the interval of every pair of counts that is shown so.
        #[test]
        fn the_range_holds_that_of_every_count_that_is_shown_so(below in 1_i64..120, share in 0.0_f64..=1.0) {
            let policy = Policy::hes().unwrap();
            let (rule, above) = (policy.rule(), (share * below as f64).round() as i64);
            let shown = |n: i64| rule.protect(n).whole();
            if let (Some(part), Some(whole)) = (shown(above), shown(below)) {
                let (low, high) = farthest(rule.span(part), rule.span(whole));
                let alike = (0_i64..130).filter(|n| shown(*n) == Some(whole));
                let all = alike.flat_map(|n| (0..=n).filter(|k| shown(*k) == Some(part)).map(move |k| wilson(k, n)));
                let ends = all.fold((1.0_f64, 0.0_f64), |(a, b), (c, d)| (a.min(c), b.max(d)));
                prop_assert!((low - ends.0).abs() < 1e-12 && (high - ends.1).abs() < 1e-12, "{low} {high} {ends:?}");
            }
        }
    }
}
