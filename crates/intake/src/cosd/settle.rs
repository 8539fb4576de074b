//! The second pass: each record stands, or is set aside with one reason; what stands is written.

use std::path::Path;

use layouts::cosd_paths::Field;
use vocabulary::date::Date;

use super::clean::Clean;
use super::collect::FileRead;
use super::merge::{Standing, merge};
use super::same::{Fate, Mark};
use super::spool::{Scratch, Unspool, scratch_error};
use super::stands::Stands;
use super::tables::{Parts, Record, entry_date, is_future};
use crate::error::IntakeError;
use crate::outcome::{CosdInput, Coverage, Reason, SetAside};

/// All that the second pass needs to know.
pub(super) struct Settling<'a> {
    pub(super) files: &'a [CosdInput],
    pub(super) read: &'a [FileRead],
    pub(super) fates: &'a [Vec<Fate>],
    pub(super) scratch: &'a Scratch,
    /// Parts of the last reading that may stand.
    pub(super) stands: Option<&'a Stands<'a>>,
    pub(super) as_of: Date,
    pub(super) out: &'a Path,
}

/// The dates of a record, of which one at least must not lie after `as_of`, and others that are left out where they do.
const PATHWAY: [Field; 2] = [Field::NonPrimaryDate, Field::PrimaryDate];
const BESIDE: [Field; 3] = [Field::FirstSeen, Field::NonPrimaryFirstSeen, Field::DeathDate];

/// What the second pass found in one file.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) set_aside: Vec<SetAside>,
    pub(super) coverage: Coverage,
    pub(super) in_identities: u64,
    /// Rows that lie after `as_of`.
    pub(super) late: Vec<u64>,
    /// Rows of which something is left out because it lies after `as_of`.
    pub(super) trimmed: Vec<u64>,
    /// Which section tables have a part.
    pub(super) present: [bool; 5],
    /// The latest day that was compared with `as_of`.
    latest: Option<Date>,
}

