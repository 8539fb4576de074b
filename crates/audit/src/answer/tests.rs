#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::definition::{FactSource, Standards};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Somebody of Wales, diagnosed on a day.
fn diagnosed(date: &str, died: Option<&str>) -> Person {
    Person {
        case: Some(Case {
            date: Some(day(date)),
            new: true,
            only_at_death: false,
            kind: Kind::NotKnown,
            organisation: None,
            nation: Some("Wales".to_owned()),
            death: died.map(day),
            left: None,
            records: Vec::new(),
            first_shown: Vec::new(),
        }),
        ..Person::default()
    }
}

/// Radiotherapy until June 2025 and deaths until June 2025, in a study of 2025.
fn ended() -> Cover {
    let mut cover = Cover::default();
    for kind in ["rtds", "deaths", "sact"] {
        cover.add(kind, Some("Wales"), (day("2012-01-01"), day("2025-06-30")));
    }
    cover
}

/// The answers to a question where a fact with a code is stated of some days.
fn answers(
    question: &str,
    cover: &Cover,
    person: &Person,
    stated: Option<(&str, &str, &str)>,
) -> Vec<Answer> {
    let standards = Standards::built_in().unwrap();
    let asked = Asked::of(&standards).unwrap();
    let facts: Vec<Fact> = stated
        .into_iter()
        .map(|(name, code, on)| {
            let named = |fact: &FactSource| fact.name == name;
            let fact = standards.facts.iter().position(named).unwrap();
            Fact {
                person: 0,
                fact: u16::try_from(fact).unwrap(),
                day: day(on).days(),
                mask: asked.mask(fact, &[crate::definition::Code::Exact(code.to_owned())]) | 1,
                record: 0,
            }
        })
        .collect();
    let frame = Frame {
        cover,
        period: (day("2019-01-01"), day("2025-12-31")),
        as_of: day("2025-12-31"),
    };
    let mut found = Vec::new();
    Question::new(standards.indicator(question).unwrap(), &asked).ask(&frame, person, &facts, |_, answer| {
        found.push(answer);
    });
    found
}

/// A source ends before the study does: neither yes nor no is known of whom it does not tell for as long as is asked.
#[test]
fn where_nobody_could_have_said_no_there_is_no_yes() {
    let cover = ended();
    let treated = |diagnosed_on: &str, treated_on: &str| {
        let stated = Some(("radiotherapy", "01", treated_on));
        answers(
            "palliative-radiotherapy",
            &cover,
            &diagnosed(diagnosed_on, None),
            stated,
        )
    };
    assert_eq!(treated("2024-03-01", "2024-09-01"), [Answer::Yes]);
    assert_eq!(treated("2024-10-01", "2024-11-01"), [Answer::Missing]);
    // Whether it is known does not hang on the death.
    let silent = |died: Option<&str>| {
        let person = diagnosed("2024-10-01", died);
        answers("palliative-radiotherapy", &cover, &person, None)
    };
    assert_eq!(silent(None), [Answer::Missing]);
    assert_eq!(silent(Some("2024-11-30")), [Answer::Missing]);
    // A death is known, and those who live on are not: the month after the last days is not covered.
    let died = |began: &str, died: Option<&str>| {
        let person = diagnosed("2024-10-01", died);
        let stated = Some(("regimen", "02", began));
        answers("died-within-30-days-of-starting", &cover, &person, stated)
    };
    assert_eq!(died("2025-06-15", Some("2025-06-20")), [Answer::Missing]);
    assert_eq!(died("2025-06-15", None), [Answer::Missing]);
    assert_eq!(died("2025-05-15", Some("2025-05-20")), [Answer::Yes]);
    assert_eq!(died("2025-05-15", None), [Answer::No]);
}

/// In a nation whose radiotherapy comes without its aim nobody can be told apart, the untreated as little as the treated.
#[test]
fn a_column_that_is_not_filled_answers_for_nobody() {
    let standards = Standards::built_in().unwrap();
    let asked = Asked::of(&standards).unwrap();
    let fact = standards
        .facts
        .iter()
        .position(|fact| fact.name == "radiotherapy")
        .unwrap();
    let people = crate::people::People {
        people: vec![diagnosed("2021-03-01", None), diagnosed("2021-03-01", None)],
        facts: vec![Fact {
            person: 0,
            fact: u16::try_from(fact).unwrap(),
            day: day("2021-10-01").days(),
            mask: BLANK | 1,
            record: 0,
        }],
        stated: Vec::new(),
    };
    let mut cover = ended();
    let untreated =
        |cover: &Cover, date: &str| answers("palliative-radiotherapy", cover, &diagnosed(date, None), None);
    assert_eq!(untreated(&cover, "2021-03-01"), [Answer::No]);
    cover.note_blanks(&asked, &people);
    assert_eq!(untreated(&cover, "2021-03-01"), [Answer::Missing]);
    assert_eq!(untreated(&cover, "2022-03-01"), [Answer::No], "of another year");
}
