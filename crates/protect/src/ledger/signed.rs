//! The signed ledger, in two parts: a public one that anybody can check offline, and a confidential one that only holders of the
//! commitment key can check.
//!
//! Invariants: every public entry carries the hash of the one before and two signatures over its own, so a chain
//! made anew without the keys is found out. The public part holds hashes of released bytes and a keyed commitment to the
//! confidential entry: never a hash of an input that a guess could be checked against, never a row count. Appending the
//! release that stands last changes nothing. What was read of a release (its [`Publication`]) is kept in the
//! confidential part for the attacker: releases may be withdrawn from view, never from its memory.

use serde::{Deserialize, Serialize};

use super::START;
use super::keys::{DEMO_STAMP, LedgerKeys, TrustedKeys};
use crate::attack::Publication;
use crate::files::{WrittenFile, format_error};
use crate::{ProtectError, Release};

/// The public entry of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicEntry {
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
    /// Released files: each name with the BLAKE3 hash of its bytes.
    pub files: Vec<(String, String)>,
    /// Hash over all pages and files of the site that shows the release; empty where there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// Keyed commitment to the confidential entry.
    pub commitment: String,
    /// [`DEMO_STAMP`] where the keys of the demonstration signed; empty otherwise.
    pub stamp: String,
    /// Hash of the entry before.
    pub previous: String,
    /// Hash of this entry, this field and the signatures left empty.
    pub hash: String,
    /// Signatures of the two people who approved, over the hash.
    pub signatures: [String; 2],
}

/// The confidential entry of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialEntry {
    /// The number of the public entry.
    pub number: u64,
    /// The id of the release.
    pub release: String,
    /// What went in: each name with a keyed commitment to its bytes.
    pub inputs: Vec<(String, String)>,
    /// What anybody can read off the release.
    pub publication: Publication,
}

/// What an approval puts its name to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Approved<'a> {
    /// The released files.
    pub files: &'a [WrittenFile],
    /// Hash over the site; empty where there is none.
    pub site: &'a str,
    /// Names and bytes of what went in, of which only keyed commitments are kept.
    pub inputs: &'a [(&'a str, &'a [u8])],
}

/// Both parts of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedLedger {
    pub(super) public: Vec<PublicEntry>,
    pub(super) confidential: Vec<ConfidentialEntry>,
}

/// What is wrong with a ledger: the entry, counted from 1 (0: the whole), and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ledger entry {entry}: {what}")]
pub struct LedgerFault {
    /// The entry, counted from 1.
    pub entry: usize,
    /// What is wrong.
    pub what: &'static str,
}

impl SignedLedger {
    /// Reads the public part, one JSON object a line, and checks order, chain, hashes and both signatures against
    /// trusted keys. Needs nothing else: no secret, no network.
    ///
    /// # Errors
    /// The first entry that was changed, lost, put in between, or not signed by both.
    pub fn verified(public: &str, trusted: &TrustedKeys) -> Result<Self, LedgerFault> {
        let mut ledger = Self::default();
        for (index, line) in public.lines().enumerate() {
            let fault = |what| LedgerFault {
                entry: index + 1,
                what,
            };
            let entry: PublicEntry = serde_json::from_str(line).map_err(|_| fault("not an entry"))?;
            if entry.number != index as u64 + 1 {
                return Err(fault("out of order"));
            }
            if entry.previous != ledger.last_hash() {
                return Err(fault("does not follow from the entry before"));
            }
            if hash(&entry).ok().as_ref() != Some(&entry.hash) {
                return Err(fault("was changed after it was written"));
            }
            if !trusted.signed(&entry.hash, &entry.signatures) {
                return Err(fault("is not signed by both trusted keys"));
            }
            if trusted.is_demo() != (entry.stamp == DEMO_STAMP) {
                return Err(fault(
                    "does not say, or wrongly says, that the keys are those of the demonstration",
                ));
            }
            ledger.public.push(entry);
        }
        ledger.written_as_signed(public)?;
        Ok(ledger)
    }

    /// A hash is over what an entry says. Spaces, the case of a signature and ends of lines say nothing, so they would be free to
    /// whoever wants two ledgers that differ and both hold.
    fn written_as_signed(&self, public: &str) -> Result<(), LedgerFault> {
        let mut rest = public;
        for (index, entry) in self.public.iter().enumerate() {
            let signatures = entry.signatures.clone().map(|signature| signature.to_lowercase());
            let own = line(&PublicEntry {
                signatures,
                ..entry.clone()
            });
            let own = own.ok();
            let after = own.and_then(|own| rest.strip_prefix(own.as_str())?.strip_prefix('\n'));
            rest = after.ok_or(LedgerFault {
                entry: index + 1,
                what: "says what was signed, and is not written as it was",
            })?;
        }
        Ok(())
    }

