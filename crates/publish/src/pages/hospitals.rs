//! The map of hospitals, and the same facts in a table.

use maud::{Markup, html};

use crate::map;
use crate::open;
use crate::page::{Menu, Page, close_to_line, page as frame, source};
use crate::pages::{parts, told};
use crate::site::Site;
use crate::words;

pub(crate) fn page(site: &Site<'_>) -> Page {
    let period = words::period(&site.manifest.state_period);
    let content = html! {
        div.wide.top {
            h1 { "Is my hospital counting?" }
            p.intro {
                "Every hospital with a breast service is asked to record each person with secondary breast cancer. "
                "Here is how many of the people with signs in other records had been recorded."
            }
            p.measure {
                "Recording is about records, not about care. A hospital that records little may give excellent care, "
                "and there are often reasons that it cannot change alone. Hospitals are in order of name; we do not rank them."
            }
            (ways(site))
        }
        div.wide.with-map {
            (signs(site))
            section.map-column aria-labelledby="map-heading" {
                h2 #map-heading { "Map" }
                p { a href="hexagons.html" { "See it as hexagons of one size" } }
                (map::map(site, &format!("Map of hospitals in {} by how much they record, {period}", site.facts.country_name)))
                (open::map_links(site))
                (source(site, "../", "Recorded, of the people with signs in other records", &period, "a state says when it is close to a line"))
            }
        }
        section aria-labelledby="table-heading" {
            div.wide {
                h2 #table-heading { "Table" }
                (letters(site))
                (parts::table_of_hospitals(site, None, "", &format!("Hospitals in order of name, {period}")))
                (close_to_line(site, None))
            }
        }
    };
    frame(
        site,
        "hospitals/index.html",
        Menu::Hospitals,
        "Is my hospital counting?",
        content,
    )
}

/// The ways to one hospital, before the map: a pin is too small for a finger. The script puts its field before them.
fn ways(site: &Site<'_>) -> Markup {
    html! {
        p.ways {
            @if !site.nearest.is_empty() { a.button href="postcodes.html" { "Find a hospital by postcode" } " " }
            a href="#table-heading" { "Skip the map and go to the table" }
        }
    }
}

/// What the signs on a map mean: before it, so that whoever hears the page, or has it on a phone, knows them when they come to it.
fn signs(site: &Site<'_>) -> Markup {
    html! {
        div.list-column {
            section aria-labelledby="states" {
                h2 #states { "What the signs mean" }
                (map::legend(site, None))
                (told::legend(site))
            }
        }
    }
}

/// The letters with which names begin, each a way into the table: it stands in for searching where there is no script.
fn letters(site: &Site<'_>) -> Markup {
    let mut letters: Vec<String> = site.hospitals.iter().map(parts::first_letter).collect();
    letters.dedup();
    html! {
        @if letters.len() > 3 {
            nav.letters aria-label="Hospitals by first letter" {
                ul { @for letter in &letters { li { a href={ "#letter-" (words::slug(letter)) } { (letter) } } } }
            }
        }
    }
}

/// The same hospitals as hexagons of one size.
pub(crate) fn hexagons(site: &Site<'_>) -> Page {
    let period = words::period(&site.manifest.state_period);
    let content = html! {
        div.wide.top {
            nav.crumbs aria-label="Breadcrumb" { a href="index.html" { "Hospitals" } }
            h1 { "Hospitals as hexagons of one size" }
            p.intro {
                "Each hospital trust or board is one hexagon, near its place. No crowd hides another, and a wide, empty land does not "
                "look like more."
            }
        }
        div.wide.with-map {
            (signs(site))
            section.map-column aria-labelledby="hexagons-heading" {
                h2.visually-hidden #hexagons-heading { "Hexagons" }
                p { a href="index.html#table-heading" { "The same in a table" } }
                (map::hexagons(site, &format!("Hospitals in {} by how much they record, {period}", site.facts.country_name)))
                (source(site, "../", "Recorded, of the people with signs in other records", &period, "a state says when it is close to a line"))
            }
        }
    };
    frame(
        site,
        "hospitals/hexagons.html",
        Menu::Hospitals,
        "Hospitals as hexagons of one size",
        content,
    )
}
