//! Rows that speak of one sum: the figures in them that can move are the same, up to the sign of the whole.
//!
//! Counts of the same people stand in several tables, and where one total is published, many parts of it follow from the same few
//! figures. Two in three rows of a large release say no more than another. One row then stands for all, with the narrowest of
//! their ends; the others stop nothing. Which row an end came from is kept, since a proof names it.
//!
//! Standard followed: duplicate rows in presolve (Andersen and Andersen, Mathematical Programming 71 (1995) 221–245).

use super::free::Over;

/// A row's part in what the rows say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stops {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The rows that its ends came from.
    pub(super) low_from: usize,
    pub(super) high_from: usize,
    /// 1, or −1 where the row is the sum that it shares with others taken from something.
    pub(super) sign: f64,
}

impl Stops {
    /// By itself.
    pub(super) fn own(row: usize, (low, high): (f64, f64)) -> Self {
        Self {
            low,
            high,
            low_from: row,
            high_from: row,
            sign: 1.0,
        }
    }
}

/// A row without the figures that cannot move: what is left, starting with a factor above zero, and what turns its ends into
/// those of that sum.
struct Moving {
    terms: Vec<(usize, i64)>,
    sign: f64,
    still: f64,
}

impl Moving {
    /// `still` says the value of a figure that cannot move.
    fn of(over: &Over, still: impl Fn(usize) -> Option<f64>) -> Self {
        let mut moving = Self {
            terms: Vec::with_capacity(over.terms.len()),
            sign: 1.0,
            still: 0.0,
        };
        for (figure, factor) in &over.terms {
            match still(*figure) {
                Some(value) => moving.still += *factor as f64 * value,
                None => moving.terms.push((*figure, *factor)),
            }
        }
        if moving.terms.first().is_some_and(|(_, factor)| *factor < 0) {
            moving.sign = -1.0;
            moving.terms.iter_mut().for_each(|(_, factor)| *factor = -*factor);
        }
        moving
    }

    /// Ends of the row as ends of the sum.
    fn turned(&self, stops: Stops) -> Stops {
        self.mirrored(stops, -self.still)
    }

    /// Ends of the sum as ends of the row.
    fn turned_back(&self, stops: Stops) -> Stops {
        self.mirrored(stops, self.still)
    }

    fn mirrored(&self, stops: Stops, by: f64) -> Stops {
        if self.sign > 0.0 {
            return Stops {
                low: stops.low + by,
                high: stops.high + by,
                ..stops
            };
        }
        Stops {
            low: self.still - stops.high,
            high: self.still - stops.low,
            low_from: stops.high_from,
            high_from: stops.low_from,
            sign: stops.sign,
        }
    }
}

/// What each row has to stop: of rows that speak of one sum the first stops what any of them does, the others nothing.
pub(super) fn merged(rows: &[Over], ends: &[(f64, f64)], still: impl Fn(usize) -> Option<f64>) -> Vec<Stops> {
    let moving: Vec<Moving> = rows.iter().map(|over| Moving::of(over, &still)).collect();
    let mut by_sum: Vec<usize> = (0..rows.len())
        .filter(|row| !moving[*row].terms.is_empty())
        .collect();
    // Lengths first: most sums differ in them.
    by_sum.sort_by(|a, b| {
        let (a, b) = (&moving[*a].terms, &moving[*b].terms);
        (a.len(), a).cmp(&(b.len(), b))
    });
    let own = ends.iter().zip(&moving).enumerate();
    let mut stops: Vec<Stops> = own
        .map(|(row, (ends, moving))| Stops {
            sign: moving.sign,
            ..Stops::own(row, *ends)
        })
        .collect();
    for alike in by_sum.chunk_by(|a, b| moving[*a].terms == moving[*b].terms) {
        let [first, others @ ..] = alike else { continue };
        let mut all = moving[*first].turned(stops[*first]);
        for row in others {
            let other = moving[*row].turned(stops[*row]);
            if other.low > all.low {
                (all.low, all.low_from) = (other.low, other.low_from);
            }
            if other.high < all.high {
                (all.high, all.high_from) = (other.high, other.high_from);
            }
            (stops[*row].low, stops[*row].high) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        stops[*first] = moving[*first].turned_back(all);
    }
    stops
}

#[cfg(test)]
mod tests {
    use super::super::free::Of;
    use super::*;

    /// Terms and ends.
    type Row = (&'static [(usize, i64)], (f64, f64));

    const NONE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    fn over(terms: &[(usize, i64)]) -> Over {
        Over {
            terms: terms.to_vec(),
            of: Of::Row(0),
        }
    }

    /// A row that stops nothing and runs the other way.
    fn reversed(row: usize) -> Stops {
        Stops {
            sign: -1.0,
            ..Stops::own(row, NONE)
        }
    }

    /// Figure 9 is 10 and cannot move.
    fn of(rows: &[Row]) -> Vec<Stops> {
        let (rows, ends): (Vec<Over>, Vec<(f64, f64)>) =
            rows.iter().map(|(terms, ends)| (over(terms), *ends)).unzip();
        merged(&rows, &ends, |figure| (figure == 9).then_some(10.0))
    }

    #[test]
    fn the_first_of_alike_rows_has_the_narrowest_ends() {
        // x0 + x1 in 3..8; x0 + x1 + 10 in 14..30; 10 − x0 − x1 in 3..=9: together x0 + x1 in 4..=7.
        let stops = of(&[
            (&[(0, 1), (1, 1)], (3.0, 8.0)),
            (&[(0, 1), (1, 1), (9, 1)], (14.0, 30.0)),
            (&[(0, -1), (1, -1), (9, 1)], (3.0, 9.0)),
        ]);
        let wanted = Stops {
            low: 4.0,
            high: 7.0,
            low_from: 1,
            high_from: 2,
            sign: 1.0,
        };
        assert_eq!(stops, [wanted, Stops::own(1, NONE), reversed(2)]);
    }

    #[test]
    fn a_row_that_runs_the_other_way_keeps_its_own_direction() {
        // 10 − x0 in 0..=9 and x0 in 4..=20: the first stays 10 − x0, in 0..=6.
        let stops = of(&[(&[(0, -1), (9, 1)], (0.0, 9.0)), (&[(0, 1)], (4.0, 20.0))]);
        let wanted = Stops {
            low: 0.0,
            high: 6.0,
            low_from: 0,
            high_from: 1,
            sign: -1.0,
        };
        assert_eq!(stops, [wanted, Stops::own(1, NONE)]);
    }

    #[test]
    fn rows_of_other_sums_and_rows_that_cannot_move_stay_as_they_are() {
        let rows: [Row; 4] = [
            (&[(0, 1), (1, 1)], (3.0, 8.0)),
            (&[(0, 1), (1, -1)], (3.0, 8.0)),
            (&[(9, 1)], (0.0, 10.0)),
            (&[(9, 1)], (10.0, 12.0)),
        ];
        let own: Vec<Stops> = rows
            .iter()
            .enumerate()
            .map(|(row, (_, ends))| Stops::own(row, *ends))
            .collect();
        assert_eq!(of(&rows), own);
    }
}
