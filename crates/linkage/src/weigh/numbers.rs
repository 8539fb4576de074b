//! Numbers as values.
//!
//! Nearly every number is a new one, so looking each up among all earlier ones would cost a walk through memory a
//! record. Instead the key of each number waits in its record until all are read; then the keys are sorted, and equal
//! ones get the same value.

use crate::cascade::{Keys, Words};

/// Keys are dealt into this many boxes before each box is sorted: each then fits in the cache.
const BOXES: usize = 1 << 10;

/// Gives every number its value. `keys` tells the key of each record, 0 for none; `set` is told each record's value.
/// The pool that comes back holds the texts of the values.
pub(crate) fn settle(
    records: usize,
    key: impl Fn(usize) -> u64,
    others: &Words,
    mut set: impl FnMut(usize, u32),
) -> Words {
    let place = |key: u64| (Keys::scatter(key) >> 20) & (BOXES - 1);
    let mut sizes = vec![0usize; BOXES];
    for record in 0..records {
        sizes[place(key(record))] += usize::from(key(record) != 0);
    }
    let mut boxes: Vec<Vec<(u64, u32)>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for record in 0..records {
        let key = key(record);
        if key != 0 {
            boxes[place(key)].push((key, record as u32));
        }
    }
    let (mut pool, mut text) = (Words::new(), String::new());
    for dealt in &mut boxes {
        dealt.sort_unstable();
        for same in dealt.chunk_by(|a, b| a.0 == b.0) {
            text.clear();
            Keys::write(same[0].0, others, &mut text);
            let word = pool.append(&text);
            same.iter().for_each(|(_, record)| set(*record as usize, word));
        }
        *dealt = Vec::new();
    }
    pool.close();
    pool
}

#[cfg(test)]
mod tests {
    use crate::weigh::field::{Field, Kind};
    use crate::weigh::table::Table;
    use proptest::prelude::*;

    proptest! {
        /// Two numbers have one value exactly when they are the same, and read as they were written.
        #[test]
        fn values_are_the_same_where_numbers_are(
            texts in prop::collection::vec("[1-3]{1,3}|[0-1]{9,10}|[A-C]{7,10}|[1-2]{15,17}|[É1]{1,4}|", 1..60),
        ) {
            let mut table = Table::new(vec![Field { name: "number".to_owned(), kind: Kind::Number }]);
            for text in &texts {
                table.push([text.as_str()]).unwrap();
            }
            table.close();
            for (at, a) in texts.iter().enumerate() {
                let value = |record: usize| table.value(0, record as u32);
                let shown = table.shown(0, at);
                prop_assert!(shown == *a || (shown.is_empty() && value(at) == 0));
                prop_assert_eq!(value(at) == 0, a.is_empty() || a.bytes().all(|byte| byte == b'0'));
                for (other, b) in texts.iter().enumerate().filter(|_| value(at) != 0) {
                    prop_assert_eq!(value(at) == value(other), a == b);
                }
            }
        }
    }
}
