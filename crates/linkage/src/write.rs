//! Writes the tables of linkage.

use std::path::Path;

use engine::{TableReader, TableWriter};
use layouts::tables;
use rustc_hash::FxHashMap;
use vocabulary::table::Value;

use crate::cascade::{ALONE, Linked, SharedValues, StepReport};
use crate::error::LinkageError;
use crate::numbering::{Numbering, Operation, People, person_id};
use crate::read::{Places, PlacesReader, stream};

/// The paths of the files of a study by their number.
pub(crate) struct Files {
    paths: FxHashMap<i64, String>,
}

impl Files {
    pub(crate) fn read(intake: &Path) -> Result<Self, LinkageError> {
        let mut paths = FxHashMap::default();
        for batch in TableReader::open_columns(&intake.join("files.parquet"), &["file", "path"])? {
            let batch = batch?;
            let (files, names) = (batch.integer("file")?, batch.text("path")?);
            for row in 0..batch.rows() {
                if let (Some(file), Some(path)) = (files.get(row), names.get(row)) {
                    paths.insert(file, path.to_owned());
                }
            }
        }
        Ok(Self { paths })
    }

    pub(crate) fn path(&self, file: i64) -> Result<&str, LinkageError> {
        self.paths
            .get(&file)
            .map(String::as_str)
            .ok_or(LinkageError::File { file })
    }

    pub(crate) fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.paths.values().map(String::as_str).collect();
        paths.sort_unstable();
        paths
    }
}

/// Writes a record id into `id`, whose part up to the `#` stays when the file does.
pub(crate) fn record_id(id: &mut String, path_end: usize, record: Option<&str>, row: i64) {
    id.truncate(path_end);
    match record {
        Some(record) => id.push_str(record),
        None => id.push_str(&row.to_string()),
    }
}

/// A value of each person that has one, in order of the person's place.
pub(crate) type ByPerson = Vec<(u32, String)>;

/// What the records say that identities do not hold: counted per person, values as small integers.
#[derive(Default)]
pub(crate) struct Said {
    words: Vec<String>,
    by_word: FxHashMap<String, u32>,
    ethnicity: FxHashMap<(u32, u32), u32>,
    deprivation: FxHashMap<(u32, u32), u32>,
}

impl Said {
    fn word(&mut self, text: &str) -> u32 {
        if let Some(word) = self.by_word.get(text) {
            return *word;
        }
        let word = self.words.len() as u32;
        self.words.push(text.to_owned());
        self.by_word.insert(text.to_owned(), word);
        word
    }

    fn hear(&mut self, person: u32, ethnicity: Option<&str>, deprivation: Option<&str>) {
        if let Some(text) = ethnicity {
            let word = self.word(text);
            *self.ethnicity.entry((person, word)).or_default() += 1;
        }
        if let Some(text) = deprivation {
            let word = self.word(text);
            *self.deprivation.entry((person, word)).or_default() += 1;
        }
    }

    /// The most frequent ethnicity and deprivation of each person, in order of person; ties by smallest.
    pub(crate) fn most_frequent(self) -> (ByPerson, ByPerson) {
        let Self {
            words,
            ethnicity,
            deprivation,
            ..
        } = self;
        (
            most_frequent(&words, ethnicity),
            most_frequent(&words, deprivation),
        )
    }
}

fn most_frequent(words: &[String], counts: FxHashMap<(u32, u32), u32>) -> ByPerson {
    let text = |word: u32| words[word as usize].as_str();
    let mut counts: Vec<((u32, u32), u32)> = counts.into_iter().collect();
    counts.sort_unstable_by(|((a, x), n), ((b, y), m)| {
        a.cmp(b).then(m.cmp(n)).then_with(|| text(*x).cmp(text(*y)))
    });
    counts.dedup_by_key(|((person, _), _)| *person);
    counts
        .into_iter()
        .map(|((person, word), _)| (person, text(word).to_owned()))
        .collect()
}

