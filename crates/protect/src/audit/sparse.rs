//! A vector that is zero almost everywhere, so that a question about a few figures costs no more in a large piece than
//! in a small one.

/// Values by place, with a list of the places that may not be zero.
#[derive(Default)]
pub(super) struct Sparse {
    entries: Vec<Entry>,
    /// The first `used` are the list; there is room for one more than all, so that a place can be written without asking.
    places: Vec<u32>,
    used: usize,
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
            places: vec![0; size + 1],
            used: 0,
        }
    }

    /// Zero again.
    pub(super) fn clear(&mut self) {
        for place in &self.places[..self.used] {
            self.entries[*place as usize] = Entry::default();
        }
        self.used = 0;
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

    /// Whether a place is in the list cannot be foretold, so the list is written in any case, and grows or does not.
    #[inline]
    fn listed(&mut self, place: usize) -> &mut Entry {
        let entry = &mut self.entries[place];
        self.places[self.used] = place as u32;
        self.used += usize::from(!entry.listed);
        entry.listed = true;
        entry
    }

    /// Places and values, in the order in which the places were first used. Some values may be zero.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.places[..self.used]
            .iter()
            .map(|place| (*place as usize, self.entries[*place as usize].value))
    }
}
