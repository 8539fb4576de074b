//! Which cells to hide so that every proof is undone, at the least loss: a covering problem.
//!
//! A clause says: unless one of `unless` is shown, one of `any` must be hidden. Hiding everything satisfies all clauses,
//! so there is always an answer if no clause is empty. Small groups of cells are solved to the optimum by branch and bound, within
//! a number of nodes (never by the clock); large ones by looking one step ahead, then by taking cells back one at a time and
//! repairing what that breaks.

/// One of `any` must be hidden, if all of `when` are. Cells by number within their group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clause {
    pub(super) when: Vec<usize>,
    pub(super) any: Vec<usize>,
}

/// Nodes of branch and bound before the best answer so far is taken.
const MOST_NODES: usize = 30_000;
/// Cells that are taken back in turn, in large groups.
const MOST_REPAIRS: usize = 60;

/// What one group of cells is solved with.
pub(super) struct Cover<'a> {
    pub(super) clauses: &'a [Clause],
    /// What hiding each cell costs.
    pub(super) cost: &'a [i64],
    /// Hidden for its own sake.
    pub(super) fixed: &'a [bool],
    /// The clauses that each cell is in.
    in_any: Vec<Vec<usize>>,
    in_when: Vec<Vec<usize>>,
}

/// A clause that nothing can satisfy: its number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Impossible(pub(super) usize);

impl<'a> Cover<'a> {
    pub(super) fn new(clauses: &'a [Clause], cost: &'a [i64], fixed: &'a [bool]) -> Self {
        let (mut in_any, mut in_when) = (vec![Vec::new(); cost.len()], vec![Vec::new(); cost.len()]);
        for (index, clause) in clauses.iter().enumerate() {
            for cell in &clause.any {
                in_any[*cell].push(index);
            }
            for cell in &clause.when {
                in_when[*cell].push(index);
            }
        }
        Self {
            clauses,
            cost,
            fixed,
            in_any,
            in_when,
        }
    }

    /// The cells to hide, at little loss; `from` are hidden already and stay so. At most `branched` cells that may be chosen
    /// are solved to the optimum.
    pub(super) fn solve(&self, from: &[bool], branched: usize) -> Result<Vec<bool>, Impossible> {
        let barred = vec![false; self.cost.len()];
        let mut best = self.forward(from.to_vec(), &barred).map_err(Impossible)?;
        self.take_back(&mut best, from, &barred);
        let free = (0..self.cost.len())
            .filter(|c| !from[*c] && !self.in_any[*c].is_empty())
            .count();
        if free <= branched {
            let mut search = Search {
                cover: self,
                best_cost: self.loss(&best),
                best,
                nodes: MOST_NODES,
            };
            search.branch(&mut from.to_vec(), &mut barred.clone(), self.loss(from));
            return Ok(search.best);
        }
        self.repair(&mut best, from);
        Ok(best)
    }

    /// What hiding these costs.
    pub(super) fn loss(&self, hidden: &[bool]) -> i64 {
        (0..hidden.len())
            .filter(|c| hidden[*c] && !self.fixed[*c])
            .map(|c| self.cost[c])
            .sum()
    }

    pub(super) fn violated(&self, clause: usize, hidden: &[bool]) -> bool {
        let clause = &self.clauses[clause];
        clause.when.iter().all(|c| hidden[*c]) && !clause.any.iter().any(|c| hidden[*c])
    }

    /// Hides cells until no clause is violated, each time the one that looks cheapest one step ahead. Cells that are
    /// `barred` are not taken. The error is a clause with no cell to take.
    fn forward(&self, mut hidden: Vec<bool>, barred: &[bool]) -> Result<Vec<bool>, usize> {
        let mut open: std::collections::BTreeSet<usize> = (0..self.clauses.len())
            .filter(|c| self.violated(*c, &hidden))
            .collect();
        while let Some(clause) = open.pop_first() {
            if !self.violated(clause, &hidden) {
                continue;
            }
            let chosen = self.clauses[clause]
                .any
                .iter()
                .copied()
                .filter(|c| !barred[*c])
                .min_by_key(|c| (self.outlook(*c, &mut hidden), *c));
            let Some(cell) = chosen else { return Err(clause) };
            hidden[cell] = true;
            open.extend(
                self.in_when[cell]
                    .iter()
                    .copied()
                    .filter(|c| self.violated(*c, &hidden)),
            );
        }
        Ok(hidden)
    }

