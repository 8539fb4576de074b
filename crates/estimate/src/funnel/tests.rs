//! Golden numbers of methods.md D8, properties, and what cannot be drawn.

use proptest::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

use super::*;

/// methods.md D8: deaths after heart surgery on children in twelve hospitals.
fn surgery() -> Vec<Tally> {
    let wholes = [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360];
    let parts = [0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24];
    wholes
        .iter()
        .zip(parts)
        .map(|(&whole, part)| Tally::new(part, whole).unwrap())
        .collect()
}

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "wanted {wanted}, found {found}");
}

#[test]
fn the_golden_numbers_of_dispersion() {
    let plain = funnel_of_shares(&surgery(), None, Spread::Additive, 0.0).unwrap();
    near(plain.target, 0.073_916_134, 5e-10);
    near(plain.points[0].naive_z, -1.936_84, 5e-6);
    near(plain.points[7].naive_z, 3.938_16, 5e-6);
    near(plain.dispersion.phi, 3.212_97, 5e-6);
    near(plain.dispersion.tau_squared, 7.776_300e-4, 5e-11);
    let winsorised = funnel_of_shares(&surgery(), None, Spread::Additive, 0.1).unwrap();
    near(winsorised.dispersion.phi, 2.363_287, 5e-7);
    near(winsorised.dispersion.tau_squared, 4.898_897e-4, 5e-11);
}

#[test]
fn the_golden_limits() {
    // The last printed digit of hospital H's second limit is one too high there: 0.0384223547 is met by another
    // evaluation of the formula too.
    let pooled = 208.0 / 2814.0;
    for (target, whole, wanted) in [
        (
            pooled,
            97,
            [0.000_955_53, 0.021_242_35, 0.124_745_55, 0.162_692_41],
        ),
        (
            pooled,
            215,
            [0.022_648_65, 0.038_422_36, 0.108_505_38, 0.132_217_86],
        ),
        (
            pooled,
            810,
            [0.046_416_37, 0.055_778_61, 0.091_827_40, 0.103_185_90],
        ),
        (
            0.02,
            500,
            [0.002_507_03, 0.007_658_93, 0.032_120_06, 0.041_017_26],
        ),
        (
            0.02,
            1000,
            [0.007_235_45, 0.011_265_61, 0.028_646_82, 0.034_525_30],
        ),
    ] {
        for (p, wanted) in [0.001, 0.025, 0.975, 0.999].into_iter().zip(wanted) {
            near(binomial_limit(target, whole, p).unwrap(), wanted, 6e-9);
        }
    }
}

#[test]
fn a_wide_funnel_keeps_more_hospitals_in() {
    let outside = |spread| {
        let funnel = funnel_of_shares(&surgery(), None, spread, 0.1).unwrap();
        let out = |point: &&FunnelPoint| {
            !funnel
                .limits(point.size, Confidence::NINETY_FIVE)
                .unwrap()
                .contains(point.value)
        };
        funnel.points.iter().filter(out).count()
    };
    let counts = [Spread::Chance, Spread::Multiplicative, Spread::Additive].map(outside);
    // By chance alone: B, H and K above, E below.
    assert_eq!(counts, [4, 1, 1], "hospitals outside by spread");
}

/// With a huge expected count the Poisson limit is the normal one.
#[test]
fn limits_of_ratios() {
    let limit = poisson_limit(1.0, 1e6, 0.975).unwrap();
    near(limit, 1.0 + 1.959_964 / 1e3, 2e-6);
    // Where the expansion takes over, it agrees.
    for p in [0.001, 0.025, 0.5, 0.975, 0.999] {
        let (exact, smooth) = (
            poisson_limit(1.0, 999_999.0, p).unwrap(),
            poisson_limit(1.0, 1_000_001.0, p).unwrap(),
        );
        near(
            (smooth - 1.0) * 1_000_001.0_f64.sqrt(),
            (exact - 1.0) * 999_999.0_f64.sqrt(),
            1e-5,
        );
    }
    // Nobody expected to fall below a count of 0.
    near(poisson_limit(1.0, 0.5, 0.001).unwrap(), 0.0, 0.0);
    let groups: Vec<_> = [(8, 10.0), (25, 20.0), (3, 5.5), (60, 40.0)]
        .map(|(count, expected)| Observed::new(count, expected).unwrap())
        .to_vec();
    let funnel = funnel_of_ratios(&groups, None, Spread::Chance, 0.0).unwrap();
    near(funnel.points[3].naive_z, 20.0 / 40.0_f64.sqrt(), 1e-12);
    assert!(funnel.limits(40.0, Confidence::NINETY_FIVE).unwrap().high < 1.5);
}

#[test]
fn nobody_stands_above_what_all_reach_by_chance() {
    // Three of three where nine in ten are: 0.9³ = 73 % of such groups.
    assert_eq!(binomial_limit(0.9, 3, 0.975), Ok(1.0));
    assert_eq!(binomial_limit(0.9, 3, 0.999), Ok(1.0));
    // Forty of forty are 1.5 % of such groups: above the limit of 97.5 %, and not above that of 99.9 %.
    assert!(binomial_limit(0.9, 40, 0.975).unwrap() < 1.0);
    assert_eq!(binomial_limit(0.9, 40, 0.999), Ok(1.0));
}

