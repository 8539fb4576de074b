//! Texts as small integers, each stored once.

/// A text by its place in [`Words`]; [`NO_WORD`] stands for a missing one.
pub(crate) type Word = u32;

/// The missing text.
pub(crate) const NO_WORD: Word = 0;

/// An arena of distinct texts. Open addressing over one buffer: no allocation a text, no order that depends on
/// chance, and nothing that would print a value by accident.
pub(crate) struct Words {
    bytes: String,
    ends: Vec<u64>,
    /// Each with a part of the hash of its text, so that other texts are seldom looked at.
    slots: Vec<(u32, Word)>,
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
            slots: vec![(0, NO_WORD); 1 << 10],
        }
    }

    /// The word of a text; the empty text is [`NO_WORD`].
    pub(crate) fn word(&mut self, text: &str) -> Word {
        if text.is_empty() {
            return NO_WORD;
        }
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        let hash = hash_text(text);
        let slot = self.slot(text, hash);
        if self.slots[slot].1 == NO_WORD {
            self.bytes.push_str(text);
            self.slots[slot] = (tag(hash), self.ends.len() as Word);
            self.ends.push(self.bytes.len() as u64);
        }
        self.slots[slot].1
    }

    /// The words of many texts, in order. What one look-up after the other would wait for, a slot, then the end of a
    /// text, then the text, is asked for all of them first, so that the memory answers them together.
    pub(crate) fn words(&mut self, texts: &Texts, found: &mut Vec<Word>) {
        let mask = self.slots.len() - 1;
        let guesses = texts
            .iter()
            .map(|text| self.slots[hash_text(text) as usize & mask].1);
        found.clear();
        found.extend(guesses);
        let starts = found
            .iter()
            .map(|&word| self.ends[(word as usize).saturating_sub(1)] as usize);
        let bytes = self.bytes.as_bytes();
        let touched = starts.fold(0u8, |sum, start| {
            sum ^ bytes.get(start).copied().unwrap_or_default()
        });
        std::hint::black_box(touched);
        found.clear();
        for text in texts.iter() {
            let word = self.word(text);
            found.push(word);
        }
    }

    /// The word of a text, if it is known already.
    pub(crate) fn find(&self, text: &str) -> Option<Word> {
        let word = self.slots[self.slot(text, hash_text(text))].1;
        (word != NO_WORD).then_some(word)
    }

    /// Distinct texts.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Gives the look-up table back; texts can still be read, and no more can be taken in.
    pub(crate) fn close(&mut self) {
        self.slots = vec![(0, NO_WORD)];
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The text of a word.
    pub(crate) fn text(&self, word: Word) -> &str {
        let Some(start) = (word as usize)
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
        else {
            return "";
        };
        let end = self.ends.get(word as usize).copied().unwrap_or(*start);
        self.bytes.get(*start as usize..end as usize).unwrap_or_default()
    }

    /// The same texts, to be read only: nothing can be taken in or looked up.
    pub(crate) fn to_read(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            ends: self.ends.clone(),
            slots: vec![(0, NO_WORD)],
        }
    }

    /// What the words are made of, to be kept: all texts, where each ends, the look-up table.
    pub(crate) fn parts(&self) -> (&str, &[u64], &[(u32, Word)]) {
        (&self.bytes, &self.ends, &self.slots)
    }

    /// Words from what was kept of them; nothing where that cannot be right.
    pub(crate) fn of_parts(bytes: String, ends: Vec<u64>, slots: Vec<(u32, Word)>) -> Option<Self> {
        let free = slots.iter().filter(|(_, word)| *word == NO_WORD).count();
        let sound = ends.first() == Some(&0)
            && ends.is_sorted()
            && ends.last() == Some(&(bytes.len() as u64))
            && slots.len().is_power_of_two()
            && free > 0
            && slots.iter().all(|(_, word)| (*word as usize) < ends.len());
        sound.then_some(Self { bytes, ends, slots })
    }

    /// An integer that depends on the text alone.
    pub(crate) fn mark(&self, word: Word) -> u64 {
        hash_text(self.text(word))
    }

    fn slot(&self, text: &str, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let (other, word) = self.slots[slot];
            if word == NO_WORD || (other == tag(hash) && self.text(word) == text) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![(0, NO_WORD); mask + 1];
        for word in 1..self.ends.len() as Word {
            let hash = hash_text(self.text(word));
            let mut slot = hash as usize & mask;
            while slots[slot].1 != NO_WORD {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (tag(hash), word);
        }
        self.slots = slots;
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Some texts, one after the other.
#[derive(Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.end();
    }

    /// Takes in a text that somebody writes.
    pub(crate) fn write(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.bytes);
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.bytes.len() as u32);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts
            .zip(&self.ends)
            .map(|(start, end)| self.bytes.get(*start as usize..*end as usize).unwrap_or_default())
    }
}

/// Mixes a value into a hash: for tables that live in memory only.
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

/// Both halves of the product are used, so that every letter moves every bit: texts such as numbers and postcodes
/// differ in few letters, and would crowd into few slots otherwise.
fn hash_text(text: &str) -> u64 {
    let fold = |hash: u64, value: u64| {
        let product = u128::from(hash ^ value) * 0x9E37_79B9_7F4A_7C15;
        product as u64 ^ (product >> 64) as u64
    };
    let mut hash = text.len() as u64 ^ 0x2545_F491_4F6C_DD1D;
    for chunk in text.as_bytes().chunks(8) {
        let mut value = [0u8; 8];
        value[..chunk.len()].copy_from_slice(chunk);
        hash = fold(hash, u64::from_le_bytes(value));
    }
    fold(hash, 0)
}

#[cfg(test)]
mod tests {
    use super::{NO_WORD, Words};

    #[test]
    fn a_text_is_stored_once_and_comes_back() {
        let mut words = Words::new();
        assert_eq!(words.word(""), NO_WORD);
        let texts: Vec<String> = (0..5_000).map(|n| format!("NAME{n}")).collect();
        let first: Vec<_> = texts.iter().map(|text| words.word(text)).collect();
        let second: Vec<_> = texts.iter().map(|text| words.word(text)).collect();
        assert_eq!(first, second);
        for (text, word) in texts.iter().zip(first) {
            assert_eq!(words.text(word), text);
            assert_eq!(words.find(text), Some(word));
        }
        assert_eq!(words.find("NOBODY"), None);
        assert_eq!(words.text(NO_WORD), "");
        assert_eq!(words.text(9_999_999), "");
    }
}
