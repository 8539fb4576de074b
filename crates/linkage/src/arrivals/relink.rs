//! Links those anew whom new records touch, and puts them beside everybody else.

use super::Together;
use super::index::Index;
use super::shared::grown as grown_shared;
use super::touched::{Touched, rings};
use super::trials::grown as grown_trial;
use super::view::{Seen, View};
use crate::cascade::{
    Given, Identities, Linked, NamesInUse, Options, Shared, Step, Trial, Verdict, link, one_in,
};
use crate::kept::Kept;
use crate::numbering::AS_BEFORE;

/// Common names are settled at the second look, since names do not matter to the steps before they are counted.
const LOOKS: usize = 4;

/// Some identities, linked anew.
pub(crate) struct Relinked {
    /// What became of them, by their place among themselves.
    pub(crate) linked: Linked,
    /// Their places among all, in the order of their first records.
    pub(crate) list: Vec<u32>,
    /// For all identities: their place in the list, or [`AS_BEFORE`].
    pub(crate) anew: Vec<u32>,
    pub(crate) trials: Vec<Trial>,
    pub(crate) shared: Shared,
    pub(crate) names: NamesInUse,
}

/// What the former run found out about all data, and how that stands now.
struct Standing<'a> {
    options: &'a Options,
    then: Vec<Verdict>,
    trials: Vec<Trial>,
}

impl Standing<'_> {
    fn verdict(&self, step: Step, trial: Trial) -> Verdict {
        Verdict {
            trial,
            stands_down: trial.verdict(step.trust(), self.options),
        }
    }

    /// Tries a step again; false when it is used otherwise than before.
    fn try_again(&mut self, step: Step, view: &View<'_>, other: &[u32], index: &Index<'_>) -> bool {
        let at = step as usize;
        self.trials[at] = grown_trial(step, self.then[at].trial, view, other, index, self.options);
        self.verdict(step, self.trials[at]).stands_down == self.then[at].stands_down
    }

    fn in_use(&self) -> Vec<Step> {
        let used = |step: &Step| self.then[*step as usize].stands_down.is_none();
        Step::ALL.into_iter().filter(used).collect()
    }

    fn now(&self) -> Vec<Verdict> {
        let all = Step::ALL.into_iter().zip(&self.trials);
        all.map(|(step, trial)| self.verdict(step, *trial)).collect()
    }
}

/// Links anew whom the new records touch, at most so many identities; or says why that will not do.
pub(crate) fn relink(
    all: &Together,
    kept: &Kept,
    decided_apart: &[(u32, u32)],
    options: &Options,
    most: usize,
) -> Result<Relinked, &'static str> {
    if kept.trials.len() != Step::ALL.len() {
        return Err("the steps are others");
    }
    let identities = all.table.rows.len();
    if one_in(identities, options) != one_in(all.former, options) {
        return Err("there are so many identities now that trials look at fewer of them");
    }
    let before = &all.everybody.linked;
    let ring = rings(&before.roots, identities - all.former);
    let index = Index::new(&all.table.rows);
    let shared = grown_shared(&all.table, all.former, &before.shared, &index, options);
    let common_then = before.names.common(options.chance_of_namesake);
    let mut standing = Standing {
        options,
        then: Vec::new(),
        trials: kept.trials.clone(),
    };
    let then = Step::ALL.into_iter().zip(&kept.trials);
    standing.then = then.map(|(step, trial)| standing.verdict(step, *trial)).collect();
    let mut common = common_then.clone();
    let mut touched = Touched::new(&index, &ring, options);
    let new = all.former as u32..identities as u32;
    for look in 0..LOOKS {
        let view = View {
            table: &all.table,
            former: all.former,
            then: Seen {
                shared: &before.shared,
                common: &common_then,
            },
            now: Seen {
                shared: &shared,
                common: &common,
            },
        };
        let changed = view.changed();
        let other: Vec<u32> = changed.iter().copied().chain(new.clone()).collect();
        for step in Step::ALL {
            // Whether names are common is asked by no step before they are counted.
            let again = look == 0 || step >= Step::NameBirthDate;
            if again && !standing.try_again(step, &view, &other, &index) {
                return Err("a step is used that was not, or not any more");
            }
        }
        let start = if look == 0 { all.grown.as_slice() } else { &[] };
        start.iter().chain(&other).for_each(|place| touched.put(*place));
        if !touched.follow(&view, &standing.in_use(), !changed.is_empty(), most) {
            return Err("the new records touch most of those who are there");
        }
        let mut list = touched.list.clone();
        list.sort_unstable_by_key(|place| all.firsts[*place as usize]);
        let (linked, names) = link_some(&SomeOf {
            view: &view,
            list: &list,
            apart: decided_apart,
            options,
            verdicts: &standing.now(),
            before,
        });
        let now = names.common(options.chance_of_namesake);
        if now == common {
            let mut anew = vec![AS_BEFORE; identities];
            (0..)
                .zip(&list)
                .for_each(|(at, place)| anew[*place as usize] = at);
            return Ok(Relinked {
                linked,
                list,
                anew,
                trials: standing.trials,
                shared,
                names,
            });
        }
        common = now;
    }
    Err("it cannot be settled which names are common")
}

struct SomeOf<'a> {
    view: &'a View<'a>,
    list: &'a [u32],
    apart: &'a [(u32, u32)],
    options: &'a Options,
    verdicts: &'a [Verdict],
    before: &'a Linked,
}

/// Runs the cascade on some identities; gives the outcome, and the names in use among all.
fn link_some(some: &SomeOf<'_>) -> (Linked, NamesInUse) {
    let view = some.view;
    let rows = some.list.iter().map(|place| view.now(*place)).collect();
    let records = some
        .list
        .iter()
        .map(|place| view.table.records[*place as usize])
        .collect();
    let mut table = Identities::of(rows, records, view.table.words.to_read());
    let given = Given {
        apart: some.apart,
        verdicts: Some(some.verdicts),
    };
    let linked = link(&mut table, some.options, given, &|_| ());
    let mut names = some.before.names.clone();
    let former: Vec<u32> = some
        .list
        .iter()
        .copied()
        .filter(|place| !view.is_new(*place))
        .collect();
    let rows: Vec<_> = former.iter().map(|place| view.then(*place)).collect();
    let early: Vec<u32> = former
        .iter()
        .map(|place| some.before.early[*place as usize])
        .collect();
    let out = NamesInUse::count(&rows, &early);
    names.exchange(&out, &NamesInUse::count(&table.rows, &linked.early));
    (linked, names)
}
