//! Writes what was found: the tables, the log, and what the next run needs.

use crate::arrivals::Relinked;
use crate::bits::Bits;
use crate::cascade::{Identities, Step, Trial};
use crate::error::LinkageError;
use crate::errors::{self, Covered, Expected};
use crate::files::Files;
use crate::former::Left;
use crate::kept::{Apart, Became, DecidedRecords, Everybody, Kept};
use crate::links::{self, FormerLinks, Known, Origin, Read};
use crate::numbering::{Ids, Numbering};
use crate::operations::{self, Changed, Kind, Moved, Operation};
use crate::people::{self, FormerPeople, Members};
use crate::read::Places;
use crate::run::{Report, Request};
use crate::said::Sayings;
use crate::threads::side_by_side;
use crate::write;

/// What linking came to.
pub(crate) struct Found {
    /// All identities, shared values blank.
    pub(crate) table: Identities,
    /// The first record of each.
    pub(crate) firsts: Vec<u64>,
    /// Identities of which something is not as the former run left it, in order; all where there is none.
    pub(crate) not_as_before: Option<Vec<u32>>,
    pub(crate) everybody: Everybody,
    pub(crate) numbering: Numbering,
    /// Those who were linked anew, where not everybody was.
    pub(crate) some: Option<Relinked>,
    pub(crate) origins: Vec<Origin>,
    /// The identity of each record that was read, and where it is among all.
    pub(crate) places: Places,
    pub(crate) place: Option<Vec<u32>>,
    /// Records of the former run that follow from no identity.
    pub(crate) apart: Apart,
    /// Whose each record was, where all were read.
    pub(crate) before: Option<Places>,
    /// Records of each file.
    pub(crate) records: Vec<u64>,
    pub(crate) read: u64,
    pub(crate) linked_anew: u64,
    pub(crate) trials: Vec<Trial>,
    pub(crate) shares: Vec<u64>,
    /// Who is not as before; everybody where there is none.
    pub(crate) changed: Option<Bits>,
    pub(crate) other_step: Bits,
    pub(crate) other_shares: Vec<Step>,
    /// Whom decisions are about.
    pub(crate) decided_records: DecidedRecords,
}

/// Writes everything; `former` is what the former run kept, where its groups and people can be taken over.
pub(crate) fn finish(
    request: &Request<'_>,
    files: &Files,
    mut kept: Kept,
    former: Option<&Kept>,
    mut found: Found,
    everybody_because: Option<&'static str>,
) -> Result<Report, LinkageError> {
    let records: u64 = found.records.iter().sum();
    (request.progress)("weighing what may be wrong", records);
    let (covered, expected) = weighed(request, former, &found);
    kept.covered = covered;
    let origins: Vec<_> = found.origins.iter().map(Origin::former).collect();
    kept.number(former, &origins);
    let (tables, written) = links(request, files, former, &mut found, &expected)?;
    check(records, written.records)?;
    let written = (&expected, written);
    // The disk is waited for beside what is still to be done.
    let ((), report) = side_by_side(
        request.threads,
        || tables.finish(),
        || write_all_else(request, files, &mut kept, found, written, everybody_because),
    )?;
    kept.write(request.out)?;
    Ok(report)
}

