//! RTDS: one row for each course of radiotherapy, with a time part in its dates.

use super::{Person, Source, sex_code, spelling};
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;

const HEADER: &str = "NHS_NUMBER,DATE_OF_BIRTH,POSTCODE,SEX,ORGCODEPROVIDER,RADIOTHERAPYDIAGNOSISICD,RADIOTHERAPYINTENT,\
RTTREATMENTREGION,RTTREATMENTANATOMICALSITE,PRESCRIBEDDOSE,PRESCRIBEDFRACTIONS,TREATMENTSTARTDATE";

/// Courses that never reach the data set (assumption).
const LOST: f64 = 0.015;

pub(super) struct Rtds {
    file: CsvFile,
    row: Row,
}

impl Rtds {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Rtds> {
        let place = Source::Rtds as u64;
        let file = CsvFile::create(
            root,
            "rtds",
            "rtds.csv",
            HEADER,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(Rtds {
            file,
            row: Row::default(),
        })
    }

    pub(super) fn show(&mut self, person: &Person<'_>, truth: &mut Truth) -> io::Result<()> {
        let mut slip = person.slips(Source::Rtds);
        for beam in person.care.beams.iter().filter(|b| b.start <= person.plan.as_of) {
            if slip.happens(LOST) {
                continue;
            }
            let desk = person.desk(beam.hospital);
            let seen = desk.show(
                person.identity,
                beam.start,
                person.plan.dirt.row_number_missing * 2.0,
                &mut slip,
            );
            let form = person.form(Form::IsoTime, &mut slip);
            let diagnosis =
                spelling::diagnosis(beam.diagnosis, person.nation.at(beam.hospital).dotted, &mut slip);
            let row = &mut self.row;
            row.clear();
            row.cell(seen.number)
                .date(seen.birth, form)
                .cell(&seen.postcode)
                .cell(sex_code(seen.sex, &mut slip));
            row.cell(person.nation.code(beam.hospital, beam.start, &mut slip))
                .cell(&diagnosis);
            row.cell(beam.intent)
                .cell(beam.region)
                .cell(beam.part)
                .cell(beam.dose)
                .cell(beam.fractions);
            row.date(person.event(beam.start, &mut slip), form);
            self.file.push(&self.row, person.place, truth)?;
        }
        Ok(())
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}
