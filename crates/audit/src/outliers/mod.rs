//! The outlier procedure, as data: detected, told, data checked, response, published with the response.
//!
//! Only outcome indicators go through it, and only hospitals that stand outside on the worse side. Every step is an entry
//! with a day and a name, appended to a file of the study and never changed. A hospital's outcome may be published only
//! when its procedure has reached that step ([`may_publish`]).
//!
//! Invariant: steps come in order, each once; a day is not before the day of the step before it; a case whose data were
//! wrong is closed and cannot be published.

mod detect;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vocabulary::date::Date;

pub use detect::{Detected, detect};

/// A step of the procedure, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Found outside the limits by a run.
    Detected,
    /// The organisation was told.
    Told,
    /// It checked its data and found them right.
    DataChecked,
    /// It found its data wrong: corrected data follow, and this case ends.
    DataWrong,
    /// Its response came, or the time for one passed.
    Response,
    /// The figure was published, with the response.
    Published,
}

impl Step {
    /// The word in files and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Told => "told",
            Self::DataChecked => "data_checked",
            Self::DataWrong => "data_wrong",
            Self::Response => "response",
            Self::Published => "published",
        }
    }

    /// What may follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Detected => &[Self::Told],
            Self::Told => &[Self::DataChecked, Self::DataWrong],
            Self::DataChecked => &[Self::Response],
            Self::Response => &[Self::Published],
            Self::DataWrong | Self::Published => &[],
        }
    }
}

/// One step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The outcome indicator.
    pub indicator: String,
    /// Code of the organisation.
    pub organisation: String,
    /// Last day of the data in which it was detected.
    pub as_of: Date,
    /// The step.
    pub step: Step,
    /// The day.
    pub on: Date,
    /// Who took it.
    pub by: String,
    /// What was said: the response itself, or what was wrong with the data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One hospital's procedure on one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The steps taken, in order.
    pub entries: Vec<Entry>,
    /// Whether it stands outside in the last run; none where that is not known.
    pub still_outside: Option<bool>,
}

/// What tells cases apart: indicator, organisation, last day of the data.
pub type CaseKey = (String, String, Date);

/// How many working days each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    told: u32,
    data_checked: u32,
    response: u32,
    published: u32,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutlierError {
    /// A line of the file cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// The step does not come next.
    #[error("`{step}` does not come after `{last}`; what may come is {may}")]
    Order {
        /// The step asked for.
        step: &'static str,
        /// The last one taken.
        last: &'static str,
        /// Words for what may come.
        may: String,
    },
    /// The day lies before the last step's.
    #[error("{on} is before {last}, the day of the step before")]
    Earlier {
        /// The day given.
        on: Date,
        /// The day of the last step.
        last: Date,
    },
    /// Nothing to take a step in.
    #[error(
        "{organisation} is not outside the limits on `{indicator}` in this study, so there is no procedure to follow"
    )]
    NoCase {
        /// The indicator.
        indicator: String,
        /// The organisation.
        organisation: String,
    },
    /// A step that says nothing.
    #[error("`{0}` needs words: what was found, or what the organisation answers")]
    NeedsNote(&'static str),
}

impl Deadlines {
    /// The deadlines in the text of `outliers.toml`.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            days: Deadlines,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(file.days)
    }

    /// The last working day on which the step after this one is in time; none where nothing follows.
    #[must_use]
    pub fn due(&self, last: &Entry) -> Option<Date> {
        let days = match last.step {
            Step::Detected => self.told,
            Step::Told => self.data_checked,
            Step::DataChecked => self.response,
            Step::Response => self.published,
            Step::DataWrong | Step::Published => return None,
        };
        Some(working_days_after(last.on, days))
    }
}

/// So many working days (Monday to Friday) after a day.
fn working_days_after(mut day: Date, days: u32) -> Date {
    let mut left = days;
    while left > 0 {
        day = day.plus_days(1);
        // 1 January 1970 was a Thursday: day 2 is a Saturday and day 3 a Sunday.
        if !matches!(day.days().rem_euclid(7), 2 | 3) {
            left -= 1;
        }
    }
    day
}

