//! An approved release, read back from the files that were released.
//!
//! Invariant: nothing comes back but what went out. Every file must have, byte for byte, the hash that stands in a verified
//! entry of the ledger, so what is read was once made by [`release_after`](crate::release_after), approved and signed by
//! two people. A file that anybody edited is refused. What a reader could read off the release (its
//! [`Publication`](crate::attack::Publication)) comes from the confidential part of the ledger, which is committed to in the
//! signed one.
//!
//! # When it fails
//! A share with a decimal of nought comes back without it, since a number in a CSV file does not say how finely it was
//! worked out. The closed lists of words of a column, and the version of a
//! table's layout, are not read back.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{DEMO_STAMP, SignedLedger};
use crate::cell::{Figure, Number, State};
use crate::files::file_error;
use crate::manifest::{PublicFact, PublicManifest, PublicSection};
use crate::release::names;
use crate::table::{Cell, ColumnKind, ReleasedColumn, ReleasedTable};
use crate::{ProtectError, Release};

impl SignedLedger {
    /// Reads an approved release back from a folder that holds the files released under this number (from 1).
    ///
    /// # Errors
    /// If there is no such entry, the confidential part was not read, a file is missing or is not the one that was
    /// released, or its form is that of another version of this program.
    pub fn kept_release(&self, number: u64, folder: &Path) -> Result<Release, ProtectError> {
        let at = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        let entry = at.and_then(|at| self.public.get(at)).ok_or(ProtectError::Key {
            what: "the ledger has no entry of this number",
        })?;
        let confidential = at
            .and_then(|at| self.confidential.get(at))
            .ok_or(ProtectError::Key {
                what: "the confidential part of the ledger must be read before a release is read back",
            })?;
        let mut texts = BTreeMap::new();
        // What stands in the Parquet stands in the CSV beside it.
        let as_text = entry.files.iter().filter(|(name, _)| !name.ends_with(".parquet"));
        for (name, _) in as_text {
            let path = folder.join(name);
            let bytes = fs_err::read(&path).map_err(|error| file_error(&path, error))?;
            if !entry.released(name, &bytes) {
                return Err(kept(name, "is not the file that was released"));
            }
            let text = String::from_utf8(bytes).map_err(|_| kept(name, "is not text in UTF-8"))?;
            texts.insert(name.as_str(), text);
        }
        let text = |name: &str| {
            let text = texts.get(name).map(String::as_str);
            text.ok_or_else(|| kept(name, "is not among the files of this release"))
        };
        let manifest = manifest(text("manifest.json")?)?;
        if manifest.release != entry.release {
            return Err(kept("manifest.json", "names another release"));
        }
        let package: Package =
            serde_json::from_str(text("datapackage.json")?).map_err(|_| form("datapackage.json"))?;
        let with_notice = manifest.notice().is_some();
        let tables = package
            .resources
            .into_iter()
            .map(|resource| {
                let csv = text(&resource.path)?;
                table(resource, csv, with_notice)
            })
            .collect::<Result<_, _>>()?;
        Ok(Release {
            manifest,
            tables,
            publication: confidential.publication.clone(),
        })
    }
}

/// Released files do not say the version of a table's layout.
const NOT_WRITTEN: u32 = 0;

fn form(file: &str) -> ProtectError {
    ProtectError::KeptForm {
        file: file.to_owned(),
    }
}

fn kept(file: &str, what: &'static str) -> ProtectError {
    ProtectError::Kept {
        file: file.to_owned(),
        what,
    }
}

/// `manifest.json` as it was written; what this version does not know is left out.
#[derive(Deserialize)]
struct Written {
    release: String,
    study: String,
    as_of: String,
    period_from: String,
    period_to: String,
    country: String,
    coverage: String,
    definition: String,
    program: String,
    policy: String,
    policy_title: String,
    policy_words: String,
    hidden_to: i64,
    rounded_to: i64,
    simulated: bool,
    approved: bool,
    notices: Vec<String>,
    state_period: String,
    sections: Vec<WrittenSection>,
}

