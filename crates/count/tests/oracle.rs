//! The SQL against a naive count in plain loops, on generated cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use count::{Figure, behind};
use proptest::prelude::*;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use world::{Case, Complete, Count, CountKey, World, day};

/// Which registry body lies in which network and nation: the test's own copy.
fn lies_in(organisation: &str) -> Option<(&'static str, &'static str)> {
    match organisation {
        "AAA" | "BBB" | "EEE" => Some(("Fens", "Northland")),
        "CCC" => Some(("Hills", "Northland")),
        "WWW" => Some(("", "Westland")),
        _ => None,
    }
}

fn text(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

/// Dates that sit on and beside the edges of years and windows.
fn edge() -> impl Strategy<Value = Date> {
    let edges = [
        "2022-06-30",
        "2022-12-31",
        "2023-01-01",
        "2023-02-28",
        "2023-03-01",
        "2023-09-30",
        "2023-10-01",
        "2023-12-30",
        "2023-12-31",
        "2024-01-01",
        "2024-02-29",
        "2024-05-31",
        "2024-06-01",
        "2024-09-30",
        "2024-10-01",
        "2024-12-30",
        "2024-12-31",
    ];
    prop::sample::select(edges.to_vec()).prop_map(day)
}

fn birth() -> impl Strategy<Value = Date> {
    let births = [
        "1938-12-31",
        "1939-01-01",
        "1948-02-29",
        "1949-06-01",
        "1958-10-01",
        "1968-12-31",
        "1969-01-01",
        "1978-12-31",
        "1979-03-01",
        "2001-01-01",
        "2023-06-01",
    ];
    prop::sample::select(births.to_vec()).prop_map(day)
}

prop_compose! {
    fn case()(
        tier in text(&["A", "B", "C", "D"]),
        kind in text(&["de_novo", "recurrent", "not_known"]),
        date in prop::option::weighted(0.95, edge()),
        organisation in prop::option::weighted(0.9, text(&["AAA", "BBB", "CCC", "EEE", "WWW", "NT999", "it's"])),
        foreign in prop::option::of(text(&["Northland", "Westland", "Eastland"])),
        sex in prop::option::weighted(0.9, text(&["female", "male"])),
        born in prop::option::weighted(0.9, birth()),
        recorded in any::<bool>(),
        recorded_date in prop::option::of(edge()),
        elsewhere in any::<bool>(),
        new in prop::bool::weighted(0.85),
        only_at_death in prop::bool::weighted(0.15),
        last in prop::option::of(text(&["AAA", "BBB", "WWW", "NT999"])),
        death in prop::option::weighted(0.4, edge()),
        left in prop::option::weighted(0.1, edge()),
    ) -> Case {
        let nation = match organisation.as_deref().and_then(lies_in) {
            Some((_, nation)) => Some(nation.to_owned()),
            None => foreign,
        };
        Case {
            person: 0, tier, kind, date, organisation, nation, sex, born, recorded,
            recorded_date: recorded_date.filter(|_| recorded), elsewhere, new, only_at_death,
            only_at_death_organisation: last.filter(|_| only_at_death), death, left,
        }
    }
}

fn cases() -> impl Strategy<Value = Vec<Case>> {
    prop::collection::vec(case(), 0..120).prop_map(|cases| {
        let numbered = cases.into_iter().enumerate();
        numbered
            .map(|(index, case)| Case {
                person: u32::try_from(index).unwrap() + 1,
                ..case
            })
            .collect()
    })
}

/// Birthdays up to a day, one by one.
fn age(born: Date, at: Date) -> Option<usize> {
    if at < born {
        return None;
    }
    let birthdays = (born.year() + 1..=at.year()).map(|year| {
        Date::new(year, born.month(), born.day()).unwrap_or_else(|| Date::new(year, 3, 1).unwrap())
    });
    Some(birthdays.filter(|birthday| *birthday <= at).count())
}

fn band(born: Option<Date>, at: Date) -> &'static str {
    match born.and_then(|born| age(born, at)) {
        None => "not_known",
        Some(0..45) => "<45",
        Some(45..55) => "45-54",
        Some(55..65) => "55-64",
        Some(65..75) => "65-74",
        Some(75..85) => "75-84",
        Some(_) => "85+",
    }
}

