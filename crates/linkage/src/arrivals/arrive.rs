//! From people linked anew to all people: ids, accounts, and what must be written.

use std::path::Path;

use super::{Relinked, Together, relink};
use crate::bits::Bits;
use crate::cascade::{Conflict, Linked, Step, StepReport, Trial, Verdict};
use crate::decisions::Decided;
use crate::error::LinkageError;
use crate::finish::Found;
use crate::former::Left;
use crate::kept::{DecidedRecords, Kept, RecordsReader, all_whole};
use crate::links::Origin;
use crate::numbering::{AS_BEFORE, Numbering, People, Recalled, Votes};
use crate::run::Request;
use crate::threads::{in_parts, side_by_side};
use crate::whole::weakest;

/// A measured share of right links is written when it is further than this from what stands in the tables, in
/// ten-thousandths: it moves a little with every new record, and not every row should change for that.
const DRIFT: u64 = 5;
/// Where more than one identity in so many would be linked anew, it is cheaper to link everybody.
const WORTH_IT: usize = 2;
/// So few are linked anew in any case.
const FEW: usize = 1_000;
/// Records read at a time.
const AT_ONCE: u64 = 1 << 20;

/// Links new records beside the people of the former run; or says why everybody must be linked.
pub(crate) fn arrive(
    request: &Request<'_>,
    folder: &Path,
    mut all: Together,
    origins: Vec<Origin>,
    kept: &Kept,
    decided: &Decided,
) -> Result<Result<Found, &'static str>, LinkageError> {
    let read = all.read;
    let tell = |words: &'static str| (request.progress)(words, read);
    let most = (all.table.rows.len() / WORTH_IT).max(FEW);
    let (threads, before) = (request.threads, &kept.files);
    let limits = (request.options, threads);
    // No record of the former run is asked for before all are known to be whole.
    let ((), some) = side_by_side(
        threads,
        || all_whole(folder, before, threads),
        || Ok(relink(&mut all, kept, &decided.apart, limits, most, &tell)),
    )?;
    let mut some = match some {
        Ok(some) => some,
        Err(why) => return Ok(Err(why)),
    };
    tell("finding the ids people had");
    let mut changed = Bits::default();
    let (numbering, persons) = number(folder, &all, &origins, kept, &some, (&mut changed, threads))?;
    let other_step = put_beside(&mut all, &mut some, persons);
    for &place in all.heard_again.iter().chain(&all.grown) {
        changed.put(all.everybody.persons[place as usize]);
    }
    let not_as_before = not_as_before(&all, &some);
    let linked = &mut all.everybody.linked;
    linked.shared_values = some
        .shared
        .blank(&mut all.table, |place| some.marked.holds(place));
    linked.shared = std::mem::take(&mut some.shared);
    linked.names = std::mem::take(&mut some.names);
    let (shares, other_shares) = shares(&some.trials, &kept.shares);
    account(linked, &all.table.records, &some.trials, &shares, request);
    Ok(Ok(Found {
        trials: some.trials.clone(),
        shares,
        linked_anew: some.list.len() as u64,
        table: all.table,
        firsts: all.firsts,
        not_as_before: Some(not_as_before),
        apart: all.apart,
        everybody: all.everybody,
        numbering,
        some: Some(some),
        origins,
        places: all.places,
        place: Some(all.place),
        before: None,
        records: all.records,
        read: all.read,
        changed: Some(changed),
        other_step,
        other_shares,
        decided_records: DecidedRecords::default(),
    }))
}

/// Gives ids to the people who were linked anew, and notes whose records they had. Also gives the person of each of
/// their identities.
fn number(
    folder: &Path,
    all: &Together,
    origins: &[Origin],
    kept: &Kept,
    some: &Relinked,
    (changed, threads): (&mut Bits, usize),
) -> Result<(Numbering, Vec<u32>), LinkageError> {
    let mut counted = Counted {
        all,
        some,
        people: People::new(&some.linked),
        votes: Votes::default(),
        changed,
    };
    let mut records = RecordsReader::open(folder);
    let mut read = all.places.read()?;
    let mut some_records = Vec::new();
    for (place, (origin, count)) in origins.iter().zip(&all.records).enumerate() {
        let Origin::Kept(file) = origin else {
            for _ in 0..*count {
                counted.read_now(read.next()?.ok_or(LinkageError::Kept)?);
            }
            continue;
        };
        if *count > 0 {
            records.go_to(kept.files[*file as usize].lies)?;
        }
        let mut done = 0;
        while done < *count {
            let now = AT_ONCE.min(*count - done);
            records.identities(now as usize, all.former, &mut some_records)?;
            let anew = in_parts(threads, &some_records, |first, part| -> Vec<(u64, u32)> {
                let all = (done + first as u64..).zip(part.iter().copied());
                all.filter(|(_, identity)| some.are_anew.holds(*identity))
                    .collect()
            });
            for (at, identity) in anew.into_iter().flatten() {
                counted.read_before((place, at), identity);
            }
            done += now;
        }
    }
    let Counted {
        people,
        votes,
        changed,
        ..
    } = counted;
    let last = Left::read(folder)?.last_person;
    if u64::from(last) + u64::from(people.count()) >= u64::from(u32::MAX) {
        return Err(LinkageError::TooMany);
    }
    let weakest = weakest(&some.linked, &people);
    let numbering = Numbering::keeping(people.count(), votes, Recalled::default(), last, &|person| {
        weakest[person as usize]
    });
    (1..=people.count()).for_each(|place| {
        changed.put(numbering.id(place));
    });
    let persons = (0..some.list.len() as u32)
        .map(|at| numbering.id(people.of(at)))
        .collect();
    Ok((numbering, persons))
}

