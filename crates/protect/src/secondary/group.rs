//! Secondary suppression in one group of cells that sums connect.
//!
//! In turns: hide what the clauses ask for, audit what is then published, and make each proof that gives a number
//! away into a clause: one of the figures it rests on must be hidden. A clause holds for every way of hiding, so in
//! small groups, whose clauses are solved to the optimum, the last answer is the least loss there is.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::clauses::{Clause, Cover, Impossible};
use super::{A_STEP_UP, Class, MOST_STEPS, PART, Unprotected, View};
use crate::audit::{Auditor, Question, Row, Span, System};
use crate::policy::Secondary;
use crate::sums::{Holds, Sum};

/// Groups up to this size are solved afresh with every new clause. Larger ones keep what they hid, and what was safe then is safe
/// with more hidden, so it is not asked again.
const AFRESH: usize = 60;
/// Groups up to this size are tried again with all clauses at once, for a fiftieth less loss: it costs another audit of the
/// whole. In larger ones what is chosen at once was never safe.
const AT_ONCE: usize = 1000;
/// How often: each failure teaches something.
const TRIES_AT_ONCE: usize = 3;
/// What one step up costs as much as: a number of a large group that so many figures have not protected is not protected by
/// more of the same, since each that is hidden is given away by the next sum.
const PATIENCE: usize = A_STEP_UP as usize;
/// Cells that may be chosen in a group that is branched on.
const BRANCHED: usize = 60;
const ROUNDS_AFRESH: usize = 400;

/// Cells that sums connect, by their numbers among all cells; everything else by the place in this list.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) cells: Vec<usize>,
    pub(super) sums: Vec<Sum>,
    /// (part, whole): the people of one are among those of the other.
    pub(super) within: Vec<(usize, usize)>,
}

/// What is known of a group from earlier rounds and stays true with more hidden.
#[derive(Default)]
pub(super) struct Memory {
    /// Questions whose needs are met.
    pub(super) safe: FxHashSet<Question>,
    /// A table that satisfies what was published then, found from that alone; empty, or a value for each cell.
    pub(super) table: Vec<Option<f64>>,
    /// Steps of linear programs so far.
    pub(super) steps: u64,
    /// The audit of a large group, which goes on with more hidden.
    audited: Option<Audited>,
}

impl Memory {
    /// To go back to, without the audit: that is made anew.
    pub(super) fn kept(&self) -> Self {
        Self {
            safe: self.safe.clone(),
            table: self.table.clone(),
            steps: self.steps,
            audited: None,
        }
    }
}

/// An audit of a group, and what was hidden when it was last asked.
pub(super) struct Audited {
    auditor: Auditor<'static>,
    hidden: Vec<bool>,
}

/// What the turns of hiding and auditing have found out so far.
struct Turns {
    from: Vec<bool>,
    cost: Vec<i64>,
    clauses: Vec<Clause>,
    /// The cell that each clause protects.
    about: Vec<usize>,
    /// How often each cell was given away.
    given_away: Vec<usize>,
    known: BTreeSet<Clause>,
    /// Numbers that no hiding could hide, since the sums alone say them: they are shown.
    in_vain: Vec<bool>,
    /// One of them that has to be hidden all the same: whoever asked for it must ask for another.
    asked_in_vain: Option<usize>,
}

impl Turns {
    fn new(group: &Group, view: &View<'_>, forced: &[bool]) -> Self {
        let clauses = group.standing(view);
        Self {
            from: group.cells.iter().map(|c| forced[*c]).collect(),
            cost: group.cells.iter().map(|c| view.cost[*c]).collect(),
            about: clauses
                .iter()
                .map(|c| c.when.first().copied().unwrap_or(0))
                .collect(),
            clauses,
            given_away: vec![0; group.cells.len()],
            known: BTreeSet::new(),
            in_vain: vec![false; group.cells.len()],
            asked_in_vain: None,
        }
    }

    /// A number that could only be hidden beside others that are hidden in vain is hidden in vain too.
    fn spread_in_vain(&mut self) {
        let mut changed = self.in_vain.contains(&true);
        while changed {
            changed = false;
            for clause in &self.clauses {
                if let [cell] = clause.when.as_slice()
                    && !self.in_vain[*cell]
                    && !self.from[*cell]
                    && clause.any.iter().all(|c| self.in_vain[*c] && !self.from[*c])
                {
                    self.in_vain[*cell] = true;
                    changed = true;
                }
            }
        }
    }

