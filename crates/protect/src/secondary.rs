//! Secondary suppression: where a published sum has exactly one hidden number, anyone could subtract and find it,
//! so another is hidden with it, until no such sum is left.
//!
//! Invariants: the answer depends on the rounded counts and the order of the cells only, never on a clock, a thread
//! or the hidden values; a number once hidden stays hidden, so the work always ends.
//!
//! A first honest version: it looks at one sum at a time. Solving all sums together comes later.

use std::collections::BTreeSet;

use crate::policy::{Policy, Secondary, nearest};
use crate::sums::Sum;

/// The cells of all tables: their counts (none where nothing was reported) and whether they are hidden.
pub(crate) struct Cells {
    pub(crate) counts: Vec<Option<i64>>,
    pub(crate) hidden: Vec<bool>,
}

impl Cells {
    /// Hides what must be hidden for its own sake.
    pub(crate) fn new(counts: Vec<Option<i64>>, policy: &Policy) -> Self {
        let hidden = counts
            .iter()
            .map(|count| count.is_some_and(|n| policy.hides(n)))
            .collect();
        Self { counts, hidden }
    }

    fn is_hidden(&self, cell: usize) -> bool {
        self.hidden.get(cell).copied().unwrap_or(false)
    }

    fn count(&self, cell: usize) -> Option<i64> {
        self.counts.get(cell).copied().flatten()
    }

    /// Hides second numbers until every sum has none or at least two. Returns how many it hid.
    pub(crate) fn suppress(&mut self, sums: &[Sum], policy: &Policy) -> usize {
        if policy.secondary().0 == Secondary::Never {
            return 0;
        }
        let mut sums_of: Vec<Vec<usize>> = vec![Vec::new(); self.counts.len()];
        for (index, sum) in sums.iter().enumerate() {
            for cell in sum.cells() {
                if let Some(list) = sums_of.get_mut(cell) {
                    list.push(index);
                }
            }
        }
        let mut todo: BTreeSet<usize> = (0..sums.len()).collect();
        let mut hidden = 0;
        while let Some(index) = todo.pop_first() {
            let Some(sum) = sums.get(index) else { continue };
            let Some(cell) = self.second(sum, policy) else {
                continue;
            };
            if let Some(flag) = self.hidden.get_mut(cell) {
                *flag = true;
                hidden += 1;
            }
            todo.extend(sums_of.get(cell).into_iter().flatten().copied());
        }
        hidden
    }

    /// The cell to hide beside the only hidden one of a sum: the smallest part with people, else a part that is zero,
    /// else the total. None where the sum gives nothing away.
    fn second(&self, sum: &Sum, policy: &Policy) -> Option<usize> {
        let mut hidden = sum.cells().filter(|c| self.is_hidden(*c));
        let only = hidden.next()?;
        if hidden.next().is_some() {
            return None;
        }
        let (mode, min_feasible) = policy.secondary();
        if mode == Secondary::UnlessBlurred && self.feasible(sum, only, policy) >= min_feasible {
            return None;
        }
        sum.cells()
            .filter(|c| *c != only)
            .filter_map(|c| {
                self.count(c)
                    .map(|n| (n == 0 && c != sum.total, c == sum.total, n, c))
            })
            .min_by_key(|(zero, total, n, c)| (*zero || *total, *total, nearest(*n, policy.round_to()), *c))
            .map(|(_, _, _, cell)| cell)
    }

    /// How many values the only hidden cell of a sum could have, for somebody who knows the rounding.
    fn feasible(&self, sum: &Sum, only: usize, policy: &Policy) -> i64 {
        let half = policy.round_to() / 2;
        let (mut low, mut high) = (0_i64, 0_i64);
        for cell in sum.cells().filter(|c| *c != only) {
            let Some(n) = self.count(cell) else { continue };
            let (shown, blur) = if n == 0 {
                (0, 0)
            } else {
                (nearest(n, policy.round_to()), half)
            };
            // The hidden part is the total less the other parts; a hidden total is the sum of its parts.
            let adds = (cell == sum.total) != (only == sum.total) || only == sum.total;
            if adds {
                low += shown - blur;
                high += shown + blur;
            } else {
                low -= shown + blur;
                high -= shown - blur;
            }
        }
        (high.min(policy.hide_to()) - low.max(1) + 1).max(0)
    }
}

