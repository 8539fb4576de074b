//! Training: from a table without labels to a model.

use crate::error::LinkageError;

use super::blocks::Blocks;
use super::check;
use super::counts::{self, Shares, Stratum};
use super::field::{Kind, LEVELS, SAME};
use super::level::Comparer;
use super::mixture::{Class, Fixed, Mixture};
use super::model::{Model, ModelStratum, personal};
use super::region::Region;
use super::rules::{Cuts, Rule};
use super::table::{Frequencies, Table};

/// How training is done.
#[derive(Debug, Clone)]
pub struct Training {
    /// Pairs that what is believed of a field before weighs as much as.
    pub believed_pairs: f64,
    /// Pairs that the levels of random pairs weigh as much as, in each rule.
    pub random_pairs: f64,
    /// Steps after which it is given up.
    pub most_steps: u32,
    /// It has converged when what it found changes by less than this, all shares taken together, for some steps.
    pub change: f64,
}

impl Default for Training {
    fn default() -> Self {
        Self {
            believed_pairs: 30.0,
            random_pairs: 300.0,
            most_steps: 1_000,
            change: 1e-4,
        }
    }
}

/// A model, and what was worked out on the way to it.
pub(crate) struct Trained {
    pub(crate) model: Model,
    pub(crate) blocks: Vec<Blocks>,
    pub(crate) frequencies: Vec<Frequencies>,
}

/// Learns from a table under some rules.
pub(crate) fn train(
    table: &Table,
    cuts: &Cuts,
    rules: &[Rule],
    cap: u32,
    training: &Training,
) -> Result<Trained, LinkageError> {
    let frequencies = table.all_frequencies();
    check::tells_apart(table, &frequencies)?;
    let mut comparer = Comparer::new(table);
    let a_person = records_a_person(table, &frequencies);
    let random = counts::of_strangers(table, &frequencies, &mut comparer, a_person);
    let picked = counts::of_picked(table, cuts, rules, &random, &mut comparer);
    let (strata, blocks) = counts::of_candidates(table, cuts, rules, cap, &mut comparer);
    let fixed: Vec<Fixed> = rules
        .iter()
        .map(|rule| Fixed((0..table.fields.len()).map(|field| rule.fixes(field)).collect()))
        .collect();
    let region = Region::new(rules, table.fields.len());
    let missing = counts::missing(table, &frequencies);
    let mut mixture = start(table, &strata, (random, picked), missing, training);
    let steps = converge(&mut mixture, &strata, &fixed, &region, training);
    check::sensible(table, &mixture, steps, training)?;
    let model = model(table, rules, &strata, mixture, steps).rounded();
    Ok(Trained {
        model,
        blocks,
        frequencies,
    })
}

/// Records of one person agree in every field, so no field's coincidences are fewer than theirs.
fn records_a_person(table: &Table, frequencies: &[Frequencies]) -> f64 {
    let least = frequencies
        .iter()
        .filter(|frequencies| frequencies.total > 1)
        .map(|frequencies| frequencies.coincidence)
        .fold(f64::MAX, f64::min);
    if least == f64::MAX {
        1.0
    } else {
        1.0 + least * table.records() as f64
    }
}

/// Records of one person agree at least this part as often as was believed.
const LEAST_OF_BELIEVED: f64 = 0.6;

fn start(
    table: &Table,
    strata: &[Stratum],
    (random, picked): (Vec<Shares>, Vec<Vec<Shares>>),
    missing: Vec<f64>,
    training: &Training,
) -> Mixture {
    let class = |desk: usize| {
        let levels: Vec<Shares> = table
            .fields
            .iter()
            .map(|field| field.kind.believed()[desk])
            .collect();
        Class {
            believed: weighed(&levels, training.believed_pairs),
            least_same: levels
                .iter()
                .map(|levels| LEAST_OF_BELIEVED * levels[SAME as usize])
                .collect(),
            pinned: vec![false; levels.len()],
            missing: missing.clone(),
            levels,
        }
    };
    let matches = vec![class(0), class(1)];
    let kin = kin(table, &random, training, &missing);
    let people_pairs = 0.5 * table.records() as f64;
    let shares = strata
        .iter()
        .map(|stratum| {
            let matched = (people_pairs / stratum.pairs().max(1.0)).clamp(1e-4, 0.6);
            let mut shares = vec![matched * 0.85, matched * 0.15];
            if kin.is_some() {
                shares.push((1.0 - matched) * 0.02);
            }
            shares.push(1.0 - shares.iter().sum::<f64>());
            shares
        })
        .collect();
    Mixture {
        strangers: picked.clone(),
        picked,
        random_weight: training.random_pairs,
        shares,
        mass: vec![vec![1.0; matches.len()]; strata.len()],
        first: vec![vec![1.0; matches.len()]; strata.len()],
        proposed: vec![1.0; matches.len()],
        unproposed: vec![vec![[0.0; LEVELS]; table.fields.len()]; matches.len()],
        expected: vec![(0.0, 0.0); matches.len()],
        heard: vec![1.0; table.fields.len()],
        matches,
        kin,
        random,
    }
}

