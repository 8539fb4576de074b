//! Records that the former run wrote already.

use std::ops::Range;

use vocabulary::table::Value;

use super::ahead::{Next, Piece};
use super::anew::record_id;
use super::{
    FILE, FormerLinks, KeptGroup, MOST_GROUPS, Origin, PERSON, PERSON_ID, PROBABILITY, PROBABILITY_OF_PERSON,
    STEP, STEP_OF_PERSON, Writing, put_person_id, step_of,
};
use crate::error::LinkageError;
use crate::kept::first_parts;
use crate::read::stream;

/// What a group has that differs from what it had.
#[derive(Clone, Copy, Default)]
struct Changes {
    people: bool,
    steps: bool,
    numbers: bool,
}

/// A record with another person: the place of its file, its place in the file, whose it was and whose it is.
type MovedPlace = (u32, usize, u32, u32);

/// The records of a group, as they are gone through.
#[derive(Default)]
struct Records {
    identities: Vec<u32>,
    /// Records by their place in the group whose people follow from no identity, or were asked for; and those.
    looked_up: Vec<(u32, u32)>,
    changes: Changes,
}

/// Records of a group that are of one file, from one of its records on.
#[derive(Clone, Copy)]
struct Stretch {
    place: usize,
    start: u64,
    rows: u64,
}

impl Writing<'_, '_> {
    /// Takes over the groups that begin with the file at `place`; gives how many files that were.
    pub(super) fn taken_over(
        &mut self,
        place: usize,
        former: &mut FormerLinks<'_>,
    ) -> Result<usize, LinkageError> {
        let Some((groups, files)) = self.usable(place, former) else {
            return Ok(0);
        };
        self.end_group()?;
        let mut reader = std::mem::take(&mut former.records);
        let taken_over = self.groups((place, groups), former, &mut reader);
        former.records = reader;
        taken_over?;
        (self.known.request.progress)("writing who each record belongs to", self.done.records);
        Ok(files)
    }

    /// Takes over these groups, whose records come piece after piece.
    pub(super) fn each_group(
        &mut self,
        (place, groups): (usize, Range<usize>),
        former: &FormerLinks<'_>,
        next: Next<'_>,
    ) -> Result<(), LinkageError> {
        let Origin::Kept(first) = self.known.origins[place] else {
            return Err(LinkageError::Kept);
        };
        let (mut records, mut moved) = (Records::default(), Vec::new());
        for group in groups {
            let present = KeptGroup {
                files: former.kept.groups[group]
                    .files
                    .iter()
                    .map(|(file, rows)| (file - first + place as u32, *rows))
                    .collect(),
            };
            self.group(&present, &mut records, former, &mut *next, &mut moved)?;
            self.columns(&present, &records)?;
            self.links.end_group_with(&former.links, group)?;
            self.persons.end_group_with(&former.persons, group)?;
            self.done.taken_over += present.rows();
            self.done.groups.push(present);
        }
        for moved in moved.chunk_by(|a, b| a.0 == b.0) {
            self.name_moved(moved)?;
        }
        Ok(())
    }

    /// The groups of whole files of the former run that lie side by side here as they did there.
    fn usable(&self, place: usize, former: &FormerLinks<'_>) -> Option<(Range<usize>, usize)> {
        let Origin::Kept(first) = self.known.origins[place] else {
            return None;
        };
        let groups = &former.kept.groups;
        // A table with very many small groups is written anew in larger ones.
        if groups.len() > MOST_GROUPS / 2 {
            return None;
        }
        let begins = |group: &KeptGroup| group.files.first().map_or(u32::MAX, |(file, _)| *file);
        let start = groups.partition_point(|group| begins(group) < first);
        if groups.get(start).map(begins) != Some(first) {
            return None;
        }
        let end = start + groups[start..].partition_point(|group| begins(group) == first);
        let files = &groups[start].files;
        let (last, _) = files.last()?;
        // Files without records are in no group.
        let together = (first..=*last)
            .enumerate()
            .all(|(at, file)| self.known.origins.get(place + at) == Some(&Origin::Kept(file)));
        together.then_some((start..end, (last - first) as usize + 1))
    }

    /// Finds the people of a group's records, and what of it changed.
    fn group(
        &mut self,
        group: &KeptGroup,
        records: &mut Records,
        former: &FormerLinks<'_>,
        next: Next<'_>,
        moved: &mut Vec<MovedPlace>,
    ) -> Result<(), LinkageError> {
        records.identities.clear();
        records.looked_up.clear();
        records.changes = Changes::default();
        for &(place, rows) in &group.files {
            let stretch = Stretch {
                place: place as usize,
                // Where the group is a part of a large file, it does not begin with the file.
                start: self.before_group(place) as u64,
                rows,
            };
            let piece = next()?;
            self.take_in(stretch, &piece, records, former)?;
            self.carry_over(stretch, records, former);
            self.ask(stretch, (&piece, &mut *records), former, moved);
            records.identities.extend_from_slice(&piece.identities);
        }
        let steps = &self.known.everybody.linked.steps;
        let moved_share = |identity: &u32| {
            let step = steps[*identity as usize];
            step.is_some_and(|step| former.other_shares.contains(&step))
        };
        records.changes.steps |=
            !former.other_shares.is_empty() && records.identities.iter().any(moved_share);
        records.looked_up.sort_unstable();
        Ok(())
    }

