//! The interface for programs: static JSON files, one for each nation and organisation, and an index.
//!
//! Every figure is two fields, the number (null where it is not shown) and `<name>_state`, as in the released tables.

use protect::{ReleasedRow, ReleasedTable};
use serde_json::{Value, json};

use super::rows;
use crate::PublishError;
use crate::site::{Hospital, Site};
use crate::words;

pub(super) fn files(site: &Site<'_>) -> Result<Vec<(String, String)>, PublishError> {
    let mut files = vec![
        (super::API.to_owned(), text(&index(site))?),
        ("api/country.json".to_owned(), text(&country(site))?),
    ];
    for nation in &site.nations {
        let path = format!("api/nations/{}.json", words::slug(nation));
        files.push((path, text(&self::nation(site, nation))?));
    }
    for hospital in &site.hospitals {
        let path = format!(
            "api/organisations/{}.json",
            words::address(&hospital.organisation.code)
        );
        files.push((path, text(&organisation(site, hospital))?));
    }
    Ok(files)
}

fn text(value: &Value) -> Result<String, PublishError> {
    serde_json::to_string_pretty(value)
        .map(|mut text| {
            text.push('\n');
            text
        })
        .map_err(|error| PublishError::facts("api", error.to_string()))
}

/// What every file says of the release.
fn release(site: &Site<'_>) -> Value {
    let manifest = site.manifest;
    json!({
        "id": manifest.release,
        "study": manifest.study,
        "as_of": manifest.as_of,
        "definition": manifest.definition,
        "policy": manifest.policy,
        "program": manifest.program,
        "notices": manifest.notices,
    })
}

fn index(site: &Site<'_>) -> Value {
    let nations: Vec<Value> = site
        .nations
        .iter()
        .map(|nation| json!({"name": nation, "file": format!("nations/{}.json", words::slug(nation))}))
        .collect();
    let organisations: Vec<Value> = site
        .hospitals
        .iter()
        .map(|hospital| {
            let code = &hospital.organisation.code;
            json!({
                "code": code,
                "name": hospital.organisation.name,
                "nation": hospital.organisation.nation,
                "state": hospital.state.key(),
                "file": format!("organisations/{}.json", words::address(code)),
            })
        })
        .collect();
    let tables: Vec<Value> = site
        .release
        .tables()
        .iter()
        .map(|table| json!({"name": table.name(), "version": table.version(), "file": format!("../data/{}.csv", table.name())}))
        .collect();
    json!({
        "version": 1,
        "release": release(site),
        "documentation": "../data.html#api",
        "feed": "../feed.xml",
        "country": "country.json",
        "nations": nations,
        "organisations": organisations,
        "tables": tables,
    })
}

fn country(site: &Site<'_>) -> Value {
    let name = site.country().name;
    json!({
        "release": release(site),
        "country": site.country_name,
        "counts": select(site, "counts", |row| row.text("place_kind") == "country"),
        "checks": select(site, "checks", |row| row.text("place") == name),
    })
}

fn nation(site: &Site<'_>, nation: &str) -> Value {
    json!({
        "release": release(site),
        "nation": nation,
        "counts": select(site, "counts", |row| row.text("place_kind") == "nation" && row.text("place") == nation),
        "checks": select(site, "checks", |row| row.text("place") == nation),
    })
}

fn organisation(site: &Site<'_>, hospital: &Hospital<'_>) -> Value {
    let organisation = hospital.organisation;
    let code = organisation.code.as_str();
    json!({
        "release": release(site),
        "organisation": {
            "code": code,
            "name": organisation.name,
            "nation": organisation.nation,
            "network": organisation.network,
            "kind": organisation.kind,
        },
        "state": {
            "state": hospital.state.key(),
            "close_to_line": hospital.close,
            "period": site.manifest.state_period,
        },
        "told_us": told_us(site, code),
        "responses": responses(site, code),
        "completeness": select(site, "completeness", |row| row.text("organisation") == code),
        "counts": select(site, "counts", |row| row.text("place_kind") == "organisation" && row.text("place") == code),
    })
}

/// What an organisation answered when it was asked: beside what is measured.
fn told_us(site: &Site<'_>, code: &str) -> Vec<Value> {
    let answers = site.answers_of(code).into_iter();
    let value = |answer: &crate::told::Answer| {
        json!({
            "question": answer.question.key(),
            "answer": answer.told.key(),
            "asked_on": answer.asked_on,
            "answered_on": answer.answered_on,
            "source": answer.source_url,
        })
    };
    answers.map(value).collect()
}

/// Its responses, read by two people.
fn responses(site: &Site<'_>, code: &str) -> Vec<Value> {
    let responses = site.responses_of(code).into_iter();
    responses
        .map(|one| json!({"date": one.date(), "paragraphs": one.paragraphs().collect::<Vec<_>>()}))
        .collect()
}

/// The rows of a table that a file is about.
fn select(site: &Site<'_>, table: &str, about: impl Fn(ReleasedRow<'_>) -> bool) -> Vec<Value> {
    let of = |table: &ReleasedTable| -> Vec<Value> {
        let rows = table.rows().filter(|row| about(*row));
        rows.map(|row| rows::json(table, row)).collect()
    };
    site.release.table(table).map(of).unwrap_or_default()
}
