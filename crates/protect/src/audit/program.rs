//! The program of one piece at a table that satisfies every row it keeps: the home from which each question starts.
//!
//! The home is found from what is published alone: shown figures at their numbers, then one row after the other is mended by
//! a small program of its own. A row that cannot hold with those before it is left out, with all that prove it.

use super::moves::Mover;
use super::piece::{Asked, Piece};
use super::simplex::{Bounded, NEAR, Proof, Simplex, Step};
use super::start;
use super::{Span, Start, System};

/// The least upper end of figures that have none.
pub(super) const CAP: f64 = 1e7;

/// With fewer open questions than this no basis is chosen for them.
const FEW: usize = 4;

pub(super) struct Program {
    pub(super) simplex: Simplex,
    /// The range of each figure of the piece.
    pub(super) spans: Vec<Span>,
    cap: f64,
    /// Rows, by place in the piece, that hold.
    kept: Vec<bool>,
    /// Figures that were basic variables before; empty where that is not known.
    basics: Vec<bool>,
}

/// The programs gave no answer.
#[derive(Debug)]
pub(super) struct Lost;

impl Program {
    /// The program of a piece, and the rows (by place in the piece) that could not hold.
    pub(super) fn new(system: &System, piece: &Piece, local: &[usize]) -> Result<(Self, Vec<usize>), Lost> {
        // Which guesses and rows are given up must be the same for everybody who looks at the same publications: a start is
        // used only where nothing has to be given up.
        let guessed = |figure: &usize| system.guesses.get(*figure).is_some_and(|g| !g.is_empty());
        if !system.start.is_empty() && !piece.figures.iter().any(guessed) {
            let start = piece
                .figures
                .iter()
                .map(|f| system.start.get(*f).copied().flatten());
            if let Some(start) = start.collect()
                && let Ok((program, out)) = Self::from(system, piece, local, Some(start))
                && out.is_empty()
            {
                return Ok((program, out));
            }
        }
        Self::from(system, piece, local, None)
    }

    fn from(
        system: &System,
        piece: &Piece,
        local: &[usize],
        given: Option<Vec<Start>>,
    ) -> Result<(Self, Vec<usize>), Lost> {
        let spans: Vec<Span> = piece.figures.iter().map(|f| system.figures[*f]).collect();
        let cap = cap(&spans);
        let bounds: Vec<(f64, f64)> = spans.iter().map(|span| ends(*span, cap)).collect();
        let rows: Vec<Bounded> = piece
            .rows
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
        let start = match &given {
            Some(given) => given.iter().map(|start| start.value).collect(),
            None => start::near(&spans, &rows),
        };
        let within = start
            .iter()
            .zip(&bounds)
            .map(|(v, (low, high))| v.clamp(*low, *high));
        let start: Vec<f64> = within.collect();
        let mut program = Self {
            kept: vec![true; rows.len()],
            simplex: Simplex::new(&bounds, &rows, &start),
            spans,
            cap,
            basics: given.iter().flatten().map(|start| start.basic).collect(),
        };
        if given.is_none() {
            let mut mover = program.mover(system, piece, local);
            mover.mend_all();
            program.simplex.move_home(mover.values());
        }
        let mut contradicted = Vec::new();
        loop {
            match program.simplex.mend() {
                Ok(()) => return Ok((program, contradicted)),
                Err(Some(proof)) if !proof.rows.is_empty() => {
                    for row in proof.rows {
                        program.simplex.leave_out(row);
                        program.kept[row] = false;
                        contradicted.push(row);
                    }
                }
                Err(_) => return Err(Lost),
            }
        }
    }

