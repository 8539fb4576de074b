//! Charts as SVG, drawn from released figures only; those of [public figures](crate::public_figures) from nothing else.
//!
//! Invariants: a hidden figure draws no bar, not even an empty one of its size, and where it is hidden how many were recorded
//! the bar is no part of either; each chart has a title that states
//! what it shows, a text for those who do not see it, and its figures in a table beside it.

mod answers;
mod dots;
mod people;
mod per_head;
mod rows;
mod scenarios;
mod share;
mod years;

pub use answers::ENOUGH_PERCENT;
pub(crate) use answers::{Answers, answers, key as answers_key};
pub(crate) use dots::{Dots, bare as bare_dots, dots};
pub(crate) use people::{
    Row as People, key as people_key, most as people_most, people, step, unsplit as people_unsplit,
};
pub(crate) use per_head::per_head;
pub(crate) use scenarios::{BESIDE as BESIDE_RANGE, scenarios};
pub(crate) use share::{Base, share};
pub(crate) use years::{
    Bar, Estimate, HEIGHT as YEARS_HEIGHT, WIDTH as YEARS_WIDTH, inside as years_inside, whole, years,
};
