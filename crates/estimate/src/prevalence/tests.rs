//! Kernels, counting and completeness against golden numbers (methods.md D16, D17) and slow oracles.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::survival::{Family, Survival};
use crate::{Confidence, EstimateError};

fn weibull(shape: f64, scale: f64) -> Family {
    Family::Weibull { shape, scale }
}

fn net(family: Family) -> Survival {
    Survival::net(family).unwrap()
}

fn all_close(found: &[f64], wanted: &[f64], within: f64) {
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= within, "{found} and not {wanted}");
    }
}

/// methods.md D17.
#[test]
fn the_golden_kernels() {
    let exponential = kernels(net(weibull(1.0, 1.0 / 0.3)), 4).unwrap();
    all_close(
        &exponential.alive,
        &[0.863_939_26, 0.640_021_95, 0.474_139_92, 0.351_251_49],
        5e-9,
    );
    all_close(
        &exponential.dying,
        &[0.136_060_74, 0.223_917_32, 0.165_882_03, 0.122_888_43],
        5e-9,
    );
    let alive = [
        0.833_815_81,
        0.631_795_94,
        0.499_518_92,
        0.402_565_48,
        0.328_460_25,
        0.270_421_80,
    ];
    let dying = [
        0.166_184_19,
        0.202_019_87,
        0.132_277_02,
        0.096_953_45,
        0.074_105_23,
        0.058_038_45,
    ];
    let falling = kernels(net(weibull(0.8, 3.926)), 6).unwrap();
    all_close(&falling.alive, &alive, 5e-9);
    all_close(&falling.dying, &dying, 5e-9);
    // The same by quadrature, which a slow class of no share asks for.
    let slow = Family::SlowClass {
        shape: 0.8,
        scale: 3.926,
        share: 0.0,
        hazard: 0.1,
    };
    let quadrature = kernels(net(slow), 6).unwrap();
    all_close(&quadrature.alive, &falling.alive, 1e-11);
    all_close(&quadrature.dying, &falling.dying, 1e-11);
}

/// methods.md D16: 1,000 new cases a year for ever.
#[test]
fn the_golden_completeness() {
    let exponential = weibull(1.0, 4.0);
    let of = |family: Family, years: f64| 1_000.0 * family.mean_until(years);
    all_close(
        &[of(exponential, 5.0), of(exponential, 10.0)],
        &[2_853.980_81, 3_671.660_01],
        5e-6,
    );
    assert!((1_000.0 * exponential.mean().unwrap() - 4_000.0).abs() < 1e-9);
    let index = |shape, scale, years| steady_completeness(weibull(shape, scale), years).unwrap();
    assert!((index(1.0, 4.0, 10.0) - 0.917_915_001).abs() < 5e-10);
    let found = [5.0, 10.0, 20.0].map(|years| index(0.7, 3.5, years));
    all_close(&found, &[0.562_966_437, 0.775_096_604, 0.928_510_229], 5e-10);
    all_close(
        &[index(0.6, 4.0, 10.0), index(0.6, 4.0, 20.0)],
        &[0.621_965_644, 0.812_244_550],
        5e-10,
    );
    // Year by year it is the same, but for the few who live longer than the 200 years that are summed.
    let summed = completeness_index(&[1_000.0; 200], net(weibull(0.7, 3.5)), 10).unwrap();
    assert!((summed.share - 0.775_096_604).abs() < 5e-7, "{summed:?}");
}

#[test]
fn complete_prevalence_by_the_delta_method() {
    let index = CompletenessIndex {
        share: 0.8,
        variance: 0.0004,
    };
    let found = complete_prevalence(4_000.0, 900.0, index, Confidence::NINETY_FIVE).unwrap();
    assert_eq!(found.total, 5_000.0);
    // 900/0.64 + 4000² · 0.0004 / 0.4096.
    assert!((found.variance - (1_406.25 + 15_625.0)).abs() < 1e-6, "{found:?}");
    assert!(found.interval.contains(5_000.0) && found.interval.low > 4_000.0);
    let whole = CompletenessIndex {
        share: 1.0,
        variance: 0.0,
    };
    assert_eq!(
        complete_prevalence(10.0, 0.0, whole, Confidence::NINETY_FIVE)
            .unwrap()
            .interval
            .width(),
        0.0
    );
    let none = CompletenessIndex {
        share: 0.0,
        variance: 0.0,
    };
    let refused = complete_prevalence(10.0, 0.0, none, Confidence::NINETY_FIVE);
    assert!(matches!(refused, Err(EstimateError::OutsideUnit(_))));
}

