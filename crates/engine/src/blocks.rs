//! Functions of the caller's over whole blocks of rows, as functions of the engine.
//!
//! A plan gathers the rows of each block into a list, and the function turns the lists of a batch into rows of another
//! kind, as lists again: `unnest(name('text', array_agg(named_struct(…))))` over a `GROUP BY`. As with markers, a text
//! says which function of its kind is meant, so that a plan tells all that it takes to run it.
//!
//! Invariant: what comes of a block depends on its rows alone, in whatever order they come, and not on the blocks
//! beside it.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StructArray, UInt64Array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, UInt64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::EngineError;
use crate::known::Known;
use crate::marks::literal;

/// Turns the rows of blocks into rows of another kind.
pub trait BlockFunction: std::fmt::Debug + Send + Sync {
    /// What comes of some blocks. The first column of what comes in is `block` (UInt64), the number of the row's block;
    /// the rows of a block stand side by side, in the order of the numbers. So it is with what goes out, which has the
    /// columns of its kind after that one. A block may be left without rows.
    fn call(&self, rows: &RecordBatch) -> std::result::Result<RecordBatch, EngineError>;
}

/// A kind of such functions: in SQL `name('text', list)`, where the text says which one is meant and the list holds the
/// rows of a block.
#[derive(Debug, Clone, Copy)]
pub struct BlockFunctions {
    /// The name of the function, the same wherever a plan may run.
    pub name: &'static str,
    /// The columns of the rows that it gives.
    pub gives: fn() -> Vec<Field>,
    /// Makes the function that a text means; the same text makes the same one.
    pub read: fn(&str) -> std::result::Result<Arc<dyn BlockFunction>, EngineError>,
}

/// The functions of a kind as one function of the engine.
pub(crate) fn function(functions: BlockFunctions) -> ScalarUDF {
    ScalarUDF::from(OverBlocks {
        signature: Signature::any(2, Volatility::Immutable),
        gives: Fields::from((functions.gives)()),
        known: Known::of(functions.name, functions.read),
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OverBlocks {
    signature: Signature,
    gives: Fields,
    known: Known<dyn BlockFunction>,
}

impl OverBlocks {
    /// The element of the lists that it gives.
    fn element(&self) -> FieldRef {
        let rows = DataType::Struct(self.gives.clone());
        Arc::new(Field::new_list_field(rows, true))
    }
}

impl ScalarUDFImpl for OverBlocks {
    fn name(&self) -> &str {
        self.known.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(self.element()))
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [which, lists] = call.args.as_slice() else {
            return plan_err!("a function of blocks takes a text and a list");
        };
        let Ok(function) = self.known.get(literal(which)?) else {
            return exec_err!("a function of blocks could not be read");
        };
        let lists = lists.to_array(call.number_rows)?;
        let Some(lists) = lists.as_list_opt::<i32>() else {
            return plan_err!("a function of blocks takes a list of rows");
        };
        let Some(rows) = rows(lists) else {
            return plan_err!("a function of blocks takes a list of rows");
        };
        let given = function.call(&rows);
        match given.ok().and_then(|given| self.lists(&given, lists.len())) {
            Some(lists) => Ok(ColumnarValue::Array(Arc::new(lists))),
            None => exec_err!("a function of blocks failed"),
        }
    }
}

/// The rows of some lists, each with the number of its list; none where they hold no rows.
fn rows(lists: &ListArray) -> Option<RecordBatch> {
    let offsets = lists.value_offsets();
    let (start, end) = (*offsets.first()? as usize, *offsets.last()? as usize);
    let values = lists.values().slice(start, end - start);
    let values: &StructArray = values.as_struct_opt()?;
    let lengths = offsets.windows(2).map(|ends| (ends[1] - ends[0]) as usize);
    let blocks = (0u64..)
        .zip(lengths)
        .flat_map(|(block, rows)| std::iter::repeat_n(block, rows));
    let mut fields = vec![Arc::new(Field::new("block", DataType::UInt64, false))];
    fields.extend(values.fields().iter().map(Arc::clone));
    let mut columns: Vec<ArrayRef> = vec![Arc::new(UInt64Array::from_iter_values(blocks))];
    columns.extend(values.columns().iter().map(Arc::clone));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).ok()
}

impl OverBlocks {
    /// Rows that name their blocks as so many lists; none where they are not as they should be.
    fn lists(&self, given: &RecordBatch, lists: usize) -> Option<ListArray> {
        let (block, columns) = given.columns().split_first()?;
        let blocks: &UInt64Array = block.as_primitive_opt::<UInt64Type>()?;
        let mut lengths = vec![0usize; lists];
        let mut last = 0;
        for block in blocks.iter() {
            let block = block? as usize;
            if block < last {
                return None;
            }
            last = block;
            *lengths.get_mut(block)? += 1;
        }
        let rows = StructArray::try_new(self.gives.clone(), columns.to_vec(), None).ok()?;
        let offsets = OffsetBuffer::from_lengths(lengths);
        ListArray::try_new(self.element(), offsets, Arc::new(rows), None).ok()
    }
}
