//! From files to a table of people: which columns, which ids, and row after row.

use std::path::PathBuf;

use intake::{Limits, Row, Sheet};
use linkage::columns::{Columns, Origin};
use linkage::weigh::{Field, Table};

use crate::arguments::LinkArguments;
use crate::exit::Failure;
use crate::tell;

use super::headings;
use super::ids::{Ids, Refused};
use super::settings::Said;

/// All that was read.
pub(super) struct People {
    pub(super) table: Table,
    pub(super) ids: Ids,
    pub(super) columns: Columns,
    /// Fields of the model that no file has.
    pub(super) blank: Vec<usize>,
    pub(super) files: Vec<ReadFile>,
    /// The columns that hold the ids; none where the rows are numbered.
    pub(super) id: Option<String>,
    /// Whether some file has a column with ids, also where the rows are numbered because another has none.
    pub(super) id_in_some: bool,
}

/// What was read of a file.
pub(super) struct ReadFile {
    pub(super) path: String,
    pub(super) records: u64,
    /// Rows without a single cell.
    pub(super) blank: u64,
    /// Rows with something behind their last column: their cells may be one place off.
    pub(super) long: u64,
}

/// Rows between two looks at the memory and the progress.
const ROWS_A_LOOK: u64 = 1 << 14;
/// What a record costs beside its values: links, groups and the blocks of a rule.
const BYTES_A_RECORD: u64 = 80;

/// Reads all files. `model` are the fields of a model that is to be used.
pub(super) fn read(
    arguments: &LinkArguments,
    said: &Said,
    model: Option<&[Field]>,
    progress: &tell::Progress,
) -> Result<People, Failure> {
    let files: Vec<(String, PathBuf)> = arguments
        .files
        .iter()
        .map(|path| (path.display().to_string(), path.clone()))
        .collect();
    let headers = headings::read(&files, !said.field.is_empty())?;
    let headings::IdColumns {
        by_file: ids,
        name: id,
        in_some: id_in_some,
    } = headings::ids(&files, &headers, arguments)?;
    let (columns, blank) = compared(&files, (&headers, &ids), said, model)?;
    progress.start("Reading the files");
    let sizes = files.iter().filter_map(|(_, path)| fs_err::metadata(path).ok());
    let mut reading = Reading {
        table: Table::new(columns.fields.clone()),
        ids: Ids::new(),
        starts: Vec::new(),
        several: files.len() > 1,
        bytes: (0, sizes.map(|meta| meta.len()).sum()),
        date: String::new(),
        progress,
        arguments,
    };
    let mut read = Vec::new();
    for (at, (path, absolute)) in files.iter().enumerate() {
        let sheet = Sheet::open(absolute, path, Limits::default())?;
        read.push(reading.file(path, sheet, ids[at], &columns.origins[at])?);
    }
    progress.clear();
    if reading.ids.len() == 0 {
        return Err(nobody(&files));
    }
    reading.table.close();
    reading.ids.close();
    Ok(People {
        table: reading.table,
        ids: reading.ids,
        columns,
        blank,
        files: read,
        id,
        id_in_some,
    })
}

/// The columns that are compared, and the fields of the model that no file has. `headers` are the headings of each file, `ids` say
/// which of them holds the ids.
fn compared(
    files: &[(String, PathBuf)],
    (headers, ids): (&[Vec<String>], &[Option<usize>]),
    said: &Said,
    model: Option<&[Field]>,
) -> Result<(Columns, Vec<usize>), Failure> {
    let mut columns = if said.field.is_empty() {
        Columns::recognise(headers, ids)
    } else {
        Columns::chosen(headers, ids, &said.field)?
    };
    let mut blank = Vec::new();
    match model {
        Some(model) => blank = headings::fit(&mut columns, model)?,
        None if said.field.is_empty() => headings::leave_idle(files, &mut columns)?,
        None => {}
    }
    Ok((columns, blank))
}

/// No file has a row.
fn nobody(files: &[(String, PathBuf)]) -> Failure {
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    Failure::source(format!(
        "{}: no usable row, so there is nobody to link; a record is a row below the headings",
        paths.join(", ")
    ))
}

