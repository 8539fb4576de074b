//! A first look: from files to cases in one go, without a run.
//!
//! The stages are those of a run up to case-finding, with two differences. Only records of people whom some record names
//! with a breast primary are read, and of their admissions only those that speak of a tumour, where the definition asks
//! for no others; and people are those of [`linkage::by_number`]. Nothing is counted or published. Files may be looked at as
//! they are, or with the columns, keys and nations that a study says of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casefind::Definition;
use engine::Session;
use intake::{IntakeError, SourceSpec};
use linkage::ByNumber;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::config::Source;
use crate::error::StudyError;
use crate::named::Settings;
use crate::open::only_nation;
use crate::run::Event;

/// What to look at, and by what.
pub struct ToFind {
    /// The files, as sources.
    pub sources: Vec<SourceSpec>,
    /// Files of a study that say how the others are read, and by what they are judged.
    pub settings: Vec<PathBuf>,
    /// The case definition.
    pub definition: Definition,
    /// The organisations.
    pub registry: Registry,
    /// Nothing after this date is used.
    pub as_of: Date,
    /// The nation of people of whom neither a body nor a source says it; none where it may be one of several.
    pub home_nation: Option<String>,
}

impl ToFind {
    /// Files as they are, of any kind that a study takes: their kind is told from their headers, or is `kind` where these
    /// do not say. Of bodies outside the list of organisations nothing says the nation, so it stays blank.
    ///
    /// # Errors
    /// A file that cannot be opened, or whose kind cannot be told.
    pub fn plain(
        files: &[PathBuf],
        kind: Option<&str>,
        definition: Definition,
        (registry, as_of): (Registry, Date),
    ) -> Result<Self, StudyError> {
        Ok(Self {
            sources: by_kind(files, kind)?,
            settings: Vec::new(),
            definition,
            home_nation: None,
            registry,
            as_of,
        })
    }

    /// All files of a study, or those that a call names, each as its source says that it is read; `kind` is the kind of named
    /// files that no source matches. Without a definition, by that of the study.
    ///
    /// # Errors
    /// A study.toml that is wrong, a source without files, or a named file of which it cannot be told how the study reads it.
    pub fn of_study(
        folder: &Path,
        files: &[PathBuf],
        kind: Option<&str>,
        definition: Option<Definition>,
    ) -> Result<Self, StudyError> {
        let settings = Settings::read(folder)?;
        let config = &settings.config;
        let mut read = vec![settings.folder.join("study.toml")];
        read.extend(config.organisations.iter().map(|name| settings.folder.join(name)));
        let definition = match definition {
            Some(definition) => definition,
            None => {
                let own = Definition::load(&config.definition, &settings.folder)?;
                let folder = settings.folder.join(&config.definition);
                read.extend(own.files.keys().map(|file| folder.join(file)));
                own
            }
        };
        let mut of_source: BTreeMap<usize, Vec<(String, PathBuf)>> = BTreeMap::new();
        for file in settings.files(files, kind)? {
            let path = file.path.replace('\\', "/");
            of_source
                .entry(file.source)
                .or_default()
                .push((path, file.absolute));
        }
        let sources = of_source
            .into_iter()
            .map(|(source, paths)| as_source(&config.sources[source], paths));
        Ok(Self {
            sources: sources.collect(),
            settings: read,
            definition,
            home_nation: only_nation(config, &settings.registry),
            as_of: config.as_of,
            registry: settings.registry,
        })
    }

    /// The nation of each file, by path, whose source names but one.
    fn nations(&self) -> BTreeMap<String, String> {
        let of_one = self
            .sources
            .iter()
            .filter_map(|source| match source.nations.as_slice() {
                [nation] => Some((nation, &source.paths)),
                _ => None,
            });
        of_one
            .flat_map(|(nation, paths)| paths.iter().map(move |(path, _)| (path.clone(), nation.clone())))
            .collect()
    }
}

/// A look: what is looked at, and what it may use.
pub struct Look<'a> {
    /// What to look at, and by what.
    pub what: &'a ToFind,
    /// Bytes that the engine may hold before it spills.
    pub memory_bytes: u64,
    /// Threads.
    pub threads: usize,
    /// Folder for working files, which hold people: made readable by its owner only; removed by the caller.
    pub work: &'a Path,
    /// Is told how far the look is.
    pub progress: &'a (dyn Fn(Event<'_>) + Sync),
}

