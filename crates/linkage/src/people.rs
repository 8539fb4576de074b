//! Writes `people`: one row a person, each value the one that most of its records have; ties by smallest.

use std::path::Path;

use engine::TableWriter;
use layouts::tables;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::cascade::{Born, FEMALE, Identities, Linked, MALE, kind};
use crate::error::LinkageError;
use crate::numbering::{Numbering, People, person_id};
use crate::read::{Places, kind_word};
use crate::write::{Said, next};

/// A person's id and place, and one of its identities with the count of records that bear it.
struct Member {
    id: u32,
    place: u32,
    identity: u32,
    records: u32,
}

/// Writes the table; gives the count of people and of their records.
pub(crate) fn write(
    out: &Path,
    table: &Identities,
    linked: &Linked,
    places: &Places,
    numbering: &Numbering,
    said: Said,
) -> Result<(u64, u64), LinkageError> {
    let members = members(table, linked, places, numbering)?;
    let (ethnicity, deprivation) = said.most_frequent();
    let by_place = |values: &[(u32, String)], place: u32| {
        values
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()
            .map(|at| values[at].1.clone())
    };
    let mut writer = TableWriter::create(&out.join("people.parquet"), &tables::people())?;
    let mut all = 0;
    for person in members.chunk_by(|a, b| a.id == b.id) {
        let records: u64 = person.iter().map(|member| u64::from(member.records)).sum();
        all += records;
        let (id, place) = (person[0].id, person[0].place);
        let text = person_id(id);
        let area = most_frequent(person, |member| {
            area(table.words.text(table.rows[member as usize].postcode))
        });
        let ethnicity = by_place(&ethnicity, place);
        let deprivation = by_place(&deprivation, place);
        writer.row(&[
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
            ethnicity.as_deref().into(),
            deprivation.as_deref().into(),
        ])?;
    }
    Ok((writer.finish()?, all))
}

/// Every person's identities, in order of id. Where the records of an identity stay apart, each is a person.
fn members(
    table: &Identities,
    linked: &Linked,
    places: &Places,
    numbering: &Numbering,
) -> Result<Vec<Member>, LinkageError> {
    let mut people = People::new(linked);
    let mut seen = vec![false; table.rows.len()];
    let mut members = Vec::with_capacity(table.rows.len());
    let mut reader = places.read()?;
    let records: u64 = table.records.iter().map(|&records| u64::from(records)).sum();
    for read in 0..records {
        let identity = next(&mut reader, read)?;
        let place = people.next(identity);
        let joined = linked.steps[identity as usize].is_some();
        if !joined || !std::mem::replace(&mut seen[identity as usize], true) {
            let records = if joined {
                table.records[identity as usize]
            } else {
                1
            };
            members.push(Member {
                id: numbering.id(place),
                place,
                identity,
                records,
            });
        }
    }
    members.sort_unstable_by_key(|member| (member.id, member.identity));
    Ok(members)
}

fn most_frequent<T: Ord + Copy>(person: &[Member], value: impl Fn(u32) -> Option<T>) -> Option<T> {
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
