//! Bars over years: people found, within them the people recorded, and over them the estimate as a dot on the line of its range.

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
    /// The estimate, where there is one that is shown.
    pub(crate) estimate: Option<Estimate>,
}

/// An estimate and the ends of its range, as they were released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub(crate) middle: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Bar<'_> {
    /// The highest point that is drawn.
    pub(crate) fn top(&self) -> Option<i64> {
        self.found
            .whole()
            .max(self.estimate.map(|estimate| estimate.high))
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
    let of_estimates = bars.iter().any(|bar| bar.estimate.is_some());
    let number = |bar: &Bar<'_>| number(bar, of_estimates);
    let numbers = Numbers::fitting(bars.iter().filter_map(number), slot);
    html! {
        path.axis d={ "M" (SIDE) " " (BASE) "H" (WIDTH - SIDE) } {}
        @for (index, bar) in bars.iter().enumerate() {
            @let middle = SIDE + slot * (index as f64 + 0.5);
            @let from_last = bars.len() - 1 - index;
            @let number = number(bar).filter(|_| from_last.is_multiple_of(numbers.every));
            (drawn(bar, (middle, slot), most, number.map(|number| (number, numbers.class))))
            @if from_last.is_multiple_of(every) {
                text.year x=(short(middle)) y=(BASE + 16.0) text-anchor="middle" { (year(bar.period)) }
                @if bar.period.contains('/') {
                    text.none x=(short(middle)) y=(BASE + 28.0) text-anchor="middle" { "part" }
                }
            }
        }
    }
}

/// How high a number stands over the axis.
fn rise(n: i64, most: i64) -> f64 {
    (BASE - TOP) * n as f64 / most.max(1) as f64
}

/// Sizes of the numbers over bars, by their class.
const SIZES: [(&str, f64); 2] = [("value", 12.0), ("small", 9.5)];

/// How the numbers over bars are written: none touches the next, also in a wide font. What stands over no bar stands in the words of
/// the picture and in the table.
#[derive(Debug, PartialEq, Eq)]
struct Numbers {
    class: &'static str,
    /// One bar in so many has its number, counted from the last.
    every: usize,
}

impl Numbers {
    /// For these numbers, of bars that have so much room each.
    fn fitting(numbers: impl Iterator<Item = i64>, slot: f64) -> Self {
        // Figures and commas of a wide bold font, in its size.
        let of_sign = |sign: char| if sign == ',' { 0.38 } else { 0.7 };
        let wide = |n: i64| -> f64 { words::number(n).chars().map(of_sign).sum() };
        let widest = numbers.map(wide).fold(0.0, f64::max);
        let bars = |size: f64| ((widest * size + 2.0) / slot).ceil().max(1.0) as usize;
        let [large, small] = SIZES.map(|(class, size)| Self {
            class,
            every: bars(size),
        });
        if large.every == 1 { large } else { small }
    }
}

/// The number over a bar. Over bars of estimates stand estimates alone: where one is hidden, the number found would pass for it.
fn number(bar: &Bar<'_>, of_estimates: bool) -> Option<i64> {
    let found = bar.found.whole().filter(|_| !of_estimates);
    bar.estimate.map(|estimate| estimate.middle).or(found)
}

/// A bar with its number.
fn drawn(
    bar: &Bar<'_>,
    (middle, slot): (f64, f64),
    most: i64,
    number: Option<(i64, &'static str)>,
) -> Markup {
    let width = (slot * 0.66).min(34.0);
    let height = |n: i64| rise(n, most);
    html! {
        @if let Some(found) = bar.found.whole() {
            @let tall = height(found);
            rect class=(whole(bar.recorded)) x=(short(middle - width / 2.0)) y=(short(BASE - tall)) width=(short(width)) height=(short(tall)) rx="2.5" {}
            @if let Some(recorded) = bar.recorded.whole() {
                @let tall = height(recorded);
                rect.recorded x=(short(middle - width / 2.0)) y=(short(BASE - tall)) width=(short(width)) height=(short(tall)) rx="2.5" {}
            }
            @if let Some(estimate) = bar.estimate { (whisker(estimate, middle, width, most)) }
            @let label = bar.top().map_or(tall, height);
            @if let Some((number, class)) = number {
                text class=(class) x=(short(middle)) y=(short(BASE - label - 6.0)) text-anchor="middle" { (words::number(number)) }
            }
        } @else {
            @for (line, word) in short_words(bar.found).iter().rev().enumerate() {
                text.none x=(short(middle)) y=(short(BASE - 6.0 - 11.0 * line as f64)) text-anchor="middle" { (word) }
            }
        }
    }
}

/// An estimate as a dot on the line of its range. Below the line lies a wider one of the colour of the page, so that it is seen
/// on every part of a bar.
fn whisker(estimate: Estimate, middle: f64, width: f64, most: i64) -> Markup {
    let at = |n: i64| short(BASE - rise(n, most));
    let (low, high) = (at(estimate.low), at(estimate.high));
    let (left, right) = (short(middle - width / 5.0), short(middle + width / 5.0));
    let middle = short(middle);
    let line = format!("M{middle} {low}V{high}M{left} {low}H{right}M{left} {high}H{right}");
    html! {
        path.casing d=(line) {}
        circle.estimate cx=(middle) cy=(at(estimate.middle)) r=(short((width / 12.0).clamp(1.6, 2.7))) {}
        path.range d=(line) {}
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

/// The bars in words, in the order of the table: the estimate, its range, and what it rests on.
fn spoken(bars: &[Bar<'_>]) -> String {
    let one = |bar: &Bar<'_>| {
        let recorded = match bar.recorded.whole() {
            Some(n) => format!(" of whom {} recorded", words::number(n)),
            None if bar.found.whole().is_some() => ", how many recorded is not shown".to_owned(),
            None => String::new(),
        };
        let (when, found) = (words::period(bar.period), words::text(bar.found));
        let Some(estimate) = bar.estimate else {
            return format!("{when}: {found}{recorded}");
        };
        let [middle, low, high] = [estimate.middle, estimate.low, estimate.high].map(words::number);
        format!("{when}: estimated {middle} ({low} to {high}), records point to {found}{recorded}")
    };
    bars.iter().map(one).collect::<Vec<_>>().join(". ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_over_bars_do_not_touch() {
        for (years, number, class, every) in [
            (7, 980, "value", 1),
            (7, 1_885, "value", 1),
            (8, 1_885, "small", 1),
            // Five figures over seven years touch in a wide font, and over ten in any.
            (7, 10_225, "small", 1),
            (10, 52_340, "small", 2),
            (20, 52_340, "small", 3),
        ] {
            let slot = (WIDTH - 2.0 * SIDE) / f64::from(years);
            let fitting = Numbers::fitting([80, number].into_iter(), slot);
            assert_eq!(fitting, Numbers { class, every }, "{number} over {years} years");
        }
        assert_eq!(Numbers::fitting(std::iter::empty(), 40.0).every, 1);
    }
}
