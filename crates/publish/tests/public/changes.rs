//! What changed since last time: figures of two releases side by side, hidden ones left hidden, no difference worked out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::support::reading::{each, read, write_texts};
use crate::support::{Hospital, facts_of, hospitals, raw};
use protect::{Policy, Release};
use publish::{Before, Outline};

/// A few hospitals: enough for sums, states and hidden figures.
pub(crate) fn few() -> Vec<Hospital> {
    hospitals()
        .into_iter()
        .filter(|h| {
            [
                "INV01", "INV02", "INV03", "INV06", "INV07", "INV25", "INV26", "INV36",
            ]
            .contains(&h.code.as_str())
        })
        .collect()
}

/// A release of some hospitals under a definition, after those before it.
fn made(hospitals: &[Hospital], definition: &str, earlier: &[&Release]) -> Release {
    let mut raw = raw(hospitals, false, true);
    // One year is enough, and the attacker reads both releases sooner.
    raw.tables[0]
        .rows
        .retain(|row| row[2] == "2024".into() || row[2] == "2024-12-31".into());
    raw.manifest.definition = definition.into();
    let seen: Vec<_> = earlier
        .iter()
        .map(|release| release.publication().clone())
        .collect();
    protect::release_after(&raw, &Policy::hes().unwrap(), &seen).unwrap()
}

/// The section of each page that has it, with an earlier release or without.
fn sections(release: &Release, before: Before<'_>) -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let facts = facts_of(&few(), Outline::AroundPoints);
    let written = write_texts(release, before, &facts, dir.path()).unwrap();
    let section = |path: &String| {
        let html = read(dir.path(), path);
        let found = each(&html, "<section class=\"changes\"", "</section>")
            .next()?
            .to_owned();
        Some((path.clone(), found))
    };
    written.iter().filter_map(section).collect()
}

/// The text of a fragment: tags taken out, each a break.
fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_first_release_says_that_there_is_nothing_to_compare() {
    let (_, release) = two();
    let first = sections(release, Before::Nothing);
    for path in ["index.html", "nations/averland.html", "hospitals/INV01.html"] {
        assert!(first[path].contains("nothing yet to compare"), "{path}");
        assert!(!first[path].contains("<table"), "{path}");
    }
    let lost = sections(
        release,
        Before::NotKept {
            approved_on: "2024-03-05",
        },
    );
    assert!(
        lost["index.html"].contains("approved on 5 March 2024") && !lost["index.html"].contains("<table")
    );
}

/// Before: fewer people everywhere, one hospital recorded little, another was not there. And a later release.
pub(crate) fn two() -> &'static (Release, Release) {
    static MADE: OnceLock<(Release, Release)> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut earlier = few();
        earlier.retain(|h| h.code != "INV26");
        for hospital in &mut earlier {
            hospital.people -= hospital.people / 5;
        }
        earlier[0].share = Some(0.4);
        let small = earlier.iter_mut().find(|h| h.code == "INV25").unwrap();
        small.people = 4;
        let was = made(&earlier, "uk-mbc/2025.1", &[]);
        let now = made(&few(), "uk-mbc/2026.1", &[&was]);
        (was, now)
    })
}

