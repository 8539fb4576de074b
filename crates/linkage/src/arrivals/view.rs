//! Identities as the former run saw them, and as this one does.

use crate::bits::Bits;
use crate::cascade::{Identities, Identity, Shared, full_name};
use crate::threads::in_parts;

/// All identities; the new ones come last.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// Nothing blank; common names marked as they are now.
    pub(crate) table: &'a Identities,
    /// How many the former run had.
    pub(crate) former: usize,
    pub(crate) then: &'a Shared,
    pub(crate) now: &'a Shared,
    /// Identities with a value that is or was nobody's.
    pub(crate) marked: &'a Bits,
    /// Full names that became common, or are so no more, in order.
    pub(crate) turned: &'a [u64],
}

impl View<'_> {
    pub(crate) fn now(&self, place: u32) -> Identity {
        let mut row = self.table.rows[place as usize];
        if self.marked.holds(place) {
            self.now.blank_row(&mut row);
        }
        row
    }

    pub(crate) fn then(&self, place: u32) -> Identity {
        let mut row = self.table.rows[place as usize];
        if self.marked.holds(place) {
            self.then.blank_row(&mut row);
        }
        row.common_name ^= turned(&row, self.turned);
        row
    }

    pub(crate) fn is_new(&self, place: u32) -> bool {
        place as usize >= self.former
    }

    /// True when the same values are nobody's as before.
    pub(crate) fn same_values(&self) -> bool {
        self.then.lists() == self.now.lists()
    }

    /// The identities that look other than they did, in order.
    pub(crate) fn changed(&self, threads: usize) -> Vec<u32> {
        if self.turned.is_empty() && self.same_values() {
            return Vec::new();
        }
        let former = &self.table.rows[..self.former];
        let parts = in_parts(threads, former, |first, part| -> Vec<u32> {
            let looks_other = |place: u32, row: &Identity| {
                if self.marked.holds(place) {
                    self.then(place) != self.now(place)
                } else {
                    // Nothing of it is or was blank.
                    turned(row, self.turned)
                }
            };
            let those = (first as u32..).zip(part);
            those
                .filter(|(place, row)| looks_other(*place, row))
                .map(|(place, _)| place)
                .collect()
        });
        parts.concat()
    }
}

fn turned(row: &Identity, names: &[u64]) -> bool {
    !names.is_empty() && row.named() && names.binary_search(&full_name(row)).is_ok()
}

/// Marks names anew that became common, or are so no more.
pub(crate) fn turn(rows: &mut [Identity], names: &[u64]) {
    if !names.is_empty() {
        for row in rows {
            row.common_name ^= turned(row, names);
        }
    }
}

/// What one of two lists has and the other has not; all in order.
pub(crate) fn differ(a: &[u64], b: &[u64]) -> Vec<u64> {
    let only = |these: &[u64], those: &[u64]| -> Vec<u64> {
        these
            .iter()
            .filter(|value| those.binary_search(value).is_err())
            .copied()
            .collect()
    };
    let mut all = only(a, b);
    all.extend(only(b, a));
    all.sort_unstable();
    all
}

/// The identities that carry a value which is nobody's in one of two views.
pub(crate) fn marked(rows: &[Identity], then: &Shared, now: &Shared, threads: usize) -> Bits {
    let mut marked = Bits::default();
    if [then, now].into_iter().all(Shared::is_empty) {
        return marked;
    }
    let either = then.or(now);
    let parts = in_parts(threads, rows, |first, part| -> Vec<u32> {
        let those = (first as u32..).zip(part);
        let those = those.filter(|(_, row)| either.values_of(row).contains(&true));
        those.map(|(place, _)| place).collect()
    });
    for place in parts.into_iter().flatten() {
        marked.put(place);
    }
    marked
}
