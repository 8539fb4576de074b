//! People by their number alone: for a first look, where nothing is weighed.
//!
//! Records with the same valid number of a kind, or without one with the same pseudonym of a space, are one person;
//! every other record is a person of its own. A number that two people share makes one of them, and somebody whose
//! records lack the number is missed or counted twice: who needs better links the study ([`crate::run`]).
//!
//! Memory is in proportion to people.

use std::path::Path;

use engine::{Batch, TableWriter};
use layouts::tables;
use vocabulary::table::Value;

use crate::cascade::{ALONE, Step, Words};
use crate::error::LinkageError;
use crate::files::Files;
use crate::links::LINKS;
use crate::read::stream;

/// Between a kind and an id; in the name of no kind and no space.
const BETWEEN: char = '\u{1f}';
const COLUMNS: [&str; 7] = [
    "file",
    "row",
    "source",
    "number",
    "number_kind",
    "key_space",
    "key",
];

/// Who is who by number.
pub struct ByNumber {
    /// The text of each person: kind and id; empty for a record that stands alone.
    ids: Words,
    /// Records that were linked.
    pub records: u64,
    /// People with a number or a pseudonym.
    pub people: u64,
    /// Records with neither number nor pseudonym, each a person of its own.
    pub alone: u64,
}

impl ByNumber {
    /// The kind of a person's id (`nhs`, or the space of a pseudonym) and the id; none where the record stands alone.
    pub fn id(&self, person: i64) -> Option<(&str, &str)> {
        let known = u32::try_from(person)
            .ok()
            .filter(|person| (1..=self.ids.len()).contains(&(*person as usize)))?;
        self.ids.text(known).split_once(BETWEEN)
    }
}

/// Links the records that intake wrote, and writes `links` into `out`.
pub fn by_number(intake: &Path, out: &Path, threads: usize) -> Result<ByNumber, LinkageError> {
    let mut links = TableWriter::create(&out.join(LINKS), &tables::links())?;
    let mut people = ByNumber {
        ids: Words::new(),
        records: 0,
        people: 0,
        alone: 0,
    };
    let mut text = String::new();
    for file in Files::read(intake)?.list {
        let Some(part) = file.part.as_deref() else {
            continue;
        };
        stream(part, &COLUMNS, threads, |batch| {
            people.batch(batch, file.number, &mut text, &mut links)
        })?;
    }
    people.people = people.ids.len() as u64 - people.alone;
    links.finish()?;
    Ok(people)
}

impl ByNumber {
    fn batch(
        &mut self,
        batch: &Batch,
        file: i64,
        text: &mut String,
        links: &mut TableWriter,
    ) -> Result<(), LinkageError> {
        let column = |name: &str| batch.text(name);
        let (numbers, kinds, sources) = (column("number")?, column("number_kind")?, column("source")?);
        let (keys, spaces, rows) = (column("key")?, column("key_space")?, batch.integer("row")?);
        for at in 0..batch.rows() {
            let row = rows.get(at).ok_or(LinkageError::File { file })?;
            let number = numbers.get(at).filter(|number| !number.is_empty());
            let key = keys.get(at).filter(|key| !key.is_empty());
            let (kind, id, step) = match (number, key) {
                (Some(number), _) => (kinds.get(at), number, Step::NumberOnly.name()),
                (None, Some(key)) => (spaces.get(at), key, Step::Key.name()),
                (None, None) => (None, "", ALONE),
            };
            let person = if id.is_empty() {
                self.alone += 1;
                self.ids.append("")
            } else {
                text.clear();
                text.push_str(kind.unwrap_or_default());
                text.push(BETWEEN);
                text.push_str(id);
                self.ids.word(text)
            };
            links.row(&[
                sources.get(at).map_or(Value::Null, Value::Text),
                Value::Integer(file),
                Value::Integer(row),
                Value::Integer(i64::from(person)),
                Value::Text(step),
                Value::Null,
            ])?;
            self.records += 1;
        }
        Ok(())
    }
}
