//! Where to find support: what we have read on public pages, each with its day.

use maud::{Markup, html};

use crate::page::{Menu, Page, page as frame};
use crate::pages::{real, signs};
use crate::site::Site;
use crate::sourced::Support;

pub(crate) fn page(site: &Site<'_>, support: &Support) -> Page {
    let content = html! {
        div.wide.top {
            h1 { "Where to find support" }
            p.intro { "Your own nurse or team is the first to ask. These are there as well, for you and for those close to you." }
            p.promise-card {
                strong { "If it cannot wait: " } "call your hospital’s 24-hour line, or 999."
                @if signs::stands_on(site) { " " a href="signs.html" { "Signs to look out for" } }
            }
        }
        (real::section(site, real::SUPPORT, "Real support", &inside(support)))
    };
    frame(site, "support.html", Menu::None, "Where to find support", content)
}

fn inside(support: &Support) -> Markup {
    html! {
        h2 #(real::SUPPORT) { "People who can help" }
        p.measure { (support.changed) }
        div.helpers {
            @for one in &support.support {
                div.card {
                    h3 { (one.name) }
                    p.under { (one.area) }
                    p { (one.offers) }
                    @if !one.telephone.is_empty() {
                        p.telephone {
                            a href={ "tel:" (one.telephone.replace(' ', "")) } { (one.telephone) }
                            @if !one.hours.is_empty() { span.under { (one.hours) } }
                        }
                    }
                    (real::sources(&one.sources))
                }
            }
        }
        p.measure.under {
            "In order of name. We are not part of any of them. Each was read on the day that stands beside it, some in a stored copy: "
            "numbers and hours may have changed since. Others who help are missing here because we could not check them."
        }
    }
}
