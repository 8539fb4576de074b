//! One number in one sentence, and each number beside what it is of: estimates, ranges, shares and scales.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use protect::Policy;
use publish::{Before, render_texts};

use crate::languages::words;
use crate::support;
use crate::support::reading::{each, site};

/// The sentence at the head of a page, as somebody would copy it.
fn answer(html: &str) -> String {
    words(each(html, "<p class=\"answer\"", "</p>").next().unwrap())
}

#[test]
fn the_sentence_to_quote_is_the_same_wherever_it_stands() {
    let site = site(true, false);
    let said = answer(&site["index.html"]);
    let begins = "About 5,790 people, and perhaps more, were living with secondary breast cancer in Hesperay on \
                  31 December 2024 (95% range 5,550 to 6,325). Hospitals’ own records name 3,490.";
    assert_eq!(said, begins);
    assert_eq!(answer(&site["state-of-the-nation.html"]), said);
    let picture = words(&site["charts/everyone.svg"]);
    assert!(picture.contains(&said), "{picture}");
    // Where nothing is estimated, people were found.
    let corrow = answer(&site["nations/corrow.html"]);
    assert!(
        corrow.starts_with(
            "935 people were found living with secondary breast cancer in Corrow on 31 December 2024."
        ),
        "{corrow}"
    );
    assert_eq!(answer(&site["reports/corrow.html"]), corrow);
}

#[test]
fn an_estimate_of_everyone_does_not_say_perhaps_more() {
    let mut raw = support::raw(&support::hospitals(), true, false);
    for row in &mut raw.tables[0].rows {
        if row[15] == "lower_bound".into() {
            row[15] = "estimate".into();
        }
    }
    let release = protect::release(&raw, &Policy::hes().unwrap()).unwrap();
    let site = render_texts(&release, Before::Nothing, &support::facts()).unwrap();
    let said = answer(&site["index.html"]);
    assert!(
        said.starts_with("About 5,790 people were living with secondary breast cancer in Hesperay on "),
        "{said}"
    );
    let welsh = answer(&site["cy/index.html"]);
    assert!(
        welsh.starts_with("Tua 5,790 o bobl oedd yn byw gyda chanser eilaidd y fron yn Hesperay ar "),
        "{welsh}"
    );
    assert!(!welsh.contains("efallai mwy"), "{welsh}");
}

#[test]
fn the_bar_says_of_how_many_and_why_they_are_not_as_many_as_the_estimate() {
    let site = site(true, false);
    let html = &site["index.html"];
    let bar = each(html, "<figure class=\"share\"", "</figure>").next().unwrap();
    let title = words(each(bar, "<figcaption", "</figcaption>").next().unwrap());
    assert_eq!(
        title,
        "Of the 5,905 people that records point to, hospitals had recorded 3,490 (59%)"
    );
    let why = "</figure><p class=\"measure\">Some of these people will turn out not to have it;";
    assert!(html.contains(why));
    // Without an estimate there is nothing to explain.
    assert!(!site["nations/corrow.html"].contains(why));
}

#[test]
fn a_year_shows_its_estimate_on_its_range_and_says_the_same_in_words_and_in_the_table() {
    let site = site(true, false);
    let html = &site["index.html"];
    let figure = each(html, "<figure class=\"years\"", "</figure>").next().unwrap();
    for class in [
        "<path class=\"casing\"",
        "<path class=\"range\"",
        "<circle class=\"estimate\"",
    ] {
        assert_eq!(figure.matches(class).count(), 6, "{class}");
    }
    let heard = each(figure, "<desc", "</desc>").next().unwrap();
    let labels: Vec<&str> = each(figure, "<text class=\"value\"", "</text>")
        .map(|label| label.split_once('>').unwrap().1)
        .collect();
    assert_eq!(labels.len(), 6);
    for label in labels {
        assert!(
            heard.contains(&format!(": estimated {label} (")),
            "{label}: {heard}"
        );
        let cell = format!(">{label}<span class=\"under\">");
        assert!(html.contains(&cell), "{label}");
    }
    assert!(heard.contains(" (1,540 to 1,760), records point to 1,640 of whom 965 recorded. 2020: "));
    assert!(html.contains("1,540 to 1,760 · records point to 1,640, 965 recorded</span>"));
}

#[test]
fn a_hospitals_bar_has_the_percentage_of_its_card_and_no_two_lines_of_its_table_read_alike() {
    let site = site(true, false);
    let html = &site["hospitals/INV02.html"];
    let title = words(
        each(html, "<figcaption id=\"share\"", "</figcaption>")
            .next()
            .unwrap(),
    );
    let percent = title
        .strip_suffix("% of the people with signs in other records had been recorded by a hospital")
        .unwrap();
    let card = each(html, "<div class=\"state-card\"", "</div>").next().unwrap();
    assert!(card.contains(&format!("({percent}%)")), "{percent}: {card}");
    for (path, lines) in [
        (
            "hospitals/INV02.html",
            ["Of the 65, recorded", "Of the 60, recorded"],
        ),
        // Both numbers are hidden.
        (
            "hospitals/INV36.html",
            [
                "Of those found, recorded",
                "Of those with signs in other records, recorded",
            ],
        ),
    ] {
        for line in lines {
            assert_eq!(
                site[path].matches(&format!(">{line}</th>")).count(),
                1,
                "{path}: {line}"
            );
        }
    }
}

#[test]
fn charts_that_stand_side_by_side_have_one_scale() {
    let site = site(true, false);
    let section = each(&site["who.html"], "aria-labelledby=\"by-age\"", "</section>")
        .next()
        .unwrap();
    let axes: Vec<&str> = each(section, "<div class=\"axis\"", "</div>").collect();
    assert_eq!(axes.len(), 3);
    assert_eq!(axes.into_iter().collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn a_nation_leads_to_the_care_that_is_measured() {
    let site = site(true, false);
    let link = "<a href=\"../care-measured.html\">What care people get, as records show it</a>";
    assert!(site["nations/corrow.html"].contains(link));
}
