//! The lists of a definition: codes, dated phrases, and words for codes.

use std::collections::BTreeMap;

use engine::{NamedSet, Phrase};
use vocabulary::code::{CodeSet, normalise_icd10};
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
            let header: &[&str] = match file {
                ListFile::Phrases { .. } => &["phrase", "from", "until"],
                ListFile::Codes(_) | ListFile::Names { .. } => &["code"],
            };
            let rows = rows(text, header).map_err(|why| (place.clone(), why))?;
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

/// The rows below the header, which begins with these columns, or with the first of them: cells go by their place.
fn rows(text: &str, columns: &[&str]) -> Result<Vec<Vec<String>>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader
        .headers()
        .map_err(|error| format!("not a CSV list: {error}"))?;
    let mut pairs = columns.iter().zip(header);
    if header.is_empty() || !pairs.all(|(column, sent)| sent.eq_ignore_ascii_case(column)) {
        return Err(format!(
            "the first line is `{}` and should be the header, with commas: {}, and what else is wanted behind",
            header.iter().collect::<Vec<_>>().join(","),
            columns.join(",")
        ));
    }
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
    let is_number = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    match plain.as_bytes() {
        [b'A'..=b'Z', digits @ .., b'A' | b'D'] if digits.len() == 3 && is_number(digits) => {
            wrong("leave out the dagger or asterisk behind it")
        }
        // The categories of a tumour, and whether a nurse was there, are codes of two characters.
        [b'A'..=b'Z', b'0'..=b'9'] if !plain.starts_with(['M', 'N', 'T', 'Y']) => {
            wrong("the beginning of a code has three characters")
        }
        [b'A'..=b'Z', digits @ ..] if matches!(digits.len(), 4 | 5) && is_number(digits) => {
            wrong("a code has four characters at most")
        }
        [b'A'..=b'Z', digits @ .., b'X'] if matches!(digits.len(), 2 | 3) && is_number(digits) => {
            // The filler of a code without a fourth character, which records are read without.
            Ok(normalise_icd10(&plain).unwrap_or(plain))
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
            ("M1", "M1"),
            ("Y3", "Y3"),
            ("C61X", "C61"),
            ("C79.5X", "C795"),
            ("254837009", "254837009"),
            ("-", "-"),
        ] {
            assert_eq!(read(sent).as_deref(), Ok(plain), "{sent}");
        }
        for sent in [
            "",
            "C78-C79",
            "C79.5.1",
            "C795D",
            "C795;bone",
            "C79 5",
            "C79*",
            "C7",
            "C79.51",
            "C50.011",
        ] {
            assert!(read(sent).is_err(), "{sent}");
        }
    }

    #[test]
    fn a_list_begins_with_its_header() {
        let codes = |text: &str| rows(text, &["code"]);
        let phrases = |text: &str| rows(text, &["phrase", "from", "until"]);
        for text in [
            "code\nC78\n",
            "code,why\nC78,liver\n",
            "\u{feff}Code,site\nC78,liver\n",
        ] {
            assert_eq!(codes(text).map(|rows| rows.len()), Ok(1), "{text}");
        }
        for text in [
            "",
            "C78,liver\nC795,bone\n",
            "code;why\nC78;liver\n",
            "why,code\nliver,C78\n",
        ] {
            assert!(codes(text).is_err(), "{text}");
        }
        for text in [
            "phrase\nFULVESTRANT\n",
            "phrase,from,until,why\nFULVESTRANT,2010-01-01,,\n",
        ] {
            assert_eq!(phrases(text).map(|rows| rows.len()), Ok(1), "{text}");
        }
        for text in [
            "FULVESTRANT,2010-01-01,,\n",
            "phrase;from;until;why\nFULVESTRANT;;;\n",
            "phrase,until,from,why\nFULVESTRANT,2020-01-01,,\n",
            "phrase,why\nFULVESTRANT,advanced\n",
        ] {
            assert!(phrases(text).is_err(), "{text}");
        }
    }
}