/// Writes what there is beside the links: people, errors, conflicts, the log.
fn write_all_else(
    request: &Request<'_>,
    files: &Files,
    kept: &mut Kept,
    mut found: Found,
    (expected, written): (&Expected, links::Written<'_>),
    everybody_because: Option<&'static str>,
) -> Result<Report, LinkageError> {
    let records: u64 = found.records.iter().sum();
    (request.progress)("writing the people", records);
    found.everybody.says = written.sayings.list().to_vec();
    for (file, (records, lies)) in kept.files.iter_mut().zip(found.records.iter().zip(&written.lies)) {
        (file.records, file.lies) = (*records, *lies);
    }
    written.apart.write(request.out, &kept.files)?;
    let (people, of_people) = write_people(request, kept, &found, (written.members, &written.sayings))?;
    check(records, of_people)?;
    let linked = &found.everybody.linked;
    check(linked.people, people)?;
    let (table, last) = (&found.table, found.numbering.last);
    let in_all = (last, request.threads);
    let persons = errors::of_people(expected, table, &found.everybody, &written.apart, in_all);
    errors::write(request, files, table, expected, (written.by_file, &persons))?;
    write::steps(request.out, &linked.reports)?;
    let conflicts = write::conflicts(request.out, linked, &found.everybody.persons)?;
    let new = found.numbering.new_people();
    let operations = std::mem::take(&mut found.numbering.operations);
    let reason = everybody_because.map_or("new records", |_| "records changed");
    let log = write_log(request, last, (operations, written.moved), reason)?;
    kept.groups = written.groups;
    (kept.trials, kept.shares) = (found.trials, found.shares);
    found.decided_records.write(request.out)?;
    let count = |kind| log.iter().filter(|operation| operation.operation == kind).count() as u64;
    let linked = &found.everybody.linked;
    Ok(Report {
        records,
        identities: linked.roots.len() as u64,
        people,
        shared: linked.shared_values.clone(),
        conflicts,
        kept: people - new,
        new,
        merges: count(Kind::Merge),
        splits: count(Kind::Split),
        steps: linked.reports.clone(),
        records_read: found.read,
        identities_linked: found.linked_anew,
        records_taken_over: written.taken_over,
        everybody_because: everybody_because.map(str::to_owned),
    })
}

/// How people with a number were found as if they had none, as the former run saw it where that will do; and what of the
/// links may be wrong.
fn weighed(request: &Request<'_>, former: Option<&Kept>, found: &Found) -> (Covered, Expected) {
    let linked = &found.everybody.linked;
    let covered = former
        .map(|former| former.covered.clone())
        .filter(|covered| covered.will_do(found.table.rows.len() as u64))
        .unwrap_or_else(|| Covered::of(&found.table, linked, request.options, request.threads));
    let shares: Vec<u64> = Step::ALL
        .into_iter()
        .zip(&found.trials)
        .map(|(step, trial)| trial.share(step))
        .collect();
    let chances = covered.chances();
    let expected = Expected::of(&found.table, linked, &shares, chances.as_ref(), request.threads);
    (covered, expected)
}

/// Writes `people` and, beside it, what became of each identity; gives how many people there are, and their records.
fn write_people(
    request: &Request<'_>,
    kept: &Kept,
    found: &Found,
    (members, sayings): (Members, &Sayings),
) -> Result<(u64, u64), LinkageError> {
    let folder_of_former = request.former.filter(|_| found.changed.is_some());
    let table = folder_of_former.map(|folder| folder.join("people.parquet"));
    let taken_over = table.as_deref().zip(found.changed.as_ref());
    let (out, threads) = (request.out, request.threads);
    let people = || {
        let former = taken_over.map(|(table, changed)| FormerPeople { table, changed });
        people::write(out, &found.table, members, sayings.list(), former, threads)
    };
    let became = Became {
        everybody: &found.everybody,
        records: &found.table.records,
        firsts: &found.firsts,
        files: &kept.files,
        former: folder_of_former.zip(found.not_as_before.as_deref()),
    };
    Ok(side_by_side(threads, people, || became.write(out))?.0)
}

/// Writes the log, and the last numbers that were given; gives the operations of this run.
fn write_log(
    request: &Request<'_>,
    last_person: u32,
    (operations, moved): (Vec<Operation>, Vec<Moved>),
    reason: &'static str,
) -> Result<Vec<Operation>, LinkageError> {
    let left = request.former.map_or(Ok(Left::default()), Left::read)?;
    let changed = Changed {
        operations,
        moved,
        last: left.last_operation,
        reason,
    };
    let log = operations::complete(request, changed)?;
    write::operations(request.out, &log)?;
    Left {
        last_person,
        last_operation: left.last_operation + log.len() as u64,
    }
    .write(request.out)?;
    Ok(log)
}

fn links<'e>(
    request: &Request<'_>,
    files: &Files,
    former: Option<&Kept>,
    found: &mut Found,
    expected: &'e Expected,
) -> Result<(links::Tables, links::Written<'e>), LinkageError> {
    let known = Known {
        request,
        files,
        origins: &found.origins,
        everybody: &found.everybody,
        files_records: &found.records,
        records: &found.table.records,
        shares: &found.shares,
        changed: found.changed.as_ref(),
        apart: &found.apart,
        some: found.some.as_ref(),
        kept_files: former.map_or(&[], |former| &former.files),
    };
    let ids = match &found.some {
        Some(some) => Ids::partly(
            &some.linked,
            &found.numbering,
            &some.anew,
            &found.everybody.persons,
        ),
        None => Ids::new(&found.everybody.linked, &found.numbering),
    };
    let read = Read {
        places: found.places.read()?,
        place: found.place.as_deref(),
        before: found.before.as_ref().map(Places::read).transpose()?,
        done: 0,
    };
    let mut former = match (request.former, former, &found.some) {
        (Some(folder), Some(former), Some(_)) => Some(FormerLinks::open(folder, former, request.threads)?),
        _ => None,
    };
    if let Some(former) = &mut former {
        former.other_step = std::mem::take(&mut found.other_step);
        former.touched = found
            .some
            .as_ref()
            .map(|some| known.touched(some))
            .unwrap_or_default();
        former.other_shares = std::mem::take(&mut found.other_shares);
    }
    links::write(&known, expected, ids, read, former.as_mut())
}

fn check(read: u64, written: u64) -> Result<(), LinkageError> {
    if read == written {
        Ok(())
    } else {
        Err(LinkageError::Lost { read, written })
    }
}
