//! Works out everything a release derives (percentage, state, estimate, median) from the protected counts.
//!
//! Invariant: what is derived is a function of what is shown. Two runs with the same protected counts show the same
//! percentages and states, so these can give nothing away that the counts do not. Estimates come from a model and
//! are withheld wherever a count they stand on is hidden.

use std::collections::BTreeMap;

use crate::ProtectError;
use crate::audit::Span;
use crate::cell::{Figure, Number, State};
use crate::policy::{CountRule, Policy, down, nearest, up};
use crate::raw::{Bound, RawColumn, RawTable, RawValue, Role, StateRule};
use crate::release::names;
use crate::secondary::Cells;
use crate::shares::{Shown, percentage, share};
use crate::sums::Draft;
use crate::table::{Cell, ColumnKind, ReleasedColumn, ReleasedTable};

/// States that an organisation may have, for the data dictionary.
pub(crate) const STATES: &[&str] = &[
    "collecting",
    "partly",
    "not_collecting",
    "no_response",
    "too_few",
    "not_measured",
    "not_in_scope",
    "not_computable",
];

/// A column with the places of the columns it rests on.
pub(crate) enum Plan {
    Text,
    /// Words about a figure of a model: how it was made, or that there is none.
    OfEstimate {
        with: Vec<usize>,
    },
    Count(usize),
    Percentage {
        above: usize,
        below: usize,
    },
    Difference(Shown),
    Share {
        above: Shown,
        below: Shown,
    },
    Interval {
        above: Shown,
        below: Shown,
        bound: Bound,
    },
    Estimate {
        bound: Bound,
        with: Vec<usize>,
    },
    Median {
        people: usize,
        with: Vec<usize>,
    },
    State(StatePlan),
}

pub(crate) struct StatePlan {
    pub(crate) above: usize,
    pub(crate) below: usize,
    pub(crate) kind: Option<usize>,
    pub(crate) rule: StateRule,
}

/// Makes the released rows of one table.
pub(crate) struct Deriver<'a> {
    pub(crate) draft: &'a Draft,
    pub(crate) cells: &'a Cells,
    pub(crate) policy: &'a Policy,
    pub(crate) plans: Vec<(usize, Plan)>,
}

impl<'a> Deriver<'a> {
    pub(crate) fn new(draft: &'a Draft, cells: &'a Cells, policy: &'a Policy) -> Result<Self, ProtectError> {
        let mut plans = Vec::new();
        for (index, column) in draft.columns.iter().enumerate() {
            if let Some(plan) = plan(draft, index, column)? {
                plans.push((index, plan));
            }
        }
        Ok(Self {
            draft,
            cells,
            policy,
            plans,
        })
    }

    /// The released table, rows ordered by their dimensions (never by a count: order would betray it).
    pub(crate) fn table(&self, raw: &RawTable) -> ReleasedTable {
        let siblings = self.siblings();
        let mut keyed: Vec<(Vec<&str>, Vec<Cell>)> = (0..self.draft.rows.len())
            .map(|row| {
                let key = self
                    .draft
                    .dimensions
                    .iter()
                    .map(|d| self.draft.text(row, *d))
                    .collect();
                (key, self.row(row, &siblings))
            })
            .collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let columns = self.columns();
        ReleasedTable {
            name: raw.name.clone(),
            version: raw.version,
            about: raw.about.clone(),
            names: names(columns.iter().map(|c| c.name.as_str())),
            columns,
            rows: keyed.into_iter().map(|(_, cells)| cells).collect(),
        }
    }

    fn columns(&self) -> Vec<ReleasedColumn> {
        let mut columns = Vec::new();
        for (index, plan) in &self.plans {
            let Some(column) = self.draft.columns.get(*index) else {
                continue;
            };
            let (kind, words) = match (&column.role, plan) {
                (Role::Dimension, _) => (ColumnKind::Key, &[][..]),
                (_, Plan::Text | Plan::OfEstimate { .. }) => (ColumnKind::Text, &[][..]),
                (_, Plan::State(_)) => (ColumnKind::Text, STATES),
                (_, Plan::Percentage { .. } | Plan::Share { .. }) => (ColumnKind::Real, &[][..]),
                _ => (ColumnKind::Integer, &[][..]),
            };
            columns.push(ReleasedColumn {
                name: column.name.clone(),
                kind,
                about: column.about.clone(),
                words,
            });
            if matches!(plan, Plan::State(_)) {
                columns.push(ReleasedColumn {
                    name: format!("{}_close_to_line", column.name),
                    kind: ColumnKind::Text,
                    about: "yes where the range of the share crosses the line between two states".to_owned(),
                    words: &["yes", "no"],
                });
            }
        }
        columns
    }

