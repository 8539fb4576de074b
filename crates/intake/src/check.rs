//! Checking single files before they are sent: the same reading, with nothing written.

use std::path::{Path, PathBuf};

use layouts::{Format, Layout};
use serde::Serialize;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::cosd;
use crate::error::IntakeError;
use crate::limits::Limits;
use crate::outcome::{CosdInput, FileOutcome};
use crate::problem::{Line, Severity};
use crate::rows::{ByteSource, ColumnChoices, Common, Delimited, Job, Known, Looks, read};
use crate::rules;
use crate::run::kinds;

/// How many headers of a kind must be there before a file that lacks a required one is taken for that kind.
const TELLING: usize = 3;

/// How files are checked.
pub struct CheckOptions<'a> {
    /// The kind, if said; otherwise it is told from the header.
    pub kind: Option<&'a str>,
    /// Records after it are set aside, as in a run.
    pub as_of: Date,
    /// Whether that is today: a later record then is wrong, and not only beyond a study.
    pub is_today: bool,
    /// What files may cost.
    pub limits: Limits,
    /// Organisations to look codes up in.
    pub organisations: Option<&'a Registry>,
    /// Is told the file and how many bytes of it were read, as a step.
    pub progress: &'a (dyn Fn(&str, u64) + Sync),
}

/// A file to check, and how it is to be read.
#[derive(Debug, Clone, Default)]
pub struct FileToCheck {
    /// The path as messages show it.
    pub path: String,
    /// Where it lies.
    pub absolute: PathBuf,
    /// Its kind, where a source says it.
    pub kind: Option<String>,
    /// What a source says of its columns.
    pub choices: ColumnChoices,
    /// The nation of its source, where it has but one.
    pub nation: Option<String>,
}

/// A checked file.
#[derive(Debug)]
pub struct CheckedFile {
    /// The path as given.
    pub path: String,
    /// The kind, where it could be told.
    pub kind: Option<String>,
    /// What it says about itself and how its rows fared, unless it cannot be read.
    pub outcome: FileOutcome,
    /// Why it cannot be read.
    pub error: Option<IntakeError>,
}

impl CheckedFile {
    /// The problems, errors first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.outcome.problems.lines()
    }
}

/// What checking came to.
#[derive(Debug)]
pub struct CheckReport {
    /// One entry a file, in the order given.
    pub files: Vec<CheckedFile>,
}

/// Problems by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Problems of severity error.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notices.
    pub notices: u64,
}

impl CheckReport {
    /// Problems of all files.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let of = |severity| {
            self.files
                .iter()
                .map(|file| file.outcome.problems.of(severity))
                .sum()
        };
        Tally {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notices: of(Severity::Notice),
        }
    }

    /// The first file that cannot be read.
    #[must_use]
    pub fn error(&self) -> Option<&IntakeError> {
        self.files.iter().find_map(|file| file.error.as_ref())
    }
}

/// Checks files one by one. A file that cannot be read is named in its entry and does not stop the others.
#[must_use]
pub fn check(paths: &[(String, PathBuf)], options: &CheckOptions<'_>) -> CheckReport {
    let plain = |(path, absolute): &(String, PathBuf)| FileToCheck {
        path: path.clone(),
        absolute: absolute.clone(),
        ..FileToCheck::default()
    };
    let files: Vec<FileToCheck> = paths.iter().map(plain).collect();
    check_files(&files, options)
}

/// Checks files one by one, each as its source reads it.
#[must_use]
pub fn check_files(files: &[FileToCheck], options: &CheckOptions<'_>) -> CheckReport {
    CheckReport {
        files: files.iter().map(|file| check_one(file, options)).collect(),
    }
}

fn check_one(file: &FileToCheck, options: &CheckOptions<'_>) -> CheckedFile {
    let (path, absolute) = (file.path.as_str(), file.absolute.as_path());
    let mut checked = CheckedFile {
        path: path.to_owned(),
        kind: None,
        outcome: FileOutcome::default(),
        error: None,
    };
    let there = is_there(path, absolute);
    let outcome = there.and_then(|()| layout_of(file, options)).and_then(|layout| {
        checked.kind = Some(layout.kind.clone());
        read_one(file, layout, options)
    });
    match outcome {
        Ok(outcome) => checked.outcome = outcome,
        Err(error) => checked.error = Some(error),
    }
    checked
}

