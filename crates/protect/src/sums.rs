//! Finds the sums that a reader can check in the published tables: over a split, up the places, and across tables.
//!
//! Invariant: every cell is named by one number (table, row, count column), and every sum names its cells once.

use std::collections::{BTreeMap, BTreeSet};

use crate::ProtectError;
use crate::attack::{Key, one_period};
use crate::audit::Row;
use crate::policy::{CountRule, Policy};
use crate::raw::{LinkRule, Place, RawColumn, RawTable, RawValue, Role, SumRule};

/// Places lie in places no deeper than this; a circle in the data ends here.
const MOST_STEPS: usize = 8;

/// A table on its way to release: the rows that may leave, and where its dimensions and counts stand.
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) columns: Vec<RawColumn>,
    pub(crate) rows: Vec<Vec<RawValue>>,
    pub(crate) sums: Vec<SumRule>,
    pub(crate) dimensions: Vec<usize>,
    pub(crate) counts: Vec<usize>,
    pub(crate) first_cell: usize,
}

/// A published sum. Cells by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) total: usize,
    pub(crate) parts: Vec<usize>,
    pub(crate) holds: Holds,
}

/// How a sum holds. A nation can have people of whom no organisation is known: then its organisations are among it, and what
/// followed from the equation would be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The total equals its parts.
    #[default]
    Exactly,
    /// The people of the parts are among those of the total.
    AtLeast,
    /// The same, and those of no part are a group like the parts, published by nobody: one hidden part is not told by the rest.
    Loosely,
    /// Neither.
    No,
}

impl Sum {
    pub(crate) fn new(total: usize, parts: Vec<usize>) -> Self {
        Self {
            total,
            parts,
            holds: Holds::Exactly,
        }
    }

    /// Looks how it holds; where a number is not reported, it is taken to hold.
    pub(crate) fn look(&mut self, counts: &[Option<i64>]) {
        let count = |cell: &usize| counts.get(*cell).copied().flatten();
        let parts: Option<i64> = self.parts.iter().map(count).sum();
        if let Some((total, parts)) = count(&self.total).zip(parts) {
            self.holds = match total.cmp(&parts) {
                std::cmp::Ordering::Equal => Holds::Exactly,
                std::cmp::Ordering::Greater if self.holds == Holds::Loosely => Holds::Loosely,
                std::cmp::Ordering::Greater => Holds::AtLeast,
                std::cmp::Ordering::Less => Holds::No,
            };
        }
    }

    /// What it says of its figures.
    pub(crate) fn row(&self) -> Option<Row> {
        match self.holds {
            Holds::Exactly => Some(Row::sum(self.total, &self.parts)),
            Holds::AtLeast | Holds::Loosely => Some(Row::among(self.total, &self.parts)),
            Holds::No => None,
        }
    }
}

impl Draft {
    /// Looks at the columns of a table; the rows are given separately, since some may not leave.
    pub(crate) fn new(table: &RawTable, rows: Vec<Vec<RawValue>>, first_cell: usize) -> Self {
        let at = |wanted: fn(&Role) -> bool| {
            table
                .columns
                .iter()
                .enumerate()
                .filter(|(_, c)| wanted(&c.role))
                .map(|(i, _)| i)
                .collect::<Vec<_>>()
        };
        Self {
            name: table.name.clone(),
            columns: table.columns.clone(),
            rows,
            sums: table.sums.clone(),
            dimensions: at(|r| matches!(r, Role::Dimension)),
            counts: at(|r| matches!(r, Role::Count)),
            first_cell,
        }
    }

    /// How many cells with a count it has.
    pub(crate) fn cells(&self) -> usize {
        self.rows.len() * self.counts.len()
    }

    /// The number of a cell; `count` is the place among the count columns.
    pub(crate) fn cell(&self, row: usize, count: usize) -> usize {
        self.first_cell + row * self.counts.len() + count
    }

    /// Where a column stands.
    pub(crate) fn column(&self, name: &str, wanted_by: &str) -> Result<usize, ProtectError> {
        self.columns
            .iter()
            .position(|c| c.name == name)
            .ok_or_else(|| ProtectError::NoColumn {
                table: self.name.clone(),
                column: name.to_owned(),
                wanted_by: wanted_by.to_owned(),
            })
    }

