//! Code sets over one column of space-separated codes, all asked in one walk over each text.
//!
//! A code of a letter and two digits, and perhaps a third, is a place in a table that says at once in which sets it is;
//! a smaller table of the first three characters, which stays in the nearest cache, turns most codes away before.
//! Any other code is looked up set by set.

use engine::TextColumn;
use vocabulary::code::CodeSet;

use super::bits::Bits;

/// Letter and two digits.
const HEADS: usize = 26 * 100;
/// Codes under a head: itself, and one for each third digit.
const UNDER: usize = 11;
/// Sets of one walk: the bits of a number.
const MOST_SETS: usize = 64;

/// The sets that are asked of one column.
#[derive(Debug)]
pub(super) struct Walk {
    column: usize,
    names: Vec<String>,
    sets: Vec<CodeSet>,
    heads: Vec<u64>,
    exact: Vec<u64>,
}

impl Walk {
    pub(super) fn new(column: usize, name: &str, set: CodeSet) -> Self {
        Self {
            column,
            names: vec![name.to_owned()],
            sets: vec![set],
            heads: Vec::new(),
            exact: Vec::new(),
        }
    }

    /// The column that is walked.
    pub(super) fn column(&self) -> usize {
        self.column
    }

    /// Takes a set in, unless it is known already; none when there is no room.
    pub(super) fn add(&mut self, name: &str, set: &CodeSet) -> Option<usize> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Some(place);
        }
        if self.sets.len() == MOST_SETS {
            return None;
        }
        self.names.push(name.to_owned());
        self.sets.push(set.clone());
        Some(self.sets.len() - 1)
    }

    /// Fills the tables; call it once all sets are there.
    ///
    /// A set that names three characters holds all that begins with them, one that names four holds those.
    pub(super) fn prepare(&mut self) {
        self.heads = vec![0; HEADS];
        self.exact = vec![0; HEADS * UNDER];
        for (at, set) in self.sets.iter().enumerate() {
            for code in set.codes() {
                let Some((head, under)) = place(code.as_bytes()) else {
                    continue;
                };
                let first = head * UNDER;
                let held = if under == 0 {
                    first..first + UNDER
                } else {
                    first + under..first + under + 1
                };
                for sets in self.exact.get_mut(held).unwrap_or_default() {
                    *sets |= 1 << at;
                }
                if let Some(any) = self.heads.get_mut(head) {
                    *any |= 1 << at;
                }
            }
        }
    }

    fn one_by_one(&self, code: &str) -> u64 {
        let sets = self.sets.iter().enumerate();
        sets.fold(0, |found, (at, set)| found | u64::from(set.contains(code)) << at)
    }

    /// The sets that hold one of the codes; an empty code is in none.
    #[inline]
    fn sets_of(&self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        let (mut found, mut at) = (0, 0);
        while at < bytes.len() {
            let rest = &bytes[at..];
            let width = match rest {
                [_, _, _, _] | [_, _, _, _, b' ', ..] if !rest[..4].contains(&b' ') => 4,
                _ => rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len()),
            };
            found |= self.code(text, at, width);
            at += width + 1;
        }
        found
    }

    #[inline]
    fn code(&self, text: &str, at: usize, width: usize) -> u64 {
        let Some((head, under)) = place(&text.as_bytes()[at..at + width]) else {
            return text.get(at..at + width).map_or(0, |code| self.one_by_one(code));
        };
        if self.heads.get(head).is_none_or(|any| *any == 0) {
            return 0;
        }
        self.exact.get(head * UNDER + under).copied().unwrap_or_default()
    }

    /// Whether a set holds one of the codes.
    pub(super) fn holds(&self, set: usize, text: &str) -> bool {
        self.sets_of(text) >> set & 1 == 1
    }

    /// The rows of each set.
    pub(super) fn all(&self, texts: Option<TextColumn<'_>>, rows: usize) -> Vec<Bits> {
        let mut found = vec![Bits::none(rows); self.sets.len()];
        let Some(texts) = texts else {
            return found;
        };
        for row in 0..rows {
            let mut sets = texts.get(row).map_or(0, |text| self.sets_of(text));
            while sets != 0 {
                if let Some(bits) = found.get_mut(sets.trailing_zeros() as usize) {
                    bits.set(row);
                }
                sets &= sets - 1;
            }
        }
        found
    }
}

/// The head of a code in the tables, and its place under it: 0 for the head itself.
#[inline]
fn place(code: &[u8]) -> Option<(usize, usize)> {
    let &[
        letter @ b'A'..=b'Z',
        tens @ b'0'..=b'9',
        units @ b'0'..=b'9',
        ref more @ ..,
    ] = code
    else {
        return None;
    };
    let head = usize::from(letter - b'A') * 100 + usize::from(tens - b'0') * 10 + usize::from(units - b'0');
    match more {
        [] => Some((head, 0)),
        [digit @ b'0'..=b'9'] => Some((head, 1 + usize::from(digit - b'0'))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// One walk answers as asking each set by itself does, whatever the text.
        #[test]
        fn a_walk_is_every_set_by_itself(
            sets in prop::collection::vec(prop::collection::vec("[AC][01]{1,4}|[01A]{1,10}|M1", 1..5), 1..70),
            texts in prop::collection::vec("([AC][01]{1,5}|-|M1A| |\\PC{0,3}){0,6}", 1..20),
        ) {
            let sets: Vec<CodeSet> = sets.iter().map(|lines| CodeSet::from_lines(lines.iter().map(String::as_str))).collect();
            let mut walk = Walk::new(0, "0", sets[0].clone());
            for (at, set) in sets.iter().enumerate() {
                prop_assert_eq!(walk.add(&at.to_string(), set), (at < 64).then_some(at));
            }
            walk.prepare();
            for text in &texts {
                for (at, set) in sets.iter().take(64).enumerate() {
                    prop_assert_eq!(walk.holds(at, text), set.contains_any(text), "{:?}", text);
                }
            }
        }
    }
}
