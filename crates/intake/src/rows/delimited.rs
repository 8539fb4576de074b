//! CSV and its kin: finds the delimiter and the header, then gives record after record.
//!
//! Standard: RFC 4180, with comma, pipe, tab or semicolon between cells, and any line end.

use csv::{ByteRecord, Reader, ReaderBuilder};
use layouts::Layout;

use crate::error::IntakeError;
use crate::limits::Limits;
use crate::rows::source::{ByteSource, Looks, PEEK, unreadable};

const DELIMITERS: [u8; 4] = [b',', b'|', b'\t', b';'];
const BUFFER: usize = 1 << 16;

/// A CSV file, its header read.
pub(crate) struct Delimited {
    reader: Reader<ByteSource>,
    path: String,
    header: Vec<String>,
    limits: Limits,
    rows: u64,
}

impl Delimited {
    /// Reads the header of an opened file; of the delimiters, that one counts with which a layout
    /// recognises most columns, and without a layout that one which makes most columns.
    pub(crate) fn open(
        source: ByteSource,
        path: &str,
        layouts: &[&Layout],
        limits: Limits,
    ) -> Result<Self, IntakeError> {
        refuse_what_is_no_text(&source, path)?;
        let delimiter = delimiter(source.front(), layouts);
        if let Some(line) = header_below(source.front(), delimiter, layouts) {
            return Err(IntakeError::Refused {
                path: path.to_owned(),
                what: format!("its header is line {line}, and not the first line"),
                fix: format!(
                    "remove what stands above line {line} (a title, a date, `sep=`), or export the file without it"
                ),
            });
        }
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(source);
        let mut this = Self {
            reader,
            path: path.to_owned(),
            header: Vec::new(),
            limits,
            rows: 0,
        };
        let mut record = ByteRecord::new();
        if !this.advance(&mut record)? || record.is_empty() {
            return Err(IntakeError::CannotRead {
                path: path.to_owned(),
                what: "it is empty".to_owned(),
                fix: "send it again; even a file without records has a header".to_owned(),
            });
        }
        if record.len() > limits.columns {
            return Err(IntakeError::Refused {
                path: path.to_owned(),
                what: format!(
                    "its first line has {} columns, more than {}",
                    record.len(),
                    limits.columns
                ),
                fix: "check that it is the file you mean".to_owned(),
            });
        }
        let mut scratch = String::new();
        this.header = record
            .iter()
            .map(|cell| crate::rows::text::text(cell, &mut scratch).0.to_owned())
            .collect();
        this.rows = 0;
        Ok(this)
    }

    /// The header.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Bytes read so far, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        self.reader.get_ref().progress()
    }

    /// The number of the record read last, from 1.
    pub(crate) fn row(&self) -> u64 {
        self.rows
    }

    /// Whether bytes did not fit the encoding.
    pub(crate) fn is_malformed(&self) -> bool {
        self.reader.get_ref().is_malformed()
    }

    /// The hash of the content.
    pub(crate) fn hash(self) -> Result<String, IntakeError> {
        let path = self.path;
        self.reader
            .into_inner()
            .hash()
            .map_err(|error| unreadable(&path, &error))
    }

    /// Reads the next record; false at the end. The second value is how many lines it spans.
    pub(crate) fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, IntakeError> {
        let line = self.reader.position().line();
        if !self.advance(record)? {
            return Ok(None);
        }
        let lines = self.reader.position().line() - line;
        // Blank lines before the record are passed over, and are none of its own.
        let within = || 1 + record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(Some(if lines > 1 { within() } else { lines }))
    }

    fn advance(&mut self, record: &mut ByteRecord) -> Result<bool, IntakeError> {
        let limit = self.limits.record_bytes + BUFFER as u64;
        let position = self.reader.position().byte();
        self.reader.get_mut().allow(position + limit);
        let got = match self.reader.read_byte_record(record) {
            Ok(got) => got,
            Err(_) if self.reader.get_ref().is_over() => return Err(self.refused()),
            Err(error) => return Err(self.broken(&error)),
        };
        if !got {
            return Err(self.unclosed());
        }
        let position = self.reader.position().byte();
        if record.len() == 1 && self.reader.get_ref().is_end(&record[0], position) {
            return Ok(false);
        }
        self.rows += 1;
        Ok(true)
    }

    fn refused(&self) -> IntakeError {
        IntakeError::Refused {
            path: self.path.clone(),
            what: format!(
                "row {} is longer than {} MB; most likely a quote (\") is opened there and never closed",
                self.rows + 1,
                self.limits.record_bytes >> 20
            ),
            fix: "correct that row, or export the file again".to_owned(),
        }
    }

    fn unclosed(&self) -> IntakeError {
        IntakeError::CannotRead {
            path: self.path.clone(),
            what: format!("the file ends inside a quoted cell of row {}", self.rows),
            fix: "it was cut off or a quote (\") is not closed: correct that row, or export the file again"
                .to_owned(),
        }
    }

    fn broken(&self, error: &csv::Error) -> IntakeError {
        match error.kind() {
            csv::ErrorKind::Io(error) => unreadable(&self.path, error),
            _ => IntakeError::CannotRead {
                path: self.path.clone(),
                what: format!("row {} cannot be read", self.rows + 1),
                fix: "export the file again".to_owned(),
            },
        }
    }
}

