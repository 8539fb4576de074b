//! Families of curves: closed forms, fits against slow searches, and draws.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::alike::by_day;
use super::super::*;
use super::people;
use crate::EstimateError;

const LONG_TAIL: FamilyKind = FamilyKind::SlowClass { hazard: 0.05 };
const KINDS: [FamilyKind; 3] = [FamilyKind::Weibull, FamilyKind::LogLogistic, LONG_TAIL];

fn close(found: f64, wanted: f64, within: f64) {
    assert!(
        (found - wanted).abs() <= within * wanted.abs(),
        "{found} and not {wanted}"
    );
}

/// People whose deaths follow `family`, watched until `end`, some of them from later on.
fn cohort(family: Family, count: usize, end: f64, late: bool, seed: u64) -> Vec<FollowUp> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut people = Vec::new();
    while people.len() < count {
        let chance: f64 = rng.random();
        let entry = if late && rng.random::<bool>() {
            rng.random::<f64>() * 2.0
        } else {
            0.0
        };
        // The time at which the survival is `chance`, by halving.
        let (mut low, mut high) = (0.0, 1_000.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if family.survival(middle) > chance {
                low = middle
            } else {
                high = middle
            }
        }
        if low > entry {
            people.push(FollowUp {
                entry,
                exit: f64::min(low, end),
                died: low < end,
            });
        }
    }
    people
}

fn families() -> impl Strategy<Value = Family> {
    let (shape, scale) = (0.4..2.5_f64, 0.3..8.0_f64);
    prop_oneof![
        (shape.clone(), scale.clone()).prop_map(|(shape, scale)| Family::Weibull { shape, scale }),
        (shape.clone(), scale.clone()).prop_map(|(shape, scale)| Family::LogLogistic { shape, scale }),
        (shape, scale, 0.0..0.5_f64, 0.02..0.2_f64).prop_map(|(shape, scale, share, hazard)| {
            Family::SlowClass {
                shape,
                scale,
                share,
                hazard,
            }
        }),
    ]
}

/// methods.md D16: the means of the Weibull curves there.
#[test]
fn golden_means() {
    let weibull = |shape, scale| Family::Weibull { shape, scale };
    close(weibull(0.7, 3.5).mean().unwrap(), 4.430_382_27, 2e-9);
    close(weibull(0.6, 4.0).mean().unwrap(), 6.018_301_95, 2e-9);
    let heavy = Family::LogLogistic {
        shape: 1.0,
        scale: 2.0,
    };
    assert_eq!(heavy.mean(), Err(EstimateError::InfiniteMean));
    // scale (π/shape)/sin(π/shape) at shape 2 is scale π/2.
    let light = Family::LogLogistic {
        shape: 2.0,
        scale: 3.0,
    };
    close(light.mean().unwrap(), 3.0 * std::f64::consts::FRAC_PI_2, 1e-14);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Hazard, density and survival tell the same story; the area by the trapezium rule is the mean until.
    #[test]
    fn the_functions_of_a_curve_agree(family in families(), time in 0.05..20.0_f64) {
        let (alive, h) = (family.survival(time), 1e-5);
        let slope = (family.survival(time - h) - family.survival(time + h)) / (2.0 * h);
        prop_assert!((slope - family.density(time)).abs() < 1e-5 * (1.0 + family.density(time)));
        prop_assert!((family.hazard(time) * alive - family.density(time)).abs() < 1e-9);
        prop_assert!(((-family.cumulative_hazard(time)).exp() - alive).abs() < 1e-12);
        let (cumulative, hazard) = family.hazards(time);
        prop_assert!((cumulative - family.cumulative_hazard(time)).abs() < 1e-9 * (1.0 + cumulative));
        prop_assert!((hazard - family.hazard(time)).abs() < 1e-9 * (1.0 + hazard));
        prop_assert!((family.survival(family.median()) - 0.5).abs() < 1e-9);
        let pieces = 40_000;
        // Over the square of the piece, so that the upright fall at 0 is seen finely.
        let at = |i: i32| time * (f64::from(i) / f64::from(pieces)).powi(2);
        let sum: f64 = (0..pieces)
            .map(|i| (family.survival(at(i)) + family.survival(at(i + 1))) / 2.0 * (at(i + 1) - at(i)))
            .sum();
        prop_assert!((family.mean_until(time) - sum).abs() < 2e-5 * (1.0 + sum), "{} {sum}", family.mean_until(time));
        if let Ok(split) = family.mean_split(time) {
            prop_assert!((split.total() - family.mean().unwrap()).abs() < 1e-9 * split.total());
            prop_assert!((0.0..=1.0).contains(&split.share_extrapolated()));
        }
    }

    #[test]
    fn stretching_multiplies_every_time(family in families(), time in 0.0..20.0_f64, factor in 0.2..4.0_f64) {
        let stretched = family.stretched(factor);
        prop_assert!((stretched.survival(time * factor) - family.survival(time)).abs() < 1e-12);
        prop_assert!((stretched.median() - family.median() * factor).abs() < 1e-8 * stretched.median());
    }

    #[test]
    fn a_curve_goes_through_its_points(
        early in 0.5..0.9_f64, fall in 0.2..0.9_f64, from in 0.5..2.0_f64, more in 0.5..5.0_f64,
    ) {
        let (first, second) = (
            Anchor { time: from, survival: early },
            Anchor { time: from + more, survival: early * fall },
        );
        let kinds = [Through::Weibull, Through::LogLogistic, Through::SlowClass { share: 0.05, hazard: 0.06 }];
        for kind in kinds {
            let Ok(curve) = through(kind, first, second) else {
                // Only a slow class can be too large for what is alive.
                let slow = matches!(kind, Through::SlowClass { .. });
                prop_assert!(slow);
                continue;
            };
            prop_assert!((curve.survival(first.time) - first.survival).abs() < 1e-9);
            prop_assert!((curve.survival(second.time) - second.survival).abs() < 1e-9);
        }
    }
}

