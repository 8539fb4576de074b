//! Writing a table group by group, with columns taken over from a former file.
//!
//! Values are gathered where they arise; that they are encoded and written may go on beside that, on a thread of its own.
//! The bytes are the same.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves,
};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::writer::SerializedFileWriter;
use datafusion::parquet::schema::types::ColumnPath;
use vocabulary::table::{TableSchema, Value};

use crate::error::EngineError;
use crate::groups::Groups;
use crate::schema::arrow_schema;
use crate::write::{Builder, misfit, properties, width};

/// Groups that may wait for the thread that writes them.
const WAITING: usize = 64;

/// Writes one Parquet file group by group. The file is complete and durable only after [`GroupWriter::finish`].
pub struct GroupWriter {
    table: TableSchema,
    builders: Vec<Builder>,
    /// Values so far of each column of the group at hand.
    pending: Vec<u64>,
    groups: usize,
    rows: u64,
    encoder: Encoding,
}

/// Where groups are encoded.
enum Encoding {
    Here(Box<Encoder>),
    Aside(SyncSender<Group>, JoinHandle<Result<Encoder, EngineError>>),
    /// It failed, and said so.
    Over,
}

/// A finished group: its columns, and where those come from that have no values here.
type Group = (Vec<Option<ArrayRef>>, Option<(Arc<Groups>, usize)>);

impl GroupWriter {
    /// Opens a new file at `path` for rows of `table`; an old file there is replaced. Values of the columns in `rare`
    /// hardly ever repeat, so no dictionary of them is tried.
    pub fn create(path: &Path, table: &TableSchema, rare: &[&str]) -> Result<Self, EngineError> {
        Ok(Self {
            builders: table
                .columns
                .iter()
                .map(|column| Builder::new(column.kind))
                .collect(),
            pending: vec![0; table.columns.len()],
            table: table.clone(),
            groups: 0,
            rows: 0,
            encoder: Encoding::Here(Box::new(Encoder::create(path, table, rare)?)),
        })
    }

    /// The same, with groups encoded and written on a thread of its own. What goes wrong there is told with a later group,
    /// or at the end.
    #[must_use]
    pub fn aside(mut self) -> Self {
        if let Encoding::Here(mut encoder) = std::mem::replace(&mut self.encoder, Encoding::Over) {
            let (sender, groups) = sync_channel::<Group>(WAITING);
            let thread = std::thread::spawn(move || {
                for (columns, former) in groups {
                    encoder.group(
                        columns,
                        former.as_ref().map(|(former, group)| (&**former, *group)),
                    )?;
                }
                Ok(*encoder)
            });
            self.encoder = Encoding::Aside(sender, thread);
        }
        self
    }

    /// Appends a value to a column of the group at hand.
    pub fn value(&mut self, column: usize, value: &Value<'_>) -> Result<(), EngineError> {
        let fits = self
            .builders
            .get_mut(column)
            .is_some_and(|builder| builder.push(value));
        if !fits {
            return Err(misfit(&self.table, column, value));
        }
        self.pending[column] += 1;
        Ok(())
    }

    /// Appends a row to the group at hand.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), EngineError> {
        if values.len() != self.pending.len() {
            return Err(width(&self.table, values.len()));
        }
        let mut columns = values.iter().enumerate();
        columns.try_for_each(|(column, value)| self.value(column, value))
    }

    /// Groups written so far.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Ends the group at hand. A group without rows is none.
    pub fn end_group(&mut self) -> Result<(), EngineError> {
        let rows = self.pending.first().copied().unwrap_or_default();
        if rows == 0 && self.pending.iter().all(|pending| *pending == 0) {
            return Ok(());
        }
        self.close(rows, None)
    }

    /// Ends the group at hand with the columns that got no value taken over from a group of a former file of the same
    /// table; those that got values must have as many as that group has rows.
    pub fn end_group_with(&mut self, former: &Arc<Groups>, group: usize) -> Result<(), EngineError> {
        self.close(former.rows(group), Some((former, group)))
    }

    /// Completes the file and makes it durable; gives the number of rows.
    pub fn finish(mut self) -> Result<u64, EngineError> {
        self.end_group()?;
        match self.encoder {
            Encoding::Here(encoder) => encoder.finish()?,
            Encoding::Aside(sender, thread) => {
                drop(sender);
                ended(thread)?.finish()?;
            }
            Encoding::Over => return Err(failed()),
        }
        Ok(self.rows)
    }

    fn close(&mut self, rows: u64, former: Option<(&Arc<Groups>, usize)>) -> Result<(), EngineError> {
        let filled = |pending: u64| pending == rows || (pending == 0 && former.is_some());
        if rows == 0 || !self.pending.iter().all(|pending| filled(*pending)) {
            return Err(failed());
        }
        let mut columns: Vec<Option<ArrayRef>> = Vec::with_capacity(self.builders.len());
        for (builder, pending) in self.builders.iter_mut().zip(&mut self.pending) {
            columns.push((std::mem::take(pending) > 0).then(|| builder.finish()));
        }
        match &mut self.encoder {
            Encoding::Here(encoder) => {
                encoder.group(columns, former.map(|(former, group)| (&**former, group)))?;
            }
            Encoding::Aside(sender, _) => {
                let former = former.map(|(former, group)| (Arc::clone(former), group));
                if sender.send((columns, former)).is_err() {
                    return Err(self.why());
                }
            }
            Encoding::Over => return Err(failed()),
        }
        self.groups += 1;
        self.rows += rows;
        Ok(())
    }

    /// Why the thread has ended before its time.
    fn why(&mut self) -> EngineError {
        match std::mem::replace(&mut self.encoder, Encoding::Over) {
            Encoding::Aside(sender, thread) => {
                drop(sender);
                ended(thread).err().unwrap_or_else(failed)
            }
            Encoding::Here(_) | Encoding::Over => failed(),
        }
    }
}

