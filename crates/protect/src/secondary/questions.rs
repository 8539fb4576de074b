//! What is asked about a group with some of its numbers hidden, and what must be hidden where the answer is bad.

use rustc_hash::FxHashSet;

use super::clauses::Clause;
use super::group::Group;
use super::{Class, View};
use crate::audit::{Need, Question};
use crate::sums::{Holds, Sum};

/// What follows from a bad answer to a question: a clause of its own cells, to which the proof adds others.
pub(super) struct Asked {
    pub(super) clause: Clause,
    /// The cell that it protects.
    pub(super) about: usize,
}

/// The questions that are not known to be safe. Most are, so nothing else is made of a question before that is known.
struct Asking<'a> {
    safe: &'a FxHashSet<Question>,
    /// The question in hand.
    question: Question,
    questions: Vec<Question>,
    asked: Vec<Asked>,
}

impl Asking<'_> {
    fn ask(
        &mut self,
        of: impl Iterator<Item = (usize, i64)>,
        need: Need,
        about: usize,
        clause: impl FnOnce() -> Clause,
    ) {
        self.question.of.clear();
        self.question.of.extend(of);
        self.question.need = need;
        if !self.safe.contains(&self.question) {
            self.questions.push(self.question.clone());
            self.asked.push(Asked {
                clause: clause(),
                about,
            });
        }
    }
}

impl Group {
    /// The questions that are not `safe`, and what follows from each.
    pub(super) fn questions(
        &self,
        view: &View<'_>,
        hidden: &[bool],
        safe: &FxHashSet<Question>,
    ) -> (Vec<Question>, Vec<Asked>) {
        let mut asking = Asking {
            safe,
            question: Question {
                of: Vec::new(),
                need: Need::Ends,
            },
            questions: Vec::new(),
            asked: Vec::new(),
        };
        for (cell, hidden) in hidden.iter().enumerate() {
            self.about(view, cell, *hidden, &mut asking);
        }
        for sum in &self.sums {
            self.rest(view, hidden, sum, &mut asking);
        }
        let shown = |cell: usize| self.shown(view, hidden, cell);
        for (part, whole) in self.within.iter().filter(|(p, w)| shown(*p) && shown(*w)) {
            let need = Need::NotSmall(self.small(view, *whole));
            asking.ask([(*whole, 1), (*part, -1)].into_iter(), need, *whole, || Clause {
                when: Vec::new(),
                any: vec![*part, *whole],
            });
        }
        (asking.questions, asking.asked)
    }

    fn shown(&self, view: &View<'_>, hidden: &[bool], cell: usize) -> bool {
        !hidden[cell] && self.class(view, cell) != Class::Unknown
    }

    /// The largest number of people that a difference from a cell must not be told to be.
    fn small(&self, view: &View<'_>, cell: usize) -> i64 {
        view.rules[self.cells[cell]].small()
    }

    /// Whether a number that is hidden or rounded keeps enough values.
    fn about(&self, view: &View<'_>, cell: usize, hidden: bool, asking: &mut Asking<'_>) {
        let rule = view.rules[self.cells[cell]];
        let mut ask = |need, when: &[usize], any: &[usize]| {
            asking.ask([(cell, 1)].into_iter(), need, cell, || Clause {
                when: when.to_vec(),
                any: any.to_vec(),
            });
        };
        match self.class(view, cell) {
            Class::Unknown => {}
            Class::Small => {
                let least = view.need.hidden.min(rule.hide_to - 2).max(1);
                if least < view.need.hidden {
                    ask(Need::Values(view.need.hidden), &[], &[]);
                }
                let most = rule.hide_to;
                ask(Need::Among { most, least }, &[], &[]);
            }
            Class::Number(0) if !hidden => {}
            Class::Number(_) if hidden => ask(Need::Values(view.need.hidden), &[cell], &[]),
            Class::Number(_) if !rule.exact() => ask(Need::Values(view.need.rounded), &[], &[cell]),
            Class::Number(_) => {}
        }
    }

    /// Differences that a reader can take inside a sum: a total less the parts that are shown.
    fn rest(&self, view: &View<'_>, hidden: &[bool], sum: &Sum, asking: &mut Asking<'_>) {
        let total = sum.total;
        let shown = |cell: &usize| self.shown(view, hidden, *cell);
        if !shown(&total) {
            return;
        }
        let need = Need::NotSmall(self.small(view, total));
        let seen = || sum.parts.iter().copied().filter(|c| shown(c));
        let out = || sum.parts.iter().copied().filter(|c| !shown(c));
        let seen_and_total = || seen().chain([total]).collect();
        match sum.holds {
            // The people of none of the parts.
            Holds::AtLeast | Holds::Loosely if out().next().is_none() => {
                let rest = seen().map(|c| (c, -1)).chain([(total, 1)]);
                asking.ask(rest, need, total, || Clause {
                    when: Vec::new(),
                    any: seen_and_total(),
                });
            }
            Holds::Exactly
                if out().nth(1).is_some() && seen().any(|c| self.class(view, c) != Class::Number(0)) =>
            {
                asking.ask(out().map(|c| (c, 1)), need, total, || Clause {
                    when: out().filter(|c| self.class(view, *c) != Class::Small).collect(),
                    any: seen_and_total(),
                });
            }
            _ => {}
        }
    }
}
