//! Who may be named on a list, and what is told of records from elsewhere. Who waits at all is drawn in the examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::people::record_key;

fn happened(day: &str, row: i64) -> Happened {
    Happened {
        day: day.parse().unwrap(),
        words: "disease progressed".to_owned(),
        records: vec![record_key(0, row)],
        first_shown: vec![record_key(0, row)],
    }
}

/// What the list of an organisation that sent these rows says of one person.
fn said_of(occasions: Vec<Happened>, organisation: &str, rows: &[i64]) -> Vec<String> {
    let open = Open {
        people: vec![waiting(1, "AAA", occasions, false)],
        ..Open::default()
    };
    let list = open.list(organisation, &sent(&[(1, rows)]));
    let occasions = list.standard.iter().flat_map(|listed| &listed.occasions);
    occasions.map(ToString::to_string).collect()
}

fn waiting(person: i64, organisation: &str, occasions: Vec<Happened>, complex: bool) -> Waiting {
    let reason = ("brain".to_owned(), "spread to the brain".to_owned());
    Waiting {
        person,
        organisation: Some(organisation.to_owned()),
        occasions,
        reasons: complex.then_some(reason).into_iter().collect(),
    }
}

fn sent(rows: &[(i64, &[i64])]) -> BTreeMap<i64, BTreeSet<(i64, i64)>> {
    let of = |(person, rows): &(i64, &[i64])| (*person, rows.iter().map(|row| (0, *row)).collect());
    rows.iter().map(of).collect()
}

#[test]
fn only_those_are_named_of_whom_the_organisation_has_sent_a_record() {
    let open = Open {
        people: vec![
            waiting(1, "AAA", vec![happened("2024-03-05", 11)], false),
            waiting(2, "AAA", vec![happened("2024-02-05", 12)], false),
            waiting(3, "BBB", vec![happened("2024-02-07", 13)], true),
            waiting(4, "BBB", vec![happened("2024-02-09", 14)], false),
        ],
        // Of those who wait since before the last meeting only whom AAA may name is counted.
        earlier: vec![
            waiting(5, "AAA", vec![happened("2023-02-05", 15)], false),
            waiting(6, "AAA", vec![happened("2023-02-05", 16)], false),
            waiting(7, "BBB", vec![happened("2023-02-05", 17)], false),
            waiting(8, "BBB", vec![happened("2023-02-05", 18)], false),
        ],
    };
    // AAA sent records of 1, 3 and 4; only of 1 and 3 the one that says what happened.
    let list = open.list(
        "AAA",
        &sent(&[
            (1, &[11]),
            (3, &[13]),
            (4, &[99]),
            (5, &[98]),
            (7, &[17]),
            (8, &[97]),
        ]),
    );
    let numbers = |part: &[Listed]| part.iter().map(|listed| listed.person).collect::<Vec<_>>();
    assert_eq!(
        (numbers(&list.complex), numbers(&list.standard)),
        (vec![3], vec![1])
    );
    assert_eq!(
        list.unnamed, 1,
        "2 is AAA's, which has sent no record of that person"
    );
    assert_eq!(list.earlier, 2, "5 is AAA's, and of 7 it sent what happened");
    assert_eq!(open.list("CCC", &sent(&[])), MeetingList::default());
}

#[test]
fn what_another_body_sent_is_told_by_month_and_once() {
    let occasions = vec![
        happened("2024-03-05", 50),
        happened("2024-03-09", 51),
        happened("2024-04-02", 7),
    ];
    assert_eq!(
        said_of(occasions, "AAA", &[7]),
        [
            "2024-03: disease progressed (by a record from elsewhere)",
            "2024-04-02: disease progressed"
        ]
    );
}

/// BBB stated on the 12th what AAA's record had shown on the 1st; both have sent what happened.
#[test]
fn a_day_is_told_only_to_who_sent_it() {
    let diagnosed = || Happened {
        words: "newly diagnosed".to_owned(),
        records: vec![record_key(0, 7), record_key(0, 50)],
        ..happened("2024-03-01", 7)
    };
    let told = |organisation, rows: &[i64]| said_of(vec![diagnosed()], organisation, rows);
    assert_eq!(told("AAA", &[7]), ["2024-03-01: newly diagnosed"]);
    let month = ["2024-03: newly diagnosed (by a record from elsewhere)"];
    assert_eq!(told("BBB", &[50]), month);
    assert_eq!(told("AAA", &[50]), month);
    let nothing: Vec<String> = Vec::new();
    assert_eq!(told("BBB", &[51]), nothing, "BBB sent nothing of what happened");
}

#[test]
fn days_beside_it_tell_nothing_of_a_day_that_is_kept_back() {
    let own = happened("2024-03-18", 7);
    let hidden = |day: &str, words: &str| Happened {
        words: words.to_owned(),
        ..happened(day, 50)
    };
    for [course, progressed] in [
        ["2024-03-02", "2024-03-30"],
        ["2024-03-30", "2024-03-02"],
        ["2024-03-20", "2024-03-19"],
    ] {
        let mut occasions = vec![
            own.clone(),
            hidden(course, "new course"),
            hidden(progressed, "progressed"),
        ];
        occasions.sort_by_key(|happened| happened.day);
        assert_eq!(
            said_of(occasions, "AAA", &[7]),
            [
                "2024-03-18: disease progressed",
                "2024-03: new course (by a record from elsewhere)",
                "2024-03: progressed (by a record from elsewhere)",
            ]
        );
    }
}

#[test]
fn the_order_gives_no_day_away_that_the_list_keeps_back() {
    let one = waiting(1, "AAA", vec![happened("2024-03-31", 50)], false);
    let two = waiting(2, "AAA", vec![happened("2024-03-01", 51)], false);
    let open = Open {
        people: vec![one, two],
        ..Open::default()
    };
    let list = open.list("AAA", &sent(&[(1, &[1]), (2, &[2])]));
    let numbers: Vec<i64> = list.standard.iter().map(|listed| listed.person).collect();
    assert_eq!(numbers, [1, 2]);
}
