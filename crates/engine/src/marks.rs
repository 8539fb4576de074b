//! A function of the caller's over some columns, as a function of the engine.
//!
//! A definition asks many questions of each record, and most of them of the same few columns. As plain SQL each question
//! is an expression of its own, and the text of a column is walked once for each. A [`Marker`] walks it once and answers
//! all of them, as the bits of one number; to the engine it is one function, which travels in a plan by its name.
//!
//! Invariant: the function is pure, so the engine may call it for a row as often as it likes, on any thread.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::batch::Batch;
use crate::error::EngineError;

/// Marks rows with the bits of a number.
pub trait Marker: std::fmt::Debug + Send + Sync {
    /// The columns that it reads, in the order in which SQL must pass them; at least one.
    fn columns(&self) -> &[String];

    /// The number of each row of the batch, which has the columns of [`Marker::columns`].
    fn mark(&self, batch: &Batch) -> std::result::Result<Vec<i64>, EngineError>;
}

/// The marker as a function of the engine.
pub(crate) fn function(name: &str, marker: Arc<dyn Marker>) -> ScalarUDF {
    ScalarUDF::from(Marks {
        name: name.to_owned(),
        signature: Signature::any(marker.columns().len(), Volatility::Immutable),
        marker,
    })
}

#[derive(Debug)]
struct Marks {
    name: String,
    signature: Signature,
    marker: Arc<dyn Marker>,
}

// One name stands for one marker of a session.
impl PartialEq for Marks {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.marker, &other.marker)
    }
}
impl Eq for Marks {}
impl Hash for Marks {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Marks {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = call.number_rows;
        let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(call.args.len());
        for (name, argument) in self.marker.columns().iter().zip(&call.args) {
            columns.push((name.clone(), argument.to_array(rows)?));
        }
        let marks = Batch::of(&self.name, columns, rows).and_then(|batch| self.marker.mark(&batch));
        match marks {
            Ok(marks) if marks.len() == rows => Ok(ColumnarValue::Array(Arc::new(Int64Array::from(marks)))),
            _ => exec_err!("a marker failed"),
        }
    }
}
