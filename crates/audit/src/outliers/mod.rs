//! The outlier procedure, as data: detected, told, data checked, response, published with the response.
//!
//! Only outcome indicators go through it, and only hospitals that stand outside on the worse side. Every step is an entry
//! with a day and a name, appended to a file of the study and never changed. A hospital's outcome may be published only
//! when its procedure has reached that step ([`may_publish`]).
//!
//! Invariant: steps come in order, each once; a day is not before the day of the step before it; a case whose data were
//! wrong is closed and cannot be published. A closed case speaks of the figures that it was opened for and of no others: a
//! hospital that stands outside by other ones is detected anew, also where the data reach up to the same day.
//!
//! The day of a detection is given by whoever asks: no table tells when it was made, so that the same files give the same
//! bytes.

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
    /// Whether its detection stands in the file.
    pub is_entered: bool,
}

/// What tells cases apart: indicator, organisation, last day of the data, and which of these it is, from 1.
pub type CaseKey = (String, String, Date, u32);

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
        let (of, as_of) = (
            (entry.indicator.as_str(), entry.organisation.as_str()),
            entry.as_of,
        );
        let (last, is_closed) =
            latest(&cases, of, as_of).map_or((0, false), |(number, case)| (number, case.is_closed()));
        let is_next = entry.step == Step::Detected && is_closed;
        let number = last.max(1) + u32::from(is_next);
        let key = (entry.indicator.clone(), entry.organisation.clone(), as_of, number);
        let case = cases.entry(key).or_insert(Case {
            entries: Vec::new(),
            still_outside: None,
            is_entered: true,
        });
        case.check(&entry).map_err(|error| fault(error.to_string()))?;
        case.entries.push(entry);
    }
    Ok(cases)
}

/// The last case of an indicator and organisation on data up to a day, with its number.
fn latest<'a>(
    cases: &'a BTreeMap<CaseKey, Case>,
    (indicator, organisation): (&str, &str),
    as_of: Date,
) -> Option<(u32, &'a Case)> {
    let key = |number: u32| (indicator.to_owned(), organisation.to_owned(), as_of, number);
    let mut own = cases.range(key(0)..=key(u32::MAX));
    own.next_back().map(|((_, _, _, number), case)| (*number, case))
}

/// All cases: those of the file, and those that the last run detects and nobody has entered yet, as detected on a day.
///
/// A hospital has one open case of an indicator at a time. Where all are closed, the next one opens for other data or other
/// figures than the last was opened for.
#[must_use]
pub fn all(
    mut cases: BTreeMap<CaseKey, Case>,
    detected: &[Detected],
    as_of: Date,
    on: Date,
) -> BTreeMap<CaseKey, Case> {
    let outside = |indicator: &str, organisation: &str| {
        detected
            .iter()
            .any(|own| own.indicator == indicator && own.organisation == organisation)
    };
    for ((indicator, organisation, ..), case) in &mut cases {
        case.still_outside = Some(outside(indicator, organisation));
    }
    for own in detected {
        let of = (own.indicator.as_str(), own.organisation.as_str());
        let last = latest(&cases, of, as_of);
        let is_told = of_hospital(&cases, of).any(|case| !case.is_closed())
            || last
                .is_some_and(|(_, case)| case.entries.first().is_some_and(|first| first.note == own.words));
        if !is_told {
            let number = last.map_or(1, |(number, _)| number + 1);
            open(&mut cases, of, (as_of, number), (on, own.words.as_str()));
        }
    }
    cases
}

/// Opens the next case of a hospital whose last one ended with wrong data, if it still stands outside by the figures of that
/// case: the corrected data left them as they were.
///
/// Gives the key of the case; none where there is nothing to open.
pub fn open_again(
    cases: &mut BTreeMap<CaseKey, Case>,
    indicator: &str,
    organisation: &str,
    on: Date,
) -> Option<CaseKey> {
    let of = (indicator, organisation);
    if of_hospital(cases, of).any(|case| !case.is_closed()) {
        return None;
    }
    let case = of_hospital(cases, of).next_back()?;
    let is_wrong = case.last().is_some_and(|last| last.step == Step::DataWrong);
    let first = case.entries.first().filter(|_| is_wrong)?.clone();
    if case.still_outside != Some(true) {
        return None;
    }
    let (number, _) = latest(cases, of, first.as_of)?;
    let place = (first.as_of, number + 1);
    open(cases, of, place, (on, first.note.as_str()));
    Some((indicator.to_owned(), organisation.to_owned(), place.0, place.1))
}

/// The cases of an indicator and organisation, on all data.
fn of_hospital<'a>(
    cases: &'a BTreeMap<CaseKey, Case>,
    (indicator, organisation): (&'a str, &'a str),
) -> impl DoubleEndedIterator<Item = &'a Case> {
    cases
        .iter()
        .filter(move |((own, body, ..), _)| own == indicator && body == organisation)
        .map(|(_, case)| case)
}

/// Opens a case: on data up to a day, of a number, detected on a day, in these words.
fn open(
    cases: &mut BTreeMap<CaseKey, Case>,
    (indicator, organisation): (&str, &str),
    (as_of, number): (Date, u32),
    (on, words): (Date, &str),
) {
    let detection = Entry {
        indicator: indicator.to_owned(),
        organisation: organisation.to_owned(),
        as_of,
        step: Step::Detected,
        on,
        by: "counted".to_owned(),
        note: words.to_owned(),
    };
    let key = (indicator.to_owned(), organisation.to_owned(), as_of, number);
    cases.insert(
        key,
        Case {
            entries: vec![detection],
            still_outside: Some(true),
            is_entered: false,
        },
    );
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

    /// Whether nothing was done before it stood within the limits again: then nothing is left to do.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let only_detected = self.last().is_some_and(|last| last.step == Step::Detected);
        only_detected && self.still_outside == Some(false)
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
/// It may where the hospital does not stand outside, and where its procedure has come to `published`; never in between. Of
/// several cases the last one says it, once all are closed: after wrong data, that corrected ones no longer lie outside.
#[must_use]
pub fn may_publish(cases: &BTreeMap<CaseKey, Case>, indicator: &str, organisation: &str) -> bool {
    let ended = |case: &Case| match case.last().map(|last| last.step) {
        Some(Step::Published) => true,
        Some(Step::DataWrong) => case.still_outside == Some(false),
        _ => case.is_settled(),
    };
    let of = (indicator, organisation);
    let is_open = of_hospital(cases, of).any(|case| !case.is_closed() && !case.is_settled());
    !is_open && of_hospital(cases, of).next_back().is_none_or(ended)
}
