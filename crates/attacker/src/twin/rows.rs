//! Released rows as raw ones: each shown number stands for itself, each hidden one for nothing.

use protect::attack::Known;
use protect::{Policy, RawColumn, RawValue, Role, State, StateRule};

use super::{Fault, estimate};
use crate::released::{Read, Table};

/// Enough people for any median that a policy shows.
const MANY: i64 = 1_000_000;

pub(super) fn rows(
    table: &Table,
    columns: &[RawColumn],
    policy: &Policy,
    faults: &mut Vec<Fault>,
) -> Vec<Vec<RawValue>> {
    let mut rows = Vec::with_capacity(table.rows.len());
    for (at, cells) in table.rows.iter().enumerate() {
        let row = Row {
            table,
            cells,
            columns,
            policy,
        };
        let mut values = Vec::with_capacity(columns.len());
        for column in columns {
            let (value, what) = match row.value(column) {
                Ok(value) => (value, None),
                Err((value, what)) => (value, Some(what)),
            };
            values.push(value);
            if let Some(what) = what {
                faults.push(Fault {
                    table: table.name.clone(),
                    row: Some(at + 1),
                    column: column.name.clone(),
                    what,
                });
            }
        }
        rows.push(values);
    }
    rows
}

struct Row<'a> {
    table: &'a Table,
    cells: &'a [String],
    columns: &'a [RawColumn],
    policy: &'a Policy,
}

/// A value, or one to go on with and why it cannot be right.
type Value = Result<RawValue, (RawValue, &'static str)>;

impl Row<'_> {
    fn figure(&self, column: &str) -> Option<Read> {
        self.table.figure(self.cells, column)
    }

    fn value(&self, column: &RawColumn) -> Value {
        let name = column.name.as_str();
        let word = self.table.word(self.cells, name);
        match &column.role {
            Role::Dimension => Ok(RawValue::Text(word.to_owned())),
            Role::Text | Role::Reason | Role::Status if word.is_empty() => Ok(RawValue::Null),
            Role::Text | Role::Reason | Role::Status => Ok(RawValue::Text(word.to_owned())),
            Role::Support => Ok(RawValue::Integer(MANY)),
            Role::State(rule) => Ok(state(rule, word)),
            // Worked out again from the counts; that they are as they were is seen on the twin.
            Role::Percentage { .. }
            | Role::CareShare { .. }
            | Role::Difference { .. }
            | Role::Share { .. }
            | Role::Interval { .. } => Ok(RawValue::Null),
            Role::Count => self.count(name),
            Role::Estimate { bound, with } => {
                let read = self.read(name)?;
                let counts: Vec<Known> = with.iter().filter_map(|count| self.known(count)).collect();
                let base = self.policy.estimate_round_to();
                let what = "no estimate is released so beside these counts: it would narrow them";
                let value = match counts.last().filter(|_| self.is_what_was_found()) {
                    Some(found) => estimate::of_found(read, *bound, *found, base),
                    None => estimate::standing_for(read, *bound, &counts, base),
                };
                value.map_err(|value| (value, what))
            }
            Role::Median { .. } => {
                let read = self.read(name)?;
                Ok(read.number.map_or(RawValue::Missing(read.state), RawValue::Real))
            }
        }
    }

    fn read(&self, column: &str) -> Result<Read, (RawValue, &'static str)> {
        let what = "the number and its state do not agree";
        self.figure(column)
            .ok_or((RawValue::Missing(State::NotReported), what))
    }

    fn count(&self, column: &str) -> Value {
        let read = self.read(column)?;
        let hidden = RawValue::Missing(read.state);
        match read.whole() {
            Some(n) if n < 0 => Err((hidden, "a count below zero")),
            Some(n) => Ok(RawValue::Integer(n)),
            None if read.number.is_some() => Err((hidden, "a count that is no whole number")),
            None if said_to_be_small(self.table, self.cells, self.columns, column) => {
                Ok(RawValue::Integer((1 + self.policy.hide_to()) / 2))
            }
            None => Ok(hidden),
        }
    }

    /// Whether the estimate of this row is no more than the people found: a lower bound without an upper end.
    fn is_what_was_found(&self) -> bool {
        self.table.word(self.cells, "status") == "lower_bound"
            && self
                .figure("high")
                .is_some_and(|read| read.state == State::NotEstimated)
    }

    /// What the policy lets anybody know of a count of this row.
    fn known(&self, column: &str) -> Option<Known> {
        let read = self.figure(column)?;
        let word = |name: &str| Some(self.table.word(self.cells, name)).filter(|word| !word.is_empty());
        Some(Known::read(self.policy, word, read.whole(), read.state))
    }
}

/// Whether the state of a row tells that a hidden number is small: a number that is hidden for another's sake gives no state.
pub(crate) fn said_to_be_small(table: &Table, cells: &[String], columns: &[RawColumn], column: &str) -> bool {
    columns.iter().any(|other| match &other.role {
        Role::State(rule) => {
            let word = table.word(cells, &other.name);
            rule.numerator == column
                && table
                    .figure(cells, column)
                    .is_some_and(|read| read.state == State::Suppressed)
                && matches!(word, "collecting" | "partly" | "not_collecting")
        }
        _ => false,
    })
}

/// A state that does not come from people stays; the others follow from the counts.
fn state(rule: &StateRule, word: &str) -> RawValue {
    let empty = State::all()
        .into_iter()
        .find(|state| state.as_str() == word && !matches!(state, State::TooFew | State::NotComputable));
    match empty {
        Some(state) => RawValue::Missing(state),
        None if rule.keep.iter().any(|keep| keep == word) => RawValue::Text(word.to_owned()),
        None => RawValue::Null,
    }
}
