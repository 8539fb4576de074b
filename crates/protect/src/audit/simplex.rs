//! A linear program over one connected piece of published tables: the largest and smallest value that a figure can
//! have, again and again over the same constraints.
//!
//! Bounded primal simplex on a sparse product-form basis, always started from the same table, the home: every figure stands
//! outside the basis at its value there, the slack of every row inside. A question about one figure then moves only what lies
//! near it, and its answer and proof depend on the system and the home alone, not on what was asked before. Every
//! choice on the way is made by number and index, so the way is the same on every machine.

use super::basis::{Basis, order};
use super::sparse::Sparse;

/// Feasible to within this; counts are whole numbers, so it is generous.
pub(super) const NEAR: f64 = 1e-7;
/// A pivot must be larger than this.
const PIVOT: f64 = 1e-8;
/// Exchanges before the chain is written anew.
const RENEW: usize = 200;
/// More room than this makes no figure a better basic variable.
const CRASH_ROOM: f64 = 8.0;
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
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    /// Value of each variable in the table that questions start from.
    pub(super) home: Vec<f64>,
    pub(super) value: Vec<f64>,
    at: Vec<At>,
    head: Vec<usize>,
    basis: Basis,
    /// The basis at home: its variables by place, its chain, and where every variable stands.
    home_head: Vec<usize>,
    home_at: Vec<At>,
    home_basis: Basis,
    /// Whether the chain has been written anew since home.
    renewed: bool,
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
            rows: rows.iter().map(|(terms, ..)| terms.clone()).collect(),
            low,
            high,
            value: home.clone(),
            home,
            at: (0..all).map(|v| At::Basic(v.saturating_sub(figures))).collect(),
            head: (figures..all).collect(),
            basis: Basis::default(),
            home_head: (figures..all).collect(),
            home_at: Vec::new(),
            home_basis: Basis::default(),
            renewed: false,
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
        simplex
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

    /// The value of Σ factor × figure as things stand.
    pub(super) fn sum(&self, terms: &[(usize, f64)]) -> f64 {
        terms.iter().map(|(var, factor)| factor * self.value[*var]).sum()
    }

    /// Figures that have another value than at home.
    pub(super) fn moved(&self) -> impl Iterator<Item = usize> + '_ {
        self.moved.iter().copied().filter(|var| *var < self.figures)
    }

    /// Back to the home table, for a new objective.
    pub(super) fn ask(&mut self, objective: &[(usize, f64)]) {
        self.go_home();
        self.objective.clear();
        self.objective.extend_from_slice(objective);
        self.steps_left = 200 * self.low.len() + 2000;
        self.stalled = 0;
    }

    /// Every variable as at home.
    fn go_home(&mut self) {
        for row in std::mem::take(&mut self.exchanged) {
            self.head[row] = self.home_head[row];
        }
        for var in std::mem::take(&mut self.moved) {
            self.value[var] = self.home[var];
            self.is_moved[var] = false;
            self.at[var] = self.home_at[var];
        }
        if std::mem::take(&mut self.renewed) {
            self.basis.clone_from(&self.home_basis);
        }
        self.basis.cut(self.home_basis.len());
    }

    /// Gives every row that leaves its figures no freedom one of them as its basic variable: those with most room, whose
    /// movement then follows from that of the others at once. The table stays as it is.
    pub(super) fn crash(&mut self) {
        self.go_home();
        let mut rows: Vec<usize> = (0..self.rows.len())
            .filter(|row| self.is_equation(*row))
            .collect();
        rows.sort_by_key(|row| (self.rows[*row].len(), *row));
        for row in rows {
            self.objective.clear();
            self.objective.push((self.figures + row, 1.0));
            self.price();
            let room = |var: usize| (self.high[var] - self.value[var]).min(self.value[var] - self.low[var]);
            let open = self.gains.iter().filter(|(var, gain)| {
                *var < self.figures
                    && gain.abs() > 0.5
                    && !matches!(self.at[*var], At::Basic(_))
                    && self.high[*var] > self.low[*var]
            });
            let best = open.min_by(|(a, _), (b, _)| {
                let by_room = room(*b).min(CRASH_ROOM).total_cmp(&room(*a).min(CRASH_ROOM));
                by_room
                    .then(self.rows_of(*a).cmp(&self.rows_of(*b)))
                    .then(a.cmp(b))
            });
            let (Some((enters, _)), At::Basic(place)) = (best, self.at[self.figures + row]) else {
                continue;
            };
            let mut column = std::mem::take(&mut self.column);
            column.clear();
            self.spread(enters, &mut column);
            self.basis.forward(&mut column);
            self.basis.exchange(&column, place);
            self.column = column;
            self.head[place] = enters;
            self.at[enters] = At::Basic(place);
            self.at[self.figures + row] = self.outside(self.figures + row);
        }
        self.keep_basis();
    }

    /// Takes these figures as basic variables at home, and the slacks of the rows that are left; false, and nothing changed, where
    /// they depend on each other.
    pub(super) fn take_basis(&mut self, basics: &[bool]) -> bool {
        self.go_home();
        let inside: Vec<usize> = (0..self.figures).filter(|figure| basics[*figure]).collect();
        let rows = self.head.len();
        let mut free: Vec<bool> = (0..rows).map(|row| self.is_equation(row)).collect();
        let mut head: Vec<usize> = (self.figures..self.low.len()).collect();
        if !self.triangulate(&inside, &mut free, &mut head) {
            self.basis.clear();
            return false;
        }
        for var in self.figures..self.low.len() {
            self.at[var] = self.outside(var);
        }
        for (row, var) in head.iter().enumerate() {
            self.at[*var] = At::Basic(row);
        }
        self.head = head;
        self.home_here();
        true
    }

    fn is_equation(&self, row: usize) -> bool {
        self.high[self.figures + row] - self.low[self.figures + row] < NEAR
    }

    pub(super) fn is_basic(&self, figure: usize) -> bool {
        matches!(self.home_at[figure], At::Basic(_))
    }

    /// Makes the basis as it stands that of the home, if it can be written anew.
    fn keep_basis(&mut self) {
        if self.renew() {
            self.home_here();
        }
        self.go_home();
    }

    fn home_here(&mut self) {
        self.value.clone_from(&self.home);
        self.home_head.clone_from(&self.head);
        self.home_at.clone_from(&self.at);
        self.basis.since = 0;
        self.basis.list(self.rows.len());
        self.home_basis.clone_from(&self.basis);
    }

    /// Makes the table as it stands the home.
    pub(super) fn settle(&mut self) {
        let (mut rows, mut figures): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for var in &self.moved {
            if *var < self.figures {
                let near = self.value[*var].round();
                let value = if (self.value[*var] - near).abs() < NEAR {
                    near
                } else {
                    self.value[*var]
                };
                self.home[*var] = value.clamp(self.low[*var], self.high[*var]);
                figures.push(*var);
                rows.extend(self.columns[*var].iter().map(|(row, _)| *row));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        self.go_home();
        for figure in figures {
            self.at[figure] = self.outside(figure);
            self.home_at[figure] = self.at[figure];
        }
        for row in rows {
            let slack = self.figures + row;
            let sum: f64 = self.rows[row].iter().map(|(f, c)| c * self.home[*f]).sum();
            (self.home[slack], self.value[slack]) = (-sum, -sum);
        }
    }

    /// Takes another home, given for every figure.
    pub(super) fn move_home(&mut self, figures: &[i64]) {
        let mut home: Vec<f64> = figures.iter().map(|n| *n as f64).collect();
        for terms in &self.rows {
            home.push(-terms.iter().map(|(f, c)| c * home[*f]).sum::<f64>());
        }
        self.restore(home);
    }

    /// Takes a home, given for every variable.
    pub(super) fn restore(&mut self, home: Vec<f64>) {
        self.go_home();
        self.value.clone_from(&home);
        self.home = home;
        self.home_head = (self.figures..self.low.len()).collect();
        self.head.clone_from(&self.home_head);
        self.home_basis.clear();
        self.basis.clear();
        for var in 0..self.low.len() {
            self.at[var] = if var < self.figures {
                self.outside(var)
            } else {
                At::Basic(var - self.figures)
            };
        }
        self.home_at.clone_from(&self.at);
    }

    /// Gives a figure another range; its value at home is brought into it.
    pub(super) fn bound(&mut self, figure: usize, low: f64, high: f64) {
        self.go_home();
        (self.low[figure], self.high[figure]) = (low, high);
        let by = self.home[figure].clamp(low, high) - self.home[figure];
        self.home[figure] += by;
        self.value[figure] = self.home[figure];
        self.at[figure] = self.outside(figure);
        self.home_at[figure] = self.at[figure];
        if by != 0.0 {
            for at in 0..self.columns[figure].len() {
                let (row, factor) = self.columns[figure][at];
                let slack = self.figures + row;
                self.home[slack] -= factor * by;
                self.value[slack] = self.home[slack];
            }
        }
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
            for (figure, factor) in &self.rows[row] {
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
            if self.high[var] <= self.low[var] {
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
    fn proof(&self) -> Proof {
        let is_outside = |var: usize| !matches!(self.at[var], At::Basic(_));
        let mut figures: Vec<usize> = self
            .gains
            .iter()
            .filter(|(var, gain)| *var < self.figures && gain.abs() > NEAR && is_outside(*var))
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
        if !self.triangulate(&inside, &mut free, &mut head) {
            return false;
        }
        self.basis.since = 0;
        self.renewed = true;
        self.exchanged = (0..rows).filter(|r| head[*r] != self.home_head[*r]).collect();
        for (row, var) in head.iter().enumerate() {
            self.at[*var] = At::Basic(row);
        }
        self.head = head;
        self.settle_values();
        true
    }

    /// Writes the columns of these figures into an empty chain, each at a row of its own that is free.
    fn triangulate(&mut self, inside: &[usize], free: &mut [bool], head: &mut [usize]) -> bool {
        self.basis.clear();
        let shapes: Vec<Vec<usize>> = inside
            .iter()
            .map(|v| self.columns[*v].iter().map(|(row, _)| *row).collect())
            .collect();
        let mut column = std::mem::take(&mut self.column);
        let mut whole = true;
        for (index, wanted) in order(&shapes, free.len(), free) {
            let var = inside[index];
            column.clear();
            self.spread(var, &mut column);
            self.basis.forward(&mut column);
            let largest = || {
                let open = column.iter().filter(|(r, _)| free[*r]);
                open.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(&a.0)))
                    .map(|(r, _)| r)
            };
            let sure = wanted.filter(|r| free[*r] && column.at(*r).abs() > 1e-6);
            let Some(row) = sure.or_else(largest).filter(|r| column.at(*r).abs() > PIVOT) else {
                whole = false;
                break;
            };
            self.basis.exchange(&column, row);
            free[row] = false;
            head[row] = var;
        }
        self.column = column;
        whole
    }

    /// The values of the basic variables, from those of the others.
    fn settle_values(&mut self) {
        let mut right = std::mem::take(&mut self.column);
        right.clear();
        for var in 0..self.low.len() {
            if matches!(self.at[var], At::Basic(_)) || self.value[var] == 0.0 {
                continue;
            }
            if var >= self.figures {
                right.add(var - self.figures, -self.value[var]);
            } else {
                for (row, factor) in &self.columns[var] {
                    right.add(*row, -factor * self.value[var]);
                }
            }
        }
        self.basis.forward(&mut right);
        for row in 0..self.head.len() {
            let var = self.head[row];
            self.value[var] = right.at(row);
            self.touch(var);
        }
        self.column = right;
    }
}
