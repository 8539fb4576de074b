//! The people of the last run, kept so that the next one gives everybody the same id.
//!
//! They change hands with the output: prepared before the swap, taken over after it. A command
//! that comes after a kill in between sees by the hash of `run.json` which output is in place.

use std::path::Path;

use crate::durable::sync_file;
use crate::error::StudyError;
use crate::hashes;
use crate::open::{Current, Study};
use crate::run::write_json;

/// The folder in which linkage leaves what the next run goes on from.
const KEPT: &str = "kept";

/// What the kept people rest on.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Kept {
    /// BLAKE3 of the `run.json` of the output that they belong to.
    run: String,
    /// Its finished stages.
    pub stages: Current,
}

/// Reads what the kept people rest on.
pub(crate) fn kept(people: &Path) -> Result<Option<Kept>, StudyError> {
    let path = people.join("current.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = fs_err::read_to_string(&path)?;
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| StudyError::Call {
            message: format!(
                "{} is not of this version; move `state/people` away, but keep it (it holds the log of merges), and run again: people get new ids",
                path.display()
            ),
        })
}

impl Study {
    /// Into whom somebody was merged, and the number of that operation in the log; nothing where the log does not say.
    pub fn merged_into(&self, person: &str) -> Result<Option<(String, u64)>, StudyError> {
        let log = match fs_err::read_to_string(self.state().join("people").join("operations.jsonl")) {
            Ok(log) => log,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let merges = log.lines().rev().filter_map(|line| {
            let operation: linkage::Operation = serde_json::from_str(line).ok()?;
            let merged = operation.operation == linkage::OperationKind::Merge
                && operation.before.iter().any(|id| id == person);
            let into = operation.after.first().filter(|into| *into != person)?;
            merged.then(|| (into.clone(), operation.number))
        });
        Ok(merges.into_iter().next())
    }
}

/// Prepares the people of this run beside those of the former; `next` is the output to come.
pub(crate) fn prepare(
    study: &Study,
    stages: &Current,
    linkage: &Path,
    next: &Path,
) -> Result<(), StudyError> {
    let state = study.state();
    let (prepared, place) = (state.join("people.next"), state.join("people"));
    if prepared.exists() {
        fs_err::remove_dir_all(&prepared)?;
    }
    engine::private_folder(&prepared)?;
    // With the largest id ever given, so that a retired one never comes to somebody else.
    for name in [
        "persons.parquet",
        "links.parquet",
        "people.parquet",
        "numbering.json",
    ] {
        engine::second_name(&linkage.join(name), &prepared.join(name))?;
    }
    // What the next run goes on from; with all identities, so only the owner can enter.
    engine::private_folder(&prepared.join(KEPT))?;
    for entry in fs_err::read_dir(linkage.join(KEPT))? {
        let entry = entry?;
        engine::second_name(&entry.path(), &prepared.join(KEPT).join(entry.file_name()))?;
    }
    let mut log = match fs_err::read(place.join("operations.jsonl")) {
        Ok(log) => log,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let same_people = kept(&place)?.is_some_and(|former| former.stages.linkage == stages.linkage);
    let added = linkage.join("operations.jsonl");
    if !same_people && added.exists() {
        log.extend(fs_err::read(added)?);
    }
    let log_of_people = prepared.join("operations.jsonl");
    fs_err::write(&log_of_people, log)?;
    sync_file(&log_of_people)?;
    let kept = Kept {
        run: hash(&next.join("run.json"))?,
        stages: stages.clone(),
    };
    write_json(
        &prepared.join("current.json"),
        &serde_json::to_value(kept).unwrap_or_default(),
    )
}

/// Takes the prepared people over, if the output in place is theirs; else they are dropped.
pub(crate) fn settle(study: &Path, state: &Path) -> Result<(), StudyError> {
    let (prepared, place, former) = (
        state.join("people.next"),
        state.join("people"),
        state.join("people.former"),
    );
    // Killed between the two renames: the former people are aside and nobody is in their place.
    if former.exists() && !place.exists() && !prepared.exists() {
        engine::rename(&former, &place)?;
    }
    if prepared.exists() {
        let run = study.join("out").join("run.json");
        let theirs = run.exists()
            && match kept(&prepared) {
                Ok(Some(kept)) => kept.run == hash(&run)?,
                _ => false,
            };
        if !theirs {
            fs_err::remove_dir_all(&prepared)?;
            if former.exists() && !place.exists() {
                engine::rename(&former, &place)?;
            }
        } else {
            if place.exists() {
                if former.exists() {
                    fs_err::remove_dir_all(&former)?;
                }
                engine::rename(&place, &former)?;
            }
            engine::rename(&prepared, &place)?;
        }
    }
    if former.exists() {
        fs_err::remove_dir_all(&former)?;
    }
    Ok(())
}

fn hash(path: &Path) -> Result<String, StudyError> {
    Ok(hashes::of_file(path)?)
}
