//! Hospitals, or other groups: a part of a whole each, or a count beside what was expected.

use estimate::{Observed, Tally};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::columns::{EXPECTED, NAME, OBSERVED, PART, PERIOD, WHOLE};
use super::table::{Line, Table};

/// Groups in the order of the file.
pub(super) struct Groups {
    pub(super) names: Vec<String>,
    pub(super) figures: Figures,
    /// Rows that could not be used.
    pub(super) set_aside: Vec<String>,
}

/// What is known of the groups.
pub(super) enum Figures {
    /// A part of a whole.
    Shares(Vec<Tally>),
    /// A count beside what was expected.
    Ratios(Vec<Observed>),
}

impl Groups {
    /// Reads groups.
    pub(super) fn read(table: &Table) -> Result<Self, Failure> {
        let name = table.find(NAME).or_else(|| table.find(PERIOD));
        if let Some(expected) = table.find(EXPECTED) {
            let observed = table.need(OBSERVED)?;
            return Self::ratios(table, name, observed, expected);
        }
        let part = table.need(PART)?;
        // A column may be either, such as cases: it is the whole only where something else is the part.
        let whole = table.need(WHOLE)?;
        if part == whole {
            return Err(table.wrong_file(
                "one column cannot be both the part and the whole; call them r and n, or observed and expected",
            ));
        }
        Self::shares(table, name, part, whole)
    }

    fn shares(table: &Table, name: Option<usize>, part: usize, whole: usize) -> Result<Self, Failure> {
        let (mut names, mut tallies, mut set_aside) = (Vec::new(), Vec::new(), Vec::new());
        for line in &table.rows {
            let label = label(table, line, name);
            match (table.count(line, part)?, table.count(line, whole)?) {
                (Some(part), Some(whole)) if whole > 0 => {
                    let tally =
                        Tally::new(part, whole).map_err(|error| table.wrong_row(line, &error.to_string()))?;
                    tallies.push(tally);
                    names.push(label);
                }
                _ => set_aside.push(label),
            }
        }
        Ok(Self {
            names,
            figures: Figures::Shares(tallies),
            set_aside,
        })
    }

    fn ratios(table: &Table, name: Option<usize>, observed: usize, expected: usize) -> Result<Self, Failure> {
        let (mut names, mut groups, mut set_aside) = (Vec::new(), Vec::new(), Vec::new());
        for line in &table.rows {
            let label = label(table, line, name);
            match (table.count(line, observed)?, table.number(line, expected)?) {
                (Some(count), Some(expected_count)) => {
                    let group = Observed::new(count, expected_count)
                        .map_err(|error| table.wrong(line, expected, &error.to_string()))?;
                    groups.push(group);
                    names.push(label);
                }
                _ => set_aside.push(label),
            }
        }
        Ok(Self {
            names,
            figures: Figures::Ratios(groups),
            set_aside,
        })
    }

    /// What was read, for the JSON.
    pub(super) fn observed(&self) -> Value {
        json!({
            "groups": self.names.len(),
            "set_aside": self.set_aside,
            "kind": match self.figures { Figures::Shares(_) => "shares", Figures::Ratios(_) => "ratios" },
        })
    }

    /// The note about rows that were set aside.
    pub(super) fn note(&self) -> String {
        format!(
            "Set aside, because a figure is missing or nobody is there: {}.",
            self.set_aside.join(", ")
        )
    }
}

/// The name of a row; its number where it has none.
pub(super) fn label(table: &Table, line: &Line, name: Option<usize>) -> String {
    match name.map(|column| table.text(line, column)) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => format!("{} {}", table.unit, line.number),
    }
}
