//! `counted verify --figure`: from a released number to the run, and to the people and records behind it.
//!
//! Whoever has the study may see what was counted; the people are written into a file only, after the audit row.

mod places;
mod rows;

use std::collections::BTreeSet;
use std::process::ExitCode;

use count::Figure;
use engine::{Session, TableReader};
use protect::ledger::SignedLedger;
use serde_json::{Value, json};
use study::Study;

use super::attack::release_id;
use crate::arguments::{Format, VerifyArguments};
use crate::exit::Failure;
use crate::{access_log, machine, tell};

/// The columns that name a figure, in the order of the tables.
const KEY: [&str; 9] = [
    "place_kind",
    "place",
    "period",
    "measure",
    "kind",
    "sex",
    "age_band",
    "group_kind",
    "group",
];

/// A row of the table `counts`.
struct Counted {
    figure: Figure,
    recorded: Option<i64>,
    found: Option<i64>,
    estimate: [Option<f64>; 3],
    status: String,
}

/// Follows a figure.
pub(super) fn follow(
    study: &Study,
    manifest: &Value,
    ledger: &SignedLedger,
    asked: &str,
    arguments: &VerifyArguments,
    format: Format,
) -> Result<ExitCode, Failure> {
    study.is_as_it_was_run()?;
    let tables = study.tables()?;
    let counted = counted(study, asked)?;
    let found = counted.found.ok_or_else(|| {
        Failure::call("nothing was counted there: the records that it needs do not cover that time, so the table is blank")
    })?;
    let released = released(study, &counted.figure)?;
    let (_, linkage) = study.stage_folders()?;
    let work = study.state().join("work");
    let session = Session::embedded(engine::Options {
        memory_bytes: 1 << 30,
        threads: machine::threads(None),
        spill: work.join("spill"),
    })?;
    let paths = (tables.join("cases.parquet"), linkage.join("people.parquet"));
    let people = count::behind(&session, &study.registry, (&paths.0, &paths.1), &counted.figure);
    drop(session);
    fs_err::remove_dir_all(work)?;
    let people = people.map_err(|error| Failure::invariant(error.to_string()))?;
    if people.len() as i64 != found {
        return Err(Failure::invariant(format!(
            "the table counts says {found} people, and {} are behind the figure; please report this",
            people.len()
        )));
    }
    let records = rows::behind(&tables, &people)?;
    let by_source = records.by_source.clone();
    if let Some(path) = &arguments.rows {
        access_log::write(study, "figure", asked)?;
        records.write(study, path)?;
    }
    let id = release_id(study)?;
    let entry = ledger.entries().iter().find(|entry| entry.release == id);
    let said = json!({
        "figure": KEY.into_iter().zip(of(&counted.figure)).collect::<std::collections::BTreeMap<_, _>>(),
        "released": released,
        "release": entry.map(|entry| json!({ "id": entry.release, "entry": entry.number, "approved_on": entry.approved_on })),
        "counted": {
            "recorded": counted.recorded, "found": counted.found, "estimate": counted.estimate[0],
            "low": counted.estimate[1], "high": counted.estimate[2], "status": counted.status,
        },
        "definition": manifest["definition"]["id"],
        "program": manifest["program"]["version"],
        "table": { "file": "tables/counts.parquet", "hash": manifest["tables"]["counts.parquet"] },
        "people": people.len(),
        "records": by_source,
        "rows": arguments.rows.as_ref().map(|path| path.display().to_string()),
    });
    match format {
        Format::Json => tell::json(&said),
        Format::Text => words(&said, asked),
    }
    Ok(ExitCode::SUCCESS)
}

/// The words of the key, totals for the groups that this table has no part of.
fn of(figure: &Figure) -> [&str; 9] {
    [
        &figure.place_kind,
        &figure.place,
        &figure.period,
        &figure.measure,
        &figure.kind,
        &figure.sex,
        &figure.age_band,
        audit::ALL,
        audit::ALL,
    ]
}

/// Finds the figure that was asked for in the table `counts`.
fn counted(study: &Study, asked: &str) -> Result<Counted, Failure> {
    let parts: Vec<&str> = asked.split(',').map(str::trim).collect();
    let [measure, place, period, more @ ..] = parts.as_slice() else {
        return Err(Failure::call(
            "--figure is MEASURE,PLACE,PERIOD, as in living,SIM01,2025-12-31; PLACE is a code, a name, or all, with its kind before it where two have the name (nation:Wales)",
        ));
    };
    let total = |at: usize| more.get(at).copied().unwrap_or(audit::ALL);
    // `nation:Wales` where a place of another kind has the same name.
    let (place_kind, name) = match place.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, *place),
    };
    let all = audit::ALL;
    let words = [total(0), total(1), total(2)];
    let wanted = [name, *period, *measure, words[0], words[1], words[2], all, all];
    let (mut found, near) = rows(study, place_kind, wanted)?;
    if found.len() > 1 {
        let kinds: Vec<&str> = found.iter().map(|one| one.figure.place_kind.as_str()).collect();
        return Err(Failure::call(format!(
            "`{name}` is the name of {} places ({}); write the kind before it, as in {}:{name}",
            kinds.len(),
            kinds.join(", "),
            kinds.first().unwrap_or(&"nation")
        )));
    }
    found
        .pop()
        .ok_or_else(|| Failure::call(near.instead(measure, place, period, words)))
}

