//! The beta-binomial family of shares.

use statrs::function::factorial::ln_binomial;
use statrs::function::gamma::{digamma, ln_gamma};

use super::maximum::{Slope, climb};
use super::{GroupEstimate, enough};
use crate::beta_quantile::beta_quantile;
use crate::tally::{Tally, pooled};
use crate::{Confidence, EstimateError, Interval};

/// A family of shares: each group's share is a draw from Beta(*a*, *b*), each tally a binomial draw with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaBinomial {
    /// First shape.
    pub a: f64,
    /// Second shape.
    pub b: f64,
    /// The log-likelihood at these shapes, binomial coefficients included.
    pub log_likelihood: f64,
}

impl BetaBinomial {
    /// The likeliest family of some groups.
    ///
    /// **Formula.** Maximises Σ ln[*C*(*n*, *r*) B(*r* + *a*, *n* − *r* + *b*)/B(*a*, *b*)] over logit *a*/(*a* +
    /// *b*) and ln(*a* + *b*).
    ///
    /// **Source.** J. G. Skellam, Journal of the Royal Statistical Society B 10 (1948) 257–261.
    ///
    /// **When it fails.** With few groups the fitted spread is often far too small: an interval from it promises
    /// too much. Prefer [`shrink_shares`](super::shrink_shares).
    ///
    /// **Errors.** Fewer than two groups with people, a part above its whole, [`EstimateError::NoSpread`] where the
    /// groups differ no more than chance, [`EstimateError::NotSettled`] where all are wholly 0 or wholly 1.
    pub fn fit(groups: &[Tally]) -> Result<Self, EstimateError> {
        let share = pooled(groups)?;
        let known: Vec<Tally> = groups.iter().copied().filter(|group| group.whole > 0).collect();
        enough(known.len())?;
        if share <= 0.0 || share >= 1.0 {
            return Err(EstimateError::NoSpread);
        }
        let start = [(share / (1.0 - share)).ln(), 10.0_f64.ln()];
        let (place, height) = climb(|place| slope(&known, place), start)?;
        let (a, b) = shapes(place);
        let constant: f64 = known
            .iter()
            .map(|group| ln_binomial(group.whole, group.part))
            .sum();
        Ok(Self {
            a,
            b,
            log_likelihood: height + constant,
        })
    }

    /// The mean share of the family.
    pub fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The standard deviation of shares between groups.
    pub fn standard_deviation(&self) -> f64 {
        let mean = self.mean();
        (mean * (1.0 - mean) / (self.a + self.b + 1.0)).sqrt()
    }

    /// The share of one group of this family.
    ///
    /// **Formula.** Beta(*r* + *a*, *n* − *r* + *b*): mean (*r* + *a*)/(*n* + *a* + *b*), interval by its quantiles.
    ///
    /// **Source.** C. N. Morris 1983 (see the [module](super)).
    ///
    /// **When it fails.** It takes *a* and *b* as known: too narrow where they were fitted from few groups.
    ///
    /// **Errors.** A part above its whole.
    pub fn group(&self, group: Tally, confidence: Confidence) -> Result<GroupEstimate, EstimateError> {
        group.check()?;
        let (a, b) = (group.part as f64 + self.a, group.rest() as f64 + self.b);
        Ok(GroupEstimate {
            mean: a / (a + b),
            interval: Interval {
                low: beta_quantile(a, b, confidence.tail())?,
                high: beta_quantile(a, b, 1.0 - confidence.tail())?,
            },
        })
    }
}

/// The shapes at a place: logit of the mean, log of their sum.
fn shapes(place: [f64; 2]) -> (f64, f64) {
    let sum = place[1].exp();
    (sum / (1.0 + (-place[0]).exp()), sum / (1.0 + place[0].exp()))
}

/// The log-likelihood of the shapes, without binomial coefficients.
pub(super) fn log_likelihood(groups: &[Tally], a: f64, b: f64) -> f64 {
    let family = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    groups
        .iter()
        .map(|group| {
            let (part, rest) = (group.part as f64 + a, group.rest() as f64 + b);
            ln_gamma(part) + ln_gamma(rest) - ln_gamma(part + rest) - family
        })
        .sum()
}

fn slope(groups: &[Tally], place: [f64; 2]) -> Slope {
    let (a, b) = shapes(place);
    let (mut by_a, mut by_b) = (0.0, 0.0);
    let (at_a, at_b, at_sum) = (digamma(a), digamma(b), digamma(a + b));
    for group in groups {
        let all = digamma(group.whole as f64 + a + b);
        by_a += digamma(group.part as f64 + a) - at_a - all + at_sum;
        by_b += digamma(group.rest() as f64 + b) - at_b - all + at_sum;
    }
    // How far both shapes move, oppositely, with the logit of the mean.
    let turn = a * b / (a + b);
    Slope {
        height: log_likelihood(groups, a, b),
        slope: [turn * (by_a - by_b), a * by_a + b * by_b],
    }
}