/// The delta method against simulation: R and P_L drawn, P = P_L/R.
#[test]
fn drawn_curves_give_the_index_a_variance() {
    let curves: Vec<_> = (0..200)
        .map(|i| net(weibull(0.8, 3.5 + 0.01 * f64::from(i % 100))))
        .collect();
    let index = completeness_index_draws(&[100.0; 60], &curves, 10).unwrap();
    let shares: Vec<f64> = curves
        .iter()
        .map(|&curve| completeness_index(&[100.0; 60], curve, 10).unwrap().share)
        .collect();
    let mean = shares.iter().sum::<f64>() / 200.0;
    assert!((index.share - mean).abs() < 1e-12 && index.variance > 0.0);
    let totals: Vec<f64> = shares.iter().map(|share| 4_000.0 / share).collect();
    let middle = totals.iter().sum::<f64>() / 200.0;
    let variance = totals.iter().map(|total| (total - middle).powi(2)).sum::<f64>() / 199.0;
    let found = complete_prevalence(4_000.0, 0.0, index, Confidence::NINETY_FIVE).unwrap();
    assert!(
        (found.variance / variance - 1.0).abs() < 0.05,
        "{} {variance}",
        found.variance
    );
    assert_eq!(
        completeness_index_draws(&[1.0], &curves[..1], 1),
        Err(EstimateError::NoDraws)
    );
}

/// Prevalence is what a crowd of simulated people shows: dates spread over 40 years, lives drawn from the curve.
#[test]
fn prevalence_is_a_crowd_of_simulated_people() {
    let (survival, per_year) = (Survival::new(weibull(0.8, 3.926), 0.03).unwrap(), 4_000);
    let kernels = kernels(survival, 40).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let (mut alive, mut recent, mut died) = (0_u32, 0_u32, 0_u32);
    let mut register = Vec::new();
    for year in 0..40 {
        for _ in 0..per_year {
            let diagnosed = f64::from(year) + rng.random::<f64>();
            let (own, other): (f64, f64) = (rng.random(), rng.random());
            let own = 3.926 * (-own.ln()).powf(1.0 / 0.8);
            let other = -other.ln() / 0.03;
            let death = diagnosed + own.min(other);
            alive += u32::from(death > 40.0);
            recent += u32::from(death > 40.0 && diagnosed >= 35.0);
            died += u32::from(own < other && (39.0..40.0).contains(&death));
            let last_known = if death > 50.0 {
                LastKnown::Alive(50.0)
            } else {
                LastKnown::Died(death)
            };
            register.push(Person {
                diagnosed,
                last_known,
            });
        }
    }
    let expected = |row: &[f64]| row.iter().sum::<f64>() * f64::from(per_year);
    let all = expected(&kernels.alive);
    assert!((f64::from(alive) - all).abs() < 4.0 * all.sqrt(), "{alive} {all}");
    let five = expected(&kernels.alive[..5]);
    assert!(
        (f64::from(recent) - five).abs() < 4.0 * five.sqrt(),
        "{recent} {five}"
    );
    let dying = expected(&kernels.dying);
    assert!(
        (f64::from(died) - dying).abs() < 4.0 * dying.sqrt(),
        "{died} {dying}"
    );
    // The counting method on the same people counts them exactly; with a third lost at random times it stays near.
    let counted = counted_alive(&register, 40.0, 40, survival).unwrap();
    assert_eq!((counted.known, counted.lost_people), (u64::from(alive), 0));
    assert_eq!(counted.by_duration.within(5), f64::from(recent));
    for person in register.iter_mut().step_by(3) {
        let (LastKnown::Alive(end) | LastKnown::Died(end)) = person.last_known;
        let seen = person.diagnosed + rng.random::<f64>() * 10.0;
        if seen < end {
            person.last_known = LastKnown::Alive(seen);
        }
    }
    let lossy = counted_alive(&register, 40.0, 40, survival).unwrap();
    assert!(lossy.lost_people > 1_000);
    assert!(
        (lossy.total() - f64::from(alive)).abs() < 4.0 * lossy.variance.sqrt(),
        "{} {alive}",
        lossy.total()
    );
    assert!((lossy.by_duration.total() - lossy.total()).abs() < 1e-6);
}

#[test]
fn what_cannot_be_counted() {
    let survival = net(weibull(1.0, 3.0));
    assert_eq!(kernels(survival, 0), Err(EstimateError::Duration));
    assert_eq!(counted_alive(&[], 1.0, 1, survival), Err(EstimateError::Empty));
    let odd = Person {
        diagnosed: 2.0,
        last_known: LastKnown::Alive(1.0),
    };
    assert_eq!(
        counted_alive(&[odd], 3.0, 5, survival),
        Err(EstimateError::FollowUpWithoutLength)
    );
    assert_eq!(
        completeness_index(&[0.0, 0.0], survival, 1),
        Err(EstimateError::NobodyExpected)
    );
    assert_eq!(
        completeness_index(&[1.0, -2.0], survival, 1),
        Err(EstimateError::Negative)
    );
    assert_eq!(
        ByDuration::new(vec![1.0, f64::NAN]),
        Err(EstimateError::NotFinite)
    );
}

