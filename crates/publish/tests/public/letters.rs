//! Letters are filled from the release alone, say what is hidden in words, and are examples where hospitals are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use protect::Policy;
use publish::{Before, render_texts};

use crate::support;
use crate::support::reading::{each, pages, site};

const EXAMPLE: &str = "Example only: this hospital and these figures are invented. Do not send.";

#[test]
fn a_letter_holds_the_figures_of_the_hospital_and_no_others() {
    let site = site(false, true);
    let csv = &site["data/completeness.csv"];
    let mut seen = 0;
    for (path, html) in pages(&site).filter(|(path, _)| path.starts_with("letters/")) {
        let code = path.trim_start_matches("letters/").trim_end_matches(".html");
        let rows: Vec<&str> = csv
            .lines()
            .filter(|line| line.starts_with(&format!("{code},")))
            .collect();
        let letters: Vec<&str> = each(html, "<div class=\"letter\"", "</div>").collect();
        assert_eq!(letters.len(), 2, "{path}");
        for letter in letters {
            assert!(
                !letter.contains(EXAMPLE) && letter.contains("[Your name]"),
                "{path}"
            );
            if let Some(found) = each(letter, "showed signs of it in ", " people at").next() {
                let number = found
                    .trim_start_matches("showed signs of it in ")
                    .replace(',', "");
                let shown = |row: &&str| row.contains(&format!(",{number},shown"));
                assert!(rows.iter().any(shown), "{path}: {number}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn what_is_hidden_stands_in_words() {
    let site = site(false, true);
    // Four people a year, which is hidden: too little to say anything. 84 a year and no records at all. 71 a year, 7 per cent of them recorded.
    for (code, words) in [
        ("INV36", "too little to say anything fair"),
        (
            "INV07",
            "no records of cancer diagnoses from Gannetsea Hospitals, or those of under half of these months, reached the count",
        ),
        (
            "INV12",
            "Of these, a number too small to publish had been recorded.",
        ),
    ] {
        let html = &site[&format!("letters/{code}.html")];
        assert_eq!(html.matches(words).count(), 2, "{code}");
    }
    // Not asked to record: no letter.
    assert!(!site.contains_key("letters/INV08.html"));
    assert!(!site["hospitals/INV08.html"].contains("letters/"));
}

#[test]
fn on_an_invented_site_every_letter_is_an_example() {
    let site = site(true, false);
    let mut letters = 0;
    for (path, html) in pages(&site).filter(|(path, _)| path.starts_with("letters/")) {
        for letter in each(html, "<div class=\"letter\"", "</div>") {
            assert!(
                letter.contains(&format!("<p class=\"letter-head\">{EXAMPLE}")),
                "{path}"
            );
            letters += 1;
        }
    }
    assert!(letters > 40);
}

#[test]
fn what_could_be_done_follows_from_the_figures() {
    let site = site(true, false);
    let step = |code: &str| {
        let html = &site[&format!("hospitals/{code}.html")];
        each(html, "<ul class=\"steps\">", "</ul>")
            .next()
            .unwrap_or("")
            .to_owned()
    };
    assert!(step("INV01").contains("Go on"));
    assert!(step("INV02").contains("one by one") && step("INV02").contains("had not been recorded"));
    assert!(step("INV07").contains("Send the records") && !step("INV07").contains("had not been recorded"));
    assert_eq!(step("INV08"), "");
    // The list has no end of a year, and the number is of twelve months.
    assert!(
        step("INV02").contains("had not been recorded. The list holds these and those of earlier years.")
    );
}

/// 40 of 40 and 40 of 45 may be the same share; 40 of 40 and 10 of 45 are not.
#[test]
fn one_kind_is_said_to_be_recorded_less_only_where_the_ranges_lie_apart() {
    let mut raw = support::raw(&support::hospitals(), true, false);
    for row in &mut raw.tables[1].rows {
        for (code, recorded) in [("INV13", 40), ("INV15", 10)] {
            let kinds = [
                ("all", recorded + 40, 85),
                ("de_novo", 40, 40),
                ("recurrent", recorded, 45),
            ];
            let of = |kind: &str| row[0] == code.into() && row[2] == kind.into();
            if let Some((_, recorded, found)) = kinds.into_iter().find(|&(kind, ..)| of(kind)) {
                // Recorded and found, of everybody and of those with signs elsewhere; those with days.
                for (at, people) in [
                    (3, recorded),
                    (4, found),
                    (6, found),
                    (7, recorded),
                    (13, recorded),
                ] {
                    row[at] = people.into();
                }
            }
        }
    }
    let release = protect::release(&raw, &Policy::hes().unwrap()).unwrap();
    let site = render_texts(&release, Before::Nothing, &support::facts()).unwrap();
    let says = |code: &str| {
        let words = "People whose cancer came back are recorded less";
        ["hospitals", "packs"].map(|folder| site[&format!("{folder}/{code}.html")].contains(words))
    };
    assert_eq!([says("INV13"), says("INV15")], [[false; 2], [true; 2]]);
}
