//! One exchange: how far the variable that enters may go, what stops it, and how the basis changes.

use super::{At, NEAR, PIVOT, Simplex, Variable};
use crate::audit::sparse::Sparse;

/// What moves inside the basis for a unit of the variable that enters: figures by their place in the kernel, slacks by row.
#[derive(Default)]
pub(super) struct Entering {
    pub(super) inside: Vec<f64>,
    pub(super) slacks: Sparse,
}

/// What leaves the basis: the figure at a place of the kernel, or the slack of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    Figure(usize),
    Slack(usize),
}

/// What stops the entering variable first, as far as is known.
struct Stop {
    far: f64,
    leaves: Leaves,
    bound: At,
    var: usize,
    /// How much it moves for a unit.
    size: f64,
}

impl Simplex {
    /// Moves the entering variable as far as it may go; how far that was, if there is an end.
    pub(super) fn exchange(&mut self, enters: usize, direction: f64, cautious: bool) -> Option<f64> {
        let (far, leaves, bound) = self.leaving(direction, cautious);
        let Variable { value, low, high, .. } = self.vars[enters];
        let flip = if direction > 0.0 {
            high - value
        } else {
            value - low
        };
        let far_enough = far.min(flip);
        if !far_enough.is_finite() {
            return None;
        }
        // Nine steps of ten only exchange, at a corner where many rows meet.
        if far_enough != 0.0 {
            self.go(-direction * far_enough);
        }
        self.touch(enters);
        if flip <= far {
            let variable = &mut self.vars[enters];
            (variable.at, variable.value) = if direction > 0.0 {
                (At::High, high)
            } else {
                (At::Low, low)
            };
            return Some(far_enough);
        }
        self.vars[enters].value += direction * far_enough;
        let out = match leaves {
            Leaves::Figure(place) => self.kernel.figures()[place],
            Leaves::Slack(row) => self.figures + row,
        };
        let leaving = &mut self.vars[out];
        leaving.at = bound;
        leaving.value = if bound == At::Low {
            leaving.low
        } else {
            leaving.high
        };
        self.touch(out);
        self.vars[enters].at = At::Basic;
        self.change_kernel(enters, leaves);
        Some(far_enough)
    }

    /// Moves what is inside the basis for so much of the entering variable, the other way.
    fn go(&mut self, by: f64) {
        let entering = std::mem::take(&mut self.entering);
        for (place, rate) in entering.inside.iter().enumerate() {
            if *rate != 0.0 {
                self.shift(self.kernel.figures()[place], by * rate);
            }
        }
        for (row, rate) in entering.slacks.iter() {
            self.shift(self.figures + row, by * rate);
        }
        self.entering = entering;
    }

    /// Takes the exchange into the kernel.
    fn change_kernel(&mut self, enters: usize, leaves: Leaves) {
        let row_of_slack = enters.checked_sub(self.figures);
        let back = row_of_slack.and_then(|row| self.kernel.place_of_row(row));
        match (back, leaves) {
            (None, Leaves::Figure(place)) => self.kernel.change_figure(place, enters, &self.entering.inside),
            (Some(back), Leaves::Figure(place)) => self.kernel.shrink(back, place),
            (_, Leaves::Slack(row)) => {
                let [factors, by_row] = &mut self.by_place;
                factors.clear();
                factors.resize(self.kernel.figures().len(), 0.0);
                for (figure, factor) in &self.live[row] {
                    if let Some(place) = self.kernel.place_of_figure(*figure) {
                        factors[place] = *factor;
                    }
                }
                self.kernel.solve_left(factors, by_row);
                match back {
                    Some(back) => self.kernel.change_row(back, row, by_row),
                    None => {
                        let pivot = self.entering.slacks.at(row);
                        self.kernel
                            .grow(row, enters, &self.entering.inside, by_row, pivot);
                    }
                }
            }
        }
    }

    /// How far the entering variable may go, and which basic variable stops it at which of its bounds.
    fn leaving(&self, direction: f64, cautious: bool) -> (f64, Leaves, At) {
        let mut stop = Stop {
            far: f64::INFINITY,
            leaves: Leaves::Slack(usize::MAX),
            bound: At::Low,
            var: usize::MAX,
            size: 0.0,
        };
        for (place, rate) in self.entering.inside.iter().enumerate() {
            let var = self.kernel.figures()[place];
            self.stop_at(var, Leaves::Figure(place), -direction * rate, cautious, &mut stop);
        }
        for (row, rate) in self.entering.slacks.iter() {
            let var = self.figures + row;
            self.stop_at(var, Leaves::Slack(row), -direction * rate, cautious, &mut stop);
        }
        (stop.far, stop.leaves, stop.bound)
    }

    /// Takes a basic variable as what stops, if it does so sooner; of equal ones that which moves most.
    #[inline]
    fn stop_at(&self, var: usize, leaves: Leaves, rate: f64, cautious: bool, stop: &mut Stop) {
        let size = rate.abs();
        if size <= PIVOT {
            return;
        }
        let Variable { value, low, high, .. } = self.vars[var];
        let (mut room, mut bound) = if rate > 0.0 {
            (high - value, At::High)
        } else {
            (value - low, At::Low)
        };
        if value < low - NEAR || value > high + NEAR {
            // A variable outside its bounds stops at the bound it violates, and is free to go further away.
            if (rate > 0.0) != (value < low) {
                return;
            }
            (room, bound) = if rate > 0.0 {
                (low - value, At::Low)
            } else {
                (value - high, At::High)
            };
        }
        if room >= (stop.far + 1e-9) * size {
            return;
        }
        let reach = room.max(0.0) / size;
        let better = if cautious {
            reach < stop.far - 1e-12 || (reach <= stop.far + 1e-12 && var < stop.var)
        } else {
            reach < stop.far - 1e-9 || (reach <= stop.far + 1e-9 && size > stop.size)
        };
        if better {
            *stop = Stop {
                far: reach.min(stop.far),
                leaves,
                bound,
                var,
                size,
            };
        }
    }

    /// What a unit of a variable moves, inside the basis.
    pub(super) fn spread(&mut self, var: usize) {
        let Entering { inside, slacks } = &mut self.entering;
        slacks.clear();
        match var.checked_sub(self.figures) {
            None => {
                self.kernel.solve(&self.columns[var], inside);
                slacks.add_all(&self.columns[var], 1.0);
            }
            Some(row) => match self.kernel.place_of_row(row) {
                Some(place) => self.kernel.column(place, inside),
                None => inside.clear(),
            },
        }
        for (figure, rate) in self.kernel.figures().iter().zip(inside) {
            if *rate != 0.0 {
                slacks.add_all(&self.columns[*figure], -*rate);
            }
        }
        // The slacks of these are outside the basis.
        for row in self.kernel.rows() {
            slacks.set(*row, 0.0);
        }
    }
}