/// Every day from the first to the last.
fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    (first.days()..=last.days()).map(Date::from_days)
}

/// Whether the deaths of a day are known.
fn deaths_are_known(world: &World, day: Date) -> bool {
    let missing = world
        .no_deaths
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&day));
    !missing && world.deaths_until.is_some_and(|until| day <= until)
}

/// measure, period, first and last day, and whether it can be told, in the years of `World::new`: died where deaths are known of
/// each day of the year, living where they are known of each day since the first.
fn periods(world: &World) -> Vec<(&'static str, String, Date, Date, bool)> {
    let is_known = |day: Date| deaths_are_known(world, day);
    let until = days(day("2023-01-01"), day("2024-12-31"))
        .take_while(|day| is_known(*day))
        .last();
    let lives = |day: Date| until.is_some_and(|until| day <= until);
    let mut periods = Vec::new();
    for (year, first, last) in [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
    ] {
        let (first, last) = (day(first), day(last));
        periods.push(("new", year.to_owned(), first, last, true));
        let died = days(first, last).all(is_known);
        periods.push(("died", year.to_owned(), first, last, died));
        periods.push(("living", last.to_string(), last, last, lives(last)));
    }
    let between = until.filter(|until| ![day("2023-12-31"), day("2024-12-31")].contains(until));
    periods.extend(between.map(|until| ("living", until.to_string(), until, until, true)));
    periods
}

/// The day on which a person's age is taken, if they count in this measure and these days.
fn counts_on(case: &Case, measure: &str, first: Date, last: Date) -> Option<Date> {
    let within = |date: Option<Date>| date.filter(|date| (first..=last).contains(date));
    let gone = |date: Option<Date>| date.is_some_and(|date| date <= last);
    if !case.counted() {
        return None;
    }
    match measure {
        "new" => within(case.date).filter(|_| case.new),
        "died" => within(case.death),
        _ => (case.date.is_some_and(|date| date <= last)
            && !case.only_at_death
            && !gone(case.death)
            && !gone(case.left))
        .then_some(last),
    }
}

