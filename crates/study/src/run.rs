//! One run of a study, from files to pages.

use std::path::{Path, PathBuf};
use std::time::Instant;

use engine::second_name;
use serde_json::{Value, json};

use crate::error::StudyError;
use crate::open::Study;
use crate::stages::{Stages, is_stray};
use crate::{accounts, manifest, people, pipeline, release, revisions, swap};

/// How a run may use the machine, and what it tells.
pub struct Options<'a> {
    /// Bytes that the engine may hold before it spills.
    pub memory_bytes: u64,
    /// Threads.
    pub threads: usize,
    /// Identifies the build of the program: part of what a stage depends on.
    pub program: &'a str,
    /// Links everybody anew, also where only some records are new.
    pub relink: bool,
    /// Reads every input file to tell whether it changed, also large ones that lie as they lay.
    pub reread: bool,
    /// A cluster on which people are looked for, where one machine is too small.
    pub cluster: Option<&'a cluster::Call>,
    /// Whether the release is approved for publication, and the day of the approval.
    pub approved_on: Option<&'a str>,
    /// Is told how far the run is.
    pub progress: &'a (dyn Fn(Event<'_>) + Sync),
}

/// What a run tells while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A stage starts.
    Stage(&'a str),
    /// A stage need not run: nothing that it depends on has changed.
    Skipped(&'a str),
    /// So much of the stage is done, in bytes read.
    Progress {
        /// Done.
        done: u64,
        /// In all.
        of: u64,
    },
    /// A stage has ended, with its outcome in words.
    Done(&'a str, &'a str),
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The content of `run.json`.
    pub manifest: Value,
    /// Where the site is.
    pub site: PathBuf,
    /// Whether its release is approved: by this run, or before and nothing has changed since.
    pub approved: bool,
    /// Why each stage ran or was skipped: stage, whether it ran, why.
    pub explained: Vec<(String, bool, String)>,
}

/// What one finished stage left for the next.
pub(crate) struct Stage {
    pub folder: PathBuf,
    pub report: Value,
}

/// Runs a study.
pub fn run(study: &Study, options: &Options<'_>) -> Result<Outcome, StudyError> {
    let state = study.state();
    // Before hours are spent on what could not be put in its place.
    swap::possible(&study.folder, &state)?;
    let stages = Stages::open(&state)?;
    let work = state.join("work");
    engine::private_folder(&work)?;
    let mut times = Vec::new();
    let mut explained = Vec::new();
    let mut run = pipeline::Pipeline::new(study, options, &stages, &work)?;
    let mut finished = Vec::new();
    for name in ["intake", "linkage", "casefind", "count", "audit"] {
        let start = Instant::now();
        let (stage, ran, why) = run.stage(name)?;
        times.push((name, start.elapsed()));
        explained.push((name.to_owned(), ran, why));
        finished.push(stage);
    }
    let start = Instant::now();
    (options.progress)(Event::Stage("publish"));
    let next = state.join("next");
    engine::private_folder(&next)?;
    let current = run.current();
    let files = accounts::files(&run.folder("intake"), &run.folder("linkage"))?;
    accounts::check(&files, &finished)?;
    let tables = next.join("tables");
    tables_out(&finished, &tables)?;
    packs_out(&finished[4].folder, &next.join("packs"))?;
    revisions::write(&state, study.config.as_of, &finished[3].folder, &tables)?;
    let written = release::write(study, options, &run, &finished, &next)?;
    let manifest = manifest::run_json(study, &files, &finished, &next, &run.alike())?;
    write_json(&next.join("run.json"), &manifest)?;
    people::prepare(study, &current, &finished[1].folder, &next)?;
    release::enter(study, &written, &next)?;
    revisions::keep_all(&state, &run.alike(), study.config.as_of, &finished[3].folder)?;
    swap::swap(&study.folder, &state)?;
    people::settle(&study.folder, &state)?;
    run.clean()?;
    times.push(("publish", start.elapsed()));
    let times: Value = times
        .iter()
        .map(|(name, time)| ((*name).to_owned(), json!(time.as_secs_f64())))
        .collect::<serde_json::Map<_, _>>()
        .into();
    write_json(&state.join("run-times.json"), &times)?;
    let site = study.out().join("site");
    (options.progress)(Event::Done("publish", "the site and the release are written"));
    Ok(Outcome {
        manifest,
        site,
        approved: written.release.manifest().approved,
        explained,
    })
}

/// The tables of the contract, taken over from the finished stages.
fn tables_out(finished: &[Stage], tables: &Path) -> Result<(), StudyError> {
    fs_err::create_dir_all(tables)?;
    let names: [&[&str]; 5] = [
        &["problems", "set_aside"],
        &["persons", "conflicts", "doubts", "link_errors"],
        &["evidence", "cases"],
        &[
            "counts",
            "completeness",
            "checks",
            "estimates",
            "routes",
            "projection",
            "width",
            "assumptions",
        ],
        &[
            "standards",
            "indicators",
            "variation",
            "disparity",
            "delays",
            "first_line",
            "care_over_time",
            "nurses",
        ],
    ];
    for (stage, names) in finished.iter().zip(names) {
        for name in names {
            let file = format!("{name}.parquet");
            second_name(&stage.folder.join(&file), &tables.join(&file))?;
        }
    }
    Ok(())
}

/// The packs of organisations, networks and nations, taken over from the stage that made them.
fn packs_out(audit: &Path, packs: &Path) -> Result<(), StudyError> {
    engine::private_folder(packs)?;
    for entry in fs_err::read_dir(audit.join("packs"))? {
        let entry = entry?;
        if !is_stray(&entry.file_name().to_string_lossy()) {
            second_name(&entry.path(), &packs.join(entry.file_name()))?;
        }
    }
    Ok(())
}

pub(crate) fn write_json(path: &Path, value: &Value) -> Result<(), StudyError> {
    use std::io::Write;
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    let mut file = fs_err::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}
