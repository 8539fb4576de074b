//! Generated records, as intake and linkage write them, in as many parts as one likes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use engine::{GROUP_ROWS, TableWriter};
use layouts::tables;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use vocabulary::date::Date;
use vocabulary::table::{Kind, TableSchema, Value};

/// The tables that records are generated for: a section stands after its record.
pub(super) const TABLES: [&str; 7] = [
    "admissions",
    "cosd",
    "cosd.mdt",
    "cosd.metastasis",
    "deaths",
    "registrations",
    "sact",
];
const KINDS: [&str; 5] = ["admissions", "cosd", "deaths", "registrations", "sact"];

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Date(Date),
    Flag(bool),
}

/// A row of a table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub person: i64,
    pub file: i64,
    pub row: i64,
    pub seq: i64,
    pub cells: BTreeMap<String, Cell>,
}

impl Row {
    pub(super) fn text(&self, column: &str) -> Option<String> {
        match self.cells.get(column) {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn date(&self, column: &str) -> Option<Date> {
        match self.cells.get(column) {
            Some(Cell::Date(date)) => Some(*date),
            _ => None,
        }
    }
}

/// All records.
pub(super) struct Records(BTreeMap<&'static str, Vec<Row>>);

pub(super) const CODES: [&str; 14] = [
    "C50", "C509", "C504", "C780", "C787", "C79", "C773", "C189", "Z853", "R18", "J91", "Z515", "-", "I219",
];
const WORDS: [&str; 8] = [
    "01",
    "02",
    "05",
    "FULVESTRANT",
    "DOCETAXEL",
    "TRASTUZUMAB EMTANSINE",
    "recurrence",
    "120",
];
const PAIRS: [&str; 5] = ["03/10", "/04", "01/", "03/98", "02/04"];
const BODIES: [&str; 5] = ["RTH", "RJR", "RBQ", "NT345", "SMITH"];

fn one<'l>(chance: &mut ChaCha8Rng, list: &[&'l str]) -> &'l str {
    list[chance.random_range(0..list.len())]
}

