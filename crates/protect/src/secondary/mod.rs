//! Secondary suppression: which numbers must be hidden beside the small ones, so that nobody can work these out from
//! sums that are published.
//!
//! Two rules together. A published sum has no hidden number or at least two (policy `mode`). And all sums of a group of
//! linked cells, solved together by the [audit](crate::audit), leave every hidden number enough values, every rounded
//! number too, and give no small number of people as a difference. Where they do not, the proof names the published
//! figures it rests on, and one of them is hidden, at the least loss.
//!
//! Invariants: the answer depends on what a reader may know (the rounded counts, which cells are small, which sums hold, the
//! policy) and the order of the cells only: no count is read here. It stops by counting steps, never by a clock. A number once hidden
//! for its own sake stays hidden.

mod clauses;
mod group;
mod questions;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::policy::{CountRule, Policy, Uncertainty};
use crate::sums::Sum;
use group::{Group, Memory};

/// What a reader of the policy knows of a cell when it is shown, and whether it is small. No count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing was reported: there is no number to hide.
    Unknown,
    /// Hidden for its own sake.
    Small,
    /// Would be shown as this.
    Number(i64),
}

/// Loss of hiding a cell: this much for a number that is part of sums only, and one more for each person of its
/// rounded count (up to [`MOST_PEOPLE`]), so that of several the smallest is hidden.
const PART: i64 = 1000;
const MOST_PEOPLE: i64 = 2000;
/// A zero says "nobody", which is seldom a secret and often what a reader looks for.
const ZERO: i64 = 4000;
/// A total says more than its parts, a total of totals more again: each step up loses so many times as much. The total of a
/// nation goes only where no number of its networks and organisations can.
const A_STEP_UP: i64 = 8;
/// Steps up that are told apart.
const MOST_STEPS: u32 = 6;

/// Everything that the choice of cells rests on.
pub(crate) struct View<'a> {
    pub(crate) classes: &'a [Class],
    pub(crate) rules: &'a [CountRule],
    pub(crate) cost: &'a [i64],
    pub(crate) need: Uncertainty,
}

/// The cells of all tables: their counts (none where nothing was reported), the rule each falls under, and whether they
/// are hidden.
pub(crate) struct Cells {
    pub(crate) counts: Vec<Option<i64>>,
    pub(crate) rules: Vec<CountRule>,
    pub(crate) hidden: Vec<bool>,
    /// Whether second numbers have been hidden.
    suppressed: bool,
    /// What is known of each group already and stays true with more hidden.
    memory: Vec<Memory>,
    /// A table that satisfies what is published, found from that alone: a value for each cell that sums connect.
    pub(crate) table: Vec<Option<f64>>,
    classes: Vec<Class>,
}

/// The sums and inclusions that a reader can check.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    pub(crate) sums: Vec<Sum>,
    /// (part, whole): the people of one are among those of the other.
    pub(crate) within: Vec<(usize, usize)>,
}

