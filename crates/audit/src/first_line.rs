//! The first treatment of secondary disease: its class, by the subtype of the tumour, and whether it is what guidelines of
//! that day advised first.
//!
//! Invariants: everybody newly diagnosed while alive is in exactly one subtype and one class; what is not known stays so: a
//! receptor that was not tested is not negative, and silence of a source that does not cover the time, or of who sends it for
//! the organisation, is not "none".

use std::collections::BTreeMap;

use vocabulary::date::Date;

use crate::answer::{Event, Frame, dated, of_fact};
use crate::cells::{Counted, Sum};
use crate::definition::{Code, Standards, Treatments};
use crate::people::{Asked, Fact, Person};

/// The subtype of a tumour, by its receptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subtype {
    /// Oestrogen or progesterone positive, HER2 negative.
    HormonePositive,
    /// HER2 positive, whatever the others are.
    Her2Positive,
    /// All three known to be negative.
    TripleNegative,
    /// Anything else.
    NotKnown,
}

impl Subtype {
    /// Every subtype.
    pub const ALL: [Self; 4] = [
        Self::HormonePositive,
        Self::Her2Positive,
        Self::TripleNegative,
        Self::NotKnown,
    ];

    /// The word in the tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::HormonePositive => "hr_positive",
            Self::Her2Positive => "her2_positive",
            Self::TripleNegative => "triple_negative",
            Self::NotKnown => "not_known",
        }
    }
}

/// What the first treatment was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum First {
    /// A class of the definition, by its place there.
    Class(usize),
    /// A course of which no class knows the name.
    Other,
    /// No course, where the source would have shown one.
    NoneSeen,
    /// No course, where nobody would know.
    NotKnown,
}

impl First {
    pub(crate) fn word(self, treatments: &Treatments) -> &str {
        match self {
            Self::Class(at) => treatments.classes.get(at).map_or("other", |class| &class.id),
            Self::Other => "other",
            Self::NoneSeen => "none_seen",
            Self::NotKnown => "not_known",
        }
    }
}

/// People of a subtype and a class: all, and those for whom this class was advised first that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Treated {
    pub people: u64,
    /// Of them, those with any advice for their subtype on the day of the treatment.
    pub with_advice: u64,
    pub as_advised: u64,
    /// Of those with advice, those for whom every line that was used has been checked.
    pub verified: u64,
}

/// First treatments of one place and period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FirstLines(pub BTreeMap<(Subtype, First), Treated>);

impl Sum for FirstLines {
    fn sum(&mut self, other: &Self) {
        for (key, own) in &other.0 {
            let sum = self.0.entry(*key).or_default();
            sum.people += own.people;
            sum.with_advice += own.with_advice;
            sum.as_advised += own.as_advised;
            sum.verified += own.verified;
        }
    }
}

/// Subtype, first treatment, and the day on which it began.
pub(crate) fn of(
    standards: &Standards,
    asked: &Asked,
    frame: &Frame<'_>,
    person: &Person,
    facts: &[Fact],
) -> Option<(Subtype, First, Option<Date>)> {
    let treatments = standards.treatments.as_ref()?;
    let (case, date) = dated(person).filter(|(case, _)| case.new && !case.only_at_death)?;
    if !(frame.period.0..=frame.period.1).contains(&date) {
        return None;
    }
    let subtype = subtype(treatments, asked, date.days(), facts);
    let day = date.days();
    let span = (day + treatments.days.0, day + treatments.days.1);
    let mask = asked.mask(treatments.course.0, &treatments.course.1);
    let first = of_fact(facts, treatments.course.0)
        .iter()
        .filter(|own| own.mask & mask != 0 && (span.0..=span.1).contains(&own.day))
        .map(|own| own.day)
        .min();
    let Some(first) = first else {
        // Whoever died was watched for as long as there was anybody to treat. That alone would do, but then of the last months
        // that a source covers only the dead would be known, and as untreated.
        let left = case.left.is_some_and(|left| left.days() <= span.1);
        let kind = standards
            .facts
            .get(treatments.course.0)
            .map_or("", |fact| fact.kind());
        let seen = (case.nation.as_deref(), case.organisation.as_deref());
        let covered = span.1 <= frame.as_of.days() && frame.cover.tells(kind, seen, span);
        let silence = if covered && !left {
            First::NoneSeen
        } else {
            First::NotKnown
        };
        return Some((subtype, silence, None));
    };
    let named = |words: &Code| {
        treatments.names.iter().any(|name| {
            let mask = asked.mask(*name, std::slice::from_ref(words));
            let mut own = of_fact(facts, *name).iter();
            own.any(|own| own.day == first && own.mask & mask != 0)
        })
    };
    let class = treatments.classes.iter().position(|class| named(&class.words));
    Some((
        subtype,
        class.map_or(First::Other, First::Class),
        Some(Date::from_days(first)),
    ))
}

/// The subtype of the last breast tumour registered up to a month after the diagnosis of secondary disease.
pub(crate) fn subtype(treatments: &Treatments, asked: &Asked, day: i32, facts: &[Fact]) -> Subtype {
    const REGISTERED_LATE: i32 = 31;
    let receptors = &treatments.receptors;
    let three = [receptors.oestrogen, receptors.progesterone, receptors.her2];
    let tumour = three
        .iter()
        .flat_map(|fact| of_fact(facts, *fact))
        .map(|own| own.day)
        .filter(|own| *own <= day + REGISTERED_LATE)
        .max();
    let Some(tumour) = tumour else {
        return Subtype::NotKnown;
    };
    // Two tumours of one day that say different things leave the receptor unknown.
    let positive = |fact: usize| {
        let said = |codes: &[Code]| {
            let mask = asked.mask(fact, codes);
            let mut own = of_fact(facts, fact).iter();
            own.any(|own| own.day == tumour && own.mask & mask != 0)
        };
        match (said(&receptors.positive), said(&receptors.negative)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    };
    match three.map(positive) {
        [_, _, Some(true)] => Subtype::Her2Positive,
        [Some(true), _, Some(false)] | [_, Some(true), Some(false)] => Subtype::HormonePositive,
        [Some(false), Some(false), Some(false)] => Subtype::TripleNegative,
        _ => Subtype::NotKnown,
    }
}

/// Counts a person at the place and year of the diagnosis.
pub(crate) fn add(
    lines: &mut Counted<FirstLines>,
    standards: &Standards,
    asked: &Asked,
    frame: &Frame<'_>,
    (person, facts): (&Person, &[Fact]),
) {
    let (Some(treatments), Some((case, date))) = (&standards.treatments, dated(person)) else {
        return;
    };
    let Some((subtype, first, began)) = of(standards, asked, frame, person, facts) else {
        return;
    };
    let event = Event {
        day: date.days(),
        organisation: case.organisation.as_deref(),
        nation: case.nation.as_deref(),
        records: &[],
        first_shown: &[],
    };
    let own = lines.at(0, &event).0.entry((subtype, first)).or_default();
    own.people += 1;
    let advised: Vec<_> = began
        .into_iter()
        .flat_map(|began| treatments.advised(subtype.word(), began))
        .collect();
    if !advised.is_empty() {
        let class = first.word(treatments);
        own.with_advice += 1;
        own.as_advised += u64::from(advised.iter().any(|advice| advice.class == class));
        own.verified += u64::from(advised.iter().all(|advice| advice.verified));
    }
}
