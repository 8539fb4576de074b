//! Which nations the sources cover, which of them record, and which organisations answered: a zero may be said only
//! where something looked.
//!
//! Invariant: what no source covers is missing, never zero; so is a month in the middle of which no file was sent. Codes are
//! taken as sent and resolved by the registry.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;
use estimate::joint::Loudness;
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::CountError;
use crate::error::at;
use crate::estimating::Warning;
use crate::periods::{Measure, Period, Span};
use crate::senders::Senders;

/// The kinds of source in which a hospital states that someone has secondary breast cancer.
const RECORDING: [&str; 2] = ["cosd", "form"];

/// Days that each kind of source covers in each nation, or in none.
pub(crate) type Given = BTreeMap<(String, Option<String>), Spans>;

/// Who sent what, and when. Each list holds the days of one sender after the other.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    whole: Vec<Spans>,
    nations: BTreeMap<String, Vec<Spans>>,
    recording: BTreeMap<String, Vec<Spans>>,
    sent: BTreeMap<String, Vec<Spans>>,
    /// By kind of source and nation, and by kind of source and organisation.
    of_nations: BTreeMap<(String, String), Vec<Spans>>,
    of_organisations: BTreeMap<(String, String), Vec<Spans>>,
    /// By kind of source, what belongs to no nation, such as a register of deaths of all.
    of_no_nation: BTreeMap<String, Vec<Spans>>,
    /// By kind of source and who sends it: days in the middle of which no file was sent.
    silent: BTreeMap<(String, String), Spans>,
    /// Who sends whose COSD, month by month.
    senders: Senders,
    /// Last day of the last COSD reporting period.
    pub last_cosd: Option<Date>,
}

/// A submitted COSD file: who sent it, and of which days.
struct CosdFile {
    sender: Option<String>,
    first: Option<Date>,
    last: Option<Date>,
}

impl Cover {
    /// Reads `coverage.parquet`, `months.parquet` and `files.parquet` of the stage intake. Days that are given count instead
    /// of those from first to last month in `coverage`.
    pub(crate) fn read(intake: &Path, registry: &Registry, given: &Given) -> Result<Self, CountError> {
        let mut cover = Self::default();
        for ((kind, nation), days) in given {
            cover.add_place(kind, nation.as_deref(), days);
        }
        let files = cosd_files(&intake.join("files.parquet"))?;
        let senders = senders(&intake.join("months.parquet"), &files, registry)?;
        cover.read_coverage(&intake.join("coverage.parquet"), registry, (given, &senders))?;
        for file in &files {
            cover.add_file(file, registry);
        }
        cover.senders = senders;
        Ok(cover)
    }

