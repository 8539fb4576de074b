//! The looks, run; and each person's facts, put together.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use engine::{Batch, ByRecord, ColumnByRecord, EngineError, Session};

use super::Fact;
use super::people::{Persons, Summary};
use super::plan::{Look, Looks, Member};
use super::spool::{Hit, HitRow, SpoolReader, SpoolWriter};
use crate::error::CasefindError;
use crate::marks::MARKS;

/// Persons whose hits are counted together, to cut the persons into ranges.
const SHIFT: u32 = 12;

/// Persons who are judged one after the other, and how many such parts are under way before they are told of.
const TOGETHER: usize = 128;
const AT_ONCE: usize = 16;

/// The hits of all looks, on disk, and what is remembered of everybody.
pub(crate) struct Gathered<'a> {
    looks: &'a [Look],
    /// Spools with the look they come from.
    spools: Vec<(usize, PathBuf)>,
    /// What is remembered of everybody.
    pub summary: Summary,
    /// Who has both evidence and a breast primary.
    pub kept: Persons,
}

/// Looks once at each table that is there.
pub(crate) fn look<'a>(
    session: &Session,
    looks: &'a Looks,
    tables: &[(String, PathBuf)],
    links: &ByRecord,
    work: &Path,
) -> Result<Gathered<'a>, CasefindError> {
    fs_err::create_dir_all(work)?;
    session.markers(MARKS);
    let (mut spools, mut summary) = (Vec::new(), Summary::default());
    for (number, look) in looks.looks.iter().enumerate() {
        if tables.iter().all(|(name, _)| *name != look.table) {
            continue;
        }
        let part = if look.excerpt { "the tumours of " } else { "" };
        let what = format!("looking for evidence in {part}`{}`", look.table);
        let start = |part: usize| -> Result<Part, CasefindError> {
            Ok(Part {
                spool: SpoolWriter::create(&work.join(format!("{number:03}-{part:03}")))?,
                persons: links.column("person"),
                summary: Summary::default(),
            })
        };
        let hear = |part: &mut Part, batch: &Batch| part.batch(look, batch);
        for part in session.each(&what, &look.sql, start, hear)? {
            summary.merge(&part.summary);
            spools.push((number, part.spool.finish()?));
        }
    }
    Ok(Gathered {
        looks: &looks.looks,
        spools,
        kept: summary.evidence.both(&summary.primary),
        summary,
    })
}

/// One part of a look, on a thread of its own.
struct Part {
    spool: SpoolWriter,
    persons: ColumnByRecord,
    summary: Summary,
}

impl Part {
    fn batch(&mut self, look: &Look, batch: &Batch) -> Result<(), CasefindError> {
        let columns = Taken::of(look, batch)?;
        for row in 0..batch.rows() {
            self.record(look, &columns, row)?;
        }
        Ok(())
    }

    /// One record that meets rules: a hit for each group of rules.
    fn record(&mut self, look: &Look, columns: &Taken<'_>, at: usize) -> Result<(), CasefindError> {
        let number = |column: &engine::IntegerColumn<'_>| column.get(at).unwrap_or_default();
        let (file, row, mask) = (number(&columns.file), number(&columns.row), number(&columns.mask));
        let person = self.persons.integer(file, row)?;
        let mut rest = mask;
        while rest != 0 {
            let first = rest.trailing_zeros() as usize;
            let (Some(member), Some(taken)) = (look.rules.get(first), columns.members.get(first)) else {
                break;
            };
            let group = rest & taken.group;
            rest &= !group;
            self.summary.facts += 1;
            let Some(person) = person else {
                self.summary.lost += 1;
                continue;
            };
            let evidence = group & columns.evidence != 0;
            self.summary.any.insert(person);
            if evidence {
                self.summary.evidence.insert(person);
            }
            if group & columns.primary != 0 {
                self.summary.primary.insert(person);
            }
            // Nobody asks of other facts what they said, when they were sent and which record it was.
            let texts = if evidence {
                [columns.organisation, taken.sites, taken.said, columns.record]
            } else {
                [columns.organisation, None, None, None]
            };
            self.spool.push(&HitRow {
                person,
                file,
                row,
                seq: columns.seq.as_ref().map_or(0, &number),
                group: member.group,
                mask: group,
                date: taken.date.and_then(|column| column.get(at)),
                created: columns
                    .created
                    .filter(|_| evidence)
                    .and_then(|column| column.get(at)),
                texts: texts.map(|column| column.and_then(|column| column.get(at))),
            })?;
        }
        Ok(())
    }
}

