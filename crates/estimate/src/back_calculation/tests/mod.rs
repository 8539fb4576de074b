//! The golden table of England's deaths (methods.md 4.3), slow oracles, balance and degenerate inputs.

mod calibration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::curves::weibull_with_median;
use super::uk::england_deaths;
use super::*;
use crate::EstimateError;
use crate::survival::{Family, Survival};

/// methods.md 4.3: persons of the UK over persons of England, mean of 2017 to 2019.
const UK_OVER_ENGLAND: f64 = 11_499.0 / 9_578.0;

#[allow(
    clippy::disallowed_methods,
    reason = "a test may be asked for its long version"
)]
pub(super) fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}

fn within(found: f64, wanted: f64, share: f64, what: &str) {
    assert!(
        (found / wanted - 1.0).abs() <= share,
        "{what}: {found} and not {wanted}"
    );
}

fn unchanged(shape: f64, scale: f64, other: f64) -> SurvivalOverTime {
    SurvivalOverTime::unchanged(Survival::new(Family::Weibull { shape, scale }, other).unwrap())
}

fn fitted(curves: &SurvivalOverTime) -> BackCalculation {
    back_calculate(&england_deaths().unwrap(), curves, 0.0, &Settings::default()).unwrap()
}

/// methods.md 4.3, every row and column, to half a percent; shares to their printed digits.
#[test]
fn the_golden_table_of_england() {
    let rows = [
        (
            1.0, 2.765, 0.0, 9_525.0, 9_676.0, 26_558.0, 0.517, 0.163, 31_885.0,
        ),
        (
            0.8, 3.926, 0.03, 10_696.0, 10_913.0, 41_229.0, 0.377, 0.333, 49_498.0,
        ),
        (
            0.8, 3.926, 0.0, 9_446.0, 9_670.0, 42_742.0, 0.331, 0.395, 51_314.0,
        ),
        (
            0.587, 4.198, 0.0, 9_340.0, 9_598.0, 62_770.0, 0.205, 0.608, 75_359.0,
        ),
    ];
    for (shape, scale, other, new_2015, new_2020, living, under_two, five_up, uk) in rows {
        let found = fitted(&unchanged(shape, scale, other));
        let alive = found.course.alive_at_end(2020).unwrap();
        let what = format!("Weibull ({shape}, {scale}) with {other}");
        within(found.course.new_in(2015).unwrap(), new_2015, 0.005, &what);
        within(found.course.new_in(2020).unwrap(), new_2020, 0.005, &what);
        within(alive.total(), living, 0.005, &what);
        within(alive.within(2) / alive.total(), under_two, 0.005, &what);
        within(1.0 - alive.within(5) / alive.total(), five_up, 0.005, &what);
        within(alive.total() * UK_OVER_ENGLAND, uk, 0.005, &what);
        // methods.md: "deviance 17.5–20 on 25 years".
        assert!(
            (17.0..20.0).contains(&found.deviance),
            "{what}: {}",
            found.deviance
        );
    }
}

fn improving(first: f64, last: f64) -> SurvivalOverTime {
    let survival = Survival::new(weibull_with_median(0.9, last / 12.0).unwrap(), 0.03).unwrap();
    let improvement = Improvement {
        from_year: 1990,
        to_year: 2020,
        first_over_last: first / last,
    };
    SurvivalOverTime::improving(survival, improvement).unwrap()
}

/// methods.md 4.3, the rows with survival that improved: the median grows evenly from 1990 to 2020, and is level
/// before.
#[test]
fn the_golden_rows_of_improving_survival() {
    let found = fitted(&improving(20.0, 33.0));
    for (year, wanted) in [(2000, 32_686.0), (2012, 35_248.0), (2020, 39_263.0)] {
        let alive = found.course.alive_at_end(year).unwrap().total();
        within(alive, wanted, 0.005, &format!("end of {year}"));
    }
    let last = found.course.alive_at_end(2020).unwrap();
    within(last.within(10), 37_035.0, 0.005, "the last ten years");
    for (first, last, uk) in [
        (20.0, 33.0, 47_139.0),
        (20.0, 28.0, 40_763.0),
        (18.0, 36.0, 50_574.0),
    ] {
        let alive = fitted(&improving(first, last))
            .course
            .alive_at_end(2020)
            .unwrap()
            .total();
        within(
            alive * UK_OVER_ENGLAND,
            uk,
            0.005,
            &format!("{first} to {last} months"),
        );
    }
}

