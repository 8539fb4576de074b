//! Taking in all sources of a study.
//!
//! Files of rows are read side by side (`side_by_side`), or taken over from the last reading (`kept`). COSD files are read together, since a later file supersedes
//! records of an earlier one. Headers are looked at before any row is read, so that a missing column
//! stops the run at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use layouts::{Format, Layout};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::cosd;
use crate::error::IntakeError;
use crate::kept::{Former, Keeping};
use crate::limits::Limits;
use crate::outcome::{CosdInput, FileOutcome};
use crate::people;
use crate::report::{Report, report};
use crate::rows::{ColumnChoices, Common, Job, Narrowing, glance};
use crate::side_by_side::Rows;
use crate::tables;

/// A `[[source]]` of a study, its files found already.
#[derive(Debug, Clone, Default)]
pub struct SourceSpec {
    /// The kind, as in study.toml.
    pub kind: String,
    /// The files: path relative to the study with `/`, and where it lies. Sorted by the relative path.
    pub paths: Vec<(String, PathBuf)>,
    /// `[source.columns]`: national name to header.
    pub columns: BTreeMap<String, String>,
    /// `person_key`: the header of the pseudonym.
    pub person_key: Option<String>,
    /// `key_space`: where equal keys mean the same person.
    pub key_space: Option<String>,
    /// `unreadable = "set-aside"`.
    pub unreadable_set_aside: bool,
    /// `nations`, where the study says so.
    pub nations: Vec<String>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file, relative to the study.
    pub path: &'a str,
    /// Bytes read of all files.
    pub read: u64,
    /// Bytes of all files.
    pub of: u64,
}

/// What to take in.
pub struct Request<'a> {
    /// The sources in the order of study.toml. Their order and that of their paths gives files their numbers.
    pub sources: &'a [SourceSpec],
    /// Nothing after this date is used.
    pub as_of: Date,
    /// The folder of the intake tables; it is made if need be, and old parts in it are replaced.
    pub out: &'a Path,
    /// How many threads may read and write.
    pub threads: usize,
    /// What files may cost.
    pub limits: Limits,
    /// The organisations of the study: names codes that none of them has, and tells nations.
    pub organisations: Option<&'a Registry>,
    /// What is looked for, where all else may be passed over: neither checked nor written. Such a reading is whole only for
    /// whoever joins records by number alone; nothing of it is kept for the next.
    pub narrow: Option<&'a Narrowing>,
    /// Folder of the tables of the last reading: files of rows that are as they were then are taken over from it.
    pub former: Option<&'a Path>,
    /// Whatever else the reading depends on, the program and the organisations among it: under other settings nothing is
    /// taken over. Without, nothing is kept for the next reading either.
    pub settings: Option<&'a str>,
    /// BLAKE3 of files by where they lie, in hexadecimal, as far as the caller knows it of the bytes that lie there now.
    pub hashes: &'a BTreeMap<PathBuf, String>,
    /// Is told how far the reading is.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// A file with its number.
pub(crate) struct Numbered<'a> {
    pub(crate) file: u32,
    pub(crate) source: u32,
    pub(crate) layout: &'static Layout,
    pub(crate) spec: &'a SourceSpec,
    pub(crate) path: &'a str,
    pub(crate) absolute: &'a Path,
}

/// Takes in all sources: writes the intake tables into `request.out`.
///
/// # Errors
/// See [`IntakeError`]; what had been written then is not to be used.
pub fn run(request: &Request<'_>) -> Result<Report, IntakeError> {
    let files = number(request.sources)?;
    let jobs = jobs(&files);
    let total = bytes(request, &files, &jobs);
    let done = AtomicU64::new(0);
    let tell = |path: &str, step: u64| {
        let read = done.fetch_add(step, Ordering::Relaxed) + step;
        (request.progress)(Progress {
            path,
            read: read.min(total),
            of: total,
        });
    };
    glance_at_all(&jobs, request.limits)?;
    clear(request.out)?;
    let settings = request.settings.filter(|_| request.narrow.is_none());
    let mut outcomes = read_xml(request, &files, settings)?;
    for file in files.iter().filter(|file| file.layout.format == Format::Xml) {
        tell(
            file.path,
            fs_err::metadata(file.absolute).map_or(0, |meta| meta.len()),
        );
    }
    let narrowed = request
        .narrow
        .map(|narrowing| people::find(request, narrowing, &files, &jobs, &tell))
        .transpose()?;
    let common = Common {
        as_of: request.as_of,
        limits: request.limits,
        organisations: request.organisations,
        out: Some(request.out),
        aside: request.threads > 1,
        narrow: narrowed.as_ref(),
        progress: &tell,
    };
    read_rows(request, (&jobs, common), settings, &mut outcomes)?;
    for outcome in outcomes.values() {
        balanced(outcome)?;
    }
    tables::write(request, &files, &outcomes)?;
    report(request.sources, &files, outcomes)
}

/// Bytes that will be read of all files; of some twice, where what is read is narrowed.
fn bytes(request: &Request<'_>, files: &[Numbered<'_>], jobs: &[Job]) -> u64 {
    let twice = request
        .narrow
        .map_or(0, |narrowing| people::bytes(narrowing, jobs));
    files
        .iter()
        .filter_map(|file| fs_err::metadata(file.absolute).ok())
        .map(|meta| meta.len())
        .sum::<u64>()
        + twice
}

