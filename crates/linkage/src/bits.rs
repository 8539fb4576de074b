//! A set of small integers, a bit each.

/// The set; what was never put in, and what is beyond its end, is not in it.
#[derive(Clone, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            words: vec![0; size.div_ceil(64)],
        }
    }

    pub(crate) fn holds(&self, at: u32) -> bool {
        let word = self.words.get(at as usize / 64).copied().unwrap_or_default();
        word >> (at % 64) & 1 == 1
    }

    /// Puts an integer in; true when it was not there.
    pub(crate) fn put(&mut self, at: u32) -> bool {
        let word = at as usize / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let bit = 1 << (at % 64);
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }
}
