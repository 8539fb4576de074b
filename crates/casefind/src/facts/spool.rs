//! Hits on disk: written once, one after the other, and read back in the same order.
//!
//! A spool is a working file of this run and of nobody else, in the stage's own folder: its form is no contract. It holds
//! rows of persons; whoever started the stage removes the folder.

use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use vocabulary::date::Date;

use crate::error::CasefindError;

/// Bytes that are gathered before they are written.
const CHUNK: usize = 1 << 18;
/// Stands for no text, and for no date.
const NONE: u32 = u32::MAX;
const NO_DAY: i32 = i32::MIN;

/// A record that meets rules of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hit {
    pub person: i64,
    pub file: i64,
    pub row: i64,
    /// The place of a section in its record.
    pub seq: i64,
    /// The group: its place in the order of groups.
    pub group: u32,
    /// The rules of the look that it meets, as bits.
    pub mask: i64,
    pub date: Option<Date>,
    pub created: Option<Date>,
    pub organisation: Option<String>,
    pub sites: Option<String>,
    pub said: Option<String>,
    pub record: Option<String>,
}

impl Hit {
    /// The order in which a person's facts are judged.
    pub(super) fn key(&self) -> (i64, i64, i64, u32, i64) {
        (self.person, self.file, self.row, self.group, self.seq)
    }

    /// Bytes that it holds in memory, about.
    pub(super) fn weight(&self) -> u64 {
        let texts = [&self.organisation, &self.sites, &self.said, &self.record];
        let texts = texts.into_iter().flatten().map(|text| text.len() as u64 + 16);
        size_of::<Self>() as u64 + texts.sum::<u64>()
    }
}

/// A hit as it is written: nothing of it is copied before.
pub(super) struct HitRow<'a> {
    pub person: i64,
    pub file: i64,
    pub row: i64,
    pub seq: i64,
    pub group: u32,
    pub mask: i64,
    pub date: Option<Date>,
    pub created: Option<Date>,
    /// Organisation, sites, said, record.
    pub texts: [Option<&'a str>; 4],
}

/// Writes a spool.
pub(super) struct SpoolWriter {
    path: PathBuf,
    file: fs_err::File,
    pending: Vec<u8>,
}

impl SpoolWriter {
    pub(super) fn create(path: &Path) -> Result<Self, CasefindError> {
        Ok(Self {
            path: path.to_owned(),
            file: fs_err::File::create(path)?,
            pending: Vec::with_capacity(CHUNK + 1_024),
        })
    }

    pub(super) fn push(&mut self, hit: &HitRow<'_>) -> Result<(), CasefindError> {
        let out = &mut self.pending;
        for number in [hit.person, hit.file, hit.row, hit.seq, hit.mask] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&hit.group.to_le_bytes());
        for day in [hit.date, hit.created] {
            out.extend_from_slice(&day.map_or(NO_DAY, Date::days).to_le_bytes());
        }
        for text in hit.texts {
            let width = text.map_or(NONE, |text| u32::try_from(text.len()).unwrap_or(NONE - 1));
            out.extend_from_slice(&width.to_le_bytes());
        }
        for text in hit.texts.into_iter().flatten() {
            out.extend_from_slice(text.as_bytes());
        }
        if self.pending.len() >= CHUNK {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), CasefindError> {
        self.file.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }

    /// Ends the file; gives its place.
    pub(super) fn finish(mut self) -> Result<PathBuf, CasefindError> {
        self.flush()?;
        Ok(self.path)
    }
}

/// The bytes of a hit before its texts.
const FIXED: usize = 5 * 8 + 4 + 2 * 4 + 4 * 4;

/// Reads a spool, hit after hit.
pub(super) struct SpoolReader {
    file: BufReader<fs_err::File>,
    texts: Vec<u8>,
}

impl SpoolReader {
    pub(super) fn open(path: &Path) -> Result<Self, CasefindError> {
        Ok(Self {
            file: BufReader::with_capacity(CHUNK, fs_err::File::open(path)?),
            texts: Vec::new(),
        })
    }

    /// The next hit of a person who is wanted; the others are passed over.
    pub(super) fn next(&mut self, wanted: impl Fn(i64) -> bool) -> Result<Option<Hit>, CasefindError> {
        let mut fixed = [0; FIXED];
        while let Some(()) = self.fill(&mut fixed)? {
            let mut at = 0;
            let [person, file, row, seq, mask] = [(); 5].map(|()| i64::from_le_bytes(take(&fixed, &mut at)));
            let group = u32::from_le_bytes(take(&fixed, &mut at));
            let [date, created] = [(); 2].map(|()| i32::from_le_bytes(take(&fixed, &mut at)));
            let widths = [(); 4].map(|()| u32::from_le_bytes(take(&fixed, &mut at)));
            let all: usize = widths
                .iter()
                .filter(|width| **width != NONE)
                .map(|width| *width as usize)
                .sum();
            self.texts.resize(all, 0);
            self.file.read_exact(&mut self.texts)?;
            if !wanted(person) {
                continue;
            }
            let mut start = 0;
            let mut text = |width: u32| {
                let text = self
                    .texts
                    .get(start..start + width as usize)
                    .filter(|_| width != NONE)?;
                start += text.len();
                Some(String::from_utf8_lossy(text).into_owned())
            };
            let [organisation, sites, said, record] = widths.map(&mut text);
            let day = |day: i32| (day != NO_DAY).then(|| Date::from_days(day));
            return Ok(Some(Hit {
                person,
                file,
                row,
                seq,
                group,
                mask,
                date: day(date),
                created: day(created),
                organisation,
                sites,
                said,
                record,
            }));
        }
        Ok(None)
    }

    /// Reads the fixed part of a hit; none at the end of the file.
    fn fill(&mut self, fixed: &mut [u8; FIXED]) -> Result<Option<()>, CasefindError> {
        let (first, rest) = fixed.split_at_mut(1);
        if self.file.read(first)? == 0 {
            return Ok(None);
        }
        self.file.read_exact(rest)?;
        Ok(Some(()))
    }
}

fn take<const N: usize>(bytes: &[u8], at: &mut usize) -> [u8; N] {
    let mut taken = [0; N];
    if let Some(part) = bytes.get(*at..*at + N) {
        taken.copy_from_slice(part);
    }
    *at += N;
    taken
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_back_is_what_was_written(
            rows in prop::collection::vec((any::<[i64; 5]>(), any::<u32>(), any::<[Option<u16>; 2]>(), any::<[Option<String>; 4]>()), 0..40)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut out = SpoolWriter::create(&folder.path().join("spool")).unwrap();
            let mut wanted = Vec::new();
            for ([person, file, row, seq, mask], group, days, texts) in rows {
                let [date, created] = days.map(|day| day.map(|day| Date::from_days(day.into())));
                let row = HitRow { person, file, row, seq, group, mask, date, created, texts: texts.each_ref().map(Option::as_deref) };
                out.push(&row).unwrap();
                let (file, row) = (row.file, row.row);
                let [organisation, sites, said, record] = texts;
                if person % 2 == 0 {
                    wanted.push(Hit { person, file, row, seq, group, mask, date, created, organisation, sites, said, record });
                }
            }
            let mut spool = SpoolReader::open(&out.finish().unwrap()).unwrap();
            let mut read = Vec::new();
            while let Some(hit) = spool.next(|person| person % 2 == 0).unwrap() {
                read.push(hit);
            }
            prop_assert_eq!(read, wanted);
        }
    }
}