fn ended(thread: JoinHandle<Result<Encoder, EngineError>>) -> Result<Encoder, EngineError> {
    thread.join().unwrap_or_else(|_| Err(failed()))
}

fn failed() -> EngineError {
    EngineError::Failed {
        what: "writing a table in groups".to_owned(),
        code: "E-GROUP",
    }
}

/// Encodes groups and writes them to a file.
struct Encoder {
    path: PathBuf,
    schema: SchemaRef,
    file: SerializedFileWriter<BufWriter<fs_err::File>>,
    /// One a column, since a column that is taken over needs none of what a writer holds.
    factories: Vec<ArrowRowGroupWriterFactory>,
}

impl Encoder {
    fn create(path: &Path, table: &TableSchema, rare: &[&str]) -> Result<Self, EngineError> {
        let schema = arrow_schema(table);
        let properties = rare
            .iter()
            .fold(properties(table).into_builder(), |properties, column| {
                properties.set_column_dictionary_enabled(ColumnPath::from(*column), false)
            });
        let properties = properties.build();
        let file = BufWriter::with_capacity(1 << 18, fs_err::File::create(path)?);
        let failed = |error| EngineError::parquet(path, &error);
        let (file, _) = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties.clone()))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(failed)?;
        let mut factories = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            let column = Arc::new(Schema::new(vec![Arc::clone(field)]));
            let (_, factory) = ArrowWriter::try_new(Vec::new(), column, Some(properties.clone()))
                .and_then(ArrowWriter::into_serialized_writer)
                .map_err(failed)?;
            factories.push(factory);
        }
        Ok(Self {
            path: path.to_owned(),
            schema,
            file,
            factories,
        })
    }

    fn group(
        &mut self,
        columns: Vec<Option<ArrayRef>>,
        former: Option<(&Groups, usize)>,
    ) -> Result<(), EngineError> {
        self.encode(columns, former)
            .map_err(|error| EngineError::parquet(&self.path, &error))?
            .then_some(())
            .ok_or_else(failed)
    }

    /// Encodes the new columns, copies the others; false when the former file has no such piece.
    fn encode(
        &mut self,
        columns: Vec<Option<ArrayRef>>,
        former: Option<(&Groups, usize)>,
    ) -> Result<bool, ParquetError> {
        let mut chunks: Vec<Option<ArrowColumnChunk>> = Vec::with_capacity(columns.len());
        for ((factory, column), field) in self.factories.iter().zip(&columns).zip(self.schema.fields()) {
            let Some(column) = column else {
                chunks.push(None);
                continue;
            };
            for (mut writer, leaf) in factory
                .create_column_writers(0)?
                .into_iter()
                .zip(compute_leaves(field, column)?)
            {
                writer.write(&leaf)?;
                chunks.push(Some(writer.close()?));
            }
        }
        let taken_over = match former {
            Some((former, number)) => Some((former, number, former.window(number)?)),
            None => None,
        };
        let mut group = self.file.next_row_group()?;
        for (column, chunk) in chunks.into_iter().enumerate() {
            match (chunk, &taken_over) {
                (Some(chunk), _) => chunk.append_to_row_group(&mut group)?,
                (None, Some((former, number, window))) => {
                    let Some(piece) = former.piece(*number, column) else {
                        return Ok(false);
                    };
                    group.append_column(window, piece)?;
                }
                (None, None) => return Ok(false),
            }
        }
        group.close()?;
        Ok(true)
    }

    fn finish(self) -> Result<(), EngineError> {
        let file = self
            .file
            .into_inner()
            .map_err(|error| EngineError::parquet(&self.path, &error))?
            .into_inner()
            .map_err(|error| EngineError::File(error.into_error()))?;
        Ok(file.sync_all()?)
    }
}
