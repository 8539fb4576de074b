//! What the reading of files yields besides its Parquet parts: shared by the readers of rows and of XML.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vocabulary::cover::Months;
use vocabulary::date::Date;

use crate::error::IntakeError;
use crate::problem::Problems;

/// Where a reader writes the identities of one file.
#[must_use]
pub fn identities_part(out: &Path, file: u32) -> PathBuf {
    out.join("identities").join(format!("{file:05}.parquet"))
}

/// Where a reader writes the rows of a table (`admissions`, `cosd.metastasis`) from one file.
#[must_use]
pub fn records_part(out: &Path, table: &str, file: u32) -> PathBuf {
    out.join("records").join(table).join(format!("{file:05}.parquet"))
}

/// Where the rows of such a table that speak of a tumour are written once more.
#[must_use]
pub(crate) fn excerpt_part(out: &Path, table: &str, file: u32) -> PathBuf {
    out.join("excerpts")
        .join(table)
        .join(format!("{file:05}.parquet"))
}

/// A row of `files.parquet`, but for what the framework knows already (source and kind).
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct FileFacts {
    /// Number of the file in this study: sources in order, paths in order, from 0.
    pub file: u32,
    /// Path relative to the study, `/` on every system.
    pub path: String,
    /// BLAKE3 of the content, in hexadecimal.
    pub hash: String,
    /// Records in the file, those set aside included.
    pub rows: u64,
    /// Version of the standard it follows, where it says so.
    pub version: Option<String>,
    /// When it says it was made, else the stamp in its name.
    pub created: Option<Date>,
    /// Who sent it.
    pub organisation: Option<String>,
    /// First day of the period it reports.
    pub period_start: Option<Date>,
    /// Last day of the period it reports.
    pub period_end: Option<Date>,
}

/// Why a record is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It cannot be read.
    Unparsable,
    /// It repeats another record, word for word.
    Repeated,
    /// A later file holds a newer version of it.
    Superseded,
    /// It lies after the study's `as_of`.
    AfterAsOf,
}

impl Reason {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Unparsable => "unparsable",
            Reason::Repeated => "repeated",
            Reason::Superseded => "superseded",
            Reason::AfterAsOf => "after_as_of",
        }
    }

    /// The reason of a word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [
            Self::Unparsable,
            Self::Repeated,
            Self::Superseded,
            Self::AfterAsOf,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == word)
    }
}

/// A record that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Number of the file.
    pub file: u32,
    /// Record number in the file, from 1.
    pub row: u64,
    /// COSD: `Id/@root` as written.
    pub record: Option<Box<str>>,
    /// Why.
    pub reason: Reason,
    /// The record that stands in its place: file and row.
    pub by: Option<(u32, u64)>,
}

/// How many records one organisation sent, and of which months.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// Records in identities, those without a date among them.
    pub records: u64,
    /// Records that have a date, by month.
    pub months: Months,
}

impl Span {
    /// Counts one record.
    pub fn add(&mut self, event_date: Option<Date>) {
        self.add_month(event_date.map(Date::first_of_month), 1);
    }

    /// Counts the records of a month, given by its first day, or of no date.
    pub fn add_month(&mut self, month: Option<Date>, records: u64) {
        self.records += records;
        if let Some(month) = month {
            *self.months.entry(month).or_default() += records;
        }
    }

    /// Joins two spans of one organisation.
    pub fn join(&mut self, other: &Span) {
        self.records += other.records;
        for (month, records) in &other.months {
            *self.months.entry(*month).or_default() += records;
        }
    }

    /// First day of the first month with a record that has a date.
    #[must_use]
    pub fn first_month(&self) -> Option<Date> {
        self.months.keys().next().copied()
    }

    /// First day of the last month with a record that has a date.
    #[must_use]
    pub fn last_month(&self) -> Option<Date> {
        self.months.keys().next_back().copied()
    }

    /// Records by month; those without a date, if there are any, come first and without a month.
    pub(crate) fn by_month(&self) -> impl Iterator<Item = (Option<Date>, u64)> + '_ {
        let dated: u64 = self.months.values().sum();
        let undated = Some((None, self.records - dated)).filter(|(_, records)| *records > 0);
        let dated = self.months.iter();
        undated
            .into_iter()
            .chain(dated.map(|(month, records)| (Some(*month), *records)))
    }
}

/// Which organisations sent what, by code as sent in upper case (empty when none was sent). Records in
/// identities only.
pub type Coverage = BTreeMap<String, Span>;

/// All that one file yielded besides its parts.
#[derive(Debug, Default)]
pub struct FileOutcome {
    /// Its row of `files.parquet`.
    pub facts: FileFacts,
    /// What is wrong with it.
    pub problems: Problems,
    /// Its records that are not used. With those in identities and those passed over they make up `facts.rows`.
    pub set_aside: Vec<SetAside>,
    /// Who sent what.
    pub coverage: Coverage,
    /// Records written to identities.
    pub in_identities: u64,
    /// Records that were not read further since they speak of no tumour; none unless that was asked for.
    pub passed_over: u64,
    /// The latest date that any cell of a row holds, used or not.
    pub latest: Option<Date>,
    /// Why the whole file was set aside, where its source allows that. Then it yields no rows.
    pub unreadable: Option<IntakeError>,
}

/// A COSD file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosdInput {
    /// Number of the file in this study.
    pub file: u32,
    /// Path relative to the study, `/` on every system.
    pub path: String,
    /// Where it lies.
    pub absolute: PathBuf,
    /// `unreadable = "set-aside"`: a file that fails is left out and named in
    /// [`FileOutcome::unreadable`]; otherwise its error ends the run.
    pub set_aside_unreadable: bool,
}

/// What reading all COSD files yielded: one outcome a file, in the order of the inputs.
#[derive(Debug, Default)]
pub struct CosdOutcome {
    /// One outcome a file.
    pub files: Vec<FileOutcome>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_by_month_and_those_without_a_date_apart() {
        let day = |text: &str| -> Option<Date> { Some(text.parse().unwrap()) };
        let mut span = Span::default();
        for date in [day("2022-03-31"), None, day("2022-01-05"), day("2022-03-01")] {
            span.add(date);
        }
        let mut other = Span::default();
        other.add(day("2021-12-31"));
        span.join(&other);
        let months: Vec<(Option<Date>, u64)> = span.by_month().collect();
        let expected = [
            (None, 1),
            (day("2021-12-01"), 1),
            (day("2022-01-01"), 1),
            (day("2022-03-01"), 2),
        ];
        assert_eq!(months, expected);
        assert_eq!(
            (span.first_month(), span.last_month()),
            (day("2021-12-01"), day("2022-03-01"))
        );
        assert_eq!(span.records, 5);
    }
}
