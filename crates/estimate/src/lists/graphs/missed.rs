//! The chance to be on no list, once it is known how many are.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::{Graph, Graphs};
use crate::lists::{Histories, History, histories::Count};

/// Graphs less likely than this are left out.
const LEAST_WEIGHT: f64 = 0.01;

/// What each likely graph says of the chance to be on no list.
#[derive(Debug, Clone)]
pub(crate) struct Missed {
    graphs: Vec<(f64, Vec<Factor>)>,
    /// People on at least one list.
    seen: f64,
}

/// A clique (power 1), or a separator (−1 for each time that it parts two).
#[derive(Debug, Clone, Copy)]
struct Factor {
    power: f64,
    /// People on some list but on none of these, and the prior count of that.
    none: f64,
}

impl Missed {
    /// By the graphs that are likely.
    pub(crate) fn by_graphs<C: Count>(graphs: &Graphs, histories: &Histories<C>) -> Self {
        let likely = graphs.graphs.iter().filter(|(_, weight)| *weight >= LEAST_WEIGHT);
        let factors = |graph: &Graph| {
            let factors = graph.factors.iter();
            factors
                .map(|(held, power)| Factor::of(histories, *held, *power))
                .collect()
        };
        Self {
            graphs: likely.map(|(graph, weight)| (*weight, factors(graph))).collect(),
            seen: histories.people(),
        }
    }

    /// Of lists that do not depend on each other.
    pub(crate) fn independent<C: Count>(histories: &Histories<C>) -> Self {
        let alone = (0..histories.lists()).map(|list| Factor::of(histories, 1 << list, 1.0));
        Self {
            graphs: vec![(1.0, alone.collect())],
            seen: histories.people(),
        }
    }

    /// By counting those who are on none, whatever depends on what.
    pub(crate) fn counted<C: Count>(histories: &Histories<C>) -> Self {
        let all = ((1_u64 << histories.lists().min(31)) - 1) as History;
        Self {
            graphs: vec![(1.0, vec![Factor::of(histories, all, 1.0)])],
            seen: histories.people(),
        }
    }

    /// The odds to be on no list, drawn, given how many are.
    ///
    /// **Formula.** In a decomposable graph the chance is Π p(clique)/Π p(separator), p being the chance to be on none of
    /// those lists. Its logarithm is normal about that of Π (*n* + *n*₀)/(*N* + 1), with variance Σ power (1/(*n* + *n*₀) −
    /// 1/(*N* + 1)): a beta number within the next. Where nothing depends on anything, that is far less than *n*₀ alone
    /// would say, and moves less with it.
    pub(crate) fn odds(&self, unseen: f64, chance: &mut impl Rng) -> f64 {
        let all = self.seen + unseen + 1.0;
        let mut level = chance.random::<f64>() * self.graphs.iter().map(|(weight, _)| weight).sum::<f64>();
        let noise: f64 = StandardNormal.sample(chance);
        let mut chosen = &[][..];
        for (weight, factors) in &self.graphs {
            chosen = factors;
            level -= weight;
            if level < 0.0 {
                break;
            }
        }
        let (mut log, mut variance) = (0.0, 0.0);
        for factor in chosen {
            let none = factor.none + unseen;
            log += factor.power * (none / all).ln();
            variance += factor.power * (1.0 / none - 1.0 / all);
        }
        if chosen.is_empty() {
            return 0.0;
        }
        // The mean of a beta number is that of its counts; a log-normal one is centred so that its mean is.
        let variance = variance.max(0.0).ln_1p();
        let missed = (log + variance.sqrt() * noise - variance / 2.0)
            .exp()
            .min(1.0 - 1e-9);
        missed / (1.0 - missed)
    }
}

impl Factor {
    fn of<C: Count>(histories: &Histories<C>, held: History, power: f64) -> Self {
        let none = histories.sum(|history| history & held == 0);
        Self {
            power,
            none: none + 0.5_f64.powi(held.count_ones() as i32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Confidence;
    use crate::chance::chance;
    use crate::lists::{GraphPrior, Repeated, decomposable_graphs};
    use crate::posterior::{mean, variance};

    /// Three independent lists that each show half of the people, 1,000 in each cell. By counting the relative variance of
    /// the chance is 1/1,000 − 1/8,000; by independence three times 1/4,000 − 1/8,000. The odds are 8/7 as wide, twice.
    #[test]
    fn lists_that_do_not_depend_on_each_other_know_more_than_their_count() {
        let names = ["a", "b", "c"].map(str::to_owned);
        let rows = (1..8).map(|history| (history, 1_000_u64));
        let histories = Histories::from_rows(names, rows, Repeated::Refuse).unwrap();
        let draws = |missed: Missed, unseen: f64| -> (f64, f64) {
            let mut chance = chance(7);
            let draws: Vec<f64> = (0..20_000).map(|_| missed.odds(unseen, &mut chance)).collect();
            (mean(&draws), variance(&draws) / mean(&draws).powi(2))
        };
        let wider = (8.0_f64 / 7.0).powi(2);
        // Four Monte-Carlo errors of a variance, and a hundredth for the terms of second order.
        let error = 4.0 * (2.0 / 20_000_f64).sqrt() + 0.01;
        for (missed, wanted) in [
            (Missed::counted(&histories), 1.0 / 1_000.0 - 1.0 / 8_000.0),
            (
                Missed::independent(&histories),
                3.0 * (1.0 / 4_000.0 - 1.0 / 8_000.0),
            ),
        ] {
            let (middle, spread) = draws(missed, 1_000.0);
            assert!((middle * 7.0 - 1.0).abs() < 4.0 * (wanted * wider / 20_000.0).sqrt() + 1e-3);
            assert!(
                (spread / (wanted * wider) - 1.0).abs() < error,
                "{spread} {wanted}"
            );
        }
        // A fifth more on none moves the chance by a twentieth for each list, less for the larger whole.
        let fewer = draws(Missed::independent(&histories), 1_000.0).0;
        let more = draws(Missed::independent(&histories), 1_200.0).0;
        let chance = |unseen: f64| ((3_000.0 + unseen) / (7_000.0 + unseen)).powi(3);
        let odds = |unseen: f64| chance(unseen) / (1.0 - chance(unseen));
        assert!((more / fewer - odds(1_200.0) / odds(1_000.0)).abs() < 0.005);
        // Averaged over graphs it lies between.
        let graphs = decomposable_graphs(&histories, GraphPrior::usual(&histories), Confidence::NINETY_FIVE);
        let (_, spread) = draws(Missed::by_graphs(&graphs.unwrap(), &histories), 1_000.0);
        assert!(spread > 0.000_375 * wider * (1.0 - error) && spread < 0.000_875 * wider);
    }

    #[test]
    fn nobody_on_no_list() {
        let names = ["a", "b"].map(str::to_owned);
        let histories = Histories::from_rows(names, [(1, 4_u64), (2, 3), (3, 9)], Repeated::Refuse).unwrap();
        let mut chance = chance(1);
        for missed in [Missed::counted(&histories), Missed::independent(&histories)] {
            let odds = missed.odds(0.0, &mut chance);
            assert!(odds > 0.0 && odds < 1.0);
        }
    }
}
