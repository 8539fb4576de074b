//! Links those anew whom new records touch, and puts them beside everybody else.

use super::Together;
use super::shared::grown as grown_shared;
use super::touched::{Looking, Touched, rings};
use super::view::{View, differ, marked, turn};
use crate::bits::Bits;
use crate::cascade::{
    Around, Given, Identities, Linked, NamesInUse, Options, Shared, Shares, Step, Trial, Verdict, link, mark,
    one_in,
};
use crate::kept::Kept;
use crate::numbering::AS_BEFORE;
use crate::threads::{both, fill_in_parts};

/// Common names are settled at the second look, since they do not matter to the steps before they are counted; but a
/// name that became common may bring in others.
const LOOKS: usize = 4;
/// With so many common names some are likely to come or go, and the first look goes as far as to where they are counted.
const MANY_COMMON_NAMES: usize = 100;

/// Some identities, linked anew.
pub(crate) struct Relinked {
    /// What became of them, by their place among themselves.
    pub(crate) linked: Linked,
    /// Their places among all, in the order of their first records.
    pub(crate) list: Vec<u32>,
    /// For all identities: their place in the list, or [`AS_BEFORE`].
    pub(crate) anew: Vec<u32>,
    /// Those that are in the list: so few bits stay near at hand while all records go by.
    pub(crate) are_anew: Bits,
    /// The person that each of the list had, once they have another; 0 of those who are new.
    pub(crate) had: Vec<u32>,
    pub(crate) trials: Vec<Trial>,
    pub(crate) shared: Shared,
    /// All identities with a value that is or was nobody's.
    pub(crate) marked: Bits,
    pub(crate) names: NamesInUse,
}

/// What the former run found out about all data, and how that stands now.
struct Standing<'a> {
    options: &'a Options,
    then: Vec<Verdict>,
    trials: Vec<Trial>,
}

impl<'a> Standing<'a> {
    fn new(options: &'a Options, trials: &[Trial]) -> Self {
        let mut standing = Self {
            options,
            then: Vec::new(),
            trials: trials.to_vec(),
        };
        let then = Step::ALL.into_iter().zip(trials);
        standing.then = then.map(|(step, trial)| standing.verdict(step, *trial)).collect();
        standing
    }

    fn verdict(&self, step: Step, trial: Trial) -> Verdict {
        Verdict {
            trial,
            stands_down: trial.verdict(step.trust(), self.options),
        }
    }

    fn in_use(&self) -> Vec<Step> {
        let used = |step: &Step| self.then[*step as usize].stands_down.is_none();
        Step::ALL.into_iter().filter(used).collect()
    }

    /// The verdicts of today; nothing where a step is used otherwise than before.
    fn now(&self) -> Option<Vec<Verdict>> {
        let all = Step::ALL.into_iter().zip(&self.trials);
        let now: Vec<Verdict> = all.map(|(step, trial)| self.verdict(step, *trial)).collect();
        let mut both = now.iter().zip(&self.then);
        both.all(|(now, then)| now.stands_down == then.stands_down)
            .then_some(now)
    }
}

