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
    slots: Vec<Word>,
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
            slots: vec![NO_WORD; 1 << 10],
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
        let slot = self.slot(text);
        if self.slots[slot] == NO_WORD {
            self.bytes.push_str(text);
            self.slots[slot] = self.ends.len() as Word;
            self.ends.push(self.bytes.len() as u64);
        }
        self.slots[slot]
    }

    /// The word of a text, if it is known already.
    pub(crate) fn find(&self, text: &str) -> Option<Word> {
        let word = self.slots[self.slot(text)];
        (word != NO_WORD).then_some(word)
    }

    /// Distinct texts.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Gives the look-up table back; texts can still be read, and no more can be taken in.
    pub(crate) fn close(&mut self) {
        self.slots = vec![NO_WORD];
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

    /// An integer that depends on the text alone.
    pub(crate) fn mark(&self, word: Word) -> u64 {
        hash_text(self.text(word))
    }

    fn slot(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash_text(text) as usize & mask;
        while self.slots[slot] != NO_WORD && self.text(self.slots[slot]) != text {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![NO_WORD; mask + 1];
        for word in 1..self.ends.len() as Word {
            let mut slot = hash_text(self.text(word)) as usize & mask;
            while slots[slot] != NO_WORD {
                slot = (slot + 1) & mask;
            }
            slots[slot] = word;
        }
        self.slots = slots;
    }
}

/// Mixes a value into a hash: for tables that live in memory only.
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

fn hash_text(text: &str) -> u64 {
    let mut hash = text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut value = [0u8; 8];
        value[..chunk.len()].copy_from_slice(chunk);
        hash = mix(hash, u64::from_le_bytes(value));
    }
    hash ^ (hash >> 32)
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
