//! The picture of everyone: each dot stands for a round number of people, recorded ones filled, the others outlined, and
//! the range of the estimate on a band of its own.
//!
//! Invariants: drawn from released figures of the whole country and nothing else; no dot stands for a place; no dot fades
//! or moves; at most [`MOST`] dots, whatever the numbers.

use std::fmt::Write as _;

use maud::{Markup, html};
use protect::ReleasedRow;

use crate::pages::parts;
use crate::site::Site;
use crate::words;

/// No more dots than this.
const MOST: i64 = 2_500;
/// Dots in a row, and the distance between two.
const ROW: usize = 45;
const APART: usize = 10;

/// How many dots of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dots {
    /// People for each dot.
    pub(crate) each: i64,
    recorded: i64,
    /// Where the range begins; without an estimate, the people found.
    sure: i64,
    /// Where the range ends, if there is one.
    range: Option<(i64, i64)>,
}

impl Dots {
    /// From the country's row of people living; none where a number that it needs is not shown.
    pub(crate) fn of(row: ReleasedRow<'_>) -> Option<Self> {
        let (recorded, found) = (row.figure("recorded").whole()?, row.figure("found").whole()?);
        let range = row.figure("low").whole().zip(row.figure("high").whole());
        Self::new(recorded, found, range.filter(|_| parts::estimated(row)))
    }

    fn new(recorded: i64, found: i64, range: Option<(i64, i64)>) -> Option<Self> {
        let most = range.map_or(found, |(_, high)| high).max(recorded);
        let sure = range.map_or(found, |(low, _)| low);
        (most > 0 && sure >= 0 && recorded >= 0).then(|| Self {
            each: each(most),
            recorded,
            sure,
            range,
        })
    }

    /// Whether the range of an estimate is drawn, on a band of its own.
    pub(crate) fn is_ranged(self) -> bool {
        self.range.is_some()
    }

    fn dots(self, people: i64) -> usize {
        usize::try_from((people * 2 + self.each) / (self.each * 2)).unwrap_or(0)
    }

    /// The block of which we are sure, and the band: from which dot to which.
    fn blocks(self) -> [(usize, usize); 2] {
        let sure = self.dots(
            self.sure
                .max(if self.range.is_none() { self.recorded } else { 0 }),
        );
        let end = self
            .range
            .map_or(sure, |(_, high)| self.dots(high.max(self.recorded)));
        [(0, sure), (sure, end.max(sure))]
    }
}

/// The smallest round number of people for which the dots are few enough.
fn each(most: i64) -> i64 {
    let mut power = 10;
    loop {
        for times in [1, 2, 5] {
            if most / (power * times) < MOST {
                return power * times;
            }
        }
        power *= 10;
    }
}

/// Draws the picture, with its numbers in words beside it.
pub(crate) fn dots(site: &Site<'_>, id: &str, dots: Dots) -> Markup {
    let [sure, band] = dots.blocks();
    html! {
        figure.dots {
            figcaption #(id) {
                strong { "Each dot stands for " (words::number(dots.each)) " people living with secondary breast cancer" }
                @if let Some(mark) = site.mark() { " " span.mark { (mark) } }
            }
            ul.key {
                li { span.swatch.dot-filled {} strong { (words::number(dots.recorded)) } " recorded by a hospital" }
                li { span.swatch.dot-open {} "not recorded by any" }
            }
            (block(dots, sure, id, &spoken(dots)))
            @if let Some((low, high)) = dots.range {
                div.dots-band {
                    p {
                        "The range: we are 95% sure that there are between " strong { (words::number(low)) } " and "
                        strong { (words::number(high)) } " of them whom some record can show. How many of these dots belong to the picture, nobody can say."
                    }
                    (block(dots, band, &format!("{id}-band"), "The dots of the range, all outlined unless more were recorded."))
                }
            } @else {
                p.under { "These are the people found. How many more there are has not been estimated." }
            }
        }
    }
}

fn block(dots: Dots, (from, to): (usize, usize), id: &str, words: &str) -> Markup {
    html! {
        @if to > from {
            @let (width, height) = size(to - from);
            svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-labelledby={ (id) "-words" } {
                title id={ (id) "-words" } { (words) }
                (drawn(dots, (from, to)))
            }
        }
    }
}