/// People under one roof can be told from one person only by what is each one's own.
fn kin(table: &Table, random: &[Shares], training: &Training, missing: &[f64]) -> Option<Class> {
    let has = |kind: Kind| table.first(kind).is_some();
    if !(has(Kind::GivenName) && (has(Kind::FamilyName) || has(Kind::Postcode) || has(Kind::Text))) {
        return None;
    }
    let levels: Vec<Shares> = table
        .fields
        .iter()
        .zip(random)
        .map(|(field, random)| {
            let shared = field.kind.runs_in_families();
            let same = if shared { 0.8 } else { 0.0 };
            let mut levels = random.map(|share| share * (1.0 - same));
            levels[LEVELS - 1] += same;
            levels
        })
        .collect();
    Some(Class {
        believed: weighed(&levels, training.believed_pairs),
        least_same: vec![0.0; levels.len()],
        pinned: table.fields.iter().map(|field| personal(field.kind)).collect(),
        missing: missing.to_vec(),
        levels,
    })
}

fn weighed(levels: &[Shares], pairs: f64) -> Vec<Shares> {
    levels
        .iter()
        .map(|shares| shares.map(|share| share * pairs))
        .collect()
}

/// Repeats the step until nothing changes that a decision rests on; gives the number of steps. How matches are shared
/// out between careful and careless desks may go on moving a little, and is not waited for.
fn converge(
    mixture: &mut Mixture,
    strata: &[Stratum],
    fixed: &[Fixed],
    region: &Region,
    training: &Training,
) -> u32 {
    let mut before = found(mixture, strata);
    let mut still = 0;
    for step in 1..=training.most_steps {
        reach(mixture, region, strata.len());
        mixture.step(strata, fixed);
        let now = found(mixture, strata);
        let change: f64 = now.iter().zip(&before).map(|(new, old)| (new - old).abs()).sum();
        still = if change < training.change { still + 1 } else { 0 };
        if still == STILL {
            return step;
        }
        before = now;
    }
    training.most_steps + 1
}

/// Steps in a row that must change nothing.
const STILL: u32 = 5;

/// What decisions rest on: the matches of each rule as a share of all, and how often matches are the same in each
/// field.
fn found(mixture: &Mixture, strata: &[Stratum]) -> Vec<f64> {
    let classes = mixture.matches.len();
    let of_class = |class: usize| -> Vec<f64> {
        let shares = mixture.shares.iter().zip(strata);
        shares
            .map(|(shares, stratum)| shares[class] * stratum.pairs())
            .collect()
    };
    let pairs: Vec<Vec<f64>> = (0..classes).map(of_class).collect();
    let all = pairs.iter().flatten().sum::<f64>().max(f64::MIN_POSITIVE);
    let by_rule = (0..strata.len()).map(|at| pairs.iter().map(|pairs| pairs[at]).sum::<f64>() / all);
    let same = (0..mixture.random.len()).map(|field| {
        let share = |class: usize| pairs[class].iter().sum::<f64>() / all;
        (0..classes)
            .map(|class| share(class) * mixture.matches[class].levels[field][SAME as usize])
            .sum()
    });
    by_rule.chain(same).collect()
}

fn reach(mixture: &mut Mixture, region: &Region, strata: usize) {
    for class in 0..mixture.matches.len() {
        let reach = region.reach(&mixture.matches[class]);
        (0..strata).for_each(|stratum| {
            mixture.mass[stratum][class] = (mixture.mass[stratum][class] * reach.mass[stratum]).sqrt()
        });
        (0..strata).for_each(|stratum| mixture.first[stratum][class] = reach.first[stratum]);
        mixture.proposed[class] = reach.proposed;
        mixture.unproposed[class] = reach.unproposed;
    }
}

fn model(table: &Table, rules: &[Rule], strata: &[Stratum], mixture: Mixture, steps: u32) -> Model {
    let (format, version) = Model::stamp();
    let expected = mixture
        .expected
        .iter()
        .fold((0.0, 0.0), |sum, class| (sum.0 + class.0, sum.1 + class.1));
    let strata = rules
        .iter()
        .zip(strata)
        .enumerate()
        .map(|(at, (rule, stratum))| ModelStratum {
            rule: rule.words(table),
            pairs: stratum.pairs(),
            shares: mixture.shares[at].clone(),
            mass: mixture.mass[at].clone(),
            strangers: mixture.strangers[at].clone(),
        })
        .collect();
    Model {
        format,
        version,
        fields: table.fields.clone(),
        records: table.records() as u64,
        steps,
        expected_pairs: expected,
        kin_random: mixture
            .kin
            .as_ref()
            .map(|kin| kin.pinned.clone())
            .unwrap_or_default(),
        kin: mixture.kin.map(|kin| kin.levels),
        missing: mixture
            .matches
            .iter()
            .map(|class| class.missing.clone())
            .collect(),
        matches: mixture.matches.into_iter().map(|class| class.levels).collect(),
        random: mixture.random,
        strata,
    }
}
