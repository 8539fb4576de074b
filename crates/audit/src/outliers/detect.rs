//! Which hospitals stand outside on the worse side of an outcome, by the tables of a run.

use std::path::Path;

use engine::{EngineError, TableReader};

use crate::cells::ALL;
use crate::definition::{Direction, Role, Standards};

/// A hospital outside the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The outcome indicator.
    pub indicator: String,
    /// Code of the organisation.
    pub organisation: String,
    /// Whether it is outside the 99.8 % limits, not only the 95 % ones.
    pub alarm: bool,
    /// The flag in words, with the figures that it rests on.
    pub words: String,
}

/// Reads the table `standards` of a run, over its whole period.
pub fn detect(tables: &Path, standards: &Standards) -> Result<Vec<Detected>, EngineError> {
    let mut found = Vec::new();
    let path = tables.join("standards.parquet");
    let columns = [
        "organisation",
        "period",
        "indicator",
        "flag",
        "numerator",
        "denominator",
        "expected",
    ];
    for batch in TableReader::open_columns(&path, &columns)? {
        let batch = batch?;
        let (numerator, denominator) = (batch.integer("numerator")?, batch.integer("denominator")?);
        let expected = batch.real("expected")?;
        let (organisation, period) = (batch.text("organisation")?, batch.text("period")?);
        let (indicator, flag) = (batch.text("indicator")?, batch.text("flag")?);
        for row in 0..batch.rows() {
            let (Some(organisation), Some(ALL), Some(indicator), Some(flag)) = (
                organisation.get(row),
                period.get(row),
                indicator.get(row),
                flag.get(row),
            ) else {
                continue;
            };
            let asked = standards
                .indicator(indicator)
                .filter(|own| own.role == Role::Outcome);
            let worse = asked.and_then(|own| worse(own.direction, flag));
            if let Some(alarm) = worse.filter(|_| organisation != ALL) {
                found.push(Detected {
                    indicator: indicator.to_owned(),
                    organisation: organisation.to_owned(),
                    alarm,
                    words: words(
                        alarm,
                        numerator.get(row).zip(denominator.get(row)),
                        expected.get(row),
                    ),
                });
            }
        }
    }
    Ok(found)
}

/// A flag in words. The figures stand in them, so that a case tells the data it was opened for from later ones.
pub(super) fn words(alarm: bool, counts: Option<(i64, i64)>, expected: Option<f64>) -> String {
    let mut words = if alarm {
        "beyond the 99.8 % limits (alarm)".to_owned()
    } else {
        "beyond the 95 % limits (alert)".to_owned()
    };
    if let Some((yes, known)) = counts {
        words.push_str(&format!(": {yes} of {known}"));
    }
    if let Some(expected) = expected {
        words.push_str(&format!(", {expected:.2} expected"));
    }
    words
}

/// Whether a flag is on the worse side, and an alarm.
pub(super) fn worse(direction: Direction, flag: &str) -> Option<bool> {
    match (direction, flag) {
        (Direction::Lower, "high_99_8") | (Direction::Higher, "low_99_8") => Some(true),
        (Direction::Lower, "high_95") | (Direction::Higher, "low_95") => Some(false),
        _ => None,
    }
}
