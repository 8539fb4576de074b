//! Where a path leads.

use std::io;
use std::path::{Component, Path, PathBuf, Prefix};

/// The whole path of what is there, every link on its way followed.
///
/// Windows would answer in a form that begins with `\\?\`, in which no pattern is found and a drive that stands for a shared
/// folder is one no more. There it is the whole path as it was written; who needs a link followed names where it leads.
///
/// Errors: nothing is there, or it cannot be reached.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    if !cfg!(windows) {
        return fs_err::canonicalize(path);
    }
    fs_err::metadata(path)?;
    let whole = std::path::absolute(path)?;
    if is_share(&whole) {
        let what = format!(
            "`{}` lies in a shared folder that has no letter; give it one (`net use X: \\\\server\\share`), and name it by that",
            whole.display()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    Ok(whole)
}

/// Whether a path of Windows begins with the name of another machine: the query engine reads none such.
pub(crate) fn is_share(whole: &Path) -> bool {
    let first = whole.components().next();
    matches!(first, Some(Component::Prefix(prefix)) if !matches!(prefix.kind(), Prefix::Disk(_) | Prefix::VerbatimDisk(_)))
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
