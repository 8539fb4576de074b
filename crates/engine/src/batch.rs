//! A batch of rows, and its columns as plain values.

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, ListArray, RecordBatch,
    StringArray, StringViewArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use vocabulary::date::Date;
use vocabulary::table::Kind;

use crate::error::EngineError;
use crate::write::kind_word;

/// Some rows of a table or of an answer.
pub struct Batch {
    table: String,
    columns: Vec<(String, ArrayRef)>,
    rows: usize,
}

impl Batch {
    /// Takes a record batch in, with integers, dictionaries and wide texts made plain.
    pub(crate) fn new(table: &str, batch: &RecordBatch) -> Result<Self, EngineError> {
        let schema = batch.schema();
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            columns.push((field.name().clone(), plain(column)?));
        }
        Ok(Self {
            table: table.to_owned(),
            columns,
            rows: batch.num_rows(),
        })
    }

    /// Takes columns in, all of so many rows.
    pub(crate) fn of(
        table: &str,
        columns: Vec<(String, ArrayRef)>,
        rows: usize,
    ) -> Result<Self, EngineError> {
        let columns = columns
            .into_iter()
            .map(|(name, column)| Ok((name, plain(&column)?)))
            .collect::<Result<_, EngineError>>()?;
        Ok(Self {
            table: table.to_owned(),
            columns,
            rows,
        })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of the columns, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The columns, in their order.
    pub(crate) fn arrays(&self) -> impl ExactSizeIterator<Item = &ArrayRef> {
        self.columns.iter().map(|(_, array)| array)
    }

    /// A column of text.
    pub fn text(&self, column: &str) -> Result<TextColumn<'_>, EngineError> {
        let array = self.column(column)?;
        TextColumn::of(array).ok_or_else(|| self.wrong(column, Kind::Text))
    }

    /// A column of dates.
    pub fn date(&self, column: &str) -> Result<DateColumn<'_>, EngineError> {
        let array = self.column(column)?.as_any().downcast_ref();
        array
            .map(DateColumn)
            .ok_or_else(|| self.wrong(column, Kind::Date))
    }

    /// A column of whole numbers.
    pub fn integer(&self, column: &str) -> Result<IntegerColumn<'_>, EngineError> {
        let array = self.column(column)?.as_any().downcast_ref();
        array
            .map(IntegerColumn)
            .ok_or_else(|| self.wrong(column, Kind::Integer))
    }

    /// A column of real numbers.
    pub fn real(&self, column: &str) -> Result<RealColumn<'_>, EngineError> {
        let array = self.column(column)?.as_any().downcast_ref();
        array
            .map(RealColumn)
            .ok_or_else(|| self.wrong(column, Kind::Real))
    }

    /// A column of yes or no.
    pub fn flag(&self, column: &str) -> Result<FlagColumn<'_>, EngineError> {
        let array = self.column(column)?.as_any().downcast_ref();
        array
            .map(FlagColumn)
            .ok_or_else(|| self.wrong(column, Kind::Flag))
    }

    /// A column of lists of text.
    pub fn texts(&self, column: &str) -> Result<TextsColumn<'_>, EngineError> {
        let array = self.column(column)?.as_any().downcast_ref();
        array
            .map(TextsColumn)
            .ok_or_else(|| self.wrong(column, Kind::Texts))
    }

    fn column(&self, name: &str) -> Result<&ArrayRef, EngineError> {
        let found = self.columns.iter().find(|(column, _)| column == name);
        found
            .map(|(_, array)| array)
            .ok_or_else(|| EngineError::NoColumn {
                table: self.table.clone(),
                column: name.to_owned(),
            })
    }

    fn wrong(&self, column: &str, wanted: Kind) -> EngineError {
        EngineError::Type {
            table: self.table.clone(),
            column: column.to_owned(),
            wanted: kind_word(wanted),
            given: "another kind",
        }
    }
}

/// Makes the engine's many types the six of our tables.
fn plain(array: &ArrayRef) -> Result<ArrayRef, EngineError> {
    let target = match array.data_type() {
        DataType::Int8 | DataType::Int16 | DataType::Int32 => DataType::Int64,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Float32 | DataType::Decimal128(..) => DataType::Float64,
        DataType::Dictionary(..) | DataType::LargeUtf8 | DataType::Null => DataType::Utf8,
        DataType::Date64 | DataType::Timestamp(..) => DataType::Date32,
        _ => return Ok(ArrayRef::clone(array)),
    };
    cast(array, &target).map_err(|_| EngineError::Failed {
        what: "reading a column".to_owned(),
        code: "E-CAST",
    })
}

/// A column of text, in either of the engine's layouts.
#[derive(Clone, Copy)]
pub enum TextColumn<'a> {
    /// Offsets and bytes.
    #[doc(hidden)]
    Offsets(&'a StringArray),
    /// Views into buffers.
    #[doc(hidden)]
    Views(&'a StringViewArray),
}

impl<'a> TextColumn<'a> {
    pub(crate) fn of(array: &'a ArrayRef) -> Option<Self> {
        let any = array.as_any();
        if let Some(offsets) = any.downcast_ref::<StringArray>() {
            return Some(Self::Offsets(offsets));
        }
        any.downcast_ref::<StringViewArray>().map(Self::Views)
    }

    /// The text of a row, if there is one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Offsets(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Views(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// A column of dates.
#[derive(Clone, Copy)]
pub struct DateColumn<'a>(&'a Date32Array);

impl DateColumn<'_> {
    /// The date of a row, if there is one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Date> {
        self.0.is_valid(row).then(|| Date::from_days(self.0.value(row)))
    }
}

/// A column of whole numbers.
#[derive(Clone, Copy)]
pub struct IntegerColumn<'a>(&'a Int64Array);

impl IntegerColumn<'_> {
    /// The number of a row, if there is one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}

/// A column of real numbers.
#[derive(Clone, Copy)]
pub struct RealColumn<'a>(&'a Float64Array);

impl RealColumn<'_> {
    /// The number of a row, if there is one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<f64> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}

/// A column of yes or no.
#[derive(Clone, Copy)]
pub struct FlagColumn<'a>(&'a BooleanArray);

impl FlagColumn<'_> {
    /// The flag of a row, if there is one.
    pub fn get(&self, row: usize) -> Option<bool> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}

/// A column of lists of text.
#[derive(Clone, Copy)]
pub struct TextsColumn<'a>(&'a ListArray);

impl TextsColumn<'_> {
    /// The texts of a row; an empty list where there is none.
    pub fn get(&self, row: usize) -> Vec<String> {
        if !self.0.is_valid(row) {
            return Vec::new();
        }
        let values = self.0.value(row);
        let Some(texts) = TextColumn::of(&values) else {
            return Vec::new();
        };
        (0..values.len())
            .filter_map(|item| texts.get(item).map(str::to_owned))
            .collect()
    }
}
