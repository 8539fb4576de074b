//! How many independent draws several chains are worth.

use crate::posterior::{mean, variance};

/// The effective number of draws of chains of equal length.
pub(super) fn effective_size(chains: &[Vec<f64>]) -> f64 {
    let draws = chains.first().map_or(0, Vec::len);
    let total = (draws * chains.len()) as f64;
    let centred: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| {
            let centre = mean(chain);
            chain.iter().map(|draw| draw - centre).collect()
        })
        .collect();
    // Divided by the number of draws at every lag, which keeps far lags from running wild.
    let covariance = |lag: usize| {
        let sums = centred.iter().map(|chain| {
            chain
                .iter()
                .zip(&chain[lag..])
                .map(|(one, later)| one * later)
                .sum::<f64>()
        });
        sums.sum::<f64>() / total
    };
    let between = variance(&chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    let biased = covariance(0);
    let within = biased * draws as f64 / (draws as f64 - 1.0);
    let all = biased + between;
    let correlation = |lag: usize| {
        if lag == 0 {
            1.0
        } else {
            1.0 - (within - covariance(lag)) / all
        }
    };
    let pairs = positive_pairs(correlation, draws);
    let tau = (-1.0 + 2.0 * pairs.falling + pairs.last_even).max(1.0 / total.log10());
    total / tau
}

/// The sums of the autocorrelations at lags 2*k* and 2*k* + 1, as far as they are positive.
struct Pairs {
    /// Their sum, each made no larger than the one before.
    falling: f64,
    /// The first correlation of the pair that ended the sequence, where that alone is positive.
    last_even: f64,
}

fn positive_pairs(correlation: impl Fn(usize) -> f64, draws: usize) -> Pairs {
    let mut falling = 0.0;
    let mut before = f64::INFINITY;
    let mut lag = 0;
    loop {
        let even = correlation(lag);
        let sum = even + correlation(lag + 1);
        // The sequence ends at the first pair that is not positive, or where too few draws lie that far apart.
        if sum <= 0.0 || lag + 5 > draws {
            return Pairs {
                falling,
                last_even: even.max(0.0),
            };
        }
        before = sum.min(before);
        falling += before;
        lag += 2;
    }
}
