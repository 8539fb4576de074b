//! The estimate through the stage, on a nation whose truth is known: that people, places and lists reach the model as
//! they are, and that its cells come back under the right names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods
)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use count::{Confirmed, Of, Report, Reviewed, Thresholds};
use engine::TableReader;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vocabulary::date::Date;
use world::{Case, Sent, World, day, session};

const SEED: u64 = 20_261_126;
const FIRST: &str = "2017-01-01";
const LAST: &str = "2024-12-31";

/// What puts somebody on a list, how often, and when after establishment, in days.
const LISTS: [(&str, &str, f64, i32); 4] = [
    ("cosd", "stated", 0.55, 40),
    ("sact", "strong", 0.6, 120),
    ("rtds", "strong", 0.35, 200),
    ("cwt", "strong", 0.5, 60),
];

/// The truth: living at the end of each year, and new in it.
#[derive(Default)]
struct Truth {
    living: BTreeMap<i32, u32>,
    new: BTreeMap<i32, u32>,
}

fn sent() -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    for body in ["AAA", "BBB", "CCC"] {
        for kind in ["cosd", "sact", "rtds", "cwt", "admissions"] {
            sent.push((kind, Some(body), None, FIRST, "2024-12-01"));
        }
    }
    sent.push(("deaths", None, None, FIRST, "2024-12-01"));
    sent
}

/// So many people with metastatic disease in Northland; some on no list, some wrongly on one, and some who died of
/// breast cancer without metastasis, as the built-in assumptions say.
fn nation(people: u32) -> (World, Truth) {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let mut world = World::new(Vec::new());
    world.coverage = sent();
    world.period = (day("2019-01-01"), day(LAST));
    let mut truth = Truth::default();
    let days = f64::from(day(LAST).days() - day(FIRST).days());
    for _ in 0..people {
        let established = day(FIRST).plus_days((chance.random::<f64>() * days) as i32);
        // Half die within two years and a half.
        let lived = -(1.0 - chance.random::<f64>()).ln() * 2.5 * 365.25 / 2.0_f64.ln();
        let death = established.plus_days(1 + lived.min(30_000.0) as i32);
        tell(&mut truth, established, death);
        let right = Case {
            date: Some(established),
            death: Some(death).filter(|death| *death <= day(LAST)),
            ..someone(&mut chance)
        };
        let right_death = right.death;
        let of_breast_cancer = chance.random::<f64>() < 0.85;
        add(&mut world, right, of_breast_cancer, &mut chance);
        if chance.random::<f64>() < 0.04 {
            let wrong = Case {
                date: Some(established),
                death: right_death,
                ..someone(&mut chance)
            };
            add(&mut world, wrong, false, &mut chance);
        }
        if chance.random::<f64>() < 0.06 {
            without_metastasis(&mut world, &mut chance, days);
        }
    }
    (world, truth)
}

fn tell(truth: &mut Truth, established: Date, death: Date) {
    *truth.new.entry(established.year()).or_default() += 1;
    for year in established.year()..=2024 {
        let end = Date::new(year, 12, 31).unwrap();
        if death > end {
            *truth.living.entry(year).or_default() += 1;
        }
    }
}

fn someone(chance: &mut ChaCha8Rng) -> Case {
    let body = ["AAA", "BBB", "CCC"][chance.random_range(0..3)];
    Case {
        kind: if chance.random::<f64>() < 0.3 {
            "de_novo"
        } else {
            "recurrent"
        }
        .to_owned(),
        organisation: Some(body.to_owned()),
        nation: Some("Northland".to_owned()),
        sex: Some("female".to_owned()),
        born: Some(day("1955-05-05").plus_days(chance.random_range(-7_000..7_000))),
        new: true,
        ..Case::default()
    }
}

/// Puts somebody on lists; whoever is on none is found at death, or not at all.
fn add(world: &mut World, mut case: Case, of_breast_cancer: bool, chance: &mut ChaCha8Rng) {
    case.person = u32::try_from(world.cases.len()).unwrap() + 1;
    let established = case.date.unwrap();
    let mut shown = 0;
    for (source, strength, share, latest) in LISTS {
        let on = established.plus_days(chance.random_range(0..latest));
        if chance.random::<f64>() < share && on <= day(LAST) && case.death.is_none_or(|death| on <= death) {
            world.evidence.push((case.person, source, strength, on));
            shown += 1;
            case.recorded |= source == "cosd";
        }
    }
    case.tier = if case.recorded { "A" } else { "B" }.to_owned();
    if of_breast_cancer && let Some(death) = case.death {
        world.evidence.push((case.person, "deaths", "death", death));
        if shown == 0 {
            only_at_death(&mut case, death);
        }
    }
    if shown > 0 || case.only_at_death {
        world.cases.push(case);
    } else {
        world.evidence.retain(|(person, ..)| *person != case.person);
    }
}

