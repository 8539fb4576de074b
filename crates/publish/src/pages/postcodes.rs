//! Find a hospital by postcode district: a list that works without script, and is filtered where there is one.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::page::{Menu, Page, page as frame};
use crate::site::{Hospital, Site};
use crate::sourced::Nearest;

pub(crate) fn page(site: &Site<'_>, nearest: &[Nearest]) -> Page {
    let hospitals: BTreeMap<&str, &Hospital<'_>> = site
        .hospitals
        .iter()
        .map(|h| (h.organisation.code.as_str(), h))
        .collect();
    let mut areas: Vec<(&str, Vec<&Nearest>)> = Vec::new();
    for one in nearest
        .iter()
        .filter(|one| hospitals.contains_key(one.code.as_str()))
    {
        match areas.last_mut() {
            Some((area, of)) if *area == one.area => of.push(one),
            _ => areas.push((&one.area, vec![one])),
        }
    }
    let content = html! {
        div.wide.top {
            nav.crumbs aria-label="Breadcrumb" { a href="index.html" { "Hospitals" } }
            h1 { "Find a hospital by postcode" }
            p.intro { "Look for the first half of your postcode, such as CF14 or SW17. You need not type it: nothing that you look for leaves your device." }
            p.measure {
                "Named is the hospital trust or board with a breast service whose point on the map is nearest, by straight line and "
                "within the nation. It need not be the one that looks after you."
            }
        }
        section aria-labelledby="districts" {
            div.wide data-districts="yes" {
                h2.visually-hidden #districts { "Postcode districts" }
                nav.letters aria-label="Postcode areas" {
                    ul { @for (area, _) in &areas { li { a href={ "#area-" (area) } { (area) } } } }
                }
                @for (area, of) in &areas { (one_area(area, of, &hospitals)) }
            }
        }
    };
    frame(
        site,
        "hospitals/postcodes.html",
        Menu::Hospitals,
        "Find a hospital by postcode",
        content,
    )
}

fn one_area(area: &str, of: &[&Nearest], hospitals: &BTreeMap<&str, &Hospital<'_>>) -> Markup {
    html! {
        div.area {
            h3 #{ "area-" (area) } { (area) }
            ul {
                @for one in of {
                    @if let Some(hospital) = hospitals.get(one.code.as_str()) {
                        li { span.districts { (one.districts.join(", ")) } " " a href=(hospital.address()) { (hospital.short_name()) } }
                    }
                }
            }
        }
    }
}