    fn solve(&mut self, kept: &[bool], branched: usize) -> Result<Vec<bool>, Unprotected> {
        // It would be found again in every turn to come.
        if let Some(cell) = self.asked_in_vain {
            return Err(Unprotected::Known(cell));
        }
        self.spread_in_vain();
        let shown = |cell: &usize| self.in_vain[*cell] && !self.from[*cell];
        let standing = |(_, clause): &(usize, &Clause)| !clause.when.iter().any(shown);
        let (numbers, clauses): (Vec<usize>, Vec<Clause>) = self
            .clauses
            .iter()
            .enumerate()
            .filter(standing)
            .map(|(at, clause)| {
                let any = clause.any.iter().copied().filter(|c| !shown(c)).collect();
                let when = clause.when.clone();
                (at, Clause { when, any })
            })
            .unzip();
        let kept: Vec<bool> = kept
            .iter()
            .enumerate()
            .map(|(cell, kept)| *kept && !shown(&cell))
            .collect();
        let cover = Cover::new(&clauses, &self.cost, &self.from);
        cover.solve(&kept, branched).map_err(|Impossible(at)| {
            let clause = numbers.get(at).copied().unwrap_or(usize::MAX);
            let about = self.about.get(clause).copied();
            about.map_or(Unprotected::Endless, Unprotected::Known)
        })
    }

    /// What hiding these loses.
    fn loss(&self, hidden: &[bool]) -> i64 {
        let lost = (0..hidden.len()).filter(|c| hidden[*c] && !self.from[*c]);
        lost.map(|c| self.cost[c]).sum()
    }

    /// Looks for protection higher up, among totals and totals of totals, for cells that were given away again and again; the more often,
    /// the higher.
    fn look_up(&mut self, found: &mut [(Clause, usize)]) {
        for (clause, cell) in found {
            self.given_away[*cell] += 1;
            let steps = (self.given_away[*cell] / PATIENCE).min(MOST_STEPS as usize);
            let least = PART * A_STEP_UP.pow(steps as u32);
            if clause.any.iter().any(|c| self.cost[*c] >= least) {
                clause.any.retain(|c| self.cost[*c] >= least);
            }
        }
    }

    fn learn(&mut self, found: Vec<(Clause, usize)>) {
        for (clause, cell) in found {
            if clause.any.is_empty() && clause.when == [cell] {
                self.in_vain[cell] = true;
                if self.from[cell] {
                    self.asked_in_vain.get_or_insert(cell);
                }
            } else if self.known.insert(clause.clone()) {
                self.clauses.push(clause);
                self.about.push(cell);
            }
        }
    }
}

impl Group {
    /// Which cells to hide. `forced` are hidden whatever it costs; a large group also keeps hidden what was `before`, and
    /// does not ask again what was found `safe` then.
    pub(super) fn solve(
        &self,
        view: &View<'_>,
        forced: &[bool],
        before: Option<&[bool]>,
        memory: &mut Memory,
    ) -> Result<Vec<bool>, Unprotected> {
        if self.cells.len() <= AFRESH {
            self.solve_small(view, forced, memory)
        } else {
            self.solve_large(view, forced, before, memory, BRANCHED)
        }
    }

    /// Solves all clauses afresh with every new one: the last answer is the least loss, unless branching was cut short.
    pub(super) fn solve_small(
        &self,
        view: &View<'_>,
        forced: &[bool],
        memory: &mut Memory,
    ) -> Result<Vec<bool>, Unprotected> {
        let mut turns = Turns::new(self, view, forced);
        for _ in 0..ROUNDS_AFRESH {
            let hidden = turns.solve(&turns.from.clone(), BRANCHED)?;
            // Less may be hidden than before, so nothing stays safe.
            memory.safe.clear();
            let found = self.leaks(view, &hidden, &mut None, memory)?;
            if found.is_empty() {
                return Ok(hidden);
            }
            turns.learn(found);
        }
        memory.safe.clear();
        self.solve_large(view, forced, None, memory, 0)
    }

