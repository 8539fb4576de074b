//! What the rules reach of a class, against counting over all patterns, and against a sample of pairs.

use proptest::prelude::*;

use super::model::all_shares;
use crate::weigh::counts::{Shares, chance};
use crate::weigh::field::{Field, Kind, LEVELS, Level, SAME};
use crate::weigh::mixture::Class;
use crate::weigh::region::{Reach, Region};
use crate::weigh::rules::{Cut, Part, Rule};

const KINDS: [Kind; 4] = [Kind::GivenName, Kind::FamilyName, Kind::BirthDate, Kind::Postcode];

fn fields() -> Vec<Field> {
    KINDS
        .map(|kind| Field {
            name: format!("{kind:?}"),
            kind,
        })
        .to_vec()
}

fn class(levels: Vec<Shares>, missing: Vec<f64>) -> Class {
    Class {
        believed: vec![[0.0; LEVELS]; levels.len()],
        least_same: vec![0.0; levels.len()],
        pinned: vec![false; levels.len()],
        missing,
        levels,
    }
}

fn classes() -> impl Strategy<Value = Class> {
    let missing = proptest::collection::vec(prop_oneof![Just(0.0), 0.0..0.5f64], KINDS.len());
    (all_shares(&fields()), missing).prop_map(|(levels, missing)| class(levels, missing))
}

fn part() -> impl Strategy<Value = Part> {
    let names = prop_oneof![
        Just(Cut::Whole),
        Just(Cut::Sound),
        Just(Cut::Initial),
        Just(Cut::Start)
    ];
    let dates = prop_oneof![Just(Cut::Whole), Just(Cut::Year), Just(Cut::Month)];
    let places = prop_oneof![Just(Cut::Whole), Just(Cut::Sector), Just(Cut::District)];
    prop_oneof![(0..2usize, names), (Just(2), dates), (Just(3), places)]
        .prop_map(|(field, cut)| Part { field, cut })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let rule = proptest::collection::vec(part(), 0..4).prop_map(|parts| Rule { parts });
    proptest::collection::vec(rule, 1..6)
}

/// The chance of every level of a field, "missing" at 0.
fn at_levels(class: &Class, field: usize) -> Shares {
    let mut shares = class.levels[field].map(|share| share * (1.0 - class.missing[field]));
    shares[0] = class.missing[field];
    shares
}

/// The first rule under which two records with these levels meet.
fn first(rules: &[Rule], levels: &[Level]) -> Option<usize> {
    rules.iter().position(|rule| {
        rule.parts
            .iter()
            .all(|part| part.cut.holds_at(levels[part.field]))
    })
}

fn fixed_agree(rule: &Rule, levels: &[Level]) -> bool {
    rule.parts
        .iter()
        .all(|part| part.cut != Cut::Whole || levels[part.field] == SAME)
}

