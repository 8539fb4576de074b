//! Quick proofs that a figure is safe: small moves from one table that satisfies everything to another.
//!
//! A move changes a figure by one and mends every sum that this breaks, with figures that have room. Two tables in which a
//! figure differs by four prove that five values are left, at a thousandth of the cost of a linear program. Moves only ever prove that a
//! need is met, which the programs would find too: which table the moves start from changes the time, never the answer.

use super::{Span, System, Terms};

/// Figures tried before a move is given up.
const MOST_TRIES: usize = 20;
/// Figures tried before a row that is broken from the start is given up.
const MOST_MENDS: usize = 200;
/// Rounds of bringing figures away from the ends of their ranges.
const CENTRING: usize = 4;
/// Sums mended in a row.
const DEEPEST: usize = 12;
/// Figures of one sum that are looked at.
const MOST_SEEN: usize = 24;
/// Choices for mending one sum.
const CHOICES: usize = 3;

/// A table that satisfies everything, on the move. All by number in the piece.
pub(super) struct Mover {
    /// (figure, factor) of each row.
    rows: Vec<Terms>,
    ends: Vec<(i64, i64)>,
    /// (row, factor) of each figure.
    of: Vec<Terms>,
    spans: Vec<Span>,
    value: Vec<i64>,
    sum: Vec<i64>,
    /// Direction each figure has moved in during the move under way.
    moved: Vec<i8>,
    /// Figures that may only move this way.
    only: Vec<i8>,
    trail: Vec<(usize, i64)>,
    open: Vec<usize>,
    tries: usize,
    most_seen: usize,
}

impl Mover {
    /// From a table of whole numbers within these ranges, and these rows of a system, which may not hold yet.
    pub(super) fn new(
        system: &System,
        rows: impl Iterator<Item = usize>,
        local: &[usize],
        spans: Vec<Span>,
        value: Vec<i64>,
    ) -> Self {
        let mut mover = Self {
            rows: Vec::new(),
            ends: Vec::new(),
            of: vec![Vec::new(); spans.len()],
            moved: vec![0; spans.len()],
            only: vec![0; spans.len()],
            spans,
            value,
            sum: Vec::new(),
            trail: Vec::new(),
            open: Vec::new(),
            tries: 0,
            most_seen: MOST_SEEN,
        };
        for (at, row) in rows.enumerate() {
            let row = &system.rows[row];
            let terms: Terms = row.terms.iter().map(|(f, c)| (local[*f], *c)).collect();
            mover
                .sum
                .push(terms.iter().map(|(f, c)| mover.value[*f] * c).sum());
            for (figure, factor) in &terms {
                mover.of[*figure].push((at, *factor));
            }
            mover.rows.push(terms);
            mover
                .ends
                .push((row.low.unwrap_or(i64::MIN), row.high.unwrap_or(i64::MAX)));
        }
        mover
    }

    /// Mends the rows that are broken, one after the other; whether all hold then.
    pub(super) fn mend_all(&mut self) -> bool {
        let wanted = self.ends.clone();
        for (row, ends) in wanted.iter().enumerate() {
            self.bear(row, *ends);
        }
        let mut all = true;
        self.most_seen = usize::MAX;
        for row in 0..self.rows.len() {
            if self.ends[row] == wanted[row] {
                continue;
            }
            self.ends[row] = wanted[row];
            self.trail.clear();
            self.open.clear();
            self.open.push(row);
            self.tries = MOST_MENDS;
            let done = self.mend(DEEPEST);
            for at in 0..self.trail.len() {
                let (figure, _) = self.trail[at];
                self.moved[figure] = 0;
                for at in 0..self.of[figure].len() {
                    let (row, _) = self.of[figure][at];
                    self.bear(row, wanted[row]);
                }
            }
            if !done {
                self.bear(row, wanted[row]);
                all = false;
            }
        }
        self.ends = wanted;
        self.most_seen = MOST_SEEN;
        all
    }

    /// Lets a broken row be as broken as it is, and no more.
    fn bear(&mut self, row: usize, wanted: (i64, i64)) {
        let sum = self.sum[row];
        let (low, high) = self.ends[row];
        let still = low != wanted.0 || high != wanted.1 || sum < low || sum > high;
        if still {
            self.ends[row] = (wanted.0.min(sum), wanted.1.max(sum));
        }
    }

    /// Brings figures away from the ends of their ranges, so that they can move both ways: single moves that leave
    /// fewer figures at an end, for some rounds.
    pub(super) fn centre(&mut self) {
        for _ in 0..CENTRING {
            let mut better = false;
            for figure in 0..self.value.len() {
                let wanted = self.wants(figure, self.value[figure]);
                if wanted == 0 || !self.shift(&vec![(figure, 1)], wanted) {
                    continue;
                }
                let mut gain = 0_i64;
                for (changed, by) in &self.trail {
                    let now = self.value[*changed];
                    gain += self.wants(*changed, now - by).abs() - self.wants(*changed, now).abs();
                }
                if gain > 0 {
                    better = true;
                } else {
                    self.undo(0);
                }
            }
            if !better {
                return;
            }
        }
    }

