//! How the figures of the United Kingdom were worked out, for the page of methods.

use maud::{Markup, html};

use crate::public_figures::{Deaths, PublicFigures, Scenario};
use crate::words;

use super::{ID, MARK, command, link, strip};

/// The section of methods.
pub(crate) fn how(figures: &PublicFigures) -> Markup {
    let deaths = &figures.deaths;
    html! {
        section.real aria-labelledby=(ID) {
            (strip())
            div.wide.text {
                h2 #(ID) { "The United Kingdom, from public figures" }
                p {
                    "The figures for " (figures.place) " on the front page were not made like the rest of this site. No record of "
                    "a person went into them."
                }
                h3 { "From deaths to people living" }
                p {
                    "Almost everyone who dies of breast cancer has lived with secondary breast cancer. So deaths, year by year, "
                    "say how many people must have been diagnosed in the years before, if we know how long people live; and "
                    "from those who were diagnosed follows how many were still living. About one in ten of those who died are "
                    "taken to have been found only then."
                }
                p {
                    "Deaths are printed year by year for women in England. They were taken times "
                    (words::number(deaths.people_in_the_uk as i64)) " over " (words::number(deaths.women_in_england_then as i64))
                    ": the deaths a year of everyone in " (figures.place) ", and of women in England, mean of 2017 to 2019. "
                    "Rates are for " (figures.inhabitants.millions) " million inhabitants."
                }
                (series(deaths))
                ul.sources {
                    @for source in deaths.sources.iter().chain([&figures.inhabitants.source]) { li { (link(&source.title, &source.url)) } }
                }
                h3 { "How long people live, read in several ways" }
                p {
                    "For each way, thousands of calculations were made. In each, what the printed figures leave open was drawn "
                    "by chance: the exact curve, how it goes on after five years (three kinds of curve, each as often), and how "
                    "many people are found only at death. The front page shows the middle of each way."
                }
                dl.plain { @for one in &figures.scenarios { (way(one)) } }
                h3 { "What this cannot say" }
                p {
                    "The range runs from the lowest to the highest way. If people live longer or shorter than in all of them, "
                    "the truth lies outside. In these ways, " (beyond_five(figures)) " in 100 of everyone living were diagnosed "
                    "more than five years before: beyond five years, how long people live is drawn on from what was seen "
                    "earlier. What the range depends on is measured on everyone living, as shares of the variance of its "
                    "logarithm. Half of those who die are 75 or older, and their certificates are the least certain."
                }
                (command(&figures.rerun.command))
            }
        }
    }
}

fn series(deaths: &Deaths) -> Markup {
    html! {
        details {
            summary { "Deaths of women in England, year by year" }
            table.figures {
                caption { "Deaths with breast cancer as their cause " span.mark { (MARK) } }
                thead { tr { th scope="col" { "Year" } th scope="col" { "Women who died" } } }
                tbody {
                    @for (year, died) in (deaths.first_year..).zip(&deaths.women_in_england) {
                        tr {
                            th scope="row" {
                                (year)
                                @if deaths.covid_year && year == deaths.last_year { span.under { "a covid year" } }
                            }
                            td { (words::number(*died as i64)) }
                        }
                    }
                }
            }
        }
    }
}

fn way(one: &Scenario) -> Markup {
    html! {
        div {
            dt { (one.name) }
            dd {
                (one.words)
                @if !one.in_range { " Shown beside the range, and not part of it." }
                span.under { @for (i, source) in one.sources.iter().enumerate() { @if i > 0 { "; " } (link(&source.title, &source.url)) } }
            }
        }
    }
}

/// From the least to the most of the scenarios in the range.
fn beyond_five(figures: &PublicFigures) -> String {
    let shares = figures
        .scenarios
        .iter()
        .filter(|one| one.in_range)
        .map(|one| one.extrapolated_percent);
    let low = shares.clone().fold(f64::INFINITY, f64::min);
    let high = shares.fold(0.0, f64::max);
    format!("{low:.0} to {high:.0}")
}
