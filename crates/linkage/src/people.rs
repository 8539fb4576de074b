//! Writes `people`: one row a person, each value the one that most of its records have; ties by smallest.

use std::path::Path;
use std::sync::Arc;

use engine::{Batch, GroupWriter, Groups};
use layouts::tables;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::bits::Bits;
use crate::cascade::{Born, FEMALE, Identities, MALE, kind};
use crate::error::LinkageError;
use crate::kept::Says;
use crate::numbering::put_person_id;
use crate::read::kind_word;
use crate::said::{ByPerson, Said};
use crate::threads::ahead;

/// People in a group of the table.
const ROWS: usize = 4_096;
/// Groups of the former table that are decoded before they are asked for.
const AHEAD: usize = 8;
/// What is read of the former table; the text of an id follows from the id.
const COLUMNS: [&str; 8] = [
    "person",
    "records",
    "sex",
    "birth_date",
    "postcode_area",
    "number_kind",
    "ethnicity",
    "deprivation",
];

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
    threads: usize,
) -> Result<(u64, u64), LinkageError> {
    let Members { mut list, said, .. } = members;
    list.sort_unstable_by_key(|member| (member.id, member.identity));
    let (ethnicity, deprivation) = said.most_frequent(says);
    let known = Known {
        table,
        ethnicity,
        deprivation,
    };
    let rare = ["person", "person_id"];
    let writer = GroupWriter::create(&out.join("people.parquet"), &tables::people(), &rare)?;
    let mut writing = Writing {
        writer: if threads > 1 { writer.aside() } else { writer },
        pending: 0,
        known: &known,
        new: &list,
        text: String::new(),
        records: 0,
    };
    if let Some(former) = former {
        let groups = Arc::new(Groups::open(former.table)?);
        let decoded = (0..groups.count()).map(|group| groups.batch(group, &COLUMNS));
        ahead(threads, AHEAD, decoded, |batches| {
            for (group, batch) in batches.enumerate() {
                writing.group((&groups, group), &batch?, former.changed)?;
            }
            Ok::<_, LinkageError>(())
        })?;
    }
    writing.before(u32::MAX)?;
    Ok((writing.writer.finish()?, writing.records))
}

/// What is known of the people that are written anew.
struct Known<'a> {
    table: &'a Identities,
    ethnicity: ByPerson<'a>,
    deprivation: ByPerson<'a>,
}

/// What the table says of a person beside the id.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row<'a> {
    records: i64,
    sex: Option<&'a str>,
    birth_date: Option<Date>,
    postcode_area: Option<&'a str>,
    number_kind: Option<&'a str>,
    ethnicity: Option<&'a str>,
    deprivation: Option<&'a str>,
}

impl<'a> Row<'a> {
    /// In the order of the columns, after the id and its text.
    fn values(&self) -> [Value<'a>; VALUES] {
        [
            Value::Integer(self.records),
            self.sex.into(),
            self.birth_date.into(),
            self.postcode_area.into(),
            self.number_kind.into(),
            self.ethnicity.into(),
            self.deprivation.into(),
        ]
    }
}

/// Columns of a [`Row`], and those before them.
const VALUES: usize = 7;
const IDS: usize = 2;

/// The people of a former group.
struct FormerGroup<'a> {
    ids: Vec<u32>,
    rows: Vec<Row<'a>>,
}

impl<'a> FormerGroup<'a> {
    fn of(batch: &'a Batch) -> Result<Self, LinkageError> {
        let (person, records, birth) = (
            batch.integer("person")?,
            batch.integer("records")?,
            batch.date("birth_date")?,
        );
        let (sex, area) = (batch.text("sex")?, batch.text("postcode_area")?);
        let number = batch.text("number_kind")?;
        let (ethnicity, deprivation) = (batch.text("ethnicity")?, batch.text("deprivation")?);
        let mut group = Self {
            ids: Vec::with_capacity(batch.rows()),
            rows: Vec::with_capacity(batch.rows()),
        };
        for at in 0..batch.rows() {
            let id = person.get(at).and_then(|id| u32::try_from(id).ok());
            let (Some(id), Some(records)) = (id, records.get(at)) else {
                return Err(LinkageError::Kept);
            };
            group.ids.push(id);
            group.rows.push(Row {
                records,
                sex: sex.get(at),
                birth_date: birth.get(at),
                postcode_area: area.get(at),
                number_kind: number.get(at),
                ethnicity: ethnicity.get(at),
                deprivation: deprivation.get(at),
            });
        }
        Ok(group)
    }
}

struct Writing<'a> {
    writer: GroupWriter,
    /// Rows of the group at hand.
    pending: usize,
    known: &'a Known<'a>,
    /// People that are still to be written.
    new: &'a [Member],
    text: String,
    records: u64,
}

