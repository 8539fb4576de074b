//! The ledger of a study: what was released, signed by two people, and what the attacker must remember of it.
//!
//! Two files in the study folder. `ledger.jsonl` is public. `ledger-confidential.jsonl` is not: it holds commitments to what
//! went in, and what anybody could read off each release. Keys come from `ledger-keys.txt`, three lines of 64 hexadecimal digits
//! (first person, second person, commitment); without that file the keys of the demonstration sign, and every page says so.
//!
//! The released files of each entry are kept in `released/ID/`: the next run reads the last of them back, under the hashes of the
//! ledger, to say what changed since. They are public. Without them that part of the pages says so.
//!
//! Invariants: the confidential part is written before the public one, so a killed program leaves at most a line there
//! that nothing public refers to, and which the next entry replaces. More such lines mean that the public part was cut. Released
//! files take their name in `released/` last, so an id there that no entry bears means the same. So does a longer ledger beside
//! the pages that were put out, or a release there that calls itself approved and has no entry: then both parts were cut.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use protect::ledger::{Ledger, LedgerFault, LedgerKeys, SignedLedger};
use protect::{ProtectError, Release, WrittenFile};
use publish::Before;

use crate::beside;
use crate::durable::{sync_folder, sync_tree};
use crate::error::StudyError;
use crate::manifest::file_hashes;
use crate::open::Study;

/// The public part of a ledger in the folder of a site.
pub(crate) const SHOWN: &str = publish::LEDGER;

/// The ledger of a study, read and checked against its keys. A study without one has an empty ledger.
///
/// # Errors
/// If an entry was changed, lost, put in between, cut off the end or not signed by both keys, or the keys cannot be read.
pub fn ledger(study: &Study) -> Result<SignedLedger, StudyError> {
    let (public_path, confidential_path) = (study.ledger(), study.confidential_ledger());
    let public = text(&public_path)?;
    if !public.is_empty() && Ledger::read(&public_path).is_ok() {
        return Err(StudyError::Call {
            message: "ledger.jsonl is of the former kind, without signatures: keep it and out/ under other names, and the \
                      next `counted publish` begins a signed one"
                .to_owned(),
        });
    }
    let keys = keys(study)?;
    let broken = |fault: LedgerFault| ProtectError::Ledger {
        path: public_path.clone(),
        entry: fault.entry,
        what: fault.what,
    };
    let (confidential, entries) = (text(&confidential_path)?, public.lines().count());
    if confidential.lines().count() > entries + LEFT_BY_A_KILL {
        return Err(broken(LedgerFault {
            entry: entries + 1,
            what: "stands in the confidential part, and was cut off the public one",
        })
        .into());
    }
    let confidential: String = confidential.split_inclusive('\n').take(entries).collect();
    let ledger = SignedLedger::verified(&public, &keys.trusted())
        .and_then(|ledger| ledger.with_confidential(&confidential, &keys))
        .map_err(|fault| of_the_demonstration(&public, &keys).unwrap_or_else(|| broken(fault).into()))?;
    all_kept_are_entered(study, &ledger)?;
    all_put_out_is_entered(study, &public, &ledger)?;
    Ok(ledger)
}

/// What to do where the ledger is whole, was begun with the keys of the demonstration, and the study has keys of its own now. One
/// ledger is of one pair of keys, and what the demonstration signs is not for publication, so nothing is lost with a new one.
fn of_the_demonstration(public: &str, keys: &LedgerKeys) -> Option<StudyError> {
    let entries = public.lines().count();
    let demonstration = LedgerKeys::demo().trusted();
    let is_its = entries > 0 && SignedLedger::verified(public, &demonstration).is_ok();
    (is_its && !keys.trusted().is_demo()).then(|| StudyError::Call {
        message: format!(
            "ledger.jsonl was signed with the keys of the demonstration (entries 1 to {entries}), and ledger-keys.txt holds others: \
             to begin a ledger with your own, put ledger.jsonl, ledger-confidential.jsonl, released/ and out/ aside, under other \
             names or elsewhere, and run again"
        ),
    })
}

/// Lines of the confidential part that a killed program may leave without a public one.
const LEFT_BY_A_KILL: usize = 1;

