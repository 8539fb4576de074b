//! The Frictionless descriptor (`datapackage.json`): what every released column holds, for people and for programs.
//!
//! Standard followed: Frictionless Data Package 1.0 with table schemas. Fields are written in a fixed order.

use serde::Serialize;

use crate::files::{WrittenFile, json};
use crate::table::{ColumnKind, ReleasedTable};
use crate::{ProtectError, Release, State};

#[derive(Serialize)]
struct Package<'a> {
    name: String,
    id: &'a str,
    title: String,
    description: String,
    profile: &'static str,
    version: &'a str,
    resources: Vec<Resource>,
}

#[derive(Serialize)]
struct Resource {
    name: String,
    path: String,
    title: String,
    description: String,
    profile: &'static str,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    bytes: u64,
    schema: Schema,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    missing_values: [&'static str; 1],
    primary_key: Vec<String>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
}

#[derive(Serialize)]
struct Constraints {
    #[serde(rename = "enum")]
    words: Vec<&'static str>,
}

/// The descriptor of a release, as the text of its file.
pub(crate) fn datapackage(release: &Release, files: &[WrittenFile]) -> Result<String, ProtectError> {
    let manifest = release.manifest();
    let title = match manifest.notice() {
        Some(notice) => format!("{} ({notice})", manifest.study),
        None => manifest.study.clone(),
    };
    let resources = release
        .tables()
        .iter()
        .map(|table| {
            let path = format!("{}.csv", table.name());
            let bytes = files.iter().find(|f| f.path == path).map_or(0, |f| f.bytes);
            resource(table, path, bytes, manifest.notice().as_deref())
        })
        .collect();
    let package = Package {
        name: format!("counted-{}", release.id()),
        id: release.id(),
        title,
        description: format!(
            "People with secondary breast cancer, counted up to {} under the definition {}. {}",
            manifest.as_of, manifest.definition, manifest.policy_words
        ),
        profile: "data-package",
        version: release.id(),
        resources,
    };
    json(&package, "datapackage.json")
}

fn resource(table: &ReleasedTable, path: String, bytes: u64, notice: Option<&str>) -> Resource {
    let mut fields = Vec::new();
    if notice.is_some() {
        fields.push(field(
            "notice",
            "string",
            "What must be known before this row is used.",
            Vec::new(),
        ));
    }
    for column in table.columns() {
        let kind = match column.kind() {
            ColumnKind::Key | ColumnKind::Text => "string",
            ColumnKind::Integer => "integer",
            ColumnKind::Real => "number",
        };
        fields.push(field(
            column.name(),
            kind,
            column.about(),
            column.words().to_vec(),
        ));
        if matches!(column.kind(), ColumnKind::Integer | ColumnKind::Real) {
            let about = format!("Why {} is, or is not, shown.", column.name());
            let words = State::all().map(State::as_str).to_vec();
            fields.push(field(
                &format!("{}_state", column.name()),
                "string",
                &about,
                words,
            ));
        }
    }
    let key = table
        .columns()
        .iter()
        .filter(|c| c.kind() == ColumnKind::Key)
        .map(|c| c.name().to_owned())
        .collect();
    let title = match notice {
        Some(notice) => format!("{} ({notice})", table.name()),
        None => table.name().to_owned(),
    };
    Resource {
        name: table.name().to_owned(),
        path,
        title,
        description: table.about().to_owned(),
        profile: "tabular-data-resource",
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes,
        schema: Schema {
            fields,
            missing_values: [""],
            primary_key: key,
        },
    }
}

fn field(name: &str, kind: &'static str, about: &str, words: Vec<&'static str>) -> Field {
    let constraints = (!words.is_empty()).then_some(Constraints { words });
    Field {
        name: name.to_owned(),
        kind,
        description: about.to_owned(),
        constraints,
    }
}
