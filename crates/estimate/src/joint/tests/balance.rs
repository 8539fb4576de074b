//! What must hold in every draw, whatever the data.

use crate::joint::*;

use super::nation::{FIRST, Scenario, assumptions, nation};

fn settings(draws: usize, seed: u64) -> Settings {
    Settings { draws, seed }
}

fn cells(seed: u64) -> (Joint, Vec<Cell>) {
    let nation = nation(
        &Scenario {
            silent: 2,
            ..Scenario::well_specified(300.0)
        },
        5,
    );
    let mut cells = Vec::new();
    let joint = joint(&nation.study, &assumptions(), &settings(120, seed), &mut |cell| {
        cells.push(cell)
    })
    .unwrap();
    (joint, cells)
}

/// Living at the end = living at the start + new − died − left, and the next year starts where this one ended.
#[test]
fn every_draw_balances() {
    let (joint, _) = cells(1);
    assert_eq!(joint.country.len(), 10);
    let mut before: Option<&Year> = None;
    for year in &joint.country {
        for draw in 0..year.living.len() {
            let gone = year.died[draw] + year.left[draw];
            assert_eq!(
                year.start[draw] + year.new[draw],
                year.living[draw] + gone,
                "{} {draw}",
                year.year
            );
            assert!(year.died_of_breast_cancer[draw] <= year.died[draw]);
        }
        assert!(before.is_none_or(|before| before.living == year.start));
        before = Some(year);
    }
    assert!(joint.country[0].start.iter().all(|people| *people > 0));
}

/// The parts of a cell have medians that add up to about the whole, and every level names all its places.
#[test]
fn levels_come_in_order_and_add() {
    let (_, cells) = cells(1);
    let all = |level: Level| {
        cells
            .iter()
            .find(|cell| {
                let margin = cell.kind.is_none() && cell.sex.is_none() && cell.age.is_none();
                cell.level == level && cell.measure == Measure::Living && cell.year == FIRST + 9 && margin
            })
            .unwrap()
            .figures
            .median
    };
    let country = all(Level::Country);
    let nations = all(Level::Nation(0)) + all(Level::Nation(1));
    let networks: f64 = (0..4).map(|network| all(Level::Network(network))).sum();
    let places: f64 = (0..12).map(|place| all(Level::Organisation(place))).sum();
    // Draws add up exactly; each part's median lies up to about a person from its mean (a third for a Poisson number,
    // half for rounding to a draw, and chance of 120 draws): twelve of some thousand.
    for sum in [nations, networks, places] {
        assert!((sum / country - 1.0).abs() < 0.02, "{sum} {country}");
    }
    // The silent places are not empty.
    assert!(all(Level::Organisation(0)) > 0.02 * country);
    assert!(cells.iter().all(|cell| cell.status == Status::LowerBound));
    assert!(cells.iter().all(|cell| {
        let figures = cell.figures;
        let ends = [
            figures.interval.low,
            figures.half.low,
            figures.median,
            figures.half.high,
            figures.interval.high,
        ];
        ends.is_sorted() && ends.iter().all(|end| end.fract() == 0.0)
    }));
}

/// In one draw levels add to the person: organisations to their network, networks and organisations without one to their
/// nation, nations to the country, in every cell of the totals.
#[test]
fn levels_add_to_the_person() {
    let mut study = nation(&Scenario::well_specified(300.0), 5).study;
    // One of each nation stands in no network.
    for place in [1, 3] {
        study.places[place].network = None;
    }
    let mut cells = Vec::new();
    joint(&study, &assumptions(), &settings(1, 4), &mut |cell| {
        cells.push(cell)
    })
    .unwrap();
    let people = |measure: Measure, year: i32, within: &dyn Fn(Level) -> bool| -> f64 {
        let of = cells.iter().filter(|cell| {
            let margin = cell.kind.is_none() && cell.sex.is_none() && cell.age.is_none();
            (cell.measure, cell.year) == (measure, year) && margin && within(cell.level)
        });
        of.map(|cell| cell.figures.median).sum()
    };
    for (measure, year) in [Measure::New, Measure::Living, Measure::Died]
        .into_iter()
        .flat_map(|measure| (FIRST..FIRST + 10).map(move |year| (measure, year)))
    {
        let of = |level: Level| people(measure, year, &|own: Level| own == level);
        let places = |wanted: &dyn Fn(&Place) -> bool| {
            people(measure, year, &|own: Level| match own {
                Level::Organisation(place) => wanted(&study.places[place as usize]),
                _ => false,
            })
        };
        for network in 0..4 {
            let own = places(&|place: &Place| place.network == Some(network));
            assert_eq!(of(Level::Network(network)), own, "{measure:?} {year} {network}");
        }
        for nation in 0..2 {
            let own = places(&|place: &Place| place.nation == nation);
            assert_eq!(of(Level::Nation(nation)), own, "{measure:?} {year} {nation}");
        }
        assert!(of(Level::Country) > 0.0);
        assert_eq!(
            of(Level::Country),
            places(&|_: &Place| true),
            "{measure:?} {year}"
        );
    }
}

