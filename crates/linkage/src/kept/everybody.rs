//! What became of each identity, in memory and as it is kept.

use std::path::Path;

use super::pack::{Packer, Unpacker};
use super::{FOLDER, Says};
use crate::cascade::{Conflict, Linked, NamesInUse, Reason, Shared, Step};
use crate::error::LinkageError;

const PEOPLE: &str = "people.bin";

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

impl Everybody {
    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        let (linked, step) = (&self.linked, |step: &Option<Step>| {
            step.map_or(NO_STEP, |step| step as u8)
        });
        let mut packer = Packer::create(&out.join(FOLDER).join(PEOPLE))?;
        for column in [&linked.roots, &linked.circles, &linked.early, &self.persons] {
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

    /// Reads what became of the identities.
    pub(crate) fn read(former: &Path) -> Result<Self, LinkageError> {
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(PEOPLE))?;
        let roots = unpacker.shorts()?;
        let identities = roots.len();
        let place = |place: u32| (place as usize) < identities;
        let mut column = || {
            let column = unpacker.shorts()?;
            fits(column.len(), identities)?;
            Ok::<_, LinkageError>(column)
        };
        let (circles, early, persons) = (column()?, column()?, column()?);
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
        let sound = roots
            .iter()
            .chain(&circles)
            .chain(&early)
            .all(|&root| place(root))
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
            circles,
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
