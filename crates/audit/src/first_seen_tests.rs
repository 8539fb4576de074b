//! From first seen to the diagnosis: both days are those of one record.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vocabulary::date::Date;

use crate::answer::Frame;
use crate::cells::{ALL, Counted};
use crate::definition::Standards;
use crate::delay::{self, Waits};
use crate::people::{Asked, Case, Cover, Fact, Kind, Person};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// An admission showed the disease on 10 May; the record of the diagnosis has 15 June.
#[test]
fn the_day_of_the_diagnosis_is_that_of_the_record_and_not_an_earlier_one_of_another_source() {
    let standards = Standards::built_in().unwrap();
    let asked = Asked::of(&standards).unwrap();
    let fact = |name: &str, on: &str, record: u64| {
        let at = standards.facts.iter().position(|own| own.name == name).unwrap();
        Fact {
            person: 0,
            fact: u16::try_from(at).unwrap(),
            day: day(on).days(),
            mask: 1,
            record,
        }
    };
    let mut facts = vec![
        fact("first_seen", "2023-05-01", 7),
        fact("non_primary_diagnosis", "2023-06-15", 7),
        // This record does not say when the diagnosis was.
        fact("first_seen", "2023-04-01", 8),
    ];
    facts.sort_unstable();
    let person = Person {
        case: Some(Case {
            date: Some(day("2023-05-10")),
            new: true,
            only_at_death: false,
            kind: Kind::Recurrent,
            organisation: None,
            nation: None,
            death: None,
            left: None,
            records: vec![7, 8],
            first_shown: Vec::new(),
        }),
        ..Person::default()
    };
    let cover = Cover::default();
    let frame = Frame {
        cover: &cover,
        period: (day("2019-01-01"), day("2025-12-31")),
        as_of: day("2025-12-31"),
    };
    let mut waits = Counted::<Waits>::default();
    delay::add(&mut waits, &standards.delays, &asked, &frame, (&person, &facts));
    let is_it = |id: &str| id == "first-seen-to-diagnosis";
    let at = standards.delays.iter().position(|own| is_it(&own.id)).unwrap();
    let places = waits.by_place(frame.period);
    let whole = places
        .iter()
        .find(|((delay, place), _)| *delay == at && place.period == ALL);
    let line = whole.unwrap().1.line(&standards.delays[at].span).unwrap();
    assert_eq!((line.ended, line.missing, line.median), (1, 0, Some(45.0)));
}