fn only_at_death(case: &mut Case, death: Date) {
    case.tier = "C".to_owned();
    case.only_at_death = true;
    case.date = Some(death);
    case.only_at_death_organisation = case.organisation.clone();
}

fn without_metastasis(world: &mut World, chance: &mut ChaCha8Rng, days: f64) {
    let death = day(FIRST).plus_days((chance.random::<f64>() * days) as i32);
    let mut case = Case {
        person: u32::try_from(world.cases.len()).unwrap() + 1,
        death: Some(death),
        ..someone(chance)
    };
    only_at_death(&mut case, death);
    world.evidence.push((case.person, "deaths", "death", death));
    world.cases.push(case);
}

/// A row of `counts` with an estimate.
struct Row {
    estimate: f64,
    low: Option<f64>,
    high: Option<f64>,
    method: String,
    status: String,
}

struct Outcome {
    report: Report,
    /// By place_kind, place, period, measure, kind, sex and age_band.
    counts: BTreeMap<[String; 7], Row>,
    /// Rows of `counts` without one: found, and status.
    blank: BTreeMap<[String; 7], (Option<i64>, String)>,
    bytes: Vec<Vec<u8>>,
    /// The country's measures in `estimates` that split the living by time, with their period.
    lived: BTreeSet<[String; 2]>,
    /// Estimates of `completeness`: organisation, period, kind.
    completeness: BTreeMap<[String; 3], Option<f64>>,
}

fn run(world: &World, threads: usize) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    world.write(at);
    let report = world
        .count(at, &session(at, threads), Thresholds::built_in().unwrap())
        .unwrap();
    let names = [
        "counts",
        "completeness",
        "estimates",
        "routes",
        "width",
        "assumptions",
    ];
    let bytes = names.map(|name| std::fs::read(at.join(format!("{name}.parquet"))).unwrap());
    let (mut counts, mut blank) = (BTreeMap::new(), BTreeMap::new());
    for batch in TableReader::open(&at.join("counts.parquet")).unwrap() {
        let batch = batch.unwrap();
        let keys = [
            "place_kind",
            "place",
            "period",
            "measure",
            "kind",
            "sex",
            "age_band",
        ]
        .map(|name| batch.text(name).unwrap());
        let real = |name| batch.real(name).unwrap();
        let (method, status) = (batch.text("method").unwrap(), batch.text("status").unwrap());
        let found = batch.integer("found").unwrap();
        for row in 0..batch.rows() {
            let Some(estimate) = real("estimate").get(row) else {
                let of_row = (found.get(row), status.get(row).unwrap().to_owned());
                blank.insert(keys.map(|column| column.get(row).unwrap().to_owned()), of_row);
                continue;
            };
            let values = Row {
                estimate,
                low: real("low").get(row),
                high: real("high").get(row),
                method: method.get(row).unwrap().to_owned(),
                status: status.get(row).unwrap().to_owned(),
            };
            counts.insert(keys.map(|column| column.get(row).unwrap().to_owned()), values);
        }
    }
    let mut completeness = BTreeMap::new();
    for batch in TableReader::open(&at.join("completeness.parquet")).unwrap() {
        let batch = batch.unwrap();
        let keys = ["organisation", "period", "kind"].map(|name| batch.text(name).unwrap());
        let estimate = batch.real("estimate").unwrap();
        for row in 0..batch.rows() {
            completeness.insert(
                keys.map(|column| column.get(row).unwrap().to_owned()),
                estimate.get(row),
            );
        }
    }
    Outcome {
        report,
        counts,
        blank,
        bytes: bytes.to_vec(),
        lived: lived(at),
        completeness,
    }
}