/// Looks at the header of each file of rows; what is wrong with one stops the run, unless it may be set aside.
fn glance_at_all(jobs: &[Job], limits: Limits) -> Result<(), IntakeError> {
    for job in jobs {
        match glance(job, limits) {
            Err(error) if !(job.set_aside_unreadable && error.is_of_one_file()) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Reads the files of rows, or takes them over from the last reading, and keeps what came of them for the next.
fn read_rows(
    request: &Request<'_>,
    (jobs, common): (&[Job], Common<'_>),
    settings: Option<&str>,
    outcomes: &mut BTreeMap<u32, FileOutcome>,
) -> Result<(), IntakeError> {
    let open = |settings| Some(Former::open(request.former?, settings));
    let former = settings.and_then(open).unwrap_or_default();
    let mut keeping = settings.map(|settings| Keeping::new(request.out, settings));
    let rows = Rows {
        jobs,
        common,
        threads: request.threads,
        former: &former,
        hashes: request.hashes,
    };
    rows.read(keeping.as_mut(), outcomes)?;
    keeping.map_or(Ok(()), Keeping::finish)
}

/// Gives files their numbers: sources in order, paths in order.
pub(crate) fn number(sources: &[SourceSpec]) -> Result<Vec<Numbered<'_>>, IntakeError> {
    let mut files = Vec::new();
    for (source, spec) in (0_u32..).zip(sources) {
        let layout = layouts::layout(&spec.kind).ok_or_else(|| IntakeError::Study {
            kind: spec.kind.clone(),
            what: format!("no such kind; kinds are {}", kinds()),
        })?;
        if spec.paths.is_empty() {
            return Err(IntakeError::Missing {
                path: "path".to_owned(),
                kind: spec.kind.clone(),
            });
        }
        for (path, absolute) in &spec.paths {
            let file = u32::try_from(files.len()).unwrap_or(u32::MAX);
            files.push(Numbered {
                file,
                source,
                layout,
                spec,
                path,
                absolute,
            });
        }
    }
    Ok(files)
}

/// The kinds that can be read, for messages.
pub(crate) fn kinds() -> String {
    layouts::all()
        .iter()
        .map(|layout| layout.kind.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Takes away the parts of an earlier run, of which there may be more than now.
fn clear(out: &Path) -> Result<(), IntakeError> {
    let failed = |error| IntakeError::Folder {
        what: "preparing the folder of intake tables".to_owned(),
        error,
    };
    for folder in ["identities", "records", "excerpts"] {
        let folder = out.join(folder);
        if fs_err::exists(&folder).map_err(failed)? {
            fs_err::remove_dir_all(&folder).map_err(failed)?;
        }
    }
    fs_err::create_dir_all(out.join("identities")).map_err(failed)
}

fn jobs(files: &[Numbered<'_>]) -> Vec<Job> {
    let rows = files.iter().filter(|file| file.layout.format == Format::Table);
    rows.map(|file| Job {
        file: file.file,
        source: file.source,
        layout: file.layout,
        path: file.path.to_owned(),
        absolute: file.absolute.to_owned(),
        choices: ColumnChoices {
            renames: file.spec.columns.clone(),
            person_key: file.spec.person_key.clone(),
            key_space: file.spec.key_space.clone(),
        },
        nation: one_nation(file.spec).map(str::to_owned),
        set_aside_unreadable: file.spec.unreadable_set_aside,
    })
    .collect()
}

/// The nation of a source, if there is but one.
pub(crate) fn one_nation(spec: &SourceSpec) -> Option<&str> {
    match spec.nations.as_slice() {
        [nation] => Some(nation),
        _ => None,
    }
}

fn read_xml(
    request: &Request<'_>,
    files: &[Numbered<'_>],
    settings: Option<&str>,
) -> Result<BTreeMap<u32, FileOutcome>, IntakeError> {
    let inputs: Vec<CosdInput> = files
        .iter()
        .filter(|file| file.layout.format == Format::Xml)
        .map(|file| CosdInput {
            file: file.file,
            path: file.path.to_owned(),
            absolute: file.absolute.to_owned(),
            set_aside_unreadable: file.spec.unreadable_set_aside,
        })
        .collect();
    if inputs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let settings = settings.map(|settings| format!("{settings}\n{:?}", request.limits));
    let keep = settings.as_deref().map(|settings| cosd::Keep {
        former: request.former,
        settings,
        hashes: request.hashes,
    });
    let outcome = cosd::intake(
        &inputs,
        request.as_of,
        request.out,
        &request.limits,
        keep,
        request.organisations,
    )?;
    Ok(outcome
        .files
        .into_iter()
        .map(|file| (file.facts.file, file))
        .collect())
}

/// Rows in are rows out.
fn balanced(outcome: &FileOutcome) -> Result<(), IntakeError> {
    let set_aside = outcome.set_aside.len() as u64;
    if outcome.facts.rows == outcome.in_identities + set_aside + outcome.passed_over {
        return Ok(());
    }
    Err(IntakeError::Unbalanced {
        path: outcome.facts.path.clone(),
        rows: outcome.facts.rows,
        in_identities: outcome.in_identities,
        set_aside,
    })
}
