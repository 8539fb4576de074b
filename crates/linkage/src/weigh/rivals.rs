//! A record that fits two people who cannot be one.
//!
//! Without given name and number, the record of one twin fits both, each as well as if the other were not there. Each
//! pair alone may be sure; together they cannot both be true. So the odds of such a pair are shared: with odds `o` for
//! this person and `o1, o2 …` for rivals, the probability is `o / (1 + o + o1 + o2 …)`.

use rustc_hash::FxHashMap;

use crate::bits::Bits;
use crate::error::LinkageError;

use super::kernel::Pair;
use super::pairs::Pairs;

/// Pairs surer than this are not asked about: no rival could share their odds down to doubt.
const BEYOND_DOUBT: f64 = 0.9999;
/// Log odds (base 2) below which two records speak against being one person's.
const AGAINST: f64 = -3.0;
/// Most partners of a record that are looked at.
const MOST_PARTNERS: usize = 16;

/// Pairs at or above `accept` that rivals bring below it, each with what is left of its probability.
pub(crate) fn shared(
    pairs: &mut Pairs,
    accept: f64,
    mut weigh: impl FnMut(u32, u32) -> f64,
) -> Result<FxHashMap<(u32, u32), f32>, LinkageError> {
    let mut doubtful: Vec<Pair> = Vec::new();
    let mut partners: FxHashMap<u32, Vec<(u32, f32)>> = FxHashMap::default();
    // Nearly all records are in no doubtful pair, and are passed over without a look into the map.
    let mut in_doubt = Bits::default();
    for pair in pairs.in_order()? {
        let pair = pair?;
        if f64::from(pair.probability) < accept {
            break;
        }
        if f64::from(pair.probability) < BEYOND_DOUBT {
            for record in [pair.a, pair.b] {
                in_doubt.put(record);
                partners.entry(record).or_default();
            }
            doubtful.push(pair);
        }
    }
    for pair in pairs.in_order()? {
        let pair = pair?;
        if f64::from(pair.probability) < accept {
            break;
        }
        for (own, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            if in_doubt.holds(own)
                && let Some(partners) = partners.get_mut(&own)
                && partners.len() < MOST_PARTNERS
            {
                partners.push((other, pair.probability));
            }
        }
    }
    let mut shared = FxHashMap::default();
    for pair in doubtful {
        let mut left = f64::from(pair.probability);
        for (own, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            let mut rivals = 0.0;
            for &(rival, probability) in partners.get(&own).map(Vec::as_slice).unwrap_or_default() {
                if rival != other && weigh(rival.min(other), rival.max(other)) < AGAINST {
                    rivals += odds(probability.into());
                }
            }
            let own_odds = odds(pair.probability.into());
            left = left.min(own_odds / (1.0 + own_odds + rivals));
        }
        if left < accept {
            shared.insert((pair.a, pair.b), left as f32);
        }
    }
    Ok(shared)
}

fn odds(probability: f64) -> f64 {
    let probability = probability.min(1.0 - 1e-9);
    probability / (1.0 - probability)
}

#[cfg(test)]
mod tests {
    use super::{Pair, Pairs, shared};

    fn pairs(of: &[(u32, u32, f32)]) -> Pairs {
        let mut pairs = Pairs::new(None);
        let of = of.iter().map(|&(a, b, probability)| Pair { a, b, probability });
        pairs.add(of.collect()).unwrap();
        pairs
    }

    #[test]
    fn a_record_that_fits_both_twins_is_neither_s() {
        // 0 and 1 are twins; 2 fits both.
        let twins = |a: u32, b: u32| if (a, b) == (0, 1) { -8.0 } else { 6.0 };
        let found = shared(&mut pairs(&[(0, 2, 0.99), (1, 2, 0.99)]), 0.5, twins).unwrap();
        assert_eq!(found.len(), 2);
        assert!(
            found.values().all(|left| (left - 0.4975).abs() < 1e-3),
            "{found:?}"
        );
        // Two records of one person are no rivals.
        let one = |_: u32, _: u32| 8.0;
        assert!(
            shared(&mut pairs(&[(0, 2, 0.99), (1, 2, 0.99)]), 0.5, one)
                .unwrap()
                .is_empty()
        );
        // Where one of the two is far likelier, it keeps the record, and the other loses it.
        let found = shared(&mut pairs(&[(0, 2, 0.9998), (1, 2, 0.9)]), 0.5, twins).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), [&(1, 2)]);
    }
}
