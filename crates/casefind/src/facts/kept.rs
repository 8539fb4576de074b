//! What a run keeps for the next one: the hits of all files, so that a month's run looks at the month's files alone.
//!
//! A file's hits are taken over when its parts are as they were, but for its number, and when all else that a look depends
//! on is the same (`settings`). The parts of the last run still lie where they lay, so the two are compared themselves:
//! most often they are one file under two names; else by their encoded pieces.
//!
//! Invariants: hits that are taken over are those that a look at the same parts would find; the order of the files that
//! are left is the one that they had, so that facts of one day stay in their order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{ByRecord, Unchanged};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ends::EndsSaid;
use super::gather::{Gathered, Gathering};
use super::plan::Looks;
use super::spool;
use crate::cases;
use crate::error::CasefindError;
use crate::tables::kind;

const FOLDER: &str = "kept";
const LIST: &str = "hits";
/// With more spools than this everything is looked at anew, into few: each month adds some.
const MOST_SPOOLS: usize = 1_000;

/// What the hits of a spool come from: a look by its number, or what identities say of people's ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    Look(usize),
    Ends,
}

/// A spool as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptSpool {
    pub(super) name: String,
    /// Hashes of its hits and of their persons: one that was damaged or lost is noticed.
    pub(super) hits: String,
    pub(super) persons: String,
    pub(super) source: Source,
    /// The files whose hits in it count, by the numbers that they have in it.
    pub(super) files: BTreeMap<i64, String>,
}

/// All that is kept, beside the spools themselves.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    settings: String,
    /// The input files, with their numbers.
    files: BTreeMap<String, i64>,
    spools: Vec<KeptSpool>,
    /// People with evidence and a breast primary who are no case.
    no_case: Vec<i64>,
}

impl List {
    /// Writes it below the hash of its text.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string(self)?;
        let hash = blake3::hash(text.as_bytes()).to_hex();
        fs_err::write(folder.join(LIST), format!("{hash}\n{text}"))
    }

    /// None where it is not there, or not as it was written.
    fn read(folder: &Path) -> Option<Self> {
        let written = fs_err::read_to_string(folder.join(LIST)).ok()?;
        let (hash, text) = written.split_once('\n')?;
        let whole = blake3::hash(text.as_bytes()).to_hex().as_str() == hash;
        whole.then(|| serde_json::from_str(text).ok())?
    }
}

/// Where a stage keeps what it keeps.
pub(crate) fn folder(out: &Path) -> PathBuf {
    out.join(FOLDER)
}

/// What the former run kept that stands.
pub(crate) struct Former {
    /// Its folder.
    pub(crate) stage: PathBuf,
    pub(super) spools: Vec<KeptSpool>,
    /// The files whose hits stand, with the numbers that they have now.
    pub(super) numbers: BTreeMap<String, i64>,
    /// Records that are whose they were.
    pub(super) whose: Unchanged,
    pub(crate) no_case: Vec<i64>,
}

/// Where the former run of the study lies.
#[derive(Debug, Clone, Copy)]
pub struct FormerRun<'a> {
    /// Folder of the tables that intake wrote.
    pub intake: &'a Path,
    /// Folder of the tables that linkage wrote; without, whose each hit is, is looked up anew.
    pub linkage: Option<&'a Path>,
    /// Folder of the tables of this stage.
    pub casefind: &'a Path,
}

impl Former {
    /// Opens what the former run kept under the same settings; what is not there or damaged is nothing.
    pub(crate) fn open(
        run: FormerRun<'_>,
        settings: &str,
        looks: &Looks,
        (intake, links): (&Path, &ByRecord),
        files: &BTreeMap<String, i64>,
    ) -> Result<Option<Self>, CasefindError> {
        let kept = folder(run.casefind);
        let whole = |spool: &KeptSpool| {
            let path = kept.join(&spool.name);
            spool::hash(&path).is_ok_and(|hash| hash == spool.hits)
                && spool::hash_of_persons(&path).is_ok_and(|hash| hash == spool.persons)
        };
        let Some(list) = List::read(&kept).filter(|list| {
            list.settings == settings
                && list.spools.len() <= MOST_SPOOLS
                && list.spools.par_iter().all(whole)
                && cases::tables_are_there(run.casefind)
                && run.intake.is_dir()
        }) else {
            return Ok(None);
        };
        let names: Vec<&String> = looks.tables.iter().collect();
        let mut numbers = BTreeMap::new();
        for (path, before) in &list.files {
            if let Some(&now) = files.get(path)
                && stands(&names, (run.intake, *before), (intake, now))?
            {
                numbers.insert(path.clone(), now);
            }
        }
        let mut order: Vec<(i64, i64)> = numbers
            .iter()
            .map(|(path, now)| (list.files[path], *now))
            .collect();
        order.sort_unstable();
        if !order.is_sorted_by_key(|(_, now)| *now) {
            return Ok(None);
        }
        let whose = match run.linkage.map(|linkage| linkage.join("links.parquet")) {
            Some(former) if former.is_file() => {
                let now: BTreeMap<i64, i64> = order.into_iter().collect();
                let number = |before: i64| now.get(&before).copied();
                Unchanged::between(&ByRecord::open(&former)?, links, "person", number)?
            }
            _ => Unchanged::default(),
        };
        Ok(Some(Self {
            stage: run.casefind.to_owned(),
            spools: list.spools,
            numbers,
            whose,
            no_case: list.no_case,
        }))
    }

