//! The frame of every page: head, notice, header, footer, and the line that says where a figure comes from.
//!
//! Invariants: no inline script or style (the content policy forbids both); a simulated or unapproved site is not
//! indexed and says so at the top of every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use protect::State;

use crate::figures::Place;
use crate::language;
use crate::pages::{missing, real, reports, signs};
use crate::site::Site;
use crate::{tables, words};

/// A finished page.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) html: String,
    /// How it is set as a document, if it is one.
    pub(crate) paper: Option<Paper>,
}

impl Page {
    /// The same page, which is a document too.
    pub(crate) fn on(self, paper: Paper) -> Self {
        Self {
            paper: Some(paper),
            ..self
        }
    }
}

/// How many sheets a document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    /// As many as it needs.
    Open,
    /// So many and no more.
    Sheets(usize),
}

impl Paper {
    pub(crate) fn fits(self, sheets: usize) -> bool {
        match self {
            Self::Open => true,
            Self::Sheets(most) => sheets <= most,
        }
    }
}

/// Where in the menu a page belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Menu {
    Count,
    Hospitals,
    Nations,
    Care,
    Counted,
    Methods,
    Data,
    None,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// Puts a page into its frame. `path` says how deep it lies, and so how its links lead back.
pub(crate) fn page(site: &Site<'_>, path: &str, menu: Menu, title: &str, content: Markup) -> Page {
    let up = way_up(path);
    let main = tables::named(&content.into_string());
    let hidden = !site.manifest.notices.is_empty();
    let markup = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                @if hidden { meta name="robots" content="noindex, nofollow"; }
                (about(site, title, &main))
                @if language::has_welsh(site, path) {
                    link rel="alternate" hreflang="en-GB" href={ (up) (path) };
                    link rel="alternate" hreflang="cy" href={ (up) (language::welsh(path)) };
                }
                link rel="icon" type="image/svg+xml" href={ (up) "assets/icon.svg" };
                link rel="alternate" type="application/atom+xml" title="Releases" href={ (up) (crate::open::FEED) };
                link rel="stylesheet" href={ (up) "assets/site.css" };
                script src={ (up) "assets/site.js" } defer {}
            }
            body {
                a.skip href="#main" { "Skip to main content" }
                (notices(site, path))
                (header(site, path, &up, menu))
                main #main tabindex="-1" { (PreEscaped(main)) }
                (footer(site, path, &up))
            }
        }
    };
    Page {
        path: path.to_owned(),
        title: title.to_owned(),
        html: markup.into_string(),
        paper: None,
    }
}

/// From a page to the top of its site. The page for a wrong address is shown at whatever depth that address had, so its ways
/// begin at the root of the server.
fn way_up(path: &str) -> String {
    if path == missing::PATH {
        return "/".to_owned();
    }
    "../".repeat(path.matches('/').count())
}

/// A page's title and what it is about, for its tab, for search and for whoever is sent a link to it. There is no picture:
/// its address would have to be whole, and the program does not know where a site will lie.
fn about(site: &Site<'_>, title: &str, main: &str) -> Markup {
    let whole = html! {
        (title) " – Counted"
        @if let Some(notice) = site.manifest.notice() { " (" (notice) ")" }
    };
    let summary = summary(title, main);
    html! {
        title { (whole) }
        meta name="description" content=(summary);
        meta property="og:title" content=(whole);
        meta property="og:description" content=(summary);
        meta property="og:type" content="website";
        meta property="og:site_name" content="Counted";
        meta property="og:locale" content="en_GB";
    }
}

/// A page in a sentence or two: its introduction, where that is words alone, so that its Welsh is the same; else its title.
fn summary(title: &str, main: &str) -> Markup {
    let intro = main.split_once("<p class=\"intro\">");
    let intro = intro.and_then(|(_, from)| from.split_once("</p>"));
    match intro.filter(|(words, _)| !words.contains('<')) {
        // It stands on the page, so it is escaped already.
        Some((words, _)) => PreEscaped(words.to_owned()),
        None => html! { (title) " – everyone living with secondary breast cancer, counted" },
    }
}

/// The ways into a long page: the id of each part, and the words of its heading.
pub(crate) fn on_this_page(parts: &[(String, String)]) -> Markup {
    html! {
        ul.on-this-page { @for (id, words) in parts { li { a href={ "#" (id) } { (words) } } } }
    }
}

fn notices(site: &Site<'_>, path: &str) -> Markup {
    html! {
        @if !site.manifest.notices.is_empty() {
            aside.notices aria-label="About this site" {
                @for notice in &site.manifest.notices {
                    @if *notice == protect::SIMULATED_NOTICE {
                        p.notice {
                            strong { (notice) } " Every name and number here is made up, to show how Counted works"
                            @if let Some(part) = real::on(site, path) {
                                ", but for one part of this page: " a href={ "#" (part.id) } { (part.words) }
                            }
                            "."
                        }
                    } @else {
                        p.notice.unapproved { strong { (notice) } }
                    }
                }
            }
        }
    }
}

