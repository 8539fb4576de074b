//! The state of an organisation, from two protected counts.
//!
//! Invariant: the state and its closeness to a line are functions of what is shown beside them, with one exception
//! that HES itself makes: a number that is hidden because it is small is known to be small.

use std::collections::BTreeMap;

use crate::cell::{Figure, State};
use crate::derive::{Deriver, Plan, StatePlan};
use crate::raw::{RawValue, StateRule};

impl Deriver<'_> {
    /// Rows of the same organisation and period, split by kind: `all` first looks at its kinds.
    pub(crate) fn siblings(&self) -> BTreeMap<Vec<&str>, Vec<usize>> {
        let kind = self.plans.iter().find_map(|(_, plan)| match plan {
            Plan::State(plan) => plan.kind,
            _ => None,
        });
        let mut siblings: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        if let Some(kind) = kind {
            for row in 0..self.draft.rows.len() {
                siblings.entry(self.family(row, kind)).or_default().push(row);
            }
        }
        siblings
    }

    fn family(&self, row: usize, kind: usize) -> Vec<&str> {
        self.draft
            .dimensions
            .iter()
            .filter(|d| **d != kind)
            .map(|d| self.draft.text(row, *d))
            .collect()
    }

    /// The state of a row, and whether it lies close to a line between two states.
    pub(crate) fn state(
        &self,
        row: usize,
        raw: &RawValue,
        plan: &StatePlan,
        siblings: &BTreeMap<Vec<&str>, Vec<usize>>,
    ) -> (String, Option<bool>) {
        match raw {
            RawValue::Text(text) if plan.rule.keep.contains(text) => return (text.clone(), None),
            RawValue::Missing(state) => return (state.as_str().to_owned(), None),
            _ => {}
        }
        let (mut state, mut close) = self.share(row, plan);
        if let (Some(kind), "collecting") = (plan.kind, state)
            && self.draft.text(row, kind) == "all"
        {
            for other in siblings
                .get(&self.family(row, kind))
                .into_iter()
                .flatten()
                .filter(|r| **r != row)
            {
                let (of_kind, kind_close) = self.share(*other, plan);
                if matches!(of_kind, "partly" | "not_collecting") {
                    state = "partly";
                    close = close.max(kind_close);
                } else if self.count(*other, plan.above).is_hidden()
                    || self.count(*other, plan.below).is_hidden()
                {
                    // What is not shown of a kind might bring it below the line.
                    close = close.max(Some(true));
                }
            }
        }
        (state.to_owned(), close)
    }

    fn share(&self, row: usize, plan: &StatePlan) -> (&'static str, Option<bool>) {
        let (above, below) = (self.count(row, plan.above), self.count(row, plan.below));
        let rule = &plan.rule;
        let below = match (below.whole(), below.state()) {
            (Some(n), _) if n >= i64::from(rule.fewest_people) => n,
            (Some(_), _) | (None, State::Suppressed) => return ("too_few", None),
            _ => return ("not_computable", None),
        };
        if let Some(n) = above.whole() {
            let (low, high) = wilson(n.min(below), below);
            let (part, whole) = (
                self.rule_at(row, plan.above).span(n),
                self.rule_at(row, plan.below).span(below),
            );
            let rounding = (
                part.low as f64 / whole.high as f64,
                part.high as f64 / whole.low as f64,
            );
            let crosses = rule.crosses(low, high) || (n > 0 && rule.crosses(rounding.0, rounding.1));
            return (rule.of(n, below), Some(crosses));
        }
        self.hidden_share(row, plan, above, below)
    }

    fn rule_at(&self, row: usize, count: usize) -> crate::policy::CountRule {
        self.rule(self.draft.cell(row, count))
    }

    /// A hidden small count is read as the middle of what is hidden, the same for everyone, so that the state says
    /// no more than the hiding does. A count hidden for another's sake could be anything: no state.
    fn hidden_share(
        &self,
        row: usize,
        plan: &StatePlan,
        above: Figure,
        below: i64,
    ) -> (&'static str, Option<bool>) {
        let cell = self.draft.cell(row, plan.above);
        let small = self
            .cells
            .counts
            .get(cell)
            .copied()
            .flatten()
            .is_some_and(|n| self.rule(cell).hides(n));
        match (above.state(), small) {
            (State::Suppressed, true) => {
                let top = self.rule(cell).hide_to;
                let low = 1.0 / below as f64;
                let high = top as f64 / self.rule_at(row, plan.below).span(below).low as f64;
                (
                    plan.rule.of((1 + top) / 2, below),
                    Some(plan.rule.crosses(low, high)),
                )
            }
            (State::Suppressed, false) => ("too_few", None),
            _ => ("not_computable", None),
        }
    }
}

impl StateRule {
    /// The state of a share. Compared in whole numbers, so that 45 of 50 is 90 % on every machine.
    fn of(&self, above: i64, below: i64) -> &'static str {
        let reaches = |percent: u32| above * 100 >= i64::from(percent) * below;
        if reaches(self.collecting_percent) {
            "collecting"
        } else if reaches(self.not_collecting_percent) {
            "partly"
        } else {
            "not_collecting"
        }
    }

    fn crosses(&self, low: f64, high: f64) -> bool {
        [self.collecting_percent, self.not_collecting_percent]
            .map(|percent| f64::from(percent) / 100.0)
            .iter()
            .any(|line| low < *line && *line <= high)
    }
}

/// Wilson's 95 % interval of a share.
pub(crate) fn wilson(above: i64, below: i64) -> (f64, f64) {
    let (n, z) = (below as f64, 1.959_964);
    let p = above as f64 / n;
    let middle = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    ((middle - spread) / scale, (middle + spread) / scale)
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn wilson_interval_of_the_textbook() {
        // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
        let (low, high) = wilson(81, 263);
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
    }
}
