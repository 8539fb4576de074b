//! People whose follow-up is alike, counted: a likelihood is a sum, so that a nation costs no more than the days it was watched.

use std::collections::BTreeMap;

use crate::EstimateError;

use super::follow_up::{FollowUp, check_times};

/// Days of a year.
const DAYS: f64 = 365.25;

/// By how much of a day a whole number of days may fall short of itself: in years it is a little less in a leap year than in
/// another. Times that end with a year, half a day after a date, are as far from the bounds of a day.
const SHORT: f64 = 0.25;

/// So many people with one follow-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    pub(super) follow_up: FollowUp,
    pub(super) people: usize,
}

/// Everyone apart.
pub(super) fn each(people: &[FollowUp]) -> Vec<Alike> {
    let one = |follow_up: &FollowUp| Alike {
        follow_up: *follow_up,
        people: 1,
    };
    people.iter().map(one).collect()
}

/// People by the days on which their follow-up, in years, began and ended; those of one day stand at the mean of their times.
///
/// **Errors.** Times that are no follow-up.
pub(super) fn by_day(people: &[FollowUp]) -> Result<Vec<Alike>, EstimateError> {
    let day = |time: f64| (time * DAYS + SHORT).floor() as u32;
    let mut days: BTreeMap<(u32, u32, bool), (usize, f64, f64)> = BTreeMap::new();
    for person in people {
        check_times(person.entry, person.exit)?;
        let (count, entries, exits) = days
            .entry((day(person.entry), day(person.exit), person.died))
            .or_default();
        *count += 1;
        *entries += person.entry;
        *exits += person.exit;
    }
    let mean = |((_, _, died), (people, entries, exits)): ((u32, u32, bool), (usize, f64, f64))| Alike {
        follow_up: FollowUp {
            entry: entries / people as f64,
            exit: exits / people as f64,
            died,
        },
        people,
    };
    Ok(days.into_iter().map(mean).collect())
}
