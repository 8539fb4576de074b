//! `counted outliers`: the procedure for hospitals whose outcomes stand outside, step by step.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use audit::definition::Standards;
use audit::outliers::{
    Case, CaseKey, Deadlines, Entry, OutlierError, Step, all, detect, may_publish, open_again, read,
};
use serde_json::{Value, json};
use study::Study;
use vocabulary::date::Date;

use crate::arguments::{Format, OutliersArguments, TakenStep};
use crate::exit::Failure;
use crate::{access_log, machine, tell};

/// The entries, in the study folder. Confidential until a case is published.
const FILE: &str = "outliers.jsonl";

/// Shows where each case stands, or takes a step.
pub(crate) fn outliers(arguments: &OutliersArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    study.is_as_it_was_run()?;
    let standards = Standards::built_in().map_err(|error| Failure::call(error.to_string()))?;
    let deadlines = standards
        .files
        .get("outliers.toml")
        .map(|text| Deadlines::read(text));
    let deadlines = match deadlines {
        Some(Ok(deadlines)) => deadlines,
        Some(Err(error)) => {
            return Err(Failure::call(format!(
                "definitions/standards: outliers.toml: {error}"
            )));
        }
        None => return Err(Failure::call("definitions/standards: outliers.toml is missing")),
    };
    let mut cases = cases(&study, &standards)?;
    if let Some(step) = arguments.record {
        take(&study, arguments, step, &mut cases)?;
    }
    match format {
        Format::Json => tell::json(&json!({
            "cases": cases.keys().map(|key| as_json(key, &cases, &deadlines)).collect::<Vec<_>>(),
        })),
        Format::Text => words(&cases, &deadlines),
    }
    Ok(ExitCode::SUCCESS)
}

/// Enters what a run detected, on the day on which it did: from then on the hospital has to be told.
pub(crate) fn enter(study: &Study) -> Result<(), Failure> {
    let standards = Standards::built_in().map_err(|error| Failure::call(error.to_string()))?;
    let mut lines = String::new();
    for case in cases(study, &standards)?.values().filter(|case| !case.is_entered) {
        for entry in &case.entries {
            lines.push_str(&serde_json::to_string(entry).unwrap_or_default());
            lines.push('\n');
        }
    }
    if !lines.is_empty() {
        append(&study.folder().join(FILE), &lines)?;
    }
    Ok(())
}

/// The cases of the file, and those that the last run detects: of a run that did not enter them, today.
fn cases(study: &Study, standards: &Standards) -> Result<BTreeMap<CaseKey, Case>, Failure> {
    let path = study.folder().join(FILE);
    let text = match fs_err::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        // Also a link that leads nowhere: the cases behind it are not over.
        _ => fs_err::read_to_string(&path)?,
    };
    let entered = read(&text).map_err(|error| Failure::call(format!("{FILE}, {error}")))?;
    let detected = detect(&study.tables()?, standards)?;
    Ok(all(entered, &detected, study.config.as_of, machine::today()))
}

