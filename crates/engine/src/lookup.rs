//! Looking up records in a table that is sorted by file and row, without joining.
//!
//! `links` says which person each record belongs to; it has a row for every record there is, in the order of files and
//! rows. A hash join would hold it whole and a merge join would sort the other side, although few records are asked for
//! and mostly in that same order. Here the row groups are found by what the file says of them, and each is decoded when
//! first asked for. In a group of one file without a gap the row tells the place, and the keys need not be decoded at all.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use datafusion::parquet::file::statistics::Statistics;

use crate::batch::Batch;
use crate::error::EngineError;
use crate::read::TableReader;
use crate::unchanged::Piece;

pub(crate) const FILE: &str = "file";
pub(crate) const ROW: &str = "row";
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
    /// Rows of one file.
    one: bool,
    /// And none of it left out between the first and the last.
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
            (Some((file, last_file, known)), Some((row, last_row, all))) => {
                let one = file == last_file && known && all;
                let span = last_row.checked_sub(row).and_then(|gap| gap.checked_add(1));
                Self {
                    files: (file, last_file),
                    rows: (row, last_row),
                    one,
                    whole: one && span == Some(metadata.num_rows()),
                }
            }
            _ => Self {
                files: (i64::MIN, i64::MAX),
                rows: (i64::MIN, i64::MAX),
                one: false,
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
    /// Opens a table that may have several rows a record, or none: no place is told from the number of a row.
    pub fn open_sections(path: &Path) -> Result<Self, EngineError> {
        let mut table = Self::open(path)?;
        let groups = table.groups.iter().map(|group| Group {
            whole: false,
            ..*group
        });
        table.groups = Arc::new(groups.collect());
        Ok(table)
    }

    /// Opens the table, one Parquet file.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let file = fs_err::File::open(path)?;
        let metadata = TableReader::guarded(path, || {
            ArrowReaderMetadata::load(file.file(), Default::default())
                .map_err(|error| EngineError::parquet(path, &error))
        })?;
        let groups = metadata.metadata().row_groups().iter().map(Group::of).collect();
        Ok(Self {
            path: Arc::new(path.to_owned()),
            metadata,
            groups: Arc::new(groups),
            recent: Arc::default(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it is called in errors.
    pub(crate) fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    pub(crate) fn metadata(&self) -> &ArrowReaderMetadata {
        &self.metadata
    }

    /// How many groups there are.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The file of a group, and its first and last row; none where the group is of several files.
    pub(crate) fn one_file(&self, number: usize) -> Option<(i64, RangeInclusive<i64>)> {
        let group = self.groups.get(number).filter(|group| group.one)?;
        Some((group.files.0, group.rows.0..=group.rows.1))
    }

    /// Whether a group has every row of its file from its first to its last.
    pub(crate) fn is_whole(&self, number: usize) -> bool {
        self.groups.get(number).is_some_and(|group| group.whole)
    }

    /// The rows of a group.
    pub(crate) fn rows(&self, number: usize) -> i64 {
        let groups = self.metadata.metadata().row_groups();
        groups.get(number).map_or(0, RowGroupMetaData::num_rows)
    }

    /// Where a column of a group lies.
    pub(crate) fn piece(&self, number: usize, column: &str) -> Option<Piece> {
        let group = self.metadata.metadata().row_groups().get(number)?;
        let is_it = |piece: &&ColumnChunkMetaData| piece.column_path().string() == column;
        let piece = group.columns().iter().find(is_it)?;
        let (start, length) = piece.byte_range();
        Some(Piece {
            start,
            length,
            compression: piece.compression(),
        })
    }

    /// The columns that must be decoded to know the keys of a group.
    pub(crate) fn keyed_by<'n>(&self, number: usize) -> impl Iterator<Item = &'n str> + use<'n> {
        let file: Option<&'n str> = self.one_file(number).is_none().then_some(FILE);
        let row = (!self.is_whole(number)).then_some(ROW);
        file.into_iter().chain(row)
    }

    /// A reader of one column; each thread has its own.
    pub fn column(&self, column: &str) -> ColumnByRecord {
        ColumnByRecord {
            table: self.clone(),
            column: column.to_owned(),
            loaded: None,
            last: 0,
        }
    }

    /// A column of a group, with the keys where they are needed: as some thread has decoded it already, or decoded now.
    fn group(&self, number: usize, column: &str) -> Result<Arc<Batch>, EngineError> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &Recent| one.group == number && one.column == column;
        if let Some(known) = recent().iter().find(|one| is_it(one)) {
            return Ok(Arc::clone(&known.batch));
        }
        let columns: Vec<&str> = [column].into_iter().chain(self.keyed_by(number)).collect();
        // Other threads go on meanwhile; that two of them decode the same is rare, and no harm.
        let batch = Arc::new(self.load(number, &columns)?);
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

    pub(crate) fn load(&self, number: usize, columns: &[&str]) -> Result<Batch, EngineError> {
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
        let damaged = |_| EngineError::NotParquet((*self.path).clone());
        let read = || reader.map(|batch| batch.map_err(damaged)).collect();
        let batches: Vec<RecordBatch> = TableReader::guarded(&self.path, read)?;
        match batches.as_slice() {
            [batch] => Batch::new(&self.name(), batch),
            _ => Err(EngineError::NotParquet((*self.path).clone())),
        }
    }
}

/// One column of a table by file and row.
pub struct ColumnByRecord {
    table: ByRecord,
    column: String,
    loaded: Option<(usize, Arc<Batch>)>,
    /// The place of the last record that was found in it.
    last: usize,
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
        // The next group first: records are mostly asked for in rising order.
        let groups = Arc::clone(&self.table.groups);
        let next = self.loaded.as_ref().map_or(0, |(at, _)| at + 1);
        let others = (next..groups.len()).chain(0..next.saturating_sub(1));
        for number in others {
            let held = groups.get(number).is_some_and(|group| group.may_hold(file, row));
            if !held {
                continue;
            }
            self.loaded = Some((number, self.table.group(number, &self.column)?));
            self.last = 0;
            if let Some(place) = self.place(file, row)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The place of a record in the group at hand.
    fn place(&mut self, file: i64, row: i64) -> Result<Option<usize>, EngineError> {
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
        let files = if group.one {
            None
        } else {
            Some(batch.integer(FILE)?)
        };
        let rows = batch.integer(ROW)?;
        let key = |place: usize| {
            let of = files.as_ref().map_or(Some(file), |files| files.get(place));
            (of.unwrap_or_default(), rows.get(place).unwrap_or_default())
        };
        let found = search(batch.rows(), self.last, (file, row), key);
        self.last = found.unwrap_or(self.last);
        Ok(found)
    }
}

/// The place of a key among so many in order. Most lie a little after the last one: steps get longer from there until one is
/// past it, and what is between the last two is halved.
fn search(
    length: usize,
    last: usize,
    wanted: (i64, i64),
    key: impl Fn(usize) -> (i64, i64),
) -> Option<usize> {
    let (mut low, mut high) = (0, length);
    if last < length && key(last) <= wanted {
        (low, high) = (last, last + 1);
        let mut step = 1;
        while high < length && key(high) <= wanted {
            (low, high) = (high, length.min(high + step));
            step *= 2;
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if key(middle) < wanted {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < length && key(low) == wanted).then_some(low)
}
