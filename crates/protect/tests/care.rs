//! Care in a release: yes, no and missing make up each other, and stand in other tables too.
#![allow(clippy::unwrap_used)]

mod support;

use protect::*;
use support::{counts, drawn, made, manifest};

/// A row of `care`: indicator, excluded, yes, no, missing.
type Drawn = (&'static str, i64, i64, i64, i64);

fn care(rows: &[Drawn]) -> RawTable {
    let row = |(indicator, excluded, yes, no, missing): &Drawn| {
        let texts = [
            "nation",
            "North",
            indicator,
            "2024",
            "1",
            "Nurse",
            "Not who she is.",
            "national_records",
        ];
        let known = yes + no;
        let null = |columns| std::iter::repeat_n(RawValue::Null, columns);
        let counted = [known + missing + excluded, *excluded].map(RawValue::from);
        let answers = [known, *yes].map(RawValue::from);
        let values = texts
            .map(RawValue::from)
            .into_iter()
            .chain(counted)
            .chain(null(1));
        values.chain(answers).chain(null(8)).collect()
    };
    RawTable {
        name: "care".into(),
        version: 1,
        about: "Care.".into(),
        columns: care_columns(),
        rows: rows.iter().map(row).collect(),
        sums: care_sums(),
    }
}

/// People found only at death in the North in 2024.
fn checks(people: i64) -> RawTable {
    RawTable {
        name: "checks".into(),
        version: 1,
        about: "Checks.".into(),
        columns: checks_columns(),
        rows: vec![vec![
            "found_only_at_death".into(),
            "nation".into(),
            "North".into(),
            "2024".into(),
            people.into(),
            "".into(),
        ]],
        sums: Vec::new(),
    }
}

const COUNTS: [&str; 8] = [
    "indicator",
    "population",
    "excluded",
    "asked",
    "known",
    "missing",
    "yes",
    "no",
];

#[test]
fn rows_add_up_as_they_are_shown_and_nothing_rests_on_what_is_hidden() {
    // Of the first question six said no: from 120 known and 115 yes it can only be seen that they are one to nine. Of the
    // second two said yes, which is hidden and with it everything that rests on it.
    let release = made(
        vec![care(&[("nurse", 30, 114, 6, 210), ("plan", 0, 150, 90, 120)])],
        Vec::new(),
    );
    insta::assert_snapshot!(drawn(&release, "care", &COUNTS));
}

#[test]
fn a_share_needs_the_numbers_that_it_stands_on() {
    let release = made(
        vec![care(&[
            ("nurse", 30, 114, 36, 210),
            ("plan", 0, 2, 350, 8),
            ("all", 10, 15, 0, 40),
        ])],
        Vec::new(),
    );
    let columns = [
        "indicator",
        "recorded_percent",
        "share_percent",
        "low",
        "high",
        "yes_at_least_percent",
        "no_at_least_percent",
    ];
    insta::assert_snapshot!(drawn(&release, "care", &columns));
}

#[test]
fn what_rests_on_too_few_people_says_so() {
    let texts = [
        "nation",
        "North",
        "emergency-route",
        "2024",
        "0",
        "In an emergency",
        "Not why.",
        "national_records",
    ];
    let few = RawValue::Missing(State::TooFew);
    let numbers = [RawValue::from(20_i64), RawValue::from(0_i64), RawValue::Null, few];
    let row = texts.map(RawValue::from).into_iter().chain(numbers);
    let table = RawTable {
        name: "care_of_all".into(),
        columns: care_of_all_columns(),
        rows: vec![row.chain(std::iter::repeat_n(RawValue::Null, 4)).collect()],
        sums: care_yes_sums(),
        ..care(&[])
    };
    insta::assert_snapshot!(
        drawn(&made(vec![table], vec![]), "care_of_all", &["asked", "yes", "no", "share_percent", "low", "high"]),
        @"20 [too_few] [too_few] [too_few] [too_few] [too_few]"
    );
}

#[test]
fn what_stands_in_another_table_is_hidden_in_both() {
    // Four people are found only at death, which is why four are not asked: hidden in one table, hidden in the other, and
    // with it how many were asked, since they would tell.
    let raw = |links: Vec<LinkRule>| RawRelease {
        manifest: manifest(true, false),
        tables: vec![
            counts(&[("nation", "North", "all", "all", 200, 364)]),
            checks(4),
            care(&[("nurse", 4, 114, 36, 210)]),
        ],
        links,
    };
    let links = vec![
        counts_and_care_link("care", "nurse"),
        only_at_death_link("care", "nurse", "excluded"),
    ];
    let policy = Policy::hes().unwrap();
    let release = release(&raw(links), &policy).unwrap();
    let draw = |table: &str, columns: &[&str]| drawn(&release, table, columns);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        draw("counts", &["measure", "recorded", "found"]),
        draw("checks", &["name", "people"]),
        draw("care", &COUNTS)
    ));
}

#[test]
fn a_number_of_two_tables_that_is_not_the_same_is_no_contradiction() {
    // Of a question that waits for its answer the last months are not yet asked: 300 of 364 people.
    let raw = RawRelease {
        manifest: manifest(true, false),
        tables: vec![
            counts(&[("nation", "North", "all", "all", 200, 364)]),
            care(&[("nurse", 20, 114, 36, 130)]),
        ],
        links: vec![counts_and_care_link("care", "nurse")],
    };
    assert!(release(&raw, &Policy::hes().unwrap()).is_ok());
}

/// Nations of whom one is hidden, and their country.
fn nations(people: &[(&str, i64)]) -> RawTable {
    let country: i64 = people.iter().map(|(_, people)| people).sum();
    let row = |kind: &str, place: &str, people: i64| -> Vec<RawValue> {
        let texts = ["found_only_at_death", kind, place, "2024"].map(RawValue::from);
        texts.into_iter().chain([people.into(), "".into()]).collect()
    };
    let rows = people.iter().map(|(place, people)| row("nation", place, *people));
    let inside = people
        .iter()
        .map(|(place, _)| (Place::new("nation", place), Place::new("country", "all")));
    RawTable {
        rows: rows.chain([row("country", "all", country)]).collect(),
        sums: checks_sums(inside.collect()),
        version: 2,
        ..checks(0)
    }
}

#[test]
fn a_hidden_nation_is_not_told_by_the_others() {
    // Without the sum the one hidden number would be what the country leaves: 45 less three times 10 to 14.
    let raw = RawRelease {
        manifest: manifest(true, false),
        tables: vec![nations(&[
            ("East", 12),
            ("North", 12),
            ("South", 12),
            ("West", 7),
        ])],
        links: Vec::new(),
    };
    let release = release(&raw, &Policy::hes().unwrap()).unwrap();
    let table = release.table("checks").unwrap();
    let hidden = table.rows().filter(|row| row.figure("people").is_hidden());
    assert!(
        hidden.count() >= 2,
        "{}",
        drawn(&release, "checks", &["place", "people"])
    );
}
