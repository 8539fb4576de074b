//! One command at a time on a study.

use std::path::Path;

use engine::Lack;

use crate::error::StudyError;

/// Held while a command works on a study; given back when dropped, or by the system when the
/// process ends.
pub(crate) struct Lock {
    _file: fs_err::File,
}

impl Lock {
    /// Takes the lock, or says that another command has it.
    pub(crate) fn take(state: &Path) -> Result<Self, StudyError> {
        private_folder(state).map_err(not_for_this_user)?;
        let file = fs_err::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(state.join("lock"))
            .map_err(|error| not_for_this_user(error.into()))?;
        match file.file().try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StudyError::Busy),
            Err(std::fs::TryLockError::Error(error)) => Err(StudyError::File(error)),
        }
    }
}

/// Every command writes in a study, so one that may only be read, or that is somebody else's, is told as such. Permission on
/// the one file that was asked for first would be of no use.
fn not_for_this_user(error: StudyError) -> StudyError {
    if let StudyError::File(refused) = &error
        && Lack::of(refused) == Some(Lack::Permission)
    {
        return StudyError::Call {
            message: format!(
                "{refused}; only its owner can use a study, and its folder must be writable; copy it"
            ),
        };
    }
    error
}

/// Makes a folder, with its parents, that only its owner can enter. One that is so already is left alone: it may be
/// somebody else's, or lie on a disk that can only be read.
pub(crate) fn private_folder(path: &Path) -> Result<(), StudyError> {
    fs_err::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs_err::metadata(path)?.permissions().mode() & 0o777 != 0o700 {
            fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_study_that_cannot_be_written_to_is_told_as_such() {
        for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
            let told = not_for_this_user(Error::from(kind).into());
            assert_eq!(told.exit_code(), 2, "{told}");
            assert!(
                told.to_string()
                    .ends_with("; only its owner can use a study, and its folder must be writable; copy it"),
                "{told}"
            );
        }
        let other = not_for_this_user(Error::from(ErrorKind::StorageFull).into());
        assert!(matches!(other, StudyError::File(_)), "{other}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let study = tempfile::tempdir().expect("a folder");
        let state = study.path().join("deep/state");
        let mode = || {
            let found = fs_err::metadata(&state).expect("it is there");
            found.permissions().mode() & 0o777
        };
        for before in [None, Some(0o755), Some(0o700)] {
            if let Some(before) = before {
                fs_err::set_permissions(&state, std::fs::Permissions::from_mode(before)).expect("it is ours");
            }
            private_folder(&state).expect("it can be made");
            assert_eq!(mode(), 0o700);
        }
    }
}