/// methods.md 4.3: the audit's curve, alive at one year 0.65 and at three 0.44, is Weibull (0.587, 4.198).
#[test]
fn the_golden_curve_through_published_points() {
    let (first, second) = (
        Anchor {
            time: 1.0,
            survival: 0.65,
        },
        Anchor {
            time: 3.0,
            survival: 0.44,
        },
    );
    let Family::Weibull { shape, scale } = through(Through::Weibull, first, second).unwrap() else {
        panic!("asked for a Weibull");
    };
    assert!(
        (shape - 0.587).abs() < 5e-4 && (scale - 4.198).abs() < 5e-4,
        "{shape} {scale}"
    );
    assert_eq!(
        through(Through::Weibull, second, first),
        Err(EstimateError::SurvivalAnchors)
    );
}

/// An exponential cohort has a closed best scale when the shape is held; the fit must stand above it, and no slow
/// search may find a better place.
#[test]
fn the_fit_is_the_top() {
    for late in [false, true] {
        let rows = cohort(
            Family::Weibull {
                shape: 0.8,
                scale: 3.0,
            },
            400,
            5.0,
            late,
            7,
        );
        for kind in KINDS {
            let fitted = fit(kind, &rows, 0.02).unwrap();
            let top = log_likelihood(fitted.best, &rows, 0.02).unwrap();
            close(top, fitted.log_likelihood, 1e-12);
            for (more, longer) in [
                (0.01, 0.0),
                (-0.01, 0.0),
                (0.0, 0.01),
                (0.0, -0.01),
                (0.3, -0.2),
                (-0.4, 0.5),
            ] {
                let moved = match fitted.best {
                    Family::Weibull { shape, scale } => Family::Weibull {
                        shape: shape + more,
                        scale: scale + longer,
                    },
                    Family::LogLogistic { shape, scale } => Family::LogLogistic {
                        shape: shape + more,
                        scale: scale + longer,
                    },
                    Family::SlowClass {
                        shape,
                        scale,
                        share,
                        hazard,
                    } => Family::SlowClass {
                        shape: shape + more,
                        scale: scale + longer,
                        share,
                        hazard,
                    },
                };
                assert!(
                    log_likelihood(moved, &rows, 0.02).unwrap() < top,
                    "{kind:?} {more} {longer}"
                );
            }
        }
    }
}

