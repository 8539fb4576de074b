//! Protects the counts of all tables together, and against everything that was published before.
//!
//! Suppression hides what it must; then the attacker looks at the result beside all earlier publications. What it finds is
//! undone by hiding one of the figures it used, until it finds nothing; where nothing is left to hide, the release is
//! refused.
//!
//! Invariant: what leaves here is what the attacker was shown, and it found nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::ProtectError;
use crate::attack::{self, Key, Known, Leak, LeakKind, Limits, Publication, Published, Relation};
use crate::policy::{CountRule, Policy, Secondary};
use crate::raw::LinkRule;
use crate::secondary::{Cells, Class, Relations, Unprotected};
use crate::sums::{self, Draft, Holds};

/// Rounds of hiding and attacking; each hides at least one more cell, and few need a second.
const MOST_ROUNDS: usize = 200;

/// The cells of all tables by name, with all that a reader can check between them.
pub(crate) struct Guard<'a> {
    policy: &'a Policy,
    keys: Vec<Key>,
    rules: Vec<CountRule>,
    relations: Relations,
    successive: Vec<(usize, usize)>,
    measures: Vec<(usize, usize)>,
    /// By the count above: the count below, and the fewest people for which a state is given.
    states: BTreeMap<usize, (usize, i64)>,
}

impl<'a> Guard<'a> {
    pub(crate) fn new(
        drafts: &[Draft],
        links: &[LinkRule],
        policy: &'a Policy,
        counts: &[Option<i64>],
    ) -> Result<Self, ProtectError> {
        let mut guard = Self {
            policy,
            keys: Vec::new(),
            rules: Vec::new(),
            relations: Relations::default(),
            successive: Vec::new(),
            measures: Vec::new(),
            states: BTreeMap::new(),
        };
        let mut balances = BTreeSet::new();
        for draft in drafts {
            guard.keys.extend(draft.keys());
            for row in 0..draft.rows.len() {
                let rule = draft.rule(row, policy);
                guard.rules.extend(std::iter::repeat_n(rule, draft.counts.len()));
            }
            guard.relations.sums.extend(draft.sums()?);
            guard.relations.within.extend(draft.within()?);
            guard.measures.extend(draft.measures()?);
            let states = draft.states()?.into_iter();
            guard
                .states
                .extend(states.map(|(above, below, fewest)| (above, (below, fewest))));
            if policy.uncertainty().successive {
                guard.successive.extend(draft.successive());
                balances.extend(draft.totals_at(policy.balances_at()));
            }
        }
        for sum in &mut guard.relations.sums {
            sum.look(counts);
            // The only network of a nation is the nation.
            if let ([only], true) = (sum.parts.as_slice(), balances.contains(&sum.total)) {
                balances.insert(*only);
            }
        }
        for link in links {
            let mut same = sums::links(drafts, link)?;
            if !link.always {
                same.iter_mut().for_each(|sum| sum.look(counts));
            }
            guard.relations.sums.extend(same);
        }
        guard
            .successive
            .retain(|(earlier, later)| !balances.contains(earlier) && !balances.contains(later));
        Ok(guard)
    }

    /// Hides what must be hidden; gives the cells and what a reader will know of them.
    pub(crate) fn protect(
        &self,
        counts: Vec<Option<i64>>,
        earlier: &[Publication],
    ) -> Result<(Cells, Publication), ProtectError> {
        let mut cells = Cells::new(counts, self.rules.clone());
        let cost = cells.losses(&self.relations);
        let mut forced = self.small_groups(&cells);
        // Figures that cannot be hidden, since the sums alone say them: others must be hidden in their place.
        let mut barred: BTreeSet<usize> = BTreeSet::new();
        let measures = forced.clone();
        let mut publications: Vec<Publication> = earlier.to_vec();
        publications.push(self.publication());
        let now = earlier.len();
        let mut examined: Option<Vec<bool>> = None;
        let mut safe = FxHashSet::default();
        for _ in 0..MOST_ROUNDS {
            let picked: Vec<usize> = forced.iter().copied().collect();
            match cells.suppress(&self.relations, &picked, self.policy) {
                Ok(()) => {}
                Err(Unprotected::Known(cell)) if forced.contains(&cell) && !measures.contains(&cell) => {
                    forced.remove(&cell);
                    barred.insert(cell);
                    continue;
                }
                Err(stuck) => return Err(self.refused(stuck)),
            }
            let nobody = self.beside_nobody(&cells, &barred);
            if !nobody.is_empty() {
                forced.extend(nobody);
                continue;
            }
            self.tell(&cells, &mut publications[now]);
            // Hiding a figure can make guesses about earlier publications fit that did not fit before: with these, everything
            // is examined again.
            let new: Vec<bool> = match &examined {
                Some(before) if earlier.is_empty() => {
                    before.iter().zip(&cells.hidden).map(|(a, b)| a != b).collect()
                }
                _ => vec![true; cells.hidden.len()],
            };
            // What is shown again need not be safe any longer, nor what stands beside it.
            let again = examined.as_ref().is_some_and(|before| {
                let mut both = before.iter().zip(&cells.hidden);
                both.any(|(was, is)| *was && !is)
            });
            if again || !earlier.is_empty() {
                safe.clear();
            }
            let leaks = attack::examine_from(
                &publications,
                &Limits::of(self.policy),
                &cells.table,
                &new,
                &mut safe,
            );
            examined = Some(cells.hidden.clone());
            let before = forced.len();
            self.undo_all(&leaks, (&cells, &cost), &publications, &mut forced, &barred)?;
            if forced.len() == before {
                let publication = publications.pop().unwrap_or_default();
                return Ok((cells, publication));
            }
        }
        Err(self.refused(Unprotected::Endless))
    }