    fn read_coverage(
        &mut self,
        path: &Path,
        registry: &Registry,
        (given, senders): (&Given, &Senders),
    ) -> Result<(), CountError> {
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
                let kind = kinds.get(row).unwrap_or_default();
                let sent = between(
                    firsts.get(row).map(Date::first_of_month),
                    lasts.get(row).map(Date::last_of_month),
                );
                let body = bodies.get(row).and_then(|code| known(registry, code));
                let nation = nations.get(row).or(body.map(|(_, nation)| nation));
                let place = (kind.to_owned(), nation.map(str::to_owned));
                let days = if let Some(days) = given.get(&place) {
                    sent.within(days)
                } else {
                    self.add_place(kind, nation, &sent);
                    sent
                };
                if let Some((code, _)) = body {
                    let silence = senders.silence(kind, code).within(&days);
                    for sender in senders.of(kind, code) {
                        // What stands where a sender should may be anything; only what is known is told.
                        let sender =
                            known(registry, sender).map_or("a sender not in the list", |(code, _)| code);
                        self.note(kind, sender, (&silence, &days));
                    }
                    self.add_body(kind, code, days.without(&silence));
                }
            }
        }
        Ok(())
    }

    /// A submitted COSD file is an answer, also when it holds nobody.
    fn add_file(&mut self, file: &CosdFile, registry: &Registry) {
        self.last_cosd = self.last_cosd.max(file.last);
        let Some(sender) = &file.sender else {
            return;
        };
        let days = between(file.first, file.last);
        let known = known(registry, sender);
        self.add_place("cosd", known.map(|(_, nation)| nation), &days);
        if let Some((code, _)) = known {
            self.add_body("cosd", code, days);
        }
    }

    fn add_place(&mut self, kind: &str, nation: Option<&str>, days: &Spans) {
        self.whole.push(days.clone());
        let Some(nation) = nation else {
            let none = self.of_no_nation.entry(kind.to_owned()).or_default();
            none.push(days.clone());
            return;
        };
        let key = (kind.to_owned(), nation.to_owned());
        self.nations
            .entry(nation.to_owned())
            .or_default()
            .push(days.clone());
        self.of_nations.entry(key).or_default().push(days.clone());
        if RECORDING.contains(&kind) {
            self.recording
                .entry(nation.to_owned())
                .or_default()
                .push(days.clone());
        }
    }

    fn add_body(&mut self, kind: &str, code: &str, days: Spans) {
        if RECORDING.contains(&kind) {
            self.sent.entry(code.to_owned()).or_default().push(days.clone());
        }
        let key = (kind.to_owned(), code.to_owned());
        self.of_organisations.entry(key).or_default().push(days);
    }

    /// Keeps the silences with records before and after them, to be told.
    fn note(&mut self, kind: &str, sender: &str, (silence, days): (&Spans, &Spans)) {
        let between = silence
            .pieces()
            .filter(|(first, last)| days.first() < Some(*first) && Some(*last) < days.last());
        let between = Spans::of(between);
        if !between.is_empty() {
            let noted = self
                .silent
                .entry((kind.to_owned(), sender.to_owned()))
                .or_default();
            *noted = noted.joined(&between);
        }
    }

    /// What somebody must know of files that are missing in the middle: one warning for all.
    pub(crate) fn warning(&self) -> Option<Warning> {
        if self.silent.is_empty() {
            return None;
        }
        let told = self.silent.iter().map(|((kind, sender), days)| {
            let days = days
                .pieces()
                .map(|(first, last)| format!("from {first} to {last}"));
            format!("`{kind}` of {sender} {}", days.collect::<Vec<_>>().join(" and "))
        });
        Some(Warning {
            rule: "silent_senders".to_owned(),
            level: Loudness::Alarm.name(),
            message: format!(
                "No records, or next to none, though there are before and after: {}. Is a file missing? Then put it into the \
                 study and run again. Until then the hospitals of which it would speak are shown in these months as having \
                 sent no records, not as recording nobody.",
                told.collect::<Vec<_>>().join("; ")
            ),
        })
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
        let touches = |days: &Vec<Spans>| days.iter().any(|days| sends(days, span));
        let of_nation = self.of_nations.iter().any(|((kind, own), days)| {
            kinds.contains(&kind.as_str()) && nation.is_none_or(|nation| nation == own) && touches(days)
        });
        let of_none = |kind: &&str| self.of_no_nation.get(*kind).is_some_and(touches);
        of_nation || kinds.iter().any(of_none)
    }

    /// How many of a span were found only at death, as far as that can be told: nothing where deaths are not known of each of its
    /// days, and a zero only where a source of deaths looks in the nation.
    pub(crate) fn only_at_death(
        &self,
        people: i64,
        (nation, span): (Option<&str>, &Span),
        deaths: &Spans,
    ) -> Option<i64> {
        let told = people > 0 || self.looks(&["deaths"], nation, span);
        (told && deaths.hold(span.first, span.last)).then_some(people)
    }

    /// Whether a source that shows people before they die covers most of a span in a nation, or belongs to no nation: without one,
    /// whoever dies is in no record before.
    pub(crate) fn shows(&self, nation: &str, span: &Span) -> bool {
        layouts::ELSEWHERE.iter().any(|kind| {
            let of_none = self.of_no_nation.get(*kind);
            self.sent_for_nation(kind, nation, span)
                || of_none.is_some_and(|days| days.iter().any(|days| holds_most(days, span)))
        })
    }

    /// Whether an organisation's own recording source reaches into a period.
    pub(crate) fn records_of(&self, organisation: &str, period: &Period) -> bool {
        reaches(self.sent.get(organisation), period)
    }

    /// Whether a kind of source covers most of a span in a nation, whoever sent it.
    pub(crate) fn sent_for_nation(&self, kind: &str, nation: &str, span: &Span) -> bool {
        let days = self.of_nations.get(&(kind.to_owned(), nation.to_owned()));
        days.is_some_and(|days| days.iter().any(|days| holds_most(days, span)))
    }

    /// Whether an organisation sent a kind of source over most of a span.
    pub(crate) fn sent_by_organisation(&self, kind: &str, organisation: &str, span: &Span) -> bool {
        let days = self
            .of_organisations
            .get(&(kind.to_owned(), organisation.to_owned()));
        days.is_some_and(|days| days.iter().any(|days| holds_most(days, span)))
    }

    /// Whether an organisation sent COSD or a form over a span. Files of COSD that end in it, or begin, so that most of it is
    /// missing, are no answer: who was found in the rest could not be in them.
    pub(crate) fn answered(&self, organisation: &str, span: &Span) -> bool {
        let sent = |kind: &str| {
            let days = self
                .of_organisations
                .get(&(kind.to_owned(), organisation.to_owned()));
            days.is_some_and(|days| days.iter().any(|days| sends(days, span)))
        };
        let ends = || {
            self.senders
                .miss_most("cosd", organisation, (span.first, span.last))
        };
        sent("form") || (sent("cosd") && !ends())
    }
}

