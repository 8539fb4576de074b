//! The ledger: an append-only list of approved releases, each entry carrying the hash of the one before.
//!
//! Invariants: an entry once written is never changed; appending the release that stands last changes nothing, so
//! publishing twice is publishing once. It holds hashes of released bytes only: never of an input or a person table,
//! never a row count. One JSON object a line; the day of approval is given by the caller, since no library reads a clock.
//!
//! A release that stands in it can be read back from its files ([`SignedLedger::kept_release`]), and from no others.
//!
//! Two kinds. [`SignedLedger`] is signed by two people and has a public and a confidential part: the program keeps this one.
//! [`Ledger`] is chained and not signed, and is there so that what earlier versions wrote can be read.

mod kept;
mod keys;
mod signed;

pub use keys::{DEMO_STAMP, LedgerKeys, TrustedKeys};
pub use signed::{Approved, ConfidentialEntry, LedgerFault, PublicEntry, SignedLedger};

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{WrittenFile, file_error, format_error};
use crate::{ProtectError, Release, csv_text};

/// The first entry follows this.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One approved release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// The id of the release.
    pub release: String,
    /// The day it was approved.
    pub approved_on: String,
    /// The name of the study.
    pub study: String,
    /// Nothing after this date was used.
    pub as_of: String,
    /// The definition.
    pub definition: String,
    /// The policy.
    pub policy: String,
    /// The program.
    pub program: String,
    /// Released tables: (name, BLAKE3 of its CSV).
    pub tables: Vec<(String, String)>,
    /// Hash of the entry before.
    pub previous: String,
    /// Hash of this entry, this field left empty.
    pub hash: String,
}

/// The list of approved releases.
#[derive(Clone, Debug)]
pub struct Ledger {
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Ledger {
    /// Reads a ledger and checks that every entry follows from the one before; a missing file is an empty ledger.
    ///
    /// # Errors
    /// If the file cannot be read or an entry was changed, lost or put in between.
    pub fn read(path: &Path) -> Result<Self, ProtectError> {
        let text = match fs_err::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(file_error(path, e)),
        };
        let mut ledger = Self {
            path: path.to_owned(),
            entries: Vec::new(),
        };
        for (index, line) in text.lines().enumerate() {
            let wrong = |what| ProtectError::Ledger {
                path: path.to_owned(),
                entry: index + 1,
                what,
            };
            let entry: Entry = serde_json::from_str(line).map_err(|_| wrong("not an entry"))?;
            if entry.number != index as u64 + 1 {
                return Err(wrong("out of order"));
            }
            if entry.previous != ledger.last_hash() {
                return Err(wrong("does not follow from the entry before"));
            }
            if entry.hash != hash(&entry)? {
                return Err(wrong("was changed after it was written"));
            }
            ledger.entries.push(entry);
        }
        Ok(ledger)
    }

    /// The entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn last_hash(&self) -> &str {
        self.entries.last().map_or(START, |e| e.hash.as_str())
    }

    /// Adds a release and writes the ledger; the release that stands last already is left as it is.
    ///
    /// # Errors
    /// If the ledger cannot be written.
    pub fn append(&mut self, release: &Release, approved_on: &str) -> Result<&Entry, ProtectError> {
        if self
            .entries
            .last()
            .is_none_or(|last| last.release != release.id())
        {
            let entry = self.entry(release, approved_on)?;
            let mut lines = String::new();
            for entry in self.entries.iter().chain(std::iter::once(&entry)) {
                lines.push_str(&serde_json::to_string(entry).map_err(|_| format_error("the ledger"))?);
                lines.push('\n');
            }
            self.replace(&lines)?;
            self.entries.push(entry);
        }
        self.entries.last().ok_or_else(|| format_error("the ledger"))
    }

    /// Writes beside the ledger and renames, so that a killed program leaves the former ledger whole.
    fn replace(&self, lines: &str) -> Result<(), ProtectError> {
        use std::io::Write as _;
        if let Some(parent) = self.path.parent() {
            fs_err::create_dir_all(parent).map_err(|e| file_error(parent, e))?;
        }
        let beside = self.path.with_extension("writing");
        let mut file = fs_err::File::create(&beside).map_err(|e| file_error(&beside, e))?;
        file.write_all(lines.as_bytes())
            .map_err(|e| file_error(&beside, e))?;
        file.sync_all().map_err(|e| file_error(&beside, e))?;
        fs_err::rename(&beside, &self.path).map_err(|e| file_error(&self.path, e))
    }

    fn entry(&self, release: &Release, approved_on: &str) -> Result<Entry, ProtectError> {
        let manifest = release.manifest();
        let mut tables = Vec::new();
        for table in release.tables() {
            let text = csv_text(table, manifest.notice().as_deref())?;
            tables.push((
                table.name().to_owned(),
                WrittenFile::of(table.name(), &text).blake3,
            ));
        }
        let mut entry = Entry {
            number: self.entries.len() as u64 + 1,
            release: release.id().to_owned(),
            approved_on: approved_on.to_owned(),
            study: manifest.study.clone(),
            as_of: manifest.as_of.clone(),
            definition: manifest.definition.clone(),
            policy: manifest.policy.clone(),
            program: manifest.program.clone(),
            tables,
            previous: self.last_hash().to_owned(),
            hash: String::new(),
        };
        entry.hash = hash(&entry)?;
        Ok(entry)
    }
}

fn hash(entry: &Entry) -> Result<String, ProtectError> {
    let open = Entry {
        hash: String::new(),
        ..entry.clone()
    };
    let text = serde_json::to_string(&open).map_err(|_| format_error("the ledger"))?;
    Ok(blake3::hash(text.as_bytes()).to_hex().to_string())
}
