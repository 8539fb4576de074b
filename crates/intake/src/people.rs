//! Who is looked for, found before anything else is read: whoever some record names a case of the disease.
//!
//! Of files of rows only the columns that say so are read, and the number where they do. COSD is read whole, so its people
//! are taken from what was written of it, all of them: who is in COSD has a cancer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::ByteRecord;
use engine::TableReader;
use layouts::Format;

use crate::error::IntakeError;
use crate::limits::Limits;
use crate::outcome::identities_part;
use crate::problem::Problems;
use crate::rows::{
    ByteSource, Claims, Delimited, Job, Looks, Narrowed, Narrowing, People, PickedRows, Plan, Sought,
    column_names, key_claim, no_parquet, number_claim, parquet_header,
};
use crate::run::{Numbered, Request};

/// A file whose records may name people.
struct Asked<'a> {
    job: &'a Job,
    /// What says so; every record does where there is nothing.
    codes: Option<Vec<(&'a str, &'a vocabulary::code::CodeSet)>>,
}

/// Finds the people of a narrowing.
pub(crate) fn find(
    request: &Request<'_>,
    narrowing: &Narrowing,
    files: &[Numbered<'_>],
    jobs: &[Job],
    tell: &(dyn Fn(&str, u64) + Sync),
) -> Result<Narrowed, IntakeError> {
    let mut people = People::default();
    for file in files.iter().filter(|file| file.layout.format == Format::Xml) {
        of_part(request, file.file, &mut people)?;
    }
    let asked: Vec<Asked<'_>> = asked(narrowing, jobs).collect();
    let next = AtomicUsize::new(0);
    let found: Vec<Result<People, (u32, IntakeError)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..request.threads.clamp(1, asked.len().max(1)))
            .map(|_| {
                let (asked, next) = (&asked, &next);
                scope.spawn(move || {
                    let mut people = People::default();
                    while let Some(file) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
                        file.read(request.limits, &mut people)
                            .map_err(|error| (file.job.file, error))?;
                        tell(&file.job.path, size(file.job));
                    }
                    Ok(people)
                })
            })
            .collect();
        // A thread that panicked must not look like one that found nobody.
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(found) => found,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    });
    let mut errors = Vec::new();
    for found in found {
        match found {
            Ok(found) => people.join(found),
            Err(error) => errors.push(error),
        }
    }
    // Of several errors the first file's is told, whichever came first.
    if let Some((_, error)) = errors.into_iter().min_by_key(|(file, _)| *file) {
        return Err(error);
    }
    people.close();
    Ok(Narrowed {
        people: Arc::new(people),
        tumours_alone: narrowing.tumours_alone,
    })
}

/// Bytes that are read for it.
pub(crate) fn bytes(narrowing: &Narrowing, jobs: &[Job]) -> u64 {
    asked(narrowing, jobs).map(|asked| size(asked.job)).sum()
}

fn size(job: &Job) -> u64 {
    fs_err::metadata(&job.absolute).map_or(0, |meta| meta.len())
}

fn asked<'a>(narrowing: &'a Narrowing, jobs: &'a [Job]) -> impl Iterator<Item = Asked<'a>> {
    jobs.iter().filter_map(|job| {
        let codes = narrowing.people.get(&job.layout.kind)?;
        Some(Asked {
            job,
            codes: codes
                .as_ref()
                .map(|codes| codes.iter().map(|(column, set)| (column.as_str(), set)).collect()),
        })
    })
}

/// The people of a part that intake wrote.
fn of_part(request: &Request<'_>, file: u32, people: &mut People) -> Result<(), IntakeError> {
    let part = identities_part(request.out, file);
    if !part.is_file() {
        return Ok(());
    }
    for batch in TableReader::open(&part).map_err(IntakeError::table("identities"))? {
        let batch = batch.map_err(IntakeError::table("identities"))?;
        let column = |name: &str| batch.text(name).map_err(IntakeError::table("identities"));
        let (numbers, spaces, keys) = (column("number")?, column("key_space")?, column("key")?);
        for row in 0..batch.rows() {
            if let Some(claim) = numbers.get(row).and_then(number_claim) {
                people.insert(claim);
            }
            if let (Some(space), Some(key)) = (spaces.get(row), keys.get(row)) {
                people.insert(key_claim(space, key));
            }
        }
    }
    Ok(())
}

impl Asked<'_> {
    /// Takes in the people whom a file names. A file that cannot be read and may be set aside names nobody: none of its
    /// records will be used.
    fn read(&self, limits: Limits, people: &mut People) -> Result<(), IntakeError> {
        match self.named(limits, people) {
            Err(error) if self.job.set_aside_unreadable && error.is_of_one_file() => Ok(()),
            read => read,
        }
    }

    fn named(&self, limits: Limits, people: &mut People) -> Result<(), IntakeError> {
        let job = self.job;
        let source = ByteSource::open(&job.absolute, &job.path)?;
        if source.looks() == Looks::Parquet {
            return self.of_parquet(people);
        }
        let mut rows = Delimited::open(source, &job.path, &[job.layout], limits)?;
        let (mut sought, mut claims) = self.how(rows.header())?;
        let columns = claims.columns();
        let mut record = ByteRecord::new();
        while rows.next(&mut record)?.is_some() {
            if sought.as_mut().is_none_or(|sought| sought.is_in(&record)) {
                claims.of(Claims::cells(&columns, &record), |claim| people.insert(claim));
            }
        }
        Ok(())
    }

    fn of_parquet(&self, people: &mut People) -> Result<(), IntakeError> {
        let failed = |error| no_parquet(self.job, &error);
        let header = parquet_header(self.job)?;
        let (sought, mut claims) = self.how(&header)?;
        let names = column_names(&header, &claims.columns());
        if names.is_empty() {
            return Ok(());
        }
        let questions = sought
            .map(|sought| sought.question(&header))
            .into_iter()
            .collect();
        for part in PickedRows::open(self.job, questions, Some(&names))? {
            let batch = part?.batch;
            let columns = names.iter().map(|name| batch.text(name));
            let columns: Vec<_> = columns.collect::<Result<_, _>>().map_err(failed)?;
            for row in 0..batch.rows() {
                let cell = |at: usize| {
                    let column = columns.get(at);
                    column
                        .and_then(|column| column.get(row))
                        .unwrap_or_default()
                        .as_bytes()
                };
                claims.of(cell, |claim| people.insert(claim));
            }
        }
        Ok(())
    }

    /// How a file with this header says who is looked for, and who its records are about.
    fn how(&self, header: &[String]) -> Result<(Option<Sought>, Claims), IntakeError> {
        let job = self.job;
        let plan = Plan::new(job, header, &mut Problems::new())?;
        let codes = self.codes.as_deref();
        Ok((
            codes.and_then(|codes| Sought::new(&plan, codes)),
            Claims::new(&plan),
        ))
    }
}