fn lived(at: &std::path::Path) -> BTreeSet<[String; 2]> {
    let mut lived = BTreeSet::new();
    for batch in TableReader::open(&at.join("estimates.parquet")).unwrap() {
        let batch = batch.unwrap();
        let [level, period, measure] =
            ["place_kind", "period", "measure"].map(|name| batch.text(name).unwrap());
        for row in (0..batch.rows()).filter(|row| level.get(*row) == Some("country")) {
            let name = measure.get(row).unwrap();
            if name.starts_with("living_") {
                lived.insert([period.get(row).unwrap(), name].map(str::to_owned));
            }
        }
    }
    lived
}

impl Outcome {
    fn total(&self, place_kind: &str, place: &str, period: &str, measure: &str) -> &Row {
        let key = [place_kind, place, period, measure, "all", "all", "all"].map(str::to_owned);
        self.counts
            .get(&key)
            .unwrap_or_else(|| panic!("no estimate for {key:?}"))
    }

    fn rules(&self) -> Vec<&str> {
        self.report
            .warnings
            .iter()
            .map(|warning| warning.rule.as_str())
            .collect()
    }
}

#[test]
fn the_truth_lies_in_the_intervals() {
    let (world, truth) = nation(6_000);
    let outcome = run(&world, 2);
    assert!(outcome.report.estimates > 0, "{:?}", outcome.report.warnings);
    let mut held = 0;
    for year in 2019..=2023 {
        let end = format!("{year}-12-31");
        for (row, wanted) in [
            (
                outcome.total("country", "all", &end, "living"),
                truth.living[&year],
            ),
            (
                outcome.total("country", "all", &year.to_string(), "new"),
                truth.new[&year],
            ),
        ] {
            let (low, high, wanted) = (row.low.unwrap(), row.high.unwrap(), f64::from(wanted));
            assert_eq!(
                (row.method.as_str(), row.status.as_str()),
                ("joint", "lower_bound")
            );
            assert!(low <= row.estimate && row.estimate <= high);
            let error = row.estimate / wanted - 1.0;
            assert!(
                error.abs() < 0.06,
                "seed {SEED}, {year}: {} instead of {wanted}",
                row.estimate
            );
            held += usize::from((low..=high).contains(&wanted));
        }
    }
    // Ten intervals of 95 %, which share one set of draws.
    assert!(held >= 8, "seed {SEED}: {held} of 10 intervals hold the truth");
    assert!(outcome.rules().contains(&"lists_only"));
    assert!(outcome.rules().contains(&"late_reports"));
}

/// Charts replace the priors, and charts of people without evidence make the bound an estimate.
#[test]
fn reviewed_charts_make_it_an_estimate() {
    let (mut world, truth) = nation(3_000);
    let bound = run(&world, 2);
    let reviewed = |of: Of, people, reviewed, confirmed| Reviewed {
        of,
        organisation: None,
        people,
        reviewed,
        confirmed,
    };
    // In truth 4 in 104 of the people found do not have it; and of 20,000 people without evidence, those on no list.
    world.review.samples = vec![
        reviewed(Of::Tier("A".to_owned(), None), 1_700, 400, 385),
        reviewed(Of::Tier("B".to_owned(), None), 1_300, 400, 385),
        reviewed(
            Of::NoEvidence(Confirmed::Established(2019, 2024)),
            20_000,
            4_000,
            30,
        ),
    ];
    let of_years = run(&world, 2);
    // The same of a frame of those alive, in which a fifth was read: 585 of 10,000 are on no list.
    let confirmed = u64::from(truth.living[&2024]) * 585 / 10_000 / 5;
    world.review.samples[2] = reviewed(Of::NoEvidence(Confirmed::Living), 20_000, 4_000, confirmed);
    for (outcome, year) in [(of_years, 2022), (run(&world, 2), 2024)] {
        held(&bound, &outcome, &truth, year);
    }
}

fn held(bound: &Outcome, outcome: &Outcome, truth: &Truth, year: i32) {
    let day = format!("{year}-12-31");
    let (before, after) = (
        bound.total("country", "all", &day, "living"),
        outcome.total("country", "all", &day, "living"),
    );
    assert_eq!(
        (before.status.as_str(), after.status.as_str()),
        ("lower_bound", "estimate")
    );
    assert!(!outcome.rules().contains(&"lists_only"));
    let wanted = f64::from(truth.living[&year]);
    assert!(
        (after.low.unwrap()..=after.high.unwrap()).contains(&wanted),
        "seed {SEED}, {year}: {wanted}"
    );
}

