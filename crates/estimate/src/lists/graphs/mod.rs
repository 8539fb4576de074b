//! Decomposable graphs: the average over models in Bayes' way, exactly, without a sampler.

mod chordal;
mod missed;

#[cfg(test)]
mod tests;

use statrs::function::gamma::ln_gamma;

pub use self::chordal::Graph;
use self::chordal::decomposable;
pub(crate) use self::missed::Missed;
use super::{Distribution, Histories, ListsError, histories::Count};
use crate::{Confidence, EstimateError, Interval};

/// The most lists whose graphs are all compared: 822 of them.
const MOST_LISTS_OF_GRAPHS: usize = 5;

/// Every whole number of people on no list up to this is looked at; above, points that lie ever further apart.
const EVERY_NUMBER_TO: u64 = 20_000;

/// How many points lie between a number and twice that number, above [`EVERY_NUMBER_TO`].
const POINTS_FOR_TWICE: f64 = 1_500.0;

/// What the prior believes before it sees the lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GraphPrior {
    /// The prior count of people in each of the 2ᵗ cells; 2⁻ᵗ is usual, one person in all.
    pub in_each_cell: f64,
    /// The most people that may stand on no list.
    pub most_unseen: u64,
}

impl GraphPrior {
    /// One person spread over all cells, and at most thirty times as many unseen as seen.
    ///
    /// The bound belongs to the prior: where the lists say little, the posterior has a tail that falls off so slowly that
    /// its mean depends on where it ends.
    pub fn usual<C: Count>(histories: &Histories<C>) -> Self {
        Self {
            in_each_cell: 0.5_f64.powi(i32::try_from(histories.lists()).unwrap_or(i32::MAX)),
            most_unseen: (30.0 * histories.people()).ceil() as u64,
        }
    }
}

/// What all decomposable graphs together say.
#[derive(Debug, Clone, PartialEq)]
pub struct Graphs {
    /// People on at least one list.
    pub seen: f64,
    /// The posterior mean of how many there are.
    pub mean: f64,
    /// The posterior median.
    pub median: f64,
    /// The posterior standard deviation.
    pub standard_error: f64,
    /// The central interval of the posterior.
    pub interval: Interval,
    /// The posterior itself.
    pub distribution: Distribution,
    /// Every graph with its posterior probability, the likeliest first.
    pub graphs: Vec<(Graph, f64)>,
}

/// How many there are, averaged over every decomposable graph of dependence between lists.
///
/// **Formula.** Given *N* and a graph, the chance of the table is *N*!/(*n*₀! Π *y*!) Π h(clique) / Π h(separator), where
/// h(*A*) = Γ(Σδ)/Γ(Σδ + *N*) Π Γ(δ_A + *y*_A)/Γ(δ_A) over the cells of the table summed to the lists *A*, δ_A being the prior
/// count summed the same way. Graphs have equal prior chances, *N* has 1/*N* up to the prior's bound. The sum over *n*₀ takes every
/// whole number to 20,000 and points with the trapezium rule above.
///
/// **Source.** D. Madigan and J. C. York, Biometrika 84 (1997) 19–31; golden numbers from the R package dga (J. E. Johndrow,
/// K. Lum and P. Ball).
///
/// **When it fails.** As every average over models: when all are wrong in the same way (people whom no list reaches). A pair of
/// lists that depends the other way round in two kinds of people is not among the models. **Errors** with fewer than three
/// lists (there would be one graph that says anything), more than five, an empty list, no overlap.
pub fn decomposable_graphs<C: Count>(
    histories: &Histories<C>,
    prior: GraphPrior,
    confidence: Confidence,
) -> Result<Graphs, EstimateError> {
    histories.overlapping(3)?;
    let lists = histories.lists();
    if lists > MOST_LISTS_OF_GRAPHS {
        let most = MOST_LISTS_OF_GRAPHS;
        return Err(ListsError::TooManyLists { most, found: lists }.into());
    }
    if !(prior.in_each_cell > 0.0 && prior.in_each_cell.is_finite()) {
        return Err(ListsError::Settings("the prior count of a cell is a number above 0").into());
    }
    let grid = Grid::up_to(prior.most_unseen);
    let margins = margins(histories, prior.in_each_cell, &grid);
    let seen = histories.people();
    // What every graph shares: N!/n₀! and the prior 1/N, and how many whole numbers a point stands for.
    let shared: Vec<f64> = grid
        .points
        .iter()
        .zip(&grid.stands_for)
        .map(|(unseen, width)| {
            let total = seen + unseen;
            ln_gamma(total + 1.0) - ln_gamma(unseen + 1.0) - total.ln() + width.ln()
        })
        .collect();
    let (posterior, graphs) = sum_over_graphs(decomposable(lists), &margins, &shared);
    Ok(summary(seen, &grid, &posterior, graphs, confidence))
}

/// The numbers of people on no list that are looked at.
struct Grid {
    points: Vec<f64>,
    stands_for: Vec<f64>,
}

