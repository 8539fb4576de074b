//! Everybody is linked, from all records.

use engine::parts;

use crate::cascade::{Given, Linked, Step, Words, link};
use crate::decisions::{Decided, unknown};
use crate::error::LinkageError;
use crate::files::Files;
use crate::finish::Found;
use crate::former::{Former, Left};
use crate::kept::{Apart, Everybody, write_identities};
use crate::links::{Origin, record_id};
use crate::numbering::{Numbering, People, Votes};
use crate::operations;
use crate::read::{Places, PlacesWriter, Reading, Taken, stream};
use crate::run::Request;

/// Links all records.
pub(crate) fn link_all(
    request: &Request<'_>,
    files: &Files,
    decided: &Decided,
) -> Result<Found, LinkageError> {
    let mut reading = Reading::new(request, files, decided, Words::new())?;
    for part in parts(&request.intake.join("identities"))? {
        reading.part(&part)?;
    }
    if let Some(error) = unknown(request.decisions, &reading.met) {
        return Err(error);
    }
    let mut taken = reading.finish()?;
    let records: u64 = taken.records.iter().sum();
    write_identities(&taken.table, request.out, None)?;
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
    let (numbering, before) = number(request, &linked, &taken.places, files)?;
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
    })
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
    places: &Places,
    files: &Files,
) -> Result<(Numbering, Option<Places>), LinkageError> {
    let Some(folder) = request.former else {
        return Ok((Numbering::fresh(linked.people as u32), None));
    };
    let mut former = Former::open(folder, files.paths())?;
    let (mut votes, mut recalled) = (Votes::default(), Votes::default());
    let merged = operations::merged(request)?;
    let mut people = People::new(linked);
    let mut places = places.read()?;
    let mut before = PlacesWriter::create(request.out, "before.part")?;
    let (mut id, mut path_end, mut present) = (String::new(), 0, None);
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
                let place = places.next()?.ok_or(LinkageError::Lost {
                    read,
                    written: read + 1,
                })?;
                let person = people.next(place);
                read += 1;
                let (file, row) = (file.get(at).unwrap_or(-1), row.get(at).unwrap_or(-1));
                if present != Some(file) {
                    let path = &files.list[files.place(file)?].path;
                    former.file(path)?;
                    id = format!("{path}#");
                    (path_end, present) = (id.len(), Some(file));
                }
                record_id(&mut id, path_end, record.get(at), row);
                let had = former.person(&id)?;
                before.push(had.unwrap_or_default())?;
                if let Some(had) = had {
                    votes.add(person, had);
                }
                if let Some(earlier) = merged.get(&id) {
                    recalled.add(person, *earlier);
                }
            }
            (request.progress)("finding the ids people had", read);
            Ok(())
        },
    )?;
    let last = Left::read(folder)?.last_person;
    if u64::from(last) + linked.people >= u64::from(u32::MAX) {
        return Err(LinkageError::TooMany);
    }
    let weakest = weakest(linked, &people);
    let numbering = Numbering::keeping(people.count(), votes, recalled, last, &|person| {
        weakest[person as usize]
    });
    Ok((numbering, Some(before.finish()?)))
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
