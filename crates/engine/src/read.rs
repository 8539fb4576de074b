//! Reading a table from one Parquet file or from a folder of parts.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use std::sync::Arc;

use crate::batch::Batch;
use crate::error::EngineError;
use crate::quiet;
use crate::schema::{TABLE_KEY, VERSION_KEY};

/// The parts of a table: the file itself, or the Parquet files of the folder in the order of
/// their names.
pub fn parts(path: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let held = fs_err::metadata(path).map_err(|error| EngineError::opening(path, error))?;
    if !held.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs_err::read_dir(path)? {
        let part = entry?.path();
        if part.extension().is_some_and(|extension| extension == "parquet") {
            found.push(part);
        }
    }
    found.sort();
    Ok(found)
}

/// The name and the version of the table that a file says it holds.
pub fn schema_of(path: &Path) -> Result<Option<(String, u32)>, EngineError> {
    let builder = open(path)?;
    let Some(pairs) = builder.metadata().file_metadata().key_value_metadata() else {
        return Ok(None);
    };
    let find = |key: &str| {
        pairs
            .iter()
            .find(|pair| pair.key == key)
            .and_then(|pair| pair.value.clone())
    };
    Ok(find(TABLE_KEY).zip(find(VERSION_KEY).and_then(|version| version.parse().ok())))
}

/// Streams the rows of a table, part after part, in order.
pub struct TableReader {
    name: String,
    waiting: VecDeque<PathBuf>,
    columns: Option<Vec<String>>,
    current: Option<(PathBuf, ParquetRecordBatchReader)>,
    as_text: bool,
    /// Row groups that are read; all where there are none.
    groups: Option<Range<usize>>,
}

impl TableReader {
    /// Opens a file, or a folder of parts, with all its columns.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        Self::start(path, None, false)
    }

    /// Opens a file, or a folder of parts, with some of its columns.
    pub fn open_columns(path: &Path, columns: &[&str]) -> Result<Self, EngineError> {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self::start(path, Some(columns), false)
    }

    /// Opens a file as up to so many readers, each of a run of its row groups: one after the other they give its rows in
    /// order, and side by side they can be read at once.
    pub fn shares(path: &Path, columns: &[&str], count: usize) -> Result<Vec<Self>, EngineError> {
        let groups = open(path)?.metadata().num_row_groups();
        let each = groups.div_ceil(count.max(1)).max(1);
        (0..groups.max(1))
            .step_by(each)
            .map(|first| {
                let mut share = Self::open_columns(path, columns)?;
                share.groups = Some(first..(first + each).min(groups));
                Ok(share)
            })
            .collect()
    }

    /// Opens a Parquet file that somebody else wrote; every column is given as text.
    pub fn foreign(path: &Path) -> Result<Self, EngineError> {
        Self::start(path, None, true)
    }

    /// The names of the columns of a Parquet file, without reading a row.
    pub fn columns_of(path: &Path) -> Result<Vec<String>, EngineError> {
        let builder = open(path)?;
        Ok(builder
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect())
    }

    fn start(path: &Path, columns: Option<Vec<String>>, as_text: bool) -> Result<Self, EngineError> {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            name,
            waiting: parts(path)?.into(),
            columns,
            current: None,
            as_text,
            groups: None,
        })
    }

    fn open_part(&self, path: &Path) -> Result<ParquetRecordBatchReader, EngineError> {
        let mut builder = open(path)?;
        if self.as_text && unfolds(builder.metadata()) {
            return Err(EngineError::Unfolds(path.to_owned()));
        }
        if let Some(columns) = &self.columns {
            for column in columns {
                if builder.schema().field_with_name(column).is_err() {
                    return Err(EngineError::NoColumn {
                        table: self.name.clone(),
                        column: column.clone(),
                    });
                }
            }
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str));
            builder = builder.with_projection(mask);
        }
        if let Some(groups) = &self.groups {
            builder = builder.with_row_groups(groups.clone().collect());
        }
        builder
            .with_batch_size(8_192)
            .build()
            .map_err(|error| EngineError::parquet(path, &error))
    }

    /// Does what reads a Parquet file: the readers of Arrow and Parquet stop the program at some kinds of damage, and
    /// what they say of it may hold a cell. That, too, is a damaged file, and no more is told. What else `read` does
    /// should be little: a fault of it would pass for damage.
    pub fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
        quiet::guarded(read).unwrap_or_else(|| Err(EngineError::NotParquet(path.to_owned())))
    }

    /// The file that is read, or is read next.
    fn at(&self) -> PathBuf {
        let current = self.current.as_ref().map(|(path, _)| path);
        current.or(self.waiting.front()).cloned().unwrap_or_default()
    }

    fn advance(&mut self) -> Result<Option<Batch>, EngineError> {
        loop {
            if let Some((path, reader)) = &mut self.current {
                match reader.next() {
                    Some(Ok(batch)) if self.as_text => {
                        return Batch::new(&self.name, &all_text(&batch)?).map(Some);
                    }
                    Some(Ok(batch)) => return Batch::new(&self.name, &batch).map(Some),
                    Some(Err(_)) => return Err(EngineError::NotParquet(path.clone())),
                    None => self.current = None,
                }
            }
            let Some(path) = self.waiting.pop_front() else {
                return Ok(None);
            };
            let reader = self.open_part(&path)?;
            self.current = Some((path, reader));
        }
    }
}

impl Iterator for TableReader {
    type Item = Result<Batch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.at();
        let batch = Self::guarded(&path, || self.advance());
        if batch.is_err() {
            // A reader that failed is in no state to go on.
            self.current = None;
            self.waiting.clear();
        }
        batch.transpose()
    }
}

/// Bytes of a cell, on average over a column of a row group, and of such a column as a whole: more is in no file of records, and a
/// few kilobytes of a file can unfold to any number.
const CELL_BYTES: i64 = 64 << 10;
const COLUMN_BYTES: i64 = 1 << 30;

/// Whether a file says of itself that a column of it unfolds to more than that.
pub(crate) fn unfolds(said: &ParquetMetaData) -> bool {
    let columns = said.row_groups().iter().flat_map(RowGroupMetaData::columns);
    columns.into_iter().any(|column| {
        let bytes = column.uncompressed_size();
        let cells = column.num_values().max(0).saturating_mul(CELL_BYTES);
        bytes > COLUMN_BYTES || bytes > cells.saturating_add(1 << 20)
    })
}

#[allow(
    clippy::disallowed_types,
    reason = "Parquet reads the system's file; opening it named the path"
)]
fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<std::fs::File>, EngineError> {
    let file = fs_err::File::open(path).map_err(|error| EngineError::opening(path, error))?;
    let file = file.into_file();
    TableReader::guarded(path, || {
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| EngineError::parquet(path, &error))
    })
}

/// Somebody else's columns as text, in either of the engine's layouts: whole numbers without a point, dates and times in ISO form.
pub(crate) fn all_text(batch: &RecordBatch) -> Result<RecordBatch, EngineError> {
    let failed = |_| EngineError::Failed {
        what: "reading a Parquet file".to_owned(),
        code: "E-CAST",
    };
    let schema = batch.schema();
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let text = match field.data_type() {
            DataType::Utf8View => ArrayRef::clone(column),
            _ => cast(column, &DataType::Utf8).map_err(failed)?,
        };
        fields.push(Field::new(field.name(), text.data_type().clone(), true));
        columns.push(text);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(failed)
}
