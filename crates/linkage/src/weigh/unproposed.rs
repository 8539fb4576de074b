//! Pairs that no rule proposes.
//!
//! Every pair is one of all pairs, so its odds are those of all pairs: `true pairs / all pairs`, true pairs outside
//! the rules included. All fields speak, none is fixed, and strangers are as random pairs are. Nothing need be known of
//! the rules for that, because a pattern's share among all true pairs does not depend on what proposes it.

use super::model::{Model, ModelStratum};
use super::rules::Rule;
use super::table::Table;
use super::weights::Weights;

/// The weights of pairs that no rule proposes, in a table of so many records.
pub(crate) fn unproposed(model: &Model, table: &Table, records: u64) -> Weights {
    let mut model = model.clone();
    let then = model.records as f64;
    let all_pairs = (then * (then - 1.0) / 2.0).max(1.0);
    let mut pairs = vec![0.0; model.classes()];
    for stratum in &model.strata {
        for (sum, share) in pairs.iter_mut().zip(&stratum.shares) {
            *sum += share * stratum.pairs;
        }
    }
    let (inside, outside) = model.expected_pairs;
    let whole = (inside + outside) / inside.max(f64::MIN_POSITIVE);
    let matches = model.matches.len();
    let mut shares: Vec<f64> = pairs
        .iter()
        .enumerate()
        .map(|(class, pairs)| pairs / all_pairs * if class < matches { whole } else { 1.0 })
        .collect();
    if let Some((strangers, others)) = shares.split_last_mut() {
        *strangers = (1.0 - others.iter().sum::<f64>()).max(0.5);
    }
    let everybody = ModelStratum {
        rule: String::new(),
        pairs: all_pairs,
        shares,
        mass: vec![1.0; matches],
        strangers: model.random.clone(),
    };
    model.strata = vec![everybody];
    // True pairs grow with the records, all pairs with their square.
    let scale = then / records.max(1) as f64;
    Weights::new(&model, table, &Rule { parts: Vec::new() }, 0, scale)
}
