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

/// The axis, the bars and the years under them, and over all bars their numbers, so that none lies below the next bar.
pub(crate) fn inside(bars: &[Bar<'_>], most: i64) -> Markup {
    let slot = (WIDTH - 2.0 * SIDE) / bars.len().max(1) as f64;
    let every = bars.len().div_ceil(8).max(1);
    let of_estimates = bars.iter().any(|bar| bar.estimate.is_some());
    let number = |bar: &Bar<'_>| number(bar, of_estimates);
    let numbers = Numbers::fitting(bars.iter().filter_map(number), slot);
    let without: Vec<bool> = bars.iter().map(|bar| bar.found.whole().is_none()).collect();
    let worded = worded(&without, slot);
    let middle = |index: usize| SIDE + slot * (index as f64 + 0.5);
    let from_last = |index: usize| bars.len() - 1 - index;
    html! {
        path.axis d={ "M" (SIDE) " " (BASE) "H" (WIDTH - SIDE) } {}
        @for (index, bar) in bars.iter().enumerate() {
            @let middle = middle(index);
            (drawn(bar, (middle, slot), most))
            @if worded.contains(&index) { (why_none(bar.found, middle)) }
            (under(bar.period, middle, from_last(index).is_multiple_of(every)))
        }
        @for (index, bar) in bars.iter().enumerate() {
            @if let Some(number) = number(bar).filter(|_| from_last(index).is_multiple_of(numbers.every)) {
                (numbers.over(bar, number, middle(index), most))
            }
        }
    }
}

/// What stands under a bar: its year, where there is room for it, and always that it is a part of one.
fn under(period: &str, middle: f64, with_year: bool) -> Markup {
    html! {
        @if with_year {
            text.year x=(short(middle)) y=(BASE + 16.0) text-anchor="middle" { (year(period)) }
        }
        @if period.contains('/') {
            text.none x=(short(middle)) y=(BASE + 28.0) text-anchor="middle" { "part" }
        }
    }
}

/// What the word in place of a bar takes, with a little room beside it.
const WORD: f64 = 35.0;

/// Of the years without a bar those that say why, by their place: counted from the last, and none so near to the next that their
/// words would touch.
fn worded(without: &[bool], slot: f64) -> Vec<usize> {
    let apart = (WORD / slot).ceil().max(1.0) as usize;
    let mut worded: Vec<usize> = Vec::new();
    for (index, without) in without.iter().enumerate().rev() {
        let free = worded.last().is_none_or(|last| last - index >= apart);
        if *without && free {
            worded.push(index);
        }
    }
    worded
}

/// Why there is no bar, in its place.
fn why_none(found: Figure, middle: f64) -> Markup {
    html! {
        @for (line, word) in short_words(found).iter().rev().enumerate() {
            text.none x=(short(middle)) y=(short(BASE - 6.0 - 11.0 * line as f64)) text-anchor="middle" { (word) }
        }
    }
}

/// How high a number stands over the axis.
fn rise(n: i64, most: i64) -> f64 {
    (BASE - TOP) * n as f64 / most.max(1) as f64
}

/// How the numbers over bars are written: none touches the next, also in a wide font. What stands over no bar stands in the words of
/// the picture and in the table.
#[derive(Debug, PartialEq)]
struct Numbers {
    class: &'static str,
    /// The size of that class.
    size: f64,
    /// One bar in so many has its number, counted from the last.
    every: usize,
}

/// What is left free at the edges of the drawing.
const EDGE: f64 = 2.0;

/// How long a number is in a wide bold font, in its size: figures and commas.
fn wide(n: i64) -> f64 {
    let of_sign = |sign: char| if sign == ',' { 0.38 } else { 0.7 };
    words::number(n).chars().map(of_sign).sum()
}

impl Numbers {
    /// For these numbers, of bars that have so much room each.
    fn fitting(numbers: impl Iterator<Item = i64>, slot: f64) -> Self {
        let widest = numbers.map(wide).fold(0.0, f64::max);
        let [large, small] = [("value", 12.0), ("small", 9.5)].map(|(class, size)| {
            // The last number is moved in by what would reach over the edge, towards the one before it.
            let moved = (widest * size / 2.0 - slot / 2.0 - SIDE + EDGE).max(0.0);
            let every = ((widest * size + moved + 2.0) / slot).ceil().max(1.0) as usize;
            Self { class, size, every }
        });
        if large.every == 1 { large } else { small }
    }

    /// Where a number stands, and which part of it stands there.
    fn place(&self, number: i64, middle: f64) -> (f64, &'static str) {
        let half = wide(number) * self.size / 2.0;
        if middle + half > WIDTH - EDGE {
            (WIDTH - EDGE, "end")
        } else if middle - half < EDGE {
            (EDGE, "start")
        } else {
            (middle, "middle")
        }
    }

    /// A number over its bar, or as near to that as the edges of the drawing allow.
    fn over(&self, bar: &Bar<'_>, number: i64, middle: f64, most: i64) -> Markup {
        let y = BASE - rise(bar.top().unwrap_or(0), most) - 6.0;
        let (x, anchor) = self.place(number, middle);
        html! {
            text class=(self.class) x=(short(x)) y=(short(y)) text-anchor=(anchor) { (words::number(number)) }
        }
    }
}

/// The number over a bar. Over bars of estimates stand estimates alone: where one is hidden, the number found would pass for it.
fn number(bar: &Bar<'_>, of_estimates: bool) -> Option<i64> {
    let found = bar.found.whole()?;
    let estimate = bar.estimate.map(|estimate| estimate.middle);
    estimate.or((!of_estimates).then_some(found))
}

/// A bar, with the estimate over it.
fn drawn(bar: &Bar<'_>, (middle, slot): (f64, f64), most: i64) -> Markup {
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

    fn slot(years: u32) -> f64 {
        (WIDTH - 2.0 * SIDE) / f64::from(years)
    }

    #[test]
    fn numbers_over_bars_do_not_touch() {
        for (years, number, class, every) in [
            (7, 980, "value", 1),
            (7, 1_885, "value", 1),
            (8, 1_885, "small", 1),
            // Five figures over seven years touch in a wide font, and over ten in any.
            (7, 10_225, "small", 1),
            (10, 52_340, "small", 2),
            // The last is moved in from the edge.
            (16, 52_340, "small", 3),
            (20, 52_340, "small", 3),
        ] {
            let fitting = Numbers::fitting([80, number].into_iter(), slot(years));
            assert_eq!(
                (fitting.class, fitting.every),
                (class, every),
                "{number} over {years} years"
            );
        }
        assert_eq!(Numbers::fitting(std::iter::empty(), 40.0).every, 1);
    }

    #[test]
    fn numbers_stand_inside_the_drawing() {
        let number = 52_340;
        let place = |years: u32, bar: u32| {
            let numbers = Numbers::fitting(std::iter::once(number), slot(years));
            let middle = SIDE + slot(years) * (f64::from(bar) - 0.5);
            let (x, anchor) = numbers.place(number, middle);
            (short(x), anchor, short(middle))
        };
        let (x, anchor, _) = place(20, 20);
        assert_eq!((x.as_str(), anchor), ("328", "end"));
        let (x, anchor, _) = place(20, 1);
        assert_eq!((x.as_str(), anchor), ("2", "start"));
        for (years, bar) in [(20, 17), (6, 6), (6, 1)] {
            let (x, anchor, middle) = place(years, bar);
            assert_eq!((x, anchor), (middle, "middle"));
        }
    }

    #[test]
    fn words_in_place_of_bars_do_not_touch() {
        assert_eq!(worded(&[true; 3], slot(6)), [2, 1, 0]);
        assert_eq!(worded(&[true; 5], slot(10)), [4, 2, 0]);
        assert_eq!(worded(&[true; 5], slot(20)), [4, 1]);
        // Those that stand apart all have theirs, wherever they stand.
        assert_eq!(worded(&[true, false, true, false, false], slot(10)), [2, 0]);
    }

    #[test]
    fn a_part_of_a_year_says_so_also_where_its_year_has_no_room() {
        let part = under("2015-10-01/2015-12-31", 20.0, false).into_string();
        assert!(!part.contains("2015<") && part.contains(">part<"), "{part}");
        let year = under("2016", 20.0, true).into_string();
        assert!(year.contains(">2016<") && !year.contains("part"), "{year}");
    }
}
