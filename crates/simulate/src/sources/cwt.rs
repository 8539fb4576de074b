//! Cancer waiting times: one row for each treatment that ends a wait. No names, no postcode, no sex.

use super::{Person, Source, spelling};
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;

const HEADER: &str = "NHS_NUMBER,DATE_OF_BIRTH,PRIMARY_DIAGNOSIS_ICD,CANCER_TREATMENT_EVENT_TYPE,METASTATIC_SITE,\
TREATMENT_START_DATE_CANCER,CANCER_TREATMENT_MODALITY,ORGANISATION_TREATMENT";

pub(super) struct Cwt {
    file: CsvFile,
    row: Row,
}

impl Cwt {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Cwt> {
        let place = Source::Cwt as u64;
        let file = CsvFile::create(
            root,
            "cwt",
            "cwt.csv",
            HEADER,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(Cwt {
            file,
            row: Row::default(),
        })
    }

    pub(super) fn show(&mut self, person: &Person<'_>, truth: &mut Truth) -> io::Result<()> {
        let mut slip = person.slips(Source::Cwt);
        for wait in person.care.waits.iter().filter(|w| w.date <= person.plan.as_of) {
            let desk = person.desk(wait.hospital);
            // Waiting times are kept on the number: it is seldom missing.
            let seen = desk.show(
                person.identity,
                wait.date,
                person.plan.dirt.row_number_missing * 0.5,
                &mut slip,
            );
            let form = person.form(Form::MonthName, &mut slip);
            let diagnosis =
                spelling::diagnosis(wait.diagnosis, person.nation.at(wait.hospital).dotted, &mut slip);
            let row = &mut self.row;
            row.clear();
            row.cell(seen.number)
                .date(seen.birth, form)
                .cell(&diagnosis)
                .cell(wait.event)
                .cell(&wait.sites.join(" "));
            row.date(person.event(wait.date, &mut slip), form)
                .cell(wait.modality);
            row.cell(person.nation.code(wait.hospital, wait.date, &mut slip));
            self.file.push(&self.row, person.place, truth)?;
        }
        Ok(())
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}
