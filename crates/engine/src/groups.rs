//! A table in groups, whose columns can be taken over as they are encoded.
//!
//! A table that grows by a little should not be written anew from its first row. Rows lie in groups, a group holds
//! each column as one encoded piece, and a piece whose values did not change is copied: it is neither decoded nor
//! compressed again. The outcome is an ordinary Parquet file; its bytes depend on the values, on where the groups
//! end, and on which pieces were taken over, and on nothing else.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::buf::Reader;
use bytes::{Buf, Bytes};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::column::writer::ColumnCloseResult;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy, RowGroupMetaData,
};
use datafusion::parquet::file::reader::{ChunkReader, Length};
use datafusion::parquet::file::statistics::Statistics;

use crate::batch::Batch;
use crate::error::EngineError;

/// Most groups that a file can have; whoever comes near writes all rows anew, in larger groups.
pub const MOST_GROUPS: usize = 32_000;

/// A finished table whose groups can be taken over.
pub struct Groups {
    #[allow(
        clippy::disallowed_types,
        reason = "Parquet reads the system's file; opening it named the path"
    )]
    file: std::fs::File,
    metadata: Arc<ParquetMetaData>,
    /// A file has one place at which it is read, also under several names.
    reading: Mutex<()>,
}

impl Groups {
    /// Opens a Parquet file.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let file = fs_err::File::open(path)?.into_file();
        // All that the file says of its pieces is said again where they are taken over.
        let all = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
        let metadata = ParquetMetaDataReader::new()
            .with_metadata_options(Some(all))
            .with_page_index_policy(PageIndexPolicy::Optional)
            .parse_and_finish(&file)
            .map_err(|error| EngineError::parquet(path, &error))?;
        Ok(Self {
            file,
            metadata: Arc::new(metadata),
            reading: Mutex::default(),
        })
    }

    /// The number of groups.
    pub fn count(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// The rows of a group; none where there is no such group.
    pub fn rows(&self, group: usize) -> u64 {
        self.metadata
            .row_groups()
            .get(group)
            .map_or(0, |group| group.num_rows().unsigned_abs())
    }

    /// The rows of a group, with these columns. Several threads may ask at the same time: only that the bytes are read is
    /// done by one after the other.
    pub fn batch(&self, group: usize, columns: &[&str]) -> Result<Batch, EngineError> {
        let failed = || EngineError::Failed {
            what: "reading a group of a table".to_owned(),
            code: "E-GROUP",
        };
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), ArrowReaderOptions::new());
        let window = self.window(group).map_err(|_| failed())?;
        let rows = usize::try_from(self.rows(group)).map_err(|_| failed())?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(window, metadata.map_err(|_| failed())?);
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let mut reader = builder
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(rows.max(1))
            .build()
            .map_err(|_| failed())?;
        let batch = reader.next().and_then(Result::ok).ok_or_else(failed)?;
        Batch::new("group", &batch)
    }

    /// The bytes of a group, whose pieces lie side by side: read once for all that are taken over.
    pub(crate) fn window(&self, group: usize) -> Result<Window, ParquetError> {
        let columns = self
            .metadata
            .row_groups()
            .get(group)
            .map(RowGroupMetaData::columns);
        let pieces = columns
            .unwrap_or_default()
            .iter()
            .map(ColumnChunkMetaData::byte_range);
        let start = pieces.clone().map(|(start, _)| start).min().unwrap_or_default();
        let end = pieces
            .map(|(start, length)| start + length)
            .max()
            .unwrap_or_default();
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.file.get_bytes(start, (end - start) as usize)?;
        Ok(Window { start, bytes })
    }

    /// What the writer needs in order to take a piece over.
    pub(crate) fn piece(&self, group: usize, column: usize) -> Option<ColumnCloseResult> {
        let of_group = self.metadata.row_groups().get(group)?;
        let metadata = said_again(of_group.columns().get(column)?)?;
        let offsets = self.metadata.offset_index().and_then(|groups| groups.get(group));
        Some(ColumnCloseResult {
            bytes_written: metadata.compressed_size().unsigned_abs(),
            rows_written: of_group.num_rows().unsigned_abs(),
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: offsets.and_then(|columns| columns.get(column)).cloned(),
        })
    }
}

