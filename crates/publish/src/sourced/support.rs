//! Where to find support: only what was read on a public page, with the day.

use serde::Deserialize;

use super::{Source, hold, read, sources};
use crate::PublishError;

const FILE: &str = "countries/uk/support.toml";
pub(super) const TEXT: &str = include_str!("../../../../countries/uk/support.toml");

/// The page's content.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Support {
    /// What has changed, for people with older leaflets.
    pub(crate) changed: String,
    /// Those who help.
    pub(crate) support: Vec<Helper>,
}

/// Somebody who helps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Helper {
    /// Its name.
    pub(crate) name: String,
    /// Where it helps.
    #[serde(rename = "where")]
    pub(crate) area: String,
    /// With what.
    pub(crate) offers: String,
    /// Its number; empty if none was read.
    pub(crate) telephone: String,
    /// When it answers; empty if that was not read.
    pub(crate) hours: String,
    /// Where all this was read.
    pub(crate) sources: Vec<Source>,
}

/// The built-in list.
///
/// **Errors.** The file contradicts itself; the message says where.
pub(crate) fn support() -> Result<Support, PublishError> {
    checked(TEXT)
}

pub(super) fn checked(text: &str) -> Result<Support, PublishError> {
    let file: Support = read(FILE, text)?;
    hold(FILE, !file.support.is_empty(), || "nobody helps".to_owned())?;
    for one in &file.support {
        hold(
            FILE,
            !one.offers.trim().is_empty() && !one.area.trim().is_empty(),
            || format!("{}: something is left blank", one.name),
        )?;
        let number = one.telephone.bytes().all(|b| b.is_ascii_digit() || b == b' ');
        hold(FILE, number, || {
            format!("{}: the telephone number has other signs than digits", one.name)
        })?;
        hold(FILE, !one.telephone.is_empty() || one.hours.is_empty(), || {
            format!("{}: hours without a number", one.name)
        })?;
        sources(FILE, &one.name, &one.sources)?;
    }
    Ok(file)
}
