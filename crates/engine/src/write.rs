//! Writing one table: fixed row groups, fixed metadata, the same bytes for the same rows.

use std::io::BufWriter;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, RecordBatch,
    StringBuilder,
};
use datafusion::arrow::compute::{BatchCoalescer, cast};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use vocabulary::table::{Kind, TableSchema, Value};

use crate::batch::Batch;
use crate::error::EngineError;
use crate::schema::{TABLE_KEY, VERSION_KEY, arrow_schema};

/// Rows handed to the Parquet writer at a time. Page boundaries depend on it, so it is fixed.
const CHUNK_ROWS: usize = 8_192;
/// Rows of a row group.
pub const GROUP_ROWS: usize = 131_072;
/// A table of so few rows is not compressed: what the compressor sets up for each column, and for each again when it is
/// read, takes longer than all else about it. Among the files of a small study nearly all are such.
const FEW_ROWS: usize = 1_024;
/// Chunks that may wait for the thread that writes them.
const WAITING: usize = 16;

/// Writes one Parquet file row by row.
///
/// The file is complete and durable only after [`TableWriter::finish`].
pub struct TableWriter {
    schema: TableSchema,
    builders: Vec<Builder>,
    pending: usize,
    rows: u64,
    file: FileWriter,
}

impl TableWriter {
    /// Opens a new file at `path` for rows of `schema`; an old file there is replaced.
    pub fn create(path: &Path, schema: &TableSchema) -> Result<Self, EngineError> {
        let builders = schema
            .columns
            .iter()
            .map(|column| Builder::new(column.kind))
            .collect();
        let file = FileWriter::create(path, schema)?;
        Ok(Self {
            schema: schema.clone(),
            builders,
            pending: 0,
            rows: 0,
            file,
        })
    }

    /// The same, with rows encoded and written on a thread of its own. What goes wrong there is told with later rows, or at
    /// the end. The bytes are the same.
    #[must_use]
    pub fn aside(self) -> Self {
        Self {
            file: self.file.aside(),
            ..self
        }
    }

    /// Appends a row; `values` are in the order of the schema.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), EngineError> {
        if values.len() != self.builders.len() {
            return Err(width(&self.schema, values.len()));
        }
        for (index, (builder, value)) in self.builders.iter_mut().zip(values).enumerate() {
            if !builder.push(value) {
                return Err(misfit(&self.schema, index, value));
            }
        }
        self.pending += 1;
        self.rows += 1;
        if self.pending == CHUNK_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    /// Appends rows of a batch that holds the columns of the table in their order.
    pub fn rows_of(&mut self, batch: &Batch, rows: Range<usize>) -> Result<(), EngineError> {
        let columns = batch.arrays();
        if columns.len() != self.builders.len() {
            return Err(width(&self.schema, columns.len()));
        }
        self.flush()?;
        self.rows += rows.len() as u64;
        self.file.push(
            columns
                .map(|column| column.slice(rows.start, rows.len()))
                .collect(),
        )
    }

    /// Rows appended so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Completes the file and makes it durable; gives the number of rows.
    pub fn finish(mut self) -> Result<u64, EngineError> {
        self.flush()?;
        self.file.finish()?;
        Ok(self.rows)
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        if self.pending == 0 {
            return Ok(());
        }
        let columns: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        self.pending = 0;
        self.file.push(columns)
    }
}

/// Writes record batches of any size to one file in chunks of a fixed size.
pub(crate) struct FileWriter {
    schema: SchemaRef,
    coalescer: BatchCoalescer,
    rows: u64,
    writing: Writing,
}

/// Where chunks are encoded and written.
enum Writing {
    Here(Box<Chunks>),
    Aside(SyncSender<RecordBatch>, JoinHandle<Result<Chunks, EngineError>>),
    /// It failed, and said so.
    Over,
}

fn failed(code: &'static str) -> EngineError {
    EngineError::Failed {
        what: "writing a table".to_owned(),
        code,
    }
}

