//! SACT v3: one row for each administration of each drug.

use super::{Person, Source, spelling};
use crate::care::Course;
use crate::care::standards::{Sent, SentLines};
use crate::chance::Chance;
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// The columns of version 3, in order; one holds a stray space and the last two spell one name twice, as seen.
const HEADER: &str = "NHS_Number,Local_Patient_Identifier,NHS_Number_Status_Indicator_Code,Person_Family_Name,\
Person_Given_Name,Date_Of_Birth,Person_Stated_Gender_Code,Consultant_GMC_Code,Consultant_Specialty_Code,\
Organisation_Identifier_(Code_Of_Provider),Primary_Diagnosis,Morphology_ICD-O,Diagnosis_Code_(SNOMED_CT),\
Adjunctive_Therapy,Intent_Of_Treatment,Regimen,Height_At_Start_Of_Regimen,Weight_At_Start_Of_Regimen,\
Performance_Status_At_Start_Of_Regimen_-_Adult,Comorbidity_Adjustment,Date_Decision_To_Treat,Start_Date_Of_Regimen,\
Clinical_Trial,Cycle_Number,Start_Date_Of_Cycle,Weight_At_Start_Of_Cycle,\
Performance_Status_At_Start_Of_Cycle_-_Adult,Drug_Name,DM+D,Actual_Dose_Per_Administration,\
Administration_Measurement_Per_Actual_Dose,Other_-_ Administration_Measurement_Per_Actual_Dose,\
Unit_Of_Measurement_(SNOMED_CT_DM+D),SACT_Administration_Route,Route_Of_Administration_(SNOMED_CT_DM+D),\
Administration_Date,Organisation_Identifier_Of_SACT_Administration,Regimen_Modification_-_Dose_Reduction,\
Regimen_Outcome_Summary_-_Curative_(Completed_As_Planned),\
Regimen_Outcome_Summary_-_Curative_(Not_Completed_As_Planned)_Reason,\
Other_-_Regimen_Outcome_Summary_-_Curative_(Not_Completed_As_Planned)_Reason,Regimen_Outcome_Summary_Non_Curative,\
Regimen_Outcome_Summary_Toxicity,Patient_Postcode,Patient_PostCode";

/// Courses that never reach the data set (assumption).
const LOST: f64 = 0.03;

pub(super) struct Sact {
    file: CsvFile,
    row: Row,
}

impl Sact {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Sact> {
        let place = Source::Sact as u64;
        let file = CsvFile::create(
            root,
            "sact",
            "sact.csv",
            HEADER,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(Sact {
            file,
            row: Row::default(),
        })
    }

    pub(super) fn show(
        &mut self,
        person: &Person<'_>,
        sent: &mut SentLines,
        truth: &mut Truth,
    ) -> io::Result<()> {
        let mut slip = person.slips(Source::Sact);
        let standards = &person.care.standards;
        for (place, course) in person.care.courses.iter().enumerate() {
            if slip.happens(LOST) {
                continue;
            }
            let hospital = person.nation.at(course.hospital);
            let line = standards.trials.get(place).copied().flatten();
            let trial = match line.and_then(|line| standards.lines.get(line)) {
                Some(line) => line.code.unwrap_or(""),
                None if course.trial => "01",
                None => "02",
            };
            let diagnosis = spelling::diagnosis(course.diagnosis, hospital.dotted, &mut slip);
            for (n, day) in course
                .given
                .iter()
                .enumerate()
                .filter(|(_, day)| **day <= person.plan.as_of)
            {
                self.administration(person, course, (&diagnosis, trial), n, *day, &mut slip);
                self.file.push(&self.row, person.place, truth)?;
                if let Some(line) = line {
                    sent.note(line, Sent::Code);
                }
            }
        }
        Ok(())
    }

    fn administration(
        &mut self,
        person: &Person<'_>,
        course: &Course,
        (diagnosis, trial): (&str, &str),
        n: usize,
        day: Date,
        slip: &mut Chance,
    ) {
        let desk = person.desk(course.hospital);
        let seen = desk.show(person.identity, day, person.plan.dirt.row_number_missing, slip);
        let form = person.form(Form::Iso, slip);
        let status = if seen.number.is_empty() { "03" } else { "01" };
        let gender = match seen.sex {
            Some(Sex::Male) => "1",
            Some(Sex::Female) => "2",
            None => slip.pick(&["9", "X", ""], "9"),
        };
        let code = person.nation.code(course.hospital, day, slip);
        let row = &mut self.row;
        row.clear();
        row.cell(seen.number)
            .cell(seen.local_id)
            .cell(status)
            .cell(&seen.family)
            .cell(seen.given);
        row.date(seen.birth, form)
            .cell(gender)
            .cell("")
            .cell("370")
            .cell(code);
        row.cell(diagnosis)
            .cell(if diagnosis.starts_with("C50") {
                "8500/3"
            } else {
                ""
            })
            .cell("");
        row.cell(course.adjunctive)
            .cell(course.intent)
            .cell(course.regimen)
            .blanks(2);
        row.cell(["0", "1", "1", "2", "9"][(person.place % 5) as usize])
            .blanks(1);
        row.date(course.regimen_start.plus_days(-7), form)
            .date(person.event(course.regimen_start, slip), form);
        row.cell(trial).number(n as i64 + 1).date(day, form).blanks(2);
        row.cell(course.drug)
            .cell("")
            .cell(course.dose)
            .cell("mg")
            .blanks(2);
        row.cell("01").cell("").date(person.event(day, slip), form);
        row.cell(code).blanks(6).cell(&seen.postcode).blanks(1);
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}