    /// The cost of hiding a cell, with the cheapest repair of each clause it breaks, less that of each it mends.
    fn outlook(&self, cell: usize, hidden: &mut [bool]) -> i64 {
        let cheapest = |clause: usize| {
            self.clauses[clause]
                .any
                .iter()
                .map(|c| self.cost[*c])
                .min()
                .unwrap_or(0)
        };
        let mended: i64 = self.in_any[cell]
            .iter()
            .filter(|c| self.violated(**c, hidden))
            .map(|c| cheapest(*c))
            .sum();
        hidden[cell] = true;
        let broken: i64 = self.in_when[cell]
            .iter()
            .filter(|c| self.violated(**c, hidden))
            .map(|c| cheapest(*c))
            .sum();
        hidden[cell] = false;
        self.cost[cell] + broken - mended
    }

    /// Shows again, dearest first, whatever no clause needs.
    fn take_back(&self, hidden: &mut [bool], from: &[bool], barred: &[bool]) {
        for cell in self.dearest(hidden, from) {
            hidden[cell] = false;
            let needed = self.in_any[cell].iter().any(|c| self.violated(*c, hidden));
            hidden[cell] = needed && !barred[cell];
        }
    }

    fn dearest(&self, hidden: &[bool], from: &[bool]) -> Vec<usize> {
        let mut cells: Vec<usize> = (0..hidden.len()).filter(|c| hidden[*c] && !from[*c]).collect();
        cells.sort_by_key(|c| (-self.cost[*c], *c));
        cells
    }

    /// Takes cells back, each with those that only stand together with it, mends what that breaks without them, and keeps
    /// what costs less.
    fn repair(&self, best: &mut Vec<bool>, from: &[bool]) {
        for cell in self.dearest(best, from).into_iter().take(MOST_REPAIRS) {
            if !best[cell] {
                continue;
            }
            let mut barred = vec![false; best.len()];
            let mut start = best.clone();
            if !self.without(cell, &mut start, &mut barred, from) {
                continue;
            }
            if let Ok(mut other) = self.forward(start, &barred) {
                self.take_back(&mut other, from, &barred);
                if self.loss(&other) < self.loss(best) {
                    *best = other;
                }
            }
        }
    }

    /// Shows a cell again, and every cell that then needs another hidden which would cost more than it did; false where one must
    /// stay hidden and has nothing left beside it.
    fn without(&self, cell: usize, hidden: &mut [bool], barred: &mut [bool], from: &[bool]) -> bool {
        let mut due = vec![cell];
        while let Some(cell) = due.pop() {
            if barred[cell] {
                continue;
            }
            (hidden[cell], barred[cell]) = (false, true);
            for clause in &self.in_any[cell] {
                if !self.violated(*clause, hidden) {
                    continue;
                }
                let Clause { when, any } = &self.clauses[*clause];
                let other = any.iter().filter(|c| !barred[**c]).map(|c| self.cost[*c]).min();
                let shown = when
                    .iter()
                    .filter(|c| !from[**c])
                    .min_by_key(|c| (self.cost[**c], **c));
                match (shown, other) {
                    (Some(shown), Some(other)) if other > self.cost[*shown] => due.push(*shown),
                    (Some(shown), None) => due.push(*shown),
                    (None, None) => return false,
                    _ => {}
                }
            }
        }
        true
    }
}

struct Search<'a> {
    cover: &'a Cover<'a>,
    best: Vec<bool>,
    best_cost: i64,
    nodes: usize,
}

