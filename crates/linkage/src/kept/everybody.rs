//! All distinct identities of a study and what became of each, in memory and as they are kept.

use std::path::Path;

use super::pack::{Packer, Unpacker};
use super::{FOLDER, Says};
use crate::cascade::{Born, Conflict, Identities, Identity, Linked, NamesInUse, Reason, Shared, Step};
use crate::error::LinkageError;

const IDENTITIES: &str = "identities.bin";
const PEOPLE: &str = "people.bin";

/// Stands for "no step".
const NO_STEP: u8 = u8::MAX;

/// Identities as their records say them: sites not yet as their trusts, nothing blank.
pub(crate) struct IdentitiesFile {
    pub(crate) table: Identities,
    /// The first record of each: the place of its file in the list of files, and its place in the file.
    pub(crate) firsts: Vec<u64>,
}

/// What became of the identities, by their place.
pub(crate) struct Everybody {
    pub(crate) linked: Linked,
    /// The person of each identity; of its first record, where its records stay apart.
    pub(crate) persons: Vec<u32>,
    /// All that records say beside their identity; the first is nothing.
    pub(crate) says: Vec<Says>,
}

/// A record by the place of its file and its own place in the file, so that records compare as they come.
pub(crate) fn first(file: usize, at: u64) -> u64 {
    (file as u64) << 40 | at
}

/// The place of the file, and the place in the file.
pub(crate) fn first_parts(first: u64) -> (usize, u64) {
    ((first >> 40) as usize, first & ((1 << 40) - 1))
}

impl IdentitiesFile {
    pub(crate) fn write(table: &Identities, firsts: &[u64], out: &Path) -> Result<(), LinkageError> {
        let rows = &table.rows;
        let mut packer = Packer::create(&out.join(FOLDER).join(IDENTITIES))?;
        packer.longs(rows.iter().map(|row| row.number))?;
        let columns: [fn(&Identity) -> u32; 9] = [
            |row| row.born.0,
            |row| row.family,
            |row| row.given,
            |row| row.postcode,
            |row| row.organisation,
            |row| row.local,
            |row| row.key,
            |row| row.decided,
            |row| u32::from(row.sex),
        ];
        for column in columns {
            packer.shorts(rows.iter().map(column))?;
        }
        packer.shorts(table.records.iter().copied())?;
        packer.longs(firsts.iter().copied())?;
        packer.words(&table.words)?;
        packer.finish()
    }

    pub(crate) fn read(former: &Path) -> Result<Self, LinkageError> {
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(IDENTITIES))?;
        let numbers = unpacker.longs()?;
        let mut rows: Vec<Identity> = numbers
            .into_iter()
            .map(|number| Identity {
                number,
                ..Identity::default()
            })
            .collect();
        let columns: [fn(&mut Identity, u32); 9] = [
            |row, value| row.born = Born(value),
            |row, value| row.family = value,
            |row, value| row.given = value,
            |row, value| row.postcode = value,
            |row, value| row.organisation = value,
            |row, value| row.local = value,
            |row, value| row.key = value,
            |row, value| row.decided = value,
            |row, value| row.sex = value as u8,
        ];
        for put in columns {
            let values = unpacker.shorts()?;
            fits(values.len(), rows.len())?;
            rows.iter_mut()
                .zip(values)
                .for_each(|(row, value)| put(row, value));
        }
        let (records, firsts) = (unpacker.shorts()?, unpacker.longs()?);
        fits(records.len(), rows.len())?;
        fits(firsts.len(), rows.len())?;
        let words = unpacker.words()?;
        Ok(Self {
            table: Identities::of(rows, records, words),
            firsts,
        })
    }
}

impl Everybody {
    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        let (linked, step) = (&self.linked, |step: &Option<Step>| {
            step.map_or(NO_STEP, |step| step as u8)
        });
        let mut packer = Packer::create(&out.join(FOLDER).join(PEOPLE))?;
        for column in [&linked.roots, &linked.early, &self.persons] {
            packer.shorts(column.iter().copied())?;
        }
        for column in [&linked.steps, &linked.joined] {
            packer.bytes(&column.iter().map(step).collect::<Vec<u8>>())?;
        }
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

    /// Reads what became of so many identities.
    pub(crate) fn read(former: &Path, identities: usize) -> Result<Self, LinkageError> {
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(PEOPLE))?;
        let place = |place: u32| (place as usize) < identities;
        let mut column = || {
            let column = unpacker.shorts()?;
            fits(column.len(), identities)?;
            Ok::<_, LinkageError>(column)
        };
        let (roots, early, persons) = (column()?, column()?, column()?);
        let mut column = || {
            let steps: Vec<Option<Step>> = unpacker
                .bytes()?
                .into_iter()
                .map(step)
                .collect::<Result<_, _>>()?;
            fits(steps.len(), identities)?;
            Ok::<_, LinkageError>(steps)
        };
        let (steps, joined) = (column()?, column()?);
        let (conflicts, rest) = {
            let words = unpacker.shorts()?;
            let (conflicts, rest) = words.as_chunks::<4>();
            (
                conflicts
                    .iter()
                    .map(conflict)
                    .collect::<Result<Vec<Conflict>, _>>()?,
                rest.len(),
            )
        };
        let (by, refused) = (unpacker.bytes()?, unpacker.shorts()?);
        fits(by.len(), refused.len() + rest)?;
        let refusals = by
            .into_iter()
            .zip(refused)
            .map(|(by, place)| Ok((step(by)?.ok_or(LinkageError::Kept)?, place)))
            .collect::<Result<Vec<_>, LinkageError>>()?;
        let sound = roots.iter().chain(&early).all(|&root| place(root))
            && conflicts
                .iter()
                .all(|conflict| place(conflict.a) && place(conflict.b))
            && refusals.iter().all(|(_, refused)| place(*refused));
        let mut lists = || unpacker.longs();
        let mut shared = Shared {
            keys: lists()?,
            numbers: lists()?,
            locals: lists()?,
            births: lists()?,
            postcodes: lists()?,
            ..Shared::default()
        };
        shared.per_birth = unpacker.counts()?;
        shared.per_postcode = unpacker.counts()?;
        let names = NamesInUse {
            names: unpacker.counts()?,
            births: unpacker.counts()?,
        };
        let says: Vec<Says> = serde_json::from_slice(&unpacker.bytes()?).map_err(|_| LinkageError::Kept)?;
        let linked = Linked {
            roots,
            early,
            steps,
            joined,
            conflicts,
            refusals,
            shared,
            names,
            ..Linked::default()
        };
        (sound && !says.is_empty())
            .then_some(Self {
                linked,
                persons,
                says,
            })
            .ok_or(LinkageError::Kept)
    }
}

fn fits(length: usize, wanted: usize) -> Result<(), LinkageError> {
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
