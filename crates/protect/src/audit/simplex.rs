//! A linear program over one connected piece of published tables: the largest and smallest value that a figure can
//! have, again and again over the same constraints.
//!
//! Bounded primal simplex on a sparse product-form basis. Each question starts from the answer to the one before, so
//! that many questions cost little more than one. The optimum does not depend on the path; every choice on the path
//! is made by number and index, so the path is the same on every machine.

use super::basis::{Basis, order};

/// Feasible to within this; counts are whole numbers, so it is generous.
const NEAR: f64 = 1e-7;
/// A pivot must be larger than this.
const PIVOT: f64 = 1e-8;
/// Exchanges before the chain is written anew.
const RENEW: usize = 200;
/// Steps without progress before the cautious rule (lowest index first) takes over.
const STALLED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Basic(usize),
    Low,
    High,
    /// Outside the basis at a value between its bounds: how a known table is started from.
    Between,
}

/// A row: factors of figures, and the ends of their sum.
pub(super) type Bounded = (Vec<(usize, f64)>, f64, f64);

/// How a question ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// The optimum, with what proves it: variables whose bounds, and rows whose equality, were used.
    Best {
        value: f64,
        variables: Vec<usize>,
        rows: Vec<usize>,
    },
    /// No values satisfy all constraints, with what proves it.
    Contradiction { variables: Vec<usize>, rows: Vec<usize> },
    /// More steps than are allowed: nothing is known.
    Unsettled,
}

/// The program. Variables 0..n are figures; variable n + i is the slack of row i, with coefficient 1.
pub(super) struct Simplex {
    figures: usize,
    columns: Vec<Vec<(usize, f64)>>,
    rows: Vec<Vec<(usize, f64)>>,
    /// What the objective gains for a unit of each variable outside the basis; zero but for those in `touched`.
    gains: Vec<f64>,
    touched: Vec<usize>,
    low: Vec<f64>,
    high: Vec<f64>,
    value: Vec<f64>,
    at: Vec<At>,
    head: Vec<usize>,
    basis: Basis,
    steps_left: usize,
}

enum Step {
    Moved(f64),
    Settled(Vec<usize>, Vec<usize>),
    Lost,
}

impl Simplex {
    /// Figures with bounds; rows Σ a x within bounds.
    pub(super) fn new(bounds: &[(f64, f64)], rows: &[Bounded]) -> Self {
        let figures = bounds.len();
        let mut columns = vec![Vec::new(); figures];
        let (mut low, mut high): (Vec<f64>, Vec<f64>) = bounds.iter().copied().unzip();
        for (row, (terms, row_low, row_high)) in rows.iter().enumerate() {
            for (figure, factor) in terms {
                columns[*figure].push((row, *factor));
            }
            // Σ a x + s = 0.
            low.push(-row_high);
            high.push(-row_low);
        }
        let value = low.clone();
        let mut at = vec![At::Low; figures];
        at.extend((0..rows.len()).map(At::Basic));
        let mut simplex = Self {
            figures,
            columns,
            rows: rows.iter().map(|(terms, ..)| terms.clone()).collect(),
            gains: vec![0.0; figures + rows.len()],
            touched: Vec::new(),
            low,
            high,
            value,
            at,
            head: (figures..figures + rows.len()).collect(),
            basis: Basis::default(),
            steps_left: 200 * (rows.len() + figures) + 2000,
        };
        simplex.settle_values();
        simplex
    }

    /// Starts from a table that satisfies everything, so that no start has to be sought and a question about one figure
    /// stays in its neighbourhood.
    pub(super) fn start_from(&mut self, values: impl Iterator<Item = f64>) {
        for (var, value) in values.enumerate().take(self.figures) {
            self.value[var] = value;
            self.at[var] = if value <= self.low[var] {
                At::Low
            } else if value >= self.high[var] {
                At::High
            } else {
                At::Between
            };
        }
        self.settle_values();
    }

    /// The value of a figure in the latest answer.
    pub(super) fn figure(&self, figure: usize) -> f64 {
        self.value[figure]
    }

    /// Finds values that satisfy everything.
    pub(super) fn feasible(&mut self) -> Outcome {
        let (mut stalled, mut cost) = (0, vec![0.0; self.head.len()]);
        loop {
            let mut any = false;
            for (row, var) in self.head.iter().enumerate() {
                cost[row] = if self.value[*var] < self.low[*var] - NEAR {
                    any = true;
                    1.0
                } else if self.value[*var] > self.high[*var] + NEAR {
                    any = true;
                    -1.0
                } else {
                    0.0
                };
            }
            if !any {
                return Outcome::Best {
                    value: 0.0,
                    variables: Vec::new(),
                    rows: Vec::new(),
                };
            }
            match self.step(cost.clone(), &[], stalled > STALLED) {
                Step::Moved(by) => stalled = if by > NEAR { 0 } else { stalled + 1 },
                Step::Settled(mut variables, rows) => {
                    // The bounds of what still violates them are part of the proof.
                    variables.extend(
                        self.head
                            .iter()
                            .zip(&cost)
                            .filter(|(v, c)| **c != 0.0 && **v < self.figures)
                            .map(|(v, _)| *v),
                    );
                    variables.sort_unstable();
                    return Outcome::Contradiction { variables, rows };
                }
                Step::Lost => return Outcome::Unsettled,
            }
        }
    }

