//! The inverse of a basis in product form: a chain of elementary columns (etas), each the trace of one exchange.
//!
//! Standard followed: product-form revised simplex (Orchard-Hays 1954), with the usual triangular reordering when the
//! chain is written anew. Tables of counts give bases that are nearly triangular, so the chain stays short.

use super::sparse::Sparse;

/// One exchange: the column `entries` (without its pivot) entered at `row`.
struct Eta {
    row: usize,
    pivot: f64,
    start: usize,
    end: usize,
}

/// Numbers smaller than this are what rounding left of a zero.
const TINY: f64 = 1e-11;

/// B⁻¹ as a product of etas; starts as the identity.
#[derive(Default)]
pub(super) struct Basis {
    etas: Vec<Eta>,
    entries: Vec<(usize, f64)>,
    /// Exchanges since the chain was last written anew.
    pub(super) since: usize,
}

impl Basis {
    pub(super) fn clear(&mut self) {
        self.etas.clear();
        self.entries.clear();
        self.since = 0;
    }

    /// v becomes B⁻¹ v.
    pub(super) fn forward(&self, v: &mut Sparse) {
        for eta in &self.etas {
            let at = v.at(eta.row);
            if at == 0.0 {
                continue;
            }
            let scaled = at / eta.pivot;
            v.set(eta.row, scaled);
            for (row, value) in &self.entries[eta.start..eta.end] {
                v.add(*row, -value * scaled);
            }
        }
    }

    /// v becomes v B⁻¹.
    pub(super) fn backward(&self, v: &mut Sparse) {
        for eta in self.etas.iter().rev() {
            self.back_by(eta, v);
        }
    }

    fn back_by(&self, eta: &Eta, v: &mut Sparse) {
        let before = v.at(eta.row);
        let mut at = before;
        for (row, value) in &self.entries[eta.start..eta.end] {
            at -= value * v.at(*row);
        }
        if at != 0.0 || before != 0.0 {
            v.set(eta.row, at / eta.pivot);
        }
    }

    /// Column `v` (already B⁻¹ a) enters at `row`.
    pub(super) fn exchange(&mut self, v: &Sparse, row: usize) {
        let start = self.entries.len();
        self.entries
            .extend(v.iter().filter(|(at, value)| *at != row && value.abs() > TINY));
        self.etas.push(Eta {
            row,
            pivot: v.at(row),
            start,
            end: self.entries.len(),
        });
        self.since += 1;
    }
}

/// An order of columns, each with a row of its own if one is certain, that keeps the chain short: rows with one column
/// left come first, columns with one row left come last, the rest between.
pub(super) fn order(columns: &[Vec<usize>], rows: usize, free: &[bool]) -> Vec<(usize, Option<usize>)> {
    let mut in_row: Vec<Vec<usize>> = vec![Vec::new(); rows];
    let mut left_in_column = vec![0_usize; columns.len()];
    for (column, entries) in columns.iter().enumerate() {
        for row in entries.iter().filter(|row| free[**row]) {
            in_row[*row].push(column);
            left_in_column[column] += 1;
        }
    }
    let mut left_in_row: Vec<usize> = in_row.iter().map(Vec::len).collect();
    let (mut row_open, mut column_open) = (free.to_vec(), vec![true; columns.len()]);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut rows_to_do: Vec<usize> = (0..rows).filter(|r| left_in_row[*r] == 1).collect();
    let mut columns_to_do: Vec<usize> = (0..columns.len()).filter(|c| left_in_column[*c] == 1).collect();
    loop {
        let (row, column, early) = if let Some(row) = rows_to_do.pop() {
            if !row_open[row] || left_in_row[row] != 1 {
                continue;
            }
            let Some(column) = in_row[row].iter().copied().find(|c| column_open[*c]) else {
                continue;
            };
            (row, column, true)
        } else if let Some(column) = columns_to_do.pop() {
            if !column_open[column] || left_in_column[column] != 1 {
                continue;
            }
            let Some(row) = columns[column].iter().copied().find(|r| row_open[*r]) else {
                continue;
            };
            (row, column, false)
        } else {
            break;
        };
        if early { &mut first } else { &mut last }.push((column, Some(row)));
        (row_open[row], column_open[column]) = (false, false);
        for other in columns[column].iter().filter(|r| row_open[**r]) {
            left_in_row[*other] -= 1;
            if left_in_row[*other] == 1 {
                rows_to_do.push(*other);
            }
        }
        for other in in_row[row].iter().filter(|c| column_open[**c]) {
            left_in_column[*other] -= 1;
            if left_in_column[*other] == 1 {
                columns_to_do.push(*other);
            }
        }
    }
    let mut between: Vec<usize> = (0..columns.len()).filter(|c| column_open[*c]).collect();
    between.sort_by_key(|c| (left_in_column[*c], *c));
    first.extend(between.into_iter().map(|c| (c, None)));
    first.extend(last.into_iter().rev());
    first
}
