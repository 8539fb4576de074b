//! The sum itself, in logarithms.

use crate::weigh::field::{MISSING, SAME};
use crate::weigh::level::{Pattern, level_of};
use crate::weigh::weights::{CLASSES, KIN, STRANGERS, Weights};

/// The parts of a pair's log odds, all to base 2.
pub(super) struct Parts {
    pub(super) prior: f64,
    /// By field, without its rarity.
    pub(super) weights: Vec<f64>,
    pub(super) company: f64,
    pub(super) roof: f64,
    pub(super) odds: f64,
}

impl Parts {
    /// `rare` holds the bits of rarity, by field; 0 where the values are not the same.
    pub(super) fn new(weights: &Weights, pattern: Pattern, rare: &[f64]) -> Self {
        let mut densities: [f64; CLASSES] = std::array::from_fn(|class| log(weights.prior[class]));
        let prior = log(weights.prior[0] + weights.prior[1]) - densities[STRANGERS];
        let heard = |field: usize| {
            let level = level_of(pattern, field);
            (level != MISSING && !weights.fixed[field]).then(|| &weights.shares[field][level as usize])
        };
        for (field, rare) in rare.iter().enumerate() {
            if let Some(shares) = heard(field) {
                densities
                    .iter_mut()
                    .zip(shares)
                    .for_each(|(density, share)| *density += log(*share));
            }
            if level_of(pattern, field) == SAME {
                densities[STRANGERS] -= rare;
                if weights.kin_random[field] {
                    densities[KIN] -= rare;
                }
            }
        }
        let matches = log_of_sum(densities[0], densities[1]);
        let careful = (densities[0] - matches).exp2();
        let weights: Vec<f64> = (0..rare.len())
            .map(|field| {
                heard(field).map_or(0.0, |shares| {
                    log(careful * shares[0] + (1.0 - careful) * shares[1]) - log(shares[STRANGERS])
                })
            })
            .collect();
        let alone = matches - densities[STRANGERS];
        let sum = prior + weights.iter().sum::<f64>() + rare.iter().sum::<f64>();
        let roof = densities[STRANGERS] - log_of_sum(densities[STRANGERS], densities[KIN]);
        Self {
            prior,
            company: alone - sum,
            weights,
            roof,
            odds: alone + roof,
        }
    }
}

/// Nothing is quite impossible, and a logarithm has to be a number.
fn log(share: f64) -> f64 {
    share.max(1e-300).log2()
}

/// `log2(2^a + 2^b)`.
fn log_of_sum(a: f64, b: f64) -> f64 {
    let (more, less) = (a.max(b), a.min(b));
    more + (1.0 + (less - more).exp2()).log2()
}
