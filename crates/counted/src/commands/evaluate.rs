//! `counted evaluate`: the tables of a run against a known truth.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use engine::TableReader;
use simulate::evaluate::{
    CareCell, CareScore, CareTruth, Estimated, FoundCase, Input, Measure, Score, Truth, care_words,
    evaluate as score_of,
};
use study::Study;
use vocabulary::date::Date;

use crate::arguments::{EvaluateArguments, Format};
use crate::exit::Failure;
use crate::tell;

/// Scores a run and prints the score.
pub(crate) fn evaluate(arguments: &EvaluateArguments, format: Format) -> Result<ExitCode, Failure> {
    let score = score(&arguments.study, &arguments.truth)?;
    let (care, unscored) = care(&arguments.study, &arguments.truth)?;
    match format {
        Format::Json => {
            let mut all = serde_json::to_value(&score).unwrap_or_default();
            all["care"] = serde_json::to_value(&care).unwrap_or_default();
            all["care_unscored"] = serde_json::to_value(&unscored).unwrap_or_default();
            tell::json(&all);
        }
        Format::Text => {
            tell::line(score.words().trim_end());
            tell::line(care_words(&care, &unscored).trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A study whose tables are of the day and the period that it says.
fn as_it_was_run(study: &Path) -> Result<Study, Failure> {
    let study = Study::open(study)?;
    study.is_as_it_was_run()?;
    Ok(study)
}

/// The score of a study's last run.
pub(crate) fn score(study: &Path, truth: &Path) -> Result<Score, Failure> {
    let study = as_it_was_run(study)?;
    let tables = study.tables()?;
    let truth = Truth::read(truth)?;
    let (intake, _) = study.stage_folders()?;
    let left_out = truth.is_of(&files(&intake)?)?;
    if left_out > 0 {
        tell::note(&format!(
            "{left_out} of the {} records of the truth are of files that the run did not read; whoever they alone show cannot be found",
            truth.record_count()
        ));
    }
    let records = records(&tables, &truth)?;
    let cases = cases(&tables)?;
    let cover = casefind::Cover::read(&intake, &BTreeMap::new())?;
    Ok(score_of(&Input {
        as_of: study.config.as_of,
        known_from: cover.first("admissions"),
        people: &truth.people,
        records: &records,
        cases: &cases,
        estimates: &estimates(&tables)?,
    }))
}

/// How many records each file of the run has, those set aside included, by source and path.
fn files(intake: &Path) -> Result<BTreeMap<(String, String), u64>, Failure> {
    let mut files = BTreeMap::new();
    for batch in TableReader::open_columns(&intake.join("files.parquet"), &["kind", "path", "rows"])? {
        let batch = batch?;
        let (kind, path, rows) = (batch.text("kind")?, batch.text("path")?, batch.integer("rows")?);
        for row in 0..batch.rows() {
            let named = |cell: Option<&str>| cell.unwrap_or_default().to_owned();
            let read: &mut u64 = files
                .entry((named(kind.get(row)), named(path.get(row))))
                .or_default();
            *read += rows
                .get(row)
                .and_then(|rows| u64::try_from(rows).ok())
                .unwrap_or_default();
        }
    }
    Ok(files)
}

/// The measurement of care beside the truth, where the truth knows care; and on which items hospitals differ that no
/// measurement can tell.
fn care(study: &Path, truth: &Path) -> Result<(Vec<CareScore>, BTreeMap<String, u64>), Failure> {
    let study = as_it_was_run(study)?;
    let Some(truth) = CareTruth::read(truth, study.config.period)? else {
        return Ok((Vec::new(), BTreeMap::new()));
    };
    let mut cells = Vec::new();
    for batch in TableReader::open(&study.tables()?.join("standards.parquet"))? {
        let batch = batch?;
        let text = |name: &str| batch.text(name);
        let (nation, organisation, period) = (text("nation")?, text("organisation")?, text("period")?);
        let (indicator, flag) = (text("indicator")?, text("flag")?);
        let (value, low, high) = (batch.real("value")?, batch.real("low")?, batch.real("high")?);
        let denominator = batch.integer("denominator")?;
        for row in 0..batch.rows() {
            let nations = organisation.get(row) == Some("all") && nation.get(row) != Some("all");
            if period.get(row) == Some("all") && !nations {
                cells.push(CareCell {
                    indicator: indicator.get(row).unwrap_or_default().to_owned(),
                    organisation: organisation.get(row).unwrap_or_default().to_owned(),
                    denominator: denominator.get(row).unwrap_or_default(),
                    value: value
                        .get(row)
                        .zip(low.get(row))
                        .zip(high.get(row))
                        .map(|((value, low), high)| (value, low, high)),
                    flag: flag.get(row).unwrap_or_default().to_owned(),
                });
            }
        }
    }
    Ok((truth.score(&cells), truth.unscored().clone()))
}

/// The number behind a person's id.
fn number(id: Option<&str>) -> u32 {
    id.and_then(|id| id.get(1..))
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

fn records(tables: &Path, truth: &Truth) -> Result<Vec<(u32, u32)>, Failure> {
    let mut records = Vec::new();
    let mut unknown = 0_u64;
    for batch in TableReader::open_columns(
        &tables.join("persons.parquet"),
        &["source", "record_id", "person_id"],
    )? {
        let batch = batch?;
        let (source, record, person) = (
            batch.text("source")?,
            batch.text("record_id")?,
            batch.text("person_id")?,
        );
        for row in 0..batch.rows() {
            match truth.person_of(
                source.get(row).unwrap_or_default(),
                record.get(row).unwrap_or_default(),
            ) {
                Some(truly) => records.push((truly, number(person.get(row)))),
                None => unknown += 1,
            }
        }
    }
    if unknown > 0 {
        tell::note(&format!(
            "{unknown} records of the run are not in the truth and are not scored"
        ));
    }
    Ok(records)
}

fn cases(tables: &Path) -> Result<Vec<FoundCase>, Failure> {
    let mut cases = Vec::new();
    for batch in TableReader::open(&tables.join("cases.parquet"))? {
        let batch = batch?;
        let (person, tier, kind) = (batch.text("person_id")?, batch.text("tier")?, batch.text("kind")?);
        let (date, death, left) = (
            batch.date("date")?,
            batch.date("death_date")?,
            batch.date("left_date")?,
        );
        let (organisation, counted) = (batch.text("organisation")?, batch.flag("counted")?);
        for row in 0..batch.rows() {
            cases.push(FoundCase {
                person: number(person.get(row)),
                tier: tier.get(row).and_then(|tier| tier.chars().next()).unwrap_or('D'),
                kind: kind.get(row).unwrap_or_default().to_owned(),
                date: date.get(row),
                death: death.get(row),
                left: left.get(row),
                organisation: organisation.get(row).unwrap_or_default().to_owned(),
                counted: counted.get(row).unwrap_or_default(),
            });
        }
    }
    Ok(cases)
}

/// The estimates of the whole country, by measure and day.
fn estimates(tables: &Path) -> Result<Vec<Estimated>, Failure> {
    let mut estimates = Vec::new();
    for batch in TableReader::open(&tables.join("counts.parquet"))? {
        let batch = batch?;
        let text = |name| batch.text(name);
        let (place, measure, period) = (text("place_kind")?, text("measure")?, text("period")?);
        let splits = [text("kind")?, text("sex")?, text("age_band")?];
        let (estimate, low, high) = (batch.real("estimate")?, batch.real("low")?, batch.real("high")?);
        for row in 0..batch.rows() {
            let total = splits.iter().all(|column| column.get(row) == Some("all"));
            let ends = days(period.get(row).unwrap_or_default());
            let measure = match measure.get(row) {
                Some("new") => Measure::New,
                Some("living") => Measure::Living,
                _ => Measure::Died,
            };
            if let (true, Some("country"), Some((first, last)), Some(estimate), Some(low), Some(high)) = (
                total,
                place.get(row),
                ends,
                estimate.get(row),
                low.get(row),
                high.get(row),
            ) {
                estimates.push(Estimated {
                    measure,
                    first,
                    last,
                    estimate,
                    low,
                    high,
                });
            }
        }
    }
    Ok(estimates)
}

/// First and last day of a period: a year, a day, or two days with a stroke between them.
fn days(period: &str) -> Option<(Date, Date)> {
    if let Some((first, last)) = period.split_once('/') {
        return Some((first.parse().ok()?, last.parse().ok()?));
    }
    if let Ok(year) = period.parse() {
        return Some((Date::new(year, 1, 1)?, Date::new(year, 12, 31)?));
    }
    let day = period.parse().ok()?;
    Some((day, day))
}