/// The columns of a batch of hits.
struct Taken<'a> {
    file: engine::IntegerColumn<'a>,
    row: engine::IntegerColumn<'a>,
    mask: engine::IntegerColumn<'a>,
    seq: Option<engine::IntegerColumn<'a>>,
    record: Option<engine::TextColumn<'a>>,
    created: Option<engine::DateColumn<'a>>,
    organisation: Option<engine::TextColumn<'a>>,
    members: Vec<TakenBy<'a>>,
    evidence: i64,
    primary: i64,
}

/// The columns that a rule takes, and the bits of its group.
struct TakenBy<'a> {
    group: i64,
    date: Option<engine::DateColumn<'a>>,
    sites: Option<engine::TextColumn<'a>>,
    said: Option<engine::TextColumn<'a>>,
}

impl<'a> Taken<'a> {
    fn of(look: &Look, batch: &'a Batch) -> Result<Self, EngineError> {
        let there = |name: &str| batch.names().any(|column| column == name);
        let text = |name: &str| there(name).then(|| batch.text(name)).transpose();
        let bits = |keep: &dyn Fn(&Member) -> bool| {
            let rules = look.rules.iter().enumerate();
            rules
                .filter(|(_, rule)| keep(rule))
                .fold(0_i64, |bits, (bit, _)| bits | 1 << bit)
        };
        let mut members = Vec::with_capacity(look.rules.len());
        for rule in &look.rules {
            let named = |name: &Option<String>| name.as_ref().map(|name| batch.text(name)).transpose();
            members.push(TakenBy {
                group: bits(&|other| other.group == rule.group),
                date: rule.date.as_ref().map(|name| batch.date(name)).transpose()?,
                sites: named(&rule.sites)?,
                said: named(&rule.said)?,
            });
        }
        Ok(Self {
            file: batch.integer("file")?,
            row: batch.integer("row")?,
            mask: batch.integer("mask")?,
            seq: there("seq").then(|| batch.integer("seq")).transpose()?,
            record: text("record")?,
            created: there("created").then(|| batch.date("created")).transpose()?,
            organisation: text("organisation")?,
            members,
            evidence: bits(&|rule| rule.evidence),
            primary: bits(&|rule| rule.primary),
        })
    }
}