    /// The way in which a figure with this value has more room, if it is at an end of its range.
    fn wants(&self, figure: usize, value: i64) -> i64 {
        let span = self.spans[figure];
        if span.len() < 3 {
            0
        } else if value <= span.low {
            1
        } else if value >= span.high {
            -1
        } else {
            0
        }
    }

    /// Back to another table that satisfies everything.
    pub(super) fn back_to(&mut self, home: &[i64], changed: &mut Vec<usize>) {
        for figure in changed.drain(..) {
            let by = home[figure] - self.value[figure];
            if by != 0 {
                self.value[figure] += by;
                for (row, factor) in &self.of[figure] {
                    self.sum[*row] += factor * by;
                }
            }
        }
    }

    /// The table as it stands.
    pub(super) fn values(&self) -> &[i64] {
        &self.value
    }

    /// The value of a sum of figures.
    pub(super) fn of(&self, terms: &Terms) -> i64 {
        terms.iter().map(|(f, c)| self.value[*f] * c).sum()
    }

    /// Figures changed by the last move.
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> + '_ {
        self.trail.iter().map(|(figure, _)| *figure)
    }

    /// Moves a sum of figures up (1) or down (−1) by at least one; false, and nothing changed, where that was not found.
    pub(super) fn shift(&mut self, terms: &Terms, direction: i64) -> bool {
        self.trail.clear();
        self.tries = MOST_TRIES;
        for (figure, factor) in terms {
            self.only[*figure] = (factor.signum() * direction) as i8;
        }
        let mut done = false;
        for (figure, factor) in terms {
            let (figure, by) = (*figure, factor.signum() * direction);
            if self.has_room(figure, by) {
                self.open.clear();
                self.apply(figure, by);
                done = self.mend(DEEPEST);
                if done {
                    break;
                }
                self.undo(0);
            }
        }
        for (figure, _) in terms {
            self.only[*figure] = 0;
        }
        for (figure, _) in &self.trail {
            self.moved[*figure] = 0;
        }
        done
    }

    fn broken(&self, row: usize, by: i64) -> bool {
        let sum = self.sum[row] + by;
        sum < self.ends[row].0 || sum > self.ends[row].1
    }

    fn has_room(&self, figure: usize, by: i64) -> bool {
        let span = self.spans[figure];
        let to = self.value[figure] + by;
        let way = by.signum() as i8;
        span.low <= to && to <= span.high && self.moved[figure] != -way && self.only[figure] != -way
    }

    fn apply(&mut self, figure: usize, by: i64) {
        self.value[figure] += by;
        self.moved[figure] = by.signum() as i8;
        self.trail.push((figure, by));
        for at in 0..self.of[figure].len() {
            let (row, factor) = self.of[figure][at];
            self.sum[row] += factor * by;
            if self.broken(row, 0) {
                self.open.push(row);
            }
        }
    }

    fn undo(&mut self, to: usize) {
        while self.trail.len() > to {
            let Some((figure, by)) = self.trail.pop() else {
                return;
            };
            self.value[figure] -= by;
            if !self.trail.iter().any(|(other, _)| *other == figure) {
                self.moved[figure] = 0;
            }
            for at in 0..self.of[figure].len() {
                let (row, factor) = self.of[figure][at];
                self.sum[row] -= factor * by;
            }
        }
    }

    /// Mends the broken rows, the latest first.
    fn mend(&mut self, deepest: usize) -> bool {
        let Some(row) = self.open.iter().rev().copied().find(|row| self.broken(*row, 0)) else {
            return true;
        };
        if deepest == 0 {
            return false;
        }
        let wanted = if self.sum[row] > self.ends[row].1 { -1 } else { 1 };
        let mut best: [(i64, usize, i64); CHOICES] = [(i64::MAX, 0, 0); CHOICES];
        // In a long sum only some are looked at, not always the same.
        let terms = &self.rows[row];
        let first = self.trail.last().map_or(0, |(figure, _)| *figure) % terms.len().max(1);
        let mut seen = 0;
        for (figure, factor) in terms[first..].iter().chain(&terms[..first]) {
            let by = factor.signum() * wanted;
            if !self.has_room(*figure, by) {
                continue;
            }
            seen += 1;
            if seen > self.most_seen {
                break;
            }
            let cost = self.cost(*figure, by);
            if let Some(at) = best.iter().position(|b| (cost, *figure) < (b.0, b.1)) {
                best[at..].rotate_right(1);
                best[at] = (cost, *figure, by);
            }
        }
        let (trail, open) = (self.trail.len(), self.open.len());
        for (cost, figure, by) in best {
            if cost == i64::MAX || self.tries == 0 {
                return false;
            }
            self.tries -= 1;
            self.apply(figure, by);
            if self.mend(deepest - 1) {
                return true;
            }
            self.undo(trail);
            self.open.truncate(open);
        }
        false
    }

    /// Rows that a change would break, less those it would mend.
    fn cost(&self, figure: usize, by: i64) -> i64 {
        self.of[figure]
            .iter()
            .map(|(row, factor)| i64::from(self.broken(*row, factor * by)) - i64::from(self.broken(*row, 0)))
            .sum()
    }
}
