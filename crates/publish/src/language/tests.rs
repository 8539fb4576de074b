//! The two files of words, and sentences exchanged in small pages.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use super::exchange::exchanged;
use super::*;

type File = BTreeMap<String, BTreeMap<String, String>>;

fn files() -> [File; 2] {
    [
        concat!(
            include_str!("../../../../web/words/en.toml"),
            include_str!("../../../../web/words/en-places.toml")
        ),
        concat!(
            include_str!("../../../../web/words/cy.toml"),
            include_str!("../../../../web/words/cy-places.toml")
        ),
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

#[test]
fn a_place_holds_only_what_its_sign_says() {
    let english = "[a]\nname = \"Letters about {^name}, {@day}\"\npart = \"{when}, {#n} died.\"\nmark = \"Seen ({+mark})\"\n";
    let welsh = "[a]\nname = \"Llythyrau am {^name}, {@day}\"\npart = \"{when}, bu farw {#n}.\"\nmark = \"Gwelwyd ({+mark})\"\n";
    let catalogue = Catalogue::of(english, welsh).unwrap();
    let welsh = |english| catalogue.welsh(english, &mut Vec::new());
    assert_eq!(
        welsh("Letters about Barking, Havering and Redbridge, 1 May 2024").unwrap(),
        "Llythyrau am Barking, Havering and Redbridge, 1 Mai 2024"
    );
    assert_eq!(welsh("Letters about what came of it, 2024"), None);
    assert_eq!(welsh("Letters about Barking, Havering"), None);
    // A part of a sentence is not the sentence before it.
    assert_eq!(welsh("In May, 5 died.").unwrap(), "In May, bu farw 5.");
    assert_eq!(welsh("Nobody knows. In May, 5 died."), None);
    assert_eq!(
        welsh("In May, 5 died. In June, 6 died.").unwrap(),
        "In May, bu farw 5. In June, bu farw 6."
    );
    assert_eq!(welsh("Seen (No. 5. No. 6)").unwrap(), "Gwelwyd (No. 5. No. 6)");
}

#[test]
fn a_remark_after_a_sentence_is_exchanged_by_itself_and_a_code_is_not() {
    assert_eq!(
        exchanged_in(
            "<caption>the map <span class=\"mark\">1,205 people in Corrow on 1 May 2024.</span></caption>"
        ),
        "<caption>y map <span class=\"mark\">Ar 1 Mai 2024, 1,205 yn Corrow.</span></caption>"
    );
    assert_eq!(
        exchanged_in("<td>1,205<span>the map</span><span>other</span></td>"),
        "<td>1,205<span>y map</span><span lang=\"en-GB\">other</span></td>"
    );
    assert_eq!(exchanged_in("<code>the map</code>"), "<code>the map</code>");
    assert_eq!(exchanged_in("<h3>CF14, CF15</h3>"), "<h3>CF14, CF15</h3>");
}

#[test]
fn a_nation_is_named_as_the_word_before_it_asks() {
    for (apart, together) in [
        ("Pobl yn Cymru.", "Pobl yng Nghymru."),
        ("O Cymru i Yr Alban", "O Cymru i’r Alban"),
        (
            "yn Gogledd Iwerddon ac yn Lloegr",
            "yng Ngogledd Iwerddon ac yn Lloegr",
        ),
        ("Cymru a Lloegr", "Cymru a Lloegr"),
    ] {
        assert_eq!(places::mutated(apart), together);
    }
}

#[test]
fn nations_one_after_the_other_are_named_as_the_word_before_each_asks() {
    let catalogue = Catalogue::built_in().unwrap();
    let welsh = |english: &str| catalogue.welsh(english, &mut Vec::new());
    for (english, together) in [
        ("England and Northern Ireland", "Lloegr a Gogledd Iwerddon"),
        ("England and Scotland", "Lloegr a’r Alban"),
        ("England and Wales", "Cymru a Lloegr"),
        ("Northern Ireland and Scotland", "Gogledd Iwerddon a’r Alban"),
        ("Northern Ireland and Wales", "Gogledd Iwerddon a Chymru"),
        ("Scotland and Wales", "Yr Alban a Chymru"),
        (
            "England, Northern Ireland and Scotland",
            "Lloegr, Gogledd Iwerddon a’r Alban",
        ),
        (
            "England, Northern Ireland and Wales",
            "Lloegr, Gogledd Iwerddon a Chymru",
        ),
        ("England, Scotland and Wales", "Lloegr, yr Alban a Chymru"),
        (
            "Northern Ireland, Scotland and Wales",
            "Gogledd Iwerddon, yr Alban a Chymru",
        ),
        (
            "Hospitals in Scotland and Wales by how much they record, 2024",
            "Ysbytai yn yr Alban a Chymru yn ôl faint y maent yn ei gofnodi, 2024",
        ),
        (
            "Hospitals in Northern Ireland and Scotland by how much they record, 2024",
            "Ysbytai yng Ngogledd Iwerddon a’r Alban yn ôl faint y maent yn ei gofnodi, 2024",
        ),
    ] {
        assert_eq!(welsh(english).as_deref(), Some(together));
    }
    // A place that is no nation keeps its name, and so do those beside it.
    assert_eq!(welsh("England and Averland"), None);
    assert_eq!(welsh("women and men"), None);
}

fn catalogue() -> Catalogue {
    let english = "[a]\ncount = \"{#n} people in {place} on {day}.\"\nlink = \"See <1>the map</1> & more\"\nmap = \"the map\"\n";
    let welsh = "[a]\ncount = \"Ar {day}, {#n} yn {place}.\"\nlink = \"Gweler <1>y map</1> a mwy\"\nmap = \"y map\"\n";
    Catalogue::of(english, welsh).unwrap()
}

fn exchanged_in(main: &str) -> String {
    let page = format!("<!DOCTYPE html><html lang=\"en-GB\"><main>{main}</main></html>");
    let names = BTreeSet::from(["Aldermere".to_owned()]);
    let there = BTreeSet::from(["care.html"]);
    let welsh = exchanged("hospitals/index.html", &page, &catalogue(), &names, &there).unwrap();
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
