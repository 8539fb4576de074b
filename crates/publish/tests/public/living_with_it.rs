//! The pages for people who live with it: what they must say first, and what they must never do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support::reading::{pages, site, tags};

/// The words of a page's main part, without tags.
fn words(html: &str) -> String {
    let main = &html[html.find("<main").unwrap()..html.find("</main>").unwrap()];
    let mut text = String::new();
    let mut inside = false;
    for letter in main.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn being_counted_changes_nothing_stands_first() {
    for (simulated, approved) in [(true, false), (false, true)] {
        let text = words(&site(simulated, approved)["am-i-counted.html"]);
        assert!(
            text.starts_with("Am I counted? Being counted or not changes nothing about your care."),
            "{text}"
        );
    }
}

#[test]
fn signs_that_no_clinician_has_read_are_a_draft_and_never_on_a_real_site() {
    let invented = site(true, false);
    let text = words(&invented["signs.html"]);
    assert!(text.starts_with(
        "Signs to look out for A draft, not to be relied on. No clinician has reviewed this page."
    ));
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}"));
    let order = [
        "Emergencies: do not wait",
        "spinal cord",
        "neutropenic sepsis",
        "Tell your team",
    ];
    assert!(order.map(at).is_sorted(), "emergencies first");
    assert!(text.matches("999").count() >= 2 && text.contains("24-hour line"));
    let real = site(false, true);
    assert!(!real.contains_key("signs.html"));
    for (path, html) in pages(&real) {
        assert!(!html.contains("signs.html"), "{path}");
    }
    assert!(real.contains_key("support.html") && real.contains_key("care.html"));
}

#[test]
fn support_is_dated_and_says_what_is_out_of_date() {
    let html = &site(true, false)["support.html"];
    assert!(html.contains("Breast Cancer Care merged into Breast Cancer Now in 2019"));
    let helpers = html.matches("<div class=\"card\">").count();
    assert!(helpers >= 3 && html.matches("read on 26 November 2026").count() >= helpers);
}

#[test]
fn no_page_asks_for_anything_of_a_visitor() {
    for (simulated, approved) in [(true, false), (false, true)] {
        for (path, html) in pages(&site(simulated, approved)) {
            for tag in tags(html) {
                let asks = [
                    "form", "input", "textarea", "select", "iframe", "object", "embed", "img",
                ];
                assert!(!asks.contains(&tag.name), "{path}: <{}>", tag.name);
            }
        }
    }
}
