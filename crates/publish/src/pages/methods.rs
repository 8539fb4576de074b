//! How we count: made from the facts of the run itself, so that it cannot say what was not done.

use maud::{Markup, html};
use protect::{PublicFact, PublicSection, State as Answer};

use crate::page::{Menu, Page, caption, on_this_page, page as frame, reasons};
use crate::pages::kingdom;
use crate::site::Site;
use crate::state::State;
use crate::{map, words};

pub(crate) fn page(site: &Site<'_>) -> Page {
    let manifest = site.manifest;
    let content = html! {
        div.wide.top {
            h1 { "How we count" }
            p.intro { "Every number on this site comes out of the steps below. This page is made by the same run as the numbers." }
            (on_this_page(&headings(site)))
        }
        div.wide.text {
            section aria-labelledby="what" {
                h2 #what { "What we count" }
                @for paragraph in &site.facts.definition { p { (paragraph) } }
                p { "Definition " strong { (manifest.definition) } ", applied to records up to " (words::date(&manifest.as_of))
                    ", counting from " (words::date(&manifest.period_from)) " to " (words::date(&manifest.period_to)) "." }
            }
            (words_we_use())
            (states(site))
            section aria-labelledby="protect" {
                h2 #protect { "How people are protected" }
                p { (manifest.policy_words) }
                p { "Where a hidden number could be worked out from a total, another number is hidden with it. Numbers may therefore not add up to their totals. Sex, age and other groups are shown for nations and countries only." }
            }
            (answers())
            @for section in &manifest.sections { (facts(site, section)) }
            section aria-labelledby="versions" {
                h2 #versions { "Versions" }
                dl.plain {
                    div { dt { "Program" } dd { (manifest.program) } }
                    div { dt { "Definition" } dd { (manifest.definition) } }
                    div { dt { "Disclosure rule" } dd { (manifest.policy) " – " (manifest.policy_title) } }
                    div { dt { "Release" } dd { code { (manifest.release) } } }
                }
            }
        }
        @if let Some(figures) = &site.public_figures { (kingdom::how(figures)) }
    };
    frame(site, "methods.html", Menu::Methods, "How we count", content)
}

/// Every heading of the page, in order.
fn headings(site: &Site<'_>) -> Vec<(String, String)> {
    let own = |(id, words): (&str, &str)| (id.to_owned(), words.to_owned());
    let first = [
        ("what", "What we count"),
        ("words", "The words we use"),
        ("states", "The states of hospitals"),
        ("protect", "How people are protected"),
        ("empty", "When there is no number"),
    ];
    let mut headings = Vec::from(first.map(own));
    headings.extend(
        site.manifest
            .sections
            .iter()
            .map(|section| (run_id(section), section.title.clone())),
    );
    headings.push(own(("versions", "Versions")));
    if site.public_figures.is_some() {
        headings.push(own((kingdom::ID, "The United Kingdom, from public figures")));
    }
    headings
}

/// Where a section of the run stands.
fn run_id(section: &PublicSection) -> String {
    format!("run-{}", words::slug(&section.id))
}

fn words_we_use() -> Markup {
    let entries = [
        (
            "Recorded",
            "A hospital stated in the national cancer data set, in the field meant for it, that the person has secondary breast cancer. Once, by any hospital, is enough.",
        ),
        (
            "Found",
            "Some record, or several together, shows that the person has secondary breast cancer, recorded or not.",
        ),
        (
            "Estimated",
            "How many people there are in truth, worked out from the people found: less those who will turn out not to have it, more those in no record or of before the records began. Its range says how far the truth may lie, if what is taken for granted holds.",
        ),
        (
            "Signs in other records",
            "Evidence in records of hospital stays, drug treatment, radiotherapy or waiting times.",
        ),
        (
            "New",
            "The first secondary breast cancer found for a person, in the year it was first seen.",
        ),
        ("Living", "Found, and alive, on a day."),
        (
            "Found only at death",
            "In no earlier record that we hold. It does not mean that nobody knew: only that no record of it reached this count.",
        ),
    ];
    html! {
        section aria-labelledby="words" {
            h2 #words { "The words we use" }
            dl.plain { @for (word, meaning) in entries { div { dt { (word) } dd { (meaning) } } } }
        }
    }
}

fn states(site: &Site<'_>) -> Markup {
    html! {
        section aria-labelledby="states" {
            h2 #states { "The states of hospitals" }
            p { "A state compares people who were recorded with people who have signs in other records, over 12 months that ended long enough ago for records to have arrived. “" (site.words(State::Collecting)) "” must hold for people with secondary breast cancer at first diagnosis, and for people in whom it came later, where there are at least " (site.facts.thresholds.fewest_people) " of each. Where the number recorded is too small to show, a number in the middle of what is hidden stands for it, so that the state gives nobody away: the true share may then lie on the other side of a line. “Close to the line” means that the range around the share reaches into the next state." }
            dl.legend {
                @for sign in State::ALL.into_iter().flat_map(State::signs) {
                    div { dt { (map::symbol(sign)) span { (site.sign_words(sign)) } } dd { (site.meaning(sign)) } }
                }
            }
        }
    }
}

fn answers() -> Markup {
    let all = [
        Answer::Zero,
        Answer::NotReported,
        Answer::Suppressed,
        Answer::NotComputable,
        Answer::TooFew,
        Answer::NotEstimated,
    ];
    html! {
        section aria-labelledby="empty" {
            h2 #empty { "When there is no number" }
            p { "An empty place in a table can mean very different things, so none is left empty." }
            (reasons(all.to_vec()))
        }
    }
}

fn facts(site: &Site<'_>, section: &PublicSection) -> Markup {
    let id = run_id(section);
    let counts = section.rows.iter().flatten().filter_map(|fact| match fact {
        PublicFact::Count(figure) if figure.number().is_none() => Some(figure.state()),
        _ => None,
    });
    html! {
        section aria-labelledby=(id) {
            h2 #(id) { (section.title) }
            p { (section.words) }
            @if !section.rows.is_empty() {
                table.figures.facts {
                    (caption(site, &section.title))
                    thead { tr { @for column in &section.columns { th scope="col" { (column) } } } }
                    tbody {
                        @for row in &section.rows {
                            tr { @for (index, fact) in row.iter().enumerate() { (cell(index, fact)) } }
                        }
                    }
                }
                (reasons(counts.collect()))
            }
        }
    }
}

fn cell(index: usize, fact: &PublicFact) -> Markup {
    let content = match fact {
        PublicFact::Text(text) => html! { (text) },
        PublicFact::Count(figure) => words::figure(*figure),
    };
    html! {
        @if index == 0 { th scope="row" { (content) } }
        @else { td.number[matches!(fact, PublicFact::Count(_))] { (content) } }
    }
}