/// Bands of duration are parts of those living, and none ends before the years counted begin: how long people have lived
/// whose disease is older, nobody knows, so they are together in the last band.
#[test]
fn durations_are_parts_of_the_living() {
    use crate::prevalence::DurationBand::*;
    let (_, cells) = cells(1);
    for (year, wanted) in [
        (0, vec![UnderOne, OneAndMore]),
        (1, vec![UnderOne, OneToTwo, TwoAndMore]),
        (3, vec![UnderOne, OneToTwo, TwoAndMore]),
        (4, vec![UnderOne, OneToTwo, TwoToFive, FiveAndMore]),
        (8, vec![UnderOne, OneToTwo, TwoToFive, FiveAndMore]),
        (9, vec![UnderOne, OneToTwo, TwoToFive, FiveToTen, TenAndMore]),
    ] {
        let (mut living, mut bands, mut sum) = (0.0, Vec::new(), 0.0);
        for cell in cells.iter().filter(|cell| {
            let margin = cell.kind.is_none() && cell.sex.is_none() && cell.age.is_none();
            cell.level == Level::Country && cell.year == FIRST + year && margin
        }) {
            match cell.measure {
                Measure::Living => living = cell.figures.median,
                Measure::LivingFor(band) => {
                    bands.push(band);
                    sum += cell.figures.median;
                }
                _ => {}
            }
        }
        assert_eq!(bands, wanted, "{year}");
        assert!((sum / living - 1.0).abs() < 0.02, "{year}: {sum} {living}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let on = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let (joint, cells) = cells(seed);
            (joint.country, cells, joint.width)
        })
    };
    let (one, two, other) = (on(1, 7), on(2, 7), on(2, 8));
    assert_eq!(one.0, two.0);
    assert!(one.1 == two.1);
    assert_eq!(one.2, two.2);
    assert_ne!(one.0, other.0);
}

/// The split of the width sums to 1, and is a split of the variance that the draws have.
#[test]
fn the_width_is_split() {
    let (joint, _) = cells(1);
    let width = joint.width.unwrap();
    let sum: f64 = width.split.causes.iter().map(|cause| cause.share).sum();
    assert!((sum + width.split.interactions.share - 1.0).abs() < 1e-9);
    assert!((0.2..2.0).contains(&width.after_deaths), "{}", width.after_deaths);
    assert_eq!(width.if_recorded.len(), 12);
    assert!(
        width.if_recorded.iter().all(|ratio| (0.5..1.2).contains(ratio)),
        "{:?}",
        width.if_recorded
    );
    // A silent organisation is what the country would gain most from.
    assert!(width.if_recorded[0] < 1.0);
    assert!((0.3..=1.0).contains(&width.if_reviewed));
}

/// What is certain or not there has no share of the width, and what is left wide open has most of it: charts would help.
#[test]
fn a_share_is_of_what_is_open() {
    let study = nation(&Scenario::well_specified(300.0), 5).study;
    let width = |ppv: &Ppv| {
        let own = assumptions();
        let classes = own.classes.iter().map(|class| EvidenceClass {
            ppv: ppv.clone(),
            ..class.clone()
        });
        let own = Assumptions {
            classes: classes.collect(),
            ..own
        };
        joint(&study, &own, &settings(120, 3), &mut |_| ())
            .unwrap()
            .width
            .unwrap()
    };
    let share = |width: &Width, cause: Cause| {
        let at = width.causes.iter().position(|own| *own == cause).unwrap();
        width.split.causes[at].share
    };
    let certain = width(&Ppv::Certain);
    for cause in [Cause::Linkage, Cause::Definition, Cause::Silent, Cause::Delay] {
        assert!(share(&certain, cause).abs() < 1e-12, "{cause:?}");
    }
    assert!((certain.if_reviewed - 1.0).abs() < 1e-12);
    let flat = BetaPrior {
        alpha: 2.0,
        beta: 2.0,
    };
    let open = width(&Ppv::Prior(flat, "nobody knows".to_owned()));
    assert!(share(&open, Cause::Definition) > 0.5, "{:?}", open.split);
    assert!(open.if_reviewed < 0.8, "{}", open.if_reviewed);
}