/// What `counts` has of a measure at a place, for whoever asks for a figure that is not there.
#[derive(Default)]
struct Near {
    /// Every place with that measure: its kind and its name.
    places: BTreeSet<(String, String)>,
    /// The one that was taken in last.
    last: Option<(String, String)>,
    /// Periods that it has at the place that was asked for.
    periods: Vec<String>,
    /// Kinds, sexes and age bands in the period that was asked for.
    words: [BTreeSet<String>; 3],
}

impl Near {
    /// Takes in a place; the rows of one follow each other, so most are known.
    fn place(&mut self, kind: &str, name: &str) {
        let is_known = |(own, of_it): &(String, String)| own == kind && of_it == name;
        if !self.last.as_ref().is_some_and(is_known) {
            let place = (kind.to_owned(), name.to_owned());
            self.places.insert(place.clone());
            self.last = Some(place);
        }
    }

    /// Why the figure is not there, and what is: the first of its words that is unknown there decides.
    fn instead(&self, measure: &str, place: &str, period: &str, words: [&str; 3]) -> String {
        if self.places.is_empty() {
            return format!(
                "the table counts has no `{measure}` at `{place}`; measures are new, living and died"
            );
        }
        if self.periods.is_empty() {
            return format!(
                "the table counts has no place `{place}` with `{measure}`; {}",
                places::instead(&self.places, place)
            );
        }
        let none = "the table counts has no such figure";
        if !self.periods.iter().any(|known| known == period) {
            return format!(
                "{none}; of `{measure}` at `{place}` it has the periods {}",
                self.periods.join(", ")
            );
        }
        // Each of the words is there, and every cell with somebody has a row.
        if self
            .words
            .iter()
            .zip(words)
            .all(|(known, word)| known.contains(word))
        {
            return format!(
                "{none}, because nobody is in that cell: of `{measure}` at `{place}` in {period} nobody is {}",
                words.join(" and ")
            );
        }
        let [kinds, sexes, ages] = self.words.each_ref().map(|known| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            known.join(", ")
        });
        format!(
            "{none}; of `{measure}` at `{place}` in {period} it has the kinds {kinds}; the sexes {sexes}; the age bands {ages}"
        )
    }
}

/// The rows of `counts` with these words in its key, from the place on; and what it has of this measure there.
fn rows(study: &Study, place_kind: Option<&str>, wanted: [&str; 8]) -> Result<(Vec<Counted>, Near), Failure> {
    let (mut found, mut near) = (Vec::new(), Near::default());
    for batch in TableReader::open(&study.tables()?.join("counts.parquet"))? {
        let batch = batch?;
        let mut columns = Vec::with_capacity(KEY.len());
        for name in KEY {
            columns.push(batch.text(name)?);
        }
        let whole = [batch.integer("recorded")?, batch.integer("found")?];
        let real = [batch.real("estimate")?, batch.real("low")?, batch.real("high")?];
        let status = batch.text("status")?;
        for row in 0..batch.rows() {
            let cell = |at: usize| columns[at].get(row).unwrap_or_default();
            if cell(3) != wanted[2] {
                continue;
            }
            near.place(cell(0), cell(1));
            let of_kind = place_kind.is_none_or(|kind| kind == cell(0));
            if !of_kind || cell(1) != wanted[0] {
                continue;
            }
            if !near.periods.iter().any(|known| known == cell(2)) {
                near.periods.push(cell(2).to_owned());
            }
            if cell(2) == wanted[1] {
                for (words, at) in near.words.iter_mut().zip(4..) {
                    words.insert(cell(at).to_owned());
                }
            }
            if (1..=8).map(cell).eq(wanted) {
                found.push(Counted {
                    figure: Figure {
                        place_kind: cell(0).to_owned(),
                        place: cell(1).to_owned(),
                        period: cell(2).to_owned(),
                        measure: cell(3).to_owned(),
                        kind: cell(4).to_owned(),
                        sex: cell(5).to_owned(),
                        age_band: cell(6).to_owned(),
                    },
                    recorded: whole[0].get(row),
                    found: whole[1].get(row),
                    estimate: [0, 1, 2].map(|at: usize| real[at].get(row)),
                    status: status.get(row).unwrap_or_default().to_owned(),
                });
            }
        }
    }
    Ok((found, near))
}

