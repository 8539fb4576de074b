//! Quick proofs that a figure is safe: small moves from one table that satisfies everything to another.
//!
//! A move changes a free figure by one and mends every range that this breaks, with figures that have room. Two tables in
//! which a figure differs by four prove that five values are left, at a thousandth of the cost of a linear program. Moves only
//! ever prove that a need is met, which the programs would find too: which table the moves start from changes the time, never
//! the answer. The table need not be of whole numbers: what it lacks to one is room.

use super::Terms;
use super::lists::Lists;

/// Changes tried before a move is given up.
const MOST_TRIES: usize = 6;
/// Changes tried before a row that is broken from the start is given up.
const MOST_MENDS: usize = 400;
/// Rounds of bringing figures away from the ends of their ranges.
const CENTRING: usize = 4;
/// Changes in a row.
const DEEPEST: usize = 12;
/// Figures of one sum that are looked at.
const MOST_SEEN: usize = 12;
/// Choices for mending one sum.
const CHOICES: usize = 3;
/// A sum this near to its end is within it.
const NEAR: f64 = 1e-6;

/// What is moved or watched: a free figure, or a row, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    Figure(usize),
    Row(usize),
}

/// The sum of a row, and the ends that it keeps within.
#[derive(Clone, Copy, Debug)]
struct Held {
    sum: f64,
    ends: (f64, f64),
}

/// No ends.
const NOTHING: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

impl Held {
    /// Whether nothing can break it.
    fn is_loose(&self) -> bool {
        self.ends == NOTHING
    }

    /// Whether the sum is outside its ends, once so much is added.
    fn broken(self, by: f64) -> bool {
        let sum = self.sum + by;
        sum < self.ends.0 - NEAR || sum > self.ends.1 + NEAR
    }
}

/// A table that satisfies everything, on the move.
pub(super) struct Mover {
    /// (figure, factor) of each row.
    rows: Lists,
    /// The sum of each row, and its ends.
    held: Vec<Held>,
    /// (row, factor) of each figure, of rows that can be broken and of rows that cannot.
    bound: Lists,
    loose: Lists,
    spans: Vec<(f64, f64)>,
    value: Vec<f64>,
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
    /// From values within these ranges; the rows may not hold yet.
    pub(super) fn new<'a>(
        rows: impl Iterator<Item = (&'a Terms, (f64, f64))>,
        spans: Vec<(f64, f64)>,
        value: Vec<f64>,
    ) -> Self {
        let mut mover = Self {
            rows: Lists::default(),
            held: Vec::new(),
            bound: Lists::default(),
            loose: Lists::default(),
            moved: vec![0; spans.len()],
            only: vec![0; spans.len()],
            spans,
            value,
            trail: Vec::new(),
            open: Vec::new(),
            tries: 0,
            most_seen: MOST_SEEN,
        };
        rows.for_each(|(terms, ends)| mover.add(terms, ends));
        mover.bound = mover.rows_where(|held| !held.is_loose());
        mover.loose = mover.rows_where(Held::is_loose);
        mover
    }

    fn add(&mut self, terms: &Terms, ends: (f64, f64)) {
        let sum = terms.iter().map(|(f, c)| self.value[*f] * *c as f64).sum();
        self.held.push(Held { sum, ends });
        let can_move = |(figure, _): &(usize, i64)| self.spans[*figure].0 < self.spans[*figure].1;
        self.rows.push(terms.iter().copied().filter(can_move));
    }

    /// The rows of each figure, of those that are so.
    fn rows_where(&self, are: impl Fn(&Held) -> bool) -> Lists {
        self.rows.turned(self.spans.len(), |row| are(&self.held[row]))
    }

