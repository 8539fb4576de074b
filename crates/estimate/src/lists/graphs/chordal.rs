//! Graphs of lists that fall into cliques: the decomposable models.

use crate::lists::History;

/// A decomposable graph on lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// The lists that depend on each other, as pairs of positions, in order.
    pub edges: Vec<(usize, usize)>,
    /// Its largest cliques, as combinations of lists, rising.
    pub cliques: Vec<History>,
    /// How often each combination enters the marginal likelihood: cliques once, separators −1 for each time they part two.
    pub(super) factors: Vec<(History, f64)>,
}

/// Every decomposable graph on so many lists, by its set of edges: 1, 2, 8, 61 and 822 for one to five.
pub(super) fn decomposable(lists: usize) -> Vec<Graph> {
    let pairs: Vec<(usize, usize)> = (0..lists)
        .flat_map(|one| (one + 1..lists).map(move |other| (one, other)))
        .collect();
    (0..1_u32 << pairs.len())
        .filter_map(|set| {
            let chosen = pairs.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            graph(lists, chosen.map(|(_, pair)| *pair).collect())
        })
        .collect()
}

/// The graph with these edges, if it is decomposable.
///
/// Lists are taken one by one, each time one with the most neighbours among those taken (maximum cardinality search,
/// R. E. Tarjan and M. Yannakakis, SIAM Journal on Computing 13 (1984) 566–579). The graph is decomposable exactly when those
/// neighbours *b* form a clique each time; its likelihood is then the product of h(*b* and the list)/h(*b*).
fn graph(lists: usize, edges: Vec<(usize, usize)>) -> Option<Graph> {
    let mut neighbours = vec![0 as History; lists];
    for (one, other) in &edges {
        *neighbours.get_mut(*one)? |= 1 << other;
        *neighbours.get_mut(*other)? |= 1 << one;
    }
    let mut taken: History = 0;
    let mut found: Vec<History> = Vec::new();
    let mut powers = vec![0_i32; 1 << lists];
    for _ in 0..lists {
        let waiting = neighbours
            .iter()
            .enumerate()
            .filter(|(list, _)| taken >> list & 1 == 0);
        let (next, around) =
            waiting.max_by_key(|(list, around)| ((*around & taken).count_ones(), lists - list))?;
        let before = around & taken;
        let whole = |list: usize| {
            let others = before & !(1 << list);
            neighbours
                .get(list)
                .is_some_and(|around| around & others == others)
        };
        if !super::super::members(before).all(whole) {
            return None;
        }
        let clique = before | 1 << next;
        *powers.get_mut(clique as usize)? += 1;
        *powers.get_mut(before as usize)? -= 1;
        found.push(clique);
        taken |= 1 << next;
    }
    let held = |clique: History| {
        found
            .iter()
            .any(|other| *other != clique && other & clique == clique)
    };
    let mut cliques: Vec<History> = found.iter().copied().filter(|clique| !held(*clique)).collect();
    cliques.sort_unstable();
    let factors = (0..).zip(powers).skip(1).filter(|(_, power)| *power != 0);
    Some(Graph {
        edges,
        cliques,
        factors: factors
            .map(|(combination, power)| (combination, f64::from(power)))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known counts of labelled chordal graphs (OEIS A058862).
    #[test]
    fn there_are_as_many_as_are_known() {
        let counts: Vec<usize> = (1..=6).map(|lists| decomposable(lists).len()).collect();
        assert_eq!(counts, [1, 2, 8, 61, 822, 18_154]);
    }

    #[test]
    fn a_path_has_its_middle_as_separator() {
        let path = graph(3, vec![(0, 1), (1, 2)]).unwrap();
        assert_eq!(path.cliques, [0b011, 0b110]);
        assert_eq!(path.factors, [(0b010, -1.0), (0b011, 1.0), (0b110, 1.0)]);
        assert_eq!(graph(4, vec![(0, 1), (1, 2), (2, 3), (0, 3)]), None);
    }
}
