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
            figures: figures
                .map(|figure| (*figure, self.vars[*figure].value))
                .collect(),
            inside: self.kernel.figures().to_vec(),
            rows: self.kernel.rows().to_vec(),
        }
    }

    /// From home to where a question stood, if that still satisfies everything; else it stays at home.
    pub(super) fn go_to(&mut self, stand: &Stand) {
        // A number that was shown again moves no more, and rows leave such figures out ([`Simplex::live`]): with one inside, what
        // is worked out by rows is wrong.
        if !stand.inside.iter().all(|figure| self.vars[*figure].can_move()) {
            return;
        }
        for (figure, value) in &stand.figures {
            let by = value - self.vars[*figure].value;
            self.shift(*figure, by);
            for at in 0..self.columns[*figure].len() {
                let (row, factor) = self.columns[*figure][at];
                self.shift(self.figures + row, -factor * by);
            }
        }
        let fits = |var: &usize| {
            let var = &self.vars[*var];
            var.value >= var.low - NEAR && var.value <= var.high + NEAR
        };
        if !self.moved.iter().all(fits) || !self.kernel.restore(&stand.rows, &stand.inside, &self.columns) {
            self.go_home();
            return;
        }
        for (figure, _) in &stand.figures {
            self.vars[*figure].at = self.stands(*figure);
        }
        for row in &stand.rows {
            self.vars[self.figures + row].at = self.stands(self.figures + row);
            self.touch(self.figures + row);
        }
        for figure in &stand.inside {
            self.vars[*figure].at = At::Basic;
            self.touch(*figure);
        }
    }

    /// Where a variable stands outside the basis; brought to its end where it is near.
    fn stands(&mut self, var: usize) -> At {
        let var = &mut self.vars[var];
        for end in [var.low, var.high] {
            if (var.value - end).abs() < NEAR {
                var.value = end;
            }
        }
        var.outside()
    }

    /// The value of a variable, also of a slack that does not follow step by step.
    pub(super) fn value_of(&self, var: usize) -> f64 {
        match var.checked_sub(self.figures) {
            Some(row) => -self.rows[row]
                .iter()
                .map(|(figure, factor)| factor * self.vars[*figure].value)
                .sum::<f64>(),
            _ => self.vars[var].value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{At, Simplex, Step};

    /// Two figures of ten together, and the first of them with a third of at most twelve.
    fn program() -> Simplex {
        let rows = [
            (vec![(0, 1.0), (1, 1.0)], 10.0, 10.0),
            (vec![(0, 1.0), (2, 1.0)], f64::NEG_INFINITY, 12.0),
        ];
        Simplex::new(&[(0.0, 100.0); 3], &rows, &[4.0, 6.0, 5.0])
    }

    fn end(simplex: &mut Simplex) -> f64 {
        while matches!(simplex.step(), Step::Moved) {}
        simplex.reached
    }

    #[test]
    fn a_question_goes_on_from_its_end_unless_a_figure_inside_moves_no_more() {
        let mut simplex = program();
        let least_of_second = [(1, -1.0)];
        simplex.ask(&least_of_second, None);
        assert_eq!(end(&mut simplex), 0.0);
        let stand = simplex.stand();
        assert!(stand.inside.contains(&0), "it came in place of a row");

        simplex.ask(&least_of_second, Some(&stand));
        assert_eq!(
            (simplex.reached, simplex.stand().inside),
            (0.0, stand.inside.clone())
        );

        // The first is shown again, as what it was where the question stood.
        let mut simplex = program();
        simplex.move_home(&[10.0, 0.0, 2.0]);
        simplex.bound(0, 10.0, 10.0);
        simplex.ask(&[(2, 1.0)], Some(&stand));
        assert!(!simplex.is_basic(0) && simplex.stand().inside.is_empty());
        assert_eq!(simplex.vars[0].at, At::Low);
        assert_eq!(end(&mut simplex), 2.0);
    }
}
