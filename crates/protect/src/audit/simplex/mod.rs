//! A linear program over one connected piece of published tables: the largest and smallest value that a figure can
//! have, again and again over the same constraints.
//!
//! Bounded primal simplex over a [basis kept by its kernel](super::kernel), started from one table, the home: every figure stands
//! outside the basis at its value there, the slack of every row inside. A question about one figure then moves only what lies near
//! it. One that came to its end before, when more was published, goes on from there ([`Stand`]). The ends do not depend on the
//! way; which of several proofs is found does, and every choice on the way is made by number and index, so the way is the same on
//! every machine.
//!
//! A row without ends (the sum of a hidden total) can stop nothing. Its slack follows when a question is at its end.

mod exchange;
mod home;
mod stand;

pub(super) use stand::Stand;

use exchange::Entering;

use super::kernel::Kernel;
use super::sparse::Sparse;

/// Feasible to within this; counts are whole numbers, so it is generous.
pub(super) const NEAR: f64 = 1e-7;
/// A pivot must be larger than this.
const PIVOT: f64 = 1e-8;
/// Exchanges before the inverse is made anew; and where a question lost its numbers before.
const RENEW: usize = 200;
const RENEW_SOON: usize = 8;
/// Steps without progress before the cautious rule (lowest index first) takes over.
const STALLED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Basic,
    Low,
    High,
    /// Outside the basis at a value between its bounds.
    Between,
}

/// A row: factors of figures, and the ends of their sum.
pub(super) type Bounded = (Vec<(usize, f64)>, f64, f64);

/// An end of a row's sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Low,
    High,
}

/// What shows that the objective can grow no further: figures whose bounds, and rows whose ends, were used. What figures that
/// cannot move have to do with it is left to whoever knows which rows speak of one sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Proof {
    pub(super) figures: Vec<usize>,
    pub(super) rows: Vec<Priced>,
}

/// A row in a proof.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Priced {
    pub(super) row: usize,
    /// What the objective gains for a unit more of its right side.
    pub(super) price: f64,
    /// What it gains for a unit of its slack, where that stands at an end.
    pub(super) gain: f64,
    /// The end of the sum that was used; none where the slack is in the basis.
    pub(super) end: Option<End>,
    /// Whether its sum is in the objective.
    pub(super) asked: bool,
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

/// A figure or a slack: what a step asks of it, side by side.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    at: At,
    /// Whether it is not as at home.
    is_moved: bool,
}

impl Variable {
    fn can_move(&self) -> bool {
        self.high > self.low
    }

    /// Where it stands outside the basis.
    fn outside(&self) -> At {
        if self.value <= self.low {
            At::Low
        } else if self.value >= self.high {
            At::High
        } else {
            At::Between
        }
    }
}

/// The program. Variables 0..n are figures; variable n + i is the slack of row i: Σ a x + s = 0.
pub(super) struct Simplex {
    pub(super) figures: usize,
    /// Of each figure the rows that can stop it, and those that have no ends.
    columns: Vec<Vec<(usize, f64)>>,
    loose: Vec<Vec<(usize, f64)>>,
    pub(super) rows: Vec<Vec<(usize, f64)>>,
    /// The rows without the figures whose range is one value: these never move, and matter for a proof only.
    live: Vec<Vec<(usize, f64)>>,
    pub(super) vars: Vec<Variable>,
    /// Value of each variable in the table that questions start from.
    pub(super) home: Vec<f64>,
    kernel: Kernel,
    /// Where every variable stands at home.
    home_at: Vec<At>,
    /// Variables that are not as at home.
    moved: Vec<usize>,
    objective: Vec<(usize, f64)>,
    /// The value of the objective.
    pub(super) reached: f64,
    prices: Sparse,
    gains: Sparse,
    entering: Entering,
    /// Room for factors by the places of the kernel.
    by_place: [Vec<f64>; 2],
    steps_left: usize,
    /// Steps that a question may take, and one that was lost and is asked again.
    pub(super) allowed: [usize; 2],
    renew_after: usize,
    stalled: usize,
    /// Steps ever made: the work done, whatever the machine.
    pub(super) steps: u64,
}

impl Simplex {
    /// Figures with bounds and a value within them to start from; rows Σ a x within bounds, which may not hold yet.
    pub(super) fn new(bounds: &[(f64, f64)], rows: &[Bounded], start: &[f64]) -> Self {
        let figures = bounds.len();
        let (mut columns, mut loose) = (vec![Vec::new(); figures], vec![Vec::new(); figures]);
        let variable = |value: f64, low: f64, high: f64| Variable {
            value,
            low,
            high,
            at: At::Basic,
            is_moved: false,
        };
        let all = start.iter().zip(bounds);
        let mut vars: Vec<Variable> = all.map(|(at, (low, high))| variable(*at, *low, *high)).collect();
        for (row, (terms, row_low, row_high)) in rows.iter().enumerate() {
            let of = if is_loose(*row_low, *row_high) {
                &mut loose
            } else {
                &mut columns
            };
            for (figure, factor) in terms {
                of[*figure].push((row, *factor));
            }
            let sum: f64 = terms.iter().map(|(f, c)| c * start[*f]).sum();
            vars.push(variable(-sum, -row_high, -row_low));
        }
        let mut simplex = Self {
            figures,
            columns,
            loose,
            live: vec![Vec::new(); rows.len()],
            rows: rows.iter().map(|(terms, ..)| terms.clone()).collect(),
            home: vars.iter().map(|var| var.value).collect(),
            kernel: Kernel::new(rows.len(), figures),
            home_at: Vec::new(),
            moved: Vec::new(),
            objective: Vec::new(),
            reached: 0.0,
            prices: Sparse::zero(rows.len()),
            gains: Sparse::zero(vars.len()),
            allowed: [200 * vars.len() + 2000; 2],
            vars,
            entering: Entering {
                inside: Vec::new(),
                slacks: Sparse::zero(rows.len()),
            },
            by_place: [Vec::new(), Vec::new()],
            steps_left: 0,
            renew_after: RENEW,
            stalled: 0,
            steps: 0,
        };
        for var in &mut simplex.vars[..figures] {
            var.at = var.outside();
        }
        simplex.home_at = simplex.vars.iter().map(|var| var.at).collect();
        (0..rows.len()).for_each(|row| simplex.enliven(row));
        simplex
    }

