//! Chains on the scale of ranks, so that wild values and infinite variances do no harm.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::posterior::quantile;

/// Each chain in two halves; the middle draw of an odd number is left out.
pub(super) fn split(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    chains
        .iter()
        .flat_map(|chain| {
            let half = chain.len() / 2;
            [chain[..half].to_vec(), chain[chain.len() - half..].to_vec()]
        })
        .collect()
}

/// The distance of each draw from the median of all.
pub(super) fn folded(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut sorted: Vec<f64> = chains.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let median = quantile(&sorted, 0.5);
    chains
        .iter()
        .map(|chain| chain.iter().map(|draw| (draw - median).abs()).collect())
        .collect()
}

/// Each draw as the normal quantile of (rank − 3/8)/(*S* + 1/4), equal draws sharing their mean rank (G. Blom 1958).
pub(super) fn rank_normalised(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut order: Vec<(f64, usize, usize)> = chains
        .iter()
        .enumerate()
        .flat_map(|(chain, draws)| {
            draws
                .iter()
                .enumerate()
                .map(move |(place, &draw)| (draw, chain, place))
        })
        .collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let normal = Normal::standard();
    let all = order.len() as f64;
    let mut scaled: Vec<Vec<f64>> = chains.iter().map(|chain| vec![0.0; chain.len()]).collect();
    let mut first = 0;
    for equal in order.chunk_by(|one, other| one.0 == other.0) {
        let rank = first as f64 + (equal.len() as f64 + 1.0) / 2.0;
        let value = normal.inverse_cdf((rank - 0.375) / (all + 0.25));
        for &(_, chain, place) in equal {
            scaled[chain][place] = value;
        }
        first += equal.len();
    }
    scaled
}
