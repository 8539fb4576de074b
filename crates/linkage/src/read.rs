//! Reads `identities` and keeps one integer a record: which distinct identity it has.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use engine::{Batch, EngineError, TableReader, TextColumn};
use vocabulary::date::Date;

use crate::cascade::{Born, FEMALE, Identities, Identity, MALE, Number, Word, Words, kind, number};
use crate::decisions::{Decided, OfFile};
use crate::error::LinkageError;
use crate::files::Files;
use crate::kept::{Said, first};
use crate::threads::ahead;

/// Batches that wait between the thread that decodes and the one that uses.
const WAITING: usize = 4;
/// Kinds of number beyond those of the United Kingdom.
const OTHER_KIND: u64 = 4;
const KIND_OF_WORDS: u64 = 5;

/// Streams some columns of a table; decodes in a second thread when there is one.
pub(crate) fn stream(
    path: &Path,
    columns: &[&str],
    threads: usize,
    mut take: impl FnMut(&Batch) -> Result<(), LinkageError>,
) -> Result<(), LinkageError> {
    let reader = TableReader::open_columns(path, columns)?;
    ahead(threads, WAITING, reader, |batches| {
        for batch in batches {
            take(&batch?)?;
        }
        Ok(())
    })
}

/// The distinct identities, and the file with the identity of every record.
pub(crate) struct Taken {
    pub(crate) table: Identities,
    /// The first record of each identity.
    pub(crate) firsts: Vec<u64>,
    /// Records of each file, by its place in the list.
    pub(crate) records: Vec<u64>,
    pub(crate) places: Places,
}

/// A record about which somebody decided.
pub(crate) struct Met {
    pub(crate) said: Said,
    /// The place of its file.
    pub(crate) file: usize,
}

/// Reads identities, part after part.
pub(crate) struct Reading<'a> {
    files: &'a Files,
    decided: &'a Decided,
    threads: usize,
    progress: &'a dyn Fn(&str, u64),
    table: Identities,
    firsts: Vec<u64>,
    records: Vec<u64>,
    writer: PlacesWriter,
    /// The last record, by file and row.
    last: (i64, i64),
    read: u64,
    /// Records about which somebody decided.
    pub(crate) met: BTreeMap<String, Met>,
}

impl<'a> Reading<'a> {
    /// Starts with texts that are known already.
    pub(crate) fn new(
        request: &crate::Request<'a>,
        files: &'a Files,
        decided: &'a Decided,
        words: Words,
    ) -> Result<Self, LinkageError> {
        let mut table = Identities::new();
        table.words = words;
        Ok(Self {
            files,
            decided,
            threads: request.threads,
            progress: request.progress,
            table,
            firsts: Vec::new(),
            records: vec![0; files.list.len()],
            writer: PlacesWriter::create(request.out, "places.part")?,
            last: (i64::MIN, 0),
            read: 0,
            met: BTreeMap::new(),
        })
    }