impl Settling<'_> {
    /// Settles one file, and writes its parts or takes them over.
    pub(super) fn file(&self, place: usize) -> Result<Settled, IntakeError> {
        let now = self.files[place].file;
        let stands = self
            .stands
            .and_then(|stands| Some((stands, stands.number(place)?)));
        if let Some((stands, then)) = stands {
            let mut settled = self.records(place, None)?;
            let both = self.as_of.min(stands.as_of);
            if self.as_of == stands.as_of || settled.latest.is_none_or(|latest| latest <= both) {
                settled.present = stands.take_over(then, now, self.out)?;
                return Ok(settled);
            }
        }
        let mut parts = Parts::create(self.out, now)?;
        let mut settled = self.records(place, Some(&mut parts))?;
        (settled.in_identities, settled.present) = parts.finish()?;
        Ok(settled)
    }

    /// Settles the records of a file; they are written where there are parts to write them into.
    fn records(&self, place: usize, mut parts: Option<&mut Parts<'_>>) -> Result<Settled, IntakeError> {
        let read = &self.read[place];
        let mut settled = Settled::default();
        if !read.marks.is_empty() {
            let mut own = Unspool::open(&self.scratch.path(place)).map_err(scratch_error)?;
            let mut others = Others {
                settling: self,
                open: None,
            };
            for (mark, fate) in read.marks.iter().zip(&self.fates[place]) {
                let clean = own.read(mark).map_err(scratch_error)?;
                self.record(
                    place,
                    clean,
                    fate,
                    &mut others,
                    parts.as_deref_mut(),
                    &mut settled,
                )?;
            }
        }
        Ok(settled)
    }

    fn record(
        &self,
        place: usize,
        clean: Clean,
        fate: &Fate,
        others: &mut Others<'_>,
        parts: Option<&mut Parts<'_>>,
        settled: &mut Settled,
    ) -> Result<(), IntakeError> {
        let (file, row) = (self.files[place].file, clean.row);
        let aside = |record, reason, by| SetAside {
            file,
            row,
            record,
            reason,
            by,
        };
        if let Some((reason, by)) = self.gives_way(place, fate) {
            settled.set_aside.push(aside(clean.id, reason, Some(by)));
            return Ok(());
        }
        let mut versions = Vec::new();
        if let Fate::StandsFor(older) = fate {
            for &(older_file, older_row) in older {
                let read = others.read(older_file, older_row)?;
                versions.push((read, self.created(older_file as usize)));
            }
        }
        versions.push((clean, self.created(place)));
        let Some(mut standing) = merge(versions) else {
            return Ok(());
        };
        let Some(event_date) = self.within(&mut standing, settled) else {
            settled.late.push(row);
            settled
                .set_aside
                .push(aside(standing.clean.id, Reason::AfterAsOf, None));
            return Ok(());
        };
        let version = self.read[place].facts.version.as_deref().unwrap_or_default();
        if let Some(parts) = parts {
            parts.record(&Record {
                file,
                version,
                standing: &standing,
                event_date,
            })?;
        }
        settled.in_identities += 1;
        let provider = standing.clean.cells.text(Field::Provider).unwrap_or_default();
        settled
            .coverage
            .entry(provider.to_owned())
            .or_default()
            .add(event_date.filter(|_| !standing.clean.unsure));
        Ok(())
    }

    /// Why a record gives way, and to which one: the number of its file and its row.
    fn gives_way(&self, place: usize, fate: &Fate) -> Option<(Reason, (u32, u64))> {
        let at = |place: u32, row: u32| (self.files[place as usize].file, u64::from(row));
        match fate {
            Fate::Stands | Fate::StandsFor(_) => None,
            Fate::Superseded(by_file, by) => Some((Reason::Superseded, at(*by_file, *by))),
            // The one it repeats may itself have a newer version.
            Fate::Repeats(by) => Some((
                Reason::Repeated,
                match self.fates[place][*by as usize - 1] {
                    Fate::Superseded(newer_file, newer) => at(newer_file, newer),
                    _ => (self.files[place].file, u64::from(*by)),
                },
            )),
        }
    }

    fn created(&self, place: usize) -> Option<Date> {
        self.read[place].facts.created
    }

    /// Leaves out what happened after `as_of`; none when that is the whole record, else its date.
    ///
    /// A date after the making of its file is impossible rather than late: it stays, marked, so
    /// that it is shown for what it is.
    fn within(&self, standing: &mut Standing, settled: &mut Settled) -> Option<Option<Date>> {
        let created = standing.created;
        let late = |date: Option<Date>, created| {
            date.is_some_and(|date| date > self.as_of) && !is_future(date, created)
        };
        let compared = PATHWAY.iter().chain(&BESIDE);
        let compared = compared.filter_map(|field| standing.clean.cells.date(*field));
        let of_entries = standing.entries.iter();
        let compared = compared.chain(of_entries.filter_map(|dated| entry_date(dated, standing)));
        settled.latest = settled.latest.max(compared.max());
        let dates = PATHWAY.map(|field| standing.clean.cells.date(field));
        let known = dates.iter().flatten().count();
        let gone = dates.iter().filter(|date| late(**date, created)).count();
        if known > 0 && gone == known {
            return None;
        }
        let before = standing.entries.len();
        let keep: Vec<bool> = standing
            .entries
            .iter()
            .map(|dated| {
                let date = entry_date(dated, standing);
                let shown = dated.entry.list.metastasis().is_some() && is_future(date, dated.created);
                shown || date.is_none_or(|date| date <= self.as_of)
            })
            .collect();
        let mut kept = keep.iter();
        standing.entries.retain(|_| kept.next().copied().unwrap_or(true));
        let mut left_out = before != standing.entries.len();
        let cells = &mut standing.clean.cells;
        for field in PATHWAY {
            if late(cells.date(field), created) {
                cells.remove(field);
                left_out = true;
            }
        }
        for field in BESIDE {
            if cells.date(field).is_some_and(|date| date > self.as_of) {
                cells.remove(field);
                left_out = true;
            }
        }
        if left_out {
            settled.trimmed.push(standing.clean.row);
        }
        let usable =
            |date: &Option<Date>| date.is_some_and(|date| date <= self.as_of) && !is_future(*date, created);
        Some(dates.into_iter().find(usable).flatten())
    }
}

/// Older versions, in the scratch files of other inputs.
struct Others<'a> {
    settling: &'a Settling<'a>,
    open: Option<(u32, Unspool)>,
}

impl Others<'_> {
    fn read(&mut self, file: u32, row: u32) -> Result<Clean, IntakeError> {
        let mark: &Mark = &self.settling.read[file as usize].marks[row as usize - 1];
        let unspool = match &mut self.open {
            Some((open, unspool)) if *open == file => unspool,
            slot => {
                let path = self.settling.scratch.path(file as usize);
                &mut slot
                    .insert((file, Unspool::open(&path).map_err(scratch_error)?))
                    .1
            }
        };
        unspool.read(mark).map_err(scratch_error)
    }
}