impl Relations {
    /// How many sums each cell is above: 0 for a part of sums only, one more than the highest of its parts for a total.
    fn steps_up(&self, cells: usize) -> Vec<u32> {
        let mut steps = vec![0_u32; cells];
        for _ in 0..=MOST_STEPS {
            let mut changed = false;
            for sum in &self.sums {
                let highest = sum.parts.iter().map(|part| steps[*part]).max().unwrap_or(0);
                // The same number in another table is as high.
                let up = (highest + u32::from(sum.parts.len() > 1)).min(MOST_STEPS);
                if steps[sum.total] < up {
                    steps[sum.total] = up;
                    changed = true;
                }
                if let [same] = sum.parts.as_slice()
                    && steps[*same] < steps[sum.total]
                {
                    steps[*same] = steps[sum.total];
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        steps
    }
}

/// Why cells could not be made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unprotected {
    /// This cell stays known whatever is hidden beside it.
    Known(usize),
    /// The programs gave no answer about this cell.
    Unsettled(usize),
    /// No end was found in as many rounds as are allowed.
    Endless,
}

impl Unprotected {
    /// The same of cells that are numbered otherwise.
    fn among(self, cells: &[usize]) -> Self {
        match self {
            Self::Known(place) => Self::Known(cells[place]),
            Self::Unsettled(place) => Self::Unsettled(cells[place]),
            Self::Endless => Self::Endless,
        }
    }
}

impl Cells {
    /// Hides what must be hidden for its own sake.
    pub(crate) fn new(counts: Vec<Option<i64>>, rules: Vec<CountRule>) -> Self {
        let classes: Vec<Class> = counts
            .iter()
            .zip(&rules)
            .map(|(count, rule)| match count {
                None => Class::Unknown,
                Some(n) if rule.hides(*n) => Class::Small,
                Some(n) => Class::Number(rule.protect(*n).whole().unwrap_or(0)),
            })
            .collect();
        Self {
            hidden: classes.iter().map(|c| *c == Class::Small).collect(),
            suppressed: false,
            memory: Vec::new(),
            table: vec![None; counts.len()],
            counts,
            rules,
            classes,
        }
    }

    /// What a reader knows of a cell that is shown, and whether it is small.
    pub(crate) fn class(&self, cell: usize) -> Class {
        self.classes.get(cell).copied().unwrap_or(Class::Unknown)
    }

    /// What hiding each cell loses.
    pub(crate) fn losses(&self, relations: &Relations) -> Vec<i64> {
        let loss = |(class, steps): (&Class, u32)| match class {
            Class::Number(0) if steps == 0 => ZERO,
            Class::Number(n) => PART * A_STEP_UP.pow(steps) + n.clamp(&0, &MOST_PEOPLE),
            Class::Unknown | Class::Small => 0,
        };
        self.classes
            .iter()
            .zip(relations.steps_up(self.classes.len()))
            .map(loss)
            .collect()
    }

    /// Hides second numbers until no number that is hidden or rounded is given away, in each group of linked cells.
    /// `forced` cells are hidden too, whatever it costs.
    ///
    /// # Errors
    /// A cell that stays known even so; then everything is as it was before.
    pub(crate) fn suppress(
        &mut self,
        relations: &Relations,
        forced: &[usize],
        policy: &Policy,
    ) -> Result<(), Unprotected> {
        let cost = self.losses(relations);
        let mut hidden: Vec<bool> = self.classes.iter().map(|c| *c == Class::Small).collect();
        for cell in forced {
            hidden[*cell] = true;
        }
        // A group that already hides all that is forced in it stands as it was.
        let before = std::mem::take(&mut self.hidden);
        let solved_once = std::mem::replace(&mut self.suppressed, true);
        let view = View {
            classes: &self.classes,
            rules: &self.rules,
            cost: &cost,
            need: policy.uncertainty(),
        };
        let groups = groups(self.counts.len(), relations);
        self.memory.resize_with(groups.len(), Memory::default);
        let stands = |group: &Group| solved_once && group.cells.iter().all(|c| before[*c] || !hidden[*c]);
        // What is learnt with these hidden is not true without them.
        let touched = groups.iter().zip(&self.memory).enumerate();
        let learnt: Vec<(usize, Memory)> = touched
            .filter(|(_, (group, _))| !stands(group))
            .map(|(at, (_, memory))| (at, memory.kept()))
            .collect();
        // One by one: shared out in runs, the few large groups would all fall to one thread.
        let solved: Vec<Result<Vec<bool>, Unprotected>> = groups
            .par_iter()
            .with_max_len(1)
            .zip(&mut self.memory)
            .map(|(group, memory)| {
                if stands(group) {
                    return Ok(group.cells.iter().map(|c| before[*c]).collect());
                }
                let before = solved_once.then_some(before.as_slice());
                group
                    .solve(&view, &hidden, before, memory)
                    .map_err(|stuck| stuck.among(&group.cells))
            })
            .collect();
        if let Some(stuck) = solved.iter().find_map(|solved| solved.as_ref().err().copied()) {
            (self.hidden, self.suppressed) = (before, solved_once);
            for (at, memory) in learnt {
                self.memory[at] = memory;
            }
            return Err(stuck);
        }
        self.take(&groups, solved, hidden)
    }

    /// Takes what was solved: beside the `hidden` cells those that each group hides, and the values of its table.
    fn take(
        &mut self,
        groups: &[Group],
        solved: Vec<Result<Vec<bool>, Unprotected>>,
        mut hidden: Vec<bool>,
    ) -> Result<(), Unprotected> {
        for ((group, memory), solved) in groups.iter().zip(&self.memory).zip(solved) {
            for (cell, hide) in group.cells.iter().zip(solved?) {
                hidden[*cell] |= hide;
            }
            for (cell, value) in group.cells.iter().zip(&memory.table) {
                self.table[*cell] = *value;
            }
        }
        self.hidden = hidden;
        Ok(())
    }
}

/// The groups of cells that sums and inclusions connect; a cell that nothing connects is in none.
fn groups(cells: usize, relations: &Relations) -> Vec<Group> {
    let mut parent: Vec<usize> = (0..cells).collect();
    let mut linked = vec![false; cells];
    {
        let mut join = |a: usize, b: usize| {
            (linked[a], linked[b]) = (true, true);
            let (a, b) = (
                crate::audit::root(&mut parent, a),
                crate::audit::root(&mut parent, b),
            );
            let (a, b) = (a.min(b), a.max(b));
            parent[b] = a;
        };
        for sum in &relations.sums {
            sum.parts.iter().for_each(|part| join(sum.total, *part));
        }
        relations
            .within
            .iter()
            .for_each(|(part, whole)| join(*part, *whole));
    }
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    let mut place = vec![0; cells];
    for cell in (0..cells).filter(|c| linked[*c]) {
        let group = groups.entry(crate::audit::root(&mut parent, cell)).or_default();
        place[cell] = group.cells.len();
        group.cells.push(cell);
    }
    for sum in &relations.sums {
        if let Some(group) = groups.get_mut(&crate::audit::root(&mut parent, sum.total)) {
            group.sums.push(Sum {
                total: place[sum.total],
                parts: sum.parts.iter().map(|p| place[*p]).collect(),
                holds: sum.holds,
            });
        }
    }
    for (part, whole) in &relations.within {
        if let Some(group) = groups.get_mut(&crate::audit::root(&mut parent, *part)) {
            group.within.push((place[*part], place[*whole]));
        }
    }
    groups.into_values().collect()
}

impl Sum {
    /// The total and its parts.
    pub(crate) fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}
