//! Bars over years: people found, within them the people recorded, and the range of the estimate as a line over the bar.

use maud::{Markup, html};
use protect::Figure;

use crate::map::short;
use crate::site::Site;
use crate::words;

pub(crate) const WIDTH: f64 = 330.0;
pub(crate) const HEIGHT: f64 = 206.0;
const TOP: f64 = 40.0;
const BASE: f64 = 174.0;
const SIDE: f64 = 8.0;

/// One year's figures.
pub(crate) struct Bar<'a> {
    pub(crate) period: &'a str,
    pub(crate) found: Figure,
    pub(crate) recorded: Figure,
    /// The ends of the estimate, where there is one.
    pub(crate) range: Option<(i64, i64)>,
}

impl Bar<'_> {
    /// The highest point that is drawn.
    pub(crate) fn top(&self) -> Option<i64> {
        self.found.whole().max(self.range.map(|(_, high)| high))
    }
}

/// A panel of bars. `most` is the number that reaches the top, so that panels beside each other compare.
pub(crate) fn years(site: &Site<'_>, id: &str, title: &str, bars: &[Bar<'_>], most: i64) -> Markup {
    html! {
        figure.years {
            figcaption #(id) { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby={ (id) " " (id) "-words" } {
                desc id={ (id) "-words" } { (spoken(bars)) }
                (inside(bars, most))
                @if let Some(mark) = site.mark() { text.invented x=(WIDTH - SIDE) y="10" text-anchor="end" { (mark) } }
            }
        }
    }
}

/// The axis, the bars and the years under them.
pub(crate) fn inside(bars: &[Bar<'_>], most: i64) -> Markup {
    let slot = (WIDTH - 2.0 * SIDE) / bars.len().max(1) as f64;
    let every = bars.len().div_ceil(8).max(1);
    html! {
        path.axis d={ "M" (SIDE) " " (BASE) "H" (WIDTH - SIDE) } {}
        @for (index, bar) in bars.iter().enumerate() {
            @let middle = SIDE + slot * (index as f64 + 0.5);
            (drawn(bar, middle, slot, most))
            @if (bars.len() - 1 - index).is_multiple_of(every) {
                text.year x=(short(middle)) y=(BASE + 16.0) text-anchor="middle" { (year(bar.period)) }
                @if bar.period.contains('/') {
                    text.none x=(short(middle)) y=(BASE + 28.0) text-anchor="middle" { "part" }
                }
            }
        }
    }
}

fn drawn(bar: &Bar<'_>, middle: f64, slot: f64, most: i64) -> Markup {
    let width = (slot * 0.66).min(34.0);
    let height = |n: i64| (BASE - TOP) * n as f64 / most.max(1) as f64;
    let label_size = if slot < 30.0 { "small" } else { "value" };
    html! {
        @if let Some(found) = bar.found.whole() {
            @let tall = height(found);
            rect class=(whole(bar.recorded)) x=(short(middle - width / 2.0)) y=(short(BASE - tall)) width=(short(width)) height=(short(tall)) rx="2.5" {}
            @if let Some(recorded) = bar.recorded.whole() {
                @let tall = height(recorded);
                rect.recorded x=(short(middle - width / 2.0)) y=(short(BASE - tall)) width=(short(width)) height=(short(tall)) rx="2.5" {}
            }
            @if let Some((low, high)) = bar.range {
                @let (low, high) = (BASE - height(low), BASE - height(high));
                @let (left, right) = (middle - width / 5.0, middle + width / 5.0);
                path.range d={
                    "M" (short(middle)) " " (short(low)) "V" (short(high))
                    "M" (short(left)) " " (short(low)) "H" (short(right))
                    "M" (short(left)) " " (short(high)) "H" (short(right))
                } {}
            }
            @let label = bar.top().map_or(tall, height);
            text class=(label_size) x=(short(middle)) y=(short(BASE - label - 6.0)) text-anchor="middle" { (words::number(found)) }
        } @else {
            @for (line, word) in short_words(bar.found).iter().rev().enumerate() {
                text.none x=(short(middle)) y=(short(BASE - 6.0 - 11.0 * line as f64)) text-anchor="middle" { (word) }
            }
        }
    }
}

/// The class of a whole bar: where it is not shown how many were recorded, it must not look as if nobody was.
pub(crate) fn whole(recorded: Figure) -> &'static str {
    if recorded.whole().is_some() {
        "rest"
    } else {
        "unsplit"
    }
}

/// The empty answers in two short lines, for the place of a bar.
fn short_words(figure: Figure) -> &'static [&'static str] {
    match figure.state() {
        protect::State::Suppressed => &["hidden"],
        protect::State::TooFew => &["too", "few"],
        protect::State::NotReported => &["not", "sent"],
        _ => &["not", "known"],
    }
}

/// The year of a day, since panels of days and of years stand side by side.
fn year(period: &str) -> &str {
    period.split('-').next().unwrap_or(period)
}

fn spoken(bars: &[Bar<'_>]) -> String {
    let one = |bar: &Bar<'_>| {
        let recorded = match bar.recorded.whole() {
            Some(n) => format!(" of whom {} recorded", words::number(n)),
            None if bar.found.whole().is_some() => ", how many recorded is not shown".to_owned(),
            None => String::new(),
        };
        let range = bar.range.map_or(String::new(), |(low, high)| {
            format!(", estimated {} to {}", words::number(low), words::number(high))
        });
        format!(
            "{}: {}{recorded}{range}",
            words::period(bar.period),
            words::text(bar.found)
        )
    };
    bars.iter().map(one).collect::<Vec<_>>().join(". ")
}
