//! A page for each cancer network with a released row: its own figures, its hospitals, and the ways to it and from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use protect::{Policy, RawRelease, RawValue, Release};
use publish::{Before, Outline, PublishError, SiteFacts, render_texts};

use crate::changes;
use crate::support::reading::{each, tags};
use crate::support::{self, facts_of};

/// What is found of everybody: network, period, measure, recorded and found, and whether there is an estimate.
type Line = (&'static str, &'static str, &'static str, i64, i64, bool);

/// One network with estimates, one without, and one with so few people that their number is hidden.
#[rustfmt::skip]
const NETWORKS: [Line; 6] = [
    ("North", "2023-12-31", "living", 520, 900, true),
    ("North", "2024-12-31", "living", 600, 1000, true),
    ("North", "2024", "new", 200, 300, true),
    ("North", "2024", "died", 150, 250, true),
    ("Coast", "2024-12-31", "living", 40, 120, false),
    ("Corrow", "2024-12-31", "living", 1, 3, false),
];

fn row((network, period, measure, recorded, found, estimated): Line) -> Vec<RawValue> {
    let part = |share: f64| {
        if estimated {
            RawValue::from(found as f64 * share)
        } else {
            RawValue::Null
        }
    };
    let (method, status) = if estimated {
        ("joint", "lower_bound")
    } else {
        ("found", "not_estimated")
    };
    let mut row: Vec<RawValue> = ["network", network, period, measure]
        .into_iter()
        .chain(["all"; 5])
        .map(RawValue::from)
        .collect();
    row.extend([
        RawValue::from(recorded),
        RawValue::from(found),
        part(0.98),
        part(0.94),
        part(1.07),
        RawValue::from(method),
        RawValue::from(status),
    ]);
    row
}

/// A few hospitals of the invented nation, with figures of the networks in which they lie.
fn with_networks(lines: &[Line]) -> Release {
    let mut raw: RawRelease = support::raw(&changes::few(), true, false);
    let counts = &mut raw.tables[0].rows;
    // Of hospitals and nations one year is enough.
    counts.retain(|row| row[2] == "2024".into() || row[2] == "2024-12-31".into());
    counts.extend(lines.iter().copied().map(row));
    protect::release(&raw, &Policy::hes().unwrap()).unwrap()
}

fn facts() -> SiteFacts {
    facts_of(&changes::few(), Outline::AroundPoints)
}

/// Its site, after a release with the same figures.
pub(crate) fn site() -> &'static BTreeMap<String, String> {
    static MADE: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    MADE.get_or_init(|| {
        let release = with_networks(&NETWORKS);
        let before = Before::Release {
            release: &release,
            approved_on: "2024-03-05",
        };
        render_texts(&release, before, &facts()).unwrap()
    })
}

/// Where the links of the main part of a page lead, as they are written.
fn ways(html: &str) -> Vec<&str> {
    let main = each(html, "<main", "</main>").next().unwrap();
    let tags = tags(main);
    let links = tags.iter().filter(|tag| tag.name == "a");
    links
        .filter_map(|tag| tag.attributes.get("href").copied())
        .collect()
}

fn answer(html: &str) -> &str {
    each(html, "<p class=\"answer\">", "</p>").next().unwrap()
}

#[test]
fn a_network_with_a_released_row_has_a_page_and_no_other_has() {
    let pages = |site: &BTreeMap<String, String>| -> Vec<String> {
        let of_networks = |path: &&String| path.starts_with("networks/") || path.starts_with("cy/networks/");
        site.keys().filter(of_networks).cloned().collect()
    };
    assert_eq!(
        pages(site()),
        [
            "cy/networks/coast.html",
            "cy/networks/corrow.html",
            "cy/networks/north.html",
            "networks/coast.html",
            "networks/corrow.html",
            "networks/north.html",
        ]
    );
    // The hospitals of the other invented nation lie in networks too, but its release has no row of them.
    let without = support::reading::site(true, false);
    assert_eq!(pages(&without), Vec::<String>::new());
    assert!(without["hospitals/INV01.html"].contains("code INV01, North</p>"));
    assert!(!without["nations/averland.html"].contains("Areas of"));
}