/// Links anew whom the new records touch, at most so many identities; or says why that will not do.
pub(crate) fn relink(
    all: &mut Together,
    kept: &Kept,
    decided_apart: &[(u32, u32)],
    (options, threads): (&Options, usize),
    most: usize,
    progress: &dyn Fn(&'static str),
) -> Result<Relinked, &'static str> {
    if kept.trials.len() != Step::ALL.len() {
        return Err("the steps are others");
    }
    let identities = all.table.rows.len();
    if one_in(identities, options) != one_in(all.former, options) {
        return Err("there are so many identities now that trials look at fewer of them");
    }
    let before = &all.everybody.linked;
    progress("looking for shared values");
    let new: Vec<u32> = (all.former as u32..identities as u32).collect();
    let around = Around::new(&all.table.rows, &new, threads);
    let shared = grown_shared(&all.table, all.former, &before.shared, &around, options);
    let marked = marked(&all.table.rows, &before.shared, &shared, threads);
    let common_then = before.names.common(options.chance_of_namesake);
    let rows = &mut all.table.rows;
    let (ring, ()) = both(
        threads,
        || rings(&before.circles, new.len()),
        || {
            // None is marked yet.
            if !common_then.is_empty() {
                fill_in_parts(threads, rows, |_, part| mark(part, &common_then));
            }
        },
    );
    let mut standing = Standing::new(options, &kept.trials);
    let ground = Ground {
        kept,
        apart: decided_apart,
        most,
        new: &new,
        around: &around,
        shared: &shared,
        marked: &marked,
        ring: &ring,
        in_use: standing.in_use(),
        threads,
        progress,
    };
    let mut touched = Touched::new(&ring);
    let mut turned: Vec<u64> = Vec::new();
    for look in 0..LOOKS {
        let only = Only {
            // Whether a name is common matters to the steps by name and birth date alone: the others were looked at before.
            names: look > 0,
            early: look == 0 && common_then.len() > MANY_COMMON_NAMES,
        };
        let (list, linked, names) = ground.look(all, &turned, only, &mut touched, &mut standing)?;
        let now = differ(&common_then, &names.common(options.chance_of_namesake));
        if now == turned && !only.early {
            let (anew, are_anew) = where_anew(&list, identities);
            return Ok(Relinked {
                linked,
                list,
                anew,
                are_anew,
                had: Vec::new(),
                trials: standing.trials,
                shared,
                marked,
                names,
            });
        }
        turn(&mut all.table.rows, &differ(&turned, &now));
        turned = now;
    }
    Err("it cannot be settled which names are common")
}

/// Where each identity is among those linked anew, and which ones are.
fn where_anew(list: &[u32], identities: usize) -> (Vec<u32>, Bits) {
    let (mut anew, mut are_anew) = (vec![AS_BEFORE; identities], Bits::new(identities));
    for (at, place) in (0..).zip(list) {
        anew[*place as usize] = at;
        are_anew.put(*place);
    }
    (anew, are_anew)
}

/// What all looks at the new records share.
struct Ground<'a> {
    kept: &'a Kept,
    apart: &'a [(u32, u32)],
    /// So many identities may be linked anew.
    most: usize,
    new: &'a [u32],
    /// The groups of the new ones.
    around: &'a Around,
    shared: &'a Shared,
    marked: &'a Bits,
    ring: &'a [u32],
    in_use: Vec<Step>,
    threads: usize,
    progress: &'a dyn Fn(&'static str),
}

/// How far a look goes.
#[derive(Clone, Copy)]
struct Only {
    /// No farther than whose name came to be common, or is so no more.
    names: bool,
    /// No farther than to the steps before common names are counted.
    early: bool,
}

