//! The program of one piece at a table that satisfies every row it keeps: the home from which each question starts.
//!
//! Its unknowns are the [free](super::free) figures; every other figure is a row that adds it up, within its range. The home is
//! found from what is published alone: near the shown numbers, then by moves, then one row after the other by a small program
//! of its own. A row that cannot hold with those before it is left out, with all that prove it.

use std::collections::BTreeMap;

use super::alike::{self, Stops};
use super::free::{Is, Of, Reduced};
use super::moves::Mover;
use super::piece::Piece;
use super::simplex::{Bounded, End, NEAR, Proof, Simplex, Step};
use super::start;
use super::{Span, System, Terms};

/// The least upper end of figures that have none.
pub(super) const CAP: f64 = 1e7;

pub(super) struct Program {
    pub(super) simplex: Simplex,
    reduced: Reduced,
    /// The range of each figure of the piece.
    pub(super) spans: Vec<Span>,
    cap: f64,
    /// Whether the home was given and not looked for.
    given: bool,
    /// Whether the home was brought to the middle of things.
    centred: bool,
    /// The ends of rows that are nobody's range.
    own_ends: Vec<(f64, f64)>,
    /// What each row has to stop, once that is worked out for all rows together.
    stops: Vec<Stops>,
    /// Whether ranges have changed since.
    changed: bool,
}

/// The programs gave no answer.
#[derive(Debug)]
pub(super) struct Lost;

impl Program {
    /// The program of a piece, and the rows (by place in the piece) that could not hold.
    pub(super) fn new(system: &System, piece: &Piece, local: &[usize]) -> Result<(Self, Vec<usize>), Lost> {
        let mut kept = vec![true; piece.rows.len()];
        if let Some(reduced) = Reduced::new(system, piece, local, &kept) {
            // Which guesses and rows are given up must be the same for everybody who looks at the same publications: a start is
            // used only where nothing has to be given up.
            let guessed = |figure: &usize| system.guesses.get(*figure).is_some_and(|g| !g.is_empty());
            let guessed = piece.figures.iter().any(guessed);
            let given = piece
                .figures
                .iter()
                .map(|f| system.start.get(*f).copied().flatten());
            if let Some(given) = given.collect::<Option<Vec<f64>>>()
                && !guessed
                && let Some(program) = Self::at_home(system, piece, local, reduced.clone(), Some(given))
            {
                return Ok((program, Vec::new()));
            }
            if let Some(program) = Self::at_home(system, piece, local, reduced, None) {
                return Ok((program, Vec::new()));
            }
        }
        // Something cannot hold: which rows, is asked with every row as it is.
        let mut whole = Self::from(system, piece, local, Reduced::nothing(system, piece, local), None);
        let contradicted = whole.leave_out()?;
        contradicted.iter().for_each(|row| kept[*row] = false);
        let reduced = Reduced::new(system, piece, local, &kept);
        let program = reduced.and_then(|reduced| Self::at_home(system, piece, local, reduced, None));
        Ok((program.unwrap_or(whole), contradicted))
    }

    /// The program at its home, if every row can hold.
    fn at_home(
        system: &System,
        piece: &Piece,
        local: &[usize],
        reduced: Reduced,
        given: Option<Vec<f64>>,
    ) -> Option<Self> {
        let mut program = Self::from(system, piece, local, reduced, given);
        program.simplex.mend().is_ok().then_some(program)
    }

