//! Care to expect: the eleven standards in plain words, what is measured nationally, what cannot be; and a card to print.
//!
//! Everything here comes from `definitions/standards/` ([`crate::sourced`]), nothing from a release.

use maud::{Markup, html};

use crate::page::{Menu, Page, Paper, page as frame};
use crate::pages::reports::as_document;
use crate::pages::{measured, real};
use crate::site::Site;
use crate::sourced::{Standard, Standards};
use crate::words;

/// The page and the card.
pub(crate) fn pages(site: &Site<'_>, standards: &Standards) -> [Page; 2] {
    [page(site, standards), card(site, standards)]
}

fn page(site: &Site<'_>, standards: &Standards) -> Page {
    let measured = standards
        .standard
        .iter()
        .filter(|one| !one.items.is_empty())
        .count();
    let rest = standards.standard.len() - measured;
    let inside = html! {
        h2.visually-hidden #(real::STANDARDS) { "The standards" }
        div.columns.care-lead {
            p {
                "Nobody has to ask for these as a favour: they say what everyone should be able to expect, wherever they live. "
                "Which of them your hospital meets, you and the people who care for you know best."
            }
            p {
                strong { (words::count(measured)) " of the eleven" } " leave some trace in national records, so that it can be counted "
                "how often they are met. For the other " (words::count(rest).to_lowercase()) " no national record exists: "
                "whether they are met can only be asked."
            }
        }
        @for (group, of) in standards.groups() {
            h2.care-group { (group) }
            ol.care-list start=(of.first().map_or(1, |one| one.number)) { @for one in of { (standard(one)) } }
        }
        p.measure.under {
            (standards.source) ". Version " (standards.version) ". Our wording has not been reviewed by a clinical panel."
        }
    };
    let content = html! {
        div.wide.top {
            h1 { "Care to expect" }
            p.intro { "Eleven things that everyone with secondary breast cancer should be able to expect, and whether anybody measures them." }
            p { a.button href="care-card.html" { "A card to print" } }
        }
        (real::section(site, real::STANDARDS, "Real standards of care", &inside))
        section aria-labelledby="if-not" {
            div.wide.columns {
                div {
                    h2 #if-not { "If something is missing" }
                    p {
                        "Take the card to your next appointment and ask. Your nurse or consultant is the first to ask; if that does "
                        "not help, each hospital has people who take up questions and complaints for those it looks after, and "
                        "those under " a href="support.html" { "where to find support" } " can help you to ask."
                    }
                }
                div {
                    h2 { "What this site shows of it" }
                    p {
                        a href=(measured::PATH) { "Care, as the records show it" } " has what the records of whole nations say of each "
                        "standard, and how much they leave out. It does not compare hospitals: one that records little may give "
                        "excellent care."
                    }
                }
            }
        }
    };
    frame(site, "care.html", Menu::Care, "Care to expect", content)
}

fn standard(one: &Standard) -> Markup {
    html! {
        li.care value=(one.number) #{ "standard-" (one.number) } {
            span.care-number aria-hidden="true" { (one.number) }
            div {
                h3 { (one.title) }
                p.care-text { (one.text) }
                dl.care-facts {
                    div {
                        dt { "Measured nationally" }
                        dd {
                            @if one.items.is_empty() { span.empty { "no: no national record holds it" } }
                            @else {
                                (one.shows)
                                span.under { "From: " (one.items.join("; ")) }
                            }
                        }
                    }
                    div { dt { "Cannot be measured" } dd { (one.cannot) } }
                    div { dt { "What it asks of a hospital" } dd { (one.board) } }
                }
            }
        }
    }
}

/// The card: one side of a sheet, with room to write.
fn card(site: &Site<'_>, standards: &Standards) -> Page {
    let inside = html! {
        h2.visually-hidden #(real::STANDARDS) { "The card" }
        div.care-card {
            @for (group, of) in standards.groups() {
                div.card-group {
                    h3 { (group) }
                    ol start=(of.first().map_or(1, |one| one.number)) {
                        @for one in of {
                            li value=(one.number) { span.box aria-hidden="true" {} strong { (one.number) ". " (one.title) } span { (one.text) } }
                        }
                    }
                }
            }
            div.card-group.card-write {
                h3 { "To write down" }
                ul {
                    @for line in ["My nurse", "Telephone", "The hospital’s 24-hour line", "I want to ask about"] {
                        li { span { (line) } span.line aria-hidden="true" {} }
                    }
                }
            }
            p.under { (standards.source) ". Version " (standards.version) "." }
        }
    };
    let content = html! {
        div.wide.top.card-top {
            nav.crumbs aria-label="Breadcrumb" { a href="care.html" { "Care to expect" } }
            h1 { "Care to expect with secondary breast cancer" }
            p.intro.screen-only { "Print this page: it fits on one sheet. Tick what you have; ask about the rest." }
            (as_document("care-card.html"))
        }
        (real::section(site, real::STANDARDS, "Real standards of care", &inside))
    };
    frame(
        site,
        "care-card.html",
        Menu::Care,
        "Care to expect: a card to print",
        content,
    )
    .on(Paper::Sheets(1))
}
