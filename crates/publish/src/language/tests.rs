//! The two files of words, and sentences exchanged in small pages.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use super::exchange::exchanged;
use super::*;

type File = BTreeMap<String, BTreeMap<String, String>>;

fn files() -> [File; 2] {
    [
        include_str!("../../../../web/words/en.toml"),
        include_str!("../../../../web/words/cy.toml"),
    ]
    .map(|text| toml::from_str(text).unwrap())
}

/// The elements and open places of a sentence.
fn marks(text: &str) -> Vec<String> {
    let mut marks = Vec::new();
    for (open, close) in [('<', '>'), ('{', '}')] {
        for part in text.split(open).skip(1) {
            marks.push(format!("{open}{}", part.split(close).next().unwrap()));
        }
    }
    marks.sort();
    marks
}

#[test]
fn both_files_have_the_same_keys_and_the_same_places_in_each_sentence() {
    let [english, welsh] = files();
    assert_eq!(
        english.keys().collect::<Vec<_>>(),
        welsh.keys().collect::<Vec<_>>()
    );
    for (table, sentences) in &english {
        let keys = |file: &File| file[table].keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&welsh), "{table}");
        for (key, text) in sentences {
            assert_eq!(marks(text), marks(&welsh[table][key]), "{table}.{key}");
        }
    }
}

#[test]
fn a_file_that_lacks_a_sentence_is_refused_by_its_key() {
    let of = |english: &str, welsh: &str| Catalogue::of(english, welsh).err().unwrap().to_string();
    let words = of("[a]\none = \"One\"\ntwo = \"Two\"\n", "[a]\none = \"Un\"\n");
    assert!(words.contains("cy.toml") && words.contains("a.two"), "{words}");
    let words = of("[a]\none = \"One\"\n", "[a]\none = \"Un\"\nthree = \"Tri\"\n");
    assert!(words.contains("en.toml") && words.contains("a.three"), "{words}");
}

fn catalogue() -> Catalogue {
    let english = "[a]\ncount = \"{#n} people in {place} on {day}.\"\nlink = \"See <1>the map</1> & more\"\nmap = \"the map\"\n";
    let welsh = "[a]\ncount = \"Ar {day}, {#n} yn {place}.\"\nlink = \"Gweler <1>y map</1> a mwy\"\nmap = \"y map\"\n";
    Catalogue::of(english, welsh).unwrap()
}

fn exchanged_in(main: &str) -> String {
    let page = format!("<!DOCTYPE html><html lang=\"en-GB\"><main>{main}</main></html>");
    let names = BTreeSet::from(["Aldermere".to_owned()]);
    let welsh = exchanged("hospitals/index.html", &page, &catalogue(), &names).unwrap();
    assert!(
        welsh.starts_with("<!DOCTYPE html><html lang=\"cy\"><main><aside"),
        "{welsh}"
    );
    let start = welsh.find("</aside>").unwrap() + "</aside>".len();
    welsh[start..].trim_end_matches("</main></html>").to_owned()
}

#[test]
fn figures_names_and_links_stay_and_days_are_said_in_welsh() {
    assert_eq!(
        exchanged_in("<p>1,205 people in Aldermere on 31 December 2024.</p>"),
        "<p>Ar 31 Rhagfyr 2024, 1,205 yn Aldermere.</p>"
    );
    assert_eq!(
        exchanged_in("<p class=\"x\">See <a href=\"R1A.html\">the map</a> &amp; more</p>"),
        "<p class=\"x\">Gweler <a href=\"../../hospitals/R1A.html\">y map</a> a mwy</p>"
    );
    // A page that is there in Welsh is led to in Welsh; another is not.
    assert_eq!(
        exchanged_in("<a href=\"../care.html#if-not\">Aldermere</a>"),
        "<a href=\"../../cy/care.html#if-not\">Aldermere</a>"
    );
    assert_eq!(exchanged_in("<td>1,205</td>"), "<td>1,205</td>");
}

#[test]
fn what_has_no_welsh_says_that_it_is_english() {
    assert_eq!(
        exchanged_in("<p>Something else</p>"),
        "<p lang=\"en-GB\">Something else</p>"
    );
    // A number is asked for, and there is none.
    assert_eq!(
        exchanged_in("<p>Many people in Aldermere on 31 December 2024.</p>"),
        "<p lang=\"en-GB\">Many people in Aldermere on 31 December 2024.</p>"
    );
    assert_eq!(exchanged_in("<p>Aldermere</p>"), "<p>Aldermere</p>");
}