#[test]
fn the_median_runs_in_a_straight_line() {
    let curves = improving(20.0, 33.0);
    for (year, months) in [
        (1956, 20.0),
        (1990, 20.0),
        (2005, 26.5),
        (2020, 33.0),
        (2030, 33.0),
    ] {
        assert!(
            (curves.in_year(year).net.median() * 12.0 - months).abs() < 1e-9,
            "{year}"
        );
    }
    let half = curves.going_on(0.5).in_year(2030).net.median() * 12.0;
    assert!((half - (33.0 + 0.5 * 13.0 / 3.0)).abs() < 1e-9, "{half}");
    assert_eq!(unchanged(1.0, 2.0, 0.0).yearly_gain(), 0.0);
}

/// A share found at death takes its part of everything away, exactly, and leaves the fit as it is.
#[test]
fn deaths_without_a_recorded_disease_take_their_share() {
    let (deaths, settings) = (england_deaths().unwrap(), Settings::default());
    let with = |share| back_calculate(&deaths, &improving(20.0, 33.0), share, &settings).unwrap();
    let (none, tenth) = (with(0.0), with(0.1));
    let alive = |fit: &BackCalculation| fit.course.alive_at_end(2020).unwrap().total();
    within(alive(&tenth), 0.9 * alive(&none), 1e-8, "living");
    within(tenth.deviance, none.deviance, 1e-6, "deviance");
    within(
        tenth.course.deaths_in(2010).unwrap(),
        none.course.deaths_in(2010).unwrap(),
        1e-8,
        "deaths",
    );
    let at_death = tenth.course.found_at_death_in(2010).unwrap();
    within(
        at_death,
        0.1 * tenth.course.deaths_in(2010).unwrap(),
        1e-12,
        "found at death",
    );
}

