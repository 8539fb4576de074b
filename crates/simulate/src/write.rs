//! Files: rows into CSV, shuffled, with their truth beside them; in bounded memory.
//!
//! Rows are not written in the order of people, which no hospital's file has and which would make linkage look
//! easy to any reader of the disk. Each file holds back some thousand rows and lets a random one go for each new
//! one, so a file of any size is mixed within a fixed memory. A row's number is known when it leaves; that is
//! when its line of truth is written.

use crate::chance::{Chance, Purpose};
use fs_err as fs;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use vocabulary::date::Date;

/// Rows a file holds back.
const HELD_BACK: usize = 4_096;

/// How a file writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// 2024-03-05
    Iso,
    /// 2024-03-05 00:00:00
    IsoTime,
    /// 20240305
    Compact,
    /// 05-MAR-2024
    MonthName,
    /// 05/03/2024
    DayMonthYear,
}

/// A row being built.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: String,
    cells: usize,
}

impl Row {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells = 0;
    }

    fn next(&mut self) -> &mut String {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
        &mut self.text
    }

    /// A cell, quoted where it must be.
    pub(crate) fn cell(&mut self, value: &str) -> &mut Row {
        let quoted = value.contains([',', '"', '\n']);
        let text = self.next();
        if quoted {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(value);
        }
        self
    }

    /// Empty cells.
    pub(crate) fn blanks(&mut self, count: usize) -> &mut Row {
        for _ in 0..count {
            self.next();
        }
        self
    }

    /// A whole number.
    pub(crate) fn number(&mut self, value: i64) -> &mut Row {
        // Writing to a String cannot fail.
        let _ = write!(self.next(), "{value}");
        self
    }

    /// A date in a form.
    pub(crate) fn date(&mut self, date: Date, form: Form) -> &mut Row {
        write_date(self.next(), date, form);
        self
    }

    /// A list of codes in a fixed number of cells; what does not fit is dropped, as hospitals' systems do.
    pub(crate) fn list(&mut self, codes: impl Iterator<Item = String>, width: usize) -> &mut Row {
        let mut used = 0;
        for code in codes.take(width) {
            self.cell(&code);
            used += 1;
        }
        self.blanks(width - used)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Writes a date.
pub(crate) fn write_date(out: &mut String, date: Date, form: Form) {
    const MONTHS: [&str; 12] = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ];
    let (y, m, d) = (date.year(), date.month(), date.day());
    let month = MONTHS.get(m as usize - 1).copied().unwrap_or("JAN");
    let _ = match form {
        Form::Iso => write!(out, "{y:04}-{m:02}-{d:02}"),
        Form::IsoTime => write!(out, "{y:04}-{m:02}-{d:02} 00:00:00"),
        Form::Compact => write!(out, "{y:04}{m:02}{d:02}"),
        Form::MonthName => write!(out, "{d:02}-{month}-{y:04}"),
        Form::DayMonthYear => write!(out, "{d:02}/{m:02}/{y:04}"),
    };
}

/// The name of the person in this position, as the truth files write it.
pub(crate) fn person_name(place: u64) -> String {
    format!("T{place:07}")
}

/// `truth/people.csv` and `truth/records.csv`.
pub(crate) struct Truth {
    people: BufWriter<fs::File>,
    records: BufWriter<fs::File>,
    pub(crate) record_count: u64,
    /// Rows taken from people, written or still held back: tells whether a person left any.
    pub(crate) taken: u64,
}

impl Truth {
    pub(crate) fn create(root: &Path) -> io::Result<Truth> {
        let folder = root.join("truth");
        fs::create_dir_all(&folder)?;
        let mut people = BufWriter::new(fs::File::create(folder.join("people.csv"))?);
        people.write_all(b"person,metastatic,kind,date,death,organisation\n")?;
        let mut records = BufWriter::new(fs::File::create(folder.join("records.csv"))?);
        records.write_all(b"source,record_id,person\n")?;
        Ok(Truth {
            people,
            records,
            record_count: 0,
            taken: 0,
        })
    }

    pub(crate) fn person(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.people, "{line}")
    }

    /// A record of CSV: `path#row`; of COSD: `path#id`.
    pub(crate) fn record(&mut self, source: &str, path: &str, id: &str, place: u64) -> io::Result<()> {
        self.record_count += 1;
        writeln!(self.records, "{source},{path}#{id},{}", person_name(place))
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.people.flush()?;
        self.records.flush()
    }
}

