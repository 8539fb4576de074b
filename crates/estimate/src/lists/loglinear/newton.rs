//! Newton's method for a Poisson log-linear model, on sums over supersets.
//!
//! With one column for each term *s*, equal to 1 where the combination *w* holds *s*, the score is
//! *Y*(*s*) − *M*(*s*) and the information is *M*(*s* ∪ *s*′), where *Y* and *M* are the counts and the fitted means
//! summed over supersets. So a step costs *t* 2ᵗ additions, a look-up for each element of the matrix, and one Cholesky
//! factorisation; the design matrix is never written down. Nothing is allocated inside a step.

use nalgebra::{Cholesky, DMatrix, DVector};

use crate::lists::lattice::{sum_over_subsets, sum_over_supersets};
use crate::lists::{History, ListsError};

/// Steps after which the method gives up. The likelihood is concave, so it needs about six.
const MOST_STEPS: u32 = 100;

/// A model being fitted to counts; kept and used again for the next.
#[derive(Debug)]
pub(super) struct Newton {
    /// Which terms have a free parameter, the constant first.
    columns: Vec<History>,
    /// Which cells are fitted; the cell of nobody's list only for a profile.
    active: Vec<bool>,
    /// The counts of the active cells, and their sums over supersets.
    counts: Vec<f64>,
    count_sums: Vec<f64>,
    /// The fitted means, and their sums over supersets.
    means: Vec<f64>,
    mean_sums: Vec<f64>,
    /// The linear predictor, by cell.
    predictor: Vec<f64>,
    /// One for each column.
    coefficients: Vec<f64>,
    tried: Vec<f64>,
    score: DVector<f64>,
    information: DMatrix<f64>,
}

impl Newton {
    /// Room for tables of so many lists.
    pub(super) fn new(lists: usize) -> Self {
        let cells = 1_usize << lists;
        Self {
            columns: Vec::new(),
            active: vec![false; cells],
            counts: vec![0.0; cells],
            count_sums: vec![0.0; cells],
            means: vec![0.0; cells],
            mean_sums: vec![0.0; cells],
            predictor: vec![0.0; cells],
            coefficients: Vec::new(),
            tried: Vec::new(),
            score: DVector::zeros(0),
            information: DMatrix::zeros(0, 0),
        }
    }

    /// Fits from the usual start: weighted least squares on the logarithms of the counts.
    pub(super) fn fit(
        &mut self,
        counts: &[f64],
        columns: &[History],
        active: &[bool],
    ) -> Result<(), ListsError> {
        self.columns.clear();
        self.columns.extend_from_slice(columns);
        self.active.copy_from_slice(active);
        self.counts.copy_from_slice(counts);
        let size = columns.len();
        self.coefficients.clear();
        self.coefficients.resize(size, 0.0);
        self.tried.clear();
        self.tried.resize(size, 0.0);
        if self.score.len() != size {
            self.score = DVector::zeros(size);
            self.information = DMatrix::zeros(size, size);
        }
        self.sum_counts();
        self.start()?;
        self.climb()
    }

    /// Fits again with so many people on no list, from where the last fit ended.
    pub(super) fn fit_with_unseen(&mut self, unseen: f64) -> Result<(), ListsError> {
        if let (Some(active), Some(count)) = (self.active.first_mut(), self.counts.first_mut()) {
            *active = true;
            *count = unseen;
        }
        self.sum_counts();
        self.climb()
    }

    /// The parameter of the constant: the logarithm of the mean of people on no list.
    pub(super) fn constant(&self) -> f64 {
        self.coefficients.first().copied().unwrap_or(0.0)
    }

    /// The variance of the constant, from the inverse of the information.
    pub(super) fn variance_of_constant(&mut self) -> Result<f64, ListsError> {
        self.fill_information();
        self.score.fill(0.0);
        if let Some(first) = self.score.get_mut(0) {
            *first = 1.0;
        }
        self.solve()?;
        Ok(self.score.iter().next().copied().unwrap_or(0.0))
    }

    /// The active cells: count, fitted mean, and its logarithm.
    pub(super) fn cells(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        let fitted = self.counts.iter().zip(&self.means).zip(&self.predictor);
        fitted
            .zip(&self.active)
            .filter(|(_, active)| **active)
            .map(|(((count, mean), predictor), _)| (*count, *mean, *predictor))
    }

    fn sum_counts(&mut self) {
        for ((sum, count), active) in self.count_sums.iter_mut().zip(&self.counts).zip(&self.active) {
            *sum = if *active { *count } else { 0.0 };
        }
        sum_over_supersets(&mut self.count_sums);
    }