    /// The place of a column among the counts.
    pub(crate) fn count(&self, name: &str, wanted_by: &str) -> Result<usize, ProtectError> {
        let column = self.column(name, wanted_by)?;
        self.counts
            .iter()
            .position(|c| *c == column)
            .ok_or_else(|| ProtectError::NoColumn {
                table: self.name.clone(),
                column: name.to_owned(),
                wanted_by: format!("{wanted_by} (as a count)"),
            })
    }

    pub(crate) fn text(&self, row: usize, column: usize) -> &str {
        match self.rows.get(row).and_then(|r| r.get(column)) {
            Some(RawValue::Text(text)) => text,
            _ => "",
        }
    }

    /// The dimensions of a row, without some columns.
    fn key(&self, row: usize, without: &[usize]) -> Vec<&str> {
        self.dimensions
            .iter()
            .filter(|d| !without.contains(d))
            .map(|d| self.text(row, *d))
            .collect()
    }

    /// Every sum inside this table, one for each count column.
    pub(crate) fn sums(&self) -> Result<Vec<Sum>, ProtectError> {
        let mut found = Vec::new();
        for rule in &self.sums {
            match rule {
                SumRule::Column { column, total } => {
                    let column = self.column(column, "a sum")?;
                    self.sums_over(column, total, &mut found);
                }
                SumRule::Groups { kind, column, total } => {
                    let kind = self.column(kind, "a sum over groups")?;
                    let column = self.column(column, "a sum over groups")?;
                    self.sums_of_groups(kind, column, total, &mut found);
                }
                SumRule::Places { kind, place, inside } => {
                    let kind = self.column(kind, "a sum over places")?;
                    let place = self.column(place, "a sum over places")?;
                    self.sums_of_places(kind, place, inside, &mut found);
                }
                SumRule::Parts { whole, parts } => self.sums_of_parts(whole, parts, &mut found)?,
                SumRule::Within { .. } => {}
            }
        }
        Ok(found)
    }

    /// Counts whose people are among those of another, as (part, whole): by rule, and above and below of every share.
    pub(crate) fn within(&self) -> Result<Vec<(usize, usize)>, ProtectError> {
        let mut pairs = BTreeSet::new();
        for rule in &self.sums {
            if let SumRule::Within { part, whole } = rule {
                pairs.insert((
                    self.count(part, "an inclusion")?,
                    self.count(whole, "an inclusion")?,
                ));
            }
        }
        for column in &self.columns {
            if let Role::Percentage {
                numerator,
                denominator,
            }
            | Role::CareShare {
                numerator,
                denominator,
            } = &column.role
            {
                pairs.insert((
                    self.count(numerator, &column.name)?,
                    self.count(denominator, &column.name)?,
                ));
            }
        }
        let mut found = Vec::new();
        for row in 0..self.rows.len() {
            for (part, whole) in pairs.iter().filter(|(part, whole)| part != whole) {
                found.push((self.cell(row, *part), self.cell(row, *whole)));
            }
        }
        Ok(found)
    }

    /// The counts above and below of every measure of care or outcome, as (part, group).
    pub(crate) fn measures(&self) -> Result<Vec<(usize, usize)>, ProtectError> {
        let mut found = Vec::new();
        for column in &self.columns {
            if let Role::CareShare {
                numerator,
                denominator,
            } = &column.role
            {
                let pair = (
                    self.count(numerator, &column.name)?,
                    self.count(denominator, &column.name)?,
                );
                found
                    .extend((0..self.rows.len()).map(|row| (self.cell(row, pair.0), self.cell(row, pair.1))));
            }
        }
        Ok(found)
    }

