//! Rows of a table as few texts and days: the one shape in which records reach the facts, read or drawn.

use std::path::Path;

use engine::{EngineError, TableReader};

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

/// Gives every row of a part to `take`, in order.
pub(crate) fn each(
    part: &Path,
    columns: &Columns,
    mut take: impl FnMut(&Row<'_>),
) -> Result<(), EngineError> {
    let names: Vec<&str> = ["file", "row"]
        .into_iter()
        .chain(columns.texts.iter().map(String::as_str))
        .chain(columns.dates.iter().map(String::as_str))
        .collect();
    for batch in TableReader::open_columns(part, &names)? {
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
            said.iter_mut()
                .zip(&texts)
                .for_each(|(cell, column)| *cell = column.get(at));
            days.iter_mut()
                .zip(&dates)
                .for_each(|(cell, column)| *cell = column.get(at).map(vocabulary::date::Date::days));
            take(&Row {
                file: file.get(at).unwrap_or_default(),
                row: row.get(at).unwrap_or_default(),
                texts: &said,
                dates: &days,
            });
        }
    }
    Ok(())
}
