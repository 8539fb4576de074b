//! The home of a program: the table and the basis from which every question starts.
//!
//! A good basis at home makes a question a handful of steps instead of hundreds: every sum has a figure of its own inside
//! the basis, whose movement then follows from that of the others.

use super::{At, NEAR, PIVOT, Simplex};
use crate::audit::basis::order;

/// More room than this makes no figure a better basic variable.
const CRASH_ROOM: f64 = 8.0;

impl Simplex {
    /// Every variable as at home.
    pub(super) fn go_home(&mut self) {
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
    pub(in crate::audit) fn crash(&mut self) {
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
    pub(in crate::audit) fn take_basis(&mut self, basics: &[bool]) -> bool {
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

    pub(in crate::audit) fn is_basic(&self, figure: usize) -> bool {
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
    pub(in crate::audit) fn settle(&mut self) {
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
    pub(in crate::audit) fn move_home(&mut self, figures: &[i64]) {
        let mut home: Vec<f64> = figures.iter().map(|n| *n as f64).collect();
        for terms in &self.rows {
            home.push(-terms.iter().map(|(f, c)| c * home[*f]).sum::<f64>());
        }
        self.restore(home);
    }

    /// Takes a home, given for every variable.
    pub(in crate::audit) fn restore(&mut self, home: Vec<f64>) {
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
    pub(in crate::audit) fn bound(&mut self, figure: usize, low: f64, high: f64) {
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

    /// Writes the chain of the basis anew, and the values of its variables from those outside it.
    pub(super) fn renew(&mut self) -> bool {
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
