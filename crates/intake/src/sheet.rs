//! A sheet of rows and columns whose layout nobody knows: any table of people, as CSV or Parquet.
//!
//! For whom: `counted link`, which reads whatever its users have. The bytes are read as for every layout: encodings,
//! delimiters and limits are the same. Only what the columns mean is left to the caller.
//!
//! Invariants: a cell is given as text without outer spaces and without an allocation of its own; a row is given in
//! the order of the file; no message holds a cell.

use std::path::{Path, PathBuf};

use csv::{ByteRecord, StringRecord};
use engine::{EngineError, TableReader};

use crate::error::IntakeError;
use crate::limits::Limits;
use crate::rows::{ByteSource, Delimited, Looks, cell_text};

/// An opened file, its header read.
pub struct Sheet {
    header: Vec<String>,
    body: Body,
    longest: usize,
    row: u64,
}

enum Body {
    Text(Box<Text>),
    Parquet(Box<Parquet>),
}

/// CSV and its kin.
struct Text {
    reader: Delimited,
    /// None only while a row is read: an empty record would take memory of its own.
    record: Option<StringRecord>,
}

/// Parquet, a batch at a time, turned from columns to rows.
struct Parquet {
    path: String,
    batches: TableReader,
    records: Vec<StringRecord>,
    at: usize,
    filled: usize,
    size: u64,
    ended: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    record: &'a StringRecord,
    longest: usize,
}

impl<'a> Row<'a> {
    /// A cell without outer spaces; empty where there is none, and where it is longer than any cell may be.
    #[must_use]
    pub fn cell(self, column: usize) -> &'a str {
        match self.record.get(column) {
            Some(cell) if cell.len() <= self.longest => trimmed(cell),
            _ => "",
        }
    }

    /// Whether no cell says anything.
    #[must_use]
    pub fn is_blank(self) -> bool {
        self.record.iter().all(|cell| trimmed(cell).is_empty())
    }

    /// Whether something stands behind the last column: then the cells may be one place off.
    #[must_use]
    pub fn is_longer_than(self, columns: usize) -> bool {
        (columns..self.record.len()).any(|column| !self.cell(column).is_empty())
    }
}

/// Most cells begin and end with what they hold.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

impl Sheet {
    /// Opens a file. `path` is how messages name it.
    pub fn open(absolute: &Path, path: &str, limits: Limits) -> Result<Self, IntakeError> {
        there(absolute, path)?;
        let source = ByteSource::open(absolute, path)?;
        let (header, body) = match source.looks() {
            Looks::Xml => {
                return Err(IntakeError::Refused {
                    path: path.to_owned(),
                    what: "it is XML, not a table".to_owned(),
                    fix: "save the table as CSV, a person a row".to_owned(),
                });
            }
            Looks::Parquet => Parquet::open(absolute, path, source.progress().1)?,
            Looks::Text | Looks::Archive => {
                let reader = Delimited::open(source, path, &[], limits)?;
                let header = reader.header().to_vec();
                (header, Body::Text(Box::new(Text { reader, record: None })))
            }
        };
        Ok(Self {
            header,
            body,
            longest: limits.cell_bytes,
            row: 0,
        })
    }

    /// The headings, as they stand.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The number of the row given last, from 1; records count, not lines.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.row
    }

    /// Bytes read so far, and in all.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        match &self.body {
            Body::Text(text) => text.reader.progress(),
            Body::Parquet(parquet) => (if parquet.ended { parquet.size } else { 0 }, parquet.size),
        }
    }

    /// The next row; none at the end. It is lent until then.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, IntakeError> {
        let record = match &mut self.body {
            Body::Text(text) => text.next()?,
            Body::Parquet(parquet) => parquet.next(self.header.len())?,
        };
        self.row += u64::from(record.is_some());
        Ok(record.map(|record| Row {
            record,
            longest: self.longest,
        }))
    }
}

