//! The tables of a run: each of the version that this program writes, and each number of care in its place.

use std::path::Path;

use engine::TableReader;
use serde_json::{Value, json};

use crate::exit::Failure;

/// Tables that every run puts out.
const ALWAYS: [&str; 12] = [
    "persons",
    "evidence",
    "cases",
    "counts",
    "completeness",
    "problems",
    "set_aside",
    "estimates",
    "routes",
    "width",
    "assumptions",
    "revisions",
];

/// Checks the version of every table there is; gives each with its rows, in order of their names.
pub(super) fn checked(tables: &Path) -> Result<Vec<Value>, Failure> {
    let mut names: Vec<String> = study::file_hashes(tables)?
        .into_keys()
        .filter_map(|file| file.strip_suffix(".parquet").map(str::to_owned))
        .collect();
    if let Some(missing) = ALWAYS
        .into_iter()
        .find(|name| names.iter().all(|own| own != name))
    {
        let path = tables.join(format!("{missing}.parquet"));
        let message = format!("{}: is missing; run again", path.display());
        return Err(Failure::invariant(message));
    }
    names.sort();
    names.iter().map(|name| table(tables, name)).collect()
}

fn table(tables: &Path, name: &str) -> Result<Value, Failure> {
    let path = tables.join(format!("{name}.parquet"));
    let damaged = |error: engine::EngineError| match study::StudyError::from(error) {
        lost if lost.lost_output().is_some() => Failure::from(lost),
        error => Failure::invariant(format!("{}: cannot be read ({error}); run again", path.display())),
    };
    let held = engine::schema_of(&path).map_err(damaged)?;
    let known = layouts::tables::every();
    let Some(expected) = known.into_iter().find(|table| table.name == name) else {
        let message = format!("{}: no run puts out such a table; remove it", path.display());
        return Err(Failure::invariant(message));
    };
    if held.as_ref() != Some(&(expected.name.clone(), expected.version)) {
        let found = held.map_or("nothing".to_owned(), |(table, version)| {
            format!("{table} version {version}")
        });
        let wanted = format!("{} version {}", expected.name, expected.version);
        return Err(Failure::invariant(format!(
            "{}: holds {found}, expected {wanted}; run again",
            path.display()
        )));
    }
    let rows: usize = TableReader::open(&path)
        .map_err(damaged)?
        .map(|batch| batch.map(|batch| batch.rows()))
        .sum::<Result<_, _>>()
        .map_err(damaged)?;
    Ok(json!({ "table": name, "version": expected.version, "rows": rows }))
}

/// Everybody who was asked about is in the answers, the missing or the excluded, and no numerator passes its denominator.
pub(super) fn care_adds_up(tables: &Path) -> Result<(), Failure> {
    let path = tables.join("standards.parquet");
    if !path.is_file() {
        return Ok(());
    }
    for batch in TableReader::open(&path)? {
        let batch = batch?;
        let (organisation, indicator, period) = (
            batch.text("organisation")?,
            batch.text("indicator")?,
            batch.text("period")?,
        );
        let number = |name: &str| batch.integer(name);
        let (numerator, denominator) = (number("numerator")?, number("denominator")?);
        let (missing, excluded, population) =
            (number("missing")?, number("excluded")?, number("population")?);
        for row in 0..batch.rows() {
            let of = |column: &engine::IntegerColumn<'_>| column.get(row).unwrap_or_default();
            let (yes, known) = (of(&numerator), of(&denominator));
            let adds_up = known + of(&missing) + of(&excluded) == of(&population);
            if !adds_up || yes < 0 || yes > known {
                return Err(Failure::invariant(format!(
                    "standards.parquet: the answers to `{}` at {} in {} do not add up; run again",
                    indicator.get(row).unwrap_or_default(),
                    organisation.get(row).unwrap_or_default(),
                    period.get(row).unwrap_or_default()
                )));
            }
        }
    }
    Ok(())
}
