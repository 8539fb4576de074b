//! Where a table lies, as the engine is told.

use std::path::{Component, Path};

use url::Url;

use crate::error::EngineError;
use crate::real::{is_share, real};

/// The address of a file, or of a folder of parts, whose address ends with a stroke.
///
/// A plain path would not do: in it the engine takes `*`, `?` and `[` for a pattern of names. In an address every letter of
/// a path stands for itself.
pub(crate) fn place(table: &Path) -> Result<String, EngineError> {
    let is_folder = fs_err::metadata(table)?.is_dir();
    // What `..` leaves is told by the system: after a link, it is not the folder that the path names before it.
    let whole = if table.components().any(|part| part == Component::ParentDir) {
        real(table)?
    } else {
        std::path::absolute(table)?
    };
    let unsayable = || EngineError::Place(table.to_owned());
    let text = whole.to_str().ok_or_else(unsayable)?;
    if is_share(&whole) || text.chars().any(|letter| letter.is_ascii_control()) {
        return Err(unsayable());
    }
    let address = if is_folder {
        Url::from_directory_path(&whole)
    } else {
        Url::from_file_path(&whole)
    };
    address.map(String::from).map_err(|()| unsayable())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_ends_with_a_stroke_and_a_file_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b.parquet");
        fs_err::write(&file, "").unwrap();
        let (of_folder, of_file) = (place(folder.path()).unwrap(), place(&file).unwrap());
        assert!(of_folder.starts_with("file:///") && of_folder.ends_with('/'));
        assert_eq!(of_file, format!("{of_folder}a%20b.parquet"));
    }

    #[cfg(unix)]
    #[test]
    fn what_no_address_can_say_is_refused() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        for name in [&b"a\tb"[..], b"a\nb", b"a\xffb"] {
            let path = folder.path().join(OsStr::from_bytes(name));
            // A system that has no such names has no such tables.
            if fs_err::write(&path, "").is_ok() {
                let refused = place(&path).unwrap_err();
                assert!(refused.is_place(), "{refused}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_way_back_from_a_link_is_that_of_the_system() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs_err::canonicalize(folder.path()).unwrap();
        fs_err::create_dir_all(root.join("deep/deeper")).unwrap();
        fs_err::write(root.join("deep/table.parquet"), "").unwrap();
        fs_err::os::unix::fs::symlink(root.join("deep/deeper"), root.join("link")).unwrap();
        let by_link = place(&root.join("link/../table.parquet")).unwrap();
        assert_eq!(by_link, place(&root.join("deep/table.parquet")).unwrap());
    }
}
