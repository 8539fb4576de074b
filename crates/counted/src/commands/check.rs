//! `counted check`: what is wrong with files, before they are sent.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use intake::{CheckOptions, CheckReport, CheckedFile, FileToCheck, Limits};
use serde_json::{Value, json};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::arguments::{CheckArguments, Format};
use crate::exit::Failure;
use crate::{machine, tell};

/// Checks files one by one and prints what is wrong with each.
pub(crate) fn check(arguments: &CheckArguments, format: Format) -> Result<ExitCode, Failure> {
    // Before anything is read: no file is at fault.
    if let Some(kind) = &arguments.kind {
        intake::said_kind(kind)?;
    }
    let asked = asked(arguments)?;
    let progress = tell::Progress::new();
    progress.start("Checking");
    let sizes = asked
        .files
        .iter()
        .filter_map(|file| fs_err::metadata(&file.absolute).ok())
        .map(|meta| meta.len());
    let (total, done) = (sizes.sum(), std::sync::atomic::AtomicU64::new(0));
    let step = |_path: &str, step: u64| {
        let before = done.fetch_add(step, std::sync::atomic::Ordering::Relaxed);
        progress.step(before + step, total);
    };
    let report = intake::check_files(
        &asked.files,
        &CheckOptions {
            kind: arguments.kind.as_deref(),
            as_of: asked.as_of,
            is_today: asked.is_today,
            limits: Limits::default(),
            organisations: asked.registry.as_ref(),
            progress: &step,
        },
    );
    progress.clear();
    match format {
        Format::Json => tell::json(&as_json(&report)),
        Format::Text => report.files.iter().for_each(as_words),
    }
    if let Some(error) = report.error() {
        return Err(Failure::source(error.to_string()));
    }
    Ok(if report.tally().errors > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// What is to be checked, and how.
struct Asked {
    files: Vec<FileToCheck>,
    registry: Option<Registry>,
    as_of: Date,
    /// Whether neither the call nor a study says a last day.
    is_today: bool,
}

/// The files of the call as they are; or those of a study, as it reads them.
fn asked(arguments: &CheckArguments) -> Result<Asked, Failure> {
    if let Some((folder, files)) = of_study(arguments.study.as_deref(), &arguments.files) {
        let asked = study::to_check(folder, files, arguments.kind.as_deref())?;
        return Ok(Asked {
            files: asked.files,
            registry: Some(asked.registry),
            as_of: arguments.as_of.unwrap_or(asked.as_of),
            is_today: false,
        });
    }
    let plain = |path: &PathBuf| FileToCheck {
        path: path.display().to_string(),
        absolute: path.clone(),
        ..FileToCheck::default()
    };
    Ok(Asked {
        files: arguments.files.iter().map(plain).collect(),
        registry: Registry::uk().ok(),
        as_of: arguments.as_of.unwrap_or_else(machine::today),
        is_today: arguments.as_of.is_none(),
    })
}

/// The folder of the study that a call names, and which of its files (none: all of them): with `--study`, or as the one
/// thing that it names.
pub(super) fn of_study<'a>(
    study: Option<&'a Path>,
    files: &'a [PathBuf],
) -> Option<(&'a Path, &'a [PathBuf])> {
    match (study, files) {
        (Some(folder), files) => Some((folder, files)),
        (None, [folder]) if folder.join("study.toml").is_file() => {
            Some((folder.as_path(), <&[PathBuf]>::default()))
        }
        _ => None,
    }
}

fn as_words(file: &CheckedFile) {
    let kind = file.kind.as_deref().unwrap_or("kind not recognised");
    let facts = &file.outcome.facts;
    tell::line(&format!(
        "{} ({kind}): {}, {} in use",
        file.path,
        tell::counted(facts.rows, "record", "records"),
        file.outcome.in_identities
    ));
    for line in file.lines() {
        let place = match (line.row, &line.field) {
            (Some(row), Some(field)) => format!("row {row}, {field}: "),
            (Some(row), None) => format!("row {row}: "),
            (None, Some(field)) => format!("{field}: "),
            (None, None) => String::new(),
        };
        let times = if line.count > 1 {
            format!(" ({} rows)", line.count)
        } else {
            String::new()
        };
        tell::line(&format!(
            "  {}: {place}{}{times}. {}",
            line.severity.as_str(),
            line.message,
            line.fix
        ));
    }
}

fn as_json(report: &CheckReport) -> Value {
    let files: Vec<Value> = report
        .files
        .iter()
        .map(|file| {
            let lines: Vec<Value> = file
                .lines()
                .into_iter()
                .map(|line| {
                    json!({
                        "row": line.row, "field": line.field, "rule": line.rule, "severity": line.severity.as_str(),
                        "message": line.message, "fix": line.fix, "count": line.count,
                    })
                })
                .collect();
            json!({
                "path": file.path, "kind": file.kind, "rows": file.outcome.facts.rows,
                "error": file.error.as_ref().map(ToString::to_string), "problems": lines,
            })
        })
        .collect();
    json!({ "files": files, "tally": report.tally() })
}
