//! The reporting triangle.

use crate::EstimateError;

/// Reports by period of diagnosis and delay: a row a period, the oldest first; in it the reports with delay 0, 1, and
/// so on, as far as they can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triangle {
    rows: Vec<Vec<u64>>,
}

/// The fewest periods and delays from which anything is estimated.
const LEAST: usize = 3;

impl Triangle {
    /// From its rows.
    ///
    /// **Errors.** An empty row, or one longer than the row before it; fewer than three periods or three delays.
    pub fn new(rows: Vec<Vec<u64>>) -> Result<Self, EstimateError> {
        let delays = rows.first().map_or(0, Vec::len);
        let falling = rows
            .iter()
            .zip(rows.iter().skip(1))
            .all(|(one, next)| next.len() <= one.len());
        if !falling || rows.iter().any(Vec::is_empty) {
            return Err(EstimateError::TriangleShape);
        }
        if rows.len() < LEAST || delays < LEAST {
            return Err(EstimateError::TriangleTooSmall {
                periods: rows.len(),
                delays,
            });
        }
        Ok(Self { rows })
    }

    /// The rows, the oldest period first.
    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }

    /// How many delays the oldest period knows.
    pub fn delays(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// Only the last periods: where reporting has changed, the older ones mislead. Delays that none of them knows are
    /// gone with them.
    ///
    /// **Errors.** As [`Triangle::new`].
    pub fn last_periods(&self, periods: usize) -> Result<Self, EstimateError> {
        let from = self.rows.len().saturating_sub(periods);
        Self::new(self.rows.iter().skip(from).cloned().collect())
    }

    /// Reports up to each delay, period by period.
    pub fn cumulative(&self) -> Vec<Vec<f64>> {
        let summed = |row: &Vec<u64>| {
            let running = row.iter().scan(0.0, |sum, &count| {
                *sum += count as f64;
                Some(*sum)
            });
            running.collect()
        };
        self.rows.iter().map(summed).collect()
    }
}