/// Reads the file of entries; an empty text has none.
///
/// Every line is checked as if it were taken now, so that a line changed by hand is found.
pub fn read(text: &str) -> Result<BTreeMap<CaseKey, Case>, OutlierError> {
    let mut cases: BTreeMap<CaseKey, Case> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let fault = |why: String| OutlierError::Line { line: index + 1, why };
        let entry: Entry = serde_json::from_str(line).map_err(|error| fault(error.to_string()))?;
        let key = (entry.indicator.clone(), entry.organisation.clone(), entry.as_of);
        let case = cases.entry(key).or_insert(Case {
            entries: Vec::new(),
            still_outside: None,
        });
        case.check(&entry).map_err(|error| fault(error.to_string()))?;
        case.entries.push(entry);
    }
    Ok(cases)
}

/// All cases: those of the file, and those that the last run detects and nobody has entered yet.
#[must_use]
pub fn all(
    mut cases: BTreeMap<CaseKey, Case>,
    detected: &[Detected],
    as_of: Date,
) -> BTreeMap<CaseKey, Case> {
    let outside = |indicator: &str, organisation: &str| {
        detected
            .iter()
            .any(|own| own.indicator == indicator && own.organisation == organisation)
    };
    for ((indicator, organisation, _), case) in &mut cases {
        case.still_outside = Some(outside(indicator, organisation));
    }
    for own in detected {
        let open = cases.iter().any(|((indicator, organisation, _), case)| {
            *indicator == own.indicator && *organisation == own.organisation && !case.is_closed()
        });
        if !open {
            let key = (own.indicator.clone(), own.organisation.clone(), as_of);
            cases.entry(key).or_insert_with(|| Case {
                entries: vec![Entry {
                    indicator: own.indicator.clone(),
                    organisation: own.organisation.clone(),
                    as_of,
                    step: Step::Detected,
                    on: as_of,
                    by: "counted".to_owned(),
                    note: own.words.clone(),
                }],
                still_outside: Some(true),
            });
        }
    }
    cases
}

impl Case {
    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// Whether nothing follows.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.last().is_some_and(|last| last.step.next().is_empty())
    }

    /// Whether an entry may come next.
    pub fn check(&self, entry: &Entry) -> Result<(), OutlierError> {
        let Some(last) = self.last() else {
            return if entry.step == Step::Detected {
                Ok(())
            } else {
                Err(OutlierError::Order {
                    step: entry.step.word(),
                    last: "nothing",
                    may: Step::Detected.word().to_owned(),
                })
            };
        };
        if !last.step.next().contains(&entry.step) {
            let may: Vec<String> = last
                .step
                .next()
                .iter()
                .map(|step| format!("`{}`", step.word()))
                .collect();
            return Err(OutlierError::Order {
                step: entry.step.word(),
                last: last.step.word(),
                may: if may.is_empty() {
                    "nothing".to_owned()
                } else {
                    may.join(" or ")
                },
            });
        }
        if entry.on < last.on {
            return Err(OutlierError::Earlier {
                on: entry.on,
                last: last.on,
            });
        }
        let silent = entry.note.trim().is_empty();
        if silent && matches!(entry.step, Step::Response | Step::DataWrong) {
            return Err(OutlierError::NeedsNote(entry.step.word()));
        }
        Ok(())
    }
}

/// Whether an organisation's outcome may be shown to the public.
///
/// It may where the hospital does not stand outside, and where its procedure has come to `published`; never in between.
#[must_use]
pub fn may_publish(cases: &BTreeMap<CaseKey, Case>, indicator: &str, organisation: &str) -> bool {
    cases
        .iter()
        .filter(|((own, body, _), _)| own == indicator && body == organisation)
        .all(|(_, case)| case.last().is_some_and(|last| last.step == Step::Published))
}
