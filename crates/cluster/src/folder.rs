//! The folder in which an executor puts rows down: shuffle files, and what does not fit its memory.

use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// A folder of this executor alone, below the one that it was given; nothing beside it is touched.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder anew, and empty: what an executor that was killed left there is removed. Only its owner can
    /// enter it.
    pub(crate) fn make(work: &Path, port: u16) -> Result<Self, ClusterError> {
        let folder = std::path::absolute(work)?.join(format!("counted-executor-{port}"));
        if folder.exists() {
            fs_err::remove_dir_all(&folder)?;
        }
        fs_err::create_dir_all(&folder)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }

    /// Removes the folder with all that lies there.
    pub(crate) fn remove(self) -> Result<(), ClusterError> {
        Ok(fs_err::remove_dir_all(&self.0)?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_left_is_removed_and_what_lies_beside_is_not() {
        let work = tempfile::tempdir().unwrap();
        fs_err::write(work.path().join("mine"), "kept").unwrap();
        let folder = Folder::make(work.path(), 7).unwrap();
        let left = Path::new(&folder.path()).join("shuffle");
        fs_err::write(&left, "rows").unwrap();
        let folder = Folder::make(work.path(), 7).unwrap();
        assert!(!left.exists());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs_err::metadata(folder.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        folder.remove().unwrap();
        assert_eq!(fs_err::read_dir(work.path()).unwrap().count(), 1);
    }
}
