//! Sources of the kind `survey`: what organisations answered when they were asked directly.
//!
//! A survey is no record of a person, so it goes past the stages and straight to the pages, where it stands beside what is
//! measured. A number of people that an organisation gave is read and not shown: numbers of people come from a release
//! alone.
//!
//! Invariant: every fault ends the run and is named with file, line, column and what to do.

use std::path::Path;

use publish::{Answer, Question, Told};
use vocabulary::organisation::Registry;

use crate::beside::{rows, wrong};
use crate::config::Source;
use crate::error::StudyError;
use crate::matched;
use crate::responses::{day, organisation};

/// The kind in `study.toml`.
pub(crate) const KIND: &str = "survey";

const COLUMNS: [&str; 7] = [
    "organisation",
    "asked_on",
    "answered_on",
    "question",
    "answer",
    "count",
    "source_url",
];

/// Reads and checks every file of these sources.
pub(crate) fn read(study: &Path, sources: &[Source], registry: &Registry) -> Result<Vec<Answer>, StudyError> {
    let files = sources
        .iter()
        .map(|source| matched::matches(study, source))
        .collect::<Result<Vec<_>, _>>()?;
    matched::none_by_case(study, sources, &files)?;
    let mut answers = Vec::new();
    for file in files.into_iter().flatten() {
        answers.extend(parse(&file.relative, &fs_err::read(&file.absolute)?, registry)?);
    }
    Ok(answers)
}

fn parse(file: &str, bytes: &[u8], registry: &Registry) -> Result<Vec<Answer>, StudyError> {
    let mut answers: Vec<Answer> = Vec::new();
    for (line, cells) in rows(file, bytes, &COLUMNS)? {
        let fault = |what: &str| wrong(file, line, what);
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        let told = word(cell(4), Told::ALL, Told::key)
            .ok_or_else(|| fault("`answer` is one of yes, partly, no, no_response"))?;
        let question = word(cell(3), Question::ALL, Question::key)
            .ok_or_else(|| fault("`question` is one of records_secondary, dedicated_nurse, enough_nurses"))?;
        let answered_on = match (cell(2), told) {
            ("", Told::NoResponse) => None,
            ("", _) => {
                return Err(fault(
                    "`answered_on` is blank; write the day of the answer, or no_response in `answer`",
                ));
            }
            (_, Told::NoResponse) => {
                return Err(fault(
                    "`answered_on` has a day where `answer` is no_response; one of them is wrong",
                ));
            }
            (text, _) => Some(day(file, line, "answered_on", text)?),
        };
        if !cell(5).is_empty() && cell(5).parse::<u32>().is_err() {
            return Err(fault("`count` is a whole number, or blank"));
        }
        if !web_address(cell(6)) {
            return Err(fault(
                "`source_url` is where the answer can be read, and begins with https://",
            ));
        }
        let own = Answer {
            organisation: organisation(file, line, cell(0), registry)?,
            asked_on: day(file, line, "asked_on", cell(1))?,
            answered_on,
            question,
            told,
            source_url: cell(6).to_owned(),
        };
        if own.answered_on.as_ref().is_some_and(|day| *day < own.asked_on) {
            return Err(fault("`answered_on` is before `asked_on`"));
        }
        let same = |other: &Answer| {
            (&other.organisation, other.question, &other.asked_on)
                == (&own.organisation, own.question, &own.asked_on)
        };
        if answers.iter().any(same) {
            return Err(fault(
                "this organisation, question and `asked_on` stand in a line above; leave the one that holds",
            ));
        }
        answers.push(own);
    }
    Ok(answers)
}

fn word<T: Copy>(text: &str, all: impl IntoIterator<Item = T>, key: fn(T) -> &'static str) -> Option<T> {
    let text = text.to_lowercase();
    all.into_iter().find(|one| key(*one) == text)
}

/// An address of the web with a host, and nothing that would break out of one.
fn web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    host.contains('.') && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>".contains(c))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const HEAD: &str = "ORGANISATION,ASKED_ON,ANSWERED_ON,QUESTION,ANSWER,COUNT,SOURCE_URL\n";

    fn read(lines: &str) -> Result<Vec<Answer>, String> {
        let registry = Registry::uk().unwrap();
        parse("survey.csv", format!("{HEAD}{lines}").as_bytes(), &registry).map_err(|error| error.to_string())
    }

    #[test]
    fn answers_are_read() {
        let found = read(
            "rth,2025-01-10,2025-02-03,records_secondary,Partly,40,https://example.org/foi/1\n\
             RTH,2025-01-10,,dedicated_nurse,no_response,,https://example.org/foi/2\n",
        )
        .unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (
                found[0].organisation.as_str(),
                found[0].told,
                found[0].answered_on.as_deref()
            ),
            ("RTH", Told::Partly, Some("2025-02-03"))
        );
        assert_eq!((found[1].told, &found[1].answered_on), (Told::NoResponse, &None));
    }

    #[test]
    fn every_mistake_is_named() {
        for (line, wanted) in [
            (
                "NOBODY,2025-01-10,2025-02-03,enough_nurses,yes,,https://example.org/1",
                "`organisation` is not a code",
            ),
            (
                "RTH,10/01/2025,2025-02-03,enough_nurses,yes,,https://example.org/1",
                "`asked_on` is a day",
            ),
            (
                "RTH,2025-01-10,soon,enough_nurses,yes,,https://example.org/1",
                "`answered_on` is a day",
            ),
            (
                "RTH,2025-01-10,,enough_nurses,yes,,https://example.org/1",
                "`answered_on` is blank",
            ),
            (
                "RTH,2025-01-10,2025-02-03,enough_nurses,no_response,,https://example.org/1",
                "one of them is wrong",
            ),
            (
                "RTH,2025-01-10,2025-01-03,enough_nurses,yes,,https://example.org/1",
                "is before `asked_on`",
            ),
            (
                "RTH,2025-01-10,2025-02-03,nurses,yes,,https://example.org/1",
                "`question` is one of",
            ),
            (
                "RTH,2025-01-10,2025-02-03,enough_nurses,maybe,,https://example.org/1",
                "`answer` is one of",
            ),
            (
                "RTH,2025-01-10,2025-02-03,enough_nurses,yes,many,https://example.org/1",
                "`count` is a whole number",
            ),
            (
                "RTH,2025-01-10,2025-02-03,enough_nurses,yes,,a letter",
                "begins with https://",
            ),
            (
                "RTH,2025-01-10,2025-02-03,enough_nurses,yes,,javascript:alert(1)",
                "begins with https://",
            ),
        ] {
            let said = read(&format!("{line}\n")).unwrap_err();
            assert!(
                said.starts_with("survey.csv, line 2: ") && said.contains(wanted),
                "{said}"
            );
        }
    }

    #[test]
    fn an_answer_that_is_there_twice_is_named() {
        const URL: &str = "https://example.org/1";
        let twice = format!(
            "RTH,2025-01-10,2025-02-03,enough_nurses,yes,,{URL}\nrth,2025-01-10,2025-02-04,enough_nurses,no,,{URL}\n"
        );
        assert!(
            read(&twice)
                .unwrap_err()
                .contains("line 3: this organisation, question")
        );
    }
}
