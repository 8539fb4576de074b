//! Whom a team meets about: people newly diagnosed, progressed or on a new course since the last meeting, and not yet
//! reviewed; those whose situation is complex apart from those for whom a standard plan may do.
//!
//! For whom: the door makes one organisation's list of it, with identifiers that the organisation itself has sent.
//!
//! Invariants:
//! - nobody is on a list because something was not sent, except that a review was not: a review that nobody sent cannot
//!   be told from one that did not take place;
//! - who has died or left is on no list;
//! - a day that only another body sent is told by its month only, in the order too, and without that body's name;
//! - people come in the order of their first occasion: a list is not a ranking.

mod list;
#[cfg(test)]
mod tests;

use std::path::Path;

use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::answer::{Condition, Events, Frame};
use crate::definition::{Agenda, DefinitionError, Occasion, Reason, Standards};
use crate::error::{AuditError, at};
use crate::people::{Asked, Cover, Fact, Input, Person, RecordKey, read};

pub use list::{Listed, MeetingList, Said};

/// What the agenda is made from.
#[derive(Debug)]
pub struct Request<'a> {
    /// Folder of the stage intake.
    pub intake: &'a Path,
    /// Folder of the stage linkage.
    pub linkage: &'a Path,
    /// Folder with the tables of cases and evidence.
    pub casefind: &'a Path,
    /// The organisations.
    pub registry: &'a Registry,
    /// The folder of standards, which holds the agenda.
    pub standards: &'a Standards,
    /// The day of the last meeting.
    pub since: Date,
    /// Nothing after this day is used.
    pub as_of: Date,
}

/// Everybody in the study whom some team has not reviewed since something happened.
#[derive(Debug, Default)]
pub struct Open {
    pub(crate) people: Vec<Waiting>,
    /// To whom something happened before the last meeting only, of which no review is known: their records may have come after
    /// the meeting.
    pub(crate) earlier: Vec<Waiting>,
}

/// One person who waits for a review.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting {
    /// The number that linkage gave.
    pub person: i64,
    /// Whose case it is.
    pub organisation: Option<String>,
    /// What happened, by day.
    pub occasions: Vec<Happened>,
    /// What makes the situation complex: name and words.
    pub reasons: Vec<(String, String)>,
}

/// Something that brings a person before the team.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Happened {
    pub day: Date,
    pub words: String,
    /// The records that say so.
    pub records: Vec<RecordKey>,
    /// Those of them that have that very day: whoever sent none of these is not told it.
    pub first_shown: Vec<RecordKey>,
}

impl Open {
    /// The numbers of everybody.
    pub fn people(&self) -> impl Iterator<Item = i64> {
        self.people
            .iter()
            .chain(&self.earlier)
            .map(|waiting| waiting.person)
    }
}

/// Finds everybody who waits for a review.
///
/// # Errors
/// A folder of standards without an agenda, and tables that cannot be read.
pub fn open(request: &Request<'_>) -> Result<Open, AuditError> {
    let agenda = request.standards.agenda.as_ref().ok_or_else(|| {
        DefinitionError::new("meeting.toml", "is missing: it says who comes before the team")
    })?;
    let asked = Asked::of_agenda(request.standards, agenda).ok_or(AuditError::TooManyCodes)?;
    let people = read(&Input {
        intake: request.intake,
        linkage: request.linkage,
        casefind: request.casefind,
        people: &request.linkage.join("people.parquet"),
        registry: request.registry,
        standards: request.standards,
        asked: &asked,
        primaries: None,
        every_record: true,
    })
    .map_err(at("reading who waits for a review"))?;
    let asking = Asking::new(agenda, &asked);
    let span = (request.since, request.as_of);
    // Before every record of somebody who is alive.
    let ever = Date::from_days(-36_500);
    let mut open = Open::default();
    for (person, facts) in people.each(0, people.people.len()) {
        match asking.waiting(span, person, facts) {
            Some(waiting) => open.people.push(waiting),
            None => open
                .earlier
                .extend(asking.waiting((ever, request.as_of), person, facts)),
        }
    }
    open.people.sort_by_key(|waiting| waiting.person);
    Ok(open)
}

/// The agenda with its codes turned into masks.
pub(crate) struct Asking<'a> {
    occasions: Vec<(&'a Occasion, Events<'a>)>,
    reviewed: Vec<Condition<'a>>,
    reasons: Vec<(&'a Reason, Vec<Vec<Condition<'a>>>)>,
}

impl<'a> Asking<'a> {
    pub(crate) fn new(agenda: &'a Agenda, asked: &Asked) -> Self {
        let conditions = |clauses: &'a [crate::definition::Clause]| {
            let made = clauses.iter().map(|clause| Condition::new(clause, asked));
            made.collect::<Vec<_>>()
        };
        Self {
            occasions: agenda
                .occasions
                .iter()
                .map(|occasion| (occasion, Events::new(&occasion.population, asked)))
                .collect(),
            reviewed: conditions(&agenda.reviewed),
            reasons: agenda
                .reasons
                .iter()
                .map(|reason| (reason, reason.every.iter().map(|any| conditions(any)).collect()))
                .collect(),
        }
    }

    /// What is open for a person in a span of days; none where nothing is.
    pub(crate) fn waiting(
        &self,
        (since, until): (Date, Date),
        person: &Person,
        facts: &[Fact],
    ) -> Option<Waiting> {
        let case = person.case.as_ref()?;
        if case.death.is_some() || case.left.is_some() || case.only_at_death {
            return None;
        }
        // Nothing is concluded from silence here, so no cover is asked for.
        let cover = Cover::default();
        let frame = Frame {
            cover: &cover,
            period: (since, until),
            as_of: until,
        };
        let mut occasions: Vec<Happened> = Vec::new();
        let mut holding = vec![false; self.reasons.len()];
        for (occasion, events) in &self.occasions {
            events.of(person, facts, |event| {
                let day = Date::from_days(event.day);
                let holds = |condition: &Condition<'_>| condition.holds(&frame, person, facts, &event);
                if !(since..=until).contains(&day) || self.reviewed.iter().any(holds) {
                    return;
                }
                for ((reason, every), holding) in self.reasons.iter().zip(&mut holding) {
                    let young = reason
                        .under_age
                        .is_none_or(|under| person.age(day).is_some_and(|age| age < under));
                    *holding |= young && every.iter().all(|any| any.iter().any(holds));
                }
                occasions.push(Happened {
                    day,
                    words: occasion.words.clone(),
                    records: event.records.to_vec(),
                    first_shown: event.first_shown.to_vec(),
                });
            });
        }
        occasions.sort_by_key(|happened| happened.day);
        let reasons = self.reasons.iter().zip(holding).filter(|(_, holding)| *holding);
        (!occasions.is_empty()).then(|| Waiting {
            person: person.number,
            organisation: case.organisation.clone(),
            occasions,
            reasons: reasons
                .map(|((reason, _), _)| (reason.id.clone(), reason.words.clone()))
                .collect(),
        })
    }
}
