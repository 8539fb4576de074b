//! What is wrong with a file: where, what, and what to do about it.
//!
//! Invariants: a message never holds the value of an identity cell; and a file where every cell is
//! wrong costs about as much as a clean one, because equal faults (same rule, same field) are listed
//! for the first rows only and counted for the rest.

use std::borrow::Cow;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// How many rows of one rule and field are listed before the rest is only counted.
pub const LISTED: u64 = 5;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Notice,
    /// Something cannot be used or is doubtful.
    Warning,
    /// Something is wrong and should be put right before the file is sent.
    Error,
}

impl Severity {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One problem of one row, or of a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Record number in the file, from 1; none for the file as a whole.
    pub row: Option<u64>,
    /// National name of the column or item.
    pub field: Option<String>,
    /// The rule that was broken, such as `date-unreadable`.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in words, without any identity value.
    pub message: String,
    /// What to do.
    pub fix: String,
}

/// One line of the problems table: a problem of one row, or the count of the rows not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Record number; none for a whole file or for a count.
    pub row: Option<u64>,
    /// National name of the column or item.
    pub field: Option<String>,
    /// The rule.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// How many rows the line stands for.
    pub count: u64,
}

#[derive(Debug, Clone)]
struct Group {
    listed: Vec<Problem>,
    count: u64,
}

/// Collects the problems of one file: grouped by rule and field, capped.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    groups: Vec<Group>,
    // Two maps, so that a look-up needs no owned key. Never iterated.
    places: FxHashMap<Cow<'static, str>, FxHashMap<Box<str>, usize>>,
}

impl Problems {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one more of a rule and field whose listing is full already. False when it is not:
    /// then the caller words the problem and adds it. This is the cheap path for bad files:
    /// `if !problems.count(rule, field) { problems.add(…) }`.
    pub fn count(&mut self, rule: &'static str, field: &str) -> bool {
        let Some(&place) = self.places.get(rule).and_then(|fields| fields.get(field)) else {
            return false;
        };
        let group = &mut self.groups[place];
        if group.count < LISTED {
            return false;
        }
        group.count += 1;
        true
    }

    /// Adds a problem: listed while its group has room, counted after.
    pub fn add(&mut self, problem: Problem) {
        let field = problem.field.as_deref().unwrap_or_default();
        let fields = self.places.entry(problem.rule.clone()).or_default();
        let place = match fields.get(field) {
            Some(&place) => place,
            None => {
                fields.insert(field.into(), self.groups.len());
                self.groups.push(Group {
                    listed: Vec::new(),
                    count: 0,
                });
                self.groups.len() - 1
            }
        };
        let group = &mut self.groups[place];
        group.count += 1;
        if group.count <= LISTED {
            group.listed.push(problem);
        }
    }

    /// Says in other words, and with another weight, what breaks a rule.
    pub(crate) fn reword(&mut self, rule: &str, severity: Severity, message: &str, fix: &str) {
        let listed = self.groups.iter_mut().flat_map(|group| &mut group.listed);
        for problem in listed.filter(|problem| problem.rule == rule) {
            problem.severity = severity;
            message.clone_into(&mut problem.message);
            fix.clone_into(&mut problem.fix);
        }
    }

    /// The problems that are listed of each rule and field, and how many there are.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&[Problem], u64)> {
        self.groups
            .iter()
            .map(|group| (group.listed.as_slice(), group.count))
    }

    /// A collector with problems as [`Problems::groups`] gives them.
    pub(crate) fn of_groups(groups: impl Iterator<Item = (Vec<Problem>, u64)>) -> Self {
        let mut problems = Self::new();
        for (listed, count) in groups {
            for problem in listed {
                problems.add(problem);
            }
            if let Some(group) = problems.groups.last_mut() {
                group.count = count;
            }
        }
        problems
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many problems of a severity there are, those not listed included.
    #[must_use]
    pub fn of(&self, severity: Severity) -> u64 {
        self.groups
            .iter()
            .filter(|group| group.listed.first().is_some_and(|p| p.severity == severity))
            .map(|group| group.count)
            .sum()
    }

    /// The lines of the problems table: errors first, then by rule, field and row, each group's
    /// count of unlisted rows at its end.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut order: Vec<&Group> = self.groups.iter().collect();
        order.sort_by_key(|group| {
            group
                .listed
                .first()
                .map(|p| (std::cmp::Reverse(p.severity), &p.rule, &p.field))
        });
        let mut lines = Vec::new();
        for group in order {
            let mut listed: Vec<&Problem> = group.listed.iter().collect();
            listed.sort_by_key(|problem| problem.row);
            for problem in &listed {
                lines.push(Line {
                    row: problem.row,
                    field: problem.field.clone(),
                    rule: problem.rule.clone(),
                    severity: problem.severity,
                    message: problem.message.clone(),
                    fix: problem.fix.clone(),
                    count: 1,
                });
            }
            let unlisted = group.count - listed.len() as u64;
            if let (Some(first), true) = (listed.first(), unlisted > 0) {
                let rows = if unlisted == 1 { "row" } else { "rows" };
                lines.push(Line {
                    row: None,
                    field: first.field.clone(),
                    rule: first.rule.clone(),
                    severity: first.severity,
                    message: format!("the same in {unlisted} more {rows}"),
                    fix: first.fix.clone(),
                    count: unlisted,
                });
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn problem(row: u64, field: &str, rule: &'static str, severity: Severity) -> Problem {
        Problem {
            row: Some(row),
            field: Some(field.to_owned()),
            rule: rule.into(),
            severity,
            message: format!("row {row}"),
            fix: "mend it".to_owned(),
        }
    }

    #[test]
    fn the_first_rows_are_listed_and_the_rest_counted() {
        let mut problems = Problems::new();
        for row in 1..=100 {
            if !problems.count("date-unreadable", "DOB") {
                problems.add(problem(row, "DOB", "date-unreadable", Severity::Warning));
            }
        }
        problems.add(problem(7, "SEX", "a-rule", Severity::Notice));
        problems.add(problem(7, "SEX", "z-rule", Severity::Error));
        let lines = problems.lines();
        let drawn: Vec<(Option<u64>, &str, &str, u64)> = lines
            .iter()
            .map(|line| (line.row, &*line.rule, line.message.as_str(), line.count))
            .collect();
        assert_eq!(
            drawn,
            [
                (Some(7), "z-rule", "row 7", 1),
                (Some(1), "date-unreadable", "row 1", 1),
                (Some(2), "date-unreadable", "row 2", 1),
                (Some(3), "date-unreadable", "row 3", 1),
                (Some(4), "date-unreadable", "row 4", 1),
                (Some(5), "date-unreadable", "row 5", 1),
                (None, "date-unreadable", "the same in 95 more rows", 95),
                (Some(7), "a-rule", "row 7", 1),
            ]
        );
        assert_eq!(problems.of(Severity::Warning), 100);
        assert_eq!(lines.iter().map(|line| line.count).sum::<u64>(), 102);
    }
}
