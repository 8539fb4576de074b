//! Open data beside the tables: the same figures, the same notices, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeSet;

use crate::support::reading::{each, site, tags};
use protect::{Policy, RawValue};
use publish::{Before, render_texts};
use serde_json::Value;

#[test]
fn every_organisation_and_nation_has_a_file_with_the_rows_of_the_tables() {
    let site = site(true, false);
    let index: Value = serde_json::from_str(&site["api/index.json"]).unwrap();
    assert_eq!(
        index["organisations"].as_array().unwrap().len(),
        support::hospitals().len()
    );
    let mut rows = 0;
    for one in index["organisations"].as_array().unwrap() {
        let path = format!("api/{}", one["file"].as_str().unwrap());
        let file: Value = serde_json::from_str(&site[&path]).unwrap();
        assert_eq!(file["organisation"]["code"], one["code"]);
        assert_eq!(file["state"]["state"], one["state"]);
        for row in file["completeness"].as_array().unwrap() {
            // A number is there exactly where the state says so.
            for (name, state) in row.as_object().unwrap() {
                let Some(column) = name.strip_suffix("_state") else {
                    continue;
                };
                let shown = matches!(state.as_str().unwrap(), "shown" | "zero");
                assert_eq!(shown, row[column].is_number(), "{path}: {column}");
            }
            rows += 1;
        }
    }
    let table = site["data/completeness.csv"].lines().count() - 1;
    assert_eq!(rows, table);
    for one in index["nations"].as_array().unwrap() {
        let file: Value =
            serde_json::from_str(&site[&format!("api/{}", one["file"].as_str().unwrap())]).unwrap();
        assert!(
            file["counts"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["place"] == one["name"])
        );
    }
    for (path, text) in site.iter().filter(|(path, _)| path.starts_with("api/")) {
        assert!(text.contains("Invented people and hospitals"), "{path}");
    }
}

#[test]
fn the_feed_has_the_release_and_reads_no_clock() {
    let site = site(true, false);
    let feed = &site["feed.xml"];
    assert!(feed.starts_with(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\""
    ));
    let manifest: Value = serde_json::from_str(&site["data/manifest.json"]).unwrap();
    let id = manifest["release"].as_str().unwrap();
    assert!(feed.contains(&format!("<id>urn:x-counted:release:{id}</id>")));
    assert_eq!(feed.matches("<updated>2024-12-31T00:00:00Z</updated>").count(), 2);
    assert!(feed.contains("Invented people and hospitals"));
    well_formed("feed.xml", feed);
}

#[test]
fn every_chart_is_a_picture_and_its_figures() {
    let site = site(true, false);
    let charts: Vec<&String> = site.keys().filter(|path| path.starts_with("charts/")).collect();
    let stems: BTreeSet<&str> = charts
        .iter()
        .map(|path| path.rsplit_once('.').unwrap().0)
        .collect();
    assert_eq!(charts.len(), stems.len() * 2);
    for stem in [
        "country-years",
        "country-share",
        "nation-corrow-years",
        "organisation-INV01-years",
        "nations",
        "who-by-age-corrow",
    ] {
        assert!(stems.contains(format!("charts/{stem}").as_str()), "{stem}");
    }
    for stem in stems {
        let (picture, figures) = (&site[&format!("{stem}.svg")], &site[&format!("{stem}.csv")]);
        well_formed(stem, picture);
        assert!(
            picture.contains("Invented people and hospitals")
                && !picture.contains("<script")
                && !picture.contains("href")
        );
        assert!(
            !picture.replace("http://www.w3.org/2000/svg", "").contains("://"),
            "{stem}"
        );
        // Each number in a bar's label is one of the figures beside it.
        for label in picture.split("<text class=\"value\"").skip(1) {
            let text = &label[label.find('>').unwrap() + 1..label.find('<').unwrap()];
            let found: String = text.split(" found").next().unwrap().replace(',', "");
            assert!(figures.contains(&format!(",{found},")), "{stem}: {found}");
        }
        for line in figures.lines().skip(1) {
            assert!(line.starts_with("Invented people and hospitals"), "{stem}");
        }
    }
}