/// A funnel around a target, of chance alone.
fn by_chance(kind: Kind, target: f64) -> Funnel {
    Funnel {
        target,
        dispersion: Dispersion {
            phi: 1.0,
            tau_squared: 0.0,
        },
        points: Vec::new(),
        kind,
        spread: Spread::Chance,
    }
}

/// Of a law's counts, those stand outside that chance alone reaches no more often than the tail, and only those, on each side.
fn keeps_its_promise(funnel: &Funnel, size: f64, law: &impl DiscreteCDF<u64, f64>, counts: u64) {
    for level in [0.95, 0.998] {
        let confidence = Confidence::new(level).unwrap();
        let limits = funnel.flag_limits(size, confidence).unwrap();
        for count in 0..=counts {
            let value = count as f64 / size;
            let as_many = count.checked_sub(1).map_or(1.0, |below| law.sf(below));
            let said = format!("{count} of size {size}, level {level}: {limits:?}");
            assert_eq!(value > limits.high, as_many <= confidence.tail(), "above: {said}");
            assert_eq!(
                value < limits.low,
                law.cdf(count) < confidence.tail(),
                "below: {said}"
            );
        }
    }
}

#[test]
fn a_flag_has_the_chance_it_promises_on_either_side() {
    for expected in [0.000_5, 0.005, 0.032, 0.045, 0.24, 0.5, 1.0, 2.0, 5.0, 20.0] {
        let law = statrs::distribution::Poisson::new(expected).unwrap();
        keeps_its_promise(&by_chance(Kind::Ratios, 1.0), expected, &law, 60);
    }
    for target in [0.02, 0.3, 0.9] {
        for whole in [1, 2, 3, 7, 20, 40, 90] {
            let law = Binomial::new(target, whole).unwrap();
            keeps_its_promise(&by_chance(Kind::Shares, target), whole as f64, &law, whole);
        }
    }
}

#[test]
fn the_limit_to_flag_by_mirrors_the_lower_one() {
    // Three in ten are as seven in ten that are not.
    let limits = |target| {
        by_chance(Kind::Shares, target)
            .flag_limits(50.0, Confidence::NINETY_FIVE)
            .unwrap()
    };
    near(limits(0.3).high, 1.0 - limits(0.7).low, 1e-9);
    // One event where 0.032 are expected is no alarm: chance gives it to three of a hundred hospitals.
    let small = by_chance(Kind::Ratios, 1.0);
    let outer = Confidence::new(0.998).unwrap();
    assert!(small.limits(0.032, outer).unwrap().high < 1.0 / 0.032);
    assert!(small.flag_limits(0.032, outer).unwrap().high > 1.0 / 0.032);
    // More spread than shares can have, and limits of a normal shape: nothing is moved.
    let mut wide = by_chance(Kind::Shares, 0.2);
    wide.spread = Spread::Matched;
    wide.dispersion.tau_squared = 0.16;
    near(wide.flag_limits(90.0, outer).unwrap().high, 1.0, 0.0);
    wide.spread = Spread::Additive;
    assert_eq!(wide.flag_limits(90.0, outer), wide.limits(90.0, outer));
}

#[test]
fn what_has_no_funnel() {
    let funnel = |groups: &[Tally], target| funnel_of_shares(groups, target, Spread::Chance, 0.1).map(drop);
    let some = Tally::new(1, 10).unwrap();
    let none = Tally::new(0, 10).unwrap();
    assert_eq!(funnel(&[], None), Err(EstimateError::Empty));
    assert_eq!(
        funnel(&[some, Tally { part: 0, whole: 0 }], None),
        Err(EstimateError::Empty)
    );
    assert_eq!(
        funnel(&[some, Tally { part: 2, whole: 1 }], None),
        Err(EstimateError::PartAboveWhole)
    );
    assert!(matches!(
        funnel(&[none, none], None),
        Err(EstimateError::OutsideUnit(_))
    ));
    assert!(matches!(
        funnel(&[some, some], Some(f64::NAN)),
        Err(EstimateError::OutsideUnit(_))
    ));
    assert!(matches!(
        funnel(&[some], None),
        Err(EstimateError::TooFew {
            needed: 2,
            found: 1,
            ..
        })
    ));
    assert!(matches!(
        binomial_limit(0.1, 10, 1.0),
        Err(EstimateError::OutsideUnit(_))
    ));
    assert!(matches!(
        poisson_limit(1.0, 0.0, 0.5),
        Err(EstimateError::NotPositive(_))
    ));
    assert!(matches!(
        Observed::new(1, f64::INFINITY),
        Err(EstimateError::NotPositive(_))
    ));
}

