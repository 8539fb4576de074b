//! The linear audit: what published figures let anybody work out about a figure that is hidden or rounded.
//!
//! Every published figure is a range of whole numbers, and every published sum an equation. The largest and smallest
//! value that a figure can have under all of them are two linear programs; where the values between are too few, the
//! figure is given away, and the dual solution names the published figures that prove it. To undo the proof one of
//! these must be hidden: that is what secondary suppression works with.
//!
//! Invariants: nothing but what is published is read, never a hidden value; an answer is the optimum of a linear
//! program, so it depends neither on the order of the work nor on the number of threads. The range is that of real
//! numbers, cut to whole ones: whole-number solutions may be rarer in tables of three dimensions and more.
//!
//! **Source.** M. Fischetti and J. J. Salazar, Management Science 47 (2001) 1008–1027 (attacker's programs and the
//! cuts from their duals).

mod alike;
mod asking;
mod free;
mod guesses;
mod kernel;
mod lists;
mod moves;
mod piece;
pub(crate) use piece::root;
mod program;
mod simplex;
mod sorted;
mod sparse;
mod square;
mod start;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use rayon::prelude::*;

/// A range of whole numbers, ends included; `high` is [`Span::OPEN`] where nothing bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Span {
    /// No upper end.
    pub(crate) const OPEN: i64 = i64::MAX;

    pub(crate) fn exactly(value: i64) -> Self {
        Self {
            low: value,
            high: value,
        }
    }

    /// The values in both; none where there are none.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        let both = Self {
            low: self.low.max(other.low),
            high: self.high.min(other.high),
        };
        (both.low <= both.high).then_some(both)
    }

    /// The upper end; infinite where nothing bounds it.
    fn upper(self) -> f64 {
        if self.high == Self::OPEN {
            f64::INFINITY
        } else {
            self.high as f64
        }
    }

    /// How many values it holds.
    pub(crate) fn len(self) -> i64 {
        self.high.saturating_sub(self.low).saturating_add(1).max(0)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            high: self.high.saturating_add(other.high),
        }
    }
}

/// Factors and figures: Σ factor × figure.
pub(crate) type Terms = Vec<(usize, i64)>;

/// low ≤ Σ factor × figure ≤ high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) terms: Terms,
    /// None: no lower end.
    pub(crate) low: Option<i64>,
    /// None: no upper end.
    pub(crate) high: Option<i64>,
}

impl Row {
    /// Both ends of the sum, infinite where there is none.
    fn ends(&self) -> (f64, f64) {
        (
            self.low.map_or(f64::NEG_INFINITY, |n| n as f64),
            self.high.map_or(f64::INFINITY, |n| n as f64),
        )
    }

    /// The total is no less than its parts.
    pub(crate) fn among(total: usize, parts: &[usize]) -> Self {
        Self {
            high: None,
            ..Self::sum(total, parts)
        }
    }

    /// The total equals its parts.
    pub(crate) fn sum(total: usize, parts: &[usize]) -> Self {
        let mut terms: Terms = parts.iter().map(|part| (*part, -1)).collect();
        terms.push((total, 1));
        Self {
            terms,
            low: Some(0),
            high: Some(0),
        }
    }
}

/// Everything that is known: a range for each figure, and the rows over them.
#[derive(Clone, Debug, Default)]
pub(crate) struct System {
    pub(crate) figures: Vec<Span>,
    /// What other publications, by rank, suggest about each figure where nothing has changed. Empty, or a list for each.
    pub(crate) guesses: Vec<Vec<(usize, Span)>>,
    pub(crate) rows: Vec<Row>,
    /// A table from which answers may start: empty, or a value for each figure where one is known. It must come from what is
    /// published too, since which figures prove an answer depends on it.
    pub(crate) start: Vec<Option<f64>>,
}

/// What must hold of a sum of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Need {
    /// At least this many values are left.
    Values(i64),
    /// Not every value left lies in 1..=this, nor in −this..=−1.
    NotSmall(i64),
    /// At least so many of the values left lie in 1..=most: not even somebody who knows that the number was hidden for
    /// its own sake can narrow it further.
    Among { most: i64, least: i64 },
    /// Nothing: the exact ends are asked for.
    Ends,
    /// Nothing: the values met on the way are enough.
    Met,
}

impl Need {
    /// Whether a figure that can have these values, perhaps among others, meets the need.
    pub(crate) fn met_by(self, values: Span) -> bool {
        match self {
            Self::Values(least) => values.len() >= least,
            Self::NotSmall(most) => {
                values.high > most || values.low < -most || (values.low <= 0 && values.high >= 0)
            }
            Self::Among { most, least } => {
                let small = Span { low: 1, high: most };
                values.and(small).map_or(0, Span::len) >= least
            }
            Self::Ends => false,
            Self::Met => true,
        }
    }
}