/// People living on a day may have been found long before it, so there it is enough that the data had begun.
fn reaches(days: Option<&Vec<Spans>>, period: &Period) -> bool {
    days.is_some_and(|days| {
        days.iter().any(|days| match period.measure {
            Measure::Living => days.first().is_some_and(|first| first <= period.span.last),
            Measure::New | Measure::Died => sends(days, &period.span),
        })
    })
}

/// Whether days reach into a span, and not with most of it between them: what somebody sent before and after a span in which
/// a file is missing says nothing of the span.
fn sends(days: &Spans, span: &Span) -> bool {
    days.touch(span.first, span.last) && 2 * days.days_between(span.first, span.last) <= length(span)
}

/// Whether more than half of a span lies in them.
fn holds_most(days: &Spans, span: &Span) -> bool {
    2 * days.days_of(span.first, span.last) > length(span)
}

fn length(span: &Span) -> i64 {
    i64::from(span.last.days()) - i64::from(span.first.days()) + 1
}

/// The days from the first to the last; a bound that is not known does not bound.
fn between(first: Option<Date>, last: Option<Date>) -> Spans {
    let first = first.unwrap_or(Date::from_days(i32::MIN));
    Spans::of([(first, last.unwrap_or(Date::from_days(i32::MAX)))])
}

/// The code of today of an organisation of the registry, and its nation.
fn known<'a>(registry: &'a Registry, code: &str) -> Option<(&'a str, &'a str)> {
    match registry.resolve(code) {
        Resolved::Known(organisation) => Some((organisation.code.as_str(), organisation.nation.as_str())),
        Resolved::Outside(_) => None,
    }
}

fn cosd_files(path: &Path) -> Result<Vec<CosdFile>, CountError> {
    let step = || at("reading the list of files");
    let mut files = Vec::new();
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
        for row in (0..batch.rows()).filter(|&row| kinds.get(row) == Some("cosd")) {
            files.push(CosdFile {
                sender: bodies.get(row).map(str::to_owned),
                first: starts.get(row),
                last: ends.get(row),
            });
        }
    }
    Ok(files)
}

/// Who sends whose recording sources, month by month. Who is not named as sender sends for itself.
fn senders(path: &Path, files: &[CosdFile], registry: &Registry) -> Result<Senders, CountError> {
    let step = || at("reading the records of each month (months)");
    let mut senders = Senders::default();
    for batch in TableReader::open(path).map_err(step())? {
        let batch = batch.map_err(step())?;
        let text = |name| batch.text(name).map_err(step());
        let (kinds, from, bodies) = (text("kind")?, text("sender")?, text("organisation")?);
        let (months, records) = (
            batch.date("month").map_err(step())?,
            batch.integer("records").map_err(step())?,
        );
        for row in 0..batch.rows() {
            let kind = kinds.get(row).unwrap_or_default();
            let body = bodies.get(row).and_then(|code| known(registry, code));
            let (Some(month), Some((body, _))) = (months.get(row), body) else {
                continue;
            };
            if RECORDING.contains(&kind) {
                let sender = from.get(row).unwrap_or(body);
                let records = records.get(row).unwrap_or(0).unsigned_abs();
                senders.add(kind, (sender, body), month, records);
            }
        }
    }
    for file in files {
        if let (Some(sender), Some(first), Some(last)) = (&file.sender, file.first, file.last) {
            senders.tell("cosd", sender, (first, last));
        }
    }
    Ok(senders)
}
