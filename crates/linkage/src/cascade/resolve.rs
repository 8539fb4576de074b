//! From pairs that agree to clusters that are joined.
//!
//! All pairs of a step are collected first, so that the outcome does not depend on the order in which they were
//! found. Pairs that something speaks against are refused. A cluster that fits two others which cannot be one
//! person is torn: it is joined to neither (a record without a number that fits both twins, say).

use super::apart::Apart;
use super::clusters::Clusters;
use super::facts::{Facts, Reason};
use super::identity::Identity;
use super::intern::Words;
use super::step::Step;

/// A pair of clusters by their roots, the smaller first.
pub(crate) type Edge = (u32, u32);

/// What became of the pairs of a step.
#[derive(Default)]
pub(crate) struct Resolved {
    /// Pairs that may be joined, in order.
    pub(crate) accepted: Vec<Edge>,
    /// Pairs that may not, with the reason, in order.
    pub(crate) refused: Vec<(Edge, Reason)>,
    /// Roots of clusters that fit two people, in order.
    pub(crate) torn: Vec<u32>,
}

/// Decides about the pairs of a step: `edges` are sorted, each once, both ends roots.
pub(crate) fn resolve(step: Step, edges: &[Edge], known: &Known<'_>, most_neighbours: usize) -> Resolved {
    let mut resolved = Resolved::default();
    let (mut left, mut right) = (Facts::default(), Facts::default());
    let mut open = Vec::new();
    for &(a, b) in edges {
        known.clusters.facts(a, known.rows, &mut left);
        known.clusters.facts(b, known.rows, &mut right);
        match left.against(&right, step, known.words) {
            _ if known.apart.forbids(a, b) => resolved.refused.push(((a, b), Reason::DecidedApart)),
            Some(reason) => resolved.refused.push(((a, b), reason)),
            None => open.push((a, b)),
        }
    }
    if step.tears() {
        resolved.torn = torn(step, &open, known, most_neighbours);
    }
    let is_torn = |root: &u32| resolved.torn.binary_search(root).is_ok();
    for edge in open {
        if is_torn(&edge.0) || is_torn(&edge.1) {
            resolved.refused.push((edge, Reason::Ambiguous));
        } else {
            resolved.accepted.push(edge);
        }
    }
    resolved.refused.sort_unstable();
    resolved
}

/// What a decision rests on.
pub(crate) struct Known<'a> {
    pub(crate) clusters: &'a Clusters,
    pub(crate) rows: &'a [Identity],
    pub(crate) words: &'a Words,
    pub(crate) apart: &'a Apart,
}

/// Clusters with two neighbours that are not neighbours of each other and cannot be one person.
fn torn(step: Step, edges: &[Edge], known: &Known<'_>, most_neighbours: usize) -> Vec<u32> {
    let mut both: Vec<Edge> = edges.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    both.sort_unstable();
    let mut torn = Vec::new();
    let mut rest = both.as_slice();
    while let Some((root, _)) = rest.first() {
        let length = rest.iter().take_while(|(other, _)| other == root).count();
        let neighbours = &rest[..length];
        if length > most_neighbours || any_apart(step, neighbours, &both, known) {
            torn.push(*root);
        }
        rest = &rest[length..];
    }
    torn
}

fn any_apart(step: Step, neighbours: &[Edge], both: &[Edge], known: &Known<'_>) -> bool {
    let (mut left, mut right) = (Facts::default(), Facts::default());
    neighbours.iter().enumerate().any(|(at, &(_, x))| {
        known.clusters.facts(x, known.rows, &mut left);
        neighbours[at + 1..].iter().any(|&(_, y)| {
            if both.binary_search(&(x, y)).is_ok() {
                return false;
            }
            if step.wants_only_one() || known.apart.forbids(x, y) {
                return true;
            }
            known.clusters.facts(y, known.rows, &mut right);
            left.apart(&right, known.words)
        })
    })
}
