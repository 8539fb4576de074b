//! The folder in which an executor puts rows down: shuffle files, and what does not fit its memory.
//!
//! Below the folder that it is given lies one for all executors of one owner, which nobody else can enter: so whatever
//! the engine makes beneath it, with whatever permissions, is out of reach of others. In there each executor has a folder
//! of its own, under a name that no other executor has or ever had, and beside it a file that it holds locked for as
//! long as it lives. A folder whose file nobody holds is of an executor that was killed: the next one removes it.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ballista_core::ids::new_instance_id;
use engine::private_folder;

use crate::error::ClusterError;

/// The folder of all executors of one owner.
const PARENT: &str = "counted-executors";

/// What the name of an executor's folder begins with; a number that was never given before follows.
const BEFORE: &str = "executor-";

/// What the name of the file beside it ends with.
const LOCK: &str = ".lock";

/// How that file begins. Nothing is ever removed but what a file says that begins so.
const MARK: &str = "Rows of people, of an executor of counted";

/// A file in the folder, which the engine leaves alone: where it is missing, the folder is another one.
const SIGN: &str = "in-use";

/// Between two looks whether the folder is still there.
const LOOK: Duration = Duration::from_secs(1);

/// Why a folder that somebody else made is not used.
const SOMEBODYS: &str =
    "it belongs to somebody else, or you may not write there; give a `--work` of your own";

/// A folder of this executor alone; nothing beside it is touched.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Held until the folder is gone; the system gives it back when the process ends, however it ends.
    lock: fs_err::File,
}

impl Folder {
    /// Makes a folder, and removes those of executors that were killed.
    ///
    /// Errors: the folder of all executors belongs to somebody else or cannot be kept from others, files cannot be
    /// locked there, or what is left cannot be removed.
    pub(crate) fn make(work: &Path) -> Result<Self, ClusterError> {
        let parent = std::path::absolute(work)?.join(PARENT);
        // The engine takes a text, and would make another folder, elsewhere, of a name that is none.
        if parent.to_str().is_none() {
            return Err(wrong(&parent, "its name is not UTF-8; give another `--work`"));
        }
        fs_err::create_dir_all(work)?;
        parent_there(&parent)?;
        let name = format!("{BEFORE}{}", new_instance_id());
        let beside = parent.join(format!("{name}{LOCK}"));
        let lock = fs_err::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(beside)
            .map_err(|error| match error.kind() {
                ErrorKind::PermissionDenied => wrong(&parent, SOMEBODYS),
                _ => ClusterError::File(error),
            })?;
        let path = parent.join(name);
        let folder = Self { path, lock };
        match folder.begin(&parent) {
            Ok(()) => Ok(folder),
            Err(error) => {
                // What went wrong first is what is told.
                let _ = folder.remove();
                Err(error)
            }
        }
    }

    fn begin(&self, parent: &Path) -> Result<(), ClusterError> {
        owners_alone(parent, &self.lock)?;
        // Locked before it is marked, so whatever is marked and not locked belongs to nobody who lives.
        let held = self.lock.file().try_lock();
        held.map_err(|_| {
            wrong(
                parent,
                "files cannot be locked there; give a `--work` on a disk of this machine",
            )
        })?;
        let text = format!(
            "{MARK}, process {}. It lives for as long as this file is locked; then the next executor removes its folder.\n",
            std::process::id()
        );
        let mut file = &self.lock;
        file.write_all(text.as_bytes())?;
        // After a loss of power, rows without this would be nobody's.
        self.lock.sync_all()?;
        sweep(parent)?;
        private_folder(&self.path)?;
        Ok(fs_err::write(self.path.join(SIGN), "")?)
    }

    pub(crate) fn path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Waits until the folder is gone, which it is only if somebody else removed it.
    pub(crate) async fn lost(&self) -> ClusterError {
        while self.is_there().await {
            tokio::time::sleep(LOOK).await;
        }
        ClusterError::Lost(self.path.clone())
    }

    /// Whether it is the folder that was made: the engine makes one anew, under the same name, when it finds none.
    async fn is_there(&self) -> bool {
        let looked = tokio::fs::metadata(self.path.join(SIGN)).await;
        // A disk that does not answer for a while may still have it.
        !looked.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    }

    /// Removes the folder with all that lies there, and then the file beside it.
    pub(crate) fn remove(self) -> Result<(), ClusterError> {
        removed(fs_err::remove_dir_all(&self.path))?;
        removed(fs_err::remove_file(self.lock.path()))
    }
}

fn wrong(path: &Path, why: &'static str) -> ClusterError {
    ClusterError::Folder {
        path: path.to_owned(),
        why,
    }
}

/// What is gone need not be removed.
fn removed(result: std::io::Result<()>) -> Result<(), ClusterError> {
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the folder of all executors, unless it is there.
fn parent_there(parent: &Path) -> Result<(), ClusterError> {
    match fs_err::create_dir(parent) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made?,
    }
    // A link could lead to a place that others chose.
    if fs_err::symlink_metadata(parent)?.is_dir() {
        Ok(())
    } else {
        Err(wrong(
            parent,
            "it is a file or a link and no folder; remove it, or give another `--work`",
        ))
    }
}