#[test]
fn durations() {
    let alive = ByDuration::new((0..20).map(f64::from).collect()).unwrap();
    let bands = DurationBand::ALL.map(|band| alive.band(band));
    assert_eq!(bands, [0.0, 1.0, 9.0, 35.0, 145.0]);
    assert_eq!((alive.total(), alive.within(10)), (190.0, 45.0));
    assert!((alive.share_extrapolated(10.0).unwrap() - 145.0 / 190.0).abs() < 1e-12);
    // A window of ten and a half years cuts the year of ten.
    assert!((alive.share_extrapolated(10.5).unwrap() - 140.0 / 190.0).abs() < 1e-12);
    assert_eq!(alive.band(DurationBand::FiveAndMore), bands[3] + bands[4]);
    let short = ByDuration::new(vec![3.0]).unwrap();
    assert_eq!(short.band(DurationBand::TenAndMore), 0.0);
}

fn survivals() -> impl Strategy<Value = Survival> {
    let (shape, scale, other) = (0.45..3.0_f64, 0.2..8.0_f64, prop_oneof![Just(0.0), 0.0..0.2_f64]);
    let family = prop_oneof![
        (shape.clone(), scale.clone()).prop_map(|(shape, scale)| weibull(shape, scale)),
        scale.clone().prop_map(|scale| weibull(1.0, scale)),
        (shape.clone(), scale.clone()).prop_map(|(shape, scale)| Family::LogLogistic { shape, scale }),
        (shape, scale, 0.0..0.5_f64, 0.02..0.2_f64).prop_map(|(shape, scale, share, hazard)| {
            Family::SlowClass {
                shape,
                scale,
                share,
                hazard,
            }
        }),
    ];
    (family, other).prop_map(|(family, other)| Survival::new(family, other).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Brute force: cases at a thousand moments of the year, deaths summed over a fine grid of time.
    #[test]
    fn kernels_are_areas(survival in survivals(), lag in 0..8_usize) {
        let found = kernels(survival, 12).unwrap();
        let pieces = 50_000;
        // Midpoints of a grid that is fine near 0, where a curve of small shape falls upright.
        let grid = |from: f64, to: f64, at: &dyn Fn(f64) -> f64| -> f64 {
            (0..pieces)
                .map(|i| {
                    let edge = |i: i32| from + (to - from) * (f64::from(i) / f64::from(pieces)).powi(3);
                    at(f64::midpoint(edge(i), edge(i + 1))) * (edge(i + 1) - edge(i))
                })
                .sum()
        };
        let from = lag as f64;
        let alive = grid(from, from + 1.0, &|u| survival.survival(u));
        prop_assert!((found.alive[lag] - alive).abs() < 2e-5, "{} {alive}", found.alive[lag]);
        // The chance to die in a year of someone aged u at its end is the density seen through a tent of two years.
        let tent = |u: f64| (1.0 - (u - from).abs()).max(0.0);
        let density = |u: f64| survival.disease_density(u) * tent(u);
        let low = (from - 1.0).max(0.0);
        let rising = if lag == 0 { 0.0 } else { grid(low, from, &density) };
        let dying = rising + grid(from, from + 1.0, &density);
        prop_assert!((found.dying[lag] - dying).abs() < 2e-4, "{} {dying}", found.dying[lag]);
    }

    /// Nobody appears and nobody is lost: alive before = alive now + dying + dying of other causes.
    #[test]
    fn kernels_balance(survival in survivals()) {
        let found = kernels(survival, 60).unwrap();
        let mut before = 1.0;
        for ((alive, dying), other) in found.alive.iter().zip(&found.dying).zip(&found.other_causes) {
            prop_assert!((before - alive - dying - other).abs() < 1e-9);
            prop_assert!(*alive >= 0.0 && *dying >= 0.0 && *other >= -1e-12);
            before = *alive;
        }
    }

    #[test]
    fn the_longer_recorded_the_more_complete(survival in survivals(), recorded in 1..30_usize, new in prop::collection::vec(1.0..100.0_f64, 40)) {
        let less = completeness_index(&new, survival, recorded).unwrap().share;
        let more = completeness_index(&new, survival, recorded + 1).unwrap().share;
        prop_assert!(less <= more && more <= 1.0 + 1e-12);
    }
}
