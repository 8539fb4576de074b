//! Slow oracles, degenerate inputs and threads; golden numbers, balance and calibration have files of their own.

mod balance;
mod calibration;
mod golden;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::curves::weibull_with_median;
use super::uk::england_deaths;
use super::*;
use crate::EstimateError;
use crate::survival::{Family, Survival};

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

fn improving(first: f64, last: f64) -> SurvivalOverTime {
    let survival = Survival::new(weibull_with_median(0.9, last / 12.0).unwrap(), 0.03).unwrap();
    let improvement = Improvement {
        from_year: 1990,
        to_year: 2020,
        first_over_last: first / last,
    };
    SurvivalOverTime::improving(survival, improvement).unwrap()
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
    let half = curves.going_on(0.5, 2020).in_year(2030).net.median() * 12.0;
    assert!((half - (33.0 + 0.5 * 13.0 / 3.0)).abs() < 1e-9, "{half}");
    assert_eq!(unchanged(1.0, 2.0, 0.0).yearly_gain(), 0.0);
}

/// What comes after the last year of the past begins with that year, and not with the end of the improvement (2020,
/// 13 months in 30 years).
///
/// | last year | share | year | median, months |
/// |---|---|---|---|
/// | 2025 | ½ | 2020 to 2025 | 33 |
/// | 2025 | ½ | 2030 | 33 + ½ · 5 · 13/30 |
/// | 2010 | 0, ½, 1 | 2010 | 20 + 20 · 13/30 |
/// | 2010 | 0 | 2020 | as in 2010 |
/// | 2010 | ½ | 2020 | 20 + 25 · 13/30 |
/// | 2010 | 1 | 2020 | 20 + 30 · 13/30 |
#[test]
fn the_gain_to_come_begins_after_the_last_year() {
    let curves = improving(20.0, 33.0);
    let gain = 13.0 / 30.0;
    for (last_year, share, year, months) in [
        (2025, 0.5, 2020, 33.0),
        (2025, 0.5, 2025, 33.0),
        (2025, 0.5, 2030, 33.0 + 2.5 * gain),
        (2010, 0.0, 2010, 20.0 + 20.0 * gain),
        (2010, 0.5, 2010, 20.0 + 20.0 * gain),
        (2010, 1.0, 2010, 20.0 + 20.0 * gain),
        (2010, 0.0, 2020, 20.0 + 20.0 * gain),
        (2010, 0.5, 2020, 20.0 + 25.0 * gain),
        (2010, 1.0, 2020, 33.0),
    ] {
        let found = curves.going_on(share, last_year).in_year(year).net.median() * 12.0;
        assert!(
            (found - months).abs() < 1e-9,
            "{last_year} {share} {year}: {found}"
        );
    }
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
    let runs = if crate::length::long() { 1_000 } else { 80 };
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
        Err(EstimateError::TooFew {
            what: "years of deaths",
            needed: 5,
            found: 4
        })
    );
    assert_eq!(
        Deaths::new(2000, vec![0; 9]),
        Err(EstimateError::TooFew {
            what: "deaths",
            needed: 50,
            found: 0
        })
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
    for share in [1.0, f64::NAN] {
        assert!(matches!(with(share, 1970), Err(EstimateError::OutsideUnit(_))));
    }
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
