//! The measurement of care as data: which facts the records state, and which questions are asked of them.
//!
//! A folder (`definitions/standards/uk-2026.1`) holds `facts.toml` (what a record can say about care: one column of one
//! table, with or without a date), `indicators/*.toml` (the questions), `meeting.toml` (who comes before the team),
//! `treatments.toml` with `guidelines.csv` (first treatment by class, and what was advised when) and `examples/*.txt` (drawn examples that run as
//! tests and are printed in the book).
//!
//! Invariants of a [`Standards`] that exists:
//! - every fact names a table and columns of a layout;
//! - every clause names a fact; a fact without a date is asked for only inside the record of the event, a dated one
//!   only inside a window or that record: a nurse seen at the primary is not a nurse seen now;
//! - "it did not happen" is concluded from silence only where a source is named whose silence counts, and the source
//!   covers the days asked about. Otherwise silence is *missing*, and missing is never "no".

mod agenda;
mod check;
mod read;
#[cfg(test)]
mod tests;
mod treatments;

use std::collections::BTreeMap;

pub use agenda::{Agenda, Occasion, Reason};
pub use read::DefinitionError;
pub use treatments::{Advice, Class, Receptors, Treatments};

/// One version of the measurement of care.
#[derive(Debug, Clone, PartialEq)]
pub struct Standards {
    /// Name and version, such as `standards/uk-2026.1`.
    pub id: String,
    /// What records can say, in the order of the file.
    pub facts: Vec<FactSource>,
    /// From so many days before (negative) to after the day of a case, a record that states the disease states the diagnosis.
    pub diagnosis_days: (i32, i32),
    /// Diagnoses for which care may be care of breast cancer; any other that is given is another cancer.
    pub breast: Vec<Code>,
    /// The questions, by standard and then by name.
    pub indicators: Vec<Indicator>,
    /// The times between two events.
    pub delays: Vec<Delay>,
    /// Who comes before the team; none where the folder has no `meeting.toml`.
    pub agenda: Option<Agenda>,
    /// The first treatment, by class; none where the folder has no `treatments.toml`.
    pub treatments: Option<Treatments>,
    /// Every file as read, for the key of a run and for the book.
    pub files: BTreeMap<String, String>,
}

/// One thing that a record can say about care: a column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSource {
    /// The name that clauses use.
    pub name: String,
    /// The table, such as `cosd.mdt`.
    pub table: String,
    /// The column with the day; none for an item without a date.
    pub date: Option<String>,
    /// The column with the code; none where the row itself is the fact.
    pub code: Option<String>,
    /// Whether the column holds several codes, parted by spaces.
    pub several: bool,
    /// Only rows in which another column holds one of these codes.
    pub only: Option<(String, Vec<Code>)>,
    /// No row in which another column holds one of these words, such as drugs that treat no cancer.
    pub except: Option<(String, Code)>,
    /// The national item, or the column that stands for it.
    pub item: String,
    /// In words.
    pub words: String,
}

impl FactSource {
    /// The kind of source that brings the table: `cosd` for `cosd.mdt`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.table.split('.').next().unwrap_or(&self.table)
    }
}

/// A question asked of every event of a kind: yes, no, or not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its name.
    pub id: String,
    /// The Standard of care, 1 to 11; 0 for questions beside them (delay, treatment, outcome).
    pub standard: u8,
    /// What the figure says, as a heading.
    pub title: String,
    /// For patients.
    pub patients: String,
    /// For boards.
    pub boards: String,
    /// What the figure does not say; shown beside it.
    pub caution: String,
    /// The data standard and version that the items are taken from.
    pub source: String,
    /// Whether more is better.
    pub direction: Direction,
    /// What kind of measure it is: only outcomes go through the outlier procedure.
    pub role: Role,
    /// Who said so: national records, or a form that hospitals fill in about themselves.
    pub reported: Reported,
    /// What outcomes are adjusted for before hospitals are compared.
    pub case_mix: Vec<Adjuster>,
    /// The share of answers that must be known before a hospital is compared, from 0 to 1.
    pub threshold: f64,
    /// The indicator that asks the same of primary disease.
    pub pair: Option<String>,
    /// Of which events.
    pub population: Population,
    /// Events that do not count, each with its reason.
    pub exclusions: Vec<Exclusion>,
    /// Where given: the answer is known only if one of these holds. Several sources can say yes where only one can say no;
    /// without this, people of whom only the others speak would all be "yes" and the share too high.
    pub known: Vec<Clause>,
    /// Any of these: yes.
    pub yes: Vec<Clause>,
    /// None of the above and any of these: no.
    pub no: Vec<Clause>,
}

/// Whether a high share is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What was done.
    Process,
    /// What came of it: compared through the outlier procedure only.
    Outcome,
}

/// Whose statement the answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// National records.
    Nationally,
    /// A form that a hospital or a person fills in.
    ByForm,
}

/// What an outcome is adjusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adjuster {
    /// Age at the event: under 50, 50 to 59, 60 to 69, 70 to 79, 80 and over.
    Age,
    /// Spread when first found, or come back.
    Kind,
    /// Deprivation quintile of residence.
    Deprivation,
    /// Subtype of the tumour, by its receptors.
    Subtype,
}

