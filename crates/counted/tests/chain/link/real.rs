//! Two tables that everybody measures with, with no settings at all.
//!
//! They lie beside the repository and are not part of it; without them the test says so and ends.

use std::collections::BTreeMap;
use std::path::Path;

use super::people::{Desk, csv_rows, f1};

/// A table by name, with the truth about its records: by the id, the person.
fn table(name: &str, person: impl Fn(&[String]) -> String) -> Option<(String, BTreeMap<String, String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/record-linkage");
    let Ok(text) = fs_err::read_to_string(folder.join(name)) else {
        eprintln!("skipped: {name} is not in ../shared/data/record-linkage beside the repository");
        return None;
    };
    let truth = csv_rows(&text)
        .skip(1)
        .map(|row| (row[0].clone(), person(&row)))
        .collect();
    Some((text, truth))
}

fn linked(name: &str, person: impl Fn(&[String]) -> String, least: f64) {
    let Some((text, truth)) = table(name, person) else {
        return;
    };
    let desk = Desk::new();
    desk.write("people.csv", text);
    desk.link("people.csv --output out.csv").well();
    let f1 = f1(&desk.persons("out.csv"), &truth);
    eprintln!("{name}: F1 {f1:.4}");
    assert!(f1 >= least, "{name}: F1 {f1:.4}");
}

#[test]
fn the_thousand_records_of_splink() {
    linked("fake_1000.csv", |row| row[6].clone(), 0.9);
}

#[test]
fn the_first_data_set_of_febrl() {
    let person = |row: &[String]| row[0].split('-').nth(1).unwrap_or_default().to_owned();
    linked("febrl_dataset1.csv", person, 0.95);
}
