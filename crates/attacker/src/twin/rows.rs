//! Released rows as raw ones: each shown number stands for itself, each hidden one for nothing.

use protect::attack::Known;
use protect::{Policy, RawColumn, RawValue, Role, State, StateRule};

use super::{Fault, estimate};
use crate::released::{Read, Table};

/// Enough people for any median that a policy shows, where no count says how many there are at the most.
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
            Role::Support => Ok(RawValue::Integer(self.most_behind(name))),
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
            Role::Median { with, .. } => {
                let read = self.read(name)?;
                let Some(number) = read.number else {
                    return Ok(RawValue::Missing(read.state));
                };
                let of_few = |count: &String| {
                    self.ends(count)
                        .is_some_and(|(low, _)| low < self.policy.median_people())
                };
                if with.iter().any(of_few) {
                    Err((RawValue::Real(number), "a median of people who may be too few"))
                } else {
                    Ok(RawValue::Real(number))
                }
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
            Some(n) if self.is_of_few(column) => {
                let what = "for how many of a small group it is so: it could be nobody, or everybody";
                Err((RawValue::Integer(n), what))
            }
            Some(n) => Ok(RawValue::Integer(n)),
            None if read.number.is_some() => Err((hidden, "a count that is no whole number")),
            None if said_to_be_small(self.table, self.cells, self.columns, column) => {
                Ok(RawValue::Integer((1 + self.policy.hide_to()) / 2))
            }
            None => Ok(hidden),
        }
    }

    /// Whether it says for how many of those asked it is so, and they are few as they are shown.
    fn is_of_few(&self, column: &str) -> bool {
        let of_asked = matches!(self.table.name.as_str(), "care_of_all" | "care_at_least") && column == "yes";
        let shown = |name: &str| self.figure(name).and_then(Read::whole);
        let is_small = |population: i64| {
            let place_kind = self.table.word(self.cells, "place_kind");
            // Of what is hidden the most that is small is taken away, as where the numbers are made.
            let left_out = match self.figure("excluded") {
                Some(read) if read.state == State::Suppressed => self.policy.hide_to(),
                read => read.and_then(Read::whole).unwrap_or(0),
            };
            self.policy.is_small_group(place_kind, population, left_out)
        };
        of_asked && shown("population").is_some_and(is_small)
    }

    /// The most people that can be behind a median: those of the counts it rests on.
    fn most_behind(&self, people: &str) -> i64 {
        let with = self.columns.iter().filter_map(|column| match &column.role {
            Role::Median { people: of, with } if of == people => Some(with),
            _ => None,
        });
        let most = with.flatten().filter_map(|count| self.ends(count));
        most.map(|(_, high)| high).min().unwrap_or(MANY)
    }

    /// The fewest and the most people that a shown count stands for.
    fn ends(&self, count: &str) -> Option<(i64, i64)> {
        match self.known(count)? {
            Known::Exact(n) => Some((n, n)),
            Known::Band { low, high, .. } => Some((low, high)),
            _ => None,
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

/// Whether the state of a row tells that a hidden number is not small: none is given, though enough people are shown below it.
pub(crate) fn said_not_to_be_small(
    table: &Table,
    cells: &[String],
    columns: &[RawColumn],
    column: &str,
) -> bool {
    columns.iter().any(|other| match &other.role {
        Role::State(rule) => {
            let is_hidden = |read: Read| read.state == State::Suppressed;
            let below = table.figure(cells, &rule.denominator).and_then(Read::whole);
            rule.numerator == column
                && table.word(cells, &other.name) == State::TooFew.as_str()
                && table.figure(cells, column).is_some_and(is_hidden)
                && below.is_some_and(|people| people >= i64::from(rule.fewest_people))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn that_a_state_is_given_or_not_tells_of_a_hidden_number() {
        let columns = protect::completeness_columns(90, 10, 20);
        let text = "\
kind,found_elsewhere,found_elsewhere_state,recorded_of_elsewhere,recorded_of_elsewhere_state,status
a,25,shown,,suppressed,partly
b,25,shown,,suppressed,too_few
c,15,shown,,suppressed,too_few
d,,suppressed,,suppressed,too_few
e,25,shown,,suppressed,no_response
f,25,shown,10,shown,partly
";
        let table = Table::read("completeness", text).unwrap();
        let told = |says: fn(&Table, &[String], &[RawColumn], &str) -> bool| -> Vec<&str> {
            let rows = table.rows.iter();
            let told = rows.filter(|row| says(&table, row, &columns, "recorded_of_elsewhere"));
            told.map(|row| table.word(row, "kind")).collect()
        };
        assert_eq!(told(said_to_be_small), ["a"]);
        assert_eq!(told(said_not_to_be_small), ["b"]);
    }

    /// Where the faults are, by row and column.
    fn faults(name: &str, text: &str, columns: &[RawColumn], wanted: &str) -> Vec<Option<usize>> {
        let table = Table::read(name, text).unwrap();
        let mut faults = Vec::new();
        rows(&table, columns, &Policy::hes().unwrap(), &mut faults);
        let of_column = faults.into_iter().filter(|fault| fault.column == wanted);
        of_column.map(|fault| fault.row).collect()
    }

    #[test]
    fn a_median_has_no_more_people_than_were_recorded() {
        let columns = protect::completeness_columns(90, 10, 20);
        let text = "\
recorded,recorded_state,median_days_to_record,median_days_to_record_state
10,shown,42,shown
15,shown,42,shown
10,shown,,too_few
0,zero,42,shown
";
        let wanted = "median_days_to_record";
        assert_eq!(faults("completeness", text, &columns, wanted), [Some(1), Some(4)]);
        let table = Table::read("completeness", text).unwrap();
        let values = rows(&table, &columns, &Policy::hes().unwrap(), &mut Vec::new());
        let at = columns
            .iter()
            .position(|column| column.name == "people_with_days");
        let most: Vec<RawValue> = values.iter().filter_map(|row| row.get(at?).cloned()).collect();
        assert_eq!(most, [12, 17, 12, 0].map(RawValue::Integer));
    }

    #[test]
    fn of_a_small_group_no_number_is_shown_for_which_it_is_so() {
        let text = "\
place_kind,population,population_state,excluded,excluded_state,yes,yes_state
nation,40,shown,30,shown,10,shown
nation,40,shown,20,shown,10,shown
nation,40,shown,30,shown,,too_few
nation,15,shown,,suppressed,0,zero
nation,40,shown,,suppressed,0,zero
nation,20,shown,,suppressed,20,shown
nation,20,shown,0,zero,20,shown
";
        for (name, columns) in [
            ("care_of_all", protect::care_of_all_columns()),
            ("care_at_least", protect::care_at_least_columns()),
        ] {
            let expected = [Some(1), Some(4), Some(6)];
            assert_eq!(faults(name, text, &columns, "yes"), expected, "{name}");
        }
    }
}
