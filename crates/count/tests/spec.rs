//! What the stage promises, drawn as tables: cases in, counts, completeness and checks out, through the real engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use count::{Confirmed, CountError, Of, Reviewed, Thresholds};
use world::{Case, World, day, numbered, session};

const WINDOW: &str = "2023-10-01/2024-09-30";

/// Asserts lines of `place_kind place measure period -> recorded/found`.
fn totals(outcome: &world::Outcome, table: &str) {
    let mut lines = 0;
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, wanted) = line.split_once("->").expect("an arrow");
        let key: Vec<&str> = key.split_whitespace().collect();
        let found = outcome.total(key[0], key[1], key[2], key[3]);
        assert_eq!(found, wanted.trim(), "in the line {line}");
        lines += 1;
    }
    assert!(lines > 0);
}

#[test]
fn new_living_and_died() {
    let outcome = World::drawn(
        "
        tier kind      date       organisation recorded new death      left
        A    de_novo   2023-01-01 AAA          yes      yes -          -
        B    recurrent 2023-12-31 AAA          no       yes 2024-06-01 -
        C    recurrent 2024-01-01 BBB          no       yes -          2024-12-31
        D    recurrent 2024-01-01 BBB          no       yes -          -
        A    not_known 2022-02-01 BBB          yes      no  2023-12-31 -
        A    not_known 2023-02-01 CCC          yes      no  2024-01-01 -
        A    recurrent 2022-12-31 -            no       yes 2022-12-31 -
    ",
    )
    .run(2);
    totals(
        &outcome,
        "
        country      all       new    2023       -> 1/2
        country      all       new    2024       -> 0/1
        country      all       living 2023-12-31 -> 2/3
        country      all       living 2024-12-31 -> 1/1
        country      all       died   2023       -> 1/1
        country      all       died   2024       -> 1/2
        nation       Northland new    2023       -> 1/2
        network      Fens      new    2023       -> 1/2
        network      Fens      new    2024       -> 0/1
        network      Hills     new    2023       -> 0/0
        organisation AAA       new    2023       -> 1/2
        organisation BBB       new    2024       -> 0/1
        organisation CCC       new    2023       -> ./0
        organisation CCC       living 2023-12-31 -> 1/1
    ",
    );
    let people = outcome.report.people;
    assert_eq!((people.cases, people.to_review, people.not_new), (7, 1, 2));
    assert_eq!((people.new_outside_period, people.new_in_period), (1, 3));
    // New and living people, not people new before the study's period.
    assert_eq!(outcome.total("country", "all", "new", "2022"), "no row");
    assert_eq!(
        outcome.cell("country", "all", "new", "2023", "recurrent", "all", "all"),
        "0/1"
    );
}

#[test]
fn age_is_at_the_date_at_the_day_and_at_death() {
    let outcome = World::drawn(
        "
        date       born       sex    organisation death
        2023-06-14 1978-06-15 female AAA          2024-06-15
        2023-06-15 1978-06-15 male   AAA          -
        2023-02-28 1968-02-29 female AAA          2024-02-28
        2023-03-01 1968-02-29 female AAA          2024-02-29
        2023-05-05 -          -      AAA          -
    ",
    )
    .run(1);
    let of = |measure, period, sex, band| outcome.cell("country", "all", measure, period, "all", sex, band);
    assert_eq!(
        of("new", "2023", "female", "<45"),
        "0/1",
        "the day before the birthday"
    );
    assert_eq!(of("new", "2023", "male", "45-54"), "0/1", "the birthday");
    assert_eq!(
        of("new", "2023", "all", "45-54"),
        "0/2",
        "29 February counts from 1 March"
    );
    assert_eq!(of("new", "2023", "all", "55-64"), "0/1");
    assert_eq!(of("new", "2023", "not_known", "not_known"), "0/1");
    assert_eq!(
        of("living", "2023-12-31", "all", "45-54"),
        "0/2",
        "by the end of the year both are 45"
    );
    assert_eq!(of("died", "2024", "all", "45-54"), "0/1");
    assert_eq!(of("died", "2024", "all", "55-64"), "0/2");
    // By organisation there is no split by sex.
    assert_eq!(
        outcome.cell("organisation", "AAA", "new", "2023", "all", "female", "all"),
        "no row"
    );
    assert_eq!(
        outcome.cell("organisation", "AAA", "new", "2023", "all", "all", "<45"),
        "0/1"
    );
}

