//! The page of one nation, and the parts of it that the page of a network has as well.

use maud::{Markup, html};

use crate::chart;
use crate::figures::Place;
use crate::map;
use crate::open;
use crate::page::{Menu, Page, close_to_line, page as frame, source};
use crate::pages::{asked, changes, measured, network, parts, reports, years};
use crate::site::Site;
use crate::words;

pub(crate) fn page(site: &Site<'_>, nation: &str) -> Page {
    let place = Place {
        kind: "nation",
        name: nation,
    };
    let content = html! {
        (hero(site, place))
        (over_the_years(site, place))
        (changes::of_place(site, place, nation))
        (splits(site, place, nation))
        (network::list(&site.networks_in(nation), &format!("Areas of {nation}")))
        (hospitals(site, place, nation))
        (asked::of_nation(site, nation))
    };
    let path = format!("nations/{}.html", words::slug(nation));
    frame(
        site,
        &path,
        Menu::Nations,
        &format!("Secondary breast cancer in {nation}"),
        content,
    )
}

fn hero(site: &Site<'_>, place: Place<'_>) -> Markup {
    let nation = place.name;
    html! {
        section.hero.small aria-labelledby="question" {
            div.wide {
                nav.crumbs aria-label="Breadcrumb" { a href="index.html" { "Nations" } }
                h1 #question { "Secondary breast cancer in " (nation) }
                (living(site, place, nation))
                p { a.button href={ "../" (reports::report_of_nation(nation)) } { "A report for " (nation) ", to print" } }
                (care(site))
            }
        }
    }
}

/// The people living in a place on the last day that has a figure, and of those found how many were recorded. `name` is
/// what the place is called in a sentence.
pub(super) fn living(site: &Site<'_>, place: Place<'_>, name: &str) -> Markup {
    html! {
        @match site.figures.latest(place, "living") {
            Some((day, row)) => {
                div.columns {
                    div.lead {
                        (parts::answer(row, name, day))
                        (source(site, "../", parts::method(row), &words::period(day), &parts::range(row)))
                    }
                    div {
                        (chart::share(site, "share", row, chart::Base::Found))
                        (parts::why_not_as_many(row))
                        (open::links(site, "../", place, open::Chart::Share))
                    }
                }
            }
            None => { p.answer { span.words { "This release has no figure for the people living with it here." } } }
        }
    }
}

/// The way to care as it was measured, where the site has that page.
pub(super) fn care(site: &Site<'_>) -> Markup {
    html! {
        @if site.sourced.is_some() {
            p { a href={ "../" (measured::PATH) } { "What care people get, as records show it" } }
        }
    }
}

/// New, living and died in a place over the years.
pub(super) fn over_the_years(site: &Site<'_>, place: Place<'_>) -> Markup {
    html! {
        section.band aria-labelledby="years" {
            div.wide {
                h2 #years { "Year by year" }
                (years::years(site, place, place.name, "../"))
            }
        }
    }
}

/// The hospitals of a place in order of name, under what their signs mean; nothing where it has none.
pub(super) fn hospitals(site: &Site<'_>, place: Place<'_>, name: &str) -> Markup {
    let period = words::period(&site.manifest.state_period);
    html! {
        @if site.hospitals.iter().any(|h| h.lies_in(place)) {
            section aria-labelledby="hospitals-heading" {
                div.wide {
                    h2 #hospitals-heading { "Hospitals in " (name) }
                    (map::legend(site, Some(place)))
                    (parts::table_of_hospitals(site, Some(place), "../hospitals/", &format!("Hospitals in order of name, {period}")))
                    (close_to_line(site, Some(place)))
                }
            }
        }
    }
}

/// Living on the last day, by age, kind and sex; nothing where there is no table of any.
pub(super) fn splits(site: &Site<'_>, place: Place<'_>, nation: &str) -> Markup {
    let Some((day, _)) = site.figures.latest(place, "living") else {
        return html! {};
    };
    let is_bare = |column| site.figures.split(place, "living", day, column).is_empty();
    if ["age_band", "kind", "sex"].into_iter().all(is_bare) {
        return html! {};
    }
    let title = |by: &str| {
        format!(
            "People found living with it in {nation} on {}, by {by}",
            words::period(day)
        )
    };
    html! {
        section aria-labelledby="who" {
            div.wide {
                h2 #who { "Who is counted" }
                p { a href="../who.html" { "All nations, group by group" } }
                div.columns {
                    div {
                        (parts::split(site, place, day, "age_band", "Age", &title("age")))
                    }
                    div {
                        (parts::split(site, place, day, "kind", "Kind", &title("kind")))
                        (parts::split(site, place, day, "sex", "Sex", &title("sex")))
                    }
                }
            }
        }
    }
}
