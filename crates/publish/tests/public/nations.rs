//! Promises beside the figures of a real release, and never beside invented ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::languages::sites;
use crate::support;

use std::collections::BTreeMap;

use crate::support::reading::{each, parts, read, site, write_texts};
use publish::Before;

/// The nations of the invented country under real names, so that promises find them.
fn real() -> BTreeMap<String, String> {
    let mut hospitals = support::hospitals();
    for hospital in &mut hospitals {
        hospital.nation = match hospital.nation.as_str() {
            "Averland" => "England",
            "Brennick" => "Scotland",
            _ => "Wales",
        }
        .into();
    }
    let facts = support::facts_of(&hospitals, publish::Outline::AroundPoints);
    let dir = tempfile::tempdir().unwrap();
    let written = write_texts(
        &support::release_of(&hospitals, false, true),
        Before::Nothing,
        &facts,
        dir.path(),
    )
    .unwrap();
    let page = |path: String| (path.clone(), read(dir.path(), &path));
    written.into_iter().map(page).collect()
}

/// What the page says of one promise.
fn entry<'h>(html: &'h str, id: &str) -> &'h str {
    let start = html.find(&format!("<li id=\"{id}\">")).unwrap();
    let end = html[start..].find("</dl>").unwrap();
    &html[start..start + end]
}

#[test]
fn a_promise_stands_beside_the_released_figures_of_its_nation() {
    let site = real();
    let html = &site["nations/index.html"];
    // England found 3,660 and recorded 2,205 of them; drawn in the support of these tests, rounded to 5.
    let england = entry(html, "england-2013-recording");
    assert!(
        england
            .contains("England: of <strong>3,660</strong> people found living with it on 31 December 2024")
            && england.contains("<strong>2,205</strong> had been recorded (60%)")
            && england.contains("At the line of 90% that this site uses, the data do not show it kept."),
        "{england}"
    );
    assert!(england.contains("January 2013. The date had passed"));
    assert!(entry(html, "england-2026-plan").contains("The date had not passed"));
    let scotland = entry(html, "scotland-2023-plan");
    assert!(
        scotland.contains("Scotland: records can be counted.") && scotland.contains("cannot be seen here")
    );
    let ireland = entry(html, "northern-ireland-2022-strategy");
    assert!(
        ireland.contains("Northern Ireland: no records of this nation are part of this study.")
            && !ireland.contains("kept.")
    );
    assert!(entry(html, "england-wales-2021-audit").contains("Cannot be seen in these data"));
    let all = entry(html, "all-2025-count-us-in");
    assert!(
        ["England", "Scotland", "Wales"]
            .iter()
            .all(|nation| all.contains(&format!("<p>{nation}: ")))
    );
    for id in ["england-2015-strategy", "wales-2024-form"] {
        assert!(entry(html, id).contains("Not yet verified."), "{id}");
    }
    assert!(!html.contains("Real f") && !html.contains("class=\"real\""));
}

/// One of the sites that are made once.
fn named(name: &str) -> &'static BTreeMap<String, String> {
    let (_, site) = sites().iter().find(|(one, _)| *one == name).unwrap();
    site
}

#[test]
fn a_nation_without_records_is_no_part_of_what_is_counted() {
    let site = named("part of the kingdom");
    let front = &site["index.html"];
    for words in [
        "people were found living with secondary breast cancer in England, Scotland and Wales on 31 December 2024",
        "no whole year in this release",
        "How many more there are has not been estimated.",
    ] {
        assert!(front.contains(words), "{words}");
    }
    assert!(!front.contains("as the band says") && !front.contains("At least"));
    assert!(site["cy/index.html"].contains("yn Lloegr, yr Alban a Chymru ar 31 Rhagfyr 2024"));
    let nations = &site["nations/index.html"];
    for words in [
        // 895 of 1,000 are no 90%.
        "<strong>895</strong> had been recorded (89.5%). At the line of 90% that this site uses, the data do not show it kept.",
        "Scotland: this release has no figure for people living with it.",
        "Wales: nobody was found living with it on 31 December 2024. It does not show it kept.",
        "Northern Ireland: no records of this nation are part of this study.",
        "nobody found",
        // Of the two hospitals of Scotland one sent records, though there is nothing to compare them with.
        "data-column=\"Hospitals that sent enough records\">1 of 2<",
    ] {
        assert!(nations.contains(words), "{words}");
    }
    assert!(
        site["letters/INV01.html"].contains("with which those of Aldermere Hospitals could be compared.")
    );
    assert!(site["letters/RA7.html"].contains("fewer than 20 people at"));
    assert!(site["api/organisations/INV01.json"].contains("\"state\": \"not_computable\""));
}

#[test]
fn a_promise_is_not_judged_where_it_is_hidden_how_many_were_recorded() {
    let html = &named("few recorded in Wales")["nations/index.html"];
    let words = "Wales: of <strong>105</strong> people found living with it on 31 December 2024, how many had been recorded is \
                 <span class=\"empty\">hidden</span>. The data do not show it kept.";
    assert!(html.contains(words), "{html}");
}

#[test]
fn an_estimate_that_is_hidden_is_not_called_one_that_nobody_made() {
    let estimated = |site: &str, nation: &str| {
        let html = &named(site)["nations/index.html"];
        let row = each(
            html,
            &format!("role=\"rowheader\"><a href=\"{nation}.html\">"),
            "</tr>",
        )
        .next()
        .unwrap()
        .to_owned();
        let cell = each(&row, "data-column=\"Estimated to be living\"", "</td>")
            .next()
            .unwrap();
        cell.split_once('>').unwrap().1.to_owned()
    };
    for (site, words) in [
        ("few recorded in Wales", "hidden"),
        ("part of the kingdom", "not yet estimated"),
    ] {
        let wanted = format!("<span class=\"empty\">{words}</span>");
        assert_eq!(estimated(site, "wales"), wanted, "{site}");
    }
}

/// A release has a row of zero for each kind, sex and age; a page does not list those of nobody.
#[test]
fn a_split_of_nobody_has_no_table_and_no_chart() {
    const CHART: &str = "charts/who-by-sex-wales.csv";
    let of = |value: &str| format!("<th scope=\"row\" role=\"rowheader\">{value}</th>");
    let nobody = named("part of the kingdom");
    assert!(!nobody["nations/wales.html"].contains("<h2 id=\"who\">"));
    assert!(!nobody["who.html"].contains("by-sex-wales") && !nobody.contains_key(CHART));
    let some = named("few recorded in Wales");
    let page = &some["nations/wales.html"];
    assert!(page.contains(&of("Women")) && page.contains(&of("Men")));
    assert!(!page.contains(&of("Not recorded")));
    // The chart has the rows of the page, also where it is taken away as figures.
    let chart = &some[CHART];
    assert!(
        chart.contains(",male,") && !chart.contains("not_known"),
        "{chart}"
    );
    assert!(some["who.html"].contains("by-sex-wales") && !some["who.html"].contains("Not recorded</span>"));
}

#[test]
fn an_invented_nation_judges_no_real_promise() {
    let site = site(true, false);
    let (invented, real) = parts(&site["nations/index.html"]);
    let judged = real
        .matches("Cannot be seen in these data: they are of an invented nation")
        .count();
    assert_eq!(judged, real.matches("<p class=\"when\">").count());
    assert!(judged >= 9 && !real.contains("kept.") && !real.contains("had passed"));
    // The invented nations are above, and no real promise among them.
    assert!(invented.contains("The nations side by side") && !invented.contains("Scottish"));
}
