//! The records of a table that speak of a tumour, written a second time beside the whole.
//!
//! Most admissions of a nation are of other illness. Who asks of tumours alone reads this part; each
//! record keeps its file and row, so it is the same record in both.

use std::path::Path;

use vocabulary::code::{CodeSet, of_tumours};
use vocabulary::table::TableSchema;

use crate::error::IntakeError;
use crate::rows::buffer::RowBuffer;
use crate::rows::sink::{Sink, is_full};

/// Picks records on their way to a table.
pub(crate) struct Excerpt {
    column: usize,
    tumours: CodeSet,
    picked: RowBuffer,
    sink: Sink,
}

impl Excerpt {
    /// Opens the excerpt of a table at `part`; none where the table has no excerpt.
    pub(crate) fn create(
        table: &str,
        part: &Path,
        schema: &TableSchema,
        aside: bool,
    ) -> Result<Option<Self>, IntakeError> {
        let Some(name) = layouts::tables::excerpt(table) else {
            return Ok(None);
        };
        let column = schema.columns.iter().position(|column| column.name == name);
        let Some(column) = column else {
            return Ok(None);
        };
        Ok(Some(Self {
            column,
            tumours: of_tumours(),
            picked: RowBuffer::new(schema.columns.len()),
            sink: Sink::create(part, schema, aside)?,
        }))
    }

    /// Picks from rows that are about to be written.
    pub(crate) fn pick(&mut self, rows: &RowBuffer) -> Result<(), IntakeError> {
        let tumours = &self.tumours;
        rows.pick(self.column, |codes| tumours.contains_any(codes), &mut self.picked);
        if is_full(&self.picked) {
            self.sink.take(&mut self.picked)?;
        }
        Ok(())
    }

    /// Completes the part.
    pub(crate) fn finish(mut self) -> Result<(), IntakeError> {
        let taken = self.sink.take(&mut self.picked);
        let finished = self.sink.finish();
        taken.and(finished.map(|_| ()))
    }
}
