//! The public pages in Welsh: the same figures, names and ways, each sentence in use, and what is machine-made says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use crate::languages::{english, sites, without_english, words};
use crate::support::reading::{each, pages, site, tags};

/// The English pages of an invented site that must be there in Welsh.
fn public(site: &BTreeMap<String, String>) -> Vec<&str> {
    const TOP: [&str; 9] = [
        "index.html",
        "who.html",
        "care.html",
        "am-i-counted.html",
        "support.html",
        "data.html",
        "signs.html",
        "accessibility.html",
        "privacy.html",
    ];
    const FOLDERS: [&str; 4] = ["hospitals/", "letters/", "nations/", "networks/"];
    let paths = pages(site).map(|(path, _)| path.as_str());
    paths
        .filter(|path| TOP.contains(path) || FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .collect()
}

/// How often each number stands on a page. Days are said in words, so that they are the same in both languages.
fn numbers(html: &str) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    for part in words(html).split(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')) {
        let part = part.trim_matches([',', '.']);
        if !part.is_empty() {
            *numbers.entry(part.to_owned()).or_default() += 1;
        }
    }
    numbers
}

#[test]
fn each_public_page_leads_to_the_same_in_the_other_language() {
    let site = site(true, false);
    for path in public(&site) {
        let (english, welsh) = (&site[path], &site[&format!("cy/{path}")]);
        let up = "../".repeat(path.matches('/').count());
        let to = |html: &str, target: &str, language: &str| {
            tags(html).iter().any(|tag| {
                let is = |key: &str, value: &str| tag.attributes.get(key) == Some(&value);
                tag.name == "a" && is("href", target) && is("hreflang", language) && is("lang", language)
            })
        };
        assert!(to(english, &format!("{up}cy/{path}"), "cy"), "{path}");
        assert!(to(welsh, &format!("{up}../{path}"), "en-GB"), "cy/{path}");
        for (html, up) in [(english, up.clone()), (welsh, format!("{up}../"))] {
            for (language, target) in [("en-GB", path.to_owned()), ("cy", format!("cy/{path}"))] {
                let link = format!("<link rel=\"alternate\" hreflang=\"{language}\" href=\"{up}{target}\">");
                assert!(html.contains(&link), "{path} lacks {link}");
            }
        }
    }
    let welsh = site.keys().filter(|path| path.starts_with("cy/")).count();
    assert_eq!(welsh, public(&site).len());
    assert!(welsh > 60 && !site.contains_key("cy/methods.html"));
    assert!(!site["methods.html"].contains("Cymraeg"));
}

/// Whoever reads Welsh goes on in Welsh, wherever there is a page.
#[test]
fn a_welsh_page_leads_to_welsh_pages() {
    let site = site(true, false);
    for path in public(&site) {
        let path = format!("cy/{path}");
        for tag in tags(&site[&path]) {
            let Some(target) = tag.attributes.get("href").filter(|_| tag.name == "a") else {
                continue;
            };
            let elsewhere = ["#", "https:", "tel:"]
                .iter()
                .any(|start| target.starts_with(start));
            if elsewhere || tag.attributes.contains_key("hreflang") {
                continue;
            }
            let file = target.split('#').next().unwrap();
            let up = "../".repeat(path.matches('/').count());
            let from_the_top = file
                .strip_prefix(&up)
                .unwrap_or_else(|| panic!("{path}: {target}"));
            assert!(
                !site.contains_key(&format!("cy/{from_the_top}")),
                "{path}: {target}"
            );
        }
    }
}

/// One test, because the sites take longer to make than to read.
#[test]
fn welsh_pages_of_every_site_say_the_same_and_leave_no_sentence_half_done() {
    each_says_that_a_machine_made_it_and_keeps_every_figure();
    no_sentence_is_half_in_welsh();
    nations_of_the_kingdom_are_named_in_welsh_as_the_word_before_them_asks();
    no_sentence_is_without_a_page();
    what_stays_english_is_known();
}

fn each_says_that_a_machine_made_it_and_keeps_every_figure() {
    for (name, site) in sites() {
        let welsh =
            pages(site).filter_map(|(path, english)| Some((path, english, site.get(&format!("cy/{path}"))?)));
        for (path, english, welsh) in welsh {
            assert!(
                welsh.contains("Peiriant a wnaeth y Gymraeg hon"),
                "{name}: {path}"
            );
            assert!(
                welsh.contains("has not been checked by a translator"),
                "{name}: {path}"
            );
            assert_eq!(numbers(english), numbers(welsh), "{name}: {path}");
            let count = |html: &str, what: &str| html.matches(what).count();
            for what in ["<a ", "<svg", "<td", "<h2", "<li", " id=\""] {
                assert_eq!(count(english, what), count(welsh, what), "{name}: {path}: {what}");
            }
        }
    }
}

