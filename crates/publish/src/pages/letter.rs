//! A letter to copy or to print.
//!
//! Invariants: a visitor's own details are never asked for: what only they know stands in square brackets, to be filled
//! in wherever they paste or print it. Nothing is stored or sent.

use maud::{Markup, html};

/// A letter, line by line.
pub(crate) struct Letter {
    /// Its id on the page.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) heading: String,
    /// What stands above the salutation, a line each: places to fill in, and the addressee.
    pub(crate) head: Vec<String>,
    /// Its paragraphs, from the salutation to the name.
    pub(crate) paragraphs: Vec<String>,
}

/// Draws a letter under its heading. The script adds a button that copies it.
pub(crate) fn letter(letter: &Letter) -> Markup {
    html! {
        div.letter-block {
            h3 #{ (letter.id) "-heading" } { (letter.heading) }
            div.letter id=(letter.id) data-copy="yes" role="group" aria-labelledby={ (letter.id) "-heading" } {
                p.letter-head { @for (at, line) in letter.head.iter().enumerate() { @if at > 0 { br; } (line) } }
                @for paragraph in &letter.paragraphs { p { (paragraph) } }
            }
        }
    }
}
