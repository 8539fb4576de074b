//! What the first pass found in a file, kept for the next reading: a file that is as it was is not parsed again.
//!
//! The clean records of a file stay where the first pass wrote them. Behind them stands what else it found, as JSON, and at
//! the end, in eight bytes, how long that is. Marks are made anew from the records, so a file that was damaged is noticed.
//!
//! Invariant: what is taken over is what a pass over the same bytes finds.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vocabulary::date::Date;

use super::clean::Clean;
use super::collect::FileRead;
use super::header::Stamp;
use super::same::Mark;
use super::spool::{Scratch, scratch_error};
use crate::error::IntakeError;
use crate::kept::bytes_of;
use crate::outcome::{CosdInput, FileFacts};
use crate::problem::{Problem, Problems};

/// Where a reading keeps, and under what its files are taken over.
#[derive(Clone, Copy)]
pub(crate) struct Keep<'a> {
    /// Folder of the tables of the last reading.
    pub(crate) former: Option<&'a Path>,
    /// Whatever else the reading depends on; under other settings nothing is taken over.
    pub(crate) settings: &'a str,
    /// BLAKE3 of files by where they lie, as far as it is known.
    pub(crate) hashes: &'a BTreeMap<PathBuf, String>,
}

/// What stands behind the records of a file.
#[derive(Serialize, Deserialize)]
struct Head {
    facts: FileFacts,
    made: Option<Stamp>,
    problems: Vec<(Vec<Problem>, u64)>,
    /// Bytes of each record, and a hash over all of them.
    lengths: Vec<u32>,
    records: String,
}

/// The files of a reading, by their places. What is kept of a file goes from reading to reading as it is; this does not.
#[derive(Serialize, Deserialize)]
pub(super) struct List {
    settings: String,
    pub(super) as_of: Date,
    pub(super) files: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) number: u32,
    /// False where it was left out as a whole: then nothing is kept of it.
    pub(super) readable: bool,
}

/// What the last reading kept.
#[derive(Default)]
pub(super) struct Former {
    /// Folder of its tables, and its files.
    list: Option<(PathBuf, List)>,
    /// By path relative to the study.
    files: BTreeMap<String, (PathBuf, Head)>,
}

impl Former {
    /// Opens it. What is not there, damaged, or kept under other settings is nothing.
    pub(super) fn open(keep: Keep<'_>) -> Self {
        let list = |folder: &Path| -> Option<List> {
            let text = fs_err::read(list_in(folder)).ok()?;
            let list: List = serde_json::from_slice(&text).ok()?;
            (list.settings == keep.settings).then_some(list)
        };
        let Some((folder, list)) = keep.former.and_then(|folder| Some((folder, list(folder)?))) else {
            return Self::default();
        };
        let files = list.files.iter().enumerate().filter_map(|(place, listed)| {
            let path = Scratch::kept_in(folder).join(Scratch::name(place));
            let head = head(&path).filter(|head| head.facts.path == listed.path)?;
            Some((listed.path.clone(), (path, head)))
        });
        Self {
            files: files.collect(),
            list: Some((folder.to_owned(), list)),
        }
    }

    /// The folder of its tables, and its files.
    pub(super) fn list(&self) -> Option<(&Path, &List)> {
        self.list.as_ref().map(|(folder, list)| (folder.as_path(), list))
    }

    /// The marks of a file as they were, and when it was made; none where they are lost.
    pub(super) fn marks(&self, path: &str) -> Option<(Vec<Mark>, Option<Stamp>)> {
        let (place, head) = self.files.get(path)?;
        Some((marks(place, head, 0)?, head.made))
    }