    /// Counts above of measures whose group is small or hidden.
    fn small_groups(&self, cells: &Cells) -> BTreeSet<usize> {
        let under = self.policy.whole_group_under();
        let small = |group: usize| match cells.class(group) {
            Class::Small => true,
            Class::Number(n) => n > 0 && n < under,
            Class::Unknown => false,
        };
        self.measures
            .iter()
            .filter(|(part, group)| small(*group) && cells.class(*part) != Class::Unknown)
            .map(|(part, _)| *part)
            .collect()
    }

    /// Says what a reader knows when the cells are published.
    fn tell(&self, cells: &Cells, publication: &mut Publication) {
        let known = |cell: usize| match cells.class(cell) {
            Class::Unknown => Known::NotReported,
            Class::Small
                if self.policy.uncertainty().mode == Secondary::Never || self.told_by_state(cells, cell) =>
            {
                Known::Range {
                    low: 1,
                    high: self.rules[cell].hide_to,
                }
            }
            Class::Small => Known::Hidden,
            // Hidden for another's sake it gets no state, and so it is not small; nor nobody, who gives none either way.
            Class::Number(1..) if self.told_by_state(cells, cell) => Known::Range {
                low: self.rules[cell].hide_to + 1,
                high: i64::MAX,
            },
            Class::Number(_) if cells.hidden[cell] => Known::Hidden,
            Class::Number(shown) => {
                let span = self.rules[cell].span(shown);
                if span.len() == 1 {
                    Known::Exact(shown)
                } else {
                    Known::Band {
                        shown,
                        low: span.low,
                        high: span.high,
                    }
                }
            }
        };
        for (cell, figure) in publication.figures.iter_mut().enumerate() {
            figure.known = known(cell);
        }
    }

    /// Whether a state tells something of a hidden number: that one is given says that the number is small, and that none is,
    /// beside enough people, that it is hidden for another's sake.
    fn told_by_state(&self, cells: &Cells, cell: usize) -> bool {
        let told = |(below, fewest): &(usize, i64)| {
            !cells.hidden[*below] && matches!(cells.class(*below), Class::Number(n) if n >= *fewest)
        };
        cells.hidden[cell] && self.rules[cell].hide_to > 0 && self.states.get(&cell).is_some_and(told)
    }

    /// The counts below that must be hidden where nobody is hidden for another's sake: that no state is given would leave nobody
    /// and all that is not small, which is no range. So without a state beside enough people it is always the latter.
    fn beside_nobody(&self, cells: &Cells, barred: &BTreeSet<usize>) -> Vec<usize> {
        let is_nobody =
            |above: usize| cells.class(above) == Class::Number(0) && self.told_by_state(cells, above);
        let below = self.states.iter().filter(|(above, _)| is_nobody(**above));
        below
            .map(|(_, (below, _))| *below)
            .filter(|below| !barred.contains(below))
            .collect()
    }

    /// The publication, with nothing said yet of its figures.
    fn publication(&self) -> Publication {
        let figures = self.keys.iter().map(|key| Published {
            key: key.clone(),
            known: Known::Hidden,
        });
        let mut relations: Vec<Relation> = Vec::new();
        relations.extend(self.relations.sums.iter().filter_map(|sum| {
            let (total, parts) = (sum.total, sum.parts.clone());
            match (sum.holds, parts.as_slice()) {
                (Holds::Exactly, [only]) => Some(Relation::Same(total, *only)),
                (Holds::Exactly, _) => Some(Relation::Sum { total, parts }),
                (Holds::AtLeast | Holds::Loosely, _) => Some(Relation::Among { total, parts }),
                (Holds::No, _) => None,
            }
        }));
        let within = self.relations.within.iter();
        relations.extend(within.map(|(part, whole)| Relation::Within {
            part: *part,
            whole: *whole,
        }));
        let successive = self.successive.iter();
        relations.extend(successive.map(|(earlier, later)| Relation::Successive {
            earlier: *earlier,
            later: *later,
        }));
        let measures = self.measures.iter();
        relations.extend(measures.map(|(part, whole)| Relation::Measure {
            part: *part,
            whole: *whole,
        }));
        Publication {
            name: "this release".to_owned(),
            small_to: self.policy.rule().small(),
            figures: figures.collect(),
            relations,
        }
    }

