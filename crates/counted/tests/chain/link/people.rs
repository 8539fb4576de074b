//! A folder with invented people of whom it is known who is who.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::{Ran, counted};

const GIVEN: [&str; 24] = [
    "Anna",
    "Zoë",
    "Beatrice",
    "Catherine",
    "Dorothy",
    "Eleanor",
    "Florence",
    "Grace",
    "Harriet",
    "Imogen",
    "Josephine",
    "Kirsty",
    "Lydia",
    "Miriam",
    "Nadia",
    "Olwen",
    "Priya",
    "Ruth",
    "Siân",
    "Thandiwe",
    "Ursula",
    "Verity",
    "Winifred",
    "Yasmin",
];
const FAMILY: [&str; 26] = [
    "Abbott",
    "Barraclough",
    "Chaudhry",
    "Drummond",
    "Ellershaw",
    "Fothergill",
    "Gwynne",
    "Hargreaves",
    "Ibbotson",
    "Jagger",
    "Kinghorn",
    "Llewellyn",
    "Macpherson",
    "Nightingale",
    "Okonkwo",
    "Pemberton",
    "Quigley",
    "Rosenthal",
    "Satterthwaite",
    "Trelawney",
    "Underhill",
    "Venkataraman",
    "Wolstenholme",
    "Xuereb",
    "Yarborough",
    "Zielinski",
];
const TOWNS: [&str; 9] = [
    "Leeds", "York", "Hull", "Bath", "Exeter", "Truro", "Durham", "Ripon", "Wells",
];

/// A record of an invented person.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) person: usize,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) born: String,
    pub(super) town: String,
    pub(super) postcode: String,
}

/// Two records each of some people; the second of every third has a slip of the pen.
pub(super) fn twice(people: usize) -> Vec<Record> {
    let mut records = Vec::new();
    for copy in 0..2 {
        records.extend((0..people).map(|person| record(person, copy)));
    }
    records
}

/// Numbers that look like chance and are none.
fn mixed(person: usize, salt: usize) -> usize {
    let mut mixed = (person * 2_654_435_761 + salt * 97_531) as u64;
    mixed = (mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D) % (1 << 40);
    (mixed ^ mixed >> 12) as usize
}

fn record(person: usize, copy: usize) -> Record {
    let slip = copy == 1 && person.is_multiple_of(3);
    let mut family = FAMILY[mixed(person, 1) % FAMILY.len()].to_owned();
    if slip && person.is_multiple_of(2) {
        family.remove(3);
    }
    let day = 1 + mixed(person, 3) % 28;
    let day = if slip && person % 2 == 1 {
        day % 28 + 1
    } else {
        day
    };
    let (year, month) = (1925 + mixed(person, 2) % 60, 1 + mixed(person, 7) % 12);
    Record {
        id: format!("R{copy}-{person}"),
        person,
        given: GIVEN[mixed(person, 4) % GIVEN.len()].to_owned(),
        family,
        born: format!("{year}-{month:02}-{day:02}"),
        town: TOWNS[mixed(person, 5) % TOWNS.len()].to_owned(),
        postcode: format!("LS{} {}AB", 1 + mixed(person, 6) % 28, mixed(person, 8) % 10),
    }
}

/// The records as CSV.
pub(super) fn csv(records: &[Record]) -> String {
    let mut text = "rec_id,forename, surname,DOB,town,postcode\n".to_owned();
    for r in records {
        text += &format!(
            "{},{},{},{},{},{}\n",
            r.id, r.given, r.family, r.born, r.town, r.postcode
        );
    }
    text
}

/// A folder for one test.
pub(crate) struct Desk {
    root: TempDir,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            root: TempDir::new().unwrap(),
        }
    }

    /// One with `people.csv`, in which each person stands twice.
    pub(crate) fn with_people(people: usize) -> Self {
        let desk = Self::new();
        desk.write("people.csv", csv(&twice(people)));
        desk
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs_err::write(self.at(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.at(name)).unwrap()
    }

    /// Runs `counted link`; what looks like a file is one of this folder.
    pub(super) fn link(&self, call: &str) -> Ran {
        let mut arguments = vec!["link".to_owned()];
        arguments.extend(call.split_whitespace().map(|word| {
            let is_file = !word.starts_with('-')
                && (word.contains('.') && !word.starts_with(['0', '1']) || word == "folder");
            if is_file {
                self.at(word).display().to_string()
            } else {
                word.to_owned()
            }
        }));
        counted(&arguments)
    }

    /// What was said, the same on every machine.
    pub(super) fn said(&self, ran: &Ran) -> String {
        let words = format!(
            "exit code {}\n--- stdout\n{}--- stderr\n{}",
            ran.code, ran.stdout, ran.stderr
        );
        words.replace(&format!("{}/", self.folder().display()), "")
    }

    /// The person of each record.
    pub(super) fn persons(&self, name: &str) -> BTreeMap<String, String> {
        let text = self.read(name);
        let mut reader = csv_rows(&text);
        assert_eq!(reader.next().unwrap(), ["id", "person_id", "probability"]);
        reader.map(|row| (row[0].clone(), row[1].clone())).collect()
    }
}

/// The rows of a table that was written.
pub(super) fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader
        .into_records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
}

/// How well records were joined: the harmonic mean of precision and recall over pairs.
pub(super) fn f1(found: &BTreeMap<String, String>, truth: &BTreeMap<String, String>) -> f64 {
    let mut groups: [BTreeMap<(&str, &str), u64>; 3] = Default::default();
    assert!(found.keys().eq(truth.keys()), "records in are not records out");
    for ((id, person), true_person) in found.iter().zip(truth.values()) {
        assert!(!id.is_empty());
        let keys = [
            (person.as_str(), true_person.as_str()),
            (person.as_str(), ""),
            ("", true_person.as_str()),
        ];
        for (group, key) in groups.iter_mut().zip(keys) {
            *group.entry(key).or_default() += 1;
        }
    }
    let pairs = groups.map(|group| group.values().map(|n| n * (n - 1) / 2).sum::<u64>() as f64);
    2.0 * pairs[0] / (pairs[1] + pairs[2])
}

/// Who is who among invented records.
pub(super) fn truth(records: &[Record]) -> BTreeMap<String, String> {
    records
        .iter()
        .map(|record| (record.id.clone(), record.person.to_string()))
        .collect()
}