impl Search<'_> {
    fn branch(&mut self, hidden: &mut Vec<bool>, barred: &mut Vec<bool>, cost: i64) {
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        let Some((clause, least)) = self.open(hidden, barred) else {
            if cost < self.best_cost {
                (self.best, self.best_cost) = (hidden.clone(), cost);
            }
            return;
        };
        if cost.saturating_add(least) >= self.best_cost {
            return;
        }
        let cover = self.cover;
        let mut choices: Vec<usize> = cover.clauses[clause]
            .any
            .iter()
            .copied()
            .filter(|c| !barred[*c])
            .collect();
        choices.sort_by_key(|c| (cover.cost[*c], *c));
        for cell in &choices {
            hidden[*cell] = true;
            self.branch(hidden, barred, cost + cover.cost[*cell]);
            hidden[*cell] = false;
            barred[*cell] = true;
        }
        for cell in choices {
            barred[cell] = false;
        }
    }

    /// The violated clause with the fewest choices, and the least that all violated clauses can cost: the cheapest choice of
    /// each of some that share none. None where nothing is violated.
    fn open(&self, hidden: &[bool], barred: &[bool]) -> Option<(usize, i64)> {
        let cover = self.cover;
        let mut best: Option<(usize, usize)> = None;
        let mut used = vec![false; hidden.len()];
        let mut least = 0_i64;
        for (index, clause) in cover.clauses.iter().enumerate() {
            if !cover.violated(index, hidden) {
                continue;
            }
            let choices: Vec<usize> = clause.any.iter().copied().filter(|c| !barred[*c]).collect();
            let Some(cheapest) = choices.iter().map(|c| cover.cost[*c]).min() else {
                return Some((index, i64::MAX));
            };
            if best.is_none_or(|(_, count)| choices.len() < count) {
                best = Some((index, choices.len()));
            }
            if choices.iter().all(|c| !used[*c]) {
                least = least.saturating_add(cheapest);
                for cell in choices {
                    used[cell] = true;
                }
            }
        }
        best.map(|(index, _)| (index, least))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_that_mends_two_clauses_is_taken_before_two_cheap_ones() {
        let clause = |any: &[usize]| Clause {
            when: Vec::new(),
            any: any.to_vec(),
        };
        let clauses = [clause(&[0, 1]), clause(&[1, 2])];
        let (cost, fixed) = ([10, 15, 10], [false; 3]);
        let cover = Cover::new(&clauses, &cost, &fixed);
        assert_eq!(cover.solve(&[false; 3], 60).unwrap(), [false, true, false]);
        let empty = [clause(&[])];
        assert_eq!(
            Cover::new(&empty, &cost, &fixed).solve(&[false; 3], 60),
            Err(Impossible(0))
        );
    }

    proptest! {
        /// The oracle: every set of cells there is. Small groups are solved to the optimum.
        #[test]
        fn small_groups_are_solved_to_the_optimum(
            shapes in prop::collection::vec(
                (prop::collection::btree_set(0_usize..9, 0..2), prop::collection::btree_set(0_usize..9, 1..4)), 1..12),
            cost in prop::collection::vec(1_i64..50, 9),
        ) {
            let clauses: Vec<Clause> = shapes.into_iter()
                .map(|(when, any)| Clause { when: when.into_iter().collect(), any: any.into_iter().collect() })
                .collect();
            let fixed = [false; 9];
            let cover = Cover::new(&clauses, &cost, &fixed);
            let solved = cover.solve(&fixed, 60).unwrap();
            prop_assert!((0..clauses.len()).all(|c| !cover.violated(c, &solved)));
            let best = (0_u32..512)
                .map(|set| (0..9).map(|c| set & (1 << c) != 0).collect::<Vec<bool>>())
                .filter(|set| (0..clauses.len()).all(|c| !cover.violated(c, set)))
                .map(|set| cover.loss(&set))
                .min();
            prop_assert_eq!(Some(cover.loss(&solved)), best);
        }
    }
}
