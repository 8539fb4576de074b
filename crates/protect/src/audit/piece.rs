//! Splits a system into pieces that share no row, and answers the questions of one piece.

use std::collections::BTreeMap;

use super::asking::{Asking, Ends, unsettled};
use super::guesses;
use super::program::Program;
use super::{Answer, Question, Span, System};

/// Figures that rows connect.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) figures: Vec<usize>,
    pub(super) rows: Vec<usize>,
}

impl Piece {
    /// Without the rows that the published ranges of their own figures contradict (places that do not add up), which are
    /// named.
    fn without_impossible(&self, system: &System) -> (Self, Vec<usize>) {
        let possible = |row: &usize| {
            let row = &system.rows[*row];
            let reach = row.terms.iter().fold(Span::exactly(0), |sum, (figure, factor)| {
                let span = system.figures[*figure];
                let times = |n: i64| {
                    if n == Span::OPEN {
                        factor.signum() * Span::OPEN
                    } else {
                        factor * n
                    }
                };
                let (a, b) = (times(span.low), times(span.high));
                sum.plus(Span {
                    low: a.min(b),
                    high: a.max(b),
                })
            });
            row.low.is_none_or(|low| low <= reach.high) && row.high.is_none_or(|high| reach.low <= high)
        };
        let (rows, impossible) = self.rows.iter().copied().partition(|row| possible(row));
        let figures = self.figures.clone();
        (Self { figures, rows }, impossible)
    }
}

/// The pieces of a system, in the order of their first figures.
pub(super) fn pieces(system: &System) -> Vec<Piece> {
    let mut parent: Vec<usize> = (0..system.figures.len()).collect();
    for row in &system.rows {
        let mut terms = row.terms.iter();
        let Some((first, _)) = terms.next() else { continue };
        for (other, _) in terms {
            let (a, b) = (root(&mut parent, *first), root(&mut parent, *other));
            let (a, b) = (a.min(b), a.max(b));
            parent[b] = a;
        }
    }
    let mut by_root: BTreeMap<usize, Piece> = BTreeMap::new();
    for figure in 0..system.figures.len() {
        let at = root(&mut parent, figure);
        by_root.entry(at).or_default().figures.push(figure);
    }
    for (index, row) in system.rows.iter().enumerate() {
        if let Some((first, _)) = row.terms.first() {
            let at = root(&mut parent, *first);
            by_root.entry(at).or_default().rows.push(index);
        }
    }
    by_root.into_values().collect()
}

/// The smallest figure that rows connect with this one.
pub(crate) fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// The answers of one piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    pub(super) answers: Vec<Answer>,
    pub(super) contradicted: Vec<usize>,
    pub(super) narrowed: Vec<(usize, usize)>,
    /// A value for each figure: together they satisfy every row that is kept.
    pub(super) table: Vec<(usize, f64)>,
    /// Steps of linear programs.
    pub(super) steps: u64,
}

/// The place of every figure in its piece.
pub(super) fn places(system: &System, pieces: &[Piece]) -> Vec<usize> {
    let mut local = vec![0; system.figures.len()];
    for piece in pieces {
        for (place, figure) in piece.figures.iter().enumerate() {
            local[*figure] = place;
        }
    }
    local
}

/// A piece made ready for questions.
pub(super) struct Ready {
    /// Without rows that cannot hold.
    piece: Piece,
    /// None where the rows were not made to hold: nothing is known then.
    program: Option<Program>,
    contradicted: Vec<usize>,
    narrowed: Vec<(usize, usize)>,
    /// Where the programs of questions whose needs were not met came to their ends.
    ends: Ends,
}

impl Ready {
    pub(super) fn new(system: &System, piece: &Piece, local: &[usize]) -> Self {
        let (piece, mut contradicted) = piece.without_impossible(system);
        let Ok((mut program, out)) = Program::new(system, &piece, local) else {
            return Self {
                contradicted: piece.rows.clone(),
                piece,
                program: None,
                narrowed: Vec::new(),
                ends: Ends::new(),
            };
        };
        contradicted.extend(out.into_iter().map(|row| piece.rows[row]));
        let narrowed = guesses::keep(system, &piece, local, &mut program);
        Self {
            piece,
            program: Some(program),
            contradicted,
            narrowed,
            ends: Ends::new(),
        }
    }

    /// Takes another range of a figure; false where the piece has to be made ready anew, since rows or guesses were given up,
    /// which that could bring back, or since the table in hand is not within the range.
    pub(super) fn change(&mut self, place: usize, span: Span) -> bool {
        let Some(program) = self
            .program
            .as_mut()
            .filter(|_| self.contradicted.is_empty() && self.narrowed.is_empty())
        else {
            return false;
        };
        program.change(place, span)
    }

    /// Answers questions: by moves from a table that satisfies everything, then by linear programs. What they find out serves
    /// the questions that come later.
    pub(super) fn answer(&mut self, questions: &[Question], local: &[usize]) -> Solved {
        if questions.is_empty() {
            return Solved::default();
        }
        let Some(program) = &mut self.program else {
            return Solved {
                answers: questions.iter().map(|_| unsettled()).collect(),
                contradicted: self.contradicted.clone(),
                ..Solved::default()
            };
        };
        let steps = program.simplex.steps;
        program.bound_rows();
        let mut asking = Asking::new(questions, local, program);
        asking.by_moves(program.centre(), &self.ends);
        asking.by_programs(program, &self.piece.figures, &mut self.ends);
        Solved {
            answers: asking.answers(),
            contradicted: self.contradicted.clone(),
            narrowed: self.narrowed.clone(),
            table: self.piece.figures.iter().copied().zip(program.starts()).collect(),
            steps: program.simplex.steps - steps,
        }
    }
}
