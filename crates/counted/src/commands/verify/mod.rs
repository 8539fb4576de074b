//! `counted verify`: whether what a study has put out is whole, where a figure comes from, and whether a published site is the
//! one that was signed.

mod attack;
mod figure;
mod site;
mod tables;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::process::ExitCode;

use protect::ledger::SignedLedger;
use serde_json::{Value, json};
use study::Study;

use crate::arguments::{Format, VerifyArguments};
use crate::exit::Failure;
use crate::tell;

/// Checks a published site, follows a figure, or checks a study as a whole.
pub(crate) fn verify(arguments: &VerifyArguments, format: Format) -> Result<ExitCode, Failure> {
    of_a_site_alone(arguments)?;
    match (&arguments.site, &arguments.study) {
        (Some(site), _) => site::verify(site, arguments, format),
        (None, Some(folder)) => whole(&Study::open(folder)?, arguments, format),
        (None, None) => Err(Failure::call(
            "give the folder of a study, or a published site with --site",
        )),
    }
}

/// What says how a site is verified is not passed over in silence beside a study, nor what is of a figure beside a site. That
/// each needs the other cannot be told by `requires` alone: `--site` and a study exclude each other, which sets it aside.
fn of_a_site_alone(arguments: &VerifyArguments) -> Result<(), Failure> {
    if arguments.site.is_some() {
        if arguments.rows.is_some() {
            return Err(Failure::call(
                "--rows is of a figure of a study (--figure), not of --site; leave one out",
            ));
        }
        return Ok(());
    }
    for (option, given) in [("--ledger", &arguments.ledger), ("--trusted", &arguments.trusted)] {
        if given.is_some() {
            return Err(Failure::call(format!(
                "{option} is of a published site, not of a study: name the site with --site FOLDER, or leave {option} out"
            )));
        }
    }
    Ok(())
}