    /// Keeps what it hid from round to round.
    pub(super) fn solve_large(
        &self,
        view: &View<'_>,
        forced: &[bool],
        before: Option<&[bool]>,
        memory: &mut Memory,
        branched: usize,
    ) -> Result<Vec<bool>, Unprotected> {
        let mut turns = Turns::new(self, view, forced);
        let mut kept = turns.from.clone();
        if let Some(before) = before {
            for (kept, cell) in kept.iter_mut().zip(&self.cells) {
                *kept |= before[*cell];
            }
        }
        let mut audited = memory.audited.take();
        for _ in 0..=self.cells.len() {
            let hidden = turns.solve(&kept, branched)?;
            // A number that is hidden in vain is shown again: what was safe beside it need not be so any longer.
            if kept.iter().zip(&hidden).any(|(kept, hidden)| *kept && !hidden) {
                memory.safe.clear();
            }
            let mut found = self.leaks(view, &hidden, &mut audited, memory)?;
            if found.is_empty() {
                memory.audited = audited;
                return Ok(if before.is_none() && self.cells.len() <= AT_ONCE {
                    self.cheaper(view, hidden, &mut turns, memory, branched)
                } else {
                    hidden
                });
            }
            kept = hidden;
            turns.look_up(&mut found);
            turns.learn(found);
        }
        Err(Unprotected::Endless)
    }

    /// Another answer to all clauses of a group, chosen at once instead of one round after the other, if it is
    /// cheaper and safe.
    fn cheaper(
        &self,
        view: &View<'_>,
        hidden: Vec<bool>,
        turns: &mut Turns,
        memory: &mut Memory,
        branched: usize,
    ) -> Vec<bool> {
        for _ in 0..TRIES_AT_ONCE {
            let Ok(other) = turns.solve(&turns.from.clone(), branched) else {
                break;
            };
            if turns.loss(&other) * 100 > turns.loss(&hidden) * 98 {
                break;
            }
            let mut fresh = Memory {
                table: memory.table.clone(),
                ..Memory::default()
            };
            let found = self.leaks(view, &other, &mut None, &mut fresh);
            memory.steps += fresh.steps;
            match found {
                Ok(found) if found.is_empty() => {
                    (memory.safe, memory.table) = (fresh.safe, fresh.table);
                    return other;
                }
                Ok(found) => turns.learn(found),
                Err(_) => break,
            }
        }
        hidden
    }

    pub(super) fn class(&self, view: &View<'_>, cell: usize) -> Class {
        view.classes[self.cells[cell]]
    }

    /// Clauses that need no audit: a sum has no hidden number or at least two, and three where two people could each be
    /// alone in theirs and nothing is blurred. A small total and its only small part are no such two: the other parts
    /// are shown or not reported, so who is alone in the one learns of nobody from the other.
    pub(super) fn standing(&self, view: &View<'_>) -> Vec<Clause> {
        let mut clauses = Vec::new();
        if view.need.mode != Secondary::Always {
            return clauses;
        }
        let tells = |sum: &&Sum| matches!(sum.holds, Holds::Exactly | Holds::AtLeast);
        for sum in self.sums.iter().filter(tells) {
            let cells: Vec<usize> = sum
                .cells()
                .filter(|c| self.class(view, *c) != Class::Unknown)
                .collect();
            if cells.len() < 2 {
                continue;
            }
            let small: Vec<usize> = cells
                .iter()
                .copied()
                .filter(|c| self.class(view, *c) == Class::Small)
                .collect();
            // Two that are hidden whatever happens keep the first rule by themselves, three the second.
            if small.len() > 2 {
                continue;
            }
            for cell in cells.iter().filter(|_| small.len() < 2) {
                clauses.push(Clause {
                    when: vec![*cell],
                    any: cells.iter().copied().filter(|c| c != cell).collect(),
                });
            }
            let exact = cells.iter().all(|c| view.rules[self.cells[*c]].exact());
            if let ([first, second, ..], true, true) =
                (small.as_slice(), exact && cells.len() > 2, view.need.contributors)
                && *first != sum.total
                && *second != sum.total
            {
                clauses.push(Clause {
                    when: vec![*first, *second],
                    any: cells
                        .iter()
                        .copied()
                        .filter(|c| c != first && c != second)
                        .collect(),
                });
            }
        }
        clauses
    }