#[test]
fn found_only_at_death_is_new_and_died_but_never_living_nor_recorded() {
    let outcome = World::drawn(
        "
        tier date       organisation recorded elsewhere only_at_death last_breast_record death
        C    2023-12-01 AAA          yes      yes       yes           BBB                2024-01-15
        A    2023-11-01 AAA          yes      yes       no            -                  2024-03-01
        C    2024-03-01 -            no       no        yes           -                  2024-03-01
    ",
    )
    .run(2);
    totals(
        &outcome,
        "
        organisation AAA new    2023       -> 1/2
        organisation AAA living 2023-12-31 -> 1/1
        organisation AAA died   2024       -> 1/2
        country      all new    2024       -> 0/1
    ",
    );
    let (ash, birch) = (
        outcome.complete("AAA", WINDOW, "all"),
        outcome.complete("BBB", WINDOW, "all"),
    );
    assert_eq!((ash.found, ash.recorded), (Some(2), Some(1)));
    assert_eq!(
        (ash.found_elsewhere, ash.recorded_of_elsewhere),
        (Some(1), Some(1)),
        "never moves a state"
    );
    assert_eq!((ash.only_at_death, birch.only_at_death), (Some(0), Some(1)));
    assert_eq!(
        birch.found,
        Some(0),
        "belongs to the last breast record only in its own column"
    );
    let check = |place: &str, period: &str| {
        outcome.checks[&["found_only_at_death", place, period].map(str::to_owned)].0
    };
    assert_eq!(check("all", "2023"), Some(1.0));
    assert_eq!(check("Northland", "2024"), Some(1.0));
    assert_eq!(check("Westland", "2024"), Some(0.0));
}

#[test]
fn bodies_outside_the_registry_count_in_their_nation_only() {
    let outcome = World::drawn(
        "
        date       organisation nation
        2023-05-05 NT999        Northland
        2023-05-05 NT999        -
        2023-05-05 WWW          Westland
    ",
    )
    .run(2);
    totals(
        &outcome,
        "
        country      all       new 2023 -> 0/3
        nation       Northland new 2023 -> 0/2
        nation       Westland  new 2023 -> ./1
        organisation NT999     new 2023 -> no row
        organisation WWW       new 2023 -> ./1
    ",
    );
    assert!(!outcome.completeness.keys().any(|key| key[0] == "NT999"));
}

#[test]
fn a_zero_is_said_only_where_a_source_looked() {
    let mut world = World::drawn("date organisation\n2023-05-05 AAA");
    world.coverage = vec![
        ("cosd", Some("AAA"), None, "2024-01-01", "2024-12-01"),
        ("admissions", Some("WWW"), None, "2023-01-01", "2023-06-01"),
    ];
    let outcome = world.run(2);
    totals(
        &outcome,
        "
        organisation BBB       new    2023       -> no row
        organisation BBB       new    2024       -> ./0
        organisation AAA       new    2024       -> 0/0
        organisation AAA       new    2023       -> ./1
        nation       Northland living 2023-12-31 -> ./1
        nation       Northland living 2024-12-31 -> 0/1
        organisation WWW       new    2023       -> ./0
        organisation WWW       new    2024       -> no row
        organisation WWW       living 2024-12-31 -> ./0
        organisation EEE       new    2024       -> no row
        network      Hills     new    2024       -> 0/0
    ",
    );
    let blank = outcome.complete("BBB", "2023", "all");
    assert_eq!(
        (blank.found, blank.recorded, blank.only_at_death),
        (None, None, None)
    );
    // Nobody in the table is of this kind, so `counts` has no row of it; beside a total, `completeness` has its zero.
    let cell = outcome.cell("organisation", "AAA", "new", "2023", "de_novo", "all", "all");
    let (total, split) = (
        outcome.complete("AAA", "2023", "all"),
        outcome.complete("AAA", "2023", "de_novo"),
    );
    assert_eq!(
        (cell.as_str(), total.found, split.found),
        ("no row", Some(1), Some(0))
    );
    let zero = outcome.complete("AAA", "2024", "all");
    assert_eq!(
        (zero.found, zero.recorded, zero.only_at_death),
        (Some(0), Some(0), None),
        "no deaths were sent, so nobody can be said to be found only at death"
    );
    // It sent no records itself: how many it had recorded, nobody knows.
    let silent = outcome.complete("BBB", "2024", "all");
    assert_eq!((silent.found, silent.recorded), (Some(0), None));
}

