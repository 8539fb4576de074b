//! Records that the former run wrote already.

use vocabulary::table::Value;

use super::anew::record_id;
use super::{
    FILE, FormerLinks, KeptGroup, MOST_GROUPS, Origin, PERSON, PERSON_ID, PROBABILITY, PROBABILITY_OF_PERSON,
    Record, STEP, STEP_OF_PERSON, Writing, put_person_id, step_of,
};
use crate::error::LinkageError;
use crate::read::stream;

/// What a group has that differs from what it had.
#[derive(Clone, Copy)]
struct Changes {
    people: bool,
    steps: bool,
    numbers: bool,
}

/// A record with another person: the place of its file, its place in the file, whose it was and whose it is.
type MovedPlace = (u32, usize, u32, u32);

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
        let Origin::Kept(first) = self.known.origins[place] else {
            return Ok(0);
        };
        let before = former.kept.files.iter().take(first as usize);
        former.records.go_to(before.map(|file| file.records).sum())?;
        let (mut records, mut moved) = (Vec::new(), Vec::new());
        for group in groups {
            let present = KeptGroup {
                files: former.kept.groups[group]
                    .files
                    .iter()
                    .map(|(file, rows)| (file - first + place as u32, *rows))
                    .collect(),
            };
            let limits = (self.known.records.len(), self.known.everybody.says.len());
            former
                .records
                .next(present.rows() as usize, limits, &mut records)?;
            let changes = self.group(&present, &mut records, former, &mut moved)?;
            self.records.write(&records)?;
            self.columns(&present, &records, changes)?;
            self.links.end_group_with(&former.links, group)?;
            self.persons.end_group_with(&former.persons, group)?;
            self.done.taken_over += present.rows();
            self.done.groups.push(present);
        }
        for moved in moved.chunk_by(|a, b| a.0 == b.0) {
            self.name_moved(moved)?;
        }
        (self.known.request.progress)("writing who each record belongs to", self.done.records);
        Ok(files)
    }

    /// The groups of whole files of the former run that lie side by side here as they did there.
    fn usable(&self, place: usize, former: &FormerLinks<'_>) -> Option<(std::ops::Range<usize>, usize)> {
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
        records: &mut [Record],
        former: &FormerLinks<'_>,
        moved: &mut Vec<MovedPlace>,
    ) -> Result<Changes, LinkageError> {
        let mut changes = Changes {
            people: false,
            steps: false,
            numbers: false,
        };
        let mut records = records.iter_mut();
        for &(place, rows) in &group.files {
            // Where the group is a part of a large file, it does not begin with the file.
            let skipped = self.before_group(place);
            let Origin::Kept(kept) = self.known.origins[place as usize] else {
                return Err(LinkageError::Kept);
            };
            changes.numbers |=
                former.kept.files[kept as usize].number != self.known.files.list[place as usize].number;
            for (at, record) in records.by_ref().take(rows as usize).enumerate() {
                let before = record.person;
                record.person = self.ids.of(record.identity, before);
                if record.person != before {
                    changes.people = true;
                    moved.push((place, skipped + at, before, record.person));
                }
                let step = self.known.everybody.linked.steps[record.identity as usize];
                changes.steps |= former.other_step.holds(record.identity)
                    || step.is_some_and(|step| former.other_shares.contains(&step));
                self.hear(place as usize, *record);
            }
        }
        Ok(changes)
    }

    /// Writes the columns that changed.
    fn columns(
        &mut self,
        group: &KeptGroup,
        records: &[Record],
        changes: Changes,
    ) -> Result<(), LinkageError> {
        if changes.numbers {
            for (place, rows) in &group.files {
                let number = Value::from(self.known.files.list[*place as usize].number);
                for _ in 0..*rows {
                    self.links.value(FILE, &number)?;
                }
            }
        }
        if changes.people {
            for record in records {
                self.links.value(PERSON, &record.person.into())?;
                put_person_id(&mut self.text, record.person);
                self.persons.value(PERSON_ID, &self.text.as_str().into())?;
            }
        }
        if changes.steps {
            let linked = &self.known.everybody.linked;
            for record in records {
                let (step, probability) = step_of(linked, self.known.shares, record.identity);
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
                self.moved(id.clone(), from, to);
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
