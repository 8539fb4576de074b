//! Everybody is linked, from all records.

use std::collections::{BTreeMap, BTreeSet};

use engine::parts;

use crate::cascade::{Given, Linked, Step, Words, link};
use crate::decisions::{Decided, unknown};
use crate::error::LinkageError;
use crate::files::{Files, part};
use crate::finish::Found;
use crate::former::Left;
use crate::kept::{Apart, DecidedRecords, Everybody, Said, write_identities, write_words};
use crate::links::Origin;
use crate::numbering::{Numbering, People, Recalled, Votes};
use crate::operations::Undone;
use crate::read::{Met, Places, PlacesWriter, Reading, Taken, said_in, stream};
use crate::resent::{Before, LookUp, Resent};
use crate::run::Request;

/// Links all records.
pub(crate) fn link_all(
    request: &Request<'_>,
    files: &Files,
    decided: &Decided,
    before: Before<'_>,
) -> Result<Found, LinkageError> {
    let mut reading = Reading::new(request, files, decided, Words::new())?;
    for part in parts(&request.intake.join("identities"))? {
        reading.part(&part)?;
    }
    let decided_records = decided_records(request, (files, decided), before, &reading.met)?;
    let mut taken = reading.finish()?;
    let records: u64 = taken.records.iter().sum();
    write_words(&taken.table.words, request.out)?;
    write_identities(&taken.table.rows, request.out, None)?;
    taken.table.close();
    let given = Given {
        apart: &decided.apart,
        verdicts: None,
        early_only: false,
    };
    let linked = link(&mut taken.table, request.options, given, &|words| {
        (request.progress)(words, records)
    });
    if linked.people >= u64::from(u32::MAX) {
        return Err(LinkageError::TooMany);
    }
    let (numbering, before) = number(request, &linked, &taken, files, before)?;
    let persons = persons(&linked, &numbering, &taken)?;
    Ok(Found {
        trials: linked.reports.iter().map(|report| report.trial).collect(),
        shares: linked
            .reports
            .iter()
            .map(|report| report.right_in_10_000)
            .collect(),
        linked_anew: taken.table.rows.len() as u64,
        table: taken.table,
        firsts: taken.firsts,
        not_as_before: None,
        everybody: Everybody {
            linked,
            persons,
            says: vec![(None, None)],
        },
        numbering,
        some: None,
        origins: vec![Origin::Read; files.list.len()],
        places: taken.places,
        place: None,
        apart: Apart::default(),
        before,
        records: taken.records,
        read: records,
        changed: None,
        other_step: Default::default(),
        other_shares: Vec::new(),
        decided_records,
    })
}

/// Whom the decisions are about; refuses those whose records are in no file, or others than they were.
fn decided_records(
    request: &Request<'_>,
    (files, decided): (&Files, &Decided),
    before: Before<'_>,
    met: &BTreeMap<String, Met>,
) -> Result<DecidedRecords, LinkageError> {
    if let Some(error) = unknown(request.decisions, met) {
        return Err(error);
    }
    let now = DecidedRecords::of(request.decisions, met);
    if let Some(folder) = request.former.filter(|_| !met.is_empty()) {
        let mut other_rows = before.with_other_rows();
        let is_met = |place: &usize| met.values().any(|met| met.file == *place);
        other_rows.retain(is_met);
        let said = said_before(request, (files, decided), before, &other_rows)?;
        let is_moved = |record: &str, now: &Said| {
            let has_other_rows = met.get(record).is_some_and(|met| other_rows.contains(&met.file));
            has_other_rows && said.get(record).is_none_or(|before| !now.is_still(before))
        };
        now.check(&DecidedRecords::read(folder)?, is_moved)?;
    }
    Ok(now)
}

