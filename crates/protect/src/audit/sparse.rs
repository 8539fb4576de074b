//! A vector that is zero almost everywhere, so that a question about a few figures costs no more in a large piece than
//! in a small one.

/// Values by place, with a list of the places that may not be zero.
#[derive(Default)]
pub(super) struct Sparse {
    value: Vec<f64>,
    listed: Vec<bool>,
    places: Vec<usize>,
}

impl Sparse {
    /// All zero.
    pub(super) fn zero(size: usize) -> Self {
        Self {
            value: vec![0.0; size],
            listed: vec![false; size],
            places: Vec::new(),
        }
    }

    /// Zero again.
    pub(super) fn clear(&mut self) {
        for place in self.places.drain(..) {
            self.value[place] = 0.0;
            self.listed[place] = false;
        }
    }

    pub(super) fn at(&self, place: usize) -> f64 {
        self.value[place]
    }

    pub(super) fn set(&mut self, place: usize, value: f64) {
        if !self.listed[place] {
            self.listed[place] = true;
            self.places.push(place);
        }
        self.value[place] = value;
    }

    pub(super) fn add(&mut self, place: usize, by: f64) {
        self.set(place, self.value[place] + by);
    }

    /// Places and values, in the order in which the places were first used. Some values may be zero.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.places.iter().map(|place| (*place, self.value[*place]))
    }
}
