//! What organisations told us stands beside what is measured: on the map, in the table, on their pages, and for programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use crate::support::reading::{each, read, tags, write_texts};
use crate::support::{hospitals, told};
use publish::Before;

/// A release without figures: a survey alone makes a map.
fn survey_alone() -> tempfile::TempDir {
    let raw = protect::RawRelease {
        manifest: support::manifest(false, true),
        tables: vec![],
        links: vec![],
    };
    let release = protect::release(&raw, &protect::Policy::hes().unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write_texts(&release, Before::Nothing, &told::facts(), dir.path()).unwrap();
    dir
}

#[test]
fn a_survey_alone_makes_a_map_beside_what_is_measured() {
    let dir = survey_alone();
    let map = read(dir.path(), "hospitals/index.html");
    let pins: Vec<String> = tags(&map)
        .iter()
        .filter(|tag| tag.name == "a" && tag.attributes.contains_key("transform"))
        .map(|tag| tag.attributes["aria-label"].to_owned())
        .collect();
    assert_eq!(pins.len(), hospitals().len());
    for wanted in [
        "Aldermere: Not measured. Told us: yes",
        "Brackenhythe: Not measured. Told us: partly",
        "Castlefell: Not measured. Asked, no answer yet",
        "Dunmarrow: Not measured",
    ] {
        assert!(pins.iter().any(|pin| pin == wanted), "{wanted}: {pins:?}");
    }
    // Beside: every pin keeps the sign of what is measured.
    let svg = each(&map, "<svg class=\"map\"", "</svg>").next().unwrap();
    assert_eq!(svg.matches("class=\"told\"").count(), 3);
    let measured =
        svg.matches("class=\"pin not_measured\"").count() + svg.matches("class=\"pin not_in_scope\"").count();
    assert_eq!(measured, pins.len());
    assert!(map.contains("What hospitals told us") && map.matches("told-line").count() == 3);
    assert!(read(dir.path(), "hospitals/hexagons.html").contains("Aldermere: Not measured. Told us: yes"));
}

#[test]
fn answers_are_added_up_by_nation_and_the_silent_are_in_the_table() {
    let dir = survey_alone();
    let page = read(dir.path(), "nations/index.html");
    let asked = each(&page, "aria-labelledby=\"asked\"", "</section>")
        .next()
        .unwrap();
    let rows = |text: &str| -> Vec<String> {
        each(text, "<tr role=\"row\"><th scope=\"row\"", "</tr>")
            .map(|row| {
                let cells = row.split('<').filter_map(|tag| tag.split_once('>'));
                cells
                    .map(|(_, words)| words)
                    .filter(|words| !words.is_empty())
                    .collect::<Vec<_>>()
                    .join(" | ")
            })
            .collect()
    };
    // The last answer counts, so Aldermere says yes; Castlefell is silent: half of two, and a third to two thirds of three.
    assert_eq!(
        rows(asked)[0],
        "All nations | 1 | 1 | 0 | 1 | 50% | 33% to 67%",
        "{asked}"
    );
    let nation = hospitals()
        .iter()
        .find(|h| h.code == "INV01")
        .unwrap()
        .nation
        .clone();
    let own = read(dir.path(), &format!("nations/{}.html", nation.to_lowercase()));
    let own = each(&own, "aria-labelledby=\"asked\"", "</section>")
        .next()
        .unwrap();
    assert!(rows(own)[0].starts_with("Does it record everyone"), "{own}");
}

#[test]
fn the_page_of_a_hospital_has_its_answers_and_its_response() {
    let dir = survey_alone();
    let first = read(dir.path(), "hospitals/INV01.html");
    let told = each(&first, "aria-labelledby=\"told\"", "</section>")
        .next()
        .unwrap();
    let (late, early) = (
        told.find("20 February 2025").unwrap(),
        told.find("20 January 2025").unwrap(),
    );
    assert!(late < early, "the latest answer first");
    assert!(told.contains("href=\"https://example.org/answers/INV01\"") && told.contains(">example.org</a>"));
    assert!(!first.contains("Its response"));
    let second = read(dir.path(), "hospitals/INV02.html");
    let response = each(&second, "<blockquote", "</blockquote>").next().unwrap();
    assert!(
        response.contains("<p>We now send &lt;every&gt; month.</p><p>We hope it helps.</p>"),
        "{response}"
    );
    assert!(response.contains("Brackenhythe, 2 April 2025"));
    assert!(
        !second.contains("Ann Lee") && !second.contains("Bo Oak"),
        "readers are not named"
    );
    let unasked = read(dir.path(), "hospitals/INV04.html");
    assert!(!unasked.contains("What it told us"));
    let api: serde_json::Value =
        serde_json::from_str(&read(dir.path(), "api/organisations/INV02.json")).unwrap();
    assert_eq!(api["told_us"][0]["answer"], "partly");
    assert_eq!(api["responses"][0]["paragraphs"][1], "We hope it helps.");
}
