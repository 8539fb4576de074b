//! The state of the nation: the whole count on a few sheets, made anew with each release. The first is a brief by itself: the
//! number, what it rests on, and the map.

use maud::{Markup, html};

use super::as_document;
use crate::before::Before;
use crate::chart;
use crate::figures::Place;
use crate::map;
use crate::open;
use crate::page::{Menu, Page, page as frame, source};
use crate::pages::{changes, front, measured, parts, years};
use crate::site::Site;
use crate::words;

/// Where it is.
pub(crate) const PATH: &str = "state-of-the-nation.html";

pub(crate) fn page(site: &Site<'_>) -> Page {
    let content = html! {
        div.report {
            (summary(site, &whole(site)))
            (hospitals(site))
            (over_the_years(site, &whole(site)))
            (front::nations(site))
            (care(site))
            (front::checks(site, site.country(), ""))
            @if came_before(site) { (changes::of_country(site)) }
            (method(site, ""))
        }
    };
    let title = format!(
        "State of the nation: secondary breast cancer in {}",
        site.country_name
    );
    frame(site, PATH, Menu::Count, &title, content)
}

/// What a report is about.
pub(super) struct Subject<'a> {
    pub(super) place: Place<'a>,
    pub(super) name: &'a str,
    /// What stands before its heading.
    pub(super) kicker: String,
    /// Where the report is.
    pub(super) path: String,
    /// From the report back to the site.
    pub(super) up: &'static str,
}

fn whole<'a>(site: &'a Site<'_>) -> Subject<'a> {
    Subject {
        place: site.country(),
        name: &site.country_name,
        kicker: format!("State of the nation, {}", quarter(&site.manifest.as_of)),
        path: PATH.to_owned(),
        up: "",
    }
}

/// The quarter of a day: `October to December 2025`.
pub(super) fn quarter(day: &str) -> String {
    let mut parts = day.split('-');
    let (year, month) = (
        parts.next(),
        parts.next().and_then(|month| month.parse::<u8>().ok()),
    );
    let quarter = match month {
        Some(1..=3) => "January to March",
        Some(4..=6) => "April to June",
        Some(7..=9) => "July to September",
        Some(10..=12) => "October to December",
        _ => return words::date(day),
    };
    format!("{quarter} {}", year.unwrap_or_default())
}

pub(super) fn summary(site: &Site<'_>, of: &Subject<'_>) -> Markup {
    let latest = site.figures.latest(of.place, "living");
    html! {
        section.sheet aria-labelledby="report" {
            div.wide {
                p.kicker { (of.kicker) }
                h1 #report { "Secondary breast cancer in " (of.name) }
                @match latest {
                    Some((day, row)) => {
                        (parts::answer(row, of.name, day))
                        (source(site, of.up, parts::method(row), &words::period(day), &parts::range(row)))
                        (chart::share(site, "share", row, chart::Base::Found))
                        (parts::why_not_as_many(row))
                        (open::links(site, of.up, of.place, open::Chart::Share))
                    }
                    None => { p.answer { span.words { "This release has no figure for the people living with it." } } }
                }
                p.screen-only { "This report is made to be printed on A4. It has the same figures as the other pages." }
                (as_document(&of.path))
            }
        }
    }
}

pub(super) fn over_the_years(site: &Site<'_>, of: &Subject<'_>) -> Markup {
    let panels = years::panels(site, of.place);
    html! {
        @if !panels.is_empty() {
            section.sheet aria-labelledby="years" {
                div.wide {
                    h2 #years { "Year by year" }
                    (years::titled(site, &panels, super::finding))
                    (years::with_table(site, &panels, of.name))
                    (open::links(site, of.up, of.place, open::Chart::Years))
                }
            }
        }
    }
}

/// The hospitals, under a heading that says how many record nearly everyone.
fn hospitals(site: &Site<'_>) -> Markup {
    let scope = site.in_scope(None);
    html! {
        @if scope > 0 {
            section.sheet aria-labelledby="hospitals" {
                div.wide {
                    h2 #hospitals { (site.how_many_record(None)) }
                    div.columns {
                        (map::picture(site, "Map of hospitals by how much they record"))
                        div {
                            (map::legend(site, None))
                            p { a href="hospitals/index.html" { "Every hospital, in order of name" } }
                        }
                    }
                    (source(
                        site,
                        "",
                        "Recorded, of the people with signs in other records",
                        &words::period(&site.manifest.state_period),
                        "a state says when it is close to a line",
                    ))
                }
            }
        }
    }
}

/// The way to what care people get: its questions are too many for these sheets.
fn care(site: &Site<'_>) -> Markup {
    html! {
        @if site.sourced.is_some() && !measured::questions(site).is_empty() {
            section.sheet aria-labelledby="care" {
                div.wide {
                    h2 #care { "What care people get" }
                    p.measure {
                        "The records also say, nation by nation, what people got of the care in the eleven Standards of care, and how much "
                        "of it nobody recorded: " a href=(measured::PATH) { "Care, as the records show it" } "."
                    }
                }
            }
        }
    }
}

/// Whether there is anything to say of a release before this one.
pub(super) fn came_before(site: &Site<'_>) -> bool {
    !matches!(site.before, Before::Nothing)
}

/// In three sentences; the page of methods has the rest.
pub(super) fn method(site: &Site<'_>, up: &str) -> Markup {
    let manifest = site.manifest;
    html! {
        section.sheet aria-labelledby="method" {
            div.wide {
                h2 #method { "How this was made" }
                p.measure {
                    "A written definition (" (manifest.definition) ") says which records show secondary breast cancer. Numbers are protected under "
                    "a written rule (" (manifest.policy) "), so that nobody can be recognised. This was made by " (manifest.program) " from records up to "
                    (words::date(&manifest.as_of)) ": " (manifest.coverage) ", release " code { (manifest.release) } "."
                }
                p { a href={ (up) "methods.html" } { "How we count, step by step" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::quarter;

    #[test]
    fn a_day_lies_in_its_quarter() {
        assert_eq!(quarter("2025-12-31"), "October to December 2025");
        assert_eq!(quarter("2025-03-01"), "January to March 2025");
        assert_eq!(quarter("2025"), "2025");
    }
}
