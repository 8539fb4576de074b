//! Models made by hand, and models drawn by chance.

use proptest::prelude::*;

use crate::weigh::counts::Shares;
use crate::weigh::field::{Field, Kind, LEVELS};
use crate::weigh::model::{Model, ModelStratum};

/// A model for these fields.
pub(super) fn model(
    fields: &[Field],
    matches: Vec<Vec<Shares>>,
    kin: Option<Vec<Shares>>,
    strata: Vec<ModelStratum>,
) -> Model {
    let (format, version) = Model::stamp();
    Model {
        format,
        version,
        fields: fields.to_vec(),
        records: 0,
        steps: 1,
        expected_pairs: (100.0, 10.0),
        missing: vec![vec![0.1; fields.len()]; matches.len()],
        random: strata[0].strangers.clone(),
        kin_random: kin
            .iter()
            .flatten()
            .enumerate()
            .map(|(at, _)| at % 2 == 0)
            .collect(),
        kin,
        matches,
        strata,
    }
}

/// Any shares at the levels of a kind, which add up to one; some levels are hardly ever met.
pub(super) fn shares(kind: Kind) -> impl Strategy<Value = Shares> {
    let share = prop_oneof![1e-6..1e-3, 0.01..1.0f64, 0.01..1.0f64];
    proptest::collection::vec(share, LEVELS).prop_map(move |drawn| {
        let mut shares = [0.0; LEVELS];
        for &(level, _) in kind.levels() {
            shares[usize::from(level)] = drawn[usize::from(level)];
        }
        let all: f64 = shares.iter().sum();
        shares.map(|share| share / all)
    })
}

/// Shares for every field.
pub(super) fn all_shares(fields: &[Field]) -> BoxedStrategy<Vec<Shares>> {
    fields
        .iter()
        .map(|field| shares(field.kind).boxed())
        .collect::<Vec<_>>()
        .boxed()
}

/// What holds under a rule, drawn by chance.
fn stratum(
    fields: &[Field],
    matches: usize,
    others: usize,
    rule: String,
) -> impl Strategy<Value = ModelStratum> + use<> {
    (
        proptest::collection::vec(0.001..1.0f64, matches + others),
        proptest::collection::vec(0.05..1.0f64, matches),
        all_shares(fields),
    )
        .prop_map(move |(shares, mass, strangers)| {
            let all: f64 = shares.iter().sum();
            ModelStratum {
                rule: rule.clone(),
                pairs: 50.0,
                shares: shares.iter().map(|share| share / all).collect(),
                mass,
                strangers,
            }
        })
}

/// Any model with these rules: one class of matches or two, with or without kin.
pub(super) fn any_model(fields: Vec<Field>, rules: Vec<String>) -> impl Strategy<Value = Model> {
    (1..3usize, any::<bool>()).prop_flat_map(move |(matches, has_kin)| {
        let strata: Vec<_> = rules
            .iter()
            .map(|rule| stratum(&fields, matches, 1 + usize::from(has_kin), rule.clone()).boxed())
            .collect();
        let of_matches = proptest::collection::vec(all_shares(&fields), matches);
        let fields = fields.clone();
        (of_matches, all_shares(&fields), strata)
            .prop_map(move |(matches, kin, strata)| model(&fields, matches, has_kin.then_some(kin), strata))
    })
}
