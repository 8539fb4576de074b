//! People in 100,000 inhabitants: a range of scenarios, and beside it what others have published, on one scale.

use maud::{Markup, html};

use crate::chart::rows::{self, Scale};
use crate::public_figures::{PublicFigures, Published, Range};
use crate::words;

/// Draws the ranges of the figures, and a dot for each published estimate that has a rate.
pub(crate) fn per_head(figures: &PublicFigures, id: &str, mark: Option<&str>) -> Markup {
    let rates = figures
        .published
        .iter()
        .filter_map(|one| Some((one, one.crude_in_100000?)));
    let highest = rates
        .clone()
        .map(|(_, rate)| rate)
        .fold(figures.total_at_widest.high_in_100000, f64::max);
    let scale = Scale::to(highest, 20.0);
    let low = rates.clone().map(|(_, rate)| rate).fold(f64::INFINITY, f64::min);
    let high = rates.clone().map(|(_, rate)| rate).fold(0.0, f64::max);
    let day = words::date(&figures.date);
    html! {
        figure.rows.short {
            figcaption #(id) {
                strong {
                    "In 100,000 people we work out " (whole(figures.total.low_in_100000)) " to "
                    (whole(figures.total.high_in_100000)) "; what others have published runs from " (whole(low)) " to " (whole(high))
                }
                @if let Some(mark) = mark { " " span.mark { (mark) } }
            }
            ul.rows-list aria-labelledby=(id) {
                (own(&scale, "diagnosed in ten years", &day, figures.within_ten_years, None))
                (own(&scale, "everyone", &day, figures.total, Some(figures.total_at_widest)))
                @for (one, rate) in rates { (theirs(&scale, one, rate)) }
            }
            (rows::axis(&scale))
        }
    }
}

fn own(scale: &Scale, name: &str, day: &str, range: Range, widest: Option<Range>) -> Markup {
    html! {
        li.own {
            span.name { "United Kingdom, " (name) span.under { (day) ": people, on a day, modelled, crude" } }
            (rows::picture(scale, &html! {
                (rows::bar("solid", scale, range.low_in_100000, range.high_in_100000))
                @if let Some(widest) = widest { (rows::line("thin", scale, widest.low_in_100000, widest.high_in_100000)) }
            }))
            span.numbers { strong { (whole(range.low_in_100000)) " to " (whole(range.high_in_100000)) } }
        }
    }
}

fn theirs(scale: &Scale, one: &Published, rate: f64) -> Markup {
    html! {
        li {
            span.name { (one.place) ", " (one.date) span.under { (facts(one)) } }
            (rows::picture(scale, &rows::dot(scale, rate)))
            span.numbers { strong { (whole(rate)) } }
        }
    }
}

/// What a published estimate counts, in a few words.
fn facts(one: &Published) -> String {
    let timing = if one.timing == "not said" {
        "day or period not said"
    } else {
        &one.timing
    };
    let made = if one.made == "not said" {
        "how it was made not said"
    } else {
        &one.made
    };
    format!("{}, {timing}, {made}, crude", one.who)
}

/// A rate as a whole number: its last digit says nothing between estimates that differ so much.
fn whole(rate: f64) -> String {
    words::number(rate.round() as i64)
}
