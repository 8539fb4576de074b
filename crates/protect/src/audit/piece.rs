//! Splits a system into pieces that share no row, and answers the questions of one piece.
//!
//! Most questions are answered together: one program pushes all open figures up, the next pushes them down, and every
//! answer is looked at for every question. Only figures that stay narrow get programs of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::guesses;
use super::moves::Mover;
use super::simplex::{Bounded, Outcome, Simplex};
use super::{Answer, Need, Question, Span, System};

/// The least upper end of figures that have none.
const CAP: f64 = 1e7;
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

/// Answers the questions of one piece: by moves from a known table, then by linear programs.
pub(super) fn solve(system: &System, piece: &Piece, questions: &[Question], local: &[usize]) -> Solved {
    if questions.is_empty() {
        return Solved::default();
    }
    let (piece, mut contradicted) = piece.without_impossible(system);
    let mut asked: Vec<Asked> = questions.iter().map(|q| Asked::new(q, local)).collect();
    let (spans, narrowed) = guesses::kept(system, &piece, local);
    let mut mover = Mover::new(system, &piece.figures, &piece.rows, local, spans.clone());
    if let Some(mover) = &mut mover {
        by_moves(mover, questions, local, &mut asked);
    }
    if asked.iter().any(|a| !a.closed()) {
        let known = mover.as_ref().map(Mover::values);
        let Some(mut program) = Program::new(system, &piece, local, &spans, known) else {
            return Solved {
                answers: questions.iter().map(|_| unsettled()).collect(),
                contradicted: piece.rows.clone(),
                narrowed,
            };
        };
        program.look(&mut asked);
        if known.is_none() {
            program.together(&mut asked);
        }
        for at in 0..asked.len() {
            if !asked[at].closed() {
                program.alone(at, &mut asked);
            }
        }
        contradicted.extend(program.contradicted);
    }
    Solved {
        answers: asked.into_iter().map(|a| a.answer).collect(),
        contradicted,
        narrowed,
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

/// Moves each open figure up and down; every table on the way counts for every figure it changes.
fn by_moves(mover: &mut Mover, questions: &[Question], local: &[usize], asked: &mut [Asked]) {
    let most = questions
        .iter()
        .flat_map(|q| &q.of)
        .map(|(f, _)| local[*f])
        .max()
        .unwrap_or(0);
    let mut about: Vec<Vec<usize>> = vec![Vec::new(); most + 1];
    for (at, question) in questions.iter().enumerate() {
        for (figure, _) in &question.of {
            about[local[*figure]].push(at);
        }
    }
    let terms: Vec<super::Terms> = questions
        .iter()
        .map(|q| q.of.iter().map(|(f, c)| (local[*f], *c)).collect())
        .collect();
    for (one, terms) in asked.iter_mut().zip(&terms) {
        one.see(mover.of(terms) as f64);
    }
    for at in 0..questions.len() {
        for direction in [1, -1] {
            for _ in 0..MOST_MOVES {
                let enough = match asked[at].need {
                    Need::Ends => true,
                    // A part of a question over several pieces: a few values either side.
                    Need::Met => asked[at].answer.values.len() > 4,
                    _ => asked[at].answer.met,
                };
                if enough || !mover.shift(&questions[at], local, direction) {
                    break;
                }
                let changed: BTreeSet<usize> = mover
                    .changed()
                    .filter_map(|f| about.get(f))
                    .flatten()
                    .copied()
                    .collect();
                for other in changed {
                    asked[other].see(mover.of(&terms[other]) as f64);
                }
            }
        }
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

/// The program of a piece at values that satisfy every row it keeps.
struct Program<'a> {
    piece: &'a Piece,
    /// Figures with no upper end but [`cap`].
    open: Vec<bool>,
    cap: f64,
    simplex: Simplex,
    contradicted: Vec<usize>,
}

impl<'a> Program<'a> {
    /// None where no start was found.
    fn new(
        system: &System,
        piece: &'a Piece,
        local: &[usize],
        spans: &[Span],
        known: Option<&[i64]>,
    ) -> Option<Self> {
        let mut rows: BTreeSet<usize> = piece.rows.iter().copied().collect();
        let cap = cap(system, &piece.figures);
        let mut contradicted = Vec::new();
        loop {
            let kept: Vec<usize> = rows.iter().copied().collect();
            let mut simplex = build(system, local, &kept, spans, cap);
            if let Some(known) = known {
                simplex.start_from(known.iter().map(|n| *n as f64));
            }
            let proof = match simplex.feasible() {
                Outcome::Best { .. } => {
                    return Some(Self {
                        piece,
                        open: spans.iter().map(|s| s.high == Span::OPEN).collect(),
                        cap,
                        simplex,
                        contradicted,
                    });
                }
                Outcome::Contradiction { rows, .. } if !rows.is_empty() => rows,
                _ => return None,
            };
            for row in proof {
                rows.remove(&kept[row]);
                contradicted.push(kept[row]);
            }
        }
    }

    /// Takes the values of the latest answer into every question.
    fn look(&self, asked: &mut [Asked]) {
        for one in asked.iter_mut() {
            let value: f64 = one.of.iter().map(|(f, c)| c * self.simplex.figure(*f)).sum();
            one.see(value);
        }
    }

    /// Pushes all open figures up, then down, as long as that settles many of them.
    fn together(&mut self, asked: &mut [Asked]) {
        loop {
            let open: Vec<usize> = (0..asked.len())
                .filter(|a| !asked[*a].closed() && asked[*a].need != Need::Ends)
                .collect();
            if open.len() < 3 {
                return;
            }
            for direction in [1.0, -1.0] {
                let mut objective: BTreeMap<usize, f64> = BTreeMap::new();
                for at in &open {
                    for (figure, factor) in &asked[*at].of {
                        *objective.entry(*figure).or_default() += direction * factor;
                    }
                }
                let objective: Vec<(usize, f64)> = objective.into_iter().collect();
                if !matches!(self.simplex.maximise(&objective), Outcome::Best { .. }) {
                    return;
                }
                self.look(asked);
            }
            let settled = open.iter().filter(|a| asked[**a].closed()).count();
            if settled * 8 < open.len() {
                return;
            }
        }
    }

    /// The exact ends of one question; values met on the way count for the others.
    fn alone(&mut self, at: usize, asked: &mut [Asked]) {
        let mut because = BTreeSet::new();
        let of = asked[at].of.clone();
        for direction in [1.0, -1.0] {
            let objective: Vec<(usize, f64)> = of.iter().map(|(f, c)| (*f, direction * c)).collect();
            match self.simplex.maximise(&objective) {
                Outcome::Best { variables, .. } => {
                    if variables
                        .iter()
                        .any(|v| self.open[*v] && self.simplex.figure(*v) > self.cap - 1.0)
                    {
                        // Only our own upper end stands in the way: nothing published proves this side.
                        let one = &mut asked[at];
                        (one.low, one.high) = if direction > 0.0 {
                            (one.low, CAP)
                        } else {
                            (0.0_f64.min(one.low), one.high)
                        };
                    }
                    because.extend(variables.into_iter().map(|v| self.piece.figures[v]));
                }
                _ => {
                    asked[at].answer = unsettled();
                    asked[at].done = true;
                    return;
                }
            }
            self.look(asked);
            if asked[at].answer.met {
                return;
            }
        }
        asked[at].done = true;
        asked[at].answer.because = because.into_iter().collect();
    }
}

/// An upper end for figures that have none: more than anything published here could add up to.
pub(super) fn cap(system: &System, figures: &[usize]) -> f64 {
    let shown: f64 = figures
        .iter()
        .map(|f| system.figures[*f])
        .filter(|span| span.high != Span::OPEN)
        .map(|span| span.high.abs().max(span.low.abs()) as f64)
        .sum();
    (2.0 * shown).max(CAP)
}

/// The program over a piece with these rows and ranges.
pub(super) fn build(system: &System, local: &[usize], rows: &[usize], spans: &[Span], cap: f64) -> Simplex {
    let bounds: Vec<(f64, f64)> = spans
        .iter()
        .map(|span| {
            let high = if span.high == Span::OPEN {
                cap.max(span.low as f64)
            } else {
                span.high as f64
            };
            (span.low as f64, high)
        })
        .collect();
    let rows: Vec<Bounded> = rows
        .iter()
        .map(|row| {
            let row = &system.rows[*row];
            (
                row.terms.iter().map(|(f, c)| (local[*f], *c as f64)).collect(),
                row.low.map_or(f64::NEG_INFINITY, |n| n as f64),
                row.high.map_or(f64::INFINITY, |n| n as f64),
            )
        })
        .collect();
    Simplex::new(&bounds, &rows)
}
