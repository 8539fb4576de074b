//! One file of rows, from its bytes to its two parts.

use std::path::{Path, PathBuf};

use csv::ByteRecord;
use engine::{Batch, EngineError, Picked, PickedBatch, Question, TableReader, TextColumn};
use layouts::Layout;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::error::IntakeError;
use crate::limits::Limits;
use crate::outcome::{FileFacts, FileOutcome, excerpt_part, identities_part, records_part};
use crate::problem::Problems;
use crate::rows::bodies::Bodies;
use crate::rows::delimited::Delimited;
use crate::rows::excerpt::Excerpt;
use crate::rows::marks::{Known, Mark};
use crate::rows::narrow::{Narrow, Narrowed};
use crate::rows::plan::{ColumnChoices, Plan};
use crate::rows::reader::{Cells, RowReader, Setting};
use crate::rows::sink::{Sink, is_full};
use crate::rows::source::{ByteSource, Looks};
use crate::rules;

/// A file to read.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) file: u32,
    pub(crate) source: u32,
    pub(crate) layout: &'static Layout,
    pub(crate) path: String,
    pub(crate) absolute: PathBuf,
    pub(crate) choices: ColumnChoices,
    pub(crate) nation: Option<String>,
    pub(crate) set_aside_unreadable: bool,
}

impl Job {
    /// All that says how the file is read, but for its content.
    pub(crate) fn read_as(&self) -> String {
        let Self {
            source,
            layout,
            choices,
            nation,
            set_aside_unreadable,
            ..
        } = self;
        format!(
            "{source} {} {choices:?} {nation:?} {set_aside_unreadable}",
            layout.kind
        )
    }
}

/// What all files share.
#[derive(Clone, Copy)]
pub(crate) struct Common<'a> {
    pub(crate) as_of: Date,
    pub(crate) limits: Limits,
    pub(crate) organisations: Option<&'a Registry>,
    /// Where parts go; nowhere for a check.
    pub(crate) out: Option<&'a Path>,
    /// Whether parts have writers of their own.
    pub(crate) aside: bool,
    /// What is asked for, where not everything is.
    pub(crate) narrow: Option<&'a Narrowed>,
    /// Is told how many bytes of a file were read, as a step.
    pub(crate) progress: &'a (dyn Fn(&str, u64) + Sync),
}

/// A file that was read.
pub(crate) struct Read {
    pub(crate) outcome: FileOutcome,
    pub(crate) marks: Vec<(Mark, u32)>,
    /// The columns whose dates look like month/day/year.
    month_first: Vec<&'static str>,
    /// The column of the records' dates, where none of them can be read.
    undated: Option<&'static str>,
}

/// The header of a file and nothing more: fails where reading would fail at once.
pub(crate) fn glance(job: &Job, limits: Limits) -> Result<(), IntakeError> {
    let source = ByteSource::open(&job.absolute, &job.path)?;
    let header = if source.looks() == Looks::Parquet {
        parquet_header(job)?
    } else {
        Delimited::open(source, &job.path, &[job.layout], limits)?
            .header()
            .to_vec()
    };
    Plan::new(job, &header, &mut Problems::new()).map(|_| ())
}

/// Reads a file into its parts. `known` are its rows that repeat an earlier file.
///
/// Whether a column of dates such as 06/02/2022 has the month first shows in some later row, or in none: a file in which it
/// shows is read a second time, without these dates. Where no cell of a column has a day above twelve it cannot show.
pub(crate) fn read(job: &Job, common: Common<'_>, known: &Known) -> Result<Read, IntakeError> {
    let read = read_once(job, common, known, &[])?;
    if read.month_first.is_empty() {
        return Ok(read);
    }
    // Its bytes have been told.
    let quiet = |_: &str, _: u64| {};
    let again = Common {
        progress: &quiet,
        ..common
    };
    read_once(job, again, known, &read.month_first)
}