impl Ground<'_> {
    /// Finds whom the new records touch, where the names in `turned` are common now or are so no more, and links these anew;
    /// gives them in the order of their first records, what became of them, and the names in use among all.
    fn look(
        &self,
        all: &mut Together,
        turned: &[u64],
        only: Only,
        touched: &mut Touched<'_>,
        standing: &mut Standing<'_>,
    ) -> Result<(Vec<u32>, Linked, NamesInUse), &'static str> {
        let (options, before, rows) = (standing.options, &all.everybody.linked, &all.table.rows);
        let view = self.view(all, turned);
        (self.progress)("finding whom the new records touch");
        let changed = view.changed(self.threads);
        let other: Vec<u32> = changed.iter().chain(self.new).copied().collect();
        let by_name = (only.names && view.same_values()).then_some(Shares::NameBirthDate);
        let with_changed = (!changed.is_empty()).then(|| match by_name {
            Some(by_name) => self.around.with(rows, &other, by_name, self.threads),
            None => Around::new(rows, &other, self.threads),
        });
        if !only.names {
            let grown = all.grown.iter();
            let may_change = grown.filter(|place| may_settle_earlier(&view, **place, before, &self.in_use));
            may_change.for_each(|place| touched.put(*place));
            let other_order = in_other_order(all, before, self.ring);
            other_order.into_iter().for_each(|place| touched.put(place));
        }
        let looking = Looking {
            view: &view,
            around: with_changed.as_ref().unwrap_or(self.around),
            other: &other,
            options,
            in_use: &self.in_use,
            only: by_name,
            threads: self.threads,
        };
        standing.trials = looking.look(touched, &self.kept.trials, &standing.trials);
        let verdicts = standing
            .now()
            .ok_or("a step is used that was not, or not any more")?;
        if touched.list.len() > self.most {
            return Err("the new records touch most of those who are there");
        }
        (self.progress)("linking whom the new records touch");
        let mut list = touched.list.clone();
        list.sort_unstable_by_key(|place| all.firsts[*place as usize]);
        let some = SomeOf {
            list: &list,
            turned,
            options,
            verdicts: &verdicts,
            early_only: only.early,
        };
        let (linked, names) = self.link_some(all, &some);
        Ok((list, linked, names))
    }

    fn view<'b>(&'b self, all: &'b Together, turned: &'b [u64]) -> View<'b> {
        View {
            table: &all.table,
            former: all.former,
            then: &all.everybody.linked.shared,
            now: self.shared,
            marked: self.marked,
            turned,
        }
    }

    /// Runs the cascade on some identities; gives the outcome, and the names in use among all.
    fn link_some(&self, all: &mut Together, some: &SomeOf<'_>) -> (Linked, NamesInUse) {
        let (view, records) = (self.view(all, some.turned), &all.table.records);
        let rows = some.list.iter().map(|place| view.now(*place)).collect();
        let records = some.list.iter().map(|place| records[*place as usize]).collect();
        // The words of everybody are lent: copies of them would be larger than all else that these few need.
        let mut table = Identities::of(rows, records, std::mem::take(&mut all.table.words));
        let given = Given {
            apart: self.apart,
            verdicts: Some(some.verdicts),
            early_only: some.early_only,
        };
        let linked = link(&mut table, some.options, given, &|_| ());
        all.table.words = std::mem::take(&mut table.words);
        let (view, before) = (self.view(all, some.turned), &all.everybody.linked);
        let former = some.list.iter().copied().filter(|place| !view.is_new(*place));
        let former: Vec<u32> = former.collect();
        let rows: Vec<_> = former.iter().map(|place| view.then(*place)).collect();
        let early: Vec<u32> = former.iter().map(|place| before.early[*place as usize]).collect();
        let out = NamesInUse::count(&rows, &early);
        let taken_in = NamesInUse::count(&table.rows, &linked.early);
        let names = before.names.exchanged(&out, &taken_in);
        (linked, names)
    }
}

/// True when a step that came before the one which joined the identity would take its records, of which there are
/// several now, for one person's. That they are several matters to nothing else.
fn may_settle_earlier(view: &View<'_>, place: u32, before: &Linked, steps: &[Step]) -> bool {
    let row = view.now(place);
    let Some(joined) = before.steps[place as usize] else {
        return true;
    };
    let mut earlier = steps.iter().take_while(|step| **step < joined);
    earlier.any(|step| step.agrees(&view.table.words, &row, &row))
}

/// Identities that come in another order among those of their circle than they did, where that may matter: under a key,
/// where something was refused or noted, or where three of them meet. Of three each two may fit and all together not, and
/// then the first two are joined, even if nothing had to be refused in the order before.
fn in_other_order(all: &Together, before: &Linked, ring: &[u32]) -> Vec<u32> {
    let mut ordered = Bits::new(before.circles.len());
    let refused = before.refusals.iter().map(|(_, place)| *place);
    let noted = before.conflicts.iter().map(|conflict| conflict.a);
    refused.chain(noted).for_each(|place| {
        ordered.put(before.circles[place as usize]);
    });
    let first = |place: u32| all.firsts[place as usize];
    let mates = |place: u32| {
        let round = std::iter::successors(Some(ring[place as usize]), |mate| Some(ring[*mate as usize]));
        round.take_while(move |mate| *mate != place)
    };
    let may_matter = |place: u32| {
        all.table.rows[place as usize].key != 0
            || ordered.holds(before.circles[place as usize])
            || mates(place).nth(1).is_some()
    };
    let overtakes =
        |place: u32, before: u64| mates(place).any(|mate| first(place) < first(mate) && first(mate) < before);
    let earlier = all.earlier.iter();
    earlier
        .filter(|(place, before)| may_matter(*place) && overtakes(*place, *before))
        .map(|(place, _)| *place)
        .collect()
}

/// Some identities that are linked anew, and how.
struct SomeOf<'a> {
    list: &'a [u32],
    /// Full names that became common, or are so no more, in order.
    turned: &'a [u64],
    options: &'a Options,
    verdicts: &'a [Verdict],
    early_only: bool,
}
