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
                    let codes: Result<Vec<String>, String> = rows.iter().map(|row| code(row)).collect();
                    let codes = codes.map_err(|why| (place.clone(), why))?;
                    let set = CodeSet::from_lines(codes.iter().map(String::as_str));
                    lists.sets.insert(name.clone(), NamedSet::Codes(Box::new(set)));
                }
                ListFile::Phrases { .. } => {
                    let phrases = rows.iter().map(|row| phrase(row)).collect::<Result<_, _>>();
                    let phrases = phrases.map_err(|why| (place.clone(), why))?;
                    lists.sets.insert(name.clone(), NamedSet::Phrases(phrases));
                }
                ListFile::Names { .. } => {
                    let pairs: Result<_, String> = rows
                        .iter()
                        .map(|row| Ok((code(row)?, row.get(1).cloned().unwrap_or_default())))
                        .collect();
                    let pairs = pairs.map_err(|why| (place.clone(), why))?;
                    lists.names.insert(name.clone(), pairs);
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

/// Stands in a list for a value that was not sent.
const BLANK: &str = "-";

/// A code, or the beginning of one, as records are read: without its dot. One that no record can have would silently find
/// nobody.
fn code(row: &[String]) -> Result<String, String> {
    let sent = row.first().map_or("", String::as_str);
    let plain = sent.replacen('.', "", 1).to_ascii_uppercase();
    let wrong = |why: &str| Err(format!("`{sent}` is no code that a record can have: {why}"));
    if plain == BLANK {
        return Ok(plain);
    }
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return wrong("write one code, or its beginning, a line, and what stands beside it behind a comma");
    }
    match plain.as_bytes() {
        [letter, digits @ .., b'A' | b'D']
            if letter.is_ascii_alphabetic() && digits.len() == 3 && digits.iter().all(u8::is_ascii_digit) =>
        {
            wrong("leave out the dagger or asterisk behind it")
        }
        _ => Ok(plain),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_that_records_can_have() {
        let read = |sent: &str| code(&[sent.to_owned()]);
        for (sent, plain) in [
            ("C79.5", "C795"),
            ("c795", "C795"),
            ("C50", "C50"),
            ("Z15.4", "Z154"),
            ("05", "05"),
            ("M1a", "M1A"),
            ("-", "-"),
        ] {
            assert_eq!(read(sent).as_deref(), Ok(plain), "{sent}");
        }
        for sent in ["", "C78-C79", "C79.5.1", "C795D", "C795;bone", "C79 5", "C79*"] {
            assert!(read(sent).is_err(), "{sent}");
        }
    }
}