#[test]
fn the_page_of_a_network_has_one_sentence_to_quote_with_its_range() {
    let north = &site()["networks/north.html"];
    let said = answer(north);
    for part in [
        "About <strong class=\"number\">980</strong>",
        "were living with secondary breast cancer in the North area on 31 December 2024 (95% range 940 to 1,070).",
        "Hospitals’ own records name 600.",
    ] {
        assert!(said.contains(part), "{said}");
    }
    // The bar of those found, the years, and the line that says where the figure comes from.
    assert!(north.contains("Of the 1,000 people that records point to"));
    assert!(north.contains("North, year by year: the estimate with its 95% range"));
    for term in ["Method", "Date", "Records", "Range", "More"] {
        assert!(north.contains(&format!("<dt>{term}</dt>")), "{term}");
    }
    for file in ["years", "share"] {
        assert!(
            site().contains_key(&format!("charts/network-north-{file}.svg")),
            "{file}"
        );
    }
    // Where nothing is estimated, people were found; where few were, nobody learns how many.
    let coast = answer(&site()["networks/coast.html"]);
    assert!(coast.contains("<strong class=\"number\">120</strong>"), "{coast}");
    assert!(coast.contains("people were found living with secondary breast cancer in the Coast area"));
    let corrow = answer(&site()["networks/corrow.html"]);
    assert!(
        corrow.contains("in the Corrow area: ") && !corrow.contains(">3<"),
        "{corrow}"
    );
}

#[test]
fn the_table_of_a_network_has_its_hospitals_and_no_others() {
    for (page, wanted) in [
        (
            "networks/north.html",
            &["INV01", "INV02", "INV03", "INV06", "INV07"][..],
        ),
        ("networks/coast.html", &["INV25", "INV26"][..]),
        ("networks/corrow.html", &["INV36"][..]),
    ] {
        let html = &site()[page];
        let mut codes: Vec<&str> = ways(html)
            .into_iter()
            .filter_map(|way| way.strip_prefix("../hospitals/")?.strip_suffix(".html"))
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, wanted, "{page}");
        let close = html.contains("<span class=\"under\">close to the line</span>");
        assert_eq!(html.contains("<dt>close to the line</dt>"), close, "{page}");
    }
}

#[test]
fn ways_lead_to_a_network_and_from_it_in_both_languages() {
    for folder in ["", "cy/"] {
        for (from, to) in [
            ("hospitals/INV01.html", "networks/north.html"),
            ("nations/averland.html", "networks/north.html"),
            ("nations/brennick.html", "networks/coast.html"),
            ("nations/index.html", "networks/corrow.html"),
            ("networks/north.html", "nations/averland.html"),
            ("networks/north.html", "nations/index.html"),
            ("networks/north.html", "hospitals/INV01.html"),
            ("index.html", "nations/index.html#areas"),
        ] {
            let html = &site()[&format!("{folder}{from}")];
            let up = "../".repeat(format!("{folder}{from}").matches('/').count());
            let way = format!("{up}{folder}{to}");
            assert!(ways(html).contains(&way.as_str()), "{folder}{from} lacks {way}");
        }
        for page in ["networks/north.html", "nations/averland.html"] {
            assert!(site()[&format!("{folder}{page}")].contains("aria-labelledby=\"hospitals-heading\""));
        }
    }
    assert!(!ways(&site()["nations/averland.html"]).contains(&"../networks/coast.html"));
    // Care is measured for whole nations, and the way to it is there.
    assert!(ways(&site()["networks/north.html"]).contains(&"../care-measured.html"));
    assert!(site().contains_key("care-measured.html"));
}

#[test]
fn a_network_is_named_in_a_welsh_sentence() {
    let north = &site()["cy/networks/north.html"];
    assert!(north.contains("<h1 id=\"question\">Canser eilaidd y fron yn ardal North</h1>"));
    assert!(answer(north).contains("yn ardal North ar 31 Rhagfyr 2024"));
    assert_eq!(crate::languages::english(north), Vec::<String>::new());
}

#[test]
fn two_networks_with_one_address_are_refused() {
    let mut lines = NETWORKS.to_vec();
    lines.push(("NORTH", "2024-12-31", "living", 60, 200, false));
    let refused = render_texts(&with_networks(&lines), Before::Nothing, &facts()).unwrap_err();
    assert!(
        matches!(&refused, PublishError::SameAddress { kind: "networks", address, .. } if address == "north"),
        "{refused}"
    );
}
