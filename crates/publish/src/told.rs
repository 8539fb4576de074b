//! What organisations said themselves: answers when they were asked, and responses to what is shown of them.
//!
//! # The invariants
//! What was told stands beside what is measured and never in its place: nothing here changes a state or a figure. A
//! response is text that somebody wrote freely, so it could describe a person; there is no way to a [`Response`] but by
//! [`Response::read`], which wants a day and two different people who read it. No number of people enters here: those are
//! shown from a release alone.

use std::fmt;

/// Letters that a response may have.
pub const LONGEST_RESPONSE: usize = 4000;

/// A response of an organisation, read by two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    organisation: String,
    date: String,
    text: String,
}

/// Why a response is not shown yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It has no text.
    NoText,
    /// It is longer than [`LONGEST_RESPONSE`].
    TooLong,
    /// The day it was sent is not known.
    NoDate,
    /// Nobody has read it for what could identify a person.
    Unread,
    /// One person has.
    ReadByOne,
    /// The same person is named twice.
    SameReader,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoText => "it has no text",
            Self::TooLong => "it is longer than 4,000 letters; ask for a shorter one",
            Self::NoDate => "the day it was sent is missing; write it in `date`",
            Self::Unread => {
                "nobody has read it for what could identify a person; two people read it and are named in `read_by_1` and \
                 `read_by_2`"
            }
            Self::ReadByOne => {
                "only one person has read it for what could identify a person; a second reads it and is named in `read_by_2`"
            }
            Self::SameReader => {
                "the same person is named twice; somebody else reads it for what could identify a person, and is named in \
                 `read_by_2`"
            }
        })
    }
}

impl Response {
    /// A response, where two different people have read it for anything that could identify a person.
    ///
    /// `date` is the day it was sent, as `2025-03-31`, or nothing. The names of the readers are compared and not kept.
    ///
    /// # Errors
    /// What it waits for.
    pub fn read(
        organisation: &str,
        date: Option<&str>,
        text: &str,
        readers: [&str; 2],
    ) -> Result<Self, Waiting> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Waiting::NoText);
        }
        if text.chars().count() > LONGEST_RESPONSE {
            return Err(Waiting::TooLong);
        }
        let named = |reader: &str| {
            reader
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase()
        };
        match readers.map(named) {
            [one, two] if one.is_empty() && two.is_empty() => return Err(Waiting::Unread),
            [one, two] if one.is_empty() || two.is_empty() => return Err(Waiting::ReadByOne),
            [one, two] if one == two => return Err(Waiting::SameReader),
            _ => {}
        }
        Ok(Self {
            organisation: organisation.to_owned(),
            date: date.ok_or(Waiting::NoDate)?.to_owned(),
            text: text.to_owned(),
        })
    }

    /// The code of the organisation.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// The day it was sent.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Its paragraphs.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

/// What organisations were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// `records_secondary`
    RecordsSecondary,
    /// `dedicated_nurse`
    DedicatedNurse,
    /// `enough_nurses`
    EnoughNurses,
}

impl Question {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RecordsSecondary, Self::DedicatedNurse, Self::EnoughNurses];

    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::RecordsSecondary => "records_secondary",
            Self::DedicatedNurse => "dedicated_nurse",
            Self::EnoughNurses => "enough_nurses",
        }
    }

    /// The question as it is put.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::RecordsSecondary => "Does it record everyone with secondary breast cancer?",
            Self::DedicatedNurse => "Does it have a nurse for secondary breast cancer only?",
            Self::EnoughNurses => "Does it have enough nurses for people with secondary breast cancer?",
        }
    }
}

/// What an organisation answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// `yes`
    Yes,
    /// `partly`
    Partly,
    /// `no`
    No,
    /// `no_response`: it was asked, and no answer came.
    NoResponse,
}

impl Told {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 4] = [Self::Yes, Self::Partly, Self::No, Self::NoResponse];

    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
            Self::NoResponse => "no_response",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Yes => "Told us: yes",
            Self::Partly => "Told us: partly",
            Self::No => "Told us: no",
            Self::NoResponse => "Asked, no answer yet",
        }
    }

    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Yes => "Asked directly, it answered that it records everyone with secondary breast cancer.",
            Self::Partly => {
                "Asked directly, it answered that it records some of the people with secondary breast cancer."
            }
            Self::No => {
                "Asked directly, it answered that it does not record people with secondary breast cancer."
            }
            Self::NoResponse => {
                "It was asked, and no answer had come by the day on its page. We do not know why."
            }
        }
    }
}

/// One answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The code of the organisation.
    pub organisation: String,
    /// The day it was asked, as `2025-03-31`.
    pub asked_on: String,
    /// The day it answered; none where no answer came.
    pub answered_on: Option<String>,
    /// What it was asked.
    pub question: Question,
    /// What it answered.
    pub told: Told,
    /// Where the answer can be read: an address that begins with `https://`.
    pub source_url: String,
}

impl Answer {
    /// The day it answered, or else the day it was asked.
    pub(crate) fn day(&self) -> &str {
        self.answered_on.as_deref().unwrap_or(&self.asked_on)
    }

    /// Which of two counts: an answer before a question that is still open, and the later of its kind. Whoever answered and is
    /// asked again has not taken the answer back.
    pub(crate) fn rank(&self) -> (bool, &str) {
        (self.told != Told::NoResponse, self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::{Response, Waiting};

    #[test]
    fn a_response_waits_for_a_day_and_two_readers() {
        let read = |date, text, readers| Response::read("RTH", date, text, readers);
        let (day, two) = (Some("2025-03-31"), ["Ann Lee", "Bo Oak"]);
        let long = "a".repeat(super::LONGEST_RESPONSE + 1);
        for (found, wanted) in [
            (read(day, " ", two), Waiting::NoText),
            (read(day, &long, two), Waiting::TooLong),
            (read(None, "We send.", two), Waiting::NoDate),
            (read(day, "We send.", ["", " "]), Waiting::Unread),
            (read(day, "We send.", ["Ann Lee", ""]), Waiting::ReadByOne),
            (read(day, "We send.", ["", "Ann Lee"]), Waiting::ReadByOne),
            (
                read(day, "We send.", ["Ann Lee", "ann  LEE "]),
                Waiting::SameReader,
            ),
        ] {
            assert_eq!(found.unwrap_err(), wanted);
        }
        let shown = read(day, "We send.\n\n Every month.", two).unwrap();
        assert_eq!(
            shown.paragraphs().collect::<Vec<_>>(),
            ["We send.", "Every month."]
        );
    }
}
