//! The page of one cancer network or alliance, for those who plan for an area; and the lists of them.
//!
//! Invariant: a network has a page where the release has a row of it, shown or hidden, and nothing here adds its hospitals
//! up.

use maud::{Markup, html};

use crate::figures::Place;
use crate::page::{Menu, Page, page as frame};
use crate::pages::{changes, nation};
use crate::site::Site;
use crate::words;

/// What a list of all networks is called, and the ways to it.
pub(super) const ALL: &str = "Areas: cancer networks and alliances";

/// Where the page of a network is.
pub(super) fn address(network: &str) -> String {
    format!("networks/{}.html", words::slug(network))
}

pub(super) fn page(site: &Site<'_>, network: &str) -> Page {
    let place = Place {
        kind: "network",
        name: network,
    };
    // Some are called after a place, some after a direction, some by the words for a network.
    let name = format!("the {network} area");
    let title = format!("Secondary breast cancer in {name}");
    let nations = site.nations_of(network);
    let content = html! {
        section.hero.small aria-labelledby="question" {
            div.wide {
                nav.crumbs aria-label="Breadcrumb" {
                    a href="../nations/index.html" { "Nations" } " "
                    @if let [nation] = nations.as_slice() { a href=(way_to(nation)) { (nation) } }
                }
                h1 #question { (title) }
                (nation::living(site, place, &name))
                @for nation in &nations { p { a href=(way_to(nation)) { "All of " (nation) } } }
                (nation::care(site))
            }
        }
        (nation::over_the_years(site, place))
        (changes::of_place(site, place, &name))
        (nation::hospitals(site, place, &name))
    };
    frame(site, &address(network), Menu::Nations, &title, content)
}

fn way_to(nation: &str) -> String {
    format!("../nations/{}.html", words::slug(nation))
}

/// Networks in order of name, each a way to its page, from a page of nations; nothing where there are none.
pub(super) fn list(networks: &[&str], heading: &str) -> Markup {
    html! {
        @if !networks.is_empty() {
            section aria-labelledby="areas" {
                div.wide {
                    h2 #areas { (heading) }
                    p.measure {
                        "These are cancer networks, in some places called cancer alliances. Each has a page with its own figures and its hospitals."
                    }
                    ul { @for network in networks { li { a href={ "../" (address(network)) } { (network) } } } }
                }
            }
        }
    }
}