/// The room that so many dots need.
fn size(count: usize) -> (usize, usize) {
    (ROW * APART, count.div_ceil(ROW) * APART)
}

fn drawn(dots: Dots, (from, to): (usize, usize)) -> Markup {
    let filled = dots.dots(dots.recorded).clamp(from, to);
    let open = path(filled - from, to - from);
    html! {
        path.dot-full d=(path(0, filled - from)) {}
        path.dot-rim d=(open) {}
        path.dot-hole d=(open) {}
    }
}

/// Dots from one place of a block to another: lines of no length with round ends, a row at a time.
fn path(from: usize, to: usize) -> String {
    let mut path = String::new();
    for at in from..to {
        if at == from || at.is_multiple_of(ROW) {
            let _ = write!(
                path,
                "M{} {}h0",
                at % ROW * APART + APART / 2,
                at / ROW * APART + APART / 2
            );
        } else {
            let _ = write!(path, "m{APART} 0h0");
        }
    }
    path
}

/// The picture in words.
fn spoken(dots: Dots) -> String {
    let [(_, sure), _] = dots.blocks();
    let filled = dots.dots(dots.recorded).min(sure);
    let about = match dots.range {
        Some(_) => "up to the low end of the range",
        None => "for the people found",
    };
    format!(
        "{} dots {about}, each for {} people: {} filled for people whom a hospital recorded, {} outlined for people whom no \
         hospital recorded.",
        words::number(sure as i64),
        words::number(dots.each),
        words::number(filled as i64),
        words::number((sure - filled) as i64)
    )
}

/// The picture without words, for a file of its own: the drawing and the room that it needs.
pub(crate) fn bare(dots: Dots) -> (Markup, (f64, f64)) {
    let [sure, band] = dots.blocks();
    let (width, above) = size(sure.1 - sure.0);
    let (_, below) = size(band.1 - band.0);
    let gap = 34;
    let drawn = html! {
        (drawn(dots, sure))
        @if let Some((low, high)) = dots.range {
            text.note x="0" y=(above + 22) { "The 95% range, from " (words::number(low)) " to " (words::number(high)) }
            g transform={ "translate(0 " (above + gap) ")" } {
                rect.band x="-6" y="-4" width=(width + 12) height=(below + 8) rx="6" {}
                (drawn(dots, band))
            }
        }
    };
    (drawn, (width as f64, (above + gap + below + 14) as f64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn never_more_than_2500_dots_and_each_stands_for_its_people(
            recorded in 0..200_000_i64, more in 0..200_000_i64, low in 0..200_000_i64, wide in 0..200_000_i64, ranged: bool,
        ) {
            let range = ranged.then_some((low, low + wide));
            if let Some(dots) = Dots::new(recorded, recorded + more, range) {
                let [sure, band] = dots.blocks();
                prop_assert!(band.1 <= MOST as usize && sure.1 == band.0);
                let drawn = |(from, to): (usize, usize)| {
                    let filled = dots.dots(recorded).clamp(from, to);
                    (path(0, filled - from).matches("h0").count(), path(filled - from, to - from).matches("h0").count())
                };
                let (filled, open) = (drawn(sure).0 + drawn(band).0, drawn(sure).1 + drawn(band).1);
                prop_assert_eq!(filled + open, band.1);
                let off = (filled as i64 * dots.each - recorded).abs();
                prop_assert!(off * 2 <= dots.each, "{} {}", filled, recorded);
                // The smallest round number that keeps to the limit: the one before would not.
                prop_assert!([10, 20, 50].contains(&dots.each) || dots.each % 100 == 0);
            }
        }
    }

    #[test]
    fn the_round_number_grows_with_the_people() {
        assert_eq!(
            [1, 4_500, 24_999, 25_000, 60_000, 1_000_000].map(each),
            [10, 10, 10, 20, 50, 500]
        );
    }

    #[test]
    fn an_estimate_below_what_was_recorded_still_shows_everyone_recorded() {
        let dots = Dots::new(500, 500, Some((300, 400))).unwrap();
        assert_eq!(dots.blocks(), [(0, 30), (30, 50)]);
        assert_eq!(Dots::new(0, 0, None), None);
    }
}
