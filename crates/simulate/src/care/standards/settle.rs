//! Puts what was written down into COSD records, in place of what a record says when nothing is known of its care.

use super::{Event, Item, Line, Standards};
use crate::care::record::{Assessment, Meeting, Plan, Statement, What};
use vocabulary::date::Date;

/// What a record is about, as far as care is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// Something that no standard asks for: the record keeps the answers it was drawn with.
    Nothing,
    /// An event at the hospital whose care it is.
    Event(Event),
    /// A trace of secondary disease at a hospital that makes no record of it: of its care the meeting at most is said.
    Trace { meeting: bool },
    /// An event whose care is another hospital's: nothing is said of care.
    Elsewhere,
}

/// What may be said of a record's care: everything, or what a first and hasty sending holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    Whole,
    /// The nurse and the assessment come with a later sending.
    First,
}

impl Sending {
    fn holds(self, item: Item) -> bool {
        self == Sending::Whole
            || !matches!(
                item,
                Item::NurseAtPrimary
                    | Item::Nurse
                    | Item::AssessmentAtPrimary
                    | Item::Assessment
                    | Item::CarePlanAtPrimary
                    | Item::CarePlan
            )
    }
}

impl Standards {
    /// Replaces the care that a record was drawn with. `primary` is the event of the primary on whose record it may
    /// stand.
    pub(crate) fn settle(&self, statement: &mut Statement, about: About, sending: Sending, primary: Event) {
        let on_primary = match &statement.what {
            What::Primary { progression, .. } => progression.as_ref().map(|(date, _)| *date),
            What::Return { .. } => None,
        };
        if about == About::Nothing && on_primary.is_none() {
            return;
        }
        statement.nurse = None;
        statement.plan = Plan::default();
        if about == About::Nothing {
            // On the primary's own record: its nurse and plan are the primary's, there is one place for each.
            self.inherit(statement, primary);
            return;
        }
        statement.meetings.clear();
        statement.assessments.clear();
        if let What::Return {
            referral, palliative, ..
        } = &mut statement.what
        {
            // A second hospital had the person from the first one.
            (*referral, *palliative) = (if about == About::Elsewhere { "05" } else { "" }, "");
        }
        let own = matches!(statement.what, What::Return { .. }).then_some(statement.date);
        match (about, on_primary) {
            (About::Nothing | About::Elsewhere, _) => {}
            (About::Event(event), Some(date)) => {
                // Entered on the primary's own record: that is sent again whole, with what has a date of its own.
                self.inherit(statement, primary);
                let dated = |item| !matches!(item, Item::Nurse | Item::Aim);
                self.say(statement, event, Some(date), |item| {
                    dated(item) && sending.holds(item)
                });
            }
            (About::Event(event), None) => self.say(statement, event, own, |item| sending.holds(item)),
            (About::Trace { meeting }, _) => {
                self.inherit(statement, primary);
                if meeting && primary != Event::Secondary {
                    self.say(statement, Event::Secondary, None, |item| item == Item::Meeting);
                }
            }
        }
    }

    /// What the primary's own record says, if it is this hospital's.
    fn inherit(&self, statement: &mut Statement, primary: Event) {
        self.say(statement, primary, None, |_| true);
    }

    /// Says what this hospital wrote down of an event. Days count from the stated date of the event, or from its true
    /// one.
    fn say(
        &self,
        statement: &mut Statement,
        event: Event,
        stated: Option<Date>,
        says: impl Fn(Item) -> bool,
    ) {
        let own = statement.hospital;
        let said = self
            .of(event)
            .filter(|(_, line)| line.hospital == own && says(line.item));
        for (place, line) in said {
            let Some(code) = line.code else { continue };
            let day = stated.unwrap_or(line.date).plus_days(line.days);
            let day = self.last_day.map_or(day, |last| day.min(last));
            if self.put(statement, line, code, day) {
                statement.says.push(place);
            }
        }
    }

    /// Writes one code into a record; whether it has a place there.
    fn put(&self, statement: &mut Statement, line: &Line, code: &'static str, day: Date) -> bool {
        match line.item {
            Item::NurseAtPrimary | Item::Nurse => statement.nurse = Some(code),
            Item::MeetingAtPrimary | Item::Meeting => statement.meetings.push(Meeting {
                date: day,
                kind: code,
                discussion: line.discussion,
            }),
            Item::AssessmentAtPrimary | Item::Assessment => {
                let (offered, status) = code.split_once('/').unwrap_or((code, ""));
                statement.assessments.push(Assessment {
                    date: day,
                    point: self.point(line.event),
                    offered,
                    status,
                });
            }
            // It stands in the assessment's own entry.
            Item::CarePlanAtPrimary | Item::CarePlan => {}
            Item::AimAtPrimary | Item::Aim => statement.plan.intent = Some(code),
            Item::CordCompression => statement.acute.push((day, code)),
            Item::Palliative | Item::EmergencyRoute => {
                let What::Return {
                    referral, palliative, ..
                } = &mut statement.what
                else {
                    return false;
                };
                let field = if line.item == Item::Palliative {
                    palliative
                } else {
                    referral
                };
                *field = code;
            }
            _ => return Item::FORM.contains(&line.item),
        }
        true
    }

    /// The point of the pathway: the first diagnosis of cancer, or of its return.
    fn point(&self, event: Event) -> &'static str {
        match event {
            Event::Primary(_) => "01",
            Event::Secondary if self.de_novo => "01",
            _ => "05",
        }
    }
}
