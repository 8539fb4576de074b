//! Functions of the caller's over some columns, as functions of the engine.
//!
//! A definition asks many questions of each record, and most of them of the same few columns. As plain SQL each question
//! is an expression of its own, and the text of a column is walked once for each. A [`Marker`] walks it once and answers
//! all of them, as the bits of one number.
//!
//! To the engine all markers of a kind are one function ([`Markers`]), whose first argument is a text that says which
//! one is meant: so a plan tells all that it takes to run it, in this process or in another one.
//!
//! Invariant: the function is pure, so the engine may call it for a row as often as it likes, on any thread.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::batch::Batch;
use crate::error::EngineError;
use crate::known::Known;

/// Marks rows with the bits of a number.
pub trait Marker: std::fmt::Debug + Send + Sync {
    /// The columns that it reads, in the order in which SQL must pass them; at least one.
    fn columns(&self) -> &[String];

    /// The number of each row of the batch, which has the columns of [`Marker::columns`].
    fn mark(&self, batch: &Batch) -> std::result::Result<Vec<i64>, EngineError>;
}

/// A kind of marker: in SQL `name('text', column, …)`, where the text says which marker is meant.
#[derive(Debug, Clone, Copy)]
pub struct Markers {
    /// The name of the function, the same wherever a plan may run.
    pub name: &'static str,
    /// Makes the marker that a text means; the same text makes the same marker.
    pub read: fn(&str) -> std::result::Result<Arc<dyn Marker>, EngineError>,
}

/// The markers of a kind as a function of the engine.
pub(crate) fn function(markers: Markers) -> ScalarUDF {
    ScalarUDF::from(Marks {
        signature: Signature::variadic_any(Volatility::Immutable),
        known: Known::of(markers.name, markers.read),
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Marks {
    signature: Signature,
    known: Known<dyn Marker>,
}

impl ScalarUDFImpl for Marks {
    fn name(&self) -> &str {
        self.known.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = call.number_rows;
        let Some((which, arguments)) = call.args.split_first() else {
            return plan_err!("a marker is named by a text");
        };
        let Ok(marker) = self.known.get(literal(which)?) else {
            return exec_err!("a marker could not be read");
        };
        if arguments.len() != marker.columns().len() {
            return plan_err!("a marker takes its own columns");
        }
        let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(arguments.len());
        for (name, argument) in marker.columns().iter().zip(arguments) {
            columns.push((name.clone(), argument.to_array(rows)?));
        }
        let marks = Batch::of(self.known.name(), columns, rows).and_then(|batch| marker.mark(&batch));
        match marks {
            Ok(marks) if marks.len() == rows => Ok(ColumnarValue::Array(Arc::new(Int64Array::from(marks)))),
            _ => exec_err!("a marker failed"),
        }
    }
}

/// A text that is the same for all rows.
pub(crate) fn literal(argument: &ColumnarValue) -> Result<&str> {
    match argument {
        ColumnarValue::Scalar(
            ScalarValue::Utf8(Some(text))
            | ScalarValue::Utf8View(Some(text))
            | ScalarValue::LargeUtf8(Some(text)),
        ) => Ok(text.as_str()),
        _ => plan_err!("what a function is to know is a text in quotes"),
    }
}
