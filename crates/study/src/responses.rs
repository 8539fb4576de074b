//! `responses.csv`: what organisations wrote about their pages, and who read it for what could identify a person.
//!
//! Invariant: a response without a day and two different readers is kept back, and the run says which and why. The
//! sentence names the organisation and the line, never a word of the response.

use std::path::Path;

use publish::Response;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::beside::{self, rows, wrong};
use crate::error::StudyError;

/// The file, in the study folder. A study need not have one.
pub(crate) const FILE: &str = "responses.csv";

const COLUMNS: [&str; 5] = ["organisation", "date", "text", "read_by_1", "read_by_2"];

/// Responses that may be shown, and in words what the others wait for.
#[derive(Debug, Default)]
pub(crate) struct Responses {
    pub(crate) shown: Vec<Response>,
    pub(crate) waiting: Vec<String>,
}

/// Reads and checks the file of a study folder.
pub(crate) fn read(study: &Path, registry: &Registry) -> Result<Responses, StudyError> {
    match beside::read(&study.join(FILE))? {
        Some(bytes) => parse(&bytes, registry),
        None => Ok(Responses::default()),
    }
}

fn parse(bytes: &[u8], registry: &Registry) -> Result<Responses, StudyError> {
    let mut found = Responses::default();
    for (line, cells) in rows(FILE, bytes, &COLUMNS)? {
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        let organisation = organisation(FILE, line, cell(0), registry)?;
        let date = match cell(1) {
            "" => None,
            text => Some(day(FILE, line, "date", text)?),
        };
        match Response::read(&organisation, date.as_deref(), cell(2), [cell(3), cell(4)]) {
            Ok(response) => found.shown.push(response),
            Err(waiting) => found.waiting.push(format!(
                "{FILE}, line {line}: the response of {organisation} is not shown yet, because {waiting}"
            )),
        }
    }
    Ok(found)
}

/// The organisation of a cell, as the study knows it today.
pub(crate) fn organisation(
    file: &str,
    line: u64,
    code: &str,
    registry: &Registry,
) -> Result<String, StudyError> {
    match registry.resolve(code) {
        Resolved::Known(known) => Ok(known.code.clone()),
        Resolved::Outside(_) => Err(wrong(
            file,
            line,
            "`organisation` is not a code of a trust or board of this study; look it up in the table of organisations",
        )),
    }
}

/// A day of the calendar, as it was written.
pub(crate) fn day(file: &str, line: u64, column: &str, text: &str) -> Result<String, StudyError> {
    let date: Date = text
        .parse()
        .map_err(|_| wrong(file, line, &format!("`{column}` is a day such as 2025-03-31")))?;
    Ok(date.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const HEAD: &str = "organisation,date,text,read_by_1,read_by_2\n";

    fn read(lines: &str) -> Result<Responses, String> {
        let registry = Registry::uk().unwrap();
        parse(format!("{HEAD}{lines}").as_bytes(), &registry).map_err(|error| error.to_string())
    }

    #[test]
    fn a_response_is_shown_when_two_people_have_read_it() {
        let found =
            read("rth,2025-04-02,\"We now send every month.\nWe hope it helps.\",Ann Lee,Bo Oak\n").unwrap();
        assert_eq!((found.shown.len(), found.waiting.len()), (1, 0));
        assert_eq!(
            (found.shown[0].organisation(), found.shown[0].date()),
            ("RTH", "2025-04-02")
        );
    }

    #[test]
    fn what_waits_is_named_and_never_quoted() {
        let found = read(
            "RTH,2025-04-02,Secret words,Ann Lee,\nRTH,,Secret words,Ann Lee,Bo Oak\nRTH,2025-04-02,Secret words,Bo Oak,bo oak\n",
        )
        .unwrap();
        assert!(found.shown.is_empty());
        for (said, wanted) in found.waiting.iter().zip([
            "responses.csv, line 2: the response of RTH is not shown yet, because only one person has read it",
            "line 3: the response of RTH is not shown yet, because the day it was sent is missing",
            "line 4: the response of RTH is not shown yet, because the same person is named twice",
        ]) {
            assert!(said.contains(wanted) && !said.contains("Secret"), "{said}");
        }
        assert_eq!(found.waiting.len(), 3);
    }

    #[test]
    fn every_mistake_is_named() {
        for (lines, wanted) in [
            (
                "NOBODY,2025-04-02,Words,a,b\n",
                "line 2: `organisation` is not a code",
            ),
            (
                "RTH,02/04/2025,Words,a,b\n",
                "line 2: `date` is a day such as 2025-03-31",
            ),
        ] {
            let said = read(lines).unwrap_err();
            assert!(said.contains(wanted), "{said}");
        }
    }
}
