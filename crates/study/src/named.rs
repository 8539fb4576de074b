//! Files that a call names of a study, each with the source that says how it is read. Nothing is locked or written.
//!
//! A command that looks at files without a run (`counted check`, `counted find`) reads them thus as a run does.

use std::path::{Path, PathBuf};

use intake::Limits;
use vocabulary::organisation::Registry;

use crate::config::{Config, Source};
use crate::error::StudyError;
use crate::matched::{self, Matched};
use crate::open::registry;

/// A study of which files are read, and nothing else.
pub(crate) struct Settings {
    pub folder: PathBuf,
    pub config: Config,
    pub registry: Registry,
}

/// A file, and by its number the source that says how it is read.
pub(crate) struct Named {
    pub source: usize,
    /// The path as messages show it.
    pub path: String,
    pub absolute: PathBuf,
}

impl Settings {
    /// Reads study.toml and the list of organisations.
    pub(crate) fn read(folder: &Path) -> Result<Self, StudyError> {
        let folder = engine::real(folder).map_err(|error| StudyError::Call {
            message: format!("{error}; a study is a folder with a study.toml"),
        })?;
        let config = Config::read(&folder)?;
        let (registry, _) = registry(&config, &folder)?;
        config.nations_are_known(&registry)?;
        Ok(Self {
            folder,
            config,
            registry,
        })
    }

    /// All files of the study, or those that a call names; `kind` is the kind that it says of files that no source matches.
    ///
    /// # Errors
    /// A source without files, or a named file of which it cannot be told how the study reads it.
    pub(crate) fn files(&self, files: &[PathBuf], kind: Option<&str>) -> Result<Vec<Named>, StudyError> {
        if files.is_empty() {
            self.all()
        } else {
            self.named(files, kind)
        }
    }

    fn all(&self) -> Result<Vec<Named>, StudyError> {
        let sources = &self.config.sources;
        let files = sources
            .iter()
            .map(|source| matched::matches(&self.folder, source))
            .collect::<Result<Vec<_>, _>>()?;
        matched::each_once(&files)?;
        matched::none_by_case(&self.folder, sources, &files)?;
        let of_source = |(source, files): (usize, Vec<Matched>)| {
            files.into_iter().map(move |file| Named {
                source,
                path: file.relative,
                absolute: file.absolute,
            })
        };
        Ok(files.into_iter().enumerate().flat_map(of_source).collect())
    }

    /// Files that a call names: each as the source that matches it reads it, or else as the only source of its kind does.
    fn named(&self, files: &[PathBuf], kind: Option<&str>) -> Result<Vec<Named>, StudyError> {
        // A source whose files are still to come matches none.
        let of_source = |source: &Source| matched::matches(&self.folder, source).unwrap_or_default();
        let sources: Vec<Vec<Matched>> = self.config.sources.iter().map(of_source).collect();
        let real = |path: &Path| engine::real(path).unwrap_or_else(|_| path.to_owned());
        let as_named = |path: &PathBuf| -> Result<Named, StudyError> {
            let place = real(path);
            let is_here = |matched: &Vec<Matched>| matched.iter().any(|file| real(&file.absolute) == place);
            let source = match sources.iter().position(is_here) {
                Some(source) => source,
                None => self.only_of_kind(path, kind)?,
            };
            Ok(Named {
                source,
                path: path.display().to_string(),
                absolute: path.clone(),
            })
        };
        files.iter().map(as_named).collect()
    }

    /// The only source of the kind of a file.
    fn only_of_kind(&self, path: &Path, kind: Option<&str>) -> Result<usize, StudyError> {
        let shown = path.display().to_string();
        let kind = match kind {
            Some(kind) => kind,
            None => intake::kind_of(&shown, path, Limits::default())?,
        };
        let sources = self.config.sources.iter().enumerate();
        let mut of_kind = sources.filter(|(_, source)| source.kind == kind);
        let why = match (of_kind.next(), of_kind.next()) {
            (Some((only, _)), None) => return Ok(only),
            (None, _) => format!(
                "has no source of the kind `{kind}`; say the kind with --kind, or leave the study out of the call"
            ),
            (Some(_), Some(_)) => format!(
                "has several sources of the kind `{kind}`, and none that matches it; put it where its own looks (`path` in study.toml)"
            ),
        };
        Err(StudyError::Call {
            message: format!("{shown}: the study {why}"),
        })
    }
}
