//! The questions of one piece, and how they are answered: by moves from a table that satisfies everything, where that is enough;
//! else by a linear program for each end.
//!
//! Every table on the way, of a move or of a program, counts for every question about the figures that it changes.

use std::collections::{BTreeMap, BTreeSet};

use super::moves::{Mover, Watched};
use super::program::{CAP, Lost, Program};
use super::simplex::{Proof, Stand, Step};
use super::{Answer, Need, Question, Span, Terms};

/// Moves of one figure in one direction.
const MOST_MOVES: usize = 12;
/// Real ends this close to a whole number are that number.
const NEAR: f64 = 1e-5;

/// Where the programs of a sum of figures, by place in the piece, came to their upper and lower ends.
pub(super) type Ends = BTreeMap<Terms, [Option<Stand>; 2]>;

/// The questions of a piece, and which of them each variable is in.
pub(super) struct Asking {
    asked: Vec<Asked>,
    about: Vec<Vec<usize>>,
}

struct Asked {
    /// Over the figures of the piece.
    terms: Terms,
    /// Over the variables of the program.
    of: Vec<(usize, f64)>,
    /// Over its free figures; empty where a row is asked about.
    free: Terms,
    /// The row that is asked about.
    row: Option<usize>,
    need: Need,
    /// Whether it is a number of people: one figure, and nothing taken off.
    counts: bool,
    answer: Answer,
    low: f64,
    high: f64,
    done: bool,
}

pub(super) fn unsettled() -> Answer {
    Answer {
        values: Span { low: 0, high: -1 },
        met: false,
        because: Vec::new(),
        settled: false,
    }
}

impl Asking {
    pub(super) fn new(questions: &[Question], local: &[usize], program: &Program) -> Self {
        let asked: Vec<Asked> = questions.iter().map(|q| Asked::new(q, local, program)).collect();
        let mut about = vec![Vec::new(); program.simplex.vars.len()];
        for (at, one) in asked.iter().enumerate() {
            for (variable, _) in &one.of {
                about[*variable].push(at);
            }
        }
        Self { asked, about }
    }

    pub(super) fn answers(self) -> Vec<Answer> {
        self.asked.into_iter().map(|asked| asked.answer).collect()
    }

    /// Moves each open question up and down; every table on the way counts for every question that it changes. Of those that
    /// programs brought to their ends before, nothing is expected.
    pub(super) fn by_moves(&mut self, mut mover: Mover, ends: &Ends) {
        let sums = self.asked.iter().filter(|one| one.row.is_none());
        let mut sums = mover.watch(sums.map(|one| &one.free)).into_iter();
        let watched: Vec<Watched> = self
            .asked
            .iter()
            .filter_map(|one| one.row.map_or_else(|| sums.next(), |row| Some(Watched::Row(row))))
            .collect();
        let home = mover.values().to_vec();
        let (mut of_figure, mut of_row) = (vec![Vec::new(); home.len()], vec![Vec::new(); mover.rows()]);
        for (at, (one, watched)) in self.asked.iter_mut().zip(&watched).enumerate() {
            one.see(mover.value(*watched));
            match watched {
                Watched::Figure(figure) => of_figure[*figure].push(at),
                Watched::Row(row) => of_row[*row].push(at),
            }
        }
        let mut changed = Vec::new();
        for (at, one) in watched.iter().enumerate() {
            if ends.contains_key(&self.asked[at].terms) {
                continue;
            }
            for direction in [1, -1] {
                mover.back_to(&home, &mut changed);
                for _ in 0..MOST_MOVES {
                    if self.asked[at].moved_enough() || !mover.shift(*one, direction) {
                        break;
                    }
                    for figure in mover.changed() {
                        changed.push(figure);
                        for other in &of_figure[figure] {
                            self.asked[*other].see(mover.value(watched[*other]));
                        }
                        for other in mover.rows_of(figure).flat_map(|row| &of_row[row]) {
                            self.asked[*other].see(mover.value(watched[*other]));
                        }
                    }
                }
            }
        }
    }

    /// Asks the program what is still open.
    pub(super) fn by_programs(&mut self, program: &mut Program, figures: &[usize], ends: &mut Ends) {
        for at in 0..self.asked.len() {
            if !self.asked[at].closed() {
                let mut own = ends.remove(&self.asked[at].terms).unwrap_or_default();
                self.alone(at, program, figures, &mut own);
                if !self.asked[at].answer.met {
                    ends.insert(self.asked[at].terms.clone(), own);
                }
            }
        }
    }

