//! What the lists of one set say of the people on none of them.

use rand::{Rng, RngExt};

use crate::lists::{
    Distribution, GraphPrior, Histories, History, LOW_COVERAGE, LatentClasses, Missed, Model, Repeated, Walk,
    decomposable_graphs, latent_class, log_linear, pairs, sample_coverage, walk,
};
use crate::{Confidence, EstimateError};

use super::super::definition::Definition;
use super::super::error::JointError;
use super::super::mixtures::{Estimator, Mixtures};
use super::{Set, Table};

/// Steps of the table in which a distribution is kept, and levels further out, on both sides: so far that no set of
/// draws looks beyond them.
const STEPS: usize = 120;
const TAIL: [f64; 7] = [1e-5, 3e-5, 1e-4, 3e-4, 7e-4, 1.3e-3, 2.4e-3];

/// Fewer people than this, and latent classes are mostly prior (see [`crate::lists`]).
const LEAST_FOR_CLASSES: f64 = crate::lists::LEAST_PEOPLE_FOR_LATENT_CLASS;

/// What one estimator believes of the people on no list: levels, rising, and quantiles of the logarithm (of one more
/// than they are).
#[derive(Debug, Clone)]
pub(in super::super) struct Law {
    steps: Vec<(f64, f64)>,
}

impl Law {
    pub(in super::super) fn of(distribution: &Distribution, seen: f64) -> Self {
        let middle = (0..STEPS).map(|step| (step as f64 + 0.5) / STEPS as f64);
        let low = TAIL.into_iter();
        let high = TAIL.into_iter().rev().map(|level| 1.0 - level);
        let at = |level: f64| (level, (distribution.quantile(level) - seen).max(0.0).ln_1p());
        Self {
            steps: low.chain(middle).chain(high).map(at).collect(),
        }
    }

    /// One draw of the log.
    pub(in super::super) fn draw(&self, chance: &mut impl Rng) -> f64 {
        let level = chance.random::<f64>();
        let after = self.steps.partition_point(|(step, _)| *step < level);
        let before = after.checked_sub(1).and_then(|at| self.steps.get(at));
        match (before, self.steps.get(after)) {
            (Some((low, from)), Some((high, to))) => from + (level - low) / (high - low) * (to - from),
            (Some((_, end)), None) | (None, Some((_, end))) => *end,
            (None, None) => 0.0,
        }
    }
}

/// What the lists of a set say.
struct Said {
    /// Every estimator of the whole number that has an answer.
    laws: Vec<(Estimator, Law)>,
    /// What the chance to be on no list is, given the number.
    missed: Missed,
    /// All log-linear models, where they were fitted.
    walk: Option<Walk>,
}

/// How sets are fitted.
pub(super) struct Fitter<'a> {
    pub(super) names: &'a [String],
    pub(super) definition: &'a Definition,
    pub(super) mixtures: Mixtures,
    pub(super) latent_classes: bool,
    pub(super) least: f64,
    pub(super) seed: u64,
}

