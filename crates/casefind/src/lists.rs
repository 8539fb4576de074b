//! The lists of a definition: codes, dated phrases, and words for codes.

use std::collections::BTreeMap;

use engine::{NamedSet, Phrase};
use vocabulary::code::CodeSet;
use vocabulary::date::Date;

use crate::definition::ListFile;

/// The lists of a definition by name.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Sets that conditions may ask.
    pub sets: BTreeMap<String, NamedSet>,
    /// Words for codes, by list.
    pub names: BTreeMap<String, BTreeMap<String, String>>,
}

impl Lists {
    /// The place in the body that a code of metastatic disease stands for, by the list `site_names`; the code stands
    /// alone (`C795`, `10`), behind its type (`03/10`), or with more characters than the list has (`C7951`).
    pub fn site(&self, code: &str) -> Option<&str> {
        let names = self.names.get("site_names")?;
        let code = code.rsplit('/').next().unwrap_or(code);
        let name = names.get(code).or_else(|| names.get(code.get(..4)?))?;
        Some(name)
    }

    /// Reads every list; an error names the file and says what is wrong.
    pub(crate) fn read(
        wanted: &BTreeMap<String, ListFile>,
        files: &BTreeMap<String, String>,
    ) -> Result<Self, (String, String)> {
        let mut lists = Self::default();
        for (name, file) in wanted {
            let path = match file {
                ListFile::Codes(path)
                | ListFile::Phrases { phrases: path }
                | ListFile::Names { names: path } => path,
            };
            let place = format!("lists/{path}");
            let text = files
                .get(&place)
                .ok_or_else(|| (place.clone(), "the file is missing".to_owned()))?;
            let rows = rows(text).map_err(|why| (place.clone(), why))?;
            match file {
                ListFile::Codes(_) => {
                    let codes = rows.iter().filter_map(|row| row.first()).map(String::as_str);
                    lists.sets.insert(
                        name.clone(),
                        NamedSet::Codes(Box::new(CodeSet::from_lines(codes))),
                    );
                }
                ListFile::Phrases { .. } => {
                    let phrases = rows.iter().map(|row| phrase(row)).collect::<Result<_, _>>();
                    let phrases = phrases.map_err(|why| (place.clone(), why))?;
                    lists.sets.insert(name.clone(), NamedSet::Phrases(phrases));
                }
                ListFile::Names { .. } => {
                    let pairs = rows
                        .iter()
                        .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())));
                    lists.names.insert(name.clone(), pairs.collect());
                }
            }
        }
        Ok(lists)
    }
}

fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("not a CSV list: {error}"))?;
        rows.push(record.iter().map(str::to_owned).collect());
    }
    if rows.is_empty() {
        return Err("the list is empty; an empty list would silently find nobody".to_owned());
    }
    Ok(rows)
}

fn phrase(row: &[String]) -> Result<Phrase, String> {
    let date = |at: usize| match row.get(at).map(String::as_str) {
        None | Some("") => Ok(None),
        Some(text) => text
            .parse::<Date>()
            .map(Some)
            .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)")),
    };
    let words = row
        .first()
        .filter(|words| !words.is_empty())
        .ok_or("a phrase is blank")?;
    Ok(Phrase {
        words: words.to_uppercase(),
        from: date(1)?,
        until: date(2)?,
    })
}
