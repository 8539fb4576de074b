//! The eleven standards of care, as `definitions/standards/` words them.

use serde::Deserialize;

use super::{hold, read};
use crate::PublishError;

const FILE: &str = "definitions/standards/uk-2026.1/standards.toml";
pub(super) const TEXT: &str = include_str!("../../../../definitions/standards/uk-2026.1/standards.toml");

/// The groups, in order.
pub(crate) const GROUPS: [&str; 3] = [
    "Information and support",
    "Treatment and care",
    "Palliative and supportive care",
];

/// All standards of a version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standards {
    /// The version, as `uk-2026.1`.
    pub(crate) version: String,
    /// Where they come from.
    pub(crate) source: String,
    /// One to eleven.
    pub(crate) standard: Vec<Standard>,
}

/// One standard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Standard {
    /// A short name.
    pub(crate) id: String,
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Its group.
    pub(crate) group: String,
    /// A few words.
    pub(crate) title: String,
    /// What a person should be able to expect, said to that person.
    pub(crate) text: String,
    /// The same for those who answer for a hospital.
    pub(crate) board: String,
    /// National data items that bear on it.
    pub(crate) items: Vec<String>,
    /// What they can show.
    pub(crate) shows: String,
    /// What they cannot.
    pub(crate) cannot: String,
}

impl Standards {
    /// The groups with their standards, in order.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'static str, Vec<&Standard>)> {
        GROUPS.into_iter().map(|group| {
            (
                group,
                self.standard.iter().filter(|one| one.group == group).collect(),
            )
        })
    }
}

/// The built-in standards.
///
/// **Errors.** The file contradicts itself; the message says where.
pub(crate) fn standards() -> Result<Standards, PublishError> {
    checked(TEXT)
}

pub(super) fn checked(text: &str) -> Result<Standards, PublishError> {
    let file: Standards = read(FILE, text)?;
    hold(FILE, file.standard.len() == 11, || {
        format!("there are {} standards, not eleven", file.standard.len())
    })?;
    let mut groups: Vec<&str> = Vec::new();
    for (at, one) in file.standard.iter().enumerate() {
        let name = &one.id;
        hold(FILE, one.number == at + 1, || {
            format!("{name}: its number is not {}", at + 1)
        })?;
        let words = [&one.id, &one.title, &one.text, &one.board, &one.cannot];
        hold(FILE, words.iter().all(|text| !text.trim().is_empty()), || {
            format!("{name}: something is left blank")
        })?;
        hold(FILE, one.items.is_empty() == one.shows.is_empty(), || {
            format!("{name}: items and what they show go together")
        })?;
        if groups.last() != Some(&one.group.as_str()) {
            groups.push(&one.group);
        }
    }
    hold(FILE, groups == GROUPS, || {
        format!("the groups are not {}", GROUPS.join(", "))
    })?;
    Ok(file)
}
