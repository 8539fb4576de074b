//! The columns of a batch, checked. Errors name a column or a row and never a value.

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array, UInt64Array};

use crate::error::LinkageError;
use crate::weigh::field::Field;

/// The column of a field's values, and of how many records of the whole table have the value.
pub(crate) fn value_name(field: usize) -> String {
    format!("value_{field}")
}
pub(crate) fn count_name(field: usize) -> String {
    format!("count_{field}")
}

/// A batch, column by column.
pub(super) struct Columns<'a> {
    block: &'a UInt64Array,
    record: &'a UInt32Array,
    left_out: &'a UInt64Array,
    values: Vec<&'a StringArray>,
    counts: Vec<Option<&'a UInt32Array>>,
}

/// A row of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) block: u64,
    pub(super) record: u32,
    /// Its place in the batch.
    pub(super) at: usize,
}

fn wrong(message: String) -> LinkageError {
    LinkageError::Batch { message }
}

impl<'a> Columns<'a> {
    pub(super) fn new(fields: &[Field], batch: &'a RecordBatch) -> Result<Self, LinkageError> {
        let column = |name: &str| {
            let column = batch.column_by_name(name);
            column.ok_or_else(|| wrong(format!("it has no column `{name}`")))
        };
        let typed = |name: &str, wanted: &str, column: &ArrayRef| {
            wrong(format!(
                "its column `{name}` is {}, and should be {wanted}",
                column.data_type()
            ))
        };
        let uint64 = |name: &str| {
            let column = column(name)?;
            let numbers = column.as_primitive_opt::<UInt64Type>();
            numbers.ok_or_else(|| typed(name, "UInt64", column))
        };
        let uint32 = |name: &str| {
            let column = column(name)?;
            let numbers = column.as_primitive_opt::<UInt32Type>();
            numbers.ok_or_else(|| typed(name, "UInt32", column))
        };
        let text = |name: &str| {
            let column = column(name)?;
            let texts = column.as_string_opt::<i32>();
            texts.ok_or_else(|| typed(name, "Utf8", column))
        };
        let (mut values, mut counts) = (Vec::new(), Vec::new());
        for (at, field) in fields.iter().enumerate() {
            values.push(text(&value_name(at))?);
            let counted = field.kind.has_rare_values();
            counts.push(counted.then(|| uint32(&count_name(at))).transpose()?);
        }
        let columns = Self {
            block: uint64("block")?,
            record: uint32("record")?,
            left_out: uint64("left_out")?,
            values,
            counts,
        };
        let nulls = columns.block.null_count() + columns.record.null_count() + columns.left_out.null_count();
        if nulls > 0 {
            return Err(wrong(
                "`block`, `record` and `left_out` may not be null".to_owned(),
            ));
        }
        Ok(columns)
    }

    /// The rows, those of each block in order of their records: the order in which the whole table has them.
    pub(super) fn rows(&self) -> Result<Vec<Row>, LinkageError> {
        let mut rows: Vec<Row> = (0..self.block.len())
            .map(|at| Row {
                block: self.block.value(at),
                record: self.record.value(at),
                at,
            })
            .collect();
        let mut blocks: Vec<u64> = Vec::new();
        for block in rows.chunk_by_mut(|one, next| one.block == next.block) {
            block.sort_unstable_by_key(|row| row.record);
            if let Some(two) = block.windows(2).find(|two| two[0].record == two[1].record) {
                return Err(wrong(format!(
                    "record {} stands twice in one block",
                    two[0].record
                )));
            }
            blocks.push(block[0].block);
        }
        blocks.sort_unstable();
        if blocks.windows(2).any(|two| two[0] == two[1]) {
            return Err(wrong(
                "the rows of a block do not stand side by side; sort it by `block`".to_owned(),
            ));
        }
        Ok(rows)
    }

    /// What a row says, in the order of the model's fields.
    pub(super) fn texts(&self, at: usize) -> impl Iterator<Item = &'a str> + '_ {
        self.values
            .iter()
            .map(move |column| if column.is_null(at) { "" } else { column.value(at) })
    }

    /// True when the block of a row's record under a rule was left out.
    pub(super) fn is_left_out(&self, at: usize, rule: usize) -> bool {
        self.left_out.value(at) >> rule & 1 == 1
    }

    /// How many records have a row's value of a field; none for fields of which that is not asked, and where the row
    /// has no value.
    pub(super) fn count(&self, at: usize, field: usize) -> Option<u32> {
        let counts = self.counts[field].filter(|counts| counts.is_valid(at))?;
        Some(counts.value(at))
    }
}
