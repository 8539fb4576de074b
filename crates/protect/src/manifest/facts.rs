//! Protects the counts of one table of facts: how many rows were read, joined, set aside.
//!
//! Such a table declares no sums, but a reader sees them: where in every row the first count is the sum of the others, a hidden
//! one is what is left of the total. Rows that are shown as 1,835 read and 1,835 in use leave 1 to 4 set aside, and that is too
//! few values for a number from 1 to 7. Then the smallest of the others is hidden beside it; the same for rounded counts.
//!
//! Invariant: which second count is hidden follows from what is shown, and from which sums hold.

use super::PublicFact;
use crate::attack::{Known, Limits};
use crate::audit::Span;
use crate::cell::{Figure, State};
use crate::policy::Policy;
use crate::raw::RawFact;

/// The rows of a section, every count in them protected.
pub(super) fn protect(rows: &[Vec<RawFact>], policy: &Policy) -> Vec<Vec<PublicFact>> {
    let sums = add_up(rows);
    rows.iter()
        .map(|row| {
            let mut facts: Vec<PublicFact> = row
                .iter()
                .map(|fact| match fact {
                    RawFact::Text(text) => PublicFact::Text(text.clone()),
                    RawFact::Count(count) => PublicFact::Count(policy.protect(*count)),
                })
                .collect();
            if sums {
                beside(&mut facts, policy);
            }
            facts
        })
        .collect()
}

/// Whether in every row the first count is the sum of the others, of which there are at least two.
fn add_up(rows: &[Vec<RawFact>]) -> bool {
    let holds = |row: &Vec<RawFact>| {
        let counts: Vec<i64> = row
            .iter()
            .filter_map(|fact| match fact {
                RawFact::Count(count) => Some(*count),
                RawFact::Text(_) => None,
            })
            .collect();
        let total = counts.split_first();
        total.is_some_and(|(total, parts)| parts.len() > 1 && parts.iter().sum::<i64>() == *total)
    };
    !rows.is_empty() && rows.iter().all(holds)
}

/// Hides the smallest other count of a sum as long as one of its counts, hidden or rounded, is left too few values.
fn beside(facts: &mut [PublicFact], policy: &Policy) {
    while given_away(facts, policy) {
        let parts = counts(facts).into_iter().skip(1);
        // A zero says that nobody is there, and hides nothing of a number.
        let smallest = parts
            .filter_map(|(at, figure)| Some((figure.whole().filter(|n| *n > 0)?, at)))
            .min();
        let Some(fact) = smallest.and_then(|(_, at)| facts.get_mut(at)) else {
            return;
        };
        *fact = PublicFact::Count(Figure::without(State::Suppressed));
    }
}

/// The counts of a row, with their places.
fn counts(facts: &[PublicFact]) -> Vec<(usize, Figure)> {
    let figures = facts.iter().enumerate().filter_map(|(at, fact)| match fact {
        PublicFact::Count(figure) => Some((at, *figure)),
        PublicFact::Text(_) => None,
    });
    figures.collect()
}

/// Whether the sum leaves one of its counts too few values: a hidden one is known to be small where it is the only one.
fn given_away(facts: &[PublicFact], policy: &Policy) -> bool {
    let figures: Vec<Figure> = counts(facts).into_iter().map(|(_, figure)| figure).collect();
    let alone = figures.iter().filter(|figure| figure.is_hidden()).count() == 1;
    let small = Span {
        low: 1,
        high: policy.rule().small(),
    };
    let span = |figure: &Figure| {
        if figure.is_hidden() && alone {
            small
        } else {
            Known::read(policy, |_| None, figure.whole(), figure.state()).span()
        }
    };
    let spans: Vec<Span> = figures.iter().map(span).collect();
    let Some((total, parts)) = spans.split_first() else {
        return false;
    };
    let all = parts.iter().fold(Span::exactly(0), |sum, part| sum.plus(*part));
    let limits = Limits::of(policy);
    let too_few = |figure: &Figure, own: Span, left: Span| {
        let need = if figure.is_hidden() {
            limits.min_feasible
        } else {
            limits.min_rounded.min(own.len())
        };
        own.and(left).map_or(0, Span::len) < need
    };
    let mut given = figures.first().is_some_and(|figure| too_few(figure, *total, all));
    for (part, figure) in parts.iter().zip(figures.iter().skip(1)) {
        let left = Span {
            low: total.low.saturating_sub(all.high.saturating_sub(part.high)),
            high: total.high.saturating_sub(all.low.saturating_sub(part.low)),
        };
        given |= part.high != Span::OPEN && too_few(figure, *part, left);
    }
    given
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(rows: &[[i64; 3]]) -> Vec<String> {
        let raw: Vec<Vec<RawFact>> = rows
            .iter()
            .map(|row| row.iter().map(|n| RawFact::Count(*n)).collect())
            .collect();
        let word = |fact: &PublicFact| match fact {
            PublicFact::Count(figure) => figure.whole().map_or("hidden".to_owned(), |n| n.to_string()),
            PublicFact::Text(text) => text.clone(),
        };
        let rows = protect(&raw, &Policy::hes().unwrap());
        rows.iter()
            .map(|row| row.iter().map(word).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn what_is_left_of_a_total_is_not_given_away() {
        // 1,833 to 1,837 read and as many in use: 1 to 4 set aside.
        assert_eq!(shown(&[[1836, 1833, 3]]), ["1835 hidden hidden"]);
        // Twice 8 to 12 people make no more than 24, and 25 stands for 23 and more. One hidden alone would be taken for small.
        assert_eq!(shown(&[[24, 12, 12]]), ["25 hidden hidden"]);
        // Shown 5 apart, all of 1 to 7 are possible.
        assert_eq!(shown(&[[8230, 8226, 4]]), ["8230 8225 hidden"]);
        assert_eq!(shown(&[[100, 90, 10], [50, 50, 0]]), ["100 90 10", "50 50 0"]);
    }

    #[test]
    fn counts_that_are_no_sum_are_left_alone() {
        assert_eq!(
            shown(&[[1836, 1833, 3], [9, 10, 3]]),
            ["1835 1835 hidden", "10 10 hidden"]
        );
    }
}