impl FileWriter {
    pub(crate) fn create(path: &Path, table: &TableSchema) -> Result<Self, EngineError> {
        let schema = arrow_schema(table);
        let file = BufWriter::with_capacity(1 << 18, fs_err::File::create(path)?);
        Ok(Self {
            coalescer: BatchCoalescer::new(Arc::clone(&schema), CHUNK_ROWS),
            rows: 0,
            writing: Writing::Here(Box::new(Chunks {
                path: path.to_owned(),
                table: table.clone(),
                schema: Arc::clone(&schema),
                file: Some(file),
                writer: None,
            })),
            schema,
        })
    }

    /// The same, with chunks encoded and written on a thread of its own.
    fn aside(mut self) -> Self {
        if let Writing::Here(mut chunks) = std::mem::replace(&mut self.writing, Writing::Over) {
            let (sender, waiting) = sync_channel::<RecordBatch>(WAITING);
            let thread = std::thread::spawn(move || {
                for chunk in waiting {
                    chunks.write(&chunk)?;
                }
                Ok(*chunks)
            });
            self.writing = Writing::Aside(sender, thread);
        }
        self
    }

    /// Appends columns, cast to the table's types where the engine used a wider or a viewed one.
    pub(crate) fn push(&mut self, columns: Vec<ArrayRef>) -> Result<(), EngineError> {
        let mut fitted = Vec::with_capacity(columns.len());
        for (column, field) in columns.iter().zip(self.schema.fields()) {
            if column.data_type() == field.data_type() {
                fitted.push(Arc::clone(column));
            } else {
                fitted.push(cast(column, field.data_type()).map_err(|_| failed("E-CAST"))?);
            }
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), fitted).map_err(|_| failed("E-SHAPE"))?;
        self.rows += batch.num_rows() as u64;
        self.coalescer.push_batch(batch).map_err(|_| failed("E-CHUNK"))?;
        self.drain()
    }

    fn drain(&mut self) -> Result<(), EngineError> {
        while let Some(chunk) = self.coalescer.next_completed_batch() {
            match &mut self.writing {
                Writing::Here(chunks) => chunks.write(&chunk)?,
                // A thread that failed hears no more, and has said why.
                Writing::Aside(sender, _) if sender.send(chunk).is_ok() => {}
                Writing::Aside(..) | Writing::Over => {
                    self.chunks()?;
                    return Err(failed("E-FILE"));
                }
            }
        }
        Ok(())
    }

    /// Waits for what was handed over.
    fn chunks(&mut self) -> Result<Chunks, EngineError> {
        match std::mem::replace(&mut self.writing, Writing::Over) {
            Writing::Here(chunks) => Ok(*chunks),
            Writing::Aside(sender, thread) => {
                drop(sender);
                thread.join().map_err(|_| failed("E-THREAD"))?
            }
            Writing::Over => Err(failed("E-FILE")),
        }
    }

    pub(crate) fn finish(mut self) -> Result<u64, EngineError> {
        self.coalescer
            .finish_buffered_batch()
            .map_err(|_| failed("E-CHUNK"))?;
        self.drain()?;
        self.chunks()?.finish()?;
        Ok(self.rows)
    }
}

/// Writes chunks to a file.
struct Chunks {
    path: PathBuf,
    table: TableSchema,
    schema: SchemaRef,
    /// The file until the first chunk is written, which is when it is known whether the table has few rows.
    file: Option<BufWriter<fs_err::File>>,
    writer: Option<ArrowWriter<BufWriter<fs_err::File>>>,
}

impl Chunks {
    fn write(&mut self, chunk: &RecordBatch) -> Result<(), EngineError> {
        self.begin(chunk.num_rows())?;
        let Some(writer) = &mut self.writer else {
            return Err(failed("E-FILE"));
        };
        let written = writer.write(chunk);
        written.map_err(|error| EngineError::parquet(&self.path, &error))
    }

