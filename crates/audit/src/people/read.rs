//! From the tables of the stages before to [`People`].
//!
//! Links are read once and kept for the records that matter; a table's records and its links are both in the order of
//! file and row, so that finding whose a record is needs no search. The parts of all tables are read side by side, large
//! ones in shares.

use std::cmp::Reverse;
use std::path::Path;

use engine::{ByRecord, EngineError, TableReader};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use super::cases::{self, Cases};
use super::facts::{Asked, Known, Stated, Table, Tables};
use super::primaries::{Primaries, SOURCES};
use super::rows::{self, Columns, Row, Share};
use super::{Fact, Kind, People, Person, Primary, RecordKey, record_key};
use crate::definition::Standards;

/// Where the tables lie, and what is asked of them.
pub(crate) struct Input<'a> {
    pub intake: &'a Path,
    pub linkage: &'a Path,
    pub casefind: &'a Path,
    /// What is known of the people: `case_people`, or `people`.
    pub people: &'a Path,
    pub registry: &'a Registry,
    pub standards: &'a Standards,
    pub asked: &'a Asked,
    /// Primaries diagnosed in this time are wanted too.
    pub primaries: Option<(Date, Date)>,
    /// Whether each fact keeps its record in every source, not only in COSD, and each case those that first show it.
    pub every_record: bool,
}

/// Days by which the statements of one primary may differ.
const SAME_PRIMARY_DAYS: i32 = 31;

/// Reads everybody.
pub(crate) fn read(input: &Input<'_>) -> Result<People, EngineError> {
    let mut cases = cases::read(
        input.casefind,
        input.people,
        input.every_record,
        input.standards.diagnosis_days,
    )?;
    let files = Files::read(input.intake)?;
    let links = links(input, &files, &cases)?;
    if let Some(period) = input.primaries {
        primaries(input, period, &links, &mut cases)?;
    }
    let mut mine: Vec<(RecordKey, u32)> = links
        .iter()
        .filter_map(|(key, person)| Some((*key, *cases.index.get(person)?)))
        .collect();
    drop(links);
    let others = records(input, &files, &mine, &mut cases)?;
    first_shown(&files, &mut cases);
    mine.retain(|(key, _)| !others.contains(key));
    let (facts, stated) = facts(input, &mine)?;
    Ok(People {
        people: cases.people,
        facts,
        stated,
    })
}

/// What the files are.
struct Files {
    paths: Vec<String>,
    /// Whether everybody's records of a file are wanted, not only those of people with secondary disease.
    everybody: Vec<bool>,
}

impl Files {
    fn read(intake: &Path) -> Result<Self, EngineError> {
        let mut files = Self {
            paths: Vec::new(),
            everybody: Vec::new(),
        };
        for batch in TableReader::open_columns(&intake.join("files.parquet"), &["file", "kind", "path"])? {
            let batch = batch?;
            let (file, kind, path) = (batch.integer("file")?, batch.text("kind")?, batch.text("path")?);
            for row in 0..batch.rows() {
                let at = usize::try_from(file.get(row).unwrap_or_default()).unwrap_or_default();
                if files.paths.len() <= at {
                    files.paths.resize(at + 1, String::new());
                    files.everybody.resize(at + 1, false);
                }
                files.paths[at] = path.get(row).unwrap_or_default().to_owned();
                files.everybody[at] = SOURCES.iter().any(|source| Some(source.table) == kind.get(row));
            }
        }
        Ok(files)
    }
}

/// Whose each record is that may matter: record and person number, in order.
fn links(input: &Input<'_>, files: &Files, cases: &Cases) -> Result<Vec<(RecordKey, i64)>, EngineError> {
    let table = ByRecord::open(&input.linkage.join("links.parquet"))?;
    let sieve = Sieve::of(cases.index.keys().copied());
    let wanted = |file: i64, person: i64| {
        let everybody = input.primaries.is_some()
            && usize::try_from(file).is_ok_and(|file| files.everybody.get(file) == Some(&true));
        everybody || (sieve.may_hold(person) && cases.index.contains_key(&person))
    };
    let of = |share| -> Result<Vec<(RecordKey, i64)>, EngineError> {
        let mut found = Vec::new();
        table.integers(share, "person", |file, row, person| {
            if let Some(person) = person.filter(|person| wanted(file, *person)) {
                found.push((record_key(file, row), person));
            }
        })?;
        Ok(found)
    };
    let shares = table.shares(rayon::current_num_threads());
    let found: Vec<_> = shares.into_par_iter().map(of).collect::<Result<_, _>>()?;
    Ok(found.concat())
}

