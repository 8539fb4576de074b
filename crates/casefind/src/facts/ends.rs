//! How people's follow-up ends: deaths, departures, and records without a name.
//!
//! What identities say of it goes into a spool as facts do, so that a month's run reads the month's identities alone. Only
//! of persons who may be cases it is read back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use engine::{Batch, ByRecord, ColumnByRecord, EngineError};
use rayon::prelude::*;
use vocabulary::date::Date;

use super::gather::{Gathering, Spool};
use super::kept::Source;
use super::people::Persons;
use super::spool::{Hit, HitRow, SpoolWriter};
use crate::error::CasefindError;
use crate::judge::End;

/// What a record says, as bits: it is of a register of deaths; it bears neither number nor name nor key.
const REGISTERED: i64 = 1;
const NAMELESS: i64 = 2;
/// It says that the person died, and not when; that the person left, and not when.
const UNDATED: i64 = 4;
const LEFT_UNDATED: i64 = 8;

/// What is asked of whole groups of records must be asked of columns as they are: then groups in which nobody died, left or
/// is without a name are passed over unread, as their statistics say.
const SQL: &str = "select file, row, source = 'deaths' as registered, death_date, \
     case when vital_status = 'left' then vital_date end as gone, \
     (number is null and family_name is null and key is null) as nameless, \
     death_date is null and (source = 'deaths' or vital_status = 'dead') as undated, \
     vital_date is null and vital_status = 'left' as left_undated from identities \
     where death_date is not null or source = 'deaths' or vital_status in ('dead', 'left') \
     or (number is null and family_name is null and key is null)";

/// What identities say of ends, on disk.
pub(crate) struct EndsSaid(pub(super) Vec<Spool>);

/// Takes over what stands, and reads the table `identities` of the session where `new` says that there is one.
pub(crate) fn ends_said(of: &Gathering<'_, '_>, new: bool) -> Result<EndsSaid, CasefindError> {
    let taken = of.take_over(|source| source == Source::Ends)?;
    let mut spools: Vec<Spool> = taken.into_iter().map(|(_, taken)| taken.spool).collect();
    if new {
        let number = of.looks.looks.len();
        let start = |part: usize| -> Result<Part, CasefindError> {
            Ok(Part {
                spool: SpoolWriter::create(&of.place(number, part))?,
                persons: of.links.column("person"),
            })
        };
        let hear = |part: &mut Part, batch: &Batch| part.batch(batch);
        for part in of.session.each("reading deaths", SQL, start, hear)? {
            let path: PathBuf = part.spool.finish()?;
            spools.push(of.spool(path));
        }
    }
    Ok(EndsSaid(spools))
}

/// One part of the identities, on a thread of its own.
struct Part {
    spool: SpoolWriter,
    persons: ColumnByRecord,
}

impl Part {
    fn batch(&mut self, batch: &Batch) -> Result<(), CasefindError> {
        let (files, rows) = (batch.integer("file")?, batch.integer("row")?);
        let (deaths, gone) = (batch.date("death_date")?, batch.date("gone")?);
        let (registered, nameless) = (batch.flag("registered")?, batch.flag("nameless")?);
        let (undated, left_undated) = (batch.flag("undated")?, batch.flag("left_undated")?);
        for at in 0..batch.rows() {
            let (Some(file), Some(row)) = (files.get(at), rows.get(at)) else {
                continue;
            };
            // That a record is nobody's is said where facts are gathered.
            let Some(person) = self.persons.integer(file, row)? else {
                continue;
            };
            let bit = |said: bool, bit: i64| if said { bit } else { 0 };
            self.spool.push(&HitRow {
                person,
                file,
                row,
                seq: 0,
                group: 0,
                mask: bit(registered.get(at) == Some(true), REGISTERED)
                    | bit(nameless.get(at) == Some(true), NAMELESS)
                    | bit(undated.get(at) == Some(true), UNDATED)
                    | bit(left_undated.get(at) == Some(true), LEFT_UNDATED),
                date: deaths.get(at),
                created: gone.get(at),
                texts: [None; 4],
            })?;
        }
        Ok(())
    }
}

/// The ends of the persons who are asked for.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    of: BTreeMap<i64, Said>,
}

/// What the records of a person say of the end. Two of these merge into that of all their records.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// A death register is believed before any other source of the date.
    registered: Option<Date>,
    death: Option<Date>,
    left: Option<Date>,
    nameless: bool,
    undated: bool,
    left_undated: bool,
}

/// The earlier, or the one that there is.
fn first(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Said {
    /// What a record says by a day; none where that is nothing. `step` tells whether it was linked by a step.
    fn by(
        hit: &Hit,
        as_of: Date,
        step: impl FnOnce(&str) -> Result<bool, EngineError>,
    ) -> Result<Option<Self>, EngineError> {
        // What happened after the day is not known yet, and says nothing.
        let known = |date: Option<Date>| date.filter(|date| *date <= as_of);
        let (death, left) = (known(hit.date), known(hit.created));
        let nameless = hit.mask & NAMELESS != 0;
        let undated = hit.mask & UNDATED != 0;
        let left_undated = hit.mask & LEFT_UNDATED != 0;
        if death.is_none() && left.is_none() && !nameless && !undated && !left_undated {
            return Ok(None);
        }
        Ok(Some(Self {
            registered: death.filter(|_| hit.mask & REGISTERED != 0),
            death,
            left,
            nameless: nameless && step("alone")?,
            undated,
            left_undated,
        }))
    }

    fn merge(&mut self, other: Self) {
        self.registered = first(self.registered, other.registered);
        self.death = first(self.death, other.death);
        // None is before every day.
        self.left = self.left.max(other.left);
        self.nameless &= other.nameless;
        self.undated |= other.undated;
        self.left_undated |= other.left_undated;
    }
}

impl Ends {
    /// The ends of these persons, as far as they are known on a day.
    pub(crate) fn read(
        said: &EndsSaid,
        links: &ByRecord,
        as_of: Date,
        wanted: &Persons,
    ) -> Result<Self, CasefindError> {
        let of_spool = |spool: &Spool| -> Result<Self, CasefindError> {
            let mut ends = Self::default();
            let mut steps = links.column("step");
            let mut spool = spool.read()?;
            while let Some(hit) = spool.next(|person| wanted.contains(person))? {
                let step = |step: &str| steps.is(hit.file, hit.row, step);
                if let Some(said) = Said::by(&hit, as_of, step)? {
                    ends.hear(hit.person, said);
                }
            }
            Ok(ends)
        };
        let parts: Vec<Self> = said.0.par_iter().map(of_spool).collect::<Result<_, _>>()?;
        let mut ends = Self::default();
        for (person, said) in parts.into_iter().flat_map(|part| part.of) {
            ends.hear(person, said);
        }
        Ok(ends)
    }

    fn hear(&mut self, person: i64, said: Said) {
        let known = self.of.entry(person);
        known.and_modify(|known| known.merge(said)).or_insert(said);
    }

    /// The end of a person.
    pub(crate) fn of(&self, person: i64) -> End {
        let said = self.of.get(&person);
        said.map_or_else(End::default, |said| End {
            death: said.registered.or(said.death),
            left: said.left,
            nameless: said.nameless,
            undated: said.undated && said.death.is_none(),
            left_undated: said.left_undated && said.left.or(said.death).is_none(),
            registered: said.registered.is_some(),
            contradicted: None,
        })
    }
}
