//! `run.json`: what was read, by which settings, and where every row went.
//!
//! It holds no time, memory, host, thread count or absolute path: the same inputs, settings and
//! version give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::TableReader;
use serde_json::{Value, json};
use vocabulary::organisation::Resolved;

use crate::accounts::FileAccount;
use crate::error::StudyError;
use crate::matched;
use crate::open::Study;
use crate::public;
use crate::run::Stage;
use crate::{charts, decisions, hashes, responses, revisions, staffing};

/// The version of the program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn run_json(
    study: &Study,
    files: &[FileAccount],
    finished: &[Stage],
    next: &Path,
    alike: &str,
) -> Result<Value, StudyError> {
    let config = &study.config;
    Ok(json!({
        "program": { "name": "counted", "version": VERSION },
        "study": {
            "name": config.name,
            "country": config.country,
            "as_of": config.as_of,
            "period": [config.period.0, config.period.1],
            "simulated": config.simulated,
        },
        "definition": { "id": study.definition.id, "hash": definition_hash(study) },
        "policy": { "id": "hes", "hash": hash_of([("policy", policy_text()?.as_str())].into_iter()) },
        "organisations": organisations_hash(study),
        "thresholds": hash_of([("thresholds", count::Thresholds::built_in_text())].into_iter()),
        "assumptions": {
            "id": study.assumed.0.id,
            "hash": hash_of([("assumptions", study.assumed.1.as_str())].into_iter()),
        },
        "standards": {
            "id": study.standards.id,
            "hash": hash_of(study.standards.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))),
        },
        "seed": study.assumed.0.seed,
        "sources": sources(study, files),
        "beside": beside(study)?,
        "stages": {
            "linkage": finished[1].report,
            "casefind": finished[2].report,
            "count": finished[3].report,
            "audit": finished[4].report,
        },
        "tables": file_hashes(&next.join("tables"))?,
        "packs": file_hashes(&next.join("packs"))?,
        "release": file_hashes(&next.join("release"))?,
        "site": public::site_hash(&next.join("site"))?,
        "warnings": warnings(study, finished, alike)?,
    }))
}

/// Hashes of the files that people write and lay beside the records: charts read, decisions,
/// responses, nurses in post, surveys.
fn beside(study: &Study) -> Result<BTreeMap<String, String>, StudyError> {
    let mut hashes = BTreeMap::new();
    let fixed = [charts::FILE, decisions::FILE, responses::FILE, staffing::FILE];
    for name in fixed {
        let path = study.folder().join(name);
        if path.is_file() {
            hashes.insert(name.to_owned(), file_hash(&path)?);
        }
    }
    for source in &study.config.surveys {
        for file in matched::matches(study.folder(), source)? {
            let hash = file_hash(&file.absolute)?;
            hashes.insert(file.relative, hash);
        }
    }
    Ok(hashes)
}

impl Study {
    /// Whether the tables of the last run were made by what stands in the study today. Whoever reads them by other settings
    /// would tell of another day, or of other organisations.
    ///
    /// # Errors
    /// No run is finished, its `run.json` cannot be read, or something of what it was made by is another now: it is named.
    pub fn is_as_it_was_run(&self) -> Result<(), StudyError> {
        let run = self.last_run()?;
        let (config, said) = (&self.config, &run["study"]);
        let settings = [
            ("`as_of`", &said["as_of"], json!(config.as_of)),
            (
                "`period`",
                &said["period"],
                json!([config.period.0, config.period.1]),
            ),
            ("`simulated`", &said["simulated"], json!(config.simulated)),
            (
                "the definition",
                &run["definition"]["hash"],
                json!(definition_hash(self)),
            ),
            (
                "the list of organisations",
                &run["organisations"],
                json!(organisations_hash(self)),
            ),
        ];
        let changed: Vec<&str> = settings
            .iter()
            .filter(|(_, then, now)| *then != now)
            .map(|(name, ..)| *name)
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        Err(again(format!(
            "study.toml, what it names, or the program changed since the last run ({}), and the tables are those of that run",
            changed.join(", ")
        )))
    }

    /// Whether the nurses in the tables of the last run are those that `staffing.csv` names today.
    ///
    /// # Errors
    /// No run is finished, its `run.json` cannot be read, or the file is another now.
    pub fn staffing_is_as_it_was_run(&self) -> Result<(), StudyError> {
        let run = self.last_run()?;
        let path = self.folder().join(staffing::FILE);
        let now = path.is_file().then(|| file_hash(&path)).transpose()?;
        if run["beside"][staffing::FILE] == json!(now) {
            return Ok(());
        }
        Err(again(format!(
            "{} changed since the last run, and the nurses in the tables are those of that run",
            staffing::FILE
        )))
    }

