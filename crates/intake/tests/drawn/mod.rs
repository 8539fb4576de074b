//! A small study in a folder: files in, tables out as text that a person can read.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod cosd;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use engine::{Batch, TableReader};
use intake::{IntakeError, Limits, Report, Request, SourceSpec, run};
use vocabulary::date::Date;
use vocabulary::table::{Kind, TableSchema};

/// A study folder.
pub(crate) struct Study {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) sources: Vec<SourceSpec>,
    pub(crate) as_of: Date,
    pub(crate) threads: usize,
    pub(crate) limits: Limits,
    pub(crate) organisations: Option<vocabulary::organisation::Registry>,
    pub(crate) narrow: Option<intake::Narrowing>,
    /// Folders of the last reading, and of this one.
    pub(crate) former: Option<PathBuf>,
    pub(crate) into: &'static str,
    /// Hashes that whoever asks for the reading knows.
    pub(crate) hashes: BTreeMap<PathBuf, String>,
}

impl Study {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            sources: Vec::new(),
            as_of: Date::new(2025, 12, 31).unwrap(),
            threads: 2,
            limits: Limits::default(),
            organisations: None,
            narrow: None,
            former: None,
            into: "out",
            hashes: BTreeMap::new(),
        }
    }

    /// A study of one source with one file.
    pub(crate) fn of(kind: &str, content: impl AsRef<[u8]>) -> Self {
        let mut study = Self::new();
        study.source(kind, &[(&format!("{kind}.csv"), content.as_ref())]);
        study
    }

    /// Adds a source.
    pub(crate) fn source(&mut self, kind: &str, files: &[(&str, &[u8])]) -> &mut SourceSpec {
        let paths = files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), self.write(name, content)))
            .collect();
        self.sources.push(SourceSpec {
            kind: kind.to_owned(),
            paths,
            ..SourceSpec::default()
        });
        self.sources.last_mut().unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs_err::write(&path, content).unwrap();
        path
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join(self.into)
    }

    pub(crate) fn run(&self) -> Result<Report, IntakeError> {
        run(&Request {
            sources: &self.sources,
            as_of: self.as_of,
            out: &self.out(),
            threads: self.threads,
            limits: self.limits,
            organisations: self.organisations.as_ref(),
            narrow: self.narrow.as_ref(),
            former: self.former.as_deref(),
            settings: Some("the tests"),
            hashes: &self.hashes,
            progress: &|_| {},
        })
    }

    /// Runs, and gives a table as text; blank columns are left out.
    pub(crate) fn table(&self, name: &str) -> String {
        let kind = name.strip_prefix("records/").or(name.strip_prefix("excerpts/"));
        let (path, schema) = match kind {
            Some(kind) => (self.out().join(name), layouts::tables::records(kind).unwrap()),
            None if name == "identities" => (self.out().join(name), layouts::tables::identities()),
            None => {
                let schema = layouts::tables::every()
                    .into_iter()
                    .find(|schema| schema.name == name)
                    .unwrap();
                (self.out().join(format!("{name}.parquet")), schema)
            }
        };
        draw(&path, &schema)
    }

    /// Every byte that a run wrote, by path.
    pub(crate) fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        gather(&self.out(), &self.out(), &mut found);
        found
    }
}

fn gather(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, found);
        } else {
            found.insert(
                path.strip_prefix(root).unwrap().to_owned(),
                fs_err::read(&path).unwrap(),
            );
        }
    }
}

/// A table as lines: `column=value` for what is not null.
pub(crate) fn draw(path: &Path, schema: &TableSchema) -> String {
    let mut text = String::new();
    for batch in TableReader::open(path).unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.rows() {
            let cells: Vec<String> = schema
                .columns
                .iter()
                .filter_map(|column| {
                    Some(format!(
                        "{}={}",
                        column.name,
                        cell(&batch, &column.name, column.kind, row)?
                    ))
                })
                .collect();
            writeln!(text, "{}", cells.join("  ")).unwrap();
        }
    }
    text
}

fn cell(batch: &Batch, column: &str, kind: Kind, row: usize) -> Option<String> {
    match kind {
        Kind::Text => batch.text(column).unwrap().get(row).map(str::to_owned),
        Kind::Date => batch.date(column).unwrap().get(row).map(|date| date.to_string()),
        Kind::Integer => batch
            .integer(column)
            .unwrap()
            .get(row)
            .map(|value| value.to_string()),
        Kind::Real => batch
            .real(column)
            .unwrap()
            .get(row)
            .map(|value| value.to_string()),
        Kind::Flag => batch
            .flag(column)
            .unwrap()
            .get(row)
            .map(|value| value.to_string()),
        Kind::Texts => Some(batch.texts(column).unwrap().get(row).join(";")),
    }
}
