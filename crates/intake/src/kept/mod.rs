//! What a reading of the sources keeps for the next one: a file of rows that has not changed is not read again.
//!
//! Of each file the outcome is kept, and the marks of its records; its parts lie where the reading left them. A file is
//! taken over when its path and bytes, all that says how it is read, and the program are the same, and when the last day
//! (`as_of`) makes no difference to it: either it is the same day, or the file holds no later date than both. The number of
//! a file may be another one; then only that column of its parts is written anew.
//!
//! Invariant: a reading that takes files over gives what a reading of all of them gives.

mod marks;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{EngineError, GroupWriter, Groups, TableReader, TableWriter};
use serde::{Deserialize, Serialize};
use vocabulary::date::Date;
use vocabulary::table::{TableSchema, Value};

use crate::error::IntakeError;
use crate::outcome::{
    Coverage, FileFacts, FileOutcome, Reason, SetAside, Span, excerpt_part, identities_part, records_part,
};
use crate::problem::{Problem, Problems};
use crate::rows::{Job, Mark, Wanted};

const FOLDER: &str = "kept";
const LIST: &str = "files.json";

/// What one file left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptFile {
    /// Its number then.
    pub(crate) file: u32,
    pub(crate) path: String,
    /// How it was read: kind, columns, nation.
    pub(crate) read_as: String,
    as_of: Date,
    /// The latest date that any of its cells holds.
    latest: Option<Date>,
    /// BLAKE3 of its bytes.
    hash: String,
    rows: u64,
    /// Equal faults: those that are listed, and how many there are.
    problems: Vec<(Vec<Problem>, u64)>,
    set_aside: Vec<KeptAside>,
    in_identities: u64,
}

/// Row, reason, and what stands in its place.
type KeptAside = (u64, String, Option<(u32, u64)>);

/// All that a reading kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    settings: String,
    files: Vec<KeptFile>,
}

/// A former reading.
#[derive(Debug, Default)]
pub(crate) struct Former {
    folder: PathBuf,
    files: BTreeMap<String, KeptFile>,
}

impl Former {
    /// Opens what a reading into `folder` kept. What is not there, damaged, or kept under other settings is nothing.
    pub(crate) fn open(folder: &Path, settings: &str) -> Self {
        let read = fs_err::read(folder.join(FOLDER).join(LIST)).ok();
        let list: Option<List> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let list = list.filter(|list| list.settings == settings).unwrap_or_default();
        Self {
            folder: folder.to_owned(),
            files: list
                .files
                .into_iter()
                .map(|file| (file.path.clone(), file))
                .collect(),
        }
    }

    /// What of it stands for files of this reading, by their numbers now.
    pub(crate) fn takes(
        &self,
        jobs: &[Job],
        hashes: &BTreeMap<PathBuf, String>,
        as_of: Date,
    ) -> BTreeMap<u32, &KeptFile> {
        let bytes = |path: &Path| hashes.get(path).cloned().or_else(|| bytes_of(path));
        let mut taken: BTreeMap<u32, &KeptFile> = BTreeMap::new();
        for job in jobs {
            let Some(kept) = self.files.get(&job.path) else {
                continue;
            };
            let same = kept.read_as == job.read_as()
                && kept.is_the_same_on(as_of)
                && bytes(&job.absolute).is_some_and(|bytes| bytes == kept.hash);
            if same && self.has_parts(kept, job) {
                taken.insert(job.file, kept);
            }
        }
        // A record that was set aside for one of another file goes with that file, which must still come first.
        loop {
            let now = numbers(&taken);
            let stands = |file: u32, by: u32| now.get(&by).is_some_and(|by| *by <= file);
            let whole = |file: u32, kept: &KeptFile| {
                let mut others = kept.set_aside.iter().filter_map(|(_, _, by)| *by);
                others.all(|(by, _)| stands(file, by))
            };
            let before = taken.len();
            taken = taken
                .iter()
                .filter(|(file, kept)| whole(**file, kept))
                .map(|(file, kept)| (*file, *kept))
                .collect();
            if taken.len() == before {
                return taken;
            }
        }
    }

    fn has_parts(&self, kept: &KeptFile, job: &Job) -> bool {
        let parts = parts(&self.folder, kept.file, &job.layout.kind);
        marks::is_whole(&marks_of(&self.folder, kept.file))
            && months_of(&self.folder, kept.file).is_file()
            && parts.iter().all(|(path, _)| path.is_file())
    }

