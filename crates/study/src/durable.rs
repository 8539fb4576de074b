//! What must outlast a loss of power: names and contents on the disk before what depends on them.
//!
//! A kill loses nothing that was written; a loss of power may leave files empty whose names are there. Pages and tables are
//! made again from the files of the study. What cannot be is brought to the disk here: what is signed before its signature,
//! and the log of people who became one or two.

use std::path::Path;

use rayon::prelude::*;

use crate::error::StudyError;

/// Makes the names in a folder durable, where the system allows it.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StudyError> {
    #[cfg(unix)]
    fs_err::File::open(path)?.sync_all()?;
    let _ = path;
    Ok(())
}

/// Makes the content of a file durable.
pub(crate) fn sync_file(path: &Path) -> Result<(), StudyError> {
    Ok(fs_err::OpenOptions::new().append(true).open(path)?.sync_all()?)
}

/// Makes all files below a folder durable, then the names of each folder.
pub(crate) fn sync_tree(folder: &Path) -> Result<(), StudyError> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    let mut next = 0;
    while let Some(place) = folders.get(next).cloned() {
        for entry in fs_err::read_dir(place)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
        next += 1;
    }
    files.par_iter().try_for_each(|file| sync_file(file))?;
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_tree_is_reached() {
        let folder = tempfile::tempdir().expect("a folder");
        fs_err::create_dir_all(folder.path().join("a/b")).expect("a folder");
        for name in ["one", "a/two", "a/b/three"] {
            fs_err::write(folder.path().join(name), name).expect("a file");
        }
        sync_tree(folder.path()).expect("synced");
        assert_eq!(
            fs_err::read_to_string(folder.path().join("a/b/three")).expect("a file"),
            "a/b/three"
        );
        assert!(sync_tree(&folder.path().join("nowhere")).is_err());
    }
}
