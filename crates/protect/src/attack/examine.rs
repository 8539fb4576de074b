//! Asks the audit about every figure and difference of a stack of publications, and names what leaks.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::stack::Stack;
use super::{Known, Leak, LeakKind, Limits, Place, Publication, Relation};
use crate::audit::{Answer, Need, Question, Terms, audit, root};

/// Everything that the publications give away, taken together; oldest first.
#[must_use]
pub fn examine(publications: &[Publication], limits: &Limits) -> Vec<Leak> {
    examine_since(publications, limits, 0)
}

/// What is given away since the publications before `since` were examined together: leaks in later ones, and leaks in earlier
/// ones that later ones open.
#[must_use]
pub fn examine_since(publications: &[Publication], limits: &Limits, since: usize) -> Vec<Leak> {
    let new = publications.iter().skip(since).map(|p| p.figures.len()).sum();
    examine_from(
        publications,
        limits,
        &[],
        &vec![true; new],
        &mut FxHashSet::default(),
    )
}

/// As [`examine_since`]; `table` is one that satisfies the last publication, from which its answers start. `new` says which of the last figures of all have not been examined yet as they
/// stand. What was found `safe` with less hidden is not asked again; with
/// earlier publications that does not hold, since guesses come and go.
pub(crate) fn examine_from(
    publications: &[Publication],
    limits: &Limits,
    table: &[Option<f64>],
    new: &[bool],
    safe: &mut FxHashSet<Question>,
) -> Vec<Leak> {
    // A single release of ours names each figure once; what a reader hands in may not.
    let mut stack = Stack::new(publications, publications.len() == table.len().min(1));
    let before = stack.system.figures.len().saturating_sub(table.len());
    stack.system.start = std::iter::repeat_n(None, before)
        .chain(table.iter().copied())
        .collect();
    let stack = stack;
    let mut asking = Asking {
        stack: &stack,
        limits,
        touched: touched(&stack, new),
        asked: Vec::new(),
        leaks: Vec::new(),
    };
    asking.figures();
    for (at, publication) in publications.iter().enumerate() {
        for relation in &publication.relations {
            asking.relation(at, publication, relation);
        }
    }
    asking.changes();
    asking.answer(safe)
}

/// Which figures must be asked about: those of new publications, and those that a new publication narrows, with all
/// that relations connect to these.
fn touched(stack: &Stack<'_>, new: &[bool]) -> Vec<bool> {
    let count = stack.system.figures.len();
    let mut parent: Vec<usize> = (0..count).collect();
    for row in &stack.system.rows {
        if let Some((first, _)) = row.terms.first() {
            for (other, _) in &row.terms {
                let (a, b) = (root(&mut parent, *first), root(&mut parent, *other));
                let (a, b) = (a.min(b), a.max(b));
                parent[b] = a;
            }
        }
    }
    let before = count.saturating_sub(new.len());
    let is_new = |index: usize| index >= before && new.get(index - before).copied().unwrap_or(false);
    let mut roots = vec![false; count];
    for index in 0..count {
        let narrowed = stack.system.guesses[index]
            .iter()
            .filter_map(|(rank, _)| stack.index(stack.place_in(index, *rank)?))
            .any(is_new);
        let at = root(&mut parent, index);
        roots[at] |= is_new(index) || narrowed;
    }
    (0..count).map(|index| roots[root(&mut parent, index)]).collect()
}

/// A question, and the leak that a bad answer is.
struct Asked {
    question: Question,
    kind: LeakKind,
    figures: Vec<Place>,
    between: Vec<Place>,
}

struct Asking<'a> {
    stack: &'a Stack<'a>,
    limits: &'a Limits,
    touched: Vec<bool>,
    asked: Vec<Asked>,
    leaks: Vec<Leak>,
}

