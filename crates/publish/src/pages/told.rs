//! What a hospital told us when it was asked, and its response to this page, on the page of that hospital.
//!
//! Invariant: both stand in sections of their own, after what is measured.

use maud::{Markup, html};

use crate::map;
use crate::page::caption;
use crate::site::{Hospital, Site};
use crate::told::Told;
use crate::words;

/// Both sections, where there is something in them.
pub(super) fn sections(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    html! { (answers(site, hospital)) (response(site, hospital)) }
}

fn answers(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let answers = site.answers_of(&hospital.organisation.code);
    html! {
        @if !answers.is_empty() {
            section aria-labelledby="told" {
                div.wide {
                    h2 #told { "What it told us" }
                    p.measure {
                        "This is what it answered when it was asked directly. It stands beside what the records show and changes nothing there. "
                        "The two can differ: people in a hospital may not know what reaches the national records."
                    }
                    table.figures {
                        (caption(site, &format!("Answers of {}", hospital.short_name())))
                        thead { tr { th scope="col" { "Question" } th scope="col" { "Answer" } th scope="col" { "Source" } } }
                        tbody {
                            @for answer in answers {
                                tr {
                                    th scope="row" { (answer.question.words()) }
                                    td { (answer_words(answer.told)) span.under { (when(answer)) } }
                                    td { a href=(answer.source_url) { (host(&answer.source_url)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn answer_words(told: Told) -> &'static str {
    match told {
        Told::Yes => "Yes",
        Told::Partly => "Partly",
        Told::No => "No",
        Told::NoResponse => "No answer yet",
    }
}

fn when(answer: &crate::told::Answer) -> String {
    match &answer.answered_on {
        Some(day) => words::date(day),
        None => format!("asked on {}", words::date(&answer.asked_on)),
    }
}

/// The name of the site an address leads to.
fn host(address: &str) -> &str {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    rest.split('/').next().unwrap_or(rest)
}

fn response(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let responses = site.responses_of(&hospital.organisation.code);
    html! {
        @if !responses.is_empty() {
            section aria-labelledby="response" {
                div.wide {
                    h2 #response { "Its response" }
                    p.measure {
                        "In its own words. Two people read it before it was shown, so that nobody can be recognised in it; nothing else was changed."
                        @if let Some(mark) = site.mark() { " " span.mark { (mark) } }
                    }
                    @for response in responses {
                        blockquote.response {
                            @for paragraph in response.paragraphs() { p { (paragraph) } }
                            footer { (hospital.short_name()) ", " (words::date(response.date())) }
                        }
                    }
                }
            }
        }
    }
}

/// What the small signs beside the pins mean, where anybody was asked.
pub(super) fn legend(site: &Site<'_>) -> Markup {
    let count = |told: Told| site.hospitals.iter().filter(|h| h.told == Some(told)).count();
    html! {
        @if site.asked() {
            h3 { "What hospitals told us" }
            p { "A small sign beside a pin is what the hospital answered when it was asked. It never stands instead of what is measured." }
            dl.legend {
                @for told in Told::ALL {
                    @let hospitals = count(told);
                    @if hospitals > 0 {
                        div {
                            dt { (map::badge(told)) span { (told.words()) } span.count { (hospitals) } }
                            dd { (told.meaning()) }
                        }
                    }
                }
            }
        }
    }
}

/// A line under a hospital's state in the table of hospitals.
pub(super) fn line(told: Told) -> Markup {
    html! { span.state.told-line { (map::badge(told)) span { (told.words()) } } }
}
