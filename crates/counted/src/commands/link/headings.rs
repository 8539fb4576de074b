//! What the headings of the files say: which columns are compared, and which holds the ids.

use std::path::PathBuf;

use intake::{Limits, Sheet};
use linkage::columns::{self, Columns};
use linkage::weigh::Field;

use crate::arguments::LinkArguments;
use crate::exit::Failure;

/// The headings of all files. Where none means anything the first line may be somebody, so nothing of it is shown.
pub(super) fn read(files: &[(String, PathBuf)], mapped: bool) -> Result<Vec<Vec<String>>, Failure> {
    let mut headers = Vec::new();
    for (path, absolute) in files {
        let header = Sheet::open(absolute, path, Limits::default())?.header().to_vec();
        if !mapped && !columns::is_header(&header) {
            return Err(Failure::source(format!(
                "{path}: none of the headings in its first line is known; if it has no line of headings, add one, \
                 or else say in --settings what the columns hold"
            )));
        }
        headers.push(header);
    }
    Ok(headers)
}

/// Where the ids of the records are.
pub(super) struct IdColumns {
    /// By file, the column with the ids; none in all where the rows are numbered.
    pub(super) by_file: Vec<Option<usize>>,
    /// What the columns are called; none where the rows are numbered.
    pub(super) name: Option<String>,
    /// Whether some file has such a column. Rows may be numbered all the same, because another has none.
    pub(super) in_some: bool,
}

/// The column with the ids, file by file; row numbers in all files where one of them has none.
pub(super) fn ids(
    files: &[(String, PathBuf)],
    headers: &[Vec<String>],
    arguments: &LinkArguments,
) -> Result<IdColumns, Failure> {
    let asked = arguments.id.as_deref();
    let ids: Vec<Option<usize>> = headers
        .iter()
        .map(|header| columns::id_column(header, asked))
        .collect();
    if let (Some(asked), Some(without)) = (asked, ids.iter().position(Option::is_none)) {
        return Err(Failure::source(format!(
            "{}: it has no column `{asked}` for the ids; correct --id, or leave it out to number the rows",
            files[without].0
        )));
    }
    if ids.contains(&None) {
        return Ok(IdColumns {
            by_file: vec![None; ids.len()],
            name: None,
            in_some: ids.iter().any(Option::is_some),
        });
    }
    let mut names: Vec<String> = Vec::new();
    for (header, at) in headers.iter().zip(ids.iter().flatten()) {
        let name = columns::shown(&header[*at], *at);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(IdColumns {
        by_file: ids,
        name: Some(names.join(", ")),
        in_some: true,
    })
}

/// Brings the columns into the order of a model; gives the places of its fields that no file has.
pub(super) fn fit(columns: &mut Columns, model: &[Field]) -> Result<Vec<usize>, Failure> {
    let blank = columns.fit(model);
    if blank.len() == model.len() {
        let names: Vec<&str> = model.iter().map(|field| field.name.as_str()).collect();
        return Err(Failure::call(format!(
            "the model knows {}, and no file has any of these; map the columns in --settings, or train anew",
            names.join(", ")
        )));
    }
    Ok(blank)
}

/// Leaves columns aside that tell nobody from anybody: empty, or with one value only. Reads no further than it must,
/// which is a few rows for most files.
pub(super) fn leave_idle(files: &[(String, PathBuf)], columns: &mut Columns) -> Result<(), Failure> {
    let mut seen: Vec<Option<String>> = vec![None; columns.fields.len()];
    let mut idle: Vec<usize> = (0..seen.len()).collect();
    for ((path, absolute), origins) in files.iter().zip(&columns.origins) {
        let mut sheet = Sheet::open(absolute, path, Limits::default())?;
        let mut date = String::new();
        while !idle.is_empty()
            && let Some(row) = sheet.next_row()?
        {
            idle.retain(|&field| {
                let cell = |column| row.cell(column);
                origins[field].date(cell, &mut date);
                let text = origins[field].text(cell, &date);
                match &seen[field] {
                    _ if text.is_empty() => true,
                    Some(first) => first == text,
                    None => {
                        seen[field] = Some(text.to_owned());
                        true
                    }
                }
            });
        }
    }
    // Where no column is left, as with a single record, training says what is wrong.
    if idle.len() == seen.len() {
        return Ok(());
    }
    for field in idle.into_iter().rev() {
        let why = match seen[field] {
            Some(_) => "it has the same value everywhere",
            None => "it is empty",
        };
        columns.leave(&[field], why);
    }
    Ok(())
}