/// A man is found on his certificate alone, and all others are women: some draws have him as new in that year, and none in another.
#[test]
fn a_cell_that_no_draw_reaches_has_no_estimate() {
    let (mut world, _) = nation(1_500);
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let death = day("2023-05-05");
    let mut case = Case {
        person: u32::try_from(world.cases.len()).unwrap() + 1,
        sex: Some("male".to_owned()),
        death: Some(death),
        ..someone(&mut chance)
    };
    only_at_death(&mut case, death);
    world.evidence.push((case.person, "deaths", "death", death));
    world.cases.push(case);
    let outcome = run(&world, 2);
    assert_eq!(outcome.total("country", "all", "2023", "new").method, "joint");
    for (place_kind, place) in [("country", "all"), ("nation", "Northland")] {
        let men = |year: &str| [place_kind, place, year, "new", "all", "male", "all"].map(str::to_owned);
        let row = &outcome.counts[&men("2023")];
        let numbers = (row.estimate, row.low, row.high);
        assert_eq!(numbers, (0.0, Some(0.0), Some(1.0)), "{place}");
        let wanted = (Some(0), "not_estimated".to_owned());
        assert_eq!(outcome.blank.get(&men("2022")), Some(&wanted), "{place}");
    }
    // Of the same measure and period, whatever has a number was estimated.
    let estimated = |key: &[String; 7]| key[2] == "2023" && key[3] == "new";
    for (key, row) in outcome.counts.iter().filter(|(key, _)| estimated(key)) {
        assert_eq!(
            (row.method.as_str(), row.low.is_some()),
            ("joint", true),
            "{key:?}"
        );
    }
}

#[test]
fn every_level_has_its_cells_and_organisations_have_no_sex() {
    let (world, _) = nation(1_500);
    let outcome = run(&world, 2);
    for (kind, place) in [
        ("nation", "Northland"),
        ("network", "Fens"),
        ("network", "Hills"),
        ("organisation", "AAA"),
    ] {
        let row = outcome.total(kind, place, "2023", "new");
        assert_eq!(row.method, "joint", "{kind} {place}");
    }
    let sexes = outcome
        .counts
        .keys()
        .filter(|[level, .., sex, _]| level == "organisation" && sex != "all");
    assert_eq!(sexes.count(), 0);
    let of = |period: &str, kind: &str| {
        let key = ["AAA", period, kind].map(str::to_owned);
        outcome.completeness.get(&key).copied().flatten()
    };
    let new = outcome.total("organisation", "AAA", "2023", "new").estimate;
    assert_eq!(of("2023", "all"), Some(new));
    assert!(of("2023", "recurrent").unwrap() < new);
    // The window of the state is no calendar year.
    assert_eq!(of("2023-10-01/2024-09-30", "all"), None);
}

/// Bands of time end where the years counted begin: of people who were ill before, only that is said.
#[test]
fn nobody_is_said_to_have_lived_longer_than_the_records_reach_back() {
    let (world, _) = nation(1_500);
    let lived = run(&world, 2).lived;
    for (period, wanted) in [
        (
            "2019-12-31",
            vec!["living_1_year_and_more", "living_under_1_year"],
        ),
        (
            "2022-12-31",
            vec![
                "living_1_to_2_years",
                "living_2_years_and_more",
                "living_under_1_year",
            ],
        ),
        (
            "2024-12-31",
            vec![
                "living_1_to_2_years",
                "living_2_to_5_years",
                "living_5_years_and_more",
                "living_under_1_year",
            ],
        ),
    ] {
        let of = lived.iter().filter(|[day, _]| day == period);
        let of: Vec<&str> = of.map(|[_, measure]| measure.as_str()).collect();
        assert_eq!(of, wanted, "{period}");
    }
}

#[test]
fn the_same_people_give_the_same_bytes_under_any_ids_on_any_number_of_threads() {
    let (mut world, _) = nation(1_500);
    let bytes = run(&world, 1).bytes;
    assert_eq!(bytes, run(&world, 3).bytes);
    // Ids come from the runs before, and who has which of them is no reason for another estimate.
    let beyond = u32::try_from(world.cases.len()).unwrap() + 1;
    world.cases.reverse();
    for case in &mut world.cases {
        case.person = beyond - case.person;
    }
    for (person, ..) in &mut world.evidence {
        *person = beyond - *person;
    }
    assert_eq!(bytes, run(&world, 3).bytes);
}

