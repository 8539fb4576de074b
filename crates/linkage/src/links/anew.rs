//! Records that are written from the parts of `identities`.

use engine::Batch;

use super::{FormerLinks, Origin, Writing, put_person_id, step_of};
use crate::error::LinkageError;
use crate::read::stream;

/// Parts with fewer rows are decoded in this thread.
const FEW: u64 = 20_000;

/// Some records: the identity of each, the person that it had (0 for none), and what it says beside its identity.
#[derive(Default)]
struct Taken {
    identities: Vec<u32>,
    before: Vec<u32>,
    says: Vec<u32>,
}

impl Taken {
    fn clear(&mut self) {
        for column in [&mut self.identities, &mut self.before, &mut self.says] {
            column.clear();
        }
    }
}

impl Writing<'_, '_> {
    /// Writes the records of a file.
    pub(super) fn file(
        &mut self,
        place: usize,
        mut former: Option<&mut FormerLinks<'_>>,
    ) -> Result<(), LinkageError> {
        let file = &self.known.files.list[place];
        let Some(part) = file.part.as_deref() else {
            return Ok(());
        };
        // A group holds whole files, or a part of one.
        if self.open.rows() + self.known.files_records[place] > self.full {
            self.end_group()?;
        }
        let origin = self.known.origins[place];
        let few = self.go_to(place, former.as_deref_mut())?;
        let mut id = format!("{}#", file.path);
        let path_end = id.len();
        let (mut split, mut start) = (false, 0u64);
        let mut taken = Taken::default();
        let columns = ["file", "row", "source", "record", "ethnicity", "deprivation"];
        let threads = if few { 1 } else { self.known.request.threads };
        stream(part, &columns, threads, |batch| {
            let (row, source, record) = (
                batch.integer("row")?,
                batch.text("source")?,
                batch.text("record")?,
            );
            match (origin, former.as_deref_mut()) {
                (Origin::Kept(_), Some(former)) => {
                    self.of_former((place, start), batch, former, &mut taken)?
                }
                _ => self.of_this_run(batch, &mut taken)?,
            }
            self.done.by_file.hear(place, &taken.identities);
            for at in 0..batch.rows() {
                let row = row.get(at).unwrap_or(-1);
                record_id(&mut id, path_end, record.get(at), row);
                let (identity, before) = (taken.identities[at], taken.before[at]);
                let person = self.ids.of(identity, before);
                if before != 0 && before != person {
                    self.moved(id.clone(), before, person, file.content_of_rows());
                }
                let source = source.get(at).ok_or(LinkageError::File { file: file.number })?;
                self.row((source, file.number, row, &id), (identity, person))?;
                self.hear((place, start + at as u64), identity, person, taken.says[at]);
                split |= self.counted(place)?;
            }
            start += batch.rows() as u64;
            self.done.records += batch.rows() as u64;
            (self.known.request.progress)("writing who each record belongs to", self.done.records);
            Ok(())
        })?;
        if split || self.open.rows() * 2 >= self.full {
            self.end_group()?;
        }
        Ok(())
    }

    /// Goes to where the records of a file lie, if the former run kept them, and otherwise notes where they will; says whether they
    /// are few.
    fn go_to(&mut self, place: usize, former: Option<&mut FormerLinks<'_>>) -> Result<bool, LinkageError> {
        let (Origin::Kept(kept), Some(former)) = (self.known.origins[place], former) else {
            self.done.lies[place] = self.records.next();
            return Ok(false);
        };
        let kept = &former.kept.files[kept as usize];
        former.records.go_to(kept.lies)?;
        Ok(kept.records < FEW)
    }

    /// Takes what the former run knew of the next records of a file, from the one at `start` on.
    fn of_former(
        &self,
        (place, start): (usize, u64),
        batch: &Batch,
        former: &mut FormerLinks<'_>,
        taken: &mut Taken,
    ) -> Result<(), LinkageError> {
        let (identities, says) = (self.known.records.len(), self.known.everybody.says.len());
        let rows = batch.rows();
        former
            .records
            .identities(rows, identities, &mut taken.identities)?;
        former.records.says(rows, says, &mut taken.says)?;
        taken.before.clear();
        let had = |(identity, at): (&u32, u64)| self.known.had(*identity, (place, at));
        taken.before.extend(taken.identities.iter().zip(start..).map(had));
        Ok(())
    }

    /// Takes what this run read of the next records, and keeps it.
    fn of_this_run(&mut self, batch: &Batch, taken: &mut Taken) -> Result<(), LinkageError> {
        let (ethnicity, deprivation) = (batch.text("ethnicity")?, batch.text("deprivation")?);
        taken.clear();
        for at in 0..batch.rows() {
            let (identity, before) = self.read.next()?;
            let says = self.done.sayings.place(ethnicity.get(at), deprivation.get(at));
            self.records.write(identity, says)?;
            taken.identities.push(identity);
            taken.before.push(before);
            taken.says.push(says);
        }
        Ok(())
    }

    fn row(
        &mut self,
        (source, file, row, id): (&str, i64, i64, &str),
        (identity, person): (u32, u32),
    ) -> Result<(), LinkageError> {
        let (step, probability) = step_of(&self.known.everybody.linked, self.known.shares, identity);
        self.links.row(&[
            source.into(),
            file.into(),
            row.into(),
            person.into(),
            step.into(),
            probability.into(),
        ])?;
        put_person_id(&mut self.text, person);
        self.persons.row(&[
            source.into(),
            id.into(),
            self.text.as_str().into(),
            step.into(),
            probability.into(),
        ])?;
        Ok(())
    }

    /// Counts a row of a file to the group at hand; true when the group was full and was ended.
    fn counted(&mut self, place: usize) -> Result<bool, LinkageError> {
        let place = place as u32;
        match self.open.files.last_mut() {
            Some((last, rows)) if *last == place => *rows += 1,
            _ => self.open.files.push((place, 1)),
        }
        let full = self.open.rows() >= self.full;
        if full {
            self.end_group()?;
        }
        Ok(full)
    }
}

/// Writes a record id into `id`, whose part up to the `#` stays when the file does.
pub(crate) fn record_id(id: &mut String, path_end: usize, record: Option<&str>, row: i64) {
    id.truncate(path_end);
    match record {
        Some(record) => id.push_str(record),
        None => id.push_str(&row.to_string()),
    }
}