    fn row(&self, row: usize, siblings: &BTreeMap<Vec<&str>, Vec<usize>>) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(self.plans.len() + 1);
        for (index, plan) in &self.plans {
            let raw = self
                .draft
                .rows
                .get(row)
                .and_then(|r| r.get(*index))
                .unwrap_or(&RawValue::Null);
            match plan {
                Plan::Text => cells.push(Cell::Text(text(raw))),
                Plan::OfEstimate { with } if self.withheld(row, with) => {
                    cells.push(Cell::Text(Some(State::Suppressed.as_str().to_owned())));
                }
                Plan::OfEstimate { .. } => cells.push(Cell::Text(text(raw))),
                Plan::Count(count) => cells.push(Cell::Figure(self.count(row, *count))),
                Plan::Percentage { above, below } => {
                    let figure = percentage(self.count(row, *above), self.count(row, *below), self.policy);
                    cells.push(Cell::Figure(figure));
                }
                Plan::Difference(difference) => cells.push(Cell::Figure(self.shown(row, difference))),
                Plan::Share { above, below } => {
                    let (above, below) = (self.shown(row, above), self.shown(row, below));
                    cells.push(Cell::Figure(share(above, below, self.policy)));
                }
                Plan::Interval { above, below, bound } => {
                    cells.push(Cell::Figure(self.interval(row, above, below, *bound)));
                }
                Plan::Estimate { bound, with } => {
                    cells.push(Cell::Figure(self.estimate(row, raw, *bound, with)))
                }
                Plan::Median { people, with } => {
                    cells.push(Cell::Figure(self.median(row, raw, *people, with)))
                }
                Plan::State(plan) => {
                    let (state, close) = self.state(row, raw, plan, siblings);
                    cells.push(Cell::Text(Some(state)));
                    cells.push(Cell::Text(close.map(|c| if c { "yes" } else { "no" }.to_owned())));
                }
            }
        }
        cells
    }

    /// A count as it is shown.
    pub(crate) fn count(&self, row: usize, count: usize) -> Figure {
        let cell = self.draft.cell(row, count);
        let hidden = self.cells.hidden.get(cell).copied().unwrap_or(true);
        match self.cells.counts.get(cell).copied().flatten() {
            Some(_) if hidden => Figure::without(State::Suppressed),
            Some(n) => self.rule(cell).protect(n),
            None => {
                let column = self.draft.counts.get(count).copied().unwrap_or(usize::MAX);
                match self.draft.rows.get(row).and_then(|r| r.get(column)) {
                    Some(RawValue::Missing(state)) => Figure::without(*state),
                    _ => Figure::without(self.reason(row).unwrap_or(State::NotReported)),
                }
            }
        }
    }

    /// The rule of counts that a cell falls under.
    pub(crate) fn rule(&self, cell: usize) -> CountRule {
        self.cells
            .rules
            .get(cell)
            .copied()
            .unwrap_or_else(|| self.policy.rule())
    }

    /// Why the blanks of a row are blank, if one of its columns says so.
    fn reason(&self, row: usize) -> Option<State> {
        let columns = self
            .draft
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| matches!(c.role, Role::Reason));
        columns
            .map(|(index, _)| self.draft.text(row, index))
            .find_map(|word| {
                let empty = [State::NotComputable, State::NotReported, State::NotEstimated];
                empty.into_iter().find(|state| state.as_str() == word)
            })
    }

    fn withheld(&self, row: usize, with: &[usize]) -> bool {
        with.iter().any(|count| self.count(row, *count).is_hidden())
    }

    fn estimate(&self, row: usize, raw: &RawValue, bound: Bound, with: &[usize]) -> Figure {
        // Before anything is said of the figure: that there is none says something of a hidden count.
        if self.withheld(row, with) {
            return Figure::without(State::Suppressed);
        }
        let value = match raw {
            RawValue::Real(value) => *value,
            RawValue::Integer(value) => *value as f64,
            RawValue::Missing(state) => return Figure::without(*state),
            _ => return Figure::without(self.reason(row).unwrap_or(State::NotEstimated)),
        };
        let value = self.blurred(row, value, bound, with);
        let base = self.policy.estimate_round_to();
        let rounded = match bound {
            Bound::Low => down(value, base),
            Bound::High => up(value, base),
            Bound::Point => nearest(value.round() as i64, base),
        };
        if rounded == 0 && value == 0.0 {
            Figure::zero()
        } else {
            Figure::shown(Number::Whole(rounded))
        }
    }

    /// A figure of a model that lies where a count it stands on may lie (the low end of a lower bound is what was found) would
    /// say on which side of it the count is: then what is shown of the count takes its place.
    fn blurred(&self, row: usize, value: f64, bound: Bound, with: &[usize]) -> f64 {
        let of = |count: &usize| {
            let shown = self.count(row, *count).whole()?;
            Some((shown, self.rule(self.draft.cell(row, *count)).span(shown)))
        };
        let within =
            |(_, span): &(i64, Span)| span.low as f64 <= value.ceil() && value.floor() <= span.high as f64;
        match (with.iter().filter_map(of).find(within), bound) {
            (Some((_, span)), Bound::Low) => span.low as f64,
            (Some((shown, _)), Bound::Point) => shown as f64,
            (Some((_, span)), Bound::High) => span.high as f64,
            (None, _) => value,
        }
    }

    /// Shown where even the fewest people that the rounded count could stand for are enough.
    fn median(&self, row: usize, raw: &RawValue, people: usize, with: &[usize]) -> Figure {
        if self.withheld(row, with) {
            return Figure::without(State::TooFew);
        }
        let value = match raw {
            RawValue::Real(value) => *value,
            RawValue::Integer(value) => *value as f64,
            RawValue::Missing(state) => return Figure::without(*state),
            _ => return Figure::without(self.no_median(row, with)),
        };
        let rule = self.draft.rule(row, self.policy);
        let people = match self.draft.rows.get(row).and_then(|r| r.get(people)) {
            Some(RawValue::Integer(n)) => rule.protect(*n).whole().unwrap_or(0),
            _ => 0,
        };
        if rule.span(people).low < self.policy.median_people() {
            return Figure::without(State::TooFew);
        }
        Figure::shown(Number::Whole(nearest(
            value.round() as i64,
            self.policy.median_round_to(),
        )))
    }

    /// Why there is no median: why there are no people, or that there are too few of them.
    fn no_median(&self, row: usize, with: &[usize]) -> State {
        let counts = with.iter().map(|count| self.count(row, *count));
        let mut without = counts.filter(|count| count.whole().is_none());
        without.next().map_or(State::TooFew, |count| count.state())
    }
}