    /// Keeps the sums of these figures from now on.
    pub(super) fn watch<'a>(&mut self, sums: impl Iterator<Item = &'a Terms>) -> Vec<Watched> {
        let watched = sums.map(|terms| match terms.as_slice() {
            [(figure, 1)] => Watched::Figure(*figure),
            _ => {
                self.add(terms, NOTHING);
                Watched::Row(self.rows.len() - 1)
            }
        });
        let watched = watched.collect();
        self.loose = self.rows_where(Held::is_loose);
        watched
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Mends the rows that are broken, one after the other; whether all hold then.
    pub(super) fn mend_all(&mut self) -> bool {
        let wanted: Vec<(f64, f64)> = self.held.iter().map(|held| held.ends).collect();
        for (row, ends) in wanted.iter().enumerate() {
            self.bear(row, *ends);
        }
        let mut all = true;
        self.most_seen = usize::MAX;
        for row in 0..self.rows.len() {
            while all_but(self.held[row].ends, wanted[row]) {
                // One nearer to what is wanted.
                let sum = self.held[row].sum;
                self.held[row].ends = (wanted[row].0.min(sum + 1.0), wanted[row].1.max(sum - 1.0));
                self.trail.clear();
                self.open.clear();
                self.open.push(row);
                self.tries = MOST_MENDS;
                let done = self.mend(DEEPEST);
                self.finish();
                for at in 0..self.trail.len() {
                    let (figure, _) = self.trail[at];
                    for at in 0..self.bound[figure].len() {
                        let (row, _) = self.bound[figure][at];
                        self.bear(row, wanted[row]);
                    }
                }
                self.bear(row, wanted[row]);
                if !done {
                    all = false;
                    break;
                }
            }
        }
        for (held, wanted) in self.held.iter_mut().zip(wanted) {
            held.ends = wanted;
        }
        self.most_seen = MOST_SEEN;
        all
    }

    /// Lets a broken row be as broken as it is, and no more.
    fn bear(&mut self, row: usize, wanted: (f64, f64)) {
        let sum = self.held[row].sum;
        if all_but(self.held[row].ends, wanted) || self.broken(row) {
            self.held[row].ends = (wanted.0.min(sum), wanted.1.max(sum));
            if sum >= wanted.0 - NEAR && sum <= wanted.1 + NEAR {
                self.held[row].ends = wanted;
            }
        }
    }

    /// Brings figures away from the ends of their ranges, so that they can move both ways: single moves that leave
    /// fewer figures at an end, for some rounds.
    pub(super) fn centre(&mut self) {
        let all: Vec<Watched> = (0..self.value.len())
            .map(Watched::Figure)
            .chain((0..self.rows.len()).map(Watched::Row))
            .collect();
        for _ in 0..CENTRING {
            let mut better = false;
            for one in &all {
                let wanted = self.wants(*one, 0.0);
                if wanted == 0 || !self.shift(*one, wanted) {
                    continue;
                }
                if self.gain() > 0 {
                    better = true;
                } else {
                    self.take_back();
                }
            }
            if !better {
                return;
            }
        }
    }

    /// How many fewer figures and rows the last move left at an end.
    fn gain(&self) -> i64 {
        let mut by: Vec<(Watched, i64)> = Vec::new();
        for (figure, step) in &self.trail {
            by.push((Watched::Figure(*figure), *step));
            let rows = self.bound[*figure].iter();
            by.extend(rows.map(|(row, factor)| (Watched::Row(*row), factor * step)));
        }
        by.sort_unstable_by_key(|(one, _)| match one {
            Watched::Figure(at) => (0, *at),
            Watched::Row(at) => (1, *at),
        });
        let groups = by.chunk_by(|(a, _), (b, _)| a == b);
        groups
            .map(|group| {
                let by: i64 = group.iter().map(|(_, by)| by).sum();
                self.wants(group[0].0, -by as f64).abs() - self.wants(group[0].0, 0.0).abs()
            })
            .sum()
    }

    /// The way in which a figure or row has more room, if it is at an end of its range; with so much added to its value.
    fn wants(&self, one: Watched, plus: f64) -> i64 {
        let (value, (low, high)) = match one {
            Watched::Figure(at) => (self.value[at], self.spans[at]),
            Watched::Row(at) => (self.held[at].sum, self.held[at].ends),
        };
        if high - low < 2.0 - NEAR {
            0
        } else if value + plus <= low + NEAR {
            1
        } else if value + plus >= high - NEAR {
            -1
        } else {
            0
        }
    }

    /// Back to another table that satisfies everything.
    pub(super) fn back_to(&mut self, home: &[f64], changed: &mut Vec<usize>) {
        for figure in changed.drain(..) {
            let by = home[figure] - self.value[figure];
            if by != 0.0 {
                self.value[figure] += by;
                for (row, factor) in self.bound[figure].iter().chain(&self.loose[figure]) {
                    self.held[*row].sum += *factor as f64 * by;
                }
            }
        }
    }

    /// The table as it stands.
    pub(super) fn values(&self) -> &[f64] {
        &self.value
    }

    pub(super) fn value(&self, one: Watched) -> f64 {
        match one {
            Watched::Figure(at) => self.value[at],
            Watched::Row(at) => self.held[at].sum,
        }
    }

    /// Figures changed by the last move; one that was changed twice comes twice.
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> + '_ {
        self.trail.iter().map(|(figure, _)| *figure)
    }

    /// The rows that a figure is in.
    pub(super) fn rows_of(&self, figure: usize) -> impl Iterator<Item = usize> + '_ {
        let rows = self.bound[figure].iter().chain(&self.loose[figure]);
        rows.map(|(row, _)| *row)
    }

    /// Moves a figure or a sum up (1) or down (−1) by at least one; false, and nothing changed, where that was not found.
    pub(super) fn shift(&mut self, one: Watched, direction: i64) -> bool {
        self.trail.clear();
        self.open.clear();
        self.tries = MOST_TRIES;
        let done = match one {
            Watched::Figure(figure) => {
                self.has_room(figure, direction) && {
                    self.apply(figure, direction);
                    self.mend(DEEPEST)
                }
            }
            Watched::Row(row) => {
                self.only(row, direction);
                let done = self.change(row, direction, DEEPEST);
                self.only(row, 0);
                done
            }
        };
        if !done {
            self.undo(0);
        }
        self.finish();
        done
    }

    /// Lets the figures of a row move only so that its sum moves this way; with 0 as they like.
    fn only(&mut self, row: usize, direction: i64) {
        for (figure, factor) in &self.rows[row] {
            self.only[*figure] = (factor.signum() * direction) as i8;
        }
    }

    /// Ends a move: the sums that nothing can break follow.
    fn finish(&mut self) {
        for (figure, by) in &self.trail {
            self.moved[*figure] = 0;
            for (row, factor) in &self.loose[*figure] {
                self.held[*row].sum += (factor * by) as f64;
            }
        }
    }

    /// Takes the last move back.
    fn take_back(&mut self) {
        for (figure, by) in &self.trail {
            for (row, factor) in &self.loose[*figure] {
                self.held[*row].sum -= (factor * by) as f64;
            }
        }
        self.undo(0);
    }

    fn broken(&self, row: usize) -> bool {
        self.held[row].broken(0.0)
    }

    fn has_room(&self, figure: usize, by: i64) -> bool {
        let (low, high) = self.spans[figure];
        let to = self.value[figure] + by as f64;
        let way = by.signum() as i8;
        low - NEAR <= to && to <= high + NEAR && self.moved[figure] != -way && self.only[figure] != -way
    }

    fn apply(&mut self, figure: usize, by: i64) {
        self.value[figure] += by as f64;
        self.moved[figure] = by.signum() as i8;
        self.trail.push((figure, by));
        for at in 0..self.bound[figure].len() {
            let (row, factor) = self.bound[figure][at];
            self.held[row].sum += (factor * by) as f64;
            if self.broken(row) {
                self.open.push(row);
            }
        }
    }

    fn undo(&mut self, to: usize) {
        while self.trail.len() > to {
            let Some((figure, by)) = self.trail.pop() else {
                return;
            };
            self.value[figure] -= by as f64;
            if !self.trail.iter().any(|(other, _)| *other == figure) {
                self.moved[figure] = 0;
            }
            for (row, factor) in &self.bound[figure] {
                self.held[*row].sum -= (factor * by) as f64;
            }
        }
    }

    /// Mends the broken rows, the latest first.
    fn mend(&mut self, deepest: usize) -> bool {
        let Some(row) = self.open.iter().rev().copied().find(|row| self.broken(*row)) else {
            return true;
        };
        let wanted = if self.held[row].sum > self.held[row].ends.1 {
            -1
        } else {
            1
        };
        self.change(row, wanted, deepest)
    }

    /// Moves the sum of a row and mends what that breaks.
    fn change(&mut self, row: usize, wanted: i64, deepest: usize) -> bool {
        if deepest == 0 || self.tries == 0 {
            return false;
        }
        let (trail, open) = (self.trail.len(), self.open.len());
        for (cost, figure, by) in self.choices(row, wanted) {
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

    /// The figures that move a row at the least cost.
    fn choices(&self, row: usize, wanted: i64) -> [(i64, usize, i64); CHOICES] {
        let mut best = [(i64::MAX, 0, 0); CHOICES];
        // In a long sum only some are looked at, not always the same.
        let terms = &self.rows[row];
        let first = self.trail.last().map_or(row, |(figure, _)| *figure) % terms.len().max(1);
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
            let Some(cost) = self.cost(*figure, by, best[CHOICES - 1].0) else {
                continue;
            };
            if let Some(at) = best.iter().position(|b| (cost, *figure) < (b.0, b.1)) {
                best[at..].rotate_right(1);
                best[at] = (cost, *figure, by);
            }
        }
        best
    }

    /// Rows that a change would break, less those it would mend; none where that is more than `most` for sure.
    fn cost(&self, figure: usize, by: i64, most: i64) -> Option<i64> {
        // No more can be mended than are broken.
        let most = most.saturating_add(self.open.len() as i64);
        let mut cost = 0;
        for (row, factor) in &self.bound[figure] {
            let held = self.held[*row];
            cost += i64::from(held.broken((factor * by) as f64)) - i64::from(held.broken(0.0));
            if cost > most {
                return None;
            }
        }
        Some(cost)
    }
}

/// Whether a row still bears less than what is wanted.
fn all_but(ends: (f64, f64), wanted: (f64, f64)) -> bool {
    ends.0 < wanted.0 || ends.1 > wanted.1
}