/// Words of their own for what people mistype most: the others speak of a study.
fn there(absolute: &Path, path: &str) -> Result<(), IntakeError> {
    let wrong = |what: &str, fix: &str| {
        Err(IntakeError::CannotRead {
            path: path.to_owned(),
            what: what.to_owned(),
            fix: fix.to_owned(),
        })
    };
    match fs_err::metadata(absolute) {
        Err(error) if IntakeError::is_absent(&error) => Err(IntakeError::absent(path)),
        Ok(found) if found.is_dir() => wrong("it is a folder", "name the files in it"),
        Ok(found) if !found.is_file() => wrong(
            "it is a pipe or a device, which can be read only once",
            "save it as a file first",
        ),
        Ok(found) if found.len() == 0 => wrong("it is empty", "export it again"),
        _ => Ok(()),
    }
}

impl Text {
    /// A record of UTF-8, as nearly all are, is checked once and taken as it is; any other is decoded cell by cell.
    fn next(&mut self) -> Result<Option<&StringRecord>, IntakeError> {
        let mut bytes: ByteRecord = self.record.take().unwrap_or_default().into_byte_record();
        if self.reader.next(&mut bytes)?.is_none() {
            return Ok(None);
        }
        let record = StringRecord::from_byte_record(bytes).unwrap_or_else(|error| {
            let (bytes, mut scratch) = (error.into_byte_record(), String::new());
            bytes
                .iter()
                .map(|cell| cell_text(cell, &mut scratch).0.to_owned())
                .collect()
        });
        Ok(Some(self.record.insert(record)))
    }
}

impl Parquet {
    fn open(absolute: &Path, path: &str, size: u64) -> Result<(Vec<String>, Body), IntakeError> {
        let failed = |error: EngineError| no_table(path, &error);
        let header = TableReader::columns_of(absolute).map_err(failed)?;
        let this = Self {
            path: path.to_owned(),
            batches: TableReader::foreign(&PathBuf::from(absolute)).map_err(failed)?,
            records: Vec::new(),
            at: 0,
            filled: 0,
            size,
            ended: false,
        };
        Ok((header, Body::Parquet(Box::new(this))))
    }

    fn next(&mut self, columns: usize) -> Result<Option<&StringRecord>, IntakeError> {
        while self.at == self.filled {
            if !self.fill(columns)? {
                self.ended = true;
                return Ok(None);
            }
        }
        self.at += 1;
        Ok(self.records.get(self.at - 1))
    }

    /// Takes the next batch; false at the end. The records of the last one are used again.
    fn fill(&mut self, columns: usize) -> Result<bool, IntakeError> {
        let Some(batch) = self.batches.next() else {
            return Ok(false);
        };
        let batch = batch.map_err(|error| no_table(&self.path, &error))?;
        (self.at, self.filled) = (0, batch.rows());
        self.records
            .resize_with(self.records.len().max(batch.rows()), StringRecord::new);
        self.records.iter_mut().for_each(StringRecord::clear);
        let names: Vec<String> = batch.names().take(columns).map(str::to_owned).collect();
        for name in &names {
            let column = batch.text(name).map_err(|error| no_table(&self.path, &error))?;
            for (row, record) in self.records.iter_mut().enumerate().take(batch.rows()) {
                record.push_field(column.get(row).unwrap_or_default());
            }
        }
        Ok(true)
    }
}

/// The engine's errors name the file by its full path, and may quote a cell.
fn no_table(path: &str, error: &EngineError) -> IntakeError {
    let what = match error {
        EngineError::NotParquet(_) => "it is damaged, or no Parquet file",
        EngineError::Unfolds(_) => "its columns unfold to more than cells of records can hold",
        EngineError::File(_) | EngineError::Missing(_) => "the system cannot read it",
        _ => "it has a column of a type that is neither text, number nor date",
    };
    IntakeError::CannotRead {
        path: path.to_owned(),
        what: what.to_owned(),
        fix: "write the file again".to_owned(),
    }
}

#[cfg(test)]
mod tests;