fn text(raw: &RawValue) -> Option<String> {
    match raw {
        RawValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn plan(draft: &Draft, index: usize, column: &RawColumn) -> Result<Option<Plan>, ProtectError> {
    let wanted_by = column.name.as_str();
    let all = |with: &[String]| {
        with.iter()
            .map(|w| draft.count(w, wanted_by))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Some(match &column.role {
        Role::Support => return Ok(None),
        Role::Dimension | Role::Text => Plan::Text,
        Role::Reason | Role::Status => {
            let estimates = draft.columns.iter().filter_map(|column| match &column.role {
                Role::Estimate { with, .. } => Some(with),
                _ => None,
            });
            let with: Vec<Vec<usize>> = estimates.map(|with| all(with)).collect::<Result<_, _>>()?;
            Plan::OfEstimate { with: with.concat() }
        }
        Role::Count => Plan::Count(
            draft
                .counts
                .iter()
                .position(|c| *c == index)
                .unwrap_or(usize::MAX),
        ),
        Role::Percentage {
            numerator,
            denominator,
        }
        | Role::CareShare {
            numerator,
            denominator,
        } => Plan::Percentage {
            above: draft.count(numerator, wanted_by)?,
            below: draft.count(denominator, wanted_by)?,
        },
        Role::Difference { .. } => Plan::Difference(Shown::of(draft, &column.name, wanted_by)?),
        Role::Share {
            numerator,
            denominator,
        } => Plan::Share {
            above: Shown::of(draft, numerator, wanted_by)?,
            below: Shown::of(draft, denominator, wanted_by)?,
        },
        Role::Interval {
            numerator,
            denominator,
            bound,
        } => Plan::Interval {
            above: Shown::of(draft, numerator, wanted_by)?,
            below: Shown::of(draft, denominator, wanted_by)?,
            bound: *bound,
        },
        Role::Estimate { bound, with } => Plan::Estimate {
            bound: *bound,
            with: all(with)?,
        },
        Role::Median { people, with } => Plan::Median {
            people: draft.column(people, wanted_by)?,
            with: all(with)?,
        },
        Role::State(rule) => Plan::State(StatePlan {
            above: draft.count(&rule.numerator, wanted_by)?,
            below: draft.count(&rule.denominator, wanted_by)?,
            kind: rule
                .kind
                .as_ref()
                .map(|kind| draft.column(kind, wanted_by))
                .transpose()?,
            rule: rule.clone(),
        }),
    }))
}
