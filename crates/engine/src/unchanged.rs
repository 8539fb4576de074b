//! Which records have what they had, in one column of a table by record.
//!
//! `links` is written anew every month, and nearly all records are whose they were. Its groups that did not change were
//! copied as they were encoded, so that two tables are compared group by group without decoding either; where the same
//! values were encoded otherwise, they count as changed, and whoever asks looks them up.
//!
//! Invariant: a record of the table that is said to be unchanged has the value that it had.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::EngineError;
use crate::lookup::{ByRecord, ROW};
use crate::names::one_file;

/// Records by the numbers that their files have now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unchanged {
    /// In order, and apart from each other.
    spans: Vec<Span>,
}

/// Records of a file that stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    file: i64,
    first: i64,
    last: i64,
}

impl Unchanged {
    /// Compares a column of two tables; `number` gives the number that a file of the former one has now.
    pub fn between(
        former: &ByRecord,
        now: &ByRecord,
        column: &str,
        number: impl Fn(i64) -> Option<i64>,
    ) -> Result<Self, EngineError> {
        let group = |table: &ByRecord, at: usize| {
            let (file, rows) = table.one_file(at)?;
            Some((file, (rows.into_inner(), table.rows(at))))
        };
        let mut before = BTreeMap::new();
        for at in 0..former.groups() {
            if let Some((file, rows)) = group(former, at)
                && let Some(file) = number(file)
            {
                before.insert((file, rows), at);
            }
        }
        let mut pieces = Pieces::open(former.path(), now.path())?;
        let (mut spans, mut last): (Vec<Span>, usize) = (Vec::new(), 0);
        for at in 0..now.groups() {
            let Some((file, rows)) = group(now, at) else {
                continue;
            };
            let Some(own) = before.get(&(file, rows)) else {
                continue;
            };
            // The same rows, and of each the same value.
            let mut alike = |column: &str| pieces.alike(former.piece(*own, column), now.piece(at, column));
            if !alike(ROW)? || !alike(column)? {
                continue;
            }
            let ((first, end), _) = rows;
            match spans.last_mut() {
                // No record lies between a group and the next.
                Some(span) if span.file == file && last + 1 == at => span.last = end,
                _ => spans.push(Span {
                    file,
                    first,
                    last: end,
                }),
            }
            last = at;
        }
        Ok(Self { spans })
    }

    /// Whether a record of the table has what it had.
    #[must_use]
    pub fn holds(&self, file: i64, row: i64) -> bool {
        let after = self
            .spans
            .partition_point(|span| (span.file, span.first) <= (file, row));
        let span = after.checked_sub(1).and_then(|at| self.spans.get(at));
        span.is_some_and(|span| span.file == file && row <= span.last)
    }
}

/// Where a column of a group lies in its file, and how it is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub start: u64,
    pub length: u64,
    pub compression: datafusion::parquet::basic::Compression,
}

/// The pieces of two files.
struct Pieces {
    files: [fs_err::File; 2],
    bytes: [Vec<u8>; 2],
    /// One file under two names holds the same everywhere.
    one: bool,
}

impl Pieces {
    fn open(former: &Path, now: &Path) -> Result<Self, EngineError> {
        Ok(Self {
            files: [fs_err::File::open(former)?, fs_err::File::open(now)?],
            bytes: [Vec::new(), Vec::new()],
            one: one_file(former, now),
        })
    }

    fn alike(&mut self, former: Option<Piece>, now: Option<Piece>) -> Result<bool, EngineError> {
        let Some((former, now)) = former.zip(now) else {
            return Ok(false);
        };
        if self.one && former == now {
            return Ok(true);
        }
        if former.length != now.length || former.compression != now.compression {
            return Ok(false);
        }
        for ((file, bytes), piece) in self.files.iter_mut().zip(&mut self.bytes).zip([former, now]) {
            bytes.clear();
            file.seek(SeekFrom::Start(piece.start))?;
            file.take(piece.length).read_to_end(bytes)?;
        }
        let [before, after] = &self.bytes;
        Ok(before.len() as u64 == former.length && before == after)
    }
}