    /// What the last run says of itself: `run.json`.
    ///
    /// # Errors
    /// If there was no run, or what it left is gone or damaged.
    pub fn last_run(&self) -> Result<Value, StudyError> {
        self.tables()?;
        let text = fs_err::read_to_string(self.out().join("run.json"));
        serde_json::from_str(&text.map_err(|error| again(error.to_string()))?)
            .map_err(|_| again("out/run.json is damaged".to_owned()))
    }
}

fn again(what: String) -> StudyError {
    StudyError::Call {
        message: format!("{what}; run again: `counted run STUDY`"),
    }
}

fn file_hash(path: &Path) -> Result<String, StudyError> {
    Ok(hashes::of_file(path)?)
}

fn sources(study: &Study, files: &[FileAccount]) -> Vec<Value> {
    let mut sources = Vec::new();
    for (index, source) in study.config.sources.iter().enumerate() {
        let own: Vec<&FileAccount> = files.iter().filter(|file| file.source == index).collect();
        let mut set_aside: BTreeMap<&str, i64> = BTreeMap::new();
        for (reason, count) in own.iter().flat_map(|file| &file.set_aside) {
            *set_aside.entry(reason).or_default() += count;
        }
        let listed: Vec<Value> = own
            .iter()
            .map(|file| {
                json!({
                    "path": file.path, "hash": file.hash, "rows": file.rows,
                    "in_persons": file.in_persons, "set_aside": file.set_aside,
                })
            })
            .collect();
        sources.push(json!({
            "kind": source.kind,
            "path": source.path,
            "rows": own.iter().map(|file| file.rows).sum::<i64>(),
            "in_persons": own.iter().map(|file| file.in_persons).sum::<i64>(),
            "set_aside": set_aside,
            "files": listed,
        }));
    }
    sources
}

/// Warnings of the stages, with the stage that gives them; `alike` names the runs to which this one can be compared.
fn warnings(study: &Study, finished: &[Stage], alike: &str) -> Result<Vec<Value>, StudyError> {
    let names = ["intake", "linkage", "casefind", "count", "audit"];
    let mut warnings = Vec::new();
    for (stage, name) in finished.iter().zip(names) {
        for warning in stage.report["warnings"].as_array().into_iter().flatten() {
            let mut warning = warning.clone();
            warning["stage"] = json!(name);
            warnings.push(warning);
        }
    }
    warnings.extend(supposed_nation(study, &finished[2].folder)?);
    for message in &study.responses.waiting {
        warnings.push(json!({
            "stage": "publish", "rule": "response_waits", "level": "standing", "message": message,
        }));
    }
    let not_kept = revisions::not_kept(&study.state(), alike, study.config.as_of)?;
    warnings.extend(not_kept.map(|message| {
        json!({ "stage": "publish", "rule": "later_run_kept", "level": "standing", "message": message })
    }));
    for table in finished[2].report["absent"].as_array().into_iter().flatten() {
        let table = table.as_str().unwrap_or_default();
        warnings.push(json!({
            "stage": "casefind",
            "rule": "table-absent",
            "level": "standing",
            "message": format!("the study has no `{table}`; its evidence is missing, not absent"),
        }));
    }
    Ok(warnings)
}

/// One case in so many whose nation is supposed is an alarm: codes that change may leave some in any study.
const MANY_SUPPOSED: usize = 20;

