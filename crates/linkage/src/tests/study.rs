//! Writes the tables that intake would have written, runs linkage, reads what came out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{TableReader, TableWriter};
use layouts::tables;
use tempfile::TempDir;
use vocabulary::date::Date;
use vocabulary::table::Value;

use super::speed::processor_time;
use crate::cascade::tests::row::Row;
use crate::cascade::tests::world::World;
use crate::{Decision, LinkageError, Options, Report, Request, run};

/// An input file: its path, its kind, and its records with the national record id where the kind has one.
#[derive(Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) records: Vec<(Option<String>, Row)>,
}

impl File {
    pub(super) fn new(path: &str, kind: &'static str, rows: Vec<Row>) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            records: rows.into_iter().map(|row| (None, row)).collect(),
        }
    }
}

/// A study folder.
pub(super) struct Study {
    folder: TempDir,
    runs: u32,
    pub(super) options: Options,
    pub(super) decisions: Vec<Decision>,
    pub(super) everybody: bool,
    /// What intake says of all that a file holds: the hash of its rows, unless a test says otherwise.
    pub(super) content: fn(&File) -> Option<String>,
    /// What it said, by path.
    contents: RefCell<BTreeMap<String, Option<String>>>,
    former_intake: Option<PathBuf>,
}

impl Study {
    pub(super) fn new(files: &[File]) -> Self {
        let study = Self {
            folder: tempfile::tempdir().unwrap(),
            runs: 0,
            options: Options::default(),
            decisions: Vec::new(),
            everybody: false,
            content: |file| Some(hash_of(file)),
            contents: RefCell::default(),
            former_intake: None,
        };
        study.write(files.iter().cloned());
        study
    }

    pub(super) fn intake(&self) -> PathBuf {
        self.folder.path().join("intake")
    }

    /// Puts the tables of intake aside: they are those of the former run.
    pub(super) fn set_aside(&mut self) {
        let aside = self.folder.path().join("intake-before");
        fs_err::rename(self.intake(), &aside).unwrap();
        self.former_intake = Some(aside);
    }

    /// Writes the tables of intake anew.
    pub(super) fn write(&self, files: impl IntoIterator<Item = File>) {
        if self.intake().is_dir() {
            fs_err::remove_dir_all(self.intake()).unwrap();
        }
        let numbered = files.into_iter().enumerate();
        self.add(numbered.map(|(number, file)| (number as i64, file)), &[]);
    }

