//! `counted find`: a first look at files, as they are or as a study reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casefind::Definition;
use engine::{Batch, TableReader};
use serde_json::{Value, json};
use study::{Found, Look, ToFind};
use vocabulary::organisation::Registry;

use super::check::of_study;
use crate::arguments::{FindArguments, Format};
use crate::draft::Draft;
use crate::exit::Failure;
use crate::export::{WHO_READS, refuse_harm, refuse_loss, safe};
use crate::works::Works;
use crate::{machine, tell};

const CASES: [&str; 14] = [
    "person",
    "id_kind",
    "id",
    "tier",
    "kind",
    "date",
    "date_low",
    "date_high",
    "organisation",
    "nation",
    "sites",
    "sources",
    "recorded",
    "death_date",
];
const EVIDENCE: [&str; 8] = [
    "person",
    "rule",
    "strength",
    "source",
    "date",
    "organisation",
    "record",
    "words",
];

/// The definition where neither the call nor a study names one.
const DEFINITION: &str = "uk-mbc/2026.1";

/// Looks, and writes the cases.
pub(crate) fn find(arguments: &FindArguments, format: Format) -> Result<ExitCode, Failure> {
    let what = asked(arguments)?;
    nothing_is_lost(arguments, &what)?;
    // First, since it tells whether another look goes into the same place.
    let works = Works::take(&beside(&arguments.output)?)?;
    let mut cases = Draft::create(&arguments.output)?;
    let mut evidence = arguments.evidence.as_deref().map(Draft::create).transpose()?;
    let progress = tell::Progress::new();
    let found = study::find(&Look {
        what: &what,
        memory_bytes: arguments.machine.memory,
        threads: machine::threads(arguments.machine.threads),
        work: works.folder(),
        progress: &|event| progress.show(event),
    })?;
    progress.clear();
    let mut tally = Tally::default();
    write(
        &mut cases,
        &CASES,
        &found.tables.join("cases.parquet"),
        |batch, row| {
            let cells = case(&found, batch, row)?;
            tally.add(&cells);
            Ok(cells)
        },
    )?;
    if let Some(evidence) = &mut evidence {
        write(
            evidence,
            &EVIDENCE,
            &found.tables.join("evidence.parquet"),
            line_of_evidence,
        )?;
    }
    cases.publish()?;
    evidence.map_or(Ok(()), Draft::publish)?;
    match format {
        Format::Json => tell::json(&as_json(&what.definition, &found, &tally)),
        Format::Text => summary(arguments, &found, &tally),
    }
    Ok(ExitCode::SUCCESS)
}

/// What is looked at: the files of the call as they are; or those of a study, as it reads them. What the call says of the
/// definition and the day goes before what the study says.
fn asked(arguments: &FindArguments) -> Result<ToFind, Failure> {
    if let Some(kind) = &arguments.kind {
        intake::said_kind(kind)?;
    }
    let load =
        |name: &str| Definition::load(name, Path::new("")).map_err(|error| Failure::call(error.to_string()));
    let said = arguments.definition.as_deref().map(load).transpose()?;
    let kind = arguments.kind.as_deref();
    if let Some((folder, files)) = of_study(arguments.study.as_deref(), &arguments.files) {
        if arguments.organisations.is_some() {
            return Err(Failure::call(
                "--organisations beside a study: the list is that of the study (`organisations` in study.toml); leave one out",
            ));
        }
        are_there(files)?;
        let what = ToFind::of_study(folder, files, kind, said)?;
        return Ok(ToFind {
            as_of: arguments.as_of.unwrap_or(what.as_of),
            ..what
        });
    }
    are_there(&arguments.files)?;
    let definition = said.map_or_else(|| load(DEFINITION), Ok)?;
    let registry = registry(arguments.organisations.as_deref())?;
    let as_of = arguments.as_of.unwrap_or_else(machine::today);
    Ok(ToFind::plain(
        &arguments.files,
        kind,
        definition,
        (registry, as_of),
    )?)
}

/// Cases by tier. One that rests on a record without a number may be somebody's who is among the others, or among these
/// several times, so it is never added to them.
#[derive(Default)]
struct Tally {
    by_number: BTreeMap<String, u64>,
    alone: BTreeMap<String, u64>,
}

