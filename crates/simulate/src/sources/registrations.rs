//! The cancer registry's extract: one row a tumour, traced identities, stage where known, death where told.
//!
//! Recurrence is not there. Stage comes late: of the last year only 40 % have it (NAoMe: 33-43 % in rapid
//! registration), and one in ten of that year's tumours is not yet registered (assumption). The date of death
//! differs from the registrar's by a day or more in one of ten (TACT: 89.6 % agree).

use super::{Person, Source, sex_code};
use crate::chance::Chance;
use crate::life::{Life, Primary, Subtype};
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;
use vocabulary::date::Date;

const HEADER: &str = "PATIENTID,NHSNUMBER,FAMILYNAME,GIVENNAME,BIRTHDATEBEST,SEX,POSTCODE,TUMOURID,DIAGNOSISDATEBEST,\
SITE_ICD10_O2,STAGE_BEST,M_BEST,LATERALITY,ER_STATUS,PR_STATUS,HER2_STATUS,DIAG_TRUST,VITALSTATUS,VITALSTATUSDATE,\
ETHNICITY,QUINTILE_2019";

pub(super) struct Registrations {
    file: CsvFile,
    row: Row,
}

/// One tumour as the registry holds it.
struct Tumour<'a> {
    date: Date,
    icd: &'a str,
    primary: Option<&'a Primary>,
}

impl Registrations {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Registrations> {
        let place = Source::Registrations as u64;
        let file = CsvFile::create(
            root,
            "registrations",
            "registrations.csv",
            HEADER,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(Registrations {
            file,
            row: Row::default(),
        })
    }

    pub(super) fn show(&mut self, person: &Person<'_>, truth: &mut Truth) -> io::Result<()> {
        let mut slip = person.slips(Source::Registrations);
        let vital = vital_status(person, &mut slip);
        let primaries = person
            .life
            .primaries
            .iter()
            .filter(|p| p.registered)
            .map(|p| Tumour {
                date: p.date,
                icd: p.icd,
                primary: Some(p),
            });
        let others = person.life.others.iter().map(|o| Tumour {
            date: o.date,
            icd: o.icd,
            primary: None,
        });
        for (n, tumour) in primaries.chain(others).enumerate() {
            let as_of = person.plan.as_of;
            let recent = tumour.date > as_of.plus_months(-12);
            if tumour.date > as_of || (recent && slip.happens(0.1)) {
                continue;
            }
            self.row.clear();
            self.identity(person, &tumour, &mut slip);
            self.row.number(20_000_000 + person.place as i64 * 10 + n as i64);
            let form = person.form(Form::Iso, &mut slip);
            self.row
                .date(person.event(tumour.date, &mut slip), form)
                .cell(tumour.icd);
            stage(
                &mut self.row,
                person.life,
                &tumour,
                person.plan,
                recent,
                &mut slip,
            );
            let home = person.identity.home_on(tumour.date);
            self.row.cell(person.nation.code(home, tumour.date, &mut slip));
            self.row.cell(vital.0);
            self.row.date(vital.1, Form::Iso);
            self.row
                .cell(person.identity.ethnicity)
                .cell(person.identity.quintile);
            self.file.push(&self.row, person.place, truth)?;
        }
        Ok(())
    }

    fn identity(&mut self, person: &Person<'_>, tumour: &Tumour<'_>, slip: &mut Chance) {
        let desk = &person.registry;
        let seen = desk.show(
            person.identity,
            tumour.date,
            person.plan.dirt.row_number_missing * 0.3,
            slip,
        );
        self.row
            .number(10_000_000 + person.place as i64)
            .cell(seen.number)
            .cell(&seen.family.to_uppercase())
            .cell(&seen.given.to_uppercase())
            .date(seen.birth, Form::Iso)
            .cell(sex_code(seen.sex, slip))
            .cell(&seen.postcode);
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}

/// D and the date of death, A and the date of the extract, seldom X: left the country.
fn vital_status(person: &Person<'_>, slip: &mut Chance) -> (&'static str, Date) {
    let as_of = person.plan.as_of;
    match person.life.death.as_ref().filter(|d| d.date <= as_of) {
        Some(death) if !slip.happens(0.006) => {
            let off = if slip.happens(0.104) {
                slip.between(1, 4)
            } else {
                0
            };
            ("D", death.date.plus_days(off).min(as_of))
        }
        _ => ("A", as_of),
    }
}

fn stage(row: &mut Row, life: &Life, tumour: &Tumour<'_>, plan: &Plan, recent: bool, slip: &mut Chance) {
    let Some(primary) = tumour.primary else {
        let known = life
            .others
            .iter()
            .any(|o| o.date == tumour.date && o.spread == Some(o.date))
            && slip.happens(0.85);
        row.cell(if known { "4" } else { "U" })
            .cell(if known { "1" } else { "" })
            .blanks(4);
        return;
    };
    let known = slip.happens(if recent {
        0.40
    } else if tumour.date < plan.start() {
        0.6
    } else {
        0.92
    });
    let misread = primary.stage < 4 && slip.happens(0.0003);
    let (stage, m) = match (known, primary.stage) {
        (false, _) => (slip.pick(&["U", "?", "X", ""], "U"), slip.pick(&["X", ""], "")),
        _ if misread => ("4", "0"),
        (true, 0) => ("0", "0"),
        (true, 1) => (slip.pick(&["1A", "1A", "1B", "1"], "1"), "0"),
        (true, 2) => (slip.pick(&["2A", "2B", "2"], "2"), "0"),
        (true, 3) => (slip.pick(&["3A", "3B", "3C", "3"], "3"), "0"),
        _ => ("4", slip.pick(&["1", "1", "1b"], "1")),
    };
    let (positive, her2) = (
        primary.subtype.hormone_positive(),
        primary.subtype.her2_positive(),
    );
    let told = primary.stage > 0 && slip.happens(0.85);
    let mark = |yes: bool| match (told, yes) {
        (false, _) => "U",
        (true, true) => "P",
        (true, false) => "N",
    };
    let progesterone = positive && primary.subtype == Subtype::Luminal;
    row.cell(stage)
        .cell(m)
        .cell(primary.side)
        .cell(mark(positive))
        .cell(mark(progesterone))
        .cell(mark(her2));
}