fn naive_counts(world: &World) -> BTreeMap<CountKey, Count> {
    let mut numbers: BTreeMap<CountKey, (i64, i64)> = BTreeMap::new();
    let mut blank: BTreeMap<CountKey, Count> = BTreeMap::new();
    let everywhere = [
        ("country", "all"),
        ("nation", "Northland"),
        ("nation", "Westland"),
        ("network", "Fens"),
        ("network", "Hills"),
        ("organisation", "AAA"),
        ("organisation", "BBB"),
        ("organisation", "CCC"),
        ("organisation", "WWW"),
    ];
    for (measure, period, first, last, computable) in periods(world) {
        let key = |kind: &str, place: &str, of: &str, sex: &str, band: &str| {
            [kind, place, &period, measure, of, sex, band].map(str::to_owned)
        };
        for (kind, place) in everywhere {
            let key = key(kind, place, "all", "all", "all");
            if computable {
                numbers.insert(key, (0, 0));
            } else {
                blank.insert(
                    key,
                    Count {
                        recorded: None,
                        found: None,
                    },
                );
            }
        }
        for case in world.cases.iter().filter(|_| computable) {
            let Some(at) = counts_on(case, measure, first, last) else {
                continue;
            };
            let organisation = case.organisation.as_deref().unwrap_or("");
            let mut places = vec![("country", "all")];
            places.extend(case.nation.as_deref().map(|nation| ("nation", nation)));
            if let Some((network, _)) = lies_in(organisation) {
                places.push(("organisation", organisation));
                if !network.is_empty() {
                    places.push(("network", network));
                }
            }
            let (sex, band) = (case.sex.as_deref().unwrap_or("not_known"), band(case.born, at));
            for (place_kind, place) in places {
                for kind in ["all", &case.kind] {
                    for sex in ["all", sex] {
                        for band in ["all", band] {
                            if place_kind == "organisation" && sex != "all" {
                                continue;
                            }
                            let cell = numbers
                                .entry(key(place_kind, place, kind, sex, band))
                                .or_default();
                            cell.0 += i64::from(case.recorded && !case.only_at_death);
                            cell.1 += 1;
                        }
                    }
                }
            }
        }
    }
    for [place_kind, place, period, measure, ..] in numbers.keys().cloned().collect::<Vec<_>>() {
        let whole = ["country", "nation"].contains(&place_kind.as_str());
        let of = |all: bool, words: &[&str]| -> Vec<String> {
            let words = words.iter().filter(|_| all).copied();
            ["all"].into_iter().chain(words).map(str::to_owned).collect()
        };
        for kind in of(true, &["de_novo", "recurrent", "not_known"]) {
            for sex in of(whole, &["female", "male", "not_known"]) {
                for band in of(
                    whole,
                    &["<45", "45-54", "55-64", "65-74", "75-84", "85+", "not_known"],
                ) {
                    let [place_kind, place, period, measure] = [&place_kind, &place, &period, &measure];
                    let key = [place_kind, place, period, measure, &kind, &sex, &band].map(String::clone);
                    numbers.entry(key).or_default();
                }
            }
        }
    }
    // A kind, sex or age that nobody in the whole table is has no rows.
    let met: BTreeSet<(usize, String)> = numbers
        .iter()
        .filter(|(_, (_, found))| *found > 0)
        .flat_map(|(key, _)| [4, 5, 6].map(|at| (at, key[at].clone())))
        .collect();
    numbers.retain(|key, _| {
        [4, 5, 6]
            .iter()
            .all(|at| key[*at] == "all" || met.contains(&(*at, key[*at].clone())))
    });
    let no_records = |key: &CountKey| {
        let sent = ["AAA", "BBB"].contains(&key[1].as_str());
        ["Westland", "Eastland"].contains(&key[1].as_str()) || (key[0] == "organisation" && !sent)
    };
    let mut counts = blank;
    for (key, (recorded, found)) in numbers {
        // Nobody there sent a recording source, so nothing recorded is blank and not zero.
        let recorded = (recorded > 0 || !no_records(&key)).then_some(recorded);
        counts.insert(
            key,
            Count {
                recorded,
                found: Some(found),
            },
        );
    }
    counts
}

