//! Splits a system into pieces that share no row, and answers the questions of one piece.
//!
//! Most questions are answered together: one program pushes all open figures up, the next pushes them down, and every
//! answer is looked at for every question. Only figures that stay narrow get programs of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::simplex::{Outcome, Simplex};
use super::{Answer, Need, Question, Span, System};

/// Real ends this close to a whole number are that number.
const NEAR: f64 = 1e-5;

/// Figures that rows connect.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    figures: Vec<usize>,
    rows: Vec<usize>,
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

/// Questions by piece; those over several pieces in parts.
pub(super) struct Sorted {
    pub(super) asked: Vec<Vec<Question>>,
    /// For each question: the pieces it touches, and the place of its part among what these are asked.
    places: Vec<Vec<(usize, usize)>>,
    /// The same for parts asked again.
    again: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Sorted {
    pub(super) fn new(system: &System, pieces: &[Piece], questions: &[Question]) -> Self {
        let mut piece_of = vec![0; system.figures.len()];
        for (index, piece) in pieces.iter().enumerate() {
            for figure in &piece.figures {
                piece_of[*figure] = index;
            }
        }
        let mut asked = vec![Vec::new(); pieces.len()];
        let mut places = Vec::with_capacity(questions.len());
        for question in questions {
            let mut parts: BTreeMap<usize, super::Terms> = BTreeMap::new();
            for (figure, factor) in &question.of {
                parts
                    .entry(piece_of[*figure])
                    .or_default()
                    .push((*figure, *factor));
            }
            let need = if parts.len() > 1 { Need::Met } else { question.need };
            places.push(
                parts
                    .into_iter()
                    .map(|(piece, of)| {
                        asked[piece].push(Question { of, need });
                        (piece, asked[piece].len() - 1)
                    })
                    .collect(),
            );
        }
        Self {
            asked,
            places,
            again: BTreeMap::new(),
        }
    }

    /// Which parts need exact ends.
    pub(super) fn second_round(&mut self, questions: &[Question], results: &[Solved]) -> Vec<Vec<Question>> {
        let mut again = vec![Vec::new(); self.asked.len()];
        for (index, (question, places)) in questions.iter().zip(&self.places).enumerate() {
            if places.len() < 2 {
                continue;
            }
            let met = places
                .iter()
                .map(|(piece, at)| results[*piece].answers[*at].values)
                .fold(Span::exactly(0), Span::plus);
            if question.need.met_by(met) {
                continue;
            }
            let parts = places.iter().map(|(piece, at)| {
                again[*piece].push(Question {
                    of: self.asked[*piece][*at].of.clone(),
                    need: Need::Ends,
                });
                (*piece, again[*piece].len() - 1)
            });
            self.again.insert(index, parts.collect());
        }
        again
    }

    pub(super) fn answers(&self, questions: &[Question], first: &[Solved], again: &[Solved]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(questions.len());
        for (index, (question, places)) in questions.iter().zip(&self.places).enumerate() {
            if let [(piece, at)] = places.as_slice() {
                answers.push(first[*piece].answers[*at].clone());
                continue;
            }
            let (from, places) = self.again.get(&index).map_or((first, places), |p| (again, p));
            let parts: Vec<&Answer> = places
                .iter()
                .map(|(piece, at)| &from[*piece].answers[*at])
                .collect();
            let values = parts.iter().map(|a| a.values).fold(Span::exactly(0), Span::plus);
            answers.push(Answer {
                values,
                met: question.need.met_by(values),
                because: parts.iter().flat_map(|a| a.because.iter().copied()).collect(),
                settled: parts.iter().all(|a| a.settled),
            });
        }
        answers
    }
}

/// The answers of one piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    pub(super) answers: Vec<Answer>,
    pub(super) contradicted: Vec<usize>,
}

