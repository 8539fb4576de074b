//! The home of a program: the table from which every question starts, with the slack of every row in the basis.

use super::{At, NEAR, Simplex, is_loose};

impl Simplex {
    /// Every variable as at home.
    pub(super) fn go_home(&mut self) {
        for var in std::mem::take(&mut self.moved) {
            self.vars[var].value = self.home[var];
            self.vars[var].at = self.home_at[var];
            self.vars[var].is_moved = false;
        }
        self.kernel.clear();
    }

    /// Makes the table as it stands the home.
    pub(in crate::audit) fn settle(&mut self) {
        let (mut rows, mut figures): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for var in &self.moved {
            if *var < self.figures {
                let near = self.vars[*var].value.round();
                let value = if (self.vars[*var].value - near).abs() < NEAR {
                    near
                } else {
                    self.vars[*var].value
                };
                self.home[*var] = value.clamp(self.vars[*var].low, self.vars[*var].high);
                figures.push(*var);
                rows.extend(self.rows_with(*var).map(|(row, _)| row));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        self.go_home();
        for figure in figures {
            self.vars[figure].at = self.vars[figure].outside();
            self.home_at[figure] = self.vars[figure].at;
        }
        for row in rows {
            let slack = self.figures + row;
            let sum: f64 = self.rows[row].iter().map(|(f, c)| c * self.home[*f]).sum();
            (self.home[slack], self.vars[slack].value) = (-sum, -sum);
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
        self.home_at.clear();
        for (at, (var, value)) in self.vars.iter_mut().zip(&home).enumerate() {
            var.value = *value;
            var.at = if at < self.figures {
                var.outside()
            } else {
                At::Basic
            };
            self.home_at.push(var.at);
        }
        self.home = home;
    }

    /// Gives a figure another range; its value at home is brought into it.
    pub(in crate::audit) fn bound(&mut self, figure: usize, low: f64, high: f64) {
        self.go_home();
        let moved = self.vars[figure].can_move();
        (self.vars[figure].low, self.vars[figure].high) = (low, high);
        if self.vars[figure].can_move() != moved {
            let rows: Vec<usize> = self.rows_with(figure).map(|(row, _)| row).collect();
            rows.into_iter().for_each(|row| self.enliven(row));
        }
        let by = self.home[figure].clamp(low, high) - self.home[figure];
        self.home[figure] += by;
        self.vars[figure].value = self.home[figure];
        self.vars[figure].at = self.vars[figure].outside();
        self.home_at[figure] = self.vars[figure].at;
        if by != 0.0 {
            let rows: Vec<(usize, f64)> = self.rows_with(figure).collect();
            for (row, factor) in rows {
                let slack = self.figures + row;
                self.home[slack] -= factor * by;
                self.vars[slack].value = self.home[slack];
            }
        }
    }

    /// Gives a row other ends.
    pub(in crate::audit) fn bound_row(&mut self, row: usize, low: f64, high: f64) {
        self.go_home();
        let slack = self.figures + row;
        let was_loose = is_loose(self.vars[slack].low, self.vars[slack].high);
        (self.vars[slack].low, self.vars[slack].high) = (-high, -low);
        if is_loose(low, high) == was_loose {
            return;
        }
        let (from, to) = if was_loose {
            (&mut self.loose, &mut self.columns)
        } else {
            (&mut self.columns, &mut self.loose)
        };
        for (figure, factor) in &self.rows[row] {
            from[*figure].retain(|(other, _)| *other != row);
            let place = to[*figure].partition_point(|(other, _)| *other < row);
            to[*figure].insert(place, (row, *factor));
        }
    }

    /// The rows that a figure is in, with its factors.
    pub(super) fn rows_with(&self, figure: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.columns[figure].iter().chain(&self.loose[figure]).copied()
    }

    /// Lets the slacks of rows without ends follow the figures that have moved.
    pub(in crate::audit) fn follow(&mut self) {
        for at in 0..self.moved.len() {
            let figure = self.moved[at];
            if figure >= self.figures {
                continue;
            }
            let by = self.vars[figure].value - self.home[figure];
            if by != 0.0 {
                for at in 0..self.loose[figure].len() {
                    let (row, factor) = self.loose[figure][at];
                    self.shift(self.figures + row, -factor * by);
                }
            }
        }
    }

    /// Makes the inverse anew, and the values of the basic variables from those outside the basis.
    pub(super) fn renew(&mut self) -> bool {
        if !self.kernel.renew(&self.columns) {
            return false;
        }
        let right: Vec<(usize, f64)> = self
            .kernel
            .rows()
            .iter()
            .map(|row| (*row, self.lacks(*row)))
            .collect();
        let mut values = Vec::new();
        self.kernel.solve(&right, &mut values);
        let figures = self.kernel.figures().to_vec();
        let mut rows = Vec::new();
        for (figure, value) in figures.into_iter().zip(values) {
            self.vars[figure].value = value;
            rows.extend(self.columns[figure].iter().map(|(row, _)| *row));
        }
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            if self.kernel.place_of_row(row).is_none() {
                let sum: f64 = self.rows[row].iter().map(|(f, c)| c * self.vars[*f].value).sum();
                let slack = self.figures + row;
                self.shift(slack, -sum - self.vars[slack].value);
            }
        }
        true
    }

    /// What the basic figures of a row have to add up to.
    fn lacks(&self, row: usize) -> f64 {
        let outside = self.rows[row]
            .iter()
            .filter(|(figure, _)| !self.is_basic(*figure));
        let sum: f64 = outside
            .map(|(figure, factor)| factor * self.vars[*figure].value)
            .sum();
        -sum - self.vars[self.figures + row].value
    }
}