/// A slow and generic search: one year of log incidence after another, moved a little as long as that climbs.
#[test]
fn no_slow_search_finds_a_better_course() {
    let counts = vec![40_u64, 38, 45, 41, 50, 48, 52];
    let deaths = Deaths::new(2010, counts.clone()).unwrap();
    let smoothing = Smoothing {
        second_differences: 30.0,
        first_differences: 50.0,
        level_before: 2008,
    };
    let settings = Settings {
        start_year: 2002,
        smoothing,
    };
    let curves = unchanged(0.8, 3.0, 0.02);
    let found = back_calculate(&deaths, &curves, 0.05, &settings).unwrap();
    let kernel = crate::prevalence::kernels(curves.in_year(0), 15).unwrap().dying;
    let height = |log: &[f64]| {
        let mut sum = 0.0;
        for (i, &died) in counts.iter().enumerate() {
            let mean: f64 = (0..=i + 8).map(|y| log[y].exp() * kernel[i + 8 - y] / 0.95).sum();
            sum += died as f64 * mean.ln() - mean;
        }
        let second: f64 = log.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).powi(2)).sum();
        let first: f64 = log[..6].windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
        sum - 0.5 * (30.0 * second + 50.0 * first)
    };
    let best: Vec<f64> = found.course.incidence().iter().map(|new| new.ln()).collect();
    let mut slow = vec![45.0_f64.ln(); 15];
    let mut step = 0.2;
    while step > 1e-6 {
        let mut moved = false;
        for i in 0..15 {
            // Whole tails move as well as single years, for the penalty couples them.
            for (sign, tail) in [(1.0, false), (-1.0, false), (1.0, true), (-1.0, true)] {
                let mut there = slow.clone();
                let end = if tail { 15 } else { i + 1 };
                for log in &mut there[i..end] {
                    *log += sign * step;
                }
                if height(&there) > height(&slow) {
                    slow = there;
                    moved = true;
                }
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    assert!(
        height(&best) >= height(&slow) - 1e-9,
        "{} {}",
        height(&best),
        height(&slow)
    );
    for (one, other) in best.iter().zip(&slow) {
        assert!((one - other).abs() < 2e-3, "{best:?} {slow:?}");
    }
}

/// Deaths made from a known course, without chance: the course comes back.
#[test]
fn a_known_course_comes_back() {
    let curves = unchanged(0.8, 3.926, 0.03);
    let kernel = crate::prevalence::kernels(curves.in_year(0), 65).unwrap().dying;
    let new = |year: usize| 9_000.0 * (0.002 * (year as f64 - 40.0).max(0.0)).exp();
    let died = |t: usize| (0..=t).map(|y| new(y) * kernel[t - y]).sum::<f64>();
    let deaths = Deaths::new(1996, (40..65).map(|t| died(t).round() as u64).collect()).unwrap();
    let found = back_calculate(&deaths, &curves, 0.0, &Settings::default()).unwrap();
    for year in [2000, 2010, 2018] {
        within(
            found.course.new_in(year).unwrap(),
            new((year - 1956) as usize),
            0.01,
            "new",
        );
    }
    assert!(found.deviance < 0.5, "{}", found.deviance);
}

/// The curvature speaks the truth: over repeated chance in the deaths, drawn intervals hold the number living as
/// often as promised.
#[test]
fn intervals_hold_the_truth_when_survival_is_right() {
    use rand_distr::{Distribution, Poisson};
    let curves = unchanged(0.8, 3.926, 0.03);
    let kernels = crate::prevalence::kernels(curves.in_year(0), 65).unwrap();
    let died = |t: usize| (0..=t).map(|y| 1_000.0 * kernels.dying[t - y]).sum::<f64>();
    let truth: f64 = kernels.alive.iter().map(|alive| 1_000.0 * alive).sum();
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    let runs = if long() { 1_000 } else { 120 };
    let mut held = 0;
    for _ in 0..runs {
        let counts = (40..65)
            .map(|t| Poisson::new(died(t)).unwrap().sample(&mut rng) as u64)
            .collect();
        let fit = back_calculate(
            &Deaths::new(1996, counts).unwrap(),
            &curves,
            0.0,
            &Settings::default(),
        )
        .unwrap();
        let mut totals: Vec<f64> = (0..200)
            .map(|_| fit.draw(&mut rng).unwrap().alive_at_end(2020).unwrap().total())
            .collect();
        totals.sort_by(f64::total_cmp);
        held += u32::from(totals[4] <= truth && truth <= totals[195]);
    }
    // The true course is smoother than the penalty supposes, so the intervals may hold it more often than 95 of 100
    // times.
    let share = f64::from(held) / f64::from(runs);
    assert!(share >= 0.90, "{share}");
}

#[test]
fn what_cannot_be_calculated_back() {
    assert_eq!(
        Deaths::new(2000, vec![5; 4]),
        Err(EstimateError::TooFewYears { years: 4, least: 5 })
    );
    assert_eq!(
        Deaths::new(2000, vec![0; 9]),
        Err(EstimateError::TooFewDeaths { deaths: 0, least: 50 })
    );
    let deaths = Deaths::new(2000, vec![20; 9]).unwrap();
    let curves = unchanged(1.0, 3.0, 0.0);
    let with = |share, start_year| {
        let settings = Settings {
            start_year,
            ..Settings::default()
        };
        back_calculate(&deaths, &curves, share, &settings).map(|fit| fit.deviance)
    };
    assert_eq!(with(1.0, 1970), Err(EstimateError::ShareOutOfRange));
    assert_eq!(with(f64::NAN, 1970), Err(EstimateError::ShareOutOfRange));
    assert_eq!(with(0.0, 2000), Err(EstimateError::StartYear));
    assert_eq!(with(0.0, 1700), Err(EstimateError::StartYear));
    let found = back_calculate(
        &deaths,
        &curves,
        0.0,
        &Settings {
            start_year: 1970,
            ..Settings::default()
        },
    )
    .unwrap();
    let outside = EstimateError::YearOutside {
        year: 2009,
        first: 1970,
        last: 2008,
    };
    assert_eq!(found.course.new_in(2009), Err(outside));
    assert_eq!(
        deaths.in_year(1999),
        Err(EstimateError::YearOutside {
            year: 1999,
            first: 2000,
            last: 2008
        })
    );
    // Years without a death among others are no obstacle.
    let gaps = Deaths::new(2000, vec![30, 0, 0, 25, 30, 28]).unwrap();
    assert!(
        back_calculate(
            &gaps,
            &curves,
            0.0,
            &Settings {
                start_year: 1970,
                ..Settings::default()
            }
        )
        .is_ok()
    );
}

#[test]
fn draws_are_the_same_on_any_number_of_threads() {
    let (deaths, settings) = (england_deaths().unwrap(), Settings::default());
    let draw = |seed, count| {
        let assume = |rng: &mut ChaCha8Rng| {
            Ok(Assumptions {
                curves: improving(20.0, 33.0),
                share_found_at_death: beta_share(2.0, 18.0, rng)?,
            })
        };
        let total = |_: &BackCalculation, course: &Course| Ok(course.alive_at_end(2020)?.total().to_bits());
        draw_courses(&deaths, &settings, count, seed, assume, total).unwrap()
    };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| draw(5, 40))
    };
    assert_eq!(on(1), on(3));
    assert_ne!(draw(5, 40), draw(6, 40));
    // Fewer draws are the beginning of more.
    assert_eq!(draw(5, 10), draw(5, 40)[..10]);
    let none = draw_courses(
        &deaths,
        &settings,
        0,
        1,
        |_| Err(EstimateError::NoDraws),
        |_, _| Ok(()),
    );
    assert_eq!(none, Err(EstimateError::NoDraws));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Living at the end = living at the start + new − died, of whatever cause, in every year and for every curve.
    #[test]
    fn the_course_balances(
        counts in prop::collection::vec(20..400_u64, 6..20), shape in 0.5..1.5_f64, scale in 0.8..6.0_f64,
        other in 0.0..0.1_f64, ratio in 0.4..1.2_f64, share in 0.0..0.3_f64,
    ) {
        let survival = Survival::new(Family::Weibull { shape, scale }, other).unwrap();
        let improvement = Improvement { from_year: 1985, to_year: 2010, first_over_last: ratio };
        let curves = SurvivalOverTime::improving(survival, improvement).unwrap();
        let deaths = Deaths::new(2000, counts).unwrap();
        let fit = back_calculate(&deaths, &curves, share, &Settings::default()).unwrap();
        let course = fit.draw(&mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        for course in [fit.course, course] {
            let mut before = course.alive_at_end(1956).unwrap().total();
            for year in 1957..=course.last_year() {
                let after = course.alive_at_end(year).unwrap().total();
                let died = course.deaths_in(year).unwrap() - course.found_at_death_in(year).unwrap()
                    + course.other_deaths_in(year).unwrap();
                let expected = before + course.new_in(year).unwrap() - died;
                prop_assert!((after - expected).abs() < 1e-6 * (1.0 + after), "{year}: {after} {expected}");
                before = after;
            }
        }
    }

    /// Whatever the deaths, the search settles: years without any, and a thousand after one.
    #[test]
    fn the_search_settles(
        counts in prop::collection::vec(prop_oneof![Just(0_u64), 0..30_u64, 0..5_000_u64], 5..30),
        shape in 0.4..2.0_f64, scale in 0.3..9.0_f64, other in 0.0..0.2_f64,
    ) {
        prop_assume!(counts.iter().sum::<u64>() >= 50);
        let deaths = Deaths::new(1996, counts).unwrap();
        let fit = back_calculate(&deaths, &unchanged(shape, scale, other), 0.1, &Settings::default()).unwrap();
        let (last, total) = (deaths.last_year(), deaths.counts().iter().sum::<u64>() as f64);
        let expected: f64 = (1996..=last).map(|year| fit.course.deaths_in(year).unwrap()).sum();
        // A change of all years by one factor costs no penalty, so the best course has as many deaths as there were.
        prop_assert!((expected / total - 1.0).abs() < 1e-5, "{expected} {total}");
    }

    /// More deaths, more people; longer lives, more people living for the same deaths.
    #[test]
    fn more_deaths_and_longer_lives_are_more_people(counts in prop::collection::vec(50..400_u64, 8..15), factor in 1.05..1.5_f64) {
        let settings = Settings::default();
        let living = |counts: &[u64], scale: f64| {
            let deaths = Deaths::new(2000, counts.to_vec()).unwrap();
            let fit = back_calculate(&deaths, &unchanged(0.8, scale, 0.0), 0.0, &settings).unwrap();
            fit.course.alive_at_end(deaths.last_year()).unwrap().total()
        };
        let more: Vec<u64> = counts.iter().map(|count| count * 2).collect();
        prop_assert!(living(&more, 3.0) > living(&counts, 3.0));
        prop_assert!(living(&counts, 3.0 * factor) > living(&counts, 3.0));
    }
}