/// Tells a file that was never there from one that goes while it is read.
fn is_there(path: &str, absolute: &Path) -> Result<(), IntakeError> {
    match fs_err::metadata(absolute) {
        Err(error) if IntakeError::is_absent(&error) => Err(IntakeError::absent(path)),
        _ => Ok(()),
    }
}

fn read_one(
    file: &FileToCheck,
    layout: &'static Layout,
    options: &CheckOptions<'_>,
) -> Result<FileOutcome, IntakeError> {
    if layout.format == Format::Xml {
        let input = CosdInput {
            file: 0,
            path: file.path.clone(),
            absolute: file.absolute.clone(),
            set_aside_unreadable: false,
        };
        return cosd::check_file(&input, &options.limits, options.organisations);
    }
    let job = Job {
        file: 0,
        source: 0,
        layout,
        path: file.path.clone(),
        absolute: file.absolute.clone(),
        choices: file.choices.clone(),
        nation: file.nation.clone(),
        set_aside_unreadable: false,
    };
    let common = Common {
        as_of: options.as_of,
        limits: options.limits,
        organisations: options.organisations,
        out: None,
        aside: false,
        narrow: None,
        progress: options.progress,
    };
    let mut outcome = read(&job, common, &Known::new())?.outcome;
    if options.is_today {
        outcome.problems.reword(
            rules::AFTER_AS_OF.name,
            Severity::Warning,
            "the record lies after today, so its date is wrong; a run sets such a record aside",
            "correct the date",
        );
    }
    Ok(outcome)
}

/// The kind of a file, told from its header; `path` is how errors name it.
///
/// # Errors
/// A file that cannot be opened, or whose kind cannot be told.
pub fn kind_of(path: &str, absolute: &Path, limits: Limits) -> Result<&'static str, IntakeError> {
    Ok(&told(path, absolute, limits)?.kind)
}

/// The layout of a kind that a call says with `--kind`.
///
/// # Errors
/// There is no such kind.
pub fn said_kind(kind: &str) -> Result<&'static Layout, IntakeError> {
    layouts::layout(kind).ok_or_else(|| IntakeError::NoSuchKind {
        kind: kind.to_owned(),
        kinds: kinds(),
    })
}

/// The layout of a file: as its source or the call says, or told from its header.
fn layout_of(file: &FileToCheck, options: &CheckOptions<'_>) -> Result<&'static Layout, IntakeError> {
    match file.kind.as_deref().or(options.kind) {
        Some(kind) => said_kind(kind),
        None => told(&file.path, &file.absolute, options.limits),
    }
}

/// Of all layouts the one that can read a file and recognises most of its header.
fn told(path: &str, absolute: &Path, limits: Limits) -> Result<&'static Layout, IntakeError> {
    let unknown = |from| IntakeError::UnknownKind {
        path: path.to_owned(),
        from,
        kinds: kinds(),
    };
    let source = ByteSource::open(absolute, path)?;
    let header = match source.looks() {
        Looks::Xml => {
            return layouts::all()
                .iter()
                .find(|layout| layout.format == Format::Xml)
                .ok_or_else(|| unknown("its first element"));
        }
        Looks::Parquet => engine::TableReader::columns_of(absolute).unwrap_or_default(),
        Looks::Text | Looks::Archive => {
            let tables: Vec<&Layout> = layouts::all()
                .iter()
                .filter(|layout| layout.format == Format::Table)
                .collect();
            Delimited::open(source, path, &tables, limits)?.header().to_vec()
        }
    };
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let tables = layouts::all()
        .iter()
        .filter(|layout| layout.format == Format::Table);
    let scored: Vec<_> = tables.map(|layout| (layout.recognise(&header), layout)).collect();
    // A readable layout before one that lacks a column, then the one that knows most; the first of equals.
    let best = scored
        .into_iter()
        .rev()
        .max_by_key(|((recognised, readable), _)| (*readable, *recognised));
    match best {
        Some(((recognised, readable), layout)) if readable || recognised >= TELLING => Ok(layout),
        _ => Err(unknown("its first line")),
    }
}
