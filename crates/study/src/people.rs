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
        Ok(last_merge(&log, person))
    }
}

/// Into whom somebody was merged last, unless a later operation gave the id back: then whoever had it went otherwise.
fn last_merge(log: &str, person: &str) -> Option<(String, u64)> {
    let is = |id: &String| id == person;
    let operations = log.lines().rev();
    let mut operations = operations.filter_map(|line| serde_json::from_str::<linkage::Operation>(line).ok());
    let last = operations.find(|operation| {
        let merges = operation.operation == linkage::OperationKind::Merge;
        operation.after.iter().any(is) || (merges && operation.before.iter().any(is))
    })?;
    let into = last.after.first().filter(|_| !last.after.iter().any(is))?;
    Some((into.clone(), last.number))
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

#[cfg(test)]
mod tests {
    use super::last_merge;

    #[test]
    fn whoever_got_the_id_back_was_not_merged() {
        let operation = |number: u64, operation: &str, before: &[&str], after: &[&str]| {
            let line = serde_json::json!({
                "number": number, "operation": operation, "author": "A. Nurse", "reason": "seen",
                "before": before, "after": after,
            });
            format!("{line}\n")
        };
        let merge = operation(1, "merge", &["P00000001", "P00000006"], &["P00000001"]);
        let split = operation(2, "split", &["P00000001"], &["P00000001", "P00000006"]);
        let again = operation(3, "merge", &["P00000006", "P00000007"], &["P00000007"]);
        let (merge, split, again) = (merge.as_str(), split.as_str(), again.as_str());
        let into = |log: &[&str], person: &str| last_merge(&log.concat(), person);
        let to = |into: &str, number: u64| Some((into.to_owned(), number));
        assert_eq!(into(&[merge], "P00000006"), to("P00000001", 1));
        assert_eq!(into(&[merge], "P00000001"), None);
        assert_eq!(into(&[merge, split], "P00000006"), None);
        assert_eq!(into(&[merge, split, again], "P00000006"), to("P00000007", 3));
        assert_eq!(into(&[merge], "P00000009"), None);
    }
}
