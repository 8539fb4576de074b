//! A posterior over the two figures of a family (a centre and a spread), laid out on a grid.
//!
//! The spread is cut into rows. In each row the centre has a range of its own, found around its top: where the
//! spread is small the centre is known sharply, where it is large loosely, and one rectangle for both would miss
//! the former. The rows are drawn in, round by round, until they hold all but a millionth of the posterior.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::EstimateError;

/// Rows while searching, and rows and columns of the grid that is kept.
const SEARCH_ROWS: usize = 24;
const ROWS: usize = 60;
const COLUMNS: usize = 36;
/// How far below the top, in log density, a row or column is worth keeping: e⁻¹⁴ is a millionth.
const DEPTH: f64 = 14.0;

/// A range of one figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    fn width(self) -> f64 {
        self.high - self.low
    }
}

/// One cell: its lower corner, its size, and the weight of all cells up to it.
struct Cell {
    corner: [f64; 2],
    size: [f64; 2],
    cumulative: f64,
}

/// The grid.
pub(super) struct Grid {
    cells: Vec<Cell>,
}

/// Lays the grid over a log density of (centre, spread), known up to a constant.
pub(super) fn lay(
    density: impl Fn(f64, f64) -> f64,
    centre: Range,
    spread: Range,
) -> Result<Grid, EstimateError> {
    let mut rows = spread;
    for _ in 0..40 {
        let found = rows_of(&density, centre, rows, SEARCH_ROWS, 12);
        let next = worth_keeping(&found, rows, spread);
        let settled = next.width() > 0.6 * rows.width();
        rows = next;
        if settled {
            break;
        }
    }
    let found = rows_of(&density, centre, rows, ROWS, COLUMNS);
    let top = found
        .iter()
        .flat_map(|row| &row.heights)
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    if !top.is_finite() {
        return Err(EstimateError::NotSettled("the posterior of the family"));
    }
    let height = rows.width() / ROWS as f64;
    let mut cumulative = 0.0;
    let mut cells = Vec::with_capacity(ROWS * COLUMNS);
    for row in &found {
        for (column, log) in row.heights.iter().enumerate() {
            cumulative += (log - top).exp() * row.width;
            cells.push(Cell {
                corner: [row.left + column as f64 * row.width, row.spread - height / 2.0],
                size: [row.width, height],
                cumulative,
            });
        }
    }
    Ok(Grid { cells })
}

impl Grid {
    /// One draw of (centre, spread): a cell by its weight, then a place in it.
    pub(super) fn draw(&self, chance: &mut ChaCha8Rng) -> [f64; 2] {
        let total = self.cells.last().map_or(0.0, |cell| cell.cumulative);
        let at = chance.random::<f64>() * total;
        let place = self
            .cells
            .partition_point(|cell| cell.cumulative <= at)
            .min(self.cells.len() - 1);
        let (right, up) = (chance.random::<f64>(), chance.random::<f64>());
        let cell = &self.cells[place];
        [
            cell.corner[0] + right * cell.size[0],
            cell.corner[1] + up * cell.size[1],
        ]
    }
}

/// One row: the middle of its spread, and its columns.
struct Row {
    spread: f64,
    left: f64,
    width: f64,
    heights: Vec<f64>,
}

impl Row {
    /// The log of the row's share of the posterior, up to a constant.
    fn mass(&self) -> f64 {
        let top = self.heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.heights.iter().map(|height| (height - top).exp()).sum();
        top + (sum * self.width).ln()
    }
}

fn rows_of(
    density: &impl Fn(f64, f64) -> f64,
    centre: Range,
    rows: Range,
    count: usize,
    columns: usize,
) -> Vec<Row> {
    let height = rows.width() / count as f64;
    (0..count)
        .map(|row| {
            let spread = rows.low + (row as f64 + 0.5) * height;
            let range = around_top(|place| density(place, spread), centre);
            let width = range.width() / columns as f64;
            let heights = (0..columns)
                .map(|column| density(range.low + (column as f64 + 0.5) * width, spread))
                .collect();
            Row {
                spread,
                left: range.low,
                width,
                heights,
            }
        })
        .collect()
}

/// The rows that hold more than a millionth, and one more on each side.
fn worth_keeping(found: &[Row], rows: Range, limits: Range) -> Range {
    let top = found.iter().map(Row::mass).fold(f64::NEG_INFINITY, f64::max);
    let kept = |row: &&Row| row.mass() > top - DEPTH;
    let step = rows.width() / found.len() as f64;
    match (found.iter().find(kept), found.iter().rev().find(kept)) {
        (Some(first), Some(last)) => Range {
            low: (first.spread - 1.5 * step).max(limits.low),
            high: (last.spread + 1.5 * step).min(limits.high),
        },
        _ => rows,
    }
}

/// The range around the one top of a curve in which it stays within the depth.
fn around_top(curve: impl Fn(f64) -> f64, limits: Range) -> Range {
    let top = golden_section(&curve, limits);
    let floor = curve(top) - DEPTH;
    let edge = |limit: f64| {
        // Outwards in doubling steps, then back by halving to the place where the curve crosses the floor.
        let (mut near, mut step) = (top, (limit - top) * 1e-6);
        loop {
            let far = near + step;
            if (far - limit) * step.signum() >= 0.0 {
                if curve(limit) > floor {
                    return limit;
                }
                break;
            }
            if curve(far) <= floor {
                break;
            }
            near = far;
            step *= 2.0;
        }
        let mut far = if (near + step - limit) * step.signum() >= 0.0 {
            limit
        } else {
            near + step
        };
        for _ in 0..4 {
            let middle = (near + far) / 2.0;
            if curve(middle) > floor {
                near = middle;
            } else {
                far = middle;
            }
        }
        far
    };
    Range {
        low: edge(limits.low),
        high: edge(limits.high),
    }
}

/// The top of a curve with one top, by golden section.
fn golden_section(curve: &impl Fn(f64) -> f64, limits: Range) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (limits.low, limits.high);
    let mut left = high - RATIO * (high - low);
    let mut right = low + RATIO * (high - low);
    let (mut at_left, mut at_right) = (curve(left), curve(right));
    for _ in 0..36 {
        if at_left > at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - RATIO * (high - low);
            at_left = curve(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + RATIO * (high - low);
            at_right = curve(right);
        }
    }
    (low + high) / 2.0
}
