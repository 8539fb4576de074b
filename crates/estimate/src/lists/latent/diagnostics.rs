//! Whether chains have come to the same place, and how many independent draws theirs are worth.
//!
//! **Source.** A. Vehtari, A. Gelman, D. Simpson, B. Carpenter and P.-C. Bürkner, Bayesian Analysis 16 (2021) 667–718: split
//! chains, ranks turned into normal scores, folded for the tails; autocorrelation cut off where its sums over pairs of
//! lags stop falling (C. J. Geyer, Statistical Science 7 (1992) 473–483).

use statrs::distribution::{Beta, ContinuousCDF, Normal};

/// How well chains have mixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// The larger of the split R-hat of the ranks and of the ranks of the distances from the median; 1 is perfect.
    pub rhat: f64,
    /// How many independent draws the chains are worth for the middle.
    pub effective: f64,
    /// The same for the worse of the two ends of the interval.
    pub effective_ends: f64,
}

/// How well chains of equal length have mixed; `tail` is the chance outside each end of the interval.
pub(super) fn mixing(chains: &[Vec<f64>], tail: f64) -> Mixing {
    let halves = split(chains);
    let all: Vec<f64> = halves.iter().flatten().copied().collect();
    let sorted = sorted(&all);
    let median = at_share(&sorted, 0.5);
    let scores = normal_scores(&halves);
    let folded: Vec<Vec<f64>> = halves
        .iter()
        .map(|half| half.iter().map(|draw| (draw - median).abs()).collect())
        .collect();
    let end = |share: f64| effective_of_quantile(&halves, at_share(&sorted, share));
    Mixing {
        rhat: rhat(&scores).max(rhat(&normal_scores(&folded))),
        effective: effective(&scores),
        effective_ends: end(tail).min(end(1.0 - tail)),
    }
}

/// The Monte-Carlo standard error of a quantile: half the width of what one standard error of its rank leaves open.
pub(super) fn error_of_quantile(chains: &[Vec<f64>], share: f64) -> f64 {
    let halves = split(chains);
    let all: Vec<f64> = halves.iter().flatten().copied().collect();
    let sorted = sorted(&all);
    let draws = effective_of_quantile(&halves, at_share(&sorted, share));
    let Ok(rank) = Beta::new(draws * share + 1.0, draws * (1.0 - share) + 1.0) else {
        return f64::INFINITY;
    };
    let one_error_below = Normal::standard().cdf(-1.0);
    let low = at_share(&sorted, rank.inverse_cdf(one_error_below));
    let high = at_share(&sorted, rank.inverse_cdf(1.0 - one_error_below));
    (high - low) / 2.0
}

/// Each chain in two halves, the middle draw of an odd one left out.
fn split(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let halves = chains.iter().flat_map(|chain| {
        let half = chain.len() / 2;
        let (first, rest) = chain.split_at(half);
        let (_, last) = rest.split_at(rest.len() - half);
        [first.to_vec(), last.to_vec()]
    });
    halves.collect()
}

fn sorted(draws: &[f64]) -> Vec<f64> {
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

fn at_share(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(0.0)
}

/// Ranks over all chains, ties sharing theirs, as quantiles of the normal distribution.
fn normal_scores(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let sorted = sorted(&all);
    let count = all.len() as f64;
    let normal = Normal::standard();
    let score = |draw: &f64| {
        let below = sorted.partition_point(|other| other < draw);
        let up_to = sorted.partition_point(|other| other <= draw);
        let rank = (below + up_to + 1) as f64 / 2.0;
        normal.inverse_cdf((rank - 0.375) / (count + 0.25))
    };
    chains
        .iter()
        .map(|chain| chain.iter().map(score).collect())
        .collect()
}

fn mean(draws: &[f64]) -> f64 {
    draws.iter().sum::<f64>() / draws.len() as f64
}

/// Variance within chains and of all draws, as both diagnostics use them.
fn variances(chains: &[Vec<f64>]) -> (f64, f64) {
    let length = chains.first().map_or(0, Vec::len) as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let grand = mean(&means);
    let between = means.iter().map(|one| (one - grand).powi(2)).sum::<f64>() / (means.len() as f64 - 1.0);
    let of_chain = |(chain, centre): (&Vec<f64>, &f64)| {
        chain.iter().map(|draw| (draw - centre).powi(2)).sum::<f64>() / (length - 1.0)
    };
    let within = chains.iter().zip(&means).map(of_chain).sum::<f64>() / means.len() as f64;
    (within, within * (length - 1.0) / length + between)
}

/// 1 where every chain stands still at the same value; without bound where they stand still at different ones.
fn rhat(chains: &[Vec<f64>]) -> f64 {
    let (within, whole) = variances(chains);
    if whole <= 0.0 {
        1.0
    } else {
        (whole / within).sqrt()
    }
}

fn effective_of_quantile(chains: &[Vec<f64>], value: f64) -> f64 {
    let above: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| chain.iter().map(|draw| f64::from(*draw <= value)).collect())
        .collect();
    effective(&above)
}

