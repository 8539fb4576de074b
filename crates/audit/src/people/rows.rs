//! Rows of a table as few texts and days: the one shape in which records reach the facts, read or drawn.

use engine::{EngineError, TableReader};

use super::{RecordKey, record_key};

/// Which columns are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub texts: Vec<String>,
    pub dates: Vec<String>,
}

impl Columns {
    /// As they are asked of a part: where each row stood before all others.
    pub(crate) fn names(&self) -> Vec<&str> {
        ["file", "row"]
            .into_iter()
            .chain(self.texts.iter().map(String::as_str))
            .chain(self.dates.iter().map(String::as_str))
            .collect()
    }
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

/// Gives the rows of a part, or of a share of one, that are somebody's to `take`, in order. Most rows of a large table are
/// nobody's: their cells are not looked at.
pub(crate) fn each<T>(
    part: TableReader,
    columns: &Columns,
    mut whose: impl FnMut(RecordKey) -> Option<T>,
    mut take: impl FnMut(T, &Row<'_>),
) -> Result<(), EngineError> {
    for batch in part {
        let batch = batch?;
        let (file, row) = (batch.integer("file")?, batch.integer("row")?);
        let texts = columns
            .texts
            .iter()
            .map(|name| batch.text(name))
            .collect::<Result<Vec<_>, _>>()?;
        let dates = columns
            .dates
            .iter()
            .map(|name| batch.date(name))
            .collect::<Result<Vec<_>, _>>()?;
        let (mut said, mut days) = (vec![None; texts.len()], vec![None; dates.len()]);
        for at in 0..batch.rows() {
            let (file, row) = (file.get(at).unwrap_or_default(), row.get(at).unwrap_or_default());
            let Some(own) = whose(record_key(file, row)) else {
                continue;
            };
            said.iter_mut()
                .zip(&texts)
                .for_each(|(cell, column)| *cell = column.get(at));
            days.iter_mut()
                .zip(&dates)
                .for_each(|(cell, column)| *cell = column.get(at).map(vocabulary::date::Date::days));
            let row = Row {
                file,
                row,
                texts: &said,
                dates: &days,
            };
            take(own, &row);
        }
    }
    Ok(())
}