    /// The largest value of Σ factor × figure, from a point that satisfies everything ([`Self::feasible`]).
    pub(super) fn maximise(&mut self, objective: &[(usize, f64)]) -> Outcome {
        let mut stalled = 0;
        self.steps_left = 200 * self.low.len() + 2000;
        loop {
            let mut basic = vec![0.0; self.head.len()];
            for (figure, factor) in objective {
                if let At::Basic(row) = self.at[*figure] {
                    basic[row] = *factor;
                }
            }
            match self.step(basic, objective, stalled > STALLED) {
                Step::Moved(by) => stalled = if by > NEAR { 0 } else { stalled + 1 },
                Step::Settled(variables, rows) => {
                    let value = objective.iter().map(|(f, c)| c * self.value[*f]).sum();
                    return Outcome::Best {
                        value,
                        variables,
                        rows,
                    };
                }
                Step::Lost => return Outcome::Unsettled,
            }
        }
    }

    /// One exchange towards a larger objective (`basic`: factors of the basic variables, by row).
    fn step(&mut self, basic: Vec<f64>, objective: &[(usize, f64)], cautious: bool) -> Step {
        if self.steps_left == 0 {
            return Step::Lost;
        }
        self.steps_left -= 1;
        if self.basis.since >= RENEW && !self.renew() {
            return Step::Lost;
        }
        let mut prices = basic;
        self.basis.backward(&mut prices);
        self.price(&prices, objective);
        let Some((enters, up)) = self.entering(cautious) else {
            let used = |var: &&usize| **var < self.figures && self.gains[**var].abs() > NEAR;
            let variables = self.touched.iter().filter(used).copied().collect();
            let rows = (0..prices.len()).filter(|r| prices[*r].abs() > NEAR).collect();
            return Step::Settled(variables, rows);
        };
        let gain = self.gains[enters].abs();
        let mut column = vec![0.0; self.head.len()];
        self.spread(enters, &mut column);
        self.basis.forward(&mut column);
        let direction = if up { 1.0 } else { -1.0 };
        let (far, leaves) = self.leaving(&column, direction, cautious);
        let flip = if up {
            self.high[enters] - self.value[enters]
        } else {
            self.value[enters] - self.low[enters]
        };
        let far_enough = far.min(flip);
        if !far_enough.is_finite() {
            return Step::Lost;
        }
        for (row, w) in column.iter().enumerate() {
            if *w != 0.0 {
                self.value[self.head[row]] -= direction * far_enough * w;
            }
        }
        if flip <= far {
            (self.at[enters], self.value[enters]) = if up {
                (At::High, self.high[enters])
            } else {
                (At::Low, self.low[enters])
            };
        } else {
            self.value[enters] += direction * far_enough;
            let (row, bound) = leaves;
            let out = self.head[row];
            self.at[out] = bound;
            self.value[out] = if bound == At::Low {
                self.low[out]
            } else {
                self.high[out]
            };
            self.head[row] = enters;
            self.at[enters] = At::Basic(row);
            self.basis.exchange(&column, row);
        }
        Step::Moved(far_enough * gain)
    }

    /// Works out what the objective gains for a unit of each variable outside the basis. Only rows with a price, and the
    /// objective, matter: a question stays in its neighbourhood.
    fn price(&mut self, prices: &[f64], objective: &[(usize, f64)]) {
        for var in self.touched.drain(..) {
            self.gains[var] = 0.0;
        }
        let mut seen = std::mem::take(&mut self.touched);
        let mut add = |gains: &mut [f64], var: usize, by: f64| {
            if gains[var] == 0.0 {
                seen.push(var);
            }
            gains[var] += by;
        };
        for (figure, factor) in objective {
            add(&mut self.gains, *figure, *factor);
        }
        for (row, price) in prices.iter().enumerate().filter(|(_, price)| **price != 0.0) {
            add(&mut self.gains, self.figures + row, -price);
            for (figure, factor) in &self.rows[row] {
                add(&mut self.gains, *figure, -price * factor);
            }
        }
        seen.sort_unstable();
        seen.dedup();
        self.touched = seen;
        for var in &self.touched {
            if matches!(self.at[*var], At::Basic(_)) {
                self.gains[*var] = 0.0;
            }
        }
    }