/// A part of a file, with where it begins there.
pub(crate) struct Window {
    start: u64,
    bytes: Bytes,
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Window {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let length = self.len().saturating_sub(start) as usize;
        Ok(self.get_bytes(start, length)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let from = start.checked_sub(self.start).map(|from| from as usize);
        let range = from.map(|from| from..from + length);
        match range.filter(|range| range.end <= self.bytes.len()) {
            Some(range) => Ok(self.bytes.slice(range)),
            None => Err(ParquetError::EOF("a piece lies outside its group".to_owned())),
        }
    }
}

/// Hands out the encoded pieces of some columns of a file, group after group, column after column as the file has them,
/// each after its length. Two files that hand out the same hold the same values in these columns.
pub fn encoded(path: &Path, columns: &[&str], mut take: impl FnMut(&[u8])) -> Result<(), EngineError> {
    let mut file = fs_err::File::open(path)?;
    let metadata = places(path, &file)?;
    let mut bytes = Vec::new();
    for group in metadata.row_groups() {
        let pieces = group.columns().iter().map(ColumnChunkMetaData::byte_range);
        let start = pieces.clone().map(|(start, _)| start).min().unwrap_or_default();
        let end = pieces.clone().map(|(start, length)| start + length).max();
        bytes.clear();
        file.seek(SeekFrom::Start(start))?;
        (&mut file)
            .take(end.unwrap_or_default() - start)
            .read_to_end(&mut bytes)?;
        take(&group.num_rows().to_le_bytes());
        for (column, (from, length)) in group.columns().iter().zip(pieces) {
            if columns.contains(&column.column_path().string().as_str()) {
                let from = (from - start) as usize;
                let piece = bytes.get(from..from + length as usize);
                take(&length.to_le_bytes());
                take(piece.ok_or_else(|| EngineError::NotParquet(path.to_owned()))?);
            }
        }
    }
    Ok(())
}

/// Where the pieces of a file are; nothing else is asked of it.
fn places(path: &Path, file: &fs_err::File) -> Result<ParquetMetaData, EngineError> {
    let lean = ParquetMetaDataOptions::new()
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    ParquetMetaDataReader::new()
        .with_metadata_options(Some(lean))
        .with_page_index_policy(PageIndexPolicy::Skip)
        .parse_and_finish(file.file())
        .map_err(|error| EngineError::parquet(path, &error))
}

/// Whether two files hold the same rows, but for one column: told from their encoded pieces, so that nothing is decoded.
/// Of files that were written in other groups, or by another program, it may say no where it is so.
pub fn same_but(column: &str, one: &Path, other: &Path) -> Result<bool, EngineError> {
    let (mut file, mut beside) = (fs_err::File::open(one)?, fs_err::File::open(other)?);
    let (pieces, others) = (places(one, &file)?, places(other, &beside)?);
    let (groups, other_groups) = (pieces.row_groups(), others.row_groups());
    let alike = |(a, b): (&RowGroupMetaData, &RowGroupMetaData)| {
        a.num_rows() == b.num_rows() && a.num_columns() == b.num_columns()
    };
    if groups.len() != other_groups.len() || !groups.iter().zip(other_groups).all(alike) {
        return Ok(false);
    }
    let piece = |file: &mut fs_err::File, (start, length): (u64, u64), into: &mut Vec<u8>| {
        into.clear();
        file.seek(SeekFrom::Start(start))?;
        file.take(length).read_to_end(into)
    };
    let (mut bytes, mut other_bytes) = (Vec::new(), Vec::new());
    let columns = groups.iter().flat_map(RowGroupMetaData::columns);
    for (a, b) in columns.zip(other_groups.iter().flat_map(RowGroupMetaData::columns)) {
        if a.column_path() != b.column_path() || a.compression() != b.compression() {
            return Ok(false);
        }
        if a.column_path().string() == column {
            continue;
        }
        let (range, other_range) = (a.byte_range(), b.byte_range());
        if range.1 != other_range.1 {
            return Ok(false);
        }
        piece(&mut file, range, &mut bytes)?;
        piece(&mut beside, other_range, &mut other_bytes)?;
        if bytes != other_bytes {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a file says of a piece. Least and largest values of numbers are said twice, in an older and a newer form; the
/// reader keeps the newer one only, and without the other the bytes would differ from a piece that was not taken over.
fn said_again(piece: &ColumnChunkMetaData) -> Option<ColumnChunkMetaData> {
    let statistics = match piece.statistics()?.clone() {
        Statistics::Int32(values) => Statistics::Int32(values.with_backwards_compatible_min_max(true)),
        Statistics::Int64(values) => Statistics::Int64(values.with_backwards_compatible_min_max(true)),
        Statistics::Double(values) => Statistics::Double(values.with_backwards_compatible_min_max(true)),
        other => other,
    };
    let builder = piece.clone().into_builder().set_statistics(statistics);
    builder.build().ok()
}
