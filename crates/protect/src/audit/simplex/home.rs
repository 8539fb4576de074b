//! The home of a program: the table from which every question starts, with the slack of every row in the basis.

use super::{At, NEAR, PIVOT, Simplex};
use crate::audit::basis::order;

impl Simplex {
    /// Every variable as at home.
    pub(super) fn go_home(&mut self) {
        for row in std::mem::take(&mut self.exchanged) {
            self.head[row] = self.figures + row;
        }
        for var in std::mem::take(&mut self.moved) {
            self.value[var] = self.home[var];
            self.is_moved[var] = false;
            self.at[var] = self.home_at[var];
        }
        self.basis.clear();
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
    pub(in crate::audit) fn move_home(&mut self, figures: &[f64]) {
        let mut home: Vec<f64> = figures.to_vec();
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
        self.head = (self.figures..self.low.len()).collect();
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
        let moved = self.can_move(figure);
        (self.low[figure], self.high[figure]) = (low, high);
        if self.can_move(figure) != moved {
            for at in 0..self.columns[figure].len() {
                self.enliven(self.columns[figure][at].0);
            }
        }
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

    /// Gives a row other ends.
    pub(in crate::audit) fn bound_row(&mut self, row: usize, low: f64, high: f64) {
        self.go_home();
        (self.low[self.figures + row], self.high[self.figures + row]) = (-high, -low);
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
        self.exchanged = (0..rows).filter(|row| head[*row] != self.figures + row).collect();
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