impl Tally {
    fn add(&mut self, case: &[String; CASES.len()]) {
        let [_, _, id, tier, ..] = case;
        let tiers = if id.is_empty() {
            &mut self.alone
        } else {
            &mut self.by_number
        };
        *tiers.entry(tier.clone()).or_default() += 1;
    }
}

/// A call that names a file that is not there ends before anything is read.
fn are_there(files: &[PathBuf]) -> Result<(), Failure> {
    let Some(absent) = files.iter().find(|file| !file.is_file()) else {
        return Ok(());
    };
    let why = if absent.is_dir() {
        "it is a folder; name the files in it"
    } else if absent.to_string_lossy().contains(['*', '?', '[']) {
        "no such file; a pattern that matches nothing stands for itself"
    } else {
        "there is no such file; check how its name is spelt"
    };
    Err(Failure::source(format!("{}: {why}", absent.display())))
}

/// No list is written among what a study publishes, over another file of it, or over a file that is read.
fn nothing_is_lost(arguments: &FindArguments, what: &ToFind) -> Result<(), Failure> {
    let files = what.sources.iter().flat_map(|source| &source.paths);
    let files = files.map(|(_, file)| file).chain(&what.settings);
    let own = |folder: &String| -> Vec<PathBuf> {
        let names = what.definition.files.keys();
        names.map(|name| Path::new(folder).join(name)).collect()
    };
    let definition: Vec<PathBuf> = arguments.definition.iter().flat_map(own).collect();
    let read = files.chain(&arguments.organisations).chain(&definition);
    let read = read.map(PathBuf::as_path);
    let written = std::iter::once(&arguments.output).chain(&arguments.evidence);
    let written = written.map(PathBuf::as_path);
    refuse_harm(read.clone(), written.clone())?;
    refuse_loss(read, written)
}

fn registry(list: Option<&Path>) -> Result<Registry, Failure> {
    let Some(path) = list else {
        return Registry::uk().map_err(|error| Failure::call(error.to_string()));
    };
    let text = fs_err::read_to_string(path).map_err(|error| Failure::call(error.to_string()))?;
    Registry::from_csv(&text).map_err(|error| Failure::call(format!("{}: {error}", path.display())))
}

/// The folder for working files: beside the list, and named after it.
fn beside(output: &Path) -> Result<PathBuf, Failure> {
    let Some(name) = output.file_name() else {
        return Err(Failure::call("an empty name was given for a file to write"));
    };
    let mut name = name.to_owned();
    name.push(".work");
    Ok(output.with_file_name(name))
}

/// Writes a table as CSV, row by row.
fn write<const CELLS: usize>(
    file: &mut Draft,
    header: &[&str; CELLS],
    table: &Path,
    mut row_of: impl FnMut(&Batch, usize) -> Result<[String; CELLS], engine::EngineError>,
) -> Result<(), Failure> {
    let failed = |error: csv::Error| Failure::call(format!("writing the list: {error}"));
    let mut writer = csv::Writer::from_writer(&mut *file);
    writer.write_record(header).map_err(failed)?;
    for batch in TableReader::open(table).map_err(study::StudyError::from)? {
        let batch = batch.map_err(study::StudyError::from)?;
        for row in 0..batch.rows() {
            let cells = row_of(&batch, row).map_err(study::StudyError::from)?;
            let cells = cells.iter().map(|cell| safe(cell).into_owned());
            writer.write_record(cells).map_err(failed)?;
        }
    }
    writer.flush()?;
    drop(writer);
    Ok(file.flush()?)
}

fn case(found: &Found, batch: &Batch, row: usize) -> Result<[String; CASES.len()], engine::EngineError> {
    let person = text(batch, "person_id", row)?;
    let number = person.trim_start_matches('P').parse().unwrap_or_default();
    let (kind, id) = found.people.id(number).unwrap_or_default();
    let list = |column: &str| batch.texts(column).map(|texts| texts.get(row).join(" "));
    let recorded = batch.flag("recorded")?.get(row);
    Ok([
        person,
        kind.to_owned(),
        id.to_owned(),
        text(batch, "tier", row)?,
        text(batch, "kind", row)?,
        date(batch, "date", row)?,
        date(batch, "date_low", row)?,
        date(batch, "date_high", row)?,
        text(batch, "organisation", row)?,
        text(batch, "nation", row)?,
        list("sites")?,
        list("sources")?,
        recorded
            .map_or("", |yes| if yes { "yes" } else { "no" })
            .to_owned(),
        date(batch, "death_date", row)?,
    ])
}

