//! The care that people truly had, and what hospitals wrote down of it.
//!
//! Invariant: the truth of an item is drawn first, from the hospital's true quality; whether it is recorded is drawn
//! from the truth, by the hospital's habit; files carry no other answer than that. So a hospital that gives worse
//! care and a hospital that only writes less down can be told apart in the truth, and a detector can be scored.
//! Chance comes from streams of its own ([`Purpose::CareHabits`], [`Purpose::CareTruth`]): no other draw of a seed
//! depends on it.
//!
//! # Whose care, and when
//!
//! [`Event::Primary`] is an invasive primary without metastases, [`Event::Secondary`] the diagnosis of metastatic
//! disease (also when it was there from the start), [`Event::Progression`] a later progression that a hospital may
//! state, [`Event::Regimen`] a regimen of drugs for metastatic disease, [`Event::Death`] a death with it. The care
//! belongs to the hospital that the person lived near on that day; a regimen's to the hospital that gave it. The
//! items, their rates and the sources of these are in [`items`]; what each hospital does in [`habits`].
//!
//! # What can be in a file
//!
//! Not everything that was recorded is sent. A hospital sends only some of its recurrences ([`super::statements`]),
//! and a version of COSD holds only some items: a needs assessment and cord compression are in version 10 only;
//! version 9 has the day of a meeting and not its type; a plan's intent has no place on the non-primary pathway of
//! version 10; the palliative specialist (CR1550) has one only in a recurrence. A recurrence that is entered on the
//! primary's own record has no nurse of its own there, since that item has no date and the record one place for it. A
//! second hospital that states the same event says nothing of care. The nation without COSD sends the five answers of
//! the form, and nothing else of this. Local returns and cancers in situ keep answers without a truth: no standard
//! asks for them.

pub(crate) mod habits;
pub(crate) mod items;
mod lines;
mod palliative;
mod settle;

use vocabulary::date::Date;

#[cfg(doc)]
use crate::chance::Purpose;
pub(crate) use habits::Habits;
pub(crate) use items::Item;
pub(crate) use settle::{About, Sending};

/// What care is measured from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A primary without metastases, by position.
    Primary(usize),
    /// Diagnosis of metastatic disease.
    Secondary,
    /// Later progression of metastatic disease.
    Progression,
    /// A regimen, by its number among those for metastatic disease.
    Regimen(usize),
    /// Death with metastatic disease.
    Death,
}

impl Event {
    /// As the truth file names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Event::Primary(_) => "primary",
            Event::Secondary => "secondary",
            Event::Progression => "progression",
            Event::Regimen(_) => "regimen",
            Event::Death => "death",
        }
    }
}

/// One item of care of one person at one event.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) event: Event,
    /// The true date of the event.
    pub(crate) date: Date,
    /// The hospital whose care it is.
    pub(crate) hospital: usize,
    pub(crate) item: Item,
    /// Whether the person had it.
    pub(crate) truth: bool,
    /// Whether the hospital wrote the answer down.
    pub(crate) known: bool,
    /// The code it writes: an answer, "not known", or nothing.
    pub(crate) code: Option<&'static str>,
    /// Days from the event to the item, where it has a date.
    pub(crate) days: i32,
    /// How the person came before the team (CR8110), where the item is a meeting.
    pub(crate) discussion: &'static str,
    /// What an admission says of it, whoever records it.
    pub(crate) admission: Option<&'static str>,
}

/// The care of one person, and the codes for it.
#[derive(Debug, Default)]
pub(crate) struct Standards {
    pub(crate) lines: Vec<Line>,
    /// The line of each course of drugs, by its position; courses for early disease have none.
    pub(crate) trials: Vec<Option<usize>>,
    /// Who answered the five questions of the form: `hospital` or `person`.
    pub(crate) answered_by: &'static str,
    /// Whether the metastatic disease was there from the start.
    de_novo: bool,
    /// No item is dated later.
    last_day: Option<Date>,
}

impl Standards {
    /// The lines of one event, with their positions.
    pub(crate) fn of(&self, event: Event) -> impl Iterator<Item = (usize, &Line)> {
        self.lines
            .iter()
            .enumerate()
            .filter(move |(_, line)| line.event == event)
    }

    /// The position and line of one item at one event.
    pub(crate) fn find(&self, event: Event, item: Item) -> Option<(usize, &Line)> {
        self.of(event).find(|(_, line)| line.item == item)
    }
}

/// What a file said of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Sent {
    /// Nothing.
    #[default]
    Nothing,
    /// That it took place, and when; not its code.
    Date,
    /// Its code.
    Code,
}

/// What the files said of each line of one person.
#[derive(Debug, Default)]
pub(crate) struct SentLines(Vec<Sent>);

impl SentLines {
    /// Begins another person.
    pub(crate) fn begin(&mut self, lines: usize) {
        self.0.clear();
        self.0.resize(lines, Sent::Nothing);
    }

    /// Notes what a file said; the most that any file said stays.
    pub(crate) fn note(&mut self, line: usize, sent: Sent) {
        if let Some(known) = self.0.get_mut(line) {
            *known = (*known).max(sent);
        }
    }

    /// What the truth file shows as recorded.
    pub(crate) fn recorded(&self, place: usize, line: &Line) -> &'static str {
        match self.0.get(place).copied().unwrap_or_default() {
            Sent::Code => line.code.unwrap_or(""),
            Sent::Date => "date",
            Sent::Nothing => line.admission.unwrap_or(""),
        }
    }
}

#[cfg(test)]
mod tests;
