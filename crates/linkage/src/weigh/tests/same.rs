//! The same table gives the same pairs and people: on any number of threads, and with the model from its file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::town::Town;
use crate::weigh::{Linker, Model, Pair, Rule, Settings, Table};

static TABLE: LazyLock<Table> = LazyLock::new(|| Town::invented(8_000, 11).table());

const NARROW: [&str; 5] = [
    "number",
    "born + family",
    "born + given",
    "given + family + postcode",
    "postcode + born.year",
];

/// Everything that comes out.
#[derive(Debug, PartialEq)]
struct Outcome {
    model: String,
    pairs: Vec<Pair>,
    person: Vec<u32>,
    probability: Vec<f32>,
    review: Vec<Pair>,
    refused: usize,
}

fn settings(rules: &[&str]) -> Settings {
    Settings {
        rules: rules
            .iter()
            .map(|rule| Rule::read(rule, &TABLE).unwrap())
            .collect(),
        ..Settings::default()
    }
}

fn outcome(settings: Settings, model: Option<Model>) -> Outcome {
    let (linker, mut learnt) = if let Some(model) = model {
        Linker::with_model(&TABLE, settings, model).unwrap()
    } else {
        let linker = Linker::new(&TABLE, settings).unwrap();
        let learnt = linker.train().unwrap();
        (linker, learnt)
    };
    let mut weighed = linker.weigh(&mut learnt).unwrap();
    let decided = linker.decide(&mut learnt, &mut weighed).unwrap();
    Outcome {
        model: learnt.model.text().unwrap(),
        pairs: weighed.pairs.in_order().unwrap().map(Result::unwrap).collect(),
        person: decided.person,
        probability: decided.probability,
        review: decided.review,
        refused: decided.refused.len(),
    }
}

fn on_threads(threads: usize, rules: &[&str]) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| outcome(settings(rules), None))
}

#[test]
fn on_one_thread_and_on_three() {
    for rules in [&NARROW[..], &[]] {
        let one = on_threads(1, rules);
        assert!(one.pairs.len() > 5_000, "{} pairs try nothing", one.pairs.len());
        assert_eq!(one, on_threads(3, rules));
    }
}

#[test]
fn a_model_from_its_file_gives_what_training_gave() {
    for rules in [&NARROW[..], &[]] {
        let trained = outcome(settings(rules), None);
        let model = Model::read(&trained.model).unwrap();
        assert_eq!(model.text().unwrap(), trained.model);
        assert_eq!(outcome(settings(&[]), Some(model)), trained);
    }
}

/// A model learnt on a small table gives the pairs of a large one the odds that a model of its own gives them: strangers
/// are more there, and records of one person are not.
#[test]
fn a_model_of_a_smaller_town() {
    let small = Town::invented(2_000, 12).table();
    let rules = NARROW.map(|rule| Rule::read(rule, &small).unwrap()).to_vec();
    let learnt = Linker::new(
        &small,
        Settings {
            rules,
            ..Settings::default()
        },
    );
    let model = learnt.unwrap().train().unwrap().model;
    let other = outcome(settings(&[]), Some(model)).pairs;
    let other: BTreeMap<_, _> = other
        .iter()
        .map(|pair| ((pair.a, pair.b), pair.probability))
        .collect();
    let odds = |probability: f32| probability / (1.0 - probability);
    let mut ratios: Vec<f32> = outcome(settings(&NARROW), None)
        .pairs
        .iter()
        .filter(|pair| (0.2..0.999).contains(&pair.probability))
        .map(|pair| odds(other.get(&(pair.a, pair.b)).copied().unwrap_or(0.0)) / odds(pair.probability))
        .collect();
    ratios.sort_by(f32::total_cmp);
    let median = ratios[ratios.len() / 2];
    assert!(ratios.len() > 50, "{} pairs try nothing", ratios.len());
    assert!(
        (0.4..2.5).contains(&median),
        "odds are {median} times those of a model of its own"
    );
}
