//! The tables of the former run, of which the rows of people who stand as they stood are taken over.
//!
//! Both tables are in the order of persons. Whole runs of rows go over at once; nothing of them is decoded into rows.

use std::path::Path;

use engine::{Batch, TableReader, TableWriter};

use crate::error::CasefindError;

/// The number of a person by its text form.
pub(crate) fn number(person_id: &str) -> Option<i64> {
    person_id.get(1..)?.parse().ok()
}

/// One table of the former run, read as far as it was taken over.
pub(super) struct Before {
    reader: TableReader,
    batch: Option<Batch>,
    at: usize,
}

impl Before {
    pub(super) fn open(path: &Path) -> Result<Self, CasefindError> {
        Ok(Self {
            reader: TableReader::open(path)?,
            batch: None,
            at: 0,
        })
    }

    /// Takes over the rows of persons before one, of those who stand; tells of each such row.
    pub(super) fn take_over(
        &mut self,
        until: i64,
        stands: &dyn Fn(i64) -> bool,
        into: &mut TableWriter,
        mut hear: impl FnMut(&Batch, usize) -> Result<(), CasefindError>,
    ) -> Result<(), CasefindError> {
        loop {
            if self.batch.is_none() {
                self.batch = self.reader.next().transpose()?;
                self.at = 0;
            }
            let Some(batch) = &self.batch else {
                return Ok(());
            };
            let ids = batch.text("person_id")?;
            let mut start = self.at;
            while self.at < batch.rows() {
                let person = ids.get(self.at).and_then(number).unwrap_or(i64::MIN);
                if person >= until {
                    break;
                }
                if stands(person) {
                    hear(batch, self.at)?;
                } else {
                    into.rows_of(batch, start..self.at)?;
                    start = self.at + 1;
                }
                self.at += 1;
            }
            into.rows_of(batch, start..self.at)?;
            if self.at < batch.rows() {
                return Ok(());
            }
            self.batch = None;
        }
    }
}
