//! Where a question came to its end, to go on from there once less is published.

use super::{At, NEAR, Simplex};

/// The figures that have moved, and what is inside the basis.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Stand {
    figures: Vec<(usize, f64)>,
    inside: Vec<usize>,
    rows: Vec<usize>,
}

impl Simplex {
    /// Where the program stands.
    pub(in crate::audit) fn stand(&self) -> Stand {
        let figures = self.moved.iter().filter(|var| **var < self.figures);
        Stand {
            figures: figures.map(|figure| (*figure, self.value[*figure])).collect(),
            inside: self.kernel.figures().to_vec(),
            rows: self.kernel.rows().to_vec(),
        }
    }

    /// From home to where a question stood, if that still satisfies everything; else it stays at home.
    pub(super) fn go_to(&mut self, stand: &Stand) {
        for (figure, value) in &stand.figures {
            let by = value - self.value[*figure];
            self.shift(*figure, by);
            for at in 0..self.columns[*figure].len() {
                let (row, factor) = self.columns[*figure][at];
                self.shift(self.figures + row, -factor * by);
            }
        }
        let fits = |var: &usize| {
            let value = self.value[*var];
            value >= self.low[*var] - NEAR && value <= self.high[*var] + NEAR
        };
        if !self.moved.iter().all(fits) || !self.kernel.restore(&stand.rows, &stand.inside, &self.columns) {
            self.go_home();
            return;
        }
        for (figure, _) in &stand.figures {
            self.at[*figure] = self.stands(*figure);
        }
        for row in &stand.rows {
            self.at[self.figures + row] = self.stands(self.figures + row);
            self.touch(self.figures + row);
        }
        for figure in &stand.inside {
            self.at[*figure] = At::Basic;
            self.touch(*figure);
        }
    }

    /// Where a variable stands outside the basis; brought to its end where it is near.
    fn stands(&mut self, var: usize) -> At {
        for end in [self.low[var], self.high[var]] {
            if (self.value[var] - end).abs() < NEAR {
                self.value[var] = end;
            }
        }
        self.outside(var)
    }

    /// The value of a variable, also of a slack that does not follow step by step.
    pub(super) fn value_of(&self, var: usize) -> f64 {
        match var.checked_sub(self.figures) {
            Some(row) => -self.rows[row]
                .iter()
                .map(|(figure, factor)| factor * self.value[*figure])
                .sum::<f64>(),
            _ => self.value[var],
        }
    }
}
