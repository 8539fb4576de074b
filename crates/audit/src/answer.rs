//! One question asked of one person: the events, and what is known of each.
//!
//! Invariants: an event is excluded, or answered yes, or answered no, or missing, and only one of these; exclusions come
//! before answers, so that no answer decides who is asked; silence is "no" only where a source that would have spoken
//! covers every day asked about; and where nobody could have said no, nobody has said yes either: else only those would be
//! known of whom it is yes.

use vocabulary::date::Date;

use crate::definition::{Clause, Excluded, Indicator, Place, Population, What};
use crate::people::{Asked, BLANK, Case, Cover, Fact, Kind, Person, RecordKey, Seen, UNDATED};

/// What is known of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Missing,
    Excluded,
}

/// An event of which something is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    pub day: i32,
    pub organisation: Option<&'a str>,
    pub nation: Option<&'a str>,
    /// The records that speak of the event itself.
    pub records: &'a [RecordKey],
    /// Those of them that have its very day.
    pub first_shown: &'a [RecordKey],
}

impl<'a> Event<'a> {
    /// Where it was.
    pub(crate) fn seen(&self) -> Seen<'a> {
        (self.nation, self.organisation)
    }
}

/// What everybody's answers are judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub cover: &'a Cover,
    pub period: (Date, Date),
    pub as_of: Date,
}

/// The days of one kind of event in people's lives.
#[derive(Debug)]
pub(crate) struct Events<'a> {
    population: &'a Population,
    /// The mask of the population's fact.
    mask: u32,
}

/// A question with its codes turned into masks.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    indicator: &'a Indicator,
    events: Events<'a>,
    /// Fact and mask of each clause: yes, no, then those of exclusions.
    yes: Vec<Condition<'a>>,
    no: Vec<Condition<'a>>,
    known: Vec<Condition<'a>>,
    exclusions: Vec<Option<Condition<'a>>>,
    /// Days after the event that the answer waits for.
    follow_up: i32,
}

/// A clause with its codes turned into a mask.
#[derive(Debug)]
pub(crate) struct Condition<'a> {
    clause: &'a Clause,
    mask: u32,
}

impl<'a> Events<'a> {
    pub(crate) fn new(population: &'a Population, asked: &Asked) -> Self {
        let mask = match population {
            Population::Fact { fact, codes, .. } => asked.mask(*fact, codes),
            _ => 0,
        };
        Self { population, mask }
    }

