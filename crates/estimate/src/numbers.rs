//! Results as numbers, so that they can be kept and taken up again bit by bit.

/// Adds a list of numbers with fractions.
pub(crate) fn put_reals(reals: &[f64], to: &mut Vec<u64>) {
    to.push(reals.len() as u64);
    to.extend(reals.iter().map(|real| real.to_bits()));
}

/// Numbers, taken one after the other.
pub(crate) struct Numbers<'a>(&'a [u64]);

impl<'a> Numbers<'a> {
    pub(crate) fn of(numbers: &'a [u64]) -> Self {
        Self(numbers)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn whole(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn real(&mut self) -> Option<f64> {
        self.whole().map(f64::from_bits)
    }

    /// A list after its length.
    pub(crate) fn list<T>(&mut self, mut take: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::try_from(self.whole()?).ok()?;
        // Every member takes a number or more.
        if length > self.0.len() {
            return None;
        }
        (0..length).map(|_| take(self)).collect()
    }
}