    /// The program near its home: its rows may not hold.
    fn from(
        system: &System,
        piece: &Piece,
        local: &[usize],
        reduced: Reduced,
        given: Option<Vec<f64>>,
    ) -> Self {
        let spans: Vec<Span> = piece.figures.iter().map(|f| system.figures[*f]).collect();
        let cap = cap(&spans);
        let looked_for = given.is_none();
        let near = given.unwrap_or_else(|| start::near(&spans, &bounded(system, piece, local)));
        let free: Vec<Span> = reduced.free.iter().map(|place| spans[*place]).collect();
        let bounds: Vec<(f64, f64)> = free.iter().map(|span| ends(*span, cap)).collect();
        let start = reduced.free.iter().zip(&bounds);
        let start: Vec<f64> = start
            .map(|(place, (low, high))| near[*place].clamp(*low, *high))
            .collect();
        let rows = reduced_rows(system, piece, &reduced, &free);
        let mut program = Self {
            simplex: Simplex::new(&bounds, &rows, &start),
            reduced,
            spans,
            cap,
            given: !looked_for,
            centred: false,
            own_ends: rows.iter().map(|(_, low, high)| (*low, *high)).collect(),
            stops: rows
                .iter()
                .enumerate()
                .map(|(row, (_, low, high))| Stops::own(row, (*low, *high)))
                .collect(),
            changed: true,
        };
        if looked_for {
            let mut mover = program.mover(f64::round);
            mover.mend_all();
            program.simplex.move_home(mover.values());
        }
        program
    }

