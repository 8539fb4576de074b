//! The form: the nation without COSD sends our own sheet instead, one line a person.
//!
//! Its hospitals record at the same shares as others; a few lines say no: the person was checked and has no
//! metastatic disease. The five answers on care are those of the person's own hospital; one line in four says that
//! the person asked gave them (assumption), with the same truth. A line of a second hospital, or that says no, has
//! none.

use super::{Person, Source};
use crate::care::standards::{Item, Sent, SentLines};
use crate::care::{Statement, What};
use crate::geography::has_cosd;
use crate::plan::Plan;
use crate::write::{CsvFile, Form, Row, Truth};
use std::io;
use std::path::Path;
use vocabulary::sex::Sex;

const HEADER: &str = "ORGANISATION,LOCAL_ID,NHS_NUMBER,FAMILY_NAME,GIVEN_NAME,BIRTH_DATE,SEX,POSTCODE,PRIMARY_DATE,METASTATIC,\
METASTATIC_DATE,KIND,SITES,RECORDED_ON,KEY_WORKER,SUPPORT_SERVICES,MONEY_AND_WORK,GP_INFORMED,FAMILY_SUPPORT,ANSWERED_BY";

pub(super) struct FormSheet {
    file: CsvFile,
    row: Row,
}

impl FormSheet {
    pub(super) fn create(root: &Path, plan: &Plan) -> io::Result<FormSheet> {
        let place = Source::Form as u64;
        let file = CsvFile::create(
            root,
            "form",
            "form.csv",
            HEADER,
            plan.seed,
            place,
            plan.dirt.repeated,
        )?;
        Ok(FormSheet {
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
        let mut slip = person.slips(Source::Form);
        for statement in &person.care.statements {
            if has_cosd(&person.nation.at(statement.hospital).body) || statement.ready > person.plan.as_of {
                continue;
            }
            let Some(told) = told(person, statement) else {
                continue;
            };
            let desk = person.desk(statement.hospital);
            let seen = desk.show(
                person.identity,
                statement.ready,
                person.plan.dirt.row_number_missing,
                &mut slip,
            );
            let row = &mut self.row;
            row.clear();
            row.cell(person.nation.code(statement.hospital, statement.ready, &mut slip))
                .cell(seen.local_id);
            row.cell(seen.number)
                .cell(&seen.family)
                .cell(seen.given)
                .date(seen.birth, Form::Iso);
            row.cell(
                seen.sex
                    .map_or("", |s| if s == Sex::Female { "female" } else { "male" }),
            )
            .cell(&seen.postcode);
            match person.life.primaries.first() {
                Some(primary) => row.date(primary.date, Form::Iso),
                None => row.blanks(1),
            };
            row.cell(told.metastatic);
            if told.metastatic == "yes" {
                row.date(statement.date, Form::Iso)
                    .cell(told.kind)
                    .cell(&told.sites.join(" "));
            } else {
                row.blanks(3);
            }
            row.date(statement.ready, Form::Iso);
            answers(person, statement, row, sent);
            // The draw that stood here once: the rows after it stay as they were.
            let _ = slip.word();
            self.file.push(&self.row, person.place, truth)?;
        }
        Ok(())
    }

    pub(super) fn finish(self, truth: &mut Truth) -> io::Result<u64> {
        self.file.finish(truth)
    }
}

/// The five answers, and whose they are.
fn answers(person: &Person<'_>, statement: &Statement, row: &mut Row, sent: &mut SentLines) {
    let lines = &person.care.standards.lines;
    let mut by = "";
    for item in Item::FORM {
        let said = statement
            .says
            .iter()
            .filter_map(|place| Some((*place, lines.get(*place)?)))
            .find(|(_, line)| line.item == item);
        let Some((place, line)) = said else {
            row.blanks(1);
            continue;
        };
        sent.note(place, Sent::Code);
        row.cell(line.code.unwrap_or(""));
        by = person.care.standards.answered_by;
    }
    row.cell(by);
}

struct Told {
    metastatic: &'static str,
    kind: &'static str,
    sites: Vec<&'static str>,
}

/// What the sheet says of a statement; primaries without metastases are not asked for.
fn told(person: &Person<'_>, statement: &Statement) -> Option<Told> {
    let distant = |pairs: &[(&'static str, &'static str)]| -> Vec<&'static str> {
        pairs
            .iter()
            .map(|p| p.1)
            .filter(|s| !matches!(*s, "12" | "97" | ""))
            .collect()
    };
    match &statement.what {
        What::Primary {
            stage: "4" | "IV",
            pairs,
            ..
        } => Some(Told {
            metastatic: "yes",
            kind: "de_novo",
            sites: distant(pairs),
        }),
        What::Primary { .. } => None,
        What::Return { pairs, .. } if pairs.iter().any(|p| p.0 != "01" && p.0 != "02") => {
            let de_novo = person
                .life
                .spread
                .as_ref()
                .is_some_and(|s| s.kind == crate::life::Kind::DeNovo);
            Some(Told {
                metastatic: "yes",
                kind: if de_novo { "de_novo" } else { "recurrent" },
                sites: distant(pairs),
            })
        }
        What::Return { .. } => Some(Told {
            metastatic: "no",
            kind: "",
            sites: Vec::new(),
        }),
    }
}
