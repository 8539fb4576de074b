//! The short statements: accessibility and privacy.

use maud::html;

use crate::page::{Menu, Page, page as frame};
use crate::site::Site;

pub(crate) fn accessibility(site: &Site<'_>) -> Page {
    let content = html! {
        div.wide.top { h1 { "Accessibility" } }
        div.wide.text {
            p { "We want everyone to be able to use this site. It is made to meet the Web Content Accessibility Guidelines 2.2 at level AA." }
            ul {
                li { "Every page works without script, by keyboard alone, and with text made four times as large." }
                li { "The map is a picture of links; a table on the same page has the same facts." }
                li { "Every chart says its figures in numbers too: in a table on the same page, in the rows of the chart itself, or in the text of the picture." }
                li { "States are told apart by shape and words, never by colour alone." }
                li { "Pages can be printed." }
            }
            p { "A page of every kind is checked with an automatic tool at every change. Such tools do not find everything." }
            // A study names no contact: whoever publishes its pages adds one, and until then nobody is sent to look for it.
            p { "This copy of the site names nobody to tell when something does not work for you. Whoever publishes it must name here who answers, with an address, an e-mail address and a telephone number, before it goes out to the public." }
        }
    };
    frame(site, "accessibility.html", Menu::None, "Accessibility", content)
}

pub(crate) fn privacy(site: &Site<'_>) -> Page {
    let content = html! {
        div.wide.top { h1 { "Privacy" } }
        div.wide.text {
            h2 { "You, the visitor" }
            p { "This site sets no cookies, keeps no statistics and loads nothing from any other site. It never asks for your name, your address or your health." }
            h2 { "The people who are counted" }
            p { "No name, number, date of birth or postcode is on this site or in its files. There are only counts, and these are protected: " (site.manifest.policy_words) }
            p { a href="methods.html" { "How we count and how people are protected" } }
        }
    };
    frame(site, "privacy.html", Menu::None, "Privacy", content)
}
