//! Records that are written from the parts of `identities`.

use super::{FormerLinks, Origin, Record, Writing, put_person_id, step_of};
use crate::error::LinkageError;
use crate::read::stream;

/// Parts with fewer rows are decoded in this thread.
const FEW: u64 = 20_000;

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
        let mut few = false;
        if let (Origin::Kept(kept), Some(former)) = (origin, former.as_deref_mut()) {
            let before = former.kept.files.iter().take(kept as usize);
            former.records.go_to(before.map(|file| file.records).sum())?;
            few = former.kept.files[kept as usize].records < FEW;
        }
        let mut id = format!("{}#", file.path);
        let path_end = id.len();
        let mut split = false;
        let columns = ["file", "row", "source", "record", "ethnicity", "deprivation"];
        let threads = if few { 1 } else { self.known.request.threads };
        stream(part, &columns, threads, |batch| {
            let (row, source, record) = (
                batch.integer("row")?,
                batch.text("source")?,
                batch.text("record")?,
            );
            let (ethnicity, deprivation) = (batch.text("ethnicity")?, batch.text("deprivation")?);
            for at in 0..batch.rows() {
                let (identity, before) = match (origin, former.as_deref_mut()) {
                    (Origin::Kept(_), Some(former)) => self.of_former(former)?,
                    _ => self.read.next()?,
                };
                let row = row.get(at).unwrap_or(-1);
                record_id(&mut id, path_end, record.get(at), row);
                let says = self.done.sayings.place(ethnicity.get(at), deprivation.get(at));
                let person = self.ids.of(identity, before);
                if before != 0 && before != person {
                    self.moved(id.clone(), before, person);
                }
                let source = source.get(at).ok_or(LinkageError::File { file: file.number })?;
                self.row((source, file.number, row, &id), (identity, person))?;
                let record = Record {
                    identity,
                    person,
                    says,
                };
                self.hear(place, record);
                self.records.write(&[record])?;
                split |= self.counted(place)?;
            }
            (self.known.request.progress)("writing who each record belongs to", self.done.records);
            Ok(())
        })?;
        if split || self.open.rows() * 2 >= self.full {
            self.end_group()?;
        }
        Ok(())
    }

    fn of_former(&mut self, former: &mut FormerLinks<'_>) -> Result<(u32, u32), LinkageError> {
        let limits = (self.known.records.len(), self.known.everybody.says.len());
        let mut one = Vec::with_capacity(1);
        former.records.next(1, limits, &mut one)?;
        let record = one.first().ok_or(LinkageError::Kept)?;
        Ok((record.identity, record.person))
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