    /// Adds files, each with its number, to the tables of intake; `there` are those that are there already.
    pub(super) fn add(
        &self,
        files: impl IntoIterator<Item = (i64, File)>,
        there: &[(i64, &'static str, String)],
    ) {
        let parts = self.intake().join("identities");
        fs_err::create_dir_all(&parts).unwrap();
        let mut list = TableWriter::create(&self.intake().join("files.parquet"), &tables::files()).unwrap();
        let hash = tables::files().column_index("hash").unwrap();
        let mut line = |number: i64, kind: &str, path: &str| {
            let contents = self.contents.borrow();
            let mut row = vec![Value::Null; tables::files().columns.len()];
            (row[0], row[2], row[3]) = (number.into(), kind.into(), path.into());
            row[hash] = contents.get(path).and_then(Option::as_deref).into();
            list.row(&row).unwrap();
        };
        for (number, kind, path) in there {
            line(*number, kind, path);
        }
        for (number, file) in files {
            let content = (self.content)(&file);
            self.contents.borrow_mut().insert(file.path.clone(), content);
            line(number, file.kind, &file.path);
            write_part(&parts.join(format!("{number:05}.parquet")), number, &file);
        }
        list.finish().unwrap();
    }

    /// Runs linkage into a new folder; gives it and the report.
    pub(super) fn try_run(
        &mut self,
        former: Option<&Path>,
        threads: usize,
    ) -> Result<(PathBuf, Report), LinkageError> {
        self.run_with(former, threads, &|_, _| ())
    }

    /// Runs linkage and tells how much processor time each part of it took.
    #[allow(clippy::print_stderr, reason = "it is a measurement for whoever runs it")]
    pub(super) fn run_telling(&mut self, former: Option<&Path>) -> (PathBuf, Report) {
        let last = std::cell::RefCell::new((String::new(), processor_time()));
        let told = self.run_with(former, 2, &|words, _| {
            let (what, since) = &mut *last.borrow_mut();
            if what != words {
                eprintln!("  {:6.2} s {what}", processor_time() - *since);
                (*what, *since) = (words.to_owned(), processor_time());
            }
        });
        let (what, since) = &*last.borrow();
        eprintln!(
            "  {:6.2} s {what}, and what is written at the end",
            processor_time() - since
        );
        told.unwrap()
    }

    fn run_with(
        &mut self,
        former: Option<&Path>,
        threads: usize,
        progress: &dyn Fn(&str, u64),
    ) -> Result<(PathBuf, Report), LinkageError> {
        self.runs += 1;
        let out = self.folder.path().join(format!("linkage-{}", self.runs));
        fs_err::create_dir(&out).unwrap();
        let request = Request {
            intake: &self.intake(),
            former,
            former_intake: self.former_intake.as_deref(),
            out: &out,
            options: &self.options,
            is_organisation: &|_| true,
            decisions: &self.decisions,
            program: "",
            everybody: self.everybody,
            threads,
            progress,
        };
        run(&request).map(|report| (out, report))
    }

    pub(super) fn run(&mut self, former: Option<&Path>) -> (PathBuf, Report) {
        self.try_run(former, 2).unwrap()
    }
}

fn hash_of(file: &File) -> String {
    let mut hasher = blake3::Hasher::new();
    for record in &file.records {
        hasher.update(format!("{record:?}").as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn write_part(path: &Path, number: i64, file: &File) {
    let schema = tables::identities();
    let mut part = TableWriter::create(path, &schema).unwrap();
    for (at, (record, row)) in file.records.iter().enumerate() {
        let text = |text: &'static str| schema.column_index(text).unwrap();
        let mut values = vec![Value::Null; schema.columns.len()];
        let (kind, digits) = match row
            .number
            .split_at(usize::from(row.number.starts_with(['C', 'H'])))
        {
            ("C", digits) => ("chi", digits),
            ("H", digits) => ("hcn", digits),
            (_, digits) => ("nhs", digits),
        };
        let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        let (space, key) = row.key.split_once(' ').unwrap_or(("", &row.key));
        let texts = [
            ("number", some(digits)),
            ("number_kind", some(digits).map(|_| kind.to_owned())),
            ("family_name", some(&row.family)),
            ("given_name", some(&row.given)),
            ("postcode", some(&row.postcode)),
            ("organisation", some(&row.organisation)),
            ("local_id", some(&row.local)),
            ("key_space", some(space)),
            ("key", some(key)),
            ("record", record.clone()),
            (
                "sex",
                match row.sex {
                    'F' => some("female"),
                    'M' => some("male"),
                    _ => None,
                },
            ),
            // Something that only the write pass reads: the letter is as good as any.
            ("ethnicity", some(row.postcode.get(..1).unwrap_or_default())),
        ];
        for (column, value) in &texts {
            values[text(column)] = value.as_deref().into();
        }
        let (year, month, day) = ((row.born / 10_000) as i32, row.born / 100 % 100, row.born % 100);
        let earliest = Date::new(year, month.max(1), day.max(1)).filter(|_| row.born != 0);
        let latest = earliest.map(|date| match (month, day) {
            (0, _) => Date::new(year, 12, 31).unwrap(),
            (_, 0) => date.last_of_month(),
            _ => date,
        });
        (values[text("birth_date")], values[text("birth_date_latest")]) = (earliest.into(), latest.into());
        (values[text("file")], values[text("row")]) = (number.into(), (at as i64 + 1).into());
        values[text("source")] = file.kind.into();
        part.row(&values).unwrap();
    }
    part.finish().unwrap();
}

/// One line a row: the texts, integers and reals of the named columns.
pub(super) fn lines(path: &Path, columns: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for batch in TableReader::open(path).unwrap() {
        let batch = batch.unwrap();
        for at in 0..batch.rows() {
            let cells = columns.iter().map(|column| {
                let text = batch
                    .text(column)
                    .ok()
                    .map(|column| column.get(at).unwrap_or("-").to_owned());
                let integer = || {
                    batch
                        .integer(column)
                        .ok()
                        .and_then(|column| column.get(at))
                        .map(|n| n.to_string())
                };
                let date = || {
                    batch
                        .date(column)
                        .ok()
                        .and_then(|column| column.get(at))
                        .map(|date| date.to_string())
                };
                let real = || {
                    batch
                        .real(column)
                        .ok()
                        .and_then(|column| column.get(at))
                        .map(|real| real.to_string())
                };
                text.or_else(integer)
                    .or_else(date)
                    .or_else(real)
                    .unwrap_or_else(|| "-".to_owned())
            });
            lines.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

/// The person of every record.
pub(super) fn persons(out: &Path) -> BTreeMap<String, String> {
    let columns = ["record_id", "person_id"];
    let mut persons = Vec::new();
    for batch in TableReader::open_columns(&out.join("persons.parquet"), &columns).unwrap() {
        let batch = batch.unwrap();
        let (record, person) = (batch.text("record_id").unwrap(), batch.text("person_id").unwrap());
        let row = |at| {
            (
                record.get(at).unwrap().to_owned(),
                person.get(at).unwrap().to_owned(),
            )
        };
        persons.extend((0..batch.rows()).map(row));
    }
    persons.into_iter().collect()
}

/// A small nation as files, one a source.
pub(super) fn nation(seed: u64, people: u32) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for entry in World::new(seed, 12).entries(people) {
        if files.last().is_none_or(|file| file.kind != entry.source) {
            files.push(File::new(
                &format!("{0}/{0}#1.csv", entry.source),
                entry.source,
                Vec::new(),
            ));
        }
        let file = files.last_mut().unwrap();
        let record = (entry.source == "cosd").then(|| format!("id-{}#", file.records.len()));
        file.records.push((record, entry.row));
    }
    files
}
