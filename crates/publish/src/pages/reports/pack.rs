//! Two pages about one hospital, for its board and for peer review.
//!
//! Invariants: two sheets of A4, whatever the figures; every figure is of the release; questions are the same for every
//! hospital, so that none is singled out.

use maud::{Markup, html};
use protect::{Figure, ReleasedRow};

use super::as_document;
use crate::chart;
use crate::map;
use crate::page::{Menu, Page, page as frame, source};
use crate::pages::{changes, hospital as hospital_page, next, years};
use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;

/// Whether a hospital has a pack: where it is asked to record.
pub(crate) fn stands_for(hospital: &Hospital<'_>) -> bool {
    hospital.state != State::NotInScope
}

/// The address of its pack.
pub(crate) fn address(hospital: &Hospital<'_>) -> String {
    format!("packs/{}", hospital.address())
}

pub(crate) fn page(site: &Site<'_>, hospital: &Hospital<'_>) -> Page {
    let content = html! {
        div.report.pack {
            (first(site, hospital))
            (second(site, hospital))
        }
    };
    let title = format!("For the board: {}", hospital.organisation.name);
    frame(site, &address(hospital), Menu::Hospitals, &title, content)
}

fn first(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let period = words::period(&site.manifest.state_period);
    let during = words::during(&site.manifest.state_period);
    html! {
        section.sheet aria-labelledby="report" {
            div.wide {
                nav.crumbs aria-label="Breadcrumb" {
                    a href="../hospitals/index.html" { "Hospitals" } " "
                    a href={ "../hospitals/" (hospital.address()) } { (hospital.short_name()) }
                }
                p.kicker { "For the board and for peer review: secondary breast cancer, page 1 of 2" }
                h1 #report { (hospital.organisation.name) }
                (as_document(&address(hospital)))
                div.state-card {
                    (map::symbol(hospital.sign()))
                    div {
                        p.state-words { (site.words(hospital.state)) }
                        p {
                            (hospital_page::sentence(site, hospital, &during))
                            @if hospital.close { " This is close to the line between two states." }
                        }
                        @if let Some(words) = hospital_page::held_back(site, hospital) { p { (words) } }
                    }
                }
                @if let Some(row) = hospital.row {
                    h2 { (headline(row)) }
                    @if hospital.is_judged() { (chart::share(site, "share", row, chart::Base::Elsewhere)) }
                    (hospital_page::table(site, hospital, row, &period))
                    (source(site, "../", hospital_page::method(hospital), &period, &hospital_page::range(hospital, row)))
                }
                (changes::compact(site, hospital))
            }
        }
    }
}

/// What the figures of recording find, from two released numbers.
fn headline(row: ReleasedRow<'_>) -> String {
    let (recorded, all) = chart::Base::Elsewhere.columns();
    let (recorded, all) = (row.figure(recorded), row.figure(all));
    let shown = |figure: Figure| figure.number().is_some();
    if shown(all) && shown(recorded) {
        // Both are rounded: where they are the same, a few may still lie between them.
        let part = if all.whole() == recorded.whole() && all.whole() != Some(0) {
            "nearly all".to_owned()
        } else {
            words::text(recorded)
        };
        format!(
            "Of {} people with signs in other records, {part} had been recorded",
            words::text(all)
        )
    } else {
        "The figures".to_owned()
    }
}

/// The latest years for which a sheet has room; the hospital's page has them all.
const YEARS: usize = 8;

/// The same for every hospital.
const QUESTIONS: [&str; 5] = [
    "Who is responsible here for recording secondary breast cancer, and who stands in?",
    "When it is found in another clinic or in an emergency, how does the news reach those who keep the records?",
    "Is it recorded when the team meets, or afterwards from the notes?",
    "When was the list of people whom other records show last looked through, and what came of it?",
    "What would help most: time, people, a change in the software, or a word from another hospital?",
];

fn second(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let mut panels = years::panels(site, hospital.place());
    for panel in &mut panels {
        let older = panel.bars.len().saturating_sub(YEARS);
        panel.bars.drain(..older);
    }
    let steps = next::list(site, hospital);
    html! {
        section.sheet aria-labelledby="years" {
            div.wide {
                p.kicker { (hospital.organisation.name) ", page 2 of 2" }
                h2 #years { "Year by year" }
                @if panels.is_empty() {
                    p { "There are no figures by year in this release." }
                } @else {
                    (years::titled(site, &panels, super::finding))
                    (years::with_table(site, &panels, hospital.short_name()))
                }
                div.columns {
                    div {
                        @if !steps.is_empty() {
                            h2 { "What could be done next" }
                            ul.steps { @for step in steps { li { (step) } } }
                        }
                    }
                    div {
                        h2 { "Questions to ask" }
                        ol.steps { @for question in QUESTIONS { li { (question) } } }
                    }
                }
                p.reading {
                    "These figures are about records and say nothing about the care that people get. Small numbers are hidden and the "
                    "others are rounded. Hospitals are not ranked. Study: " (site.manifest.study) ", records up to "
                    (words::date(&site.manifest.as_of)) ", definition " (site.manifest.definition) ", release "
                    code { (site.manifest.release) } ". " a href="../methods.html" { "How we count" }
                }
            }
        }
    }
}
