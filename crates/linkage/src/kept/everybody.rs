//! What became of each identity, in memory and as it is kept.
//!
//! The first of its files says it of all, each later one of those that a run changed or added. What is about all data lies
//! beside them, in one file.

use std::path::Path;

use super::apart::moved;
use super::numbered::{count, may_grow, numbered, take_over};
use super::pack::{Packer, Unpacker};
use super::{FOLDER, KeptFile, Says, first, first_parts};
use crate::cascade::{Conflict, Linked, NamesInUse, Reason, Shared, Step};
use crate::error::LinkageError;

const BECAME: &str = "became";
const OVER_ALL: &str = "people.bin";

/// Stands for "no step".
const NO_STEP: u8 = u8::MAX;

/// What became of the identities, by their place.
pub(crate) struct Everybody {
    pub(crate) linked: Linked,
    /// The person of each identity; of its first record, where its records stay apart.
    pub(crate) persons: Vec<u32>,
    /// All that records say beside their identity; the first is nothing.
    pub(crate) says: Vec<Says>,
}

/// How often and where first each identity was heard, by its place.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) records: Vec<u32>,
    /// The first record of each ([`first`]).
    pub(crate) firsts: Vec<u64>,
}

/// All of it, to be written.
pub(crate) struct Became<'a> {
    pub(crate) everybody: &'a Everybody,
    pub(crate) records: &'a [u32],
    pub(crate) firsts: &'a [u64],
    /// The files by whose place records are named.
    pub(crate) files: &'a [KeptFile],
    /// What the former run left, and the identities of which something is not as it left it, in order.
    pub(crate) former: Option<(&'a Path, &'a [u32])>,
}

impl Became<'_> {
    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        let identities = self.everybody.persons.len();
        let changes = self.former.filter(|(folder, changed)| {
            // Past a half it is read no faster than all anew.
            may_grow(folder, BECAME)
                && all_changes(folder).is_some_and(|before| (before + changed.len()) * 2 < identities)
        });
        let files = take_over(BECAME, changes.map(|(folder, _)| folder), out)?;
        let mut packer = Packer::create(&numbered(out, BECAME, files))?;
        let places = changes.map(|(_, changed)| changed);
        packer.shorts(places.unwrap_or_default().iter().copied())?;
        self.columns(&mut packer, identities, places)?;
        packer.finish()?;
        self.everybody.write_over_all(out)
    }

    fn columns(
        &self,
        packer: &mut Packer,
        identities: usize,
        places: Option<&[u32]>,
    ) -> Result<(), LinkageError> {
        let those = || 0..places.map_or(identities, <[u32]>::len);
        let at = |at: usize| places.map_or(at, |places| places[at] as usize);
        let linked = &self.everybody.linked;
        let persons = &self.everybody.persons;
        for column in [
            &linked.roots,
            &linked.circles,
            &linked.early,
            persons,
            self.records,
        ] {
            packer.shorts(those().map(|own| column[at(own)]))?;
        }
        packer.longs(those().map(|own| {
            let (place, row) = first_parts(self.firsts[at(own)]);
            first(self.files[place].id as usize, row)
        }))?;
        for column in [&linked.steps, &linked.joined] {
            let code = |own| column[at(own)].map_or(NO_STEP, |step: Step| step as u8);
            packer.bytes(&those().map(code).collect::<Vec<u8>>())?;
        }
        Ok(())
    }
}

/// Identities named by all later files together.
fn all_changes(former: &Path) -> Option<usize> {
    let named = |number| {
        Some(
            Unpacker::open(&numbered(former, BECAME, number))
                .ok()?
                .shorts()
                .ok()?
                .len(),
        )
    };
    (1..count(former, BECAME)).map(named).sum()
}

impl Everybody {
    fn write_over_all(&self, out: &Path) -> Result<(), LinkageError> {
        let linked = &self.linked;
        let mut packer = Packer::create(&out.join(FOLDER).join(OVER_ALL))?;
        let conflict = |conflict: &Conflict| {
            [
                conflict.reason as u32,
                conflict.step as u32,
                conflict.a,
                conflict.b,
            ]
        };
        let conflicts: Vec<u32> = linked.conflicts.iter().flat_map(conflict).collect();
        packer.shorts(conflicts.into_iter())?;
        packer.bytes(
            &linked
                .refusals
                .iter()
                .map(|(step, _)| *step as u8)
                .collect::<Vec<u8>>(),
        )?;
        packer.shorts(linked.refusals.iter().map(|(_, place)| *place))?;
        let shared = &linked.shared;
        for list in [
            &shared.keys,
            &shared.numbers,
            &shared.locals,
            &shared.births,
            &shared.postcodes,
        ] {
            packer.longs(list.iter().copied())?;
        }
        for counts in [
            &shared.per_birth,
            &shared.per_postcode,
            &linked.names.names,
            &linked.names.births,
        ] {
            packer.counts(counts)?;
        }
        packer.bytes(&serde_json::to_vec(&self.says)?)?;
        packer.finish()
    }

    /// Reads what became of the identities; `present` says where the file of each number is in the list of today.
    pub(super) fn read(former: &Path, present: &[usize]) -> Result<(Self, Heard), LinkageError> {
        let mut columns = Columns::default();
        for number in 0..count(former, BECAME) {
            columns.read(Unpacker::open(&numbered(former, BECAME, number))?)?;
        }
        let (mut everybody, heard) = columns.into_parts(present)?;
        everybody.read_over_all(former)?;
        Ok((everybody, heard))
    }