    /// Notes which figures of a row can move.
    fn enliven(&mut self, row: usize) {
        let (vars, live) = (&self.vars, &mut self.live[row]);
        let terms = self.rows[row].iter().copied();
        live.clear();
        live.extend(terms.filter(|(figure, _)| vars[*figure].can_move()));
    }

    pub(super) fn is_basic(&self, var: usize) -> bool {
        self.vars[var].at == At::Basic
    }

    /// The value of Σ factor × variable as things stand.
    pub(super) fn sum(&self, terms: &[(usize, f64)]) -> f64 {
        terms
            .iter()
            .map(|(var, factor)| factor * self.vars[*var].value)
            .sum()
    }

    /// Variables that have another value than at home.
    pub(super) fn moved(&self) -> impl Iterator<Item = usize> + '_ {
        self.moved.iter().copied()
    }

    /// Back to the home table for a new objective, or to where it came to its end before.
    pub(super) fn ask(&mut self, objective: &[(usize, f64)], from: Option<&Stand>) {
        self.go_home();
        if let Some(stand) = from {
            self.go_to(stand);
        }
        self.objective.clear();
        self.objective.extend_from_slice(objective);
        self.reached = objective
            .iter()
            .map(|(var, factor)| factor * self.value_of(*var))
            .sum();
        self.steps_left = self.allowed[0];
        self.renew_after = RENEW;
        self.stalled = 0;
    }

    /// The same from home, for an objective whose numbers became too rough: the inverse is made anew every few exchanges.
    pub(super) fn ask_carefully(&mut self, objective: &[(usize, f64)]) {
        self.ask(objective, None);
        self.steps_left = self.allowed[1];
        self.renew_after = RENEW_SOON;
    }

    /// One exchange towards a larger objective.
    pub(super) fn step(&mut self) -> Step {
        if self.steps_left == 0 || (self.kernel.since >= self.renew_after && !self.renew()) {
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
        self.spread(enters);
        let direction = if up { 1.0 } else { -1.0 };
        let Some(far) = self.exchange(enters, direction, cautious) else {
            return Step::Lost;
        };
        self.reached += far * gain;
        self.stalled = if far * gain > NEAR { 0 } else { self.stalled + 1 };
        Step::Moved
    }

    fn shift(&mut self, var: usize, by: f64) {
        self.vars[var].value += by;
        self.touch(var);
    }

    fn touch(&mut self, var: usize) {
        if !std::mem::replace(&mut self.vars[var].is_moved, true) {
            self.moved.push(var);
        }
    }

    /// Works out what the objective gains for a unit of each variable outside the basis. Only rows with a price, and the
    /// objective, matter: a question stays in its neighbourhood.
    fn price(&mut self) {
        self.prices.clear();
        self.gains.clear();
        let [factors, prices] = &mut self.by_place;
        factors.clear();
        factors.resize(self.kernel.figures().len(), 0.0);
        for (var, factor) in &self.objective {
            if self.vars[*var].at != At::Basic {
                self.gains.add(*var, *factor);
            } else if let Some(row) = var.checked_sub(self.figures) {
                self.prices.add(row, *factor);
                for (figure, own) in &self.live[row] {
                    if let Some(place) = self.kernel.place_of_figure(*figure) {
                        factors[place] -= factor * own;
                    }
                }
            } else if let Some(place) = self.kernel.place_of_figure(*var) {
                factors[place] += *factor;
            }
        }
        self.kernel.solve_left(factors, prices);
        for (row, price) in self.kernel.rows().iter().zip(prices) {
            self.prices.add(*row, *price);
        }
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
            let variable = &self.vars[var];
            let up = match variable.at {
                At::Low if gain > NEAR => true,
                At::High if gain < -NEAR => false,
                At::Between if gain.abs() > NEAR => gain > 0.0,
                _ => continue,
            };
            if !variable.can_move() {
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
        let held =
            |(var, gain): &(usize, f64)| *var < self.figures && gain.abs() > NEAR && !self.is_basic(*var);
        let mut figures: Vec<usize> = self.gains.iter().filter(held).map(|(var, _)| var).collect();
        let mut rows: Vec<Priced> = self
            .prices
            .iter()
            .filter_map(|(row, price)| self.priced(row, price))
            .collect();
        figures.sort_unstable();
        rows.sort_unstable_by_key(|priced| priced.row);
        Proof { figures, rows }
    }

    fn priced(&self, row: usize, price: f64) -> Option<Priced> {
        let slack = self.figures + row;
        let gain = if self.is_basic(slack) {
            0.0
        } else {
            self.gains.at(slack)
        };
        (price.abs() > NEAR || gain.abs() > NEAR).then_some(Priced {
            row,
            price,
            gain,
            end: (gain.abs() > NEAR).then_some(if gain < 0.0 { End::High } else { End::Low }),
            asked: self.objective.iter().any(|(var, _)| *var == slack),
        })
    }
}

/// Whether a row with these ends stops nothing.
fn is_loose(low: f64, high: f64) -> bool {
    low == f64::NEG_INFINITY && high == f64::INFINITY
}