    fn take_in(
        &mut self,
        stretch: Stretch,
        piece: &Piece,
        records: &mut Records,
        former: &FormerLinks<'_>,
    ) -> Result<(), LinkageError> {
        let Origin::Kept(kept) = self.known.origins[stretch.place] else {
            return Err(LinkageError::Kept);
        };
        let kept = &former.kept.files[kept as usize];
        records.changes.numbers |= kept.number != self.known.files.list[stretch.place].number;
        self.done.by_file.add(stretch.place, piece.sums);
        self.done.records += stretch.rows;
        Ok(())
    }

    /// Keeps whose records are that stay apart; those who were touched are asked for one by one.
    fn carry_over(&mut self, stretch: Stretch, records: &mut Records, former: &FormerLinks<'_>) {
        let end = stretch.start + stretch.rows;
        let there = self.known.apart.within(stretch.place, stretch.start, end);
        for record in there
            .iter()
            .filter(|record| !former.touched.holds(record.identity))
        {
            let at = first_parts(record.at).1 - stretch.start + records.identities.len() as u64;
            records.looked_up.push((at as u32, record.person));
            self.apart.push(*record);
        }
    }

    /// Asks whose the records are of identities that were touched.
    fn ask(
        &mut self,
        stretch: Stretch,
        (piece, records): (&Piece, &mut Records),
        former: &FormerLinks<'_>,
        moved: &mut Vec<MovedPlace>,
    ) {
        for &(at, says) in &piece.touched {
            let identity = piece.identities[at as usize];
            let in_file = stretch.start + u64::from(at);
            let before = self.known.had(identity, (stretch.place, in_file));
            let person = self.ids.of(identity, before);
            if person != before {
                records.changes.people = true;
                moved.push((stretch.place as u32, in_file as usize, before, person));
            }
            records.changes.steps |= former.other_step.holds(identity);
            self.hear((stretch.place, in_file), identity, person, says);
            let in_group = records.identities.len() as u32 + at;
            records.looked_up.push((in_group, person));
        }
    }

    /// Gives the person of each record of a group.
    fn each_person(
        &mut self,
        records: &Records,
        mut take: impl FnMut(&mut Self, u32) -> Result<(), LinkageError>,
    ) -> Result<(), LinkageError> {
        let mut looked_up = records.looked_up.iter().peekable();
        for (at, identity) in (0..).zip(&records.identities) {
            let own = looked_up
                .next_if(|(own, _)| *own == at)
                .map(|(_, person)| *person);
            let person = own.unwrap_or(self.known.everybody.persons[*identity as usize]);
            take(self, person)?;
        }
        Ok(())
    }

    /// Writes the columns that changed.
    fn columns(&mut self, group: &KeptGroup, records: &Records) -> Result<(), LinkageError> {
        let changes = records.changes;
        if changes.numbers {
            for (place, rows) in &group.files {
                let number = Value::from(self.known.files.list[*place as usize].number);
                for _ in 0..*rows {
                    self.links.value(FILE, &number)?;
                }
            }
        }
        if changes.people {
            self.each_person(records, |writing, person| {
                writing.links.value(PERSON, &person.into())?;
                put_person_id(&mut writing.text, person);
                Ok(writing.persons.value(PERSON_ID, &writing.text.as_str().into())?)
            })?;
        }
        if changes.steps {
            let linked = &self.known.everybody.linked;
            for identity in &records.identities {
                let (step, probability) = step_of(linked, self.known.shares, *identity);
                self.links.value(STEP, &step.into())?;
                self.links.value(PROBABILITY, &probability.into())?;
                self.persons.value(STEP_OF_PERSON, &step.into())?;
                self.persons.value(PROBABILITY_OF_PERSON, &probability.into())?;
            }
        }
        Ok(())
    }

    /// Looks up the ids of records of one file that changed hands: they are kept nowhere but in `identities`.
    fn name_moved(&mut self, moved: &[MovedPlace]) -> Result<(), LinkageError> {
        let Some(&(place, ..)) = moved.first() else {
            return Ok(());
        };
        let file = &self.known.files.list[place as usize];
        let part = file
            .part
            .as_deref()
            .ok_or(LinkageError::File { file: file.number })?;
        let mut id = format!("{}#", file.path);
        let path_end = id.len();
        let (mut rest, mut start) = (moved, 0usize);
        stream(part, &["row", "record"], 1, |batch| {
            let (row, record) = (batch.integer("row")?, batch.text("record")?);
            while let Some(&(_, at, from, to)) = rest.first().filter(|(_, at, ..)| *at < start + batch.rows())
            {
                let at = at - start;
                record_id(&mut id, path_end, record.get(at), row.get(at).unwrap_or(-1));
                self.moved(id.clone(), from, to, file.content_of_rows());
                rest = &rest[1..];
            }
            start += batch.rows();
            Ok(())
        })
    }

    /// Rows of a file in the groups before the one at hand.
    fn before_group(&self, place: u32) -> usize {
        let groups = self.done.groups.iter().rev();
        let of_file = groups.map_while(|group| group.files.iter().find(|(file, _)| *file == place));
        of_file.map(|(_, rows)| *rows as usize).sum()
    }
}