impl Fitter<'_> {
    /// People who were watched long enough, weighted by how often their class is right.
    pub(super) fn people(&self, table: &Table) -> f64 {
        let listed = table.ready.iter().filter(|((pattern, _), _)| *pattern != 0);
        listed
            .map(|((_, class), people)| people * self.right(*class))
            .sum()
    }

    fn right(&self, class: u16) -> f64 {
        self.definition
            .middle
            .get(usize::from(class))
            .copied()
            .unwrap_or(0.0)
    }

    /// The set of these people; with `wider`, what a wider table says of lists like theirs, for as many as they are.
    pub(super) fn fit(
        &self,
        lists: History,
        own: &Table,
        wider: Option<&Table>,
    ) -> Result<Set, EstimateError> {
        let table = wider.unwrap_or(own);
        let histories = self.histories(lists, table, &self.definition.middle)?;
        let said = self.said(&histories)?;
        let classes = self.definition.middle.len();
        let mut otherwise = vec![0.0; classes];
        for ((_, class), people) in table.ready.iter().filter(|((pattern, _), _)| *pattern == 0) {
            if let Some(sum) = otherwise.get_mut(usize::from(*class)) {
                *sum += people;
            }
        }
        let weighted = |table: &Table| -> f64 {
            let ready = table.ready.iter();
            ready
                .map(|((_, class), people)| people * self.right(*class))
                .sum()
        };
        Ok(Set {
            laws: said.laws,
            slope: self.slope((lists, table), &histories, said.walk),
            otherwise,
            ready: weighted(table),
            own: weighted(own),
            missed: said.missed,
            all: own.all.iter().map(|(at, people)| (*at, *people)).collect(),
            pairs: associations(&histories),
        })
    }

    /// The overlap table at some PPVs, of the lists that were sent. A list that shows nobody of the set overlaps with
    /// nothing, and is left out.
    fn histories(&self, lists: History, table: &Table, ppv: &[f64]) -> Result<Histories<f64>, EstimateError> {
        let shown = table.ready.keys().fold(0, |all, (pattern, _)| all | pattern) & lists;
        let kept: Vec<usize> = (0..self.names.len())
            .filter(|list| shown >> list & 1 == 1)
            .collect();
        if kept.len() < 2 {
            return Err(JointError::OneList.into());
        }
        let names: Vec<String> = kept
            .iter()
            .filter_map(|list| self.names.get(*list).cloned())
            .collect();
        let closed_up = |pattern: History| -> History {
            (0..)
                .zip(&kept)
                .map(|(to, from)| (pattern >> from & 1) << to)
                .sum()
        };
        let rows = table.ready.iter().filter(|((pattern, _), _)| *pattern != 0);
        let rows = rows.map(|((pattern, class), people)| {
            let right = ppv.get(usize::from(*class)).copied().unwrap_or(0.0);
            (closed_up(*pattern), people * right)
        });
        Histories::from_rows(names, rows, Repeated::Add)
    }

    /// Asks every estimator.
    fn said(&self, histories: &Histories<f64>) -> Result<Said, EstimateError> {
        let (seen, confidence) = (histories.people(), Confidence::NINETY_FIVE);
        if histories.lists() == 2 {
            // Chapman's formula would give a number without any overlap; the walk refuses, with the reason.
            let walk = walk(histories)?;
            let found = pairs(&rounded(histories)?, confidence)?;
            let pair = found.into_iter().next().ok_or(EstimateError::Empty)?.outcome?;
            let alone = Distribution::log_normal(pair.seen as f64, pair.unseen(), pair.variance);
            return Ok(Said {
                laws: vec![(Estimator::LogLinear, Law::of(&alone, pair.seen as f64))],
                missed: Missed::independent(histories),
                walk: Some(walk),
            });
        }
        let (mut laws, mut missed, mut walked) = (Vec::new(), Missed::counted(histories), None);
        if self.mixtures.hold(Estimator::LogLinear) {
            let walk = walk(histories)?;
            let average = walk.average(confidence);
            laws.push((Estimator::LogLinear, Law::of(&average.distribution, seen)));
            walked = Some(walk);
        }
        if self.mixtures.hold(Estimator::Graphs)
            && let Ok(graphs) = decomposable_graphs(histories, GraphPrior::usual(histories), confidence)
        {
            missed = Missed::by_graphs(&graphs, histories);
            laws.push((Estimator::Graphs, Law::of(&graphs.distribution, seen)));
        }
        let many = histories.lists() >= 4 && seen >= LEAST_FOR_CLASSES;
        if self.mixtures.hold(Estimator::LatentClasses) && self.latent_classes && many {
            let law = self.latent(histories)?;
            laws.extend(law.map(|law| (Estimator::LatentClasses, law)));
        }
        if self.mixtures.hold(Estimator::Coverage)
            && let Ok(coverage) = sample_coverage(histories, confidence, self.seed)
            && coverage.coverage >= LOW_COVERAGE
        {
            laws.push((Estimator::Coverage, Law::of(&coverage.distribution, seen)));
        }
        if laws.is_empty() {
            return Err(EstimateError::Empty);
        }
        Ok(Said {
            laws,
            missed,
            walk: walked,
        })
    }

    fn latent(&self, histories: &Histories<f64>) -> Result<Option<Law>, EstimateError> {
        let settings = LatentClasses {
            chains: 2,
            warm_up: 2_000,
            sweeps: 6_000,
            doublings: 1,
            ..LatentClasses::default()
        };
        let whole = rounded(histories)?;
        let classes = latent_class(&whole, &settings, Confidence::NINETY_FIVE, self.seed);
        Ok(classes
            .ok()
            .map(|classes| Law::of(&classes.distribution(), whole.people())))
    }

    /// How the log of the unseen moves with each PPV, by the best model fitted a little aside on both sides; `walked` are all
    /// models, where they were fitted.
    fn slope(
        &self,
        (lists, table): (History, &Table),
        histories: &Histories<f64>,
        walked: Option<Walk>,
    ) -> Vec<f64> {
        if self
            .definition
            .deviation
            .iter()
            .all(|deviation| *deviation < 1e-6)
        {
            return vec![0.0; self.definition.deviation.len()];
        }
        let model = walked
            .or_else(|| walk(histories).ok())
            .and_then(|walk| walk.best_by_bic().map(|fit| fit.model.clone()))
            .or_else(|| Model::independence(histories.lists()).ok());
        let log_unseen = |ppv: &[f64]| -> Option<f64> {
            let histories = self.histories(lists, table, ppv).ok()?;
            if histories.lists() == 2 {
                let [a, b, both] = [1, 2, 3].map(|history| histories.count(history));
                return (both > 0.0).then(|| ((a + 0.5) * (b + 0.5) / (both + 0.5)).ln());
            }
            let fit = log_linear(&histories, model.as_ref()?).ok()?;
            Some((fit.total() - histories.people()).max(0.0).ln_1p())
        };
        let middle = &self.definition.middle;
        let of_class = |(class, deviation): (usize, &f64)| {
            if *deviation < 1e-6 {
                return 0.0;
            }
            let at = |side: f64| {
                let mut ppv = middle.clone();
                let cell = ppv.get_mut(class)?;
                *cell = (*cell + side * deviation).clamp(1e-3, 1.0);
                let moved = *cell;
                Some((moved, log_unseen(&ppv)?))
            };
            match (at(-1.0), at(1.0)) {
                (Some((low, below)), Some((high, above))) if high > low => (above - below) / (high - low),
                _ => 0.0,
            }
        };
        self.definition
            .deviation
            .iter()
            .enumerate()
            .map(of_class)
            .collect()
    }
}

