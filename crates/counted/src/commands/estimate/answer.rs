//! What an estimate has to say: one answer, printed in words for a person or as JSON for a machine.
//!
//! Both have the same parts: the headline, the estimates behind it, what was observed, what is taken for granted, and
//! warnings. A figure that does not exist is `null` beside its `reason`.

use estimate::EstimateError;
use serde_json::{Map, Value, json};

use crate::arguments::Format;
use crate::tell;

use super::table::Table;

/// Rows of a table in words; the rest is in the JSON.
const MOST_ROWS: usize = 40;

/// What an estimate has to say.
pub(super) struct Answer {
    method: &'static str,
    sentence: String,
    grids: Vec<Grid>,
    assumptions: String,
    warnings: Vec<(&'static str, String)>,
    headline: Headline,
    estimates: Vec<Value>,
    fields: Map<String, Value>,
}

/// The number to print, or why there is none.
pub(super) struct Headline {
    /// What the number is of.
    pub(super) what: &'static str,
    /// Which estimator leads.
    pub(super) method: &'static str,
    /// What it may be called: `estimate`, `lower_bound`, `scenarios` or `none`.
    pub(super) status: &'static str,
    /// The number.
    pub(super) n: Option<f64>,
    /// Its interval, or the range of the scenarios.
    pub(super) low: Option<f64>,
    /// Its interval, or the range of the scenarios.
    pub(super) high: Option<f64>,
    /// Why there is no number.
    pub(super) reason: Option<String>,
}

impl Headline {
    /// A number with its interval.
    pub(super) fn estimate(
        what: &'static str,
        method: &'static str,
        n: f64,
        ends: Option<(f64, f64)>,
    ) -> Self {
        Self {
            what,
            method,
            status: "estimate",
            n: Some(n),
            low: ends.map(|ends| ends.0),
            high: ends.map(|ends| ends.1),
            reason: None,
        }
    }

    /// A range of scenarios, in which no number is the middle.
    pub(super) fn scenarios(what: &'static str, method: &'static str, low: f64, high: f64) -> Self {
        Self {
            what,
            method,
            status: "scenarios",
            n: None,
            low: Some(low),
            high: Some(high),
            reason: Some("a range of scenarios has no middle that would be the estimate".to_owned()),
        }
    }

    /// A figure for each of several, and none for all of them.
    pub(super) fn several(what: &'static str, method: &'static str) -> Self {
        Self {
            what,
            method,
            status: "estimate",
            n: None,
            low: None,
            high: None,
            reason: Some("there is one figure for each: see the estimates".to_owned()),
        }
    }

    /// No number.
    pub(super) fn none(what: &'static str, method: &'static str, error: &EstimateError) -> Self {
        Self {
            what,
            method,
            status: "none",
            n: None,
            low: None,
            high: None,
            reason: Some(because(error)),
        }
    }

    fn json(&self) -> Value {
        let mut fields = json!({
            "what": self.what, "method": self.method, "status": self.status,
            "n": self.n, "low": self.low, "high": self.high,
        });
        if let (Some(reason), Some(fields)) = (&self.reason, fields.as_object_mut()) {
            fields.insert("reason".to_owned(), json!(reason));
        }
        fields
    }
}

/// A reason as it is printed, in words and in JSON.
pub(super) fn because(error: &EstimateError) -> String {
    format!("cannot be estimated, because {error}")
}

/// A table in words: the first column to the left, the others to the right.
pub(super) struct Grid {
    title: String,
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A table without rows.
    pub(super) fn new(title: impl Into<String>, header: &[&'static str]) -> Self {
        Self {
            title: title.into(),
            header: header.to_vec(),
            rows: Vec::new(),
        }
    }

    /// One row more.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn lines(&self) -> Vec<String> {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
            widest.max(self.header.get(column).map_or(0, |name| name.chars().count()))
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded = cells.zip(&widths).enumerate().map(|(column, (cell, width))| {
                if column == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            format!("  {}", padded.collect::<Vec<_>>().join("  "))
                .trim_end()
                .to_owned()
        };
        let mut lines = vec![self.title.clone(), line(&mut self.header.iter().copied())];
        for row in self.rows.iter().take(MOST_ROWS) {
            lines.push(line(&mut row.iter().map(String::as_str)));
        }
        if let Some(more) = self.rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
            lines.push(format!("  … and {more} more rows: --format json shows all"));
        }
        lines
    }
}

impl Answer {
    /// An answer that begins with its headline, and with a sentence for a person.
    pub(super) fn new(method: &'static str, headline: Headline, sentence: impl Into<String>) -> Self {
        Self {
            method,
            sentence: sentence.into(),
            grids: Vec::new(),
            assumptions: String::new(),
            warnings: Vec::new(),
            headline,
            estimates: Vec::new(),
            fields: Map::new(),
        }
    }

