//! Days, partial days, and the many ways in which hospitals write them.
//!
//! A [`Date`] is a day of the proleptic Gregorian calendar. [`parse_date`] reads the forms of
//! `docs/src/layouts-in.md` and tells a placeholder ("no date") from a blank and from something unreadable.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::spreadsheet::bare;

/// A day, as days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Days from 1 January of the year 1 to 1 January 1970.
const EPOCH: i32 = 719_163;

impl Date {
    /// A day by its number since 1 January 1970.
    pub fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The number of days since 1 January 1970.
    pub fn days(self) -> i32 {
        self.0
    }

    /// A day by year, month and day, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::of)
    }

    fn of(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - EPOCH)
    }

    fn calendar(self) -> NaiveDate {
        // Days outside chrono's quarter of a million years are held at its edges.
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH)).unwrap_or(if self.0 < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        })
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.calendar().year()
    }

    /// The month, from 1.
    pub fn month(self) -> u32 {
        self.calendar().month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        self.calendar().day()
    }

    /// So many days later, or earlier.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// So many months later, or earlier; the last day of a month where there is no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let date = self.calendar();
        let span = Months::new(months.unsigned_abs());
        let moved = if months < 0 {
            date.checked_sub_months(span)
        } else {
            date.checked_add_months(span)
        };
        moved.map_or(self, Self::of)
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.saturating_sub(self.day() as i32 - 1))
    }

    /// The last day of its month.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        let first = self.first_of_month().calendar();
        let last = first
            .checked_add_months(Months::new(1))
            .and_then(|next| next.checked_sub_days(Days::new(1)));
        last.map_or(self, Self::of)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.calendar();
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

/// A text that is not a day in the form 2025-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY-MM-DD")]
pub struct NotADate;

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let parts = if shaped { ymd(bytes, 0, 5, 8) } else { None };
        parts
            .and_then(|(year, month, day)| Self::new(year, month, day))
            .ok_or(NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A day of which only the month or the year may be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// The earliest day that it may be.
    pub earliest: Date,
    /// The latest day that it may be.
    pub latest: Date,
}

impl PartialDate {
    /// A known day.
    pub fn day(date: Date) -> Self {
        Self {
            earliest: date,
            latest: date,
        }
    }

    /// Some day of a month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let first = Date::new(year, month, 1)?;
        Some(Self {
            earliest: first,
            latest: first.last_of_month(),
        })
    }

    /// Whether the day itself is known.
    pub fn is_exact(self) -> bool {
        self.earliest == self.latest
    }

    /// Whether both may be the same day.
    pub fn may_equal(self, other: Self) -> bool {
        self.earliest <= other.latest && other.earliest <= self.latest
    }
}

/// What was odd about a date that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateNotice {
    /// Written dd/mm/yyyy, or so with hyphens or dots, which some systems mean as mm/dd/yyyy.
    DayMonthYear,
}

/// What a cell for a date holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadDate {
    /// Nothing.
    Blank,
    /// A placeholder that stands for "no date", such as 1801-01-01.
    NoDate,
    /// A day.
    Date(Date),
    /// A day, with something to note.
    DateWithNotice(Date, DateNotice),
    /// Written like dd/mm/yyyy, and a day only if it means mm/dd/yyyy. It is not guessed at.
    MonthFirst,
    /// Not a date.
    Bad,
}

impl ReadDate {
    /// The day, if there is one.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::Date(date) | Self::DateWithNotice(date, _) => Some(date),
            _ => None,
        }
    }
}

/// Reads a date as hospitals write it: ISO, yyyy/mm/dd, yyyymmdd, dd-MON-yyyy, dd Month yyyy and dd/mm/yyyy (or with hyphens
/// or dots, or days and months of one figure), each but yyyymmdd with or without a time part after it, which is passed over.
/// Years have four figures.
///
/// Allocates nothing. A day in the future is a date all the same: whether it can be used is for the caller to judge.
pub fn parse_date(text: &str) -> ReadDate {
    let text = bare(text.trim_ascii());
    if text.is_empty() {
        return ReadDate::Blank;
    }
    let bytes = text.as_bytes();
    let (parts, notice) = match bytes {
        [_, _, _, _, mark @ (b'-' | b'/'), _, _, again, _, _, ..] if mark == again && ends(bytes, 10) => {
            (ymd(bytes, 0, 5, 8), None)
        }
        [_, _, _, _, _, _, _, _] if bytes.iter().all(u8::is_ascii_digit) => (ymd(bytes, 0, 4, 6), None),
        _ => day_first(bytes).map_or((None, None), |(parts, notice)| (Some(parts), notice)),
    };
    let Some((year, month, day)) = parts else {
        return ReadDate::Bad;
    };
    if is_placeholder(year, month, day) {
        return ReadDate::NoDate;
    }
    match (Date::new(year, month, day), notice) {
        (Some(date), Some(notice)) => ReadDate::DateWithNotice(date, notice),
        (Some(date), None) => ReadDate::Date(date),
        (None, Some(DateNotice::DayMonthYear)) if Date::new(year, day, month).is_some() => {
            ReadDate::MonthFirst
        }
        (None, _) => ReadDate::Bad,
    }
}