    /// Leaves out rows that cannot hold with those before them; which, by place in the piece.
    fn leave_out(&mut self) -> Result<Vec<usize>, Lost> {
        let mut contradicted = Vec::new();
        loop {
            match self.simplex.mend() {
                Ok(()) => return Ok(contradicted),
                Err(Some(proof)) if !proof.rows.is_empty() => {
                    for priced in proof.rows {
                        self.simplex.leave_out(priced.row);
                        if let Of::Row(at) = self.reduced.rows[priced.row].of {
                            contradicted.push(at);
                        }
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
        Err(self.figures(&proof.unwrap_or_default()))
    }

    fn set(&mut self, figure: usize, span: Span) {
        self.spans[figure] = span;
        match self.reduced.is[figure] {
            Is::Free(number) => {
                let (low, high) = ends(span, self.cap);
                self.simplex.bound(number, low, high);
            }
            Is::Sum(row) => self.simplex.bound_row(row, span.low as f64, span.upper()),
        }
    }

    /// Takes another range of a figure, if its value at home is within; what its rows imply is asked for by
    /// [`Self::bound_rows`].
    pub(super) fn change(&mut self, place: usize, span: Span) -> bool {
        let value = self.value_at_home(self.reduced.is[place]);
        let within = span.low as f64 - NEAR <= value && value <= span.upper() + NEAR;
        if within {
            self.set(place, span);
            self.changed = true;
        }
        within
    }

    /// Gives rows the ends that their ranges leave them, each sum once. The home must satisfy every row.
    pub(super) fn bound_rows(&mut self) {
        if !std::mem::take(&mut self.changed) {
            return;
        }
        let free: Vec<Span> = self.reduced.free.iter().map(|place| self.spans[*place]).collect();
        let ends = self
            .reduced
            .rows
            .iter()
            .zip(&self.own_ends)
            .map(|(over, own)| match over.of {
                Of::Figure(place) => range(&over.terms, &free, self.spans[place]),
                Of::Row(_) => *own,
            });
        let ends: Vec<(f64, f64)> = ends.collect();
        let still = |figure: usize| (free[figure].len() == 1).then_some(free[figure].low as f64);
        self.stops = alike::merged(&self.reduced.rows, &ends, still);
        for (row, stops) in self.stops.iter().enumerate() {
            self.simplex.bound_row(row, stops.low, stops.high);
        }
    }

    /// The figures whose ranges a proof rests on, by place in the piece.
    fn figures(&self, proof: &Proof) -> Vec<usize> {
        let broken = proof.rows.iter().filter(|priced| priced.end.is_none());
        let broken = broken.filter_map(|priced| self.figure_of(priced.row));
        let mut figures = self.figures_at_ends(proof);
        figures.extend(broken);
        figures.sort_unstable();
        figures.dedup();
        figures
    }

    /// The same for a proof of an end: the range of what was asked about is not among them.
    pub(super) fn figures_at_ends(&self, proof: &Proof) -> Vec<usize> {
        let mut figures: Vec<usize> = proof
            .figures
            .iter()
            .map(|number| self.reduced.free[*number])
            .collect();
        // What a figure that cannot move adds to each row is known too.
        let mut still: BTreeMap<usize, f64> = BTreeMap::new();
        let mut add = |row: usize, times: f64| {
            for (number, factor) in &self.reduced.rows[row].terms {
                if self.spans[self.reduced.free[*number]].len() == 1 {
                    *still.entry(*number).or_default() += times * *factor as f64;
                }
            }
        };
        for priced in &proof.rows {
            add(priced.row, -priced.price);
            let Some(end) = priced.end else { continue };
            let (from, sign) = self.source(priced.row, end);
            add(priced.row, -priced.gain);
            add(from, priced.gain * sign);
            if from != priced.row || !priced.asked {
                figures.extend(self.figure_of(from));
            }
        }
        let used = still.iter().filter(|(_, times)| times.abs() > NEAR);
        figures.extend(used.map(|(number, _)| self.reduced.free[*number]));
        figures.sort_unstable();
        figures.dedup();
        figures
    }

    /// The row that an end of a row came from, and whether its sum runs the same way.
    fn source(&self, row: usize, end: End) -> (usize, f64) {
        let stops = &self.stops[row];
        let from = match end {
            End::Low => stops.low_from,
            End::High => stops.high_from,
        };
        (from, stops.sign * self.stops[from].sign)
    }

    /// The figure that a row adds up.
    fn figure_of(&self, row: usize) -> Option<usize> {
        match self.reduced.rows[row].of {
            Of::Figure(place) => Some(place),
            Of::Row(_) => None,
        }
    }

    /// Whether only our own upper end stands in the way.
    pub(super) fn is_capped(&self, proof: &Proof) -> bool {
        proof.figures.iter().any(|number| {
            self.spans[self.reduced.free[*number]].high == Span::OPEN
                && self.simplex.vars[*number].value > self.cap - 1.0
        })
    }

    /// A sum of figures, by place in the piece, as variables of the program.
    pub(super) fn variables(&self, terms: &Terms) -> Vec<(usize, f64)> {
        let variable = |(place, factor): &(usize, i64)| match self.reduced.is[*place] {
            Is::Free(number) => (number, *factor as f64),
            // A slack is what its row lacks to zero.
            Is::Sum(row) => (self.simplex.figures + row, -(*factor as f64)),
        };
        terms.iter().map(variable).collect()
    }

    /// A sum of figures, by place in the piece, as a sum of free figures.
    pub(super) fn expand(&self, terms: &Terms) -> Terms {
        self.reduced.expand(terms)
    }

    /// The row that adds up the figure at a place, if it is not free.
    pub(super) fn row_of(&self, place: usize) -> Option<usize> {
        match self.reduced.is[place] {
            Is::Free(_) => None,
            Is::Sum(row) => Some(row),
        }
    }

    /// Brings the home to the middle of things, if one of whole numbers is found near it; and gives what moves from there.
    pub(super) fn centre(&mut self) -> Mover {
        if std::mem::replace(&mut self.centred, true) {
            return self.mover(|value| value);
        }
        let mut mover = self.mover(f64::round);
        if !mover.mend_all() {
            return self.mover(|value| value);
        }
        if !self.given {
            mover.centre();
        }
        self.simplex.move_home(mover.values());
        mover
    }

    /// The home, for later questions about the same figures.
    pub(super) fn starts(&self) -> impl Iterator<Item = f64> + '_ {
        self.reduced.is.iter().map(|is| self.value_at_home(*is))
    }

    fn value_at_home(&self, is: Is) -> f64 {
        match is {
            Is::Free(number) => self.simplex.home[number],
            Is::Sum(row) => -self.simplex.home[self.simplex.figures + row],
        }
    }

    /// The home, to be moved; rounded, its rows may not hold.
    fn mover(&self, near: fn(f64) -> f64) -> Mover {
        let free = self.simplex.figures;
        let value: Vec<f64> = self.simplex.home[..free].iter().map(|v| near(*v)).collect();
        let spans = self.reduced.free.iter().map(|place| {
            let span = self.spans[*place];
            (span.low as f64, span.upper())
        });
        let rows = self.reduced.rows.iter().enumerate().map(|(row, over)| {
            let slack = free + row;
            (
                &over.terms,
                (-self.simplex.vars[slack].high, -self.simplex.vars[slack].low),
            )
        });
        Mover::new(rows, spans.collect(), value)
    }
}

impl Simplex {
    /// Finds a home that satisfies every row, one row after the other. The error is a proof that one row cannot hold with
    /// those before it, or none where that was lost twice.
    fn mend(&mut self) -> Result<(), Option<Proof>> {
        for row in 0..self.rows.len() {
            let slack = self.figures + row;
            let wanted = |simplex: &Self| {
                if simplex.vars[slack].value < simplex.vars[slack].low - NEAR {
                    1.0
                } else if simplex.vars[slack].value > simplex.vars[slack].high + NEAR {
                    -1.0
                } else {
                    0.0
                }
            };
            if wanted(self) == 0.0 {
                continue;
            }
            let objective = [(slack, wanted(self))];
            self.ask(&objective, None);
            let mut is_careful = false;
            while wanted(self) != 0.0 {
                match self.step() {
                    Step::Moved => {}
                    Step::Settled(proof) => return Err(Some(proof)),
                    Step::Lost if is_careful => return Err(None),
                    Step::Lost => {
                        self.ask_carefully(&objective);
                        is_careful = true;
                    }
                }
            }
            self.settle();
        }
        Ok(())
    }

    /// Row by row no longer asked to hold.
    fn leave_out(&mut self, row: usize) {
        self.bound_row(row, f64::NEG_INFINITY, f64::INFINITY);
    }
}

/// The rows of a piece, over all its figures.
fn bounded(system: &System, piece: &Piece, local: &[usize]) -> Vec<Bounded> {
    let rows = piece.rows.iter().map(|row| {
        let row = &system.rows[*row];
        let (low, high) = row.ends();
        let terms = row.terms.iter().map(|(f, c)| (local[*f], *c as f64));
        (terms.collect(), low, high)
    });
    rows.collect()
}

/// The rows over free figures, whose ranges are given.
fn reduced_rows(system: &System, piece: &Piece, reduced: &Reduced, free: &[Span]) -> Vec<Bounded> {
    let rows = reduced.rows.iter().map(|row| {
        let (low, high) = match row.of {
            Of::Figure(place) => range(&row.terms, free, system.figures[piece.figures[place]]),
            Of::Row(at) => system.rows[piece.rows[at]].ends(),
        };
        let terms = row.terms.iter().map(|(f, c)| (*f, *c as f64));
        (terms.collect(), low, high)
    });
    rows.collect()
}

/// The ends of a sum of free figures that is itself within a range; without those that theirs imply.
fn range(terms: &Terms, free: &[Span], span: Span) -> (f64, f64) {
    let least = terms.iter().try_fold(0_i64, |sum, (figure, factor)| {
        (*factor > 0).then(|| sum + factor * free[*figure].low)
    });
    let implied = least.is_some_and(|least| least >= span.low);
    let low = if implied {
        f64::NEG_INFINITY
    } else {
        span.low as f64
    };
    (low, span.upper())
}

fn ends(span: Span, cap: f64) -> (f64, f64) {
    let low = span.low as f64;
    (
        low,
        if span.high == Span::OPEN {
            cap.max(low)
        } else {
            span.upper()
        },
    )
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
