//! Looking up records in a table that is sorted by file and row, without joining.
//!
//! `links` says which person each record belongs to; it has a row for every record there is, in the order of files and
//! rows. A hash join would hold it whole and a merge join would sort the other side, although few records are asked for
//! and mostly in that same order. Here the row groups are found by what the file says of them, and each is decoded when
//! first asked for. In a group of one file without a gap, as nearly all are, the row tells the place, and the keys need
//! not be decoded at all.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::file::metadata::RowGroupMetaData;
use datafusion::parquet::file::statistics::Statistics;

use crate::batch::Batch;
use crate::error::EngineError;

const FILE: &str = "file";
const ROW: &str = "row";
/// Decoded groups that all threads share: batches of neighbouring records go to different threads.
const RECENT: usize = 8;

/// A table with a row for each record, sorted by its columns `file` and `row`; cheap to clone.
#[derive(Clone)]
pub struct ByRecord {
    path: Arc<PathBuf>,
    metadata: ArrowReaderMetadata,
    groups: Arc<Vec<Group>>,
    recent: Arc<Mutex<Vec<Recent>>>,
}

/// A group that was decoded not long ago, with the column that was asked for.
struct Recent {
    group: usize,
    column: String,
    batch: Arc<Batch>,
}

/// What a file says of a row group.
#[derive(Debug, Clone, Copy)]
struct Group {
    files: (i64, i64),
    rows: (i64, i64),
    /// One file, and no row of it left out between the first and the last.
    whole: bool,
}

impl Group {
    /// Without statistics a group may hold anything.
    fn of(metadata: &RowGroupMetaData) -> Self {
        let span = |name: &str| {
            let column = metadata
                .columns()
                .iter()
                .find(|column| column.column_path().string() == name)?;
            match column.statistics()? {
                Statistics::Int64(span) => {
                    Some((*span.min_opt()?, *span.max_opt()?, span.null_count_opt()? == 0))
                }
                _ => None,
            }
        };
        match (span(FILE), span(ROW)) {
            (Some((file, last_file, known)), Some((row, last_row, all))) => Self {
                files: (file, last_file),
                rows: (row, last_row),
                whole: file == last_file
                    && known
                    && all
                    && last_row.checked_sub(row).and_then(|gap| gap.checked_add(1))
                        == Some(metadata.num_rows()),
            },
            _ => Self {
                files: (i64::MIN, i64::MAX),
                rows: (i64::MIN, i64::MAX),
                whole: false,
            },
        }
    }

    fn may_hold(self, file: i64, row: i64) -> bool {
        (self.files.0..=self.files.1).contains(&file)
            && (self.files.0 != self.files.1 || (self.rows.0..=self.rows.1).contains(&row))
    }
}