    /// Those marks of a file that are wanted, with their rows.
    pub(crate) fn met(&self, kept: &KeptFile, wanted: &Wanted) -> Result<Vec<(Mark, u32)>, IntakeError> {
        marks::met(&marks_of(&self.folder, kept.file), wanted)
            .map_err(failed("reading what the last run kept"))
    }

    /// Takes a file over: its parts and its marks into the folder of this reading, and its outcome. `now` says which
    /// number each file has that is taken over.
    pub(crate) fn take_over(
        &self,
        kept: &KeptFile,
        job: &Job,
        out: &Path,
        now: &BTreeMap<u32, u32>,
    ) -> Result<FileOutcome, IntakeError> {
        let there = parts(&self.folder, kept.file, &job.layout.kind);
        for ((from, schema), (to, _)) in there.iter().zip(parts(out, job.file, &job.layout.kind)) {
            take_part((from, kept.file), (&to, job.file), schema)?;
        }
        for of in [marks_of, months_of] {
            link(&of(&self.folder, kept.file), &of(out, job.file))?;
        }
        let coverage = coverage(&months_of(out, job.file)).map_err(IntakeError::table("what was kept"))?;
        Ok(FileOutcome {
            coverage,
            ..kept.outcome(job, now)
        })
    }
}

/// Takes over a part of a file, whose number may have changed.
pub(crate) fn take_part(
    (from, then): (&Path, u32),
    (to, now): (&Path, u32),
    schema: &TableSchema,
) -> Result<(), IntakeError> {
    if then == now {
        return link(from, to);
    }
    renumber(from, to, schema, now).map_err(IntakeError::table("a part of the last run"))
}

/// Which number each file that is taken over has now, by its number then.
pub(crate) fn numbers(taken: &BTreeMap<u32, &KeptFile>) -> BTreeMap<u32, u32> {
    taken.iter().map(|(file, kept)| (kept.file, *file)).collect()
}

/// Keeps what this reading gave.
pub(crate) struct Keeping {
    out: PathBuf,
    list: List,
}

impl Keeping {
    pub(crate) fn new(out: &Path, settings: &str) -> Self {
        Self {
            out: out.to_owned(),
            list: List {
                settings: settings.to_owned(),
                files: Vec::new(),
            },
        }
    }

    /// The marks of a file that was read.
    pub(crate) fn marks(&self, file: u32, marks: &[(Mark, u32)]) -> Result<(), IntakeError> {
        let path = marks_of(&self.out, file);
        let write = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                fs_err::create_dir_all(folder)?;
            }
            marks::write(&path, marks)
        };
        write().map_err(failed("keeping what was read"))
    }

    /// A file and its outcome. One that could not be read is not kept.
    pub(crate) fn file(&mut self, job: &Job, as_of: Date, outcome: &FileOutcome) -> Result<(), IntakeError> {
        if outcome.unreadable.is_some() {
            return Ok(());
        }
        let place = months_of(&self.out, job.file);
        if !place.exists() {
            let kind = &job.layout.kind;
            keep_coverage(&place, kind, &outcome.coverage).map_err(IntakeError::table("what was read"))?;
        }
        let problems = outcome.problems.groups();
        let aside = |one: &SetAside| (one.row, one.reason.as_str().to_owned(), one.by);
        self.list.files.push(KeptFile {
            file: job.file,
            path: job.path.clone(),
            read_as: job.read_as(),
            as_of,
            latest: outcome.latest,
            hash: outcome.facts.hash.clone(),
            rows: outcome.facts.rows,
            problems: problems.map(|(listed, count)| (listed.to_vec(), count)).collect(),
            set_aside: outcome.set_aside.iter().map(aside).collect(),
            in_identities: outcome.in_identities,
        });
        Ok(())
    }

    /// Writes the list.
    pub(crate) fn finish(self) -> Result<(), IntakeError> {
        let folder = self.out.join(FOLDER);
        let write = || -> std::io::Result<()> {
            fs_err::create_dir_all(&folder)?;
            fs_err::write(folder.join(LIST), serde_json::to_vec(&self.list)?)
        };
        write().map_err(failed("keeping what was read"))
    }
}

impl KeptFile {
    fn is_the_same_on(&self, as_of: Date) -> bool {
        self.as_of == as_of
            || self
                .latest
                .is_none_or(|latest| latest <= as_of && latest <= self.as_of)
    }

    /// Records that repeat one of another file: row, and what stands in its place, by the numbers of now.
    pub(crate) fn repeats(&self, now: &BTreeMap<u32, u32>) -> BTreeMap<u64, (u32, u64)> {
        let others = self
            .set_aside
            .iter()
            .filter_map(|(row, _, by)| Some((*row, (*by)?)));
        others
            .filter(|(_, (file, _))| *file != self.file)
            .filter_map(|(row, (file, at))| Some((row, (*now.get(&file)?, at))))
            .collect()
    }

