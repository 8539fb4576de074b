//! The hashes of the input files, of which large ones that lie still are not read again.
//!
//! Whether a file is the one of the last run is told by a hash of its bytes. Of a nation that is twenty gigabytes a month,
//! so the state keeps beside each hash what the file system said of the file: its size, its place on the disk, and when its
//! bytes and its entry last changed. Where all of that is as it was, the hash is. The last of these times is the system's
//! own; whoever sets a file's date back changes it.
//!
//! Invariants: a file that is not [`LARGE`] is always read; so is one that changed less than [`STILL`] before the list was
//! written (both in the same tick of a coarse clock would look alike), and every file where the system does not tell when
//! its entry changed. `counted run --reread` reads all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::StudyError;
use crate::matched::Matched;

const LIST: &str = "hashes.json";
/// Smaller files are read whatever the system says: it takes less than a blink.
const LARGE: u64 = 64 << 20;
/// Seconds for which a file must have lain still: the coarsest clocks of file systems tick in two.
const STILL: i64 = 2;

/// What the file system says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    device: u64,
    inode: u64,
    /// Seconds and nanoseconds of the last change of its bytes, and of its entry.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Entry {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let meta = fs_err::metadata(path).ok()?;
        Some(Self {
            bytes: meta.size(),
            device: meta.dev(),
            inode: meta.ino(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    fn of(_: &Path) -> Option<Self> {
        None
    }

    /// Whether the file had lain still when the list was written.
    fn was_still(&self, written: (i64, i64)) -> bool {
        [self.modified, self.changed]
            .iter()
            .all(|(second, _)| second.saturating_add(STILL) < written.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    entry: Entry,
    hash: String,
}

/// The hashes of one run: of which files they are known, and those that it found.
pub(crate) struct Hashes {
    list: PathBuf,
    /// From this size on a file may be known by its entry.
    large: u64,
    former: BTreeMap<PathBuf, Known>,
    /// When the former list was written, by the clock of the file system.
    written: Option<(i64, i64)>,
    found: BTreeMap<PathBuf, String>,
    kept: BTreeMap<PathBuf, Known>,
}

impl Hashes {
    /// Opens what the last run kept in the state. What is not there or damaged is nothing; so is all where every file is to
    /// be read.
    pub(crate) fn open(state: &Path, reread: bool) -> Self {
        let list = state.join(LIST);
        let text = fs_err::read(&list).ok().filter(|_| !reread);
        let former = text.and_then(|text| serde_json::from_slice(&text).ok());
        Self {
            written: Entry::of(&list).map(|entry| entry.modified),
            list,
            large: LARGE,
            former: former.unwrap_or_default(),
            found: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// The hash of a file's bytes, known or read; to be given to [`Hashes::add`].
    pub(crate) fn of(&self, file: &Matched) -> Result<Hashed, StudyError> {
        let before = Entry::of(&file.absolute).filter(|entry| entry.bytes >= self.large);
        let known = before.zip(self.written).and_then(|(entry, written)| {
            let known = self.former.get(&file.absolute)?;
            (known.entry == entry && entry.was_still(written)).then(|| known.hash.clone())
        });
        let hash = match known {
            Some(hash) => hash,
            None => of_file(&file.absolute).map_err(|error| StudyError::Source {
                message: error.to_string(),
            })?,
        };
        // A file that was written to while it was read has no entry that goes with the hash.
        let entry = before.filter(|before| Entry::of(&file.absolute) == Some(*before));
        Ok(Hashed { hash, entry })
    }

    pub(crate) fn add(&mut self, file: &Matched, hashed: Hashed) {
        let Hashed { hash, entry } = hashed;
        if let Some(entry) = entry {
            let hash = hash.clone();
            self.kept.insert(file.absolute.clone(), Known { entry, hash });
        }
        self.found.insert(file.absolute.clone(), hash);
    }

    /// What this run found, by where the files lie.
    pub(crate) fn found(&self) -> &BTreeMap<PathBuf, String> {
        &self.found
    }

    /// Keeps them for the next run.
    pub(crate) fn keep(&self) -> Result<(), StudyError> {
        let part = self.list.with_extension("part");
        fs_err::write(&part, serde_json::to_vec(&self.kept).unwrap_or_default())?;
        Ok(engine::rename(&part, &self.list)?)
    }
}

/// A hash, with the entry that the file had before and after it was read.
pub(crate) struct Hashed {
    pub(crate) hash: String,
    entry: Option<Entry>,
}

/// BLAKE3 of a file's bytes, in hexadecimal.
pub(crate) fn of_file(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs_err::File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A file of a folder, and the hashes of the next run in which files of any size may be known.
    fn next(folder: &Path, reread: bool) -> (Hashes, Matched) {
        let mut hashes = Hashes::open(folder, reread);
        hashes.large = 1;
        let file = Matched {
            relative: "a.csv".to_owned(),
            absolute: folder.join("a.csv"),
        };
        (hashes, file)
    }

    /// The hash that a run takes for the file's; with a list that was written long after everything.
    fn run(folder: &Path, reread: bool, list: &dyn Fn(&Path)) -> String {
        let (mut hashes, file) = next(folder, reread);
        let hashed = hashes.of(&file).unwrap();
        let hash = hashed.hash.clone();
        hashes.add(&file, hashed);
        hashes.keep().unwrap();
        list(&folder.join(LIST));
        hash
    }

    fn day(second: u64) -> std::time::SystemTime {
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(second)
    }

    /// Gives the list a date far ahead, as if it had been written then; `lie` lets it hold another hash.
    fn later(lie: bool) -> impl Fn(&Path) {
        move |list| {
            if lie {
                let mut known: BTreeMap<PathBuf, Known> =
                    serde_json::from_slice(&fs_err::read(list).unwrap()).unwrap();
                known
                    .values_mut()
                    .for_each(|known| "a lie".clone_into(&mut known.hash));
                fs_err::write(list, serde_json::to_vec(&known).unwrap()).unwrap();
            }
            let file = fs_err::OpenOptions::new().write(true).open(list).unwrap();
            file.file().set_modified(day(99_000_000_000)).unwrap();
        }
    }

    /// Whether the list was believed: it holds a lie, which only whoever does not read the file repeats.
    #[test]
    fn a_file_is_known_by_its_entry_alone_where_nothing_of_it_changed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let path = folder.join("a.csv");
        fs_err::write(&path, "one").unwrap();
        let one = run(folder, false, &later(true));
        assert_eq!(one, blake3::hash(b"one").to_hex().to_string());
        assert_eq!(run(folder, false, &later(true)), "a lie");
        // Who asks for all to be read is told the truth.
        assert_eq!(run(folder, true, &later(true)), one);
        // Other bytes of the same size, with the date set back: the system's own time tells.
        let date = fs_err::metadata(&path).unwrap().modified().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs_err::write(&path, "two").unwrap();
        let file = fs_err::OpenOptions::new().write(true).open(&path).unwrap();
        file.file().set_modified(date).unwrap();
        assert_eq!(
            run(folder, false, &|_| ()),
            blake3::hash(b"two").to_hex().to_string()
        );
    }

    #[test]
    fn a_file_that_changed_just_before_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs_err::write(folder.join("a.csv"), "one").unwrap();
        let lie = |list: &Path| {
            later(true)(list);
            let changed = Entry::of(&folder.join("a.csv")).unwrap().changed.0.unsigned_abs();
            let file = fs_err::OpenOptions::new().write(true).open(list).unwrap();
            file.file()
                .set_modified(day(changed + STILL.unsigned_abs()))
                .unwrap();
        };
        let one = run(folder, false, &lie);
        assert_eq!(run(folder, false, &lie), one);
    }

    #[test]
    fn a_small_file_is_always_read_and_a_damaged_list_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs_err::write(folder.join("a.csv"), "one").unwrap();
        let one = run(folder, false, &later(true));
        let (mut hashes, file) = next(folder, false);
        hashes.large = 4;
        assert_eq!(hashes.of(&file).unwrap().hash, one);
        fs_err::write(folder.join(LIST), "{").unwrap();
        assert_eq!(run(folder, false, &|_| ()), one);
    }
}
