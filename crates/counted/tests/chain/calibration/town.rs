//! Invented people and whose records they have.

use std::collections::BTreeMap;

use linkage::weigh::{Field, Kind, Table};
use simulate::{Recipe, person_table};

const FIELDS: [(&str, Kind); 6] = [
    ("forename", Kind::GivenName),
    ("surname", Kind::FamilyName),
    ("dob", Kind::BirthDate),
    ("sex", Kind::Sex),
    ("postcode", Kind::Postcode),
    ("nhs_number", Kind::Number),
];
const BORN: usize = 2;
const SEX: usize = 3;

/// A table, and by record who it is.
pub(super) struct Town {
    pub(super) table: Table,
    pub(super) person: Vec<u32>,
    /// By record, where the person's names come from.
    names: Vec<String>,
}

impl Town {
    pub(super) fn invented(records: u64, seed: u64) -> Self {
        let (mut rows, mut truth) = (Vec::new(), Vec::new());
        person_table(&mut rows, &mut truth, &Recipe::new(records, seed)).unwrap();
        let fields = FIELDS.map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        });
        let mut table = Table::new(fields.to_vec());
        for line in lines(&rows) {
            table.push(line.split(',').skip(1)).unwrap();
        }
        table.close();
        let truth: Vec<(u32, String)> = lines(&truth)
            .map(|line| {
                let mut cells = line.split(',').skip(1);
                (
                    cells.next().unwrap().parse().unwrap(),
                    cells.next().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(table.records(), truth.len());
        let (person, names) = truth.into_iter().unzip();
        Self { table, person, names }
    }

    pub(super) fn one_person(&self, a: u32, b: u32) -> bool {
        self.person[a as usize] == self.person[b as usize]
    }

    /// The records of each person.
    pub(super) fn people(&self) -> BTreeMap<u32, Vec<usize>> {
        let mut people = BTreeMap::<u32, Vec<usize>>::new();
        for (record, person) in self.person.iter().enumerate() {
            people.entry(*person).or_default().push(record);
        }
        people
    }

    /// The groups that somebody with these records belongs to, as (what is asked, the answer).
    pub(super) fn groups(&self, records: &[usize]) -> [(&'static str, String); 3] {
        let sex = self.mostly(records, SEX);
        let born: Option<u32> = self
            .mostly(records, BORN)
            .get(..4)
            .and_then(|year| year.parse().ok());
        let age = match born.map(|year| 2025_u32.saturating_sub(year)) {
            None => "not known",
            Some(..40) => "under 40",
            Some(40..60) => "40 to 59",
            Some(60..80) => "60 to 79",
            Some(80..) => "80 and over",
        };
        [
            (
                "sex",
                if sex.is_empty() {
                    "not known".to_owned()
                } else {
                    sex
                },
            ),
            ("age", age.to_owned()),
            ("names", self.names[records[0]].clone()),
        ]
    }

    /// What most of these records say in a field.
    fn mostly(&self, records: &[usize], field: usize) -> String {
        let mut said = BTreeMap::<String, usize>::new();
        for record in records {
            *said.entry(self.table.shown(field, *record)).or_default() += 1;
        }
        said.remove("");
        let most = said.into_iter().max_by_key(|(_, times)| *times);
        most.map(|(said, _)| said).unwrap_or_default()
    }

    /// How two records agree, a sign a field: `=` the same, `~` the same beginning, `x` neither, `-` missing.
    pub(super) fn signs(&self, a: u32, b: u32) -> String {
        let sign = |field: usize| {
            let [x, y] = [a, b].map(|record| self.table.shown(field, record as usize));
            match (x.chars().next(), y.chars().next()) {
                (None, _) | (_, None) => '-',
                _ if x == y => '=',
                (one, other) if one == other => '~',
                _ => 'x',
            }
        };
        (0..FIELDS.len()).map(sign).collect()
    }
}

fn lines(csv: &[u8]) -> impl Iterator<Item = &str> {
    std::str::from_utf8(csv).unwrap().lines().skip(1)
}