/// Reads a file into its parts; no date of the columns in `refused` that has its year last is used.
fn read_once(
    job: &Job,
    common: Common<'_>,
    known: &Known,
    refused: &[&'static str],
) -> Result<Read, IntakeError> {
    let mut sinks = Sinks::open(job, common)?;
    match read_into(job, common, known, refused, &mut sinks).and_then(|read| dated(job, common, read)) {
        Ok(read) => {
            sinks.finish()?;
            Ok(read)
        }
        Err(error) if job.set_aside_unreadable && error.is_of_one_file() => {
            // What was written of it goes; an empty part stays, so that the table is whole.
            sinks.finish()?;
            Sinks::open(job, common)?.finish()?;
            Ok(unreadable(job, error))
        }
        Err(error) => {
            sinks.finish()?;
            Err(error)
        }
    }
}

/// A file of which no date can be read is as one without its column of dates: a run does not take it. Whoever checks it is
/// told with all else that is wrong.
fn dated(job: &Job, common: Common<'_>, read: Read) -> Result<Read, IntakeError> {
    match read.undated.filter(|_| common.out.is_some()) {
        None => Ok(read),
        Some(column) => Err(IntakeError::Undated {
            path: job.path.clone(),
            column,
            records: read.outcome.in_identities,
        }),
    }
}

fn unreadable(job: &Job, error: IntakeError) -> Read {
    let mut outcome = FileOutcome {
        facts: FileFacts {
            file: job.file,
            path: job.path.clone(),
            ..FileFacts::default()
        },
        ..FileOutcome::default()
    };
    rules::UNREADABLE.of_file(&mut outcome.problems, "", || error.to_string());
    outcome.unreadable = Some(error);
    Read {
        outcome,
        marks: Vec::new(),
        month_first: Vec::new(),
        undated: None,
    }
}

fn read_into(
    job: &Job,
    common: Common<'_>,
    known: &Known,
    refused: &[&'static str],
    sinks: &mut Sinks,
) -> Result<Read, IntakeError> {
    let source = ByteSource::open(&job.absolute, &job.path)?;
    if source.looks() == Looks::Parquet {
        return read_parquet(job, common, known, refused, sinks, source);
    }
    let mut rows = Delimited::open(source, &job.path, &[job.layout], common.limits)?;
    let mut problems = Problems::new();
    let plan = Plan::new(job, rows.header(), &mut problems)?;
    let mut reader = reader(job, common, known, &plan, problems);
    reader.cells.refuse(refused);
    let mut record = ByteRecord::new();
    let mut told = 0;
    while let Some(lines) = rows.next(&mut record)? {
        reader.row(&record, rows.row(), lines);
        if sinks.pass_on(&mut reader)? {
            let (read, _) = rows.progress();
            (common.progress)(&job.path, read - told);
            told = read;
        }
    }
    sinks.drain(&mut reader)?;
    (common.progress)(&job.path, rows.progress().0 - told);
    let count = rows.row();
    if rows.is_malformed() {
        rules::MALFORMED.of_file(&mut reader.cells.problems, "", String::new);
    }
    let hash = rows.hash()?;
    Ok(read_of(job, reader, hash, count))
}

fn read_parquet(
    job: &Job,
    common: Common<'_>,
    known: &Known,
    refused: &[&'static str],
    sinks: &mut Sinks,
    source: ByteSource,
) -> Result<Read, IntakeError> {
    let size = source.progress().1;
    let hash = source
        .hash()
        .map_err(|error| crate::rows::source::unreadable(&job.path, &error))?;
    let header = parquet_header(job)?;
    let mut problems = Problems::new();
    let plan = Plan::new(job, &header, &mut problems)?;
    let mut reader = reader(job, common, known, &plan, problems);
    reader.cells.refuse(refused);
    let rows = match &reader.narrow {
        Some(narrow) => {
            let questions = narrow.question(&header).into_iter().collect();
            let picked = PickedRows::open(job, questions, None)?;
            read_picked(job, &header, picked, &mut reader, sinks)?
        }
        None => read_batches(job, &header, &mut reader, sinks)?,
    };
    sinks.drain(&mut reader)?;
    (common.progress)(&job.path, size);
    Ok(read_of(job, reader, hash, rows))
}

/// Reads all rows of a Parquet file; gives their number.
fn read_batches(
    job: &Job,
    header: &[String],
    reader: &mut RowReader<'_>,
    sinks: &mut Sinks,
) -> Result<u64, IntakeError> {
    let failed = |error| no_parquet(job, &error);
    let mut row = 0;
    for batch in TableReader::foreign(&job.absolute).map_err(failed)? {
        let batch = batch.map_err(failed)?;
        let columns = texts(&batch, header).map_err(failed)?;
        let mut cells = ParquetRow::of(&columns);
        for index in 0..batch.rows() {
            row += 1;
            cells.go_to(index);
            reader.row(&cells, row, 1);
            sinks.pass_on(reader)?;
        }
    }
    Ok(row)
}

/// Reads the picked rows of a Parquet file; gives the number of all. The others are not even decoded, but for what they
/// were asked.
fn read_picked(
    job: &Job,
    header: &[String],
    picked: PickedRows<'_>,
    reader: &mut RowReader<'_>,
    sinks: &mut Sinks,
) -> Result<u64, IntakeError> {
    let failed = |error| no_parquet(job, &error);
    let rows = picked.picked.rows();
    let mut seen = 0;
    for part in picked {
        let part = part?;
        let columns = texts(&part.batch, header).map_err(failed)?;
        let mut cells = ParquetRow::of(&columns);
        for (index, place) in part.places.iter().enumerate() {
            seen += 1;
            cells.go_to(index);
            reader.row(&cells, place + 1, 1);
            sinks.pass_on(reader)?;
        }
    }
    reader.passed_over += rows - seen;
    Ok(rows)
}

fn reader<'a>(
    job: &'a Job,
    common: Common<'a>,
    known: &'a Known,
    plan: &'a Plan,
    problems: Problems,
) -> RowReader<'a> {
    let bodies = Bodies::new(common.organisations);
    let mut reader = RowReader::new(setting(job, common, known), plan, bodies, problems);
    reader.narrow = common.narrow.map(|narrowed| Narrow::new(plan, narrowed));
    reader
}

fn setting<'a>(job: &'a Job, common: Common<'a>, known: &'a Known) -> Setting<'a> {
    Setting {
        file: job.file,
        as_of: common.as_of,
        limits: common.limits,
        nation: job.nation.as_deref(),
        known,
    }
}

