//! One command at a time on a study.

use std::path::Path;

use engine::{Lack, private_folder};

use crate::error::StudyError;

/// Held while a command works on a study; given back when dropped, or by the system when the
/// process ends.
pub(crate) struct Lock {
    _file: fs_err::File,
}

impl Lock {
    /// Takes the lock, or says that another command has it.
    pub(crate) fn take(state: &Path) -> Result<Self, StudyError> {
        private_folder(state).map_err(|error| not_for_this_user(error.into()))?;
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
}
