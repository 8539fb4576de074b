//! The inverse of a basis that differs from one of slacks alone by a few figures.
//!
//! Where the slack of a row stands in the basis, its column is a unit column and needs no inverse. What is left is a small
//! square matrix: the rows whose slack has left, over the figures that came in their place. Only its inverse is kept, with every
//! number written out: a question moves some twenty figures, while each of them is in hundreds of rows, so that a chain of
//! exchanged columns (product form) has hundreds of numbers for each of the inverse's.
//!
//! With M the matrix and a_r the factors of a row over the figures inside, of any row outside M the change is a_r·M⁻¹ of the
//! right side: the Schur complement of the slacks. Exchanges border, shrink or change M⁻¹ by one row or column at a time (V. N.
//! Faddeeva, Computational Methods of Linear Algebra, 1959, "bordering"; the product form for one column).

use super::square::Square;

/// Numbers smaller than this are what rounding left of a zero.
const TINY: f64 = 1e-11;
/// No place.
const NOWHERE: u32 = u32::MAX;
/// A pivot must be larger than this when the inverse is made anew.
const PIVOT: f64 = 1e-8;

/// M⁻¹, with the rows and figures of M.
pub(super) struct Kernel {
    rows: Vec<usize>,
    figures: Vec<usize>,
    place_of_row: Vec<u32>,
    place_of_figure: Vec<u32>,
    /// Row p, column i: of the figure at place p and the row at place i.
    inverse: Square,
    /// A row of it, in hand.
    own: Vec<f64>,
    /// Exchanges since the inverse was last made from M itself.
    pub(super) since: usize,
}

