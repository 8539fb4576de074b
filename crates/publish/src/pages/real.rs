//! What is real on the site of an invented nation: how it is told apart, page by page.
//!
//! Invariant: a page that holds anything real says at its top what, and where; the part itself is marked before it says
//! anything. On the site of a real nation nothing is marked, because everything is real.

use maud::{Markup, html};

use crate::pages::kingdom;
use crate::site::Site;

/// What is real on a page of an invented study.
pub(crate) struct Stands {
    /// The id of the part's heading.
    pub(crate) id: &'static str,
    /// What it is, as a link in the notice.
    pub(crate) words: &'static str,
    /// What the footer says of it.
    pub(crate) foot: &'static str,
}

/// The ids of the headings of real parts.
pub(crate) const PROMISES: &str = "promises";
pub(crate) const STANDARDS: &str = "standards";
pub(crate) const SIGNS: &str = "signs";
pub(crate) const SUPPORT: &str = "support";
pub(crate) const COUNTED: &str = "counted";

/// The real part of a page; none on the site of a real nation, where nothing is invented.
pub(crate) fn on(site: &Site<'_>, path: &str) -> Option<Stands> {
    let (id, words, foot) = match path {
        "index.html" | "methods.html" if site.public_figures.is_some() => (
            kingdom::ID,
            "real figures for the United Kingdom",
            "The figures for the United Kingdom on this page are real.",
        ),
        "nations/index.html" => (
            PROMISES,
            "real promises, and figures that others have published",
            "The promises and the figures that others have published are real.",
        ),
        "care.html" | "care-card.html" => (
            STANDARDS,
            "the standards of care",
            "The standards of care on this page are real.",
        ),
        "signs.html" => (
            SIGNS,
            "signs to look out for",
            "The signs on this page are a draft.",
        ),
        "support.html" => (SUPPORT, "real support", "The support on this page is real."),
        "am-i-counted.html" => (COUNTED, "what to ask", "What to ask is meant for real hospitals."),
        _ => return None,
    };
    (site.manifest.simulated && site.sourced.is_some()).then_some(Stands { id, words, foot })
}

/// What a table or chart of real facts says on an invented site.
pub(crate) fn mark(site: &Site<'_>) -> Option<&'static str> {
    site.manifest
        .simulated
        .then_some("Real facts, from public sources")
}

/// A section of real facts: on an invented site in its own colour and under its own strip, otherwise like any other.
/// Its heading carries the id.
pub(crate) fn section(site: &Site<'_>, id: &str, strip: &str, content: &Markup) -> Markup {
    html! {
        @if site.manifest.simulated {
            section.real aria-labelledby=(id) {
                p.real-strip { strong { (strip) } ", not part of the invented nation" }
                div.wide { (content) }
            }
        } @else {
            section aria-labelledby=(id) { div.wide { (content) } }
        }
    }
}

/// Where facts were read, with the day.
pub(crate) fn sources(sources: &[crate::sourced::Source]) -> Markup {
    html! {
        ul.sources {
            @for one in sources {
                li { a href=(one.url) { (one.title) } span.under { "read on " (crate::words::date(&one.seen)) } }
            }
        }
    }
}
