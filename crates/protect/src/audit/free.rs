//! Which figures of a piece are free, and what the others are in terms of them.
//!
//! A published sum that holds exactly says what one of its figures is. Taken out of everything else, the figures that nobody
//! adds up are left as unknowns, and every total is a range over them. Where a total is one number, one of its parts follows
//! instead: a range of one value would leave nothing room to move. Of a table with all its totals few unknowns remain, each
//! in few ranges, so that a change of one figure is one change and not a chain of them; and the program starts with every
//! total in its basis.
//!
//! Standard followed: elimination of equations before a linear program is solved ("aggregator" of Brearley, Mitra and Williams,
//! Mathematical Programming 8 (1975) 54–83). No factor but ±1 is divided by, so whole numbers stay whole.

use super::piece::Piece;
use super::{Row, System, Terms};

/// What a figure is in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// The unknown of this number.
    Free(usize),
    /// The row of this number adds it up.
    Sum(usize),
}

/// What a row of the program speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The figure at this place of the piece: the row adds it up.
    Figure(usize),
    /// The row at this place of the piece: its sum has ends of its own.
    Row(usize),
}

/// A row over unknowns.
#[derive(Clone, Debug)]
pub(super) struct Over {
    pub(super) terms: Terms,
    pub(super) of: Of,
}

/// A piece in terms of its free figures.
#[derive(Clone, Debug, Default)]
pub(super) struct Reduced {
    /// By place in the piece.
    pub(super) is: Vec<Is>,
    /// The place of each unknown.
    pub(super) free: Vec<usize>,
    pub(super) rows: Vec<Over>,
}

/// Rounds in which totals of totals are looked for.
const MOST_STEPS: usize = 12;

impl Reduced {
    /// Every figure free, every row as it is.
    pub(super) fn nothing(system: &System, piece: &Piece, local: &[usize]) -> Self {
        let figures = piece.figures.len();
        let rows = piece.rows.iter().enumerate().map(|(at, row)| Over {
            terms: here(&system.rows[*row], local),
            of: Of::Row(at),
        });
        Self {
            is: (0..figures).map(Is::Free).collect(),
            free: (0..figures).collect(),
            rows: rows.collect(),
        }
    }

    /// With these rows (by place in the piece); none where two of them contradict each other whatever the figures are.
    pub(super) fn new(system: &System, piece: &Piece, local: &[usize], kept: &[bool]) -> Option<Self> {
        let mut known = Known::new(piece.figures.len());
        let span = |place: usize| system.figures[piece.figures[place]];
        let kept = piece.rows.iter().enumerate().filter(|(at, _)| kept[*at]);
        let (equations, others): (Vec<_>, Vec<_>) =
            kept.partition(|(_, row)| is_equation(&system.rows[**row]));
        let equations: Vec<(usize, Terms)> = equations
            .into_iter()
            .map(|(at, row)| (at, here(&system.rows[*row], local)))
            .collect();
        let heights = heights(&equations, piece.figures.len());
        let mut order: Vec<&(usize, Terms)> = equations.iter().collect();
        order.sort_by_key(|(at, terms)| (total(terms).map_or(usize::MAX, |t| heights[t]), *at));
        let mut left = Vec::new();
        for (at, terms) in order {
            let over = known.expand(terms);
            if !over.is_empty()
                && !known.define(&over, |figure| {
                    (
                        span(figure).len() > 1,
                        Some(figure) == total(terms),
                        heights[figure],
                    )
                })
            {
                left.push((*at, terms.clone()));
            }
        }
        left.extend(
            others
                .into_iter()
                .map(|(at, row)| (at, here(&system.rows[*row], local))),
        );
        let mut reduced = Self::of(known);
        for (at, terms) in left {
            let terms = reduced.expand(&terms);
            if terms.is_empty() {
                let row = &system.rows[piece.rows[at]];
                if row.low.is_some_and(|low| low > 0) || row.high.is_some_and(|high| high < 0) {
                    return None;
                }
                continue;
            }
            reduced.rows.push(Over {
                terms,
                of: Of::Row(at),
            });
        }
        Some(reduced)
    }

    /// What is known, with the unknowns numbered; no other rows yet.
    fn of(known: Known) -> Self {
        let mut reduced = Self::default();
        let mut number = vec![usize::MAX; known.over.len()];
        for place in (0..known.over.len()).filter(|place| known.over[*place].is_none()) {
            number[place] = reduced.free.len();
            reduced.free.push(place);
        }
        for (place, over) in known.over.into_iter().enumerate() {
            reduced.is.push(match over {
                None => Is::Free(number[place]),
                Some(over) => {
                    reduced.rows.push(Over {
                        terms: over.into_iter().map(|(f, c)| (number[f], c)).collect(),
                        of: Of::Figure(place),
                    });
                    Is::Sum(reduced.rows.len() - 1)
                }
            });
        }
        reduced
    }

    /// A sum of figures, by place in the piece, as a sum of unknowns.
    pub(super) fn expand(&self, terms: &Terms) -> Terms {
        let mut sum = Vec::new();
        for (place, factor) in terms {
            match self.is[*place] {
                Is::Free(number) => sum.push((number, *factor)),
                Is::Sum(row) => sum.extend(self.rows[row].terms.iter().map(|(f, c)| (*f, c * factor))),
            }
        }
        together(sum)
    }
}

/// What has been found out: each figure in terms of others that are free, or nothing where it is free itself.
struct Known {
    over: Vec<Option<Terms>>,
    /// Figures that may be in terms of each.
    in_terms_of: Vec<Vec<usize>>,
}

impl Known {
    fn new(figures: usize) -> Self {
        Self {
            over: vec![None; figures],
            in_terms_of: vec![Vec::new(); figures],
        }
    }