    /// The ends of one question, or as much as meets its need.
    fn alone(&mut self, at: usize, program: &mut Program, figures: &[usize], ends: &mut [Option<Stand>; 2]) {
        let of = self.asked[at].of.clone();
        let mut because = BTreeSet::new();
        for (direction, end) in [1.0, -1.0].into_iter().zip(ends) {
            if direction < 0.0 && self.asked[at].is_at_nobody() {
                continue;
            }
            let objective: Vec<(usize, f64)> = of.iter().map(|(f, c)| (*f, direction * c)).collect();
            program.simplex.ask(&objective, end.as_ref());
            let asked = &mut self.asked[at];
            let climbed = asked.climb(direction, program).or_else(|Lost| {
                program.simplex.ask_carefully(&objective);
                asked.climb(direction, program)
            });
            match climbed {
                Ok(Some(proof)) => {
                    because.extend(program.figures_at_ends(&proof).into_iter().map(|f| figures[f]));
                    *end = Some(program.simplex.stand());
                }
                Ok(None) => {}
                Err(Lost) => {
                    asked.answer = unsettled();
                    asked.done = true;
                    return;
                }
            }
            program.simplex.follow();
            for variable in program.simplex.moved() {
                for other in &self.about[variable] {
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

impl Asked {
    fn new(question: &Question, local: &[usize], program: &Program) -> Self {
        let terms: Terms = question.of.iter().map(|(f, c)| (local[*f], *c)).collect();
        let row = match terms.as_slice() {
            [(place, 1)] => program.row_of(*place),
            _ => None,
        };
        Self {
            of: program.variables(&terms),
            terms: terms.clone(),
            free: match row {
                Some(_) => Vec::new(),
                None => program.expand(&terms),
            },
            row,
            need: question.need,
            counts: matches!(terms.as_slice(), [(_, 1)]),
            answer: unsettled(),
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            done: false,
        }
    }

    /// Whether it has been seen at nobody, below which no number of people is: nothing published has to prove that end.
    fn is_at_nobody(&self) -> bool {
        self.counts && self.low <= 0.0
    }

    fn closed(&self) -> bool {
        self.done || self.answer.met
    }

    /// Whether moves need not go further.
    fn moved_enough(&self) -> bool {
        match self.need {
            Need::Ends => true,
            // A part of a question over several pieces: a few values either side.
            Need::Met => self.answer.values.len() > 4,
            _ => self.answer.met,
        }
    }

    /// From where the program stands to the end on one side, with its proof, or until the need is met. What was seen on a way
    /// that was lost counts for nothing: its numbers may have been too rough before that was noticed.
    fn climb(&mut self, direction: f64, program: &mut Program) -> Result<Option<Proof>, Lost> {
        let before = (self.low, self.high, self.answer.clone());
        self.see(direction * program.simplex.reached);
        while !self.answer.met {
            match program.simplex.step() {
                Step::Moved => self.see(direction * program.simplex.reached),
                Step::Settled(proof) => {
                    if program.is_capped(&proof) {
                        self.no_end(direction);
                    }
                    return Ok(Some(proof));
                }
                Step::Lost => {
                    (self.low, self.high, self.answer) = before;
                    return Err(Lost);
                }
            }
        }
        Ok(None)
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
    fn see(&mut self, value: f64) {
        if self.done || (self.answer.met && self.need != Need::Met) {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{Row, System, piece};
    use super::*;

    /// What the programs say of four hidden numbers in two rows and two columns of shown totals, with so many steps allowed.
    fn answers(allowed: impl Fn([usize; 2]) -> [usize; 2]) -> Vec<Answer> {
        let open = Span {
            low: 0,
            high: Span::OPEN,
        };
        let mut figures = vec![open; 4];
        figures.extend([12, 9, 14, 7].map(Span::exactly));
        let rows = [(4, [0, 1]), (5, [2, 3]), (6, [0, 2]), (7, [1, 3])];
        let system = System {
            figures,
            rows: rows
                .iter()
                .map(|(total, parts)| Row::sum(*total, parts))
                .collect(),
            ..System::default()
        };
        let pieces = piece::pieces(&system);
        let local = piece::places(&system, &pieces);
        let (mut program, _) = Program::new(&system, &pieces[0], &local).unwrap();
        program.simplex.allowed = allowed(program.simplex.allowed);
        program.bound_rows();
        let ends = |figure| Question {
            of: vec![(figure, 1)],
            need: Need::Ends,
        };
        let mut asking = Asking::new(&[0, 1, 2, 3].map(ends), &local, &program);
        asking.by_programs(&mut program, &pieces[0].figures, &mut Ends::new());
        asking.answers()
    }

    #[test]
    fn a_question_that_is_lost_is_asked_once_more_from_home() {
        let whole = answers(|allowed| allowed);
        let ranges: Vec<(i64, i64)> = whole.iter().map(|a| (a.values.low, a.values.high)).collect();
        assert_eq!(ranges, [(5, 12), (0, 7), (2, 9), (0, 7)]);
        assert_eq!(answers(|[_, again]| [0, again]), whole);
        for lost in answers(|_| [0, 0]) {
            assert!(!lost.settled && !lost.met, "{lost:?}");
        }
    }
}
