//! Identities as the former run saw them, and as this one does.

use crate::cascade::{Identities, Identity, Shared, full_name};

/// What a run holds for shared and for common.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) common: &'a [u64],
}

/// All identities; the new ones come last.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// Nothing blank.
    pub(crate) table: &'a Identities,
    /// How many the former run had.
    pub(crate) former: usize,
    pub(crate) then: Seen<'a>,
    pub(crate) now: Seen<'a>,
}

impl View<'_> {
    pub(crate) fn now(&self, place: u32) -> Identity {
        seen(self.table.rows[place as usize], self.now)
    }

    pub(crate) fn then(&self, place: u32) -> Identity {
        seen(self.table.rows[place as usize], self.then)
    }

    pub(crate) fn is_new(&self, place: u32) -> bool {
        place as usize >= self.former
    }

    /// The identities that look other than they did, in order.
    pub(crate) fn changed(&self) -> Vec<u32> {
        if self.then.common == self.now.common && same_lists(self.then.shared, self.now.shared) {
            return Vec::new();
        }
        (0..self.former as u32)
            .filter(|&place| self.then(place) != self.now(place))
            .collect()
    }
}

fn seen(mut row: Identity, seen: Seen<'_>) -> Identity {
    seen.shared.blank_row(&mut row);
    row.common_name = row.named() && seen.common.binary_search(&full_name(&row)).is_ok();
    row
}

/// True when the same values are nobody's.
pub(crate) fn same_lists(a: &Shared, b: &Shared) -> bool {
    let lists = |shared: &Shared| {
        [
            shared.keys.clone(),
            shared.numbers.clone(),
            shared.locals.clone(),
            shared.births.clone(),
            shared.postcodes.clone(),
        ]
    };
    lists(a) == lists(b)
}
