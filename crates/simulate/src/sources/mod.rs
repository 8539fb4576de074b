//! The files, in the layouts in which hospitals and registries send them.
//!
//! Each source shows part of a life, with its own gaps. Shares of events that reach a file:
//!
//! | Source | Share | Why |
//! |---|---|---|
//! | registrations | 99 % of primaries (98 % before the cover); stage known for 92 % (40 % in the last year) | registry practice; NAoMe rapid registration |
//! | COSD | see [`crate::care::statements`] | |
//! | SACT | 97 % of courses | assumption |
//! | RTDS | 98.5 % of courses | assumption |
//! | waiting times | 96-98 % of first treatments | NCIN 2012 |
//! | admissions | all episodes | HES is a payment record |
//! | deaths | 99.4 % | assumption: deaths abroad |

mod admissions;
mod cosd;
mod cwt;
mod deaths;
mod form;
mod registrations;
mod rtds;
mod sact;
mod spelling;

use crate::care::Care;
use crate::care::standards::SentLines;
use crate::chance::{Chance, Purpose};
use crate::desk::{Desk, INDEPENDENT, REGISTRAR, REGISTRY};
use crate::geography::{Nation, OUTSIDE};
use crate::identity::{Identity, Numbers};
use crate::life::{Life, Who};
use crate::plan::Plan;
use crate::write::{Form, Truth};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

pub(crate) use cosd::v10_from as cosd_v10_from;

/// Parts of [`Purpose::Slip`] and the order of files: one for each source.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Source {
    Registrations = 1,
    Cosd = 2,
    Sact = 3,
    Rtds = 4,
    Admissions = 5,
    Cwt = 6,
    Deaths = 7,
    Form = 8,
}

/// One person, ready to be shown by sources.
pub(crate) struct Person<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) nation: &'a Nation,
    pub(crate) who: Who,
    /// Position in the nation: names the person in the truth.
    pub(crate) place: u64,
    pub(crate) life: &'a Life,
    pub(crate) identity: &'a Identity,
    pub(crate) care: &'a Care,
    /// Hospitals that did something.
    desks: BTreeMap<u8, Desk>,
    registry: Desk,
    registrar: Desk,
}

impl<'a> Person<'a> {
    #[allow(clippy::too_many_arguments, reason = "what a person consists of")]
    pub(crate) fn new(
        plan: &'a Plan,
        nation: &'a Nation,
        numbers: &Numbers,
        who: Who,
        place: u64,
        life: &'a Life,
        identity: &'a Identity,
        care: &'a Care,
    ) -> Person<'a> {
        let hospitals = care
            .episodes
            .iter()
            .map(|e| e.hospital)
            .chain(care.courses.iter().map(|c| c.hospital))
            .chain(care.beams.iter().map(|b| b.hospital))
            .chain(care.waits.iter().map(|w| w.hospital))
            .chain(care.statements.iter().map(|s| s.hospital))
            .map(desk_of);
        let mut desks = BTreeMap::new();
        let draw = |desk| Desk::draw(plan, who, desk, identity, numbers, place);
        for desk in hospitals {
            desks.entry(desk).or_insert_with(|| draw(desk));
        }
        let (registry, registrar) = (draw(REGISTRY), draw(REGISTRAR));
        Person {
            plan,
            nation,
            who,
            place,
            life,
            identity,
            care,
            desks,
            registry,
            registrar,
        }
    }

    /// The desk of a hospital; every hospital that did something has one.
    fn desk(&self, hospital: usize) -> &Desk {
        self.desks.get(&desk_of(hospital)).unwrap_or(&self.registry)
    }

    fn slips(&self, source: Source) -> Chance {
        Chance::of(self.plan.seed, Purpose::Slip, self.who.stream(), source as u8)
    }

    /// The form of a row's dates: the file's own, or the odd dd/mm/yyyy.
    fn form(&self, usual: Form, slip: &mut Chance) -> Form {
        if slip.happens(self.plan.dirt.day_month_year) {
            Form::DayMonthYear
        } else {
            usual
        }
    }

    /// An event date as sent: seldom a default.
    fn event(&self, date: Date, slip: &mut Chance) -> Date {
        if !slip.happens(self.plan.dirt.event_date_default) {
            return date;
        }
        let default = if slip.happens(0.6) {
            Date::new(1801, 1, 1)
        } else {
            Date::new(1900, 1, 1)
        };
        default.unwrap_or(date)
    }
}

fn desk_of(hospital: usize) -> u8 {
    if hospital == OUTSIDE {
        INDEPENDENT
    } else {
        hospital.min(200) as u8
    }
}

/// Sex as national codes: 1 male, 2 female; what stands for not known differs from row to row.
fn sex_code(sex: Option<Sex>, slip: &mut Chance) -> &'static str {
    match sex {
        Some(Sex::Male) => "1",
        Some(Sex::Female) => "2",
        None => slip.pick(&["", "0", "9"], ""),
    }
}

/// All files of a study, open.
pub(crate) struct Sources {
    registrations: registrations::Registrations,
    cosd: cosd::Cosd,
    sact: sact::Sact,
    rtds: rtds::Rtds,
    admissions: admissions::Admissions,
    cwt: cwt::Cwt,
    deaths: deaths::Deaths,
    form: form::FormSheet,
}

impl Sources {
    pub(crate) fn create(root: &Path, plan: &Plan, nation: &Nation) -> io::Result<Sources> {
        Ok(Sources {
            registrations: registrations::Registrations::create(root, plan)?,
            cosd: cosd::Cosd::create(root, plan, nation)?,
            sact: sact::Sact::create(root, plan)?,
            rtds: rtds::Rtds::create(root, plan)?,
            admissions: admissions::Admissions::create(root, plan)?,
            cwt: cwt::Cwt::create(root, plan)?,
            deaths: deaths::Deaths::create(root, plan)?,
            form: form::FormSheet::create(root, plan)?,
        })
    }

    /// Shows one person in every file.
    ///
    /// `sent` takes what the files say of the person's lines of care.
    pub(crate) fn show(
        &mut self,
        person: &Person<'_>,
        sent: &mut SentLines,
        truth: &mut Truth,
    ) -> io::Result<()> {
        sent.begin(person.care.standards.lines.len());
        self.registrations.show(person, truth)?;
        self.cosd.show(person, sent, truth)?;
        self.sact.show(person, sent, truth)?;
        self.rtds.show(person, truth)?;
        self.admissions.show(person, truth)?;
        self.cwt.show(person, truth)?;
        self.deaths.show(person, truth)?;
        self.form.show(person, sent, truth)
    }

    /// Rows of admissions taken so far.
    pub(crate) fn admissions_taken(&self) -> u64 {
        self.admissions.taken
    }

    /// Closes every file; rows by source, in a fixed order.
    pub(crate) fn finish(self, truth: &mut Truth) -> io::Result<Vec<(&'static str, u64)>> {
        Ok(vec![
            ("registrations", self.registrations.finish(truth)?),
            ("cosd", self.cosd.finish(truth)?),
            ("sact", self.sact.finish(truth)?),
            ("rtds", self.rtds.finish(truth)?),
            ("admissions", self.admissions.finish(truth)?),
            ("cwt", self.cwt.finish(truth)?),
            ("deaths", self.deaths.finish(truth)?),
            ("form", self.form.finish(truth)?),
        ])
    }
}