impl Asking<'_> {
    /// Every figure that is hidden or rounded.
    fn figures(&mut self) {
        for index in 0..self.stack.system.figures.len() {
            if !self.touched[index] {
                continue;
            }
            let place = self.stack.place(index);
            let (kind, least) = match self.stack.known(place) {
                Some(Known::Hidden | Known::Range { .. }) => (LeakKind::Hidden, self.limits.min_feasible),
                Some(Known::Rounded { base, .. }) if base > 1 => (LeakKind::Rounded, self.limits.min_rounded),
                Some(Known::Band { .. }) => (LeakKind::Rounded, self.limits.min_rounded),
                _ => continue,
            };
            // What one publication says outright is that publication's matter, not a discovery; a range is a claim about a hidden figure.
            let outright = match self.stack.known(place) {
                Some(Known::Range { .. }) => i64::MAX,
                _ => self.stack.alone[index],
            };
            let need = Need::Values(least.min(outright));
            self.ask(vec![(index, 1)], need, kind, vec![place]);
        }
    }

    fn ask(&mut self, of: Terms, need: Need, kind: LeakKind, figures: Vec<Place>) {
        self.asked.push(Asked {
            question: Question { of, need },
            kind,
            figures,
            between: Vec::new(),
        });
    }

    fn relation(&mut self, at: usize, publication: &Publication, relation: &Relation) {
        let place = |figure: &usize| Place {
            publication: at,
            figure: *figure,
        };
        match relation {
            Relation::Sum { total, parts } => {
                let (seen, out): (Vec<Place>, Vec<Place>) =
                    parts.iter().map(place).partition(|p| self.shown(*p).is_some());
                let any_seen = seen.iter().any(|p| self.shown(*p) != Some(0));
                if self.shown(place(total)).is_some() && any_seen && out.len() > 1 {
                    let between = seen.into_iter().chain([place(total)]).collect();
                    self.small_sum(&out, between, publication.small_to);
                }
                if self.limits.contributors {
                    self.alone_in_one(place(total), parts.iter().map(place), publication.small_to);
                }
            }
            Relation::Among { total, parts } => {
                let parts: Vec<Place> = parts.iter().map(place).collect();
                self.others(place(total), parts, publication.small_to);
            }
            Relation::Within { part, whole } => {
                self.difference(place(part), place(whole), publication.small_to)
            }
            Relation::Successive { earlier, later } => {
                self.difference(place(earlier), place(later), publication.small_to);
            }
            Relation::Share {
                part, whole, tenths, ..
            } if *tenths == 0 || *tenths == 1000 => {
                let care = publication.relations.contains(&Relation::Measure {
                    part: *part,
                    whole: *whole,
                });
                if care && self.is_small_group(place(whole)) {
                    self.whole_group(place(part), place(whole));
                }
            }
            Relation::Measure { part, whole } => {
                let (of, group) = (self.shown(place(part)), self.shown(place(whole)));
                if of.is_some() && (of == Some(0) || of == group) && self.is_small_group(place(whole)) {
                    self.whole_group(place(part), place(whole));
                }
            }
            Relation::Share { .. } | Relation::AtMost { .. } | Relation::Same(..) => {}
        }
    }

    fn shown(&self, place: Place) -> Option<i64> {
        self.stack.known(place).and_then(Known::shown)
    }

    /// Whether a group may be under the size that a whole group must have; one of nobody is none.
    fn is_small_group(&self, whole: Place) -> bool {
        match self.stack.known(whole) {
            Some(Known::NotReported) | None => false,
            Some(known) => {
                let size = known.shown().unwrap_or_else(|| known.span().low);
                size < self.limits.whole_group_under && known != Known::Exact(0)
            }
        }
    }

    fn whole_group(&mut self, part: Place, whole: Place) {
        self.leaks.push(Leak {
            kind: LeakKind::WholeGroup,
            figures: vec![part, whole],
            because: vec![part, whole],
            between: Vec::new(),
        });
    }

    /// The parts that are not shown, together: what is left of a total less the parts that are.
    fn small_sum(&mut self, out: &[Place], between: Vec<Place>, small_to: i64) {
        let of: Option<Terms> = out.iter().map(|p| self.stack.index(*p).map(|i| (i, 1))).collect();
        if let Some(of) = of.filter(|of| of.iter().any(|(i, _)| self.touched[*i])) {
            self.asked.push(Asked {
                question: Question {
                    of,
                    need: Need::NotSmall(small_to),
                },
                kind: LeakKind::Difference,
                figures: out.to_vec(),
                between,
            });
        }
    }

    /// Two hidden parts of a sum whose other numbers are all known as they are. If they are small together, each may be one
    /// person, who takes that one off what is left and has the other.
    fn alone_in_one(&mut self, total: Place, parts: impl Iterator<Item = Place>, small_to: i64) {
        let Some(Known::Exact(mut left)) = self.stack.known(total) else {
            return;
        };
        let (mut out, mut because) = (Vec::new(), vec![total]);
        for part in parts {
            match self.stack.known(part) {
                Some(Known::Exact(n)) => {
                    left -= n;
                    because.push(part);
                }
                Some(Known::Hidden | Known::Range { low: ..=1, .. }) => out.push(part),
                Some(Known::NotReported) => {}
                _ => return,
            }
        }
        if out.len() == 2 && (2..=small_to + 1).contains(&left) {
            self.leaks.push(Leak {
                kind: LeakKind::Contributor,
                figures: out,
                because,
                between: Vec::new(),
            });
        }
    }

    /// The people of a total who are in none of its parts, where all are shown.
    fn others(&mut self, total: Place, parts: Vec<Place>, small_to: i64) {
        let figures: Vec<Place> = std::iter::once(total).chain(parts).collect();
        if figures.iter().any(|p| self.shown(*p).is_none()) {
            return;
        }
        let factor = |at: usize| if at == 0 { 1 } else { -1 };
        let of = figures.iter().enumerate();
        let of: Option<Terms> = of
            .map(|(at, p)| Some((self.stack.index(*p)?, factor(at))))
            .collect();
        if let Some(of) = of.filter(|of| of.iter().any(|(i, _)| self.touched[*i])) {
            self.ask(of, Need::NotSmall(small_to), LeakKind::Difference, figures);
        }
    }

    /// One shown figure less another.
    fn difference(&mut self, less: Place, from: Place, small_to: i64) {
        if self.shown(less).is_none() || self.shown(from).is_none() {
            return;
        }
        if let Some((less_at, from_at)) = self.stack.index(less).zip(self.stack.index(from))
            && less_at != from_at
            && (self.touched[less_at] || self.touched[from_at])
        {
            let of = vec![(from_at, 1), (less_at, -1)];
            self.ask(
                of,
                Need::NotSmall(small_to),
                LeakKind::Difference,
                vec![less, from],
            );
        }
    }

    /// A figure that a later publication shows otherwise: how many people came or went.
    fn changes(&mut self) {
        let stack = self.stack;
        for places in stack.by_key.values() {
            let shown: Vec<Place> = places
                .iter()
                .copied()
                .filter(|p| self.shown(*p).is_some())
                .collect();
            for pair in shown.windows(2) {
                let [before, after] = pair else { continue };
                let spans = [*before, *after].map(|p| stack.known(p).map(Known::span));
                let changed = matches!(spans, [Some(a), Some(b)] if a.and(b).is_none());
                if changed {
                    let small_to = stack
                        .publications
                        .get(after.publication)
                        .map_or(0, |p| p.small_to);
                    self.difference(*before, *after, small_to);
                }
            }
        }
    }

    fn answer(mut self, safe: &mut FxHashSet<Question>) -> Vec<Leak> {
        self.asked.retain(|asked| !safe.contains(&asked.question));
        let questions: Vec<Question> = self.asked.iter().map(|asked| asked.question.clone()).collect();
        let audit = audit(&self.stack.system, &questions);
        let mut narrowed: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for (index, rank) in &audit.narrowed {
            narrowed
                .entry(*index)
                .or_default()
                .extend(self.stack.place_in(*index, *rank));
        }
        let of_others = self.of_others(&audit.answers, &narrowed);
        let mut leaks: BTreeMap<(Vec<Place>, LeakKind), Leak> = BTreeMap::new();
        for leak in std::mem::take(&mut self.leaks) {
            leaks.insert((leak.figures.clone(), leak.kind), leak);
        }
        for (at, (asked, answer)) in self.asked.iter().zip(audit.answers).enumerate() {
            let (question, kind, figures) = (&asked.question, &asked.kind, &asked.figures);
            if answer.met {
                safe.insert(question.clone());
                continue;
            }
            if of_others.contains(&at) {
                continue;
            }
            let mut because = BTreeSet::new();
            for index in answer.because {
                because.insert(self.stack.place(index));
                because.extend(narrowed.get(&index).into_iter().flatten().copied());
            }
            let because: Vec<Place> = because.into_iter().filter(|p| self.says_something(*p)).collect();
            if *kind == LeakKind::Hidden && answer.settled && because.is_empty() {
                // The list of rows and sums says it without any number: that nobody is there, which no hiding could hide.
                continue;
            }
            let leak = Leak {
                kind: if answer.settled {
                    *kind
                } else {
                    LeakKind::Unsettled
                },
                figures: figures.clone(),
                because,
                between: asked.between.clone(),
            };
            leaks.insert((leak.figures.clone(), leak.kind), leak);
        }
        leaks.into_values().collect()
    }

    /// Questions about hidden figures that other publications answer alone, by place: what they give away is found where they
    /// speak, and a publication that says nothing new about the matter adds nothing to it.
    fn of_others(&self, answers: &[Answer], kept: &BTreeMap<usize, Vec<Place>>) -> BTreeSet<usize> {
        let mut asked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, (one, answer)) in self.asked.iter().zip(answers).enumerate() {
            if let ([place], LeakKind::Hidden, false) = (one.figures.as_slice(), one.kind, answer.met) {
                asked.entry(place.publication).or_default().push(at);
            }
        }
        let mut of_others = BTreeSet::new();
        for (publication, asked) in asked.into_iter().filter(|_| self.stack.publications.len() > 1) {
            let questions: Vec<Question> = asked.iter().map(|at| self.asked[*at].question.clone()).collect();
            let answers = audit(&self.stack.of_others(publication, kept), &questions).answers;
            let alone = asked
                .into_iter()
                .zip(answers)
                .filter(|(_, answer)| answer.settled && !answer.met);
            of_others.extend(alone.map(|(at, _)| at));
        }
        of_others
    }

    /// Whether a figure is a statement that could be withdrawn.
    fn says_something(&self, place: Place) -> bool {
        !matches!(
            self.stack.known(place),
            Some(Known::Hidden | Known::NotReported) | None
        )
    }
}
