//! Whose records were in a former run, where their files came again.
//!
//! A row number stands for a record only while its file is as it was, and so does an id of the record's own, which is
//! unique within one submission only: such a file's records are looked up by their ids (`former`), also where it has
//! another name now. Any other record is known again by what it says: by all of it, or else by its number with its birth
//! date, or by its key where it has not both. What several former people say alike tells nobody apart, so it is nobody's:
//! such people get new ids, and no id comes to somebody else.
//!
//! Nothing of it is read, and nothing is held, where every former file is there as it was, and read as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind::{NotFound, UnexpectedEof};
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::bits::Bits;
use crate::cascade::{Identity, Words, mix};
use crate::error::LinkageError;
use crate::files::Files;
use crate::former::Former;
use crate::kept::{Kept, KeptFile, RecordsReader, all_whole, each_identity, read_texts};
use crate::links::{LINKS, record_id};
use crate::read::{number_word, stream};
use crate::run::Request;

/// Stands for nobody.
const NOBODY: u32 = 0;
/// Stands for several people.
const SEVERAL: u32 = u32::MAX;

/// The former run as what it kept tells it, and the files of this run as they will be kept.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) kept: Option<&'a Kept>,
    /// The files as the former intake listed them, where what was kept is damaged and that list is there.
    pub(crate) listed: Option<&'a Files>,
    pub(crate) present: &'a [KeptFile],
}

