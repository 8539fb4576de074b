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
    /// Texts that fit into an integer: where the keys are the same, so are the texts.
    short: Slots,
    /// All others, by hash: where the keys are the same, the texts are compared.
    long: Slots,
    /// Keys of the texts that are looked up together.
    keys: Vec<(u64, bool)>,
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
            short: Slots::new(),
            long: Slots::new(),
            keys: Vec::new(),
        }
    }

    /// The word of a text; the empty text is [`NO_WORD`].
    pub(crate) fn word(&mut self, text: &str) -> Word {
        self.word_of(text, key(text))
    }

    /// The word of a text with this key.
    fn word_of(&mut self, text: &str, (key, short): (u64, bool)) -> Word {
        if text.is_empty() {
            return NO_WORD;
        }
        let slots = if short { &mut self.short } else { &mut self.long };
        slots.make_room();
        let (bytes, ends) = (&self.bytes, &self.ends);
        let slot = slots.find(key, |word| short || text_of(bytes, ends, word) == text);
        if slots.slots[slot].1 == NO_WORD {
            self.bytes.push_str(text);
            slots.slots[slot] = (key, self.ends.len() as Word);
            slots.taken += 1;
            self.ends.push(self.bytes.len() as u64);
        }
        slots.slots[slot].1
    }

    /// Takes in a text that is known to be new, and is never looked up.
    pub(crate) fn append(&mut self, text: &str) -> Word {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
        self.len() as Word
    }

    /// The words of many texts, in order. The slot that one look-up after the other would wait for is asked for all
    /// of them first, so that the memory answers them together.
    pub(crate) fn words(&mut self, texts: &Texts, found: &mut Vec<Word>) {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        keys.extend(texts.iter().map(key));
        let asked = keys.iter().fold(0, |sum, &(key, short)| {
            sum ^ if short { &self.short } else { &self.long }.guess(key)
        });
        std::hint::black_box(asked);
        found.clear();
        found.extend(
            texts
                .iter()
                .zip(&keys)
                .map(|(text, key)| self.word_of(text, *key)),
        );
        self.keys = keys;
    }

    /// The word of a text, if it is known already.
    pub(crate) fn find(&self, text: &str) -> Option<Word> {
        let (key, short) = key(text);
        let slots = if short { &self.short } else { &self.long };
        let slot = slots.find(key, |word| short || self.text(word) == text);
        let word = slots.slots[slot].1;
        (word != NO_WORD).then_some(word)
    }

    /// Distinct texts.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Gives the look-up tables back; texts can still be read, and no more can be taken in.
    pub(crate) fn close(&mut self) {
        (self.short, self.long, self.keys) = (Slots::new(), Slots::new(), Vec::new());
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The text of a word.
    pub(crate) fn text(&self, word: Word) -> &str {
        text_of(&self.bytes, &self.ends, word)
    }
}

fn text_of<'a>(bytes: &'a str, ends: &[u64], word: Word) -> &'a str {
    let Some(start) = (word as usize).checked_sub(1).and_then(|before| ends.get(before)) else {
        return "";
    };
    let end = ends.get(word as usize).copied().unwrap_or(*start);
    bytes.get(*start as usize..end as usize).unwrap_or_default()
}

/// Keys and the words they stand for, by open addressing.
struct Slots {
    slots: Vec<(u64, Word)>,
    taken: usize,
}

impl Slots {
    fn new() -> Self {
        Self {
            slots: vec![(0, NO_WORD); 1 << 8],
            taken: 0,
        }
    }

    /// A table from what was kept of it; nothing where it cannot be one of so many words.
    fn of_kept(slots: Vec<(u64, Word)>, words: usize) -> Option<Self> {
        let taken = slots.iter().filter(|(_, word)| *word != NO_WORD).count();
        let sound = slots.len().is_power_of_two()
            && taken < slots.len()
            && slots.iter().all(|(_, word)| (*word as usize) < words);
        sound.then_some(Self { slots, taken })
    }