/// Whole people, for methods that take no others.
fn rounded(histories: &Histories<f64>) -> Result<Histories<u64>, EstimateError> {
    let rows = histories
        .cells()
        .map(|(history, people)| (history, people.round() as u64));
    Histories::from_rows(histories.names().iter().cloned(), rows, Repeated::Add)
}

/// For each pair of lists, how many standard errors the log odds ratio of their overlap lies above independence among
/// people whom a third list shows: there nobody is missing from the table.
///
/// **Source.** N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719–748; the variance of
/// J. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986) 311–323.
fn associations(histories: &Histories<f64>) -> Vec<f64> {
    let lists = histories.lists();
    let mut found = Vec::new();
    for one in 0..lists {
        for other in one + 1..lists {
            found.extend(association(histories, one, other));
        }
    }
    found
}

fn association(histories: &Histories<f64>, one: usize, other: usize) -> Option<f64> {
    let pair: History = 1 << one | 1 << other;
    let rest = ((1 << histories.lists()) - 1) & !pair;
    // One stratum for each combination of the other lists on which somebody stands.
    let strata = (1..=rest).filter(|stratum| stratum & rest == *stratum);
    let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for stratum in strata {
        let cell = |lists: History| histories.count(stratum | lists);
        let (a, b, c, d) = (cell(pair), cell(1 << one), cell(1 << other), cell(0));
        let n = a + b + c + d;
        if n <= 0.0 {
            continue;
        }
        let (up, down) = (a * d / n, b * c / n);
        let (p, q) = ((a + d) / n, (b + c) / n);
        r += up;
        s += down;
        pr += p * up;
        mixed += p * down + q * up;
        qs += q * down;
    }
    if r <= 0.0 || s <= 0.0 {
        return None;
    }
    let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
    Some((r / s).ln() / variance.sqrt())
}
