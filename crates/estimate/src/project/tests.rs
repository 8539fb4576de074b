//! The years to come: their balance, their order, and what is refused.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::back_calculation::{BackCalculation, Deaths, Improvement, Settings, back_calculate};
use crate::survival::{Family, Survival};

fn fitted(counts: Vec<u64>, first_over_last: Option<f64>) -> BackCalculation {
    let survival = Survival::new(
        Family::Weibull {
            shape: 0.9,
            scale: 4.0,
        },
        0.03,
    )
    .unwrap();
    let curves = match first_over_last {
        None => SurvivalOverTime::unchanged(survival),
        Some(first_over_last) => {
            let last = 1999 + counts.len() as i32;
            let improvement = Improvement {
                from_year: 1990,
                to_year: last,
                first_over_last,
            };
            SurvivalOverTime::improving(survival, improvement).unwrap()
        }
    };
    let deaths = Deaths::new(2000, counts).unwrap();
    back_calculate(&deaths, &curves, 0.05, &Settings::default()).unwrap()
}

fn years_to(fit: &BackCalculation, years: usize) -> Vec<Projected> {
    project(&fit.course, &fit.curves, &Horizon::of(years)).unwrap()
}

/// The trend of the last five years, 0.9 of it after a year, 0.81 after two, worked by hand.
#[test]
fn the_trend_is_damped() {
    let past = [90.0, 100.0, 102.0, 104.0, 106.0, 108.0, 110.0];
    let ahead = |past: &[f64], of: Horizon| new_cases_ahead(past, of.years, of.damping, of.trend_years);
    let found = ahead(&past, Horizon::of(3)).unwrap();
    let slope = (110.0_f64 / 100.0).ln() / 5.0;
    let wanted = [0.9, 0.9 + 0.81, 0.9 + 0.81 + 0.729].map(|sum| 110.0 * (slope * sum).exp());
    for (found, wanted) in found[7..].iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    }
    assert_eq!(found[..7], past);
    let level = Horizon {
        damping: 0.0,
        ..Horizon::of(2)
    };
    assert_eq!(ahead(&past, level).unwrap()[7..], [110.0, 110.0]);
}

/// Too few years, no years, and years without anybody are different faults.
#[test]
fn a_trend_wants_two_years_with_people() {
    let ahead = |past: &[f64], trend_years| new_cases_ahead(past, 3, 0.9, trend_years);
    let past = [90.0, 100.0, 102.0, 104.0, 106.0, 108.0];
    assert!(ahead(&past, 5).is_ok());
    let too_short = EstimateError::TooFew {
        what: "years of new cases",
        needed: 7,
        found: 6,
    };
    assert_eq!(ahead(&past, 6), Err(too_short));
    assert!(matches!(ahead(&past, 0), Err(EstimateError::NotPositive(_))));
    for nobody in [0, 5] {
        let mut past = past;
        past[nobody] = 0.0;
        assert_eq!(ahead(&past, 5), Err(EstimateError::NoTrend { years: 5 }));
    }
    let between = [90.0, 0.0, 102.0, 104.0, 106.0, 108.0];
    assert!(ahead(&between, 5).is_ok());
}

#[test]
fn the_past_stays_and_more_gain_is_more_people() {
    let fit = fitted((0..20).map(|year| 900 + 5 * year).collect(), Some(0.6));
    let found = years_to(&fit, 10);
    let living = |projected: &Projected, year| projected.course.alive_at_end(year).unwrap().total();
    for projected in &found {
        assert_eq!(
            (projected.first_projected, projected.course.last_year()),
            (2020, 2029)
        );
        for year in [1980, 2000, 2019] {
            let past = fit.course.alive_at_end(year).unwrap().total();
            assert!((living(projected, year) - past).abs() < 1e-9 * past);
        }
    }
    for year in 2020..2030 {
        let at: Vec<f64> = found.iter().map(|projected| living(projected, year)).collect();
        assert!(at[0] < at[1] && at[1] < at[2], "{year}: {at:?}");
    }
    // Where survival never changed, the three are one.
    let level = years_to(&fitted(vec![900; 20], None), 5);
    assert_eq!(living(&level[0], 2024), living(&level[2], 2024));
}

/// Deaths of women in England, 2001 to 2020.
const ENGLAND: [u64; 20] = [
    10_837, 10_795, 10_501, 10_288, 10_297, 10_243, 9_986, 10_065, 9_749, 9_634, 9_702, 9_698, 9_545, 9_497,
    9_556, 9_613, 9_502, 9_562, 9_462, 9_638,
];