    fn entering(&self, cautious: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut most = NEAR;
        for var in &self.touched {
            let (var, gain) = (*var, self.gains[*var]);
            let up = match self.at[var] {
                At::Low if gain > most => true,
                At::High if -gain > most => false,
                At::Between if gain.abs() > most => gain > 0.0,
                _ => continue,
            };
            if self.high[var] - self.low[var] <= 0.0 {
                continue;
            }
            best = Some((var, up));
            if cautious {
                return best;
            }
            most = gain.abs();
        }
        best
    }

    /// How far the entering variable may go, and which basic variable stops it at which of its bounds.
    fn leaving(&self, column: &[f64], direction: f64, cautious: bool) -> (f64, (usize, At)) {
        let (mut far, mut leaves, mut size) = (f64::INFINITY, (usize::MAX, At::Low), 0.0_f64);
        for (row, w) in column.iter().enumerate() {
            if w.abs() <= PIVOT {
                continue;
            }
            let var = self.head[row];
            let (value, low, high) = (self.value[var], self.low[var], self.high[var]);
            let rate = -direction * w;
            // A variable outside its bounds stops at the bound it violates, and is free to go further away.
            let (room, bound) = if rate > 0.0 {
                if value < low - NEAR {
                    (low - value, At::Low)
                } else if value > high + NEAR {
                    continue;
                } else {
                    (high - value, At::High)
                }
            } else if value > high + NEAR {
                (value - high, At::High)
            } else if value < low - NEAR {
                continue;
            } else {
                (value - low, At::Low)
            };
            let reach = room.max(0.0) / rate.abs();
            let better = if cautious {
                reach < far - 1e-12
                    || (reach <= far + 1e-12 && leaves.0 != usize::MAX && var < self.head[leaves.0])
            } else {
                reach < far - 1e-9 || (reach <= far + 1e-9 && w.abs() > size)
            };
            if better {
                (far, leaves, size) = (reach.min(far), (row, bound), w.abs());
            }
        }
        (far, leaves)
    }

    fn spread(&self, var: usize, into: &mut [f64]) {
        if var >= self.figures {
            into[var - self.figures] = 1.0;
        } else {
            for (row, factor) in &self.columns[var] {
                into[*row] = *factor;
            }
        }
    }

    /// Writes the chain of the basis anew, and the values of its variables from those outside it.
    fn renew(&mut self) -> bool {
        self.basis.clear();
        let rows = self.head.len();
        let mut free = vec![true; rows];
        let mut head = vec![usize::MAX; rows];
        let mut inside = Vec::new();
        for var in &self.head {
            if *var >= self.figures {
                // A slack sits in its own row, as in the identity.
                let row = *var - self.figures;
                free[row] = false;
                head[row] = *var;
            } else {
                inside.push(*var);
            }
        }
        let shapes: Vec<Vec<usize>> = inside
            .iter()
            .map(|v| self.columns[*v].iter().map(|(row, _)| *row).collect())
            .collect();
        let mut column = vec![0.0; rows];
        for (index, wanted) in order(&shapes, rows, &free) {
            let var = inside[index];
            column.fill(0.0);
            self.spread(var, &mut column);
            self.basis.forward(&mut column);
            let largest = || {
                (0..rows)
                    .filter(|r| free[*r])
                    .max_by(|a, b| column[*a].abs().total_cmp(&column[*b].abs()).then(b.cmp(a)))
            };
            let sure = wanted.filter(|r| free[*r] && column[*r].abs() > 1e-6);
            let Some(row) = sure.or_else(largest).filter(|r| column[*r].abs() > PIVOT) else {
                return false;
            };
            self.basis.exchange(&column, row);
            free[row] = false;
            head[row] = var;
        }
        self.basis.since = 0;
        for (row, var) in head.iter().enumerate() {
            self.at[*var] = At::Basic(row);
        }
        self.head = head;
        self.settle_values();
        true
    }

    /// The values of the basic variables, from those of the others.
    fn settle_values(&mut self) {
        let mut right = vec![0.0; self.head.len()];
        for var in 0..self.low.len() {
            if matches!(self.at[var], At::Basic(_)) || self.value[var] == 0.0 {
                continue;
            }
            if var >= self.figures {
                right[var - self.figures] -= self.value[var];
            } else {
                for (row, factor) in &self.columns[var] {
                    right[*row] -= factor * self.value[var];
                }
            }
        }
        self.basis.forward(&mut right);
        for (row, var) in self.head.iter().enumerate() {
            self.value[*var] = right[row];
        }
    }
}