impl ByRecord {
    /// Opens the table, one Parquet file.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let file = fs_err::File::open(path)?;
        let metadata = ArrowReaderMetadata::load(file.file(), Default::default())
            .map_err(|error| EngineError::parquet(path, &error))?;
        let groups = metadata.metadata().row_groups().iter().map(Group::of).collect();
        Ok(Self {
            path: Arc::new(path.to_owned()),
            metadata,
            groups: Arc::new(groups),
            recent: Arc::default(),
        })
    }

    /// A reader of one column; each thread has its own.
    pub fn column(&self, column: &str) -> ColumnByRecord {
        ColumnByRecord {
            table: self.clone(),
            column: column.to_owned(),
            loaded: None,
        }
    }

    /// A column of a group, with the keys where they are needed: as some thread has decoded it already, or decoded now.
    fn group(&self, number: usize, column: &str) -> Result<Arc<Batch>, EngineError> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &Recent| one.group == number && one.column == column;
        if let Some(known) = recent().iter().find(|one| is_it(one)) {
            return Ok(Arc::clone(&known.batch));
        }
        let keyed = [column, FILE, ROW];
        let whole = self.groups.get(number).is_some_and(|group| group.whole);
        // Other threads go on meanwhile; that two of them decode the same is rare, and no harm.
        let batch = Arc::new(self.load(number, if whole { &keyed[..1] } else { &keyed })?);
        let mut recent = recent();
        if recent.len() == RECENT {
            recent.remove(0);
        }
        recent.push(Recent {
            group: number,
            column: column.to_owned(),
            batch: Arc::clone(&batch),
        });
        Ok(batch)
    }

    fn load(&self, number: usize, columns: &[&str]) -> Result<Batch, EngineError> {
        let failed = |error| EngineError::parquet(&self.path, &error);
        let file = fs_err::File::open(&*self.path)?.into_file();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let rows = self.metadata.metadata().row_group(number).num_rows();
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![number])
            .with_batch_size(usize::try_from(rows).unwrap_or(1).max(1))
            .build()
            .map_err(failed)?;
        let mut batches: Vec<RecordBatch> = Vec::with_capacity(1);
        for batch in reader {
            batches.push(batch.map_err(|_| EngineError::NotParquet((*self.path).clone()))?);
        }
        match batches.as_slice() {
            [batch] => Batch::new("links", batch),
            _ => Err(EngineError::NotParquet((*self.path).clone())),
        }
    }
}

/// One column of a table by file and row.
pub struct ColumnByRecord {
    table: ByRecord,
    column: String,
    loaded: Option<(usize, Arc<Batch>)>,
}

impl ColumnByRecord {
    /// The whole number of a record; none where there is no such record. Cheapest when asked in rising order.
    pub fn integer(&mut self, file: i64, row: i64) -> Result<Option<i64>, EngineError> {
        let Some(place) = self.seek(file, row)? else {
            return Ok(None);
        };
        match &self.loaded {
            Some((_, batch)) => Ok(batch.integer(&self.column)?.get(place)),
            None => Ok(None),
        }
    }

    /// Whether a record's text is the one given.
    pub fn is(&mut self, file: i64, row: i64, text: &str) -> Result<bool, EngineError> {
        let Some(place) = self.seek(file, row)? else {
            return Ok(false);
        };
        match &self.loaded {
            Some((_, batch)) => Ok(batch.text(&self.column)?.get(place) == Some(text)),
            None => Ok(false),
        }
    }

    /// Loads the group that holds a record; gives its place there.
    fn seek(&mut self, file: i64, row: i64) -> Result<Option<usize>, EngineError> {
        if let Some(place) = self.place(file, row)? {
            return Ok(Some(place));
        }
        let groups = Arc::clone(&self.table.groups);
        for (number, group) in groups.iter().enumerate() {
            if !group.may_hold(file, row) || self.loaded.as_ref().is_some_and(|(at, _)| *at == number) {
                continue;
            }
            self.loaded = Some((number, self.table.group(number, &self.column)?));
            if let Some(place) = self.place(file, row)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The place of a record in the group at hand.
    fn place(&self, file: i64, row: i64) -> Result<Option<usize>, EngineError> {
        let Some((number, batch)) = &self.loaded else {
            return Ok(None);
        };
        let Some(group) = self
            .table
            .groups
            .get(*number)
            .filter(|group| group.may_hold(file, row))
        else {
            return Ok(None);
        };
        if group.whole {
            return Ok(row
                .checked_sub(group.rows.0)
                .and_then(|place| usize::try_from(place).ok()));
        }
        let (files, rows) = (batch.integer(FILE)?, batch.integer(ROW)?);
        let key = |place: usize| {
            (
                files.get(place).unwrap_or_default(),
                rows.get(place).unwrap_or_default(),
            )
        };
        let (mut low, mut high) = (0, batch.rows());
        while low < high {
            let middle = low + (high - low) / 2;
            if key(middle) < (file, row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok((low < batch.rows() && key(low) == (file, row)).then_some(low))
    }
}