    /// Reads the confidential part to a verified public one and checks every commitment.
    ///
    /// # Errors
    /// The first entry that is missing or not the one that was committed to.
    pub fn with_confidential(mut self, confidential: &str, keys: &LedgerKeys) -> Result<Self, LedgerFault> {
        // Each line as it was committed to, with nothing but a line feed after it.
        let mut lines = confidential.split_inclusive('\n');
        for (index, public) in self.public.iter().enumerate() {
            let fault = |what| LedgerFault {
                entry: index + 1,
                what,
            };
            let line = lines.next().ok_or_else(|| fault("has no confidential part"))?;
            let line = line
                .strip_suffix('\n')
                .ok_or_else(|| fault("the confidential part ends before its line does"))?;
            let entry: ConfidentialEntry =
                serde_json::from_str(line).map_err(|_| fault("the confidential part is not an entry"))?;
            let same = entry.number == public.number && entry.release == public.release;
            if !same || keys.commit("entry", line.as_bytes()) != public.commitment {
                return Err(fault("the confidential part is not the one that was approved"));
            }
            self.confidential.push(entry);
        }
        match lines.next() {
            Some(_) => Err(LedgerFault {
                entry: self.public.len() + 1,
                what: "has a confidential part only",
            }),
            None => Ok(self),
        }
    }

    /// Public entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[PublicEntry] {
        &self.public
    }

    /// What anybody can read off every release so far, for [`crate::release_after`]. A release that was approved again with
    /// other pages says nothing more.
    #[must_use]
    pub fn publications(&self) -> Vec<Publication> {
        self.confidential
            .chunk_by(|one, next| one.release == next.release)
            .filter_map(|of_one| of_one.last())
            .map(|entry| entry.publication.clone())
            .collect()
    }

    /// Adds an approved release; where the one that stands last is the same, with the same files and pages, nothing is added.
    ///
    /// # Errors
    /// If the confidential part was not read, or an entry cannot be written.
    pub fn append(
        &mut self,
        release: &Release,
        approved: Approved<'_>,
        approved_on: &str,
        keys: &LedgerKeys,
    ) -> Result<(), ProtectError> {
        let files: Vec<(String, String)> = approved
            .files
            .iter()
            .map(|file| (file.path.clone(), file.blake3.clone()))
            .collect();
        if self.public.last().is_some_and(|last| {
            last.release == release.id() && last.site == approved.site && last.files == files
        }) {
            return Ok(());
        }
        if self.public.len() != self.confidential.len() {
            return Err(ProtectError::Key {
                what: "the confidential part of the ledger must be read before a release is added",
            });
        }
        let number = self.public.len() as u64 + 1;
        let confidential = ConfidentialEntry {
            number,
            release: release.id().to_owned(),
            inputs: approved
                .inputs
                .iter()
                .map(|(name, bytes)| ((*name).to_owned(), keys.commit(name, bytes)))
                .collect(),
            publication: release.publication().clone(),
        };
        let line = line(&confidential)?;
        let manifest = release.manifest();
        let mut entry = PublicEntry {
            number,
            release: release.id().to_owned(),
            approved_on: approved_on.to_owned(),
            study: manifest.study.clone(),
            as_of: manifest.as_of.clone(),
            definition: manifest.definition.clone(),
            policy: manifest.policy.clone(),
            program: manifest.program.clone(),
            files,
            site: approved.site.to_owned(),
            commitment: keys.commit("entry", line.as_bytes()),
            stamp: if keys.trusted().is_demo() { DEMO_STAMP } else { "" }.to_owned(),
            previous: self.last_hash().to_owned(),
            hash: String::new(),
            signatures: [String::new(), String::new()],
        };
        entry.hash = hash(&entry)?;
        entry.signatures = keys.sign(&entry.hash);
        self.public.push(entry);
        self.confidential.push(confidential);
        Ok(())
    }

    /// Both parts as they are written: public, confidential; one JSON object a line.
    ///
    /// # Errors
    /// If an entry cannot be written, which does not happen in memory.
    pub fn texts(&self) -> Result<(String, String), ProtectError> {
        let mut texts = (String::new(), String::new());
        for entry in &self.public {
            texts.0.push_str(&line(entry)?);
            texts.0.push('\n');
        }
        for entry in &self.confidential {
            texts.1.push_str(&line(entry)?);
            texts.1.push('\n');
        }
        Ok(texts)
    }

    fn last_hash(&self) -> &str {
        self.public.last().map_or(START, |entry| entry.hash.as_str())
    }
}

impl PublicEntry {
    /// Whether these are the bytes that were released under this name.
    #[must_use]
    pub fn released(&self, name: &str, bytes: &[u8]) -> bool {
        let hash = blake3::hash(bytes).to_hex();
        self.files
            .iter()
            .any(|(file, expected)| file == name && *expected == hash.as_str())
    }
}

fn line<T: Serialize>(entry: &T) -> Result<String, ProtectError> {
    serde_json::to_string(entry).map_err(|_| format_error("the ledger"))
}

fn hash(entry: &PublicEntry) -> Result<String, ProtectError> {
    let open = PublicEntry {
        hash: String::new(),
        signatures: [String::new(), String::new()],
        ..entry.clone()
    };
    Ok(blake3::hash(line(&open)?.as_bytes()).to_hex().to_string())
}
