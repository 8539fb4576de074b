//! What others have published, per 100,000 people, with what each figure counts. The parts are those of the front page
//! ([`crate::pages::kingdom`]), so that both say the same.

use maud::{Markup, html};

use crate::chart;
use crate::open;
use crate::pages::{kingdom, real};
use crate::site::Site;

pub(super) fn all(site: &Site<'_>) -> Markup {
    html! {
        h2 #elsewhere { "Other countries’ figures" }
        p.measure {
            "No two of these were made alike: the day or the year, women or everyone, counted or worked out. Each says which. "
            "None is age-standardised, so a country with more older people has more."
        }
        (chart::per_head(&site.elsewhere, "per-head", real::mark(site)))
        @if site.public_figures.is_some() { (open::per_head_links("../")) }
        (kingdom::published(&site.elsewhere, real::mark(site)))
    }
}