fn any_cell(chance: &mut ChaCha8Rng, name: &str, kind: Kind) -> Option<Cell> {
    if chance.random_bool(0.25) {
        return None;
    }
    match kind {
        Kind::Date => Some(Cell::Date(
            Date::new(2018, 1, 1)?.plus_days(chance.random_range(0..2_500)),
        )),
        Kind::Flag => Some(Cell::Flag(chance.random_bool(0.5))),
        Kind::Text => {
            let text = match name {
                "PAIRS" => (0..chance.random_range(1..3))
                    .map(|_| one(chance, &PAIRS))
                    .collect::<Vec<_>>()
                    .join(" "),
                "PROCODE" | "PROVIDER" | "DIAG_TRUST" => one(chance, &BODIES).to_owned(),
                "SECTION" => one(chance, &["recurrence", "progression", "at_diagnosis"]).to_owned(),
                "DRUG_NAME" | "REGIMEN" | "DOSE" | "INTENT_OF_TREATMENT" => one(chance, &WORDS).to_owned(),
                _ => (0..chance.random_range(1..5))
                    .map(|_| one(chance, &CODES))
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            Some(Cell::Text(text))
        }
        _ => None,
    }
}

impl Records {
    /// So many records of each kind, of so many people.
    pub(super) fn any(chance: &mut ChaCha8Rng, rows: i64, people: i64) -> Self {
        let mut records = Self(BTreeMap::new());
        for table in TABLES {
            let columns = layouts::documented(table).unwrap();
            let kind = crate::tables::kind(table);
            let file = KINDS.iter().position(|known| *known == kind).unwrap() as i64;
            let mut out: Vec<Row> = Vec::new();
            for row in 1..=rows {
                let sections = if table == kind {
                    1
                } else {
                    chance.random_range(0..3)
                };
                let person = match records.0.get("cosd").and_then(|cosd| cosd.get(row as usize - 1)) {
                    Some(whole) if table != kind => whole.person,
                    // Far apart, so that they fall into several blocks.
                    _ => chance.random_range(1..=people) * 3_001,
                };
                for _ in 0..sections {
                    let cells = columns.iter().filter_map(|column| {
                        let cell = any_cell(chance, &column.name, column.kind)?;
                        Some((column.name.clone(), cell))
                    });
                    let mut cells: BTreeMap<String, Cell> = cells.collect();
                    if table == "cosd" {
                        cells.insert("ID".to_owned(), Cell::Text(format!("record-{row}")));
                    }
                    let seq = out.len() as i64;
                    out.push(Row {
                        person,
                        file,
                        row,
                        seq,
                        cells,
                    });
                }
            }
            records.0.insert(table, out);
        }
        records
    }

    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The record that a row belongs to.
    pub(super) fn whole<'r>(&'r self, table: &str, row: &'r Row) -> Option<&'r Row> {
        if crate::tables::kind(table) == table {
            return Some(row);
        }
        self.rows(crate::tables::kind(table))
            .iter()
            .find(|whole| whole.row == row.row)
    }

    /// The same records as they lie some time: in other files, of other people, or not there.
    pub(super) fn at(&self, now: impl Fn(&str, &Row) -> Option<Row>) -> Self {
        let at = |(table, rows): (&&'static str, &Vec<Row>)| {
            let mut rows: Vec<Row> = rows.iter().filter_map(|row| now(table, row)).collect();
            rows.sort_by_key(|row| (row.file, row.row, row.seq));
            (*table, rows)
        };
        Self(self.0.iter().map(at).collect())
    }

    /// Writes everything, each table in so many parts.
    pub(super) fn write(&self, folder: &Path, parts: usize) {
        let files: Vec<(i64, String, &str)> = (0..)
            .zip(KINDS)
            .map(|(file, kind)| (file, kind.to_owned(), kind))
            .collect();
        self.lay(folder, &files, &|of: &[i64]| {
            let full = of.len().div_ceil(parts).max(1);
            let starts = (0..of.len()).step_by(full);
            starts
                .map(|start| start..of.len().min(start + full))
                .enumerate()
                .collect()
        });
    }

    /// Writes everything as intake does, each file's rows in a part of their own; files by number, path and kind.
    pub(super) fn write_by_file(&self, folder: &Path, files: &[(i64, String, &str)]) {
        self.lay(folder, files, &|of: &[i64]| {
            let mut start = 0;
            let cut = of.chunk_by(|a, b| a == b).map(|rows| {
                start += rows.len();
                (rows[0] as usize, start - rows.len()..start)
            });
            cut.collect()
        });
    }

    fn lay(&self, folder: &Path, files: &[(i64, String, &str)], cut: &Cut<'_>) {
        for (table, rows) in &self.0 {
            let schema = tables::records(table).unwrap();
            let place = folder.join("intake/records").join(table);
            for (number, range) in cut(&of_files(rows.iter())) {
                let rows = &rows[range];
                let mut out = writer(&place, &format!("{number:05}.parquet"), &schema);
                for row in rows {
                    out.row(&values(row, &schema, table.contains('.'))).unwrap();
                }
                out.finish().unwrap();
                if let Some(column) = tables::excerpt(table) {
                    let place = folder.join("intake/excerpts").join(table);
                    let mut out = writer(&place, &format!("{number:05}.parquet"), &schema);
                    for row in rows.iter().filter(|row| speaks_of_a_tumour(row, column)) {
                        out.row(&values(row, &schema, false)).unwrap();
                    }
                    out.finish().unwrap();
                }
            }
        }
        self.write_people(folder, cut);
        write_files(folder, files);
    }

    /// Writes who the records are of: identities in parts, and their links.
    fn write_people(&self, folder: &Path, cut: &Cut<'_>) {
        let all = |kind: &str| self.rows(kind).iter();
        let mut everybody: Vec<(&str, &Row)> = KINDS
            .iter()
            .flat_map(|kind| all(kind).map(move |row| (*kind, row)))
            .collect();
        everybody.sort_by_key(|(_, row)| (row.file, row.row));
        let parts = cut(&of_files(everybody.iter().map(|(_, row)| *row)));
        write_identities(folder, &everybody, &parts);
        write_links(folder, &everybody, parts.len());
    }
}

/// Writes the identities, each part for itself.
fn write_identities(folder: &Path, everybody: &[(&str, &Row)], parts: &[(usize, Range<usize>)]) {
    let schema = tables::identities();
    for (number, range) in parts {
        let rows = &everybody[range.clone()];
        let mut out = writer(
            &folder.join("intake/identities"),
            &format!("{number:05}.parquet"),
            &schema,
        );
        for (kind, row) in rows {
            let named = (row.row + row.file) % 7 != 0;
            // What a record says stays when it turns out to be somebody else's.
            let number = format!("{:010}", row.row);
            let mut cells = vec![Value::Null; schema.columns.len()];
            (cells[0], cells[1], cells[2]) = (
                Value::Integer(row.file),
                Value::Integer(row.row),
                Value::Text(kind),
            );
            if named {
                cells[4] = Value::Text(&number);
            }
            let death = row.date("DOD").filter(|_| *kind == "deaths");
            cells[18] = death.map_or(Value::Null, Value::Date);
            out.row(&cells).unwrap();
        }
        out.finish().unwrap();
    }
}

/// Writes the links, in several groups, most of which hold one file, if without a gap, and some of which hold two.
fn write_links(folder: &Path, everybody: &[(&str, &Row)], parts: usize) {
    fs_err::create_dir_all(folder.join("linkage")).unwrap();
    let path = folder.join("linkage/links.parquet");
    let mut links = engine::GroupWriter::create(&path, &tables::links(), &["row", "person"]).unwrap();
    let full = (everybody.len() / (3 * parts)).clamp(1, GROUP_ROWS);
    let mut in_group = 0;
    for (at, (kind, row)) in everybody.iter().enumerate() {
        let step = if (row.row + row.file) % 14 == 0 {
            "alone"
        } else {
            "number"
        };
        let numbers = [row.file, row.row, row.person].map(Value::Integer);
        let [file, number, person] = numbers;
        links
            .row(&[
                Value::Text(kind),
                file,
                number,
                person,
                Value::Text(step),
                Value::Real(1.0),
            ])
            .unwrap();
        in_group += 1;
        let ends = everybody
            .get(at + 1)
            .is_some_and(|(_, next)| next.file != row.file && row.file % 3 != 0);
        if in_group == full || ends {
            links.end_group().unwrap();
            in_group = 0;
        }
    }
    links.finish().unwrap();
}

/// How rows lie in parts: from the files of rows in order to the number of each part and its rows.
type Cut<'c> = dyn Fn(&[i64]) -> Vec<(usize, Range<usize>)> + 'c;

fn of_files<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<i64> {
    rows.map(|row| row.file).collect()
}

fn write_files(folder: &Path, list: &[(i64, String, &str)]) {
    let intake = folder.join("intake");
    let mut files = writer(&intake, "files.parquet", &tables::files());
    let mut coverage = writer(&intake, "coverage.parquet", &tables::coverage());
    for (file, path, kind) in list {
        let mut row = vec![Value::Null; tables::files().columns.len()];
        (row[0], row[2], row[3]) = (Value::Integer(*file), Value::Text(kind), Value::Text(path));
        files.row(&row).unwrap();
        let [from, until] = [2018, 2024].map(|year| Value::Date(Date::new(year, 6, 1).unwrap()));
        coverage
            .row(&[
                Value::Text(kind),
                Value::Null,
                Value::Null,
                Value::Integer(1),
                from,
                until,
            ])
            .unwrap();
    }
    files.finish().unwrap();
    coverage.finish().unwrap();
}

/// Plainly: chapter II of ICD-10, or a history of a malignant tumour.
fn speaks_of_a_tumour(row: &Row, column: &str) -> bool {
    let Some(Cell::Text(codes)) = row.cells.get(column) else {
        return false;
    };
    codes.split(' ').any(|code| {
        let number = code.get(1..3).and_then(|digits| digits.parse::<u32>().ok());
        match (code.chars().next(), number) {
            (Some('C'), Some(number)) => number <= 97,
            (Some('D'), Some(number)) => number <= 48,
            (Some('Z'), Some(number)) => number == 85,
            _ => false,
        }
    })
}

fn writer(folder: &Path, name: &str, schema: &TableSchema) -> TableWriter {
    fs_err::create_dir_all(folder).unwrap();
    TableWriter::create(&folder.join(name), schema).unwrap()
}

fn values<'r>(row: &'r Row, schema: &TableSchema, section: bool) -> Vec<Value<'r>> {
    let cell = |name: &str| match row.cells.get(name) {
        None => Value::Null,
        Some(Cell::Text(text)) => Value::Text(text),
        Some(Cell::Date(date)) => Value::Date(*date),
        Some(Cell::Flag(flag)) => Value::Flag(*flag),
    };
    let mut values: Vec<Value<'r>> = schema.columns.iter().map(|column| cell(&column.name)).collect();
    (values[0], values[1]) = (Value::Integer(row.file), Value::Integer(row.row));
    if section {
        values[2] = Value::Integer(row.seq);
    }
    values
}
