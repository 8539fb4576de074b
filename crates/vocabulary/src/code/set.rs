//! Sets of codes, asked hundreds of millions of times in a run.
//!
//! Invariant: the answer is that of comparing prefixes one by one; the structure only makes it fast.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of codes, matched by prefix: `C50` holds `C509`. Prefixes are of three characters or more, shorter codes
/// (`05`, `M1`) match only themselves.
#[derive(Debug, Clone, Default)]
pub struct CodeSet {
    /// Codes of up to eight bytes, packed into a number.
    packed: FxHashSet<u64>,
    /// Codes that are longer; hardly any set has one.
    long: Vec<String>,
    /// The first three characters (a letter, two digits) with which a code of this set begins, as a bit map: most
    /// codes of an admission are turned away here without hashing.
    heads: Heads,
}

#[derive(Debug, Clone)]
struct Heads([u64; (26 * 100_usize).div_ceil(64)]);

impl Default for Heads {
    fn default() -> Self {
        Self([0; (26 * 100_usize).div_ceil(64)])
    }
}

impl Heads {
    fn insert(&mut self, head: usize) {
        self.0[head / 64] |= 1 << (head % 64);
    }

    fn contains(&self, head: usize) -> bool {
        self.0[head / 64] >> (head % 64) & 1 == 1
    }
}

/// The place of a code's first three characters in the map, where they are a letter and two digits.
fn head(code: &[u8]) -> Option<usize> {
    match code {
        &[letter @ b'A'..=b'Z', tens @ b'0'..=b'9', units @ b'0'..=b'9', ..] => {
            Some(usize::from(letter - b'A') * 100 + usize::from(tens - b'0') * 10 + usize::from(units - b'0'))
        }
        _ => None,
    }
}

impl CodeSet {
    /// A set of codes in their normal form (upper or lower case); blanks are passed over.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut set = Self::default();
        for line in lines {
            let code = line.trim().to_ascii_uppercase();
            if let Some(head) = head(code.as_bytes()) {
                set.heads.insert(head);
            }
            match pack(code.as_bytes()) {
                Some(packed) => {
                    set.packed.insert(packed);
                }
                None if code.is_empty() || set.long.contains(&code) => {}
                None => set.long.push(code),
            }
        }
        set
    }

    /// Whether the code, or a prefix of it of three characters or more, is in the set.
    pub fn contains(&self, code: &str) -> bool {
        self.holds(code.as_bytes())
    }

    /// Whether one of the space-separated codes is in the set.
    pub fn contains_any(&self, codes: &str) -> bool {
        codes
            .as_bytes()
            .split(|&byte| byte == b' ')
            .any(|code| self.holds(code))
    }

    fn holds(&self, code: &[u8]) -> bool {
        if head(code).is_some_and(|head| !self.heads.contains(head)) {
            return false;
        }
        let short = &code[..code.len().min(8)];
        let Some(mut packed) = pack(short) else {
            return false;
        };
        // A code longer than eight bytes is in `long` or has a prefix in the set; its first eight bytes are one.
        if self.packed.contains(&packed) {
            return true;
        }
        for _ in 3..short.len() {
            packed >>= 8;
            if self.packed.contains(&packed) {
                return true;
            }
        }
        code.len() > 8 && self.long.iter().any(|known| code.starts_with(known.as_bytes()))
    }

    /// Whether every code that is in this set is in the other one too.
    pub fn is_within(&self, other: &Self) -> bool {
        self.codes().iter().all(|code| other.contains(code))
    }

    /// The codes that it names, in order.
    pub fn codes(&self) -> Vec<String> {
        let mut codes = self.long.clone();
        // What was packed are the bytes of a text, the last one lowest.
        codes.extend(self.packed.iter().map(|packed| {
            let bytes = packed.to_be_bytes();
            let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
            String::from_utf8_lossy(bytes.get(first..).unwrap_or_default()).into_owned()
        }));
        codes.sort_unstable();
        codes
    }

    /// How many codes it names.
    pub fn len(&self) -> usize {
        self.packed.len() + self.long.len()
    }

    /// Whether it names none.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty() && self.long.is_empty()
    }
}

/// As the list of its codes, so that a set can travel.
impl Serialize for CodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.codes())
    }
}

impl<'de> Deserialize<'de> for CodeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::from_lines(codes.iter().map(String::as_str)))
    }
}

/// One to eight bytes as a number; shifting it right by eight bits drops the last one.
fn pack(code: &[u8]) -> Option<u64> {
    if code.is_empty() || code.len() > 8 {
        return None;
    }
    Some(code.iter().fold(0, |packed, &byte| packed << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_set_of_secondaries() {
        let set = CodeSet::from_lines(["C78", "C79", " c773 ", "", "05", "M1", "254837009"]);
        for code in [
            "C78",
            "C787",
            "C7981",
            "C773",
            "05",
            "M1",
            "254837009",
            "2548370091",
        ] {
            assert!(set.contains(code), "{code}");
        }
        for code in ["", "-", "C7", "C770", "C77", "0", "051", "M1A", "25483700", "C50"] {
            assert!(!set.contains(code), "{code}");
        }
        assert!(set.contains_any("C509 - C787"));
        assert!(!set.contains_any("C509 - C770") && !set.contains_any(""));
        assert_eq!(set.len(), 6);
        assert_eq!(set.codes(), ["05", "254837009", "C773", "C78", "C79", "M1"]);
        assert!(!set.is_empty() && CodeSet::from_lines(["", " "]).is_empty());
    }

    proptest! {
        /// The fast set answers as a plain comparison of prefixes does.
        #[test]
        fn a_set_matches_by_prefix(
            set in proptest::collection::vec("[AC][01]{1,3}|[01A]{1,10}", 0..6),
            codes in proptest::collection::vec("[AC][01]{0,4}|[01A]{1,11}|-", 0..6),
        ) {
            let fast = CodeSet::from_lines(set.iter().map(String::as_str));
            let plain = |code: &str| {
                set.iter().any(|known| known == code || (known.len() >= 3 && code.starts_with(known.as_str())))
            };
            for code in &codes {
                prop_assert_eq!(fast.contains(code), plain(code), "{}", code);
            }
            // A set that was written down and read again is the same set.
            let again = CodeSet::from_lines(fast.codes().iter().map(String::as_str));
            prop_assert_eq!(again.codes(), fast.codes());
            for code in &codes {
                prop_assert_eq!(again.contains(code), fast.contains(code), "{}", code);
            }
            prop_assert_eq!(fast.contains_any(&codes.join(" ")), codes.iter().any(|code| plain(code)));
        }

        #[test]
        fn no_text_makes_it_panic(code in "\\PC{0,12}") {
            let _ = CodeSet::from_lines([code.as_str(), "C50"]).contains_any(&code);
        }
    }
}
