//! Small components: the chance of each way of dividing their parts among people.
//!
//! Of all distributions over the ways that are possible (no contradiction, nobody together whom no link connects), the
//! one is taken that keeps the probability of every link and supposes nothing else: that of greatest entropy,
//! `P(way) proportional to exp(sum of t(link) over links whose ends are together)`. The `t` are fitted link by link in
//! turn (iterative proportional fitting, Deming and Stephan 1940) until every probability is met.
//!
//! Stated probabilities need not fit each other: where a-b and b-c are likely and a and c may never be one, not both
//! can hold. Then the fit ends as near as it came, and fewer links hold than stated.

use rustc_hash::FxHashMap;

use super::Link;

/// Most parts of a component that is drawn so: seven parts can be divided in 877 ways.
pub(super) const MOST_PARTS: usize = 7;
/// Rounds of fitting, and when it is near enough.
const ROUNDS: usize = 300;
const NEAR: f64 = 1e-10;
/// The `t` stay within this, either way: a chance of about 1 in 10^13.
const MOST_T: f64 = 30.0;

/// The ways of dividing a component, with their chances.
pub(super) struct Joint {
    /// For each way, the place of the first part that each part is together with.
    pub(super) ways: Vec<[u8; MOST_PARTS]>,
    /// Chances, added up.
    pub(super) up_to: Vec<f64>,
}

impl Joint {
    pub(super) fn new<'a>(
        parts: &[u32],
        links: impl Iterator<Item = &'a Link>,
        apart: &FxHashMap<u32, Vec<u32>>,
    ) -> Self {
        let place = |part: u32| parts.partition_point(|other| *other < part);
        let links: Vec<([usize; 2], f64)> = links
            .map(|link| (link.parts.map(place), link.probability.clamp(1e-9, 1.0 - 1e-9)))
            .collect();
        let never = |a: usize, b: usize| {
            apart
                .get(&parts[a])
                .is_some_and(|others| others.binary_search(&parts[b]).is_ok())
        };
        let mut ways = Vec::new();
        divide(&mut [0; MOST_PARTS], 0, parts.len(), &mut |way| {
            let allowed = (0..parts.len()).all(|b| (0..b).all(|a| way[a] != way[b] || !never(a, b)));
            if allowed && connected(way, parts.len(), &links) {
                ways.push(*way);
            }
        });
        let chances = fit(&ways, &links);
        let up_to = chances
            .iter()
            .scan(0.0, |sum, chance| {
                *sum += chance;
                Some(*sum)
            })
            .collect();
        Self { ways, up_to }
    }

    /// The way that a number from 0 to 1 stands for.
    pub(super) fn way(&self, number: f64) -> &[u8; MOST_PARTS] {
        let at = self.up_to.partition_point(|sum| *sum <= number);
        &self.ways[at.min(self.ways.len() - 1)]
    }
}

/// Every way of dividing the parts, each once: a part goes to an earlier part's group, or begins its own.
fn divide(way: &mut [u8; MOST_PARTS], at: usize, parts: usize, found: &mut impl FnMut(&[u8; MOST_PARTS])) {
    if at == parts {
        found(way);
        return;
    }
    for first in 0..=at {
        // Groups are named by their first part.
        if first == at || way[first] == first as u8 {
            way[at] = first as u8;
            divide(way, at + 1, parts, found);
        }
    }
}

/// True when links connect each group within itself.
fn connected(way: &[u8; MOST_PARTS], parts: usize, links: &[([usize; 2], f64)]) -> bool {
    let mut reached: [usize; MOST_PARTS] = std::array::from_fn(|part| part);
    for _ in 0..parts {
        for ([a, b], _) in links.iter().filter(|([a, b], _)| way[*a] == way[*b]) {
            let least = reached[*a].min(reached[*b]);
            (reached[*a], reached[*b]) = (least, least);
        }
    }
    (0..parts).all(|part| reached[part] == usize::from(way[part]))
}

fn fit(ways: &[[u8; MOST_PARTS]], links: &[([usize; 2], f64)]) -> Vec<f64> {
    let log_odds = |chance: f64| (chance / (1.0 - chance)).ln();
    let mut t: Vec<f64> = links.iter().map(|(_, chance)| log_odds(*chance)).collect();
    let mut chances = chances(ways, links, &t);
    for _ in 0..ROUNDS {
        let mut off: f64 = 0.0;
        for (at, ([a, b], wanted)) in links.iter().enumerate() {
            let together = ways.iter().zip(&chances).filter(|(way, _)| way[*a] == way[*b]);
            let now: f64 = together.map(|(_, chance)| chance).sum();
            off = off.max((now - wanted).abs());
            let now = now.clamp(1e-13, 1.0 - 1e-13);
            t[at] = (t[at] + log_odds(*wanted) - log_odds(now)).clamp(-MOST_T, MOST_T);
            chances = self::chances(ways, links, &t);
        }
        if off < NEAR {
            break;
        }
    }
    chances
}

fn chances(ways: &[[u8; MOST_PARTS]], links: &[([usize; 2], f64)], t: &[f64]) -> Vec<f64> {
    let sum = |way: &[u8; MOST_PARTS]| {
        let held = links.iter().zip(t).filter(|(([a, b], _), _)| way[*a] == way[*b]);
        held.map(|(_, t)| t).sum::<f64>()
    };
    let sums: Vec<f64> = ways.iter().map(sum).collect();
    let most = sums.iter().copied().fold(f64::MIN, f64::max);
    let all: f64 = sums.iter().map(|sum| (sum - most).exp()).sum();
    sums.iter().map(|sum| (sum - most).exp() / all).collect()
}
