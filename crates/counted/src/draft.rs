//! Files in the making: readable by their owner only, whole or not there at all.
//!
//! A draft is locked until it has its place, and the system gives the lock back however the call ends. So what lies beside a
//! place under the name of a draft, and is not locked, was left by a call that was killed.

use std::ffi::OsStr;
use std::fs::TryLockError;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::ending;
use crate::exit::Failure;
use crate::works::is_at;

/// A file in the making. It lies beside its place, under a name that no other file has, and takes it when it is finished; until
/// then, and when the work fails, what was there stays.
pub(crate) struct Draft {
    place: PathBuf,
    beside: PathBuf,
    /// Whether it is still in the making: only then is what lies beside its own.
    unfinished: bool,
    writer: Option<BufWriter<fs_err::File>>,
    /// The finished file: open, and with it locked, until it has its place.
    finished: Option<fs_err::File>,
}

const BUFFER: usize = 1 << 18;

/// Drafts that this process began: with its number in the name, two calls with one output do not meet.
static DRAFTS: AtomicU32 = AtomicU32::new(0);

/// Names that are tried for a draft; another machine may work in the same folder with a process of our number.
const NAMES: u32 = 1000;

impl Draft {
    /// Starts a file, and removes what killed calls left of theirs. Fails at once where it could not be written at the end.
    pub(crate) fn create(place: &Path) -> Result<Self, Failure> {
        if place.is_dir() {
            return Err(Failure::call(format!(
                "{}: it is a folder; give the name of a file",
                place.display()
            )));
        }
        let Some(name) = place.file_name() else {
            return Err(Failure::call("an empty name was given for a file to write"));
        };
        sweep(place, name);
        ending::attend();
        let (beside, file) = beside(place, name).map_err(|error| {
            // The name of the draft is nobody's business: the file that was asked for is the one to name.
            Failure::call(format!(
                "{}: it cannot be written ({}); give a file in a folder that you may write to",
                place.display(),
                error.kind()
            ))
        })?;
        ending::note(&beside);
        Ok(Self {
            place: place.to_owned(),
            beside,
            unfinished: true,
            writer: Some(BufWriter::with_capacity(BUFFER, file)),
            finished: None,
        })
    }

    /// Makes the file durable. It has not taken its place yet.
    pub(crate) fn close(&mut self) -> Result<(), Failure> {
        if let Some(writer) = self.writer.take() {
            let file = writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            self.finished = Some(file);
        }
        Ok(())
    }

    /// The name of the draft is nobody's business: what is in the way is what has the place.
    fn not_placed(&self, error: &std::io::Error) -> Failure {
        let kind = error.kind();
        match engine::Lack::of(error) {
            Some(lack) => Failure::call(format!(
                "{}: it cannot be written ({kind}); {}",
                self.place.display(),
                lack.advice()
            )),
            None => Failure::call(format!(
                "{}: it cannot be written ({kind}); give another name or folder",
                self.place.display()
            )),
        }
    }

    /// Takes its place.
    pub(crate) fn publish(mut self) -> Result<(), Failure> {
        self.close()?;
        engine::rename(&self.beside, &self.place).map_err(|error| self.not_placed(&error))?;
        self.unfinished = false;
        ending::forget(&self.beside);
        drop(self.finished.take());
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.unfinished {
            // Where it cannot be removed, its name tells what it is.
            let _gone = fs_err::remove_file(&self.beside);
            ending::forget(&self.beside);
        }
    }
}

