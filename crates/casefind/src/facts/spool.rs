//! Hits on disk: written once, one after the other, and read back in the same order.
//!
//! A spool is two files in the stage's own folder: the hits, and beside them whose each one is. What a record says stays,
//! and whose it is may change from month to month; so a later run takes the hits over as they are and writes the persons
//! anew. Its form is no contract; it holds rows of persons, and lies where only their owner can read.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, Read, Write};
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

/// Stands for a hit that is nobody's any more: its file is gone, or was read anew.
pub(super) const NOBODY: i64 = i64::MIN;

/// The persons of a spool, beside it.
fn beside(spool: &Path) -> PathBuf {
    spool.with_extension("persons")
}

/// The hash of the hits of a spool.
pub(super) fn hash(spool: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs_err::File::open(spool)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The hash of their persons.
pub(super) fn hash_of_persons(spool: &Path) -> std::io::Result<String> {
    hash(&beside(spool))
}

/// Writes whose the hits of a spool are, in their order.
struct PersonsWriter(BufWriter<fs_err::File>);

impl PersonsWriter {
    fn create(spool: &Path) -> Result<Self, CasefindError> {
        let file = fs_err::File::create(beside(spool))?;
        Ok(Self(BufWriter::with_capacity(CHUNK, file)))
    }

    fn push(&mut self, person: i64) -> Result<(), CasefindError> {
        Ok(self.0.write_all(&person.to_le_bytes())?)
    }

    fn finish(mut self) -> Result<(), CasefindError> {
        Ok(self.0.flush()?)
    }
}

/// The persons of a spool that is taken over: those of the former run under a second name, or, from the first hit on that
/// is somebody else's now, written anew.
pub(super) struct PersonsAgain<'a> {
    before: &'a Path,
    now: &'a Path,
    /// Hits that were whose they are.
    same: u64,
    anew: Option<PersonsWriter>,
}

impl<'a> PersonsAgain<'a> {
    pub(super) fn of(before: &'a Path, now: &'a Path) -> Self {
        Self {
            before,
            now,
            same: 0,
            anew: None,
        }
    }

    /// The next hit: whose it is, and whose it was.
    pub(super) fn push(&mut self, person: i64, was: i64) -> Result<(), CasefindError> {
        match &mut self.anew {
            Some(writer) => writer.push(person),
            None if person == was => {
                self.same += 1;
                Ok(())
            }
            None => {
                let mut writer = PersonsWriter::create(self.now)?;
                let former = fs_err::File::open(beside(self.before))?;
                std::io::copy(&mut former.take(self.same * 8), &mut writer.0)?;
                writer.push(person)?;
                self.anew = Some(writer);
                Ok(())
            }
        }
    }

    /// Ends; says whether they are those of the former run.
    pub(super) fn finish(self) -> Result<bool, CasefindError> {
        match self.anew {
            Some(writer) => writer.finish().map(|()| false),
            None => {
                engine::second_name(&beside(self.before), &beside(self.now))?;
                Ok(true)
            }
        }
    }
}

/// Writes a spool.
pub(super) struct SpoolWriter {
    path: PathBuf,
    file: fs_err::File,
    persons: PersonsWriter,
    pending: Vec<u8>,
}

impl SpoolWriter {
    pub(super) fn create(path: &Path) -> Result<Self, CasefindError> {
        Ok(Self {
            path: path.to_owned(),
            file: fs_err::File::create(path)?,
            persons: PersonsWriter::create(path)?,
            pending: Vec::with_capacity(CHUNK + 1_024),
        })
    }

    pub(super) fn push(&mut self, hit: &HitRow<'_>) -> Result<(), CasefindError> {
        self.persons.push(hit.person)?;
        let out = &mut self.pending;
        for number in [hit.file, hit.row, hit.seq, hit.mask] {
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
        self.persons.finish()?;
        Ok(self.path)
    }
}

/// The bytes of a hit before its texts.
const FIXED: usize = 4 * 8 + 4 + 2 * 4 + 4 * 4;

/// The numbers that files have now, by those that they have in a spool. Hits of other files are passed over.
pub(super) type Numbers = BTreeMap<i64, i64>;

/// What every reader of a spool sees of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Whose it was when the persons were written.
    pub person: i64,
    /// The number of its file now; none where that file is not among those that are asked for.
    pub file: Option<i64>,
    pub row: i64,
    pub mask: i64,
}

