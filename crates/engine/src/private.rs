//! Folders that only their owner can enter.

use std::io;
use std::path::Path;

/// Makes a folder, with the parents that are missing, that only its owner can enter: from its first moment on. One that is so
/// already is left alone, since it may be somebody else's or lie on a disk that can only be read.
///
/// Windows lets whoever may read the folder above read this one too: there the study's own folder must be a private one.
///
/// Errors: it cannot be made, or it belongs to somebody else and others can enter it.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(ONLY_OWNER);
        made(&builder, path)?;
        if fs_err::metadata(path)?.permissions().mode() & 0o777 != ONLY_OWNER {
            fs_err::set_permissions(path, std::fs::Permissions::from_mode(ONLY_OWNER))?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    made(&builder, path)
}

/// Enter, read and write, and nothing for anybody else.
#[cfg(unix)]
const ONLY_OWNER: u32 = 0o700;

/// The error of a builder does not say of which folder it is.
fn made(builder: &std::fs::DirBuilder, path: &Path) -> io::Result<()> {
    let named = |error: io::Error| {
        let what = format!("failed to create directory `{}`: {error}", path.display());
        io::Error::new(error.kind(), what)
    };
    builder.create(path).map_err(named)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_its_owners_alone_whatever_it_was() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("deep/state");
        for before in [None, Some(0o755), Some(0o700)] {
            if let Some(before) = before {
                fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(before)).unwrap();
            }
            private_folder(&folder).unwrap();
            let mode = fs_err::metadata(&folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
    }

    #[test]
    fn what_cannot_be_made_is_named() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs_err::write(&file, "").unwrap();
        let error = private_folder(&file.join("below")).unwrap_err().to_string();
        assert!(error.contains("file/below"), "{error}");
    }
}