fn read_of(job: &Job, mut reader: RowReader<'_>, hash: String, rows: u64) -> Read {
    if rows == 0 {
        rules::NO_ROWS.of_file(&mut reader.cells.problems, "", String::new);
    }
    if reader.cells.decoded {
        rules::NOT_UTF_8.of_file(&mut reader.cells.problems, "", String::new);
    }
    let undated = reader.undated();
    if let Some(column) = undated {
        rules::DATES_UNREADABLE.of_file(&mut reader.cells.problems, column, String::new);
    }
    if let Some(listed) = reader.bodies.unknown() {
        rules::ORGANISATION_UNKNOWN.of_file(&mut reader.cells.problems, "", || listed);
    }
    let month_first = reader.cells.month_first();
    let outcome = FileOutcome {
        facts: FileFacts {
            file: job.file,
            path: job.path.clone(),
            hash,
            rows,
            ..FileFacts::default()
        },
        problems: reader.cells.problems,
        set_aside: reader.set_aside,
        coverage: reader.bodies.into_coverage(),
        in_identities: reader.in_identities,
        passed_over: reader.passed_over,
        latest: reader.cells.latest,
        unreadable: None,
    };
    Read {
        outcome,
        marks: reader.seen.into_marks(),
        month_first,
        undated,
    }
}

/// The two parts of a file.
struct Sinks {
    identities: Sink,
    records: Sink,
    excerpt: Option<Excerpt>,
}

impl Sinks {
    fn open(job: &Job, common: Common<'_>) -> Result<Self, IntakeError> {
        let Some(out) = common.out else {
            return Ok(Self {
                identities: Sink::Nowhere,
                records: Sink::Nowhere,
                excerpt: None,
            });
        };
        let kind = &job.layout.kind;
        let schema = layouts::tables::records(kind).ok_or_else(|| IntakeError::Study {
            kind: kind.clone(),
            what: "this kind has no table of rows".to_owned(),
        })?;
        Ok(Self {
            identities: Sink::create(
                &identities_part(out, job.file),
                &layouts::tables::identities(),
                common.aside,
            )?,
            records: Sink::create(&records_part(out, kind, job.file), &schema, common.aside)?,
            // A table of tumours alone is its own excerpt.
            excerpt: if common.narrow.is_some_and(|narrowed| narrowed.tumours_alone) {
                None
            } else {
                Excerpt::create(kind, &excerpt_part(out, kind, job.file), &schema, common.aside)?
            },
        })
    }

