//! The first pass over one file: its records as clean forms and marks, and its problems.

use std::io::Write;

use layouts::cosd_paths::Field;
use vocabulary::organisation::Registry;

use super::faults::{DATE_AFTER_AS_OF, RECORD_AFTER_AS_OF, note};
use super::feed::FeedLimits;
use super::file_problems::{file_problems, record_problems};
use super::header::{Header, Stamp};
use super::raw::RawRecord;
use super::reading::Reading;
use super::same::{Fate, Mark, fates};
use super::settle::Settled;
use super::spool::{Scratch, Spool, SpoolFile};
use super::stop::Stop;
use super::version::FileVersion;
use super::walk::{Sink, WalkLimits, Walked, walk};
use crate::error::IntakeError;
use crate::kept::bytes_of;
use crate::limits::Limits;
use crate::outcome::{CosdInput, Coverage, FileFacts, FileOutcome, Reason, SetAside};
use crate::problem::{Problem, Problems, Severity};
use crate::rows::unknown_in;
use crate::rules;

/// Bytes of one tag, text or comment that is not read (a pathology report may be long).
const TOKEN: usize = 1 << 20;
/// Bytes of one file: far above what a nation sends in a month.
const FILE: u64 = 16 << 30;
/// Elements of one record.
const ELEMENTS: u64 = 200_000;

/// What the first pass found in one file.
pub(super) struct FileRead {
    pub(super) facts: FileFacts,
    /// When the file was made.
    pub(super) made: Option<Stamp>,
    pub(super) marks: Vec<Mark>,
    pub(super) problems: Problems,
    /// Why it cannot be used, where its source allows that.
    pub(super) unreadable: Option<IntakeError>,
    /// Whether the last reading found it.
    pub(super) taken_over: bool,
}

impl FileRead {
    /// The outcome of the file, with what the second pass found.
    pub(super) fn outcome(mut self, settled: Settled, organisations: Option<&Registry>) -> FileOutcome {
        name_unknown(organisations, &settled.coverage, &mut self.problems);
        for row in settled.late {
            note(&mut self.problems, row, None, &RECORD_AFTER_AS_OF);
        }
        for row in settled.trimmed {
            note(&mut self.problems, row, None, &DATE_AFTER_AS_OF);
        }
        FileOutcome {
            facts: self.facts,
            problems: self.problems,
            set_aside: settled.set_aside,
            coverage: settled.coverage,
            passed_over: 0,
            latest: None,
            in_identities: settled.in_identities,
            unreadable: self.unreadable,
        }
    }
}

/// Names the codes of providers that the list does not hold: whoever they mean has sent no records.
fn name_unknown(organisations: Option<&Registry>, sent: &Coverage, problems: &mut Problems) {
    if let Some(listed) = unknown_in(organisations, sent) {
        rules::ORGANISATION_UNKNOWN.of_file(problems, "", || listed);
    }
}

struct Collector<W> {
    file: u32,
    spool: Spool<W>,
    marks: Vec<Mark>,
    problems: Problems,
    /// Who sent how many records.
    sent: Coverage,
}

impl<W: Write> Sink for Collector<W> {
    fn record(&mut self, record: &RawRecord, header: &Header, version: &FileVersion) -> Result<(), Stop> {
        let created = header.created.map(|stamp| stamp.date);
        let reading = Reading::new(record, version.major, created, &mut self.problems);
        let clean = reading.read(header.organisation.as_deref());
        let provider = clean.cells.text(Field::Provider).unwrap_or_default();
        match self.sent.get_mut(provider) {
            Some(span) => span.add(None),
            None => self.sent.entry(provider.to_owned()).or_default().add(None),
        }
        let row = u32::try_from(clean.row)
            .map_err(|_| Stop::Malformed("it has more records than can be numbered"))?;
        let (offset, bytes) = self.spool.write(&clean).map_err(Stop::Scratch)?;
        self.marks
            .push(Mark::of(&clean, (self.file, row), (offset, bytes)));
        Ok(())
    }
}