    /// Adds to the forced cells one for each leak; the error names those that hiding cannot undo.
    fn undo_all(
        &self,
        leaks: &[Leak],
        (cells, cost): (&Cells, &[i64]),
        publications: &[Publication],
        forced: &mut BTreeSet<usize>,
        barred: &BTreeSet<usize>,
    ) -> Result<(), ProtectError> {
        let mut open = Vec::new();
        for leak in leaks {
            match self.undo(leak, cells, cost, publications, (&*forced, barred)) {
                Undo::Hide(cell) => {
                    forced.insert(cell);
                }
                Undo::Done | Undo::Old => {}
                Undo::Nothing => open.push(leak.words(publications)),
            }
        }
        if open.is_empty() {
            Ok(())
        } else {
            Err(ProtectError::Leaks { leaks: open })
        }
    }

    /// The cheapest shown cell of this release that a leak rests on.
    fn undo(
        &self,
        leak: &Leak,
        cells: &Cells,
        cost: &[i64],
        publications: &[Publication],
        (forced, barred): (&BTreeSet<usize>, &BTreeSet<usize>),
    ) -> Undo {
        let now = publications.len().saturating_sub(1);
        let (rests_on, old) = self.rests_on(leak, cells, publications);
        if rests_on
            .iter()
            .any(|cell| forced.contains(cell) && !cells.hidden[*cell])
        {
            return Undo::Done;
        }
        let shown = |cell: &usize| {
            !cells.hidden[*cell] && cells.class(*cell) != Class::Unknown && !barred.contains(cell)
        };
        let cheapest = |cells: Vec<usize>| {
            let shown = cells.into_iter().filter(shown);
            shown.min_by_key(|cell| (cost[*cell], *cell))
        };
        // Where other publications alone say what is left of a total, this one must not show the total beside the rest.
        let between = leak.between.iter().filter(|p| p.publication == now);
        let between: Vec<usize> = between.map(|p| p.figure).collect();
        match cheapest(rests_on).or_else(|| cheapest(between)) {
            Some(cell) => Undo::Hide(cell),
            None if old => Undo::Old,
            None => Undo::Nothing,
        }
    }

    /// The cells of this release that a leak rests on, and whether it is one among earlier publications only.
    fn rests_on(&self, leak: &Leak, cells: &Cells, publications: &[Publication]) -> (Vec<usize>, bool) {
        let now = publications.len().saturating_sub(1);
        let mut rests_on: Vec<usize> = leak
            .because
            .iter()
            .filter(|p| p.publication == now)
            .map(|p| p.figure)
            .collect();
        if leak.kind != LeakKind::Hidden {
            // A difference of shown figures, or a rounded one, is gone when they are.
            rests_on.extend(
                leak.figures
                    .iter()
                    .filter(|p| p.publication == now)
                    .map(|p| p.figure),
            );
        }
        // Where a state tells that a number is small, or that it is not, it does so no longer when the count below is hidden.
        let told = leak.figures.iter().chain(&leak.because);
        let told = told.filter(|p| p.publication == now && self.told_by_state(cells, p.figure));
        rests_on.extend(
            told.filter_map(|p| self.states.get(&p.figure))
                .map(|(below, _)| *below),
        );
        let old = leak
            .figures
            .iter()
            .chain(&leak.because)
            .all(|p| p.publication < now);
        if old {
            // This release led the attacker to other guesses about earlier ones: it must say nothing of these figures.
            let places = leak.figures.iter().chain(&leak.because);
            let keys: BTreeSet<Cow<'_, Key>> = places
                .filter_map(|p| publications.get(p.publication)?.figures.get(p.figure))
                .map(|f| f.key.of_one_period())
                .collect();
            let spoken_of = |cell: &usize| keys.contains(&*self.keys[*cell].of_one_period());
            rests_on.extend((0..self.keys.len()).filter(spoken_of));
        }
        (rests_on, old)
    }

    fn refused(&self, stuck: Unprotected) -> ProtectError {
        let name = |cell: usize| self.keys.get(cell).map(ToString::to_string).unwrap_or_default();
        let words = match stuck {
            Unprotected::Known(cell) => {
                format!("{} would stay known, whatever is hidden beside it", name(cell))
            }
            Unprotected::Unsettled(cell) => {
                format!(
                    "it could not be worked out whether {} would stay known",
                    name(cell)
                )
            }
            Unprotected::Endless => "it could not be shown that every hidden number is safe".to_owned(),
        };
        ProtectError::Leaks { leaks: vec![words] }
    }
}

/// What to do about a leak.
enum Undo {
    /// Hide this cell.
    Hide(usize),
    /// A cell it rests on is about to be hidden.
    Done,
    /// It was there before this release, which adds nothing to it.
    Old,
    /// Nothing can be hidden that it rests on.
    Nothing,
}
