//! The columns of a batch, checked. Errors name a column or a row and never a value.

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array, UInt64Array};

use crate::error::LinkageError;
use crate::weigh::model::Model;

/// A batch, column by column.
pub(super) struct Columns<'a> {
    block: &'a UInt64Array,
    record: &'a UInt32Array,
    texts: Vec<&'a StringArray>,
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
    pub(super) fn new(model: &Model, batch: &'a RecordBatch) -> Result<Self, LinkageError> {
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
        let (block, record) = (column("block")?, column("record")?);
        let text = |name: &str| {
            let column = column(name)?;
            let texts = column.as_string_opt::<i32>();
            texts.ok_or_else(|| typed(name, "Utf8", column))
        };
        let columns = Self {
            block: block
                .as_primitive_opt::<UInt64Type>()
                .ok_or_else(|| typed("block", "UInt64", block))?,
            record: record
                .as_primitive_opt::<UInt32Type>()
                .ok_or_else(|| typed("record", "UInt32", record))?,
            texts: model
                .fields
                .iter()
                .map(|field| text(&field.name))
                .collect::<Result<_, _>>()?,
        };
        if columns.block.null_count() + columns.record.null_count() > 0 {
            return Err(wrong("`block` and `record` may not be null".to_owned()));
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
        self.texts
            .iter()
            .map(move |column| if column.is_null(at) { "" } else { column.value(at) })
    }
}
