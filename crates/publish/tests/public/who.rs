//! Who is counted: groups of the release only, "not recorded" among them, and hidden ones in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use crate::support::reading::{each, read, write_texts};
use protect::{Policy, RawRelease, RawTable, RawValue};
use publish::Before;

/// The release of the invented nation, with people of one nation split by ethnicity as well.
pub(crate) fn with_groups() -> RawRelease {
    let mut raw = support::raw(&support::hospitals(), true, false);
    let counts: &mut RawTable = &mut raw.tables[0];
    for (group, found, recorded) in [
        ("asian", 120, 60),
        ("black", 3, 1),
        ("not_recorded", 212, 40),
        ("white", 600, 380),
    ] {
        let text = |t: &str| RawValue::from(t);
        counts.rows.push(vec![
            text("nation"),
            text("Corrow"),
            text("2024-12-31"),
            text("living"),
            text("all"),
            text("all"),
            text("all"),
            text("ethnicity"),
            text(group),
            RawValue::from(recorded),
            RawValue::from(found),
            RawValue::Null,
            RawValue::Null,
            RawValue::Null,
            text("found"),
            text("not_estimated"),
        ]);
    }
    raw
}

#[test]
fn a_group_that_nobody_recorded_stands_last_and_a_hidden_one_draws_no_bar() {
    let release = protect::release(&with_groups(), &Policy::hes().unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write_texts(&release, Before::Nothing, &support::facts(), dir.path()).unwrap();
    let html = read(dir.path(), "who.html");
    let section = each(&html, "aria-labelledby=\"by-ethnicity\"", "</section>")
        .next()
        .unwrap();
    let rows: Vec<&str> = each(section, "<li><span class=\"name\">", "</li>").collect();
    let names: Vec<&str> = rows
        .iter()
        .map(|row| &row["<li><span class=\"name\">".len()..row.find("</span>").unwrap()])
        .collect();
    assert_eq!(names, ["Asian", "Black", "White", "Not recorded"]);
    let hidden = rows.iter().find(|row| row.contains("Black")).unwrap();
    assert!(
        hidden.contains("<span class=\"empty\">hidden</span>") && !hidden.contains("<rect"),
        "{hidden}"
    );
    assert!(rows[3].contains("<rect"), "{}", rows[3]);
    assert!(section.contains("It is hidden so that nobody can be recognised."));
    assert!(html.contains("This release is not split by deprivation."));
    const NUMBER: &str = "<span class=\"numbers\"><strong>";
    // No number on the page but those of the released table.
    assert!(section.contains(NUMBER));
    let csv = read(dir.path(), "data/counts.csv");
    for found in each(section, NUMBER, "</strong> found") {
        let number = found[NUMBER.len()..].replace(',', "");
        assert!(csv.contains(&format!(",{number},shown")), "{number}");
    }
}

#[test]
fn a_release_without_groups_says_what_is_missing() {
    let site = support::reading::site(true, false);
    assert!(site["who.html"].contains("This release is not split by ethnicity or by deprivation."));
    for column in ["by-age", "by-sex", "by-how-it-began"] {
        assert!(
            site["who.html"].contains(&format!("aria-labelledby=\"{column}\"")),
            "{column}"
        );
    }
}