/// Answers the questions of one piece.
pub(super) fn solve(system: &System, piece: &Piece, questions: &[Question]) -> Solved {
    if questions.is_empty() {
        return Solved::default();
    }
    let Some(mut program) = Program::new(system, piece) else {
        return Solved {
            answers: questions.iter().map(|_| unsettled()).collect(),
            contradicted: piece.rows.clone(),
        };
    };
    let mut asked: Vec<Asked> = questions.iter().map(|q| program.asked(q)).collect();
    program.look(&mut asked);
    program.together(&mut asked);
    for at in 0..asked.len() {
        if !asked[at].closed() {
            program.alone(at, &mut asked);
        }
    }
    Solved {
        answers: asked.into_iter().map(|a| a.answer).collect(),
        contradicted: program.contradicted,
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

struct Asked {
    of: Vec<(usize, f64)>,
    need: Need,
    answer: Answer,
    low: f64,
    high: f64,
    done: bool,
}

impl Asked {
    fn closed(&self) -> bool {
        self.done || self.answer.met
    }
}

/// The program of a piece at values that satisfy every row it keeps.
struct Program<'a> {
    piece: &'a Piece,
    local: BTreeMap<usize, usize>,
    simplex: Simplex,
    contradicted: Vec<usize>,
}

impl<'a> Program<'a> {
    /// None where no start was found.
    fn new(system: &System, piece: &'a Piece) -> Option<Self> {
        let local: BTreeMap<usize, usize> = piece.figures.iter().enumerate().map(|(i, f)| (*f, i)).collect();
        let mut rows: BTreeSet<usize> = piece.rows.iter().copied().collect();
        let mut guessed: BTreeSet<usize> = piece
            .figures
            .iter()
            .copied()
            .filter(|f| system.guesses.get(*f).copied().flatten().is_some())
            .collect();
        let cap = cap(system, piece);
        let mut contradicted = Vec::new();
        loop {
            let kept: Vec<usize> = rows.iter().copied().collect();
            let mut simplex = build(system, piece, &local, &kept, &guessed, cap);
            let (variables, proof) = match simplex.feasible() {
                Outcome::Best { .. } => {
                    return Some(Self {
                        piece,
                        local,
                        simplex,
                        contradicted,
                    });
                }
                Outcome::Contradiction { variables, rows } => (variables, rows),
                Outcome::Unsettled => return None,
            };
            let proof: Vec<usize> = proof.into_iter().map(|r| kept[r]).collect();
            // What gives way first: guesses about rows, guesses about figures, then the rows of the proof.
            let guesses: Vec<usize> = proof.iter().copied().filter(|r| system.rows[*r].guess).collect();
            let before = guessed.len();
            if guesses.is_empty() {
                for figure in variables {
                    guessed.remove(&piece.figures[figure]);
                }
            }
            let gone = if guesses.is_empty() { proof } else { guesses };
            if guessed.len() == before {
                if gone.is_empty() {
                    return None;
                }
                for row in gone {
                    rows.remove(&row);
                    contradicted.push(row);
                }
            }
        }
    }

    fn asked(&self, question: &Question) -> Asked {
        Asked {
            of: question
                .of
                .iter()
                .map(|(figure, factor)| (self.local[figure], *factor as f64))
                .collect(),
            need: question.need,
            answer: unsettled(),
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            done: false,
        }
    }

    /// Takes the values of the latest answer into every question.
    fn look(&self, asked: &mut [Asked]) {
        for one in asked.iter_mut().filter(|a| !a.done) {
            let value: f64 = one.of.iter().map(|(f, c)| c * self.simplex.figure(*f)).sum();
            one.low = one.low.min(value);
            one.high = one.high.max(value);
            one.answer.values = Span {
                low: (one.low - NEAR).ceil() as i64,
                high: (one.high + NEAR).floor() as i64,
            };
            one.answer.met = one.need.met_by(one.answer.values);
            one.answer.settled = true;
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
fn cap(system: &System, piece: &Piece) -> f64 {
    let shown: f64 = piece
        .figures
        .iter()
        .map(|f| system.figures[*f])
        .filter(|span| span.high != Span::OPEN)
        .map(|span| span.high.abs().max(span.low.abs()) as f64)
        .sum();
    2.0 * shown + 1000.0
}

fn build(
    system: &System,
    piece: &Piece,
    local: &BTreeMap<usize, usize>,
    rows: &[usize],
    guessed: &BTreeSet<usize>,
    cap: f64,
) -> Simplex {
    let bounds: Vec<(f64, f64)> = piece
        .figures
        .iter()
        .map(|figure| {
            let mut span = system.figures[*figure];
            if let Some(guess) = system
                .guesses
                .get(*figure)
                .copied()
                .flatten()
                .filter(|_| guessed.contains(figure))
            {
                span = span.and(guess).unwrap_or(span);
            }
            let high = if span.high == Span::OPEN {
                cap.max(span.low as f64)
            } else {
                span.high as f64
            };
            (span.low as f64, high)
        })
        .collect();
    let rows: Vec<(Vec<(usize, f64)>, f64, f64)> = rows
        .iter()
        .map(|row| {
            let row = &system.rows[*row];
            (
                row.terms.iter().map(|(f, c)| (local[f], *c as f64)).collect(),
                row.low.map_or(f64::NEG_INFINITY, |n| n as f64),
                row.high.map_or(f64::INFINITY, |n| n as f64),
            )
        })
        .collect();
    Simplex::new(&bounds, &rows)
}