/// The people who were linked anew, counted as their records go by.
struct Counted<'a> {
    all: &'a Together,
    some: &'a Relinked,
    people: People<'a>,
    /// Whose records they had.
    votes: Votes,
    /// The people of the former run who had one of them.
    changed: &'a mut Bits,
}

impl Counted<'_> {
    /// A record that this run read, by its identity among those that were read.
    fn read_now(&mut self, place: u32) {
        let anew = self.some.anew[self.all.place[place as usize] as usize];
        if anew != AS_BEFORE {
            self.people.next(anew);
        }
    }

    /// A record of the former run, by where it lies, and its identity, which was linked anew.
    fn read_before(&mut self, record: (usize, u64), identity: u32) {
        let joined = self.all.everybody.linked.steps[identity as usize].is_some();
        let of_identity = self.all.everybody.persons[identity as usize];
        let had = self.all.apart.whose(record, joined, of_identity);
        let person = self.people.next(self.some.anew[identity as usize]);
        self.votes.add(person, had);
        self.changed.put(had);
    }
}

/// Identities of which something is not as the former run left it, in order.
fn not_as_before(all: &Together, some: &Relinked) -> Vec<u32> {
    let heard = all.grown.iter().chain(&all.heard_again);
    let earlier = all.earlier.iter().map(|(place, _)| place);
    let mut those: Vec<u32> = heard.chain(earlier).chain(&some.list).copied().collect();
    those.extend(all.former as u32..all.table.rows.len() as u32);
    those.sort_unstable();
    those.dedup();
    those
}

/// Puts what was linked anew among everybody; says which former identities have another step now.
pub(super) fn put_beside(all: &mut Together, some: &mut Relinked, persons: Vec<u32>) -> Bits {
    let mut other_step = Bits::new(all.former);
    let identities = all.table.rows.len();
    let linked = &mut all.everybody.linked;
    linked.roots.resize(identities, 0);
    linked.circles.resize(identities, 0);
    linked.early.resize(identities, 0);
    linked.steps.resize(identities, None);
    linked.joined.resize(identities, None);
    let place = |at: u32| some.list[at as usize];
    for (at, &identity) in some.list.iter().enumerate() {
        let to = identity as usize;
        if to < all.former && linked.steps[to] != some.linked.steps[at] {
            other_step.put(identity);
        }
        linked.roots[to] = place(some.linked.roots[at]);
        linked.circles[to] = place(some.linked.circles[at]);
        linked.early[to] = place(some.linked.early[at]);
        linked.steps[to] = some.linked.steps[at];
        linked.joined[to] = some.linked.joined[at];
        some.had
            .push(std::mem::replace(&mut all.everybody.persons[to], persons[at]));
    }
    let as_before = |place: u32| some.anew[place as usize] == AS_BEFORE;
    linked.conflicts.retain(|conflict| as_before(conflict.a));
    linked.refusals.retain(|(_, refused)| as_before(*refused));
    let new = some.linked.conflicts.iter().map(|conflict| Conflict {
        a: place(conflict.a),
        b: place(conflict.b),
        ..*conflict
    });
    linked.conflicts.extend(new);
    let new = some
        .linked
        .refusals
        .iter()
        .map(|(step, refused)| (*step, place(*refused)));
    linked.refusals.extend(new);
    other_step
}

/// The shares of right links for the tables: those that stand there, unless one has moved; and the steps whose share
/// has.
fn shares(trials: &[Trial], before: &[u64]) -> (Vec<u64>, Vec<Step>) {
    let (mut shares, mut moved) = (Vec::with_capacity(before.len()), Vec::new());
    for ((step, trial), before) in Step::ALL.into_iter().zip(trials).zip(before) {
        let now = trial.share(step);
        if now.abs_diff(*before) > DRIFT {
            moved.push(step);
        }
        shares.push(if moved.last() == Some(&step) { now } else { *before });
    }
    (shares, moved)
}

/// What each step did, from what became of the identities; and the number of people.
fn account(linked: &mut Linked, records: &[u32], trials: &[Trial], shares: &[u64], request: &Request<'_>) {
    let mut people: u64 = records.iter().map(|records| u64::from(*records)).sum();
    let mut counts = vec![(0u64, 0u64, 0u64); Step::ALL.len()];
    for ((step, joined), records) in linked.steps.iter().zip(&linked.joined).zip(records) {
        if let Some(step) = step {
            counts[*step as usize].0 += 1;
            counts[*step as usize].1 += u64::from(*records);
        }
        if let Some(step) = joined {
            counts[*step as usize].2 += 1;
        }
    }
    let mut reports = Vec::with_capacity(Step::ALL.len());
    for (step, (identities, records, joins)) in Step::ALL.into_iter().zip(counts) {
        let people_before = people;
        people -= records - identities + joins;
        let trial = trials[step as usize];
        reports.push(StepReport {
            step,
            name: step.name(),
            words: step.words(),
            identities,
            records,
            people_before,
            people_after: people,
            refused: linked.refusals.iter().filter(|(by, _)| *by == step).count() as u64,
            trial,
            stands_down: Verdict {
                trial,
                stands_down: trial.verdict(step.trust(), request.options),
            }
            .stands_down,
            right_in_10_000: shares[step as usize],
        });
    }
    linked.people = people;
    linked.reports = reports;
}
