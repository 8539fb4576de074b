//! The page of one nation.

use maud::{Markup, html};

use crate::chart;
use crate::figures::Place;
use crate::map;
use crate::open;
use crate::page::{Menu, Page, close_to_line, page as frame, source};
use crate::pages::{asked, changes, measured, parts, reports, years};
use crate::site::Site;
use crate::words;

pub(crate) fn page(site: &Site<'_>, nation: &str) -> Page {
    let place = Place {
        kind: "nation",
        name: nation,
    };
    let content = html! {
        (hero(site, place, nation))
        section.band aria-labelledby="years" {
            div.wide {
                h2 #years { "Year by year" }
                (years::years(site, place, nation, "../"))
            }
        }
        (changes::of_nation(site, place))
        (splits(site, place, nation))
        @if site.hospitals.iter().any(|h| h.organisation.nation == nation) {
            section aria-labelledby="hospitals-heading" {
                div.wide {
                    h2 #hospitals-heading { "Hospitals in " (nation) }
                    (map::legend(site, Some(nation)))
                    (parts::table_of_hospitals(
                        site,
                        Some(nation),
                        "../hospitals/",
                        &format!("Hospitals in order of name, {}", words::period(&site.manifest.state_period)),
                    ))
                    (close_to_line(site, Some(nation)))
                }
            }
        }
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

fn hero(site: &Site<'_>, place: Place<'_>, nation: &str) -> Markup {
    html! {
        section.hero.small aria-labelledby="question" {
            div.wide {
                nav.crumbs aria-label="Breadcrumb" { a href="index.html" { "Nations" } }
                h1 #question { "Secondary breast cancer in " (nation) }
                @match site.figures.latest(place, "living") {
                    Some((day, row)) => {
                        div.columns {
                            div.lead {
                                (parts::answer(row, nation, day))
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
                p { a.button href={ "../" (reports::report_of_nation(nation)) } { "A report for " (nation) ", to print" } }
                @if site.sourced.is_some() {
                    p { a href={ "../" (measured::PATH) } { "What care people get, as records show it" } }
                }
            }
        }
    }
}

/// Living on the last day, by age, kind and sex.
pub(super) fn splits(site: &Site<'_>, place: Place<'_>, nation: &str) -> Markup {
    let Some((day, _)) = site.figures.latest(place, "living") else {
        return html! {};
    };
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
