//! How many times as many people there will be, as the estimate projects it (table `projection`).

use std::path::Path;

use engine::{EngineError, TableReader};

use super::Range;

/// Growth by the end of one year to come, if new cases go on in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// How new cases go on, in words.
    pub words: &'static str,
    /// Years after the last whole one, from 1.
    pub years: u32,
    /// The day, which is the last of a year.
    pub on: String,
    /// People living then over those living at the end of the last whole year.
    pub times: Range,
}

impl Growth {
    /// The year at whose end it is.
    #[must_use]
    pub fn year(&self) -> &str {
        self.on.split('-').next().unwrap_or(&self.on)
    }

    /// The day from which it grows: the last of the last whole year.
    #[must_use]
    pub fn base(&self) -> Option<String> {
        let year: u32 = self.year().parse().ok()?;
        Some(format!("{:04}-12-31", year.checked_sub(self.years)?))
    }
}

/// The growth of the whole country, year by year; the reason where the estimate cannot say it.
///
/// **When it fails.** It is the country's: a hospital that grows otherwise is not seen. What better treatment will add to
/// survival is in none of it.
///
/// **Errors.** A table that cannot be read.
pub fn growth(projection: &Path) -> Result<Result<Vec<Growth>, String>, EngineError> {
    let mut found: Vec<Growth> = Vec::new();
    let mut reason = None;
    for batch in TableReader::open(projection)? {
        let batch = batch?;
        let (new_cases, reasons) = (batch.text("new_cases")?, batch.text("reason")?);
        let period = batch.text("period")?;
        let [value, low, high] = ["times_now", "times_low", "times_high"].map(|column| batch.real(column));
        let (value, low, high) = (value?, low?, high?);
        for row in 0..batch.rows() {
            let words = new_cases.get(row).and_then(words);
            let times = value.get(row).zip(low.get(row)).zip(high.get(row));
            if let Some((words, ((value, low), high))) = words.zip(times) {
                let before = found.iter().filter(|growth| growth.words == words).count();
                found.push(Growth {
                    words,
                    years: before as u32 + 1,
                    on: period.get(row).unwrap_or_default().to_owned(),
                    times: Range { value, low, high },
                });
            }
            reason = reason.or(reasons.get(row).map(str::to_owned));
        }
    }
    let without = || reason.unwrap_or_else(|| "this study has no estimate".to_owned());
    Ok(if found.is_empty() {
        Err(without())
    } else {
        Ok(found)
    })
}

fn words(name: &str) -> Option<&'static str> {
    Some(match name {
        "as_now" => "new cases stay as they are",
        "trend_fades" => "the trend of new cases goes on and fades",
        "trend_goes_on" => "the trend of new cases goes on",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_from_the_end_of_the_last_whole_year() {
        let growth = Growth {
            words: "new cases stay as they are",
            years: 5,
            on: "2029-12-31".to_owned(),
            times: Range {
                value: 1.1,
                low: 1.0,
                high: 1.2,
            },
        };
        assert_eq!(
            (growth.year(), growth.base().as_deref()),
            ("2029", Some("2024-12-31"))
        );
    }
}
