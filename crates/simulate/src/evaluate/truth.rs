//! Reads the truth folder: `people.csv` and `records.csv` (`docs/src/simulation-and-evaluation.md`).

use super::TruePerson;
use crate::error::SimulateError;
use fs_err as fs;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::path::Path;
use vocabulary::date::Date;

/// A known truth.
#[derive(Debug)]
pub struct Truth {
    /// People in the order of the file; their positions are their numbers.
    pub people: Vec<TruePerson>,
    /// The records of each file, by source and path joined with a line feed, which neither holds.
    files: FxHashMap<Box<str>, Records>,
    count: usize,
}

/// The people of one file's records: by row number where ids are numbers, else by id. A nation has millions of
/// rows; four bytes each are enough.
#[derive(Debug, Default)]
struct Records {
    rows: Vec<u32>,
    ids: FxHashMap<Box<str>, u32>,
    count: u64,
}

/// A row of which nothing is said.
const NOBODY: u32 = u32::MAX;

impl Records {
    /// The place of an id that is a row number close to those already seen.
    fn row(&self, id: &str) -> Option<usize> {
        let plain = !id.starts_with(['0', '+']);
        id.parse::<usize>()
            .ok()
            .filter(|row| plain && *row <= self.rows.len().saturating_mul(2).saturating_add(1_000_000))
    }

    /// Whether the id is new; one that stands already keeps its person.
    fn insert(&mut self, id: &str, person: u32) -> bool {
        if self.get(id).is_some() {
            return false;
        }
        match self.row(id) {
            Some(row) => {
                if row >= self.rows.len() {
                    self.rows.resize(row + 1, NOBODY);
                }
                self.rows[row] = person;
            }
            None => {
                self.ids.insert(id.into(), person);
            }
        }
        self.count += 1;
        true
    }

    fn get(&self, id: &str) -> Option<u32> {
        let by_row = id
            .parse::<usize>()
            .ok()
            .and_then(|row| self.rows.get(row))
            .copied()
            .filter(|p| *p != NOBODY);
        by_row
            .filter(|_| !id.starts_with(['0', '+']))
            .or_else(|| self.ids.get(id).copied())
    }
}

impl Truth {
    /// Reads both files of a folder.
    pub fn read(folder: &Path) -> Result<Truth, SimulateError> {
        let mut numbers: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut people = Vec::new();
        let file = Table::open(
            &folder.join("people.csv"),
            ["person", "metastatic", "kind", "date", "death", "organisation"],
        )?;
        file.each(|row, cells| {
            let wrong = |what| file.wrong(row, what);
            if numbers.insert(cells[0].into(), people.len() as u32).is_some() {
                return Err(wrong("this person stands twice; keep one line"));
            }
            let metastatic = match cells[1] {
                "true" | "yes" | "1" => true,
                "false" | "no" | "0" => false,
                _ => return Err(wrong("metastatic must be true or false")),
            };
            if !["de_novo", "recurrent", ""].contains(&cells[2]) {
                return Err(wrong("kind must be de_novo, recurrent or blank"));
            }
            let date = |text: &str, what| match text {
                "" => Ok(None),
                _ => text.parse::<Date>().map(Some).map_err(|_| wrong(what)),
            };
            let found = date(cells[3], "date must be YYYY-MM-DD or blank")?;
            let death = date(cells[4], "death must be YYYY-MM-DD or blank")?;
            if death.zip(found).is_some_and(|(death, found)| death < found) {
                return Err(wrong(
                    "death lies before date: correct the one that is wrong, or leave date blank",
                ));
            }
            people.push(TruePerson {
                metastatic,
                kind: cells[2].to_owned(),
                date: found,
                death,
                organisation: cells[5].to_owned(),
            });
            Ok(())
        })?;
        let (mut files, mut count) = (FxHashMap::<Box<str>, Records>::default(), 0);
        let file = Table::open(&folder.join("records.csv"), ["source", "record_id", "person"])?;
        file.each(|row, cells| {
            let Some(person) = numbers.get(cells[2]) else {
                return Err(file.wrong(row, "this person is not in people.csv"));
            };
            let Some((path, id)) = cells[1].rsplit_once('#') else {
                return Err(file.wrong(row, "record_id must be path#row, or path#id"));
            };
            let records = files.entry(key(cells[0], path).into_boxed_str()).or_default();
            if !records.insert(id, *person) {
                return Err(file.wrong(row, "record_id: this record stands twice; keep one line"));
            }
            count += 1;
            Ok(())
        })?;
        Ok(Truth { people, files, count })
    }