    fn read_over_all(&mut self, former: &Path) -> Result<(), LinkageError> {
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(OVER_ALL))?;
        let linked = &mut self.linked;
        let rest = {
            let words = unpacker.shorts()?;
            let (conflicts, rest) = words.as_chunks::<4>();
            linked.conflicts = conflicts.iter().map(conflict).collect::<Result<_, _>>()?;
            rest.len()
        };
        let (by, refused) = (unpacker.bytes()?, unpacker.shorts()?);
        fits(by.len(), refused.len() + rest)?;
        linked.refusals = by
            .into_iter()
            .zip(refused)
            .map(|(by, place)| Ok((step(by)?.ok_or(LinkageError::Kept)?, place)))
            .collect::<Result<_, LinkageError>>()?;
        let mut lists = || unpacker.longs();
        linked.shared = Shared {
            keys: lists()?,
            numbers: lists()?,
            locals: lists()?,
            births: lists()?,
            postcodes: lists()?,
            ..Shared::default()
        };
        linked.shared.per_birth = unpacker.counts()?;
        linked.shared.per_postcode = unpacker.counts()?;
        linked.names = NamesInUse {
            names: unpacker.counts()?,
            births: unpacker.counts()?,
        };
        let says = unpacker.bytes()?;
        unpacker.finish()?;
        self.says = serde_json::from_slice(&says).map_err(|_| LinkageError::Kept)?;
        let place = |place: u32| (place as usize) < self.persons.len();
        let linked = &self.linked;
        let sound = linked
            .conflicts
            .iter()
            .all(|conflict| place(conflict.a) && place(conflict.b))
            && linked.refusals.iter().all(|(_, refused)| place(*refused))
            && !self.says.is_empty();
        sound.then_some(()).ok_or(LinkageError::Kept)
    }
}

/// What is kept of each identity, as the files say it.
#[derive(Default)]
struct Columns {
    /// Roots, circles, early, persons, records.
    shorts: [Vec<u32>; 5],
    firsts: Vec<u64>,
    /// The step of each, and the step that joined it.
    steps: [Vec<Option<Step>>; 2],
}

impl Columns {
    fn read(&mut self, mut unpacker: Unpacker) -> Result<(), LinkageError> {
        let places = unpacker.shorts()?;
        for column in &mut self.shorts {
            put(column, unpacker.shorts()?, &places)?;
        }
        put(&mut self.firsts, unpacker.longs()?, &places)?;
        for column in &mut self.steps {
            let steps = unpacker.bytes()?.into_iter().map(step);
            put(column, steps.collect::<Result<_, _>>()?, &places)?;
        }
        unpacker.finish()
    }

    fn into_parts(mut self, present: &[usize]) -> Result<(Everybody, Heard), LinkageError> {
        let identities = self.firsts.len();
        let alike = self.shorts.iter().all(|column| column.len() == identities)
            && self.steps.iter().all(|column| column.len() == identities);
        let [roots, circles, early, persons, records] = self.shorts;
        let place = |place: &u32| (*place as usize) < identities;
        if !alike || !roots.iter().chain(&circles).chain(&early).all(place) {
            return Err(LinkageError::Kept);
        }
        for first in &mut self.firsts {
            *first = moved(*first, present)?;
        }
        let [steps, joined] = self.steps;
        let linked = Linked {
            roots,
            circles,
            early,
            steps,
            joined,
            ..Linked::default()
        };
        let everybody = Everybody {
            linked,
            persons,
            says: Vec::new(),
        };
        let firsts = self.firsts;
        Ok((everybody, Heard { records, firsts }))
    }
}

/// Puts values where they belong: all of them, or those of some places, in order, of which new ones come after the others.
fn put<T: Copy>(column: &mut Vec<T>, values: Vec<T>, places: &[u32]) -> Result<(), LinkageError> {
    if column.is_empty() && places.is_empty() {
        *column = values;
        return Ok(());
    }
    fits(values.len(), places.len())?;
    for (place, value) in places.iter().zip(values) {
        let end = column.len();
        match column.get_mut(*place as usize) {
            Some(there) => *there = value,
            None if *place as usize == end => column.push(value),
            None => return Err(LinkageError::Kept),
        }
    }
    Ok(())
}

pub(crate) fn fits(length: usize, wanted: usize) -> Result<(), LinkageError> {
    if length == wanted {
        Ok(())
    } else {
        Err(LinkageError::Kept)
    }
}

fn step(code: u8) -> Result<Option<Step>, LinkageError> {
    match code {
        NO_STEP => Ok(None),
        code => Step::ALL
            .get(usize::from(code))
            .map(|step| Some(*step))
            .ok_or(LinkageError::Kept),
    }
}

fn conflict(&[reason, step, a, b]: &[u32; 4]) -> Result<Conflict, LinkageError> {
    Ok(Conflict {
        reason: *Reason::ALL.get(reason as usize).ok_or(LinkageError::Kept)?,
        step: *Step::ALL.get(step as usize).ok_or(LinkageError::Kept)?,
        a,
        b,
    })
}