    /// Counts on which a state rests, in rows whose state is worked out: (above, below, the fewest people for a state).
    pub(crate) fn states(&self) -> Result<Vec<(usize, usize, i64)>, ProtectError> {
        let mut found = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let Role::State(rule) = &column.role else { continue };
            let above = self.count(&rule.numerator, &column.name)?;
            let below = self.count(&rule.denominator, &column.name)?;
            for (row, values) in self.rows.iter().enumerate() {
                let worked_out = match values.get(index) {
                    Some(RawValue::Text(word)) => !rule.keep.contains(word),
                    Some(RawValue::Missing(_)) => false,
                    _ => true,
                };
                if worked_out {
                    let cells = (self.cell(row, above), self.cell(row, below));
                    found.push((cells.0, cells.1, i64::from(rule.fewest_people)));
                }
            }
        }
        Ok(found)
    }

    /// Whether a row is the total over every split of a place of one of these kinds.
    fn is_total_at(&self, row: usize, kinds: &[String]) -> bool {
        let at = |name: &String| self.columns.iter().position(|c| c.name == *name);
        let mut at_kind = false;
        for rule in &self.sums {
            match rule {
                SumRule::Places { kind, .. } => {
                    at_kind =
                        at(kind).is_some_and(|column| kinds.iter().any(|k| k == self.text(row, column)));
                }
                SumRule::Column { column, total } | SumRule::Groups { column, total, .. } => {
                    if at(column).is_some_and(|column| self.text(row, column) != total) {
                        return false;
                    }
                }
                SumRule::Parts { .. } | SumRule::Within { .. } => {}
            }
        }
        at_kind
    }

    /// The cells of totals at places of these kinds.
    pub(crate) fn totals_at(&self, kinds: &[String]) -> Vec<usize> {
        let rows = (0..self.rows.len()).filter(|row| self.is_total_at(*row, kinds));
        rows.flat_map(|row| (0..self.counts.len()).map(move |count| (row, count)))
            .map(|(row, count)| self.cell(row, count))
            .collect()
    }

    /// Pairs of cells that differ in the period only, each with the next.
    pub(crate) fn successive(&self) -> Vec<(usize, usize)> {
        let Some(period) = self.columns.iter().position(|c| c.name == "period") else {
            return Vec::new();
        };
        let mut runs: BTreeMap<(Vec<&str>, usize), BTreeMap<&str, usize>> = BTreeMap::new();
        for row in 0..self.rows.len() {
            let at = self.text(row, period);
            // Years follow years and days days.
            runs.entry((self.key(row, &[period]), at.len()))
                .or_default()
                .insert(at, row);
        }
        let mut found = Vec::new();
        for run in runs.into_values() {
            let rows: Vec<usize> = run.into_values().collect();
            for pair in rows.windows(2) {
                if let [earlier, later] = pair {
                    found.extend(
                        (0..self.counts.len()).map(|c| (self.cell(*earlier, c), self.cell(*later, c))),
                    );
                }
            }
        }
        found
    }

    /// The rows in which the columns have these values.
    fn rows_where(&self, only: &[(String, String)]) -> Result<Vec<usize>, ProtectError> {
        let mut rows: Vec<usize> = (0..self.rows.len()).collect();
        for (column, value) in only {
            let column = self.column(column, "a link")?;
            rows.retain(|row| self.text(*row, column) == value);
        }
        Ok(rows)
    }

    /// The rule of the policy for a row.
    pub(crate) fn rule(&self, row: usize, policy: &Policy) -> CountRule {
        policy.rule_of(|column| {
            self.columns
                .iter()
                .position(|c| c.name == column)
                .map(|at| self.text(row, at))
        })
    }

    /// The key of every cell, in order.
    pub(crate) fn keys(&self) -> Vec<Key> {
        let mut keys = Vec::with_capacity(self.cells());
        for row in 0..self.rows.len() {
            let about: Vec<(String, String)> = self
                .dimensions
                .iter()
                .filter_map(|d| Some((self.columns.get(*d)?.name.clone(), self.text(row, *d).to_owned())))
                .collect();
            for column in &self.counts {
                keys.push(Key {
                    table: self.name.clone(),
                    column: self
                        .columns
                        .get(*column)
                        .map(|c| c.name.clone())
                        .unwrap_or_default(),
                    about: about.clone(),
                });
            }
        }
        keys
    }

    fn sums_over(&self, column: usize, total: &str, found: &mut Vec<Sum>) {
        let mut groups: BTreeMap<Vec<&str>, (Option<usize>, Vec<usize>)> = BTreeMap::new();
        for row in 0..self.rows.len() {
            let group = groups.entry(self.key(row, &[column])).or_default();
            if self.text(row, column) == total {
                group.0 = Some(row);
            } else {
                group.1.push(row);
            }
        }
        for (total, parts) in groups.into_values() {
            if let Some(total) = total {
                self.push(total, &parts, found);
            }
        }
    }

    /// Each kind of group (ethnicity, deprivation) is another way to split the same total.
    fn sums_of_groups(&self, kind: usize, column: usize, total: &str, found: &mut Vec<Sum>) {
        let mut totals: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        let mut parts: BTreeMap<(Vec<&str>, &str), Vec<usize>> = BTreeMap::new();
        for row in 0..self.rows.len() {
            let key = self.key(row, &[kind, column]);
            if self.text(row, kind) == total && self.text(row, column) == total {
                totals.insert(key, row);
            } else {
                parts.entry((key, self.text(row, kind))).or_default().push(row);
            }
        }
        for ((key, _), parts) in parts {
            if let Some(total) = totals.get(&key) {
                self.push(*total, &parts, found);
            }
        }
    }

    fn sums_of_places(
        &self,
        kind: usize,
        place: usize,
        inside: &BTreeMap<Place, Place>,
        found: &mut Vec<Sum>,
    ) {
        let holds_others: BTreeSet<&Place> = inside.values().collect();
        let mut groups: BTreeMap<Vec<&str>, BTreeMap<Place, usize>> = BTreeMap::new();
        for row in 0..self.rows.len() {
            let here = Place::new(self.text(row, kind), self.text(row, place));
            groups
                .entry(self.key(row, &[kind, place]))
                .or_default()
                .insert(here, row);
        }
        for rows in groups.into_values() {
            // A place is the sum of the places directly in it, and also of all places in it that hold no other.
            let mut parts: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
            for (here, row) in &rows {
                let mut above = inside.get(here);
                let mut steps = 0;
                while let Some(place) = above.filter(|_| steps < MOST_STEPS) {
                    if let Some(total) = rows.get(place) {
                        if steps == 0 {
                            parts.entry((*total, false)).or_default().push(*row);
                        }
                        if !holds_others.contains(here) {
                            parts.entry((*total, true)).or_default().push(*row);
                        }
                    }
                    above = inside.get(place);
                    steps += 1;
                }
            }
            let mut last: Option<(usize, Vec<usize>)> = None;
            for ((total, _), parts) in parts {
                let sum = (total, parts);
                if last.as_ref() != Some(&sum) {
                    self.push(sum.0, &sum.1, found);
                }
                last = Some(sum);
            }
        }
    }

    /// Counts of one row that are among another.
    fn sums_of_parts(&self, whole: &str, parts: &[String], found: &mut Vec<Sum>) -> Result<(), ProtectError> {
        let whole = self.count(whole, "a sum of counts")?;
        let parts = parts
            .iter()
            .map(|part| self.count(part, "a sum of counts"))
            .collect::<Result<Vec<_>, _>>()?;
        found.extend((0..self.rows.len()).map(|row| {
            let parts = parts.iter().map(|part| self.cell(row, *part)).collect();
            Sum {
                holds: Holds::Loosely,
                ..Sum::new(self.cell(row, whole), parts)
            }
        }));
        Ok(())
    }

    fn push(&self, total: usize, parts: &[usize], found: &mut Vec<Sum>) {
        if parts.is_empty() {
            return;
        }
        for count in 0..self.counts.len() {
            let parts = parts.iter().map(|row| self.cell(*row, count)).collect();
            found.push(Sum::new(self.cell(total, count), parts));
        }
    }
}

