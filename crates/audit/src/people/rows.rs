//! Rows of a table as few texts and days: the one shape in which records reach the facts, read or drawn.

use std::ops::{Range, RangeInclusive};
use std::path::Path;

use engine::{ByRecord, EngineError};

use super::{RecordKey, record_key, row_of};

/// Which columns are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub texts: Vec<String>,
    pub dates: Vec<String>,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub file: i64,
    pub row: i64,
    /// In the order of [`Columns::texts`].
    pub texts: &'a [Option<&'a str>],
    /// In the order of [`Columns::dates`], as days since 1970.
    pub dates: &'a [Option<i32>],
}

/// A share of a part of a table.
pub(crate) struct Share {
    table: ByRecord,
    groups: Range<usize>,
    /// Bytes of the file, about.
    pub bytes: u64,
}

impl Share {
    /// A part of a table in up to so many shares; a section may stand in a record several times.
    pub(crate) fn of(part: &Path, is_section: bool, count: usize) -> Result<Vec<Self>, EngineError> {
        let table = if is_section {
            ByRecord::open_sections(part)?
        } else {
            ByRecord::open(part)?
        };
        let shares = table.shares(count);
        let bytes = fs_err::metadata(part)?.len() / shares.len().max(1) as u64;
        let share = |groups| Self {
            table: table.clone(),
            groups,
            bytes,
        };
        Ok(shares.into_iter().map(share).collect())
    }
}

/// Gives the rows of a share that are somebody's to `take`, in order; `whose` says whose each record is, in order too. Most rows
/// of a large table are nobody's: their cells are not decoded.
pub(crate) fn each<T: Copy>(
    share: &Share,
    columns: &Columns,
    whose: &[(RecordKey, T)],
    mut take: impl FnMut(T, &Row<'_>),
) -> Result<(), EngineError> {
    let mut walk = Walk { rest: whose };
    let wanted = |file: i64, rows: RangeInclusive<i64>| -> Vec<i64> {
        let from = record_key(file, *rows.start());
        let end = record_key(file, *rows.end());
        let (from, end) = (
            whose.partition_point(|(own, _)| *own < from),
            whose.partition_point(|(own, _)| *own <= end),
        );
        whose[from..end].iter().map(|(key, _)| row_of(*key)).collect()
    };
    let columns = (&columns.texts, &columns.dates);
    let names: Vec<&str> = columns.0.iter().chain(columns.1).map(String::as_str).collect();
    share
        .table
        .rows_of(share.groups.clone(), &names, wanted, |keys, batch| {
            let texts = columns.0.iter().map(|name| batch.text(name));
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            let dates = columns.1.iter().map(|name| batch.date(name));
            let dates = dates.collect::<Result<Vec<_>, _>>()?;
            let (mut said, mut days) = (vec![None; texts.len()], vec![None; dates.len()]);
            for (at, (file, row)) in keys.iter().enumerate() {
                let Some(own) = walk.of(record_key(*file, *row)) else {
                    continue;
                };
                said.iter_mut()
                    .zip(&texts)
                    .for_each(|(cell, column)| *cell = column.get(at));
                days.iter_mut()
                    .zip(&dates)
                    .for_each(|(cell, column)| *cell = column.get(at).map(vocabulary::date::Date::days));
                let row = Row {
                    file: *file,
                    row: *row,
                    texts: &said,
                    dates: &days,
                };
                take(own, &row);
            }
            Ok(())
        })
}

/// Walks along the links as the records go by, both in order.
struct Walk<'a, T> {
    rest: &'a [(RecordKey, T)],
}

impl<T: Copy> Walk<'_, T> {
    /// Whose this record is.
    fn of(&mut self, key: RecordKey) -> Option<T> {
        // Records come in order and most are near the last one; a jump is searched for.
        let steps = self.rest.iter().take(8).position(|(own, _)| *own >= key);
        let skip = steps.unwrap_or_else(|| self.rest.partition_point(|(own, _)| *own < key));
        self.rest = &self.rest[skip..];
        self.rest
            .first()
            .filter(|(own, _)| *own == key)
            .map(|(_, whose)| *whose)
    }
}
