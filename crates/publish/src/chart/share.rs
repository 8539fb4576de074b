//! One bar: of the people found, how many a hospital had recorded.

use maud::{Markup, html};
use protect::{ReleasedRow, State};

use crate::figures::said_percent;
use crate::map::short;
use crate::site::Site;
use crate::words;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 56.0;

/// Who the whole of a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// Everyone found.
    Found,
    /// People with signs in other records: on them a hospital's state rests, and the range that stands beside it.
    Elsewhere,
}

impl Base {
    /// The columns of a released row: those recorded, and those of whom they are a part.
    pub(crate) fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Found => ("recorded", "found"),
            Self::Elsewhere => ("recorded_of_elsewhere", "found_elsewhere"),
        }
    }
}

/// Draws recorded within the whole; nothing where either has no number.
pub(crate) fn share(site: &Site<'_>, id: &str, row: ReleasedRow<'_>, base: Base) -> Markup {
    let (recorded, all) = base.columns();
    let (Some(recorded), Some(all)) = (row.figure(recorded).whole(), row.figure(all).whole()) else {
        return html! {};
    };
    if all == 0 {
        return html! {};
    }
    let rest = (all - recorded).max(0);
    let split = WIDTH * recorded as f64 / all as f64;
    html! {
        figure.share {
            figcaption #(id) { (title(row, base, recorded, all)) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-labelledby=(id) {
                rect.rest x="1" y="1" width=(short(WIDTH - 2.0)) height=(short(HEIGHT - 2.0)) rx="5" {}
                @if recorded > 0 { rect.recorded x="0" y="0" width=(short(split)) height=(short(HEIGHT)) rx="5" {} }
            }
            ul.key {
                li { span.swatch.recorded {} strong { (words::number(recorded)) } " recorded by a hospital" }
                li {
                    span.swatch.rest {}
                    // A difference of rounded numbers gives nobody away, but a number this small would look as if it did.
                    @if rest == 0 { "few or none" }
                    @else if (1..=site.manifest.hidden_to).contains(&rest) { (words::empty(State::Suppressed)) }
                    @else { strong { (words::number(rest)) } }
                    " found only in other records"
                }
                @if let Some(mark) = site.mark() { li.mark { (mark) } }
            }
        }
    }
}

/// What the bar finds: everyone found by their number; of a hospital the percentage that its state rests on, as it was released.
/// Rounded numbers that are the same do not say that nobody lies between them.
fn title(row: ReleasedRow<'_>, base: Base, recorded: i64, all: i64) -> Markup {
    let nearly_all = recorded >= all;
    let percent = said_percent(recorded, all);
    let released = row.figure("recorded_of_elsewhere_percent");
    html! {
        @match base {
            Base::Found => {
                "Of the " (words::number(all)) " people that records point to, hospitals had recorded "
                strong { @if nearly_all { "nearly all" } @else { (words::number(recorded)) " (" (percent) "%)" } }
            }
            Base::Elsewhere => {
                strong {
                    @if nearly_all { "Nearly all" } @else { (words::percent(released)) }
                    " of the people with signs in other records"
                }
                " had been recorded by a hospital"
            }
        }
    }
}
