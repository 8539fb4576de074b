//! Where a path leads.

use std::io;
use std::path::{Path, PathBuf};

/// The whole path of what is there, every link on its way followed.
///
/// Windows would answer in a form that begins with `\\?\`, in which no pattern is found and a drive that stands for a shared
/// folder is one no more. There it is the whole path as it was written; who needs a link followed names where it leads.
///
/// Errors: nothing is there, or it cannot be reached.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    if cfg!(windows) {
        fs_err::metadata(path)?;
        std::path::absolute(path)
    } else {
        fs_err::canonicalize(path)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_path_is_whole_and_what_is_not_there_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("deep");
        fs_err::create_dir(&deep).unwrap();
        let whole = real(&deep.join("..").join("deep")).unwrap();
        assert!(whole.is_absolute() && whole.ends_with("deep"), "{whole:?}");
        assert!(!whole.to_string_lossy().contains(['?', '*']), "{whole:?}");
        let error = real(&folder.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{error}");
    }
}