/// The figure as it was released, column by column.
fn released(study: &Study, figure: &Figure) -> Result<Option<Value>, Failure> {
    let path = study.out().join("release/counts.csv");
    let damaged = |error: csv::Error| Failure::invariant(format!("{}: {error}; run again", path.display()));
    let mut reader = csv::Reader::from_path(&path).map_err(damaged)?;
    let header = reader.headers().map_err(damaged)?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let wanted: Vec<(Option<usize>, &str)> = KEY.map(place).into_iter().zip(of(figure)).collect();
    for row in reader.records() {
        let row = row.map_err(damaged)?;
        let is_it = |(at, value): &(Option<usize>, &str)| at.and_then(|at| row.get(at)) == Some(*value);
        if wanted.iter().all(is_it) {
            let cells = header.iter().zip(&row);
            let kept = cells.filter(|(name, _)| *name != "notice" && !KEY.contains(name));
            return Ok(Some(
                kept.map(|(name, cell)| (name.to_owned(), json!(cell))).collect(),
            ));
        }
    }
    Ok(None)
}

fn words(said: &Value, asked: &str) {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64().map_or(String::new(), |n| format!("{n:.0}")),
        Value::String(text) => text.clone(),
        _ => "none".to_owned(),
    };
    tell::line(&asked.split(',').collect::<Vec<_>>().join(" · "));
    released_words(said, number);
    let counted = &said["counted"];
    tell::line(&format!(
        "  counted    recorded {}, found {}, estimate {} ({} to {}), {} (confidential)",
        number(&counted["recorded"]),
        number(&counted["found"]),
        number(&counted["estimate"]),
        number(&counted["low"]),
        number(&counted["high"]),
        number(&counted["status"])
    ));
    tell::line(&format!(
        "             definition {}, program {}, tables/counts.parquet {}",
        number(&said["definition"]),
        number(&said["program"]),
        number(&said["table"]["hash"])
    ));
    let by_source: Vec<String> = said["records"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(source, records)| format!("{source} {records}"))
        .collect();
    tell::line(&format!(
        "  behind it  {} people, as many as the table says; records that say so: {}",
        said["people"],
        if by_source.is_empty() {
            "none".to_owned()
        } else {
            by_source.join(", ")
        }
    ));
    tell::line(&match said["rows"].as_str() {
        Some(file) => format!("             {file} (confidential: keep it where only you can read it)"),
        None => "             --rows FILE writes them, with the file and row of each record".to_owned(),
    });
}

/// The figure as everybody may see it, and who approved it.
fn released_words(said: &Value, number: impl Fn(&Value) -> String) {
    let released = &said["released"];
    let shown = |name: &str| match (
        released[name].as_str(),
        released[format!("{name}_state")].as_str(),
    ) {
        (Some(""), Some(state)) if !state.is_empty() => state.to_owned(),
        (Some(value), _) if !value.is_empty() => value.to_owned(),
        _ => "none".to_owned(),
    };
    tell::line(&match released {
        Value::Null => "  released   not in the release".to_owned(),
        _ => format!(
            "  released   recorded {}, found {}, estimate {} ({} to {})",
            shown("recorded"),
            shown("found"),
            shown("estimate"),
            shown("low"),
            shown("high")
        ),
    });
    tell::line(&match &said["release"] {
        Value::Null => "             not approved".to_owned(),
        entry => format!(
            "             release {}, entry {} of the ledger, approved on {}",
            number(&entry["id"]),
            number(&entry["entry"]),
            number(&entry["approved_on"])
        ),
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Near;

    /// The first of the words that is not there decides what is said.
    #[test]
    fn whoever_asks_for_what_is_not_there_is_told_what_is() {
        let set =
            |words: &[&str]| -> BTreeSet<String> { words.iter().map(|&word| word.to_owned()).collect() };
        let place = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
        let near = Near {
            places: BTreeSet::from([place("organisation", "SIM01"), place("nation", "Averland")]),
            last: None,
            periods: vec!["2023".to_owned(), "2024".to_owned()],
            words: [set(&["all", "de_novo"]), set(&["all"]), set(&["75-84", "all"])],
        };
        for (period, words, said) in [
            ("2019", ["de_novo", "all", "all"], "it has the periods 2023, 2024"),
            (
                "2024",
                ["de_novo", "female", "all"],
                "of `new` at `SIM01` in 2024 it has the kinds all, de_novo; the sexes all; the age bands 75-84, all",
            ),
            (
                "2024",
                ["de_novo", "all", "75-84"],
                "in 2024 nobody is de_novo and all and 75-84",
            ),
        ] {
            let told = near.instead("new", "SIM01", period, words);
            assert!(told.ends_with(said), "{told}");
        }
        // The measure is there, the place is not.
        let elsewhere = Near {
            periods: Vec::new(),
            ..near
        };
        assert_eq!(
            elsewhere.instead("new", "Averlnd", "2024", ["all"; 3]),
            "the table counts has no place `Averlnd` with `new`; did you mean `Averland`?"
        );
        let nothing = Near::default().instead("nwe", "SIM01", "2024", ["all"; 3]);
        assert_eq!(
            nothing,
            "the table counts has no `nwe` at `SIM01`; measures are new, living and died"
        );
    }
}