    /// An answer that there is none.
    pub(super) fn none(method: &'static str, what: &'static str, error: &EstimateError) -> Self {
        let headline = Headline::none(what, method, error);
        let sentence = format!("{what} {}.", because(error));
        Self::new(method, headline, capitalised(&sentence))
    }

    /// What is taken for granted.
    pub(super) fn assuming(mut self, assumptions: impl Into<String>) -> Self {
        self.assumptions = assumptions.into();
        self
    }

    /// One key more of the JSON.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(key.to_owned(), value.into());
        self
    }

    /// A table in words.
    pub(super) fn grid(mut self, grid: Grid) -> Self {
        if !grid.rows.is_empty() {
            self.grids.push(grid);
        }
        self
    }

    /// The estimates behind the headline.
    pub(super) fn estimates(mut self, estimates: impl IntoIterator<Item = Value>) -> Self {
        self.estimates.extend(estimates);
        self
    }

    /// A warning: its code, and a sentence.
    pub(super) fn warn(mut self, code: &'static str, sentence: impl Into<String>) -> Self {
        self.warnings.push((code, sentence.into()));
        self
    }

    /// A warning where something holds.
    pub(super) fn warn_if(self, holds: bool, code: &'static str, sentence: impl Into<String>) -> Self {
        if holds { self.warn(code, sentence) } else { self }
    }

    /// The file it came from, and what of that was not used.
    pub(super) fn of_file(self, table: &Table) -> Self {
        let unused = table.unused();
        let path = table.path().to_owned();
        self.with("file", path).warn_if(
            !unused.is_empty(),
            "columns_not_used",
            format!("Columns that were not used: {}.", unused.join(", ")),
        )
    }

    /// Prints it.
    pub(super) fn say(&self, format: Format) {
        match format {
            Format::Json => tell::json(&self.json()),
            Format::Text => self.lines().iter().for_each(|line| tell::line(line)),
        }
    }

    fn json(&self) -> Value {
        let mut fields = self.fields.clone();
        let warnings = self.warnings.iter();
        let warnings: Vec<Value> = warnings
            .map(|(code, sentence)| json!({ "code": code, "sentence": sentence }))
            .collect();
        fields.insert("method".to_owned(), json!(self.method));
        fields.insert("headline".to_owned(), self.headline.json());
        fields.insert("estimates".to_owned(), Value::Array(self.estimates.clone()));
        fields.insert("warnings".to_owned(), Value::Array(warnings));
        fields.insert("assumptions".to_owned(), json!(self.assumptions));
        Value::Object(fields)
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.sentence.clone()];
        for grid in &self.grids {
            lines.push(String::new());
            lines.extend(grid.lines());
        }
        if !self.assumptions.is_empty() {
            lines.extend([String::new(), format!("Taken for granted: {}", self.assumptions)]);
        }
        if !self.warnings.is_empty() {
            lines.push(String::new());
            lines.extend(
                self.warnings
                    .iter()
                    .map(|(_, sentence)| format!("Note: {sentence}")),
            );
        }
        lines
    }
}

/// With a capital at its beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
