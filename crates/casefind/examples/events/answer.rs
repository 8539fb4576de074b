//! The answers as CSV, in a form that every way of asking can give: first evidence of each person and rule, cases,
//! counts by organisation and year, people living at a date. A person stands under the number that was sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use engine::TableReader;
use vocabulary::date::Date;

use crate::people::{last_day, sent};

/// What the answers need of a case, and of a line of evidence.
#[derive(Default)]
pub(crate) struct Asked {
    /// By number.
    pub(crate) cases: BTreeMap<String, Case>,
    /// By number and rule.
    first: BTreeMap<(String, String), Date>,
}

pub(crate) struct Case {
    pub(crate) tier: String,
    pub(crate) date: Option<Date>,
    pub(crate) organisation: String,
    pub(crate) death: Option<Date>,
}

/// From the stage's tables, in which a person has the number of the invention.
pub(crate) fn from_tables(out: &Path) {
    let mut asked = Asked::default();
    let number = |id: &str| sent(id.trim_start_matches('P').parse().unwrap());
    for batch in TableReader::open(&out.join("cases.parquet")).unwrap() {
        let batch = batch.unwrap();
        let text = |column: &str, row: usize| {
            batch
                .text(column)
                .unwrap()
                .get(row)
                .unwrap_or_default()
                .to_owned()
        };
        let day = |column: &str, row: usize| batch.date(column).unwrap().get(row);
        for row in 0..batch.rows() {
            let case = Case {
                tier: text("tier", row),
                date: day("date", row),
                organisation: text("organisation", row),
                death: day("death_date", row),
            };
            asked.cases.insert(number(&text("person_id", row)), case);
        }
    }
    let columns = ["person_id", "rule", "date"];
    for batch in TableReader::open_columns(&out.join("evidence.parquet"), &columns).unwrap() {
        let batch = batch.unwrap();
        let (person, rule) = (batch.text("person_id").unwrap(), batch.text("rule").unwrap());
        let date = batch.date("date").unwrap();
        for row in 0..batch.rows() {
            if let (Some(person), Some(rule), Some(date)) = (person.get(row), rule.get(row), date.get(row)) {
                asked.evidence(number(person), rule, date);
            }
        }
    }
    asked.write(out);
}

impl Asked {
    pub(crate) fn evidence(&mut self, number: String, rule: &str, date: Date) {
        self.first
            .entry((number, rule.to_owned()))
            .and_modify(|known| *known = date.min(*known))
            .or_insert(date);
    }

    pub(crate) fn write(&self, out: &Path) {
        let (mut cases, mut counts, mut living) = (String::new(), BTreeMap::new(), 0);
        for (number, case) in &self.cases {
            let (tier, body) = (&case.tier, &case.organisation);
            let written = case.date.map(|date| date.to_string()).unwrap_or_default();
            writeln!(cases, "{number},{tier},{written},{body}").unwrap();
            if let Some(date) = case.date.filter(|_| tier != "D") {
                *counts.entry((body, date.year())).or_insert(0_u64) += 1;
                living += u64::from(alive(date, case.death));
            }
        }
        let first = self.first.iter();
        let first: String = first
            .map(|((number, rule), date)| format!("{number},{rule},{date}\n"))
            .collect();
        let counts = counts.iter();
        let counts: String = counts
            .map(|((body, year), count)| format!("{body},{year},{count}\n"))
            .collect();
        for (name, text) in [
            ("first", first),
            ("cases", cases),
            ("counts", counts),
            ("living", format!("{living}\n")),
        ] {
            fs_err::write(out.join(format!("{name}.csv")), text).unwrap();
        }
    }
}

fn alive(date: Date, death: Option<Date>) -> bool {
    date <= last_day() && death.is_none_or(|death| death > last_day())
}