/// Released files without an entry were released under a longer ledger: what it knew of them would be forgotten.
fn all_kept_are_entered(study: &Study, ledger: &SignedLedger) -> Result<(), StudyError> {
    let folder = study.kept_releases();
    if !is_kept(&folder)? {
        return Ok(());
    }
    let mut kept = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        let path = entry?.path();
        if path.is_dir() && path.extension() != Some(UNFINISHED.as_ref()) {
            kept.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    kept.sort();
    let entered = |id: &String| ledger.entries().iter().any(|entry| entry.release == *id);
    match kept.iter().find(|id| !entered(id)) {
        None => Ok(()),
        Some(id) => Err(StudyError::Ledger {
            message: format!(
                "released/{id} was released, and ledger.jsonl has no entry of it: bring back the whole ledger, both parts, from a \
                 copy; where you began a new ledger on purpose, keep that folder with the former one"
            ),
        }),
    }
}

/// What lies in `out/` knows of no release that the ledger does not: each ledger only grows, and the pages carry a copy of its
/// public part.
fn all_put_out_is_entered(study: &Study, public: &str, ledger: &SignedLedger) -> Result<(), StudyError> {
    let forgot = |what: String| StudyError::Ledger {
        message: format!(
            "{what}: do not publish it. Bring back the whole ledger, both parts, from a copy; where you began a new ledger on \
             purpose, keep out/ with the former one"
        ),
    };
    if !public.starts_with(&text(&study.out().join("site").join(SHOWN))?) {
        return Err(forgot(format!(
            "out/site/{SHOWN} has entries that ledger.jsonl does not have"
        )));
    }
    let unknown = |(_, id): &(&str, String)| ledger.entries().iter().all(|entry| entry.release != *id);
    match approved_in_out(study)?.into_iter().find(unknown) {
        None => Ok(()),
        Some((place, id)) => Err(forgot(format!(
            "out/{place}: release {id} calls itself approved, and ledger.jsonl has no entry of it"
        ))),
    }
}

/// Where what was put out says which release it is: the files of the release, and the pages.
const MANIFESTS: [&str; 2] = ["release/manifest.json", "site/data/manifest.json"];

/// The places under `out/` that call a release approved, each with its id.
///
/// # Errors
/// If one is there and cannot be read.
pub fn approved_in_out(study: &Study) -> Result<Vec<(&'static str, String)>, StudyError> {
    let mut approved = Vec::new();
    for place in MANIFESTS {
        let manifest = text(&study.out().join(place))?;
        // One that is no JSON is `verify`'s to tell of; it approves nothing.
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
        if manifest["approved"] == serde_json::Value::Bool(true) {
            let id = manifest["release"].as_str().unwrap_or_default();
            approved.push((place, id.to_owned()));
        }
    }
    Ok(approved)
}

/// Whether a folder of released files is there. A link to a disk that is gone is no leave to forget what lies there.
fn is_kept(folder: &Path) -> Result<bool, StudyError> {
    match fs_err::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
        Ok(_) if folder.is_dir() => Ok(true),
        Ok(_) => Err(StudyError::Ledger {
            message: format!(
                "{} is no folder, and leads to none: bring back the disk to which it leads, or the folder from a copy",
                folder.display()
            ),
        }),
    }
}

/// The keys that approve releases of a study.
///
/// # Errors
/// If `ledger-keys.txt` is there and does not hold three keys that differ, or others than its owner may read it.
pub fn keys(study: &Study) -> Result<LedgerKeys, StudyError> {
    let path = study.ledger_keys();
    let text = text(&path)?;
    if text.is_empty() {
        return Ok(LedgerKeys::demo());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs_err::metadata(&path)?.permissions().mode() & 0o077 != 0 {
            return Err(StudyError::Refused {
                message: "ledger-keys.txt: others than its owner may read it, and whoever reads it can sign; `chmod 600` it, and \
                          where others may have read it, draw new keys"
                    .to_owned(),
            });
        }
    }
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let [first, second, commitment] = lines.as_slice() else {
        return Err(StudyError::Call {
            message: "ledger-keys.txt must hold three lines: the keys of the first and the second person, and the commitment \
                      key"
            .to_owned(),
        });
    };
    Ok(LedgerKeys::from_hex(first, second, commitment)?)
}

/// Writes both parts, the confidential one first.
pub(crate) fn write(study: &Study, ledger: &SignedLedger) -> Result<(), StudyError> {
    let (public, confidential) = ledger.texts()?;
    replace(&study.confidential_ledger(), &confidential, 0o600)?;
    replace(&study.ledger(), &public, 0o644)?;
    sync_folder(&study.folder)
}

/// Lays the public part beside the pages, so that whoever has them has it as well.
pub(crate) fn show(study: &Study, site: &Path) -> Result<(), StudyError> {
    replace(&site.join(SHOWN), &text(&study.ledger())?, 0o644)
}

/// Whether this is the release of the last entry, byte for byte.
pub(crate) fn stands_last(ledger: &SignedLedger, release: &Release, files: &[WrittenFile]) -> bool {
    ledger.entries().last().is_some_and(|last| {
        let written = files.iter().map(|file| (&file.path, &file.blake3));
        last.release == release.id() && last.files.iter().map(|(path, hash)| (path, hash)).eq(written)
    })
}

