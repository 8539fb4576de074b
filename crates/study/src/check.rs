//! What `counted check` needs of a study: its files, each as its source says that it is read. Nothing is locked or written.

use std::path::{Path, PathBuf};

use intake::{ColumnChoices, FileToCheck, Limits};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::config::{Config, Source};
use crate::error::StudyError;
use crate::matched::{self, Matched};
use crate::open::registry;

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
    let folder = fs_err::canonicalize(folder).map_err(|error| StudyError::Call {
        message: format!("{error}; a study is a folder with a study.toml"),
    })?;
    let config = Config::read(&folder)?;
    let (registry, _) = registry(&config, &folder)?;
    config.nations_are_known(&registry)?;
    let files = if files.is_empty() {
        all(&config, &folder)?
    } else {
        named(&config, &folder, files, kind)?
    };
    Ok(ToCheck {
        files,
        registry,
        as_of: config.as_of,
    })
}

fn all(config: &Config, folder: &Path) -> Result<Vec<FileToCheck>, StudyError> {
    let mut all = Vec::new();
    for source in &config.sources {
        let files = matched::matches(folder, source)?;
        all.extend(
            files
                .into_iter()
                .map(|file| as_read(source, file.relative, file.absolute)),
        );
    }
    Ok(all)
}

/// Files that a call names: each as the source that matches it reads it, or else as the only source of its kind does.
fn named(
    config: &Config,
    folder: &Path,
    files: &[PathBuf],
    kind: Option<&str>,
) -> Result<Vec<FileToCheck>, StudyError> {
    // A source whose files are still to come matches none.
    let of_source = |source| (source, matched::matches(folder, source).unwrap_or_default());
    let sources: Vec<(&Source, Vec<Matched>)> = config.sources.iter().map(of_source).collect();
    let real = |path: &Path| fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let as_named = |path: &PathBuf| -> Result<FileToCheck, StudyError> {
        let place = real(path);
        let is_here = |matched: &Vec<Matched>| matched.iter().any(|file| real(&file.absolute) == place);
        let own = sources.iter().find(|(_, matched)| is_here(matched));
        let source = match own {
            Some(&(source, _)) => source,
            None => only_of_kind(config, path, kind)?,
        };
        Ok(as_read(source, path.display().to_string(), path.clone()))
    };
    files.iter().map(as_named).collect()
}

/// The only source of the kind of a file.
fn only_of_kind<'c>(config: &'c Config, path: &Path, kind: Option<&str>) -> Result<&'c Source, StudyError> {
    let shown = path.display().to_string();
    let kind = match kind {
        Some(kind) => kind,
        None => intake::kind_of(&shown, path, Limits::default())?,
    };
    let mut of_kind = config.sources.iter().filter(|source| source.kind == kind);
    let why = match (of_kind.next(), of_kind.next()) {
        (Some(only), None) => return Ok(only),
        (None, _) => format!(
            "has no source of the kind `{kind}`; say the kind with --kind, or check it without --study"
        ),
        (Some(_), Some(_)) => format!(
            "has several sources of the kind `{kind}`, and none that matches it; put it where its own looks (`path` in study.toml)"
        ),
    };
    Err(StudyError::Call {
        message: format!("{shown}: the study {why}"),
    })
}

/// A file as its source says that it is read.
fn as_read(source: &Source, path: String, absolute: PathBuf) -> FileToCheck {
    FileToCheck {
        path,
        absolute,
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
