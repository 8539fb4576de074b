//! What a run leaves for the next one, so that the next need look at new records only.
//!
//! In a folder beside the tables: `kept.json` says what the people rest on (files, settings, decisions, trials),
//! `identities-….bin`, `words.bin` and `heard.bin` hold every distinct identity as its records say it, `people.bin` what
//! became of it and what records say beside it, and `records.bin` three integers a record. They hold identities, so
//! they are as confidential as the records themselves, and lie where only their owner can read. They are read by the
//! same version of the program only; whatever does not fit is taken for damage, and everybody is linked anew.

mod everybody;
mod identities;
mod pack;
mod records;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cascade::{Options, Trial};
use crate::decisions::Decision;
use crate::error::LinkageError;
use crate::errors::Covered;

pub(crate) use everybody::{Everybody, fits};
pub(crate) use identities::{KeptIdentities, first, first_parts, write_identities};
pub(crate) use records::{Record, RecordsReader, RecordsWriter};

/// The folder of these files, beside the tables.
pub(crate) const FOLDER: &str = "kept";
const KEPT: &str = "kept.json";
const RECORDS: &str = "records.bin";
/// Raised whenever one of the files changes its form, or the cascade its answers.
const VERSION: u32 = 4;

/// A file of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFile {
    /// Its number in the tables of that run.
    pub(crate) number: i64,
    pub(crate) path: String,
    /// Of its part of `identities`, byte by byte: where these are the same, so is all that is read of them.
    pub(crate) bytes: String,
    /// Of all that linkage reads of it.
    pub(crate) fingerprint: String,
    pub(crate) records: u64,
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
        serde_json::from_str(&text).ok()
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

    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        let text = serde_json::to_string(self)? + "\n";
        Ok(fs_err::write(out.join(FOLDER).join(KEPT), text)?)
    }
}

/// Starts the records of this run.
pub(crate) fn write_records(out: &Path) -> Result<RecordsWriter, LinkageError> {
    RecordsWriter::create(&out.join(FOLDER).join(RECORDS))
}

/// Opens the records of the former run.
pub(crate) fn read_records(former: &Path) -> Result<RecordsReader, LinkageError> {
    RecordsReader::open(&former.join(FOLDER).join(RECORDS))
}
