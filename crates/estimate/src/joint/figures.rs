//! From draws to a median and intervals.

use crate::Interval;

use super::result::Figures;

/// A span of values up to which counting is quicker than sorting.
const COUNTED: usize = 1 << 14;

/// The figures of whole numbers. Ends are draws themselves and never cut inwards: a low end is rounded down to a draw,
/// a high end up.
pub(super) fn of_counts(draws: &[u32]) -> Option<Figures> {
    let (least, most) = draws
        .iter()
        .fold((u32::MAX, 0), |ends, draw| (ends.0.min(*draw), ends.1.max(*draw)));
    let last = draws.len().checked_sub(1)?;
    let ranks = ranks(last);
    let span = (most - least) as usize + 1;
    let values = if span <= COUNTED.min(8 * draws.len()) {
        let mut counts = vec![0_usize; span];
        for draw in draws {
            if let Some(count) = counts.get_mut((draw - least) as usize) {
                *count += 1;
            }
        }
        ranks.map(|rank| {
            let mut below = 0;
            let at = counts.iter().position(|count| {
                below += count;
                below > rank
            });
            f64::from(least) + at.unwrap_or(0) as f64
        })
    } else {
        let mut sorted = draws.to_vec();
        sorted.sort_unstable();
        ranks.map(|rank| f64::from(sorted.get(rank).copied().unwrap_or(most)))
    };
    Some(figures(values))
}

/// The figures of ratios and other numbers; none of those that are not finite.
pub(super) fn of_numbers(mut draws: Vec<f64>) -> Option<Figures> {
    if draws.iter().any(|draw| !draw.is_finite()) {
        return None;
    }
    draws.sort_unstable_by(f64::total_cmp);
    let last = draws.len().checked_sub(1)?;
    Some(figures(
        ranks(last).map(|rank| draws.get(rank).copied().unwrap_or(0.0)),
    ))
}

/// The ranks, from 0, of the ends of 95 %, of the middle half, and of the median.
fn ranks(last: usize) -> [usize; 5] {
    let low = |share: f64| (share * last as f64).floor() as usize;
    let high = |share: f64| (share * last as f64).ceil() as usize;
    [low(0.025), low(0.25), low(0.5), high(0.75), high(0.975)]
}

fn figures([low, lower, median, upper, high]: [f64; 5]) -> Figures {
    Figures {
        median,
        half: Interval {
            low: lower,
            high: upper,
        },
        interval: Interval { low, high },
    }
}