    /// What stands for a file: what was found in it, its records under a second name where this reading has them.
    pub(super) fn take_over(
        &self,
        input: &CosdInput,
        place: usize,
        scratch: &Scratch,
        keep: Keep<'_>,
    ) -> Result<Option<FileRead>, IntakeError> {
        let Some((path, head)) = self.files.get(&input.path) else {
            return Ok(None);
        };
        let known = keep.hashes.get(&input.absolute).cloned();
        if known.or_else(|| bytes_of(&input.absolute)).as_ref() != Some(&head.facts.hash) {
            return Ok(None);
        }
        let Some(marks) = marks(path, head, place) else {
            return Ok(None);
        };
        engine::second_name(path, &scratch.path(place)).map_err(scratch_error)?;
        Ok(Some(FileRead {
            facts: FileFacts {
                file: input.file,
                ..head.facts.clone()
            },
            made: head.made,
            marks,
            problems: Problems::of_groups(head.problems.iter().cloned()),
            unreadable: None,
            taken_over: true,
        }))
    }
}

fn list_in(out: &Path) -> PathBuf {
    out.join("kept").join("cosd.json")
}

/// Keeps which files there are.
pub(super) fn keep_list(
    files: &[CosdInput],
    read: &[FileRead],
    (settings, as_of): (&str, Date),
    out: &Path,
) -> Result<(), IntakeError> {
    let listed = files.iter().zip(read).map(|(input, read)| Listed {
        path: input.path.clone(),
        number: input.file,
        readable: read.unreadable.is_none(),
    });
    let list = List {
        settings: settings.to_owned(),
        as_of,
        files: listed.collect(),
    };
    let write = || fs_err::write(list_in(out), serde_json::to_vec(&list)?);
    write().map_err(scratch_error)
}

/// Keeps what the first pass found in a file, behind its records.
pub(super) fn keep(read: &FileRead, path: &Path) -> Result<(), IntakeError> {
    let head = Head {
        facts: read.facts.clone(),
        made: read.made,
        problems: read
            .problems
            .groups()
            .map(|(listed, count)| (listed.to_vec(), count))
            .collect(),
        lengths: read.marks.iter().map(|mark| mark.length).collect(),
        records: hash(&read.marks),
    };
    let write = || -> std::io::Result<()> {
        let text = serde_json::to_vec(&head)?;
        let mut file = fs_err::OpenOptions::new().append(true).open(path)?;
        file.write_all(&text)?;
        file.write_all(&(text.len() as u64).to_le_bytes())
    };
    write().map_err(scratch_error)
}

fn head(path: &Path) -> Option<Head> {
    let mut file = fs_err::File::open(path).ok()?;
    let end = file.seek(SeekFrom::End(-8)).ok()?;
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let start = end.checked_sub(u64::from_le_bytes(length))?;
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut text = Vec::new();
    file.take(end - start).read_to_end(&mut text).ok()?;
    let head: Head = serde_json::from_slice(&text).ok()?;
    let records: u64 = head.lengths.iter().copied().map(u64::from).sum();
    (records == start).then_some(head)
}

/// The marks of the records that were kept; none where these are not what was written.
fn marks(path: &Path, head: &Head, place: usize) -> Option<Vec<Mark>> {
    let mut file = BufReader::with_capacity(1 << 17, fs_err::File::open(path).ok()?);
    let (mut marks, mut bytes, mut offset) = (Vec::with_capacity(head.lengths.len()), Vec::new(), 0);
    for (row, &length) in (1..).zip(&head.lengths) {
        bytes.resize(length as usize, 0);
        file.read_exact(&mut bytes).ok()?;
        let clean = Clean::decode(u64::from(row), &bytes)?;
        marks.push(Mark::of(&clean, (place as u32, row), (offset, &bytes)));
        offset += u64::from(length);
    }
    (hash(&marks) == head.records).then_some(marks)
}

/// A hash over all records, by the hashes of each.
fn hash(marks: &[Mark]) -> String {
    let mut hasher = blake3::Hasher::new();
    for mark in marks {
        hasher.update(&mark.row.to_le_bytes());
        hasher.update(&mark.content.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
