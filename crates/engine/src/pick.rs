//! Some rows of a file that somebody else wrote: those that answer every question with yes.
//!
//! The columns of the first question are decoded for every row, those of the next where the first was met, all others
//! only where a row is picked. Of a nation's admissions few are of interest, and most columns of a file of admissions are
//! wide and nearly empty.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowPredicate, ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowFilter, RowSelectionPolicy,
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
    /// The rows; every column is text. A column that was not taken is not there.
    pub batch: Batch,
}

/// A question to the rows of a file.
pub struct Question {
    columns: Vec<String>,
    ask: Ask,
}

type AskCell = Box<dyn FnMut(usize, &str) -> bool + Send>;
type AskRow = Box<dyn FnMut(&[&str]) -> bool + Send>;

enum Ask {
    AnyCell(AskCell),
    Row(AskRow),
}

impl Question {
    /// Whether one of some cells is wanted. It is asked with the place of the cell's column in `columns`, column by column,
    /// and not again of a row in which it found one; blank cells, and columns that the file lacks, say no.
    pub fn of_cells(columns: &[&str], wanted: impl FnMut(usize, &str) -> bool + Send + 'static) -> Self {
        Self {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            ask: Ask::AnyCell(Box::new(wanted)),
        }
    }

    /// Whether some cells of a row together are wanted. What is blank, or of a column that the file lacks, is the empty
    /// text.
    pub fn of_rows(columns: &[&str], wanted: impl FnMut(&[&str]) -> bool + Send + 'static) -> Self {
        Self {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            ask: Ask::Row(Box::new(wanted)),
        }
    }

    /// The rows of a batch that are wanted.
    fn answers(&mut self, batch: &RecordBatch) -> Result<BooleanArray, ArrowError> {
        let texts = all_text(batch).map_err(|error| ArrowError::CastError(error.to_string()))?;
        let columns: Vec<Option<TextColumn<'_>>> = self
            .columns
            .iter()
            .map(|name| texts.column_by_name(name).and_then(TextColumn::of))
            .collect();
        let mut wanted = vec![false; batch.num_rows()];
        match &mut self.ask {
            Ask::AnyCell(ask) => {
                for (at, column) in columns.iter().enumerate() {
                    let Some(column) = column.filter(|column| !column.is_blank()) else {
                        continue;
                    };
                    for (row, wanted) in wanted.iter_mut().enumerate().filter(|(_, wanted)| !**wanted) {
                        *wanted = column.get(row).is_some_and(|cell| ask(at, cell));
                    }
                }
            }
            Ask::Row(ask) => {
                let mut cells = Vec::with_capacity(columns.len());
                for (row, wanted) in wanted.iter_mut().enumerate() {
                    cells.clear();
                    cells.extend(
                        columns
                            .iter()
                            .map(|column| column.and_then(|column| column.get(row)).unwrap_or_default()),
                    );
                    *wanted = ask(&cells);
                }
            }
        }
        Ok(BooleanArray::from(wanted))
    }
}

impl Picked {
    /// Picks the rows of a Parquet file that every question wants, with all their columns or with those of `take`.
    pub fn open(path: &Path, questions: Vec<Question>, take: Option<&[&str]>) -> Result<Self, EngineError> {
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
        let mut filters: Vec<Box<dyn ArrowPredicate>> = Vec::new();
        for mut question in questions {
            let names = question.columns.iter().map(String::as_str);
            let asked = ProjectionMask::columns(builder.parquet_schema(), names.clone());
            let is_there = |name: &str| builder.schema().field_with_name(name).is_ok();
            if matches!(question.ask, Ask::AnyCell(_)) && !names.clone().any(is_there) {
                // Nobody says anything, so no group need be read.
                builder = builder.with_row_groups(Vec::new());
            }
            filters.push(Box::new(ArrowPredicateFn::new(asked, move |batch| {
                question.answers(&batch)
            })));
        }
        if let Some(names) = take {
            let taken = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
            builder = builder.with_projection(taken);
        }
        let reader = builder
            .with_row_filter(RowFilter::new(filters))
            .with_batch_size(BATCH)
            // Few rows are picked. As a mask over rows, each column would be decoded whole into wide vectors first.
            .with_row_selection_policy(RowSelectionPolicy::Selectors)
            .with_max_predicate_cache_size(0)
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
