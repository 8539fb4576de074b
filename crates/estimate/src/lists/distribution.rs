//! What an estimator believes about the whole number: a distribution, so that estimators can be mixed.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::{Confidence, Interval};

/// A distribution of the whole number of people.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// The people on no list, log-normal around `unseen`; the seen are certain.
    LogNormal {
        /// People on at least one list.
        seen: f64,
        /// The median of the people on no list.
        unseen: f64,
        /// The standard deviation of the logarithm of the people on no list.
        spread: f64,
    },
    /// A value for each step of cumulated probability, both rising: draws, or a posterior on a grid.
    Steps {
        /// Whole numbers of people, rising.
        totals: Vec<f64>,
        /// The chance to lie at or below each, rising to 1.
        below: Vec<f64>,
    },
    /// A mixture: weights, which sum to 1, and what they weigh.
    Mixture(Vec<(f64, Distribution)>),
}

impl Distribution {
    /// Log-normal on the unseen, from their variance, as in the interval of Chao (1987).
    pub fn log_normal(seen: f64, unseen: f64, variance: f64) -> Self {
        let spread = if unseen > 0.0 {
            (variance / (unseen * unseen)).ln_1p().sqrt()
        } else {
            0.0
        };
        Self::LogNormal { seen, unseen, spread }
    }

    /// The distribution that draws show, each with the same weight.
    pub fn of_draws(mut draws: Vec<f64>) -> Self {
        draws.sort_unstable_by(f64::total_cmp);
        let count = draws.len() as f64;
        let below = (1..=draws.len()).map(|rank| rank as f64 / count).collect();
        Self::Steps { totals: draws, below }
    }

    /// A mixture in which each has the same weight.
    pub fn equal_mixture(parts: Vec<Self>) -> Self {
        let weight = 1.0 / parts.len().max(1) as f64;
        Self::Mixture(parts.into_iter().map(|part| (weight, part)).collect())
    }

    /// The chance that there are at most so many.
    pub fn at_most(&self, total: f64) -> f64 {
        match self {
            Self::LogNormal { seen, unseen, spread } => {
                let rest = total - seen;
                if *unseen <= 0.0 || *spread <= 0.0 {
                    f64::from(rest >= *unseen)
                } else if rest <= 0.0 {
                    0.0
                } else {
                    Normal::standard().cdf((rest / unseen).ln() / spread)
                }
            }
            Self::Steps { totals, below } => {
                let after = totals.partition_point(|step| *step <= total);
                after
                    .checked_sub(1)
                    .and_then(|at| below.get(at))
                    .copied()
                    .unwrap_or(0.0)
            }
            Self::Mixture(parts) => parts
                .iter()
                .map(|(weight, part)| weight * part.at_most(total))
                .sum(),
        }
    }

    /// The number that is not exceeded with this chance.
    ///
    /// Of a mixture it is found between the quantiles of its parts, to a relative 10⁻¹².
    pub fn quantile(&self, chance: f64) -> f64 {
        match self {
            Self::LogNormal { seen, unseen, spread } => {
                seen + unseen * (spread * Normal::standard().inverse_cdf(chance)).exp()
            }
            Self::Steps { totals, below } => {
                let at = below.partition_point(|cumulated| *cumulated < chance);
                totals.get(at).or(totals.last()).copied().unwrap_or(f64::NAN)
            }
            Self::Mixture(parts) => {
                // The quantile of a mixture lies between the smallest and the largest of its parts.
                let ends = parts
                    .iter()
                    .filter(|(weight, _)| *weight > 0.0)
                    .map(|(_, part)| part.quantile(chance));
                let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| {
                    (low.min(end), high.max(end))
                });
                crossing(|total| self.at_most(total) - chance, low, high)
            }
        }
    }

    /// The central interval.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        Interval {
            low: self.quantile(confidence.tail()),
            high: self.quantile(1.0 - confidence.tail()),
        }
    }
}

