//! The map of hospitals, and the same facts in a table.

use maud::html;

use crate::map;
use crate::page::{Menu, Page, page as frame, source};
use crate::pages::parts;
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
        }
        div.wide.with-map {
            section.map-column aria-labelledby="map-heading" {
                h2 #map-heading { "Map" }
                p { a href="#hospitals" { "Skip the map and go to the table" } }
                (map::map(site, &format!("Map of hospitals in {} by how much they record, {period}", site.facts.country_name)))
                (source(site, "../", "Recorded, of the people with signs in other records", &period, "a state says when it is close to a line"))
            }
            div.list-column {
                section aria-labelledby="states" {
                    h2 #states { "What the signs mean" }
                    (map::legend(site, None))
                }
            }
        }
        section aria-labelledby="table-heading" {
            div.wide {
                h2 #table-heading { "Table" }
                (parts::table_of_hospitals(site, None, "", &format!("Hospitals in order of name, {period}")))
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