fn header(site: &Site<'_>, path: &str, up: &str, menu: Menu) -> Markup {
    let items = [
        (Menu::Count, "index.html", "The count"),
        (Menu::Hospitals, "hospitals/index.html", "Hospitals"),
        (Menu::Nations, "nations/index.html", "Nations"),
        (Menu::Care, "care.html", "Care"),
        (Menu::Counted, "am-i-counted.html", "Am I counted?"),
        (Menu::Methods, "methods.html", "How we count"),
        (Menu::Data, "data.html", "Data"),
    ];
    let there = |item: Menu| site.sourced.is_some() || ![Menu::Care, Menu::Counted].contains(&item);
    html! {
        header.site-header {
            div.wide {
                a.wordmark href={ (up) "index.html" } {
                    svg.tally viewBox="0 0 34 26" width="34" height="26" aria-hidden="true" focusable="false" {
                        path d="M4 4v18M11 4v18M18 4v18M25 4v18" {}
                        path.stroke d="M1 20L29 6" {}
                    }
                    "Counted"
                }
                nav aria-label="Main" {
                    ul {
                        @for (item, path, words) in items.into_iter().filter(|(item, ..)| there(*item)) {
                            li { a href={ (up) (path) } aria-current=[(item == menu).then_some("page")] { (words) } }
                        }
                    }
                }
                @if language::has_welsh(site, path) {
                    a.language href={ (up) (language::welsh(path)) } hreflang="cy" lang="cy" { "Cymraeg" }
                }
            }
        }
    }
}

/// The public part of the ledger, which whoever approves a release lays beside its pages.
pub const LEDGER: &str = "ledger.jsonl";

fn footer(site: &Site<'_>, path: &str, up: &str) -> Markup {
    let manifest = site.manifest;
    html! {
        footer.site-footer {
            div.wide {
                p.promise { "Everyone living with secondary breast cancer, counted." }
                (links(site, up))
                p { "Counted is independent. We are not part of the NHS, of a national audit or of a charity." }
                p {
                    "Study: " (manifest.study) ". Records up to " (words::date(&manifest.as_of)) ". Definition "
                    (manifest.definition) ". Disclosure rule " (manifest.policy) ". Release " code { (manifest.release) } "."
                }
                @if manifest.approved {
                    p { a href={ (up) (LEDGER) } { "The entry of this release in the public ledger" } }
                }
                @if let Some(notice) = manifest.notice() {
                    p {
                        strong { (notice) "." }
                        @if let Some(part) = real::on(site, path) { " " (part.foot) }
                    }
                }
            }
        }
    }
}

/// The ways to every page of its own, in three groups.
fn links(site: &Site<'_>, up: &str) -> Markup {
    let count: &[(&str, &str)] = &[
        ("index.html", "The count"),
        ("hospitals/index.html", "Is my hospital counting?"),
        ("nations/index.html", "Nations and commitments"),
        ("who.html", "Who is counted"),
        (reports::STATE_OF_THE_NATION, "State of the nation"),
    ];
    let mut living: Vec<(&str, &str)> = Vec::new();
    if site.sourced.is_some() {
        living.extend([
            ("am-i-counted.html", "Am I counted?"),
            ("care.html", "Care to expect"),
            ("support.html", "Where to find support"),
        ]);
    }
    if signs::stands_on(site) {
        living.push(("signs.html", "Signs to look out for"));
    }
    let about: &[(&str, &str)] = &[
        ("methods.html", "How we count"),
        ("data.html", "Data to download"),
        ("accessibility.html", "Accessibility"),
        ("privacy.html", "Privacy"),
    ];
    let groups = [
        ("The count", count),
        ("If you live with it", &living),
        ("About", about),
    ];
    html! {
        div.foot-links {
            @for (title, links) in groups {
                @if !links.is_empty() {
                    div {
                        p.foot-title { (title) }
                        ul.links { @for (path, words) in links { li { a href={ (up) (path) } { (words) } } } }
                    }
                }
            }
        }
    }
}

/// The line under a figure: method, date, coverage, range, and the way to how it was made.
pub(crate) fn source(site: &Site<'_>, up: &str, method: &str, date: &str, range: &str) -> Markup {
    html! {
        dl.source {
            div { dt { "Method" } dd { (method) } }
            div { dt { "Date" } dd { (date) } }
            div { dt { "Records" } dd { (site.manifest.coverage) } }
            div { dt { "Range" } dd { (range) } }
            div { dt { "More" } dd { a href={ (up) "methods.html" } { "How this was counted" } } }
        }
    }
}

/// A table's caption, marked where people and hospitals are invented.
pub(crate) fn caption(site: &Site<'_>, words: &str) -> Markup {
    html! {
        caption {
            (words)
            @if let Some(mark) = site.mark() { " " span.mark { (mark) } }
        }
    }
}

/// The reasons for the empty answers met in a table, once each.
pub(crate) fn reasons(mut states: Vec<State>) -> Markup {
    states.retain(|state| *state != State::Shown);
    states.sort();
    states.dedup();
    html! {
        @if !states.is_empty() {
            dl.reasons {
                @for state in states {
                    div {
                        dt { @if state == State::Zero { "0" } @else { (words::empty(state)) } }
                        dd { (words::reason(state)) }
                    }
                }
            }
        }
    }
}

/// What “close to the line” means: under a table of a place's hospitals, or of all, where one of them says so.
pub(crate) fn close_to_line(site: &Site<'_>, place: Option<Place<'_>>) -> Markup {
    let close = site
        .hospitals
        .iter()
        .any(|h| h.close && place.is_none_or(|place| h.lies_in(place)));
    html! {
        @if close {
            dl.reasons { div { dt { "close to the line" } dd { "With a few more or fewer people it could be the next state." } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_page_is_summed_up_by_its_introduction_or_else_by_its_title() {
        let of = |main: &str| summary("A & B", main).into_string();
        assert_eq!(
            of("<h1>A</h1><p class=\"intro\">Words &amp; no more.</p><p>After</p>"),
            "Words &amp; no more."
        );
        let by_title = "A &amp; B – everyone living with secondary breast cancer, counted";
        assert_eq!(
            of("<p class=\"intro\">With <a href=\"x\">a way</a>.</p>"),
            by_title
        );
        assert_eq!(of("<p>None</p>"), by_title);
    }
}
