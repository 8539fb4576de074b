//! Nurses: who is in post, how many people they look after, and how many would be needed.
//!
//! There is no official caseload for nurses in secondary breast cancer, so there is none here either: a need is computed
//! only from a caseload or from hours that somebody sets ([`need`]). Everything that rests on the number of people living
//! carries the interval of that number.

mod ahead;
mod need;
mod table;

use std::collections::BTreeMap;

use vocabulary::date::Date;

pub use ahead::{Growth, growth};
pub use need::{Hours, Model, Need, NeedError, Range, need};
pub(crate) use table::write;
pub use table::{People, people};

/// Nurses in post at an organisation on a day, in whole-time equivalents (1 = one person working full time).
#[derive(Debug, Clone, PartialEq)]
pub struct Staffing {
    /// Code of the organisation.
    pub organisation: String,
    /// The day it was so.
    pub date: Date,
    /// Nurses for primary breast cancer.
    pub primary_wte: f64,
    /// Nurses for secondary breast cancer.
    pub secondary_wte: f64,
    /// Nurses for both.
    pub generic_wte: f64,
    /// Support workers.
    pub support_wte: f64,
}

/// The last statement of each organisation up to a day.
#[must_use]
pub fn latest(staffing: &[Staffing], as_of: Date) -> BTreeMap<&str, &Staffing> {
    let mut last: BTreeMap<&str, &Staffing> = BTreeMap::new();
    for own in staffing.iter().filter(|own| own.date <= as_of) {
        let known = last.entry(&own.organisation).or_insert(own);
        if known.date <= own.date {
            *known = own;
        }
    }
    last
}