/// With the truth in the family the parameters come back, within four of their own standard errors, late entry or
/// not.
#[test]
fn the_truth_comes_back() {
    for (late, truth) in [
        (
            false,
            Family::Weibull {
                shape: 0.8,
                scale: 3.0,
            },
        ),
        (
            true,
            Family::Weibull {
                shape: 0.8,
                scale: 3.0,
            },
        ),
        (
            true,
            Family::LogLogistic {
                shape: 1.3,
                scale: 2.0,
            },
        ),
    ] {
        let rows = cohort(truth, 2_000, 6.0, late, 11);
        let (kind, wanted) = match truth {
            Family::LogLogistic { shape, scale } => (FamilyKind::LogLogistic, (shape, scale)),
            Family::Weibull { shape, scale } | Family::SlowClass { shape, scale, .. } => {
                (FamilyKind::Weibull, (shape, scale))
            }
        };
        let fitted = fit(kind, &rows, 0.0).unwrap();
        let (of_shape, of_scale) = fitted.log_standard_errors().unwrap();
        let (Family::Weibull { shape, scale }
        | Family::LogLogistic { shape, scale }
        | Family::SlowClass { shape, scale, .. }) = fitted.best;
        assert!(
            (shape / wanted.0).ln().abs() < 4.0 * of_shape && of_shape < 0.06,
            "{shape}"
        );
        assert!(
            (scale / wanted.1).ln().abs() < 4.0 * of_scale && of_scale < 0.06,
            "{scale}"
        );
        // It is the average that knows which family it was.
        let averaged = average(&KINDS, &rows, 0.0).unwrap();
        let (heaviest, _) = averaged
            .families
            .iter()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap();
        assert_eq!(heaviest.kind, kind);
        close(
            averaged.families.iter().map(|(_, weight)| weight).sum(),
            1.0,
            1e-12,
        );
        assert!(averaged.window == 6.0 && averaged.left_out.is_empty());
    }
}

/// Entry ignored, people look as if they lived longer: the bias of the immortals.
#[test]
fn ignoring_late_entry_lengthens_lives() {
    let rows = cohort(
        Family::Weibull {
            shape: 1.0,
            scale: 2.0,
        },
        3_000,
        8.0,
        true,
        3,
    );
    let ignored: Vec<_> = rows
        .iter()
        .map(|person| FollowUp {
            entry: 0.0,
            ..*person
        })
        .collect();
    let mean = |rows: &[FollowUp]| fit(FamilyKind::Weibull, rows, 0.0).unwrap().best.mean().unwrap();
    assert!((mean(&rows) - 2.0).abs() < 0.15, "{}", mean(&rows));
    assert!(mean(&ignored) > 1.08 * mean(&rows), "{}", mean(&ignored));
}

/// A slow class of 12 % that ten years of follow-up can show is found; a Weibull alone misses its tail.
#[test]
fn long_survivors_are_found_by_the_slow_class() {
    let truth = Family::SlowClass {
        shape: 0.9,
        scale: 2.5,
        share: 0.12,
        hazard: 0.05,
    };
    let rows = cohort(truth, 4_000, 10.0, false, 5);
    let slow = fit(LONG_TAIL, &rows, 0.0).unwrap();
    let Family::SlowClass { share, .. } = slow.best else {
        panic!("a slow class")
    };
    assert!((share - 0.12).abs() < 0.03, "{share}");
    let plain = fit(FamilyKind::Weibull, &rows, 0.0).unwrap();
    let wanted = truth.mean().unwrap();
    assert!(
        plain.best.mean().unwrap() < 0.93 * wanted,
        "{} {wanted}",
        plain.best.mean().unwrap()
    );
    close(slow.best.mean().unwrap(), wanted, 0.08);
    assert!(slow.aic() < plain.aic());
}