fn line_of_evidence(batch: &Batch, row: usize) -> Result<[String; EVIDENCE.len()], engine::EngineError> {
    Ok([
        text(batch, "person_id", row)?,
        text(batch, "rule", row)?,
        text(batch, "strength", row)?,
        text(batch, "source", row)?,
        date(batch, "date", row)?,
        text(batch, "organisation", row)?,
        text(batch, "record_id", row)?,
        text(batch, "words", row)?,
    ])
}

fn text(batch: &Batch, column: &str, row: usize) -> Result<String, engine::EngineError> {
    Ok(batch.text(column)?.get(row).unwrap_or_default().to_owned())
}

fn date(batch: &Batch, column: &str, row: usize) -> Result<String, engine::EngineError> {
    Ok(batch
        .date(column)?
        .get(row)
        .map_or_else(String::new, |date| date.to_string()))
}

/// What became of the records of a source.
fn of_source(source: &intake::SourceReport) -> String {
    let mut line = format!(
        "{}: {}, {} in use",
        source.kind,
        tell::counted(source.rows, "record", "records"),
        source.in_identities
    );
    if source.passed_over > 0 {
        line.push_str(&format!(
            ", {} passed over (of nobody with a breast cancer here, or without a tumour)",
            source.passed_over
        ));
    }
    let set_aside: u64 = source.set_aside.values().sum();
    if set_aside > 0 {
        line.push_str(&format!(", {set_aside} set aside"));
    }
    let problems: u64 = source.problems.values().sum();
    if problems > 0 {
        line.push_str(&format!(
            " ({}; `counted check` lists them)",
            tell::counted(problems, "problem", "problems")
        ));
    }
    line
}

fn summary(arguments: &FindArguments, found: &Found, tally: &Tally) {
    for source in &found.intake.sources {
        tell::line(&of_source(source));
    }
    let people = &found.people;
    tell::line(&format!(
        "{} by number alone of whom some record speaks of a breast cancer; {} without a number",
        tell::counted(people.people, "person", "people"),
        tell::counted(people.alone, "record", "records")
    ));
    let of = |tiers: &BTreeMap<String, u64>| {
        let [a, b, c, d] = ["A", "B", "C", "D"].map(|tier| tiers.get(tier).copied().unwrap_or_default());
        format!("A {a}, B {b}, C {c}; D {d} (suspected, not counted)")
    };
    tell::line(&format!("Cases: {}", of(&tally.by_number)));
    if !tally.alone.is_empty() {
        tell::line(&format!(
            "Records without a number that would be cases by themselves: {}; whose they are is not known, and they may be of \
             people above",
            of(&tally.alone)
        ));
    }
    let absent: BTreeSet<&str> = found
        .report
        .absent
        .iter()
        .filter_map(|table| table.split('.').next())
        .collect();
    if !absent.is_empty() {
        let kinds: Vec<&str> = absent.into_iter().collect();
        tell::line(&format!(
            "The definition asks these too, and no file is of them: {}",
            kinds.join(", ")
        ));
    }
    tell::line(&format!(
        "{}: confidential, {WHO_READS}. A first look: people are joined by number alone, nothing was estimated or \
         protected. For a count, run a study (`counted run`).",
        arguments.output.display()
    ));
}

fn as_json(definition: &Definition, found: &Found, tally: &Tally) -> Value {
    json!({
        "definition": definition.id,
        "sources": found.intake.sources,
        "only_tumours_read": found.tumours_alone,
        "people": { "by_number": found.people.people, "records": found.people.records, "alone": found.people.alone },
        "tiers": tally.by_number,
        "tiers_of_records_alone": tally.alone,
        "evidence": found.report.evidence,
        "absent": found.report.absent,
    })
}