    /// Gives each event of the person to `each`.
    pub(crate) fn of(&self, person: &Person, facts: &[Fact], mut each: impl FnMut(Event<'_>)) {
        match self.population {
            Population::Primary => {
                if let Some(primary) = &person.primary {
                    each(Event {
                        day: primary.date.days(),
                        organisation: primary.organisation.as_deref(),
                        nation: primary.nation.as_deref(),
                        records: &primary.records,
                        first_shown: &[],
                    });
                }
            }
            Population::Secondary => {
                if let Some((case, date)) = dated(person).filter(|(case, _)| case.new) {
                    each(of_case(case, date.days(), (&case.records, &case.first_shown)));
                }
            }
            Population::Death => {
                if let Some(case) = &person.case
                    && let Some(death) = case.death
                {
                    each(of_case(case, death.days(), (&[], &[])));
                }
            }
            Population::Fact {
                fact,
                first,
                after_days,
                same_event_days,
                ..
            } => self.each_day(
                *fact,
                (*first, *after_days, *same_event_days),
                person,
                facts,
                each,
            ),
        }
    }

    /// The days with the population's fact, each once, with the records that state it then: on that day, or within so many
    /// days after it as are one event.
    fn each_day(
        &self,
        fact: usize,
        (first, after_days, same_event_days): (bool, i32, i32),
        person: &Person,
        facts: &[Fact],
        mut each: impl FnMut(Event<'_>),
    ) {
        let Some((case, date)) = dated(person) else { return };
        let mut wanted = of_fact(facts, fact)
            .iter()
            .filter(|own| own.mask & self.mask != 0 && own.day >= date.days().saturating_add(after_days))
            .peekable();
        let mut records = Vec::new();
        while let Some(own) = wanted.next() {
            records.clear();
            records.push(own.record);
            let mut first_shown = 1;
            let is_same = |next: &&Fact| next.day.saturating_sub(own.day) <= same_event_days;
            while let Some(same) = wanted.next_if(is_same) {
                records.push(same.record);
                // Facts come by day, so those of the first day stand before the others.
                first_shown += usize::from(same.day == own.day);
            }
            each(of_case(case, own.day, (&records, &records[..first_shown])));
            if first {
                return;
            }
        }
    }
}

impl<'a> Question<'a> {
    pub(crate) fn new(indicator: &'a Indicator, asked: &Asked) -> Self {
        let condition = |clause: &'a Clause| Condition::new(clause, asked);
        let waits = |clause: &Clause| match clause.place {
            Place::Days(_, to) => to,
            _ => 0,
        };
        Self {
            indicator,
            events: Events::new(&indicator.population, asked),
            yes: indicator.yes.iter().map(condition).collect(),
            no: indicator.no.iter().map(condition).collect(),
            known: indicator.known.iter().map(condition).collect(),
            exclusions: indicator
                .exclusions
                .iter()
                .map(|exclusion| match &exclusion.when {
                    Excluded::Fact(clause) => Some(condition(clause)),
                    _ => None,
                })
                .collect(),
            follow_up: indicator
                .yes
                .iter()
                .chain(&indicator.no)
                .map(waits)
                .max()
                .unwrap_or(0)
                .max(0),
        }
    }

    /// Gives each event of the person in the period with what is known of it.
    pub(crate) fn ask(
        &self,
        frame: &Frame<'_>,
        person: &Person,
        facts: &[Fact],
        mut take: impl FnMut(Event<'_>, Answer),
    ) {
        self.events.of(person, facts, |event| {
            let day = Date::from_days(event.day);
            if (frame.period.0..=frame.period.1).contains(&day) {
                let answer = self.answer(frame, person, facts, &event);
                take(event, answer);
            }
        });
    }

    fn answer(&self, frame: &Frame<'_>, person: &Person, facts: &[Fact], event: &Event<'_>) -> Answer {
        if event.day.saturating_add(self.follow_up) > frame.as_of.days() {
            return Answer::Excluded;
        }
        let case = person.case.as_ref();
        let excluded = self.indicator.exclusions.iter().zip(&self.exclusions);
        for (exclusion, condition) in excluded {
            let applies = match (&exclusion.when, condition) {
                (Excluded::DiedWithin(days), _) => died(case, (event.day, event.day.saturating_add(*days))),
                (Excluded::OnlyAtDeath, _) => case.is_some_and(|case| case.only_at_death),
                (Excluded::NotRecurrent, _) => case.is_none_or(|case| case.kind != Kind::Recurrent),
                (Excluded::NotCoveredSinceDiagnosis(kinds), _) => {
                    !covered_since_diagnosis(frame.cover, kinds, case, event)
                }
                (Excluded::Fact(_), Some(condition)) => condition.holds(frame, person, facts, event),
                (Excluded::Fact(_), None) => false,
            };
            if applies {
                return Answer::Excluded;
            }
        }
        let any = |conditions: &[Condition<'_>]| {
            let mut conditions = conditions.iter();
            conditions.any(|condition| condition.holds(frame, person, facts, event))
        };
        let could_be_known = self.known.is_empty() || any(&self.known);
        if !could_be_known || !self.could_be_no(frame, person, facts, event) {
            Answer::Missing
        } else if any(&self.yes) {
            Answer::Yes
        } else if any(&self.no) {
            Answer::No
        } else {
            Answer::Missing
        }
    }

    /// Whether somebody could have said no, where it is silence that says so: a source would have spoken, or a fact says no.
    ///
    /// That is so or not whatever the answer is, and whenever the person died: after a death nobody is treated, so the days
    /// up to it would do to know of a "no"; but then of the last months that a source covers only the dead would be known.
    fn could_be_no(&self, frame: &Frame<'_>, person: &Person, facts: &[Fact], event: &Event<'_>) -> bool {
        if !self.no.iter().any(|condition| condition.clause.absent) {
            return true;
        }
        self.no.iter().any(|condition| {
            if condition.clause.absent {
                condition.would_be_known(frame, person, event)
            } else {
                condition.holds(frame, person, facts, event)
            }
        })
    }
}

/// A person's secondary disease with its day.
pub(crate) fn dated(person: &Person) -> Option<(&Case, Date)> {
    let case = person.case.as_ref()?;
    Some((case, case.date?))
}

fn of_case<'a>(
    case: &'a Case,
    day: i32,
    (records, first_shown): (&'a [RecordKey], &'a [RecordKey]),
) -> Event<'a> {
    Event {
        day,
        organisation: case.organisation.as_deref(),
        nation: case.nation.as_deref(),
        records,
        first_shown,
    }
}

/// The facts of one kind, of a person's facts in order.
pub(crate) fn of_fact(facts: &[Fact], fact: usize) -> &[Fact] {
    let from = facts.partition_point(|own| usize::from(own.fact) < fact);
    let to = facts.partition_point(|own| usize::from(own.fact) <= fact);
    &facts[from..to]
}

/// Whether all of these kinds of source tell of the days from the diagnosis of secondary disease to an event.
fn covered_since_diagnosis(cover: &Cover, kinds: &[String], case: Option<&Case>, event: &Event<'_>) -> bool {
    let Some(date) = case.and_then(|case| case.date) else {
        return false;
    };
    let days = (date.days().min(event.day), event.day);
    kinds.iter().all(|kind| cover.tells(kind, event.seen(), days))
}

fn died(case: Option<&Case>, (from, to): (i32, i32)) -> bool {
    let death = case.and_then(|case| case.death);
    death.is_some_and(|death| (from..=to).contains(&death.days()))
}

impl<'a> Condition<'a> {
    pub(crate) fn new(clause: &'a Clause, asked: &Asked) -> Self {
        let mask = match &clause.what {
            What::Fact(fact, codes) => asked.mask(*fact, codes),
            _ => 0,
        };
        Self { clause, mask }
    }

