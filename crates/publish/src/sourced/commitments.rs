//! What governments and others have promised about counting, with when, by when, and what would show it kept.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Source, hold, is_date, read, sources};
use crate::PublishError;

const FILE: &str = "countries/uk/commitments.toml";
pub(super) const TEXT: &str = include_str!("../../../../countries/uk/commitments.toml");

/// Places that a promise can be about; the first four are nations of a release.
const PLACES: [&str; 6] = [
    "England",
    "Scotland",
    "Wales",
    "Northern Ireland",
    "England and Wales",
    "All nations",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    commitment: Vec<Commitment>,
}

/// One promise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commitment {
    /// A short name, unique in the file.
    pub(crate) id: String,
    /// The nation or nations it is about.
    pub(crate) nation: String,
    /// Who made it, and in what.
    pub(crate) made_by: String,
    /// Whether it was promised by those who can keep it, or asked of them.
    pub(crate) kind: Kind,
    /// What was promised.
    pub(crate) promised: String,
    /// When: a year, a month or a day.
    pub(crate) made: String,
    /// By when, if a date was given.
    pub(crate) due: Option<String>,
    /// What would show that it is kept.
    pub(crate) would_show: String,
    /// The figure of a release that bears on it.
    pub(crate) measure: Measure,
    /// Whether all of it was read where the sources say.
    pub(crate) verified: bool,
    /// Where it was printed.
    pub(crate) sources: Vec<Source>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Those who can keep it.
    Promised,
    /// Others, of those who can.
    Asked,
}

/// What in a release bears on a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measure {
    /// How many of the people found in the nation were recorded.
    Recorded,
    /// Whether the nation has a figure for the people living with it.
    Counted,
    /// Nothing.
    None,
}

/// The built-in promises, oldest first.
///
/// **Errors.** The file contradicts itself; the message says where.
pub(crate) fn commitments() -> Result<Vec<Commitment>, PublishError> {
    checked(TEXT)
}

pub(super) fn checked(text: &str) -> Result<Vec<Commitment>, PublishError> {
    let file: File = read(FILE, text)?;
    let mut ids = BTreeSet::new();
    for one in &file.commitment {
        commitment(one)?;
        hold(FILE, ids.insert(one.id.as_str()), || {
            format!("{}: the id stands twice", one.id)
        })?;
    }
    hold(
        FILE,
        file.commitment.is_sorted_by_key(|one| one.made.as_str()),
        || "they must stand in order of `made`".to_owned(),
    )?;
    Ok(file.commitment)
}

fn commitment(one: &Commitment) -> Result<(), PublishError> {
    let name = &one.id;
    hold(FILE, PLACES.contains(&one.nation.as_str()), || {
        format!("{name}: \"{}\" is none of {}", one.nation, PLACES.join(", "))
    })?;
    hold(FILE, is_date(&one.made), || {
        format!("{name}: `made` is no year, month or day")
    })?;
    let due = one.due.as_deref().unwrap_or("9999");
    hold(FILE, is_date(due), || {
        format!("{name}: `due` is no year, month or day")
    })?;
    hold(FILE, due >= one.made.as_str(), || {
        format!("{name}: it was due before it was made")
    })?;
    let words = [&one.made_by, &one.promised, &one.would_show];
    hold(FILE, words.iter().all(|text| !text.trim().is_empty()), || {
        format!("{name}: something is left blank")
    })?;
    sources(FILE, name, &one.sources)
}
