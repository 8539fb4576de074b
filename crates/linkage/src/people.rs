//! Writes `people`: one row a person, each value the one that most of its records have; ties by smallest.

use std::path::Path;

use engine::{Batch, GroupWriter, TableReader};
use layouts::tables;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::bits::Bits;
use crate::cascade::{Born, FEMALE, Identities, MALE, kind};
use crate::error::LinkageError;
use crate::kept::Says;
use crate::numbering::{person_id, put_person_id};
use crate::read::kind_word;
use crate::said::{ByPerson, Said};

/// People in a group of the table.
const ROWS: usize = 16_384;

/// A person's id, and one of its identities with the count of records that bear it.
pub(crate) struct Member {
    pub(crate) id: u32,
    pub(crate) identity: u32,
    pub(crate) records: u32,
}

/// The people to be written: all of them, or those that changed.
pub(crate) struct Members {
    list: Vec<Member>,
    /// Identities that were met; of those whose records stay apart, each record is met.
    met: Bits,
    pub(crate) said: Said,
}

impl Members {
    pub(crate) fn new(identities: usize) -> Self {
        Self {
            list: Vec::new(),
            met: Bits::new(identities),
            said: Said::default(),
        }
    }

    /// Hears the next record; `records` is the count of its identity's, where these are one person's.
    pub(crate) fn hear(&mut self, id: u32, identity: u32, records: Option<u32>, says: u32) {
        self.said.hear(id, says);
        if records.is_none() || self.met.put(identity) {
            self.list.push(Member {
                id,
                identity,
                records: records.unwrap_or(1),
            });
        }
    }
}

/// The table of the former run, and who in it is not as before.
pub(crate) struct FormerPeople<'a> {
    pub(crate) table: &'a Path,
    pub(crate) changed: &'a Bits,
}

/// Writes the table; gives the count of people and of their records.
pub(crate) fn write(
    out: &Path,
    table: &Identities,
    members: Members,
    says: &[Says],
    former: Option<FormerPeople<'_>>,
) -> Result<(u64, u64), LinkageError> {
    let Members { mut list, said, .. } = members;
    list.sort_unstable_by_key(|member| (member.id, member.identity));
    let (ethnicity, deprivation) = said.most_frequent(says);
    let mut writing = Writing {
        writer: GroupWriter::create(
            &out.join("people.parquet"),
            &tables::people(),
            &["person", "person_id"],
        )?,
        pending: 0,
        table,
        new: &list,
        ethnicity,
        deprivation,
        text: String::new(),
        records: 0,
    };
    if let Some(former) = former {
        for batch in TableReader::open(former.table)? {
            writing.merge(&batch?, former.changed)?;
        }
    }
    writing.before(u32::MAX)?;
    Ok((writing.writer.finish()?, writing.records))
}

struct Writing<'a> {
    writer: GroupWriter,
    /// Rows of the group at hand.
    pending: usize,
    table: &'a Identities,
    /// People that are still to be written.
    new: &'a [Member],
    ethnicity: ByPerson<'a>,
    deprivation: ByPerson<'a>,
    text: String,
    records: u64,
}

