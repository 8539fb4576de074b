//! Signs to look out for, emergencies first.
//!
//! Invariant: without a named clinical reviewer and a day the page exists in a simulated study only, and says that it is
//! a draft.

use maud::{Markup, html};

use crate::page::{Menu, Page, page as frame};
use crate::pages::real;
use crate::site::Site;
use crate::sourced::Signs;
use crate::words;

/// Whether a site has the page.
pub(crate) fn stands_on(site: &Site<'_>) -> bool {
    site.sourced
        .as_ref()
        .is_some_and(|sourced| site.manifest.simulated || sourced.signs.review().is_some())
}

pub(crate) fn page(site: &Site<'_>, signs: &Signs) -> Page {
    let content = html! {
        div.wide.top {
            h1 { "Signs to look out for" }
            @match signs.review() {
                Some((reviewer, day)) => p.intro { "Reviewed by " (reviewer) " on " (words::date(day)) "." },
                None => {
                    p.draft {
                        strong { "A draft, not to be relied on." } " No clinician has reviewed this page. It is here only to show what it "
                        "could look like, in a study of an invented nation. If you are worried about a sign, ask your nurse, your GP or "
                        "NHS 111."
                    }
                }
            }
        }
        (real::section(site, real::SIGNS, "A draft", &inside(signs)))
    };
    frame(site, "signs.html", Menu::None, "Signs to look out for", content)
}

fn inside(signs: &Signs) -> Markup {
    html! {
        h2 #(real::SIGNS) { "Emergencies: do not wait" }
        div.emergencies {
            @for one in &signs.emergency {
                div.emergency {
                    h3 { (one.title) }
                    p.call { strong { (one.call) } }
                    ul { @for sign in &one.signs { li { (sign) } } }
                    p { (one.why) }
                    (real::sources(&one.sources))
                }
            }
        }
        h2 { "Tell your team, or your GP, within days" }
        p.measure {
            "Nearly all of these have other causes far more often. They are worth a call when they are new, have no clear cause, or "
            "do not go away, even many years after breast cancer. Say that you have had it."
        }
        div.sign-places {
            @for place in &signs.place {
                div { h3 { (place.title) } ul { @for sign in &place.signs { li { (sign) } } } }
            }
        }
        h3 { "Where this was read" }
        (real::sources(&signs.sources))
    }
}
