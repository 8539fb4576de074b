//! `counted verify --site`: a published site in anybody's hands, against keys that are known from elsewhere.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use study::{PublicEntry, TrustedKeys, verified_site};

use crate::arguments::{Format, VerifyArguments};
use crate::exit::Failure;
use crate::tell;

/// Checks a site; needs no study.
pub(super) fn verify(site: &Path, arguments: &VerifyArguments, format: Format) -> Result<ExitCode, Failure> {
    let keys = match &arguments.trusted {
        Some(file) => trusted(file)?,
        None => study::demonstration_keys(),
    };
    is_one(site, arguments.ledger.is_some())?;
    let ledger = match &arguments.ledger {
        Some(file) => Some(given(file)?),
        None => None,
    };
    let (entry, releases) = verified_site(site, ledger.as_deref(), &keys)
        .map_err(|fault| Failure::invariant(fault.to_string()))?;
    match format {
        Format::Json => tell::json(&json!({
            "release": entry.release, "number": entry.number, "of": releases, "approved_on": entry.approved_on,
            "study": entry.study, "as_of": entry.as_of, "definition": entry.definition, "policy": entry.policy,
            "program": entry.program, "files": entry.files.len(), "demonstration": keys.is_demo(),
        })),
        Format::Text => words(&entry, releases),
    }
    if keys.is_demo() {
        tell::note(
            "The keys are those of the demonstration, which anybody has: this says that the copy is whole, not who made it. \
             Give the publisher's public keys, from a place that you trust, with --trusted.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn words(entry: &PublicEntry, releases: usize) {
    tell::line(&format!(
        "Every page and every table is as it was signed with two keys on {}.",
        entry.approved_on
    ));
    tell::line(&format!(
        "Release {}, entry {} of {releases} in an unbroken ledger: {}, records up to {}.",
        entry.release, entry.number, entry.study, entry.as_of
    ));
    tell::line(&format!(
        "Definition {}, disclosure rule {}, program {}.",
        entry.definition, entry.policy, entry.program
    ));
}

/// A folder that is not there, or is none of a site, says nothing of any copy: the call names the wrong one.
fn is_one(site: &Path, with_ledger: bool) -> Result<(), Failure> {
    let wrong = |why: &str| Failure::call(format!("{}: {why}", site.display()));
    if !with_ledger && !site.join("ledger.jsonl").is_file() {
        return Err(wrong(
            "no ledger.jsonl there: give the folder of the pages, or --ledger",
        ));
    }
    if !site.is_dir() {
        return Err(wrong("there is no such folder: give that of the pages"));
    }
    Ok(())
}

/// The text of a file that the call names.
fn given(file: &Path) -> Result<String, Failure> {
    fs_err::read_to_string(file).map_err(|error| Failure::call(error.to_string()))
}

/// Public keys from a file with two lines of 64 hexadecimal digits.
fn trusted(file: &Path) -> Result<TrustedKeys, Failure> {
    let text = given(file)?;
    let lines: Vec<&str> = text.split_whitespace().collect();
    let wrong = |why: &str| Failure::call(format!("{}: {why}", file.display()));
    let [first, second] = lines.as_slice() else {
        return Err(wrong(
            "must hold two public keys, 64 hexadecimal digits each; `counted verify STUDY --format json` of the publisher \
             names them",
        ));
    };
    TrustedKeys::from_hex(first, second).map_err(|error| wrong(&error.to_string()))
}