/// Checks accounts, table versions, what was put out, and the ledger.
fn whole(study: &Study, arguments: &VerifyArguments, format: Format) -> Result<ExitCode, Failure> {
    let tables = study.tables()?;
    let checked = tables::checked(&tables)?;
    tables::care_adds_up(&tables)?;
    let manifest = manifest(study)?;
    rows_add_up(&manifest, &checked)?;
    untouched(study, &manifest)?;
    let ledger = study::ledger(study).map_err(|error| Failure::invariant(error.to_string()))?;
    approved_is_signed(study, &ledger)?;
    study::kept_are_those_released(study, &ledger)?;
    let releases = ledger.entries().len();
    if let Some(figure) = &arguments.figure {
        return figure::follow(study, &manifest, &ledger, figure, arguments, format);
    }
    let attacked = arguments
        .attack
        .then(|| attack::attack(study, &ledger))
        .transpose()?;
    match format {
        Format::Json => {
            let read = attacked.map(|report| json!({ "files": report.files, "figures": report.figures }));
            let keys = study::ledger_keys(study)?.trusted();
            tell::json(&json!({
                "tables": checked, "releases": releases, "attacked": read, "public_keys": keys.to_hex(),
            }));
        }
        Format::Text => {
            for table in &checked {
                tell::line(&format!(
                    "{:<14} {:>12} rows",
                    table["table"].as_str().unwrap_or_default(),
                    table["rows"]
                ));
            }
            tell::line(&format!(
                "The accounts add up; {releases} approved releases in the ledger, unbroken."
            ));
            if let Some(report) = attacked {
                tell::line(&format!(
                    "Attacked: {} files follow from the released tables, and {} figures give nothing away.",
                    report.files, report.figures
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Files and pages that call themselves approved are those that were signed, by the hashes in the ledger: `run.json` is signed
/// by nobody.
fn approved_is_signed(study: &Study, ledger: &SignedLedger) -> Result<(), Failure> {
    // Each says it for itself: an edit of one is no leave for the other.
    for (_, id) in study::approved_in_out(study)? {
        is_signed(study, ledger, &id)?;
    }
    Ok(())
}

/// The files and pages that were put out are those of the last entry of a release.
fn is_signed(study: &Study, ledger: &SignedLedger, id: &str) -> Result<(), Failure> {
    // That there is an entry was seen when the ledger was read.
    let Some(entry) = ledger.entries().iter().rev().find(|entry| entry.release == id) else {
        return Err(Failure::invariant(format!(
            "release {id} has no entry in ledger.jsonl"
        )));
    };
    let other = |what: &str| {
        Failure::invariant(format!(
            "{what} is not what was signed with release {id} (entry {} of ledger.jsonl): do not publish it; run again",
            entry.number
        ))
    };
    let held = study::file_hashes(&study.out().join("release"))?;
    let changed = entry
        .files
        .iter()
        .find(|(path, hash)| held.get(path) != Some(hash));
    if let Some((path, _)) = changed {
        return Err(other(&format!("release/{path}")));
    }
    let is_entered = |path: &String| entry.files.iter().any(|(own, _)| own == path);
    if let Some(path) = held.keys().find(|path| !is_entered(path)) {
        return Err(Failure::invariant(format!(
            "release/{path} was not signed with release {id} (entry {} of ledger.jsonl): do not publish it; remove it, or              approve the release again",
            entry.number
        )));
    }
    if !entry.site.is_empty() && pages(study)? != entry.site {
        return Err(other("a page of the site"));
    }
    Ok(())
}

/// What `run.json` says.
fn manifest(study: &Study) -> Result<Value, Failure> {
    let path = study.out().join("run.json");
    let text =
        fs_err::read_to_string(&path).map_err(|error| Failure::invariant(format!("{error}; run again")))?;
    serde_json::from_str(&text)
        .map_err(|_| Failure::invariant(format!("{} is damaged; run again", path.display())))
}

/// No file has changed since it was put out.
fn untouched(study: &Study, manifest: &Value) -> Result<(), Failure> {
    let out = study.out();
    for folder in ["tables", "packs", "release"] {
        let place = out.join(folder);
        let held = if place.is_dir() {
            study::file_hashes(&place)?
        } else {
            BTreeMap::new()
        };
        let Some(said) = manifest[folder].as_object() else {
            let message = format!("run.json does not say what lies in {folder}; run again");
            return Err(Failure::invariant(message));
        };
        let changed = said
            .iter()
            .find(|(name, hash)| held.get(*name).map(String::as_str) != hash.as_str());
        if let Some((name, _)) = changed {
            let message = format!("{folder}/{name} is not what the run put out; run again");
            return Err(Failure::invariant(message));
        }
        if let Some(name) = held.keys().find(|name| !said.contains_key(*name)) {
            return Err(Failure::invariant(format!(
                "{folder}/{name} was not put out by the run; remove it"
            )));
        }
    }
    if manifest["site"].as_str() != Some(pages(study)?.as_str()) {
        return Err(Failure::invariant(
            "a page of the site is not what the run put out; run again",
        ));
    }
    Ok(())
}

/// The hash of the pages that were put out. Where there are none, they are not as they were put out.
fn pages(study: &Study) -> Result<String, Failure> {
    let site = study.out().join("site");
    // A link to nowhere is none, too; what may not be looked into is told as such below.
    let is_gone = match fs_err::metadata(&site) {
        Ok(held) => !held.is_dir(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if is_gone {
        return Err(Failure::invariant(format!(
            "{}: the folder of the pages is missing; run again: `counted run STUDY`",
            site.display()
        )));
    }
    Ok(study::site_hash(&site)?)
}

/// Every row of every source is in a person or set aside, as `run.json` says.
fn rows_add_up(manifest: &Value, checked: &[Value]) -> Result<(), Failure> {
    let sum = |name: &str| -> u64 {
        manifest["sources"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|source| source[name].as_u64())
            .sum()
    };
    let rows = |name: &str| {
        checked
            .iter()
            .find(|table| table["table"] == name)
            .and_then(|table| table["rows"].as_u64())
            .unwrap_or_default()
    };
    let (all, persons, aside) = (sum("rows"), rows("persons"), rows("set_aside"));
    if sum("in_persons") != persons || all != persons + aside {
        let message = format!("{all} rows were read, {persons} are in persons and {aside} set aside");
        return Err(Failure::invariant(message));
    }
    Ok(())
}