/// Where nothing can be estimated there is no number that looks like an estimate, and the reason is said.
#[test]
fn what_cannot_be_estimated_has_its_reason() {
    let (full, _) = nation(400);
    let mut no_deaths = full.clone();
    no_deaths.deaths_until = None;
    let mut first_hole = full.clone();
    first_hole.no_deaths = vec![(day("2018-12-01"), day("2019-02-28"))];
    let mut one_list = full.clone();
    one_list
        .coverage
        .retain(|(kind, ..)| matches!(*kind, "cosd" | "deaths"));
    let mut nobody = full.clone();
    nobody.cases.clear();
    nobody.evidence.clear();
    let mut no_year = full;
    no_year.period = (day("2024-02-01"), day(LAST));
    let mut said = String::new();
    for (name, world) in [
        ("no deaths", no_deaths),
        ("first hole", first_hole),
        ("one list", one_list),
        ("nobody", nobody),
        ("no year", no_year),
    ] {
        let outcome = run(&world, 1);
        for (key, row) in &outcome.counts {
            assert_ne!(row.method, "joint", "{name}: {key:?}");
            assert_eq!(
                (row.status.as_str(), row.low, row.high),
                ("not_estimated", None, None)
            );
        }
        assert_eq!(outcome.report.estimates, 0);
        for warning in &outcome.report.warnings {
            said.push_str(&format!(
                "{name}: {}, {}: {}\n",
                warning.level, warning.rule, warning.message
            ));
        }
    }
    insta::assert_snapshot!(said);
}

/// The first day of a day's quarter.
fn quarter(date: Date) -> Date {
    date.first_of_month()
        .plus_months(-i32::try_from((date.month() - 1) % 3).unwrap())
}

/// Two fifths of a quarter are found by its end, four fifths a quarter later. Earlier runs show it, and then the last year is
/// estimated as if everybody had been found.
#[test]
fn earlier_runs_show_what_is_still_to_come() {
    const FOUND: [f64; 3] = [0.4, 0.8, 1.0];
    let (mut world, _) = nation(1_500);
    let whole = run(&world, 2).total("country", "all", "2024", "new").estimate;
    let of_quarter = |world: &World, first: Date| {
        let new = world
            .cases
            .iter()
            .filter(|case| case.new && case.date.map(quarter) == Some(first));
        new.count() as f64
    };
    let quarters: Vec<Date> = (0..24)
        .map(|index| day("2019-01-01").plus_months(3 * index))
        .collect();
    let full: Vec<f64> = quarters.iter().map(|first| of_quarter(&world, *first)).collect();
    world.earlier = (17..23)
        .map(|at: usize| count::Look {
            as_of: quarters[at + 1].plus_days(-1),
            found: (0..=at)
                .map(|index| {
                    (
                        quarters[index],
                        (full[index] * FOUND[(at - index).min(2)]).round() as u64,
                    )
                })
                .collect(),
        })
        .collect();
    // This run, too, does not know everybody of the last two quarters yet.
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    world.cases.retain(|case| {
        let back = case
            .date
            .and_then(|date| quarters.iter().rev().position(|first| *first == quarter(date)));
        case.only_at_death || chance.random::<f64>() < FOUND[back.unwrap_or(2).min(2)]
    });
    let people: BTreeSet<u32> = world.cases.iter().map(|case| case.person).collect();
    world.evidence.retain(|(person, ..)| people.contains(person));
    let corrected = run(&world, 2);
    world.earlier.clear();
    let as_found = run(&world, 2);
    let new = |outcome: &Outcome| outcome.total("country", "all", "2024", "new").estimate;
    assert!(as_found.rules().contains(&"late_reports"));
    assert!(!corrected.rules().contains(&"late_reports"));
    // Of the year's people a quarter of (0.6 + 0.2) is missing: 20 %. With the earlier runs, at most what chance does to
    // some twenty people of the last quarter (a fifth of them, a tenth of the year) and to the others (5 %).
    assert!(new(&as_found) < 0.9 * whole, "{} of {whole}", new(&as_found));
    assert!(
        (new(&corrected) / whole - 1.0).abs() < 0.15,
        "{} of {whole}",
        new(&corrected)
    );
}
