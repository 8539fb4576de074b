//! Nations side by side, and what has been promised about counting.
//!
//! Two sources, never mixed: the nations of the study come out of the release; promises and the figures of other
//! countries out of committed, sourced files ([`crate::sourced`], [`crate::public_figures`]).

mod elsewhere;
mod promises;
mod side_by_side;

pub(crate) use side_by_side::{TITLE, people, rows};

use maud::html;

use crate::page::{Menu, Page, page as frame};
use crate::pages::{asked, network, real};
use crate::site::Site;

pub(crate) fn page(site: &Site<'_>) -> Page {
    let content = html! {
        div.wide.top {
            h1 { "Nations and commitments" }
            p.intro {
                "Each nation counts in its own way. Here is what the records show, nation beside nation"
                @if site.sourced.is_some() { ", and what was promised about counting, by whom and by when" }
                "."
            }
            @if site.sourced.is_some() {
                ul.on-this-page {
                    li { a href="#side-by-side" { "The nations side by side" } }
                    @if !site.networks.is_empty() { li { a href="#areas" { (network::ALL) } } }
                    li { a href={ "#" (real::PROMISES) } { "What was promised, and what shows it kept" } }
                    li { a href="#elsewhere" { "Other countries’ figures" } }
                }
            }
        }
        (side_by_side::section(site))
        (network::list(&site.networks, network::ALL))
        (asked::by_nation(site))
        @if let Some(sourced) = &site.sourced {
            (real::section(site, real::PROMISES, "Real promises and figures", &html! {
                (promises::all(site, &sourced.commitments))
                (elsewhere::all(site))
            }))
        }
    };
    frame(
        site,
        "nations/index.html",
        Menu::Nations,
        "Nations and commitments",
        content,
    )
}