/// Sees to it that only its owner can enter the folder of all executors, and that this is who asks.
#[cfg(unix)]
fn owners_alone(parent: &Path, lock: &fs_err::File) -> Result<(), ClusterError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    // A file that was just made has the owner of this process.
    if fs_err::metadata(parent)?.uid() != lock.metadata()?.uid() {
        return Err(wrong(parent, SOMEBODYS));
    }
    private_folder(parent)?;
    if fs_err::metadata(parent)?.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(wrong(
            parent,
            "others can enter it, and its file system keeps no permissions; give a `--work` on another disk",
        ))
    }
}

#[cfg(not(unix))]
fn owners_alone(_parent: &Path, _lock: &fs_err::File) -> Result<(), ClusterError> {
    Ok(())
}

/// Removes what executors left that were killed.
fn sweep(parent: &Path) -> Result<(), ClusterError> {
    for entry in fs_err::read_dir(parent)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(folder) = name.to_str().and_then(folder_of) else {
            continue;
        };
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let beside = entry.path();
        // Held until both are gone: another executor may be sweeping too.
        if let Some(_held) = forgotten(&beside) {
            removed(fs_err::remove_dir_all(parent.join(folder)))?;
            removed(fs_err::remove_file(&beside))?;
        }
    }
    Ok(())
}

/// The name of an executor's folder, from that of the file beside it.
fn folder_of(name: &str) -> Option<&str> {
    let folder = name.strip_suffix(LOCK)?;
    let number = folder.strip_prefix(BEFORE)?;
    let ours = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    (!number.is_empty() && number.chars().all(ours)).then_some(folder)
}

/// The file of an executor that lives no more, locked for whoever asks.
fn forgotten(beside: &Path) -> Option<fs_err::File> {
    let mut file = fs_err::OpenOptions::new()
        .read(true)
        .write(true)
        .open(beside)
        .ok()?;
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    (text.starts_with(MARK) && file.file().try_lock().is_ok()).then_some(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows_in(folder: &Folder) -> PathBuf {
        let job = Path::new(&folder.path()).join("job");
        fs_err::create_dir_all(&job).unwrap();
        let rows = job.join("rows");
        fs_err::write(&rows, "rows").unwrap();
        rows
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs_err::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_executor_left_is_removed_and_what_is_not_ours_is_not() {
        let work = tempfile::tempdir().unwrap();
        fs_err::write(work.path().join("mine"), "kept").unwrap();
        let killed = Folder::make(work.path()).unwrap();
        let left = rows_in(&killed);
        // The lock of a process that ends is given back, and nothing else is done.
        drop(killed);
        assert!(left.exists());

        let parent = work.path().join(PARENT);
        let other = format!("{BEFORE}0000");
        for name in ["mine", &other, &format!("{BEFORE}1111"), &format!("{BEFORE}mine")] {
            fs_err::create_dir(parent.join(name)).unwrap();
        }
        // Without the mark, with the mark and another name, and without a file at all.
        fs_err::write(parent.join(format!("{other}{LOCK}")), "of somebody").unwrap();
        fs_err::write(parent.join(format!("{BEFORE}mine{LOCK}")), MARK).unwrap();
        let before = names(&parent).len();

        let folder = Folder::make(work.path()).unwrap();
        assert!(!left.exists());
        folder.remove().unwrap();
        let kept = names(&parent);
        assert_eq!(kept.len(), before - 2, "{kept:?}");
        assert!(
            kept.contains(&other) && kept.contains(&"mine".to_owned()),
            "{kept:?}"
        );
        assert_eq!(names(work.path()), [PARENT, "mine"]);
    }

    #[test]
    fn executors_that_live_leave_each_other_alone() {
        let work = tempfile::tempdir().unwrap();
        let one = Folder::make(work.path()).unwrap();
        let rows = rows_in(&one);
        let other = Folder::make(work.path()).unwrap();
        assert_ne!(one.path(), other.path());
        other.remove().unwrap();
        Folder::make(work.path()).unwrap().remove().unwrap();
        assert!(rows.exists());
        one.remove().unwrap();
        assert_eq!(names(&work.path().join(PARENT)), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_enter_whatever_is_made_anew() {
        use std::os::unix::fs::PermissionsExt;
        let work = tempfile::tempdir().unwrap();
        let parent = work.path().join(PARENT);
        fs_err::create_dir(&parent).unwrap();
        fs_err::set_permissions(&parent, std::fs::Permissions::from_mode(0o755)).unwrap();
        let folder = Folder::make(work.path()).unwrap();
        let mode = |path: &Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&parent), 0o700);
        assert_eq!(mode(Path::new(&folder.path())), 0o700);
        assert_eq!(Path::new(&folder.path()).parent(), Some(parent.as_path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let work = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs_err::os::unix::fs::symlink(elsewhere.path(), work.path().join(PARENT)).unwrap();
        let error = Folder::make(work.path()).unwrap_err();
        assert!(error.is_call() && error.to_string().contains("--work"), "{error}");
        assert_eq!(names(elsewhere.path()), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_folder_that_was_removed_is_missed_also_when_it_was_made_anew() {
        let work = tempfile::tempdir().unwrap();
        let folder = Folder::make(work.path()).unwrap();
        assert!(folder.is_there().await);
        fs_err::remove_dir_all(folder.path()).unwrap();
        assert!(!folder.is_there().await);
        rows_in(&folder);
        assert!(!folder.is_there().await);
        let lost = folder.lost().await;
        assert!(!lost.is_call() && lost.to_string().contains("removed"), "{lost}");
        folder.remove().unwrap();
        assert_eq!(names(&work.path().join(PARENT)), Vec::<String>::new());
    }
}
