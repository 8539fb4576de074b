//! A linear program over one connected piece of published tables: the largest and smallest value that a figure can
//! have, again and again over the same constraints.
//!
//! Bounded primal simplex on a sparse product-form basis, always started from the same table, the home: every figure stands
//! outside the basis at its value there, the slack of every row inside. A question about one figure then moves only what lies
//! near it, and its answer and proof depend on the system and the home alone, not on what was asked before. Every
//! choice on the way is made by number and index, so the way is the same on every machine.

mod home;

use super::basis::Basis;
use super::sparse::Sparse;

/// Feasible to within this; counts are whole numbers, so it is generous.
pub(super) const NEAR: f64 = 1e-7;
/// A pivot must be larger than this.
const PIVOT: f64 = 1e-8;
/// Exchanges before the chain is written anew.
const RENEW: usize = 200;
/// Steps without progress before the cautious rule (lowest index first) takes over.
const STALLED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Basic(usize),
    Low,
    High,
    /// Outside the basis at a value between its bounds.
    Between,
}

/// A row: factors of figures, and the ends of their sum.
pub(super) type Bounded = (Vec<(usize, f64)>, f64, f64);

/// What shows that the objective can grow no further: figures whose bounds, and rows whose equality, were used.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Proof {
    pub(super) figures: Vec<usize>,
    pub(super) rows: Vec<usize>,
}

/// How one step ended.
#[derive(Debug)]
pub(super) enum Step {
    /// The objective may have grown.
    Moved,
    /// It can grow no further.
    Settled(Proof),
    /// More steps than are allowed, or numbers too rough: nothing is known.
    Lost,
}

/// The program. Variables 0..n are figures; variable n + i is the slack of row i: Σ a x + s = 0.
pub(super) struct Simplex {
    pub(super) figures: usize,
    columns: Vec<Vec<(usize, f64)>>,
    pub(super) rows: Vec<Vec<(usize, f64)>>,
    /// The rows without the figures whose range is one value: these never move, and matter for a proof only.
    live: Vec<Vec<(usize, f64)>>,
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    /// Value of each variable in the table that questions start from.
    pub(super) home: Vec<f64>,
    pub(super) value: Vec<f64>,
    at: Vec<At>,
    head: Vec<usize>,
    basis: Basis,
    /// Where every variable stands at home.
    home_at: Vec<At>,
    /// Variables and places in the basis that are not as at home.
    moved: Vec<usize>,
    is_moved: Vec<bool>,
    exchanged: Vec<usize>,
    objective: Vec<(usize, f64)>,
    prices: Sparse,
    gains: Sparse,
    column: Sparse,
    steps_left: usize,
    stalled: usize,
    /// Steps ever made: the work done, whatever the machine.
    pub(super) steps: u64,
}

impl Simplex {
    /// Figures with bounds and a value within them to start from; rows Σ a x within bounds, which may not hold yet.
    pub(super) fn new(bounds: &[(f64, f64)], rows: &[Bounded], start: &[f64]) -> Self {
        let figures = bounds.len();
        let all = figures + rows.len();
        let mut columns = vec![Vec::new(); figures];
        let (mut low, mut high): (Vec<f64>, Vec<f64>) = bounds.iter().copied().unzip();
        let mut home = start.to_vec();
        for (row, (terms, row_low, row_high)) in rows.iter().enumerate() {
            for (figure, factor) in terms {
                columns[*figure].push((row, *factor));
            }
            low.push(-row_high);
            high.push(-row_low);
            home.push(-terms.iter().map(|(f, c)| c * start[*f]).sum::<f64>());
        }
        let mut simplex = Self {
            figures,
            columns,
            live: vec![Vec::new(); rows.len()],
            rows: rows.iter().map(|(terms, ..)| terms.clone()).collect(),
            low,
            high,
            value: home.clone(),
            home,
            at: (0..all).map(|v| At::Basic(v.saturating_sub(figures))).collect(),
            head: (figures..all).collect(),
            basis: Basis::default(),
            home_at: Vec::new(),
            moved: Vec::new(),
            is_moved: vec![false; all],
            exchanged: Vec::new(),
            objective: Vec::new(),
            prices: Sparse::zero(rows.len()),
            gains: Sparse::zero(all),
            column: Sparse::zero(rows.len()),
            steps_left: 0,
            stalled: 0,
            steps: 0,
        };
        for figure in 0..figures {
            simplex.at[figure] = simplex.outside(figure);
        }
        simplex.home_at.clone_from(&simplex.at);
        (0..rows.len()).for_each(|row| simplex.enliven(row));
        simplex
    }

