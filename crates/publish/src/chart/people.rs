//! People found and, of these, recorded: a row for each group or nation, in the order given.
//!
//! The rows are a list, so that whoever does not see the bars hears the same numbers in the same order.

use maud::{Markup, html};
use protect::{Figure, State};

use crate::chart::rows::{self, Scale};
use crate::chart::years;
use crate::figures::percent_said;
use crate::site::Site;
use crate::words;

/// One group or nation.
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: String,
    /// Where the name leads, if anywhere.
    pub(crate) link: Option<String>,
    pub(crate) found: Figure,
    pub(crate) recorded: Figure,
}

/// Draws the rows under a title that states what they show. The [`key`] stands above. `most` is the number that the scale must
/// hold: that of all charts that stand side by side, so that their bars compare.
pub(crate) fn people(site: &Site<'_>, id: &str, title: &str, rows: &[Row], most: i64) -> Markup {
    let scale = Scale::to(most as f64, step(most));
    html! {
        figure.rows.people {
            figcaption #(id) {
                strong { (title) }
                @if let Some(mark) = site.mark() { " " span.mark { (mark) } }
            }
            ul.rows-list aria-labelledby=(id) { @for row in rows { (drawn(&scale, row)) } }
            @if most > 0 { (rows::axis(&scale)) }
        }
    }
}

/// What the parts of a bar are: once above all charts that stand together. `unsplit` where one of them has no parts.
pub(crate) fn key(unsplit: bool) -> Markup {
    html! {
        ul.key {
            li { span.swatch.recorded {} "recorded by a hospital" }
            li { span.swatch.rest {} "found only in other records" }
            @if unsplit { li { span.swatch.unsplit {} "found; how many were recorded is not shown" } }
        }
    }
}

/// The largest number of people found in any row.
pub(crate) fn most<'r>(rows: impl IntoIterator<Item = &'r Row>) -> i64 {
    let found = rows.into_iter().filter_map(|row| row.found.whole());
    found.max().unwrap_or(0)
}

/// Whether it is not shown of any row with a bar how many were recorded.
pub(crate) fn unsplit<'r>(rows: impl IntoIterator<Item = &'r Row>) -> bool {
    rows.into_iter()
        .any(|row| row.found.whole().is_some_and(|found| found > 0) && row.recorded.whole().is_none())
}

fn drawn(scale: &Scale, row: &Row) -> Markup {
    let bars = html! {
        @if let Some(found) = row.found.whole() {
            (rows::bar(years::whole(row.recorded), scale, 0.0, found as f64))
            @if let Some(recorded) = row.recorded.whole() {
                (rows::bar("recorded", scale, 0.0, recorded.min(found) as f64))
            }
        }
    };
    html! {
        li {
            span.name {
                @match &row.link { Some(link) => { a href=(link) { (row.name) } } None => { (row.name) } }
            }
            (rows::picture(scale, &bars))
            span.numbers {
                @if row.found.number().is_some() {
                    strong { (words::text(row.found)) } " found"
                    @if row.recorded.state() != State::NotReported {
                        " " span.under {
                            (words::figure(row.recorded)) " recorded"
                            @if let Some(percent) = percent_said(row.recorded, row.found) { " (" (percent) "%)" }
                        }
                    }
                } @else { (words::figure(row.found)) }
            }
        }
    }
}

/// A round step that makes about five of the largest number.
pub(crate) fn step(most: i64) -> f64 {
    let mut step = 1.0;
    loop {
        for times in [1.0, 2.0, 5.0] {
            if most as f64 <= step * times * 5.0 {
                return step * times;
            }
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_are_round_and_few() {
        for (most, wanted) in [
            (0, 1.0),
            (5, 1.0),
            (6, 2.0),
            (1205, 500.0),
            (2_500_000, 500_000.0),
        ] {
            assert!((step(most) - wanted).abs() < 1e-9, "{most}: {}", step(most));
        }
    }
}
