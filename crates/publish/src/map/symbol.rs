//! The symbols of the states: each differs in shape, so that colour is never needed to tell them apart.

use maud::{Markup, html};

use crate::state::State;

/// A symbol by itself, for legends, tables and headings; the words beside it say what it is.
pub(crate) fn symbol(state: State) -> Markup {
    html! {
        svg.symbol viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true" focusable="false" { (drawn(state)) }
    }
}

/// The shapes of a symbol, around the origin.
pub(crate) fn drawn(state: State) -> Markup {
    html! {
        g class={ "pin " (state.key()) } {
            @match state {
                State::Collecting => { circle.full r="6.5" {} }
                State::Partly => {
                    circle.ring r="5.5" {}
                    path.full d="M0 -5.5A5.5 5.5 0 0 0 0 5.5Z" {}
                }
                State::NotCollecting => { circle.ring r="5.5" {} }
                State::NoResponse => { circle.ring r="5.5" stroke-dasharray="2.9 2.86" {} }
                State::TooFew => { path.ring d="M0 -6L6 0L0 6L-6 0Z" {} }
                State::NotMeasured => { path.ring d="M-4.6 -4.6H4.6V4.6H-4.6Z" {} }
                State::NotInScope => { circle.full r="2.4" {} }
            }
        }
    }
}
