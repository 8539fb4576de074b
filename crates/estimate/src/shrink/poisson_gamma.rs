//! The Poisson–gamma family of ratios.

use statrs::distribution::{ContinuousCDF, Gamma};
use statrs::function::factorial::ln_factorial;
use statrs::function::gamma::{digamma, ln_gamma};

use super::maximum::{Slope, climb};
use super::{GroupEstimate, enough};
use crate::tally::Observed;
use crate::{Confidence, EstimateError, Interval};

/// A family of ratios: each group's ratio is a draw from Gamma(*shape*, *rate*), each count a Poisson draw with
/// mean ratio × expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoissonGamma {
    /// The shape *ν*: 1 over the squared coefficient of variation between groups.
    pub shape: f64,
    /// The rate *α*: the expected count that the family weighs as much as.
    pub rate: f64,
    /// The log-likelihood at these figures, factorials included.
    pub log_likelihood: f64,
}

impl PoissonGamma {
    /// The likeliest family of some groups.
    ///
    /// **Formula.** Maximises Σ ln[Γ(*O* + *ν*)/(Γ(*ν*) *O*!) (*α*/(*E* + *α*))^*ν* (*E*/(*E* + *α*))^*O*] over ln
    /// *ν*/*α* and ln *ν*.
    ///
    /// **Source.** D. Clayton and J. Kaldor, Biometrics 43 (1987) 671–681.
    ///
    /// **When it fails.** As [`BetaBinomial::fit`](super::BetaBinomial::fit); prefer
    /// [`shrink_ratios`](super::shrink_ratios).
    ///
    /// **Errors.** Fewer than two groups, an expected count that is not above 0, [`EstimateError::NoSpread`] where the
    /// groups differ no more than chance or nothing was observed.
    pub fn fit(groups: &[Observed]) -> Result<Self, EstimateError> {
        groups.iter().try_for_each(|group| group.check())?;
        enough(groups.len())?;
        let ratio = pooled_ratio(groups);
        if ratio <= 0.0 {
            return Err(EstimateError::NoSpread);
        }
        let ([mean, shape], height) = climb(|place| slope(groups, place), [ratio.ln(), 3.0_f64.ln()])?;
        let constant: f64 = groups
            .iter()
            .map(|group| group.count as f64 * group.expected.ln() - ln_factorial(group.count))
            .sum();
        Ok(Self {
            shape: shape.exp(),
            rate: (shape - mean).exp(),
            log_likelihood: height + constant,
        })
    }

    /// The mean ratio of the family.
    pub fn mean(&self) -> f64 {
        self.shape / self.rate
    }

    /// The standard deviation of ratios between groups.
    pub fn standard_deviation(&self) -> f64 {
        self.shape.sqrt() / self.rate
    }

    /// The ratio of one group of this family.
    ///
    /// **Formula.** Gamma(*O* + *ν*, rate *E* + *α*): mean (*O* + *ν*)/(*E* + *α*), interval by its quantiles.
    ///
    /// **Source.** D. Clayton and J. Kaldor 1987.
    ///
    /// **When it fails.** It takes *ν* and *α* as known.
    ///
    /// **Errors.** An expected count that is not above 0.
    pub fn group(&self, group: Observed, confidence: Confidence) -> Result<GroupEstimate, EstimateError> {
        group.check()?;
        let (shape, rate) = (group.count as f64 + self.shape, group.expected + self.rate);
        let law =
            Gamma::new(shape, rate).map_err(|_| EstimateError::NotPositive("a figure of the family"))?;
        Ok(GroupEstimate {
            mean: shape / rate,
            interval: Interval {
                low: law.inverse_cdf(confidence.tail()),
                high: law.inverse_cdf(1.0 - confidence.tail()),
            },
        })
    }
}

/// All counts over all expected counts.
pub(super) fn pooled_ratio(groups: &[Observed]) -> f64 {
    let count: f64 = groups.iter().map(|group| group.count as f64).sum();
    let expected: f64 = groups.iter().map(|group| group.expected).sum();
    count / expected
}

/// The log-likelihood of shape and rate, without what does not depend on them.
pub(super) fn log_likelihood(groups: &[Observed], shape: f64, rate: f64) -> f64 {
    let at_shape = ln_gamma(shape);
    groups
        .iter()
        .map(|group| {
            let count = group.count as f64;
            // ν ln(α/(E + α)), without the logarithm of something that is nearly 1.
            let family = -shape * (group.expected / rate).ln_1p();
            ln_gamma(count + shape) - at_shape + family - count * (group.expected + rate).ln()
        })
        .sum()
}

fn slope(groups: &[Observed], place: [f64; 2]) -> Slope {
    let (shape, rate) = (place[1].exp(), (place[1] - place[0]).exp());
    let at_shape = digamma(shape);
    let (mut by_shape, mut by_rate) = (0.0, 0.0);
    for group in groups {
        let count = group.count as f64;
        by_shape += digamma(count + shape) - at_shape - (group.expected / rate).ln_1p();
        by_rate += shape / rate - (shape + count) / (group.expected + rate);
    }
    Slope {
        height: log_likelihood(groups, shape, rate),
        slope: [-rate * by_rate, shape * by_shape + rate * by_rate],
    }
}
