//! The hits of all looks: taken over from the former run as far as they stand, and looked for in the other files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use engine::{Batch, ByRecord, Session};

use super::kept::{Former, KeptSpool, Source};
use super::look::Part;
use super::people::{Persons, Summary};
use super::plan::{Look, Looks};
use super::spool::{self, NOBODY, Numbers, PersonsAgain, SpoolReader};
use crate::error::CasefindError;
use crate::marks::MARKS;

/// What hits are gathered from, and what of them a former run has.
pub(crate) struct Gathering<'a, 'l> {
    /// Knows the tables; where there is a former run, those with the files whose hits do not stand.
    pub session: &'a Session,
    pub looks: &'l Looks,
    /// These tables.
    pub tables: &'a [(String, PathBuf)],
    /// The input files with their numbers.
    pub files: &'a BTreeMap<String, i64>,
    pub links: &'a ByRecord,
    /// Folder for the spools.
    pub folder: &'a Path,
    pub former: Option<&'a Former>,
}

/// The hits of all looks, on disk, and what is remembered of everybody.
pub(crate) struct Gathered<'a> {
    pub(super) looks: &'a [Look],
    /// Spools with the look they come from.
    pub(super) spools: Vec<(usize, Spool)>,
    /// What is remembered of everybody.
    pub summary: Summary,
    /// Who has both evidence and a breast primary.
    pub kept: Persons,
    /// Who has a hit that the former run did not have, or had one that is gone or somebody else's.
    pub changed: Persons,
}

/// A spool, with the files whose hits in it count.
pub(crate) struct Spool {
    path: PathBuf,
    numbers: Numbers,
    /// The hash of its hits, where they were taken over.
    hash: Option<String>,
    /// That of their persons, where nobody's changed.
    hash_of_persons: Option<String>,
}

impl Spool {
    pub(super) fn read(&self) -> Result<SpoolReader<'_>, CasefindError> {
        SpoolReader::open(&self.path, &self.numbers)
    }

    /// As it is kept for the next run.
    pub(super) fn kept(
        &self,
        source: Source,
        files: &BTreeMap<String, i64>,
    ) -> Result<KeptSpool, CasefindError> {
        let paths: BTreeMap<i64, &String> = files.iter().map(|(path, number)| (*number, path)).collect();
        let named = |(own, now): (&i64, &i64)| Some((*own, (*paths.get(now)?).clone()));
        Ok(KeptSpool {
            hits: match &self.hash {
                Some(hash) => hash.clone(),
                None => spool::hash(&self.path)?,
            },
            persons: match &self.hash_of_persons {
                Some(hash) => hash.clone(),
                None => spool::hash_of_persons(&self.path)?,
            },
            name: self
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            source,
            files: self.numbers.iter().filter_map(named).collect(),
        })
    }
}

/// Takes over the hits that stand, and looks once at each table that holds others.
pub(crate) fn gather<'l>(of: &Gathering<'_, 'l>) -> Result<Gathered<'l>, CasefindError> {
    fs_err::create_dir_all(of.folder)?;
    let session = of.session;
    session.markers(MARKS);
    let (mut spools, mut summary, mut changed) = (Vec::new(), Summary::default(), Persons::default());
    for (source, taken) in of.take_over(|source| matches!(source, Source::Look(_)))? {
        if let Source::Look(look) = source {
            summary.merge(&taken.summary);
            changed.join(&taken.changed);
            spools.push((look, taken.spool));
        }
    }
    for (number, look) in of.looks.looks.iter().enumerate() {
        if of.tables.iter().all(|(name, _)| *name != look.table) {
            continue;
        }
        let part = if look.excerpt { "the tumours of " } else { "" };
        let what = format!("looking for evidence in {part}`{}`", look.table);
        let start = |part: usize| Part::create(&of.place(number, part), of.links.column("person"));
        let hear = |part: &mut Part, batch: &Batch| part.batch(look, batch);
        for part in session.each(&what, &look.sql, start, hear)? {
            let (path, own) = part.finish()?;
            summary.merge(&own);
            changed.join(&own.any);
            spools.push((number, of.spool(path)));
        }
    }
    Ok(Gathered {
        looks: &of.looks.looks,
        spools,
        kept: summary.evidence.both(&summary.primary),
        summary,
        changed,
    })
}

