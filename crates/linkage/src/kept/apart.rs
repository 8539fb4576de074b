//! Records that stay apart although another record says the same of a person: whose each is.

use std::path::Path;

use super::pack::{Packer, Unpacker};
use super::{FOLDER, KeptFile, first, first_parts, fits};
use crate::error::LinkageError;

const APART: &str = "apart.bin";

/// A record of an identity whose records stay apart and are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApartRecord {
    /// The place of its file and its place in the file ([`first`]).
    pub(crate) at: u64,
    pub(crate) identity: u32,
    pub(crate) person: u32,
}

/// All of them, in order of file and row.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Apart {
    list: Vec<ApartRecord>,
}

impl Apart {
    /// In whatever order they came.
    pub(crate) fn of(mut list: Vec<ApartRecord>) -> Self {
        list.sort_unstable();
        Self { list }
    }

    pub(crate) fn all(&self) -> &[ApartRecord] {
        &self.list
    }

    /// Those of a file from one of its records to before another.
    pub(crate) fn within(&self, place: usize, from: u64, to: u64) -> &[ApartRecord] {
        let before = |at: u64| self.list.partition_point(|record| record.at < at);
        &self.list[before(first(place, from))..before(first(place, to))]
    }

    /// The person of a record by its place in its file: its identity's, unless it is one of them. Where a step joined the
    /// identity, none of its records is.
    pub(crate) fn whose(&self, (place, at): (usize, u64), joined: bool, of_identity: u32) -> u32 {
        let own = if joined { None } else { self.person(place, at) };
        own.unwrap_or(of_identity)
    }

    pub(super) fn person(&self, place: usize, at: u64) -> Option<u32> {
        let wanted = first(place, at);
        let found = self.list.binary_search_by_key(&wanted, |record| record.at).ok()?;
        Some(self.list[found].person)
    }

    /// Writes them, with the numbers of their files in what is kept.
    pub(crate) fn write(&self, out: &Path, files: &[KeptFile]) -> Result<(), LinkageError> {
        let mut packer = Packer::create(&out.join(FOLDER).join(APART))?;
        packer.longs(self.list.iter().map(|record| {
            let (place, at) = first_parts(record.at);
            first(files[place].id as usize, at)
        }))?;
        packer.shorts(self.list.iter().map(|record| record.identity))?;
        packer.shorts(self.list.iter().map(|record| record.person))?;
        packer.finish()
    }

    /// Reads them; `present` says where the file of each number is in the list of today.
    pub(crate) fn read(former: &Path, present: &[usize]) -> Result<Self, LinkageError> {
        let mut unpacker = Unpacker::open(&former.join(FOLDER).join(APART))?;
        let (places, identities) = (unpacker.longs()?, unpacker.shorts()?);
        let persons = unpacker.shorts()?;
        unpacker.finish()?;
        fits(identities.len(), places.len())?;
        fits(persons.len(), places.len())?;
        let record = |((at, identity), person)| {
            Ok(ApartRecord {
                at: moved(at, present)?,
                identity,
                person,
            })
        };
        let all = places.into_iter().zip(identities).zip(persons);
        Ok(Self::of(all.map(record).collect::<Result<_, LinkageError>>()?))
    }
}

/// A record by the place of its file today, from its file's number in what is kept.
pub(super) fn moved(at: u64, present: &[usize]) -> Result<u64, LinkageError> {
    let (id, at) = first_parts(at);
    let place = present.get(id).filter(|place| **place != usize::MAX);
    Ok(first(*place.ok_or(LinkageError::Kept)?, at))
}
