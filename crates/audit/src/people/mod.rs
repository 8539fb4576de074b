//! Everybody of whom care is asked, with the events of their disease and the facts their records state.
//!
//! Only people with a breast primary or with secondary disease come in, and of their records only what some question asks
//! for: a fact is a day and a mask of the codes that matter, so that a nation fits into memory.
//!
//! Invariant: people and facts come in a fixed order (person, fact, day, record), whatever the order of the work.

mod cases;
mod cover;
mod facts;
mod primaries;
mod read;
mod rows;
mod silence;

use vocabulary::date::Date;

pub(crate) use cover::{Cover, Seen};
pub(crate) use facts::{Asked, BLANK, Known, Stated, Tables};
pub(crate) use read::{Input, read};
pub(crate) use rows::Row;

/// No day.
pub(crate) const UNDATED: i32 = i32::MIN;

/// A record: its file and row in one number.
pub(crate) type RecordKey = u64;

pub(crate) fn record_key(file: i64, row: i64) -> RecordKey {
    let part = |number: i64| u64::from(u32::try_from(number).unwrap_or(u32::MAX));
    part(file) << 32 | part(row)
}

/// The row of a record.
fn row_of(key: RecordKey) -> i64 {
    i64::from(key as u32)
}

/// One statement about care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    /// Index among the people.
    pub person: u32,
    /// Index among the facts of the definition.
    pub fact: u16,
    /// Days since 1970, or [`UNDATED`].
    pub day: i32,
    /// Which of the codes asked for it has; see [`Asked`] and [`BLANK`].
    pub mask: u32,
    /// The record that states it.
    pub record: RecordKey,
}

/// Secondary disease of a person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    pub date: Option<Date>,
    /// First found in this study's time, so that the diagnosis is seen and not only the disease.
    pub new: bool,
    pub only_at_death: bool,
    pub kind: Kind,
    pub organisation: Option<String>,
    pub nation: Option<String>,
    pub death: Option<Date>,
    pub left: Option<Date>,
    /// The records in which hospitals stated the diagnosis about the day of the case, or that first show it where every record is
    /// asked for; in order.
    pub records: Vec<RecordKey>,
    /// Those of them that have the very day of the case, or state it without a day where nothing has that day and they are of one
    /// body, in order; empty where not every record is asked for.
    pub first_shown: Vec<RecordKey>,
}

impl Case {
    /// Whether what a record states on a day is the diagnosis, and not what came of the disease later.
    pub(crate) fn is_diagnosed(&self, stated: Date, (from, to): (i32, i32)) -> bool {
        self.date
            .is_some_and(|date| (from..=to).contains(&(stated.days() - date.days())))
    }
}

/// Whether the disease had spread when first found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    DeNovo,
    Recurrent,
    NotKnown,
}

/// Breast cancer that had not spread.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Primary {
    pub date: Date,
    pub organisation: Option<String>,
    pub nation: Option<String>,
    /// The records of its pathway, in order.
    pub records: Vec<RecordKey>,
}

/// A person of whom care is asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Person {
    /// The number that linkage gave.
    pub number: i64,
    pub case: Option<Case>,
    pub primary: Option<Primary>,
    pub born: Option<Date>,
    pub deprivation: Option<String>,
}

impl Person {
    /// Whole years on a day; none where the date of birth is not known.
    pub(crate) fn age(&self, day: Date) -> Option<i32> {
        let born = self.born?;
        let birthday = (day.month(), day.day()) >= (born.month(), born.day());
        Some(day.year() - born.year() - i32::from(!birthday))
    }
}

/// People, and the facts about them in order.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub people: Vec<Person>,
    pub facts: Vec<Fact>,
    /// Rows of each fact that held anything, by its index: none where no file brought the item.
    pub stated: Vec<Stated>,
}

impl People {
    /// So many people from one on, each with its facts.
    pub(crate) fn each(&self, from: usize, many: usize) -> impl Iterator<Item = (&Person, &[Fact])> {
        let first = self.facts.partition_point(|fact| (fact.person as usize) < from);
        let mut rest = &self.facts[first..];
        let people = self.people.iter().enumerate().skip(from).take(many);
        people.map(move |(index, person)| {
            let own = rest
                .iter()
                .take_while(|fact| fact.person as usize == index)
                .count();
            let (facts, after) = rest.split_at(own);
            rest = after;
            (person, facts)
        })
    }
}

#[cfg(test)]
mod tests;
