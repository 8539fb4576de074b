//! The overlap table from a file.

use estimate::EstimateError;
use estimate::lists::{Histories, History, MOST_LISTS, Repeated};

use crate::exit::Failure;

use super::super::columns::COUNT;
use super::super::table::Table;

/// The overlap table; or why a file that is well formed says nothing.
pub(super) fn histories(table: &Table) -> Result<Result<Histories, EstimateError>, Failure> {
    let count = table.find(COUNT);
    let lists: Vec<usize> = (0..table.header.len())
        .filter(|column| Some(*column) != count)
        .collect();
    lists.iter().for_each(|column| table.mark(*column));
    check_names(table, &lists)?;
    if count.is_some_and(|count| table.all_missing(&[count])) {
        return Ok(Err(EstimateError::Empty));
    }
    let mut seen: Vec<(History, u64)> = Vec::new();
    let mut rows = Vec::with_capacity(table.rows.len());
    for line in &table.rows {
        let mut history: History = 0;
        for (bit, column) in lists.iter().enumerate() {
            if table.yes(line, *column)? {
                history |= 1 << bit;
            }
        }
        if history == 0 {
            let what = "it stands on no list, and how many those are is what is asked for; take the row out";
            return Err(table.wrong_row(line, what));
        }
        let people = match count {
            Some(count) => table.sure_count(line, count)?,
            None => 1,
        };
        if count.is_some() {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == history) {
                let what = format!(
                    "the same combination of lists stands in {} {first}; add the two up",
                    table.unit
                );
                return Err(table.wrong_row(line, &what));
            }
            seen.push((history, line.number));
        }
        rows.push((history, people));
    }
    let names = lists
        .iter()
        .filter_map(|column| table.header.get(*column).cloned());
    Ok(Histories::from_rows(names, rows, Repeated::Add))
}

/// Names that can be written in a model.
fn check_names(table: &Table, lists: &[usize]) -> Result<(), Failure> {
    if lists.is_empty() || lists.len() > MOST_LISTS {
        return Err(table.wrong_file(&format!(
            "it has {} columns of lists; between 1 and {MOST_LISTS} can be laid over each other",
            lists.len()
        )));
    }
    for column in lists {
        let name = table.header.get(*column).map_or("", String::as_str);
        if name.is_empty() || name.contains([',', ':']) {
            return Err(table.wrong_file(&format!(
                "the heading of column {} cannot name a list: a name is not empty and holds no comma or colon",
                column + 1
            )));
        }
    }
    Ok(())
}
