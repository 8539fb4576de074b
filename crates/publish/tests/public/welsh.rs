//! The public pages in Welsh: the same figures, names and ways, each sentence in use, and what is machine-made says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use crate::support::reading::{each, site, tags};

const PAGES: [&str; 6] = [
    "index.html",
    "hospitals/index.html",
    "care.html",
    "am-i-counted.html",
    "support.html",
    "data.html",
];

/// The words of a page without its elements.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    text
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
    for path in PAGES {
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
    assert!(!site.contains_key("cy/methods.html"));
    assert!(!site["methods.html"].contains("Cymraeg"));
}

#[test]
fn a_welsh_page_says_that_a_machine_made_it_and_keeps_every_figure() {
    let site = site(true, false);
    for path in PAGES {
        let (english, welsh) = (&site[path], &site[&format!("cy/{path}")]);
        assert!(welsh.contains("Peiriant a wnaeth y Gymraeg hon"), "{path}");
        assert!(welsh.contains("has not been checked by a translator"), "{path}");
        assert_eq!(numbers(english), numbers(welsh), "{path}");
        let count = |html: &str, what: &str| html.matches(what).count();
        for what in ["<a ", "<svg", "<td", "<h2", " id=\""] {
            assert_eq!(count(english, what), count(welsh, what), "{path}: {what}");
        }
    }
}

#[test]
fn what_must_be_understood_is_in_welsh() {
    let site = site(true, false);
    for path in PAGES {
        let welsh = &site[&format!("cy/{path}")];
        for name in ["<h1", "<title>", "<nav", "<footer"] {
            let end = format!("</{}>", name[1..].trim_end_matches('>'));
            for part in each(welsh, name, &end) {
                assert!(!part.contains("lang=\"en-GB\""), "{path}: {part}");
            }
        }
    }
    // The page that asks somebody to act has no English left but the sentence that says who made the Welsh, and the way back.
    let counted = &site["cy/am-i-counted.html"];
    let english: Vec<&str> = counted
        .match_indices(" lang=\"en-GB\"")
        .map(|(at, _)| &counted[at..at + 60])
        .collect();
    assert_eq!(english.len(), 2, "{english:#?}");
}

/// Every sentence of the file is on a page; one whose English changed is found here.
#[test]
fn no_sentence_is_without_a_page() {
    let welsh: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("../../../../web/words/cy.toml")).unwrap();
    let mut all = String::new();
    for (simulated, approved) in [(true, false), (false, true)] {
        let site = site(simulated, approved);
        all.extend(
            site.iter()
                .filter(|(path, _)| path.starts_with("cy/"))
                .map(|(_, html)| html.as_str()),
        );
    }
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
