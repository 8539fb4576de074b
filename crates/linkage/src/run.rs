//! The stage: from identities to people.

use std::path::Path;

use serde::Serialize;

use crate::cascade::{Given, Linked, Options, SharedValues, Step, StepReport, link};
use crate::error::LinkageError;
use crate::former::{Former, Left};
use crate::numbering::{Kind, Numbering, People, Votes};
use crate::people;
use crate::read::{Places, identities, stream};
use crate::write::{self, Files, next, record_id};

/// What the stage needs.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Folder of the tables that intake wrote.
    pub intake: &'a Path,
    /// Folder of the tables of the former run of this stage, whose people keep their ids.
    pub former: Option<&'a Path>,
    /// Folder for the tables of this stage; it must be there.
    pub out: &'a Path,
    /// Limits.
    pub options: &'a Options,
    /// With two or more, tables are decoded while others are worked on. The outcome is the same.
    pub threads: usize,
    /// Told what is being done, and how many records are done with.
    pub progress: &'a dyn Fn(&str, u64),
}

/// What the stage did, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Records read and written.
    pub records: u64,
    /// Distinct identities of these records.
    pub identities: u64,
    /// People.
    pub people: u64,
    /// What each step did.
    pub steps: Vec<StepReport>,
    /// Values that too many people share.
    pub shared: Vec<SharedValues>,
    /// Contradictions listed.
    pub conflicts: u64,
    /// People who keep an id of the former run.
    pub kept: u64,
    /// People with a new id.
    pub new: u64,
    /// Merges of former people.
    pub merges: u64,
    /// Splits of former people.
    pub splits: u64,
}

/// Links the records of a study.
pub fn run(request: &Request<'_>) -> Result<Report, LinkageError> {
    let files = Files::read(request.intake)?;
    let mut taken = identities(request.intake, request.out, request.threads, request.progress)?;
    let records = taken.records;
    let linked = link(&mut taken.table, request.options, Given::default(), &|words| {
        (request.progress)(words, records)
    });
    if linked.people >= u64::from(u32::MAX) {
        return Err(LinkageError::TooMany);
    }
    let numbering = number(request, &linked, &taken.places, &files)?;
    let (written, said) = write::links(request, &linked, &taken.places, &files, &numbering)?;
    check(records, written)?;
    let (people, of_people) = people::write(
        request.out,
        &taken.table,
        &linked,
        &taken.places,
        &numbering,
        said,
    )?;
    check(records, of_people)?;
    check(linked.people, people)?;
    write::steps(request.out, &linked.reports)?;
    let conflicts = {
        let mut people = People::new(&linked);
        number_all(&mut people, &taken.places)?;
        write::conflicts(request.out, &linked, &people, &numbering)?
    };
    write::operations(request.out, &numbering.operations)?;
    Left {
        last_person: numbering.last,
    }
    .write(request.out)?;
    let count = |kind| {
        numbering
            .operations
            .iter()
            .filter(|operation| operation.operation == kind)
            .count() as u64
    };
    Ok(Report {
        records,
        identities: linked.roots.len() as u64,
        people,
        shared: linked.shared_values.clone(),
        conflicts,
        kept: numbering.kept,
        new: people - numbering.kept,
        merges: count(Kind::Merge),
        splits: count(Kind::Split),
        steps: linked.reports,
    })
}

fn check(read: u64, written: u64) -> Result<(), LinkageError> {
    if read == written {
        Ok(())
    } else {
        Err(LinkageError::Lost { read, written })
    }
}

fn number_all(people: &mut People<'_>, places: &Places) -> Result<(), LinkageError> {
    let mut reader = places.read()?;
    while let Some(place) = reader.next()? {
        people.next(place);
    }
    Ok(())
}

/// Gives the people their ids.
fn number(
    request: &Request<'_>,
    linked: &Linked,
    places: &Places,
    files: &Files,
) -> Result<Numbering, LinkageError> {
    let Some(folder) = request.former else {
        return Ok(Numbering::fresh(linked.people as u32));
    };
    let mut former = Former::open(folder, files.paths().into_iter())?;
    let mut votes = Votes::default();
    let mut people = People::new(linked);
    let mut places = places.read()?;
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
                let person = people.next(next(&mut places, read)?);
                read += 1;
                let (file, row) = (file.get(at).unwrap_or(-1), row.get(at).unwrap_or(-1));
                if present != Some(file) {
                    let path = files.path(file)?;
                    former.file(path)?;
                    id = format!("{path}#");
                    (path_end, present) = (id.len(), Some(file));
                }
                record_id(&mut id, path_end, record.get(at), row);
                if let Some(before) = former.person(&id)? {
                    votes.add(person, before);
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
    Ok(Numbering::keeping(people.count(), votes, last, &|person| {
        weakest[person as usize]
    }))
}

/// The weakest step that holds each person together, by place.
fn weakest(linked: &Linked, people: &People<'_>) -> Vec<Option<Step>> {
    let mut weakest = vec![None; people.count() as usize + 1];
    for (identity, step) in linked.steps.iter().enumerate() {
        if step.is_some() {
            let of_person = &mut weakest[people.of(identity as u32) as usize];
            *of_person = (*of_person).max(*step);
        }
    }
    weakest
}
