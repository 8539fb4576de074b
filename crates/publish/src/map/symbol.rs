//! The symbols of the states: each differs in shape, so that colour is never needed to tell them apart.

use maud::{Markup, html};

use crate::state::{Half, Sign, State};
use crate::told::Told;

/// A symbol by itself, for legends, tables and headings; the words beside it say what it is.
pub(crate) fn symbol(sign: impl Into<Sign>) -> Markup {
    html! {
        svg.symbol viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true" focusable="false" { (drawn(sign.into())) }
    }
}

/// The shapes of a symbol, around the origin.
pub(crate) fn drawn(sign: Sign) -> Markup {
    html! {
        g class={ "pin " (sign.state.key()) } {
            @match sign.state {
                State::Collecting => { circle.full r="6.5" {} }
                State::Partly => {
                    circle.ring r="5.5" {}
                    path.full d=(filled(sign.half)) {}
                }
                State::NotCollecting => { circle.ring r="5.5" {} }
                State::NoResponse => { circle.ring r="5.5" stroke-dasharray="2.9 2.86" {} }
                State::TooFew => { path.ring d="M0 -6L6 0L0 6L-6 0Z" {} }
                State::NotMeasured => { path.ring d="M-4.6 -4.6H4.6V4.6H-4.6Z" {} }
                State::NotComputable => { path.ring d="M-4.6 4.6V-4.6H4.6V4.6ZL4.6 -4.6" {} }
                State::NotInScope => { circle.full r="2.4" {} }
            }
        }
    }
}

/// How much of its circle is full where some people were recorded: a quarter, three quarters, or the left half where it is
/// not shown how many.
fn filled(half: Option<Half>) -> &'static str {
    match half {
        Some(Half::Under) => "M0 0V-5.5A5.5 5.5 0 0 1 5.5 0Z",
        Some(Half::OrMore) => "M0 0V-5.5A5.5 5.5 0 1 1 -5.5 0Z",
        Some(Half::NotShown) | None => "M0 -5.5A5.5 5.5 0 0 0 0 5.5Z",
    }
}

/// The sign of an answer by itself, for legends and tables.
pub(crate) fn badge(told: Told) -> Markup {
    html! {
        svg.symbol viewBox="-6 -6 12 12" width="16" height="16" aria-hidden="true" focusable="false" { (sign(told)) }
    }
}

/// The sign of an answer, above and to the right of a pin, so that it never covers what is measured.
pub(crate) fn beside(told: Told) -> Markup {
    html! { g transform="translate(6.5 -6.5)" { (sign(told)) } }
}

/// Triangles, which no state has: full, half, empty; a stroke where no answer came.
pub(crate) fn sign(told: Told) -> Markup {
    html! {
        g.told {
            @match told {
                Told::Yes => { path.edge.full d="M0 -4.2L4.2 3.2H-4.2Z" {} }
                Told::Partly => {
                    path.edge d="M0 -4.2L4.2 3.2H-4.2Z" {}
                    path.full d="M0 -4.2V3.2H-4.2Z" {}
                }
                Told::No => { path.edge d="M0 -4.2L4.2 3.2H-4.2Z" {} }
                Told::NoResponse => { path.stroke d="M-4 0H4" {} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::drawn;
    use crate::state::State;

    #[test]
    fn no_two_signs_have_the_same_shapes() {
        let signs: Vec<_> = State::ALL.into_iter().flat_map(State::signs).collect();
        // Without the class, which gives the colour.
        let shapes = signs.iter().map(|sign| {
            let drawn = drawn(*sign).into_string();
            drawn.replace(sign.state.key(), "")
        });
        assert_eq!(shapes.collect::<BTreeSet<_>>().len(), signs.len());
        assert_eq!(signs.len(), State::ALL.len() + 2);
    }
}