    /// Reads the records of one file.
    pub(crate) fn part(&mut self, part: &Path) -> Result<(), LinkageError> {
        let mut present: Option<(i64, usize, OfFile<'a>)> = None;
        let (threads, files, decided) = (self.threads, self.files, self.decided);
        let record: &[&str] = if decided.is_empty() { &[] } else { &["record"] };
        stream(part, &[&COLUMNS, record].concat(), threads, |batch| {
            let columns = Columns::of(batch)?;
            let (numbers, rows) = (batch.integer("file")?, batch.integer("row")?);
            for at in 0..batch.rows() {
                let here = (numbers.get(at).unwrap_or(-1), rows.get(at).unwrap_or(-1));
                self.in_order(here)?;
                if present.as_ref().is_none_or(|(number, ..)| *number != here.0) {
                    let place = files.place(here.0)?;
                    let file = &files.list[place];
                    if file.part.as_deref() != Some(part) {
                        return Err(LinkageError::File { file: here.0 });
                    }
                    present = Some((here.0, place, decided.of_file(&file.path)));
                }
                let Some((_, place, decided)) = &present else {
                    continue;
                };
                let mut identity = columns.identity(&mut self.table, at);
                let record = columns.record.and_then(|record| record.get(at));
                if let Some((id, person)) = decided.person(record, here.1) {
                    let met = Met {
                        said: Said::of(&files.list[*place].content, &identity, &self.table.words),
                        file: *place,
                    };
                    self.met.insert(id, met);
                    identity.decided = person;
                }
                self.add(identity, *place)?;
            }
            self.read += batch.rows() as u64;
            (self.progress)("reading who each record is about", self.read);
            Ok(())
        })
    }

    fn in_order(&mut self, here: (i64, i64)) -> Result<(), LinkageError> {
        let (file, row) = here;
        if file < 0 || row < 0 {
            return Err(LinkageError::File { file });
        }
        if here <= self.last {
            return Err(LinkageError::Order { file, row });
        }
        self.last = here;
        Ok(())
    }

    fn add(&mut self, identity: Identity, file: usize) -> Result<(), LinkageError> {
        let place = self.table.add(identity);
        if place == u32::MAX - 1 {
            return Err(LinkageError::TooMany);
        }
        if place as usize == self.firsts.len() {
            self.firsts.push(first(file, self.records[file]));
        }
        self.records[file] += 1;
        self.writer.push(place)
    }

    pub(crate) fn finish(self) -> Result<Taken, LinkageError> {
        Ok(Taken {
            table: self.table,
            firsts: self.firsts,
            records: self.records,
            places: self.writer.finish()?,
        })
    }
}

/// Hears what the records of a part say that are decided about, by their ids.
pub(crate) fn said_in(
    part: &Path,
    decided: &OfFile<'_>,
    threads: usize,
    said: &mut BTreeMap<String, Said>,
) -> Result<(), LinkageError> {
    let read: Vec<&str> = COLUMNS.into_iter().chain(["record"]).collect();
    let mut table = Identities::new();
    stream(part, &read, threads, |batch| {
        let columns = Columns::of(batch)?;
        let rows = batch.integer("row")?;
        for at in 0..batch.rows() {
            let record = columns.record.and_then(|record| record.get(at));
            if let Some((id, _)) = decided.person(record, rows.get(at).unwrap_or(-1)) {
                let identity = columns.identity(&mut table, at);
                said.insert(id, Said::of("", &identity, &table.words));
            }
        }
        Ok(())
    })
}

/// What is read of `identities`; the number of the file comes first.
pub(crate) const COLUMNS: [&str; 14] = [
    "file",
    "row",
    "number",
    "number_kind",
    "birth_date",
    "birth_date_latest",
    "family_name",
    "given_name",
    "sex",
    "postcode",
    "organisation",
    "local_id",
    "key_space",
    "key",
];

struct Columns<'a> {
    /// Read only where somebody decided about records.
    record: Option<TextColumn<'a>>,
    number: TextColumn<'a>,
    number_kind: TextColumn<'a>,
    birth_date: engine::DateColumn<'a>,
    birth_date_latest: engine::DateColumn<'a>,
    family: TextColumn<'a>,
    given: TextColumn<'a>,
    sex: TextColumn<'a>,
    postcode: TextColumn<'a>,
    organisation: TextColumn<'a>,
    local: TextColumn<'a>,
    key_space: TextColumn<'a>,
    key: TextColumn<'a>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a Batch) -> Result<Self, EngineError> {
        Ok(Self {
            record: batch.text("record").ok(),
            number: batch.text("number")?,
            number_kind: batch.text("number_kind")?,
            birth_date: batch.date("birth_date")?,
            birth_date_latest: batch.date("birth_date_latest")?,
            family: batch.text("family_name")?,
            given: batch.text("given_name")?,
            sex: batch.text("sex")?,
            postcode: batch.text("postcode")?,
            organisation: batch.text("organisation")?,
            local: batch.text("local_id")?,
            key_space: batch.text("key_space")?,
            key: batch.text("key")?,
        })
    }

    fn identity(&self, table: &mut Identities, at: usize) -> Identity {
        let words = &mut table.words;
        let mut word = |column: &TextColumn<'_>| column.get(at).map_or(0, |text| words.word(text));
        let (family, given) = (word(&self.family), word(&self.given));
        let (postcode, organisation, local) =
            (word(&self.postcode), word(&self.organisation), word(&self.local));
        let key = self.key.get(at).filter(|key| !key.is_empty()).map_or(0, |key| {
            // A key means something in its space only; the separator is in no space's name.
            words.word(&format!(
                "{}\u{1f}{key}",
                self.key_space.get(at).unwrap_or_default()
            ))
        });
        let digits = self.number.get(at).filter(|digits| !digits.is_empty());
        let number = digits.map_or(0, |digits| match digits.parse::<u64>() {
            Ok(value) => number(kind_of(self.number_kind.get(at)), value),
            Err(_) => number(KIND_OF_WORDS, u64::from(words.word(digits))),
        });
        let sex = match self.sex.get(at) {
            Some("female") => FEMALE,
            Some("male") => MALE,
            _ => 0,
        };
        let born = born(self.birth_date.get(at), self.birth_date_latest.get(at));
        Identity {
            number,
            born,
            family,
            given,
            postcode,
            organisation,
            local,
            key,
            decided: 0,
            sex,
            common_name: false,
        }
    }
}

