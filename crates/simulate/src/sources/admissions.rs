//! Hospital episodes (HES APC): one file a year, one row a consultant episode.
//!
//! Older years carry the older names (`DIAG_4_01`, `PROCODE5`); providers are written as sites (`SIM0101`); a
//! code of three characters is filled with X; what is not known is 1801-01-01, 0 or a dash. The last file runs a
//! month over the date of the study, as extracts do.

use super::{Person, Source, sex_code, spelling};
use crate::care::Episode;
use crate::chance::Chance;
use crate::geography::OUTSIDE;
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

const DIAGNOSES: usize = 20;
const OPERATIONS: usize = 24;

pub(super) struct Admissions {
    files: BTreeMap<i32, CsvFile>,
    row: Row,
    pub(super) taken: u64,
}

impl Admissions {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<Admissions> {
        let (first, last) = (plan.start().year(), plan.as_of.year());
        let mut files = BTreeMap::new();
        for year in first..=last {
            let old = year < first + (last - first) / 3;
            let path = format!("admissions/hes_{year}.csv");
            let place = ((Source::Admissions as u64) << 16) | year as u64;
            files.insert(
                year,
                CsvFile::create(
                    root,
                    "admissions",
                    &path,
                    &header(old),
                    plan.seed,
                    place,
                    plan.dirt.repeated,
                )?,
            );
        }
        Ok(Admissions {
            files,
            row: Row::default(),
            taken: 0,
        })
    }

    pub(super) fn show(&mut self, person: &Person<'_>, truth: &mut Truth) -> io::Result<()> {
        let mut slip = person.slips(Source::Admissions);
        for (n, episode) in person.care.episodes.iter().enumerate() {
            self.episode(person, n, episode, &mut slip);
            // What ends after the last year of the files is in the last file.
            let year = episode.ends.year();
            let Some(file) = self.files.range_mut(..=year).next_back() else {
                continue;
            };
            file.1.push(&self.row, person.place, truth)?;
            self.taken += 1;
        }
        Ok(())
    }

    fn episode(&mut self, person: &Person<'_>, n: usize, episode: &Episode, slip: &mut Chance) {
        let seen = person.desk(episode.hospital).show(
            person.identity,
            episode.begins,
            person.plan.dirt.row_number_missing,
            slip,
        );
        let form = person.form(Form::Iso, slip);
        let provider = if episode.hospital == OUTSIDE {
            crate::geography::OUTSIDE_BODY.to_owned()
        } else {
            person.nation.site(episode.hospital, episode.begins, slip)
        };
        let row = &mut self.row;
        row.clear();
        row.cell(seen.number)
            .date(seen.birth, form)
            .cell(sex_code(seen.sex, slip))
            .cell(&seen.postcode);
        row.number(person.place as i64 * 1_000 + n as i64 + 500_000_000_000);
        row.date(person.event(episode.begins, slip), form)
            .date(episode.ends, form)
            .date(episode.admitted, form);
        row.date(person.event(episode.discharged, slip), form);
        row.cell(if episode.emergency {
            slip.pick(&["21", "21", "22", "28"], "21")
        } else {
            "11"
        });
        row.cell(if episode.died { "4" } else { "1" })
            .cell("3")
            .cell(&provider);
        row.cell(episode.specialty).cell(episode.specialty);
        row.number(i64::from(person.life.age_on(episode.begins)))
            .cell(person.identity.ethnicity);
        row.list(
            episode.diagnoses.iter().map(|code| spelling::episode(code)),
            DIAGNOSES,
        );
        if episode.operations.is_empty() {
            row.cell("-").blanks(OPERATIONS - 1);
        } else {
            row.list(
                episode.operations.iter().map(|code| (*code).to_owned()),
                OPERATIONS,
            );
        }
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        let mut rows = 0;
        for file in self.files.into_values() {
            rows += file.finish(truth)?;
        }
        Ok(rows)
    }
}

fn header(old: bool) -> String {
    let (diagnosis, operation, provider) = if old {
        ("DIAG_4_", "OPERTN_4_", "PROCODE5")
    } else {
        ("DIAG_", "OPERTN_", "PROCODE")
    };
    let mut header = format!(
        "NEWNHSNO,DOB,SEX,HOMEADD,EPIKEY,EPISTART,EPIEND,ADMIDATE,DISDATE,ADMIMETH,DISMETH,EPISTAT,{provider},MAINSPEF,TRETSPEF,STARTAGE,ETHNOS"
    );
    for n in 1..=DIAGNOSES {
        header.push_str(&format!(",{diagnosis}{n:02}"));
    }
    for n in 1..=OPERATIONS {
        header.push_str(&format!(",{operation}{n:02}"));
    }
    header
}
