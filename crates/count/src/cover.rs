//! Which nations the sources cover, which of them record, and which organisations answered: a zero may be said only
//! where something looked.
//!
//! Invariant: what no source covers is missing, never zero. Codes are taken as sent and resolved by the registry.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::CountError;
use crate::error::at;
use crate::periods::{Measure, Period, Span};

/// The kinds of source in which a hospital states that someone has secondary breast cancer.
const RECORDING: [&str; 2] = ["cosd", "form"];

/// First and last day with data; a bound that is not known does not bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    first: Option<Date>,
    last: Option<Date>,
}

impl Days {
    fn touches(self, span: &Span) -> bool {
        self.first.is_none_or(|first| first <= span.last) && self.last.is_none_or(|last| last >= span.first)
    }

    /// Whether more than half of a span lies in them.
    fn holds_most_of(self, span: &Span) -> bool {
        let from = self.first.map_or(span.first, |first| first.max(span.first));
        let to = self.last.map_or(span.last, |last| last.min(span.last));
        let days = |first: Date, last: Date| i64::from(last.days()) - i64::from(first.days()) + 1;
        2 * days(from, to) > days(span.first, span.last)
    }

    fn begun_by(self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day)
    }
}

/// Who sent what, and when.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    whole: Vec<Days>,
    nations: BTreeMap<String, Vec<Days>>,
    recording: BTreeMap<String, Vec<Days>>,
    sent: BTreeMap<String, Vec<Days>>,
    /// By kind of source and nation, and by kind of source and organisation.
    of_nations: BTreeMap<(String, String), Vec<Days>>,
    of_organisations: BTreeMap<(String, String), Vec<Days>>,
    /// By kind of source, what belongs to no nation, such as a register of deaths of all.
    of_no_nation: BTreeMap<String, Vec<Days>>,
    /// Last day of the last COSD reporting period.
    pub last_cosd: Option<Date>,
}

impl Cover {
    /// Reads `coverage.parquet` and `files.parquet` of the stage intake.
    pub(crate) fn read(intake: &Path, registry: &Registry) -> Result<Self, CountError> {
        let mut cover = Self::default();
        cover.read_coverage(&intake.join("coverage.parquet"), registry)?;
        cover.read_files(&intake.join("files.parquet"), registry)?;
        Ok(cover)
    }

    fn read_coverage(&mut self, path: &Path, registry: &Registry) -> Result<(), CountError> {
        let step = || at("reading which bodies sent what (coverage)");
        for batch in TableReader::open(path).map_err(step())? {
            let batch = batch.map_err(step())?;
            let (kinds, bodies) = (
                batch.text("kind").map_err(step())?,
                batch.text("organisation").map_err(step())?,
            );
            let (nations, records) = (
                batch.text("nation").map_err(step())?,
                batch.integer("records").map_err(step())?,
            );
            let (firsts, lasts) = (
                batch.date("first_month").map_err(step())?,
                batch.date("last_month").map_err(step())?,
            );
            for row in 0..batch.rows() {
                if records.get(row).unwrap_or(0) <= 0 {
                    continue;
                }
                let days = Days {
                    first: firsts.get(row).map(Date::first_of_month),
                    last: lasts.get(row).map(Date::last_of_month),
                };
                let kind = kinds.get(row).unwrap_or_default();
                self.add(kind, bodies.get(row), nations.get(row), days, registry);
            }
        }
        Ok(())
    }