/// What the records that are decided about said in the former run, by their ids, of the files at these places; nothing of
/// those that are not at hand any more.
fn said_before(
    request: &Request<'_>,
    (files, decided): (&Files, &Decided),
    before: Before<'_>,
    places: &BTreeSet<usize>,
) -> Result<BTreeMap<String, Said>, LinkageError> {
    let mut said = BTreeMap::new();
    let Some((intake, kept)) = request.former_intake.zip(before.kept) else {
        return Ok(said);
    };
    for place in places {
        let path = &files.list[*place].path;
        let former = kept.files.iter().find(|file| file.path == *path);
        let former = former.map(|file| part(intake, file.number));
        let Some(former) = former.filter(|former| former.is_file()) else {
            continue;
        };
        match said_in(&former, &decided.of_file(path), request.threads, &mut said) {
            // An earlier program may have written other columns: what was said there is not known.
            Ok(()) | Err(LinkageError::Engine(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(said)
}

/// The id of each identity's person.
fn persons(linked: &Linked, numbering: &Numbering, taken: &Taken) -> Result<Vec<u32>, LinkageError> {
    let mut people = People::new(linked);
    let mut reader = taken.places.read()?;
    while let Some(place) = reader.next()? {
        people.next(place);
    }
    let identities = 0..taken.table.rows.len() as u32;
    Ok(identities
        .map(|identity| numbering.id(people.of(identity)))
        .collect())
}

/// Gives the people their ids; with former people, says whose each record was.
fn number(
    request: &Request<'_>,
    linked: &Linked,
    taken: &Taken,
    files: &Files,
    before: Before<'_>,
) -> Result<(Numbering, Option<Places>), LinkageError> {
    let Some(folder) = request.former else {
        return Ok((Numbering::fresh(linked.people as u32), None));
    };
    let resent = Resent::of(request, folder, files, before, &taken.table.words)?;
    let mut people = People::new(linked);
    let look_up = LookUp::open(folder, files, &resent)?;
    let heard = hear_all(request, look_up, taken, &mut people)?;
    let last = Left::read(folder)?.last_person;
    if u64::from(last) + linked.people >= u64::from(u32::MAX) {
        return Err(LinkageError::TooMany);
    }
    let weakest = weakest(linked, &people);
    let numbering = Numbering::keeping(people.count(), heard.votes, heard.recalled, last, &|person| {
        weakest[person as usize]
    });
    Ok((numbering, Some(heard.before)))
}

/// Whose the records of people were.
struct Heard {
    votes: Votes,
    /// Whose they were before they were merged, where decisions were withdrawn since.
    recalled: Recalled,
    /// Whose each record was.
    before: Places,
}

/// Looks up whose each record was: by its id, where this stands for the same record as in the former run, and else by
/// what it says.
fn hear_all(
    request: &Request<'_>,
    mut look_up: LookUp<'_>,
    taken: &Taken,
    people: &mut People<'_>,
) -> Result<Heard, LinkageError> {
    let (mut votes, mut recalled) = (Votes::default(), Recalled::default());
    let undone = Undone::read(request)?;
    let mut identities = taken.places.read()?;
    let mut before = PlacesWriter::create(request.out, "before.part")?;
    let mut read = 0u64;
    stream(
        &request.intake.join("identities"),
        &["file", "row", "record"],
        request.threads,
        |batch| {
            let (file, row, record) = (
                batch.integer("file")?,
                batch.integer("row")?,
                batch.text("record")?,
            );
            for at in 0..batch.rows() {
                let identity = identities.next()?.ok_or(LinkageError::Lost {
                    read,
                    written: read + 1,
                })?;
                let person = people.next(identity);
                read += 1;
                look_up.file(file.get(at).unwrap_or(-1))?;
                let mut had = look_up.by_id(record.get(at), row.get(at).unwrap_or(-1))?;
                if had.is_none() && people.are_one(identity, &taken.table.records) {
                    had = look_up.by_what_it_says(identity);
                }
                before.push(had.unwrap_or_default())?;
                if let Some(had) = had {
                    votes.add(person, had);
                }
                if let Some((id, had)) = look_up.id().zip(had) {
                    undone.hear(&mut recalled, id, (person, had));
                }
            }
            (request.progress)("finding the ids people had", read);
            Ok(())
        },
    )?;
    let before = before.finish()?;
    Ok(Heard {
        votes,
        recalled,
        before,
    })
}

/// The weakest step that holds each person together, by place.
pub(crate) fn weakest(linked: &Linked, people: &People<'_>) -> Vec<Option<Step>> {
    let mut weakest = vec![None; people.count() as usize + 1];
    for (identity, step) in linked.steps.iter().enumerate() {
        if step.is_some() {
            let of_person = &mut weakest[people.of(identity as u32) as usize];
            *of_person = (*of_person).max(*step);
        }
    }
    weakest
}