    fn outcome(&self, job: &Job, now: &BTreeMap<u32, u32>) -> FileOutcome {
        let aside = |(row, reason, by): &KeptAside| SetAside {
            file: job.file,
            row: *row,
            record: None,
            reason: Reason::of(reason).unwrap_or(Reason::Unparsable),
            by: by.and_then(|(file, at)| Some((*now.get(&file)?, at))),
        };
        FileOutcome {
            facts: FileFacts {
                file: job.file,
                path: job.path.clone(),
                hash: self.hash.clone(),
                rows: self.rows,
                ..FileFacts::default()
            },
            problems: Problems::of_groups(self.problems.iter().cloned()),
            set_aside: self.set_aside.iter().map(aside).collect(),
            coverage: Coverage::new(),
            in_identities: self.in_identities,
            passed_over: 0,
            latest: self.latest,
            unreadable: None,
        }
    }
}

/// The parts of a file, each with its table.
fn parts(out: &Path, file: u32, kind: &str) -> Vec<(PathBuf, TableSchema)> {
    let mut parts = vec![(identities_part(out, file), layouts::tables::identities())];
    if let Some(schema) = layouts::tables::records(kind) {
        parts.push((records_part(out, kind, file), schema.clone()));
        if layouts::tables::excerpt(kind).is_some() {
            parts.push((excerpt_part(out, kind, file), schema));
        }
    }
    parts
}

fn marks_of(out: &Path, file: u32) -> PathBuf {
    out.join(FOLDER).join(format!("{file:05}.marks"))
}

/// Who sent what of a file is a table, as all that may hold a cell is: what stands where an organisation should may be
/// somebody's name.
fn months_of(out: &Path, file: u32) -> PathBuf {
    out.join(FOLDER).join(format!("{file:05}.months.parquet"))
}

fn keep_coverage(place: &Path, kind: &str, coverage: &Coverage) -> Result<(), EngineError> {
    if let Some(folder) = place.parent() {
        fs_err::create_dir_all(folder)?;
    }
    let mut table = TableWriter::create(place, &layouts::tables::months())?;
    for (organisation, span) in coverage {
        for (month, records) in span.by_month() {
            table.row(&[
                Value::Null,
                kind.into(),
                Value::Null,
                Value::Text(organisation),
                Value::Null,
                month.into(),
                Value::Integer(i64::try_from(records).unwrap_or(i64::MAX)),
            ])?;
        }
    }
    table.finish().map(|_| ())
}

fn coverage(place: &Path) -> Result<Coverage, EngineError> {
    let mut coverage = Coverage::new();
    for batch in TableReader::open(place)? {
        let batch = batch?;
        let (organisation, month) = (batch.text("organisation")?, batch.date("month")?);
        let records = batch.integer("records")?;
        for row in 0..batch.rows() {
            let span: &mut Span = coverage
                .entry(organisation.get(row).unwrap_or_default().to_owned())
                .or_default();
            span.add_month(
                month.get(row),
                records.get(row).unwrap_or_default().unsigned_abs(),
            );
        }
    }
    Ok(coverage)
}

/// BLAKE3 of a file, if it can be read.
pub(crate) fn bytes_of(path: &Path) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs_err::File::open(path).ok()?).ok()?;
    Some(hasher.finalize().to_hex().to_string())
}

fn link(from: &Path, to: &Path) -> Result<(), IntakeError> {
    engine::second_name(from, to).map_err(failed("taking over what the last run read"))
}

/// Copies a part with another number in its column `file`; no other column is decoded.
fn renumber(from: &Path, to: &Path, schema: &TableSchema, file: u32) -> Result<(), EngineError> {
    if let Some(folder) = to.parent() {
        fs_err::create_dir_all(folder)?;
    }
    let former = Arc::new(Groups::open(from)?);
    let column = schema.column_index("file").unwrap_or_default();
    let mut writer = GroupWriter::create(to, schema, &[])?;
    for group in 0..former.count() {
        for _ in 0..former.rows(group) {
            writer.value(column, &Value::Integer(i64::from(file)))?;
        }
        writer.end_group_with(&former, group)?;
    }
    writer.finish().map(|_| ())
}

fn failed(what: &'static str) -> impl FnOnce(std::io::Error) -> IntakeError {
    move |error| IntakeError::Folder {
        what: what.to_owned(),
        error,
    }
}