/// A name has two lines there; the whole of it stands in the title.
#[test]
fn a_share_of_a_hospital_has_its_short_name_beside_the_bar() {
    let (site, hospitals) = (site(true, false), support::hospitals());
    let hospital = &hospitals[0];
    let picture = &site[&format!("charts/organisation-{}-share.svg", hospital.code)];
    assert!(
        picture.contains(&format!(">{}</text>", hospital.name)),
        "{picture}"
    );
    assert!(
        picture.contains(&format!("{} Hospitals,", hospital.name)),
        "{picture}"
    );
}

#[test]
fn a_hidden_share_has_no_chart() {
    let site = site(true, false);
    // Seven per cent of 71: hidden, so neither drawn nor offered.
    assert!(!site.contains_key("charts/organisation-INV12-share.svg"));
    assert!(!site["hospitals/INV12.html"].contains("INV12-share"));
}

/// One that sent nothing: both numbers are shown, and no state rests on them.
#[test]
fn a_hospital_of_which_nothing_can_be_said_has_no_share_and_no_range() {
    let site = site(true, false);
    let row = site["data/completeness.csv"]
        .lines()
        .find(|line| line.contains("INV07") && line.contains(",all,") && line.contains("no_response"))
        .unwrap();
    assert!(!site.contains_key("charts/organisation-INV07-share.svg"), "{row}");
    for page in ["hospitals/INV07.html", "packs/INV07.html"] {
        assert!(!site[page].contains("recorded (95% range)"), "{page}: {row}");
    }
    assert!(site["hospitals/INV01.html"].contains("recorded (95% range)"));
}

