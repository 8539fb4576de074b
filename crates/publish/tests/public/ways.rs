//! Ways through the site: a wrong address, long pages, which file holds what, and a link that is sent on.

use crate::support::reading::{each, site, tags};

#[test]
fn a_wrong_address_is_answered_in_both_languages_with_ways_that_hold_at_any_depth() {
    let site = site(true, false);
    let main = each(&site["404.html"], "<main", "</main>").next().unwrap();
    let ways = |up: &str| {
        format!(
            "<ul><li><a href=\"{up}index.html\">{}</a></li><li><a href=\"{up}hospitals/index.html\">{}</a></li></ul>",
            if up == "/" { "The count" } else { "Y cyfrif" },
            if up == "/" { "Hospitals" } else { "Ysbytai" },
        )
    };
    assert!(main.contains("<h1>There is no page here</h1>") && main.contains(&ways("/")));
    let welsh = each(main, "<section lang=\"cy\"", "</section>").next().unwrap();
    assert!(welsh.contains("<h2 id=\"welsh\">Nid oes tudalen yma</h2>") && welsh.contains(&ways("/cy/")));
    assert!(welsh.contains("Peiriant a wnaeth y Gymraeg hon"));
}

#[test]
fn long_pages_begin_with_a_way_to_each_of_their_headings() {
    let site = site(true, false);
    for path in ["methods.html", "care-measured.html", "data.html", "cy/data.html"] {
        let html = &site[path];
        let ids = |text: &str, before: &str| -> Vec<String> {
            let parts = text.split(before).skip(1);
            parts
                .map(|part| part.split('"').next().unwrap().to_owned())
                .collect()
        };
        let list = each(html, "<ul class=\"on-this-page\">", "</ul>").next().unwrap();
        let ways = ids(list, "href=\"#");
        assert!(ways.len() > 3, "{path}: {ways:?}");
        assert_eq!(ways, ids(html, "<h2 id=\""), "{path}");
    }
}

#[test]
fn whoever_wants_to_know_something_is_told_which_file_says_it() {
    let site = site(true, false);
    let html = &site["data.html"];
    let table = each(html, "<section aria-labelledby=\"which\"", "</section>")
        .next()
        .unwrap();
    for (question, file) in [
        ("How many people, where, and in which year?", "data/counts.csv"),
        (
            "How completely does each hospital record?",
            "data/completeness.csv",
        ),
        ("Which hospitals record, as on the map?", "charts/map.csv"),
        ("What care do people get?", "data/care.csv"),
    ] {
        let row = each(table, "<tr", "</tr>")
            .find(|row| row.contains(question))
            .unwrap();
        assert!(row.contains(&format!("href=\"{file}\"")), "{row}");
        // Two columns of that table are no numbers of people.
        assert_eq!(
            row.contains("are per cents"),
            file.contains("completeness"),
            "{row}"
        );
    }
    // This release has no table of checks, so nobody is sent to it.
    assert_eq!(table.contains("checks.csv"), site.contains_key("data/checks.csv"));
}

#[test]
fn whoever_is_sent_a_link_sees_what_the_page_is_about_and_that_it_is_invented() {
    let site = site(true, false);
    let content = |path: &str, name: &str| {
        let tags = tags(&site[path]);
        let tag = tags.iter().find(|tag| {
            let named = |key: &str| tag.attributes.get(key) == Some(&name);
            named("name") || named("property")
        });
        tag.unwrap().attributes["content"].to_owned()
    };
    assert_eq!(
        content("methods.html", "og:title"),
        "How we count – Counted (Invented people and hospitals. Unapproved: not for publication)"
    );
    assert_eq!(
        content("methods.html", "description"),
        "Every number on this site comes out of the steps below. This page is made by the same run as the numbers."
    );
    for (path, summary, locale) in [
        (
            "hospitals/INV01.html",
            "Aldermere Hospitals – everyone living with secondary breast cancer, counted",
            "en_GB",
        ),
        (
            "cy/hospitals/INV01.html",
            "Aldermere Hospitals – pawb sy’n byw gyda chanser eilaidd y fron, wedi’u cyfrif",
            "cy_GB",
        ),
    ] {
        assert_eq!(content(path, "description"), summary);
        assert_eq!(content(path, "og:description"), summary);
        assert_eq!(content(path, "og:locale"), locale);
    }
    // No picture: its address would have to be whole.
    assert!(!site.values().any(|text| text.contains("og:image")));
}