impl Sum {
    fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn hidden(counts: &[i64], sums: &[Sum], mode: &str) -> Vec<bool> {
        let text = include_str!("../../../definitions/disclosure/hes.toml")
            .replace("mode = \"always\"", &format!("mode = \"{mode}\""));
        let policy = Policy::from_toml("test", &text).unwrap();
        let mut cells = Cells::new(counts.iter().map(|n| Some(*n)).collect(), &policy);
        cells.suppress(sums, &policy);
        cells.hidden
    }

    fn one(parts: usize) -> Vec<Sum> {
        vec![Sum {
            total: 0,
            parts: (1..=parts).collect(),
        }]
    }

    #[test]
    fn one_hidden_part_takes_the_smallest_other_with_it() {
        // 60 = 3 + 40 + 17: the 3 is hidden, and the 17 with it.
        assert_eq!(
            hidden(&[60, 3, 40, 17], &one(3), "always"),
            [false, true, false, true]
        );
        assert_eq!(
            hidden(&[60, 3, 40, 17], &one(3), "never"),
            [false, true, false, false]
        );
    }

    #[test]
    fn a_zero_is_hidden_only_where_nothing_else_can_be() {
        // 12 people of whom 4 are in the only other part that has any: the zero goes, not the total.
        assert_eq!(hidden(&[12, 4, 0], &one(2), "always"), [false, true, true]);
        assert_eq!(hidden(&[12, 4], &one(1), "always"), [true, true]);
    }

    #[test]
    fn two_hidden_parts_are_left_alone() {
        assert_eq!(
            hidden(&[60, 3, 5, 52], &one(3), "always"),
            [false, true, true, false]
        );
    }

    #[test]
    fn hiding_one_may_uncover_another_sum() {
        // Two networks: 0 = 1 + 2 and 3 = 2 + 4. Hiding 2 beside 1 leaves 2 the only hidden one of the second sum.
        let sums = [
            Sum {
                total: 0,
                parts: vec![1, 2],
            },
            Sum {
                total: 3,
                parts: vec![2, 4],
            },
        ];
        assert_eq!(
            hidden(&[33, 3, 30, 80, 50], &sums, "always"),
            [false, true, true, false, true]
        );
    }

    #[test]
    fn a_sum_that_rounding_blurs_enough_can_be_spared() {
        // Two other numbers, each known to 5 only: the hidden one may be anything from 1 to 7.
        assert_eq!(
            hidden(&[60, 4, 40, 16], &one(3), "unless_blurred"),
            [false, true, false, false]
        );
        // Zeros are exact: 10 (8 to 12) less nobody leaves nothing from 1 to 7 but 7 and below: hide another.
        assert_eq!(hidden(&[8, 7, 0], &one(2), "unless_blurred"), [false, true, true]);
    }

    proptest! {
        /// The oracle: after suppression no sum with another cell in it has exactly one hidden.
        #[test]
        fn no_sum_is_left_with_one_hidden(
            counts in prop::collection::vec(0_i64..40, 12),
            shapes in prop::collection::vec((0_usize..12, prop::collection::btree_set(0_usize..12, 1..5)), 1..8),
        ) {
            let sums: Vec<Sum> = shapes.into_iter()
                .map(|(total, parts)| Sum { total, parts: parts.into_iter().filter(|p| *p != total).collect() })
                .filter(|sum| !sum.parts.is_empty())
                .collect();
            let hidden = hidden(&counts, &sums, "always");
            for (cell, count) in counts.iter().enumerate() {
                prop_assert!(hidden[cell] || !(1..=7).contains(count), "a small number is shown");
            }
            for sum in &sums {
                prop_assert_ne!(sum.cells().filter(|c| hidden[*c]).count(), 1);
            }
        }
    }
}