    fn expand(&self, terms: &Terms) -> Terms {
        let mut sum = Vec::new();
        for (figure, factor) in terms {
            match &self.over[*figure] {
                None => sum.push((*figure, *factor)),
                Some(over) => sum.extend(over.iter().map(|(f, c)| (*f, c * factor))),
            }
        }
        together(sum)
    }

    /// Takes from Σ terms = 0 what one of the figures is, of those whose factors allow it the one that is fit best; false where
    /// there is none.
    fn define<K: Ord>(&mut self, terms: &Terms, fit: impl Fn(usize) -> K) -> bool {
        let sure = terms.iter().filter(|(_, factor)| factor.abs() == 1);
        let Some((figure, factor)) = sure.max_by_key(|(f, _)| (fit(*f), *f)).copied() else {
            return false;
        };
        let rest = terms.iter().filter(|(f, _)| *f != figure);
        let over: Terms = rest.map(|(f, c)| (*f, -c * factor)).collect();
        for other in std::mem::take(&mut self.in_terms_of[figure]) {
            let Some(before) = self.over[other].take() else {
                continue;
            };
            let times = before.iter().find(|(f, _)| *f == figure).map_or(0, |(_, c)| *c);
            let kept = before.into_iter().filter(|(f, _)| *f != figure);
            let sum = kept.chain(over.iter().map(|(f, c)| (*f, c * times))).collect();
            self.over[other] = Some(together(sum));
            if times != 0 {
                over.iter().for_each(|(f, _)| self.in_terms_of[*f].push(other));
            }
        }
        over.iter().for_each(|(f, _)| self.in_terms_of[*f].push(figure));
        self.over[figure] = Some(over);
        true
    }
}

fn is_equation(row: &Row) -> bool {
    row.low == Some(0) && row.high == Some(0)
}

/// The terms of a row by place in its piece.
fn here(row: &Row, local: &[usize]) -> Terms {
    row.terms.iter().map(|(f, c)| (local[*f], *c)).collect()
}

/// The figure that a sum adds up: the only one with a factor of 1 beside others of −1.
fn total(terms: &Terms) -> Option<usize> {
    let mut up = terms.iter().filter(|(_, factor)| *factor != -1);
    match (up.next(), up.next()) {
        (Some((figure, 1)), None) => Some(*figure),
        _ => None,
    }
}

/// How many sums each figure is above.
fn heights(equations: &[(usize, Terms)], figures: usize) -> Vec<usize> {
    let mut heights = vec![0; figures];
    for _ in 0..MOST_STEPS {
        let mut changed = false;
        for (_, terms) in equations {
            let Some(total) = total(terms) else { continue };
            let parts = terms.iter().filter(|(f, _)| *f != total);
            let above = 1 + parts.map(|(f, _)| heights[*f]).max().unwrap_or(0);
            if heights[total] < above.min(MOST_STEPS) {
                heights[total] = above;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    heights
}

/// Factors of the same figure added, zeros left out, in the order of figures.
fn together(mut terms: Terms) -> Terms {
    terms.sort_unstable_by_key(|(figure, _)| *figure);
    terms.dedup_by(|(figure, factor), (kept, sum)| {
        let same = figure == kept;
        if same {
            *sum += *factor;
        }
        same
    });
    terms.retain(|(_, factor)| *factor != 0);
    terms
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::piece::{pieces, places};
    use super::*;
    use crate::audit::Span;

    const ANY: Span = Span {
        low: 0,
        high: Span::OPEN,
    };

    /// What each figure is, in words: `x0` the first unknown, a sum of them otherwise.
    fn said(figures: &[Span], rows: &[Row]) -> Vec<String> {
        let system = System {
            figures: figures.to_vec(),
            rows: rows.to_vec(),
            ..System::default()
        };
        let pieces = pieces(&system);
        let local = places(&system, &pieces);
        let kept = vec![true; rows.len()];
        let reduced = Reduced::new(&system, &pieces[0], &local, &kept).unwrap();
        let term = |(figure, factor): &(usize, i64)| format!("{factor:+} x{figure}");
        let said = |is: &Is| match is {
            Is::Free(number) => format!("x{number}"),
            Is::Sum(row) => {
                let terms: Vec<String> = reduced.rows[*row].terms.iter().map(term).collect();
                terms.join(" ")
            }
        };
        reduced.is.iter().map(said).collect()
    }

    #[test]
    fn totals_follow_from_what_nobody_adds_up() {
        //  a b | total of both, then c d | theirs, then the columns and all.
        let rows = [
            Row::sum(2, &[0, 1]),
            Row::sum(5, &[3, 4]),
            Row::sum(6, &[0, 3]),
            Row::sum(7, &[1, 4]),
            Row::sum(8, &[6, 7]),
            Row::sum(8, &[2, 5]),
        ];
        assert_eq!(
            said(&[ANY; 9], &rows),
            [
                "x0",
                "x1",
                "+1 x0 +1 x1",
                "x2",
                "x3",
                "+1 x2 +1 x3",
                "+1 x0 +1 x2",
                "+1 x1 +1 x3",
                "+1 x0 +1 x1 +1 x2 +1 x3",
            ]
        );
    }

    #[test]
    fn where_the_total_is_one_number_a_part_follows() {
        // 60 = a + b + 17.
        let figures = [Span::exactly(60), ANY, ANY, Span::exactly(17)];
        assert_eq!(
            said(&figures, &[Row::sum(0, &[1, 2, 3])]),
            ["x0", "x1", "+1 x0 -1 x1 -1 x2", "x2"]
        );
    }

    #[test]
    fn an_inequality_makes_nothing_follow() {
        assert_eq!(said(&[ANY; 3], &[Row::among(0, &[1, 2])]), ["x0", "x1", "x2"]);
    }
}
