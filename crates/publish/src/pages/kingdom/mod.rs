//! The United Kingdom from public figures: real figures on the site of an invented nation, kept apart from it.
//!
//! Invariants: nothing here comes out of the release, and nothing of the release stands here; every table and chart
//! carries the words "Real figures". On a phone each row of a wide table becomes a card; the roles keep it a table for
//! those who hear it. Why no `Release` is needed: [`crate::public_figures`].

mod how;
mod published;
mod section;

pub(crate) use how::how;
pub(crate) use published::all as published;
pub(crate) use section::section;

use maud::{Markup, html};

/// What every table and chart of these figures says.
pub(crate) const MARK: &str = "Real figures, from public sources";

/// The id of the section, on the front page and on the page of methods.
pub(crate) const ID: &str = "united-kingdom";

/// The strip at the head of a section.
fn strip() -> Markup {
    html! {
        p.real-strip { strong { "Real figures" } ", not part of the invented nation above" }
    }
}

/// The command that makes the figures again, broken between its words only.
fn command(line: &str) -> Markup {
    html! {
        p.command { code { @for (at, word) in line.split(' ').enumerate() { @if at > 0 { " " } span { (word) } } } }
    }
}

/// A link to where a fact was printed.
fn link(title: &str, url: &str) -> Markup {
    html! { a href=(url) { (title) } }
}