    /// The number of the person to whom a record belongs.
    pub fn person_of(&self, source: &str, record_id: &str) -> Option<u32> {
        let (path, id) = record_id.rsplit_once('#')?;
        self.files.get(key(source, path).as_str())?.get(id)
    }

    /// How many records the truth knows.
    pub fn record_count(&self) -> usize {
        self.count
    }

    /// Refuses a truth that is not of the files which a run read: one that names none of them, or more records of a file
    /// than it holds. `read` has the records of each file, those set aside included, by source and path. A truth may know
    /// fewer. Gives how many of its records lie in files that were not read: a source that was left out.
    pub fn is_of(&self, read: &BTreeMap<(String, String), u64>) -> Result<u64, SimulateError> {
        let mut shared = 0;
        for ((source, path), rows) in read.iter().filter(|(_, rows)| **rows > 0) {
            let Some(known) = self.files.get(key(source, path).as_str()) else {
                continue;
            };
            if known.count > *rows {
                return Err(SimulateError::OtherFile {
                    path: path.clone(),
                    known: known.count,
                    rows: *rows,
                });
            }
            shared += known.count;
        }
        if shared == 0 && self.count > 0 {
            return Err(SimulateError::OtherStudy { known: self.count });
        }
        Ok((self.count as u64).saturating_sub(shared))
    }
}

fn key(source: &str, path: &str) -> String {
    format!("{source}\n{path}")
}

/// A small table with the columns that are needed, wherever they stand.
pub(super) struct Table<const N: usize> {
    name: String,
    path: std::path::PathBuf,
    places: [usize; N],
}

impl<const N: usize> Table<N> {
    pub(super) fn open(path: &Path, columns: [&str; N]) -> Result<Table<N>, SimulateError> {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut table = Table {
            name,
            path: path.to_path_buf(),
            places: [0; N],
        };
        let mut reader = table.reader()?;
        let header = reader
            .headers()
            .map_err(|_| table.wrong(0, "the header cannot be read"))?
            .clone();
        for (place, column) in table.places.iter_mut().zip(columns) {
            match header.iter().position(|h| h.trim().eq_ignore_ascii_case(column)) {
                Some(found) => *place = found,
                None => {
                    let what = "a column is missing; needed: people.csv (person, metastatic, kind, date, death, organisation), records.csv (source, record_id, person), and where care is scored care.csv (event, date, item, truth, organisation), care_organisations.csv (organisation, item, odds_ratio, recording)";
                    return Err(SimulateError::Truth {
                        file: table.name.clone(),
                        row: 0,
                        what,
                    });
                }
            }
        }
        Ok(table)
    }

    fn reader(&self) -> Result<csv::Reader<fs::File>, SimulateError> {
        let file = fs::File::open(&self.path).map_err(SimulateError::Unreadable)?;
        Ok(csv::ReaderBuilder::new()
            .buffer_capacity(1 << 16)
            .from_reader(file))
    }

    pub(super) fn wrong(&self, row: u64, what: &'static str) -> SimulateError {
        SimulateError::Truth {
            file: self.name.clone(),
            row,
            what,
        }
    }

    pub(super) fn each(
        &self,
        mut take: impl FnMut(u64, [&str; N]) -> Result<(), SimulateError>,
    ) -> Result<(), SimulateError> {
        let mut reader = self.reader()?;
        let mut record = csv::StringRecord::new();
        let mut row = 0;
        loop {
            row += 1;
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => take(
                    row,
                    self.places.map(|place| record.get(place).unwrap_or("").trim()),
                )?,
                Err(_) => return Err(self.wrong(row, "the row cannot be read")),
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn read(people: &str, records: &str) -> Result<Truth, SimulateError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("people.csv"), people).unwrap();
        fs::write(folder.path().join("records.csv"), records).unwrap();
        Truth::read(folder.path())
    }

    const PEOPLE: &str = "person,metastatic,kind,date,death,organisation\nT1,true,recurrent,2020-01-02,,SIM01\nT2,false,,,2021-05-06,\n";