/// The code under which the cascade knows a kind of number; 0 stays free for "none".
fn kind_of(word: Option<&str>) -> u64 {
    match word {
        Some("nhs") | None => 1,
        Some("chi") => 2,
        Some("hcn") => 3,
        Some(_) => OTHER_KIND,
    }
}

/// The word that a number stands for which is not of digits alone: its integer is of one run only.
pub(crate) fn number_word(packed: Number) -> Option<Word> {
    (kind(packed) == KIND_OF_WORDS).then(|| (packed - number(KIND_OF_WORDS, 0)) as Word)
}

/// The word for a kind of number.
pub(crate) fn kind_word(kind: u64) -> Option<&'static str> {
    match kind {
        1 => Some("nhs"),
        2 => Some("chi"),
        3 => Some("hcn"),
        OTHER_KIND | KIND_OF_WORDS => Some("other"),
        _ => None,
    }
}

/// A birth date that may be known to the month or to the year only.
pub(crate) fn born(earliest: Option<Date>, latest: Option<Date>) -> Born {
    let Some(earliest) = earliest else {
        return Born::default();
    };
    let latest = latest.unwrap_or(earliest);
    let Ok(year) = u32::try_from(earliest.year()) else {
        return Born::default();
    };
    if !(1..=9999).contains(&year) || earliest.year() != latest.year() {
        return Born::default();
    }
    if earliest == latest {
        return Born::new(year, earliest.month(), earliest.day());
    }
    Born::new(
        year,
        if earliest.month() == latest.month() {
            earliest.month()
        } else {
            0
        },
        0,
    )
}

/// An integer for every record (its identity, or the person it had), in order, in a file: four bytes a record that
/// need not be in memory.
/// The file goes when this goes, whether the run succeeds or not.
pub(crate) struct Places {
    path: PathBuf,
}

impl Places {
    /// Starts reading from the first record.
    pub(crate) fn read(&self) -> Result<PlacesReader, LinkageError> {
        let file = fs_err::File::open(&self.path)?;
        Ok(PlacesReader {
            file: BufReader::with_capacity(1 << 16, file),
        })
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        // Nothing can be done about a file that does not go; it holds no identity.
        let _ = fs_err::remove_file(&self.path);
    }
}

pub(crate) struct PlacesWriter {
    file: BufWriter<fs_err::File>,
    places: Places,
}

impl PlacesWriter {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, LinkageError> {
        let path = folder.join(name);
        let file = BufWriter::with_capacity(1 << 16, fs_err::File::create(&path)?);
        Ok(Self {
            file,
            places: Places { path },
        })
    }

    pub(crate) fn push(&mut self, place: u32) -> Result<(), LinkageError> {
        Ok(self.file.write_all(&place.to_le_bytes())?)
    }

    pub(crate) fn finish(mut self) -> Result<Places, LinkageError> {
        self.file.flush()?;
        Ok(self.places)
    }
}

/// Gives the identities of the records one after the other.
pub(crate) struct PlacesReader {
    file: BufReader<fs_err::File>,
}

impl PlacesReader {
    /// The identity of the next record; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<u32>, LinkageError> {
        let mut bytes = [0; 4];
        match self.file.read_exact(&mut bytes) {
            Ok(()) => Ok(Some(u32::from_le_bytes(bytes))),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