impl Before<'_> {
    /// The former file that each file is, row by row: the one of its path, or else one that has another name now.
    fn same_files(&self) -> Vec<Option<usize>> {
        let former = self.kept.map_or(&[][..], |kept| &kept.files);
        let by_path: BTreeMap<&str, usize> = former
            .iter()
            .enumerate()
            .map(|(at, file)| (file.path.as_str(), at))
            .collect();
        let in_place = |file: &KeptFile| {
            let at = *by_path.get(file.path.as_str())?;
            let before = &former[at];
            let is_same = file.has_content_of(before).unwrap_or_else(|| {
                // An earlier program kept no hash of the file: its rows are believed, as that program believed them.
                let not_kept = before.content.is_empty() && !file.content.is_empty();
                not_kept || file.fingerprint == before.fingerprint
            });
            is_same.then_some(at)
        };
        let mut same: Vec<Option<usize>> = self.present.iter().map(in_place).collect();
        let mut taken: BTreeSet<usize> = same.iter().copied().flatten().collect();
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, file) in former.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            left.entry(whole_file(file)).or_insert(at);
        }
        for (file, same) in self.present.iter().zip(&mut same) {
            if same.is_none() {
                let found = left.get(whole_file(file)).copied();
                *same = found.filter(|at| taken.insert(*at));
            }
        }
        same
    }

    /// The files, by their place, whose names the former run had for other rows; or which it may have had so under another
    /// name, where it had a file that is not there as it was.
    pub(crate) fn with_other_rows(&self) -> BTreeSet<usize> {
        let Some(kept) = self.kept else {
            return self.not_listed();
        };
        let former = &kept.files;
        let known: BTreeSet<&str> = former.iter().map(|file| file.path.as_str()).collect();
        let same = self.same_files();
        let found: BTreeSet<usize> = same.iter().copied().flatten().collect();
        let mut all = former.iter().enumerate();
        let some_are_lost = all.any(|(at, file)| file.records > 0 && !found.contains(&at));
        let pairs = self.present.iter().zip(same).enumerate();
        pairs
            .filter(|(_, (file, same))| {
                let is_known = known.contains(file.path.as_str());
                match same {
                    // It has the name now that another file had.
                    Some(at) => is_known && former[*at].path != file.path,
                    None => is_known || some_are_lost,
                }
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// The files, by their place, that are not known to be as they were where what was kept is damaged: those of which the
    /// former intake says something else or nothing; all of them where nothing is left of it.
    fn not_listed(&self) -> BTreeSet<usize> {
        let listed = self.listed.map_or(&[][..], |files| &files.list);
        let known: BTreeSet<(&str, &str)> = listed
            .iter()
            .map(|file| (file.path.as_str(), file.content.as_str()))
            .collect();
        let is_known = |file: &KeptFile| {
            !file.content.is_empty() && known.contains(&(file.path.as_str(), file.content.as_str()))
        };
        let files = self.present.iter().enumerate();
        files
            .filter(|(_, file)| !is_known(file))
            .map(|(place, _)| place)
            .collect()
    }
}

/// By what a file is known under another name.
fn whole_file(file: &KeptFile) -> &str {
    if file.content.is_empty() {
        &file.fingerprint
    } else {
        &file.content
    }
}

/// How the records of each file are looked up among those of the former run.
pub(crate) struct Resent<'a> {
    /// The path under which the former run had each file whose rows are as they were, by its place in the list.
    paths: Vec<Option<&'a str>>,
    /// The former person of each identity; empty where every former file is as it was.
    had: Vec<u32>,
}

impl<'a> Resent<'a> {
    /// `words` are those of the identities that this run read and wrote.
    pub(crate) fn of(
        request: &Request<'_>,
        folder: &Path,
        files: &'a Files,
        before: Before<'a>,
        words: &Words,
    ) -> Result<Self, LinkageError> {
        let Some(kept) = before.kept else {
            // What the former run kept is damaged: there is nothing but rows to go by, of files that are as they were as far
            // as it can be known.
            let others = before.listed.map(|_| before.not_listed()).unwrap_or_default();
            let path = |(place, path): (usize, &'a str)| (!others.contains(&place)).then_some(path);
            return Ok(Self {
                paths: files.paths().enumerate().map(path).collect(),
                had: Vec::new(),
            });
        };
        let same = before.same_files();
        let mut lost = vec![true; kept.files.len()];
        for (file, at) in before.present.iter().zip(&same) {
            if let Some(at) = *at {
                // Intake may set rows of it aside now, as superseded or repeated: their records are in other files.
                lost[at] = file.fingerprint != kept.files[at].fingerprint;
            }
        }
        let former = |at: &Option<usize>| at.map(|at| kept.files[at].path.as_str());
        let mut resent = Self {
            paths: same.iter().map(former).collect(),
            had: Vec::new(),
        };
        let is_lost = |(file, lost): (&KeptFile, &bool)| *lost && file.records > 0;
        if kept.is_readable() && kept.files.iter().zip(&lost).any(is_lost) {
            resent.had = match known_again(request, folder, (kept, &lost), words) {
                Ok(had) => had,
                // Damaged: those people get new ids.
                Err(LinkageError::Kept) => Vec::new(),
                Err(LinkageError::Io(error)) if matches!(error.kind(), UnexpectedEof | NotFound) => {
                    Vec::new()
                }
                Err(error) => return Err(error),
            };
        }
        Ok(resent)
    }

    /// The path under which the former run had a file, if it had it.
    fn path(&self, files: &'a Files, place: usize) -> &'a str {
        let former = self.paths.get(place).copied().flatten();
        former.unwrap_or(&files.list[place].path)
    }
}

/// Looks up whose each record was, file after file.
pub(crate) struct LookUp<'a> {
    files: &'a Files,
    resent: &'a Resent<'a>,
    former: Former,
    /// The number of the present file.
    present: Option<i64>,
    /// True when the former run had it with the same rows.
    is_as_it_was: bool,
    /// The id of the present record, which stands for the same record as before in a file that is as it was; its path ends
    /// at `path_end`.
    id: String,
    path_end: usize,
}

impl<'a> LookUp<'a> {
    pub(crate) fn open(
        folder: &Path,
        files: &'a Files,
        resent: &'a Resent<'a>,
    ) -> Result<Self, LinkageError> {
        let places = 0..files.list.len();
        let former = Former::open(folder, places.map(|place| resent.path(files, place)))?;
        Ok(Self {
            files,
            resent,
            former,
            present: None,
            is_as_it_was: false,
            id: String::new(),
            path_end: 0,
        })
    }

    /// Turns to the file of this number, unless it is at hand.
    pub(crate) fn file(&mut self, number: i64) -> Result<(), LinkageError> {
        if self.present != Some(number) {
            let place = self.files.place(number)?;
            let path = self.resent.path(self.files, place);
            self.former.file(path)?;
            self.id = format!("{path}#");
            self.path_end = self.id.len();
            self.is_as_it_was = self.resent.paths.get(place).is_some_and(Option::is_some);
            self.present = Some(number);
        }
        Ok(())
    }

    /// Turns to the next record of the file; gives whose it was, where its id stands for the same record as before.
    pub(crate) fn by_id(&mut self, record: Option<&str>, row: i64) -> Result<Option<u32>, LinkageError> {
        record_id(&mut self.id, self.path_end, record, row);
        if self.is_as_it_was {
            self.former.person(&self.id)
        } else {
            Ok(None)
        }
    }

    /// The id of the record in the former run, if it stands for the same record.
    pub(crate) fn id(&self) -> Option<&str> {
        self.is_as_it_was.then_some(self.id.as_str())
    }

    /// Whose a record with this identity was, if one person alone said so in a file that is not as it was, or not read so.
    pub(crate) fn by_what_it_says(&self, identity: u32) -> Option<u32> {
        let had = self.resent.had.get(identity as usize).copied();
        had.filter(|had| *had != NOBODY)
    }
}

/// The former person of each identity of this run, by what files said that are not as they were.
fn known_again(
    request: &Request<'_>,
    folder: &Path,
    (kept, lost): (&Kept, &[bool]),
    words: &Words,
) -> Result<Vec<u32>, LinkageError> {
    let known = Known::read(request, folder, kept, lost)?;
    let mut had = Vec::new();
    each_identity(request.out, |row| had.push(known.person(row, words)))?;
    Ok(had)
}

/// Former people by what records of lost files say of them.
#[derive(Default)]
struct Known {
    /// By all that they say.
    by_all: FxHashMap<u64, u32>,
    /// By number and birth date, or by key; whoever else says them has a say too.
    by_sign: FxHashMap<u64, u32>,
}

impl Known {
    fn read(request: &Request<'_>, folder: &Path, kept: &Kept, lost: &[bool]) -> Result<Self, LinkageError> {
        (request.progress)("finding the ids people had", 0);
        all_whole(folder, &kept.files, request.threads)?;
        let (persons, is_lost) = persons(request, folder, kept, lost)?;
        let words = read_texts(folder)?;
        let mut known = Self::default();
        // Those of lost files come first, so that nothing is held of what these do not say.
        for lost_ones in [true, false] {
            let mut at = 0u32;
            each_identity(folder, |row| {
                let person = persons.get(at as usize).copied().unwrap_or(NOBODY);
                if is_lost.holds(at) == lost_ones {
                    known.take_in(row, &words, person, lost_ones);
                }
                at += 1;
            })?;
        }
        Ok(known)
    }

    fn take_in(&mut self, row: &Identity, words: &Words, person: u32, is_lost: bool) {
        if is_lost {
            note(&mut self.by_all, all_of(row, words), person);
        }
        let Some(sign) = sign_of(row, words) else {
            return;
        };
        if is_lost {
            note(&mut self.by_sign, sign, person);
        } else if let Some(there) = self.by_sign.get_mut(&sign) {
            *there = one_of(*there, person);
        }
    }

    /// The one person of whom a lost file said what this identity says.
    fn person(&self, row: &Identity, words: &Words) -> u32 {
        let by_sign = || self.by_sign.get(&sign_of(row, words)?);
        let person = self.by_all.get(&all_of(row, words)).or_else(by_sign);
        let one = person.copied().filter(|person| *person != SEVERAL);
        one.unwrap_or(NOBODY)
    }
}

/// The former person of each identity of the former run, and which identities a record of a lost file has.
fn persons(
    request: &Request<'_>,
    folder: &Path,
    kept: &Kept,
    lost: &[bool],
) -> Result<(Vec<u32>, Bits), LinkageError> {
    let places: BTreeMap<i64, usize> = kept
        .files
        .iter()
        .enumerate()
        .map(|(at, file)| (file.number, at))
        .collect();
    let (mut persons, mut is_lost) = (Vec::new(), Bits::default());
    let mut records = RecordsReader::open(folder);
    let (mut identities, mut present) = (Vec::new(), None);
    stream(
        &folder.join(LINKS),
        &["file", "person"],
        request.threads,
        |batch| {
            let (file, person) = (batch.integer("file")?, batch.integer("person")?);
            let mut at = 0;
            while at < batch.rows() {
                let number = file.get(at);
                let end = (at..batch.rows()).find(|row| file.get(*row) != number);
                let end = end.unwrap_or(batch.rows());
                let place = number.and_then(|number| places.get(&number).copied());
                let place = place.ok_or(LinkageError::Kept)?;
                if present != Some(place) {
                    records.go_to(kept.files[place].lies)?;
                    present = Some(place);
                }
                records.identities(end - at, usize::MAX, &mut identities)?;
                for (row, &identity) in (at..end).zip(&identities) {
                    let person = person.get(row).and_then(|person| u32::try_from(person).ok());
                    hear(&mut persons, identity, person.unwrap_or(NOBODY));
                    if lost[place] {
                        is_lost.put(identity);
                    }
                }
                at = end;
            }
            Ok(())
        },
    )?;
    Ok((persons, is_lost))
}

fn hear(persons: &mut Vec<u32>, identity: u32, person: u32) {
    let at = identity as usize;
    if persons.len() <= at {
        persons.resize(at + 1, NOBODY);
    }
    persons[at] = one_of(persons[at], person);
}

fn note(known: &mut FxHashMap<u64, u32>, key: u64, person: u32) {
    let there = known.entry(key).or_insert(person);
    *there = one_of(*there, person);
}

/// Who it is if both are one, or one of them is nobody.
fn one_of(a: u32, b: u32) -> u32 {
    match (a, b) {
        (NOBODY, one) | (one, NOBODY) => one,
        (a, b) if a == b => a,
        _ => SEVERAL,
    }
}

/// An integer for all that an identity says, the same in every run.
fn all_of(row: &Identity, words: &Words) -> u64 {
    let texts = [
        row.family,
        row.given,
        row.postcode,
        row.organisation,
        row.local,
        row.key,
    ];
    let born_and_sex = u64::from(row.born.0) << 2 | u64::from(row.sex);
    let first = mix(mix(0, digits(row, words)), born_and_sex);
    texts
        .into_iter()
        .fold(first, |hash, word| mix(hash, words.mark(word)))
}

/// Likewise for its number and its birth date, if it has both, to the day; or else for its key.
fn sign_of(row: &Identity, words: &Words) -> Option<u64> {
    if row.number != 0 && row.born.is_whole() {
        return Some(mix(mix(1, digits(row, words)), u64::from(row.born.0)));
    }
    (row.key != 0).then(|| mix(2, words.mark(row.key)))
}

fn digits(row: &Identity, words: &Words) -> u64 {
    number_word(row.number).map_or(row.number, |word| words.mark(word))
}