    #[test]
    fn records_are_found_by_row_and_by_id() {
        let records = "source,record_id,person\ncwt,cwt.csv#1,T1\ncwt,cwt.csv#2,T2\ncosd,cosd/a#b.xml#0F-1,T2\ncosd,cosd/a#b.xml#0007,T1\ncwt,cwt.csv#99000000,T1\n";
        let truth = read(PEOPLE, records).unwrap();
        assert_eq!(truth.people.len(), 2);
        assert_eq!(truth.people[0].date.unwrap().to_string(), "2020-01-02");
        assert_eq!(truth.person_of("cwt", "cwt.csv#1"), Some(0));
        assert_eq!(truth.person_of("cwt", "cwt.csv#2"), Some(1));
        assert_eq!(truth.person_of("cwt", "cwt.csv#3"), None);
        assert_eq!(truth.person_of("cwt", "cwt.csv#99000000"), Some(0));
        assert_eq!(truth.person_of("sact", "cwt.csv#1"), None);
        assert_eq!(truth.person_of("cosd", "cosd/a#b.xml#0F-1"), Some(1));
        assert_eq!(truth.person_of("cosd", "cosd/a#b.xml#0007"), Some(0));
        assert_eq!(truth.person_of("cosd", "cosd/a#b.xml#7"), None);
        assert_eq!(truth.record_count(), 5);
    }

    /// Two records of one file and one of another: they are of a run that read so many of the first, or more.
    #[test]
    fn a_truth_of_other_files_is_refused() {
        let records =
            "source,record_id,person\ncwt,cwt.csv#1,T1\ncwt,cwt.csv#2,T2\ncosd,cosd/a.xml#0F-1,T2\n";
        let truth = read(PEOPLE, records).unwrap();
        let of = |files: &[(&str, &str, u64)]| {
            let files = files.iter();
            let read = files.map(|(source, path, rows)| (((*source).to_owned(), (*path).to_owned()), *rows));
            truth.is_of(&read.collect()).map_err(|error| error.to_string())
        };
        assert_eq!(of(&[("cwt", "cwt.csv", 2), ("cosd", "cosd/a.xml", 1)]), Ok(0));
        assert_eq!(of(&[("cwt", "cwt.csv", 5), ("sact", "sact.csv", 9)]), Ok(1));
        // A file that was set aside whole has no rows.
        assert_eq!(of(&[("cwt", "cwt.csv", 0), ("cosd", "cosd/a.xml", 1)]), Ok(2));
        let fewer = of(&[("cwt", "cwt.csv", 1), ("cosd", "cosd/a.xml", 1)]).unwrap_err();
        assert!(
            fewer.starts_with("records.csv names 2 records of cwt.csv, and the run read 1"),
            "{fewer}"
        );
        let none = of(&[("cwt", "other.csv", 2), ("sact", "cwt.csv", 2)]).unwrap_err();
        assert!(
            none.starts_with("none of the 3 records of records.csv is of a file"),
            "{none}"
        );
        let empty = read(PEOPLE, "source,record_id,person\n").unwrap();
        assert_eq!(empty.is_of(&BTreeMap::new()).unwrap(), 0);
    }

    #[test]
    fn a_truth_that_is_not_there_is_told_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let said = Truth::read(&folder.path().join("nosuch"))
            .unwrap_err()
            .to_string();
        assert!(
            said.starts_with("the truth cannot be read: ")
                && said.contains("nosuch")
                && said.ends_with("; a truth is a folder with people.csv and records.csv"),
            "{said}"
        );
    }

    #[test]
    fn a_broken_truth_is_told_by_row() {
        let words = |people: &str, records: &str| read(people, records).unwrap_err().to_string();
        assert_eq!(
            words(PEOPLE, "source,record_id,person\ncwt,cwt.csv#1,T9\n"),
            "records.csv, row 1: this person is not in people.csv"
        );
        assert!(words(PEOPLE, "source,person\n").starts_with("records.csv, row 0: a column is missing"));
        let twice = format!("{PEOPLE}T1,false,,,,\n");
        assert!(
            words(&twice, "source,record_id,person\n")
                .contains("people.csv, row 3: this person stands twice")
        );
        assert!(
            words(
                &PEOPLE.replace("2020-01-02", "02/01/2020"),
                "source,record_id,person\n"
            )
            .contains("row 1: date must be")
        );
        for (from, to, told) in [
            (
                ",recurrent,",
                ",recurent,",
                "row 1: kind must be de_novo, recurrent",
            ),
            (
                "2020-01-02,,",
                "2020-01-02,2020-01-01,",
                "row 1: death lies before date",
            ),
        ] {
            let said = words(&PEOPLE.replace(from, to), "source,record_id,person\n");
            assert!(said.starts_with("people.csv, ") && said.contains(told), "{said}");
        }
        assert!(read(&PEOPLE.replace(",recurrent,", ",,"), "source,record_id,person\n").is_ok());
        for id in ["cwt.csv#1", "cwt.csv#0F-1"] {
            let twice = format!("source,record_id,person\ncwt,{id},T1\ncwt,cwt.csv#2,T1\ncwt,{id},T2\n");
            assert!(
                words(PEOPLE, &twice).starts_with("records.csv, row 3: record_id: this record stands twice")
            );
        }
    }
}
