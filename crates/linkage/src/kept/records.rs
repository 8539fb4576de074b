//! The records of the former run, each as three integers, in order of file and row. They need not be in memory.

use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::LinkageError;

/// What is kept of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Record {
    /// The place of its identity.
    pub(crate) identity: u32,
    /// Its person.
    pub(crate) person: u32,
    /// What it says beside its identity, by place in the list of all that records say.
    pub(crate) says: u32,
}

const BYTES: usize = 12;

/// Writes records.
pub(crate) struct RecordsWriter {
    file: BufWriter<fs_err::File>,
    bytes: Vec<u8>,
}

impl RecordsWriter {
    pub(crate) fn create(path: &Path) -> Result<Self, LinkageError> {
        Ok(Self {
            file: BufWriter::with_capacity(1 << 18, fs_err::File::create(path)?),
            bytes: Vec::new(),
        })
    }

    pub(crate) fn write(&mut self, records: &[Record]) -> Result<(), LinkageError> {
        self.bytes.resize(records.len() * BYTES, 0);
        for (bytes, record) in self.bytes.as_chunks_mut::<BYTES>().0.iter_mut().zip(records) {
            bytes[..4].copy_from_slice(&record.identity.to_le_bytes());
            bytes[4..8].copy_from_slice(&record.person.to_le_bytes());
            bytes[8..].copy_from_slice(&record.says.to_le_bytes());
        }
        Ok(self.file.write_all(&self.bytes)?)
    }

    pub(crate) fn finish(mut self) -> Result<(), LinkageError> {
        Ok(self.file.flush()?)
    }
}

/// Reads records, from anywhere.
pub(crate) struct RecordsReader {
    file: BufReader<fs_err::File>,
    /// The record that comes next.
    at: u64,
    bytes: Vec<u8>,
}

impl RecordsReader {
    pub(crate) fn open(path: &Path) -> Result<Self, LinkageError> {
        Ok(Self {
            file: BufReader::with_capacity(1 << 18, fs_err::File::open(path)?),
            at: 0,
            bytes: Vec::new(),
        })
    }

    /// Goes to a record by its number from 0.
    pub(crate) fn go_to(&mut self, record: u64) -> Result<(), LinkageError> {
        if record != self.at {
            self.file.seek(SeekFrom::Start(record * BYTES as u64))?;
            self.at = record;
        }
        Ok(())
    }

    /// Puts the next records into `into`, whose content goes; their identities and sayings are below the limits.
    pub(crate) fn next(
        &mut self,
        count: usize,
        (identities, says): (usize, usize),
        into: &mut Vec<Record>,
    ) -> Result<(), LinkageError> {
        self.bytes.resize(count * BYTES, 0);
        self.file.read_exact(&mut self.bytes)?;
        self.at += count as u64;
        into.clear();
        let number = |bytes: &[u8; BYTES], at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        into.extend(self.bytes.as_chunks::<BYTES>().0.iter().map(|bytes| Record {
            identity: number(bytes, 0),
            person: number(bytes, 4),
            says: number(bytes, 8),
        }));
        let sound =
            |record: &Record| (record.identity as usize) < identities && (record.says as usize) < says;
        if into.iter().all(sound) {
            Ok(())
        } else {
            Err(LinkageError::Kept)
        }
    }
}
