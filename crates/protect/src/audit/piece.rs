//! Splits a system into pieces that share no row, and answers the questions of one piece.
//!
//! Most questions are answered together: one program pushes all open figures up, the next pushes them down, and every
//! answer is looked at for every question. Only figures that stay narrow get programs of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::guesses;
use super::moves::Mover;
use super::program::{CAP, Program};
use super::simplex::Step;
use super::{Answer, Need, Question, Span, Start, System};

/// Moves of one figure in one direction.
const MOST_MOVES: usize = 12;
/// Real ends this close to a whole number are that number.
const NEAR: f64 = 1e-5;

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
    pub(super) table: Vec<(usize, Start)>,
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

/// Answers the questions of one piece: by moves from a table that satisfies everything, then by linear programs.
pub(super) fn solve(system: &System, piece: &Piece, questions: &[Question], local: &[usize]) -> Solved {
    if questions.is_empty() {
        return Solved::default();
    }
    let (piece, mut contradicted) = piece.without_impossible(system);
    let Ok((mut program, out)) = Program::new(system, &piece, local) else {
        return Solved {
            answers: questions.iter().map(|_| unsettled()).collect(),
            contradicted: piece.rows.clone(),
            ..Solved::default()
        };
    };
    contradicted.extend(out.into_iter().map(|row| piece.rows[row]));
    let narrowed = guesses::keep(system, &piece, local, &mut program);
    let mut asking = Asking::new(questions, local, piece.figures.len());
    if let Some(mut mover) = program.centre(system, &piece, local) {
        asking.by_moves(&mut mover, questions, local);
    }
    program.crash(&asking.asked);
    for at in 0..questions.len() {
        if !asking.asked[at].closed() {
            asking.alone(at, &mut program, &piece.figures);
        }
    }
    Solved {
        answers: asking.asked.into_iter().map(|a| a.answer).collect(),
        contradicted,
        narrowed,
        table: piece.figures.iter().copied().zip(program.starts()).collect(),
        steps: program.simplex.steps,
    }
}

fn unsettled() -> Answer {
    Answer {
        values: Span { low: 0, high: -1 },
        met: false,
        because: Vec::new(),
        settled: false,
    }
}

/// The questions of a piece, and which of them each figure is in.
struct Asking {
    asked: Vec<Asked>,
    about: Vec<Vec<usize>>,
}

impl Asking {
    fn new(questions: &[Question], local: &[usize], figures: usize) -> Self {
        let asked: Vec<Asked> = questions.iter().map(|q| Asked::new(q, local)).collect();
        let mut about = vec![Vec::new(); figures];
        for (at, one) in asked.iter().enumerate() {
            for (figure, _) in &one.of {
                about[*figure].push(at);
            }
        }
        Self { asked, about }
    }

    /// Moves each open figure up and down; every table on the way counts for every figure it changes.
    fn by_moves(&mut self, mover: &mut Mover, questions: &[Question], local: &[usize]) {
        let terms: Vec<super::Terms> = questions
            .iter()
            .map(|q| q.of.iter().map(|(f, c)| (local[*f], *c)).collect())
            .collect();
        for (one, terms) in self.asked.iter_mut().zip(&terms) {
            one.see(mover.of(terms) as f64);
        }
        let home = mover.values().to_vec();
        let mut changed = Vec::new();
        for at in 0..questions.len() {
            for direction in [1, -1] {
                mover.back_to(&home, &mut changed);
                for _ in 0..MOST_MOVES {
                    let one = &self.asked[at];
                    let enough = match one.need {
                        Need::Ends => true,
                        // A part of a question over several pieces: a few values either side.
                        Need::Met => one.answer.values.len() > 4,
                        _ => one.answer.met,
                    };
                    if enough || !mover.shift(&terms[at], direction) {
                        break;
                    }
                    changed.extend(mover.changed());
                    for figure in mover.changed() {
                        for other in &self.about[figure] {
                            self.asked[*other].see(mover.of(&terms[*other]) as f64);
                        }
                    }
                }
            }
        }
    }

    /// The ends of one question, or as much as meets its need; values met on the way count for the others.
    fn alone(&mut self, at: usize, program: &mut Program, figures: &[usize]) {
        let of = self.asked[at].of.clone();
        let mut because = BTreeSet::new();
        for direction in [1.0, -1.0] {
            let objective: Vec<(usize, f64)> = of.iter().map(|(f, c)| (*f, direction * c)).collect();
            program.simplex.ask(&objective);
            self.asked[at].see(program.simplex.sum(&of));
            while !self.asked[at].answer.met {
                match program.simplex.step() {
                    Step::Moved => self.asked[at].see(program.simplex.sum(&of)),
                    Step::Settled(proof) => {
                        if proof.figures.iter().any(|f| program.is_capped(*f)) {
                            self.asked[at].no_end(direction);
                        }
                        because.extend(proof.figures.into_iter().map(|f| figures[f]));
                        break;
                    }
                    Step::Lost => {
                        self.asked[at].answer = unsettled();
                        self.asked[at].done = true;
                        return;
                    }
                }
            }
            for figure in program.simplex.moved() {
                for other in &self.about[figure] {
                    let one = &mut self.asked[*other];
                    one.see(program.simplex.sum(&one.of));
                }
            }
            if self.asked[at].answer.met {
                return;
            }
        }
        self.asked[at].done = true;
        self.asked[at].answer.because = because.into_iter().collect();
    }
}

pub(super) struct Asked {
    pub(super) of: Vec<(usize, f64)>,
    pub(super) need: Need,
    pub(super) answer: Answer,
    low: f64,
    high: f64,
    pub(super) done: bool,
}

impl Asked {
    fn new(question: &Question, local: &[usize]) -> Self {
        Self {
            of: question
                .of
                .iter()
                .map(|(figure, factor)| (local[*figure], *factor as f64))
                .collect(),
            need: question.need,
            answer: unsettled(),
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            done: false,
        }
    }

    pub(super) fn closed(&self) -> bool {
        self.done || self.answer.met
    }

    /// Only our own upper end stands in the way: nothing published proves this side.
    fn no_end(&mut self, direction: f64) {
        if direction > 0.0 {
            self.see(CAP);
        } else {
            self.see(self.low.min(0.0));
        }
    }

    /// Takes a value that the question can have into its answer.
    pub(super) fn see(&mut self, value: f64) {
        if self.done {
            return;
        }
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        self.answer.values = Span {
            low: (self.low - NEAR).ceil() as i64,
            high: (self.high + NEAR).floor() as i64,
        };
        self.answer.met = self.need.met_by(self.answer.values);
        self.answer.settled = true;
    }
}
