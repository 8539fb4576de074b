//! The signs of hospitals: on the map, in its legend, and in the table beside it.

use crate::support::reading::{each, site};

/// The state of most hospitals reaches from 10% to 90%: its pin says more, from the percentage that the table shows.
#[test]
fn a_pin_says_on_which_side_of_half_a_released_percentage_lies() {
    let site = site(true, false);
    let (under, more) = (
        "M0 0V-5.5A5.5 5.5 0 0 1 5.5 0Z",
        "M0 0V-5.5A5.5 5.5 0 1 1 -5.5 0Z",
    );
    let hidden = "M0 -5.5A5.5 5.5 0 0 0 0 5.5Z";
    for page in ["hospitals/index.html", "hospitals/hexagons.html"] {
        let html = &site[page];
        for (name, words, shape) in [
            // 45 of 105, 30 of 60, and a number of 35 that is hidden.
            ("Mossbridge", "under half", under),
            ("Brackenhythe", "half or more", more),
            ("Castlefell", "percentage not shown", hidden),
        ] {
            let label = format!("aria-label=\"{name}: Recording 10% to under 90%, {words}\"");
            let pin = each(html, &label, "</a>")
                .next()
                .unwrap_or_else(|| panic!("{page}: {label}"));
            assert!(
                pin.contains("class=\"pin partly\"") && pin.contains(shape),
                "{pin}"
            );
        }
        // The legend counts them apart, and together they are as many as the state has.
        let legend = each(html, "<dl class=\"legend\"", "</dl>").next().unwrap();
        let counts = each(legend, "Recording 10% to under 90%, ", "</dt>").map(|term| {
            let count = each(term, "<span class=\"count\">", "</span>").next().unwrap();
            count["<span class=\"count\">".len()..].parse::<usize>().unwrap()
        });
        let counts: Vec<usize> = counts.collect();
        assert_eq!((counts.len(), counts.iter().sum::<usize>()), (3, 15), "{legend}");
    }
    let picture = &site["charts/map.svg"];
    for (words, shape) in [
        ("under half: ", under),
        ("half or more: ", more),
        ("not shown: ", hidden),
    ] {
        assert!(picture.contains(words) && picture.contains(shape), "{words}");
    }
}

#[test]
fn close_to_the_line_is_explained_where_a_hospital_is() {
    let means =
        "<dt>close to the line</dt><dd>With a few more or fewer people it could be the next state.</dd>";
    let site = site(true, false);
    let close = "<span class=\"under\">close to the line</span>";
    for page in [
        "hospitals/index.html",
        "nations/averland.html",
        "reports/averland.html",
        "reports/corrow.html",
    ] {
        let html = &site[page];
        assert_eq!(html.contains(close), html.contains(means), "{page}");
    }
    assert!(site["hospitals/index.html"].contains(means));
}

#[test]
fn under_the_table_stand_only_words_that_one_of_its_cells_says() {
    for (name, site) in crate::languages::sites() {
        let html = &site["hospitals/index.html"];
        let (table, after) = html[html.find("<table").unwrap()..]
            .split_once("</table>")
            .unwrap();
        for words in
            each(after, "<dl class=\"reasons\"", "</dl>").flat_map(|list| each(list, "<dt>", "</dt>"))
        {
            assert!(table.contains(&words["<dt>".len()..]), "{name}: {words}");
        }
    }
}

#[test]
fn the_table_has_the_sign_of_the_map() {
    let site = site(true, false);
    let html = &site["hospitals/index.html"];
    for (file, shape) in [
        ("INV14", "M0 0V-5.5A5.5 5.5 0 0 1 5.5 0Z"),
        ("INV02", "M0 0V-5.5A5.5 5.5 0 1 1 -5.5 0Z"),
    ] {
        let (_, table) = html.split_once("<table").unwrap();
        let link = format!("href=\"{file}.html\"");
        let row = each(table, &link, "</tr>").next().unwrap();
        assert!(
            row.contains(shape) && row.contains("<span>Recording 10% to under 90%</span>"),
            "{row}"
        );
        assert!(site[&format!("hospitals/{file}.html")].contains(shape), "{file}");
    }
}