/// Of which events a question is asked. One person may have several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Population {
    /// The diagnosis of a breast cancer that had not spread.
    Primary,
    /// The diagnosis of secondary disease.
    Secondary,
    /// Death of a person with secondary disease.
    Death,
    /// Days with a fact, on or after the diagnosis of secondary disease.
    Fact {
        /// Which.
        fact: usize,
        /// With one of these codes; empty for any.
        codes: Vec<Code>,
        /// Only the first day of each person.
        first: bool,
        /// Not before so many days after the diagnosis: what comes earlier belongs to it.
        after_days: i32,
        /// Days no more than so many after the first of them are one event, stated twice.
        same_event_days: i32,
    },
}

/// Why an event does not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// In words, for people.
    pub reason: String,
    /// What excludes it.
    pub when: Excluded,
}

/// What excludes an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Excluded {
    /// The person died within so many days of it.
    DiedWithin(i32),
    /// Nobody knew before the person had died.
    OnlyAtDeath,
    /// Only recurrent disease is asked about.
    NotRecurrent,
    /// Not all of these kinds of source cover the days from the diagnosis of secondary disease to the event: whether it was
    /// the first of its kind is not known.
    NotCoveredSinceDiagnosis(Vec<String>),
    /// A fact.
    Fact(Clause),
}

/// A condition on the facts of a person, about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What is looked for.
    pub what: What,
    /// Where it must stand.
    pub place: Place,
    /// True where the clause is that there is none.
    pub absent: bool,
    /// The kinds of source that must cover the days asked about.
    pub covered_by: Vec<String>,
}

/// What a clause looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A fact with one of these codes; empty for any code.
    Fact(usize, Vec<Code>),
    /// The person's death.
    Death,
    /// That nobody knew before the person had died.
    OnlyAtDeath,
}

/// Where a fact must stand to speak of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the same record of the data set as the event.
    Record,
    /// So many days before (negative) to after it.
    Days(i32, i32),
    /// Anywhere: forms, of which every line is about secondary disease.
    Anywhere,
}

/// A code, or the beginning of codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Exactly this one; the empty text is a blank.
    Exact(String),
    /// Everything that begins so.
    Prefix(String),
    /// Every text in which one of these words stands, whatever its letters: names of drugs. A name of several words, such as
    /// `T-DXD`, stands where its words do, one after the other.
    Word(Vec<String>),
}

impl Code {
    /// Whether a code is this one, or begins with it.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        match self {
            Self::Exact(own) => own == code,
            Self::Prefix(own) => code.starts_with(own.as_str()),
            Self::Word(own) => {
                let mut rest = words(code);
                let mut here = rest.clone();
                while let Some(first) = rest.next() {
                    let stands = |own: &String| {
                        own.eq_ignore_ascii_case(first) || begins_with(here.clone(), first, own.as_str())
                    };
                    if own.iter().any(stands) {
                        return true;
                    }
                    here = rest.clone();
                }
                false
            }
        }
    }
}

/// The words of a text: letters and numbers, parted by anything else.
fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    let parted = text.split(|letter: char| !letter.is_alphanumeric());
    parted.filter(|word| !word.is_empty())
}

/// Whether some words, of which the first is known, begin with a name of several words.
fn begins_with<'a>(mut text: impl Iterator<Item = &'a str>, first: &str, name: &str) -> bool {
    let head = name.get(..first.len());
    name.len() > first.len()
        && head.is_some_and(|head| head.eq_ignore_ascii_case(first))
        && words(name).all(|wanted| text.next().is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
}

/// The time from one event to another, with death in between.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// Its name.
    pub id: String,
    /// As a heading.
    pub title: String,
    /// What it does not say.
    pub caution: String,
    /// From where to where.
    pub span: Span,
}

/// From where to where a delay runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// From a dated item in a record of the diagnosis to the day of the diagnosis in the same record; both are known or the
    /// person is missing.
    Before {
        /// The item.
        fact: usize,
        /// The day of the diagnosis, as the same record has it.
        until: usize,
        /// Longer is taken for a wrong date: missing.
        longest: i32,
    },
    /// From the diagnosis to the first of some facts; death competes, the end of the sources censors.
    After {
        /// The first of these ends it.
        facts: Vec<(usize, Vec<Code>)>,
        /// So many days before the diagnosis still count, as 0.
        lead: i32,
        /// Kinds of source that must cover the time.
        covered_by: Vec<String>,
    },
    /// How many days with a fact in the year before the diagnosis.
    Contacts {
        /// Any of these.
        facts: Vec<(usize, Vec<Code>)>,
        /// Kinds of source that must cover the year.
        covered_by: Vec<String>,
    },
}

impl Standards {
    /// The indicator of this name.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// Whether diagnoses of a record are given, and for none of them care may be care of breast cancer.
    #[must_use]
    pub fn of_another_cancer(&self, diagnoses: &[Option<&str>]) -> bool {
        let given = || diagnoses.iter().flatten().filter(|code| !code.is_empty());
        let of_breast = |code: &&str| self.breast.iter().any(|own| own.matches(code));
        given().next().is_some() && !given().any(of_breast)
    }

    /// The facts that an indicator rests on, each once, in the order of the file.
    #[must_use]
    pub fn facts_of<'a>(&'a self, indicator: &Indicator) -> Vec<&'a FactSource> {
        let mut named: Vec<usize> = indicator
            .yes
            .iter()
            .chain(&indicator.no)
            .chain(&indicator.known)
            .filter_map(|clause| match clause.what {
                What::Fact(fact, _) => Some(fact),
                _ => None,
            })
            .collect();
        named.sort_unstable();
        named.dedup();
        named
            .into_iter()
            .filter_map(|fact| self.facts.get(fact))
            .collect()
    }
}