    /// A submitted COSD file is an answer, also when it holds nobody.
    fn read_files(&mut self, path: &Path, registry: &Registry) -> Result<(), CountError> {
        let step = || at("reading the list of files");
        for batch in TableReader::open(path).map_err(step())? {
            let batch = batch.map_err(step())?;
            let (kinds, bodies) = (
                batch.text("kind").map_err(step())?,
                batch.text("organisation").map_err(step())?,
            );
            let (starts, ends) = (
                batch.date("period_start").map_err(step())?,
                batch.date("period_end").map_err(step())?,
            );
            for row in 0..batch.rows() {
                if kinds.get(row) != Some("cosd") {
                    continue;
                }
                let days = Days {
                    first: starts.get(row),
                    last: ends.get(row),
                };
                self.last_cosd = self.last_cosd.max(days.last);
                if bodies.get(row).is_some() {
                    self.add("cosd", bodies.get(row), None, days, registry);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, kind: &str, body: Option<&str>, nation: Option<&str>, days: Days, registry: &Registry) {
        let known = body.and_then(|code| match registry.resolve(code) {
            Resolved::Known(organisation) => Some(organisation),
            Resolved::Outside(_) => None,
        });
        let recording = RECORDING.contains(&kind);
        self.whole.push(days);
        if let Some(organisation) = known {
            let key = (kind.to_owned(), organisation.code.clone());
            self.of_organisations.entry(key).or_default().push(days);
        }
        let nation = nation.or(known.map(|organisation| organisation.nation.as_str()));
        if let Some(nation) = nation {
            self.nations.entry(nation.to_owned()).or_default().push(days);
            let key = (kind.to_owned(), nation.to_owned());
            self.of_nations.entry(key).or_default().push(days);
            if recording {
                self.recording.entry(nation.to_owned()).or_default().push(days);
            }
        } else {
            self.of_no_nation.entry(kind.to_owned()).or_default().push(days);
        }
        if let (true, Some(organisation)) = (recording, known) {
            self.sent.entry(organisation.code.clone()).or_default().push(days);
        }
    }

    /// Every nation from which something was sent.
    pub(crate) fn nations(&self) -> impl Iterator<Item = &str> {
        self.nations.keys().map(String::as_str)
    }

    /// Whether any source of a nation reaches into a period; without a nation, whether any source does.
    pub(crate) fn covers(&self, nation: Option<&str>, period: &Period) -> bool {
        let days = match nation {
            Some(nation) => self.nations.get(nation),
            None => Some(&self.whole),
        };
        reaches(days, period)
    }

    /// Whether a recording source of a nation reaches into a period; without a nation, whether any does.
    pub(crate) fn records(&self, nation: Option<&str>, period: &Period) -> bool {
        match nation {
            Some(nation) => reaches(self.recording.get(nation), period),
            None => self.recording.values().any(|days| reaches(Some(days), period)),
        }
    }

    /// Whether a source of one of these kinds reaches into a span in a nation, or belongs to no nation; without a nation, whether
    /// any does.
    pub(crate) fn looks(&self, kinds: &[&str], nation: Option<&str>, span: &Span) -> bool {
        let touches = |days: &Vec<Days>| days.iter().any(|days| days.touches(span));
        let of_nation = self.of_nations.iter().any(|((kind, own), days)| {
            kinds.contains(&kind.as_str()) && nation.is_none_or(|nation| nation == own) && touches(days)
        });
        let of_none = |kind: &&str| self.of_no_nation.get(*kind).is_some_and(touches);
        of_nation || kinds.iter().any(of_none)
    }

    /// Whether an organisation's own recording source reaches into a period.
    pub(crate) fn records_of(&self, organisation: &str, period: &Period) -> bool {
        reaches(self.sent.get(organisation), period)
    }

    /// Whether a kind of source covers most of a span in a nation, whoever sent it.
    pub(crate) fn sent_for_nation(&self, kind: &str, nation: &str, span: &Span) -> bool {
        let days = self.of_nations.get(&(kind.to_owned(), nation.to_owned()));
        days.is_some_and(|days| days.iter().any(|days| days.holds_most_of(span)))
    }

    /// Whether an organisation sent a kind of source over most of a span.
    pub(crate) fn sent_by_organisation(&self, kind: &str, organisation: &str, span: &Span) -> bool {
        let days = self
            .of_organisations
            .get(&(kind.to_owned(), organisation.to_owned()));
        days.is_some_and(|days| days.iter().any(|days| days.holds_most_of(span)))
    }

    /// Whether an organisation sent COSD or a form over a span.
    pub(crate) fn answered(&self, organisation: &str, span: &Span) -> bool {
        self.sent
            .get(organisation)
            .is_some_and(|days| days.iter().any(|days| days.touches(span)))
    }
}

/// People living on a day may have been found long before it, so there it is enough that the data had begun.
fn reaches(days: Option<&Vec<Days>>, period: &Period) -> bool {
    days.is_some_and(|days| {
        days.iter().any(|days| match period.measure {
            Measure::Living => days.begun_by(period.span.last),
            Measure::New | Measure::Died => days.touches(&period.span),
        })
    })
}