impl Gathered<'_> {
    /// Judges everybody who has both evidence and a breast primary, by all facts, on as many threads as the pool has, and
    /// tells of them in the order of persons. At no time are more hits in memory than `bytes` allow, unless a few persons
    /// alone have more.
    pub(crate) fn each<T: Send>(
        &self,
        bytes: u64,
        judge: impl Fn(&[(i64, Vec<Fact>)]) -> Vec<T> + Sync,
        mut hear: impl FnMut(i64, T) -> Result<(), CasefindError> + Send,
    ) -> Result<(), CasefindError> {
        // Of most studies everything fits, and is read once.
        if let Some(hits) = self.read(i64::MIN..=i64::MAX, bytes)? {
            return self.hand_out(hits, &judge, &mut hear);
        }
        for range in self.ranges(bytes)? {
            let hits = self.read(range, u64::MAX)?.unwrap_or_default();
            self.hand_out(hits, &judge, &mut hear)?;
        }
        Ok(())
    }

    /// The hits of some persons, each with its look; nothing where they need more memory than that.
    fn read(
        &self,
        persons: RangeInclusive<i64>,
        most: u64,
    ) -> Result<Option<Vec<(usize, Hit)>>, CasefindError> {
        let (mut hits, mut weight) = (Vec::new(), 0_u64);
        // One after the other into one list: lists side by side would be there twice while they are joined.
        for (look, spool) in &self.spools {
            let mut spool = SpoolReader::open(spool)?;
            while let Some(hit) =
                spool.next(|person| persons.contains(&person) && self.kept.contains(person))?
            {
                weight = weight.saturating_add(hit.weight());
                if weight > most {
                    return Ok(None);
                }
                hits.push((*look, hit));
            }
        }
        Ok(Some(hits))
    }

    /// While some persons are judged, those before them are told of.
    fn hand_out<T: Send>(
        &self,
        mut hits: Vec<(usize, Hit)>,
        judge: &(impl Fn(&[(i64, Vec<Fact>)]) -> Vec<T> + Sync),
        hear: &mut (impl FnMut(i64, T) -> Result<(), CasefindError> + Send),
    ) -> Result<(), CasefindError> {
        hits.par_sort_unstable_by(|(look, a), (other, b)| (a.key(), look).cmp(&(b.key(), other)));
        let persons: Vec<&[(usize, Hit)]> = hits.chunk_by(|(_, a), (_, b)| a.person == b.person).collect();
        let facts = |of_person: &&[(usize, Hit)]| -> (i64, Vec<Fact>) {
            let person = of_person.first().map_or(0, |(_, hit)| hit.person);
            let facts = of_person.iter().flat_map(|(look, hit)| self.facts(*look, hit));
            (person, facts.collect())
        };
        let judged = |some: &&[&[(usize, Hit)]]| -> Vec<(i64, T)> {
            let some: Vec<(i64, Vec<Fact>)> = some.iter().map(facts).collect();
            let verdicts = judge(&some);
            some.into_iter().map(|(person, _)| person).zip(verdicts).collect()
        };
        let mut before: Vec<Vec<(i64, T)>> = Vec::new();
        for some in persons.chunks(AT_ONCE * TOGETHER) {
            let parts: Vec<&[&[(usize, Hit)]]> = some.chunks(TOGETHER).collect();
            let told = || {
                before
                    .into_iter()
                    .flatten()
                    .try_for_each(|(person, of)| hear(person, of))
            };
            let (now, told) = rayon::join(|| parts.par_iter().map(judged).collect(), told);
            told?;
            before = now;
        }
        before
            .into_iter()
            .flatten()
            .try_for_each(|(person, of)| hear(person, of))
    }

    /// Ranges of persons whose hits fit the memory.
    fn ranges(&self, bytes: u64) -> Result<Vec<RangeInclusive<i64>>, CasefindError> {
        let mut weights: BTreeMap<i64, u64> = BTreeMap::new();
        for (_, spool) in &self.spools {
            let mut spool = SpoolReader::open(spool)?;
            while let Some(hit) = spool.next(|person| self.kept.contains(person))? {
                *weights.entry(hit.person >> SHIFT).or_default() += hit.weight();
            }
        }
        let (mut ranges, mut from, mut sum) = (Vec::new(), i64::MIN, 0_u64);
        for (block, weight) in weights {
            if sum > 0 && sum + weight > bytes {
                let next = block << SHIFT;
                ranges.push(from..=next - 1);
                (from, sum) = (next, 0);
            }
            sum += weight;
        }
        ranges.push(from..=i64::MAX);
        Ok(ranges)
    }

    fn facts<'h>(&'h self, look: usize, hit: &'h Hit) -> impl Iterator<Item = Fact> + 'h {
        let rules = self
            .looks
            .get(look)
            .map(|look| look.rules.as_slice())
            .unwrap_or_default();
        let met = rules
            .iter()
            .enumerate()
            .filter(|(bit, _)| hit.mask >> bit & 1 == 1);
        met.map(|(_, member)| Fact {
            rule: member.rule,
            date: hit.date,
            created: hit.created,
            organisation: hit.organisation.clone(),
            sites: hit.sites.clone(),
            said: hit.said.clone(),
            file: hit.file,
            row: hit.row,
            record: hit.record.clone(),
        })
    }
}
