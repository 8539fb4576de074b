//! One bar: of the people found, how many a hospital had recorded.

use maud::{Markup, html};
use protect::{Figure, State};

use crate::map::short;
use crate::site::Site;
use crate::words;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 56.0;

/// Draws recorded within found; nothing where either has no number.
pub(crate) fn share(site: &Site<'_>, id: &str, recorded: Figure, found: Figure) -> Markup {
    let (Some(recorded), Some(found)) = (recorded.whole(), found.whole()) else {
        return html! {};
    };
    if found == 0 {
        return html! {};
    }
    let rest = (found - recorded).max(0);
    let split = WIDTH * recorded as f64 / found as f64;
    let percent = (recorded * 200 + found) / (found * 2);
    html! {
        figure.share {
            figcaption #(id) {
                // Rounded numbers that are the same do not say that nobody lies between them.
                strong { @if rest == 0 { "Nearly all of the people found" } @else { (percent) "% of the people found" } } " had been recorded by a hospital as having secondary breast cancer"
            }
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