    /// How many integers are kept of the table.
    fn kept_len(&self) -> usize {
        1 + 2 * self.slots.len()
    }

    /// The integer of what is kept at this place: first the number of slots, then the key and the word of each.
    fn kept(&self, at: usize) -> u64 {
        let Some(at) = at.checked_sub(1) else {
            return self.slots.len() as u64;
        };
        let (key, word) = self.slots[at / 2];
        if at.is_multiple_of(2) {
            key
        } else {
            u64::from(word)
        }
    }

    /// The slot of a key whose word is the one asked for, or the free slot where it would stand.
    fn find(&self, key: u64, is: impl Fn(Word) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = scatter(key) & mask;
        loop {
            let (other, word) = self.slots[slot];
            if word == NO_WORD || (other == key && is(word)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// What stands where a key would most likely be.
    fn guess(&self, key: u64) -> Word {
        self.slots[scatter(key) & (self.slots.len() - 1)].1
    }

    fn make_room(&mut self) {
        if self.taken * 3 < self.slots.len() * 2 {
            return;
        }
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![(0, NO_WORD); mask + 1];
        for &(key, word) in self.slots.iter().filter(|(_, word)| *word != NO_WORD) {
            let mut slot = scatter(key) & mask;
            while slots[slot].1 != NO_WORD {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (key, word);
        }
        self.slots = slots;
    }
}

/// The key of a text, and whether no other text has it: texts of up to eight plain characters, and numbers of nine to
/// fifteen digits, are their own keys.
fn key(text: &str) -> (u64, bool) {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const LOW: u64 = 0x0101_0101_0101_0101;
    let bytes = text.as_bytes();
    if bytes.len() <= 8 {
        let key = packed(bytes);
        // The first zero is the first of the padding, unless the text holds one.
        let zeros = key.wrapping_sub(LOW) & HIGH;
        if key & HIGH == 0 && zeros.trailing_zeros() as usize / 8 >= bytes.len() {
            return (key, true);
        }
    } else if bytes.len() <= 15 && bytes.iter().all(u8::is_ascii_digit) {
        let value = bytes
            .iter()
            .fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        return (1 << 63 | (bytes.len() as u64) << 56 | value, true);
    }
    (hash_text(text), false)
}

/// Up to eight bytes as an integer, the first lowest, zeros behind the last.
fn packed(bytes: &[u8]) -> u64 {
    if let Some(all) = bytes.first_chunk() {
        return u64::from_le_bytes(*all);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            let of = |four| u64::from(u32::from_le_bytes(four));
            of(*first) | of(*last) << (8 * (bytes.len() - 4))
        }
        _ => bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    }
}

/// Texts as integers that are the same where the texts are, without a look-up for most.
pub(crate) struct Keys;

impl Keys {
    /// Marks the word of a text that has no key of its own. No such key begins like this.
    const WORD: u64 = 0xFF << 56;

    /// The key of a text, 0 for none; texts without one of their own are taken in by `others`.
    pub(crate) fn of(text: &str, others: &mut Words) -> u64 {
        match key(text) {
            (key, true) => key,
            _ => Self::WORD | u64::from(others.word(text)),
        }
    }

    /// Writes the text of a key.
    pub(crate) fn write(key: u64, others: &Words, text: &mut String) {
        if key >= Self::WORD {
            text.push_str(others.text(key as Word));
        } else if key >> 63 == 1 {
            let (length, mut value) = ((key >> 56 & 15) as usize, key & ((1 << 56) - 1));
            let mut digits = [b'0'; 15];
            for digit in digits[..length].iter_mut().rev() {
                *digit += (value % 10) as u8;
                value /= 10;
            }
            text.extend(digits[..length].iter().map(|digit| char::from(*digit)));
        } else {
            let bytes = key.to_le_bytes();
            text.extend(
                bytes
                    .iter()
                    .take_while(|byte| **byte != 0)
                    .map(|byte| char::from(*byte)),
            );
        }
    }

    /// See [`scatter`].
    pub(crate) fn scatter(key: u64) -> usize {
        scatter(key)
    }
}

/// Where a key falls. Both halves of the product are used, so that every bit of the key moves every bit of the place.
fn scatter(key: u64) -> usize {
    let product = u128::from(key) * 0x9E37_79B9_7F4A_7C15;
    (product as u64 ^ (product >> 64) as u64) as usize
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

fn hash_text(text: &str) -> u64 {
    let fold = |hash: u64, value: u64| {
        let product = u128::from(hash ^ value) * 0x9E37_79B9_7F4A_7C15;
        product as u64 ^ (product >> 64) as u64
    };
    let mut hash = text.len() as u64 ^ 0x2545_F491_4F6C_DD1D;
    for chunk in text.as_bytes().chunks(8) {
        hash = fold(hash, packed(chunk));
    }
    fold(hash, 0)
}

/// What is kept of words between runs.
impl Words {
    /// The same texts, to be read only: nothing can be taken in or looked up.
    #[cfg(test)]
    pub(crate) fn to_read(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            ends: self.ends.clone(),
            ..Self::new()
        }
    }

    /// What the words are made of, to be kept: all texts, where each ends, the look-up tables.
    pub(crate) fn parts(&self) -> (&str, &[u64], impl ExactSizeIterator<Item = u64>) {
        let (short, long) = (&self.short, &self.long);
        let front = short.kept_len();
        let slots = (0..front + long.kept_len()).map(move |at| match at.checked_sub(front) {
            None => short.kept(at),
            Some(at) => long.kept(at),
        });
        (&self.bytes, &self.ends, slots)
    }

    /// Words from what was kept of them: all texts, where each ends, and both look-up tables; nothing where that cannot be
    /// right.
    pub(crate) fn of_parts(
        bytes: String,
        ends: Vec<u64>,
        [short, long]: [Vec<(u64, Word)>; 2],
    ) -> Option<Self> {
        let short = Slots::of_kept(short, ends.len())?;
        let long = Slots::of_kept(long, ends.len())?;
        let texts = Self::of_texts(bytes, ends)?;
        Some(Self { short, long, ..texts })
    }

    /// The same without the look-up tables: nothing can be taken in or looked up.
    pub(crate) fn of_texts(bytes: String, ends: Vec<u64>) -> Option<Self> {
        let sound =
            ends.first() == Some(&0) && ends.is_sorted() && ends.last() == Some(&(bytes.len() as u64));
        sound.then(|| Self {
            bytes,
            ends,
            ..Self::new()
        })
    }

    /// An integer that depends on the text alone.
    pub(crate) fn mark(&self, word: Word) -> u64 {
        hash_text(self.text(word))
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_WORD, Texts, Words};
    use proptest::prelude::*;

    proptest! {
        /// Short and long, with zeros, with letters beyond the plain ones, numbers: two texts have one word exactly when
        /// they are the same, looked up together or one by one.
        #[test]
        fn words_are_the_same_where_texts_are(
            texts in prop::collection::vec("[AB\\x00é]{0,9}|[0-1]{7,16}|[A-C]{0,4}|A{6,18}", 1..60),
        ) {
            let (mut together, mut found, mut words) = (Texts::default(), Vec::new(), Words::new());
            texts.iter().for_each(|text| together.push(text));
            words.words(&together, &mut found);
            let mut one_by_one = Words::new();
            for (text, word) in texts.iter().zip(&found) {
                prop_assert_eq!(words.text(*word), text);
                prop_assert_eq!(*word == NO_WORD, text.is_empty());
                prop_assert_eq!(one_by_one.word(text), *word);
                for (other, same) in texts.iter().zip(&found) {
                    prop_assert_eq!(word == same, text == other);
                }
            }
        }
    }

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
