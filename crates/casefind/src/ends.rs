//! How people's follow-up ends: deaths, departures, and records without a name.
//!
//! Only of persons who may be cases; whatever the identities say of others is passed over where it is read.

use std::collections::BTreeMap;

use engine::{Batch, ByRecord, ColumnByRecord, Session};
use vocabulary::date::Date;

use crate::error::CasefindError;
use crate::facts::Persons;
use crate::judge::End;

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
}

/// The earlier, or the one that there is.
fn first(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Said {
    fn merge(&mut self, other: Self) {
        self.registered = first(self.registered, other.registered);
        self.death = first(self.death, other.death);
        // None is before every day.
        self.left = self.left.max(other.left);
        self.nameless &= other.nameless;
    }
}

impl Ends {
    /// Reads the table `identities` of the session, up to a day.
    pub(crate) fn read(
        session: &Session,
        links: &ByRecord,
        as_of: Date,
        wanted: &Persons,
    ) -> Result<Self, CasefindError> {
        // What is asked of whole groups of records must be asked of columns as they are: then groups in which nobody
        // died, left or is without a name are passed over unread, as their statistics say.
        let sql = format!(
            "select file, row, source = 'deaths' as registered, \
             case when death_date <= date '{as_of}' then death_date end as death_date, \
             case when vital_status = 'left' and vital_date <= date '{as_of}' then vital_date end as gone, \
             (number is null and family_name is null and key is null) as nameless from identities \
             where death_date is not null or vital_status = 'left' \
             or (number is null and family_name is null and key is null)"
        );
        let start = |_part| -> Result<Part, CasefindError> {
            Ok(Part {
                persons: links.column("person"),
                steps: links.column("step"),
                of: BTreeMap::new(),
            })
        };
        let hear = |part: &mut Part, batch: &Batch| part.batch(batch, wanted);
        let mut ends = Self::default();
        for part in session.each("reading deaths", &sql, start, hear)? {
            for (person, said) in part.of {
                ends.of
                    .entry(person)
                    .and_modify(|known| known.merge(said))
                    .or_insert(said);
            }
        }
        Ok(ends)
    }

    /// The end of a person.
    pub(crate) fn of(&self, person: i64) -> End {
        let said = self.of.get(&person);
        said.map_or_else(End::default, |said| End {
            death: said.registered.or(said.death),
            left: said.left,
            nameless: said.nameless,
        })
    }
}

/// One part of the identities, on a thread of its own.
struct Part {
    persons: ColumnByRecord,
    steps: ColumnByRecord,
    of: BTreeMap<i64, Said>,
}

impl Part {
    fn batch(&mut self, batch: &Batch, wanted: &Persons) -> Result<(), CasefindError> {
        let (files, rows) = (batch.integer("file")?, batch.integer("row")?);
        let (deaths, gone) = (batch.date("death_date")?, batch.date("gone")?);
        let (registered, nameless) = (batch.flag("registered")?, batch.flag("nameless")?);
        for at in 0..batch.rows() {
            let (Some(file), Some(row)) = (files.get(at), rows.get(at)) else {
                continue;
            };
            let Some(person) = self
                .persons
                .integer(file, row)?
                .filter(|person| wanted.contains(*person))
            else {
                continue;
            };
            let (death, left) = (deaths.get(at), gone.get(at));
            let nameless = nameless.get(at) == Some(true);
            // A death after the last day is not known yet, and says nothing.
            if death.is_none() && left.is_none() && !nameless {
                continue;
            }
            let said = Said {
                registered: death.filter(|_| registered.get(at) == Some(true)),
                death,
                left,
                nameless: nameless && self.steps.is(file, row, "alone")?,
            };
            self.of
                .entry(person)
                .and_modify(|known| known.merge(said))
                .or_insert(said);
        }
        Ok(())
    }
}