    /// What the published figures give away when these are hidden, as clauses. What was audited before with fewer hidden goes on.
    pub(super) fn leaks(
        &self,
        view: &View<'_>,
        hidden: &[bool],
        audited: &mut Option<Audited>,
        memory: &mut Memory,
    ) -> Result<Vec<(Clause, usize)>, Unprotected> {
        if view.need.mode == Secondary::Never {
            return Ok(Vec::new());
        }
        let (questions, asked) = self.questions(view, hidden, &memory.safe);
        let audited = audited.get_or_insert_with(|| Audited {
            auditor: Auditor::new(Cow::Owned(self.system(view, hidden, &memory.table))),
            hidden: hidden.to_vec(),
        });
        for (cell, before) in audited.hidden.iter_mut().enumerate() {
            if std::mem::replace(before, hidden[cell]) != hidden[cell] {
                audited
                    .auditor
                    .change(cell, view.span(self.cells[cell], hidden[cell]));
            }
        }
        let audit = audited.auditor.audit(&questions);
        memory.steps += audit.steps;
        memory.table.resize(self.cells.len(), None);
        for (cell, value) in audit.table {
            memory.table[cell] = Some(value);
        }
        let mut found = Vec::new();
        for ((question, asked), answer) in questions.into_iter().zip(asked).zip(audit.answers) {
            if !answer.settled {
                return Err(Unprotected::Unsettled(asked.about));
            }
            if answer.met {
                memory.safe.insert(question);
                continue;
            }
            let mut any: BTreeSet<usize> = asked.clause.any.into_iter().collect();
            any.extend(answer.because);
            any.retain(|c| !hidden[*c] && self.class(view, *c) != Class::Unknown);
            let clause = Clause {
                when: asked.clause.when,
                any: any.into_iter().collect(),
            };
            found.push((clause, asked.about));
        }
        Ok(found)
    }

    fn system(&self, view: &View<'_>, hidden: &[bool], start: &[Option<f64>]) -> System {
        let figures = (0..self.cells.len())
            .map(|c| view.span(self.cells[c], hidden[c]))
            .collect();
        let mut rows: Vec<Row> = self.sums.iter().filter_map(Sum::row).collect();
        rows.extend(self.within.iter().map(|(part, whole)| Row {
            terms: vec![(*whole, 1), (*part, -1)],
            low: Some(0),
            high: None,
        }));
        System {
            figures,
            guesses: Vec::new(),
            start: start.to_vec(),
            rows,
        }
    }
}

impl View<'_> {
    /// What anybody knows of a cell before any sum.
    pub(super) fn span(&self, cell: usize, hidden: bool) -> Span {
        let rule = self.rules[cell];
        match self.classes[cell] {
            Class::Small if self.need.mode == Secondary::Never => Span {
                low: 1,
                high: rule.hide_to,
            },
            Class::Number(shown) if !hidden => rule.span(shown),
            _ => Span {
                low: 0,
                high: Span::OPEN,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that is given away again and again is no longer helped by figures of its own kind: only those a step up are
    /// taken, as long as there is one so high.
    #[test]
    fn whoever_is_given_away_again_and_again_looks_a_step_up() {
        let mut turns = Turns {
            from: vec![false; 2],
            cost: vec![PART + 3, PART * A_STEP_UP + 9],
            clauses: Vec::new(),
            about: Vec::new(),
            given_away: vec![0; 2],
            known: BTreeSet::new(),
            in_vain: vec![false; 2],
            asked_in_vain: None,
        };
        let mut taken = || {
            let clause = Clause {
                when: vec![0],
                any: vec![0, 1],
            };
            let mut found = [(clause, 0)];
            turns.look_up(&mut found);
            let [(clause, _)] = found;
            clause.any
        };
        for time in 1..3 * PATIENCE {
            let wanted = match time / PATIENCE {
                0 => vec![0, 1],
                1 => vec![1],
                // Nothing is two steps up: what there is is taken.
                _ => vec![0, 1],
            };
            assert_eq!(taken(), wanted, "the {time}. time");
        }
    }
}