impl Grid {
    fn up_to(most: u64) -> Self {
        let mut points: Vec<f64> = (0..=most.min(EVERY_NUMBER_TO))
            .map(|unseen| unseen as f64)
            .collect();
        let last = most as f64;
        let mut at = points.last().copied().unwrap_or(0.0);
        while at < last {
            at = (at * (1.0 + std::f64::consts::LN_2 / POINTS_FOR_TWICE))
                .ceil()
                .min(last);
            points.push(at);
        }
        // The trapezium rule over whole numbers: half the numbers on either side, and itself at the ends.
        let half_before = points
            .iter()
            .zip(points.iter().skip(1))
            .map(|(one, next)| (next - one) / 2.0);
        let before = [0.5].into_iter().chain(half_before.clone());
        let stands_for = before
            .zip(half_before.chain([0.5]))
            .map(|(before, after)| before + after)
            .collect();
        Self { points, stands_for }
    }
}

/// ln h of every combination of lists at every point of the grid; the first, of no list, is 0.
fn margins<C: Count>(histories: &Histories<C>, in_each_cell: f64, grid: &Grid) -> Vec<Vec<f64>> {
    let lists = histories.lists();
    let prior_sum = in_each_cell * f64::from(1_u32 << lists);
    let normaliser: Vec<f64> = grid
        .points
        .iter()
        .map(|unseen| ln_gamma(prior_sum) - ln_gamma(prior_sum + histories.people() + unseen))
        .collect();
    let of_lists = |held: u32| {
        if held == 0 {
            return vec![0.0; grid.points.len()];
        }
        let prior = prior_sum / f64::from(1_u32 << held.count_ones());
        let within = |part: u32| histories.sum(|history| history & held == part);
        let listed: f64 = (1..=held)
            .filter(|part| part & held == *part)
            .map(|part| ln_gamma(prior + within(part)) - ln_gamma(prior))
            .sum();
        // Only the cell on none of these lists changes with the people on no list.
        let (none, start) = (within(0), ln_gamma(prior));
        let of_point = |(unseen, normaliser): (&f64, &f64)| {
            normaliser + listed + ln_gamma(prior + none + unseen) - start
        };
        grid.points.iter().zip(&normaliser).map(of_point).collect()
    };
    (0..1_u32 << lists).map(of_lists).collect()
}

/// Log chances this far below the likeliest point's are taken as none: of a hundred thousand such points, all that they add is
/// lost to rounding.
const BEYOND: f64 = -60.0;

/// The posterior at each point, not scaled, and each graph with its probability, the likeliest first.
fn sum_over_graphs(
    graphs: Vec<Graph>,
    margins: &[Vec<f64>],
    shared: &[f64],
) -> (Vec<f64>, Vec<(Graph, f64)>) {
    let mut heights = shared.to_vec();
    let mut posterior = vec![0.0; shared.len()];
    let mut scale = f64::NEG_INFINITY;
    let mut found: Vec<(Graph, f64)> = Vec::with_capacity(graphs.len());
    for graph in graphs {
        let top = raise(&mut heights, &graph, margins, shared);
        if top - scale < BEYOND {
            // Most graphs of many people are as unlikely as that: nothing of them is left in the sum.
            found.push((graph, 0.0));
            continue;
        }
        if top > scale {
            // A higher graph than any before: what was summed is scaled down to it.
            let down = (scale - top).exp();
            posterior.iter_mut().for_each(|sum| *sum *= down);
            found.iter_mut().for_each(|(_, weight)| *weight *= down);
            scale = top;
        }
        let weight = (top - scale).exp();
        let mut chances = 0.0;
        for (sum, height) in posterior.iter_mut().zip(&heights) {
            let below = height - top;
            if below > BEYOND {
                let chance = below.exp();
                chances += chance;
                *sum += weight * chance;
            }
        }
        found.push((graph, weight * chances));
    }
    let all: f64 = found.iter().map(|(_, weight)| weight).sum();
    found.iter_mut().for_each(|(_, weight)| *weight /= all);
    found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    (posterior, found)
}

/// The log chance of every point under a graph, not scaled; gives the highest.
fn raise(heights: &mut [f64], graph: &Graph, margins: &[Vec<f64>], shared: &[f64]) -> f64 {
    heights.copy_from_slice(shared);
    for (combination, power) in &graph.factors {
        let Some(margin) = margins.get(*combination as usize) else {
            continue;
        };
        for (height, part) in heights.iter_mut().zip(margin) {
            *height += power * part;
        }
    }
    heights.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn summary(
    seen: f64,
    grid: &Grid,
    posterior: &[f64],
    graphs: Vec<(Graph, f64)>,
    confidence: Confidence,
) -> Graphs {
    let all: f64 = posterior.iter().sum();
    let chances = || {
        grid.points
            .iter()
            .zip(posterior.iter().map(|height| height / all))
    };
    let unseen: f64 = chances().map(|(point, chance)| point * chance).sum();
    let variance: f64 = chances()
        .map(|(point, chance)| (point - unseen).powi(2) * chance)
        .sum();
    let below = chances().scan(0.0, |sum, (_, chance)| {
        *sum += chance;
        Some(*sum)
    });
    let distribution = Distribution::Steps {
        totals: grid.points.iter().map(|point| seen + point).collect(),
        below: below.collect(),
    };
    Graphs {
        seen,
        mean: seen + unseen,
        median: distribution.quantile(0.5),
        standard_error: variance.sqrt(),
        interval: distribution.interval(confidence),
        distribution,
        graphs,
    }
}