/// A spool that was taken over.
pub(super) struct Taken {
    pub(super) spool: Spool,
    summary: Summary,
    changed: Persons,
}

impl Gathering<'_, '_> {
    /// Where a new spool goes: no run has had this many taken over.
    pub(super) fn place(&self, look: usize, part: usize) -> PathBuf {
        let names = self.former.iter().flat_map(|former| &former.spools);
        let of = |spool: &KeptSpool| spool.name.split('-').next()?.parse::<u32>().ok();
        let run = names.filter_map(of).max().map_or(0, |last| last + 1);
        self.folder.join(format!("{run:05}-{look:03}-{part:03}"))
    }

    /// A new spool: all of its files count.
    pub(super) fn spool(&self, path: PathBuf) -> Spool {
        let numbers = self.files.values().map(|number| (*number, *number));
        Spool {
            path,
            numbers: numbers.collect(),
            hash: None,
            hash_of_persons: None,
        }
    }

    /// Takes over the spools of some sources. Whose each hit is, is looked up where it may have changed.
    pub(super) fn take_over(
        &self,
        wanted: impl Fn(Source) -> bool,
    ) -> Result<Vec<(Source, Taken)>, CasefindError> {
        let Some(former) = self.former else {
            return Ok(Vec::new());
        };
        let spools: Vec<&KeptSpool> = former
            .spools
            .iter()
            .filter(|spool| wanted(spool.source))
            .collect();
        let taken: Vec<Result<_, CasefindError>> = spools
            .into_par_iter()
            .map(|kept| Ok((kept.source, self.taken(former, kept)?)))
            .collect();
        taken.into_iter().collect()
    }

    fn taken(&self, former: &Former, kept: &KeptSpool) -> Result<Taken, CasefindError> {
        let (before, path) = (former.spool(kept), self.folder.join(&kept.name));
        engine::second_name(&before, &path)?;
        let now = |(own, path): (&i64, &String)| Some((*own, *former.numbers.get(path)?));
        let numbers: Numbers = kept.files.iter().filter_map(now).collect();
        let (evidence, primary) = match kept.source {
            Source::Look(look) => self.looks.looks.get(look).map_or((0, 0), |look| {
                (look.bits(|rule| rule.evidence), look.bits(|rule| rule.primary))
            }),
            Source::Ends => (0, 0),
        };
        let (mut summary, mut changed) = (Summary::default(), Persons::default());
        let mut persons = self.links.column("person");
        let mut reader = SpoolReader::open(&before, &numbers)?;
        let mut writer = PersonsAgain::of(&before, &path);
        while let Some(hit) = reader.head()? {
            let person = match hit.file {
                None => NOBODY,
                Some(file) => {
                    let stands = hit.person != NOBODY && former.whose.holds(file, hit.row);
                    let person = if stands {
                        Some(hit.person)
                    } else {
                        persons.integer(file, hit.row)?
                    };
                    summary.hear(person, hit.mask & evidence != 0, hit.mask & primary != 0);
                    person.unwrap_or(NOBODY)
                }
            };
            if person != hit.person {
                [person, hit.person]
                    .into_iter()
                    .filter(|person| *person != NOBODY)
                    .for_each(|person| changed.insert(person));
            }
            writer.push(person, hit.person)?;
        }
        let same = writer.finish()?;
        let spool = Spool {
            path,
            numbers,
            hash: Some(kept.hits.clone()),
            hash_of_persons: same.then(|| kept.persons.clone()),
        };
        Ok(Taken {
            spool,
            summary,
            changed,
        })
    }
}
