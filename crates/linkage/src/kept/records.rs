//! The records of a study: the identity of each and what it says beside it, in order of file and row.
//!
//! Neither ever changes, since identities and sayings keep their places: a run writes those of the files that it reads,
//! and takes the others over as they are. Whose a record is follows from its identity, but for identities whose records
//! stay apart and are several: those are listed one by one ([`Apart`]). Nothing of it need be in memory.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::KeptFile;
use super::numbered::{may_grow, numbered, take_over};
use super::sealed::{Sealed, Sealing};
use crate::error::LinkageError;
use crate::threads::side_by_side;

/// Names of the files, one of each for every run: places of identities, and of sayings.
const NAMES: [&str; 2] = ["records", "says"];
const WIDTH: u64 = 4;
/// Records copied at a time.
const AT_ONCE: u64 = 1 << 14;

/// Where the records of a file lie: in the files of which run, and from which record on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lies {
    run: u32,
    start: u64,
}

/// Writes the records of the files that a run reads.
pub(crate) struct RecordsWriter {
    run: u32,
    columns: [Sealing; 2],
    written: u64,
}

impl RecordsWriter {
    /// Starts beside what the former run left; with very many files of it, all its records go into one again. Also gives
    /// where the records of each former file lie now.
    pub(crate) fn create(
        out: &Path,
        former: Option<(&Path, &[KeptFile])>,
    ) -> Result<(Self, Vec<Lies>), LinkageError> {
        let grows = former.filter(|(folder, _)| may_grow(folder, NAMES[0]));
        let mut run = 0;
        for name in NAMES {
            run = take_over(name, grows.map(|(folder, _)| folder), out)?;
        }
        let create = |name| Sealing::create(&numbered(out, name, run));
        let mut writer = Self {
            run: run as u32,
            columns: [create(NAMES[0])?, create(NAMES[1])?],
            written: 0,
        };
        let lies = match (former, grows) {
            (_, Some((_, files))) => files.iter().map(|file| file.lies).collect(),
            (Some((folder, files)), None) => writer.copy(folder, files)?,
            (None, None) => Vec::new(),
        };
        Ok((writer, lies))
    }

    fn copy(&mut self, former: &Path, files: &[KeptFile]) -> Result<Vec<Lies>, LinkageError> {
        let mut reader = RecordsReader::open(former);
        let (mut lies, mut identities, mut says) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            lies.push(self.next());
            reader.go_to(file.lies)?;
            let mut left = file.records;
            while left > 0 {
                let now = left.min(AT_ONCE) as usize;
                left -= now as u64;
                reader.identities(now, usize::MAX, &mut identities)?;
                reader.says(now, usize::MAX, &mut says)?;
                for (identity, says) in identities.iter().zip(&says) {
                    self.write(*identity, *says)?;
                }
            }
        }
        Ok(lies)
    }

    /// Where the next record will lie.
    pub(crate) fn next(&self) -> Lies {
        Lies {
            run: self.run,
            start: self.written,
        }
    }

    pub(crate) fn write(&mut self, identity: u32, says: u32) -> Result<(), LinkageError> {
        self.columns[0].write(&identity.to_le_bytes())?;
        self.columns[1].write(&says.to_le_bytes())?;
        self.written += 1;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), LinkageError> {
        self.columns.into_iter().try_for_each(Sealing::finish)
    }
}

/// Makes sure that the records of a former run are there and as they were written, before any is believed.
pub(crate) fn all_whole(former: &Path, files: &[KeptFile], threads: usize) -> Result<(), LinkageError> {
    let runs = files.iter().map(|file| file.lies.run as usize + 1).max();
    let whole = |name| {
        let mut files = (0..runs.unwrap_or_default()).map(|run| numbered(former, name, run));
        files.try_for_each(|file| Sealed::open(&file)?.finish())
    };
    side_by_side(threads, || whole(NAMES[0]), || whole(NAMES[1])).map(|_| ())
}

/// Reads records, from anywhere.
#[derive(Default)]
pub(crate) struct RecordsReader {
    folder: PathBuf,
    /// By run; opened when something of it is asked for.
    runs: Vec<Option<[Column; 2]>>,
    run: usize,
}

impl RecordsReader {
    pub(crate) fn open(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            runs: Vec::new(),
            run: 0,
        }
    }

    /// Goes to where the records of a file begin.
    pub(crate) fn go_to(&mut self, lies: Lies) -> Result<(), LinkageError> {
        self.run = lies.run as usize;
        if self.runs.len() <= self.run {
            self.runs.resize_with(self.run + 1, || None);
        }
        let run = &mut self.runs[self.run];
        if run.is_none() {
            let open = |name| Column::open(&numbered(&self.folder, name, lies.run as usize));
            *run = Some([open(NAMES[0])?, open(NAMES[1])?]);
        }
        for column in run.iter_mut().flatten() {
            column.go_to(lies.start)?;
        }
        Ok(())
    }

    /// Puts the identities of the next records into `into`, whose content goes; all of them are below the limit.
    pub(crate) fn identities(
        &mut self,
        count: usize,
        limit: usize,
        into: &mut Vec<u32>,
    ) -> Result<(), LinkageError> {
        self.column(0)?.next(count, limit, into)
    }

    /// Likewise what the next records say beside their identity. Identities and sayings are read each for itself.
    pub(crate) fn says(
        &mut self,
        count: usize,
        limit: usize,
        into: &mut Vec<u32>,
    ) -> Result<(), LinkageError> {
        self.column(1)?.next(count, limit, into)
    }

    fn column(&mut self, which: usize) -> Result<&mut Column, LinkageError> {
        let run = self.runs.get_mut(self.run).and_then(Option::as_mut);
        run.map(|columns| &mut columns[which]).ok_or(LinkageError::Kept)
    }
}

struct Column {
    file: BufReader<fs_err::File>,
    /// The record that comes next.
    at: u64,
    bytes: Vec<u8>,
}

impl Column {
    fn open(path: &Path) -> Result<Self, LinkageError> {
        Ok(Self {
            file: BufReader::with_capacity(1 << 18, fs_err::File::open(path)?),
            at: 0,
            bytes: Vec::new(),
        })
    }

    fn go_to(&mut self, record: u64) -> Result<(), LinkageError> {
        if record != self.at {
            self.file.seek(SeekFrom::Start(record * WIDTH))?;
            self.at = record;
        }
        Ok(())
    }

    fn next(&mut self, count: usize, limit: usize, into: &mut Vec<u32>) -> Result<(), LinkageError> {
        self.bytes.resize(count * WIDTH as usize, 0);
        self.file.read_exact(&mut self.bytes)?;
        self.at += count as u64;
        into.clear();
        into.extend(
            self.bytes
                .as_chunks()
                .0
                .iter()
                .map(|bytes| u32::from_le_bytes(*bytes)),
        );
        let highest = into.iter().copied().max().unwrap_or_default() as usize;
        if highest < limit || into.is_empty() {
            Ok(())
        } else {
            Err(LinkageError::Kept)
        }
    }
}