proptest! {
    /// The limit lies within one count below the smallest count that reaches the chance.
    #[test]
    fn the_limit_brackets_the_quantile(target in 0.001..0.999_f64, whole in 1..3_000_u64, p in 0.001..0.999_f64) {
        let law = Binomial::new(target, whole).unwrap();
        let limit = binomial_limit(target, whole, p).unwrap() * whole as f64;
        let reached = (0..=whole).find(|&r| law.cdf(r) >= p).unwrap_or(whole) as f64;
        prop_assert!(limit <= reached + 1e-6 && (limit >= reached - 1.0 - 1e-6 || limit == 0.0));
    }

    #[test]
    fn limits_of_ratios_are_in_order(target in 0.01..5.0_f64, expected in 0.01..1e5_f64) {
        let limits: Vec<f64> = [0.001, 0.025, 0.5, 0.975, 0.999]
            .iter()
            .map(|&p| poisson_limit(target, expected, p).unwrap())
            .collect();
        prop_assert!(limits.is_sorted(), "{limits:?}");
    }
}

#[test]
fn matched_limits_have_the_chance_they_promise() {
    // Against a plain sum of chances by another way: a mixture of binomials, integrated over the beta distribution.
    let (target, tau_squared, whole) = (0.3, 0.004, 40_u64);
    let strength: f64 = target * (1.0 - target) / tau_squared - 1.0;
    let (a, b) = (target * strength, (1.0 - target) * strength);
    let steps = 20_000;
    let mut chances = vec![0.0; whole as usize + 1];
    for step in 0..steps {
        let share = (f64::from(step) + 0.5) / f64::from(steps);
        let density =
            statrs::distribution::Continuous::pdf(&statrs::distribution::Beta::new(a, b).unwrap(), share);
        let law = Binomial::new(share, whole).unwrap();
        for (r, chance) in chances.iter_mut().enumerate() {
            *chance += statrs::distribution::Discrete::pmf(&law, r as u64) * density / f64::from(steps);
        }
    }
    for p in [0.001, 0.025, 0.975, 0.999] {
        let mut below = 0.0;
        let wanted = chances.iter().enumerate().find_map(|(r, chance)| {
            below += chance;
            (below >= p).then(|| (r as f64 - (below - p) / chance) / whole as f64)
        });
        near(
            beta_binomial_limit(target, whole, tau_squared, p).unwrap(),
            wanted.unwrap().max(0.0),
            1e-6,
        );
    }
}

#[test]
fn a_negative_binomial_is_a_poisson_with_a_gamma_mean() {
    let (target, tau_squared, expected) = (1.0, 0.09, 25.0);
    let shape: f64 = target * target / tau_squared;
    let law =
        statrs::distribution::NegativeBinomial::new(shape, shape / (shape + target * expected)).unwrap();
    for p in [0.001, 0.025, 0.975, 0.999] {
        let r = (0..).find(|&r| law.cdf(r) >= p).unwrap();
        let wanted = (r as f64 - (law.cdf(r) - p) / statrs::distribution::Discrete::pmf(&law, r)) / expected;
        near(
            negative_binomial_limit(target, expected, tau_squared, p).unwrap(),
            wanted,
            1e-7,
        );
    }
}

#[test]
fn without_spread_between_hospitals_matched_limits_are_the_exact_ones() {
    for p in [0.001, 0.025, 0.975, 0.999] {
        assert_eq!(beta_binomial_limit(0.2, 90, 0.0, p), binomial_limit(0.2, 90, p));
        assert_eq!(
            negative_binomial_limit(1.0, 9.0, 0.0, p),
            poisson_limit(1.0, 9.0, p)
        );
        // A spread that is nearly nothing changes nearly nothing.
        near(
            beta_binomial_limit(0.2, 90, 1e-9, p).unwrap(),
            binomial_limit(0.2, 90, p).unwrap(),
            1e-5,
        );
        near(
            negative_binomial_limit(1.0, 9.0, 1e-9, p).unwrap(),
            poisson_limit(1.0, 9.0, p).unwrap(),
            1e-5,
        );
    }
    // More spread than any distribution of shares can have: nobody stands outside.
    assert_eq!(beta_binomial_limit(0.2, 90, 0.16, 0.999), Ok(1.0));
    assert_eq!(beta_binomial_limit(0.2, 90, 0.16, 0.001), Ok(0.0));
    assert!(beta_binomial_limit(0.2, 90, -1.0, 0.5).is_err());
    assert!(negative_binomial_limit(1.0, 9.0, f64::NAN, 0.5).is_err());
    // What the exact limits refuse is refused at any spread.
    for (target, size, p) in [
        (0.2, 0, 0.5),
        (0.0, 9, 0.5),
        (1.0, 9, 0.5),
        (0.2, 9, 0.0),
        (f64::NAN, 9, 0.5),
    ] {
        let exact = binomial_limit(target, size, p);
        assert!(exact.is_err());
        assert_eq!(beta_binomial_limit(target, size, 0.01, p), exact);
    }
    for (target, size, p) in [
        (1.0, 0.0, 0.5),
        (0.0, 9.0, 0.5),
        (1.0, 9.0, 1.0),
        (1.0, f64::INFINITY, 0.5),
    ] {
        let exact = poisson_limit(target, size, p);
        assert!(exact.is_err());
        assert_eq!(negative_binomial_limit(target, size, 0.01, p), exact);
    }
}
