//! What anybody can check of a published site: that it is the one that two people signed, whole and unchanged.
//!
//! It needs the folder of the site and the public keys, no secret, no study and no network. Keys that came with the site prove
//! nothing; they must be known from elsewhere.
//!
//! Invariant: a site passes only as a whole. Every page is under one hash of the signed entry, and every table under its own.

use std::path::Path;

use protect::ledger::{LedgerFault, LedgerKeys, PublicEntry, SignedLedger, TrustedKeys};

use crate::error::StudyError;
use crate::ledger::SHOWN;
use crate::manifest::tree_hash;

/// One BLAKE3 over all pages and files of a site; the ledger that lies beside them is left out, since it holds this hash.
///
/// # Errors
/// If a file cannot be read, or a folder is empty: no hash would tell that its name was added.
pub fn site_hash(site: &Path) -> Result<String, StudyError> {
    let mut waiting = vec![site.to_owned()];
    while let Some(folder) = waiting.pop() {
        let mut is_empty = true;
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            is_empty = false;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            }
        }
        if is_empty {
            return Err(StudyError::Invariant {
                message: format!(
                    "{} is an empty folder, which no page is in; remove it",
                    folder.display()
                ),
            });
        }
    }
    tree_hash(site, |name| name == SHOWN)
}

/// The public keys of the demonstration: their secret parts are in every copy of the program, so they prove nothing of who
/// signed.
#[must_use]
pub fn demonstration_keys() -> TrustedKeys {
    LedgerKeys::demo().trusted()
}

/// Why a site is not one that was signed.
#[derive(Debug, thiserror::Error)]
pub enum SiteFault {
    /// A file cannot be read.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The ledger is broken.
    #[error("{0}; this ledger is not the one that was signed")]
    Ledger(#[from] LedgerFault),
    /// There is no entry for the release.
    #[error("release {release} is not in the ledger: it was never approved, or this is not its ledger")]
    NotApproved {
        /// The id that the site gives itself.
        release: String,
    },
    /// The site does not say which release it shows.
    #[error("data/manifest.json names no release; this is no site of Counted")]
    NoRelease,
    /// A table is missing or another.
    #[error("data/{file} is not the file that was released; do not trust this copy")]
    File {
        /// The file.
        file: String,
    },
    /// The ledger in the site is not the one that was given.
    #[error("{SHOWN} of this copy is not the ledger that was given; do not trust this copy")]
    OtherLedger,
    /// A page was changed, added or removed.
    #[error(
        "the tables are those that were released, but a page was changed, added or removed; do not trust this copy"
    )]
    Pages,
}

/// Checks a site against its ledger; gives the entry that it rests on, and how many releases the ledger holds.
///
/// `ledger` is the text of the public part; none: the one that lies in the site.
///
/// # Errors
/// The first thing that is not as it was signed.
pub fn verified_site(
    site: &Path,
    ledger: Option<&str>,
    trusted: &TrustedKeys,
) -> Result<(PublicEntry, usize), SiteFault> {
    let read = |path: &str| fs_err::read(site.join(path)).map_err(StudyError::from);
    let is_needed = ledger.is_none() || site.join(SHOWN).exists();
    let beside = is_needed.then(|| read(SHOWN)).transpose()?;
    let beside = beside.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let ledger = match (ledger, beside.as_deref()) {
        // A ledger only grows, so of two one begins as the other.
        (Some(ledger), Some(beside)) if !ledger.starts_with(beside) && !beside.starts_with(ledger) => {
            return Err(SiteFault::OtherLedger);
        }
        (Some(ledger), _) => ledger,
        (None, beside) => beside.unwrap_or_default(),
    };
    let ledger = SignedLedger::verified(ledger, trusted)?;
    let manifest: serde_json::Value =
        serde_json::from_slice(&read("data/manifest.json")?).map_err(|_| SiteFault::NoRelease)?;
    let release = manifest["release"].as_str().ok_or(SiteFault::NoRelease)?;
    let mut entries = ledger.entries().iter().rev();
    let entry = entries
        .find(|entry| entry.release == release)
        .ok_or_else(|| SiteFault::NotApproved {
            release: release.to_owned(),
        })?;
    // Parquet is released beside the pages, not among them.
    for (file, _) in entry.files.iter().filter(|(file, _)| !file.ends_with(".parquet")) {
        if !entry.released(file, &read(&format!("data/{file}"))?) {
            return Err(SiteFault::File { file: file.clone() });
        }
    }
    if site_hash(site)? != entry.site {
        return Err(SiteFault::Pages);
    }
    Ok((entry.clone(), ledger.entries().len()))
}
