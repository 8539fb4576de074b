//! Folders for working files, which hold people.
//!
//! One call at a time has such a folder: it holds the lock of a file there, which the system gives back however the call
//! ends. What lies in a folder whose lock nobody holds was left by a call that was killed, and goes when the next call takes
//! the folder. A folder without our file is somebody's, and is not touched.

use std::fs::TryLockError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::ending;
use crate::exit::Failure;

/// The file by which a folder is known to be ours.
const LOCK: &str = "counted.lock";

/// How often it is tried anew when another call that had the folder is just removing it.
const TRIES: u32 = 100;

/// A folder that this call alone has, and only its owner can enter; gone at the end.
pub(crate) struct Works {
    folder: PathBuf,
    lock: Option<fs_err::File>,
}

impl Works {
    /// Takes a folder, empty, and makes it if it is not there.
    pub(crate) fn take(folder: &Path) -> Result<Self, Failure> {
        ending::attend();
        for _ in 0..TRIES {
            let Some(lock) = attempt(folder)? else {
                continue;
            };
            ending::note(folder);
            let works = Self {
                folder: folder.to_owned(),
                lock: Some(lock),
            };
            engine::private_folder(folder)?;
            empty(folder)?;
            return Ok(works);
        }
        Err(busy(folder))
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Works {
    fn drop(&mut self) {
        // Where it cannot be removed, the next call that takes it says so.
        let _gone = empty(&self.folder);
        // From when it has no lock, it may be another call's.
        ending::forget(&self.folder);
        let _gone = fs_err::remove_file(self.folder.join(LOCK));
        // Windows may keep the name of a file until nobody has it open any more.
        drop(self.lock.take());
        let _gone = fs_err::remove_dir(&self.folder);
    }
}

/// Removes a folder of working files. The lock goes last, so that what is left of a removal that is cut short is known to be
/// ours.
pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    empty(folder)?;
    fs_err::remove_file(folder.join(LOCK))?;
    fs_err::remove_dir(folder)
}

/// Whether a file that was opened is still the one of that name: who removes a file holds its lock, and who waits for the lock
/// would get that of a file without a name.
pub(crate) fn is_at(file: &fs_err::File, path: &Path) -> bool {
    let (Ok(opened), Ok(named)) = (file.metadata(), fs_err::symlink_metadata(path)) else {
        return false;
    };
    same(&opened, &named)
}

#[cfg(unix)]
fn same(one: &std::fs::Metadata, other: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where the system does not say, a name stands for one file.
#[cfg(not(unix))]
fn same(_one: &std::fs::Metadata, _other: &std::fs::Metadata) -> bool {
    true
}

/// Makes the folder or finds it, and locks it. None where another call is just removing it.
fn attempt(folder: &Path) -> Result<Option<fs_err::File>, Failure> {
    match fs_err::create_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(Failure::call(format!(
                "{error}; give a file in a folder that you may write to"
            )));
        }
    }
    let path = folder.join(LOCK);
    let opened = match is_ours(folder) {
        Ok(true) => fs_err::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path),
        Ok(false) => {
            return Err(Failure::call(format!(
                "{}: working files would lie there, and something else does; move it away, or give another output",
                folder.display()
            )));
        }
        Err(error) => Err(error),
    };
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match file.file().try_lock() {
        Ok(()) => Ok(is_at(&file, &path).then_some(file)),
        Err(TryLockError::WouldBlock) => Err(busy(folder)),
        Err(TryLockError::Error(error)) => Err(Failure::call(format!(
            "{}: it cannot be locked ({error}); give an output on a disk that has locks",
            path.display()
        ))),
    }
}

fn busy(folder: &Path) -> Failure {
    Failure::call(format!(
        "{}: another call is at work on the same output; wait for it to end, or give another output",
        folder.display()
    ))
}

/// Whether a folder is one of ours: it has our file, or nothing yet.
fn is_ours(folder: &Path) -> io::Result<bool> {
    if !fs_err::symlink_metadata(folder)?.is_dir() {
        return Ok(false);
    }
    match fs_err::symlink_metadata(folder.join(LOCK)) {
        Ok(lock) => Ok(lock.is_file()),
        Err(_) => Ok(fs_err::read_dir(folder)?.next().is_none()),
    }
}

/// Removes everything in a folder but the lock.
fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str() == Some(LOCK) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs_err::remove_dir_all(entry.path())?;
        } else {
            fs_err::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What a killed call leaves: the folder with its lock, which nobody holds.
    fn left(folder: &Path) {
        fs_err::create_dir_all(folder.join("intake/parts")).unwrap();
        for name in [LOCK, "rows", "intake/parts/people"] {
            fs_err::write(folder.join(name), "people").unwrap();
        }
    }

    #[test]
    fn a_folder_is_taken_by_one_and_goes_with_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("list.csv.work");
        let works = Works::take(&folder).unwrap();
        fs_err::write(works.folder().join("rows"), "people").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs_err::metadata(&folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        assert!(Works::take(&folder).is_err());
        assert!(folder.join("rows").is_file());
        drop(works);
        assert!(!folder.exists());
        drop(Works::take(&folder).unwrap());
        assert!(!folder.exists());
    }

    #[test]
    fn what_a_killed_call_left_goes_when_the_next_one_begins() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("list.csv.work");
        left(&folder);
        let works = Works::take(&folder).unwrap();
        let names = fs_err::read_dir(&folder).unwrap();
        let names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, [LOCK]);
        drop(works);
        // Killed before it was locked, or after the lock was removed.
        fs_err::create_dir(&folder).unwrap();
        drop(Works::take(&folder).unwrap());
        assert!(!folder.exists());
    }

    #[test]
    fn what_is_not_ours_is_not_touched() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("list.csv.work");
        fs_err::create_dir(&folder).unwrap();
        fs_err::write(folder.join("rows"), "somebody's").unwrap();
        assert!(Works::take(&folder).is_err());
        assert!(folder.join("rows").is_file() && !folder.join(LOCK).exists());
        #[cfg(unix)]
        {
            let link = root.path().join("link.csv.work");
            fs_err::os::unix::fs::symlink(&folder, &link).unwrap();
            fs_err::remove_file(folder.join("rows")).unwrap();
            assert!(Works::take(&link).is_err());
            assert!(folder.is_dir());
        }
    }

    /// However many come at a time, one has it, and each finds it empty.
    #[test]
    fn no_two_calls_meet_in_a_folder() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("list.csv.work");
        left(&folder);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let Ok(works) = Works::take(&folder) else {
                            continue;
                        };
                        let rows = works.folder().join("rows");
                        assert!(!rows.exists(), "another call is there");
                        fs_err::write(&rows, "people").unwrap();
                        assert!(rows.is_file(), "another call removed it");
                    }
                });
            }
        });
        assert!(!folder.exists());
    }
}