impl Kernel {
    /// Nothing inside: a basis of slacks.
    pub(super) fn new(rows: usize, figures: usize) -> Self {
        Self {
            rows: Vec::new(),
            figures: Vec::new(),
            place_of_row: vec![NOWHERE; rows],
            place_of_figure: vec![NOWHERE; figures],
            inverse: Square::default(),
            own: Vec::new(),
            since: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        for row in self.rows.drain(..) {
            self.place_of_row[row] = NOWHERE;
        }
        for figure in self.figures.drain(..) {
            self.place_of_figure[figure] = NOWHERE;
        }
        self.inverse.clear();
        self.since = 0;
    }

    /// Takes these rows and figures, as many of each; false where their matrix cannot be inverted.
    pub(super) fn restore(
        &mut self,
        rows: &[usize],
        figures: &[usize],
        columns: &[Vec<(usize, f64)>],
    ) -> bool {
        self.clear();
        for (at, (row, figure)) in rows.iter().zip(figures).enumerate() {
            self.place_of_row[*row] = place(at);
            self.place_of_figure[*figure] = place(at);
        }
        self.rows.extend_from_slice(rows);
        self.figures.extend_from_slice(figures);
        self.renew(columns)
    }

    /// The rows whose slack is outside the basis.
    pub(super) fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The figures inside the basis.
    pub(super) fn figures(&self) -> &[usize] {
        &self.figures
    }

    pub(super) fn place_of_row(&self, row: usize) -> Option<usize> {
        let place = self.place_of_row[row];
        (place != NOWHERE).then_some(place as usize)
    }

    pub(super) fn place_of_figure(&self, figure: usize) -> Option<usize> {
        let place = self.place_of_figure[figure];
        (place != NOWHERE).then_some(place as usize)
    }

    /// M⁻¹ a: by the places of figures, of factors by row. Rows outside M do not count.
    pub(super) fn solve(&self, factors: &[(usize, f64)], solved: &mut Vec<f64>) {
        solved.clear();
        solved.resize(self.figures.len(), 0.0);
        for (row, factor) in factors {
            let Some(place) = self.place_of_row(*row) else {
                continue;
            };
            for (solved, inverse) in solved.iter_mut().zip(self.inverse.rows()) {
                *solved += inverse[place] * factor;
            }
        }
        solved.iter_mut().for_each(without_tiny);
    }

    /// The column of M⁻¹ of a row at a place: what a unit of its slack moves.
    pub(super) fn column(&self, place: usize, column: &mut Vec<f64>) {
        column.clear();
        column.extend(self.inverse.rows().map(|row| row[place]));
    }

    /// f M⁻¹: by the places of rows, of factors by the places of figures.
    pub(super) fn solve_left(&self, factors: &[f64], solved: &mut Vec<f64>) {
        solved.clear();
        solved.resize(self.rows.len(), 0.0);
        for (factor, inverse) in factors.iter().zip(self.inverse.rows()) {
            if *factor != 0.0 {
                for (solved, inverse) in solved.iter_mut().zip(inverse) {
                    *solved += factor * inverse;
                }
            }
        }
        solved.iter_mut().for_each(without_tiny);
    }

    /// The slack of a row leaves for a figure. `by_figure` is M⁻¹ of the figure's factors, `by_row` the row's factors times M⁻¹,
    /// `pivot` the row's own factor of the figure less what the others make up for.
    pub(super) fn grow(&mut self, row: usize, figure: usize, by_figure: &[f64], by_row: &[f64], pivot: f64) {
        let size = self.rows.len();
        self.inverse.grow();
        for (inverse, change) in self.inverse.rows_mut().zip(by_figure) {
            let times = change / pivot;
            if times != 0.0 {
                for (inverse, by) in inverse.iter_mut().zip(by_row) {
                    *inverse += times * by;
                }
            }
            inverse[size] = -times;
        }
        let last = by_row.iter().map(|by| -by / pivot).chain([1.0 / pivot]);
        for (inverse, number) in self.inverse.row_mut(size).iter_mut().zip(last) {
            *inverse = number;
        }
        self.place_of_row[row] = place(self.rows.len());
        self.place_of_figure[figure] = place(self.figures.len());
        self.rows.push(row);
        self.figures.push(figure);
        self.since += 1;
    }

    /// A figure takes the place of another. `by_figure` is M⁻¹ of its factors.
    pub(super) fn change_figure(&mut self, at: usize, figure: usize, by_figure: &[f64]) {
        let pivot = by_figure[at];
        self.own.clear();
        self.own
            .extend(self.inverse.row(at).iter().map(|inverse| inverse / pivot));
        for (inverse, times) in self.inverse.rows_mut().zip(by_figure) {
            if *times != 0.0 {
                for (inverse, own) in inverse.iter_mut().zip(&self.own) {
                    *inverse -= times * own;
                }
            }
        }
        self.inverse.row_mut(at).copy_from_slice(&self.own);
        self.place_of_figure[self.figures[at]] = NOWHERE;
        self.place_of_figure[figure] = place(at);
        self.figures[at] = figure;
        self.since += 1;
    }

    /// The slack of a row comes back for that of another. `by_row` is the other's factors times M⁻¹.
    pub(super) fn change_row(&mut self, at: usize, row: usize, by_row: &[f64]) {
        for inverse in self.inverse.rows_mut() {
            let own = inverse[at] / by_row[at];
            if own != 0.0 {
                for (inverse, by) in inverse.iter_mut().zip(by_row) {
                    *inverse -= own * by;
                }
            }
            inverse[at] = own;
        }
        self.place_of_row[self.rows[at]] = NOWHERE;
        self.place_of_row[row] = place(at);
        self.rows[at] = row;
        self.since += 1;
    }

    /// The slack of the row at a place comes back, and the figure at a place leaves.
    pub(super) fn shrink(&mut self, row_at: usize, figure_at: usize) {
        self.own.clear();
        self.own.extend_from_slice(self.inverse.row(figure_at));
        for inverse in self.inverse.rows_mut() {
            let times = inverse[row_at] / self.own[row_at];
            if times != 0.0 {
                for (inverse, own) in inverse.iter_mut().zip(&self.own) {
                    *inverse -= times * own;
                }
            }
        }
        self.inverse.swap_remove(figure_at, row_at);
        self.place_of_row[self.rows.swap_remove(row_at)] = NOWHERE;
        self.place_of_figure[self.figures.swap_remove(figure_at)] = NOWHERE;
        if let Some(moved) = self.rows.get(row_at) {
            self.place_of_row[*moved] = place(row_at);
        }
        if let Some(moved) = self.figures.get(figure_at) {
            self.place_of_figure[*moved] = place(figure_at);
        }
        self.since += 1;
    }

    /// Makes the inverse anew from M, whose columns are those of the figures; false where M cannot be inverted.
    pub(super) fn renew(&mut self, columns: &[Vec<(usize, f64)>]) -> bool {
        let size = self.rows.len();
        // M beside the unit matrix, row after row.
        let mut matrix = std::mem::take(&mut self.own);
        matrix.clear();
        matrix.resize(2 * size * size, 0.0);
        for (place, figure) in self.figures.iter().enumerate() {
            for (row, factor) in &columns[*figure] {
                if let Some(at) = self.place_of_row(*row) {
                    matrix[at * 2 * size + place] = *factor;
                }
            }
        }
        for at in 0..size {
            matrix[at * 2 * size + size + at] = 1.0;
        }
        let regular = (0..size).all(|done| eliminate(&mut matrix, size, done));
        if regular {
            let rows = matrix.chunks_exact((2 * size).max(1));
            self.inverse.fill(rows.map(|row| &row[size..]));
        }
        self.own = matrix;
        if !regular {
            return false;
        }
        self.since = 0;
        true
    }
}

/// Makes the column of a place that of the unit matrix, with the largest number of those that are left; false where all of them
/// are near zero.
fn eliminate(matrix: &mut [f64], size: usize, done: usize) -> bool {
    let width = 2 * size;
    let number = |at: &usize| matrix[at * width + done].abs();
    // Of equal ones the first.
    let largest = (done..size).rev().max_by(|a, b| number(a).total_cmp(&number(b)));
    let Some(at) = largest.filter(|at| number(at) > PIVOT) else {
        return false;
    };
    let (before, rest) = matrix.split_at_mut(done * width);
    let (own, after) = rest.split_at_mut(width);
    if at > done {
        own.swap_with_slice(&mut after[(at - done - 1) * width..][..width]);
    }
    let pivot = own[done];
    own.iter_mut().for_each(|number| *number /= pivot);
    for other in before
        .chunks_exact_mut(width)
        .chain(after.chunks_exact_mut(width))
    {
        let times = other[done];
        if times != 0.0 {
            let numbers = other.iter_mut().zip(&*own);
            numbers.for_each(|(number, own)| *number -= times * own);
        }
    }
    true
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NOWHERE)
}