/// Cells of two tables that hold the same number, as sums of one part.
pub(crate) fn links(drafts: &[Draft], rule: &LinkRule) -> Result<Vec<Sum>, ProtectError> {
    let table = |name: &str| {
        drafts
            .iter()
            .find(|d| d.name == name)
            .ok_or_else(|| ProtectError::NoTable {
                table: name.to_owned(),
            })
    };
    let (left, right) = (table(&rule.left)?, table(&rule.right)?);
    let mut on = Vec::new();
    for (a, b) in &rule.on {
        on.push((left.column(a, "a link")?, right.column(b, "a link")?));
    }
    let mut same = Vec::new();
    for (a, b) in &rule.same {
        same.push((left.count(a, "a link")?, right.count(b, "a link")?));
    }
    // Two rows have one key where they call one year by two names.
    let mut rights: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for row in right.rows_where(&rule.right_where)? {
        let key = on.iter().map(|(_, b)| one_period(right.text(row, *b))).collect();
        rights.entry(key).or_default().push(row);
    }
    let mut found = Vec::new();
    for row in left.rows_where(&rule.left_where)? {
        let key: Vec<&str> = on.iter().map(|(a, _)| one_period(left.text(row, *a))).collect();
        for other in rights.get(&key).into_iter().flatten() {
            for (a, b) in &same {
                found.push(Sum::new(left.cell(row, *a), vec![right.cell(*other, *b)]));
            }
        }
    }
    Ok(found)
}