/// Reads a month of birth written mmyyyy, with or without its leading zero, or yyyy-mm.
pub fn parse_month_year(text: &str) -> Option<PartialDate> {
    let bytes = text.trim_ascii().as_bytes();
    let (month, year) = match bytes.len() {
        6 => (number(bytes, 0, 2)?, number(bytes, 2, 4)?),
        5 => (number(bytes, 0, 1)?, number(bytes, 1, 4)?),
        7 if bytes[4] == b'-' => (number(bytes, 5, 2)?, number(bytes, 0, 4)?),
        _ => return None,
    };
    // Of a placeholder only the month is left, so a true January 1900 is given up with it.
    if is_placeholder_month(year as i32, month) {
        None
    } else {
        PartialDate::month(year as i32, month)
    }
}

type YearMonthDay = (i32, u32, u32);

/// Days that stand for "no date": the first day of the Gregorian calendar, the first and zero days of common systems, the end
/// of time.
fn is_placeholder(year: i32, month: u32, day: u32) -> bool {
    matches!(
        (year, month, day),
        (1582, 10, 15)
            | (1600 | 1753 | 1800 | 1801 | 1900 | 9999, 1, 1)
            | (1899, 12, 30 | 31)
            | (9999, 12, 31)
    )
}

/// The months of those days.
fn is_placeholder_month(year: i32, month: u32) -> bool {
    matches!(
        (year, month),
        (1582, 10) | (1600 | 1753 | 1800 | 1801 | 1900 | 9999, 1) | (1899 | 9999, 12)
    )
}

/// The date ends here, or a time follows.
fn ends(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None => true,
        Some(b'T' | b't' | b' ') => {
            bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                && bytes[at + 1..]
                    .iter()
                    .all(|b| b.is_ascii_digit() || b":.+-Zz ".contains(b))
        }
        Some(b'Z' | b'z') => bytes.len() == at + 1,
        _ => false,
    }
}

fn ymd(bytes: &[u8], year: usize, month: usize, day: usize) -> Option<YearMonthDay> {
    Some((
        number(bytes, year, 4)? as i32,
        number(bytes, month, 2)?,
        number(bytes, day, 2)?,
    ))
}

/// Day, month and year with one mark between them; the month in figures, which is worth a word, or by its name.
fn day_first(bytes: &[u8]) -> Option<(YearMonthDay, Option<DateNotice>)> {
    let (day, at) = short_number(bytes, 0)?;
    let mark = *bytes.get(at).filter(|mark| b"/-. ".contains(mark))?;
    let (month, at, notice) = match (short_number(bytes, at + 1), mark) {
        // Three numbers with spaces between them are written nowhere.
        (Some(_), b' ') => return None,
        (Some((month, at)), _) => (month, at, Some(DateNotice::DayMonthYear)),
        (None, b'-' | b' ') => {
            let (month, at) = month_by_name(bytes, at + 1)?;
            (month, at, None)
        }
        (None, _) => return None,
    };
    if bytes.get(at) != Some(&mark) || !ends(bytes, at + 5) {
        return None;
    }
    let year = number(bytes, at + 1, 4)? as i32;
    Some(((year, month, day), notice))
}

/// A number of one or two figures, and where it ends.
fn short_number(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let two = number(bytes, at, 2).map(|two| (two, at + 2));
    two.or_else(|| Some((number(bytes, at, 1)?, at + 1)))
}

/// A month by its English name or the first three letters of it, and where it ends.
fn month_by_name(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    const MONTHS: [&str; 12] = [
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    let rest = bytes.get(at..)?;
    let name = rest.split(|byte| !byte.is_ascii_alphabetic()).next()?;
    let is_it = |month: &str| {
        let whole = month.as_bytes();
        name.eq_ignore_ascii_case(whole) || name.eq_ignore_ascii_case(&whole[..3])
    };
    let month = MONTHS.into_iter().position(is_it)? as u32 + 1;
    Some((month, at + name.len()))
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let mut value = 0;
    for &byte in bytes.get(at..at + width)? {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(value)
}

#[cfg(test)]
mod tests;