/// A CSV file of one source.
pub(crate) struct CsvFile {
    source: &'static str,
    /// Relative to the study, with '/'.
    path: String,
    out: BufWriter<fs::File>,
    held: Vec<(String, u64)>,
    order: Chance,
    repeated: f64,
    pub(crate) rows: u64,
}

impl CsvFile {
    /// Creates the file with its header. `place` tells files of one study apart for their order.
    pub(crate) fn create(
        root: &Path,
        source: &'static str,
        path: &str,
        header: &str,
        seed: u64,
        place: u64,
        repeated: f64,
    ) -> io::Result<CsvFile> {
        let full = join(root, path);
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut out = BufWriter::with_capacity(1 << 16, fs::File::create(full)?);
        out.write_all(header.as_bytes())?;
        out.write_all(b"\n")?;
        let order = Chance::of(seed, Purpose::Order, place, 0);
        Ok(CsvFile {
            source,
            path: path.to_owned(),
            out,
            held: Vec::new(),
            order,
            repeated,
            rows: 0,
        })
    }

    /// Takes a row; once in a while it is sent twice.
    pub(crate) fn push(&mut self, row: &Row, place: u64, truth: &mut Truth) -> io::Result<()> {
        let times = 1 + usize::from(self.order.happens(self.repeated));
        truth.taken += 1;
        for _ in 0..times {
            if self.held.len() < HELD_BACK {
                self.held.push((row.text().to_owned(), place));
                continue;
            }
            let leaving = self.order.below(self.held.len());
            // The row that leaves lends its memory to the one that comes.
            let (mut text, owner) = std::mem::take(&mut self.held[leaving]);
            self.write(&text, owner, truth)?;
            text.clear();
            text.push_str(row.text());
            self.held[leaving] = (text, place);
        }
        Ok(())
    }

    fn write(&mut self, text: &str, place: u64, truth: &mut Truth) -> io::Result<()> {
        self.rows += 1;
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")?;
        truth.record(self.source, &self.path, &self.rows.to_string(), place)
    }

    /// Lets the held-back rows go and closes the file; the number of rows.
    pub(crate) fn finish(mut self, truth: &mut Truth) -> io::Result<u64> {
        let mut held = std::mem::take(&mut self.held);
        while !held.is_empty() {
            let leaving = self.order.below(held.len());
            let (text, place) = held.swap_remove(leaving);
            self.write(&text, place, truth)?;
        }
        self.out.flush()?;
        Ok(self.rows)
    }
}

/// A path with '/' below a folder, on every system.
pub(crate) fn join(root: &Path, path: &str) -> PathBuf {
    path.split('/')
        .fold(root.to_path_buf(), |folder, part| folder.join(part))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn dates_take_every_form() {
        let date = Date::new(2024, 3, 5).unwrap();
        let mut row = Row::default();
        for form in [
            Form::Iso,
            Form::IsoTime,
            Form::Compact,
            Form::MonthName,
            Form::DayMonthYear,
        ] {
            row.date(date, form);
        }
        row.cell("O'Neill, \"Peg\"")
            .list(["A", "B"].into_iter().map(str::to_owned), 3);
        assert_eq!(
            row.text(),
            "2024-03-05,2024-03-05 00:00:00,20240305,05-MAR-2024,05/03/2024,\"O'Neill, \"\"Peg\"\"\",A,B,"
        );
    }

    #[test]
    fn every_row_is_written_once_and_out_of_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut truth = Truth::create(folder.path()).unwrap();
        let mut file = CsvFile::create(folder.path(), "cwt", "a/b.csv", "N", 1, 1, 0.0).unwrap();
        let mut row = Row::default();
        for n in 0..10_000 {
            row.clear();
            row.number(n);
            file.push(&row, n as u64, &mut truth).unwrap();
        }
        assert_eq!(file.finish(&mut truth).unwrap(), 10_000);
        truth.finish().unwrap();
        let text = fs::read_to_string(folder.path().join("a").join("b.csv")).unwrap();
        let written: Vec<u64> = text.lines().skip(1).map(|l| l.parse().unwrap()).collect();
        let near = written.windows(2).filter(|w| w[1] == w[0] + 1).count();
        assert!(near < 50, "{near} neighbours stayed together");
        let truth = fs::read_to_string(folder.path().join("truth").join("records.csv")).unwrap();
        assert!(
            truth
                .lines()
                .skip(1)
                .zip(&written)
                .all(|(line, n)| line.ends_with(&person_name(*n)))
        );
        let mut sorted = written;
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..10_000));
    }
}