/// Reads a file of a study.
pub(super) fn read(
    input: &CosdInput,
    place: usize,
    scratch: &Scratch,
    limits: &Limits,
) -> Result<FileRead, IntakeError> {
    let spool = SpoolFile::create(&scratch.path(place)).map_err(super::spool::scratch_error)?;
    match collect(input, place, spool, limits) {
        Ok((file, spool, _)) => {
            spool.finish().map_err(super::spool::scratch_error)?;
            Ok(file)
        }
        Err(error) if input.set_aside_unreadable && error.is_of_one_file() => Ok(unreadable(input, error)),
        Err(error) => Err(error),
    }
}

/// Reads a file to say what is wrong with it.
pub(super) fn check(
    input: &CosdInput,
    limits: &Limits,
    organisations: Option<&Registry>,
) -> Result<FileOutcome, IntakeError> {
    let (mut file, _, sent) = collect(input, 0, Spool::new(std::io::sink()), limits)?;
    name_unknown(organisations, &sent, &mut file.problems);
    let repeats = |mark: &Mark, fate: &Fate| match fate {
        Fate::Repeats(by) => Some(SetAside {
            file: input.file,
            row: u64::from(mark.row),
            record: None,
            reason: Reason::Repeated,
            by: Some((input.file, u64::from(*by))),
        }),
        _ => None,
    };
    let fates = fates(std::slice::from_ref(&file.marks), |a, b| a.cmp(&b));
    let set_aside: Vec<SetAside> = file
        .marks
        .iter()
        .zip(fates.iter().flatten())
        .filter_map(|(mark, fate)| repeats(mark, fate))
        .collect();
    let in_identities = file.facts.rows - set_aside.len() as u64;
    Ok(FileOutcome {
        facts: file.facts,
        problems: file.problems,
        set_aside,
        in_identities,
        ..FileOutcome::default()
    })
}

fn collect<W: Write>(
    input: &CosdInput,
    place: usize,
    spool: Spool<W>,
    limits: &Limits,
) -> Result<(FileRead, Spool<W>, Coverage), IntakeError> {
    let mut collector = Collector {
        file: place as u32,
        spool,
        marks: Vec::new(),
        problems: Problems::new(),
        sent: Coverage::new(),
    };
    let walked = fs_err::File::open(&input.absolute)
        .map_err(Stop::Io)
        .and_then(|file| walk(file, &input.path, walk_limits(limits), &mut collector))
        .map_err(|stop| stop.of_file(&input.path))?;
    let Collector {
        spool,
        marks,
        mut problems,
        sent,
        ..
    } = collector;
    record_problems(&marks, &mut problems);
    file_problems(&walked, &mut problems);
    let made = walked.header.created;
    Ok((
        FileRead {
            facts: facts(input, walked),
            made,
            marks,
            problems,
            unreadable: None,
            taken_over: false,
        },
        spool,
        sent,
    ))
}

fn walk_limits(limits: &Limits) -> WalkLimits {
    WalkLimits {
        feed: FeedLimits {
            token: TOKEN.max(limits.cell_bytes),
            total: FILE,
        },
        depth: limits.depth,
        elements: ELEMENTS,
        attributes: limits.attributes,
        cell: limits.cell_bytes,
        repeats: limits.repeats,
        record: limits.record_bytes,
    }
}

fn facts(input: &CosdInput, walked: Walked) -> FileFacts {
    FileFacts {
        file: input.file,
        path: input.path.clone(),
        hash: walked.hash,
        rows: walked.records,
        version: Some(walked.version.text),
        created: walked.header.created.map(|stamp| stamp.date),
        organisation: walked.header.organisation,
        period_start: walked.header.period_start,
        period_end: walked.header.period_end,
    }
}

/// A file that is left out as a whole, because its source allows that.
fn unreadable(input: &CosdInput, error: IntakeError) -> FileRead {
    let mut problems = Problems::new();
    problems.add(Problem {
        row: None,
        field: None,
        rule: "file-unreadable".into(),
        severity: Severity::Error,
        message: format!("the whole file is left out: {error}"),
        fix: "put the file right and run again".to_owned(),
    });
    let facts = FileFacts {
        file: input.file,
        path: input.path.clone(),
        // Empty where it cannot be read at all.
        hash: bytes_of(&input.absolute).unwrap_or_default(),
        ..FileFacts::default()
    };
    FileRead {
        facts,
        made: None,
        marks: Vec::new(),
        problems,
        unreadable: Some(error),
        taken_over: false,
    }
}