/// Takes a step and appends it to the file, with the detection where that is not entered yet.
fn take(
    study: &Study,
    arguments: &OutliersArguments,
    step: TakenStep,
    cases: &mut BTreeMap<CaseKey, Case>,
) -> Result<(), Failure> {
    let given = |value: &Option<String>, name: &str| {
        let text = value.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| Failure::call(format!("--record needs {name}")))
    };
    let (indicator, organisation, by) = (
        given(&arguments.indicator, "--indicator")?,
        given(&arguments.organisation, "--organisation")?.to_uppercase(),
        given(&arguments.by, "--by, the name of whoever takes the step")?,
    );
    let wrong = |error: OutlierError| Failure::call(error.to_string());
    let on = arguments.on.unwrap_or_else(machine::today);
    let open = cases
        .iter()
        .rev()
        .find(|((own, body, ..), case)| *own == indicator && *body == organisation && !case.is_closed())
        .map(|(key, _)| key.clone());
    let key = match open {
        // Corrected data that left it outside as it was: the hospital is told anew.
        None if step.step() == Step::Told => open_again(cases, &indicator, &organisation, on),
        open => open,
    };
    let Some((key, case)) = key.and_then(|key| cases.get_mut(&key).map(|case| (key, case))) else {
        return Err(wrong(OutlierError::NoCase {
            indicator,
            organisation,
        }));
    };
    let entry = Entry {
        indicator,
        organisation,
        as_of: key.2,
        step: step.step(),
        on,
        by,
        note: arguments.note.clone().unwrap_or_default(),
    };
    case.check(&entry).map_err(wrong)?;
    access_log::write(
        study,
        "outliers",
        &format!("{} {}", entry.indicator, entry.organisation),
    )?;
    // A detection stands in the file from the run on, or else from the first step.
    let mut lines = String::new();
    for entry in case.entries.iter().filter(|_| !case.is_entered).chain([&entry]) {
        lines.push_str(&serde_json::to_string(entry).unwrap_or_default());
        lines.push('\n');
    }
    append(&study.folder().join(FILE), &lines)?;
    case.entries.push(entry);
    case.is_entered = true;
    Ok(())
}

/// Adds lines to the file, which only its owner can read from its first line on.
fn append(path: &Path, lines: &str) -> std::io::Result<()> {
    let mut options = fs_err::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

fn due(case: &Case, deadlines: &Deadlines) -> Option<Date> {
    let last = case.last().filter(|_| !case.is_settled())?;
    deadlines.due(last)
}

fn as_json(key: &CaseKey, cases: &BTreeMap<CaseKey, Case>, deadlines: &Deadlines) -> Value {
    let (indicator, organisation, as_of, number) = key;
    let Some(case) = cases.get(key) else {
        return Value::Null;
    };
    json!({
        "indicator": indicator,
        "organisation": organisation,
        "as_of": as_of,
        "case": number,
        "step": case.last().map(|last| last.step),
        "next": case.last().map_or(&[] as &[Step], |last| last.step.next()),
        "due": due(case, deadlines),
        "still_outside": case.still_outside,
        "may_publish": may_publish(cases, indicator, organisation),
        "entries": case.entries,
    })
}

fn words(cases: &BTreeMap<CaseKey, Case>, deadlines: &Deadlines) {
    if cases.is_empty() {
        tell::line(
            "No hospital stands outside the limits on the worse side of an outcome, and no case is open.",
        );
        return;
    }
    tell::line("Confidential. No outcome of these hospitals may be published before the step `published`.");
    for ((indicator, organisation, as_of, number), case) in cases {
        let Some(last) = case.last() else { continue };
        let next = match (last.step.next(), due(case, deadlines)) {
            ([], _) if last.step == Step::DataWrong && case.still_outside == Some(true) => {
                "it stands outside until corrected data come; where they change nothing, tell it again"
                    .to_owned()
            }
            ([], _) | (_, None) => "nothing is left to do".to_owned(),
            (next, Some(due)) => {
                let next: Vec<&str> = next.iter().map(|step| step.word()).collect();
                format!("next: {}, due on {due}", next.join(" or "))
            }
        };
        let settled = match case.still_outside {
            Some(false) if !case.is_closed() => "; no longer outside in the last run",
            _ => "",
        };
        tell::line("");
        let which = if *number > 1 {
            format!(", case {number}")
        } else {
            String::new()
        };
        tell::line(&format!("{organisation}  {indicator}, data up to {as_of}{which}"));
        tell::line(&format!("  {} on {}; {next}{settled}", last.step.word(), last.on));
        for entry in &case.entries {
            let note = if entry.note.is_empty() {
                String::new()
            } else {
                format!(": {}", entry.note)
            };
            tell::line(&format!(
                "    {}  {:<12}  {}{note}",
                entry.on,
                entry.step.word(),
                entry.by
            ));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_entries_are_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        append(&path, "one\n").unwrap();
        append(&path, "two\n").unwrap();
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "one\ntwo\n");
        let mode = fs_err::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