/// Passes over most people who are not looked for, without looking them up: it fits the cache, and a map of them does not.
struct Sieve(Vec<u64>);

impl Sieve {
    /// Holes, a power of two: half a megabyte.
    const HOLES: usize = 1 << 22;

    fn of(people: impl Iterator<Item = i64>) -> Self {
        let mut words = vec![0; Self::HOLES / 64];
        for person in people {
            let (word, bit) = Self::hole(person);
            words[word] |= bit;
        }
        Self(words)
    }

    fn hole(person: i64) -> (usize, u64) {
        let hole = person as usize & (Self::HOLES - 1);
        (hole / 64, 1 << (hole % 64))
    }

    fn may_hold(&self, person: i64) -> bool {
        let (word, bit) = Self::hole(person);
        self.0[word] & bit != 0
    }
}

/// The parts of a table, each in up to so many shares; none where no file brought it.
fn shares(intake: &Path, table: &str, count: usize) -> Result<Vec<Share>, EngineError> {
    let folder = intake.join("records").join(table);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let is_section = table.contains('.');
    let parts = engine::parts(&folder)?.into_iter();
    let shares = parts.map(|part| Share::of(&part, is_section, count));
    Ok(shares
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// Adds everybody whose first breast cancer was diagnosed in the period and had not spread.
fn primaries(
    input: &Input<'_>,
    period: (Date, Date),
    links: &[(RecordKey, i64)],
    cases: &mut Cases,
) -> Result<(), EngineError> {
    let mut primaries = Primaries::default();
    for (index, source) in SOURCES.iter().enumerate() {
        let columns = source.columns();
        for share in shares(input.intake, source.table, 1)? {
            let add = |person, row: &Row<'_>| primaries.add(index, person, row);
            rows::each(&share, &columns, links, add)?;
        }
    }
    for (person, date, organisation) in primaries.within(period) {
        let known = organisation.as_deref().map(|code| input.registry.resolve(code));
        let (organisation, nation) = match known {
            Some(Resolved::Known(body)) => (Some(body.code.clone()), Some(body.nation.clone())),
            _ => (None, None),
        };
        let primary = Primary {
            date,
            organisation,
            nation,
            records: Vec::new(),
        };
        let next = u32::try_from(cases.people.len()).unwrap_or(u32::MAX);
        let index = *cases.index.entry(person).or_insert(next);
        if index == next {
            cases.people.push(Person {
                number: person,
                ..Person::default()
            });
        }
        let own = &mut cases.people[index as usize];
        if own.case.as_ref().is_none_or(|case| case.kind != Kind::DeNovo) {
            own.primary = Some(primary);
        }
    }
    Ok(())
}

/// Finds the records of each event: those in which hospitals stated secondary disease, and those of the primary. Gives those
/// that are of another cancer, which say nothing of this one.
fn records(
    input: &Input<'_>,
    files: &Files,
    mine: &[(RecordKey, u32)],
    cases: &mut Cases,
) -> Result<FxHashSet<RecordKey>, EngineError> {
    let columns = Columns {
        texts: ["ID", "PATHWAY", "PRIMARY_DIAGNOSIS", "ORIGINAL_DIAGNOSIS"]
            .map(str::to_owned)
            .to_vec(),
        dates: vec!["PRIMARY_DATE".to_owned()],
    };
    let mut id = String::new();
    let mut others = FxHashSet::default();
    let first_shown: FxHashSet<&str> = cases.first_shown.iter().map(|(_, id)| id.as_str()).collect();
    for share in shares(input.intake, "cosd", 1)? {
        let take = |index: u32, row: &Row<'_>| {
            let key = record_key(row.file, row.row);
            let Some(person) = cases.people.get_mut(index as usize) else {
                return;
            };
            let path = usize::try_from(row.file)
                .ok()
                .and_then(|file| files.paths.get(file));
            id.clear();
            id.push_str(path.map_or("", String::as_str));
            id.push('#');
            // One without an id is known by its number in the file.
            match row.texts[0] {
                Some(own) => id.push_str(own),
                None => id.push_str(&row.row.to_string()),
            }
            let shows = first_shown.contains(id.as_str());
            if let Some(case) = &mut person.case
                && (shows || cases.stated.contains(&id))
            {
                case.records.push(key);
                if shows {
                    case.first_shown.push(key);
                }
            } else if input.standards.of_another_cancer(&row.texts[2..]) {
                others.insert(key);
            } else if let Some(primary) = &mut person.primary
                && row.texts[1] == Some("primary")
                && row.dates[0].is_some_and(|day| (day - primary.date.days()).abs() <= SAME_PRIMARY_DAYS)
            {
                primary.records.push(key);
            }
        };
        rows::each(&share, &columns, mine, take)?;
    }
    Ok(others)
}

/// Adds the records that first show a case, by whichever source: rows are known by their file and number.
fn first_shown(files: &Files, cases: &mut Cases) {
    let by_path: FxHashMap<&str, i64> = files.paths.iter().map(String::as_str).zip(0..).collect();
    for (index, record) in std::mem::take(&mut cases.first_shown) {
        let row = record.rsplit_once('#').and_then(|(path, row)| {
            let row = row.parse().ok()?;
            Some(record_key(*by_path.get(path)?, row))
        });
        let case = cases.people.get_mut(index as usize);
        if let Some((key, case)) = row.zip(case.and_then(|person| person.case.as_mut())) {
            for records in [&mut case.records, &mut case.first_shown] {
                if let Err(at) = records.binary_search(&key) {
                    records.insert(at, key);
                }
            }
        }
    }
}

/// Every fact of everybody, in order; and how many rows held each item.
fn facts(input: &Input<'_>, mine: &[(RecordKey, u32)]) -> Result<(Vec<Fact>, Vec<Stated>), EngineError> {
    let tables = Tables::of(input.standards);
    let mut jobs: Vec<(&Table, Share)> = Vec::new();
    for table in &tables.0 {
        let shares = shares(input.intake, &table.name, rayon::current_num_threads())?;
        jobs.extend(shares.into_iter().map(|share| (table, share)));
    }
    // The largest first, so that at the end no thread waits for another's.
    jobs.sort_by_key(|(_, share)| Reverse(share.bytes));
    let read = jobs
        .into_par_iter()
        .with_max_len(1)
        .map(|(table, share)| facts_of(input, mine, table, &share))
        .collect::<Result<Vec<_>, EngineError>>()?;
    let mut stated = vec![Stated::default(); input.standards.facts.len()];
    let mut facts = Vec::with_capacity(read.iter().map(|(facts, _)| facts.len()).sum());
    for (own, counted) in read {
        facts.extend(own);
        stated.iter_mut().zip(counted).for_each(|(sum, own)| sum.sum(own));
    }
    facts.par_sort_unstable();
    facts.dedup();
    Ok((facts, stated))
}

fn facts_of(
    input: &Input<'_>,
    mine: &[(RecordKey, u32)],
    table: &Table,
    share: &Share,
) -> Result<(Vec<Fact>, Vec<Stated>), EngineError> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut stated = vec![Stated::default(); input.standards.facts.len()];
    // A course is a row for every day it was given: the same fact over and over.
    let mut last: Vec<Option<Fact>> = vec![None; input.standards.facts.len()];
    let mut known = vec![Known::default(); input.standards.facts.len()];
    // Only a record of COSD holds several statements about one event.
    let of_record = input.every_record || table.kind() == "cosd";
    let take = |person: u32, row: &Row<'_>| {
        let record = if of_record {
            record_key(row.file, row.row)
        } else {
            0
        };
        table.facts(
            &input.standards.facts,
            input.asked,
            row,
            &mut stated,
            &mut known,
            |fact, day, mask| {
                let own = Fact {
                    person,
                    fact,
                    day,
                    mask,
                    record,
                };
                let last = &mut last[usize::from(fact)];
                if *last != Some(own) {
                    *last = Some(own);
                    facts.push(own);
                }
            },
        );
    };
    rows::each(share, &table.columns, mine, take)?;
    Ok((facts, stated))
}
