//! Real figures on the site of an invented nation: unmistakably apart, and what the built-in file says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support::reading::{each, pages, parts, site};
use publish::public_figures::{LIVING_IN_THE_UK, living_in_the_uk};

/// Pages of an invented site with a part that is real.
const REAL: [&str; 8] = [
    "index.html",
    "methods.html",
    "nations/index.html",
    "care.html",
    "care-card.html",
    "am-i-counted.html",
    "signs.html",
    "support.html",
];

#[test]
fn real_figures_stand_apart_on_an_invented_site_and_on_no_other() {
    let invented_study = site(true, false);
    for (path, html) in pages(&invented_study) {
        let (invented, real) = parts(html);
        assert_eq!(!real.is_empty(), REAL.contains(&path.as_str()), "{path}");
        let figures = ["index.html", "methods.html"].contains(&path.as_str());
        assert_eq!(
            figures,
            html.contains("real figures for the United Kingdom"),
            "{path}"
        );
        if real.is_empty() {
            continue;
        }
        // The notice says what is not made up, and the way there; the section is marked before it says anything.
        assert!(
            invented.contains("Invented people and hospitals</strong> Every name and number here is made up")
        );
        assert!(invented.contains("but for one part of this page: <a href=\"#"));
        let strip = real.find("</strong>, not part of the invented nation").unwrap();
        if figures {
            assert!(invented.contains("The figures for the United Kingdom on this page are real."));
            assert!(real[..strip].ends_with("<strong>Real figures"));
        }
        assert!(strip < real.find("<h2").unwrap(), "{path}");
    }
    let (_, real) = parts(&invented_study["index.html"]);
    let at = |words: &str| real.find(words).unwrap_or_else(|| panic!("no {words}"));
    // First who was diagnosed in the last ten years, then everyone with all that is not known, then what was counted in
    // England, then 2020, then what others have published.
    let order = [
        "in the ten years before",
        "With those who have lived with it for longer",
        "Counting everything that is not known",
        "A count of England for April 2020 to March 2021 gives 57,215: everyone",
        "Why those of the last ten years",
        "2020 was a covid year",
        "What the range depends on",
        "published estimates",
    ];
    assert!(order.map(at).is_sorted());
    assert!(!real.contains("95 %") && !real.contains("95%") && !real.contains("confidence"));
    let file = &invented_study["public-figures/living-2021.toml"];
    assert_eq!(file, LIVING_IN_THE_UK);
    let real_study = site(false, true);
    assert!(!real_study.keys().any(|path| path.contains("public-figures")));
    for (path, html) in pages(&real_study) {
        assert!(!html.to_lowercase().contains("real figures"), "{path}");
    }
}

/// Each figure on the page is one of the file.
#[test]
fn the_page_says_what_the_file_says() {
    let figures = living_in_the_uk().unwrap();
    let site = site(true, false);
    let (_, real) = parts(&site["index.html"]);
    let comma = |n: u32| format!("{},{:03}", n / 1000, n % 1000);
    let thousand = |n: u32| format!("{},000", n / 1000);
    for range in [figures.within_ten_years, figures.total, figures.total_at_widest] {
        let words = format!(
            "<span class=\"end\">{}</span> to <span class=\"end\">{}</span>",
            thousand(range.low),
            thousand(range.high + 999)
        );
        assert!(real.contains(&words), "{words}");
    }
    for one in &figures.scenarios {
        for n in [
            one.within_ten_years.middle,
            one.total.middle,
            one.total.low,
            one.total.high,
        ] {
            assert!(real.contains(&comma(n)), "{}: {n}", one.name);
        }
    }
    for one in &figures.published {
        let row = each(real, "<tr", "</tr>")
            .find(|row| row.contains(&format!("{}, {}", one.place, one.date)))
            .unwrap();
        for words in [&one.who, &one.timing, &one.made, &one.source] {
            assert!(row.contains(words), "{row}");
        }
        assert_eq!(
            row.matches("<a href=").count(),
            usize::from(one.url.is_some()),
            "{row}"
        );
    }
    let rates = figures
        .published
        .iter()
        .filter(|one| one.crude_in_100000.is_some())
        .count();
    assert_eq!(real.matches("class=\"dot\"").count(), rates);
}

#[test]
fn the_charts_of_real_figures_are_files_too_and_none_is_called_invented() {
    let invented = site(true, false);
    let real = site(false, true);
    for stem in ["public-figures/per-100000", "public-figures/scenarios"] {
        let (picture, figures) = (
            &invented[&format!("{stem}.svg")],
            &invented[&format!("{stem}.csv")],
        );
        assert!(picture.contains("Real figures, from public sources") && !picture.contains("Invented"));
        assert!(figures.lines().count() > 3 && !figures.contains("Invented"));
        assert!(invented["index.html"].contains(&format!("href=\"{stem}.svg\"")));
        assert!(!real.contains_key(&format!("{stem}.svg")));
    }
}

/// A picture that is passed on keeps what the page sets apart: lines of what is open, edges beside the range, others' dots.
#[test]
fn the_pictures_of_real_figures_are_drawn_as_on_the_page() {
    let figures = living_in_the_uk().unwrap();
    let site = site(true, false);
    let scenarios = &site["public-figures/scenarios.svg"];
    // Without the style and the key below the scale, each shape is one of a row.
    let rows = |svg: &str| {
        let (_, drawn) = svg.split_once("</style>").unwrap();
        drawn.split_once("class=\"invented\"").unwrap().0.to_owned()
    };
    let count = |svg: &str, what: &str| rows(svg).matches(what).count();
    let all = figures.scenarios.len();
    for shape in [
        "rect class=\"tail\"",
        "rect class=\"solid\"",
        "path class=\"thin\"",
    ] {
        assert_eq!(count(scenarios, shape), all + 1, "{shape}");
    }
    let height = |words: &str| -> f64 {
        let end = scenarios.find(words).unwrap_or_else(|| panic!("no {words}"));
        let text = &scenarios[scenarios[..end].rfind("<text").unwrap()..end];
        let (_, y) = text.split_once(" y=\"").unwrap();
        y.split('"').next().unwrap().parse().unwrap()
    };
    let note = height("Shown beside the range, and not part of it");
    for one in &figures.scenarios {
        // A long name goes on in a second line.
        let start: Vec<&str> = one.name.split(' ').take(4).collect();
        assert_eq!(height(&start.join(" ")) < note, one.in_range, "{start:?}");
    }
    let edges = figures.scenarios.iter().filter(|one| !one.in_range).count();
    assert_eq!(scenarios.matches("<g class=\"beside\"").count(), edges);
    assert!(edges > 0);
    let per_head = &site["public-figures/per-100000.svg"];
    let rates = figures
        .published
        .iter()
        .filter(|one| one.crude_in_100000.is_some())
        .count();
    assert_eq!(count(per_head, "circle class=\"published\""), rates + 1);
    assert_eq!(count(per_head, "rect class=\"solid\""), 3);
    assert_eq!(count(per_head, "path class=\"thin\""), 2);
    // Those colours mean people recorded, and people found elsewhere.
    for svg in [scenarios, per_head] {
        assert!(!rows(svg).contains("class=\"recorded\"") && !rows(svg).contains("class=\"rest\""));
    }
}
