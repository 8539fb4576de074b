//! Facts from committed files, each with its public source: what was promised about counting, the standards of care,
//! signs to look out for, and where to find support.
//!
//! # Why no `Release`
//! None of them was made from records of people. They are compiled by hand from public pages, reviewed like code, and
//! built into the program; no caller can hand over others.
//!
//! # The invariant
//! A file that lacks a source, a date or a word it must have is refused, so that a half-written fact never reaches a
//! page. What nobody has read where it was printed says so (`verified = false`), and pages repeat it.

mod commitments;
mod nearest;
mod signs;
mod standards;
mod support;

use serde::Deserialize;

use crate::PublishError;

pub(crate) use commitments::{Commitment, Kind, Measure, commitments};
pub(crate) use nearest::{Nearest, nearest};
pub(crate) use signs::{Signs, signs};
pub(crate) use standards::{Standard, Standards, standards};
pub(crate) use support::{Support, support};

/// Where a fact was printed, and the day on which we read it there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// By whom, and in what.
    pub(crate) title: String,
    /// Its address.
    pub(crate) url: String,
    /// The day on which it was read, as 2026-11-26.
    pub(crate) seen: String,
}

/// Everything from committed files that a site shows.
pub(crate) struct Sourced {
    pub(crate) commitments: Vec<Commitment>,
    pub(crate) standards: Standards,
    pub(crate) signs: Signs,
    pub(crate) support: Support,
}

impl Sourced {
    /// Reads and checks all built-in files.
    pub(crate) fn built_in() -> Result<Self, PublishError> {
        Ok(Self {
            commitments: commitments()?,
            standards: standards()?,
            signs: signs()?,
            support: support()?,
        })
    }
}

/// Reads TOML of a form, with the name of the file in the refusal.
fn read<'t, T: Deserialize<'t>>(file: &'static str, text: &'t str) -> Result<T, PublishError> {
    toml::from_str(text).map_err(|error| PublishError::facts(file, error.to_string().trim_end().to_owned()))
}

/// Refuses a file for a reason.
fn hold(file: &'static str, right: bool, otherwise: impl FnOnce() -> String) -> Result<(), PublishError> {
    if right {
        Ok(())
    } else {
        Err(PublishError::facts(file, otherwise()))
    }
}

/// Every source is a link that was read on a day; there is at least one.
fn sources(file: &'static str, name: &str, sources: &[Source]) -> Result<(), PublishError> {
    hold(file, !sources.is_empty(), || {
        format!("{name}: there is no source")
    })?;
    for source in sources {
        hold(file, crate::public_figures::is_link(&source.url), || {
            format!("{name}: an address does not begin with https")
        })?;
        hold(file, is_day(&source.seen), || {
            format!("{name}: `seen` is no day, as 2026-11-26")
        })?;
        hold(file, !source.title.trim().is_empty(), || {
            format!("{name}: a source has no title")
        })?;
    }
    Ok(())
}

/// A day as 2026-11-26.
fn is_day(text: &str) -> bool {
    text.len() == 10 && is_date(text)
}

/// A year, a month or a day: 2016, 2013-01, 2026-02-04.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let within = |part: &str, most: u32| part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
    match parts[..] {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2) && within(month, 12),
        [year, month, day] => {
            digits(year, 4) && digits(month, 2) && digits(day, 2) && within(month, 12) && within(day, 31)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