/// The improvement may end before the last year of deaths, or be said to go on after it: the past is the same in all
/// three ways, and each has its own years to come. The numbers were worked out by another program (Newton steps on the
/// same penalised likelihood, in NumPy), living now and five years on.
#[test]
fn the_three_ways_part_after_the_last_year_of_deaths() {
    let later: Vec<u64> = ENGLAND.into_iter().chain([9_600; 3]).collect();
    for (counts, to_year, now, then) in [
        (&ENGLAND[..], 2020, 39_469.0, [42_193.0, 42_419.0, 42_638.0]),
        (&ENGLAND[..], 2015, 40_745.0, [41_607.0, 41_864.0, 42_113.0]),
        (&ENGLAND[..], 2010, 41_230.0, [41_818.0, 42_136.0, 42_440.0]),
        (&later[..], 2020, 40_649.0, [41_901.0, 42_119.0, 42_331.0]),
        (&ENGLAND[..15], 2020, 36_623.0, [38_508.0, 38_747.0, 38_979.0]),
    ] {
        let net = Family::Weibull {
            shape: 0.9,
            scale: 2.75 / std::f64::consts::LN_2.powf(1.0 / 0.9),
        };
        let improvement = Improvement {
            from_year: 1990,
            to_year,
            first_over_last: 1.667 / 2.75,
        };
        let curves = SurvivalOverTime::improving(Survival::new(net, 0.0).unwrap(), improvement).unwrap();
        let deaths = Deaths::new(2001, counts.to_vec()).unwrap();
        let fit = back_calculate(&deaths, &curves, 0.0, &Settings::default()).unwrap();
        let last = deaths.last_year();
        let living = |course: &Course, year| course.alive_at_end(year).unwrap().total();
        for (projected, then) in years_to(&fit, 5).iter().zip(then) {
            let found = [
                living(&projected.course, last),
                living(&projected.course, last + 5),
            ];
            assert!(
                (found[0] - now).abs() < 5.0 && (found[1] - then).abs() < 5.0,
                "to {to_year} with deaths to {last}, {:?}: {found:?}",
                projected.survival
            );
            for year in [1980, 2001, 2012, last] {
                let past = living(&fit.course, year);
                assert!((living(&projected.course, year) - past).abs() < 1e-9 * past);
            }
        }
    }
}

#[test]
fn chance_is_of_the_size_of_the_count() {
    let found = years_to(&fitted(vec![900; 20], None), 3);
    let mean = found[0].course.alive_at_end(2021).unwrap().total();
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let draws: Vec<f64> = (0..4_000)
        .map(|_| found[0].living_by_chance(2021, &mut rng).unwrap())
        .collect();
    let average = draws.iter().sum::<f64>() / 4_000.0;
    let variance = draws.iter().map(|draw| (draw - average).powi(2)).sum::<f64>() / 4_000.0;
    assert!(
        (average - mean).abs() < 4.0 * (mean / 4_000.0).sqrt(),
        "{average} {mean}"
    );
    assert!((variance / mean - 1.0).abs() < 0.1, "{variance} {mean}");
}

#[test]
fn what_is_not_projected() {
    let fit = fitted(vec![900; 20], None);
    let with = |horizon| project(&fit.course, &fit.curves, &horizon).map(|found| found.len());
    assert_eq!(
        with(Horizon::of(11)),
        Err(EstimateError::ProjectionTooLong { years: 11 })
    );
    assert_eq!(
        with(Horizon::of(0)),
        Err(EstimateError::ProjectionTooLong { years: 0 })
    );
    assert_eq!(with(Horizon::of(10)), Ok(3));
    assert_eq!(
        with(Horizon {
            damping: 1.5,
            ..Horizon::of(3)
        }),
        Err(EstimateError::OutsideUnit("the damping"))
    );
    let far = Horizon {
        trend_years: 200,
        ..Horizon::of(3)
    };
    assert!(matches!(with(far), Err(EstimateError::TooFew { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Living at the end = living at the start + new − died, in the years to come too.
    #[test]
    fn the_years_to_come_balance(counts in prop::collection::vec(50..400_u64, 8..15), ratio in 0.4..1.1_f64, years in 1..=10_usize) {
        let fit = fitted(counts, Some(ratio));
        for projected in years_to(&fit, years) {
            let course = &projected.course;
            for year in projected.first_projected..=course.last_year() {
                let before = course.alive_at_end(year - 1).unwrap().total();
                let died = course.deaths_in(year).unwrap() - course.found_at_death_in(year).unwrap()
                    + course.other_deaths_in(year).unwrap();
                let after = course.alive_at_end(year).unwrap().total();
                let expected = before + course.new_in(year).unwrap() - died;
                prop_assert!((after - expected).abs() < 1e-6 * (1.0 + after));
            }
        }
    }
}