#[derive(Deserialize)]
struct WrittenSection {
    id: String,
    title: String,
    words: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

fn manifest(text: &str) -> Result<PublicManifest, ProtectError> {
    let other = || form("manifest.json");
    let written: Written = serde_json::from_str(text).map_err(|_| other())?;
    let known = [crate::SIMULATED_NOTICE, crate::UNAPPROVED_NOTICE, DEMO_STAMP];
    let notices = written
        .notices
        .iter()
        .map(|notice| known.into_iter().find(|one| one == notice).ok_or_else(other))
        .collect::<Result<_, _>>()?;
    let sections = written
        .sections
        .into_iter()
        .map(|section| {
            let rows = section.rows.into_iter();
            let rows = rows.map(|row| {
                row.into_iter()
                    .map(|value| fact(value).ok_or_else(other))
                    .collect()
            });
            Ok(PublicSection {
                id: section.id,
                title: section.title,
                words: section.words,
                columns: section.columns,
                rows: rows.collect::<Result<_, ProtectError>>()?,
            })
        })
        .collect::<Result<_, ProtectError>>()?;
    Ok(PublicManifest {
        release: written.release,
        study: written.study,
        as_of: written.as_of,
        period_from: written.period_from,
        period_to: written.period_to,
        country: written.country,
        coverage: written.coverage,
        definition: written.definition,
        program: written.program,
        policy: written.policy,
        policy_title: written.policy_title,
        policy_words: written.policy_words,
        hidden_to: written.hidden_to,
        rounded_to: written.rounded_to,
        simulated: written.simulated,
        approved: written.approved,
        notices,
        state_period: written.state_period,
        sections,
    })
}

/// A count that was hidden was written as the word of its state, and comes back as that word.
fn fact(value: Value) -> Option<PublicFact> {
    match value {
        Value::String(text) => Some(PublicFact::Text(text)),
        number => number.as_i64().map(|n| PublicFact::Count(whole(n))),
    }
}

fn whole(n: i64) -> Figure {
    if n == 0 {
        Figure::zero()
    } else {
        Figure::shown(Number::Whole(n))
    }
}

#[derive(Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
    path: String,
    description: String,
    schema: Schema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    primary_key: Vec<String>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    description: String,
}

/// The columns of a table: fields of the file, a figure and its state taken together.
fn columns(schema: &Schema, with_notice: bool) -> Option<Vec<ReleasedColumn>> {
    let mut columns: Vec<ReleasedColumn> = Vec::new();
    let mut figure = None;
    for field in schema.fields.iter().skip(usize::from(with_notice)) {
        if figure
            .take()
            .is_some_and(|name| field.name == format!("{name}_state"))
        {
            continue;
        }
        let kind = match field.kind.as_str() {
            "integer" => ColumnKind::Integer,
            "number" => ColumnKind::Real,
            "string" if schema.primary_key.contains(&field.name) => ColumnKind::Key,
            "string" => ColumnKind::Text,
            _ => return None,
        };
        figure = matches!(kind, ColumnKind::Integer | ColumnKind::Real).then_some(&field.name);
        columns.push(ReleasedColumn {
            name: field.name.clone(),
            kind,
            about: field.description.clone(),
            words: &[],
        });
    }
    Some(columns)
}

fn table(resource: Resource, csv: &str, with_notice: bool) -> Result<ReleasedTable, ProtectError> {
    let other = || form(&resource.path);
    let columns = columns(&resource.schema, with_notice).ok_or_else(other)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(csv.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| other())?;
        let mut values = record.iter().skip(usize::from(with_notice));
        let mut row = Vec::with_capacity(columns.len());
        for column in &columns {
            let value = values.next().ok_or_else(other)?;
            row.push(match column.kind {
                ColumnKind::Key | ColumnKind::Text => Cell::Text(text(value)),
                ColumnKind::Integer | ColumnKind::Real => {
                    let state = values.next().ok_or_else(other)?;
                    Cell::Figure(figure(value, state).ok_or_else(other)?)
                }
            });
        }
        rows.push(row);
    }
    Ok(ReleasedTable {
        names: names(columns.iter().map(|column| column.name.as_str())),
        name: resource.name,
        version: NOT_WRITTEN,
        about: resource.description,
        columns,
        rows,
    })
}

/// Words without the apostrophe that kept a spreadsheet from taking them for a formula.
fn text(value: &str) -> Option<String> {
    let plain = value
        .strip_prefix('\'')
        .filter(|rest| crate::files::risky(rest))
        .unwrap_or(value);
    (!plain.is_empty()).then(|| plain.to_owned())
}

fn figure(value: &str, state: &str) -> Option<Figure> {
    let state = State::all().into_iter().find(|one| one.as_str() == state)?;
    match (state, value) {
        (State::Zero, _) => Some(Figure::zero()),
        (State::Shown, value) => match value.split_once('.') {
            None => value.parse().ok().map(|n| Figure::shown(Number::Whole(n))),
            Some((whole, tenth)) if tenth.len() == 1 => format!("{whole}{tenth}")
                .parse()
                .ok()
                .map(|n| Figure::shown(Number::Tenths(n))),
            Some(_) => None,
        },
        (state, "") => Some(Figure::without(state)),
        _ => None,
    }
}
