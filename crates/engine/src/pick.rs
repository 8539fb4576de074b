//! Some rows of a file that somebody else wrote: those in which one of some columns says what is looked for.
//!
//! The columns that are asked are decoded for every row, all others only where a row is picked. Of a nation's
//! admissions few are of interest, and most columns of a file of admissions are wide and nearly empty.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowFilter,
};
use datafusion::parquet::arrow::{ProjectionMask, RowNumber};

use crate::batch::{Batch, TextColumn};
use crate::error::EngineError;
use crate::read::all_text;

/// The column in which a picked row says where it stood.
const PLACE: &str = "counted.place";
const BATCH: usize = 8_192;

/// Picked rows, batch by batch, in the order of the file.
pub struct Picked {
    path: PathBuf,
    rows: u64,
    reader: ParquetRecordBatchReader,
}

/// A batch of picked rows.
pub struct PickedBatch {
    /// Where each row stood in the file, from 0.
    pub places: Vec<u64>,
    /// The rows; every column is text.
    pub batch: Batch,
}

impl Picked {
    /// Picks the rows of a Parquet file in which one of `columns` holds a text that is `wanted`.
    pub fn open(
        path: &Path,
        columns: &[&str],
        mut wanted: impl FnMut(&str) -> bool + Send + 'static,
    ) -> Result<Self, EngineError> {
        let failed = |error| EngineError::parquet(path, &error);
        let file = fs_err::File::open(path)?.into_file();
        let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(failed)?;
        let place = Field::new(PLACE, DataType::Int64, false).with_extension_type(RowNumber);
        let options = ArrowReaderOptions::new()
            .with_schema(Arc::new(with_views(found.schema())))
            .with_virtual_columns(vec![Arc::new(place)])
            .map_err(failed)?;
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), options).map_err(failed)?;
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let rows = builder.metadata().file_metadata().num_rows().unsigned_abs();
        if !columns
            .iter()
            .any(|name| builder.schema().field_with_name(name).is_ok())
        {
            // Nobody says anything, so no group need be read.
            builder = builder.with_row_groups(Vec::new());
        }
        let asked = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let filter = ArrowPredicateFn::new(asked, move |batch| picks(&batch, &mut wanted));
        let reader = builder
            .with_row_filter(RowFilter::new(vec![Box::new(filter)]))
            .with_batch_size(BATCH)
            .build()
            .map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            rows,
            reader,
        })
    }

    /// All rows of the file, picked or not.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn batch(&self, batch: &RecordBatch) -> Result<PickedBatch, EngineError> {
        let damaged = || EngineError::NotParquet(self.path.clone());
        let mut texts = batch.clone();
        let column = batch.schema().index_of(PLACE).map_err(|_| damaged())?;
        texts.remove_column(column);
        let places = Batch::new("picked", batch)?;
        let places = places.integer(PLACE)?;
        let places = (0..batch.num_rows()).map(|row| places.get(row).unwrap_or_default().unsigned_abs());
        Ok(PickedBatch {
            places: places.collect(),
            batch: Batch::new("picked", &all_text(&texts)?)?,
        })
    }
}

impl Iterator for Picked {
    type Item = Result<PickedBatch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.reader.next()? {
            Ok(batch) => Some(self.batch(&batch)),
            Err(_) => Some(Err(EngineError::NotParquet(self.path.clone()))),
        }
    }
}

/// Texts as views: a code is copied from the dictionary of its column in one piece.
fn with_views(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View))
        }
        _ => Arc::clone(field),
    });
    Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone())
}

/// The rows in which one of the columns is wanted. A row that is picked already is not asked again.
fn picks(batch: &RecordBatch, wanted: &mut impl FnMut(&str) -> bool) -> Result<BooleanArray, ArrowError> {
    let mut picked = vec![false; batch.num_rows()];
    let texts = all_text(batch).map_err(|error| ArrowError::CastError(error.to_string()))?;
    for column in texts.columns() {
        if column.null_count() == column.len() {
            continue;
        }
        let Some(texts) = TextColumn::of(column) else {
            continue;
        };
        for (row, picked) in picked.iter_mut().enumerate() {
            if !*picked {
                *picked = texts.get(row).is_some_and(&mut *wanted);
            }
        }
    }
    Ok(BooleanArray::from(picked))
}