    /// Coefficients of weighted least squares on ln(count + 1/2), with weight count + 1/2.
    fn start(&mut self) -> Result<(), ListsError> {
        let cells = self.counts.iter().zip(&self.active);
        for ((mean, weighted), (count, active)) in self.mean_sums.iter_mut().zip(&mut self.means).zip(cells) {
            let weight = if *active { count + 0.5 } else { 0.0 };
            *mean = weight;
            *weighted = if *active { weight * weight.ln() } else { 0.0 };
        }
        sum_over_supersets(&mut self.mean_sums);
        sum_over_supersets(&mut self.means);
        for (score, column) in self.score.iter_mut().zip(&self.columns) {
            *score = self.means.get(*column as usize).copied().unwrap_or(0.0);
        }
        self.fill_information();
        self.solve()?;
        for (coefficient, found) in self.coefficients.iter_mut().zip(self.score.iter()) {
            *coefficient = *found;
        }
        Ok(())
    }

    /// Newton steps, halved where they would go down, until the next would change nothing.
    fn climb(&mut self) -> Result<(), ListsError> {
        self.tried.copy_from_slice(&self.coefficients);
        let mut likelihood = self.predict();
        for _ in 0..MOST_STEPS {
            for (score, column) in self.score.iter_mut().zip(&self.columns) {
                let at = *column as usize;
                let counted = self.count_sums.get(at).copied().unwrap_or(0.0);
                *score = counted - self.mean_sums.get(at).copied().unwrap_or(0.0);
            }
            if !likelihood.is_finite() {
                break;
            }
            self.tried.copy_from_slice(self.score.as_slice());
            self.fill_information();
            self.solve()?;
            // Score times step: twice what the step can still gain.
            let decrement: f64 = self
                .tried
                .iter()
                .zip(self.score.iter())
                .map(|(g, step)| g * step)
                .sum();
            likelihood = self.step(likelihood);
            if decrement <= 1e-13 {
                return Ok(());
            }
        }
        Err(ListsError::NoConvergence { steps: MOST_STEPS })
    }

    /// Goes along the step in `score`, shortened until the likelihood does not fall; gives the likelihood there.
    fn step(&mut self, from: f64) -> f64 {
        let mut length = 1.0;
        loop {
            let moved = self.coefficients.iter().zip(self.score.iter());
            for (tried, (at, step)) in self.tried.iter_mut().zip(moved) {
                *tried = at + length * step;
            }
            let there = self.predict();
            if there >= from - 1e-12 * from.abs() {
                self.coefficients.copy_from_slice(&self.tried);
                return there;
            }
            length /= 2.0;
            if length < 1e-9 {
                self.tried.copy_from_slice(&self.coefficients);
                return self.predict();
            }
        }
    }

    /// Means and their sums at the tried coefficients; gives the likelihood there, up to a constant.
    fn predict(&mut self) -> f64 {
        self.predictor.fill(0.0);
        for (column, tried) in self.columns.iter().zip(&self.tried) {
            if let Some(at) = self.predictor.get_mut(*column as usize) {
                *at = *tried;
            }
        }
        sum_over_subsets(&mut self.predictor);
        for ((mean, predictor), active) in self.means.iter_mut().zip(&self.predictor).zip(&self.active) {
            *mean = if *active { predictor.exp() } else { 0.0 };
        }
        self.mean_sums.copy_from_slice(&self.means);
        sum_over_supersets(&mut self.mean_sums);
        let linear: f64 = self
            .columns
            .iter()
            .zip(&self.tried)
            .map(|(column, tried)| tried * self.count_sums.get(*column as usize).copied().unwrap_or(0.0))
            .sum();
        linear - self.mean_sums.first().copied().unwrap_or(0.0)
    }

    /// The information at the means, whole: column by column, each element one look-up.
    fn fill_information(&mut self) {
        let mut elements = self.information.iter_mut();
        for left in &self.columns {
            for right in &self.columns {
                if let Some(element) = elements.next() {
                    *element = self
                        .mean_sums
                        .get((left | right) as usize)
                        .copied()
                        .unwrap_or(0.0);
                }
            }
        }
    }

    /// Solves information × x = score, in place.
    fn solve(&mut self) -> Result<(), ListsError> {
        let matrix = std::mem::replace(&mut self.information, DMatrix::zeros(0, 0));
        let size = matrix.nrows();
        let Some(factor) = Cholesky::new(matrix) else {
            self.information = DMatrix::zeros(size, size);
            return Err(ListsError::NotIdentified);
        };
        factor.solve_mut(&mut self.score);
        self.information = factor.unpack_dirty();
        Ok(())
    }
}