/// Draws have the mean and spread that the fit promises, and are the same for the same seed.
#[test]
fn draws_spread_as_the_standard_errors_say() {
    let rows = cohort(
        Family::Weibull {
            shape: 0.8,
            scale: 3.0,
        },
        500,
        5.0,
        false,
        13,
    );
    let fitted = fit(FamilyKind::Weibull, &rows, 0.0).unwrap();
    let draw = |seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..4_000).map(|_| fitted.draw(&mut rng)).collect::<Vec<_>>()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    let logs: Vec<f64> = draw(1)
        .into_iter()
        .map(|family| match family {
            Family::Weibull { shape, .. } => shape.ln(),
            other => panic!("{other:?}"),
        })
        .collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let sd = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
    close(sd, fitted.log_standard_errors().unwrap().0, 0.05);
    let averaged = average(&KINDS, &rows, 0.0).unwrap().evened();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let slow = (0..3_000)
        .filter(|_| matches!(averaged.draw(&mut rng), Some(Family::SlowClass { .. })))
        .count();
    assert!((900..1_100).contains(&slow), "{slow}");
}

/// The moment of a day counted from 1 January 2019, as studies write it: year + (day of the year − ½)/days of the year.
fn moment(day: u32) -> f64 {
    let (mut year, mut left) = (2019_u32, day);
    loop {
        let days = if year.is_multiple_of(4) { 366 } else { 365 };
        if left < days {
            return f64::from(year) + (f64::from(left) + 0.5) / f64::from(days);
        }
        left -= days;
        year += 1;
    }
}

/// People of seven years in dates, some dead on the day itself: people of one day at the mean of their times have the likelihood
/// of people one by one. Rounded to whole days they would be off by a hundred times as much.
#[test]
fn people_of_one_day_are_fitted_as_one_by_one() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let days = 7 * 365 + 2;
    let rows: Vec<FollowUp> = (0..3_000)
        .map(|_| {
            let begun = rng.random_range(0..days);
            let lived = -1_100.0 * (1.0 - rng.random::<f64>()).ln();
            let ended = begun + lived as u32;
            let exit = if ended < days { moment(ended) } else { 2026.0 };
            // On the day itself: half a day.
            FollowUp::from_start((exit - moment(begun)).max(0.5 / 365.25), ended < days)
        })
        .collect();
    let counted = by_day(&rows).unwrap();
    assert_eq!(counted.iter().map(|alike| alike.people).sum::<usize>(), 3_000);
    assert!(counted.len() < 2_500, "{}", counted.len());
    let (one, other) = (average(&KINDS, &rows, 0.0), average_by_day(&KINDS, &rows, 0.0));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(
        (one.window, one.families.len()),
        (other.window, other.families.len())
    );
    for ((one, of_one), (other, of_other)) in one.families.iter().zip(&other.families) {
        assert_eq!(one.kind, other.kind);
        assert!(
            (one.log_likelihood - other.log_likelihood).abs() < 2e-3,
            "{:?}",
            one.kind
        );
        assert!((of_one - of_other).abs() < 1e-3, "{of_one} {of_other}");
        // The share of a slow class is one of a grid, whose neighbours may be as good.
        if one.kind != LONG_TAIL {
            close(other.best.median(), one.best.median(), 1e-5);
        }
    }
}

#[test]
fn what_cannot_be_fitted() {
    assert_eq!(
        fit(FamilyKind::Weibull, &[], 0.0).unwrap_err(),
        EstimateError::Empty
    );
    let alive = people(&[(1.0, false); 20]);
    assert_eq!(
        fit(FamilyKind::Weibull, &alive, 0.0).unwrap_err(),
        EstimateError::NoDeaths
    );
    let few = people(&[(1.0, true), (2.0, true), (3.0, false)]);
    assert_eq!(
        fit(LONG_TAIL, &few, 0.0).unwrap_err(),
        EstimateError::TooFewDeathsForCurve {
            deaths: 2,
            parameters: 3,
            least: 15
        }
    );
    // All on one day: the shape runs away, and there is no best curve.
    let same = people(&[(1.0, true); 30]);
    assert!(fit(FamilyKind::Weibull, &same, 0.0).is_err());
    assert!(average(&KINDS, &same, 0.0).is_err());
    let bad = Family::Weibull {
        shape: -1.0,
        scale: 2.0,
    };
    assert_eq!(bad.checked(), Err(EstimateError::SurvivalParameters));
    assert_eq!(
        Survival::new(
            Family::Weibull {
                shape: 1.0,
                scale: 2.0
            },
            -0.1
        ),
        Err(EstimateError::SurvivalParameters)
    );
}