#[test]
fn figures_of_two_releases_stand_side_by_side_as_they_were_released() {
    let (was, now) = two();
    let before = Before::Release {
        release: was,
        approved_on: "2024-03-05",
    };
    let pages = sections(now, before);
    let total = |release: &Release, column: &str| {
        let table = release.table("counts").unwrap();
        let everybody = |row: &protect::ReleasedRow<'_>| {
            row.text("place_kind") == "country"
                && (row.text("measure"), row.text("period")) == ("living", "2024-12-31")
                && ["kind", "sex", "age_band"].iter().all(|c| row.text(c) == "all")
        };
        let figure = table
            .rows()
            .find(everybody)
            .unwrap()
            .figure(column)
            .whole()
            .unwrap();
        support::thousands(figure)
    };
    let front = words(&pages["index.html"]);
    for (column, line) in [
        ("found", "Found in records"),
        ("recorded", "Of these, recorded by a hospital"),
    ] {
        let (then, today) = (total(was, column), total(now, column));
        assert_ne!(then, today);
        let row = format!("{line} {then} {today}");
        assert!(front.contains(&row), "{row}: {front}");
    }
    assert!(front.contains("release approved on 5 March 2024, with records up to 31 December 2024"));
    assert!(
        front.contains("The case definition was uk-mbc/2025.1 , now uk-mbc/2026.1"),
        "{front}"
    );
    assert!(
        !front.contains("The program was"),
        "what did not change is not said to have"
    );
    assert!(
        words(&pages["hospitals/INV01.html"])
            .contains("State: was Recording 10% to under 90% , now Recording 90% or more .")
    );
    assert!(pages["hospitals/INV26.html"].contains("Yarrowby was not in that release."));
    insta::assert_snapshot!("changes_front", front);
    insta::assert_snapshot!("changes_hospital", words(&pages["hospitals/INV02.html"]));
}

/// An estimate is withheld where a number beside it is hidden: it was in that release all the same.
#[test]
fn an_estimate_that_was_hidden_is_not_called_missing() {
    let mut earlier = few();
    earlier.retain(|h| h.code != "INV26");
    let only = earlier.iter_mut().find(|h| h.nation == "Brennick").unwrap();
    (only.people, only.share) = (4, Some(0.5));
    let was = made(&earlier, "uk-mbc/2026.1", &[]);
    let table = was.table("counts").unwrap();
    let living = table.rows().find(|row| {
        (row.text("place"), row.text("measure")) == ("Brennick", "living")
            && ["kind", "sex", "age_band"].iter().all(|c| row.text(c) == "all")
    });
    assert!(living.unwrap().figure("estimate").is_hidden());
    let before = Before::Release {
        release: &was,
        approved_on: "2024-03-05",
    };
    let pages = sections(&two().1, before);
    let estimated = each(&pages["nations/brennick.html"], "<tr", "</tr>")
        .find(|row| row.contains(">Estimated<"))
        .unwrap();
    assert!(
        estimated.contains("hidden in one of the two") && !estimated.contains("not in that release"),
        "{estimated}"
    );
}

#[test]
fn what_is_hidden_in_either_release_is_in_neither_column() {
    let (was, now) = two();
    let before = Before::Release {
        release: was,
        approved_on: "2024-03-05",
    };
    let pages = sections(now, before);
    let row_of = |release: &Release, code: &str| {
        let table = release.table("completeness").unwrap();
        let row = table
            .rows()
            .find(|r| r.text("organisation") == code && r.text("kind") == "all");
        row.unwrap().figure("found")
    };
    assert!(row_of(was, "INV25").is_hidden() && !row_of(now, "INV25").is_hidden());
    let section = &pages["hospitals/INV25.html"];
    let found = each(section, "<tr", "</tr>")
        .find(|row| row.contains("People found for the first time"))
        .unwrap();
    assert!(
        found.contains("hidden in one of the two") && !found.chars().any(|c| c.is_ascii_digit() && c != '2'),
        "{found}"
    );
    let mut compared = 0;
    let there = |section: &String| !section.contains("was not in that release");
    for (path, section) in pages
        .iter()
        .filter(|(path, section)| path.starts_with("hospitals/") && there(section))
    {
        let code = path.trim_start_matches("hospitals/").trim_end_matches(".html");
        let hidden = row_of(was, code).is_hidden() || row_of(now, code).is_hidden();
        let row = each(section, "<tr", "</tr>")
            .find(|row| row.contains("People found for the first time"))
            .unwrap();
        assert_eq!(row.contains("hidden in one of the two"), hidden, "{path}");
        compared += usize::from(!hidden);
    }
    assert!(compared > 2, "{compared}");
}
