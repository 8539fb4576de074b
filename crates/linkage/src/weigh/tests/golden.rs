//! Golden numbers: Fellegi and Sunter's model with three fields, trained by expectation and maximisation.
//!
//! A share of 0.1 of 100,000 pairs are matches. Three fields agree among them with 0.95, 0.9 and 0.85, among others
//! with 0.05, 0.1 and 0.02. The counts below are what is expected of the eight patterns; from (0.2; 0.8; 0.2) the
//! steps lead back to the truth. The figures after one step were worked out by an independent implementation.

use super::model;
use crate::weigh::counts::{Shares, Stratum};
use crate::weigh::field::{DIFFERS, Field, Kind, LEVELS, SAME};
use crate::weigh::level::Pattern;
use crate::weigh::mixture::{Class, Fixed, Mixture};
use crate::weigh::model::{Model, ModelStratum};
use crate::weigh::rules::Rule;
use crate::weigh::table::Table;
use crate::weigh::weights::Weights;

/// Whether the three fields agree, and the pairs that look so.
const PAIRS: [([bool; 3], f64); 8] = [
    ([false, false, false], 75_418.5),
    ([false, false, true], 1_581.5),
    ([false, true, false], 8_446.5),
    ([false, true, true], 553.5),
    ([true, false, false], 4_111.5),
    ([true, false, true], 888.5),
    ([true, true, false], 1_723.5),
    ([true, true, true], 7_276.5),
];
const MATCHES: f64 = 0.1;
const M: [f64; 3] = [0.95, 0.9, 0.85];
const U: [f64; 3] = [0.05, 0.1, 0.02];

fn pattern(agrees: [bool; 3]) -> Pattern {
    agrees.iter().enumerate().fold(0, |pattern, (field, agrees)| {
        pattern | Pattern::from(if *agrees { SAME } else { DIFFERS }) << (3 * field)
    })
}

fn pairs() -> [Stratum; 1] {
    let patterns = PAIRS.map(|(agrees, pairs)| (pattern(agrees), pairs)).to_vec();
    [Stratum { patterns, scale: 1.0 }]
}

fn agrees(share: f64) -> Shares {
    let mut shares = [0.0; LEVELS];
    (shares[usize::from(DIFFERS)], shares[usize::from(SAME)]) = (1.0 - share, share);
    shares
}

/// One stratum, one class of matches, no kin, and nothing believed beforehand.
fn start() -> Mixture {
    let nothing = vec![[0.0; LEVELS]; 3];
    Mixture {
        matches: vec![Class {
            levels: vec![agrees(0.8); 3],
            believed: nothing.clone(),
            least_same: vec![0.0; 3],
            pinned: vec![false; 3],
            missing: vec![0.0; 3],
        }],
        kin: None,
        strangers: vec![vec![agrees(0.2); 3]],
        random: nothing.clone(),
        random_weight: 0.0,
        picked: vec![nothing.clone()],
        first: vec![vec![1.0]],
        shares: vec![vec![0.2, 0.8]],
        mass: vec![vec![1.0]],
        proposed: vec![1.0],
        unproposed: vec![nothing],
        expected: vec![(0.0, 0.0)],
        heard: vec![0.0; 3],
    }
}

fn step(mixture: &mut Mixture) -> f64 {
    mixture.step(&pairs(), &[Fixed(vec![false; 3])])
}

fn converged() -> (Mixture, usize) {
    let mut mixture = start();
    for steps in 1..200 {
        if step(&mut mixture) < 1e-15 {
            return (mixture, steps);
        }
    }
    panic!("it did not settle");
}

/// The share of matches, then how often fields agree in matches, then in others.
fn learnt(mixture: &Mixture) -> [f64; 7] {
    let same = |shares: &Shares| shares[usize::from(SAME)];
    let (m, u) = (&mixture.matches[0].levels, &mixture.strangers[0]);
    [
        mixture.shares[0][0],
        same(&m[0]),
        same(&m[1]),
        same(&m[2]),
        same(&u[0]),
        same(&u[1]),
        same(&u[2]),
    ]
}

fn near(found: f64, wanted: f64, what: &str) {
    assert!(
        (found - wanted).abs() < 5e-7 * wanted.abs().max(0.1),
        "{what}: {found} for {wanted}"
    );
}

#[test]
fn one_step() {
    let mut mixture = start();
    step(&mut mixture);
    let wanted = [0.095_564_130_8, 0.878_606_173_5, 0.887_762_328_6, 0.801_817_579_0];
    for (at, wanted) in wanted.into_iter().enumerate() {
        near(learnt(&mixture)[at], wanted, "after one step");
    }
}

#[test]
fn the_truth_is_found_again() {
    let (mixture, steps) = converged();
    let wanted = [MATCHES, M[0], M[1], M[2], U[0], U[1], U[2]];
    for (found, wanted) in learnt(&mixture).into_iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-9, "{found} for {wanted}");
    }
    assert!(
        (50..=66).contains(&steps),
        "58 steps are expected, {steps} were taken"
    );
    near(mixture.expected[0].0, 10_000.0, "pairs of one person's records");
    near(mixture.expected[0].1, 0.0, "such pairs that no rule proposes");
}

#[test]
fn the_likelihood_never_falls() {
    let mut mixture = start();
    let likelihood = |mixture: &Mixture| -> f64 {
        let mut densities = [0.0; 2];
        let fixed = Fixed(vec![false; 3]);
        PAIRS
            .iter()
            .map(|&(agrees, pairs)| {
                mixture.densities(0, pattern(agrees), &fixed, &mut densities);
                pairs * densities.iter().sum::<f64>().ln()
            })
            .sum()
    };
    let mut before = likelihood(&mixture);
    for _ in 0..30 {
        step(&mut mixture);
        let after = likelihood(&mixture);
        assert!(after >= before - 1e-6, "{before} fell to {after}");
        before = after;
    }
}

fn trained() -> (Table, Model) {
    let name = |name: &str| Field {
        name: name.to_owned(),
        kind: Kind::Text,
    };
    let table = Table::new(vec![name("one"), name("two"), name("three")]);
    let mixture = converged().0;
    let stratum = ModelStratum {
        rule: "everybody with everybody".to_owned(),
        pairs: 100_000.0,
        shares: mixture.shares[0].clone(),
        mass: vec![1.0],
        strangers: mixture.strangers[0].clone(),
    };
    let levels = vec![mixture.matches[0].levels.clone()];
    let model = model::model(table.fields(), levels, None, vec![stratum]);
    (table, model)
}

#[test]
fn weights_and_posteriors() {
    let (table, model) = trained();
    let agree = [4.247_927_5, 3.169_925_0, 5.409_390_9];
    let disagree = [-4.247_927_5, -3.169_925_0, -2.707_819_2];
    for field in 0..3 {
        let (m, u) = (&model.matches[0][field], &model.strata[0].strangers[field]);
        let weight = |level: u8| (m[usize::from(level)] / u[usize::from(level)]).log2();
        near(weight(SAME), agree[field], "agreement");
        near(weight(DIFFERS), disagree[field], "disagreement");
    }
    let everybody = Rule { parts: Vec::new() };
    let weights = Weights::new(&model, &table, &everybody, 0, 1.0);
    for (agrees, wanted) in [
        ([true, true, true], 0.998_763_14),
        ([true, false, true], 0.908_835_12),
        ([true, true, false], 0.744_125_33),
        ([false, true, true], 0.691_056_91),
    ] {
        near(weights.probability(pattern(agrees), |_| 1.0), wanted, "posterior");
    }
}