/// What somebody must know where no source names its nation, there are several, and a case is of a body that is in no list: it
/// counts in the nation with most organisations.
fn supposed_nation(study: &Study, casefind: &Path) -> Result<Option<Value>, StudyError> {
    let mut sources = study.config.sources.iter();
    let is_named = sources.any(|source| !source.nations.is_empty());
    let nations: BTreeSet<&str> = study
        .registry
        .organisations()
        .map(|organisation| organisation.nation.as_str())
        .collect();
    let supposed = study.home_nation().filter(|_| !is_named && nations.len() > 1);
    let Some(supposed) = supposed else {
        return Ok(None);
    };
    let is_listed = |code: &str| matches!(study.registry.resolve(code), Resolved::Known(_));
    let (mut all, mut of_none) = (0, 0);
    for batch in TableReader::open_columns(&casefind.join("cases.parquet"), &["organisation", "nation"])? {
        let batch = batch?;
        let (organisation, nation) = (batch.text("organisation")?, batch.text("nation")?);
        let of_no_list = |row: usize| {
            nation.get(row) == Some(supposed.as_str()) && !organisation.get(row).is_some_and(is_listed)
        };
        all += batch.rows();
        of_none += (0..batch.rows()).filter(|row| of_no_list(*row)).count();
    }
    if of_none == 0 {
        return Ok(None);
    }
    let level = if of_none * MANY_SUPPOSED >= all {
        "alarm"
    } else {
        "standing"
    };
    Ok(Some(json!({
        "stage": "casefind",
        "rule": "nation_supposed",
        "level": level,
        "message": format!(
            "{of_none} of {all} cases are of no body in the list of organisations, and no source names its nation: they count in \
             {supposed}, which has most organisations. Write `nations` in study.toml for each source that has but one."
        ),
    })))
}

fn policy_text() -> Result<String, StudyError> {
    let policy = protect::Policy::hes()?;
    Ok(format!(
        "{} {} {} {}",
        policy.name(),
        policy.version(),
        policy.hide_to(),
        policy.round_to()
    ))
}

fn definition_hash(study: &Study) -> String {
    hash_of(
        study
            .definition
            .files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    )
}

fn organisations_hash(study: &Study) -> String {
    let lines: Vec<String> = study
        .registry
        .organisations()
        .map(|organisation| format!("{organisation:?}"))
        .collect();
    hash_of(lines.iter().map(|line| ("organisation", line.as_str())))
}

/// BLAKE3 of each file of a folder, by name. What is no file has no hash, so that nothing is taken for it: a folder, by its name
/// and a `/`, and a link, since what it leads to can be changed after it was looked at.
pub fn file_hashes(folder: &Path) -> Result<BTreeMap<String, String>, StudyError> {
    let mut hashes = BTreeMap::new();
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let (name, kind) = (
            entry.file_name().to_string_lossy().into_owned(),
            entry.file_type()?,
        );
        if kind.is_file() {
            hashes.insert(name, file_hash(&entry.path())?);
        } else if kind.is_dir() {
            hashes.insert(format!("{name}/"), String::new());
        } else {
            hashes.insert(name, String::new());
        }
    }
    Ok(hashes)
}

/// One BLAKE3 over all files of a folder and its folders, but for those whose paths are left out.
pub(crate) fn tree_hash(folder: &Path, is_left_out: impl Fn(&str) -> bool) -> Result<String, StudyError> {
    let mut hashes: BTreeMap<String, String> = BTreeMap::new();
    let mut waiting = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, place)) = waiting.pop() {
        for (name, hash) in file_hashes(&place)? {
            // Files of folders stand under the names of theirs.
            if !name.ends_with('/') {
                hashes.insert(format!("{prefix}{name}"), hash);
            }
        }
        for entry in fs_err::read_dir(&place)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_symlink() {
                return Err(StudyError::Invariant {
                    message: format!(
                        "{} is a link, and what it leads to can be changed after it was checked; put the file itself there",
                        path.display()
                    ),
                });
            }
            if path.is_dir() {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                waiting.push((format!("{prefix}{name}/"), path));
            }
        }
    }
    let counted = hashes.iter().filter(|(name, _)| !is_left_out(name.as_str()));
    Ok(hash_of(
        counted.map(|(name, hash)| (name.as_str(), hash.as_str())),
    ))
}

fn hash_of<'a>(parts: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts.flat_map(|(name, text)| [name, text]) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_has_no_hash() {
        let folder = tempfile::tempdir().expect("a folder");
        fs_err::write(folder.path().join("a.csv"), "a").expect("a file");
        fs_err::create_dir(folder.path().join("more")).expect("a folder");
        let mut wanted = vec![("a.csv".to_owned(), true), ("more/".to_owned(), false)];
        #[cfg(unix)]
        {
            let link = folder.path().join("b.csv");
            fs_err::os::unix::fs::symlink(folder.path().join("a.csv"), link).expect("a link");
            wanted.insert(1, ("b.csv".to_owned(), false));
        }
        let held = file_hashes(folder.path()).expect("names");
        let told = held.into_iter().map(|(name, hash)| (name, !hash.is_empty()));
        assert!(told.eq(wanted));
    }
}
