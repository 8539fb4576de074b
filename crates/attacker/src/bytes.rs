//! The released bytes: every file of a site by its path.
//!
//! Invariant: a file that could not be read whole is an error, so nothing is left out of an attack in silence.

use std::collections::BTreeMap;
use std::path::Path;

use crate::AttackError;

/// No site of ours has so many files; a folder that does is not one.
const MOST_FILES: usize = 100_000;
/// Nor so many bytes.
const MOST_BYTES: u64 = 4 << 30;

/// Every file of a released folder, by its path with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    files: BTreeMap<String, Vec<u8>>,
}

impl Bytes {
    /// Reads a folder and all folders in it.
    ///
    /// # Errors
    /// If a file or folder cannot be read, a name is no Unicode, there is a link or an empty folder in it, or it is larger than
    /// any site.
    pub fn read(folder: &Path) -> Result<Self, AttackError> {
        let mut bytes = Self::default();
        let mut length = 0;
        let mut folders = vec![(folder.to_owned(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            let mut is_empty = true;
            for entry in fs_err::read_dir(&folder)? {
                let entry = entry?;
                is_empty = false;
                let name = entry.file_name();
                let name = name.to_str().ok_or(AttackError::Name)?;
                let path = format!("{prefix}{name}");
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{path}/")));
                    continue;
                }
                if !kind.is_file() {
                    return Err(AttackError::Link { path });
                }
                length += entry.metadata()?.len();
                if bytes.files.len() >= MOST_FILES || length > MOST_BYTES {
                    return Err(AttackError::Size);
                }
                bytes.files.insert(path, fs_err::read(entry.path())?);
            }
            // Files are compared by their paths: a folder without any would be seen by nobody here.
            if is_empty && !prefix.is_empty() {
                return Err(AttackError::EmptyFolder { path: prefix });
            }
        }
        Ok(bytes)
    }

    /// The paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The bytes of a file.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// A file as text; none where it is not there or is no UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.file(path)?).ok()
    }

    /// Takes a file out.
    pub fn take(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path)
    }

    /// Puts a file in place of what was there.
    pub fn put(&mut self, path: &str, content: &[u8]) {
        self.files.insert(path.to_owned(), content.to_vec());
    }
}

impl From<BTreeMap<String, Vec<u8>>> for Bytes {
    fn from(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files }
    }
}

impl From<BTreeMap<String, String>> for Bytes {
    fn from(texts: BTreeMap<String, String>) -> Self {
        let files = texts
            .into_iter()
            .map(|(path, text)| (path, text.into_bytes()))
            .collect();
        Self { files }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_without_files_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(folder.path().join("hospitals")).unwrap();
        fs_err::write(folder.path().join("hospitals/SIM01.html"), "<p></p>").unwrap();
        assert_eq!(Bytes::read(folder.path()).unwrap().paths().count(), 1);
        // Also where it holds only one that holds nothing.
        for told in ["hospitals/SIM01 has 4", "hospitals/SIM01 has/4"] {
            let told = folder.path().join(told);
            fs_err::create_dir_all(&told).unwrap();
            let refused = Bytes::read(folder.path());
            assert!(
                matches!(refused, Err(AttackError::EmptyFolder { .. })),
                "{refused:?}"
            );
            fs_err::remove_dir(&told).unwrap();
        }
    }
}
