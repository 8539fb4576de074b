//! Each person's facts, read back from the spools and put together.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::Fact;
use super::gather::{Gathered, Spool};
use super::people::Persons;
use super::spool::Hit;
use crate::error::CasefindError;

/// Persons whose hits are counted together, to cut the persons into ranges.
const SHIFT: u32 = 12;

/// Persons who are judged one after the other, and how many such parts are under way before they are told of.
const TOGETHER: usize = 128;
const AT_ONCE: usize = 16;

impl Gathered<'_> {
    /// Judges those of `persons` who have both evidence and a breast primary, by all facts, on as many threads as the pool
    /// has, and tells of them in the order of persons. At no time are more hits in memory than `bytes` allow, unless a few
    /// persons alone have more.
    pub(crate) fn each<T: Send>(
        &self,
        persons: &Persons,
        bytes: u64,
        judge: impl Fn(&[(i64, Vec<Fact>)]) -> Vec<T> + Sync,
        mut hear: impl FnMut(i64, T) -> Result<(), CasefindError> + Send,
    ) -> Result<(), CasefindError> {
        // Of most studies everything fits, and is read once.
        let persons = &self.kept.both(persons);
        if let Some(hits) = self.read(persons, i64::MIN..=i64::MAX, bytes)? {
            return self.hand_out(hits, &judge, &mut hear);
        }
        for range in self.ranges(persons, bytes)? {
            let hits = self.read(persons, range, u64::MAX)?.unwrap_or_default();
            self.hand_out(hits, &judge, &mut hear)?;
        }
        Ok(())
    }

    /// The hits of some persons, each with its look; nothing where they need more memory than that.
    fn read(
        &self,
        wanted: &Persons,
        range: RangeInclusive<i64>,
        most: u64,
    ) -> Result<Option<Vec<(usize, Hit)>>, CasefindError> {
        let weight = AtomicU64::new(0);
        let of_spool = |(look, spool): &(usize, Spool)| -> Result<Option<Vec<(usize, Hit)>>, CasefindError> {
            let (mut spool, mut hits) = (spool.read()?, Vec::new());
            while let Some(hit) = spool.next(|person| range.contains(&person) && wanted.contains(person))? {
                let own = hit.weight();
                if weight.fetch_add(own, Relaxed).saturating_add(own) > most {
                    return Ok(None);
                }
                hits.push((*look, hit));
            }
            Ok(Some(hits))
        };
        let spools = self.spools.par_iter().map(of_spool);
        let Some(parts) = spools.collect::<Result<Option<Vec<_>>, CasefindError>>()? else {
            return Ok(None);
        };
        // Each list goes once it has been taken in: at no time is everything there twice.
        let mut hits = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for mut part in parts {
            hits.append(&mut part);
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
    fn ranges(&self, wanted: &Persons, bytes: u64) -> Result<Vec<RangeInclusive<i64>>, CasefindError> {
        let mut weights: BTreeMap<i64, u64> = BTreeMap::new();
        for (_, spool) in &self.spools {
            let mut spool = spool.read()?;
            while let Some(hit) = spool.next(|person| wanted.contains(person))? {
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