    /// Hands full buffers on; true when it did.
    fn pass_on(&mut self, reader: &mut RowReader<'_>) -> Result<bool, IntakeError> {
        let full = is_full(&reader.identities) || is_full(&reader.records);
        if full {
            self.drain(reader)?;
        }
        Ok(full)
    }

    fn drain(&mut self, reader: &mut RowReader<'_>) -> Result<(), IntakeError> {
        self.identities.take(&mut reader.identities)?;
        if let Some(excerpt) = &mut self.excerpt {
            excerpt.pick(&reader.records)?;
        }
        self.records.take(&mut reader.records)
    }

    fn finish(self) -> Result<(), IntakeError> {
        let identities = self.identities.finish();
        let records = self.records.finish();
        let excerpt = self.excerpt.map_or(Ok(()), Excerpt::finish);
        identities.and(records).and(excerpt)
    }
}

/// A row of a Parquet file as cells: each is looked up once, and asked for several times.
struct ParquetRow<'b> {
    columns: &'b [TextColumn<'b>],
    cells: Vec<&'b [u8]>,
}

impl<'b> ParquetRow<'b> {
    fn of(columns: &'b [TextColumn<'b>]) -> Self {
        Self {
            columns,
            cells: Vec::with_capacity(columns.len()),
        }
    }

    fn go_to(&mut self, row: usize) {
        let cell = |column: &TextColumn<'b>| column.get(row).map_or(b"".as_slice(), str::as_bytes);
        self.cells.clear();
        self.cells
            .extend(self.columns.iter().map(|column| cell(column).trim_ascii()));
    }
}

impl Cells for ParquetRow<'_> {
    fn width(&self) -> usize {
        self.cells.len()
    }

    #[inline]
    fn cell(&self, index: usize) -> &[u8] {
        self.cells.get(index).copied().unwrap_or_default()
    }
}

fn texts<'b>(batch: &'b Batch, header: &[String]) -> Result<Vec<TextColumn<'b>>, EngineError> {
    header.iter().map(|name| batch.text(name)).collect()
}

/// Picked rows of a Parquet file. Its damage is an error of the file, however the engine finds it.
pub(crate) struct PickedRows<'j> {
    job: &'j Job,
    picked: Picked,
}

impl<'j> PickedRows<'j> {
    pub(crate) fn open(
        job: &'j Job,
        questions: Vec<Question>,
        take: Option<&[&str]>,
    ) -> Result<Self, IntakeError> {
        let picked = TableReader::guarded(&job.absolute, || Picked::open(&job.absolute, questions, take));
        let picked = picked.map_err(|error| no_parquet(job, &error))?;
        Ok(Self { job, picked })
    }
}

impl Iterator for PickedRows<'_> {
    type Item = Result<PickedBatch, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = TableReader::guarded(&self.job.absolute, || self.picked.next().transpose());
        next.map_err(|error| no_parquet(self.job, &error)).transpose()
    }
}

pub(crate) fn parquet_header(job: &Job) -> Result<Vec<String>, IntakeError> {
    TableReader::columns_of(&job.absolute).map_err(|error| no_parquet(job, &error))
}

/// The engine's errors name the file by its full path, which is nobody's business here.
pub(crate) fn no_parquet(job: &Job, error: &EngineError) -> IntakeError {
    let what = match error {
        EngineError::NotParquet(_) => "it is damaged, or no Parquet file".to_owned(),
        EngineError::Unfolds(_) => "its columns unfold to more than cells of records can hold".to_owned(),
        EngineError::File(error) => error.kind().to_string(),
        EngineError::Missing(_) => "it is no longer there".to_owned(),
        _ => "it has a column of a type that is neither text, number nor date".to_owned(),
    };
    IntakeError::CannotRead {
        path: job.path.clone(),
        what,
        fix: "write the file again".to_owned(),
    }
}
