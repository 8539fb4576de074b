//! A band that the cumulative distribution of uniform ranks stays inside, everywhere at once.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use crate::{Confidence, EstimateError};

/// A band for the cumulative distribution of ranks.
#[derive(Debug, Clone, PartialEq)]
pub struct EcdfBand {
    /// For each rank but the last: the least and the largest count of ranks at or below it that lies inside.
    pub counts: Vec<(u64, u64)>,
    /// How many ranks the band is for.
    pub ranks: u64,
    /// The level of each place alone with which all places together reach the level asked for.
    pub pointwise: f64,
    /// The chance that uniform ranks stay inside: at least the level asked for, and more only because counts are whole.
    pub level: f64,
}

impl EcdfBand {
    /// The first rank at which so many ranks at or below each rank leave the band; none where they stay inside.
    pub fn leaves(&self, at_or_below: &[u64]) -> Option<usize> {
        self.counts
            .iter()
            .zip(at_or_below)
            .position(|(&(low, high), &count)| count < low || high < count)
    }
}

/// The band that the cumulative distribution of so many uniform ranks leaves with chance 1 − confidence, anywhere.
///
/// Ranks are whole numbers from 0 to `possible` − 1.
///
/// **Formula.** At rank *r* the number of ranks at or below it is Binomial(*N*, *z*), *z* = (*r* + 1)/possible; the
/// band takes its *γ*/2 and 1 − *γ*/2 quantiles. The chance to stay inside everywhere is found by going from rank
/// to rank, where the increase is Binomial(*N* − *x*, (*z′* − *z*)/(1 − *z*)); *γ* is the largest with which that
/// chance is at least the confidence.
///
/// **Source.** T. Säilynoja, P.-C. Bürkner and A. Vehtari, Graphical test for discrete uniformity and its
/// applications in goodness-of-fit evaluation and multiple sample comparison, Statistics and Computing 32 (2022)
/// 32.
///
/// **When it fails.** It is for independent ranks: draws of a chain must be thinned until they are nearly so.
///
/// **Errors.** No ranks, fewer than two possible ranks.
pub fn simultaneous_band(
    ranks: u64,
    possible: usize,
    confidence: Confidence,
) -> Result<EcdfBand, EstimateError> {
    if ranks == 0 {
        return Err(EstimateError::Empty);
    }
    if possible < 2 {
        return Err(EstimateError::TooFew {
            what: "possible ranks",
            needed: 2,
            found: possible,
        });
    }
    let shares: Vec<f64> = (1..possible).map(|rank| rank as f64 / possible as f64).collect();
    let laws = shares
        .iter()
        .map(|&share| Binomial::new(share, ranks).map_err(|_| EstimateError::NotFinite))
        .collect::<Result<Vec<_>, _>>()?;
    let with = |miss: f64| -> (Vec<(u64, u64)>, f64) {
        let counts: Vec<_> = laws
            .iter()
            .map(|law| {
                (
                    quantile(law, ranks, miss / 2.0),
                    quantile(law, ranks, 1.0 - miss / 2.0),
                )
            })
            .collect();
        let inside = inside(&shares, &counts, ranks);
        (counts, inside)
    };
    // All places together miss at least as often as one, and at most as often as their sum.
    let all = 1.0 - confidence.level();
    let (mut low, mut high) = ((all / (2 * possible) as f64).ln(), all.ln());
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        if with(middle.exp()).1 >= confidence.level() {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (counts, level) = with(low.exp());
    Ok(EcdfBand {
        counts,
        ranks,
        pointwise: 1.0 - low.exp(),
        level,
    })
}

/// The smallest count whose cumulative chance reaches `p`.
fn quantile(law: &Binomial, ranks: u64, p: f64) -> u64 {
    let (mut low, mut high) = (0, ranks);
    while low < high {
        let middle = low + (high - low) / 2;
        if law.cdf(middle) >= p {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The chance that the counts stay within their bounds at every place.
fn inside(shares: &[f64], counts: &[(u64, u64)], ranks: u64) -> f64 {
    // The chance of each count at the place before, and the lowest of those counts.
    let (mut before, mut lowest, mut share_before) = (vec![1.0], 0_u64, 0.0);
    for (&share, &(low, high)) in shares.iter().zip(counts) {
        let step = ((share - share_before) / (1.0 - share_before)).clamp(0.0, 1.0);
        let mut here = vec![0.0; (high.saturating_sub(low) + 1) as usize];
        for (offset, &chance) in before.iter().enumerate() {
            let count = lowest + offset as u64;
            let from = low.max(count);
            if let Some(reached) = here.get_mut((from - low) as usize..) {
                spread(chance, ranks.saturating_sub(count), step, from - count, reached);
            }
        }
        (before, lowest, share_before) = (here, low, share);
    }
    before.iter().sum()
}

/// Adds to each place of `to` its share of a chance: the binomial chance of `least`, `least` + 1, … successes in
/// `trials`.
///
/// One chance is computed, nearest to the likeliest count, and the others follow from it by their ratios outwards:
/// so none is lost for being too small to write at the start.
fn spread(chance: f64, trials: u64, share: f64, least: u64, to: &mut [f64]) {
    let Ok(law) = Binomial::new(share, trials) else {
        return;
    };
    let Some(most) = (trials.saturating_sub(least) as usize)
        .checked_add(1)
        .map(|all| all.min(to.len()))
    else {
        return;
    };
    if most == 0 || least > trials {
        return;
    }
    let mode = ((trials as f64 * share) as u64).clamp(least, least + most as u64 - 1);
    let start = (mode - least) as usize;
    let odds = share / (1.0 - share);
    let at_start = chance * law.pmf(mode);
    let (lower, upper) = to.split_at_mut(start);
    let mut term = at_start;
    let mut successes = mode;
    for place in upper.iter_mut().take(most - start) {
        *place += term;
        term *= (trials - successes) as f64 / (successes + 1) as f64 * odds;
        successes += 1;
    }
    (term, successes) = (at_start, mode);
    for place in lower.iter_mut().rev() {
        term *= successes as f64 / (trials - successes + 1) as f64 / odds;
        *place += term;
        successes -= 1;
    }
}