fn naive_complete(world: &World, organisation: &str, (first, last): (Date, Date), kind: &str) -> Complete {
    let new: Vec<&Case> = world
        .cases
        .iter()
        .filter(|case| counts_on(case, "new", first, last).is_some() && (kind == "all" || case.kind == kind))
        .collect();
    let count =
        |test: &dyn Fn(&&&Case) -> bool| i64::try_from(new.iter().filter(|case| test(case)).count()).unwrap();
    let own = |case: &Case| case.organisation.as_deref() == Some(organisation);
    let alive = |case: &Case| own(case) && !case.only_at_death;
    let recorded = count(&|case| alive(case) && case.recorded);
    let found_elsewhere = count(&|case| alive(case) && case.elsewhere);
    let recorded_of_elsewhere = count(&|case| alive(case) && case.elsewhere && case.recorded);
    // Told only where the deaths of each day are known, whatever their number.
    let only_at_death = days(first, last)
        .all(|day| deaths_are_known(world, day))
        .then(|| {
            count(&|case| {
                case.only_at_death && case.only_at_death_organisation.as_deref() == Some(organisation)
            })
        });
    let mut days: Vec<i64> = new
        .iter()
        .filter(|case| alive(case) && case.recorded)
        .filter_map(|case| Some(i64::from(case.recorded_date?.days() - case.date?.days())))
        .collect();
    days.sort_unstable();
    let sent = ["AAA", "BBB"].contains(&organisation);
    let blank = |count: i64| (count > 0 || sent).then_some(count);
    Complete {
        recorded: blank(recorded),
        found: Some(count(&|case| own(case))),
        found_elsewhere: Some(found_elsewhere),
        recorded_of_elsewhere: blank(recorded_of_elsewhere),
        low: None,
        high: None,
        only_at_death,
        median: (!days.is_empty()).then(|| f64::from(i32::try_from(days[(days.len() - 1) / 2]).unwrap())),
        people_with_days: blank(i64::try_from(days.len()).unwrap()),
        status: String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_equal_a_naive_count(
        cases in cases(),
        until in prop::sample::select(vec![None, Some("2024-05-31"), Some("2024-12-31")]),
        missing in prop::sample::select(vec![
            None, Some(("2023-03-01", "2023-05-31")), Some(("2023-12-31", "2024-01-01")), Some(("2024-04-01", "2024-04-30")),
        ]),
    ) {
        let mut world = World::new(cases);
        world.deaths_until = until.map(day);
        world.no_deaths = missing.map(|(first, last)| (day(first), day(last))).into_iter().collect();
        let outcome = world.run(2);
        let naive = naive_counts(&world);
        for (key, count) in &naive {
            prop_assert_eq!(outcome.counts.get(key), Some(count), "in {:?}", key);
        }
        prop_assert_eq!(outcome.counts.len(), naive.len(), "rows that nobody asked for");

        let spans = [
            ("2023", "2023-01-01", "2023-12-31"),
            ("2023-10-01/2024-09-30", "2023-10-01", "2024-09-30"),
            ("2024", "2024-01-01", "2024-12-31"),
        ];
        for organisation in ["AAA", "BBB", "CCC", "EEE", "WWW"] {
            for (period, first, last) in spans {
                for kind in ["all", "de_novo", "recurrent"] {
                    let naive = naive_complete(&world, organisation, (day(first), day(last)), kind);
                    let row = outcome.complete(organisation, period, kind).clone();
                    let row = Complete { low: None, high: None, status: String::new(), ..row };
                    prop_assert_eq!(row, naive, "in {} {} {}", organisation, period, kind);
                }
            }
        }
        prop_assert_eq!(outcome.completeness.len(), 5 * 3 * 3);
    }

    /// Neither the order of the cases nor the number of threads leaves a trace in the bytes.
    #[test]
    fn same_people_same_bytes(cases in cases(), threads in 1_usize..4) {
        let world = World::new(cases.clone());
        let mut reversed = cases;
        reversed.reverse();
        let (one, other) = (world.run(1), World::new(reversed).run(threads));
        prop_assert!(one.bytes == other.bytes);
        let mut sorted = one.order.clone();
        sorted.sort();
        prop_assert_eq!(sorted, one.order);
    }
}

/// The row of a figure, as the way back to people names it.
fn figure([place_kind, place, period, measure, kind, sex, age_band]: CountKey) -> Figure {
    Figure {
        place_kind,
        place,
        period,
        measure,
        kind,
        sex,
        age_band,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// From any number of the table back to as many people, each of them once.
    #[test]
    fn behind_each_number_are_as_many_people(cases in cases(), first in 0_usize..25) {
        let world = World::new(cases);
        let registry = Registry::from_csv(world::ORGANISATIONS).unwrap();
        let outcome = world.run(1);
        let folder = tempfile::tempdir().unwrap();
        world.write(folder.path());
        let tables = ["cases.parquet", "case_people.parquet"].map(|name| folder.path().join(name));
        // One session a question: it names its tables, as the commands do.
        let somebody = outcome.counts.into_iter().filter(|(_, count)| count.found != Some(0));
        for (key, count) in somebody.skip(first).step_by(25) {
            let Some(found) = count.found else { continue };
            let session = world::session(folder.path(), 1);
            let people = behind(&session, &registry, (&tables[0], &tables[1]), &figure(key.clone())).unwrap();
            prop_assert_eq!(people.len() as i64, found, "{:?}", key);
            let recorded = people.iter().filter(|person| person.recorded).count() as i64;
            prop_assert_eq!(recorded, count.recorded.unwrap_or(0), "{:?}", key);
            prop_assert!(people.windows(2).all(|two| two[0].person_id < two[1].person_id));
        }
    }
}
