//! A reporting triangle from a file, long or as a triangle.

use std::collections::BTreeMap;

use crate::exit::Failure;

use super::super::columns::Names;
use super::super::number::is_missing;
use super::super::table::{Line, Table};

const DIAGNOSED: Names = Names(&[
    "diagnosed",
    "period",
    "month",
    "quarter",
    "year",
    "diagnosis",
    "origin",
    "accident_year",
    "onset",
    "t",
    "week",
]);
const DELAY: Names = Names(&["delay", "lag", "d", "development", "dev", "reported_after"]);
const COUNT: Names = Names(&["count", "reports", "n", "cases", "people", "reported", "value"]);
/// A longer delay, or more periods, was probably written by mistake.
const LONGEST: usize = 1_000;

/// A triangle, and what its periods are called.
pub(super) struct Read {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Vec<u64>>,
}

impl Read {
    /// Whether nothing was given at all.
    pub(super) fn is_blank(&self) -> bool {
        self.rows.iter().all(Vec::is_empty)
    }
}

/// Reads a triangle.
pub(super) fn triangle(table: &Table, cumulative: bool) -> Result<Read, Failure> {
    let diagnosed = table.find(DIAGNOSED);
    let mut read = match (diagnosed, table.find(DELAY)) {
        (Some(diagnosed), Some(delay)) => long(table, diagnosed, delay)?,
        _ => wide(table, diagnosed)?,
    };
    if cumulative {
        for (row, name) in read.rows.iter_mut().zip(&read.names) {
            let mut before = 0;
            for cell in row {
                let all = *cell;
                *cell = all.checked_sub(before).ok_or_else(|| {
                    table.wrong_file(&format!(
                        "period {name}: reports fall from one delay to the next, which counts up to a delay cannot"
                    ))
                })?;
                before = all;
            }
        }
    }
    Ok(read)
}

/// One row a period, one column a delay.
fn wide(table: &Table, diagnosed: Option<usize>) -> Result<Read, Failure> {
    let mut delays: Vec<(usize, usize)> = Vec::new();
    for (column, name) in table.header.iter().enumerate() {
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        if Some(column) != diagnosed
            && let Ok(delay) = digits.parse()
        {
            delays.push((delay, column));
            table.mark(column);
        }
    }
    delays.sort_unstable();
    let first = delays.first().map_or(0, |(delay, _)| *delay);
    let in_order = delays
        .iter()
        .zip(first..)
        .all(|((delay, _), wanted)| *delay == wanted);
    if delays.is_empty() || first > 1 || !in_order {
        return Err(table.wrong_file(
            "it is neither long (diagnosed, delay, count) nor a triangle with columns 0, 1, 2, … for the delays; see \
             --help",
        ));
    }
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for line in &table.rows {
        let mut row = Vec::new();
        let mut ended = false;
        for (_, column) in &delays {
            match table.count(line, *column)? {
                None => ended = true,
                Some(_) if ended => {
                    let what = "it stands behind an empty cell; write 0 where nothing was reported";
                    return Err(table.wrong(line, *column, what));
                }
                Some(count) => row.push(count),
            }
        }
        names.push(super::super::groups::label(table, line, diagnosed));
        rows.push(row);
    }
    Ok(Read { names, rows })
}

/// How a period is written: periods of two forms cannot be told apart by how far they lie from each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Number,
    Month,
    Quarter,
}

/// One row a period and delay.
fn long(table: &Table, diagnosed: usize, delay: usize) -> Result<Read, Failure> {
    let count = table.need(COUNT)?;
    let mut cells: BTreeMap<(i64, usize), u64> = BTreeMap::new();
    let mut labels: BTreeMap<i64, String> = BTreeMap::new();
    let mut form = None;
    for line in &table.rows {
        let (written, period) = period(table, line, diagnosed)?;
        if *form.get_or_insert(written) != written {
            return Err(table.wrong(
                line,
                diagnosed,
                "it is written in another form than the periods before it; write all of them as months, as quarters, or as \
                 numbers",
            ));
        }
        let delay_of = table.sure_count(line, delay)?;
        let delay_of = usize::try_from(delay_of).unwrap_or(usize::MAX);
        if delay_of > LONGEST {
            return Err(table.wrong(line, delay, "it is longer than 1000 periods"));
        }
        let count = table.sure_count(line, count)?;
        labels
            .entry(period)
            .or_insert_with(|| table.text(line, diagnosed).to_owned());
        if cells.insert((period, delay_of), count).is_some() {
            return Err(table.wrong_row(
                line,
                "this period and delay stand in the file already; add the two up",
            ));
        }
    }
    let (Some(first), Some(last)) = (labels.keys().next().copied(), labels.keys().last().copied()) else {
        return Ok(Read {
            names: Vec::new(),
            rows: Vec::new(),
        });
    };
    if last - first > LONGEST as i64 {
        return Err(table.wrong_file("its periods lie more than 1000 apart"));
    }
    // What can be known: up to the last calendar period in which anything was reported, and to the longest delay.
    let now = cells
        .keys()
        .map(|(period, delay)| period + *delay as i64)
        .max()
        .unwrap_or(last)
        .max(last);
    let longest = cells.keys().map(|(_, delay)| *delay).max().unwrap_or(0);
    let known = |period: i64| longest.min(usize::try_from(now - period).unwrap_or(0));
    let rows = (first..=last).map(|period| {
        let row = (0..=known(period)).map(|delay| cells.get(&(period, delay)).copied().unwrap_or(0));
        row.collect()
    });
    let names = (first..=last).map(|period| {
        labels
            .get(&period)
            .cloned()
            .unwrap_or_else(|| format!("between ({period})"))
    });
    Ok(Read {
        names: names.collect(),
        rows: rows.collect(),
    })
}

/// A period as a number that grows by one from one to the next, and how it was written.
fn period(table: &Table, line: &Line, column: usize) -> Result<(Form, i64), Failure> {
    let text = table.text(line, column).trim();
    let wrong = || {
        table.wrong(
            line,
            column,
            "it is no period; write for example 3, 2025, 2025-01 or 2025-Q1",
        )
    };
    if is_missing(text) {
        return Err(wrong());
    }
    if let Ok(number) = text.parse::<i64>() {
        // 202501 is a month; other numbers of so many digits are dates or weeks, which do not grow by one.
        let (year, month) = (number.div_euclid(100), number.rem_euclid(100));
        return match number {
            -99_999..=99_999 => Ok((Form::Number, number)),
            _ if (1_000..=3_000).contains(&year) && (1..=12).contains(&month) => {
                Ok((Form::Month, year * 12 + month - 1))
            }
            _ => Err(wrong()),
        };
    }
    let (year, rest) = text.split_once(['-', ' ', '/']).ok_or_else(wrong)?;
    let year: i64 = year.parse().map_err(|_| wrong())?;
    if !(1_000..=3_000).contains(&year) {
        return Err(wrong());
    }
    let upper = rest.trim().to_uppercase();
    if let Some(quarter) = upper.strip_prefix('Q') {
        let quarter: i64 = quarter.parse().map_err(|_| wrong())?;
        return if (1..=4).contains(&quarter) {
            Ok((Form::Quarter, year * 4 + quarter - 1))
        } else {
            Err(wrong())
        };
    }
    // The day of a date says nothing here.
    let month = upper.split('-').next().unwrap_or("");
    let month: i64 = month.parse().map_err(|_| wrong())?;
    if (1..=12).contains(&month) {
        Ok((Form::Month, year * 12 + month - 1))
    } else {
        Err(wrong())
    }
}
