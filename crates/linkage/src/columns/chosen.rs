//! Columns that somebody has chosen in settings.

use layouts::header_key;
use serde::Deserialize;

use crate::weigh::Kind;

use super::file::{Found, by_heading, things};
use super::{Aside, Columns, Origin, is_header, shown};

/// What a column is to be used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// A given name (forename, first name).
    #[serde(rename = "given name")]
    GivenName,
    /// A family name (surname, last name).
    #[serde(rename = "family name")]
    FamilyName,
    /// Given and family name in one; it is split.
    #[serde(rename = "full name")]
    FullName,
    /// A date of birth.
    #[serde(rename = "birth date")]
    BirthDate,
    /// A postcode.
    Postcode,
    /// A number or code that belongs to one person.
    Number,
    /// Sex or gender.
    Sex,
    /// Any other text.
    Text,
    /// Not to be compared.
    Ignore,
}

/// A column and its use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The heading.
    pub column: String,
    /// What it holds.
    pub kind: Use,
}

/// A choice that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[[field]] column = \"{column}\": {message}")]
pub struct ChoiceError {
    column: String,
    message: String,
}

const NOT_CHOSEN: &str = "the settings do not name it";
const IGNORED: &str = "the settings say so";

impl Columns {
    /// Takes the columns that are named, and no others.
    pub fn chosen(
        headers: &[Vec<String>],
        ids: &[Option<usize>],
        choices: &[Choice],
    ) -> Result<Self, ChoiceError> {
        sensible(headers, choices)?;
        let mut columns = Self::default();
        for (header, id) in headers.iter().zip(ids) {
            let (mut found, mut aside) = (Vec::new(), Vec::new());
            for choice in choices {
                if let Some(at) = place(header, &choice.column) {
                    take(choice, at, &mut found);
                }
            }
            for (at, heading) in header.iter().enumerate().filter(|(at, _)| Some(*at) != *id) {
                let named = choices
                    .iter()
                    .find(|choice| place(header, &choice.column) == Some(at));
                let why = match named {
                    None => NOT_CHOSEN,
                    Some(choice) if choice.kind == Use::Ignore => IGNORED,
                    Some(_) => continue,
                };
                aside.push(Aside {
                    column: shown(heading, at),
                    why,
                });
            }
            columns.add(found, aside);
        }
        // From here on a field is known by what it holds, so that a model finds it under another heading.
        columns.things = things(&columns.fields);
        Ok(columns)
    }
}

fn place(header: &[String], column: &str) -> Option<usize> {
    header
        .iter()
        .position(|heading| header_key(heading) == header_key(column))
}

fn sensible(headers: &[Vec<String>], choices: &[Choice]) -> Result<(), ChoiceError> {
    let wrong = |column: &str, message: String| {
        Err(ChoiceError {
            column: column.to_owned(),
            message,
        })
    };
    for (at, choice) in choices.iter().enumerate() {
        let same = |other: &Choice| header_key(&other.column) == header_key(&choice.column);
        if choices[..at].iter().any(same) {
            return wrong(
                &choice.column,
                "it is named twice; keep one of the two".to_owned(),
            );
        }
        if !headers
            .iter()
            .any(|header| place(header, &choice.column).is_some())
        {
            return wrong(&choice.column, format!("no file has it{}", there(headers)));
        }
    }
    Ok(())
}

/// The columns there are; unless the first lines may be people and not headings.
fn there(headers: &[Vec<String>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for header in headers.iter().filter(|header| is_header(header)) {
        let shown = header.iter().enumerate().map(|(at, heading)| shown(heading, at));
        names.extend(shown.filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    if names.is_empty() {
        "; the first line of a file must hold headings".to_owned()
    } else {
        format!("; columns are {}", names.join(", "))
    }
}

fn take(choice: &Choice, at: usize, found: &mut Vec<Found>) {
    let mut add = |part: &str, kind: Kind, origin: Origin| {
        let name = format!("{}{part}", choice.column.trim());
        found.push(Found {
            thing: by_heading(&name),
            name,
            kind,
            origin,
        });
    };
    match choice.kind {
        Use::FullName => {
            add(".given", Kind::GivenName, Origin::GivenOf(at));
            add(".family", Kind::FamilyName, Origin::FamilyOf(at));
        }
        Use::GivenName => add("", Kind::GivenName, Origin::Column(at)),
        Use::FamilyName => add("", Kind::FamilyName, Origin::Column(at)),
        Use::BirthDate => add("", Kind::BirthDate, Origin::Column(at)),
        Use::Postcode => add("", Kind::Postcode, Origin::Column(at)),
        Use::Number => add("", Kind::Number, Origin::Column(at)),
        Use::Sex => add("", Kind::Sex, Origin::Column(at)),
        Use::Text => add("", Kind::Text, Origin::Column(at)),
        Use::Ignore => {}
    }
}
