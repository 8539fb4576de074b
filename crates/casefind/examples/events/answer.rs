//! The answers as CSV, in a form that every way of asking can give: first evidence of each person and rule, cases,
//! counts by organisation and year, people living at a date.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use engine::TableReader;
use vocabulary::date::Date;

use crate::people::last_day;

/// Writes the four answers beside the stage's tables.
pub(crate) fn write(out: &Path) {
    fs_err::write(out.join("first.csv"), first(out)).unwrap();
    let (mut cases, mut counts, mut living) = (String::new(), BTreeMap::new(), 0);
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
            let (tier, organisation) = (text("tier", row), text("organisation", row));
            let date = day("date", row);
            let written = date.map(|date| date.to_string()).unwrap_or_default();
            let person = text("person_id", row);
            let person: u64 = person.trim_start_matches('P').parse().unwrap();
            writeln!(cases, "{person},{tier},{written},{organisation}").unwrap();
            let Some(date) = date.filter(|_| tier != "D") else {
                continue;
            };
            *counts.entry((organisation, date.year())).or_insert(0_u64) += 1;
            living += u64::from(alive(date, day("death_date", row)));
        }
    }
    fs_err::write(out.join("cases.csv"), cases).unwrap();
    let lines = counts
        .iter()
        .map(|((body, year), count)| format!("{body},{year},{count}\n"));
    fs_err::write(out.join("counts.csv"), lines.collect::<String>()).unwrap();
    fs_err::write(out.join("living.csv"), format!("{living}\n")).unwrap();
}

fn alive(date: Date, death: Option<Date>) -> bool {
    date <= last_day() && death.is_none_or(|death| death > last_day())
}

fn first(out: &Path) -> String {
    let mut first: BTreeMap<(u64, String), Date> = BTreeMap::new();
    for batch in
        TableReader::open_columns(&out.join("evidence.parquet"), &["person_id", "rule", "date"]).unwrap()
    {
        let batch = batch.unwrap();
        let (person, rule, date) = (
            batch.text("person_id").unwrap(),
            batch.text("rule").unwrap(),
            batch.date("date").unwrap(),
        );
        for row in 0..batch.rows() {
            let (Some(person), Some(rule), Some(date)) = (person.get(row), rule.get(row), date.get(row))
            else {
                continue;
            };
            let key = (person.trim_start_matches('P').parse().unwrap(), rule.to_owned());
            first
                .entry(key)
                .and_modify(|known| *known = date.min(*known))
                .or_insert(date);
        }
    }
    let lines = first
        .iter()
        .map(|((person, rule), date)| format!("{person},{rule},{date}\n"));
    lines.collect()
}
