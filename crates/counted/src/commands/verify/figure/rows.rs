//! The records behind a figure: each with its file and row, under the person whom it is about.

use std::collections::BTreeMap;
use std::path::Path;

use count::Person;
use engine::TableReader;
use study::Study;

use crate::exit::Failure;
use crate::export::{people_csv, place};

const HEADER: [&str; 9] = [
    "person_id",
    "recorded",
    "source",
    "record_id",
    "date",
    "organisation",
    "rule",
    "strength",
    "words",
];

/// Records by person, in order.
pub(super) struct Records {
    rows: Vec<[String; HEADER.len()]>,
    /// How many of each source.
    pub(super) by_source: BTreeMap<String, u64>,
}

/// Finds the evidence of these people, who are in order of their ids.
pub(super) fn behind(tables: &Path, people: &[Person]) -> Result<Records, Failure> {
    let mut records = Records {
        rows: Vec::new(),
        by_source: BTreeMap::new(),
    };
    for batch in TableReader::open(&tables.join("evidence.parquet"))? {
        let batch = batch?;
        let text = |name: &str| batch.text(name);
        let (person, source, record) = (text("person_id")?, text("source")?, text("record_id")?);
        let (organisation, rule, strength) = (text("organisation")?, text("rule")?, text("strength")?);
        let (words, date) = (text("words")?, batch.date("date")?);
        for row in 0..batch.rows() {
            let id = person.get(row).unwrap_or_default();
            let Ok(at) = people.binary_search_by(|own| own.person_id.as_str().cmp(id)) else {
                continue;
            };
            let cell = |column: &engine::TextColumn<'_>| column.get(row).unwrap_or_default().to_owned();
            *records.by_source.entry(cell(&source)).or_default() += 1;
            records.rows.push([
                id.to_owned(),
                if people[at].recorded { "yes" } else { "no" }.to_owned(),
                cell(&source),
                cell(&record),
                date.get(row).map_or_else(String::new, |date| date.to_string()),
                cell(&organisation),
                cell(&rule),
                cell(&strength),
                cell(&words),
            ]);
        }
    }
    records.rows.sort();
    Ok(records)
}

impl Records {
    /// Writes them, readable by their owner only and never among what may be published.
    pub(super) fn write(self, study: &Study, path: &Path) -> Result<(), Failure> {
        people_csv(&place(study, Some(path), "", "")?, HEADER, self.rows)
    }
}