struct Reading<'a> {
    table: Table,
    ids: Ids,
    /// The first record of each file, and its path.
    starts: Vec<(usize, String)>,
    several: bool,
    /// Bytes of the files before this one, and of all.
    bytes: (u64, u64),
    date: String,
    progress: &'a tell::Progress,
    arguments: &'a LinkArguments,
}

impl Reading<'_> {
    /// Reads a file.
    fn file(
        &mut self,
        path: &str,
        mut sheet: Sheet,
        id: Option<usize>,
        origins: &[Origin],
    ) -> Result<ReadFile, Failure> {
        self.starts.push((self.ids.len(), path.to_owned()));
        let mut file = ReadFile {
            path: path.to_owned(),
            records: 0,
            blank: 0,
            long: 0,
        };
        let by_file = self.arguments.ids_by_file || self.several && id.is_none();
        let before = if by_file {
            format!("{path}#")
        } else {
            String::new()
        };
        let (width, mut number) = (sheet.header().len(), String::new());
        loop {
            if sheet.row().is_multiple_of(ROWS_A_LOOK) {
                self.look(sheet.progress().0)?;
            }
            let row_number = sheet.row() + 1;
            let Some(row) = sheet.next_row()? else { break };
            if row.is_longer_than(width) {
                file.long += 1;
            } else if row.is_blank() {
                file.blank += 1;
            } else {
                let id = match id {
                    Some(column) => row.cell(column),
                    None => spelt(row_number, &mut number),
                };
                self.id(&before, id, path, row_number)?;
                self.row(row, origins)?;
                file.records += 1;
            }
        }
        self.look(sheet.progress().1)?;
        self.bytes.0 += sheet.progress().1;
        Ok(file)
    }

    fn row(&mut self, row: Row<'_>, origins: &[Origin]) -> Result<(), Failure> {
        let cell = |column| row.cell(column);
        for origin in origins {
            origin.date(cell, &mut self.date);
        }
        self.table
            .push(origins.iter().map(|origin| origin.text(cell, &self.date)))?;
        Ok(())
    }

    fn id(&mut self, before: &str, id: &str, path: &str, row: u64) -> Result<(), Failure> {
        if id.is_empty() {
            return Err(Failure::source(format!(
                "{path}: row {row} has no id; fill it in, name another column with --id, or take the column out to \
                 number the rows"
            )));
        }
        let refused = match self.ids.push(before, id) {
            Ok(()) => return Ok(()),
            Err(refused) => refused,
        };
        let earlier = match refused {
            Refused::TooLong => {
                return Err(Failure::source(
                    "the ids of all records are longer than 4 GB; link the files in parts",
                ));
            }
            Refused::Twice(record) => {
                let file = self.starts.partition_point(|(start, _)| *start <= record);
                file.checked_sub(1)
                    .map_or(path, |file| self.starts[file].1.as_str())
            }
        };
        let help = if earlier == path {
            "correct it, or name a column with --id that is different in every row"
        } else {
            "name a column with --id that is different in every row of all files, or write ids as FILE#ID with \
             --ids-by-file"
        };
        Err(Failure::source(format!(
            "{path}: row {row} has the id of an earlier record of {earlier}; {help}"
        )))
    }

    /// Shows how far reading is, and keeps to the memory. A value that is not yet known takes its text, so what was
    /// read is the most that the texts can take.
    fn look(&self, bytes: u64) -> Result<(), Failure> {
        let (bytes, total) = (self.bytes.0 + bytes, self.bytes.1);
        self.progress.step(bytes, total);
        let Some(allowed) = self.arguments.memory else {
            return Ok(());
        };
        let a_record = BYTES_A_RECORD + 4 * self.table.fields().len() as u64;
        let needed = self.ids.size() + bytes + self.table.records() as u64 * a_record;
        if needed <= allowed {
            return Ok(());
        }
        Err(Failure::call(format!(
            "after {}, more than the {} MB of --memory are needed; allow more, or link the files in parts",
            tell::counted(self.table.records() as u64, "record", "records"),
            allowed >> 20
        )))
    }
}

fn spelt(number: u64, buffer: &mut String) -> &str {
    use std::fmt::Write;
    buffer.clear();
    // Writing to a string cannot fail.
    let _written = write!(buffer, "{number}");
    buffer
}
