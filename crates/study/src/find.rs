//! A first look: from files to cases in one go, without a study.
//!
//! The stages are those of a run up to case-finding, with two differences. Only records of people whom some record names
//! with a breast primary are read, and of their admissions only those that speak of a tumour, where the definition asks
//! for no others; and people are those of [`linkage::by_number`]. Nothing is counted or published.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casefind::Definition;
use engine::Session;
use intake::IntakeError;
use linkage::ByNumber;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::error::StudyError;
use crate::open::home_nation;
use crate::run::Event;

/// What to look at, and how.
pub struct Look<'a> {
    /// The files, of any kind that a study takes; the kind is told from their headers.
    pub files: &'a [PathBuf],
    /// The kind of those whose header does not say.
    pub kind: Option<&'a str>,
    /// The case definition.
    pub definition: &'a Definition,
    /// The organisations.
    pub registry: &'a Registry,
    /// Nothing after this date is used.
    pub as_of: Date,
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
    let folder = |name: &str| -> Result<PathBuf, StudyError> {
        let folder = look.work.join(name);
        engine::private_folder(&folder)?;
        Ok(folder)
    };
    let (taken, linked, tables) = (folder("intake")?, folder("linkage")?, folder("cases")?);
    let needs = casefind::needs(look.definition)?;
    let narrowing = intake::Narrowing {
        people: needs.primaries,
        tumours_alone: needs.tumours_alone,
    };
    let sources = sources(look)?;
    (look.progress)(Event::Stage("intake"));
    let intake = intake::run(&intake::Request {
        sources: &sources,
        as_of: look.as_of,
        out: &taken,
        threads: look.threads,
        limits: intake::Limits::default(),
        organisations: Some(look.registry),
        narrow: Some(&narrowing),
        former: None,
        settings: None,
        hashes: &std::collections::BTreeMap::new(),
        progress: &|step| {
            (look.progress)(Event::Progress {
                done: step.read,
                of: step.of,
            });
        },
    })?;
    (look.progress)(Event::Stage("linkage"));
    let people = linkage::by_number(&taken, &linked, look.threads)?;
    (look.progress)(Event::Stage("casefind"));
    let session = Session::embedded(engine::Options {
        memory_bytes: look.memory_bytes,
        threads: look.threads,
        spill: folder("spill")?,
    })?;
    let report = casefind::run(&casefind::Request {
        intake: &taken,
        linkage: &linked,
        definition: look.definition,
        registry: look.registry,
        as_of: look.as_of,
        declared_cover: &BTreeMap::new(),
        nations: &BTreeMap::new(),
        home_nation: Some(&home_nation(look.registry)),
        former: None,
        settings: None,
        session: &session,
        out: &tables,
        work: &folder("hits")?,
    })?;
    Ok(Found {
        intake,
        people,
        report,
        tables,
        tumours_alone: narrowing.tumours_alone,
    })
}

/// The files as sources, one a kind; kinds and paths in order, so that the order of the call does not matter.
fn sources(look: &Look<'_>) -> Result<Vec<intake::SourceSpec>, StudyError> {
    let mut by_kind: BTreeMap<&str, Vec<(String, PathBuf)>> = BTreeMap::new();
    for file in look.files {
        let path = file.to_string_lossy().replace('\\', "/");
        let told = intake::kind_of(&path, file, intake::Limits::default());
        let kind = match (told, look.kind) {
            (Err(IntakeError::UnknownKind { .. }), Some(kind)) => kind,
            (told, _) => told?,
        };
        by_kind.entry(kind).or_default().push((path, file.clone()));
    }
    let source = |(kind, mut paths): (&str, Vec<(String, PathBuf)>)| {
        paths.sort();
        paths.dedup();
        intake::SourceSpec {
            kind: kind.to_owned(),
            paths,
            ..intake::SourceSpec::default()
        }
    };
    Ok(by_kind.into_iter().map(source).collect())
}
