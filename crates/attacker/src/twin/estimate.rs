//! A figure of a model as it was released, and a number that the policy would release so.
//!
//! Estimates are rounded (the low end down, the high end up), and one that lies where a count it stands on may lie is first
//! replaced by what is shown of that count. So some released figures are impossible: a low end inside the range of the people
//! found would say on which side of it they are.

use protect::attack::Known;
use protect::{Bound, RawValue, State};

use crate::released::Read;

/// Steps of half a person are fine enough: only whether a number lies between two whole ones matters.
const STEP: f64 = 0.5;

/// A number that is released as `read`, given what is shown of the counts the estimate stands on, in their order. The error
/// is any number, where there is none.
pub(super) fn standing_for(
    read: Read,
    bound: Bound,
    counts: &[Known],
    base: i64,
) -> Result<RawValue, RawValue> {
    let Some(shown) = read.whole() else {
        return Ok(RawValue::Missing(read.state));
    };
    if read.state == State::Zero {
        return Ok(RawValue::Real(0.0));
    }
    let base = base.max(1);
    let steps = (base as f64 / STEP) as i64;
    let candidates = (0..steps).map(|step| {
        let away = step as f64 * STEP;
        match bound {
            Bound::Low => shown as f64 + away,
            Bound::High => shown as f64 - away,
            Bound::Point => (shown - base / 2) as f64 + away,
        }
    });
    let whole: Vec<f64> = candidates.filter(|value| *value > 0.0).collect();
    let found = whole
        .iter()
        .find(|value| released(**value, bound, counts, base) == Some(shown));
    found
        .map(|value| RawValue::Real(*value))
        .ok_or(RawValue::Real(shown as f64))
}

/// As [`standing_for`], where everybody knows that the figure is the number of people found: then what is shown of these
/// stands for it.
pub(super) fn of_found(read: Read, bound: Bound, found: Known, base: i64) -> Result<RawValue, RawValue> {
    let shown = match found {
        Known::Exact(shown) | Known::Band { shown, .. } | Known::Rounded { shown, .. } => shown as f64,
        _ => return standing_for(read, bound, &[found], base),
    };
    match read.whole() {
        None => Ok(RawValue::Missing(read.state)),
        number if number == released(shown, bound, &[found], base) => Ok(RawValue::Real(shown)),
        Some(number) => Err(RawValue::Real(number as f64)),
    }
}

/// What the policy makes of a number; none where it says that nobody is there.
fn released(value: f64, bound: Bound, counts: &[Known], base: i64) -> Option<i64> {
    let inside = counts.iter().filter_map(|known| {
        let (shown, low, high) = match *known {
            Known::Exact(n) => (n, n, n),
            Known::Band { shown, low, high } => (shown, low, high),
            _ => return None,
        };
        (low as f64 <= value.ceil() && value.floor() <= high as f64).then_some((shown, low, high))
    });
    let value = match (inside.into_iter().next(), bound) {
        (Some((_, low, _)), Bound::Low) => low as f64,
        (Some((shown, ..)), Bound::Point) => shown as f64,
        (Some((.., high)), Bound::High) => high as f64,
        (None, _) => value,
    };
    let times = |steps: f64| steps as i64 * base;
    let rounded = match bound {
        Bound::Low => times((value / base as f64).floor()),
        Bound::High => times((value / base as f64).ceil()),
        Bound::Point => times((value.round() / base as f64 + 0.5).floor()),
    };
    (rounded != 0 || value != 0.0).then_some(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: Known = Known::Band {
        shown: 45,
        low: 40,
        high: 54,
    };

    fn low(shown: i64) -> Result<RawValue, RawValue> {
        let read = Read {
            number: Some(shown as f64),
            state: State::Shown,
        };
        standing_for(read, Bound::Low, &[FOUND], 5)
    }

    #[test]
    fn a_low_end_that_would_narrow_what_was_found_is_impossible() {
        // 40 to 54 people are shown as 45; a low end of 45 would say that there are at least 45 of them.
        assert!(low(45).is_err());
        // 40 is what the low end of that range gives, 35 lies below it and 55 above.
        assert_eq!(low(40), Ok(RawValue::Real(40.0)));
        assert_eq!(low(35), Ok(RawValue::Real(35.0)));
        assert_eq!(low(55), Ok(RawValue::Real(55.0)));
        // Nothing is shown that is not rounded.
        assert!(low(37).is_err());
    }

    #[test]
    fn without_a_number_the_state_stays() {
        let read = Read {
            number: None,
            state: State::Suppressed,
        };
        let hidden = standing_for(read, Bound::Point, &[], 5);
        assert_eq!(hidden, Ok(RawValue::Missing(State::Suppressed)));
    }
}