impl Writing<'_> {
    /// Takes over former people that did not change, and writes the others in between.
    fn merge(&mut self, batch: &Batch, changed: &Bits) -> Result<(), LinkageError> {
        let (person, records, birth) = (
            batch.integer("person")?,
            batch.integer("records")?,
            batch.date("birth_date")?,
        );
        let names = ["sex", "postcode_area", "number_kind", "ethnicity", "deprivation"];
        let mut texts = Vec::with_capacity(names.len());
        for name in names {
            texts.push(batch.text(name)?);
        }
        for at in 0..batch.rows() {
            let id = person.get(at).and_then(|id| u32::try_from(id).ok());
            let (Some(id), Some(count)) = (id, records.get(at)) else {
                return Err(LinkageError::Kept);
            };
            if changed.holds(id) {
                continue;
            }
            self.before(id)?;
            self.records += count as u64;
            put_person_id(&mut self.text, id);
            let [sex, area, number, ethnicity, deprivation] =
                [0, 1, 2, 3, 4].map(|column: usize| Value::from(texts[column].get(at)));
            self.writer.row(&[
                id.into(),
                self.text.as_str().into(),
                count.into(),
                sex,
                birth.get(at).into(),
                area,
                number,
                ethnicity,
                deprivation,
            ])?;
            self.counted()?;
        }
        Ok(())
    }

    /// Writes the people whose ids are below `id`.
    fn before(&mut self, id: u32) -> Result<(), LinkageError> {
        while let Some(first) = self.new.first().filter(|first| first.id < id) {
            let end = self.new.partition_point(|member| member.id <= first.id);
            let (person, rest) = self.new.split_at(end);
            self.new = rest;
            self.person(person)?;
        }
        Ok(())
    }

    fn person(&mut self, person: &[Member]) -> Result<(), LinkageError> {
        let table = self.table;
        let records: u64 = person.iter().map(|member| u64::from(member.records)).sum();
        self.records += records;
        let id = person[0].id;
        let text = person_id(id);
        let area = most_frequent(person, |member| {
            area(table.words.text(table.rows[member as usize].postcode))
        });
        self.writer.row(&[
            id.into(),
            text.as_str().into(),
            Value::Integer(records as i64),
            most_frequent(person, |member| sex(table.rows[member as usize].sex)).into(),
            birth_date(person, table).into(),
            area.into(),
            most_frequent(person, |member| {
                kind_word(kind(table.rows[member as usize].number))
            })
            .into(),
            of_person(&self.ethnicity, id).into(),
            of_person(&self.deprivation, id).into(),
        ])?;
        self.counted()
    }

    fn counted(&mut self) -> Result<(), LinkageError> {
        self.pending += 1;
        if self.pending == ROWS {
            self.writer.end_group()?;
            self.pending = 0;
        }
        Ok(())
    }
}

fn of_person<'a>(values: &ByPerson<'a>, id: u32) -> Option<&'a str> {
    let at = values.binary_search_by_key(&id, |(person, _)| *person).ok()?;
    Some(values[at].1)
}

fn most_frequent<T: Ord + Copy>(person: &[Member], value: impl Fn(u32) -> Option<T>) -> Option<T> {
    // Most people say one thing only.
    let first = person.iter().find_map(|member| value(member.identity))?;
    let others = |member: &Member| value(member.identity).is_some_and(|value| value != first);
    if !person.iter().any(others) {
        return Some(first);
    }
    let mut counts: Vec<(T, u64)> = Vec::new();
    for member in person {
        let Some(value) = value(member.identity) else {
            continue;
        };
        match counts.iter_mut().find(|(other, _)| *other == value) {
            Some((_, count)) => *count += u64::from(member.records),
            None => counts.push((value, u64::from(member.records))),
        }
    }
    counts
        .into_iter()
        .max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)))
        .map(|(value, _)| value)
}

/// Whole dates are heard first; a date known to the month or year is given as its first day.
fn birth_date(person: &[Member], table: &Identities) -> Option<Date> {
    let born = |member: u32| table.rows[member as usize].born;
    let whole = most_frequent(person, |member| Some(born(member)).filter(|born| born.is_whole()));
    let known =
        whole.or_else(|| most_frequent(person, |member| Some(born(member)).filter(|born| born.is_some())));
    known.and_then(first_day)
}

fn first_day(born: Born) -> Option<Date> {
    Date::new(born.year() as i32, born.month().max(1), born.day().max(1))
}

fn sex(sex: u8) -> Option<&'static str> {
    match sex {
        FEMALE => Some("female"),
        MALE => Some("male"),
        _ => None,
    }
}

/// The letters that a postcode begins with.
fn area(postcode: &str) -> Option<&str> {
    let end = postcode
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(postcode.len());
    postcode.get(..end).filter(|area| !area.is_empty())
}
