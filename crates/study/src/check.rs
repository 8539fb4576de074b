//! What `counted check` needs of a study: its files, each as its source says that it is read. Nothing is locked or written.

use std::path::{Path, PathBuf};

use intake::{ColumnChoices, FileToCheck};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::config::Source;
use crate::error::StudyError;
use crate::named::{Named, Settings};

/// Files to check, and what of the study bears on how.
pub struct ToCheck {
    /// The files.
    pub files: Vec<FileToCheck>,
    /// The organisations of the study.
    pub registry: Registry,
    /// Nothing after this date is used.
    pub as_of: Date,
}

/// All files of a study, or those that a call names; `kind` is the kind that it says of files that no source matches.
///
/// # Errors
/// A study.toml that is wrong, a source without files, or a named file of which it cannot be told how the study reads it.
pub fn to_check(folder: &Path, files: &[PathBuf], kind: Option<&str>) -> Result<ToCheck, StudyError> {
    let settings = Settings::read(folder)?;
    let files = settings.files(files, kind)?;
    let sources = &settings.config.sources;
    Ok(ToCheck {
        files: files
            .into_iter()
            .map(|file| as_read(&sources[file.source], file))
            .collect(),
        as_of: settings.config.as_of,
        registry: settings.registry,
    })
}

/// A file as its source says that it is read.
fn as_read(source: &Source, file: Named) -> FileToCheck {
    FileToCheck {
        path: file.path,
        absolute: file.absolute,
        kind: Some(source.kind.clone()),
        choices: ColumnChoices {
            renames: source.columns.clone(),
            person_key: source.person_key.clone(),
            key_space: source.key_space.clone(),
        },
        nation: match source.nations.as_slice() {
            [nation] => Some(nation.clone()),
            _ => None,
        },
    }
}
