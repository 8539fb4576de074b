//! The site of a small invented nation: what must be on every page, and how key pages look.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use crate::{networks, support};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::reading::{all_pages, each, made_again, pages, parts, read, site, tags, write_texts};
use crate::support::{facts, release};
use publish::{Before, Outline, PublishError, publish, publish_after};

const VOID: [&str; 5] = ["meta", "link", "br", "wbr", "input"];

#[test]
fn every_page_is_well_formed_and_has_its_landmarks() {
    for (path, html) in all_pages(&site(true, false)).chain(all_pages(networks::site())) {
        let language = if path.starts_with("cy/") { "cy" } else { "en-GB" };
        assert!(
            html.starts_with(&format!("<!DOCTYPE html><html lang=\"{language}\">")),
            "{path}"
        );
        let tags = tags(html);
        let mut open: Vec<&str> = Vec::new();
        for tag in &tags {
            if tag.closes {
                assert_eq!(open.pop(), Some(tag.name), "{path}");
            } else if !VOID.contains(&tag.name) {
                open.push(tag.name);
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
        let count = |name: &str| tags.iter().filter(|t| !t.closes && t.name == name).count();
        for once in ["h1", "main", "body"] {
            assert_eq!(count(once), 1, "{path}: {once}");
        }
        assert!(
            html[..html.find("</head>").unwrap()].contains(" – Counted"),
            "{path}: no title"
        );
        assert!(html.contains("<a class=\"skip\" href=\"#main\">"), "{path}");
        assert_eq!(
            count("table"),
            count("caption"),
            "{path}: every table has a caption"
        );
        assert!(
            tags.iter()
                .filter(|t| !t.closes && t.name == "th")
                .all(|t| t.attributes.contains_key("scope")),
            "{path}: every heading cell says what it heads"
        );
        let mut levels = tags
            .iter()
            .filter(|t| !t.closes && matches!(t.name, "h1" | "h2" | "h3"))
            .map(|t| t.name);
        let mut last = levels.next().expect("a heading");
        for level in levels {
            assert!(
                level <= last || (last, level) == ("h1", "h2") || (last, level) == ("h2", "h3"),
                "{path}: {last} to {level}"
            );
            last = level;
        }
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    let site = site(true, false);
    for (path, html) in pages(&site) {
        assert!(
            html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"),
            "{path}"
        );
        // The sources of real figures may be followed; nothing is fetched from them.
        let (invented, real) = parts(html);
        assert!(!invented.contains("://"), "{path}: an address elsewhere");
        assert!(
            !real.replace("<a href=\"https://", "").contains("://"),
            "{path}: an address that is no link"
        );
        for tag in tags(html) {
            for key in tag.attributes.keys() {
                assert!(
                    *key != "style" && !key.starts_with("on"),
                    "{path}: {key} on {}",
                    tag.name
                );
            }
            assert!(tag.name != "style", "{path}");
            assert!(
                tag.name != "script" || tag.closes || tag.attributes.contains_key("src"),
                "{path}"
            );
        }
    }
    for (path, text) in site.iter().filter(|(path, _)| path.starts_with("assets/")) {
        let outside = text.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !outside.contains("://") && !outside.contains("@import") && !outside.contains("url("),
            "{path}"
        );
    }
}

#[test]
fn each_page_of_an_approved_release_leads_to_its_entry_in_the_ledger_and_no_other_does() {
    for (path, html) in all_pages(&site(true, true)) {
        let up = if path == "404.html" {
            "/".to_owned()
        } else {
            "../".repeat(path.matches('/').count())
        };
        let way = format!("href=\"{up}ledger.jsonl\"");
        assert!(html.contains(&way), "{path}");
    }
    for (path, html) in all_pages(&site(true, false)) {
        assert!(!html.contains("ledger.jsonl"), "{path}");
    }
}

#[test]
fn every_link_leads_to_a_page_and_every_label_to_its_words() {
    links_lead_on(&site(true, false), |file| {
        crate::documents::files().contains_key(file)
    });
    // Of the site with pages of networks no documents and pictures are made here: each is made of a page or a drawing.
    let site = networks::site();
    links_lead_on(site, |file| {
        let (stem, ending) = file.rsplit_once('.').unwrap();
        let of = if ending == "pdf" { "html" } else { "svg" };
        site.contains_key(&format!("{stem}.{of}"))
    });
}

fn links_lead_on(site: &BTreeMap<String, String>, is_made: impl Fn(&str) -> bool) {
    let mut reached: BTreeSet<String> = BTreeSet::from(["index.html".to_owned()]);
    for (path, html) in all_pages(site) {
        let tags = tags(html);
        let mut ids = BTreeSet::new();
        for tag in &tags {
            if let Some(id) = tag.attributes.get("id") {
                assert!(ids.insert(*id), "{path}: id {id} twice");
            }
        }
        for tag in &tags {
            for label in ["aria-labelledby", "for"]
                .into_iter()
                .filter_map(|key| tag.attributes.get(key))
            {
                assert!(label.split(' ').all(|id| ids.contains(id)), "{path}: no {label}");
            }
            let Some(target) = tag.attributes.get("href").or(tag.attributes.get("src")) else {
                continue;
            };
            if let Some(id) = target.strip_prefix('#') {
                assert!(ids.contains(id), "{path}: no #{id}");
                continue;
            }
            if target.starts_with("https://") || target.starts_with("tel:") {
                continue;
            }
            let (target, id) = target.split_once('#').unwrap_or((target, ""));
            let from_root = target.strip_prefix('/');
            assert_eq!(from_root.is_some(), path == "404.html", "{path}: {target}");
            let mut at: Vec<&str> = path.split('/').collect();
            at.pop();
            for step in from_root.unwrap_or(target).split('/') {
                if step == ".." {
                    at.pop().expect("inside the site");
                } else {
                    at.push(step);
                }
            }
            let full = at.join("/");
            // A document or a picture is read in a test of its own.
            if full.ends_with(".pdf") || full.ends_with(".png") {
                assert!(is_made(&full), "{path}: {target} leads nowhere");
                continue;
            }
            assert!(site.contains_key(&full), "{path}: {target} leads nowhere");
            assert!(
                id.is_empty() || site[&full].contains(&format!("id=\"{id}\"")),
                "{path}: no {target}#{id}"
            );
            reached.insert(full);
        }
    }
    // A server leads to the page for a wrong address, and no page does.
    for (path, _) in pages(site) {
        assert_eq!(reached.contains(path), path != "404.html", "{path}");
    }
}

#[test]
fn a_simulated_site_says_so_everywhere() {
    let site = site(true, false);
    for (path, html) in pages(&site).chain(pages(networks::site())) {
        assert!(
            html.contains("<meta name=\"robots\" content=\"noindex, nofollow\">"),
            "{path}"
        );
        assert!(
            html.contains("<p class=\"notice unapproved\"><strong>Unapproved: not for publication"),
            "{path}"
        );
        for (name, end) in [
            ("<table", "</table>"),
            ("<figure", "</figure>"),
            ("<svg class=\"map\"", "</svg>"),
        ] {
            let (invented, real) = parts(html);
            for whole in each(&invented, name, end) {
                assert!(
                    whole.contains("Invented people and hospitals") && !whole.contains("Real figures"),
                    "{path}: a {name} does not say so"
                );
            }
            for whole in each(real, name, end) {
                assert!(
                    whole.contains("Real f") && !whole.contains("Invented"),
                    "{path}: a {name} of real figures does not say so"
                );
            }
        }
    }
    for (path, text) in site.iter().filter(|(path, _)| path.ends_with(".csv")) {
        let notice = if path.starts_with("public-figures/") {
            "\"Real figures, from public sources\","
        } else {
            "Invented people and hospitals"
        };
        assert!(
            text.lines()
                .all(|l| l.starts_with("notice,") || l.starts_with(notice)),
            "{path}"
        );
    }
}

#[test]
fn a_real_approved_site_carries_no_notice() {
    for (path, html) in pages(&site(false, true)) {
        assert!(
            !html.contains("Invented") && !html.contains("Unapproved") && !html.contains("noindex"),
            "{path}"
        );
    }
    let unapproved = site(false, false);
    assert!(unapproved["index.html"].contains("Unapproved") && unapproved["index.html"].contains("noindex"));
    assert!(!unapproved["index.html"].contains("Invented"));
}

#[test]
fn the_words_that_must_and_must_not_be() {
    for (path, html) in pages(&site(true, false)).chain(pages(networks::site())) {
        let mut text = html.to_lowercase();
        // Addresses elsewhere are not our words.
        while let Some(start) = text.find("href=\"https://") {
            let end = start + 6 + text[start + 6..].find('"').unwrap();
            text.replace_range(start..=end, "");
        }
        for bad in [
            "patient",
            "sufferer",
            "worst",
            "best hospital",
            "league",
            "diagnosed at death",
            "failing",
            "nhs logo",
        ] {
            assert!(!text.contains(bad), "{path}: {bad}");
        }
        assert!(text.contains("we are not part of the nhs"), "{path}");
    }
}

#[test]
fn the_same_release_gives_the_same_bytes() {
    assert_eq!(site(true, false), made_again(true, false));
}

#[test]
fn hospitals_stand_in_order_of_name_on_every_page() {
    let site = site(true, false);
    let html = &site["hospitals/index.html"];
    let table = &html[html.find("<table").unwrap()..];
    let names: Vec<&str> = table
        .match_indices("<th scope=\"row\" role=\"rowheader\"><a href=")
        .map(|(i, _)| {
            let link = &table[i..];
            &link[link.find(".html\">").unwrap() + 7..link.find("</a>").unwrap()]
        })
        .collect();
    assert_eq!(names.len(), support::hospitals().len());
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
}

#[test]
fn two_codes_with_one_address_are_refused() {
    let mut facts = facts();
    facts.organisations[1].code = "INV-1".into();
    facts.organisations[2].code = "INV/1".into();
    let dir = tempfile::tempdir().unwrap();
    let refused = write_texts(&release(true, false), Before::Nothing, &facts, dir.path()).unwrap_err();
    assert!(matches!(refused, PublishError::SameAddress { .. }));
}

#[test]
fn a_release_without_tables_still_makes_an_honest_site() {
    let raw = protect::RawRelease {
        manifest: support::manifest(true, false),
        tables: vec![],
        links: vec![],
    };
    let release = protect::release(&raw, &protect::Policy::hes().unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    write_texts(&release, Before::Nothing, &facts(), dir.path()).unwrap();
    assert!(
        read(dir.path(), "index.html").contains("This release has no figure for the people living with it")
    );
    assert!(read(dir.path(), "hospitals/INV01.html").contains("Not measured"));
}

/// One line a tag, so that a change shows where it is.
fn lines(html: &str) -> String {
    html.replace("><", ">\n<")
}

#[test]
fn key_pages_look_as_they_did() {
    let site = site(true, false);
    for path in [
        "index.html",
        "hospitals/index.html",
        "hospitals/INV01.html",
        "hospitals/hexagons.html",
        "letters/INV01.html",
        "nations/corrow.html",
        "nations/index.html",
        "who.html",
        "am-i-counted.html",
        "signs.html",
        "support.html",
        "care.html",
        "care-card.html",
        "methods.html",
        "data.html",
    ] {
        insta::assert_snapshot!(path.replace('/', "_"), lines(&site[path]));
    }
}

/// The points of the UK's own bodies, under invented names and figures; none where the data are not here.
fn uk_points() -> Option<Vec<support::Hospital>> {
    let text = fs_err::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/nhs-organisations/organisations.csv"
    ))
    .ok()?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (nation, lat, lon, scope) = (at("nation"), at("lat"), at("lon"), at("breast_scope"));
    let shares = [
        Some(0.95),
        Some(0.5),
        Some(0.07),
        Some(0.93),
        None,
        Some(0.3),
        Some(0.97),
        Some(0.6),
    ];
    let hospitals = reader
        .records()
        .map(Result::unwrap)
        .enumerate()
        .map(|(i, line)| support::Hospital {
            code: format!("INV{i:03}"),
            name: format!("Place {i}"),
            nation: line[nation].to_owned(),
            network: String::new(),
            latitude: line[lat].parse().unwrap(),
            longitude: line[lon].parse().unwrap(),
            breast_service: line[scope].starts_with("expected"),
            people: 20 + (i as i64 * 37) % 90,
            share: shares[(i * i + i / 3) % shares.len()],
        });
    Some(hospitals.collect())
}

#[test]
fn the_map_of_the_kingdom_hides_no_pin_and_stays_light() {
    let Some(hospitals) = uk_points() else {
        eprintln!("skipped: ../shared/data is not here");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let facts = support::facts_of(&hospitals, Outline::UnitedKingdom);
    write_texts(
        &support::release_of(&hospitals, true, false),
        Before::Nothing,
        &facts,
        dir.path(),
    )
    .unwrap();
    let html = read(dir.path(), "hospitals/index.html");
    assert!(html.len() < 150_000, "{} bytes", html.len());
    let pins: Vec<(f64, f64)> = tags(&html)
        .iter()
        .filter(|t| t.name == "a" && !t.closes)
        .filter_map(|t| t.attributes.get("transform"))
        .map(|t| {
            let (x, y) = t
                .trim_start_matches("translate(")
                .trim_end_matches(')')
                .split_once(' ')
                .unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect();
    assert_eq!(pins.len(), hospitals.len());
    for (i, a) in pins.iter().enumerate() {
        for b in &pins[..i] {
            assert!(
                ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt() > 13.0,
                "two pins overlap"
            );
        }
    }
}

/// Writes a site where a person can look at it: `SITE=/tmp/site cargo test -p publish --test public -- --ignored --exact site::look`.
#[test]
#[ignore = "for looking at"]
fn look() {
    #[allow(clippy::disallowed_methods, reason = "a tool for people, not a result")]
    let dir = std::env::var("SITE").unwrap();
    let mut earlier = support::hospitals();
    for hospital in &mut earlier {
        hospital.people -= hospital.people / 6;
        hospital.share = hospital.share.map(|share| share * 0.8);
    }
    let mut raw = support::raw(&earlier, true, true);
    raw.manifest.definition = "uk-mbc/2025.1".into();
    let earlier = protect::release(&raw, &protect::Policy::hes().unwrap()).unwrap();
    let before = Before::Release {
        release: &earlier,
        approved_on: "2024-09-02",
    };
    publish_after(
        &release(true, false),
        before,
        &support::told::facts(),
        Path::new(&dir),
    )
    .unwrap();
}

/// The same over the points of the kingdom.
#[test]
#[ignore = "for looking at"]
fn look_uk() {
    #[allow(clippy::disallowed_methods, reason = "a tool for people, not a result")]
    let dir = std::env::var("SITE").unwrap();
    let hospitals = uk_points().unwrap();
    let facts = support::facts_of(&hospitals, Outline::UnitedKingdom);
    publish(
        &support::release_of(&hospitals, true, false),
        &facts,
        Path::new(&dir),
    )
    .unwrap();
}