fn without_tiny(number: &mut f64) {
    if number.abs() <= TINY {
        *number = 0.0;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    const ROWS: usize = 6;
    const FIGURES: usize = 7;

    /// Factors of the figures in rows: −1, 0 or 1 each.
    fn columns() -> impl Strategy<Value = Vec<Vec<(usize, f64)>>> {
        let column = prop::collection::vec(-1_i8..=1, ROWS);
        let entries = |column: Vec<i8>| {
            let factors = column.into_iter().enumerate();
            factors
                .filter(|(_, factor)| *factor != 0)
                .map(|(row, factor)| (row, f64::from(factor)))
                .collect()
        };
        prop::collection::vec(column.prop_map(entries), FIGURES)
    }

    /// One exchange, if its pivot is not near zero: of figure and row by number, of places by what is left of a division.
    fn exchange(
        kernel: &mut Kernel,
        columns: &[Vec<(usize, f64)>],
        (how, figure, row, at): (u8, usize, usize, usize),
    ) {
        let (mut by_figure, mut by_row) = (Vec::new(), Vec::new());
        kernel.solve(&columns[figure], &mut by_figure);
        let factor = |figure: usize| {
            columns[figure]
                .iter()
                .find(|(other, _)| *other == row)
                .map_or(0.0, |(_, f)| *f)
        };
        let factors: Vec<f64> = kernel.figures().iter().map(|figure| factor(*figure)).collect();
        kernel.solve_left(&factors, &mut by_row);
        let (new_figure, new_row) = (
            kernel.place_of_figure(figure).is_none(),
            kernel.place_of_row(row).is_none(),
        );
        let size = kernel.rows().len();
        let sure = |pivot: f64| pivot.abs() > 1e-3;
        let made_up: f64 = factors
            .iter()
            .zip(&by_figure)
            .map(|(factor, by)| factor * by)
            .sum();
        let pivot = factor(figure) - made_up;
        match how {
            0 if new_figure && new_row && sure(pivot) => kernel.grow(row, figure, &by_figure, &by_row, pivot),
            1 if size > 0 && new_figure && sure(by_figure[at % size]) => {
                kernel.change_figure(at % size, figure, &by_figure)
            }
            2 if size > 0 && new_row && sure(by_row[at % size]) => kernel.change_row(at % size, row, &by_row),
            3 if size > 0 => {
                let (row_at, figure_at) = (at % size, (at / ROWS) % size);
                let mut column = Vec::new();
                kernel.column(row_at, &mut column);
                if sure(column[figure_at]) {
                    kernel.shrink(row_at, figure_at);
                }
            }
            _ => {}
        }
    }

    fn inverse(kernel: &Kernel) -> Vec<Vec<f64>> {
        kernel.inverse.rows().map(<[f64]>::to_vec).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// After any exchanges the inverse is that which is made from the matrix itself.
        #[test]
        fn exchanges_keep_the_inverse(
            columns in columns(),
            exchanges in prop::collection::vec((0_u8..4, 0..FIGURES, 0..ROWS, 0_usize..64), 1..24),
        ) {
            let mut kernel = Kernel::new(ROWS, FIGURES);
            for one in exchanges {
                // More often than not something comes in.
                let one = if one.3 % 2 == 0 { (0, one.1, one.2, one.3) } else { one };
                exchange(&mut kernel, &columns, one);
                let kept = inverse(&kernel);
                prop_assert!(kernel.renew(&columns));
                for (kept, made) in kept.iter().flatten().zip(inverse(&kernel).iter().flatten()) {
                    prop_assert!((kept - made).abs() < 1e-6, "{} {}", kept, made);
                }
            }
        }

        /// What was taken down is taken up again.
        #[test]
        fn a_kernel_is_restored(
            columns in columns(),
            exchanges in prop::collection::vec((0_u8..3, 0..FIGURES, 0..ROWS, 0_usize..64), 1..24),
        ) {
            let mut kernel = Kernel::new(ROWS, FIGURES);
            exchanges.into_iter().for_each(|one| exchange(&mut kernel, &columns, one));
            let (rows, figures) = (kernel.rows().to_vec(), kernel.figures().to_vec());
            prop_assert!(kernel.renew(&columns));
            let before = inverse(&kernel);
            kernel.clear();
            prop_assert!(kernel.rows().is_empty() && (0..ROWS).all(|row| kernel.place_of_row(row).is_none()));
            prop_assert!(kernel.restore(&rows, &figures, &columns));
            prop_assert_eq!(inverse(&kernel), before);
        }
    }
}