    /// The days that the clause asks about.
    fn days(&self, event: &Event<'_>) -> (i32, i32) {
        match self.clause.place {
            Place::Days(from, to) => (event.day.saturating_add(from), event.day.saturating_add(to)),
            _ => (event.day, event.day),
        }
    }

    /// Whether what the clause looks for would be in the records if it was so: their sources tell of every day where the event
    /// was, with the codes that are asked for, and the person stayed.
    fn would_be_known(&self, frame: &Frame<'_>, person: &Person, event: &Event<'_>) -> bool {
        let days = self.days(event);
        // Somebody who left the country may have been treated, or have died, where nobody of ours looks.
        let left = person
            .case
            .as_ref()
            .and_then(|case| case.left)
            .is_some_and(|left| left.days() <= days.1);
        let filled = match &self.clause.what {
            What::Fact(fact, _) => frame.cover.fills(*fact, event.seen(), days),
            What::Death | What::OnlyAtDeath => true,
        };
        let mut kinds = self.clause.covered_by.iter();
        !left && filled && kinds.all(|kind| frame.cover.tells(kind, event.seen(), days))
    }

    pub(crate) fn holds(
        &self,
        frame: &Frame<'_>,
        person: &Person,
        facts: &[Fact],
        event: &Event<'_>,
    ) -> bool {
        let days = self.days(event);
        let within = |own: &Fact| own.day != UNDATED && (days.0..=days.1).contains(&own.day);
        let case = person.case.as_ref();
        let there = match &self.clause.what {
            What::Death => died(case, days),
            What::OnlyAtDeath => case.is_some_and(|case| case.only_at_death),
            What::Fact(fact, _) => of_fact(facts, *fact).iter().any(|own| {
                own.mask & self.mask != 0
                    && match self.clause.place {
                        // What has a day speaks of that day, wherever it stands.
                        Place::Record => own.day == UNDATED && event.records.contains(&own.record),
                        Place::Days(..) => within(own),
                        Place::Anywhere => true,
                    }
            }),
        };
        if !self.clause.absent {
            return there;
        }
        // A row of these days, or of none, that does not say what it is may be what is asked about.
        let maybe = match &self.clause.what {
            What::Fact(fact, _) => of_fact(facts, *fact)
                .iter()
                .any(|own| own.mask & BLANK != 0 && (own.day == UNDATED || within(own))),
            What::Death | What::OnlyAtDeath => false,
        };
        !there && !maybe && self.would_be_known(frame, person, event)
    }
}

#[cfg(test)]
mod tests;
