//! Rows on their way to a table: one arena of text and one line of slots, no allocation a cell.

use engine::{EngineError, TableWriter};
use vocabulary::date::Date;
use vocabulary::table::Value;

#[derive(Debug, Clone, Copy)]
enum Slot {
    Null,
    Text { start: u32, end: u32 },
    Date(i32),
    Integer(i64),
}

/// Rows of one table, in order.
#[derive(Debug, Default)]
pub(crate) struct RowBuffer {
    width: usize,
    slots: Vec<Slot>,
    arena: String,
    text_from: usize,
}

impl RowBuffer {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// An empty buffer of the same width.
    pub(crate) fn alike(&self) -> Self {
        Self::new(self.width)
    }

    pub(crate) fn null(&mut self) {
        self.slots.push(Slot::Null);
    }

    pub(crate) fn integer(&mut self, value: i64) {
        self.slots.push(Slot::Integer(value));
    }

    pub(crate) fn date(&mut self, value: Option<Date>) {
        self.slots
            .push(value.map_or(Slot::Null, |date| Slot::Date(date.days())));
    }

    /// A text; an empty one is null.
    pub(crate) fn text(&mut self, value: &str) {
        self.begin_text().push_str(value);
        self.end_text();
    }

    /// Begins a text that is put together in place; [`RowBuffer::end_text`] closes it.
    pub(crate) fn begin_text(&mut self) -> &mut String {
        self.text_from = self.arena.len();
        &mut self.arena
    }

    /// Closes a text begun with [`RowBuffer::begin_text`]; an empty one is null.
    pub(crate) fn end_text(&mut self) {
        let (start, end) = (self.text_from, self.arena.len());
        // A buffer is handed on after some thousand rows of bounded cells: far below 4 GB.
        let slot = match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) if start < end => Slot::Text { start, end },
            _ => Slot::Null,
        };
        self.slots.push(slot);
    }

    pub(crate) fn rows(&self) -> usize {
        self.slots.len() / self.width.max(1)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.arena.len()
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.arena.clear();
    }

    /// Appends to another buffer each row whose text in a column is wanted.
    pub(crate) fn pick(&self, column: usize, wanted: impl Fn(&str) -> bool, into: &mut Self) {
        for row in self.slots.chunks_exact(self.width.max(1)) {
            let Some(Slot::Text { start, end }) = row.get(column) else {
                continue;
            };
            if !wanted(&self.arena[*start as usize..*end as usize]) {
                continue;
            }
            for slot in row {
                match *slot {
                    Slot::Text { start, end } => into.text(&self.arena[start as usize..end as usize]),
                    other => into.slots.push(other),
                }
            }
        }
    }

    /// Appends all rows to a table.
    pub(crate) fn write(&self, writer: &mut TableWriter) -> Result<(), EngineError> {
        let mut values: Vec<Value<'_>> = Vec::with_capacity(self.width);
        for row in self.slots.chunks_exact(self.width.max(1)) {
            values.clear();
            values.extend(row.iter().map(|slot| match *slot {
                Slot::Null => Value::Null,
                Slot::Text { start, end } => Value::Text(&self.arena[start as usize..end as usize]),
                Slot::Date(days) => Value::Date(Date::from_days(days)),
                Slot::Integer(value) => Value::Integer(value),
            }));
            writer.row(&values)?;
        }
        Ok(())
    }
}
