//! Pairs as a batch.

use std::sync::Arc;

use arrow_array::{Float32Array, RecordBatch, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field, Schema};

use crate::error::LinkageError;
use crate::weigh::kernel::Pair;

use super::columns::Row;

/// The columns of pairs, after that of their block.
pub(super) fn of_pairs() -> Vec<Field> {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    vec![
        field("a", DataType::UInt32),
        field("b", DataType::UInt32),
        field("probability", DataType::Float32),
    ]
}

/// The pairs of some rows, named by their places among these.
pub(super) fn written(rows: &[Row], pairs: &[Pair]) -> Result<RecordBatch, LinkageError> {
    let mut fields = vec![Field::new("block", DataType::UInt64, false)];
    fields.extend(of_pairs());
    let row = |place: u32| &rows[place as usize];
    let blocks = pairs.iter().map(|pair| row(pair.a).block);
    let a = pairs.iter().map(|pair| row(pair.a).record);
    let b = pairs.iter().map(|pair| row(pair.b).record);
    let probabilities = pairs.iter().map(|pair| pair.probability);
    let batch = RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        vec![
            Arc::new(UInt64Array::from_iter_values(blocks)),
            Arc::new(UInt32Array::from_iter_values(a)),
            Arc::new(UInt32Array::from_iter_values(b)),
            Arc::new(Float32Array::from_iter_values(probabilities)),
        ],
    );
    batch.map_err(|_| LinkageError::Batch {
        message: "its pairs do not fit into a batch; this is a fault of the program, please report it"
            .to_owned(),
    })
}