/// Files of a release that are to be kept once it is entered. What needs room on the disk is done by now.
pub(crate) struct Unfinished {
    beside: PathBuf,
    kept: PathBuf,
}

/// What a folder of released files is called until its release is entered.
const UNFINISHED: &str = "unfinished";

/// Lays the files of a release beside their place among those that are kept; nothing where they are kept already.
pub(crate) fn lay_beside(
    study: &Study,
    release: &Release,
    files: &[WrittenFile],
    from: &Path,
) -> Result<Option<Unfinished>, StudyError> {
    let kept = study.kept_release(release.id());
    if is_kept(&kept)? {
        return Ok(None);
    }
    let beside = kept.with_extension(UNFINISHED);
    if beside.exists() {
        fs_err::remove_dir_all(&beside)?;
    }
    fs_err::create_dir_all(&beside)?;
    for file in files {
        fs_err::copy(from.join(&file.path), beside.join(&file.path))?;
    }
    sync_tree(&beside)?;
    Ok(Some(Unfinished { beside, kept }))
}

impl Unfinished {
    /// Keeps them: a later release can be set beside this one.
    pub(crate) fn keep(self) -> Result<(), StudyError> {
        Ok(engine::rename(&self.beside, &self.kept)?)
    }
}

/// The release before one, and the day it was approved; the release itself only where its files are kept.
pub struct Earlier {
    /// The day of its approval.
    pub approved_on: String,
    /// As it was read back.
    pub release: Option<Release>,
}

impl Earlier {
    /// As pages take it; nothing where there is none.
    #[must_use]
    pub fn beside(earlier: Option<&Self>) -> Before<'_> {
        match earlier {
            None => Before::Nothing,
            Some(Self {
                approved_on,
                release: Some(release),
            }) => Before::Release { release, approved_on },
            Some(Self { approved_on, .. }) => Before::NotKept { approved_on },
        }
    }
}

/// The release approved last before the one of this id; none where that is the first.
///
/// # Errors
/// If its files are there and are not those that were released.
pub fn released_before(study: &Study, id: &str) -> Result<Option<Earlier>, StudyError> {
    let ledger = ledger(study)?;
    let mut entries = ledger.entries();
    while let Some((last, rest)) = entries.split_last()
        && last.release == id
    {
        entries = rest;
    }
    let Some(entry) = entries.last() else {
        return Ok(None);
    };
    let folder = study.kept_release(&entry.release);
    let release = if is_kept(&folder)? {
        match ledger.kept_release(entry.number, &folder) {
            Ok(release) => Some(release),
            Err(ProtectError::KeptForm { .. }) => None,
            Err(error) => return Err(error.into()),
        }
    } else {
        None
    };
    Ok(Some(Earlier {
        approved_on: entry.approved_on.clone(),
        release,
    }))
}

/// Every release whose files are kept, by its entry: each file has the hash that was signed, and no other lies there.
///
/// # Errors
/// The first file that was changed, lost or added.
pub fn kept_are_those_released(study: &Study, ledger: &SignedLedger) -> Result<(), StudyError> {
    for entry in ledger.entries() {
        let folder = study.kept_release(&entry.release);
        if !is_kept(&folder)? {
            continue;
        }
        let held = file_hashes(&folder)?;
        let said: BTreeMap<&str, &str> = entry
            .files
            .iter()
            .map(|(name, hash)| (name.as_str(), hash.as_str()))
            .collect();
        let names = said.keys().copied().chain(held.keys().map(String::as_str));
        let other = |name: &&str| held.get(*name).map(String::as_str) != said.get(name).copied();
        if let Some(name) = names.into_iter().find(other) {
            return Err(StudyError::Ledger {
                message: format!(
                    "released/{}/{name} is not what was released (entry {} of ledger.jsonl): bring that folder back from a copy; \
                     without it, pages say that there is nothing to compare",
                    entry.release, entry.number
                ),
            });
        }
    }
    Ok(())
}

/// Writes beside the file and renames, so that a killed program leaves the former one whole. `mode`: who may read it, on
/// systems that know.
fn replace(path: &Path, text: &str, mode: u32) -> Result<(), StudyError> {
    use std::io::Write as _;
    let beside: PathBuf = path.with_extension("writing");
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(mode);
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    engine::rename(&beside, path)?;
    Ok(())
}

/// The text of a file; nothing where none lies there. A link that leads nowhere is no empty ledger, and no leave to sign with
/// the keys of the demonstration.
fn text(path: &Path) -> Result<String, StudyError> {
    let bytes = beside::read(path)?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|_| StudyError::Ledger {
        message: format!("{} is no text: bring it back from a copy", path.display()),
    })
}