    /// Notes which figures of a row can move.
    fn enliven(&mut self, row: usize) {
        let terms = self.rows[row].iter().copied();
        self.live[row] = terms.filter(|(figure, _)| self.can_move(*figure)).collect();
    }

    fn can_move(&self, var: usize) -> bool {
        self.high[var] > self.low[var]
    }

    /// Where a variable stands outside the basis.
    fn outside(&self, var: usize) -> At {
        if self.value[var] <= self.low[var] {
            At::Low
        } else if self.value[var] >= self.high[var] {
            At::High
        } else {
            At::Between
        }
    }

    pub(super) fn is_basic(&self, var: usize) -> bool {
        matches!(self.at[var], At::Basic(_))
    }

    /// The value of Σ factor × variable as things stand.
    pub(super) fn sum(&self, terms: &[(usize, f64)]) -> f64 {
        terms.iter().map(|(var, factor)| factor * self.value[*var]).sum()
    }

    /// Variables that have another value than at home.
    pub(super) fn moved(&self) -> impl Iterator<Item = usize> + '_ {
        self.moved.iter().copied()
    }

    /// Back to the home table, for a new objective.
    pub(super) fn ask(&mut self, objective: &[(usize, f64)]) {
        self.go_home();
        self.objective.clear();
        self.objective.extend_from_slice(objective);
        self.steps_left = 200 * self.low.len() + 2000;
        self.stalled = 0;
    }

    /// One exchange towards a larger objective.
    pub(super) fn step(&mut self) -> Step {
        if self.steps_left == 0 || (self.basis.since >= RENEW && !self.renew()) {
            return Step::Lost;
        }
        self.steps_left -= 1;
        self.steps += 1;
        let cautious = self.stalled > STALLED;
        self.price();
        let Some((enters, up)) = self.entering(cautious) else {
            return Step::Settled(self.proof());
        };
        let gain = self.gains.at(enters).abs();
        let mut column = std::mem::take(&mut self.column);
        column.clear();
        self.spread(enters, &mut column);
        self.basis.forward(&mut column);
        let direction = if up { 1.0 } else { -1.0 };
        let moved = self.exchange(enters, direction, &column, cautious);
        self.column = column;
        let Some(far) = moved else { return Step::Lost };
        self.stalled = if far * gain > NEAR { 0 } else { self.stalled + 1 };
        Step::Moved
    }

    /// Moves the entering variable as far as it may go; how far that was, if there is an end.
    fn exchange(&mut self, enters: usize, direction: f64, column: &Sparse, cautious: bool) -> Option<f64> {
        let (far, (row, bound)) = self.leaving(column, direction, cautious);
        let flip = if direction > 0.0 {
            self.high[enters] - self.value[enters]
        } else {
            self.value[enters] - self.low[enters]
        };
        let far_enough = far.min(flip);
        if !far_enough.is_finite() {
            return None;
        }
        for (row, w) in column.iter() {
            let var = self.head[row];
            self.value[var] -= direction * far_enough * w;
            self.touch(var);
        }
        self.touch(enters);
        if flip <= far {
            (self.at[enters], self.value[enters]) = if direction > 0.0 {
                (At::High, self.high[enters])
            } else {
                (At::Low, self.low[enters])
            };
        } else {
            self.value[enters] += direction * far_enough;
            let out = self.head[row];
            self.at[out] = bound;
            self.value[out] = if bound == At::Low {
                self.low[out]
            } else {
                self.high[out]
            };
            self.touch(out);
            self.head[row] = enters;
            self.at[enters] = At::Basic(row);
            self.exchanged.push(row);
            self.basis.exchange(column, row);
        }
        Some(far_enough)
    }

    fn touch(&mut self, var: usize) {
        if !self.is_moved[var] {
            self.is_moved[var] = true;
            self.moved.push(var);
        }
    }

    /// Works out what the objective gains for a unit of each variable outside the basis. Only rows with a price, and the
    /// objective, matter: a question stays in its neighbourhood.
    fn price(&mut self) {
        self.prices.clear();
        self.gains.clear();
        for (var, factor) in &self.objective {
            if let At::Basic(row) = self.at[*var] {
                self.prices.add(row, *factor);
            } else {
                self.gains.add(*var, *factor);
            }
        }
        self.basis.backward(&mut self.prices);
        for (row, price) in self.prices.iter().filter(|(_, price)| price.abs() > NEAR) {
            self.gains.add(self.figures + row, -price);
            for (figure, factor) in &self.live[row] {
                self.gains.add(*figure, -price * factor);
            }
        }
    }

    /// The variable outside the basis with the largest gain, and whether it grows; of equal ones the first that fewest rows
    /// hold.
    fn entering(&self, cautious: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut most = NEAR;
        for (var, gain) in self.gains.iter() {
            let up = match self.at[var] {
                At::Low if gain > NEAR => true,
                At::High if gain < -NEAR => false,
                At::Between if gain.abs() > NEAR => gain > 0.0,
                _ => continue,
            };
            if !self.can_move(var) {
                continue;
            }
            let better = match best {
                None => true,
                Some((other, _)) if cautious => var < other,
                Some((other, _)) => {
                    gain.abs() > most + NEAR
                        || (gain.abs() > most - NEAR
                            && (self.rows_of(var), var) < (self.rows_of(other), other))
                }
            };
            if better {
                best = Some((var, up));
                most = gain.abs();
            }
        }
        best
    }

    fn rows_of(&self, var: usize) -> usize {
        self.columns.get(var).map_or(0, Vec::len)
    }

    /// Bounds and rows with a price when no variable can enter.
    fn proof(&mut self) -> Proof {
        for (row, price) in self.prices.iter().filter(|(_, price)| price.abs() > NEAR) {
            for (figure, factor) in self.rows[row]
                .iter()
                .filter(|(figure, _)| self.high[*figure] <= self.low[*figure])
            {
                self.gains.add(*figure, -price * factor);
            }
        }
        let mut figures: Vec<usize> = self
            .gains
            .iter()
            .filter(|(var, gain)| *var < self.figures && gain.abs() > NEAR && !self.is_basic(*var))
            .map(|(var, _)| var)
            .collect();
        let mut rows: Vec<usize> = self
            .prices
            .iter()
            .filter(|(_, price)| price.abs() > NEAR)
            .map(|(row, _)| row)
            .collect();
        figures.sort_unstable();
        rows.sort_unstable();
        Proof { figures, rows }
    }

    /// How far the entering variable may go, and which basic variable stops it at which of its bounds.
    fn leaving(&self, column: &Sparse, direction: f64, cautious: bool) -> (f64, (usize, At)) {
        let (mut far, mut leaves, mut size) = (f64::INFINITY, (usize::MAX, At::Low), 0.0_f64);
        for (row, w) in column.iter().filter(|(_, w)| w.abs() > PIVOT) {
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

    fn spread(&self, var: usize, into: &mut Sparse) {
        if var >= self.figures {
            into.set(var - self.figures, 1.0);
        } else {
            for (row, factor) in &self.columns[var] {
                into.set(*row, *factor);
            }
        }
    }
}
