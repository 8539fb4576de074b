//! Scenarios side by side: a row for each, its bar on one scale, its numbers beside it.
//!
//! The rows are a list, so that whoever does not see the bars hears the same numbers in the same order, and a phone
//! sets the words at their own size.

use maud::{Markup, html};

use crate::chart::rows::{self, Scale};
use crate::public_figures::{PublicFigures, Scenario};
use crate::words;

/// Said before the edges: what they are, and that the range does not rest on them.
pub(crate) const BESIDE: &str =
    "Shown beside the range, and not part of it: what is known of some of the people only";

/// Draws the scenarios: people diagnosed in the last ten years, and beyond them everyone.
pub(crate) fn scenarios(figures: &PublicFigures, id: &str, mark: &str) -> Markup {
    let most = figures
        .scenarios
        .iter()
        .map(|one| one.total.high)
        .max()
        .unwrap_or(0);
    let scale = Scale::to(f64::from(most), 20_000.0);
    let (range, edges): (Vec<_>, Vec<_>) = figures.scenarios.iter().partition(|one| one.in_range);
    html! {
        figure.rows {
            figcaption #(id) {
                strong { (title(figures, range.len())) } " "
                span.mark { (mark) }
            }
            ul.key {
                li { span.swatch.solid {} "diagnosed in the last ten years" }
                li { span.swatch.tail {} "and those diagnosed earlier" }
                li { span.swatch.thin {} "where nine in ten of its calculations of everyone lie" }
            }
            ul.rows-list aria-labelledby=(id) { @for one in &range { (row(&scale, one)) } }
            @if !edges.is_empty() {
                p.rows-part { (BESIDE) }
                ul.rows-list.edges { @for one in &edges { (row(&scale, one)) } }
            }
            (rows::axis(&scale))
        }
    }
}

fn title(figures: &PublicFigures, scenarios: usize) -> String {
    let [low, high] = words::thousands(figures.within_ten_years.low, figures.within_ten_years.high);
    let [all_low, all_high] = words::thousands(figures.total.low, figures.total.high);
    format!(
        "{} ways to read how long people live give {low} to {high} people diagnosed in the last ten years, and {all_low} to \
         {all_high} in all",
        words::count(scenarios),
    )
}

fn row(scale: &Scale, one: &Scenario) -> Markup {
    let (ten, all) = (
        f64::from(one.within_ten_years.middle),
        f64::from(one.total.middle),
    );
    let lies = (f64::from(one.total.low), f64::from(one.total.high));
    html! {
        li {
            span.name { (one.name) }
            (rows::picture(scale, &html! {
                (rows::bar("tail", scale, 0.0, all))
                (rows::bar("solid", scale, 0.0, ten))
                (rows::line("thin", scale, lies.0, lies.1))
            }))
            span.numbers {
                strong { (words::number(one.within_ten_years.middle.into())) } " in ten years "
                span.under { (words::number(one.total.middle.into())) " in all" }
            }
        }
    }
}
