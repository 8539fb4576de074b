//! One command at a time on a study.

use std::path::Path;

use crate::error::StudyError;

/// Held while a command works on a study; given back when dropped, or by the system when the
/// process ends.
pub(crate) struct Lock {
    _file: fs_err::File,
}

impl Lock {
    /// Takes the lock, or says that another command has it.
    pub(crate) fn take(state: &Path) -> Result<Self, StudyError> {
        private_folder(state)?;
        let file = fs_err::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(state.join("lock"))?;
        match file.file().try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StudyError::Busy),
            Err(std::fs::TryLockError::Error(error)) => Err(StudyError::File(error)),
        }
    }
}

/// Makes a folder, with its parents, that only its owner can enter.
pub(crate) fn private_folder(path: &Path) -> Result<(), StudyError> {
    fs_err::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
