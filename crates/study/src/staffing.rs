//! `staffing.csv`: nurses in post, by organisation and day, in whole-time equivalents.

use std::path::Path;

use audit::nurses::Staffing;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::beside::{self, rows, wrong};
use crate::error::StudyError;
use crate::responses::organisation;

/// The file, in the study folder. A study need not have one.
pub(crate) const FILE: &str = "staffing.csv";

const COLUMNS: [&str; 6] = [
    "organisation",
    "date",
    "primary_wte",
    "secondary_wte",
    "generic_wte",
    "support_wte",
];

/// More than this is a number of people or of hours in the wrong column.
const MOST: f64 = 500.0;

/// Reads and checks the file of a study folder.
pub(crate) fn read(study: &Path, registry: &Registry) -> Result<Vec<Staffing>, StudyError> {
    match beside::read(&study.join(FILE))? {
        Some(bytes) => parse(&bytes, registry),
        None => Ok(Vec::new()),
    }
}

fn parse(bytes: &[u8], registry: &Registry) -> Result<Vec<Staffing>, StudyError> {
    let mut staffing: Vec<Staffing> = Vec::new();
    for (line, cells) in rows(FILE, bytes, &COLUMNS)? {
        let fault = |what: String| wrong(FILE, line, &what);
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        let wte = |at: usize| {
            let number = cell(at)
                .parse::<f64>()
                .ok()
                .filter(|number| (0.0..=MOST).contains(number));
            number.ok_or_else(|| {
                fault(format!(
                    "`{}` is a number of whole-time equivalents, 0 to {MOST}; write 0 where nobody is in post",
                    COLUMNS[at]
                ))
            })
        };
        if cell(0).is_empty() {
            return Err(fault(
                "`organisation` is blank; it is the code of the trust or board".to_owned(),
            ));
        }
        let code = organisation(FILE, line, cell(0), registry)?;
        // What one site has, or had one of the trusts that were joined, is not what the body has; and sites may be told of on
        // different days. So somebody adds them up who knows, and nobody is counted twice or left out.
        if !code.eq_ignore_ascii_case(cell(0).trim()) {
            return Err(fault(format!(
                "`{}` is a site or a former code of {code}; write one line of {code} for the day, with the nurses of all its sites",
                cell(0)
            )));
        }
        let date: Date = cell(1)
            .parse()
            .map_err(|_| fault("`date` is a day such as 2025-03-31".to_owned()))?;
        let own = Staffing {
            organisation: code,
            date,
            primary_wte: wte(2)?,
            secondary_wte: wte(3)?,
            generic_wte: wte(4)?,
            support_wte: wte(5)?,
        };
        if staffing
            .iter()
            .any(|other| other.organisation == own.organisation && other.date == own.date)
        {
            return Err(fault(
                "this organisation and day stand in a line above".to_owned(),
            ));
        }
        staffing.push(own);
    }
    Ok(staffing)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Vec<Staffing>, StudyError> {
        super::parse(bytes, &Registry::uk().unwrap())
    }

    #[test]
    fn nurses_in_post_are_read() {
        let text = "date,organisation,secondary_wte,primary_wte,generic_wte,support_wte\n2025-03-31,rth,1.5,4,0,0.6\n";
        let found = parse(text.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].organisation.as_str(), found[0].secondary_wte),
            ("RTH", 1.5)
        );
    }

    #[test]
    fn every_mistake_is_named() {
        let head = "organisation,date,primary_wte,secondary_wte,generic_wte,support_wte\n";
        for (rows, wanted) in [
            (",2025-03-31,1,1,1,1", "line 2: `organisation` is blank"),
            (
                "ZZZ,2025-03-31,1,1,1,1",
                "line 2: `organisation` is not a code of a trust or board of this study",
            ),
            (
                "RBF,2025-03-31,1,1,1,1",
                "line 2: `RBF` is a site or a former code of RTH; write one line of RTH for the day",
            ),
            (
                "RTH01,2025-03-31,1,1,1,1",
                "line 2: `RTH01` is a site or a former code of RTH; write one line of RTH for the day",
            ),
            (
                "RTH,31/03/2025,1,1,1,1",
                "line 2: `date` is a day such as 2025-03-31",
            ),
            (
                "RTH,2025-03-31,1,-1,1,1",
                "line 2: `secondary_wte` is a number of whole-time equivalents",
            ),
            ("RTH,2025-03-31,1,,1,1", "write 0 where nobody is in post"),
            ("RTH,2025-03-31,1,1,1,1500", "`support_wte` is a number"),
            (
                "RTH,2025-03-31,1,1,1,1\nrth,2025-03-31,1,1,1,1",
                "line 3: this organisation and day stand in a line above",
            ),
        ] {
            let error = parse(format!("{head}{rows}\n").as_bytes())
                .unwrap_err()
                .to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