#[test]
fn living_and_died_are_given_no_later_than_the_deaths() {
    let mut world = World::drawn("date organisation death\n2023-05-05 AAA -\n2023-05-05 AAA 2024-02-01");
    world.deaths_until = Some(day("2024-05-31"));
    let outcome = world.run(2);
    totals(
        &outcome,
        "
        country all living 2023-12-31 -> 0/2
        country all living 2024-05-31 -> 0/1
        country all living 2024-12-31 -> ./.
        country all died   2023       -> 0/0
        country all died   2024       -> ./.
        country all new    2024       -> 0/0
    ",
    );
    let method = |measure: &str, period: &str| {
        let key = ["country", "all", period, measure, "all", "all", "all"].map(str::to_owned);
        outcome.methods[&key].clone()
    };
    assert_eq!(
        method("living", "2024-12-31"),
        ("not_computable".to_owned(), None)
    );
    assert_eq!(method("living", "2024-05-31"), ("found".to_owned(), Some(1.0)));

    world.deaths_until = None;
    let outcome = world.run(2);
    totals(
        &outcome,
        "country all living 2023-12-31 -> ./.\n country all died 2023 -> ./.",
    );
    let check = &outcome.checks[&["living_over_deaths", "all", "2023"].map(str::to_owned)];
    assert_eq!(check.0, None);
    assert!(check.1.contains("deaths are not held"), "{}", check.1);
}

#[test]
fn checks_divide_living_and_new_by_deaths() {
    let outcome = World::drawn(
        "
        date       organisation death
        2023-02-01 AAA          -
        2023-02-01 AAA          -
        2023-02-01 AAA          -
        2023-02-01 AAA          2023-07-01
        2022-02-01 AAA          2023-07-01
        2024-02-01 WWW          -
    ",
    )
    .run(2);
    let check = |name: &str, place: &str, period: &str| {
        outcome.checks[&[name, place, period].map(str::to_owned)].clone()
    };
    assert_eq!(check("living_over_deaths", "all", "2023").0, Some(1.5));
    assert_eq!(check("new_over_deaths", "Northland", "2023").0, Some(2.0));
    let nobody_died = check("living_over_deaths", "Westland", "2024");
    assert_eq!(nobody_died.0, None);
    assert!(nobody_died.1.contains("nobody"), "{}", nobody_died.1);
    insta::assert_snapshot!(
        [
            check("living_over_deaths", "all", "2023").1,
            check("new_over_deaths", "all", "2023").1,
            check("found_only_at_death", "all", "2023").1,
        ]
        .join("\n"),
        @r"
    People living with secondary breast cancer on 2023-12-31, for each person with it who died of any cause in 2023. About the mean number of years lived with it.
    People new in 2023, for each person with secondary breast cancer who died of any cause in it. Near 1 when numbers are steady and everybody is found.
    People new in 2023 who are in no earlier record that we hold. They count as new and as died, never as living.
    "
    );
}

#[test]
fn days_to_record_are_a_lower_median_of_those_with_both_dates() {
    let outcome = World::drawn(
        "
        date       kind      organisation recorded recorded_on
        2024-01-01 recurrent AAA          yes      2024-01-11
        2024-01-01 recurrent AAA          yes      2024-01-31
        2024-01-01 recurrent AAA          yes      2024-04-10
        2024-01-01 de_novo   AAA          yes      2024-01-06
        2024-01-01 de_novo   AAA          yes      -
        2024-01-01 de_novo   AAA          no       -
        2023-01-01 de_novo   AAA          yes      2024-01-01
    ",
    )
    .run(2);
    let of = |period, kind| {
        let row = outcome.complete("AAA", period, kind);
        (row.median, row.people_with_days)
    };
    assert_eq!(of(WINDOW, "all"), (Some(10.0), Some(4)));
    assert_eq!(of(WINDOW, "recurrent"), (Some(30.0), Some(3)));
    assert_eq!(of("2023", "de_novo"), (Some(365.0), Some(1)));
    assert_eq!(of("2023", "recurrent"), (None, Some(0)));
}

