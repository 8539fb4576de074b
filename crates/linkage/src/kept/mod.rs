//! What a run leaves for the next one, so that the next need look at new records only.
//!
//! In a folder beside the tables: `kept.json` says what the people rest on (files, settings, decisions, trials); `words.bin`
//! and `identities-….bin` hold every distinct identity as its records say it; `became-….bin` what became of each, and
//! `people.bin` what is known over all of them; `records-….bin` and `says-….bin` an integer a record each, and `apart.bin`
//! those records that follow from no identity; `decided.json`, where there are decisions, whom they are about. Files with
//! numbers are written once: a run adds one, and gives the others a second name, so that it writes what it changed. They hold
//! identities, so they are as confidential as the records themselves, and lie where only their owner can read. They are read
//! by the same version of the program only, but for `decided.json`, which later ones read too. Each holds the hash of what it
//! holds; where that is not so, or anything does not fit, it is damaged, and everybody is linked anew (or, where it is not
//! known any more whom decisions are about, the call ends).

mod apart;
mod decided;
mod everybody;
mod identities;
mod numbered;
mod pack;
mod records;
pub(crate) mod sealed;

#[cfg(test)]
mod tests;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cascade::{Identities, Options, Trial};
use crate::decisions::Decision;
use crate::error::LinkageError;
use crate::errors::Covered;
use crate::threads::side_by_side;

pub(crate) use apart::{Apart, ApartRecord};
pub(crate) use decided::{DecidedRecords, Said};
pub(crate) use everybody::{Became, Everybody, Heard, fits};
pub(crate) use identities::{each_identity, first, first_parts, read_texts, write_identities, write_words};
pub(crate) use records::{Lies, RecordsReader, RecordsWriter, all_whole};

/// The folder of these files, beside the tables.
pub(crate) const FOLDER: &str = "kept";
const KEPT: &str = "kept.json";
/// Raised whenever one of the files changes its form, or the cascade its answers.
const VERSION: u32 = 7;

/// A file of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFile {
    /// Its number in what is kept, which stays from run to run.
    pub(crate) id: u32,
    /// Its number in the tables of that run.
    pub(crate) number: i64,
    pub(crate) path: String,
    /// Of all that the file itself holds, as intake read it; empty where intake says none.
    #[serde(default)]
    pub(crate) content: String,
    /// Of its part of `identities`, byte by byte: where these are the same, so is all that is read of them.
    pub(crate) bytes: String,
    /// Of all that linkage reads of it.
    pub(crate) fingerprint: String,
    pub(crate) records: u64,
    /// Where its records lie.
    pub(crate) lies: Lies,
}

impl KeptFile {
    /// Whether the file itself holds what it held; nothing where that is not known of both.
    pub(crate) fn has_content_of(&self, before: &Self) -> Option<bool> {
        let are_known = !self.content.is_empty() && !before.content.is_empty();
        are_known.then(|| self.content == before.content)
    }
}

/// A group of rows of `links` and `persons`: whole files one after the other, or a part of a large one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptGroup {
    /// Files by their place in the list, with their records in the group.
    pub(crate) files: Vec<(u32, u64)>,
}

impl KeptGroup {
    pub(crate) fn rows(&self) -> u64 {
        self.files.iter().map(|(_, rows)| rows).sum()
    }
}

/// Ethnicity and deprivation, as a record says them.
pub(crate) type Says = (Option<String>, Option<String>);

/// What the people of a run rest on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    version: u32,
    program: String,
    options: String,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) files: Vec<KeptFile>,
    pub(crate) groups: Vec<KeptGroup>,
    /// By step.
    pub(crate) trials: Vec<Trial>,
    /// By step: the share of right links that the tables give, in ten-thousandths.
    pub(crate) shares: Vec<u64>,
    /// How people with a number were found as if they had none.
    pub(crate) covered: Covered,
}

impl Kept {
    pub(crate) fn new(
        program: &str,
        options: &Options,
        decisions: &[Decision],
    ) -> Result<Self, LinkageError> {
        Ok(Self {
            version: VERSION,
            program: program.to_owned(),
            options: serde_json::to_string(options)?,
            decisions: decisions.to_vec(),
            files: Vec::new(),
            groups: Vec::new(),
            trials: Vec::new(),
            shares: Vec::new(),
            covered: Covered::default(),
        })
    }

    /// Reads what a run left; nothing where it left nothing that can be used.
    pub(crate) fn read(former: &Path) -> Option<Self> {
        let text = fs_err::read_to_string(former.join(FOLDER).join(KEPT)).ok()?;
        serde_json::from_str(sealed::line(&text).ok()?).ok()
    }

    /// Why people who rest on this cannot be kept as they are for a run that begins with `present`.
    pub(crate) fn differs(&self, present: &Self) -> Option<&'static str> {
        if self.version != present.version || self.program != present.program {
            Some("the program is another")
        } else if self.options != present.options {
            Some("the limits are others")
        } else if self.decisions != present.decisions {
            Some("decisions were added or withdrawn")
        } else {
            None
        }
    }

    /// True when this program can read what lies beside.
    pub(crate) fn is_readable(&self) -> bool {
        self.version == VERSION
    }

    /// Numbers the files: those of the former run as they were, `origins` says which they are, then the others.
    pub(crate) fn number(&mut self, former: Option<&Self>, origins: &[Option<usize>]) {
        let mut next = former.map_or(0, |former| former.files.len() as u32);
        for (file, origin) in self.files.iter_mut().zip(origins) {
            match former.zip(*origin).and_then(|(former, at)| former.files.get(at)) {
                Some(before) => file.id = before.id,
                None => {
                    file.id = next;
                    next += 1;
                }
            }
        }
    }

    /// Where the file of each number is in the list.
    pub(crate) fn places(&self) -> Vec<usize> {
        let mut places = vec![usize::MAX; self.files.len()];
        for (place, file) in self.files.iter().enumerate() {
            if let Some(own) = places.get_mut(file.id as usize) {
                *own = place;
            }
        }
        places
    }

    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        let text = sealed::lines(&serde_json::to_string(self)?);
        Ok(fs_err::write(out.join(FOLDER).join(KEPT), text)?)
    }
}

/// Distinct identities of the former run, and what became of them.
pub(crate) struct KnownBefore {
    /// Sites not yet as their trusts, nothing blank.
    pub(crate) table: Identities,
    /// The first record of each, by the place of its file today.
    pub(crate) firsts: Vec<u64>,
    pub(crate) everybody: Everybody,
}

impl KnownBefore {
    /// Reads them; `present` says where each file of the former run is in the list of today.
    pub(crate) fn read(former: &Path, present: &[usize], threads: usize) -> Result<Self, LinkageError> {
        // Words and what became of identities are together as much to read as the identities.
        let (rows, (words, (everybody, heard))) = side_by_side(
            threads,
            || identities::read_identities(former),
            || Ok((identities::read_words(former)?, Everybody::read(former, present)?)),
        )?;
        let Heard { records, firsts } = heard;
        fits(records.len(), rows.len())?;
        Ok(Self {
            table: Identities::of(rows, records, words),
            firsts,
            everybody,
        })
    }
}