/// The same as the clever way, by going through all patterns there are.
fn slowly(rules: &[Rule], class: &Class) -> Reach {
    let fields = class.levels.len();
    let shares: Vec<Shares> = (0..fields).map(|field| at_levels(class, field)).collect();
    let (mut met, mut agreed) = (vec![0.0; rules.len()], vec![0.0; rules.len()]);
    let (mut outside, mut unproposed) = (0.0, vec![[0.0; LEVELS]; fields]);
    for place in 0..LEVELS.pow(fields as u32) {
        let levels: Vec<Level> = (0..fields as u32)
            .map(|field| (place / LEVELS.pow(field) % LEVELS) as Level)
            .collect();
        let chance: f64 = (0..fields)
            .map(|field| shares[field][usize::from(levels[field])])
            .product();
        for (rule, agreed) in rules.iter().zip(&mut agreed) {
            *agreed += if fixed_agree(rule, &levels) { chance } else { 0.0 };
        }
        if let Some(first) = first(rules, &levels) {
            met[first] += chance;
        } else {
            outside += chance;
            for (field, level) in levels.iter().enumerate() {
                unproposed[field][usize::from(*level)] += chance;
            }
        }
    }
    unproposed
        .iter_mut()
        .flatten()
        .for_each(|share| *share /= outside);
    Reach {
        mass: met
            .iter()
            .zip(agreed)
            .map(|(met, agreed)| (met / agreed).clamp(1e-6, 1.0))
            .collect(),
        first: met,
        proposed: 1.0 - outside,
        unproposed,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn all_patterns_counted(rules in rules(), class in classes()) {
        let found = Region::new(&rules, KINDS.len()).reach(&class);
        let wanted = slowly(&rules, &class);
        prop_assert!((found.proposed - wanted.proposed).abs() < 1e-9);
        for (at, (found, wanted)) in found.mass.iter().zip(&wanted.mass).enumerate() {
            prop_assert!((found - wanted).abs() < 1e-9, "rule {at}: {found} for {wanted}");
        }
        for (found, wanted) in found.first.iter().zip(&wanted.first) {
            prop_assert!((found - wanted).abs() < 1e-9, "{found} for {wanted}");
        }
        // Where nearly all is proposed, what is left is the difference of nearly equal numbers.
        if wanted.proposed < 1.0 - 1e-6 {
            for (field, (found, wanted)) in found.unproposed.iter().zip(&wanted.unproposed).enumerate() {
                for (found, wanted) in found.iter().zip(wanted) {
                    prop_assert!((found - wanted).abs() < 1e-6, "field {field}: {found} for {wanted}");
                }
            }
        }
    }
}

/// A rule that asks for fields which hardly ever agree is met by all pairs in which they do.
#[test]
fn what_is_rarer_than_one_in_a_billion_is_counted_as_exactly() {
    let mut levels = KINDS.map(|kind| kind.believed()[0]).to_vec();
    for shares in &mut levels[..3] {
        let others = 1.0 - shares[usize::from(SAME)];
        shares
            .iter_mut()
            .for_each(|share| *share *= (1.0 - 1e-5) / others);
        shares[usize::from(SAME)] = 1e-5;
    }
    let rule = Rule::of(&[(0, Cut::Whole), (1, Cut::Whole), (2, Cut::Whole)]);
    let reach = Region::new(&[rule], KINDS.len()).reach(&class(levels, vec![0.0; KINDS.len()]));
    assert!((reach.mass[0] - 1.0).abs() < 1e-9, "{}", reach.mass[0]);
}

/// Pairs of records of one person, drawn from the class level by level.
fn drawn(class: &Class, pairs: u64) -> impl Iterator<Item = Vec<Level>> {
    let fields = class.levels.len();
    let shares: Vec<Shares> = (0..fields).map(|field| at_levels(class, field)).collect();
    (0..pairs).map(move |pair| {
        (0..fields)
            .map(|field| {
                let mut left = chance(pair * fields as u64 + field as u64) as f64 / u64::MAX as f64;
                let level = shares[field].iter().position(|share| {
                    left -= share;
                    left < 0.0
                });
                level.unwrap_or(usize::from(SAME)) as Level
            })
            .collect()
    })
}

#[test]
fn a_sample_is_met_as_often_as_is_said() {
    let class = class(
        KINDS.map(|kind| kind.believed()[1]).to_vec(),
        vec![0.05, 0.02, 0.1, 0.2],
    );
    let rules = [
        Rule::of(&[(2, Cut::Whole), (1, Cut::Whole)]),
        Rule::of(&[(2, Cut::Whole), (0, Cut::Whole)]),
        Rule::of(&[(3, Cut::Whole), (2, Cut::Year)]),
        Rule::of(&[(1, Cut::Sound), (0, Cut::Initial), (2, Cut::Month)]),
    ];
    let reach = Region::new(&rules, KINDS.len()).reach(&class);
    let pairs = 400_000;
    let (mut met, mut agreed, mut proposed) = ([0.0; 4], [0.0; 4], 0.0);
    for levels in drawn(&class, pairs) {
        for (agreed, rule) in agreed.iter_mut().zip(&rules) {
            *agreed += f64::from(u8::from(fixed_agree(rule, &levels)));
        }
        if let Some(first) = first(&rules, &levels) {
            met[first] += 1.0;
            proposed += 1.0;
        }
    }
    // Five standard deviations.
    let near =
        |found: f64, share: f64, of: f64| (found - share).abs() < 5.0 * (share * (1.0 - share) / of).sqrt();
    assert!(near(proposed / pairs as f64, reach.proposed, pairs as f64));
    for rule in 0..4 {
        let share = met[rule] / agreed[rule];
        assert!(
            near(share, reach.mass[rule], agreed[rule]),
            "rule {rule}: {share} for {}",
            reach.mass[rule]
        );
    }
    assert!(
        (0.3..0.95).contains(&reach.proposed),
        "the example tries little: {}",
        reach.proposed
    );
}
