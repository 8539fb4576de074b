//! Reports to print: the state of the nation, and two pages for each board.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::languages::sites;
use crate::support;

use crate::support::reading::{each, pages, site};

#[test]
fn every_hospital_that_is_asked_to_record_has_two_pages() {
    let site = site(true, false);
    let packs: Vec<_> = pages(&site)
        .filter(|(path, _)| path.starts_with("packs/"))
        .collect();
    let asked = support::hospitals().iter().filter(|h| h.breast_service).count();
    assert_eq!(packs.len(), asked);
    for (path, html) in packs {
        assert_eq!(html.matches("<section class=\"sheet\"").count(), 2, "{path}");
        let page = format!("hospitals/{}", path.trim_start_matches("packs/"));
        assert!(
            site[&page].contains(&format!("href=\"../{path}\"")),
            "{path}: its page leads to it"
        );
        assert!(
            html.contains("Questions to ask") && html.contains("page 2 of 2"),
            "{path}"
        );
    }
}

#[test]
fn each_chart_says_what_it_finds_and_has_its_figures_in_words() {
    let site = site(true, false);
    for (path, panels) in [("state-of-the-nation.html", 3), ("packs/INV01.html", 3)] {
        let html = &site[path];
        let figures: Vec<&str> = each(html, "<figure class=\"years\"", "</figure>").collect();
        assert_eq!(figures.len(), panels, "{path}");
        for figure in figures {
            let title = each(figure, "<figcaption", "</figcaption>").next().unwrap();
            let said = |how: &str| {
                let mut when = [" in 2019, ", " on 31 December 2019, "].iter();
                when.any(|when| title.contains(&format!(" {how}{when}")))
            };
            assert!(said("estimated") || said("found"), "{title}");
            assert!(
                figure.contains("<desc"),
                "{path}: a text for those who do not see it"
            );
        }
        assert!(
            html.contains("<caption>") && html.contains("year by year"),
            "{path}"
        );
    }
    // What a title says is what the table says.
    let html = &site["packs/INV01.html"];
    let title = each(html, "<figcaption id=\"years-new\"", "</figcaption>")
        .next()
        .unwrap();
    let last = title.rsplit(", ").next().unwrap().split(' ').next().unwrap();
    let cells = each(html, "<td", "</td>").filter_map(|cell| cell.split_once('>'));
    let mut of_years = cells.map(|(_, words)| words.split('<').next());
    assert!(of_years.any(|words| words == Some(last)), "{title}");
}

#[test]
fn the_state_of_the_nation_begins_with_number_and_map_and_has_no_section_without_content() {
    let html = &site(true, false)["state-of-the-nation.html"];
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("no {words}"));
    let order = [
        "<p class=\"answer\">",
        "<svg class=\"map\"",
        "<h2 id=\"years\"",
        "<h2 id=\"care\"",
        "<h2 id=\"method\"",
    ];
    assert!(order.map(at).is_sorted());
    let method = each(html, "<h2 id=\"method\"", "</section>").next().unwrap();
    assert_eq!(
        method.matches("<p").count(),
        2,
        "a few sentences, and the way to the rest"
    );
    // Where nothing was released before, there is nothing to say of it; where something was, it is said.
    for (name, site) in sites() {
        let says = site["state-of-the-nation.html"].contains("What changed since last time");
        assert_eq!(
            says,
            name.starts_with("after") || ["not kept", "of networks"].contains(name),
            "{name}"
        );
    }
}

#[test]
fn key_reports_look_as_they_did() {
    let site = site(true, false);
    for path in ["state-of-the-nation.html", "packs/INV01.html", "packs/INV36.html"] {
        let main = each(&site[path], "<main", "</main>").next().unwrap();
        insta::assert_snapshot!(path.replace('/', "_"), main.replace("><", ">\n<"));
    }
}
