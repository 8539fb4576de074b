//! Civil registration of deaths: everyone, with underlying and mentioned causes.

use super::{Person, Source, sex_code, spelling};
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;

/// Deaths that are not registered here (assumption: abroad).
const LOST: f64 = 0.006;
const CAUSES: usize = 15;

pub(super) struct Deaths {
    file: CsvFile,
    row: Row,
}

impl Deaths {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Deaths> {
        let causes: Vec<String> = (1..=CAUSES).map(|n| format!("S_COD_CODE_{n}")).collect();
        let header = format!(
            "NHSNUMBER,FAMILYNAME,GIVENNAME,DOB,SEX,POSTCODE,DOD,S_UNDERLYING_COD_ICD10,{},PLACE_OF_DEATH",
            causes.join(",")
        );
        let place = Source::Deaths as u64;
        let file = CsvFile::create(
            root,
            "deaths",
            "deaths.csv",
            &header,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(Deaths {
            file,
            row: Row::default(),
        })
    }

    pub(super) fn show(&mut self, person: &Person<'_>, truth: &mut Truth) -> io::Result<()> {
        let Some(death) = person
            .life
            .death
            .as_ref()
            .filter(|d| d.date <= person.plan.horizon())
        else {
            return Ok(());
        };
        let mut slip = person.slips(Source::Deaths);
        if slip.happens(LOST) {
            return Ok(());
        }
        let desk = &person.registrar;
        let seen = desk.show(
            person.identity,
            death.date,
            person.plan.dirt.row_number_missing * 2.5,
            &mut slip,
        );
        let form = person.form(Form::Compact, &mut slip);
        let row = &mut self.row;
        row.clear();
        row.cell(seen.number)
            .cell(&seen.family.to_uppercase())
            .cell(&seen.given.to_uppercase());
        row.date(seen.birth, form)
            .cell(sex_code(seen.sex, &mut slip))
            .cell(&seen.postcode);
        row.date(death.date, form)
            .cell(&spelling::episode(death.underlying));
        row.list(death.mentioned.iter().map(|code| spelling::episode(code)), CAUSES);
        row.cell(slip.pick(&["HOSPITAL", "HOSPITAL", "HOME", "HOSPICE", "CARE HOME"], "HOME"));
        self.file.push(&self.row, person.place, truth)
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}