    /// Begins the file, if that was not done, with a chunk of so many rows: they are all that there are, or it is full.
    fn begin(&mut self, rows: usize) -> Result<(), EngineError> {
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        let properties = properties(&self.table);
        let properties = if rows <= FEW_ROWS {
            let few = properties.into_builder();
            few.set_compression(Compression::UNCOMPRESSED).build()
        } else {
            properties
        };
        let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(properties));
        self.writer = Some(writer.map_err(|error| EngineError::parquet(&self.path, &error))?);
        Ok(())
    }

    fn finish(mut self) -> Result<(), EngineError> {
        self.begin(0)?;
        let file = self
            .writer
            .ok_or_else(|| failed("E-FILE"))?
            .into_inner()
            .map_err(|error| EngineError::parquet(&self.path, &error))?
            .into_inner()
            .map_err(|error| EngineError::File(error.into_error()))?;
        Ok(file.sync_all()?)
    }
}

pub(crate) fn properties(table: &TableSchema) -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    // Numbers of rows and persons hardly repeat within a group, and lie close together: as differences they take less room
    // and time than in a dictionary.
    let integers = table.columns.iter().filter(|column| column.kind == Kind::Integer);
    let builder = integers.fold(WriterProperties::builder(), |builder, column| {
        let path = ColumnPath::from(column.name.as_str());
        builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
    });
    builder
        .set_created_by("counted".to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(vec![
            KeyValue::new(TABLE_KEY.to_owned(), table.name.clone()),
            KeyValue::new(VERSION_KEY.to_owned(), table.version.to_string()),
        ]))
        .build()
}

pub(crate) enum Builder {
    Text(StringBuilder),
    Date(Date32Builder),
    Integer(Int64Builder),
    Real(Float64Builder),
    Flag(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>),
}

impl Builder {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Real => Self::Real(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Appends one value; false when its kind does not fit.
    pub(crate) fn push(&mut self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(b), Value::Text(text)) => b.append_value(text),
            (Self::Text(b), Value::Null) => b.append_null(),
            (Self::Date(b), Value::Date(date)) => b.append_value(date.days()),
            (Self::Date(b), Value::Null) => b.append_null(),
            (Self::Integer(b), Value::Integer(number)) => b.append_value(*number),
            (Self::Integer(b), Value::Null) => b.append_null(),
            (Self::Real(b), Value::Real(number)) => b.append_value(*number),
            (Self::Real(b), Value::Null) => b.append_null(),
            (Self::Flag(b), Value::Flag(flag)) => b.append_value(*flag),
            (Self::Flag(b), Value::Null) => b.append_null(),
            (Self::Texts(b), Value::Texts(texts)) => {
                for text in texts {
                    b.values().append_value(text);
                }
                b.append(true);
            }
            (Self::Texts(b), Value::Null) => b.append(false),
            _ => return false,
        }
        true
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
            Self::Integer(b) => Arc::new(b.finish()),
            Self::Real(b) => Arc::new(b.finish()),
            Self::Flag(b) => Arc::new(b.finish()),
            Self::Texts(b) => Arc::new(b.finish()),
        }
    }
}

pub(crate) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Date => "a date",
        Kind::Integer => "a whole number",
        Kind::Real => "a number",
        Kind::Flag => "yes or no",
        Kind::Texts => "a list of text",
    }
}

/// A value of another kind than its column.
pub(crate) fn misfit(table: &TableSchema, column: usize, value: &Value<'_>) -> EngineError {
    let Some(wanted) = table.columns.get(column) else {
        return width(table, column + 1);
    };
    EngineError::Type {
        table: table.name.clone(),
        column: wanted.name.clone(),
        wanted: kind_word(wanted.kind),
        given: value_word(value),
    }
}

/// Another number of values than the table has columns.
pub(crate) fn width(table: &TableSchema, given: usize) -> EngineError {
    EngineError::Width {
        table: table.name.clone(),
        wanted: table.columns.len(),
        given,
    }
}

fn value_word(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Text(_) => "text",
        Value::Date(_) => "a date",
        Value::Integer(_) => "a whole number",
        Value::Real(_) => "a number",
        Value::Flag(_) => "yes or no",
        Value::Texts(_) => "a list of text",
    }
}