    /// Narrows some figures, if everything can still hold; else nothing is changed, and the error names figures whose
    /// ranges prove that it cannot (none where that was not found).
    pub(super) fn narrow<'a>(
        &mut self,
        narrowed: impl Iterator<Item = (&'a usize, &'a Span)>,
    ) -> Result<(), Vec<usize>> {
        let home = self.simplex.home.clone();
        let mut before = Vec::new();
        for (figure, span) in narrowed {
            before.push((*figure, self.spans[*figure]));
            self.set(*figure, *span);
        }
        let Err(proof) = self.simplex.mend() else {
            return Ok(());
        };
        for (figure, span) in before {
            self.set(figure, span);
        }
        self.simplex.restore(home);
        Err(proof.unwrap_or_default().figures)
    }

    fn set(&mut self, figure: usize, span: Span) {
        let (low, high) = ends(span, self.cap);
        self.spans[figure] = span;
        self.simplex.bound(figure, low, high);
    }

    /// Whether only our own upper end stands in the way of a figure.
    pub(super) fn is_capped(&self, figure: usize) -> bool {
        self.spans[figure].high == Span::OPEN && self.simplex.value[figure] > self.cap - 1.0
    }

    /// Brings the home to the middle of things, if one of whole numbers is found near it; then moves can start from it.
    pub(super) fn centre(&mut self, system: &System, piece: &Piece, local: &[usize]) -> Option<Mover> {
        let mut mover = self.mover(system, piece, local);
        let whole = mover.mend_all();
        if whole {
            if self.basics.is_empty() {
                mover.centre();
            }
            self.simplex.move_home(mover.values());
        }
        whole.then_some(mover)
    }

    /// Chooses a basis for the questions that are open, if there are some.
    pub(super) fn crash(&mut self, asked: &[Asked]) {
        if asked.iter().filter(|a| !a.closed()).count() < FEW {
            return;
        }
        let known = self.basics.contains(&true) && self.simplex.take_basis(&self.basics);
        if !known {
            self.simplex.crash();
        }
        self.basics = (0..self.spans.len())
            .map(|figure| self.simplex.is_basic(figure))
            .collect();
    }

    /// The home, for later questions about the same figures.
    pub(super) fn starts(&self) -> impl Iterator<Item = Start> + '_ {
        self.simplex.home[..self.spans.len()]
            .iter()
            .enumerate()
            .map(|(figure, value)| Start {
                value: *value,
                basic: self.basics.get(figure).copied().unwrap_or(false),
            })
    }

    /// The home in whole numbers, to be moved; its rows may not hold.
    fn mover(&self, system: &System, piece: &Piece, local: &[usize]) -> Mover {
        let home = &self.simplex.home[..self.spans.len()];
        let whole: Vec<i64> = home.iter().map(|v| v.round() as i64).collect();
        let rows = (0..self.kept.len()).filter(|row| self.kept[*row]);
        let rows = rows.map(|row| piece.rows[row]);
        Mover::new(system, rows, local, self.spans.clone(), whole)
    }
}

impl Simplex {
    /// Finds a home that satisfies every row, one row after the other. The error is a proof that one row cannot hold with
    /// those before it, or none where the steps ran out.
    fn mend(&mut self) -> Result<(), Option<Proof>> {
        for row in 0..self.rows.len() {
            let slack = self.figures + row;
            let wanted = |simplex: &Self| {
                if simplex.value[slack] < simplex.low[slack] - NEAR {
                    1.0
                } else if simplex.value[slack] > simplex.high[slack] + NEAR {
                    -1.0
                } else {
                    0.0
                }
            };
            if wanted(self) == 0.0 {
                continue;
            }
            self.ask(&[(slack, wanted(self))]);
            while wanted(self) != 0.0 {
                match self.step() {
                    Step::Moved => {}
                    Step::Settled(proof) => return Err(Some(proof)),
                    Step::Lost => return Err(None),
                }
            }
            self.settle();
        }
        Ok(())
    }

    /// Row by row no longer asked to hold.
    fn leave_out(&mut self, row: usize) {
        let slack = self.figures + row;
        (self.low[slack], self.high[slack]) = (f64::NEG_INFINITY, f64::INFINITY);
    }
}

fn ends(span: Span, cap: f64) -> (f64, f64) {
    let high = if span.high == Span::OPEN {
        cap.max(span.low as f64)
    } else {
        span.high as f64
    };
    (span.low as f64, high)
}

/// An upper end for figures that have none: more than anything published here could add up to.
fn cap(spans: &[Span]) -> f64 {
    let shown: f64 = spans
        .iter()
        .filter(|span| span.high != Span::OPEN)
        .map(|span| span.high.abs().max(span.low.abs()) as f64)
        .sum();
    (2.0 * shown).max(CAP)
}