/// So many people of one organisation, kind and month, found elsewhere, some of them recorded.
fn people(organisation: &str, kind: &str, recorded: u32, found: u32) -> Vec<Case> {
    (0..found)
        .map(|index| Case {
            tier: "B".to_owned(),
            kind: kind.to_owned(),
            date: Some(day("2024-03-15")),
            organisation: Some(organisation.to_owned()),
            nation: Some(
                if organisation == "WWW" {
                    "Westland"
                } else {
                    "Northland"
                }
                .to_owned(),
            ),
            recorded: index < recorded,
            elsewhere: true,
            new: true,
            ..Case::default()
        })
        .collect()
}

#[test]
fn every_state_through_the_engine() {
    let mut world = World::new(numbered(vec![
        people("AAA", "de_novo", 19, 20),
        people("AAA", "recurrent", 45, 50),
        people("BBB", "de_novo", 17, 20),
        people("BBB", "recurrent", 50, 50),
        people("CCC", "recurrent", 2, 30),
        people("EEE", "recurrent", 30, 30),
        people("WWW", "recurrent", 0, 30),
    ]));
    world
        .coverage
        .push(("cosd", Some("CCC"), None, "2022-01-01", "2024-12-01"));
    let outcome = world.run(2);
    let state = |organisation: &str, kind: &str| outcome.complete(organisation, WINDOW, kind).status.clone();
    assert_eq!(state("AAA", "all"), "collecting");
    assert_eq!(state("BBB", "all"), "partly", "96 % overall, but 85 % of de novo");
    assert_eq!(state("BBB", "recurrent"), "collecting");
    assert_eq!(state("CCC", "all"), "not_collecting");
    assert_eq!(state("CCC", "de_novo"), "too_few");
    assert_eq!(state("EEE", "all"), "not_in_scope");
    assert_eq!(state("WWW", "all"), "not_measured");
    assert_eq!(outcome.report.states["BBB"].as_str(), "partly");
    assert_eq!(outcome.report.window, WINDOW);
    let ash = outcome.complete("AAA", WINDOW, "all");
    assert_eq!(
        (ash.recorded_of_elsewhere, ash.found_elsewhere),
        (Some(64), Some(70))
    );
    // Wilson, 64 of 70 at 95 %: worked by hand from (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    let (low, high) = (ash.low.unwrap(), ash.high.unwrap());
    assert!(
        (low - 0.825_268).abs() < 1e-4 && (high - 0.960_051).abs() < 1e-4,
        "{low} {high}"
    );
    assert_eq!(
        outcome.complete("WWW", WINDOW, "all").recorded,
        None,
        "not measured is blank"
    );
    assert_eq!(outcome.complete("WWW", WINDOW, "all").low, None);

    // Without the COSD of Cedar it sent no records, whatever others recorded of its people.
    world.coverage.pop();
    assert_eq!(world.run(2).complete("CCC", WINDOW, "all").status, "no_response");
    // An empty submission is an answer; the site code is the trust's.
    world.cosd_files = vec![("CCC01", "2024-09-01", "2024-09-30")];
    assert_eq!(
        world.run(2).complete("CCC", WINDOW, "all").status,
        "not_collecting"
    );
    // A form is a recording source for a nation without COSD.
    world
        .coverage
        .push(("form", Some("WWW"), None, "2024-01-01", "2024-12-01"));
    assert_eq!(
        world.run(2).complete("WWW", WINDOW, "all").status,
        "not_collecting"
    );
}

#[test]
fn the_window_ends_with_the_last_reporting_period() {
    let mut world = World::new(numbered(vec![people("AAA", "recurrent", 25, 25)]));
    world.cosd_files = vec![
        ("AAA", "2024-01-01", "2024-01-31"),
        ("BBB", "2024-02-01", "2024-02-29"),
    ];
    let outcome = world.run(2);
    assert_eq!(outcome.report.window, "2023-03-01/2024-02-29");
    assert_eq!(
        outcome.complete("AAA", "2023-03-01/2024-02-29", "all").status,
        "too_few"
    );
    assert_eq!(outcome.complete("AAA", "2024", "all").status, "collecting");
}