#[test]
fn what_must_be_understood_is_in_welsh() {
    let site = site(true, false);
    for path in public(&site) {
        let welsh = &site[&format!("cy/{path}")];
        for name in ["<h1", "<title>", "<nav", "<footer"] {
            let end = format!("</{}>", name[1..].trim_end_matches('>'));
            for part in each(welsh, name, &end) {
                assert!(!part.contains("lang=\"en-GB\""), "{path}: {part}");
            }
        }
    }
    // The pages that ask somebody to act have no English left.
    let letters = public(&site)
        .into_iter()
        .filter(|path| path.starts_with("letters/"));
    for path in letters.chain(["am-i-counted.html", "who.html"]) {
        assert_eq!(
            english(&site[&format!("cy/{path}")]),
            Vec::<String>::new(),
            "{path}"
        );
    }
}

/// What a person can look through: every English sentence that is left on Welsh pages, by the kind of page.
fn what_stays_english_is_known() {
    let mut left: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, html) in sites().iter().flat_map(|(_, site)| site) {
        if let Some(path) = path.strip_prefix("cy/") {
            let kind = path.split_once('/').map_or(path, |(folder, _)| folder);
            left.entry(kind).or_default().extend(english(html));
        }
    }
    let page = |(kind, left): (&str, BTreeSet<String>)| {
        let lines: String = left.iter().map(|one| "  ".to_owned() + one + "\n").collect();
        format!("{kind}: {}\n{lines}", left.len())
    };
    insta::assert_snapshot!(left.into_iter().map(page).collect::<String>());
}

/// A sentence that is exchanged in part would not be marked as English, and no reader could make sense of it.
fn no_sentence_is_half_in_welsh() {
    for (name, site) in sites() {
        for (path, html) in site.iter().filter(|(path, _)| path.starts_with("cy/")) {
            let html = html.replace("<code>", "<code lang=\"en-GB\">");
            let text = words(&without_english(&html).replace("A small invented nation", ""));
            for word in [
                "the", "people", "with", "were", "which", "recorded", "hidden", "people,",
            ] {
                let words: Vec<&str> = text.split(' ').collect();
                // The page of data speaks of columns by their names, and this is one of them.
                if word == "recorded" && path == "cy/data.html" {
                    continue;
                }
                let at = words.iter().position(|one| *one == word);
                let around = at.map(|at| &words[at.saturating_sub(8)..(at + 8).min(words.len())]);
                assert_eq!(around, None, "{name}: {path}");
            }
        }
    }
}

fn nations_of_the_kingdom_are_named_in_welsh_as_the_word_before_them_asks() {
    let (_, kingdom) = sites().iter().find(|(name, _)| *name == "kingdom").unwrap();
    for (path, wanted) in [
        (
            "nations/wales",
            "<h1 id=\"question\">Canser eilaidd y fron yng Nghymru</h1>",
        ),
        (
            "nations/england",
            "<h1 id=\"question\">Canser eilaidd y fron yn Lloegr</h1>",
        ),
        (
            "nations/scotland",
            "<h1 id=\"question\">Canser eilaidd y fron yn yr Alban</h1>",
        ),
        ("nations/northern-ireland", "yng Ngogledd Iwerddon</h1>"),
        ("nations/index", "Cymru a Lloegr: addewid"),
        ("hospitals/index", "yn y Deyrnas Unedig"),
        (
            "letters/7A4",
            "<h3 id=\"letter-representative-heading\">At eich Aelod o’r Senedd</h3>",
        ),
        ("hospitals/7A4", "Yn 2024, "),
        ("hospitals/RA7", "<strong>RA3</strong>, hyd at 1 Ebrill 2020"),
    ] {
        let html = &kingdom[&format!("cy/{path}.html")];
        assert!(html.contains(wanted), "{path} lacks {wanted}");
    }
    // What to do in an emergency: no clinician has read it in Welsh.
    assert!(!kingdom.contains_key("cy/signs.html"));
}

/// Every sentence of the file is on a page; one whose English changed is found here.
fn no_sentence_is_without_a_page() {
    let welsh: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(concat!(
        include_str!("../../../../web/words/cy.toml"),
        include_str!("../../../../web/words/cy-places.toml")
    ))
    .unwrap();
    let pages = sites().iter().flat_map(|(_, site)| site);
    // The page for a wrong address is in both languages.
    let pages = pages.filter(|(path, _)| path.starts_with("cy/") || path.as_str() == "404.html");
    let all: String = pages.map(|(_, html)| html.as_str()).collect();
    let all = all.replace("&amp;", "&").replace("&quot;", "\"");
    let mut unused = Vec::new();
    for (table, sentences) in &welsh {
        for (key, text) in sentences {
            // The longest stretch without an element or anything that changes.
            let parts = text.split(['<', '{']);
            let parts = parts.map(|part| part.rsplit(['>', '}']).next().unwrap());
            let stretch = parts.max_by_key(|part| part.len()).unwrap();
            if !all.contains(stretch) {
                unused.push(format!("{table}.{key}: {stretch}"));
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}