impl<'a> Writing<'a> {
    /// Writes the people of a former group, and new ones whose ids lie between theirs. Where the people are the same,
    /// columns in which nothing changed are taken over as they are encoded.
    fn group(
        &mut self,
        (groups, group): (&Arc<Groups>, usize),
        batch: &Batch,
        changed: &Bits,
    ) -> Result<(), LinkageError> {
        let former = FormerGroup::of(batch)?;
        // New people come after the last group.
        let is_last = group + 1 == groups.count();
        if is_last || !self.same_people(&former, changed) {
            self.merge(&former, changed)?;
            if !is_last {
                self.writer.end_group()?;
                self.pending = 0;
            }
            return Ok(());
        }
        let known = self.known;
        let mut differs = [false; VALUES];
        let mut rows = Vec::with_capacity(former.rows.len());
        for (id, before) in former.ids.iter().zip(&former.rows) {
            let mut row = *before;
            if changed.holds(*id) {
                row = known.row(self.next_person());
                let values = before.values().into_iter().zip(row.values());
                for (differs, (before, now)) in differs.iter_mut().zip(values) {
                    *differs |= before != now;
                }
            }
            self.records += row.records.unsigned_abs();
            rows.push(row);
        }
        if differs.contains(&true) {
            for row in &rows {
                let values = row.values();
                for (at, value) in values.iter().enumerate().filter(|(at, _)| differs[*at]) {
                    self.writer.value(IDS + at, value)?;
                }
            }
        }
        Ok(self.writer.end_group_with(groups, group)?)
    }

    /// True when the people of a group are those that it had: whoever changed is there still, and nobody lies between.
    fn same_people(&self, former: &FormerGroup<'_>, changed: &Bits) -> bool {
        let last = former.ids.last().copied().unwrap_or_default();
        let here = self.new.partition_point(|member| member.id <= last);
        let mut new = self.new[..here]
            .chunk_by(|a, b| a.id == b.id)
            .map(|person| person[0].id);
        let mut changed = former.ids.iter().copied().filter(|id| changed.holds(*id));
        loop {
            match (new.next(), changed.next()) {
                (None, None) => return true,
                (new, changed) if new != changed => return false,
                _ => {}
            }
        }
    }

    /// Writes former people that did not change row by row, and the others in between.
    fn merge(&mut self, former: &FormerGroup<'_>, changed: &Bits) -> Result<(), LinkageError> {
        for (id, row) in former.ids.iter().zip(&former.rows) {
            if !changed.holds(*id) {
                self.before(*id)?;
                self.row(*id, row)?;
            }
        }
        // Those who come next may belong before people of the next group.
        match former.ids.last() {
            Some(last) => self.before(last.saturating_add(1)),
            None => Ok(()),
        }
    }

    /// Writes the people whose ids are below `id`.
    fn before(&mut self, id: u32) -> Result<(), LinkageError> {
        while let Some(first) = self.new.first().map(|first| first.id).filter(|first| *first < id) {
            let row = self.known.row(self.next_person());
            self.row(first, &row)?;
        }
        Ok(())
    }

    /// The members of the person that comes next.
    fn next_person(&mut self) -> &'a [Member] {
        let first = self.new.first().map(|member| member.id);
        let end = self.new.iter().position(|member| Some(member.id) != first);
        let (person, rest) = self.new.split_at(end.unwrap_or(self.new.len()));
        self.new = rest;
        person
    }

    fn row(&mut self, id: u32, row: &Row<'_>) -> Result<(), LinkageError> {
        put_person_id(&mut self.text, id);
        self.writer.value(0, &id.into())?;
        self.writer.value(1, &self.text.as_str().into())?;
        for (at, value) in row.values().iter().enumerate() {
            self.writer.value(IDS + at, value)?;
        }
        self.records += row.records.unsigned_abs();
        self.pending += 1;
        if self.pending == ROWS {
            self.writer.end_group()?;
            self.pending = 0;
        }
        Ok(())
    }
}

impl Known<'_> {
    fn row(&self, person: &[Member]) -> Row<'_> {
        let table = self.table;
        let records: u64 = person.iter().map(|member| u64::from(member.records)).sum();
        let id = person.first().map_or(0, |member| member.id);
        Row {
            records: records as i64,
            sex: most_frequent(person, |member| sex(table.rows[member as usize].sex)),
            birth_date: birth_date(person, table),
            postcode_area: most_frequent(person, |member| {
                area(table.words.text(table.rows[member as usize].postcode))
            }),
            number_kind: most_frequent(person, |member| {
                kind_word(kind(table.rows[member as usize].number))
            }),
            ethnicity: of_person(&self.ethnicity, id),
            deprivation: of_person(&self.deprivation, id),
        }
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