/// A question about a sum of figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Question {
    pub(crate) of: Terms,
    pub(crate) need: Need,
}

/// What the audit says to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The values it can have; where the need is met, perhaps not all of them.
    pub(crate) values: Span,
    /// Whether the need is met.
    pub(crate) met: bool,
    /// Figures whose ranges prove the ends; empty unless the ends were sought.
    pub(crate) because: Vec<usize>,
    /// False where the solver gave up: nothing is known, which is not safe.
    pub(crate) settled: bool,
}

/// Answers to all questions, and what the published figures themselves contradict.
#[derive(Clone, Debug, Default)]
pub(crate) struct Audit {
    pub(crate) answers: Vec<Answer>,
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "said for whoever asks why a row was not used")
    )]
    /// Rows that cannot hold with the others (figures revised between releases, places that do not add up): left out.
    pub(crate) contradicted: Vec<usize>,
    /// Guesses that were kept: (figure, rank of the publication that narrowed it).
    pub(crate) narrowed: Vec<(usize, usize)>,
    /// Values that satisfy all rows that are kept, for figures that were asked about and all that rows connect to them.
    pub(crate) table: Vec<(usize, f64)>,
    /// Steps of linear programs: the work done, whatever the machine.
    pub(crate) steps: u64,
}

/// Answers questions about a system of published figures.
pub(crate) fn audit(system: &System, questions: &[Question]) -> Audit {
    Auditor::new(Cow::Borrowed(system)).audit(questions)
}

/// Answers questions about a system of which less and less is published: what was worked out before serves again.
pub(crate) struct Auditor<'s> {
    system: Cow<'s, System>,
    pieces: Vec<piece::Piece>,
    /// The piece of each figure, and its place there.
    piece_of: Vec<usize>,
    local: Vec<usize>,
    /// The pieces that questions were asked of.
    ready: Vec<Option<piece::Ready>>,
}

impl<'s> Auditor<'s> {
    pub(crate) fn new(system: Cow<'s, System>) -> Self {
        let pieces = piece::pieces(&system);
        let mut piece_of = vec![0; system.figures.len()];
        for (index, piece) in pieces.iter().enumerate() {
            for figure in &piece.figures {
                piece_of[*figure] = index;
            }
        }
        Self {
            local: piece::places(&system, &pieces),
            ready: pieces.iter().map(|_| None).collect(),
            system,
            pieces,
            piece_of,
        }
    }

    /// Publishes less of a figure, or more.
    pub(crate) fn change(&mut self, figure: usize, span: Span) {
        self.system.to_mut().figures[figure] = span;
        let ready = &mut self.ready[self.piece_of[figure]];
        if let Some(piece) = ready
            && !piece.change(self.local[figure], span)
        {
            *ready = None;
        }
    }

    pub(crate) fn audit(&mut self, questions: &[Question]) -> Audit {
        let mut first = sorted::Sorted::new(&self.piece_of, self.pieces.len(), questions);
        let results = self.answer(&first.asked);
        let mut contradicted: Vec<usize> = results
            .iter()
            .flat_map(|r| r.contradicted.iter().copied())
            .collect();
        contradicted.sort_unstable();
        // Questions over several pieces: what was met on the way is often enough; else the exact ends of each part.
        let again = first.second_round(questions, &results);
        let exact = self.answer(&again);
        Audit {
            answers: first.answers(questions, &results, &exact),
            contradicted,
            table: results.iter().flat_map(|r| r.table.iter().copied()).collect(),
            steps: results.iter().chain(&exact).map(|r| r.steps).sum(),
            narrowed: results.into_iter().flat_map(|r| r.narrowed).collect(),
        }
    }

    /// The answers of all pieces to what each is asked.
    fn answer(&mut self, asked: &[Vec<Question>]) -> Vec<piece::Solved> {
        let (system, local) = (&*self.system, &self.local);
        let pieces = self.pieces.par_iter().zip(&mut self.ready).zip(asked);
        // One by one: shared out in runs, the few large pieces would all fall to one thread.
        let answers = pieces.with_max_len(1).map(|((piece, ready), questions)| {
            if questions.is_empty() {
                return piece::Solved::default();
            }
            ready
                .get_or_insert_with(|| piece::Ready::new(system, piece, local))
                .answer(questions, local)
        });
        answers.collect()
    }
}