/// Reads a spool, hit after hit.
pub(super) struct SpoolReader<'a> {
    file: BufReader<fs_err::File>,
    persons: BufReader<fs_err::File>,
    numbers: &'a Numbers,
    /// The last number that was looked up: hits of a file come one after the other.
    known: (i64, Option<i64>),
    fixed: [u8; FIXED],
    texts: Vec<u8>,
}

impl<'a> SpoolReader<'a> {
    pub(super) fn open(path: &Path, numbers: &'a Numbers) -> Result<Self, CasefindError> {
        let open = |path: &Path| -> Result<_, CasefindError> {
            Ok(BufReader::with_capacity(CHUNK, fs_err::File::open(path)?))
        };
        Ok(Self {
            file: open(path)?,
            persons: open(&beside(path))?,
            numbers,
            known: (i64::MIN, None),
            fixed: [0; FIXED],
            texts: Vec::new(),
        })
    }

    /// Goes to the next hit.
    pub(super) fn head(&mut self) -> Result<Option<Head>, CasefindError> {
        if !fill(&mut self.file, &mut self.fixed)? {
            return Ok(None);
        }
        let mut person = [0; 8];
        self.persons.read_exact(&mut person)?;
        let mut at = 0;
        let [file, row, _, mask] = [(); 4].map(|()| i64::from_le_bytes(take(&self.fixed, &mut at)));
        let all: usize = self.widths().map(|width| width.unwrap_or(0)).iter().sum();
        self.texts.resize(all, 0);
        self.file.read_exact(&mut self.texts)?;
        if self.known.0 != file {
            self.known = (file, self.numbers.get(&file).copied());
        }
        Ok(Some(Head {
            person: i64::from_le_bytes(person),
            file: self.known.1,
            row,
            mask,
        }))
    }

    fn widths(&self) -> [Option<usize>; 4] {
        let mut at = FIXED - 4 * 4;
        [(); 4].map(|()| {
            let width = u32::from_le_bytes(take(&self.fixed, &mut at));
            (width != NONE).then_some(width as usize)
        })
    }

    /// The next hit of a person who is wanted; the others are passed over.
    pub(super) fn next(&mut self, wanted: impl Fn(i64) -> bool) -> Result<Option<Hit>, CasefindError> {
        while let Some(head) = self.head()? {
            let Some(file) = head.file.filter(|_| wanted(head.person)) else {
                continue;
            };
            let mut at = 2 * 8;
            let seq = i64::from_le_bytes(take(&self.fixed, &mut at));
            at += 8;
            let group = u32::from_le_bytes(take(&self.fixed, &mut at));
            let [date, created] = [(); 2].map(|()| i32::from_le_bytes(take(&self.fixed, &mut at)));
            let mut start = 0;
            let [organisation, sites, said, record] = self.widths().map(|width| {
                let text = self.texts.get(start..start + width?)?;
                start += text.len();
                Some(String::from_utf8_lossy(text).into_owned())
            });
            let day = |day: i32| (day != NO_DAY).then(|| Date::from_days(day));
            return Ok(Some(Hit {
                person: head.person,
                file,
                row: head.row,
                seq,
                group,
                mask: head.mask,
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
}

/// Reads the fixed part of a hit; false at the end of the file.
fn fill(file: &mut impl Read, fixed: &mut [u8; FIXED]) -> Result<bool, CasefindError> {
    let (first, rest) = fixed.split_at_mut(1);
    if file.read(first)? == 0 {
        return Ok(false);
    }
    file.read_exact(rest)?;
    Ok(true)
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
            let mut numbers = Numbers::new();
            for ([person, file, row, seq, mask], group, days, texts) in rows {
                let [date, created] = days.map(|day| day.map(|day| Date::from_days(day.into())));
                let row = HitRow { person, file, row, seq, group, mask, date, created, texts: texts.each_ref().map(Option::as_deref) };
                out.push(&row).unwrap();
                // Every other file has another number now, and one is gone.
                let (file, row) = (row.file ^ 1, row.row);
                if file % 3 != 0 {
                    numbers.insert(file ^ 1, file);
                }
                let [organisation, sites, said, record] = texts;
                if person % 2 == 0 && file % 3 != 0 {
                    wanted.push(Hit { person, file, row, seq, group, mask, date, created, organisation, sites, said, record });
                }
            }
            let mut spool = SpoolReader::open(&out.finish().unwrap(), &numbers).unwrap();
            let mut read = Vec::new();
            while let Some(hit) = spool.next(|person| person % 2 == 0).unwrap() {
                read.push(hit);
            }
            prop_assert_eq!(read, wanted);
        }
    }
}