fn refuse_what_is_no_text(source: &ByteSource, path: &str) -> Result<(), IntakeError> {
    let refused = |what: &str, fix: &str| {
        Err(IntakeError::Refused {
            path: path.to_owned(),
            what: what.to_owned(),
            fix: fix.to_owned(),
        })
    };
    match source.looks() {
        Looks::Text | Looks::Parquet => {}
        Looks::Archive => {
            return refused(
                "it is a spreadsheet or an archive, not a CSV file",
                "unpack it, or save the sheet as CSV (in Excel: Save as, CSV UTF-8)",
            );
        }
        Looks::Xml => {
            return refused(
                "it is XML, not a CSV file",
                "correct `kind` or `path` in study.toml",
            );
        }
    }
    let front = source.front();
    if front.len() >= PEEK && !front.contains(&b'\n') && !front.contains(&b'\r') {
        return refused(
            "its first line does not end within 256 kB, so it has no header",
            "check that it is the file you mean",
        );
    }
    Ok(())
}

/// The delimiter with which the layouts recognise most of the header.
fn delimiter(front: &[u8], layouts: &[&Layout]) -> u8 {
    let mut best = (DELIMITERS[0], 0, 0);
    for delimiter in DELIMITERS {
        let header = records(front, delimiter).next().unwrap_or_default().cells;
        let recognised = recognised(&header, layouts).map_or(0, |(recognised, _)| recognised);
        if (recognised, header.len()) > (best.1, best.2) {
            best = (delimiter, recognised, header.len());
        }
    }
    best.0
}

/// The line of a header that has others above it; none where the first line is one, or none is.
fn header_below(front: &[u8], delimiter: u8, layouts: &[&Layout]) -> Option<u64> {
    let readable = |cells: &[String]| recognised(cells, layouts).is_some_and(|(_, readable)| readable);
    if readable(&records(front, delimiter).next()?.cells) {
        return None;
    }
    // A title may hold another delimiter than the table below it.
    let below = |delimiter| {
        let mut few = records(front, delimiter).take(HEADER_WITHIN);
        few.find(|record| readable(&record.cells))
            .map(|record| record.line)
    };
    DELIMITERS.into_iter().find_map(below)
}

/// How many of the columns the layout knows that knows most, and whether one can read the file.
fn recognised(header: &[String], layouts: &[&Layout]) -> Option<(usize, bool)> {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let all = layouts.iter().map(|layout| layout.recognise(&header));
    all.reduce(|(most, any), (own, readable)| (most.max(own), any || readable))
}

/// A header is looked for among so many records.
const HEADER_WITHIN: usize = 20;

/// A record of the front of a file.
#[derive(Default)]
struct Front {
    cells: Vec<String>,
    /// The line that it ends on, from 1.
    line: u64,
}

fn records(front: &[u8], delimiter: u8) -> impl Iterator<Item = Front> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(front);
    let mut scratch = String::new();
    std::iter::from_fn(move || {
        let mut record = ByteRecord::new();
        if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
            return None;
        }
        let cells = record.iter();
        let cells = cells.map(|cell| crate::rows::text::text(cell, &mut scratch).0.to_owned());
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let ended = front.get(..end).unwrap_or(front).trim_ascii_end();
        Some(Front {
            cells: cells.collect(),
            line: 1 + ended.iter().filter(|byte| **byte == b'\n').count() as u64,
        })
    })
}