    /// Where a spool of it lies.
    pub(super) fn spool(&self, spool: &KeptSpool) -> PathBuf {
        folder(&self.stage).join(&spool.name)
    }
}

/// The parts of a file that looks read: of the tables that rules name, of the records that sections belong to, of excerpts,
/// and of the identities.
fn parts(tables: &[&String], intake: &Path, number: i64) -> Vec<PathBuf> {
    let part = format!("{number:05}.parquet");
    let records = |table: &str| intake.join("records").join(table).join(&part);
    let excerpt = |table: &str| intake.join("excerpts").join(table).join(&part);
    let of = |table: &&String| [records(table), records(kind(table)), excerpt(table)];
    let mut parts: Vec<PathBuf> = tables.iter().flat_map(of).collect();
    parts.push(intake.join("identities").join(&part));
    parts
}

/// Whether the parts of a file are as they were.
fn stands(tables: &[&String], former: (&Path, i64), now: (&Path, i64)) -> Result<bool, CasefindError> {
    let both = parts(tables, former.0, former.1)
        .into_iter()
        .zip(parts(tables, now.0, now.1));
    for (before, now) in both {
        let same = match (before.is_file(), now.is_file()) {
            (true, true) => engine::one_file(&before, &now) || engine::same_but("file", &before, &now)?,
            (before, now) => before == now,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Keeps for the next run what this one found; the spools lie in the folder already.
pub(crate) fn keep(
    of: &Gathering<'_, '_>,
    settings: &str,
    gathered: &Gathered<'_>,
    ends: &EndsSaid,
    no_case: Vec<i64>,
) -> Result<(), CasefindError> {
    let looks = gathered
        .spools
        .iter()
        .map(|(look, spool)| (spool, Source::Look(*look)));
    let of_ends = ends.0.iter().map(|spool| (spool, Source::Ends));
    let spools: Vec<_> = looks.chain(of_ends).collect();
    let spools = spools
        .into_par_iter()
        .map(|(spool, source)| spool.kept(source, of.files));
    let list = List {
        settings: settings.to_owned(),
        files: of.files.clone(),
        spools: spools.collect::<Result<_, _>>()?,
        no_case,
    };
    Ok(list.write(of.folder)?)
}

/// Lays the parts of files whose hits do not stand into a folder of their own, made as intake's is.
pub(crate) fn new_files(
    former: &Former,
    intake: &Path,
    files: &BTreeMap<String, i64>,
    into: &Path,
) -> Result<(), CasefindError> {
    let numbers = || {
        let new = files
            .iter()
            .filter(|(path, _)| !former.numbers.contains_key(*path));
        new.map(|(_, number)| number)
    };
    for name in ["identities", "records", "excerpts"] {
        let folder = intake.join(name);
        if !folder.is_dir() {
            continue;
        }
        fs_err::create_dir_all(into.join(name))?;
        let mut folders = vec![(folder.clone(), into.join(name))];
        if name != "identities" {
            folders.clear();
            for table in fs_err::read_dir(&folder)? {
                let table = table?;
                folders.push((table.path(), into.join(name).join(table.file_name())));
            }
        }
        for number in numbers() {
            for (from, to) in &folders {
                let part = format!("{number:05}.parquet");
                let from = from.join(&part);
                if from.is_file() {
                    engine::second_name(&from, &to.join(&part))?;
                }
            }
        }
    }
    Ok(())
}
