//! A report for each nation, in the form of the state of the nation: its own released figures and no others.

use maud::{Markup, html};

use super::nation::{Subject, came_before, method, over_the_years, quarter, summary};
use crate::figures::Place;
use crate::map;
use crate::page::{Menu, Page, close_to_line, page as frame, source};
use crate::pages::{changes, front, nation as nation_page, parts};
use crate::site::Site;
use crate::words;

/// Where a nation's report is.
pub(crate) fn address(nation: &str) -> String {
    format!("reports/{}.html", words::slug(nation))
}

pub(crate) fn page(site: &Site<'_>, nation: &str) -> Page {
    let of = Subject {
        place: Place {
            kind: "nation",
            name: nation,
        },
        name: nation,
        kicker: format!("{nation} in the count, {}", quarter(&site.manifest.as_of)),
        path: address(nation),
        up: "../",
    };
    let content = html! {
        div.report {
            (summary(site, &of))
            (over_the_years(site, &of))
            (nation_page::splits(site, of.place, nation))
            (hospitals(site, of.place))
            (front::checks(site, of.place, of.up))
            @if came_before(site) { (changes::of_place(site, of.place, nation)) }
            (method(site, of.up))
        }
    };
    let title = format!("Report for {nation}: secondary breast cancer");
    frame(site, &of.path, Menu::Nations, &title, content)
}

/// The nation's hospitals in order of name, under how many of them record nearly everyone.
fn hospitals(site: &Site<'_>, nation: Place<'_>) -> Markup {
    let scope = site.in_scope(Some(nation.name));
    let period = words::period(&site.manifest.state_period);
    html! {
        @if scope > 0 {
            section.sheet aria-labelledby="hospitals-heading" {
                div.wide {
                    h2 #hospitals-heading { (site.how_many_record(Some(nation.name))) }
                    (map::legend(site, Some(nation)))
                    (parts::table_of_hospitals(site, Some(nation), "../hospitals/", &format!("Hospitals in order of name, {period}")))
                    (close_to_line(site, Some(nation)))
                    (source(
                        site,
                        "../",
                        "Recorded, of the people with signs in other records",
                        &period,
                        "a state says when it is close to a line",
                    ))
                }
            }
        }
    }
}