/// Where the months of a state are a calendar year, its row is that year's: twice under two names, each copy would be protected
/// alone.
#[test]
fn no_days_have_two_names() {
    let mut world = World::new(numbered(vec![people("AAA", "recurrent", 25, 25)]));
    world.as_of = day("2025-03-31");
    world.period = (day("2024-01-01"), day("2025-03-31"));
    let outcome = world.run(2);
    assert_eq!(outcome.report.window, "2024");
    let of_all = |key: &&[String; 3]| key[0] == "AAA" && key[2] == "all";
    let periods: Vec<&str> = outcome
        .completeness
        .keys()
        .filter(of_all)
        .map(|key| key[1].as_str())
        .collect();
    assert_eq!(periods, ["2024", "2025-01-01/2025-03-31"]);
    assert!(outcome.report.states.contains_key("AAA"));
}

#[test]
fn other_thresholds_may_be_given() {
    let world = World::new(numbered(vec![people("AAA", "recurrent", 16, 20)]));
    let text =
        count::Thresholds::built_in_text().replace("collecting_percent = 90", "collecting_percent = 80");
    let lower = count::Thresholds::read(&text, "mine.toml").unwrap();
    assert_eq!(world.run(1).complete("AAA", WINDOW, "all").status, "partly");
    assert_eq!(
        world.run_with(1, lower).complete("AAA", WINDOW, "all").status,
        "collecting"
    );
}

#[test]
fn nobody_at_all_gives_zeros_and_states() {
    let outcome = World::new(Vec::new()).run(1);
    assert_eq!(outcome.total("country", "all", "living", "2024-12-31"), "0/0");
    assert_eq!(outcome.complete("AAA", WINDOW, "all").status, "too_few");
    assert_eq!(outcome.complete("AAA", WINDOW, "all").low, None);
}

/// Two rows of one person in `people` would count that person twice.
#[test]
fn somebody_counted_twice_stops_the_run() {
    let twice = Case {
        person: 1,
        ..people("AAA", "recurrent", 0, 1)[0].clone()
    };
    let mut world = World::new(vec![twice.clone(), twice]);
    let folder = tempfile::tempdir().unwrap();
    world.write(folder.path());
    // One case, but the two rows in people stay.
    world.cases.pop();
    world.write_cases(folder.path());
    let session = world::session(folder.path(), 1);
    let error = world
        .count(folder.path(), &session, count::Thresholds::built_in().unwrap())
        .unwrap_err();
    assert!(matches!(error, count::CountError::Invariant { .. }), "{error}");
    assert!(
        !error.to_string().contains("P0000"),
        "no person in a message: {error}"
    );
}

/// | charts of people without evidence | the study counts | |
/// |---|---|---|
/// | 2008 to 2018 | 2023 and 2024 | nobody to move |
/// | 2014 to 2023 | | ten years of people onto one |
/// | 2023 to 2025 | | a year too many |
/// | 2030 to 2035 | | nobody to move |
#[test]
fn charts_of_other_years_are_refused() {
    let mut world = World::new(Vec::new());
    let mut asked = |first, last| {
        world.review.samples = vec![Reviewed {
            of: Of::NoEvidence(Confirmed::Established(first, last)),
            organisation: None,
            people: 17_000,
            reviewed: 400,
            confirmed: 4,
        }];
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        world.write(at);
        world.count(at, &session(at, 1), Thresholds::built_in().unwrap())
    };
    for (first, last) in [(2008, 2018), (2014, 2023), (2023, 2025), (2030, 2035)] {
        let error = asked(first, last).unwrap_err();
        assert!(matches!(error, CountError::ChartYears { .. }), "{error}");
        let wanted =
            format!("ask about {first} to {last}, and the whole years of the study are 2023 to 2024");
        assert!(error.to_string().contains(&wanted), "{error}");
    }
    assert!(asked(2023, 2024).is_ok());
}
