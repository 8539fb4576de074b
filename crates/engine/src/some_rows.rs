//! The rows of some records of a table by record, group by group.
//!
//! Most groups hold one file, as their statistics say, and many hold it without a gap: then the place of each record is
//! known, and its keys need not be decoded. Where they are, they tell the places; of all other columns the cells of
//! records that nobody asks for are passed over, and a group without a record that is wanted is not read at all.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};

use crate::batch::Batch;
use crate::error::EngineError;
use crate::lookup::{ByRecord, FILE, ROW};
use crate::read::TableReader;

/// Rows of a batch.
const AT_ONCE: usize = 8_192;

impl ByRecord {
    /// Its groups in up to so many shares, which can be read side by side.
    pub fn shares(&self, count: usize) -> Vec<Range<usize>> {
        let each = self.groups().div_ceil(count.max(1)).max(1);
        let starts = (0..self.groups()).step_by(each);
        starts
            .map(|first| first..(first + each).min(self.groups()))
            .collect()
    }

    /// How many rows each file has.
    pub fn rows_by_file(&self) -> Result<BTreeMap<i64, i64>, EngineError> {
        let mut files = BTreeMap::new();
        for group in 0..self.groups() {
            if let Some((file, _)) = self.one_file(group) {
                *files.entry(file).or_default() += self.rows(group);
                continue;
            }
            let batch = self.load(group, &[FILE])?;
            let of = batch.integer(FILE)?;
            for row in 0..batch.rows() {
                *files.entry(of.get(row).unwrap_or_default()).or_default() += 1;
            }
        }
        Ok(files)
    }

    /// Gives a column of whole numbers of a share, in order: file, row and number.
    pub fn integers(
        &self,
        share: Range<usize>,
        column: &str,
        mut take: impl FnMut(i64, i64, Option<i64>),
    ) -> Result<(), EngineError> {
        for group in share {
            let columns: Vec<&str> = [column].into_iter().chain(self.keyed_by(group)).collect();
            let batch = self.load(group, &columns)?;
            let keys = self.keys(group, Some(&batch))?;
            let numbers = batch.integer(column)?;
            for place in 0..batch.rows() {
                let (file, row) = keys.at(place);
                take(file, row, numbers.get(place));
            }
        }
        Ok(())
    }

    /// Gives some columns of a share, in order, of the records that are `wanted`, which says of a range of a file's rows those
    /// that are, in order. Beside each batch stand the file and the row of each of its records.
    pub fn rows_of(
        &self,
        share: Range<usize>,
        columns: &[&str],
        wanted: impl Fn(i64, RangeInclusive<i64>) -> Vec<i64>,
        mut take: impl FnMut(&[(i64, i64)], &Batch) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let (mut keys, mut places) = (Vec::new(), Vec::new());
        for group in share {
            if let Some((file, rows)) = self.one_file(group)
                && wanted(file, rows).is_empty()
            {
                continue;
            }
            let keyed: Vec<&str> = self.keyed_by(group).collect();
            let said = if keyed.is_empty() {
                None
            } else {
                Some(self.load(group, &keyed)?)
            };
            let keys_of_all = self.keys(group, said.as_ref())?;
            keys_of_all.places(&wanted, &mut keys, &mut places);
            if places.is_empty() {
                continue;
            }
            let mut rest = keys.as_slice();
            for batch in self.reader(group, columns, selection(&places))? {
                let batch = Batch::new(&self.name(), &batch?)?;
                let (own, after) = rest.split_at(batch.rows().min(rest.len()));
                take(own, &batch)?;
                rest = after;
            }
        }
        Ok(())
    }

    /// The file and the row of each place of a group, by those columns.
    fn keys(&self, group: usize, said: Option<&Batch>) -> Result<Keys, EngineError> {
        let column = |name: &str| -> Result<Vec<i64>, EngineError> {
            let Some(batch) = said else {
                return Ok(Vec::new());
            };
            let numbers = batch.integer(name)?;
            let all = 0..batch.rows();
            Ok(all.map(|place| numbers.get(place).unwrap_or(-1)).collect())
        };
        let Some((file, rows)) = self.one_file(group) else {
            let mut end = 0;
            let of = column(FILE)?;
            let runs = of.chunk_by(|a, b| a == b).map(|run| {
                end += run.len();
                (run.first().copied().unwrap_or(-1), end)
            });
            return Ok(Keys {
                files: runs.collect(),
                rows: column(ROW)?,
            });
        };
        let rows = if self.is_whole(group) {
            rows.collect()
        } else {
            column(ROW)?
        };
        Ok(Keys {
            files: vec![(file, rows.len())],
            rows,
        })
    }

    /// Batches of some columns of a group, of some of its rows.
    fn reader(
        &self,
        group: usize,
        columns: &[&str],
        selection: RowSelection,
    ) -> Result<Batches<'_>, EngineError> {
        let file = fs_err::File::open(self.path())?.into_file();
        let reader = TableReader::guarded(self.path(), || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata().clone());
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let builder = builder
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_row_selection(selection)
                .with_batch_size(AT_ONCE);
            builder
                .build()
                .map_err(|error| EngineError::parquet(self.path(), &error))
        })?;
        Ok(Batches { table: self, reader })
    }
}

/// The batches of a group.
struct Batches<'a> {
    table: &'a ByRecord,
    reader: ParquetRecordBatchReader,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.table.path();
        let damaged = |_| EngineError::NotParquet(path.to_owned());
        let next = || self.reader.next().transpose().map_err(damaged);
        TableReader::guarded(path, next).transpose()
    }
}

/// The keys of a group, by place.
struct Keys {
    /// Its files, each with the place after its last row.
    files: Vec<(i64, usize)>,
    rows: Vec<i64>,
}

impl Keys {
    fn at(&self, place: usize) -> (i64, i64) {
        let run = self.files.partition_point(|(_, end)| *end <= place);
        let file = self.files.get(run).map_or(-1, |(file, _)| *file);
        (file, self.rows.get(place).copied().unwrap_or(-1))
    }

    /// The records that are wanted, and their places.
    fn places(
        &self,
        wanted: &impl Fn(i64, RangeInclusive<i64>) -> Vec<i64>,
        keys: &mut Vec<(i64, i64)>,
        places: &mut Vec<usize>,
    ) {
        keys.clear();
        places.clear();
        let mut start = 0;
        for (file, end) in &self.files {
            let rows = self.rows.get(start..*end).unwrap_or_default();
            if let Some((first, last)) = rows.first().zip(rows.last()) {
                let wanted = wanted(*file, *first..=*last);
                let mut rest = wanted.iter().peekable();
                for (place, row) in (start..).zip(rows) {
                    while rest.next_if(|wanted| *wanted < row).is_some() {}
                    // A record may have several rows.
                    if rest.peek() == Some(&row) {
                        keys.push((*file, *row));
                        places.push(place);
                    }
                }
            }
            start = *end;
        }
    }
}

/// Places of a group, in order, as the reader takes them.
fn selection(places: &[usize]) -> RowSelection {
    let mut selectors: Vec<RowSelector> = Vec::new();
    let mut next = 0;
    for place in places {
        let passed = place - next;
        match selectors.last_mut() {
            Some(last) if passed == 0 => last.row_count += 1,
            _ if passed == 0 => selectors.push(RowSelector::select(1)),
            _ => selectors.extend([RowSelector::skip(passed), RowSelector::select(1)]),
        }
        next = place + 1;
    }
    RowSelection::from(selectors)
}
