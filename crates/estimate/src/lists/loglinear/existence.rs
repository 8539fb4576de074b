//! Which cells a model can fit at all, when some overlaps are empty.
//!
//! The maximum of the likelihood may lie at infinity: with nobody on *A* and *B* together the parameter of *AB* goes
//! to −∞. The cells whose fitted means go to zero on the way (those outside the *face* on which the margins of the
//! table lie) are dropped, and the rest has a maximum: the extended maximum likelihood estimate.
//!
//! **The criterion.** The maximum is at infinity exactly when there is a direction *d* with *x*·*d* = 0 for every cell
//! with people and *x*·*d* ≤ 0 for every cell without, not all zero. Directions add up, so one of them leaves every cell that
//! can be left; it is found by one linear programme over the null space of the cells with people. Without a null space there
//! is nothing to search, which is nearly always. The people on no list are then identified exactly when the column
//! of the constant does not depend on the other columns over the cells that remain.
//!
//! **Source.** S. E. Fienberg and A. Rinaldo, Annals of Statistics 40 (2012) 996–1023; for lists: L. Chan,
//! B. W. Silverman and K. Vincent, Journal of the American Statistical Association 116 (2021) 1297–1306.

use nalgebra::DMatrix;

use super::simplex::maximise;
use crate::lists::{History, ListsError};

/// What is taken for zero in tables of zeros and ones and what elimination makes of them.
const ZERO: f64 = 1e-9;

/// What remains of a model to be fitted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Face {
    /// Whether a cell is fitted, by history; the one of no list is not.
    pub(super) active: Vec<bool>,
    /// Terms with columns that do not depend on each other, the constant first.
    pub(super) columns: Vec<History>,
    /// The cells that are dropped, rising.
    pub(super) dropped: Vec<History>,
}

/// What remains of a model with these terms (the constant first) to be fitted to these counts.
pub(super) fn face(counts: &[f64], terms: &[History]) -> Result<Face, ListsError> {
    let mut active = vec![true; counts.len()];
    if let Some(first) = active.first_mut() {
        *first = false;
    }
    let whole = |active| Face {
        active,
        columns: terms.to_vec(),
        dropped: Vec::new(),
    };
    let cells = || (0..).zip(counts).skip(1);
    let empty: Vec<History> = cells()
        .filter(|(_, count)| **count <= 0.0)
        .map(|(cell, _)| cell)
        .collect();
    if empty.is_empty() {
        return Ok(whole(active));
    }
    let full: Vec<History> = cells()
        .filter(|(_, count)| **count > 0.0)
        .map(|(cell, _)| cell)
        .collect();
    let null = null_space(&full, terms);
    if null.is_empty() {
        return Ok(whole(active));
    }
    let dropped = cells_to_drop(&empty, terms, &null);
    for cell in &dropped {
        if let Some(kept) = active.get_mut(*cell as usize) {
            *kept = false;
        }
    }
    let kept: Vec<History> = (1..)
        .take(counts.len().saturating_sub(1))
        .filter(|cell| active.get(*cell as usize).copied().unwrap_or(false))
        .collect();
    // The constant last, so that it depends on the others whenever it can.
    let order: Vec<History> = terms.iter().rev().copied().collect();
    let (_, pivots) = reduced(&kept, &order);
    let mut columns: Vec<History> = pivots.iter().filter_map(|at| order.get(*at)).copied().collect();
    columns.reverse();
    if columns.first() != Some(&0) {
        return Err(ListsError::NotIdentified);
    }
    Ok(Face {
        active,
        columns,
        dropped,
    })
}

/// The cells that some direction leaves without moving the cells with people.
fn cells_to_drop(empty: &[History], terms: &[History], null: &[Vec<f64>]) -> Vec<History> {
    // Along a combination z of the null space, the predictor of cell w moves by Σ z_k Σ_{s ⊆ w} null_k(s).
    let moved: Vec<Vec<f64>> = empty
        .iter()
        .map(|cell| {
            let along = |direction: &Vec<f64>| -> f64 {
                let parts = terms
                    .iter()
                    .zip(direction)
                    .filter(|(term, _)| *term & cell == **term);
                parts.map(|(_, part)| part).sum()
            };
            null.iter().map(along).collect()
        })
        .collect();
    // Maximise Σ s, where moved · (z⁺ − z⁻) + s ≤ 0 and s ≤ 1: a cell can be left exactly when its s is 1.
    let (dimensions, cells) = (null.len(), empty.len());
    let mut rows = Vec::with_capacity(2 * cells);
    for (at, row) in moved.iter().enumerate() {
        let there = row.iter().copied();
        let back = row.iter().map(|part| -part);
        rows.push(
            there
                .chain(back)
                .chain((0..cells).map(|other| f64::from(other == at)))
                .collect(),
        );
    }
    for at in 0..cells {
        let free = std::iter::repeat_n(0.0, 2 * dimensions);
        rows.push(
            free.chain((0..cells).map(|other| f64::from(other == at)))
                .collect(),
        );
    }
    let gains: Vec<f64> = std::iter::repeat_n(0.0, 2 * dimensions)
        .chain(std::iter::repeat_n(1.0, cells))
        .collect();
    let limits: Vec<f64> = std::iter::repeat_n(0.0, cells)
        .chain(std::iter::repeat_n(1.0, cells))
        .collect();
    let Some(solution) = maximise(&gains, &rows, &limits) else {
        return Vec::new();
    };
    let left = solution.iter().skip(2 * dimensions);
    empty
        .iter()
        .zip(left)
        .filter(|(_, slack)| **slack > 0.5)
        .map(|(cell, _)| *cell)
        .collect()
}

/// A basis of the directions that move no predictor of these cells; one value for each term.
fn null_space(cells: &[History], terms: &[History]) -> Vec<Vec<f64>> {
    let (matrix, pivots) = reduced(cells, terms);
    let free = (0..terms.len()).filter(|column| !pivots.contains(column));
    free.map(|column| {
        let mut direction = vec![0.0; terms.len()];
        for (row, pivot) in pivots.iter().enumerate() {
            if let (Some(part), Some(value)) = (direction.get_mut(*pivot), matrix.get((row, column))) {
                *part = -value;
            }
        }
        if let Some(part) = direction.get_mut(column) {
            *part = 1.0;
        }
        direction
    })
    .collect()
}

/// The design of these cells in reduced row echelon form, and its pivot columns.
fn reduced(cells: &[History], terms: &[History]) -> (DMatrix<f64>, Vec<usize>) {
    let mut matrix = DMatrix::from_iterator(
        cells.len(),
        terms.len(),
        terms
            .iter()
            .flat_map(|term| cells.iter().map(move |cell| f64::from(cell & term == *term))),
    );
    let mut pivots = Vec::new();
    for column in 0..terms.len() {
        let row = pivots.len();
        if row == cells.len() {
            break;
        }
        let below = matrix.column(column).rows_range(row..).iamax();
        let best = row + below;
        let Some(value) = matrix
            .get((best, column))
            .copied()
            .filter(|value| value.abs() > ZERO)
        else {
            continue;
        };
        matrix.swap_rows(row, best);
        matrix.row_mut(row).scale_mut(1.0 / value);
        let pivot_row = matrix.row(row).clone_owned();
        for other in (0..cells.len()).filter(|other| *other != row) {
            let times = matrix.get((other, column)).copied().unwrap_or(0.0);
            if times != 0.0 {
                let mut changed = matrix.row_mut(other);
                changed -= &pivot_row * times;
            }
        }
        pivots.push(column);
    }
    (matrix, pivots)
}
