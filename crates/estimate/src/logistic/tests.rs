#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution};

use super::*;

fn alike<const F: usize>(levels: [u8; F], part: u64, whole: u64) -> Alike<F> {
    Alike {
        levels,
        answers: Tally { part, whole },
    }
}

#[test]
fn one_factor_gives_the_shares_of_its_levels() {
    // 300 of 1,000 and 600 of 900: log odds −0.8473 and 0.6931, apart by 1.5404; the prior takes a hair.
    let fit = fit(&[alike([1], 300, 1_000), alike([2], 600, 900)]).unwrap();
    assert!((fit.intercept - (0.3_f64 / 0.7).ln()).abs() < 0.002, "{fit:?}");
    let [(0, 2, effect)] = fit.effects[..] else {
        panic!("{fit:?}")
    };
    assert!((effect - 1.540_445).abs() < 0.005, "{effect}");
    // Pairs of a yes and a no: 300 × 300 tell against, 600 × 700 for, the others are ties.
    let (for_it, ties) = (600.0 * 700.0, 300.0 * 700.0 + 600.0 * 300.0);
    assert!((fit.discrimination - (for_it + ties / 2.0) / (900.0 * 1_000.0)).abs() < 1e-12);
    assert_eq!(fit.calibration, None);
}

#[test]
fn a_level_where_everybody_says_yes_has_a_large_effect_and_no_infinite_one() {
    let fit = fit(&[alike([1], 500, 1_000), alike([2], 40, 40)]).unwrap();
    assert!((2.0..8.0).contains(&fit.effects[0].2), "{fit:?}");
    assert!(fit.chance(&[2]) > 0.9 && fit.chance(&[2]) < 1.0);
}

#[test]
fn what_cannot_be_fitted_is_said() {
    assert_eq!(fit::<1>(&[]), Err(EstimateError::Empty));
    assert_eq!(fit(&[alike([1], 3, 2)]), Err(EstimateError::PartAboveWhole));
    assert_eq!(
        fit(&[alike([1], 9, 100), alike([2], 0, 100)]),
        Err(EstimateError::FewForModel {
            events: 9,
            effects: 1
        })
    );
    // Everybody says yes: nothing to tell apart.
    assert!(matches!(
        fit(&[alike([1], 100, 100)]),
        Err(EstimateError::FewForModel { events: 0, .. })
    ));
}

/// Three factors with effects that add up.
fn nation(seed: u64, interaction: f64) -> Vec<Alike<3>> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut people = Vec::new();
    for levels in (0..60_u8).map(|n| [n % 5 + 1, n / 5 % 3 + 1, n / 15 + 1]) {
        let odds = -1.5 + 0.25 * f64::from(levels[0]) + 0.4 * f64::from(levels[1] == 2)
            - 0.3 * f64::from(levels[2] == 4)
            + interaction * f64::from(levels[0] >= 4) * f64::from(levels[1] == 2);
        let whole = chance.random_range(20..400_u64);
        let part = Binomial::new(whole, expit(odds)).unwrap().sample(&mut chance);
        people.push(alike(levels, part, whole));
    }
    people
}

#[test]
fn effects_that_are_there_are_found_and_the_check_refuses_few_good_models() {
    let (mut refused, mut seen, mut tries) = (0, 0, 0);
    for seed in 0..300 {
        let good = fit(&nation(seed, 0.0)).unwrap();
        let at = |factor, level| {
            let own = good.effects.iter().find(|(f, l, _)| (*f, *l) == (factor, level));
            own.map_or(0.0, |(.., effect)| *effect)
        };
        assert!((at(0, 5) - at(0, 1) - 1.0).abs() < 0.35, "seed {seed}: {good:?}");
        assert!((at(1, 2) - at(1, 1) - 0.4).abs() < 0.25, "seed {seed}: {good:?}");
        refused += u32::from(good.calibration.unwrap().0 < 0.01);
        seen += u32::from(fit(&nation(seed, 1.2)).unwrap().calibration.unwrap().0 < 0.01);
        tries += 1;
    }
    println!("of {tries}: refused {refused} good models, saw {seen} whose effects depend on each other");
    // One in a hundred would be 3; nine or more come by chance once in two hundred.
    assert!(refused <= 8, "{refused}");
    assert!(seen >= tries * 3 / 5, "{seen}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// At the top no small step leads higher, the chances add up to the yes, and the order is that of all pairs.
    #[test]
    fn the_top_is_the_top(seed in any::<u64>()) {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let people: Vec<Alike<2>> = (0..9_u8)
            .map(|n| {
                let whole = chance.random_range(10..60_u64);
                alike([n % 3, n / 3], chance.random_range(3..whole - 2), whole)
            })
            .collect();
        let Ok(found) = fit(&people) else { return Ok(()) };
        let effects: Vec<(usize, u8)> = found.effects.iter().map(|(f, l, _)| (*f, *l)).collect();
        let groups: Vec<Group> = people
            .iter()
            .map(|own| (places(own, &effects), own.answers.part as f64, own.answers.whole as f64))
            .collect();
        let top: Vec<f64> = std::iter::once(found.intercept).chain(found.effects.iter().map(|own| own.2)).collect();
        let highest = height(&groups, &DVector::from_vec(top.clone()));
        for at in 0..top.len() {
            for step in [-1e-3, 1e-3] {
                let mut other = top.clone();
                other[at] += step;
                prop_assert!(height(&groups, &DVector::from_vec(other)) < highest);
            }
        }
        let expected: f64 = people.iter().map(|own| found.chance(&own.levels) * own.answers.whole as f64).sum();
        let yes: u64 = people.iter().map(|own| own.answers.part).sum();
        prop_assert!((expected - yes as f64).abs() < 1e-4);
        let (mut pairs, mut right) = (0.0, 0.0);
        for one in &people {
            for two in &people {
                let (yes, no) = (one.answers.part as f64, two.answers.rest() as f64);
                let (of_yes, of_no) = (found.chance(&one.levels), found.chance(&two.levels));
                pairs += yes * no;
                right += yes * no * if of_yes > of_no { 1.0 } else if of_yes == of_no { 0.5 } else { 0.0 };
            }
        }
        prop_assert!((found.discrimination - right / pairs).abs() < 1e-9);
    }
}
