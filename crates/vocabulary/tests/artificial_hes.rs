//! The readers against real dirt: NHS England's artificial admitted-care extract, where it is at hand.
//! It is not part of this repository (see `docs`); without it the test says so and passes.

#![allow(clippy::print_stderr)]

use std::collections::BTreeMap;

use vocabulary::code::{IcdFault, normalise_opcs_into, read_icd10};
use vocabulary::date::{ReadDate, parse_date, parse_month_year};
use vocabulary::organisation::{Registry, Resolved};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/hes-artificial/artificial_hes_apc_0102_truncated.csv"
);

#[test]
fn every_cell_of_the_extract_is_understood() {
    let Ok(bytes) = fs_err::read(FILE) else {
        eprintln!("skipped: the artificial HES extract is not at hand");
        return;
    };
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let header = rows.headers().unwrap().clone();
    let registry = Registry::uk().unwrap();
    let (mut code, mut seen) = (String::new(), BTreeMap::<&str, usize>::new());
    for row in rows.records() {
        let row = row.unwrap();
        for (name, cell) in header.iter().zip(&row) {
            let kind = match name {
                "ADMIDATE" | "DISDATE" | "EPISTART" | "EPIEND" | "ELECDATE" => match parse_date(cell) {
                    ReadDate::Date(_) => "day",
                    ReadDate::NoDate => "no day",
                    ReadDate::Blank => continue,
                    other => panic!("{name}: {other:?}"),
                },
                "MYDOB" => parse_month_year(cell).map_or("no month", |_| "month"),
                "PROCODE3" | "PROCODE5" => match registry.resolve(cell) {
                    Resolved::Known(_) => "body",
                    Resolved::Outside(_) => "body outside",
                },
                _ if name.contains("CONCAT") => continue,
                _ if name.starts_with("DIAG_4") => match read_icd10(cell, &mut code) {
                    Ok(()) => "diagnosis",
                    Err(IcdFault::Blank) => continue,
                    Err(_) => "no diagnosis",
                },
                _ if name.starts_with("OPERTN_4") && !cell.is_empty() => {
                    if normalise_opcs_into(cell, &mut code) {
                        "operation"
                    } else {
                        "no operation"
                    }
                }
                _ => continue,
            };
            *seen.entry(kind).or_default() += 1;
        }
    }
    let count = |kind: &str| seen.get(kind).copied().unwrap_or_default();
    assert!(count("day") > 8_000 && count("no day") > 0, "{seen:?}");
    // Eight people born in January 1801, the month of the placeholder.
    assert_eq!((count("month"), count("no month")), (2_067, 8), "{seen:?}");
    assert!(
        count("diagnosis") > 4_800 && count("no diagnosis") < 10,
        "{seen:?}"
    );
    assert!(count("operation") > 0, "{seen:?}");
    // The bodies are those of 2001: nearly all live on in one of today's.
    assert!(count("body") > 15 * count("body outside"), "{seen:?}");
    eprintln!("{seen:?}");
}