/// Where a function that never falls comes to zero or above, between two ends: the upper end of a bracket that is no
/// wider than a relative 10⁻¹².
///
/// **Method.** T. R. Chandrupatla, Advances in Engineering Software 28 (1997) 145–149: the inverse of a parabola through
/// three points where it can be trusted, halving elsewhere, as where the function jumps.
fn crossing(height: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut near, mut far) = ((high, height(high)), (low, height(low)));
    if far.1 >= 0.0 {
        return low;
    }
    // Between ends of which one is no number, or without end, there is nothing to halve.
    if near.1 < 0.0 || !(high - low).is_finite() {
        return high;
    }
    let mut part = 0.5;
    loop {
        let at = near.0 + part * (far.0 - near.0);
        let now = (at, height(at));
        // Two ends with the zero between them, the newer first, and the end that it replaced.
        let replaced = if (now.1 < 0.0) == (near.1 < 0.0) {
            near
        } else {
            std::mem::replace(&mut far, near)
        };
        near = now;
        let (width, finest) = ((far.0 - near.0).abs(), 1e-12 * far.0.abs().max(near.0.abs()));
        let middle = f64::midpoint(near.0, far.0);
        if width <= finest || middle == near.0 || middle == far.0 {
            return if near.1 < 0.0 { far.0 } else { near.0 };
        }
        let place = (near.0 - far.0) / (replaced.0 - far.0);
        let rise = (near.1 - far.1) / (replaced.1 - far.1);
        let trusted = rise * rise < place && (1.0 - rise) * (1.0 - rise) < 1.0 - place;
        part = if trusted {
            near.1 / (far.1 - near.1) * replaced.1 / (far.1 - replaced.1)
                + (replaced.0 - near.0) / (far.0 - near.0) * near.1 / (replaced.1 - near.1) * far.1
                    / (replaced.1 - far.1)
        } else {
            0.5
        };
        let least = 0.5 * finest / width;
        part = part.clamp(least, 1.0 - least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Steps, steep and flat parts, parts of no weight: halving finds the same.
        #[test]
        fn a_quantile_is_where_halving_finds_it(
            parts in prop::collection::vec((0.0..1.0_f64, 1.0..5_000.0_f64, 0.0..9.0_f64, any::<bool>()), 1..5),
            chance in 0.000_01..0.999_99_f64,
        ) {
            let all: f64 = parts.iter().map(|part| part.0).sum();
            prop_assume!(all > 0.0);
            let part = |&(weight, unseen, spread, steps): &(f64, f64, f64, bool)| {
                let smooth = Distribution::log_normal(700.0, unseen, (unseen * spread / 9.0).powi(2));
                let drawn = || (1..20).map(|at| smooth.quantile(f64::from(at) / 20.0)).collect();
                (weight / all, if steps { Distribution::of_draws(drawn()) } else { smooth.clone() })
            };
            let mixture = Distribution::Mixture(parts.iter().map(part).collect());
            let (mut low, mut high) = (0.0, 1e7);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                if mixture.at_most(middle) < chance { low = middle } else { high = middle }
            }
            let found = mixture.quantile(chance);
            // Where the distribution is flat, rounding of the sum decides between places of one height.
            let same = (found - high).abs() <= 1e-9 * high;
            let flat = (mixture.at_most(found) - mixture.at_most(high)).abs() < 1e-12;
            prop_assert!(same || flat, "{found}, {high}");
        }
    }

    /// A spread beyond all bounds has no upper end that is a number; the search says so and ends.
    #[test]
    fn an_end_that_is_no_number_ends_the_search() {
        let endless = Distribution::LogNormal {
            seen: 10.0,
            unseen: 5.0,
            spread: 1e300,
        };
        let both = Distribution::equal_mixture(vec![endless, Distribution::log_normal(10.0, 5.0, 4.0)]);
        assert_eq!(both.quantile(0.975), f64::INFINITY);
        assert!(both.quantile(0.025) >= 10.0);
        let nobody = Distribution::Mixture(Vec::new());
        assert!(!nobody.quantile(0.5).is_finite());
        // The least numbers there are, which cannot be halved.
        let least = f64::from_bits(1);
        assert_eq!(
            crossing(|at| if at >= least { 1.0 } else { -1.0 }, 0.0, f64::from_bits(9)),
            least
        );
    }

    #[test]
    fn a_zero_is_found_with_few_looks() {
        let looks = std::cell::Cell::new(0);
        let curve = |at: f64| {
            looks.set(looks.get() + 1);
            at.ln() - 1.0
        };
        let found = crossing(curve, 1.0, 1_000.0);
        assert!((found - std::f64::consts::E).abs() < 1e-11);
        // Halving needs fifty.
        assert!(looks.get() < 20, "{}", looks.get());
    }

    #[test]
    fn a_mixture_lies_between_its_parts_and_is_wider_than_each() {
        let one = Distribution::log_normal(100.0, 50.0, 25.0);
        let other = Distribution::of_draws((0..1000).map(|draw| 170.0 + f64::from(draw) / 50.0).collect());
        let both = Distribution::equal_mixture(vec![one.clone(), other.clone()]);
        let (a, b, ab) = (
            one.interval(Confidence::NINETY_FIVE),
            other.interval(Confidence::NINETY_FIVE),
            both.interval(Confidence::NINETY_FIVE),
        );
        assert!(a.low < ab.low && ab.low < b.low && a.high < ab.high && ab.high < b.high);
        for chance in [0.01, 0.3, 0.5, 0.8, 0.99] {
            let at = both.quantile(chance);
            assert!((both.at_most(at) - chance).abs() < 1e-3, "{chance}");
        }
    }

    #[test]
    fn nobody_unseen_is_a_point() {
        let point = Distribution::log_normal(40.0, 0.0, 0.0);
        assert_eq!(
            (point.at_most(39.9), point.at_most(40.0), point.quantile(0.975)),
            (0.0, 1.0, 40.0)
        );
    }

    /// The log-normal interval of two lists is the one that `chapman` gives.
    #[test]
    fn it_is_the_interval_of_chao() {
        let found = crate::chapman(800, 600, 380, Confidence::NINETY_FIVE).unwrap();
        let same = Distribution::log_normal(1020.0, found.unseen(), found.variance)
            .interval(Confidence::NINETY_FIVE);
        assert!(
            (same.low - found.interval.low).abs() < 1e-6 && (same.high - found.interval.high).abs() < 1e-6
        );
    }
}