/// What was found.
pub struct Found {
    /// What was read.
    pub intake: intake::Report,
    /// Who is who.
    pub people: ByNumber,
    /// What case-finding did.
    pub report: casefind::Report,
    /// Folder of the tables `cases` and `evidence`, below `work`.
    pub tables: PathBuf,
    /// Whether admissions that speak of no tumour were passed over, of anybody.
    pub tumours_alone: bool,
}

/// Looks.
pub fn find(look: &Look<'_>) -> Result<Found, StudyError> {
    engine::private_folder(look.work)?;
    let (taken, linked) = (folder(look, "intake")?, folder(look, "linkage")?);
    let tables = folder(look, "cases")?;
    let needs = casefind::needs(&look.what.definition)?;
    let narrowing = intake::Narrowing {
        people: needs.primaries,
        tumours_alone: needs.tumours_alone,
    };
    (look.progress)(Event::Stage("intake"));
    let intake = take_in(look, &narrowing, &taken)?;
    (look.progress)(Event::Stage("linkage"));
    let people = linkage::by_number(&taken, &linked, look.threads)?;
    (look.progress)(Event::Stage("casefind"));
    let report = find_cases(look, (&taken, &linked), &tables)?;
    Ok(Found {
        intake,
        people,
        report,
        tables,
        tumours_alone: narrowing.tumours_alone,
    })
}

/// A folder among the working files, readable by its owner only.
fn folder(look: &Look<'_>, name: &str) -> Result<PathBuf, StudyError> {
    let folder = look.work.join(name);
    engine::private_folder(&folder)?;
    Ok(folder)
}

/// Reads the records that the definition can need.
fn take_in(look: &Look<'_>, narrowing: &intake::Narrowing, out: &Path) -> Result<intake::Report, StudyError> {
    Ok(intake::run(&intake::Request {
        sources: &look.what.sources,
        as_of: look.what.as_of,
        out,
        threads: look.threads,
        limits: intake::Limits::default(),
        organisations: Some(&look.what.registry),
        narrow: Some(narrowing),
        former: None,
        settings: None,
        hashes: &BTreeMap::new(),
        progress: &|step| {
            (look.progress)(Event::Progress {
                done: step.read,
                of: step.of,
            });
        },
    })?)
}

/// Judges the people, and writes their cases and evidence.
fn find_cases(
    look: &Look<'_>,
    (taken, linked): (&Path, &Path),
    tables: &Path,
) -> Result<casefind::Report, StudyError> {
    let session = Session::embedded(engine::Options {
        memory_bytes: look.memory_bytes,
        threads: look.threads,
        spill: folder(look, "spill")?,
    })?;
    let what = look.what;
    Ok(casefind::run(&casefind::Request {
        intake: taken,
        linkage: linked,
        definition: &what.definition,
        registry: &what.registry,
        as_of: what.as_of,
        declared_cover: &BTreeMap::new(),
        nations: &what.nations(),
        home_nation: what.home_nation.as_deref(),
        former: None,
        settings: None,
        session: &session,
        out: tables,
        work: &folder(look, "hits")?,
    })?)
}

/// The files as sources, one a kind; kinds and paths in order, so that the order of the call does not matter.
fn by_kind(files: &[PathBuf], kind: Option<&str>) -> Result<Vec<SourceSpec>, StudyError> {
    let mut by_kind: BTreeMap<&str, Vec<(String, PathBuf)>> = BTreeMap::new();
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        let told = intake::kind_of(&path, file, intake::Limits::default());
        let kind = match (told, kind) {
            (Err(IntakeError::UnknownKind { .. }), Some(kind)) => kind,
            (told, _) => told?,
        };
        by_kind.entry(kind).or_default().push((path, file.clone()));
    }
    let source = |(kind, paths): (&str, Vec<(String, PathBuf)>)| SourceSpec {
        kind: kind.to_owned(),
        paths: in_order(paths),
        ..SourceSpec::default()
    };
    Ok(by_kind.into_iter().map(source).collect())
}

/// Files of a source of a study, as it says that they are read.
fn as_source(source: &Source, paths: Vec<(String, PathBuf)>) -> SourceSpec {
    SourceSpec {
        kind: source.kind.clone(),
        paths: in_order(paths),
        columns: source.columns.clone(),
        person_key: source.person_key.clone(),
        key_space: source.key_space.clone(),
        unreadable_set_aside: source.set_aside_unreadable,
        nations: source.nations.clone(),
    }
}

/// Paths in order, each once.
fn in_order(mut paths: Vec<(String, PathBuf)>) -> Vec<(String, PathBuf)> {
    paths.sort();
    paths.dedup();
    paths
}