fn well_formed(name: &str, text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let text = text.replace("\"/>", "\"></empty>");
    for tag in tags(&text)
        .iter()
        .filter(|tag| !tag.name.starts_with('?') && tag.name != "empty")
    {
        if tag.closes {
            assert_eq!(open.pop(), Some(tag.name), "{name}");
        } else if tag.name != "link" {
            open.push(tag.name);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}

/// A picture is passed on without its page: what it shows is of a year, and not of this one.
#[test]
fn a_picture_of_answers_says_of_which_year() {
    let site = site(true, false);
    let mut seen = 0;
    for (path, svg) in &site {
        if !(path.starts_with("charts/care-") && path.ends_with(".svg")) {
            continue;
        }
        let (title, _) = svg
            .split_once("<title>")
            .and_then(|(_, rest)| rest.split_once("</title>"))
            .unwrap();
        let figures = &site[&path.replace(".svg", ".csv")];
        let mut rows = csv::Reader::from_reader(figures.as_bytes());
        let period = rows
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "period")
            .unwrap();
        for row in rows.records() {
            let year = row.unwrap()[period].to_owned();
            assert!(title.contains(&format!(", {year}")), "{path}: {title}");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

/// Of one question the last year, which is not over, has no rows: of each the page tells of the same year all the same.
#[test]
fn all_questions_of_care_are_of_one_whole_year() {
    let mut raw = support::raw(&support::hospitals(), true, false);
    for table in &mut raw.tables[2..] {
        let last = |row: &[RawValue]| row[3] == "2024".into();
        table.rows.retain(|row| !last(row) || row[2] != "nurse".into());
        for row in &mut table.rows {
            if last(row) {
                row[3] = "2024-01-01/2024-09-30".into();
            }
        }
    }
    let release = protect::release(&raw, &Policy::hes().unwrap()).unwrap();
    let site = render_texts(&release, Before::Nothing, &support::facts()).unwrap();
    let page = &site["care-measured.html"];
    for question in ["nurse", "gp-informed", "team-discussion"] {
        let heading = each(
            page,
            &format!("<figcaption id=\"care-{question}\""),
            "</figcaption>",
        )
        .next()
        .unwrap()
        .to_owned();
        assert!(heading.contains(", 2022"), "{heading}");
    }
}

/// Twelve months that are no calendar year are parts of two years: the page is of the last, and names what has no figure then.
#[test]
fn without_a_whole_year_care_is_of_the_last_part() {
    let mut raw = support::raw(&support::hospitals(), true, false);
    for table in &mut raw.tables[2..] {
        let of = |row: &[RawValue], year: &str| row[3] == year.into();
        table
            .rows
            .retain(|row| !of(row, "2022") && (!of(row, "2024") || row[2] != "nurse".into()));
        for row in &mut table.rows {
            let part = if of(row, "2024") {
                "2025-01-01/2025-03-31"
            } else {
                "2024-04-01/2024-12-31"
            };
            row[3] = part.into();
        }
    }
    let release = protect::release(&raw, &Policy::hes().unwrap()).unwrap();
    let site = render_texts(&release, Before::Nothing, &support::facts()).unwrap();
    let page = &site["care-measured.html"];
    for question in ["gp-informed", "team-discussion"] {
        let start = format!("<figcaption id=\"care-{question}\"");
        let heading = each(page, &start, "</figcaption>").next().unwrap();
        assert!(heading.contains(", 1 January 2025 to 31 March 2025"), "{heading}");
    }
    assert!(!page.contains("There are no figures of care") && !page.contains("last whole year but one"));
    assert!(page.contains(
        "Of 1 January 2025 to 31 March 2025 there is no figure for: A nurse specialist at the diagnosis of secondary breast cancer."
    ));
}

/// The title of a picture.
fn title(svg: &str) -> &str {
    let rest = svg.split_once("<title>").unwrap().1;
    rest.split_once("</title>").unwrap().0
}

/// Whoever is sent a picture has no heading above it.
#[test]
fn a_picture_of_people_says_what_they_have_and_when() {
    let site = site(true, false);
    assert!(title(&site["charts/map.svg"]).starts_with(
        "Recording of secondary breast cancer by hospitals in Hesperay, 1 October 2023 to 30 September 2024: \
         7 of the 23 that can be judged record 90% or more"
    ));
    let people = |path: &str| path.contains("/who-") || path.ends_with("-share.svg");
    let mut seen = 0;
    for (path, svg) in site
        .iter()
        .filter(|(path, _)| path.ends_with(".svg") && people(path))
    {
        let title = title(svg);
        assert!(
            title.contains("secondary breast cancer") && !title.contains("with it"),
            "{path}: {title}"
        );
        assert!(title.contains("2024"), "{path}: {title}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

/// Of nobody in Corrow is it known whether the GP was told: a full bar would read as everybody.
#[test]
fn where_nothing_is_certain_there_is_an_outline_and_no_bar() {
    let site = site(true, false);
    let page = &site["care-measured.html"];
    let chart = each(page, "<figcaption id=\"care-gp-informed\"", "</figure>")
        .next()
        .unwrap();
    let row = each(chart, "<span class=\"name\">Corrow", "</li>")
        .next()
        .unwrap();
    assert!(
        row.contains("<rect class=\"unknown\"") && !row.contains("possible"),
        "{row}"
    );
    assert!(
        row.contains("nothing certain") && row.contains("answer recorded for 0%"),
        "{row}"
    );
    // Every number of the scale says that it is one of a hundred.
    assert!(chart.contains("<li>0%</li>") && chart.contains("<li class=\"last\">100%</li>"));
    let picture = &site["charts/care-gp-informed.svg"];
    for words in [
        "<rect class=\"unknown\"",
        ">nothing certain</text>",
        ">answer recorded for 0%</text>",
    ] {
        assert!(picture.contains(words), "{words}");
    }
    // Where something is known, the row has its numbers and a bar.
    assert!(picture.contains("<rect class=\"possible\"") && picture.contains(">answer recorded for 9"));
}