fn effective(chains: &[Vec<f64>]) -> f64 {
    let length = chains.first().map_or(0, Vec::len);
    let draws = (length * chains.len()) as f64;
    let (within, whole) = variances(chains);
    if whole <= 0.0 {
        return draws;
    }
    let centred: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| {
            let centre = mean(chain);
            chain.iter().map(|draw| draw - centre).collect()
        })
        .collect();
    let correlation = |lag: usize| {
        let of_chain =
            |chain: &Vec<f64>| -> f64 { chain.iter().zip(chain.iter().skip(lag)).map(|(a, b)| a * b).sum() };
        let covariance = centred.iter().map(of_chain).sum::<f64>() / draws;
        1.0 - (within - covariance) / whole
    };
    // Pairs of lags sum to something positive and falling in any reversible chain; what does not is noise.
    let (mut time, mut last) = (-1.0, f64::INFINITY);
    for pair in 0..length / 2 {
        let first = if pair == 0 { 1.0 } else { correlation(2 * pair) };
        let sum = (first + correlation(2 * pair + 1)).min(last);
        if sum <= 0.0 {
            break;
        }
        time += 2.0 * sum;
        last = sum;
    }
    // Chains that swing about their middle can be worth more than their draws; more than log₁₀ times is not believed.
    draws / time.max(1.0 / draws.log10())
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Four chains with a given correlation of neighbours, and shifted by so much each.
    fn chains(correlation: f64, shift: f64) -> Vec<Vec<f64>> {
        let mut chance = ChaCha8Rng::seed_from_u64(3);
        let mut chain = |at: u32| {
            let mut value = 0.0;
            let mut next = || {
                let noise: f64 = (0..12).map(|_| chance.random::<f64>()).sum::<f64>() - 6.0;
                value = correlation * value + (1.0 - correlation * correlation).sqrt() * noise;
                value + shift * f64::from(at)
            };
            (0..5_000).map(|_| next()).collect()
        };
        (0..4).map(&mut chain).collect()
    }

    /// An autoregressive chain is worth (1 − ρ)/(1 + ρ) of its draws.
    #[test]
    fn chains_with_a_memory_are_worth_less() {
        for correlation in [0.0, 0.5, 0.9] {
            let found = mixing(&chains(correlation, 0.0), 0.025);
            let wanted = 20_000.0 * (1.0 - correlation) / (1.0 + correlation);
            assert!(
                (found.effective / wanted - 1.0).abs() < 0.2,
                "{correlation}: {found:?}"
            );
            assert!(found.rhat < 1.02, "{found:?}");
        }
    }

    #[test]
    fn chains_in_different_places_are_found_out() {
        assert!(mixing(&chains(0.0, 0.5), 0.025).rhat > 1.1);
        // The same middle, but one chain that hardly moves: only the folded ranks see it.
        let mut wide = chains(0.0, 0.0);
        wide.iter_mut().take(1).flatten().for_each(|draw| *draw /= 10.0);
        assert!(mixing(&wide, 0.025).rhat > 1.1);
    }

    #[test]
    fn the_error_of_a_median_is_that_of_theory() {
        let found = error_of_quantile(&chains(0.0, 0.0), 0.5);
        let wanted = (std::f64::consts::PI / 2.0 / 20_000.0).sqrt();
        assert!((found / wanted - 1.0).abs() < 0.25, "{found} {wanted}");
    }
}
