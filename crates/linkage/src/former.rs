//! The people of the former run, record by record.
//!
//! The former `persons` table is in the order of its files, as the new one is. So the two are read side by side and
//! nothing is held in memory while records come in the same order. Where a file was rewritten, the rest of that
//! file's former rows is kept as hashes of record ids (in memory only, never written). Whether an id stands for the record
//! that it stood for is said elsewhere (`resent`): where a file was rewritten, the number of a row does not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{Batch, TableReader};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::LinkageError;
use crate::kept::sealed;
use crate::numbering::parse_person_id;

const PERSONS: &str = "persons.parquet";
const NUMBERING: &str = "numbering.json";

/// What a run leaves for the next one beside its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Left {
    /// The largest id that was ever given, also to people who are gone.
    pub(crate) last_person: u32,
    /// The number of the last operation of the log.
    #[serde(default)]
    pub(crate) last_operation: u64,
}

impl Left {
    pub(crate) fn read(folder: &Path) -> Result<Self, LinkageError> {
        let path = folder.join(NUMBERING);
        if !path.is_file() {
            return Ok(Self::default());
        }
        let text = fs_err::read_to_string(path)?;
        // Earlier programs wrote the line alone.
        let alone = text.lines().count() < 2;
        let line = if alone {
            &text
        } else {
            sealed::line(&text).map_err(|_| LinkageError::Numbering)?
        };
        serde_json::from_str(line).map_err(|_| LinkageError::Numbering)
    }

    pub(crate) fn write(self, folder: &Path) -> Result<(), LinkageError> {
        Ok(fs_err::write(
            folder.join(NUMBERING),
            sealed::lines(&serde_json::to_string(&self)?),
        )?)
    }
}

/// Where the rows of a file stand in the former table.
#[derive(Clone, Copy)]
struct Segment {
    start: u64,
    rows: u64,
}

/// Looks up the former person of each record, file after file.
pub(crate) struct Former {
    path: PathBuf,
    segments: BTreeMap<String, Segment>,
    rows: Rows,
    /// Former rows of the present file that have not been reached yet.
    left: u64,
    /// They once the order of records differed, by hash of the record id.
    by_id: Option<FxHashMap<u64, u32>>,
    prefix: String,
}

impl Former {
    /// Opens the former tables; `files` are the paths of the present run.
    pub(crate) fn open<'a>(
        folder: &Path,
        files: impl Iterator<Item = &'a str>,
    ) -> Result<Self, LinkageError> {
        let path = folder.join(PERSONS);
        let segments = segments(&path, files)?;
        let rows = Rows::open(&path)?;
        Ok(Self {
            path,
            segments,
            rows,
            left: 0,
            by_id: None,
            prefix: String::new(),
        })
    }

    /// Turns to the records of a file.
    pub(crate) fn file(&mut self, path: &str) -> Result<(), LinkageError> {
        self.by_id = None;
        self.left = 0;
        self.prefix = format!("{path}#");
        if let Some(segment) = self.segments.get(path) {
            if segment.start < self.rows.at {
                self.rows = Rows::open(&self.path)?;
            }
            self.rows.skip_to(segment.start)?;
            self.left = segment.rows;
        }
        Ok(())
    }

    /// The former person of the next record of the present file.
    pub(crate) fn person(&mut self, record_id: &str) -> Result<Option<u32>, LinkageError> {
        if self.by_id.is_none() {
            if self.left == 0 {
                return Ok(None);
            }
            if self.rows.here(|id| id == record_id)? {
                self.left -= 1;
                return self.rows.take().map(Some);
            }
            self.keep_rest()?;
        }
        Ok(self
            .by_id
            .as_mut()
            .and_then(|people| people.remove(&hash(record_id))))
    }

    fn keep_rest(&mut self) -> Result<(), LinkageError> {
        let mut people = FxHashMap::default();
        while self.left > 0 {
            let mut id = 0;
            let prefix = &self.prefix;
            let own = self.rows.here(|record_id| {
                id = hash(record_id);
                record_id.starts_with(prefix.as_str())
            })?;
            let person = self.rows.take()?;
            if own {
                people.insert(id, person);
            }
            self.left -= 1;
        }
        self.by_id = Some(people);
        Ok(())
    }
}

fn hash(record_id: &str) -> u64 {
    let digest = blake3::hash(record_id.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// Finds where each of `files` stands. A record id is the file's path, `#` and the record; both may hold a `#`.
fn segments<'a>(
    path: &Path,
    files: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, Segment>, LinkageError> {
    let files: std::collections::BTreeSet<&str> = files.collect();
    let mut segments: BTreeMap<String, Segment> = BTreeMap::new();
    let mut present: Option<&str> = None;
    let mut at = 0;
    for batch in TableReader::open_columns(path, &["record_id"])? {
        let batch = batch?;
        let ids = batch.text("record_id")?;
        for row in 0..batch.rows() {
            let id = ids.get(row).unwrap_or_default();
            let same =
                present.is_some_and(|file| id.strip_prefix(file).is_some_and(|rest| rest.starts_with('#')));
            if !same {
                let prefixes = id.match_indices('#').filter_map(|(end, _)| id.get(..end));
                present = prefixes.filter_map(|prefix| files.get(prefix).copied()).next();
            }
            if let Some(file) = present {
                let segment = segments
                    .entry(file.to_owned())
                    .or_insert(Segment { start: at, rows: 0 });
                segment.rows = at - segment.start + 1;
            }
            at += 1;
        }
    }
    Ok(segments)
}

/// The rows of the former table, one after the other.
struct Rows {
    reader: TableReader,
    batch: Option<Batch>,
    in_batch: usize,
    /// The next row.
    at: u64,
}

impl Rows {
    fn open(path: &Path) -> Result<Self, LinkageError> {
        let reader = TableReader::open_columns(path, &["record_id", "person_id"])?;
        Ok(Self {
            reader,
            batch: None,
            in_batch: 0,
            at: 0,
        })
    }

    /// The batch with the next row.
    fn batch(&mut self) -> Result<&Batch, LinkageError> {
        while self
            .batch
            .as_ref()
            .is_none_or(|batch| self.in_batch >= batch.rows())
        {
            let next = self.reader.next().transpose()?;
            self.batch = Some(next.ok_or(LinkageError::Former { row: self.at + 1 })?);
            self.in_batch = 0;
        }
        self.batch
            .as_ref()
            .ok_or(LinkageError::Former { row: self.at + 1 })
    }

    fn skip_to(&mut self, row: u64) -> Result<(), LinkageError> {
        while self.at < row {
            let rows = self.batch()?.rows();
            let rest = rows - self.in_batch;
            let step = (rest as u64).min(row - self.at);
            self.in_batch += step as usize;
            self.at += step;
        }
        Ok(())
    }

    /// Asks about the record id of the next row, without taking it.
    fn here<T>(&mut self, ask: impl FnOnce(&str) -> T) -> Result<T, LinkageError> {
        self.batch()?;
        let in_batch = self.in_batch;
        let batch = self.batch()?;
        Ok(ask(batch.text("record_id")?.get(in_batch).unwrap_or_default()))
    }

    /// Takes the person of the next row.
    fn take(&mut self) -> Result<u32, LinkageError> {
        self.batch()?;
        let (at, in_batch) = (self.at, self.in_batch);
        let person = self
            .batch()?
            .text("person_id")?
            .get(in_batch)
            .and_then(parse_person_id);
        self.in_batch += 1;
        self.at += 1;
        person.ok_or(LinkageError::Former { row: at + 1 })
    }
}