/// Writes `links` and `persons`, each record once, in order. Gives the count of records and what they say.
pub(crate) fn links(
    request: &crate::Request<'_>,
    linked: &Linked,
    places: &Places,
    files: &Files,
    numbering: &Numbering,
) -> Result<(u64, Said), LinkageError> {
    let mut links = TableWriter::create(&request.out.join("links.parquet"), &tables::links())?;
    let mut persons = TableWriter::create(&request.out.join("persons.parquet"), &tables::persons())?;
    let mut people = People::new(linked);
    let mut places = places.read()?;
    let mut said = Said::default();
    let (mut id, mut path_end, mut present) = (String::new(), 0, None);
    let mut written = 0u64;
    let columns = ["file", "row", "source", "record", "ethnicity", "deprivation"];
    stream(
        &request.intake.join("identities"),
        &columns,
        request.threads,
        |batch| {
            let (file, row, source) = (
                batch.integer("file")?,
                batch.integer("row")?,
                batch.text("source")?,
            );
            let (record, ethnicity, deprivation) = (
                batch.text("record")?,
                batch.text("ethnicity")?,
                batch.text("deprivation")?,
            );
            for at in 0..batch.rows() {
                let place = next(&mut places, written)?;
                let (file, row) = (file.get(at).unwrap_or(-1), row.get(at).unwrap_or(-1));
                if present != Some(file) {
                    id = format!("{}#", files.path(file)?);
                    (path_end, present) = (id.len(), Some(file));
                }
                record_id(&mut id, path_end, record.get(at), row);
                let source = source.get(at).ok_or(LinkageError::File { file })?;
                let person = people.next(place);
                said.hear(person, ethnicity.get(at), deprivation.get(at));
                let person = numbering.id(person);
                let (step, probability) = step_of(linked, place);
                links.row(&[
                    source.into(),
                    file.into(),
                    row.into(),
                    person.into(),
                    step.into(),
                    probability.into(),
                ])?;
                let person = person_id(person);
                persons.row(&[
                    source.into(),
                    id.as_str().into(),
                    person.as_str().into(),
                    step.into(),
                    probability.into(),
                ])?;
                written += 1;
            }
            (request.progress)("writing who each record belongs to", written);
            Ok(())
        },
    )?;
    links.finish()?;
    persons.finish()?;
    Ok((written, said))
}

/// The identity of the next record; it must be there.
pub(crate) fn next(places: &mut PlacesReader, read: u64) -> Result<u32, LinkageError> {
    places.next()?.ok_or(LinkageError::Lost {
        read,
        written: read + 1,
    })
}

fn step_of(linked: &Linked, place: u32) -> (&'static str, f64) {
    let Some(step) = linked.steps[place as usize] else {
        return (ALONE, 1.0);
    };
    // Reports are in the order of the steps.
    let report = linked.reports.get(step as usize);
    (
        step.name(),
        report.map_or(1.0, |report| report.right_in_10_000 as f64 / 10_000.0),
    )
}

/// Writes `steps`.
pub(crate) fn steps(out: &Path, reports: &[StepReport]) -> Result<(), LinkageError> {
    let mut table = TableWriter::create(&out.join("steps.parquet"), &tables::steps())?;
    for report in reports {
        let count = |count: u64| Value::Integer(count as i64);
        table.row(&[
            report.name.into(),
            count(report.identities),
            count(report.records),
            count(report.people_before),
            count(report.people_after),
            count(report.refused),
        ])?;
    }
    table.finish()?;
    Ok(())
}

/// Writes `conflicts`: contradictions between people, then shared values, which are nobody's.
pub(crate) fn conflicts(
    out: &Path,
    linked: &Linked,
    people: &People<'_>,
    numbering: &Numbering,
) -> Result<u64, LinkageError> {
    let mut rows: Vec<(&str, u32, u32, &str)> = Vec::new();
    for conflict in &linked.conflicts {
        let (a, b) = (
            numbering.id(people.of(conflict.a)),
            numbering.id(people.of(conflict.b)),
        );
        rows.push((conflict.step.name(), a.min(b), a.max(b), conflict.reason.words()));
    }
    rows.sort_unstable();
    rows.dedup();
    let mut table = TableWriter::create(&out.join("conflicts.parquet"), &tables::conflicts())?;
    for (rule, a, b, reason) in rows {
        let (a, b) = (person_id(a), (a != b).then(|| person_id(b)));
        table.row(&[rule.into(), a.as_str().into(), b.as_deref().into(), reason.into()])?;
    }
    for shared in &linked.shared_values {
        table.row(&[
            "shared value".into(),
            Value::Null,
            Value::Null,
            shared_words(shared).as_str().into(),
        ])?;
    }
    Ok(table.finish()?)
}

fn shared_words(shared: &SharedValues) -> String {
    let SharedValues {
        kind,
        values,
        records,
    } = shared;
    format!(
        "{kind}: {values} values, in {records} records, each shared by more people than it can belong to; treated as blank"
    )
}

/// Writes the merges and splits, one a line.
pub(crate) fn operations(out: &Path, operations: &[Operation]) -> Result<(), LinkageError> {
    let mut text = String::new();
    for operation in operations {
        text.push_str(&serde_json::to_string(operation)?);
        text.push('\n');
    }
    Ok(fs_err::write(out.join("operations.jsonl"), text)?)
}
