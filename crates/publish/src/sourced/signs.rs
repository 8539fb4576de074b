//! Signs to look out for, emergencies first. Without a named clinical reviewer they are a draft.

use serde::Deserialize;

use super::{Source, hold, is_day, read, sources};
use crate::PublishError;

const FILE: &str = "countries/uk/signs.toml";
pub(super) const TEXT: &str = include_str!("../../../../countries/uk/signs.toml");

/// The page's content.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signs {
    /// The clinician who reviewed it, by name and post; empty while nobody has.
    reviewer: String,
    /// The day of the review.
    reviewed: String,
    /// What cannot wait.
    pub(crate) emergency: Vec<Emergency>,
    /// Signs by place in the body.
    pub(crate) place: Vec<Place>,
    /// Where the signs by place were read.
    pub(crate) sources: Vec<Source>,
}

/// What cannot wait.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Emergency {
    /// Its name.
    pub(crate) title: String,
    /// Why it cannot wait.
    pub(crate) why: String,
    /// Whom to call.
    pub(crate) call: String,
    /// How it shows.
    pub(crate) signs: Vec<String>,
    /// Where that was read.
    pub(crate) sources: Vec<Source>,
}

/// Signs from one part of the body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The part.
    pub(crate) title: String,
    /// How it shows.
    pub(crate) signs: Vec<String>,
}

impl Signs {
    /// The reviewer and the day, once there are both.
    pub(crate) fn review(&self) -> Option<(&str, &str)> {
        (!self.reviewer.is_empty()).then_some((self.reviewer.as_str(), self.reviewed.as_str()))
    }
}

/// The built-in signs.
///
/// **Errors.** The file contradicts itself; the message says where.
pub(crate) fn signs() -> Result<Signs, PublishError> {
    checked(TEXT)
}

pub(super) fn checked(text: &str) -> Result<Signs, PublishError> {
    let file: Signs = read(FILE, text)?;
    hold(FILE, file.reviewer.is_empty() == file.reviewed.is_empty(), || {
        "a reviewer and a day go together".to_owned()
    })?;
    hold(FILE, file.reviewed.is_empty() || is_day(&file.reviewed), || {
        "`reviewed` is no day, as 2026-11-26".to_owned()
    })?;
    hold(FILE, !file.emergency.is_empty() && !file.place.is_empty(), || {
        "there are no emergencies, or no places".to_owned()
    })?;
    for one in &file.emergency {
        hold(FILE, one.call.contains("999") && !one.signs.is_empty(), || {
            format!("{}: it does not say to call 999, or how it shows", one.title)
        })?;
        sources(FILE, &one.title, &one.sources)?;
    }
    for one in &file.place {
        hold(FILE, !one.signs.is_empty(), || format!("{}: no signs", one.title))?;
    }
    sources(FILE, "signs", &file.sources)?;
    Ok(file)
}
