//! The kingdom's own hospitals by postcode district, and their earlier codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use crate::support::reading::{read, write_texts};
use publish::{Before, Outline};

#[test]
fn a_district_leads_to_the_nearest_hospital_and_a_merger_is_told() {
    // Bristol and Cardiff under their own codes, with invented people.
    let mut hospitals = support::hospitals();
    hospitals.truncate(8);
    hospitals[0].code = "RA7".into();
    hospitals[1].code = "7A4".into();
    let facts = support::facts_of(&hospitals, Outline::UnitedKingdom);
    let dir = tempfile::tempdir().unwrap();
    write_texts(
        &support::release_of(&hospitals, true, false),
        Before::Nothing,
        &facts,
        dir.path(),
    )
    .unwrap();
    let html = read(dir.path(), "hospitals/postcodes.html");
    let row = html
        .split("<li><span class=\"districts\">")
        .find(|row| row.contains("CF14,") || row.contains("CF14<"))
        .unwrap();
    assert!(row.contains("href=\"7A4.html\""), "{row}");
    let row = html
        .split("<li><span class=\"districts\">")
        .find(|row| row.contains("BS1,"))
        .unwrap();
    assert!(row.contains("href=\"RA7.html\""), "{row}");
    // Districts whose nearest hospital is not in the study are not named.
    assert!(!html.contains("AB10"));
    // The script puts its field before the letters.
    assert!(html.find("data-districts=").unwrap() < html.find("<nav class=\"letters\"").unwrap());
    // As it is heard, and as a phone shows it: the ways to one hospital, what the signs mean, the map, the table.
    let index = read(dir.path(), "hospitals/index.html");
    let at = |what: &str| index.find(what).unwrap();
    assert!(at("<a class=\"button\" href=\"postcodes.html\">") < at("id=\"states\""));
    assert!(at("id=\"states\"") < at("<svg class=\"map\""));
    assert!(at("<svg class=\"map\"") < at("id=\"table-heading\""));
    assert!(read(dir.path(), "hospitals/RA7.html").contains("<strong>RA3</strong>, until 1 April 2020"));
}
