//! Files that were not sent, in the middle of those that were: what they would have told is missing, never zero and no
//! accusation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use vocabulary::cover::Spans;
use world::{Case, World, day, numbered};

/// Asserts lines of `place_kind place measure period -> recorded/found`.
fn totals(outcome: &world::Outcome, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, wanted) = line.split_once("->").expect("an arrow");
        let key: Vec<&str> = key.split_whitespace().collect();
        let found = outcome.total(key[0], key[1], key[2], key[3]);
        assert_eq!(found, wanted.trim(), "in the line {line}");
    }
}

/// Thirty people of one organisation and year, shown by other records, some of them recorded.
fn people(organisation: &str, year: &str, recorded: u32) -> Vec<Case> {
    let one = |index: u32| Case {
        tier: "B".to_owned(),
        kind: "recurrent".to_owned(),
        date: Some(day(&format!("{year}-05-15"))),
        organisation: Some(organisation.to_owned()),
        nation: Some("Northland".to_owned()),
        recorded: index < recorded,
        elsewhere: true,
        new: true,
        ..Case::default()
    };
    (0..30).map(one).collect()
}

/// Deaths of 2023 were not sent: of those who died then nobody knows, in that year and on every day after it.
#[test]
fn a_year_of_which_no_deaths_were_sent_is_not_computable() {
    let mut world = World::drawn(
        "
        date       organisation death      only_at_death
        2022-05-05 AAA          -          no
        2022-05-05 AAA          2022-07-01 no
        2023-05-05 AAA          2024-02-01 no
    ",
    );
    world.period = (day("2022-01-01"), day("2024-12-31"));
    world.no_deaths = vec![(day("2023-01-01"), day("2023-12-31"))];
    let deaths = ("deaths".to_owned(), None);
    let before_and_after = [
        (day("2022-01-01"), day("2022-12-31")),
        (day("2024-01-01"), day("2024-12-31")),
    ];
    world.cover.insert(deaths, Spans::of(before_and_after));
    let outcome = world.run(2);
    totals(
        &outcome,
        "
        country all died   2022       -> 0/1
        country all died   2023       -> ./.
        country all died   2024       -> 0/1
        country all living 2022-12-31 -> 0/1
        country all living 2023-12-31 -> ./.
        country all living 2024-12-31 -> ./.
        country all new    2023       -> 0/1
    ",
    );
    assert_eq!(outcome.report.deaths_until, Some(day("2022-12-31")));
    let only_at_death = |year: &str| {
        let check = outcome.checks[&["found_only_at_death", "all", year].map(str::to_owned)].0;
        (check, outcome.complete("AAA", year, "all").only_at_death)
    };
    assert_eq!(only_at_death("2022"), (Some(0.0), Some(0)));
    assert_eq!(only_at_death("2023"), (None, None), "missing, never zero");
    assert_eq!(only_at_death("2024"), (Some(0.0), Some(0)));
}

/// Deaths of March 2023 were not sent: one person found only at death in 2023 may be one of several, so the number is blank.
#[test]
fn a_number_found_only_at_death_is_blank_in_a_year_with_a_hole() {
    let mut world = World::drawn(
        "
        date       organisation only_at_death last_breast_record death
        2022-05-05 AAA          yes           AAA                2022-05-05
        2023-05-05 AAA          yes           AAA                2023-05-05
    ",
    );
    world.period = (day("2022-01-01"), day("2024-12-31"));
    world.no_deaths = vec![(day("2023-03-01"), day("2023-03-31"))];
    let outcome = world.run(2);
    let check = |place: &str, year: &str| {
        outcome.checks[&["found_only_at_death", place, year].map(str::to_owned)].clone()
    };
    for (year, people) in [("2022", Some(1_i64)), ("2023", None), ("2024", Some(0))] {
        assert_eq!(
            outcome.complete("AAA", year, "all").only_at_death,
            people,
            "{year}"
        );
        for place in ["all", "Northland"] {
            assert_eq!(
                check(place, year).0,
                people.map(|people| people as f64),
                "{place} {year}"
            );
        }
    }
    let words = check("all", "2023").1;
    assert!(
        words.ends_with("deaths are not held for the whole of 2023."),
        "{words}"
    );
}

/// Westland sends admissions alone, and none of 2023: then nothing looked there in 2023.
#[test]
fn a_year_in_the_middle_of_which_nothing_was_sent_has_no_zeros() {
    let mut world = World::new(Vec::new());
    world.period = (day("2022-01-01"), day("2024-12-31"));
    let admissions = ("admissions".to_owned(), Some("Westland".to_owned()));
    let before_and_after = [
        (day("2022-01-01"), day("2022-12-31")),
        (day("2024-01-01"), day("2024-12-31")),
    ];
    world.cover.insert(admissions, Spans::of(before_and_after));
    totals(
        &world.run(1),
        "
        nation Westland  new 2022 -> ./0
        nation Westland  new 2023 -> no row
        nation Westland  new 2024 -> ./0
        nation Northland new 2023 -> 0/0
    ",
    );
}

/// Ash sends COSD for itself and for Cedar. Its files of 2023 are missing: that says nothing of what the two recorded.
#[test]
fn a_missing_file_is_no_accusation() {
    let mut world = World::new(numbered(vec![
        people("CCC", "2022", 20),
        people("CCC", "2023", 1),
        people("CCC", "2024", 20),
        people("AAA", "2023", 0),
    ]));
    world.period = (day("2022-01-01"), day("2024-12-31"));
    world
        .coverage
        .push(("cosd", Some("CCC"), None, "2020-01-01", "2024-12-01"));
    world.cosd_files = vec![
        ("AAA", "2020-01-01", "2022-12-31"),
        ("AAA", "2024-01-01", "2024-12-31"),
    ];
    for (organisation, records) in [("AAA", 3), ("CCC", 1)] {
        world.months.extend([
            ("AAA", organisation, "2020-01-01", "2022-12-01", records),
            ("AAA", organisation, "2024-01-01", "2024-12-01", records),
        ]);
    }
    let states = |world: &World| {
        let outcome = world.run(2);
        let state = |organisation, year| outcome.complete(organisation, year, "all").status.clone();
        let cedar = ["2022", "2023", "2024"].map(|year| state("CCC", year));
        (
            cedar.join(" "),
            state("AAA", "2023"),
            outcome.report.warnings.clone(),
        )
    };
    let (cedar, ash, warnings) = states(&world);
    assert_eq!(cedar, "partly no_response partly");
    assert_eq!(ash, "no_response");
    let said = warnings
        .iter()
        .find(|warning| warning.rule == "silent_senders")
        .unwrap();
    assert!(
        said.message
            .contains("`cosd` of AAA from 2023-01-01 to 2023-12-31."),
        "{}",
        said.message
    );

    // The late file is there, and holds one record a month of Ash alone: now it is known that Cedar had recorded hardly anyone.
    world.cosd_files.push(("AAA", "2023-01-01", "2023-12-31"));
    world.months.push(("AAA", "AAA", "2023-01-01", "2023-12-01", 1));
    let (cedar, ash, warnings) = states(&world);
    assert_eq!(cedar, "partly not_collecting partly");
    assert_eq!(ash, "not_collecting");
    assert!(warnings.iter().all(|warning| warning.rule != "silent_senders"));
}
