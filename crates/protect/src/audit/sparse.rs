//! A vector that is zero almost everywhere, so that a question about a few figures costs no more in a large piece than
//! in a small one.

/// Values by place, with a list of the places that may not be zero.
#[derive(Default)]
pub(super) struct Sparse {
    entries: Vec<Entry>,
    places: Vec<usize>,
}

/// Value and mark side by side: one look for both.
#[derive(Clone, Copy, Default)]
struct Entry {
    value: f64,
    listed: bool,
}

impl Sparse {
    /// All zero.
    pub(super) fn zero(size: usize) -> Self {
        Self {
            entries: vec![Entry::default(); size],
            places: Vec::new(),
        }
    }

    /// Zero again.
    pub(super) fn clear(&mut self) {
        for place in self.places.drain(..) {
            self.entries[place] = Entry::default();
        }
    }

    pub(super) fn at(&self, place: usize) -> f64 {
        self.entries[place].value
    }

    pub(super) fn set(&mut self, place: usize, value: f64) {
        self.listed(place).value = value;
    }

    pub(super) fn add(&mut self, place: usize, by: f64) {
        self.listed(place).value += by;
    }

    /// Adds the entries of another vector, so many times.
    pub(super) fn add_all(&mut self, entries: &[(usize, f64)], times: f64) {
        for (place, value) in entries {
            self.listed(*place).value += value * times;
        }
    }

    fn listed(&mut self, place: usize) -> &mut Entry {
        let entry = &mut self.entries[place];
        if !entry.listed {
            entry.listed = true;
            self.places.push(place);
        }
        entry
    }

    /// Places and values, in the order in which the places were first used. Some values may be zero.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.places
            .iter()
            .map(|place| (*place, self.entries[*place].value))
    }
}