/// A new file beside a place, which only its owner can read. Nothing that is there is touched.
fn beside(place: &Path, name: &OsStr) -> std::io::Result<(PathBuf, fs_err::File)> {
    let mut tried = 0;
    loop {
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let mut part = name.to_owned();
        part.push(format!(".{}-{number}.part", std::process::id()));
        let beside = place.with_file_name(part);
        tried += 1;
        match private(&beside) {
            Ok(file) if is_kept(&file, &beside) => return Ok((beside, file)),
            // Another call took it for one that a killed call left, in the moment before it was locked.
            Ok(_) if tried < NAMES => {}
            Ok(_) => return Err(ErrorKind::ResourceBusy.into()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && tried < NAMES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Locks a new draft. Where a disk has no locks it does without: there nobody can take it for one that was left.
fn is_kept(file: &fs_err::File, path: &Path) -> bool {
    match file.file().try_lock() {
        Ok(()) => is_at(file, path),
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => true,
    }
}

/// Removes the drafts of a place that calls left which were killed: those whose lock nobody holds.
fn sweep(place: &Path, name: &OsStr) {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    // A folder that cannot be read can still be written to.
    let Ok(entries) = fs_err::read_dir(folder.unwrap_or(Path::new("."))) else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !is_draft(&entry.file_name(), name) {
            continue;
        }
        let path = entry.path();
        let Ok(file) = fs_err::OpenOptions::new().write(true).open(&path) else {
            continue;
        };
        if file.file().try_lock().is_ok() && is_at(&file, &path) {
            // What cannot be removed hinders nobody.
            let _gone = fs_err::remove_file(&path);
        }
    }
}

/// Whether a name is that of a draft of a file: its name, the numbers of a process and of a draft, and the ending.
fn is_draft(name: &OsStr, of: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(of.as_encoded_bytes());
    let numbers = rest
        .and_then(|rest| rest.strip_prefix(b"."))
        .and_then(|rest| rest.strip_suffix(b".part"));
    let Some(numbers) = numbers else {
        return false;
    };
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let parts: Vec<&[u8]> = numbers.split(|byte| *byte == b'-').collect();
    parts.len() == 2 && parts.into_iter().all(is_number)
}

/// A new file that only its owner can read.
fn private(path: &Path) -> std::io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn drafts_of_one_place_neither_meet_nor_touch_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        let own = folder.path().join("out.csv.part");
        fs_err::write(&own, "somebody's").unwrap();
        let drafts = ["one", "other"].map(|words| {
            let mut draft = Draft::create(&place).unwrap();
            draft.write_all(words.as_bytes()).unwrap();
            draft
        });
        for (draft, words) in drafts.into_iter().zip(["one", "other"]) {
            draft.publish().unwrap();
            assert_eq!(fs_err::read_to_string(&place).unwrap(), words);
        }
        assert_eq!(fs_err::read_to_string(&own).unwrap(), "somebody's");
    }

    #[test]
    fn a_draft_takes_its_place_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        fs_err::write(&place, "former").unwrap();
        let mut draft = Draft::create(&place).unwrap();
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "former");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
        let mut draft = Draft::create(&place).unwrap();
        draft.write_all(b"new").unwrap();
        draft.publish().unwrap();
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_call_left_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        let at_work = Draft::create(&place).unwrap();
        let left = ["out.csv.4711-0.part", "out.csv.1-12.part"];
        let others = [
            "out.csv.part",
            "out.csv.a-1.part",
            "out.csv.1-1-1.part",
            "out.csv.1.part",
            "my-out.csv.1-1.part",
            "out.csv.1-1.partly",
        ];
        for name in left.iter().chain(&others) {
            fs_err::write(folder.path().join(name), "people").unwrap();
        }
        fs_err::create_dir(folder.path().join("out.csv.1-1.part")).unwrap();
        let mut draft = Draft::create(&place).unwrap();
        for name in left {
            assert!(!folder.path().join(name).exists(), "{name}");
        }
        for name in others.iter().chain(&["out.csv.1-1.part"]) {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        // Finished and not yet in its place, it is still kept.
        draft.write_all(b"new").unwrap();
        draft.close().unwrap();
        drop(Draft::create(&place).unwrap());
        draft.publish().unwrap();
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "new");
        at_work.publish().unwrap();
    }
}
