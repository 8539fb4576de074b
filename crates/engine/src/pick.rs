//! Some rows of a file that somebody else wrote: those that answer every question with yes.
//!
//! The columns of the first question are decoded for every row, those of the next where the first was met, all others
//! only where a row is picked. Of a nation's admissions few are of interest, and most columns of a file of admissions are
//! wide and nearly empty.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, StringViewArray};
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
/// Rows of a batch, where a few columns are taken and where all are: those of half a hundred columns must fit the cache.
const ASKED: usize = 8_192;
const PICKED: usize = 512;

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

type AskRow = Box<dyn FnMut(&[&str]) -> bool + Send>;

enum Ask {
    AnyCell(AskCell),
    Row(AskRow),
}

impl Question {
    /// Whether one of some cells is wanted. It is asked with the place of the cell's column in `columns`, and must say the same
    /// of the same text each time; blank cells, and columns that the file lacks, say no.
    pub fn of_cells(columns: &[&str], wanted: impl FnMut(usize, &str) -> bool + Send + 'static) -> Self {
        Self {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            ask: Ask::AnyCell(AskCell::new(columns.len(), Box::new(wanted))),
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
        // The reader hands over where rows stand, too, which is nobody's text.
        let asked = |name: &String| batch.schema().index_of(name).ok();
        let places: Vec<usize> = self.columns.iter().filter_map(asked).collect();
        let texts = all_text(&batch.project(&places)?);
        let texts = texts.map_err(|error| ArrowError::CastError(error.to_string()))?;
        let columns = self.columns.iter().map(|name| texts.column_by_name(name));
        let mut wanted = vec![false; batch.num_rows()];
        match &mut self.ask {
            Ask::AnyCell(ask) => {
                for (at, column) in columns.enumerate() {
                    let Some(column) = column.filter(|column| column.null_count() < column.len()) else {
                        continue;
                    };
                    ask.of_column(at, column, &mut wanted);
                }
            }
            Ask::Row(ask) => {
                let columns: Vec<_> = columns.map(|column| column.and_then(TextColumn::of)).collect();
                if let [column] = columns.as_slice() {
                    for (row, wanted) in wanted.iter_mut().enumerate() {
                        *wanted = ask(&[text_of(column.as_ref(), row)]);
                    }
                } else {
                    let mut cells = Vec::with_capacity(columns.len());
                    for (row, wanted) in wanted.iter_mut().enumerate() {
                        cells.clear();
                        cells.extend(columns.iter().map(|column| text_of(column.as_ref(), row)));
                        *wanted = ask(&cells);
                    }
                }
            }
        }
        Ok(BooleanArray::from(wanted))
    }
}

fn text_of<'a>(column: Option<&TextColumn<'a>>, row: usize) -> &'a str {
    column.and_then(|column| column.get(row)).unwrap_or_default()
}

type Wanted = Box<dyn FnMut(usize, &str) -> bool + Send>;

/// A text of so many bytes lies in its view, whole. Arrow columnar format, "variable-size binary view layout".
const WITHIN_VIEW: u32 = 12;
/// How many short texts of a column an answer is remembered for.
const REMEMBERED: usize = 2_048;

/// A question to cells, with its last answers: codes repeat.
struct AskCell {
    wanted: Wanted,
    /// For each column, short texts as the views hold them, length and all, and what was answered. No text is as long as
    /// the first entries say.
    answers: Vec<Vec<(u128, bool)>>,
}

impl AskCell {
    fn new(columns: usize, wanted: Wanted) -> Self {
        Self {
            wanted,
            answers: vec![vec![(u128::MAX, false); REMEMBERED]; columns],
        }
    }

    fn of_column(&mut self, at: usize, column: &ArrayRef, rows: &mut [bool]) {
        let mut each = |row: usize, is_wanted: bool| {
            if let Some(row) = rows.get_mut(row) {
                *row |= is_wanted;
            }
        };
        let Some(views) = column.as_any().downcast_ref::<StringViewArray>() else {
            let Some(texts) = TextColumn::of(column) else {
                return;
            };
            (0..column.len()).for_each(|row| {
                each(row, texts.get(row).is_some_and(|cell| (self.wanted)(at, cell)));
            });
            return;
        };
        let Some(answers) = self.answers.get_mut(at) else {
            return;
        };
        let mut ask = |row: usize| {
            let Some(&view) = views.views().get(row) else {
                return;
            };
            if view as u32 > WITHIN_VIEW {
                each(row, (self.wanted)(at, views.value(row)));
                return;
            }
            // Codes differ in their first bytes, which follow the length.
            let slot = ((view >> 32) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - REMEMBERED.ilog2());
            let Some(known) = answers.get_mut(slot as usize) else {
                return;
            };
            if known.0 != view {
                *known = (view, (self.wanted)(at, views.value(row)));
            }
            each(row, known.1);
        };
        // Most columns are nearly empty.
        match views.nulls() {
            Some(nulls) => nulls.valid_indices().for_each(ask),
            None => (0..views.len()).for_each(&mut ask),
        }
    }
}

impl Picked {
    /// Picks the rows of a Parquet file that every question wants, with all their columns or with those of `take`.
    pub fn open(path: &Path, questions: Vec<Question>, take: Option<&[&str]>) -> Result<Self, EngineError> {
        let failed = |error| EngineError::parquet(path, &error);
        let file = fs_err::File::open(path)?.into_file();
        let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(failed)?;
        if crate::read::unfolds(found.metadata()) {
            return Err(EngineError::Unfolds(path.to_owned()));
        }
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
            .with_batch_size(if take.is_some() { ASKED } else { PICKED })
            // Whoever is picked stands alone, and to skip to each costs more than to decode what lies between. A batch is so
            // many picked rows, and all rows between them are in memory at a time.
            .with_row_selection_policy(RowSelectionPolicy::Mask)
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
